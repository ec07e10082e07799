"""GRIB, edition 1 and 2: fields on a grid, by rasterio."""

from __future__ import annotations

import math
import re
import struct
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.errors import DataError
from models.radar.layouts.grid_values import role_of, unit_of
from models.radar.layouts.name_time import known_time
from models.radar.layouts.raster_file import MOST_BANDS, band, bounded, north_up, opened, place
from models.radar.oddity import Oddity
from models.radar.product import Cell, Grid

NAME = "GRIB"

_MOST_MESSAGES = 512
_HEIGHT = re.compile(r"(\d+(?:\.\d+)?)\[m\]")
_NO_COVERAGE = {"dBZ": -900.0, "mm/h": 0.0, "mm": 0.0}
_NO_ECHO_DBZ = -90.0
_ROWS = 256


def recognizes(head: bytes, size: int) -> bool:
    """Return whether the file starts with a GRIB message."""
    return size >= 4 and head[:4] == b"GRIB"


def decode(data: bytes, name: str) -> Grid:
    """Return the field in a GRIB file; messages of the same element and time are its layers.

    Beside what the file marks as missing, the numbers of the American mosaics are known: below
    -900 dBZ, and below 0 mm/h or mm, nothing was seen; below -90 dBZ there was no echo.

    Parameters
    ----------
    data : bytes
        The whole file.
    name : str
        What errors call it.

    Raises
    ------
    DataError
        ``radar.cut_off`` with the byte where it ends and where it should, ``radar.grid_unplaced``,
        ``radar.grid_no_time``, ``radar.grid_too_large``, ``radar.foreign_damaged``.
    """
    _check_whole(data, name)
    oddities: list[Oddity] = []
    with opened(data, "GRIB", name) as file:
        if not file.count:
            raise DataError("radar.grid_no_field", file=name, format=NAME)
        tags = [{str(k): str(v) for k, v in file.tags(number).items()} for number in _first_bands(file)]
        same = [number for number, other in enumerate(tags, start=1) if _mark(other) == _mark(tags[0])][:MOST_BANDS]
        first = tags[0]
        heights = [_height(str(file.descriptions[number - 1] or ""), tags[number - 1]) for number in same]
        if len(same) > 1 and not all(math.isfinite(height) for height in heights):
            same, heights = same[:1], heights[:1]
        bounded(file, name, cell_bytes=8)  # what the driver takes for one message
        bounded(file, name, bands=len(same))
        crs, transform = place(file, name)
        unit, factor = unit_of(first.get("GRIB_UNIT", ""))
        stored = [(band(file, number, name), file.nodatavals[number - 1]) for number in same]
        if file.count > len(same):
            oddities.append(Oddity("radar.odd.other_fields", count=file.count - len(same)))
    # The driver has given its memory back by now: it holds a message in double precision.
    layers, turned = [], transform
    for held, nodata in stored:
        values, turned = north_up(_values(held, nodata, unit, factor), transform)
        layers.append(values)
    words = f"{first.get('GRIB_ELEMENT', '')} {first.get('GRIB_COMMENT', '')}"
    parameters: dict[str, Cell] = {}
    for key in ("GRIB_COMMENT", "GRIB_SHORT_NAME"):
        if first.get(key):
            parameters[key.removeprefix("GRIB_").lower()] = first[key][:200]
    return Grid(
        format=NAME,
        layout="grib",
        started_at=known_time(_time(first), name, oddities),
        name=first.get("GRIB_ELEMENT", ""),
        role=role_of(unit, words),
        unit=unit,
        codes=layers[0][np.newaxis] if len(layers) == 1 else np.stack(layers),
        levels=None,
        crs=crs,
        transform=turned,
        heights_m=tuple(heights),
        source=_center(first.get("GRIB_IDS", "")),
        parameters=parameters,
        oddities=tuple(oddities),
    )


def _check_whole(data: bytes, name: str) -> None:
    """Walk from message to message; each must end with 7777 where it says."""
    at = 0
    for _ in range(_MOST_MESSAGES):
        if len(data) < at + 16:
            raise DataError("radar.cut_off", file=name, byte=len(data), expected=at + 16)
        if data[at + 7] == 1:
            length = int.from_bytes(data[at + 4 : at + 7], "big")
        else:
            length = int(struct.unpack_from(">Q", data, at + 8)[0])
        if at + length > len(data):
            raise DataError("radar.cut_off", file=name, byte=len(data), expected=at + length)
        if length < 20 or data[at + length - 4 : at + length] != b"7777":
            cause = f"no end mark at byte {at + length - 4}"
            raise DataError("radar.foreign_damaged", file=name, reader=NAME, cause=cause)
        at = data.find(b"GRIB", at + length)
        if at < 0:
            return


def _first_bands(file: Any) -> range:
    return range(1, min(file.count, _MOST_MESSAGES) + 1)


def _mark(tags: dict[str, str]) -> tuple[str, str]:
    return tags.get("GRIB_ELEMENT", ""), tags.get("GRIB_VALID_TIME", "")


def _values(stored: NDArray[Any], nodata: float | None, unit: str, factor: float) -> NDArray[np.float32]:
    """Return one message (rows, columns) float32: NaN not seen, -inf no echo; changed in place, some rows at a time."""
    values: NDArray[np.float32] = stored.astype(np.float32, copy=False)
    floor = _NO_COVERAGE.get(unit)
    for begin in range(0, len(values), _ROWS):
        rows = values[begin : begin + _ROWS]
        if nodata is not None and not math.isnan(nodata):
            rows[rows == np.float32(nodata)] = np.nan
        if factor != 1.0:
            rows *= np.float32(factor)
        if floor is not None:
            with np.errstate(invalid="ignore"):
                unseen = rows < floor
                if unit == "dBZ":
                    rows[(rows < _NO_ECHO_DBZ) & ~unseen] = -np.inf
            rows[unseen] = np.nan
        rows[np.isposinf(rows)] = np.nan
    return values


def _time(tags: dict[str, str]) -> datetime | None:
    word = re.match(r"\s*(\d{1,11})", tags.get("GRIB_VALID_TIME", ""))
    seconds = int(word[1]) if word else 0
    return datetime.fromtimestamp(seconds, UTC) if 0 < seconds < 4e9 else None


def _height(description: str, tags: dict[str, str]) -> float:
    found = _HEIGHT.match(description)
    above_sea = "GPML" in tags.get("GRIB_SHORT_NAME", "")
    height = float(found[1]) if found and above_sea else 0.0
    return height if 0 < height < 30_000 else math.nan


def _center(words: str) -> str:
    found = re.search(r"CENTER=\d+\(([^)]*)\)", words)
    return found[1] if found else ""

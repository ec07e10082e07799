"""ODIM HDF5 composites and images, by the subdatasets that rasterio opens.

GDAL stretches the pixels between the corners the file gives; those of RAVE's composites are up to
a pixel and more off. Pixel size and the upper left corner are the file's own attributes here.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import Proj
from rasterio.crs import CRS

from models.errors import DataError
from models.radar.layouts.grid_values import ODIM, graded, valued
from models.radar.layouts.name_time import known_time
from models.radar.layouts.raster_file import Transform, band, bounded, opened_part, wkt
from models.radar.oddity import Oddity
from models.radar.product import Cell, Codes, Grid, Levels, Role

FORMAT = "ODIM HDF5"

_MOST_QUALITY = 4
_PATH = re.compile(r"://(dataset\d+)/((?:data|quality)\d+/)?((?:data|quality)\d+)/data$")
_HEIGHT_PRODUCTS = {"CAPPI", "PCAPPI"}
_INDEX_TASK = "composite.index.radar"
_OFF_BY_A_PIXEL = 0.5


@dataclass(frozen=True)
class _Part:
    """One array of the file: how rasterio opens it, and the tags above it, nearest first."""

    opens: str
    group: str
    above: tuple[str, ...]
    tags: dict[str, str]

    def word(self, key: str) -> str:
        """Return an attribute of the array's own ``what``, or of the groups above it."""
        return next((self.tags[f"{at}_{key}"] for at in self.above if f"{at}_{key}" in self.tags), "")

    def number(self, key: str) -> float | None:
        return number_of(self.word(key))


def decode_grid(file: Any, name: str, kind: str) -> Grid:
    """Return the composite in an ODIM file.

    The field is the first of the quantities this house knows (`grid_values.ODIM`), else the first
    there is; arrays of the same quantity are its layers; quality fields come with it.

    Parameters
    ----------
    file : rasterio.DatasetReader
        The file opened by GDAL's HDF5 driver (`raster_file.opened`).
    name : str
        What errors call it.
    kind : str
        The object: COMP, IMAGE or CVOL.

    Raises
    ------
    DataError
        ``radar.grid_no_field``, ``radar.grid_unplaced``, ``radar.grid_no_time``, ``radar.grid_too_large``.
    """
    tags = {str(key): str(value) for key, value in file.tags().items()}
    fields, qualities = _parts(file, tags)
    if not fields:
        raise DataError("radar.grid_no_field", file=name, format=FORMAT)
    oddities: list[Oddity] = []
    order = {quantity: number for number, quantity in enumerate(ODIM)}
    main = min(fields, key=lambda part: order.get(part.word("what_quantity"), len(order)))
    quantity = main.word("what_quantity")
    layers = [part for part in fields if part.word("what_quantity") == quantity]
    unit, factor, role = ODIM.get(quantity, ("", 1.0, Role.OTHER))
    if role is Role.COMPOSITE and main.word("what_product") in _HEIGHT_PRODUCTS:
        role = Role.CAPPI
    others = [part for part in fields if part.word("what_quantity") != quantity]
    further = min(len(qualities) + len(others), _MOST_QUALITY)
    codes, levels = _layers(layers, further, factor, name)
    parameters = _parameters(main, tags)
    quality = _quality([*qualities, *others], codes.shape[1:], name, parameters, oddities)
    crs, transform = _place(tags, codes.shape, name, oddities)
    at = _time(tags.get("what_date", ""), tags.get("what_time", ""))
    return Grid(
        format=FORMAT,
        layout=f"odim.{kind.lower()}",
        started_at=known_time(at, name, oddities),
        name=quantity,
        role=role,
        unit=unit,
        codes=codes,
        levels=levels,
        crs=crs,
        transform=transform,
        heights_m=tuple(_height(part) for part in layers),
        source=tags.get("what_source", ""),
        quality=quality,
        parameters=parameters,
        oddities=tuple(oddities),
    )


def number_of(word: str) -> float | None:
    """Return the first number of a tag, None where there is none."""
    try:
        return float(word.strip("{} ").replace(",", " ").split()[0])
    except (ValueError, IndexError):
        return None


def _parts(file: Any, tags: dict[str, str]) -> tuple[list[_Part], list[_Part]]:
    """Return data arrays and quality arrays, in the order of the file."""
    fields: list[_Part] = []
    qualities: list[_Part] = []
    opens = list(file.subdatasets) or ([f"HDF5:{file.name}://dataset1/data1/data"] if file.count else [])
    for part in opens:
        found = _PATH.search(part)
        if found is None:
            continue
        dataset, middle, last = found[1], (found[2] or "").rstrip("/"), found[3]
        groups = [dataset, middle, last] if middle else [dataset, last]
        above = tuple("_".join(groups[:depth]) for depth in range(len(groups), 0, -1))
        quality = last.startswith("quality")
        held = _Part(part, last, above[:1] if quality else above, tags)
        (qualities if quality else fields).append(held)
    return fields, qualities


def _layers(parts: list[_Part], further: int, factor: float, name: str) -> tuple[Codes, Levels | None]:
    """Return (layers, rows, columns) and the table of values; layers that differ in coding become values.

    ``further`` is how many fields will come beside them: all together stay within the bound.
    """
    first = opened_part(parts[0].opens, "HDF5Image")
    one_code = len(parts) == 1 and not further and first.dtypes[0] in {"uint8", "uint16"}
    bounded(first, name, bands=len(parts) + further, cell_bytes=2 if one_code else 4)
    shape = first.shape
    first.close()
    rules = {tuple(part.number(f"what_{key}") for key in ("gain", "offset", "undetect", "nodata")) for part in parts}
    layers: list[Codes] = []
    levels: Levels | None = None
    for part in parts:
        stored = _stored(part, name)
        if stored.shape != shape:
            raise DataError("radar.grid_no_field", file=name, format=FORMAT)
        if len(rules) > 1:
            stored = stored.astype(np.float32)
        gain, offset = part.number("what_gain"), part.number("what_offset")
        codes, levels = graded(
            stored,
            gain=(1.0 if gain is None else gain) * factor,
            offset=(offset or 0.0) * factor,
            undetect=part.number("what_undetect"),
            nodata=part.number("what_nodata"),
        )
        layers.append(codes)
    whole: Any = layers[0][np.newaxis] if len(layers) == 1 else np.stack(layers)
    return whole, levels


def _stored(part: _Part, name: str) -> NDArray[Any]:
    with opened_part(part.opens, "HDF5Image") as raster:
        return band(raster, 1, name)


def _quality(
    parts: list[_Part], shape: tuple[int, ...], name: str, parameters: dict[str, Cell], oddities: list[Oddity]
) -> dict[str, NDArray[np.float32]]:
    """Return further fields of the grid by name; of each, its task stands among the parameters."""
    out: dict[str, NDArray[np.float32]] = {}
    skipped = 0
    for part in parts:
        if len(out) == _MOST_QUALITY:
            skipped += 1
            continue
        stored = _stored(part, name)
        if stored.shape != shape:
            skipped += 1
            continue
        key = part.word("what_quantity") or part.group
        key = key if key not in out else f"{key}_{len(out) + 1}"
        gain, offset = part.number("what_gain"), part.number("what_offset")
        out[key] = valued(
            stored.astype(np.float32),
            gain=1.0 if gain is None else gain,
            offset=offset or 0.0,
            undetect=part.number("what_undetect"),
            nodata=part.number("what_nodata"),
        )
        task = part.word("how_task")
        if task:
            parameters[f"{key}_task"] = task
            if task.endswith(_INDEX_TASK):
                oddities.append(Oddity("radar.odd.radar_index", field=key))
    if skipped:
        oddities.append(Oddity("radar.odd.other_fields", count=skipped))
    return out


def _parameters(main: _Part, tags: dict[str, str]) -> dict[str, Cell]:
    out: dict[str, Cell] = {}
    for key, tag in (("product", "what_product"), ("prodpar", "what_prodpar")):
        if main.word(tag):
            out[key] = main.word(tag)
    if tags.get("how_nodes"):
        out["nodes"] = tags["how_nodes"].strip(", ")[:4000]
    start = _time(main.word("what_startdate"), main.word("what_starttime"))
    end = _time(main.word("what_enddate"), main.word("what_endtime"))
    if start is not None and end is not None and end > start:
        out["minutes"] = round((end - start).total_seconds() / 60, 2)
    return out


def _height(part: _Part) -> float:
    """Return the height of a CAPPI, m; NaN for anything else."""
    height = part.number("what_prodpar") if part.word("what_product") in _HEIGHT_PRODUCTS else None
    return math.nan if height is None or not 0 < height < 30_000 else height


def _time(date: str, clock: str) -> datetime | None:
    try:
        return datetime.strptime(date[:8] + clock[:6].ljust(6, "0"), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def _place(tags: dict[str, str], shape: tuple[int, ...], name: str, oddities: list[Oddity]) -> tuple[str, Transform]:
    """Return projection and transform from the upper left corner and the size of a pixel.

    A ``+datum`` beside another ellipsoid is a contradiction that libraries settle differently: of the
    two readings the one whose corners fit the pixels stands.
    """
    definition = tags.get("where_projdef", "")
    corners = {
        corner: (number_of(tags.get(f"where_{corner}_lon", "")), number_of(tags.get(f"where_{corner}_lat", "")))
        for corner in ("UL", "UR", "LL")
    }
    across, down = number_of(tags.get("where_xscale", "")), number_of(tags.get("where_yscale", ""))
    if not definition or not across or not down or any(None in corner for corner in corners.values()):
        raise DataError("radar.grid_unplaced", file=name)
    rows, columns = shape[-2:]
    best: tuple[float, str, float, float, float, float] | None = None
    for reading in _readings(definition):
        plane = Proj(reading)
        (x0, y0), (x1, _), (_, y1) = (plane(*corners[corner]) for corner in ("UL", "UR", "LL"))
        if not all(math.isfinite(value) for value in (x0, y0, x1, y1)):
            continue
        off_x, off_y = (x1 - x0) / across - columns, (y0 - y1) / down - rows
        off = abs(off_x) + abs(off_y)
        if best is None or off < best[0] - 0.01:
            best = (off, reading, x0, y0, off_x, off_y)
    if best is None:
        raise DataError("radar.grid_unplaced", file=name)
    _, reading, x0, y0, off_x, off_y = best
    if reading != definition:
        oddities.append(Oddity("radar.odd.datum_dropped"))
    if max(abs(off_x), abs(off_y)) > _OFF_BY_A_PIXEL:
        oddities.append(Oddity("radar.odd.corners", columns=f"{off_x:+.1f}", rows=f"{off_y:+.1f}"))
    crs = wkt(CRS.from_string(reading))
    return crs, (across, 0.0, round(x0, 3), 0.0, -down, round(y0, 3))


def _readings(definition: str) -> list[str]:
    """Return the projection as it stands, and without a datum that contradicts its ellipsoid."""
    words = definition.split()
    has_shape = any(word.startswith(("+ellps=", "+a=", "+R=")) for word in words)
    if not has_shape or not any(word.startswith("+datum=") for word in words):
        return [definition]
    return [definition, " ".join(word for word in words if not word.startswith("+datum="))]

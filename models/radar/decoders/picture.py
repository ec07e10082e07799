"""Pictures of others (PNG, GIF, JPEG, PNM) with a world file beside them, by rasterio.

A picture has colors and no values. ``Grid.colors`` holds the color of each code.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasterio.crs import CRS
from rasterio.errors import CRSError

from models.errors import DataError
from models.radar.layouts.name_time import known_time
from models.radar.layouts.raster_file import Transform, bounded, opened, wkt
from models.radar.oddity import Oddity
from models.radar.product import Codes, Grid, Role

NAME = "picture with world file"

_DRIVERS = ((b"\x89PNG\r\n\x1a\n", "PNG"), (b"GIF87a", "GIF"), (b"GIF89a", "GIF"), (b"\xff\xd8\xff", "JPEG"),
            (b"P5", "PNM"), (b"P6", "PNM"))  # fmt: skip
_OPAQUE = 128
_MOST_BYTES = 65_536


def recognizes(head: bytes, size: int) -> bool:
    """Return whether the file starts as a picture of a kind that can have a world file."""
    return size >= 2 and _driver(head) is not None


def decode(data: bytes, name: str) -> Grid:  # noqa: ARG001 - what is on the picture does not matter here
    """Refuse a picture that comes without its neighbors.

    Raises
    ------
    DataError
        ``radar.picture_unplaced``: only `decode_path` can look for the world file.
    """
    raise _unplaced(Path(name))


def decode_path(path: Path, data: bytes, name: str) -> Grid:
    """Return the picture as codes and their colors, placed by the world file beside it.

    The world file has the picture's name and the ending ``.wld`` or its own shortened with a w
    (``.pgw``, ``.gfw``, ``.jgw``); a ``.prj`` beside it gives the projection as WKT, without
    which the numbers must be degrees. The time is that of the name.

    Parameters
    ----------
    path : Path
        Where the picture lies.
    data : bytes
        The whole file.
    name : str
        What errors call it.

    Raises
    ------
    DataError
        ``radar.picture_unplaced``, ``radar.world_file``, ``radar.picture_no_projection``,
        ``radar.grid_no_time``, ``radar.grid_too_large``, ``radar.foreign_damaged``.
    """
    world = _beside(path, _world_endings(path.suffix))
    if world is None:
        raise _unplaced(path)
    transform = _world(world, name)
    driver = _driver(data[:16])
    oddities = [Oddity("radar.odd.picture_colors")]
    with opened(data, driver or "PNG", name) as file:
        bounded(file, name, bands=min(file.count, 4), cell_bytes=1)
        codes, colors = _coded(file, name, oddities)
    crs = _projection(path, transform, codes.shape, name)
    return Grid(
        format=NAME,
        layout="picture",
        started_at=known_time(None, name, oddities),
        name=path.stem,
        role=Role.OTHER,
        unit="",
        codes=codes[np.newaxis],
        levels=np.full(len(colors), np.nan, np.float32),
        crs=crs,
        transform=transform,
        colors=colors,
        oddities=tuple(oddities),
    )


def _driver(head: bytes) -> str | None:
    return next((driver for magic, driver in _DRIVERS if head.startswith(magic)), None)


def _unplaced(path: Path) -> DataError:
    shortest = _world_endings(path.suffix)[0]
    return DataError(
        "radar.picture_unplaced",
        file=path.name,
        world=f"{path.stem}{shortest}",
        projection=f"{path.stem}.prj",
    )


def _world_endings(suffix: str) -> list[str]:
    """Return the endings a world file may have: ``.pgw``, ``.pngw``, ``.wld``."""
    plain = suffix.lstrip(".").lower()
    short = f".{plain[0]}{plain[-1]}w" if len(plain) > 1 else ".wld"
    return [short, f".{plain}w", ".wld"] if plain else [".wld"]


def _beside(path: Path, endings: list[str]) -> Path | None:
    """Return the first neighbor with one of the endings, in small or in capital letters."""
    for ending in endings:
        for word in (ending, ending.upper()):
            found = path.with_name(path.stem + word)
            if found.is_file():
                return found
    return None


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_MOST_BYTES).decode("utf-8-sig", "replace")
    except OSError as error:
        raise DataError("radar.unreadable", file=path.name, cause=error.strerror or str(error)) from error


def _world(path: Path, name: str) -> Transform:
    """Return the transform of a world file, whose place is the center of the first pixel."""
    lines = _read(path).split()
    numbers: list[float] = []
    for line in range(6):
        try:
            value = float(lines[line].replace(",", "."))
        except (IndexError, ValueError):
            value = math.nan
        if not math.isfinite(value):
            raise DataError("radar.world_file", file=name, world=path.name, line=line + 1)
        numbers.append(value)
    a, d, b, e, x, y = numbers
    for line, value in ((1, a or b), (4, e or d)):
        if value == 0:
            raise DataError("radar.world_file", file=name, world=path.name, line=line)
    return a, b, x - (a + b) / 2, d, e, y - (d + e) / 2


def _projection(path: Path, transform: Transform, shape: tuple[int, ...], name: str) -> str:
    """Return the projection that lies beside, or degrees where the corners can be that."""
    beside = _beside(path, [".prj"])
    if beside is not None:
        try:
            return wkt(CRS.from_string(_read(beside).strip()))
        except CRSError as error:
            raise DataError("radar.foreign_damaged", file=beside.name, reader="GDAL", cause=str(error)[:200]) from error
    a, b, x, d, e, y = transform
    rows, columns = shape
    far_x, far_y = x + a * columns + b * rows, y + d * columns + e * rows
    if max(abs(x), abs(far_x)) > 360 or max(abs(y), abs(far_y)) > 90:
        raise DataError("radar.picture_no_projection", file=name, x=f"{x:g}", y=f"{y:g}", projection=f"{path.stem}.prj")
    return "EPSG:4326"


def _coded(file: Any, name: str, oddities: list[Oddity]) -> tuple[Codes, NDArray[np.uint8]]:
    """Return (rows, columns) codes and (codes, 4) RGBA: the picture's own table, its gray, or 16-bit colors."""
    if any(kind != "uint8" for kind in file.dtypes):
        raise DataError("radar.grid_no_field", file=name, format=NAME)
    if file.count == 1:
        codes: NDArray[np.uint8] = file.read(1)
        return codes, _table(file)
    bands = file.read(list(range(1, min(file.count, 4) + 1)))
    if file.count == 2:  # gray and how opaque
        red = green = blue = bands[0]
        alpha = bands[1]
    else:
        red, green, blue = bands[:3]
        alpha = bands[3] if len(bands) == 4 else np.full_like(red, 255)
    packed = (red.astype(np.uint16) >> 3 << 11) | (green.astype(np.uint16) >> 2 << 5) | (blue.astype(np.uint16) >> 3)
    packed[(packed == 0) & (alpha >= _OPAQUE)] = 1 << 5  # black is next to black: 0 is what is clear
    packed[alpha < _OPAQUE] = 0
    every = np.arange(65_536, dtype=np.uint32)
    colors = np.stack([every >> 11 << 3, (every >> 5 & 63) << 2, (every & 31) << 3, np.full_like(every, 255)], axis=1)
    colors[0] = 0
    oddities.append(Oddity("radar.odd.colors_rounded"))
    return packed, colors.astype(np.uint8)


def _table(file: Any) -> NDArray[np.uint8]:
    """Return the color of each of 256 codes: the picture's own table, or gray."""
    gray = np.repeat(np.arange(256, dtype=np.uint8)[:, np.newaxis], 4, axis=1)
    gray[:, 3] = 255
    try:
        table = file.colormap(1)
    except ValueError:
        return gray
    for code, color in table.items():
        if 0 <= code < 256:
            gray[code] = color
    nodata = file.nodatavals[0]
    if nodata is not None and 0 <= nodata < 256:
        gray[int(nodata), 3] = 0
    return gray

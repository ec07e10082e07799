"""PGM composites of the Finnish kind: a picture of codes whose text header says where it lies.

The header gives projection, corners and the size of a pixel, but neither the ellipsoid nor what a
code means. The earth is a sphere there: its radius follows from corners and pixels (6,371,288 m).
``(code - 64) / 2`` dBZ is the maker's rule; the same picture as GeoTIFF states it.
"""

from __future__ import annotations

import math
import re

import numpy as np
from pyproj import Proj
from rasterio.crs import CRS

from models.errors import DataError
from models.radar.layouts.grid_values import graded
from models.radar.layouts.name_time import known_time, stated_time
from models.radar.layouts.raster_file import Transform, wkt
from models.radar.layouts.unpack import LARGEST_BYTES
from models.radar.oddity import Oddity
from models.radar.product import Cell, Grid, Role

NAME = "PGM composite"

_HEADER = re.compile(rb"P5\s((?:\s*#[^\n]{0,400}\n){1,200})\s*(\d{1,6})\s+(\d{1,6})\s+(\d{1,5})\s")
_PLAUSIBLE_EARTH_M = (6_340_000.0, 6_400_000.0)
_GAIN, _OFFSET, _UNDETECT, _NODATA = 0.5, -32.0, 0.0, 255.0


def recognizes(head: bytes, size: int) -> bool:
    """Return whether the file is a binary PGM whose comments tell a projection."""
    return size > 64 and head[:2] == b"P5" and b"# projection" in head and b"metersperpixel" in head


def decode(data: bytes, name: str) -> Grid:
    """Return the grid in a PGM composite.

    Parameters
    ----------
    data : bytes
        The whole unpacked file.
    name : str
        What errors call it.

    Raises
    ------
    DataError
        ``radar.pgm_header`` names what the header lacks, ``radar.cut_off`` where the pixels end too
        early, ``radar.grid_too_large``, ``radar.grid_no_time``.
    """
    found = _HEADER.match(data)
    if found is None:
        raise DataError("radar.pgm_header", file=name, field="P5")
    columns, rows, most = (int(found[group]) for group in (2, 3, 4))
    if most > 255:
        raise DataError("radar.pgm_header", file=name, field="maxval")
    if not 0 < columns * rows <= LARGEST_BYTES:
        limit = LARGEST_BYTES // 1024**2
        raise DataError("radar.grid_too_large", file=name, columns=columns, rows=rows, bands=1, limit_mib=limit)
    if len(data) < found.end() + columns * rows:
        raise DataError("radar.cut_off", file=name, byte=len(data), expected=found.end() + columns * rows)
    words = _words(found[1].decode("latin-1"))
    oddities = [Oddity("radar.odd.scale_assumed", rule="(code - 64) / 2 dBZ")]
    codes = np.frombuffer(data, np.uint8, columns * rows, found.end()).reshape(rows, columns)
    _, levels = graded(codes, gain=_GAIN, offset=_OFFSET, undetect=_UNDETECT, nodata=_NODATA)
    crs, transform = _place(words, columns, rows, name)
    parameters: dict[str, Cell] = {}
    for key in ("composite_area", "producttype", "productname", "param"):
        if words.get(key):
            parameters[key] = " ".join(words[key])
    radars = [radar.split()[0] for radar in re.findall(r"#\s*radar\s+(\S+[^\n]*)", found[1].decode("latin-1"))]
    if radars:
        parameters["nodes"] = ",".join(radars)
    return Grid(
        format=NAME,
        layout="fmi_pgm",
        started_at=known_time(stated_time("".join(words.get("obstime", []))), name, oddities),
        name=" ".join(words.get("productname", [])),
        role=Role.CAPPI if "CAPPI" in words.get("producttype", []) else Role.COMPOSITE,
        unit="dBZ",
        codes=codes[np.newaxis],
        levels=levels,
        crs=crs,
        transform=transform,
        parameters=parameters,
        oddities=tuple(oddities),
    )


def _words(header: str) -> dict[str, list[str]]:
    """Return the words of each comment line by its first; of a line that comes again the first stands."""
    out: dict[str, list[str]] = {}
    for line in header.splitlines():
        key, *rest = line.lstrip("# \t").split() or [""]
        if rest:
            out.setdefault(key, rest)
    return out


def _place(words: dict[str, list[str]], columns: int, rows: int, name: str) -> tuple[str, Transform]:
    """Return projection and transform: a polar stereographic plane over a sphere."""

    def number(key: str, at: int = 0) -> float:
        try:
            value = float(words[key][at])
        except (KeyError, IndexError, ValueError):
            value = math.nan
        if not math.isfinite(value):
            raise DataError("radar.pgm_header", file=name, field=key)
        return value

    if words.get("type") != ["stereographic"]:
        raise DataError("radar.pgm_header", file=name, field="projection type")
    rule = (
        f"+proj=stere +lat_0={number('centrallatitude'):g} +lon_0={number('centrallongitude'):g}"
        f" +lat_ts={number('truelatitude'):g}"
    )
    across, down = number("metersperpixel_x"), number("metersperpixel_y")
    unit = Proj(f"{rule} +R=1")
    x0, y0 = unit(number("bottomleft"), number("bottomleft", 1))
    x1, y1 = unit(number("topright"), number("topright", 1))
    if not (math.isfinite(x1 - x0) and math.isfinite(y1 - y0)) or x1 <= x0 or y1 <= y0:
        raise DataError("radar.pgm_header", file=name, field="bottomleft, topright")
    earth_x, earth_y = across * columns / (x1 - x0), down * rows / (y1 - y0)
    radius = (earth_x + earth_y) / 2
    low, high = _PLAUSIBLE_EARTH_M
    if not low <= radius <= high or abs(earth_x - earth_y) > 0.001 * radius:
        raise DataError("radar.pgm_header", file=name, field="metersperpixel")
    crs = CRS.from_string(f"{rule} +R={radius:.1f} +units=m")
    return wkt(crs), (across, 0.0, x0 * radius, 0.0, -down, y1 * radius)

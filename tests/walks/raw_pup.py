"""A short reading of the raw runs of a PUP raster, and the rain that must come of it.

Shares nothing with the decoder, the grid or the rules: it is what they are
checked against. Bytes one after the other, geodesics instead of a projection,
sums by hand.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pyproj import Geod

FRAME = timedelta(minutes=6)


@dataclass(frozen=True)
class RawPup:
    """Levels as lists of rows, the north row first; thresholds as their low bytes."""

    at: datetime
    lat_deg: float
    lon_deg: float
    rows: list[list[int]]
    thresholds: list[int]


def read_raw(path: Path) -> RawPup:
    """Walk the file from its raster packet, run by run."""
    data = path.read_bytes()
    lat, lon = struct.unpack(">ii", data[20:28])
    day, seconds = struct.unpack(">HI", data[40:46])
    at = data.index(bytes.fromhex("ba07800000c0"))
    count = int.from_bytes(data[at + 18 : at + 20], "big")
    at += 22
    rows = []
    for _ in range(count):
        length = int.from_bytes(data[at : at + 2], "big")
        row: list[int] = []
        for run in data[at + 2 : at + 2 + length]:
            row += [run & 15] * (run >> 4)
        rows.append(row)
        at += 2 + length
    when = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=day - 1, seconds=seconds)
    return RawPup(when, lat / 1000, lon / 1000, rows, [data[61 + 2 * n] for n in range(16)])


def rounded(at: datetime) -> datetime:
    """Return the nearest full six minutes."""
    seconds = at.hour * 3600 + at.minute * 60 + at.second
    return at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(seconds=round(seconds / 360) * 360)


def cells_of_points(raw: RawPup, points: Sequence[tuple[float, float]], cell_m: float) -> list[tuple[int, int]]:
    """Return (row, column) of the cell each (lon, lat) lies in, by distance and bearing from the radar."""
    geod, half = Geod(ellps="WGS84"), len(raw.rows) / 2
    out = []
    for lon, lat in points:
        bearing, _, distance = geod.inv(raw.lon_deg, raw.lat_deg, lon, lat)
        east, north = distance * math.sin(math.radians(bearing)), distance * math.cos(math.radians(bearing))
        out.append((math.floor(half - north / cell_m), math.floor(half + east / cell_m)))
    return out


def rain_of_level(raw: RawPup, level: int) -> float:
    """Return mm in six minutes at the lower threshold of a level: Z = 300 R^1.4, at most 53 dBZ."""
    if level == 0:
        return 0.0
    z = 10 ** (min(raw.thresholds[level], 53) / 10)
    return float((z / 300) ** (1 / 1.4) / 10)


@dataclass(frozen=True)
class Reached:
    """A point that reached the threshold in an hour: when first, with how much, and its largest hour."""

    point: int
    at: datetime
    mm: float
    largest_mm: float


def hours_that_reach(
    paths: Sequence[Path], points: Sequence[tuple[float, float]], *, threshold_mm: float, cell_m: float = 1000.0
) -> list[Reached]:
    """Return the points whose rain of one hour, closed at the right, reaches a threshold.

    Each frame holds for the six minutes up to its own rounded time.
    """
    frames = sorted((read_raw(path) for path in paths), key=lambda raw: raw.at)
    cells = cells_of_points(frames[0], points, cell_m)
    rain = {rounded(raw.at): [rain_of_level(raw, raw.rows[row][column]) for row, column in cells] for raw in frames}
    out = []
    for point in range(len(points)):
        hours = {at: sum(mm[point] for t, mm in rain.items() if at - timedelta(hours=1) < t <= at) for at in rain}
        reached = [at for at, mm in hours.items() if mm >= threshold_mm]
        if reached:
            out.append(Reached(point, min(reached), hours[min(reached)], max(hours.values())))
    return out

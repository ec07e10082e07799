"""What the storm truly is: its cells, where they are born, move, split and die.

These are the values that tests and verification hold the console's own
findings against. Times are minutes from `STORM_FROM_AT`, places km from the
middle of the county, speeds km/h.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from app.demo.scene import STORM_FROM_AT, to_lonlat


@dataclass(frozen=True, slots=True)
class CellTrack:
    """One cell's life: born at ``(east_km, north_km)``, straight on, an ellipse that swells and fades.

    ``peak_dbz`` and ``radius_km`` (long half axis of the 3 dB fall from the
    peak times three) hold at maturity; ``grow_min`` and ``fade_min`` are the
    minutes from birth to maturity and from there to the end; ``parent`` is the
    cell it split from.
    """

    name: str
    born_min: float
    died_min: float
    east_km: float
    north_km: float
    east_kmh: float
    north_kmh: float
    peak_dbz: float
    radius_km: float
    aspect: float = 0.7
    angle_deg: float = 25.0
    grow_min: float = 25.0
    fade_min: float = 30.0
    parent: str = ""


@dataclass(frozen=True, slots=True)
class TrueCell:
    """A cell at a moment: center in WGS 84, strength, half axes in km, angle from east to north, speed in m/s."""

    name: str
    lon_deg: float
    lat_deg: float
    east_km: float
    north_km: float
    dbz: float
    long_km: float
    short_km: float
    angle_deg: float
    east_ms: float
    north_ms: float
    parent: str


SPLIT_MIN = 92.0

TRACKS: tuple[CellTrack, ...] = (
    CellTrack("A", 0, 100, -20.0, -4.6, 16.0, 6.8, 52.5, 2.8),
    CellTrack("B", 31, 162, -15.2, -1.7, 6.6, 3.1, 57.5, 3.8, grow_min=34, fade_min=60),
    CellTrack("C", 14, SPLIT_MIN, -7.0, 4.6, 7.6, 3.5, 55.0, 2.8, fade_min=0),
    CellTrack("C-left", SPLIT_MIN, 158, 2.88, 9.15, 9.0, 13.0, 53.0, 2.4, angle_deg=55, grow_min=0, fade_min=45, parent="C"),
    CellTrack("C-right", SPLIT_MIN, 172, 2.88, 9.15, 11.5, -7.2, 54.5, 2.7, angle_deg=-30, grow_min=0, fade_min=50, parent="C"),
    CellTrack("D", 90, 180, -25.0, -6.4, 15.0, 6.8, 52.0, 2.8),
    CellTrack("E", 42, 132, -0.6, -10.0, 4.6, 1.9, 52.0, 2.0, aspect=0.85),
    CellTrack("F", 48, 140, -3.6, -2.8, 7.5, 3.5, 54.0, 1.8, angle_deg=35),
    CellTrack("G", 20, 175, 20.0, 11.0, 14.0, 7.0, 50.0, 3.0),
    CellTrack("H", 30, 180, -56.0, -21.0, 16.0, 7.5, 52.0, 3.4),
    CellTrack("I", 70, 160, -14.0, -8.5, 8.0, 3.0, 44.5, 2.2),
    CellTrack("J", 5, 90, 46.0, 20.0, 18.0, 8.0, 49.0, 3.6),
    CellTrack("K", 60, 170, 31.0, 0.5, 11.0, 4.0, 42.0, 3.0, aspect=0.8),
)  # fmt: skip


def true_cells(at: datetime) -> tuple[TrueCell, ...]:
    """Return the cells alive at a moment, the strongest first; empty outside the storm's three hours."""
    minute = (at - STORM_FROM_AT).total_seconds() / 60
    alive = [cell_at(track, minute) for track in TRACKS if track.born_min <= minute < track.died_min]
    return tuple(sorted(alive, key=lambda cell: (-cell.dbz, cell.name)))


def cell_at(track: CellTrack, minute: float) -> TrueCell:
    """Return one cell as it is ``minute`` minutes after the storm's beginning; it must be alive."""
    vigor = _vigor(track, minute)
    hours = (minute - track.born_min) / 60
    east = track.east_km + track.east_kmh * hours
    north = track.north_km + track.north_kmh * hours
    lon, lat = to_lonlat(np.float64(east), np.float64(north))
    long_km = track.radius_km * (0.55 + 0.45 * vigor)
    return TrueCell(
        track.name, float(lon), float(lat), east, north, track.peak_dbz - 24 * (1 - vigor), long_km, long_km * track.aspect,
        track.angle_deg, track.east_kmh / 3.6, track.north_kmh / 3.6, track.parent,
    )  # fmt: skip


def _vigor(track: CellTrack, minute: float) -> float:
    """Return 0 at birth and death, 1 between; a child of a split is grown at once, 2.5 dB under its parent."""
    since, left = minute - track.born_min, track.died_min - minute
    rise = 1.0 if track.grow_min == 0 else min(1.0, since / track.grow_min)
    fall = 1.0 if track.fade_min == 0 else min(1.0, left / track.fade_min)
    if track.parent:
        rise = min(1.0, 0.9 + 0.1 * since / 12.0)
    return math.sin(rise * math.pi / 2) * math.sin(fall * math.pi / 2)

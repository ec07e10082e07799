"""The vertical section: what several radars together see above a line between two places."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from pyproj import Geod

from models.geodesy import FloatArray, to_mercator, to_plane
from models.grid import GridArea
from models.radar.quantity import CR, NOT_SEEN
from models.radar.stack_of_cuts import Stack
from models.radar.upright import Heights, upright
from models.radar.volume import Site

_GEOD = Geod(ellps="WGS84")
_NODES = 65
COLUMNS = 600
HEIGHTS = Heights(100.0, 180)

Place = tuple[float, float]
"""Longitude and latitude, degrees."""


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """The ground under the map: ``meters`` (rows, columns) float32 above sea level, NaN where unknown, row 0 north."""

    area: GridArea
    meters: NDArray[np.float32]

    def at(self, lon_deg: FloatArray, lat_deg: FloatArray) -> NDArray[np.float32]:
        """Return the height of the ground at places, (n,) m, that of the cell each lies in; NaN where unknown."""
        row, column = self.area.cells_of(*to_mercator(lon_deg, lat_deg))
        inside = (row >= 0) & (column >= 0)
        return np.where(inside, self.meters[row, column], np.float32(np.nan))


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """An upright picture.

    ``codes`` (heights, columns) uint8, the lowest row first, are those of `models.radar.quantity`:
    0 is *not seen*, which is not *no echo*. ``source`` uint8 of the same shape is 1 + index into
    ``radars`` of the radar whose value stands, 0 where none sees. ``distance_m`` (columns,) is the
    way from the start; ``ground_m`` (columns,) float32 the ground, NaN where unknown. ``radars``
    are (site, time) of each radar that was looked at.
    """

    start: Place
    end: Place
    codes: NDArray[np.uint8]
    source: NDArray[np.uint8]
    distance_m: FloatArray
    heights: Heights
    ground_m: NDArray[np.float32]
    radars: tuple[tuple[Site, datetime], ...]

    @property
    def length_m(self) -> float:
        """How long the line is, m."""
        return float(self.distance_m[0] + self.distance_m[-1]) if self.distance_m.size else 0.0

    def value_at(self, distance_m: float, height_m: float) -> tuple[float, str]:
        """Return the value, dBZ (NaN not seen, -inf no echo), and the code of its radar, empty where none sees."""
        row, columns = int(height_m // self.heights.step_m), self.distance_m.size
        column = int(distance_m / self.length_m * columns) if self.length_m > 0 else 0
        if not (0 <= row < self.heights.rows and 0 <= column < columns):
            return math.nan, ""
        source = int(self.source[row, column])
        value = float(CR.decode(self.codes[row : row + 1, column : column + 1])[0, 0])
        return value, self.radars[source - 1][0].code if source else ""


def section_of(
    stacks: Sequence[Stack],
    start: Place,
    end: Place,
    *,
    columns: int = COLUMNS,
    heights: Heights = HEIGHTS,
    ground: Ground | None = None,
) -> Section:
    """Return what radars see above the geodesic from one place to another.

    Parameters
    ----------
    stacks : sequence of Stack
        The cuts of each radar, at most 255.
    start, end : (lon, lat) degrees
        Column i stands above the middle of the i-th of ``columns`` equal parts between them.
    heights : Heights
        Rows of the picture, above sea level.
    ground : Ground, optional
        The height of the ground, for the line at the foot.

    Returns
    -------
    Section
        Of each radar as `models.radar.upright.upright` has it, within half a beam width of the
        lowest and the highest beam; of several radars the largest value, of equal ones the first.
    """
    node_lon, node_lat, length_m = nodes_between(start, end)
    share = (np.arange(columns, dtype=np.float64) + 0.5) / columns
    codes = np.full((heights.rows, columns), NOT_SEEN, np.uint8)
    source = np.zeros((heights.rows, columns), np.uint8)
    for number, stack in enumerate(stacks, start=1):
        cell, away_m = _cells_along(stack, node_lon, node_lat, share)
        inside = np.flatnonzero(cell >= 0)
        if not inside.size:
            continue
        part = slice(int(inside[0]), int(inside[-1]) + 1)  # a line leaves a circle once
        own: Any = upright(*_beams(stack, cell[part]), math.radians(stack.half_beam_deg) * away_m[part], heights)
        there, origin = codes[:, part], source[:, part]
        larger: Any = cv2.compare(own, there, cv2.CMP_GT)
        larger &= np.uint8(number)  # numbers only grow, so the maximum is the last winner
        cv2.max(origin, larger, dst=origin)
        cv2.max(there, own, dst=there)
    ground_m = np.full(columns, np.nan, np.float32)
    if ground is not None:
        ground_m = ground.at(_at(share, node_lon), _at(share, node_lat))
    radars = tuple((stack.site, stack.at) for stack in stacks)
    return Section(start, end, codes, source, share * length_m, heights, ground_m, radars)


def place_on(start: Place, end: Place, share: float) -> Place:
    """Return the place at a share, 0..1, of the geodesic from start to end."""
    azimuth, _, length_m = _GEOD.inv(*start, *end)
    lon, lat, _ = _GEOD.fwd(*start, azimuth, length_m * share)
    return float(lon), float(lat)


def place_round(center: Place, azimuth_deg: float, away_m: float) -> Place:
    """Return the place so far away from a center in a direction."""
    lon, lat, _ = _GEOD.fwd(*center, azimuth_deg, away_m)
    return float(lon), float(lat)


def nodes_between(start: Place, end: Place) -> tuple[FloatArray, FloatArray, float]:
    """Return lon and lat of evenly spaced places from start to end, and the whole length in m."""
    azimuth, _, length_m = _GEOD.inv(*start, *end)
    same = np.ones(_NODES)
    lon, lat, _ = _GEOD.fwd(start[0] * same, start[1] * same, azimuth * same, np.linspace(0.0, length_m, _NODES))
    return np.asarray(lon, float), np.asarray(lat, float), float(length_m)


def _at(share: FloatArray, nodes: FloatArray) -> FloatArray:
    """Return what lies at shares of a line, straight between the nodes; that strays a few meters on 1000 km."""
    return np.interp(share, np.linspace(0.0, 1.0, _NODES), nodes)


def _cells_along(
    stack: Stack, node_lon: FloatArray, node_lat: FloatArray, share: FloatArray
) -> tuple[NDArray[np.int64], FloatArray]:
    """Return the flat cell below each column, -1 out of reach, and its distance from the radar in m."""
    center = (stack.geometry.lon_deg, stack.geometry.lat_deg)
    east, north = to_plane(node_lon, node_lat, center=center)
    east_m, north_m = _at(share, east), _at(share, north)
    return stack.geometry.cells_at(east_m, north_m), np.hypot(east_m, north_m)


def _beams(stack: Stack, cell: NDArray[np.int64]) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Return codes and heights (cuts, columns) of the beams above cells; those out of reach have no height."""
    codes = stack.codes.reshape(stack.cuts, -1).take(cell, axis=1, mode="clip")
    height_m = stack.height_m.take(cell % stack.geometry.bins, axis=1)
    height_m[:, cell < 0] = np.nan
    return codes, height_m

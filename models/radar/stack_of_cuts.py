"""All cuts of one volume round their radar: what sections, profiles and the column at a place are taken from."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from models.errors import DataError
from models.geodesy import to_plane
from models.radar.column import HALF_BEAM_DEG, distinct
from models.radar.footprint import PolarGeometry
from models.radar.quantity import CR, NOT_SEEN
from models.radar.rays import geometry_of, ground_cut, reflectivity_of
from models.radar.volume import Site, Volume

MOST_BYTES = 16_000_000
"""A stack is kept in bins so long that its codes need no more."""

_BEAM_WIDTHS_DEG = (0.2, 5.0)


@dataclass(frozen=True, slots=True, eq=False)
class Stack:
    """The cuts of one volume, the lowest first, one for each elevation.

    ``codes`` (cuts, AZIMUTH_BINS, bins) uint8 are those of `models.radar.quantity` (reflectivity);
    ``height_m`` (cuts, bins) float32 is the beam's middle above sea level over the middle of each
    bin, NaN where a cut does not reach; ``elevation_deg`` (cuts,). ``half_beam_deg`` is how far
    above and below its axis a beam still speaks.
    """

    site: Site
    at: datetime
    geometry: PolarGeometry
    elevation_deg: NDArray[np.float64]
    codes: NDArray[np.uint8]
    height_m: NDArray[np.float32]
    half_beam_deg: float

    @property
    def cuts(self) -> int:
        return int(self.elevation_deg.size)


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """What the beams of one volume say above a place, the lowest first: all (cuts,), NaN and 0 where one does not reach."""

    site: Site
    at: datetime
    distance_m: float
    elevation_deg: NDArray[np.float64]
    codes: NDArray[np.uint8]
    height_m: NDArray[np.float32]
    reach_m: float

    def values(self) -> NDArray[np.float32]:
        """Return the reflectivity of each beam, dBZ; NaN not seen, -inf seen without echo."""
        return CR.decode(self.codes)


def cuts_round(volume: Volume) -> Stack:
    """Return all cuts of a volume that have reflectivity, by azimuth row and ground bin.

    Raises
    ------
    DataError
        ``radar.no_reflectivity`` if there is none or the antenna did not go round (an RHI);
        ``radar.no_site`` if nobody knows where the radar stands.
    """
    if not volume.site.placed:
        raise DataError("radar.no_site", radar=volume.site.code or "?")
    parts = [(sweep, moment) for sweep in volume.sweeps if (moment := reflectivity_of(sweep)) is not None]
    if not parts or volume.scan == "rhi":
        raise DataError("radar.no_reflectivity", file=volume.site.code)
    parts.sort(key=lambda part: part[0].elevation_deg)
    altitude_m = 0.0 if math.isnan(volume.site.altitude_m) else volume.site.altitude_m
    geometry = _kept_small(geometry_of(volume.site, parts), len(parts))
    cuts = distinct([ground_cut(sweep, moment, geometry, altitude_m) for sweep, moment in parts])
    codes = np.zeros((len(cuts), *_shape(geometry)), np.uint8)
    height_m = np.full((len(cuts), geometry.bins), np.nan, np.float32)
    for index, cut in enumerate(cuts):
        codes[index, :, : cut.bins] = cut.in_rows()
        height_m[index, : cut.bins] = cut.height_m
    elevation_deg = np.array([cut.elevation_deg for cut in cuts], np.float64)
    low, high = _BEAM_WIDTHS_DEG
    half = volume.beam_width_deg / 2 if low <= volume.beam_width_deg <= high else HALF_BEAM_DEG
    return Stack(volume.site, volume.started_at, geometry, elevation_deg, codes, height_m, half)


def column_at(stack: Stack, lon_deg: float, lat_deg: float) -> Column:
    """Return what each beam says above a place; not seen where the radar does not reach."""
    center = (stack.geometry.lon_deg, stack.geometry.lat_deg)
    east_m, north_m = to_plane(np.array([lon_deg]), np.array([lat_deg]), center=center)
    cell, distance_m = stack.geometry.cells_at(east_m, north_m), float(np.hypot(east_m, north_m)[0])
    reach_m = math.radians(stack.half_beam_deg) * distance_m
    if cell[0] < 0:
        codes = np.full(stack.cuts, NOT_SEEN, np.uint8)
        height_m = np.full(stack.cuts, np.nan, np.float32)
    else:
        codes = stack.codes.reshape(stack.cuts, -1)[:, cell[0]].copy()
        height_m = stack.height_m[:, cell[0] % stack.geometry.bins].copy()
    return Column(stack.site, stack.at, distance_m, stack.elevation_deg, codes, height_m, reach_m)


def _shape(geometry: PolarGeometry) -> tuple[int, int]:
    return geometry.cells // geometry.bins, geometry.bins


def _kept_small(geometry: PolarGeometry, cuts: int) -> PolarGeometry:
    """Return the geometry in longer bins where its codes would need too much room."""
    times = math.ceil(cuts * geometry.cells / MOST_BYTES)
    if times <= 1:
        return geometry
    bin_m = geometry.bin_m * times
    return PolarGeometry(geometry.lon_deg, geometry.lat_deg, bin_m, math.ceil(geometry.bins / times))

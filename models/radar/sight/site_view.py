"""What one radar can look at: its cuts, how high they pass, and what the ground takes of them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.geodesy import FloatArray
from models.radar.beam import beam_height_above, ground_range, slant_range
from models.radar.footprint import AZIMUTH_BINS, PolarGeometry
from models.radar.rays import bin_centers, rays_of, reflectivity_of, row_centers
from models.radar.sight.blockage import UNKNOWN
from models.radar.sight.horizon_shelf import SiteBlockage
from models.radar.volume import Site, Sweep, Volume

BIN_M = 250.0
STORM_TOP_M = 12_000.0
"""So high, above sea level, rain storms reach; a beam above it sees no rain, one below it leaves their tops unseen."""

_SAME_CUT_DEG = 0.05
_FARTHEST_M = 600_000.0


@dataclass(frozen=True, slots=True, eq=False)
class ScanCut:
    """One cut of a scan: how far it reaches along the beam, and in which azimuth rows the antenna looks.

    ``looked`` (AZIMUTH_BINS,) bool is False where the transmitter is off.
    """

    elevation_deg: float
    range_m: float
    looked: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class SiteView:
    """What a radar can look at round itself, its cuts from low to high.

    ``looks`` (cuts, AZIMUTH_BINS, bins) bool is True where a cut reaches and the transmitter is on;
    ``percent`` uint8 of the same shape is the blockage as `models.radar.sight.blockage.blockage_of` has it;
    ``height_m`` (cuts, bins) float64 the beam center above sea level, NaN where the antenna's height is unknown.
    """

    site: Site
    geometry: PolarGeometry
    cuts: tuple[ScanCut, ...]
    looks: NDArray[np.bool_]
    percent: NDArray[np.uint8]
    height_m: FloatArray

    @property
    def useful(self) -> NDArray[np.bool_]:
        """Where each cut looks and is not above all storms, bool as ``looks``."""
        with np.errstate(invalid="ignore"):
            return self.looks & ~(self.height_m > STORM_TOP_M)[:, None, :]

    @property
    def range_m(self) -> float:
        """How far the farthest cut reaches along the ground."""
        return max(_reach(cut) for cut in self.cuts)


def all_round(elevations_deg: tuple[float, ...], range_m: float) -> tuple[ScanCut, ...]:
    """Return cuts that look everywhere, as far as ``range_m`` along the beam."""
    return tuple(ScanCut(angle, range_m, np.ones(AZIMUTH_BINS, np.bool_)) for angle in sorted(elevations_deg))


def cuts_of_scan(volume: Volume) -> tuple[ScanCut, ...]:
    """Return the cuts of a volume that hold reflectivity, from low to high, none for an RHI.

    Cuts of one elevation (a long one and a Doppler one) count as one that looks where any of them does.
    """
    found: list[ScanCut] = []
    sweeps = [sweep for sweep in volume.sweeps if volume.scan != "rhi" and reflectivity_of(sweep) is not None]
    for sweep in sorted(sweeps, key=lambda sweep: sweep.elevation_deg):
        cut = _cut_of(sweep)
        if found and cut.elevation_deg - found[-1].elevation_deg < _SAME_CUT_DEG:
            last = found.pop()
            cut = ScanCut(last.elevation_deg, max(last.range_m, cut.range_m), last.looked | cut.looked)
        found.append(cut)
    return tuple(found)


def view_of(site: Site, cuts: tuple[ScanCut, ...], blockage: SiteBlockage | None, *, bin_m: float = BIN_M) -> SiteView:
    """Return what a radar can look at.

    Parameters
    ----------
    site : Site
        Where it stands; it must be placed.
    cuts : tuple of ScanCut
        How it scans; one at least.
    blockage : SiteBlockage or None
        What knows the ground; without it every blockage is `UNKNOWN`.
    bin_m : float
        Size of the ground bins.

    Raises
    ------
    ValueError
        If the radar has no place or no cut.
    DataError
        ``layers.unreadable`` or ``layers.no_crs`` if the heights cannot be read.
    """
    if not site.placed or not cuts:
        raise ValueError("a radar without a place or without a cut looks at nothing")
    cuts = tuple(sorted(cuts, key=lambda cut: cut.elevation_deg))
    reach_m = min(_FARTHEST_M, max(_reach(cut) for cut in cuts))
    geometry = PolarGeometry(site.lon_deg, site.lat_deg, bin_m, max(1, math.ceil(reach_m / bin_m)))
    middle = bin_centers(geometry)
    shape = len(cuts), AZIMUTH_BINS, geometry.bins
    looks, percent = np.zeros(shape, np.bool_), np.full(shape, UNKNOWN, np.uint8)
    height = np.full((len(cuts), geometry.bins), np.nan)
    for number, cut in enumerate(cuts):
        with np.errstate(invalid="ignore"):
            looks[number] = cut.looked[:, None] & (slant_range(middle, cut.elevation_deg) <= cut.range_m)
        height[number] = beam_height_above(middle, cut.elevation_deg, antenna_height_m=site.altitude_m)
        taken = blockage(site, cut.elevation_deg, geometry) if blockage is not None else None
        if taken is not None:
            percent[number] = taken
    return SiteView(site, geometry, cuts, looks, percent, height)


def _cut_of(sweep: Sweep) -> ScanCut:
    moment = reflectivity_of(sweep)
    assert moment is not None  # noqa: S101 - asked for by the caller
    rows = rays_of(sweep, row_centers())
    looked = (rows >= 0) & ~sweep.blanked[rows]
    return ScanCut(sweep.elevation_deg, moment.start_m + moment.codes.shape[1] * moment.gate_m, looked)


def _reach(cut: ScanCut) -> float:
    return float(ground_range(np.array([cut.range_m]), cut.elevation_deg)[0])

"""One sweep of one radar, gate by gate, on any part of the map."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.errors import DataError
from models.geodesy import FloatArray, from_plane, to_plane
from models.grid import GridArea
from models.radar.beam import beam_height, slant_range
from models.radar.product import Radial
from models.radar.quantity import NO_ECHO, NOT_SEEN
from models.radar.rays import rays_of
from models.radar.tables import box_of, offsets
from models.radar.volume import Moment, Site, Sweep, Volume

_AZIMUTHS = 3600
_GATE_PARTS = 4
_FIRST_VALUE = 2
FOLDED = 255
"""Of a sweep's codes: an echo of an earlier pulse lies here (range folded), so nobody knows the value."""
_RANGE_FOLDED = 1  # in the codes of a file

UNITS = {
    "dBZ": "dBZ", "dBT": "dBZ", "Zc": "dBZ", "V": "m/s", "Vc": "m/s", "W": "m/s", "Wc": "m/s", "ZDR": "dB",
    "ZDRc": "dB", "LDR": "dB", "SNRH": "dB", "SNRV": "dB", "PhiDP": "deg", "PhiDPc": "deg", "KDP": "deg/km",
    "KDPc": "deg/km",
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class PpiSweep:
    """One moment of one sweep, ready for the map.

    ``codes`` (rays + 1, gates) uint8, the last ray not seen; ``levels`` (256,) float32 is the
    value of each code, NaN for 0 (not seen), -inf for 1 (seen, below the threshold), +inf for `FOLDED`.
    ``rays`` (3600,) is the ray of each tenth of a degree, the last one where there is none.
    ``layout`` is the key of the file's byte layout, empty where nobody said.
    """

    site: Site
    at: datetime
    moment: str
    unit: str
    elevation_deg: float
    codes: NDArray[np.uint8]
    levels: NDArray[np.float32]
    rays: NDArray[np.intp]
    gate_m: float
    start_m: float
    nyquist_ms: float = math.nan
    layout: str = ""

    @property
    def range_m(self) -> float:
        return self.start_m + float(self.codes.shape[1]) * self.gate_m

    @property
    def bounds_deg(self) -> tuple[float, float, float, float]:
        """West, south, east, north of what it reaches."""
        center = (self.site.lon_deg, self.site.lat_deg)
        half = np.array([-self.range_m, self.range_m])
        lon, _ = from_plane(half, np.zeros(2), center=center)
        _, lat = from_plane(np.zeros(2), half, center=center)
        return float(lon[0]), float(lat[0]), float(lon[1]), float(lat[1])

    def value_at(self, lon_deg: float, lat_deg: float) -> tuple[float, float]:
        """Return the value above a place and the beam's height, m above sea level.

        NaN is not seen, -inf nothing there, +inf range folded.
        """
        east, north = to_plane(np.array([lon_deg]), np.array([lat_deg]), center=(self.site.lon_deg, self.site.lat_deg))
        slant = slant_range(np.hypot(east, north), self.elevation_deg)
        altitude_m = 0.0 if math.isnan(self.site.altitude_m) else self.site.altitude_m
        height = float(beam_height(slant, self.elevation_deg, antenna_height_m=altitude_m)[0])
        value = float(self.levels[int(self._codes_at(east[None], north[None])[0, 0])])
        return value, height

    def on(self, area: GridArea) -> NDArray[np.uint8]:
        """Return the codes of each cell of an area, uint8 (rows, columns): the gate its center lies in."""
        out = np.zeros(area.shape, np.uint8)
        rows, columns = box_of(self.site.lon_deg, self.site.lat_deg, self.range_m, area)
        if rows.start < rows.stop and columns.start < columns.stop:
            east_m, north_m = offsets(self.site.lon_deg, self.site.lat_deg, area, rows, columns)
            out[rows, columns] = self._codes_at(east_m, north_m)
        return out

    def _codes_at(self, east_m: FloatArray, north_m: FloatArray) -> NDArray[np.uint8]:
        east, north = east_m.astype(np.float32), north_m.astype(np.float32)
        tenth = (np.degrees(np.arctan2(east, north)) * 10).astype(np.int32) % _AZIMUTHS
        part_m = self.gate_m / _GATE_PARTS
        middle = (np.arange(math.ceil(self.range_m / part_m) + 1, dtype=np.float64) + 0.5) * part_m
        slant = np.nan_to_num(slant_range(middle, self.elevation_deg), nan=-1e9)
        gates = np.floor((slant - self.start_m) / self.gate_m)
        count = self.codes.shape[1]
        gates = np.append(np.where((gates >= 0) & (gates < count), gates, -1), -1).astype(np.intp)
        gate = gates.take((np.hypot(east, north) / np.float32(part_m)).astype(np.intp), mode="clip")
        ray = self.rays.take(tenth)
        codes: NDArray[np.uint8] = self.codes.ravel().take(ray * count + gate, mode="wrap")
        codes[gate < 0] = NOT_SEEN
        return codes


def ppi_of(volume: Volume, sweep_index: int, moment: str) -> PpiSweep:
    """Return one moment of one sweep of a volume.

    Raises
    ------
    DataError
        ``radar.no_such_sweep`` if the volume has no such sweep or the sweep no such moment;
        ``radar.no_site`` if nobody knows where the radar stands.
    """
    if not 0 <= sweep_index < len(volume.sweeps) or moment not in volume.sweeps[sweep_index].moments:
        raise DataError("radar.no_such_sweep", radar=volume.site.code, sweep=sweep_index + 1, moment=moment)
    if not volume.site.placed:
        raise DataError("radar.no_site", radar=volume.site.code or "?")
    sweep = volume.sweeps[sweep_index]
    data = sweep.moments[moment]
    codes, levels = shown(data)
    codes[sweep.blanked] = NOT_SEEN
    return PpiSweep(
        site=volume.site,
        at=sweep.started_at,
        moment=moment,
        unit=UNITS.get(moment, ""),
        elevation_deg=sweep.elevation_deg,
        codes=_with_blind_ray(codes),
        levels=levels,
        rays=_ray_table(sweep),
        gate_m=data.gate_m,
        start_m=data.start_m,
        nyquist_ms=sweep.nyquist_ms,
    )


def ppi_of_radial(radial: Radial, site: Site, at: datetime) -> PpiSweep:
    """Return one layer of a radial product; its rays reach from their start over their width."""
    values = radial.values()
    codes, levels = _coded(values)
    middle = ((radial.azimuth_deg + radial.width_deg / 2) % 360).astype(np.float32)
    sweep = Sweep(1, 0.0, middle, middle, np.zeros(middle.size, bool), {}, at)
    elevation = 0.0 if math.isnan(radial.elevation_deg) else radial.elevation_deg
    blind = _with_blind_ray(codes)
    rays = _ray_table(sweep)
    return PpiSweep(site, at, radial.name, radial.unit, elevation, blind, levels, rays, radial.gate_m, radial.start_m)


def shown(moment: Moment) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Return a moment in codes of one byte (rays, gates), and the value of each.

    0 is not seen, 1 below the threshold, `FOLDED` range folded. A file's own one-byte codes stay (the last of
    them joins the last but one); wider ones are put into 253 even steps over the values there are.
    """
    raw: Any = moment.codes
    if raw.dtype == np.uint8 and moment.first_valid >= _FIRST_VALUE:
        table = np.arange(256).astype(np.uint8)
        table[: moment.first_valid] = NOT_SEEN
        table[0] = NO_ECHO
        table[FOLDED] = FOLDED - 1
        table[_RANGE_FOLDED] = FOLDED
        levels = ((np.arange(256) - moment.offset) / moment.scale).astype(np.float32)
        levels[: moment.first_valid] = np.nan
        levels[NO_ECHO], levels[FOLDED] = -np.inf, np.inf
        return table.take(raw), levels
    values = moment.values()
    values[raw == 0] = -np.inf
    codes, levels = _coded(values)
    if moment.first_valid > _RANGE_FOLDED:
        codes[raw == _RANGE_FOLDED] = FOLDED
    return codes, levels


def _ray_table(sweep: Sweep) -> NDArray[np.intp]:
    found = rays_of(sweep, (np.arange(_AZIMUTHS, dtype=np.float64) + 0.5) / 10)
    return np.where(found < 0, sweep.azimuth_deg.size, found).astype(np.intp)


def _with_blind_ray(codes: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.concatenate([codes, np.zeros((1, codes.shape[1]), np.uint8)])


def _coded(values: NDArray[np.float32]) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Put values into 253 even steps: (codes uint8 of their shape, levels (256,) float32)."""
    real = values[np.isfinite(values)]
    low, high = (float(real.min()), float(real.max())) if real.size else (0.0, 1.0)
    step = max(high - low, 1e-6) / (FOLDED - 1 - _FIRST_VALUE)
    levels = (low + step * (np.arange(256) - _FIRST_VALUE)).astype(np.float32)
    levels[NOT_SEEN], levels[NO_ECHO], levels[FOLDED] = np.nan, -np.inf, np.inf
    with np.errstate(invalid="ignore"):
        codes = np.round((np.clip(values, low, high) - low) / step + _FIRST_VALUE)
    codes = np.nan_to_num(codes).astype(np.uint8)
    codes[np.isnan(values)] = NOT_SEEN
    codes[np.isneginf(values)] = NO_ECHO
    return codes, levels

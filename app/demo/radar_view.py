"""What a radar of the exercise sees of the storm: one cut after the other, gate by gate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod

from app.demo.noise import Noise
from app.demo.radars import RadarSite
from app.demo.scene import SEED, to_km
from app.demo.storm import Sheet, sheet, wind_ms
from models.geodesy import FloatArray

Float32Array = NDArray[np.float32]

_RAYS = 360
_EARTH_M = 6_371_000.0
_NEAR_CELL_KM = 0.3  # the storm is worked out on a plane of such cells, then read gate by gate
_FAR_CELL_KM = 1.0
_FAR_FROM_KM = 62.0


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """One cut: ``dbz`` and ``velocity_ms`` (rays, gates) float32, NaN where nothing comes back.

    Velocity is folded into plus and minus the Nyquist speed; away from the radar is positive.
    """

    elevation_deg: float
    azimuth_deg: FloatArray
    started_at: datetime
    dbz: Float32Array
    velocity_ms: Float32Array


@dataclass(frozen=True, slots=True, eq=False)
class _Beams:
    """The gates of one cut, worked out once: the plane's cell under each, its height, what is too weak there."""

    near: NDArray[np.int32]
    far: NDArray[np.int32]
    near_gates: int
    height_m: Float32Array
    weakest_dbz: Float32Array
    east: Float32Array
    north: Float32Array


@dataclass(frozen=True, slots=True, eq=False)
class _Planes:
    """Places in km on which the storm is worked out round one radar, near and far."""

    near: tuple[Float32Array, Float32Array]
    far: tuple[Float32Array, Float32Array] | None


def look(site: RadarSite, started_at: datetime) -> tuple[Cut, ...]:
    """Return the cuts of one volume. The storm stands still while the volume runs."""
    planes = _planes(site)
    near = sheet(*planes.near, started_at)
    far = sheet(*planes.far, started_at) if planes.far else None
    grain = _grain(site.code)[:, : site.gates]
    cuts = []
    for number, elevation in enumerate(site.elevations_deg):
        beams = _beams(site, number)
        dbz = _read(near, far, beams)
        roll = int(started_at.timestamp()) * 7 + number * 131
        dbz += np.float32(0.7) * np.roll(grain, roll % _RAYS, axis=0)
        dbz[dbz < beams.weakest_dbz] = np.nan
        speed = _velocity(site, elevation, beams, np.roll(grain, -(roll % _RAYS), axis=0))
        speed[np.isnan(dbz)] = np.nan
        azimuth = np.asarray((first_azimuth(site, number) + np.arange(_RAYS)) % 360.0, np.float64)
        cuts.append(Cut(elevation, azimuth, started_at + timedelta(seconds=number * site.cut_s), dbz, speed))
    return tuple(cuts)


def first_azimuth(site: RadarSite, cut: int) -> float:
    """Return where a cut begins; rays lie a degree apart from there, each with its center so."""
    return round((37.5 + 83.3 * cut + 11.7 * len(site.code)) % 360.0, 2)


def _read(near: Sheet, far: Sheet | None, beams: _Beams) -> Float32Array:
    cut = beams.near_gates
    height = beams.height_m
    part = Sheet(near.dbz.ravel()[beams.near], near.convective.ravel()[beams.near]).at_height(height[None, :cut])
    if far is None:
        return part
    rest = Sheet(far.dbz.ravel()[beams.far], far.convective.ravel()[beams.far]).at_height(height[None, cut:])
    return np.concatenate([part, rest], axis=1)


def _velocity(site: RadarSite, elevation_deg: float, beams: _Beams, noise: Float32Array) -> Float32Array:
    east_ms, north_ms = wind_ms(beams.height_m)
    radial = (beams.east * east_ms[None, :] + beams.north * north_ms[None, :]) * np.float32(
        np.cos(np.radians(elevation_deg))
    )
    radial += np.float32(1.1) * noise
    span = np.float32(2 * site.nyquist_ms)
    return np.asarray(radial - span * np.floor(radial / span + np.float32(0.5)), np.float32)


@lru_cache(maxsize=8)
def _planes(site: RadarSite) -> _Planes:
    reach = site.gate_m * site.gates / 1000 + 2
    x, y = to_km(np.float64(site.lon_deg), np.float64(site.lat_deg))
    near = _plane(float(x), float(y), min(reach, _FAR_FROM_KM + 2), _NEAR_CELL_KM)
    far = _plane(float(x), float(y), reach, _FAR_CELL_KM) if reach > _FAR_FROM_KM + 2 else None
    return _Planes(near, far)


def _plane(east_km: float, north_km: float, reach_km: float, cell_km: float) -> tuple[Float32Array, Float32Array]:
    half = int(np.ceil(reach_km / cell_km))
    steps = np.arange(-half, half + 1) * cell_km
    x, y = np.meshgrid(east_km + steps, north_km + steps)
    return x.astype(np.float32), y.astype(np.float32)


@lru_cache(maxsize=32)
def _beams(site: RadarSite, cut: int) -> _Beams:
    elevation = np.radians(site.elevations_deg[cut])
    slant = (np.arange(site.gates) + 0.5) * site.gate_m
    bent = _EARTH_M * 4 / 3
    height = np.sqrt(slant**2 + bent**2 + 2 * slant * bent * np.sin(elevation)) - bent + site.antenna_m
    ground = bent * np.arcsin(slant * np.cos(elevation) / (bent + height - site.antenna_m))
    azimuth = (first_azimuth(site, cut) + np.arange(_RAYS)) % 360.0
    lon0, lat0 = np.full((_RAYS, site.gates), site.lon_deg), np.full((_RAYS, site.gates), site.lat_deg)
    bearing, distance = np.broadcast_arrays(azimuth[:, None], ground[None, :])
    lon, lat, _ = Geod(ellps="WGS84").fwd(lon0, lat0, bearing, distance)
    x, y = to_km(np.asarray(lon), np.asarray(lat))
    near_gates = min(site.gates, int(np.searchsorted(ground, _FAR_FROM_KM * 1000)))
    planes = _planes(site)
    near = _cells(x[:, :near_gates], y[:, :near_gates], planes.near, _NEAR_CELL_KM)
    far = _cells(x[:, near_gates:], y[:, near_gates:], planes.far, _FAR_CELL_KM) if planes.far else near[:, :0]
    weakest = site.noise_dbz_1km + 20 * np.log10(slant / 1000)
    return _Beams(
        near, far, near_gates if planes.far else site.gates, height.astype(np.float32), np.maximum(weakest, -10.0)[None, :].astype(np.float32),
        np.sin(np.radians(azimuth))[:, None].astype(np.float32), np.cos(np.radians(azimuth))[:, None].astype(np.float32),
    )  # fmt: skip


def _cells(
    x: NDArray[np.float64], y: NDArray[np.float64], plane: tuple[Float32Array, Float32Array], cell_km: float
) -> NDArray[np.int32]:
    columns = plane[0].shape[1]
    column = np.rint((x - float(plane[0][0, 0])) / cell_km).astype(np.int32)
    row = np.rint((y - float(plane[1][0, 0])) / cell_km).astype(np.int32)
    return np.asarray(row * columns + column, np.int32)


@lru_cache(maxsize=8)
def _grain(code: str) -> Float32Array:
    """Return the unevenness of single gates, (rays, 512), mean 0 and deviation 1, the same in every volume."""
    seed = SEED + 70 + sum(map(ord, code))
    noise = Noise.from_seed(seed, cells=512, cell_km=1.0, longest_km=6.0, slope=0.3).table
    return np.asarray(noise[:_RAYS], np.float32)

"""What runs in the worker process: bytes of strangers are parsed here, away from the console."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.errors import DataError
from models.geodesy import distance_m, from_plane
from models.grid import GridArea
from models.radar.composite import plane_of, ppi, reflectivity_of
from models.radar.decoders import read
from models.radar.mosaic import Plane
from models.radar.product import Grid, Product, Role
from models.radar.rain_rate import rates_at, round_to_step
from models.radar.volume import Site, Volume

PPI_CELLS = 1200
SAME_PLACE_M = 10_000.0


@dataclass(frozen=True, slots=True, eq=False)
class RadarWish:
    """What the desk wants of a radar file: a plane on its area and rates at its points.

    ``steps`` maps a radar's code to its rhythm; a stranger gets ``default_step``.
    ``sites`` maps it to (lon, lat) in degrees, where the office has it stand.
    """

    area: GridArea
    lon_deg: NDArray[np.float64]
    lat_deg: NDArray[np.float64]
    steps: dict[str, timedelta]
    default_step: timedelta
    zr_a: float = 300.0
    zr_b: float = 1.4
    cap_dbz: float = 53.0
    sites: dict[str, tuple[float, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class RadarTaken:
    """A radar file that was read: who, when, and what it says of area and points.

    ``at`` is the volume time rounded to the radar's step. ``error`` names what is
    broken in a volume of which only whole cuts were kept: its plane is drawn,
    its rain is not counted. ``rates`` (points,) float32 mm/h is None where the
    file holds no reflectivity. ``sweeps`` says (elevation, moments) for the PPI.
    """

    path: Path
    site: Site
    format: str
    started_at: datetime
    at: datetime
    step: timedelta
    plane: Plane | None
    rates: NDArray[np.float32] | None
    sweeps: tuple[tuple[float, tuple[str, ...]], ...]
    error: Exception | None


def take_radar(path: Path, wish: RadarWish) -> RadarTaken:
    """Read one radar file and reduce it to what the console keeps.

    Raises
    ------
    DataError
        If nothing in the file can be used, or ``radar.elsewhere`` if it stands
        elsewhere than the office's radar of this code.
    """
    reading = read(path)
    if isinstance(reading, Grid):
        raise DataError("radar.no_one_radar", file=path.name, format=reading.format)
    _check_place(reading.site, wish, path.name)
    step = wish.steps.get(reading.site.code, wish.default_step)
    error = reading.error if isinstance(reading, Volume) else None
    if isinstance(reading, Volume):
        has_dbz = reading.scan != "rhi" and any(reflectivity_of(s) is not None for s in reading.sweeps)
    else:
        has_dbz = reading.role is Role.COMPOSITE
    return RadarTaken(
        path=path,
        site=reading.site,
        format=reading.format,
        started_at=reading.started_at,
        at=round_to_step(reading.started_at, step),
        step=step,
        plane=plane_of(reading, wish.area, step=step) if has_dbz else None,
        rates=_rates(reading, wish) if has_dbz and error is None else None,
        sweeps=tuple((s.elevation_deg, tuple(s.moments)) for s in reading.sweeps)
        if isinstance(reading, Volume)
        else (),
        error=error,
    )


def _check_place(site: Site, wish: RadarWish, file: str) -> None:
    """Refuse a stranger under a known code: it would take the place of what the true radar saw."""
    lon, lat = wish.sites.get(site.code, (site.lon_deg, site.lat_deg))
    away_m = float(distance_m(np.array([site.lon_deg]), np.array([site.lat_deg]), lon, lat)[0])
    if away_m > SAME_PLACE_M:
        facts = {"lon": f"{site.lon_deg:.3f}", "lat": f"{site.lat_deg:.3f}", "away_km": round(away_m / 1000)}
        raise DataError("radar.elsewhere", file=file, radar=site.code, **facts)


def _rates(reading: Volume | Product, wish: RadarWish) -> NDArray[np.float32]:
    return rates_at(reading, wish.lon_deg, wish.lat_deg, a=wish.zr_a, b=wish.zr_b, cap_dbz=wish.cap_dbz)


@dataclass(frozen=True, slots=True, eq=False)
class Ppi:
    """One sweep of one volume round its own radar, under its own time; ``codes`` (rows, columns) uint8."""

    site: Site
    at: datetime
    moment: str
    elevation_deg: float
    area: GridArea
    codes: NDArray[np.uint8]


def ppi_codes(path: Path, sweep: int, moment: str) -> Ppi:
    """Read one volume and lay one sweep on the map.

    Raises
    ------
    DataError
        ``radar.no_ppi`` if the file is a product, ``radar.no_such_sweep`` if the
        volume has no such sweep or the sweep no such moment.
    """
    reading = read(path)
    if not isinstance(reading, Volume):
        raise DataError("radar.no_ppi", file=path.name)
    if not 0 <= sweep < len(reading.sweeps) or moment not in reading.sweeps[sweep].moments:
        raise DataError("radar.no_such_sweep", radar=reading.site.code, sweep=sweep + 1, moment=moment)
    cut, site = reading.sweeps[sweep], reading.site
    data = cut.moments[moment]
    range_m = data.start_m + data.codes.shape[1] * data.gate_m
    half = np.array([-range_m, range_m])
    lon, _ = from_plane(half, np.zeros(2), center=(site.lon_deg, site.lat_deg))
    _, lat = from_plane(np.zeros(2), half, center=(site.lon_deg, site.lat_deg))
    area = GridArea.over(
        (float(lon[0]), float(lat[0]), float(lon[1]), float(lat[1])), max(100.0, 2 * range_m / PPI_CELLS)
    )
    return Ppi(site, cut.started_at, moment, cut.elevation_deg, area, ppi(reading, sweep, moment, area))


def put_away(path: Path, folder: Path) -> Path:
    """Move a file into a folder; a name that is taken there gets a number."""
    folder.mkdir(parents=True, exist_ok=True)
    target, count = folder / path.name, 1
    while target.exists():
        target, count = folder / f"{path.stem}.{count}{path.suffix}", count + 1
    shutil.move(path, target)
    return target

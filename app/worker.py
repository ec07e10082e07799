"""What runs in the worker process: bytes of strangers are parsed here, away from the console."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.grid import GridArea
from models.radar.composite import plane_of, ppi
from models.radar.decoders import read
from models.radar.mosaic import Plane
from models.radar.rain_rate import rates_at, round_to_step
from models.radar.volume import Reading, Site, Volume


@dataclass(frozen=True, slots=True, eq=False)
class RadarWish:
    """What the desk wants of a radar file: a plane on its area and rates at its points.

    ``steps`` maps a radar's code to its rhythm; a stranger gets ``default_step``.
    """

    area: GridArea
    lon_deg: NDArray[np.float64]
    lat_deg: NDArray[np.float64]
    steps: dict[str, timedelta]
    default_step: timedelta


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


def read_radar(path: Path) -> Reading:
    """Read one radar file; see `models.radar.decoders.read`."""
    return read(path)


def take_radar(path: Path, wish: RadarWish) -> RadarTaken:
    """Read one radar file and reduce it to what the console keeps.

    Raises
    ------
    DataError
        If nothing in the file can be used.
    """
    reading = read(path)
    step = wish.steps.get(reading.site.code, wish.default_step)
    volume = isinstance(reading, Volume)
    error = reading.error if isinstance(reading, Volume) else None
    reflectivity = not isinstance(reading, Volume) or any("dBZ" in s.moments for s in reading.sweeps)
    reflectivity = reflectivity and (volume or getattr(reading, "unit", "") == "dBZ")
    return RadarTaken(
        path=path,
        site=reading.site,
        format=reading.format,
        started_at=reading.started_at,
        at=round_to_step(reading.started_at, step),
        step=step,
        plane=plane_of(reading, wish.area, step=step) if reflectivity else None,
        rates=rates_at(reading, wish.lon_deg, wish.lat_deg) if reflectivity and error is None else None,
        sweeps=tuple((s.elevation_deg, tuple(s.moments)) for s in reading.sweeps)
        if isinstance(reading, Volume)
        else (),
        error=error,
    )


def ppi_codes(path: Path, sweep: int, moment: str, area: GridArea) -> tuple[Site, datetime, float, NDArray[np.uint8]]:
    """Read one volume and lay one sweep on an area; returns (site, time, elevation, codes)."""
    reading = read(path)
    if not isinstance(reading, Volume):
        from models.errors import DataError  # noqa: PLC0415

        raise DataError("radar.no_ppi", file=path.name)
    cut = reading.sweeps[sweep]
    return reading.site, cut.started_at, cut.elevation_deg, ppi(reading, sweep, moment, area)


def put_away(path: Path, folder: Path) -> Path:
    """Move a file into a folder; a name that is taken there gets a number."""
    folder.mkdir(parents=True, exist_ok=True)
    target, count = folder / path.name, 1
    while target.exists():
        target, count = folder / f"{path.stem}.{count}{path.suffix}", count + 1
    shutil.move(path, target)
    return target

"""What runs in the worker process: bytes of strangers are parsed here, away from the console."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.errors import DataError
from models.radar.decoders import read
from models.radar.footprint import Footprint
from models.radar.oddity import Oddity
from models.radar.polar import Blockage, footprint_of
from models.radar.ppi import PpiSweep, ppi_of, ppi_of_radial
from models.radar.product import Grid, Product, Reading, Role
from models.radar.proven import is_unproven
from models.radar.quantity import CR, Kind, Quantity
from models.radar.rain_rate import rates_at, round_to_step
from models.radar.rays import reflectivity_of
from models.radar.register import Register, check_site, shipped
from models.radar.sight.site_view import ScanCut, cuts_of_scan
from models.radar.storms import StormList, storm_list
from models.radar.volume import Site, Volume


@dataclass(frozen=True, slots=True, eq=False)
class RadarWish:
    """What the desk wants of a radar file: what it says of a quantity, and rates at the points.

    ``steps`` maps a radar's code to its rhythm; a stranger gets ``default_step``.
    ``register`` says where radars stand, the office's own before the shipped ones.
    """

    lon_deg: NDArray[np.float64]
    lat_deg: NDArray[np.float64]
    steps: dict[str, timedelta]
    default_step: timedelta
    zr_a: float = 300.0
    zr_b: float = 1.4
    cap_dbz: float = 53.0
    register: Register = field(default_factory=shipped)
    quantity: Quantity = CR
    blockage: Blockage | None = None


@dataclass(frozen=True, slots=True, eq=False)
class RadarTaken:
    """A radar file that was read: who, when, and what it says round itself and at the points.

    ``at`` is the volume time rounded to the radar's step. ``error`` names what is
    broken in a volume of which only whole cuts were kept: its echoes are drawn,
    its rain is not counted. ``notice`` is what to tell of a file that was taken whole.
    ``footprint`` and ``rates`` (points,) float32 mm/h are None where the file holds no reflectivity. ``sweeps`` says (elevation, moments) for the PPI, ``scan`` where
    the antenna looked. ``oddities`` are what is strange about the file, `models.radar.oddity_weight` says
    which of them matter; ``unproven`` is whether its layout was never checked on a real file. ``storms`` is
    what a product of tracks, hail or rotation lists.
    """

    path: Path
    site: Site
    format: str
    layout: str
    started_at: datetime
    at: datetime
    step: timedelta
    footprint: Footprint | None
    rates: NDArray[np.float32] | None
    sweeps: tuple[tuple[float, tuple[str, ...]], ...]
    error: Exception | None
    notice: DataError | None = None
    scan: tuple[ScanCut, ...] = ()
    oddities: tuple[Oddity, ...] = ()
    unproven: bool = False
    storms: StormList | None = None


def read_named(path: Path, register: Register | None) -> Reading:
    """Read a file; its radar has the register's name from here on, whatever its own files call it.

    Raises
    ------
    DataError
        If nothing in the file can be used.
    """
    reading = read(path, register=register)
    return reading if register is None else register.named(reading)


def take_radar(path: Path, wish: RadarWish) -> RadarTaken:
    """Read one radar file and reduce it to what the console keeps.

    Raises
    ------
    DataError
        If nothing in the file can be used, ``radar.no_site`` if nobody knows where it stands,
        or ``radar.elsewhere`` if it stands elsewhere than the register's radar of this code.
    """
    reading = read_named(path, wish.register)
    if isinstance(reading, Grid):
        raise DataError("radar.no_one_radar", file=path.name, format=reading.format)
    notice = _check_place(reading, wish, path.name)
    reading = _with_code(reading)
    step = wish.steps.get(reading.site.code, wish.default_step)
    error = reading.error if isinstance(reading, Volume) else None
    if isinstance(reading, Volume):
        has_dbz = reading.scan != "rhi" and any(reflectivity_of(s) is not None for s in reading.sweeps)
    else:
        has_dbz = reading.role is Role.COMPOSITE and wish.quantity.kind is Kind.COMPOSITE
    return RadarTaken(
        path=path,
        site=reading.site,
        format=reading.format,
        layout=reading.layout,
        started_at=reading.started_at,
        at=round_to_step(reading.started_at, step),
        step=step,
        footprint=footprint_of(reading, step=step, quantity=wish.quantity, blockage=wish.blockage) if has_dbz else None,
        rates=_rates(reading, wish) if has_dbz and error is None else None,
        sweeps=tuple((s.elevation_deg, tuple(s.moments)) for s in reading.sweeps)
        if isinstance(reading, Volume)
        else (),
        error=error,
        notice=notice,
        scan=cuts_of_scan(reading) if isinstance(reading, Volume) and error is None else (),
        oddities=tuple(oddity for oddity in reading.oddities if isinstance(oddity, Oddity)),
        unproven=is_unproven(reading.layout),
        storms=storm_list(reading) if isinstance(reading, Product) else None,
    )


def _with_code(reading: Volume | Product) -> Volume | Product:
    """Return a reading whose radar has a code: that of its place where neither file nor name says one.

    Two radars without a code would else be one, and take turns in the picture.
    """
    if reading.site.code or not reading.site.placed:
        return reading
    site = replace(reading.site, code=f"{reading.site.lon_deg:.2f}E{reading.site.lat_deg:.2f}N")
    oddities = (*reading.oddities, Oddity("radar.odd.code_of_place", code=site.code))
    if isinstance(reading, Volume):
        return replace(reading, site=site, oddities=oddities)
    return replace(reading, site=site, oddities=oddities)


def _check_place(reading: Volume | Product, wish: RadarWish, file: str) -> DataError | None:
    """Refuse what has no place and a stranger under a known code; return what to tell of code and place."""
    return check_site(reading, wish.register, file)


def _rates(reading: Volume | Product, wish: RadarWish) -> NDArray[np.float32]:
    return rates_at(reading, wish.lon_deg, wish.lat_deg, a=wish.zr_a, b=wish.zr_b, cap_dbz=wish.cap_dbz)


def field_in(path: Path, wish: RadarWish) -> Footprint | None:
    """Read one radar file again for another quantity; None if the file cannot say anything of it.

    Raises
    ------
    DataError
        If nothing in the file can be used.
    """
    reading = read_named(path, wish.register)
    if not isinstance(reading, Volume) and (isinstance(reading, Grid) or wish.quantity.kind is not Kind.COMPOSITE):
        return None
    reading = _with_code(reading)
    step = wish.steps.get(reading.site.code, wish.default_step)
    return footprint_of(reading, step=step, quantity=wish.quantity, blockage=wish.blockage)


def sweep_in(path: Path, sweep: int, moment: str, register: Register | None = None) -> PpiSweep:
    """Read one volume, or a product that is one sweep, and return one moment of one sweep.

    Raises
    ------
    DataError
        ``radar.no_ppi`` if the file holds no sweep, ``radar.no_such_sweep`` if the
        volume has no such sweep or the sweep no such moment, ``radar.no_site`` if nobody knows its place.
    """
    reading = read_named(path, register)
    if isinstance(reading, Product) and reading.radials and reading.site.placed:
        radial = reading.radials[min(sweep, len(reading.radials) - 1)]
        return replace(ppi_of_radial(radial, reading.site, reading.started_at), layout=reading.layout)
    if not isinstance(reading, Volume):
        raise DataError("radar.no_ppi", file=path.name)
    return replace(ppi_of(reading, sweep, moment), layout=reading.layout)


def put_away(path: Path, folder: Path) -> Path:
    """Move a file into a folder, where its name is still free."""
    folder.mkdir(parents=True, exist_ok=True)
    target = free_place(path, folder)
    shutil.move(path, target)
    return target


def free_place(path: Path, folder: Path) -> Path:
    """Return where a file can lie in a folder; a name that is taken there gets a number."""
    target, count = folder / path.name, 1
    while target.exists():
        target, count = folder / f"{path.stem}.{count}{path.suffix}", count + 1
    return target

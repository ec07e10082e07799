"""What runs in the worker process for upright pictures: a volume's cuts, one column of it, an RHI."""

from __future__ import annotations

from pathlib import Path

from app.worker.worker import read_named
from models.errors import DataError
from models.radar.register import Register
from models.radar.rhi import rhi_of
from models.radar.section import Section
from models.radar.stack_of_cuts import Column, Stack, column_at, cuts_round
from models.radar.volume import Volume


def stack_in(path: Path, register: Register) -> Stack:
    """Read a volume and return its cuts round the radar.

    Raises
    ------
    DataError
        If nothing in the file can be used, or it is no volume with reflectivity.
    """
    return cuts_round(_volume_in(path, register))


def column_in(path: Path, lon_deg: float, lat_deg: float, register: Register) -> Column:
    """Read a volume and return what its beams say above a place.

    Raises
    ------
    DataError
        As `stack_in` has it.
    """
    return column_at(stack_in(path, register), lon_deg, lat_deg)


def rhi_in(path: Path, sweep: int, register: Register) -> Section:
    """Read an RHI and return one of its sweeps as a section.

    Raises
    ------
    DataError
        If nothing in the file can be used, or it is no RHI.
    """
    return rhi_of(_volume_in(path, register), sweep)


def _volume_in(path: Path, register: Register) -> Volume:
    reading = read_named(path, register)
    if not isinstance(reading, Volume):
        raise DataError("radar.no_reflectivity", file=path.name)
    return reading

"""A volume scan as recorded: sweeps of rays in the codes of their file."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

CodeArray = NDArray[np.uint8] | NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class Site:
    """A radar's place. ``altitude_m`` is the antenna's height above sea level, NaN if unknown.

    ``lon_deg`` and ``lat_deg`` are NaN where neither the file nor the radar register knows
    the place: such a reading can be looked at, but it has no place on a map.
    """

    code: str
    name: str
    lon_deg: float
    lat_deg: float
    altitude_m: float

    @property
    def placed(self) -> bool:
        """Whether the place is known."""
        return math.isfinite(self.lon_deg) and math.isfinite(self.lat_deg)


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """One moment of a sweep in the codes of its file.

    ``codes`` is (rays, gates) uint8 or uint16; ``value = (code - offset) / scale``
    for codes of ``first_valid`` and more; below that a code says why there is
    no value (0 below threshold, 1 range folded, 2 not scanned).
    """

    name: str
    codes: CodeArray
    scale: float
    offset: float
    gate_m: float
    start_m: float = 0.0
    first_valid: int = 5

    def values(self) -> NDArray[np.float32]:
        """Return (rays, gates) float32 in the moment's unit, NaN where the code is no value."""
        out = (self.codes.astype(np.float32) - np.float32(self.offset)) / np.float32(self.scale)
        out[self.codes < self.first_valid] = np.nan
        return out


@dataclass(frozen=True, slots=True, eq=False)
class Sweep:
    """One cut as recorded: rays in their order in time.

    ``azimuth_deg`` (rays,) float32; ``blanked`` (rays,) bool is True where the
    transmitter was off, which is *not scanned*, never *no echo*.
    """

    number: int
    elevation_deg: float
    azimuth_deg: NDArray[np.float32]
    ray_elevation_deg: NDArray[np.float32]
    blanked: NDArray[np.bool_]
    moments: dict[str, Moment]
    started_at: datetime
    nyquist_ms: float = math.nan


@dataclass(frozen=True, slots=True, eq=False)
class Volume:
    """A volume scan: the whole sweeps that were read.

    ``announced`` is how many cuts the header promises; ``error`` names place and
    cause where the file is broken, with the whole cuts still in ``sweeps``.
    ``scan`` is how the antenna moved: ``volume``, ``ppi``, ``rhi``, ``sector``,
    ``manual`` or ``unknown``. ``layout`` is the key of the byte layout, which
    `models.radar.proven` knows. ``calibration`` holds what the file says of it, by
    names that end in their unit (``horizontal_db``, ``noise_horizontal_dbm`` ...).
    """

    format: str
    layout: str
    site: Site
    started_at: datetime
    sweeps: tuple[Sweep, ...]
    announced: int
    task: str = ""
    frequency_mhz: float = math.nan
    beam_width_deg: float = math.nan
    calibration: dict[str, float] = field(default_factory=dict)
    oddities: tuple[str, ...] = ()
    error: Exception | None = None
    scan: str = "volume"

    @property
    def complete(self) -> bool:
        return self.error is None

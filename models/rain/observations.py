"""Rain as it arrives: gauges, their reports, and radar rates at the points."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Gauge:
    """A rain gauge (雨量站)."""

    id: str
    name: str
    lon_deg: float
    lat_deg: float
    town: str = ""


@dataclass(frozen=True, slots=True)
class GaugeReport:
    """Rain of the ``minutes`` up to ``at``, in mm."""

    gauge_id: str
    at: datetime
    minutes: int
    rain_mm: float


@dataclass(frozen=True, slots=True, eq=False)
class PointRates:
    """What one radar frame says of every point.

    ``rates`` (points,) float32 mm/h, NaN where the radar does not see the point;
    a frame's rate holds for ``step`` up to ``at`` (already rounded to the step).
    ``radar`` names the source; ``sum`` marks an archived hourly sum.
    """

    radar: str
    at: datetime
    step: timedelta
    rates: NDArray[np.float32]
    is_sum: bool = False

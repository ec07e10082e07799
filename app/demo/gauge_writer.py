"""Rain reports of the exercise: the storm's truth as gauges and the archive saw it.

A gauge tips at every tenth of a millimeter and errs by some per cent; the
archived hourly sums know only what a radar of the exercise could see.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.demo.cma_writer import put
from app.demo.gauges import gauges, is_silent
from app.demo.geotiff import write_grid
from app.demo.radars import RADARS, seen_by
from app.demo.scene import EARLIER_RAIN_AT, HALF_HEIGHT_KM, HALF_WIDTH_KM, HISTORY_AT, SEED, to_lonlat
from app.demo.storm import rain_rate
from models.geodesy import FloatArray
from models.rain.observations import Gauge

_HEAD = "station,time,rain_mm,minutes\n"
_TIP_MM = 0.1
_STEP_MIN = 5
STEP = timedelta(minutes=_STEP_MIN)
_SUM_CELL_DEG = 0.005
_SUM_STEP = timedelta(minutes=5)


def report_times(after: datetime, until: datetime) -> tuple[datetime, ...]:
    """Return the moments after ``after`` up to and with ``until`` at which the gauges report."""
    count = int((after - EARLIER_RAIN_AT) / STEP) + 1
    times = []
    while EARLIER_RAIN_AT + count * STEP <= until:
        times.append(EARLIER_RAIN_AT + count * STEP)
        count += 1
    return tuple(times)


def reports_csv(times: Sequence[datetime]) -> str:
    """Return the reports of all gauges that speak at these moments, as an office hands them in."""
    rows = [_HEAD]
    for at in times:
        stamp = at.isoformat()
        rows += [f"{gauge.id},{stamp},{mm:.1f},{_STEP_MIN}\n" for gauge, mm in _reports(at)]
    return "".join(rows)


def write_reports(at: datetime, folder: Path) -> Path:
    """Write the reports of one moment into ``folder``; return the file's path."""
    path = folder / reports_name(at)
    put(path, reports_csv([at]).encode())
    return path


def reports_name(at: datetime) -> str:
    """Return the name of the file of one moment."""
    return f"gauges_{at:%Y%m%dT%H%MZ}.csv"


def write_earlier_reports(folder: Path) -> Path:
    """Write all reports from the evening up to the first volumes as one file; return its path."""
    path = folder / f"gauges_{EARLIER_RAIN_AT:%Y%m%dT%H%MZ}_{HISTORY_AT:%Y%m%dT%H%MZ}.csv"
    put(path, reports_csv(report_times(EARLIER_RAIN_AT, HISTORY_AT)).encode())
    return path


def hour_ends() -> tuple[datetime, ...]:
    """Return the ends of the six archived hours before the first volumes."""
    return tuple(HISTORY_AT - timedelta(hours=n) for n in range(5, -1, -1))


def sum_name(end_at: datetime) -> str:
    """Return the name of the archived sum of the hour that ends then."""
    return f"rain_sum_{end_at:%Y%m%dT%H%MZ}_60.tif"


def write_hour_sum(end_at: datetime, folder: Path) -> Path:
    """Write the radar rain of one hour as a GeoTIFF in mm, NaN where no radar saw; return its path."""
    west, north, lon, lat, seen = _sum_grid()
    total = np.zeros(lon.shape, np.float32)
    steps = int(timedelta(hours=1) / _SUM_STEP)
    for n in range(steps):
        total += rain_rate(lon, lat, end_at - (n + 0.5) * _SUM_STEP) / np.float32(steps)
    tags = {
        "PRODUCT": "rain_sum",
        "TIME": end_at.isoformat(),
        "MINUTES": "60",
        "UNIT": "mm",
        "RADARS": ",".join(r.code for r in RADARS),
    }
    values = np.where(seen, total, np.float32(np.nan)).astype(np.float32)
    return write_grid(
        folder / sum_name(end_at),
        values,
        west_deg=west,
        north_deg=north,
        cell_deg=(_SUM_CELL_DEG, _SUM_CELL_DEG),
        tags=tags,
    )


def true_rain_mm(lon_deg: FloatArray, lat_deg: FloatArray, end_at: datetime, minutes: int) -> FloatArray:
    """Return the true rain of the minutes up to ``end_at`` in mm, each minute by its middle."""
    total = np.zeros(np.asarray(lon_deg).shape)
    for n in range(minutes):
        total += rain_rate(lon_deg, lat_deg, end_at - timedelta(minutes=n + 0.5)) / 60
    return total


def _reports(at: datetime) -> list[tuple[Gauge, float]]:
    now, before = _caught_mm(at), _caught_mm(at - STEP)
    return [
        (gauge, (math.floor(now[n] / _TIP_MM + 1e-9) - math.floor(before[n] / _TIP_MM + 1e-9)) * _TIP_MM)
        for n, gauge in enumerate(gauges())
        if not is_silent(gauge.id, at)
    ]


@lru_cache(maxsize=256)
def _caught_mm(at: datetime) -> NDArray[np.float64]:
    """Return what each gauge's bucket has caught since the evening, in mm."""
    count = int((at - EARLIER_RAIN_AT) / STEP)
    if count <= 0:
        return np.random.default_rng(SEED + 80).uniform(0, _TIP_MM, len(gauges()))
    return np.asarray(_caught_mm(at - STEP) + _fall_mm(count), float)


def _fall_mm(count: int) -> NDArray[np.float64]:
    """Return what falls into each gauge in one step of five minutes, with the gauge's own error."""
    lon = np.array([g.lon_deg for g in gauges()])
    lat = np.array([g.lat_deg for g in gauges()])
    rng = np.random.default_rng([SEED + 81, count])
    own = np.random.default_rng(SEED + 82).normal(1.0, 0.035, lon.size)
    rain = true_rain_mm(lon, lat, EARLIER_RAIN_AT + count * STEP, _STEP_MIN)
    return np.asarray(rain * own * np.clip(rng.normal(1.0, 0.05, lon.size), 0.8, 1.2), float)


@lru_cache(maxsize=1)
def _sum_grid() -> tuple[float, float, FloatArray, FloatArray, NDArray[np.bool_]]:
    west, south = (float(v) for v in to_lonlat(np.float64(-HALF_WIDTH_KM + 8), np.float64(-HALF_HEIGHT_KM + 8)))
    east, north = (float(v) for v in to_lonlat(np.float64(HALF_WIDTH_KM - 8), np.float64(HALF_HEIGHT_KM - 8)))
    west, north = round(west, 2), round(north, 2)
    x = np.arange(west + _SUM_CELL_DEG / 2, east, _SUM_CELL_DEG)
    y = np.arange(north - _SUM_CELL_DEG / 2, south, -_SUM_CELL_DEG)
    lon, lat = np.meshgrid(x, y)
    seen = np.any([seen_by(site, lon, lat) for site in RADARS], axis=0)
    return west, north, lon, lat, np.asarray(seen, np.bool_)

"""Gauge reports spread over the minutes they stand for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from models.geodesy import FloatArray
from models.rain.observations import Gauge, GaugeReport

SILENT_AFTER_MIN = 20
"""A gauge is silent when nothing has come for so long, or for two of its own intervals."""

LONGEST_REPORT_MIN = 24 * 60
_IntArray = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class GaugeMinutes:
    """Rain of each gauge in the last minutes, the newest first.

    ``rain_mm`` (gauges, minutes) float64, NaN where no report covers the minute;
    ``silent`` (gauges,) bool.
    """

    ids: tuple[str, ...]
    rain_mm: FloatArray
    silent: NDArray[np.bool_]

    def window(self, minutes: int) -> tuple[FloatArray, FloatArray]:
        """Return rain in mm, NaN where nothing has arrived, and coverage 0..1 of the last minutes; (gauges,) each."""
        part = self.rain_mm[:, :minutes]
        there = np.count_nonzero(~np.isnan(part), axis=1)
        return np.where(there > 0, np.nansum(part, axis=1), np.nan), there / minutes


def gauge_minutes(
    gauges: Sequence[Gauge], reports: Sequence[GaugeReport], end_at: datetime, minutes: int
) -> GaugeMinutes:
    """Return the gauges' rain minute by minute.

    Notes
    -----
    A report's rain lies evenly on its minutes. Where reports of one gauge
    overlap, the shorter one is the finer truth: the longer gives its minutes
    only what the shorter ones inside it leave over, never less than nothing, so
    that an hourly sum beside five-minute reports is not counted twice and not
    lost. Of two reports of one length and time the later in the list holds.
    """
    ids = tuple(g.id for g in gauges)
    place = {id_: i for i, id_ in enumerate(ids)}
    longest = max((min(r.minutes, LONGEST_REPORT_MIN) for r in reports), default=0)
    width = minutes + longest
    rain = np.full((len(ids), width), np.nan)
    silent = np.ones(len(ids), np.bool_)
    end_s = end_at.timestamp()
    latest: dict[tuple[int, int, int], float] = {}
    for report in reports:
        row = place.get(report.gauge_id)
        if row is None or not 0 < report.minutes <= LONGEST_REPORT_MIN or not report.rain_mm >= 0:
            continue
        ago = -int((report.at.timestamp() - end_s + 1e-6) // 60)
        if -report.minutes < ago < minutes:
            latest[row, ago, report.minutes] = report.rain_mm
    if latest:
        keys = np.array(list(latest), dtype=np.intp)
        values = np.array(list(latest.values()), dtype=np.float64)
        _hear(silent, keys)
        for length in sorted(set(keys[:, 2].tolist())):
            chosen = np.flatnonzero(keys[:, 2] == length)
            chosen = chosen[np.lexsort((-keys[chosen, 1], keys[chosen, 0]))]
            _spread(rain, keys[chosen, 0], keys[chosen, 1], length, values[chosen])
    return GaugeMinutes(ids, rain[:, :minutes], silent)


def _hear(silent: NDArray[np.bool_], keys: _IntArray) -> None:
    """Clear the mark of each gauge that has spoken lately for its own rhythm."""
    patience = np.maximum(SILENT_AFTER_MIN, 2 * keys[:, 2])
    silent[keys[keys[:, 1] <= patience, 0]] = False


def _spread(rain: FloatArray, rows: _IntArray, ago: _IntArray, length: int, values: FloatArray) -> None:
    """Lay reports of one length on their minutes, in turns where they overlap each other."""
    same_row = rows[1:] == rows[:-1]
    overlaps = same_row & (ago[:-1] - ago[1:] < length)
    if not overlaps.any():
        _lay(rain, rows, ago, length, values)
        return
    turn = np.zeros(len(rows), dtype=np.intp)
    for i in np.flatnonzero(overlaps).tolist():
        turn[i + 1] = turn[i] + 1
    for step in range(int(turn.max()) + 1):
        pick = turn == step
        _lay(rain, rows[pick], ago[pick], length, values[pick])


def _lay(rain: FloatArray, rows: _IntArray, ago: _IntArray, length: int, values: FloatArray) -> None:
    """Lay reports that do not overlap each other; minutes after the end of the matrix share, but are not kept."""
    columns = ago[:, None] + np.arange(length)[None, :]
    inside = columns >= 0
    at = (rows[:, None], np.where(inside, columns, 0))
    known = np.where(inside, rain[at], np.nan)
    free = np.isnan(known)
    count = free.sum(axis=1)
    left = np.maximum(values - np.nansum(known, axis=1), 0.0)
    share = np.divide(left, count, out=np.zeros_like(left), where=count > 0)
    write = free & inside
    where_rows = np.broadcast_to(rows[:, None], columns.shape)[write]
    rain[where_rows, columns[write]] = np.broadcast_to(share[:, None], columns.shape)[write]

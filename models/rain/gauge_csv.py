"""Reads gauge reports: ``station,time,rain_mm,minutes``, rain of the ``minutes`` up to ``time``."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping
from datetime import UTC, datetime

from models.errors import DataError
from models.rain.observations import GaugeReport

LARGEST_BYTES = 5_000_000
_COLUMNS = ("station", "time", "rain_mm", "minutes")
_MOST_MINUTES = 24 * 60
_MOST_RAIN_MM = 1_500.0


class _RowError(Exception):
    """One cell that cannot be used: its field, and why in both languages."""

    def __init__(self, field: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.field, self.zh, self.en = field, zh, en


def read_gauges(data: bytes) -> tuple[GaugeReport, ...]:
    """Read a gauge CSV, in its order.

    Parameters
    ----------
    data : bytes
        UTF-8 (with or without mark) or GB18030. Times carry a zone; columns may
        stand in any order, and others are ignored.

    Raises
    ------
    DataError
        ``gauge_csv.*``: a missing column, or rows that cannot be used; the
        first is named with line, field and cause, and none is taken.
    """
    if len(data) > LARGEST_BYTES:
        raise DataError("gauge_csv.too_large", most=LARGEST_BYTES)
    rows = csv.DictReader(io.StringIO(_text(data), newline=""), skipinitialspace=True)
    out: list[GaugeReport] = []
    bad: list[tuple[int, _RowError]] = []
    try:
        header = [(name or "").strip().lower() for name in rows.fieldnames or ()]
        for column in _COLUMNS:
            if column not in header:
                raise DataError("gauge_csv.column", column=column)
        rows.fieldnames = header
        for row in rows:
            try:
                out.append(_report(row))
            except _RowError as wrong:
                bad.append((rows.line_num, wrong))
    except csv.Error as broken:
        raise DataError("gauge_csv.broken", cause=str(broken)) from broken
    if bad:
        line, first = bad[0]
        raise DataError(
            "gauge_csv.rows", count=len(bad), line=line, field=first.field, cause_zh=first.zh, cause_en=first.en
        )
    return tuple(out)


def _text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DataError("gauge_csv.encoding")


def _report(row: Mapping[str, str | None]) -> GaugeReport:
    station = (row["station"] or "").strip()
    if not station:
        raise _RowError("station", "站号是空的。", "the station is empty.")
    minutes = _number(row, "minutes", 1, _MOST_MINUTES)
    if minutes != int(minutes):
        raise _RowError("minutes", "须是整数分钟。", "must be whole minutes.")
    return GaugeReport(station, _moment(row), int(minutes), _number(row, "rain_mm", 0, _MOST_RAIN_MM))


def _number(row: Mapping[str, str | None], field: str, least: float, most: float) -> float:
    text = (row[field] or "").strip()
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not least <= value <= most:
        raise _RowError(
            field, f"“{text}”不是 {least:g} 到 {most:g} 的数。", f'"{text}" is no number of {least:g} to {most:g}.'
        )
    return value


def _moment(row: Mapping[str, str | None]) -> datetime:
    text = (row["time"] or "").strip()
    at: datetime | None
    try:
        at = datetime.fromisoformat(text)
        at = at.astimezone(UTC) if at.tzinfo is not None else None
    except (ValueError, OverflowError):  # the year 1 east of Greenwich has no UTC
        at = None
    if at is None:
        raise _RowError("time", f"“{text}”不是带时区的时间。", f'"{text}" is no time with a zone.')
    return at

"""Gauge files: whole or named by line, field and cause."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from models.errors import DataError
from models.rain.gauge_csv import read_gauges
from models.rain.observations import GaugeReport


def test_reports_are_read_in_their_order_with_times_in_utc() -> None:
    data = "station,time,rain_mm,minutes\nG1,2026-06-18T03:00:00+08:00,1.5,5\n石坑, 2026-06-17T19:05:00Z ,0,5\n"
    assert read_gauges(data.encode()) == (
        GaugeReport("G1", datetime(2026, 6, 17, 19, 0, tzinfo=UTC), 5, 1.5),
        GaugeReport("石坑", datetime(2026, 6, 17, 19, 5, tzinfo=UTC), 5, 0.0),
    )


def test_columns_may_stand_in_any_order_and_others_are_ignored() -> None:
    data = "battery,minutes,rain_mm,time,Station\n12.1,60,3.2,2026-06-18T03:00:00+08:00,G1\n"
    (report,) = read_gauges(data.encode("gb18030"))
    assert (report.gauge_id, report.minutes, report.rain_mm) == ("G1", 60, 3.2)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(DataError) as caught:
        read_gauges(b"station,time,minutes\n")
    assert caught.value.code == "gauge_csv.column"
    assert "rain_mm" in caught.value.sentence("zh")


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (",2026-06-18T03:00:00+08:00,1,5", "station"),
        ("G1,2026-06-18T03:00:00,1,5", "time"),
        ("G1,yesterday,1,5", "time"),
        ("G1,2026-06-18T03:00:00+08:00,-1,5", "rain_mm"),
        ("G1,2026-06-18T03:00:00+08:00,nan,5", "rain_mm"),
        ("G1,2026-06-18T03:00:00+08:00,9999,5", "rain_mm"),
        ("G1,2026-06-18T03:00:00+08:00,1,0", "minutes"),
        ("G1,2026-06-18T03:00:00+08:00,1,2.5", "minutes"),
        ("G1,2026-06-18T03:00:00+08:00", "minutes"),
    ],
)
def test_a_bad_row_is_named_by_line_and_field_and_nothing_is_taken(row: str, field: str) -> None:
    good = "G1,2026-06-18T03:00:00+08:00,1,5"
    with pytest.raises(DataError) as caught:
        read_gauges(f"station,time,rain_mm,minutes\n{good}\n{row}\n".encode())
    assert (caught.value.code, caught.value.facts["line"], caught.value.facts["field"]) == ("gauge_csv.rows", 3, field)
    assert "{" not in caught.value.sentence("zh")


def test_a_file_of_bytes_that_are_no_text_is_refused() -> None:
    with pytest.raises(DataError, match="neither"):
        read_gauges(b"\xff\xff\xff\x81")


def test_an_empty_file_has_no_columns() -> None:
    with pytest.raises(DataError, match="station"):
        read_gauges(b"")

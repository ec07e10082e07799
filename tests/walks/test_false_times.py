"""Data under a wrong time, files exchanged under the hand, a flood of files, a restart between two storms."""

from __future__ import annotations

import bz2
import os
import struct
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

from app.demo.scene import OPENING_AT
from app.feed.feed_items import FeedItem, FeedState
from app.feed.inbox_look import put_away_unchanged, seen
from app.office import Office, open_office
from models.hazard.level import Level
from models.rain.observations import PointRates
from models.store import journal, observations
from tests.walks.open_console import OpenConsole, open_console

pytestmark = pytest.mark.xdist_group("false_times")
STEP = timedelta(minutes=6)


@pytest.fixture
def desk(quiet_office: Callable[[Path], Office], tmp_path: Path) -> Iterator[OpenConsole]:
    with open_console(quiet_office(tmp_path / "office"), OPENING_AT) as opened:
        yield opened


def put(desk: OpenConsole, name: str, data: bytes) -> None:
    part = desk.console.office.inbox / ".part"
    part.write_bytes(data)
    part.rename(desk.console.office.inbox / name)
    desk.until(lambda: any(i.name == name and i.state is not FeedState.READING for i in desk.console.feed.items))
    desk.settle()


def item(desk: OpenConsole, name: str) -> FeedItem:
    return next(i for i in desk.console.feed.items if i.name == name)


def rain_sum(path: Path, at: str, lon: float, lat: float) -> bytes:
    """Half a meter of rain in an hour, everywhere."""
    grid = np.full((300, 300), 500.0, np.float32)
    place = {"crs": "EPSG:4326", "transform": from_origin(lon - 3, lat + 3, 0.02, 0.02)}
    with rasterio.open(path, "w", driver="GTiff", width=300, height=300, count=1, dtype="float32", **place) as file:
        file.write(grid, 1)
        file.update_tags(PRODUCT="rain_sum", TIME=at, MINUTES="60", UNIT="mm")
    return path.read_bytes()


@pytest.mark.parametrize("at", ["1990-06-01T00:00:00+00:00", "2099-06-01T00:00:00+00:00"])
def test_rain_of_another_time_raises_no_alarm_and_is_named(desk: OpenConsole, tmp_path: Path, at: str) -> None:
    point = desk.console.alarms.points[0]
    put(desk, "sum.tif", rain_sum(tmp_path / "sum.tif", at, point.lon_deg, point.lat_deg))
    assert not desk.console.alarms.alarms
    assert item(desk, "sum.tif").state is FeedState.REFUSED
    assert at[:10] in str(item(desk, "sum.tif").error)


def test_a_gauge_whose_clock_runs_ahead_is_named_and_the_others_count(desk: OpenConsole) -> None:
    alarms = desk.console.alarms
    ahead, good = alarms.gauges[0].id, alarms.gauges[1].id
    rows = f"{ahead},2099-01-01T00:00:00Z,90,60\n{good},{OPENING_AT.isoformat()},1,5\n"
    put(desk, "g.csv", b"station,time,rain_mm,minutes\n" + rows.encode())
    assert {r.gauge_id for r in alarms.reports} == {good}
    assert item(desk, "g.csv").state is FeedState.INCOMPLETE
    assert ahead in str(item(desk, "g.csv").error)
    lines = desk.console.store.read(lambda db: journal.of_subject(db, "feed:g.csv"))
    assert [line.entry.act for line in lines] == ["feed.refused"]


def test_a_time_that_has_no_utc_is_a_bad_row(desk: OpenConsole) -> None:
    put(desk, "g.csv", b"station,time,rain_mm,minutes\nG1,0001-01-01T00:00:00+08:00,1,5\n")
    assert "0001-01-01" in str(item(desk, "g.csv").error)


def test_a_file_that_took_the_place_of_the_one_read_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "latest.bin"
    path.write_bytes(b"first")
    first = seen(path.stat())
    other = tmp_path / "other"
    other.write_bytes(b"secon")
    os.utime(other, ns=(first[1], first[1]))
    other.replace(path)
    assert put_away_unchanged(path, tmp_path / "archive", first) is None
    assert path.read_bytes() == b"secon"
    assert put_away_unchanged(path, tmp_path / "archive", seen(path.stat())) is not None


def test_many_folders_in_the_inbox_are_told_once(desk: OpenConsole, monkeypatch: pytest.MonkeyPatch) -> None:
    inbox = desk.console.office.inbox
    for number in range(230):  # more than the list keeps
        (inbox / f"folder-{number}").mkdir()
    desk.until(lambda: "folder-99" in {i.name for i in desk.console.feed.items})
    begun: list[str] = []
    start = desk.console.jobs.start

    def note(name: str, *rest: Any, **more: Any) -> None:
        begun.append(name)
        start(name, *rest, **more)

    monkeypatch.setattr(desk.console.jobs, "start", note)
    desk.until(lambda: begun.count("inbox") > 5)  # each begins when the one before has ended
    desk.until(lambda: desk.console.settled)
    lines = desk.console.store.read(lambda db: journal.newest(db, limit=2000))
    assert sum(line.entry.act == "feed.refused" for line in lines) == 230


def test_a_stranger_under_a_known_code_takes_nothing_away(desk: OpenConsole, built_office: Path) -> None:
    source = max((built_office / "inbox").glob("Z_RADR_I_QLS01*"))
    put(desk, "true.bin.bz2", source.read_bytes())
    before = desk.console.alarms.rates
    false = bytearray(bz2.decompress(source.read_bytes()))
    struct.pack_into("<ff", false, 72, -33.0, 151.0)
    put(desk, "false.bin", bytes(false))
    assert item(desk, "false.bin").state is FeedState.REFUSED
    assert "office.toml" in str(item(desk, "false.bin").error)
    assert desk.console.alarms.rates == before


def test_a_second_file_of_one_moment_hides_nothing_that_the_first_saw(desk: OpenConsole) -> None:
    alarms = desk.console.alarms
    for rate in (30.0, np.nan):
        rates = np.full(len(alarms.points), rate, np.float32)
        alarms._add_rates(PointRates("QLS01", OPENING_AT - STEP, STEP, rates))
    desk.settle()
    assert [float(f.rates.min()) for f in alarms.rates] == [30.0]


def pour(desk: OpenConsole, rate: float, first_at: datetime, count: int) -> datetime:
    """Rain of one rate at every point, frame after frame; returns the time of the last."""
    alarms, at = desk.console.alarms, first_at
    for number in range(count):
        at = first_at + number * STEP
        desk.clock.set(at)
        alarms._add_rates(PointRates("QLS01", at, STEP, np.full(len(alarms.points), rate, np.float32)))
    desk.settle()
    return at


def test_a_restart_between_two_storms_hides_no_alarm_of_the_second(
    quiet_office: Callable[[Path], Office], tmp_path: Path
) -> None:
    folder = tmp_path / "office"
    with open_console(quiet_office(folder), OPENING_AT) as desk:
        storm_end = pour(desk, 200.0, OPENING_AT - timedelta(hours=1), 10)
        first = len(desk.console.alarms.alarms)
        assert first
    with open_console(open_office(folder), storm_end) as desk:  # in the storm: nothing is raised anew
        assert len(desk.console.alarms.alarms) == first
        dry_end = pour(desk, 0.0, storm_end + STEP, 80)
        assert {v.level for v in desk.console.alarms.verdicts} <= {Level.NONE}
        first = len(desk.console.alarms.alarms)
    with open_console(open_office(folder), dry_end) as desk:  # let go in between: the next storm is told
        pour(desk, 200.0, dry_end + STEP, 5)
        assert len(desk.console.alarms.alarms) > first


def test_data_of_the_future_in_the_store_keeps_no_point_judged(
    quiet_office: Callable[[Path], Office], tmp_path: Path
) -> None:
    folder = tmp_path / "office"
    with open_console(quiet_office(folder), OPENING_AT) as desk:
        pour(desk, 0.0, OPENING_AT - timedelta(hours=7), 71)
        later = datetime(2099, 1, 1, tzinfo=UTC)
        alarms = desk.console.alarms
        frame = PointRates("QLS01", later, STEP, np.zeros(len(alarms.points), np.float32))
        desk.console.store.write_now(lambda db: observations.add_rates(db, frame, alarms._table.ids))
    with open_console(open_office(folder), OPENING_AT) as desk:
        assert Level.NONE in {v.level for v in desk.console.alarms.verdicts}
        desk.clock.set(OPENING_AT + timedelta(hours=8))
        desk.console.tick()
        desk.settle()
        assert {v.level for v in desk.console.alarms.verdicts} == {Level.NOT_JUDGED}

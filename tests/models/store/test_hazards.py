"""The register and the alarms."""

from __future__ import annotations

import math
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from models.errors import StoreError
from models.hazard.alarms import Alarm, AlarmState, RainSource
from models.hazard.level import RISING, Level
from models.hazard.register import HazardPoint, PointKind, Threshold
from models.store import hazards, journal
from models.store.database import Store
from tests.models.store.values import AT, AUTHOR, minutes, outsider

POINT = HazardPoint(
    *("SH-0117", "石坑沟", PointKind.FLASH_FLOOD, 106.71, 28.837, "石坑镇", "上坑村", "一单元", "韦青山", "000-0117"),
    thresholds=tuple(
        Threshold(window_h, level, float(mm), design=window_h == 6)
        for window_h in (3, 1, 6)
        for level, mm in zip(RISING, (20, 25, 30, 40), strict=True)
    ),
    attributes={"土壤": "wet", "soil_on": "2026-06-01"},
)
BARE = HazardPoint("A-1", "无阈值点", PointKind.WATERLOGGING, 106.5, 28.5)


def alarm(alarm_id: str = "a-1", minute: float = 0.0, **changes: object) -> Alarm:
    values: dict[str, object] = {
        "id": alarm_id,
        "point_id": "SH-0117",
        "point_name": "石坑沟",
        "kind": "flash_flood",
        "town": "石坑镇",
        "lon_deg": 106.71,
        "lat_deg": 28.837,
        "level": Level.RED,
        "window_h": 3,
        "rain_mm": 62.3,
        "threshold_mm": 60.0,
        "at_least": True,
        "raised_at": minutes(minute),
        "source": RainSource.RADAR,
        "source_id": "Z9001",
        "evidence": {"windows": [{"window_h": 3, "rain_mm": 62.3}], "radar_at": "2026-06-17T19:12:00Z"},
    }
    return Alarm(**(values | changes))  # type: ignore[arg-type]


def test_the_register_comes_back_in_its_order_with_thresholds_and_attributes(store: Store) -> None:
    store.write_now(lambda db: hazards.replace_points(db, (POINT, BARE), actor=AUTHOR.id, at=AT))
    assert store.read(hazards.points) == (POINT, BARE)


def test_replacing_the_register_is_told_with_a_sum_of_both_lists(store: Store) -> None:
    store.write_now(lambda db: hazards.replace_points(db, (POINT, BARE), actor=AUTHOR.id, at=AT))
    store.write_now(lambda db: hazards.replace_points(db, (BARE, POINT), actor=AUTHOR.id, at=AT))
    raised = replace(POINT, thresholds=(replace(POINT.thresholds[0], rain_mm=99.0), *POINT.thresholds[1:]))
    store.write_now(lambda db: hazards.replace_points(db, (BARE, raised), actor=AUTHOR.id, at=AT))
    first, again, other = (line.entry for line in store.read(lambda db: journal.of_subject(db, "points")))
    assert first.before["points"] == 0
    assert (first.after["points"], first.after["thresholds"]) == (2, 12)
    assert again.before == first.after
    assert again.after["sha256"] == first.after["sha256"]  # another order is the same register
    assert other.after["sha256"] != first.after["sha256"]  # one threshold is not


def test_an_id_twice_leaves_the_register_as_it_was(store: Store) -> None:
    store.write_now(lambda db: hazards.replace_points(db, (POINT,), actor=AUTHOR.id, at=AT))
    with pytest.raises(StoreError) as refused:
        store.write_now(lambda db: hazards.replace_points(db, (BARE, BARE), actor=AUTHOR.id, at=AT))
    assert refused.value.code == "store.refused"
    assert store.read(hazards.points) == (POINT,)


def test_alarms_come_back_as_raised_each_with_its_line(store: Store) -> None:
    unsure = alarm("a-2", 6, rain_mm=math.nan, threshold_mm=math.nan, source=RainSource.GAUGE, at_least=False)
    store.write_now(lambda db: hazards.raise_alarms(db, (alarm(), unsure), at=minutes(6)))
    first, second = store.read(hazards.alarms)
    assert first == alarm()
    assert math.isnan(second.rain_mm)
    assert replace(second, rain_mm=0.0, threshold_mm=0.0) == replace(unsure, rain_mm=0.0, threshold_mm=0.0)
    (line,) = store.read(lambda db: journal.of_subject(db, "alarm:a-1"))
    assert (line.entry.actor, line.entry.act) == ("system", "alarm.raised")
    assert line.entry.after["evidence"] == alarm().evidence


def test_alarms_since_a_time_include_that_time(store: Store) -> None:
    store.write_now(lambda db: hazards.raise_alarms(db, tuple(alarm(f"a-{m}", m) for m in range(5)), at=minutes(5)))
    assert [a.id for a in store.read(lambda db: hazards.alarms(db, since=minutes(3)))] == ["a-3", "a-4"]


def test_a_state_moves_with_a_line_and_only_if_it_changes(store: Store) -> None:
    store.write_now(lambda db: hazards.raise_alarms(db, (alarm(),), at=AT))
    for _ in range(2):
        store.write_now(lambda db: hazards.set_alarm_state(db, "a-1", AlarmState.SEEN, actor=AUTHOR.id, at=minutes(1)))
    assert store.read(hazards.alarms)[0].state is AlarmState.SEEN
    lines = store.read(lambda db: journal.of_subject(db, "alarm:a-1"))
    assert [line.entry.act for line in lines] == ["alarm.raised", "alarm.seen"]
    assert (lines[1].entry.before, lines[1].entry.after) == ({"state": "open"}, {"state": "seen"})
    with pytest.raises(StoreError) as refused:
        store.write_now(lambda db: hazards.set_alarm_state(db, "x", AlarmState.SEEN, actor=AUTHOR.id, at=AT))
    assert refused.value.code == "alarms.unknown"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE alarms SET evidence = '{}'",
        "UPDATE alarms SET rain_mm = 1",
        "UPDATE alarms SET level = 'blue'",
        "DELETE FROM alarms",
        "REPLACE INTO alarms SELECT * FROM alarms",
    ],
)
def test_the_evidence_of_an_alarm_is_frozen(store: Store, path: Path, statement: str) -> None:
    store.write_now(lambda db: hazards.raise_alarms(db, (alarm(),), at=AT))
    with pytest.raises(StoreError) as refused:
        store.write_now(lambda db: hazards.raise_alarms(db, (alarm(),), at=AT))
    assert refused.value.code == "alarms.exists"
    db = outsider(path)
    with pytest.raises(sqlite3.IntegrityError, match=r"alarms\."):
        db.execute(statement)
    db.close()

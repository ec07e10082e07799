"""六个一: what is there, what is a gap, what nobody knows; and numbers against the plan."""

from __future__ import annotations

import math

from models.register.completeness import SixRow, Tick, plan_lines, six
from models.register.description import parse, shipped
from models.register.record import Record
from tests.models.register.table_records import TODAY, days_ago

SIX = next(one for one in shipped() if one.name == "villages_six")
WHOLE = {
    "message": days_ago(20), "post": "P1", "receiver": True, "loudspeaker": "L1", "plan": days_ago(300),
    "drill": days_ago(90),
}  # fmt: skip


def entry(village: str, town: str = "石坑镇", **values: object) -> Record:
    kept = {key: value for key, value in {**WHOLE, **values}.items() if value is not None}
    kind = "village" if village else "town"
    return Record("villages_six", f"{town}{village}", village or town, kind, 106.7, 28.8, town, village, kept)  # type: ignore[arg-type]


def test_each_field_is_there_overdue_or_a_gap() -> None:
    row = six(SIX, [entry("岭脚村", drill=days_ago(367), receiver=False, post=None)], today=TODAY).towns[0].villages[0]
    by_key = dict(zip([one.key for one in SIX.fields], row.ticks, strict=True))
    assert by_key == {
        "message": Tick.THERE,
        "post": Tick.GAP,
        "receiver": Tick.GAP,
        "loudspeaker": Tick.THERE,
        "plan": Tick.THERE,
        "drill": Tick.OVERDUE,
    }
    assert not row.is_whole
    assert six(SIX, [entry("岭脚村")], today=TODAY).towns[0].villages[0].is_whole


def test_a_village_that_nobody_wrote_down_is_unknown_and_not_fine() -> None:
    villages = [("石坑镇", ""), ("石坑镇", "石坑村"), ("石坑镇", "枫坳村"), ("白水镇", "白水村")]
    page = six(SIX, [entry("石坑村")], today=TODAY, villages=villages)
    rows = {(row.town, row.village): row for town in page.towns for row in town.rows}
    assert set(rows) == set(villages)
    assert rows["石坑镇", "枫坳村"] == SixRow("石坑镇", "枫坳村", (Tick.UNKNOWN,) * 6)
    assert page.counts == {Tick.THERE: 6, Tick.UNKNOWN: 18}


def test_the_town_with_most_missing_comes_first_and_counts_what_is_there() -> None:
    records = [
        entry(""),
        entry("石坑村"),
        entry("枫坳村", drill=None),
        entry("白水村", "白水镇", drill=None, plan=None),
    ]
    page = six(SIX, records, today=TODAY)
    assert [town.town for town in page.towns] == ["白水镇", "石坑镇"]
    town = page.towns[1]
    assert town.own is not None
    assert (town.there(5), town.there(0), len(town.rows), town.whole) == (2, 3, 3, 2)


def test_a_link_to_a_record_that_is_gone_is_a_gap_where_the_records_are_known() -> None:
    records = [entry("石坑村", post=["P7", "P1"], loudspeaker="L9")]
    known = {"people": {"P1"}, "warning_terminals": {"L1"}}
    ticks = six(SIX, records, today=TODAY, known=known).towns[0].villages[0].ticks
    assert ticks[1] is Tick.THERE
    assert ticks[3] is Tick.GAP
    assert six(SIX, records, today=TODAY).towns[0].villages[0].ticks[3] is Tick.THERE


def test_the_plan_counts_kinds_and_names_the_towns_that_are_short() -> None:
    sensors = parse(
        {
            "name": "sensors",
            "title": {"zh": "探测设备", "en": "Sensors"},
            "kind": [{"key": "visibility", "title": {"zh": "能见度仪", "en": "Visibility meter"}}],
            "plan_per": {"visibility.road_100km": 10, "town": 1, "people_1000": 0.1},
        },
        "sensors.toml",
    )
    records = [
        Record("sensors", "1", "a", "visibility", 106.7, 28.8, "石坑镇"),
        Record("sensors", "2", "b", "visibility", 106.7, 28.8, "石坑镇"),
        Record("sensors", "3", "c", "other", 106.7, 28.8, "白水镇"),
    ]
    bases = {"road_100km": 0.34, "town": 3.0}
    villages = [("石坑镇", ""), ("石坑镇", "石坑村"), ("白水镇", ""), ("沙田镇", "")]
    roads, towns, people = plan_lines([sensors], {"sensors": records}, bases, villages=villages)
    assert (roads.kind.en if roads.kind else "", roads.wanted, roads.present, roads.missing) == (
        *("Visibility meter", 4.0, 2, 2.0),
    )
    assert (towns.kind, towns.wanted, towns.present, towns.missing, towns.short) == (None, 3.0, 3, 1.0, ("沙田镇",))
    assert math.isnan(people.wanted)
    assert math.isnan(people.missing)
    assert math.isnan(people.base)


def test_a_whole_number_of_the_plan_is_not_rounded_up_by_a_hair() -> None:
    one = parse(
        {"name": "a", "title": {"zh": "甲", "en": "A"}, "plan_per": {"town": 0.1}},
        "a.toml",
    )
    assert plan_lines([one], {}, {"town": 30.0})[0].wanted == 3.0


def test_villages_are_counted_by_town_and_name() -> None:
    one = parse({"name": "a", "title": {"zh": "甲", "en": "A"}, "plan_per": {"village": 2}}, "a.toml")
    records = [Record("a", str(n), "x", "", 106.7, 28.8, "石坑镇", "河口村") for n in range(3)]
    villages = [("石坑镇", ""), ("石坑镇", "河口村"), ("白水镇", "河口村")]
    line = plan_lines([one], {"a": records}, {"village": 2.0}, villages=villages)[0]
    assert (line.wanted, line.present, line.missing, line.short) == (4.0, 3, 2.0, ("白水镇河口村",))

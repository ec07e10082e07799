"""The registers in the store: what is kept, what a version is, what an undo gives back."""

from __future__ import annotations

import math
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
import shapely

from models.errors import StoreError
from models.register.record import Record, RecordVersion
from models.store import journal, registers
from models.store.database import Database, Store
from models.store.record_rows import Changed
from tests.data import long_count
from tests.models.store.values import AT, AUTHOR, SIGNER, minutes, outsider

SHA = "ab" * 32
SHELTER = Record(
    *("shelters", "SH-1", "石坑小学", "school", 106.71, 28.837, "石坑镇", "上坑村"),
    values={
        "capacity": 320,
        "open": True,
        "checked_on": "2026-06-01",
        "phone": "000-0000-0117",
        "routes": ["R-1", "R-2"],
    },
    others={"备注": "操场"},
)
HALL = Record("shelters", "SH-2", "沙田礼堂", "hall", 106.6, 28.7, "沙田镇")
ROUTE = Record(
    "routes",
    "R-1",
    "上坑撤离线",
    wkb=shapely.to_wkb(shapely.LineString([(106.7, 28.8), (106.71, 28.81), (106.73, 28.81)])),
)
PERSON = Record("people", "P-1", "韦青山", values={"phone": "000-0000-0117"})


def put(store: Store, *records: Record, minute: float = 0, actor: str = AUTHOR.id, cause: str = "edit") -> Changed:
    return store.write_now(lambda db: registers.put(db, records, actor=actor, at=minutes(minute), cause=cause))


def now(store: Store, register: str = "shelters") -> tuple[Record, ...]:
    return store.read(lambda db: registers.records(db, register))


def history(store: Store, id_: str, register: str = "shelters") -> tuple[RecordVersion, ...]:
    return store.read(lambda db: registers.history(db, register, id_))


def take_in(store: Store, *records: Record, minute: float) -> str:
    def work(db: Database) -> str:
        id_ = registers.keep_import(
            db,
            records[0].register,
            file="避险点.xlsx",
            sha256=SHA,
            rows=len(records),
            actor=AUTHOR.id,
            at=minutes(minute),
        )
        registers.put(db, records, actor=AUTHOR.id, at=minutes(minute), cause=f"import:{id_}")
        return id_

    return store.write_now(work)


def undo(store: Store, id_: str, minute: float) -> Changed:
    return store.write_now(lambda db: registers.undo_import(db, id_, actor=SIGNER.id, at=minutes(minute)))


def test_records_come_back_as_they_were_put_in_their_order(store: Store) -> None:
    done = put(store, HALL, PERSON, SHELTER)
    assert done.added == ("SH-2", "SH-1", "P-1")
    assert now(store) == (HALL, SHELTER)
    assert now(store, "people") == (PERSON,)
    assert store.read(registers.everything) == {"people": (PERSON,), "shelters": (HALL, SHELTER)}
    assert store.read(registers.counts) == {"people": 1, "shelters": 2}
    assert store.read(lambda db: registers.record(db, "shelters", "SH-1")) == SHELTER
    assert store.read(lambda db: registers.record(db, "shelters", "P-1")) is None


def test_a_line_without_a_point_gets_one_on_itself_and_is_found_by_its_box(store: Store) -> None:
    put(store, ROUTE, SHELTER, PERSON)
    (route,) = now(store, "routes")
    assert (route.lon_deg, route.lat_deg) == (106.71, 28.81)
    assert replace(route, lon_deg=None, lat_deg=None) == ROUTE
    corner = store.read(lambda db: registers.within(db, 106.725, 28.805, 106.74, 28.82))
    assert [found.id for found in corner] == ["R-1"]  # its box reaches there, its point does not
    assert [found.id for found in store.read(lambda db: registers.within(db, 106, 28, 107, 29))] == ["R-1", "SH-1"]


def test_a_version_is_written_for_what_changed_and_for_nothing_else(store: Store) -> None:
    put(store, SHELTER, HALL)
    moved = replace(HALL, lon_deg=106.61)
    done = put(store, SHELTER, moved, minute=1, actor=SIGNER.id)
    assert (done.added, done.changed) == ((), ("SH-2",))
    assert [version.number for version in history(store, "SH-1")] == [1]
    first, second = history(store, "SH-2")
    assert (first.record, first.at, first.actor, first.cause) == (HALL, AT, AUTHOR.id, "edit")
    assert (second.record, second.number, second.actor, second.gone) == (moved, 2, SIGNER.id, False)
    assert (first.number, second.at, [one.actor for one in history(store, "SH-1")]) == (1, minutes(1), [AUTHOR.id])


def test_the_same_again_changes_nothing_and_writes_no_line(store: Store) -> None:
    put(store, SHELTER)
    assert not put(store, SHELTER, minute=1)
    assert len(store.read(lambda db: journal.of_subject(db, "register:shelters"))) == 1


def test_an_empty_field_is_not_kept_and_no_number_is_none(store: Store) -> None:
    put(store, replace(HALL, values={"capacity": None, "area_m2": math.nan, "open": False}))
    assert now(store)[0].values == {"open": False}


def test_every_act_is_one_line_with_counts_and_sums(store: Store) -> None:
    put(store, SHELTER, HALL)
    put(store, replace(HALL, name="沙田大礼堂"), minute=1)
    store.write_now(lambda db: registers.remove(db, "shelters", ["SH-2", "none"], actor=AUTHOR.id, at=minutes(2)))
    lines = [line.entry for line in store.read(lambda db: journal.of_subject(db, "register:shelters"))]
    assert [line.act for line in lines] == ["register.put", "register.put", "register.removed"]
    assert [(line.before["records"], line.after["records"]) for line in lines] == [(0, 2), (2, 2), (2, 1)]
    assert lines[1].before["sha256"] == lines[0].after["sha256"]
    assert lines[1].after["sha256"] == lines[2].before["sha256"]
    assert len({line.after["sha256"] for line in lines} | {lines[0].before["sha256"]}) == 4
    assert (lines[1].after["changed"], lines[1].after["changed_ids"]) == (1, ["SH-2"])
    assert (lines[2].after["removed"], lines[2].after["cause"]) == (1, "edit")


def test_what_was_taken_out_stays_readable_and_may_come_back(store: Store) -> None:
    put(store, SHELTER, HALL)
    store.write_now(lambda db: registers.remove(db, "shelters", ["SH-1"], actor=AUTHOR.id, at=minutes(1)))
    assert now(store) == (HALL,)
    assert store.read(lambda db: registers.within(db, 106.7, 28.8, 106.72, 28.85)) == ()
    put(store, SHELTER, minute=2)
    assert [(v.number, v.gone, v.record) for v in history(store, "SH-1")] == [
        (1, False, SHELTER),
        (2, True, SHELTER),
        (3, False, SHELTER),
    ]
    assert now(store) == (HALL, SHELTER)


def test_a_register_can_be_replaced_as_a_whole(store: Store) -> None:
    put(store, SHELTER, HALL)
    done = store.write_now(
        lambda db: registers.replace(
            db, "shelters", [HALL, replace(SHELTER, id="SH-3")], actor=AUTHOR.id, at=minutes(1)
        )
    )
    assert (done.added, done.changed, done.removed) == (("SH-3",), (), ("SH-1",))
    assert [record.id for record in now(store)] == ["SH-2", "SH-3"]
    assert [version.number for version in history(store, "SH-2")] == [1], "another place in the list is no change"


@pytest.mark.parametrize(
    ("bad", "code", "fact"),
    [
        (replace(HALL, id="SH-3", lat_deg=106.6), "register.bad_place", {"id": "SH-3", "lat": 106.6}),
        (replace(HALL, id="SH-3", lon_deg=math.nan), "register.bad_place", {"name": "沙田礼堂"}),
        (replace(ROUTE, register="shelters", wkb=b"\x01\x02"), "register.no_shape", {"id": "R-1"}),
        (
            replace(ROUTE, register="shelters", wkb=shapely.to_wkb(shapely.LineString())),
            "register.no_shape",
            {"cause": "empty"},
        ),
        (
            replace(HALL, id="SH-3", wkb=shapely.to_wkb(shapely.Polygon())),
            "register.no_shape",
            {"id": "SH-3", "cause": "empty"},
        ),
        (replace(HALL, id="  "), "register.no_id", {}),
        (replace(HALL, id="SH-3", name="沙\ud800田"), "register.bad_text", {"id": "'SH-3'"}),
        (replace(HALL, id="SH-3", values={"note": "\udfff"}), "register.bad_text", {"name": ascii(HALL.name)}),
        (SHELTER, "store.refused", {"cause": "shelters: SH-1"}),
    ],
)
def test_one_bad_record_leaves_all_as_it_was(store: Store, bad: Record, code: str, fact: dict[str, object]) -> None:
    put(store, HALL)
    with pytest.raises(StoreError) as refused:
        put(store, replace(HALL, name="别名"), SHELTER, bad)
    assert refused.value.code == code
    assert {key: refused.value.facts.get(key) for key in fact} == fact
    assert refused.value.sentence("zh")
    assert now(store) == (HALL,)
    assert len(history(store, "SH-2")) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"window_h": 0.5},
        {"window_h": 0},
        {"window_h": "1"},
        {"window_h": math.inf},
        {"level": "none"},
        {"level": None},
        {"rain_mm": None},
        {"rain_mm": math.inf},
    ],
)
def test_thresholds_that_no_verdict_can_rest_on_are_refused(store: Store, change: dict[str, object]) -> None:
    sound = {"window_h": 1.0, "level": "red", "rain_mm": 40, "design": False}
    point = replace(SHELTER, register="hazard_points", id="HP-1", values={"thresholds": [sound]})
    put(store, point)
    with pytest.raises(StoreError) as refused:
        put(store, replace(point, values={"thresholds": [sound, sound | change]}))
    assert (refused.value.code, refused.value.facts["id"]) == ("register.bad_thresholds", "HP-1")
    with pytest.raises(StoreError):
        put(store, replace(point, values={"thresholds": "1h 40"}))
    put(store, replace(point, register="basins", values={"thresholds": "1h 40"}))  # nobody judges by these


def test_an_import_is_undone_to_what_was_before_it(store: Store) -> None:
    put(store, SHELTER, HALL)
    renamed = replace(SHELTER, name="石坑中心小学", values={"capacity": 400})
    new = replace(HALL, id="SH-9", name="新礼堂")
    id_ = take_in(store, renamed, HALL, new, minute=1)
    assert now(store) == (renamed, HALL, new)
    (kept,) = store.read(registers.imports)
    assert (kept.id, kept.file, kept.rows, kept.sha256, kept.undone_at) == (id_, "避险点.xlsx", 3, SHA, None)
    done = undo(store, id_, 2)
    assert (done.changed, done.removed) == (("SH-1",), ("SH-9",))
    assert now(store) == (SHELTER, HALL)
    assert [v.cause for v in history(store, "SH-1")] == ["edit", f"import:{id_}", f"undo:{id_}"]
    assert [(v.cause, v.gone) for v in history(store, "SH-9")] == [(f"import:{id_}", False), (f"undo:{id_}", True)]
    assert store.read(registers.imports)[0].undone_at == minutes(2)
    last = store.read(lambda db: journal.newest(db, limit=1))[0].entry
    assert (last.act, last.actor, last.after["file"]) == ("import.undone", SIGNER.id, "避险点.xlsx")
    with pytest.raises(StoreError) as refused:
        undo(store, id_, 3)
    assert refused.value.code == "register.import_undone"
    with pytest.raises(StoreError) as unknown:
        undo(store, "none", 3)
    assert unknown.value.code == "register.no_import"


def test_an_import_that_took_records_out_is_undone_to_their_places(store: Store) -> None:
    third = replace(HALL, id="SH-3")
    put(store, SHELTER, HALL, third)

    def work(db: Database) -> str:
        id_ = registers.keep_import(db, "shelters", file="a.csv", sha256=SHA, rows=1, actor="p", at=minutes(1))
        registers.replace(db, "shelters", [third], actor="p", at=minutes(1), cause=f"import:{id_}")
        return id_

    id_ = store.write_now(work)
    assert now(store) == (third,)
    assert undo(store, id_, 2).added == ("SH-1", "SH-2")
    assert {record.id: record for record in now(store)} == {"SH-1": SHELTER, "SH-2": HALL, "SH-3": third}
    assert now(store)[0] == SHELTER


def test_an_undo_is_refused_with_names_once_a_record_changed_again(store: Store) -> None:
    put(store, SHELTER)
    id_ = take_in(store, replace(SHELTER, name="甲校"), HALL, minute=1)
    put(store, replace(SHELTER, name="乙校"), minute=2)
    with pytest.raises(StoreError) as refused:
        undo(store, id_, 3)
    assert refused.value.code == "register.changed_since"
    assert (refused.value.facts["count"], refused.value.facts["names"]) == (1, "甲校")
    assert "甲校" in refused.value.sentence("zh")
    assert now(store)[0].name == "乙校"
    put(store, replace(SHELTER, name="甲校"), minute=4)  # changed back by hand: nothing is lost by the undo
    undo(store, id_, 5)
    assert now(store) == (SHELTER,)


def test_imports_are_undone_one_after_the_other(store: Store) -> None:
    first = take_in(store, SHELTER, minute=1)
    second = take_in(store, replace(SHELTER, name="甲校"), minute=2)
    with pytest.raises(StoreError) as refused:
        undo(store, first, 3)
    assert refused.value.code == "register.changed_since"
    undo(store, second, 4)
    assert now(store) == (SHELTER,)
    undo(store, first, 5)
    assert now(store) == ()
    assert [one.id for one in store.read(registers.imports)] == [second, first]


def test_what_is_undone_by_default_is_the_newest_import_that_changed_something(store: Store) -> None:
    """A file that is taken in twice changes nothing the second time; a clock that was set back changes no order."""
    assert store.read(lambda db: registers.import_to_undo(db, "shelters")) == ""
    first = take_in(store, SHELTER, minute=10)
    second = take_in(store, replace(SHELTER, name="甲校"), minute=2)
    take_in(store, replace(SHELTER, name="甲校"), minute=3)
    assert store.read(lambda db: registers.import_to_undo(db, "shelters")) == second
    undo(store, second, 4)
    assert store.read(lambda db: registers.import_to_undo(db, "shelters")) == first


def test_a_record_removed_since_stands_against_an_undo(store: Store) -> None:
    id_ = take_in(store, SHELTER, minute=1)
    store.write_now(lambda db: registers.remove(db, "shelters", ["SH-1"], actor="p", at=minutes(2)))
    with pytest.raises(StoreError) as refused:
        undo(store, id_, 3)
    assert refused.value.facts["names"] == "石坑小学"


def test_columns_of_a_source_are_remembered(store: Store) -> None:
    def read(source: str) -> dict[str, str]:
        return store.read(lambda db: registers.column_map(db, "shelters", source))

    assert read("民政局") == {}
    for columns in ({"名称": "name"}, {"名称": "name", "容量": "capacity"}):
        store.write_now(lambda db, it=columns: registers.keep_column_map(db, "shelters", "民政局", it))  # type: ignore[misc]
    assert read("民政局") == {"名称": "name", "容量": "capacity"}
    assert read("教育局") == {}


def test_the_sheet_of_a_source_is_remembered_beside_its_columns(store: Store) -> None:
    def sheet(source: str) -> str:
        return store.read(lambda db: registers.kept_sheet(db, "shelters", source))

    assert sheet("民政局") == ""
    store.write_now(lambda db: registers.keep_sheet(db, "shelters", "民政局", "二〇二五"))
    store.write_now(lambda db: registers.keep_column_map(db, "shelters", "民政局", {"名称": "name"}))
    store.write_now(lambda db: registers.keep_sheet(db, "shelters", "民政局", "二〇二六"))
    assert sheet("民政局") == "二〇二六"
    assert store.read(lambda db: registers.column_map(db, "shelters", "民政局")) == {"名称": "name"}
    assert sheet("教育局") == ""


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE record_versions SET name = 'x'",
        "DELETE FROM record_versions",
        "REPLACE INTO record_versions SELECT * FROM record_versions",
        "INSERT INTO record_versions SELECT register, id, 5, at, actor, cause, gone, place_in_list, name, kind,"  # noqa: ISC004
        ' lon_deg, lat_deg, town, village, "values", others, wkb FROM record_versions',
    ],
)
def test_a_hand_in_the_file_changes_no_version(store: Store, path: Path, statement: str) -> None:
    put(store, SHELTER)
    db = outsider(path)
    with pytest.raises(sqlite3.IntegrityError, match=r"register\.versions_stay"):
        db.execute(statement)
    db.close()


def test_versions_without_their_laws_are_no_store_of_ours(store: Store, path: Path) -> None:
    put(store, SHELTER)
    store.close()
    db = outsider(path)
    db.execute("DROP TABLE record_versions")  # and the triggers with it
    db.close()
    with pytest.raises(StoreError) as refused:
        Store.open(path)
    assert refused.value.code == "store.no_triggers"
    assert "law_record_versions_order" in refused.value.facts["names"]


def test_signs_that_mean_something_elsewhere_are_only_text(store: Store) -> None:
    odd = replace(HALL, id="a'; DROP TABLE records; --", name="<img src=x onerror=...>\0%s{x}", values={"x": "=1+1"})
    put(store, odd)
    assert now(store) == (odd,)
    assert history(store, odd.id)[0].record == odd


def test_many_records_come_back_as_they_were_put(store: Store) -> None:
    count = long_count(2_000, 50_000)
    many = [replace(SHELTER, id=f"SH-{n}", name=f"石坑小学{n}", lon_deg=106 + n / count) for n in range(count)]
    put(store, *many)
    assert now(store) == tuple(many)


def test_a_register_tells_since_when_it_is_as_it_is_and_which_file_it_came_from(store: Store) -> None:
    put(store, ROUTE)
    undo(store, take_in(store, replace(ROUTE, name="西线"), minute=1), minute=2)
    take_in(store, SHELTER, minute=3)
    put(store, HALL, minute=7)
    assert store.read(registers.origins) == {
        "routes": registers.Origin(minutes(2)),
        "shelters": registers.Origin(minutes(7), "避险点.xlsx"),
    }

"""What Ctrl+K finds in the store, and that nothing typed breaks it."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import partial
from itertools import product

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.hazard.level import Level
from models.hazard.register import Place
from models.register.description import shipped
from models.register.record import Record
from models.store import places, registers, search, search_index
from models.store.database import Database, Store
from models.warning.warning import TownLevel
from tests.counting import thousand_steps
from tests.data import long_count
from tests.models.store.values import AT, AUTHOR, draft, keep_signed, minutes

BOX = shapely.to_wkb(shapely.box(106.6, 28.7, 106.8, 28.9))
PLACES = (
    Place("990001", "青岚县", "county", "", BOX),
    Place("990001101", "石坑镇", "town", "990001", BOX),
    Place("990001108", "青岩镇", "town", "990001", BOX),
    Place("990001101205", "上坑村", "village", "990001101", BOX),
    Place("r-1", "青溪", "river", "", BOX),
    Place("r-2", "青溪", "river", "", BOX),
)
RECORDS = (
    Record("hazard_points", "SH-0117", "石坑沟", town="石坑镇", village="上坑村", values={"person": "韦青山"}),
    Record("hazard_points", "SH-0021", "大石坑沟", town="云台镇"),
    Record("hazard_points", "HP-0042", "鹰嘴崖3号滑坡", town="白水镇"),
    Record(
        "shelters", "B-7", "重庆路小学", town="石坑镇", values={"phone": "0751-8812345", "checked_on": "2026-06-12"}
    ),
    Record("people", "P-1", "韦青山", town="石坑镇", values={"phone": "000-0000-0117", "roles": ["巡查员"]}),
    Record("roads", "G75", "兰海高速", values={"note": "x" * 5000}),
    Record("units", "U-1", "Shikeng Mill", town="石坑镇"),
)


@pytest.fixture(name="full")
def _full(store: Store) -> Store:
    store.write_now(lambda db: places.replace(db, PLACES, actor="system", at=AT))
    store.write_now(lambda db: registers.put(db, RECORDS, actor="p", at=AT))
    return store


def names(store: Store, typed: str, most: int = 12) -> list[str]:
    return [hit.name for hit in store.read(lambda db: search.find(db, typed, most))]


def keys(store: Store, typed: str) -> list[str]:
    return [hit.key for hit in store.read(lambda db: search.find(db, typed))]


def test_a_village_is_found_once_and_what_a_register_says_of_it_only_when_that_is_asked_for(full: Store) -> None:
    six = (
        Record("villages_six", "990001101205", "上坑村", "village", town="石坑镇", village="上坑村"),
        Record("villages_six", "X-1", "下坑村", "village", town="石坑镇", village="下坑村"),
    )
    full.write_now(lambda db: registers.put(db, six, actor="p", at=AT))
    assert keys(full, "上坑村") == ["village:990001101205", "SH-0117"]
    assert "X-1" in keys(full, "下坑村"), "a village that the map does not know is found by its entry"
    asked = full.read(lambda db: search.find(db, "上坑村 六个一", registers=shipped()))
    assert ("villages_six", "990001101205") in {(hit.group, hit.key) for hit in asked}


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("石坑沟", "石坑沟"),
        ("坑沟", "石坑沟"),
        ("石坑", "石坑镇"),
        ("qingyan", "青岩镇"),
        ("QINGYAN", "青岩镇"),
        ("qy", "青岩镇"),
        ("ｑｙ", "青岩镇"),
        ("qyz", "青岩镇"),
        ("yanz", "青岩镇"),
        ("chongqinglu", "重庆路小学"),
        ("cqlxx", "重庆路小学"),
        ("zhongq", "重庆路小学"),
        ("dsk", "大石坑沟"),
        ("SH-0117", "石坑沟"),
        ("sh0117", "石坑沟"),
        ("0042", "鹰嘴崖3号滑坡"),
        ("g75", "兰海高速"),
        ("8812345", "重庆路小学"),
        ("0751 881", "重庆路小学"),
        ("881-2345", "重庆路小学"),
        ("3号滑坡", "鹰嘴崖3号滑坡"),
        ("3hao", "鹰嘴崖3号滑坡"),
        ("鹰嘴崖hp", "鹰嘴崖3号滑坡"),
        ("石坑gou", "石坑沟"),
        ("shik mill", "Shikeng Mill"),
        ("mill", "Shikeng Mill"),
    ],
)
def test_what_is_typed_finds(full: Store, typed: str, first: str) -> None:
    assert names(full, typed)[0] == first


def test_the_name_itself_comes_first_then_what_begins_so_then_what_holds_it_then_what_lies_there(full: Store) -> None:
    assert names(full, "石坑沟") == ["石坑沟", "大石坑沟"]
    assert names(full, "石坑") == ["石坑镇", "石坑沟", "大石坑沟", "韦青山", "上坑村", "重庆路小学", "Shikeng Mill"]
    assert names(full, "skg") == ["石坑沟", "大石坑沟"]


def test_of_places_the_larger_comes_first_and_of_numbers_what_ends_so(full: Store) -> None:
    village = Place("990001101206", "石坑村", "village", "990001101", BOX)
    full.write_now(lambda db: places.replace(db, (village, *PLACES), actor="system", at=AT))
    assert names(full, "石坑")[:3] == ["石坑镇", "石坑村", "石坑沟"]
    inside = Record("people", "P-2", "莫", values={"phone": "000-0001-1799"})
    full.write_now(lambda db: registers.put(db, [inside], actor="p", at=AT))
    assert keys(full, "0117")[-1] == "P-2"


def test_several_words_narrow(full: Store) -> None:
    assert names(full, "石坑 云台") == ["大石坑沟"]
    assert names(full, "shikeng yuntai") == []  # what lies around a name is not spelled out
    assert names(full, "沟 石") == ["石坑沟", "大石坑沟"]
    assert names(full, "滑坡 0042") == ["鹰嘴崖3号滑坡"]
    assert names(full, "滑坡 0117") == []


def test_a_person_is_found_with_number_and_so_is_what_he_answers_for(full: Store) -> None:
    hits = full.read(lambda db: search.find(db, "韦青山"))
    assert [(hit.group, hit.key) for hit in hits] == [("people", "P-1"), ("hazard_points", "SH-0117")]
    assert (hits[0].note, hits[0].number) == ("石坑镇", "000-0000-0117")
    assert keys(full, "wqs") == ["P-1"]
    assert keys(full, "0000117") == ["P-1"]


def test_a_date_is_no_phone_number_and_a_long_text_is_not_indexed(full: Store) -> None:
    assert keys(full, "20260612") == []
    assert keys(full, "xxxxx") == []


def test_places_have_their_kind_and_where_they_lie_and_one_name_is_one_hit(full: Store) -> None:
    (village,) = full.read(lambda db: search.find(db, "上坑村"))[:1]
    assert (village.group, village.key, village.note) == ("places", "village:990001101205", "石坑镇")
    assert keys(full, "青溪") == ["river:r-1"]


def test_the_index_follows_what_is_put_changed_taken_out_and_undone(full: Store) -> None:
    def write(*records: Record, minute: float) -> None:
        full.write_now(lambda db: registers.put(db, records, actor="p", at=minutes(minute)))

    write(replace(RECORDS[0], name="黄泥沟"), minute=1)
    assert keys(full, "石坑沟") == ["SH-0021"]
    assert keys(full, "hng") == ["SH-0117"]
    full.write_now(lambda db: registers.remove(db, "people", ["P-1"], actor="p", at=minutes(2)))
    assert keys(full, "0000117") == []
    full.write_now(lambda db: places.replace(db, PLACES[:2], actor="system", at=AT))
    assert keys(full, "青岩") == []
    before = full.read(lambda db: db.execute("SELECT * FROM search ORDER BY rowid").fetchall())
    numbers = full.read(lambda db: db.execute("SELECT rowid, * FROM search_numbers ORDER BY rowid").fetchall())
    full.write_now(search_index.rebuild)
    assert full.read(lambda db: db.execute("SELECT * FROM search ORDER BY rowid").fetchall()) == before
    assert full.read(lambda db: db.execute("SELECT rowid, * FROM search_numbers ORDER BY rowid").fetchall()) == numbers
    full.write_now(lambda db: db.execute("INSERT INTO search (search) VALUES ('integrity-check')"))


def test_staff_and_warnings_are_found(full: Store) -> None:
    full.write_now(lambda db: keep_signed(db, draft(towns=(TownLevel("1", "石坑镇", Level.RED),))))
    assert keys(full, AUTHOR.name) == [AUTHOR.id]
    assert keys(full, "zl")[0] == AUTHOR.id
    assert keys(full, AUTHOR.phone) == [AUTHOR.id]
    (hit,) = full.read(lambda db: search.find(db, "暴雨红色预警"))
    assert (hit.group, hit.key, hit.name, hit.note) == ("warnings", "w-1", "暴雨红色预警信号", "石坑镇")
    assert keys(full, "baoyu") == ["w-1"]
    assert "w-1" in keys(full, "暴雨 石坑")
    assert full.read(lambda db: search.find(db, "rainstorm", language="en"))[0].name == "Rainstorm Red warning"


def test_a_word_may_name_a_kind_or_a_register(full: Store) -> None:
    points = [
        Record("hazard_points", "SH-0200", "下河滩", "flash_flood", town="石坑镇", values={"thresholds": []}),
        Record("hazard_points", "HP-0201", "下河坡", "landslide", town="石坑镇", values={"thresholds": []}),
        Record("hazard_points", "SH-0202", "远河滩", "flash_flood", town="云台镇", values={"thresholds": []}),
    ]
    full.write_now(lambda db: registers.put(db, points, actor="p", at=AT))

    def found(typed: str) -> list[str]:
        return [hit.key for hit in full.read(lambda db: search.find(db, typed, registers=shipped()))]

    assert found("石坑 山洪") == found("山洪 石坑") == ["SH-0200"]
    assert found("山洪") == found("flash") == ["SH-0200", "SH-0202"]
    assert found("山洪 0202") == ["SH-0202"]
    assert found("石坑 避险点") == ["B-7"]
    assert set(found("云台 隐患点")) == {"SH-0021", "SH-0202"}
    assert found("山洪 避险点") == []
    assert keys(full, "石坑 山洪") == []
    kinds = {hit.key: hit.kind for hit in full.read(lambda db: search.find(db, "石坑"))}
    assert (kinds["SH-0200"], kinds["HP-0201"], kinds["town:990001101"]) == ("flash_flood", "landslide", "")


def test_what_is_only_spelled_so_stands_by_use_and_no_group_fills_the_list(full: Store) -> None:
    villages = [
        Place(f"9900011012{n}", f"上{one}村", "village", "990001101", BOX) for n, one in enumerate("口坎垦孔康")
    ]
    full.write_now(lambda db: places.replace(db, (*PLACES, *villages), actor="system", at=AT))
    crowd = [Record("hazard_points", f"X-{n}", f"沙{one}") for n, one in enumerate("口坎垦孔康坑")]
    person = Record("people", "P-9", "宋康宁")
    full.write_now(lambda db: registers.put(db, [*crowd, person], actor="p", at=AT))
    hits = full.read(lambda db: search.find(db, "sk", 9))
    assert [hit.group for hit in hits] == [*["hazard_points"] * 5, "people", *["places"] * 3]
    assert (hits[5].name, hits[6].name) == ("宋康宁", "石坑镇")
    assert names(full, "上口")[0] == "上口村"  # what is written is not put behind what is of more use


def test_no_more_than_asked_for(full: Store) -> None:
    assert len(names(full, "石", most=2)) == 2
    assert names(full, "石", most=0) == []


@pytest.mark.parametrize(
    "typed",
    [
        *("", " ", "\0", "石\0坑", '"', '""', "'", "*", "^", "-", "--", "a*b", "NOT", "AND OR NOT", 'a" OR "b', "{name}"),
        *("whole : x", "name:", "(", ")", "NEAR(a b)", "x" * 10_000, "石" * 10_000, " ".join("石坑" * 500), "％", "_", "\\"),
        *("\ud800", "石\udfff坑", "👩‍👩‍👧", "ﷺ" * 100, "\u202e", "\n\t", "%s%n", "; DROP TABLE search", "𠅤", "１２３", "ß"),
    ],
)  # fmt: skip
def test_hostile_text_finds_what_it_says_or_nothing(full: Store, typed: str) -> None:
    assert len(names(full, typed)) <= 12
    assert names(full, "石坑沟")[0] == "石坑沟"


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(alphabet=st.characters(codec=None), max_size=30))
def test_nothing_typed_raises(full: Store, typed: str) -> None:
    names(full, typed)


def test_a_name_of_hostile_signs_is_only_a_name(store: Store) -> None:
    evil = Record("units", "U-9", '<img src=x onerror=alert(1)> " OR "石\0坑* NEAR(\'')
    store.write_now(lambda db: registers.put(db, (evil,), actor="p", at=AT))
    assert names(store, "onerror") == [evil.name]


def test_an_answer_over_many_records_reads_a_few_of_them(store: Store) -> None:
    count, rng = long_count(5_000, 50_000), random.Random(5)
    syllables = ("石", "坑", "青", "岩", "长", "岭", "白", "水", "双", "河", "鹰", "嘴")
    endings = ("沟", "滑坡", "小学", "3号崩塌", "")
    heads = ["".join(four) for four in product(syllables, repeat=4)]
    many = [
        Record("hazard_points", f"SH-{n:05d}", heads[n % len(heads)] + rng.choice(endings), town="石坑镇")
        for n in range(count)
    ]
    store.write_now(lambda db: registers.put(db, many, actor="p", at=AT))
    for typed in ("石", "s", "sh", "石坑", "qingyan", "qy", "0117", "SH", "滑坡 石", "村", "xx", "000"):
        assert store.read(partial(steps_of, typed)) < 20, typed  # to read every record once takes fifty


def steps_of(typed: str, db: Database) -> int:
    return thousand_steps(db.conn, partial(search.find, db, typed))

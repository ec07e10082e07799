"""A hand in the file with any SQLite program: the damaged record is named and the others are read; what was forged is told."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
import shapely

from models.errors import StoreError
from models.hazard.register import as_record
from models.register.record import Record
from models.store import audit, hazards, registers
from models.store.database import Database, Store
from models.store.record_audit import check
from tests import make
from tests.models.store.values import AT, AUTHOR, minutes, outsider

SHELTERS = tuple(Record("shelters", f"SH-{n}", f"{n}号避险点", "school", 106.7, 28.8 + n / 100) for n in range(4))
ROUTE = Record("routes", "R-1", "撤离线", wkb=shapely.to_wkb(shapely.LineString([(106.7, 28.8), (106.71, 28.81)])))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "store.sqlite"
    points = (make.point("HP-1"), make.point("HP-2"))
    with Store.open(path) as store:
        store.write_now(lambda db: registers.put(db, (*SHELTERS, ROUTE), actor=AUTHOR.id, at=AT))
        store.write_now(lambda db: registers.put(db, map(as_record, points), actor=AUTHOR.id, at=minutes(1)))
        store.write_now(lambda db: registers.remove(db, "shelters", ["SH-3"], actor=AUTHOR.id, at=minutes(2)))
        store.write_now(lambda db: hazards.replace_points(db, points[:1], actor=AUTHOR.id, at=minutes(3)))
    return path


def by_hand(path: Path, *statements: str) -> None:
    with contextlib.closing(outsider(path)) as db:
        for statement in statements:
            assert db.execute(statement).rowcount == 1


def told(path: Path) -> list[tuple[str, str]]:
    found = audit.check_registers(path)
    for one in found:
        assert "past the console" in one.sentence("en") or "cannot be read" in one.sentence("en")
        assert "{" not in one.sentence("zh")
    return sorted({(one.code, str(one.facts["register"])) for one in found})


def test_a_sound_store_has_nothing_to_tell(path: Path) -> None:
    assert told(path) == []


@pytest.mark.parametrize(
    ("forgery", "code"),
    [
        ("UPDATE imports SET actor = 'cli:evil'", "register.forged_import"),
        ("UPDATE imports SET undone_at = at", "register.forged_import"),
        ("DELETE FROM imports", "register.forged_import"),
        (
            "UPDATE records_box SET west = 0, east = 0.1 WHERE key = (SELECT min(key) FROM records)",
            "register.other_box",
        ),
    ],
)
def test_a_forged_list_of_imports_and_a_forged_place_are_told(path: Path, forgery: str, code: str) -> None:
    with Store.open(path) as store:

        def take_in(db: Database) -> str:
            words = {"file": "a.csv", "sha256": "ab" * 32, "rows": 1, "actor": AUTHOR.id, "at": minutes(5)}
            id_ = registers.keep_import(db, "shelters", **words)  # type: ignore[arg-type]
            new = Record("shelters", "SH-9", "新校", "school", 106.7, 28.8)
            registers.put(db, [new], actor=AUTHOR.id, at=minutes(5), cause=f"import:{id_}")
            return id_

        undone = store.write_now(take_in)
        store.write_now(lambda db: registers.undo_import(db, undone, actor=AUTHOR.id, at=minutes(6)))
    assert told(path) == []
    with Store.open(path) as store:
        store.write_now(lambda db: db.conn.execute("DELETE FROM imports WHERE id = ?", [undone]).rowcount)
        assert [one.code for one in store.read(check)] == ["register.forged_import"]
        store.write_now(take_in)
    by_hand(path, forgery)
    assert code in {found for found, _ in told(path)}


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("values", "'{\"a\": '"),
        ("values", "'{}, {}'"),
        ("values", "'[]'"),
        ("values", "'" + "[" * 3000 + "'"),
        ("others", "'not json'"),
        ("others", "x'00ff'"),
        ("wkb", "x'0102'"),
        ("wkb", "'POINT (1 2)'"),
        ("lon_deg", "'east'"),
        ("lat_deg", "9e999"),
    ],
)
def test_a_damaged_record_is_named_and_the_others_are_read(path: Path, column: str, value: str) -> None:
    by_hand(path, f"UPDATE records SET \"{column}\" = {value} WHERE id = 'SH-1'")
    damaged: list[StoreError] = []
    with Store.open(path) as store:
        read = store.read(lambda db: tuple(registers.one_by_one(db, damaged=damaged)))
        near = store.read(lambda db: registers.within(db, 106, 28, 107, 29))
        with pytest.raises(StoreError) as one:
            store.read(lambda db: registers.record(db, "shelters", "SH-1"))
        assert one.value.code == "register.damaged"
        mended = SHELTERS[1]
        store.write_now(lambda db: registers.put(db, [mended], actor=AUTHOR.id, at=minutes(9)))
        assert store.read(lambda db: registers.record(db, "shelters", "SH-1")) == mended
    assert {one.id for one in read} == {"SH-0", "SH-2", "R-1", "HP-1"}
    assert "SH-1" not in {one.id for one in near}
    assert [(one.code, one.facts["id"]) for one in damaged] == [("register.damaged", "SH-1")]


def test_a_hazard_point_without_sense_takes_no_other_with_it(path: Path) -> None:
    with Store.open(path) as store:
        store.write_now(lambda db: registers.put(db, [as_record(make.point("HP-9"))], actor=AUTHOR.id, at=minutes(4)))
    by_hand(path, "UPDATE records SET \"values\" = '{\"thresholds\": [7]}' WHERE id = 'HP-9'")
    with Store.open(path) as store:
        assert [one.id for one in store.read(hazards.points)] == ["HP-1"]
    assert ("register.damaged", "hazard_points") in told(path)


def test_what_was_changed_past_the_console_is_told(path: Path) -> None:
    by_hand(path, "UPDATE records SET name = '别处' WHERE id = 'SH-1'")
    assert told(path) == [("register.other_sum", "shelters"), ("register.other_than_version", "shelters")]


def test_a_record_that_was_taken_out_or_put_in_past_the_console_is_told(path: Path) -> None:
    by_hand(path, "DELETE FROM records WHERE id = 'SH-1'")
    assert told(path) == [("register.forged_version", "shelters"), ("register.other_sum", "shelters")]


_FORGED = (
    "INSERT INTO record_versions SELECT register, id, number + 1, {at}, {actor}, cause, gone, place_in_list, name, kind,"
    " lon_deg, lat_deg, town, village, \"values\", others, wkb FROM record_versions WHERE id = 'SH-1'"
)


def test_a_forged_version_is_told_even_where_the_record_follows_it(path: Path) -> None:
    by_hand(path, _FORGED.format(at="'2026-06-17T23:00:00.000000Z'", actor="actor"))
    assert ("register.forged_version", "shelters") in told(path)
    by_hand(path, "UPDATE records SET version = version + 1 WHERE id = 'SH-1'")
    assert told(path) == [("register.forged_version", "shelters")]


def test_another_hand_in_a_version_is_told(path: Path) -> None:
    by_hand(path, _FORGED.format(at="at", actor="'somebody'"), "UPDATE records SET version = 2 WHERE id = 'SH-1'")
    assert told(path) == [("register.forged_version", "shelters")]


def test_a_register_that_was_never_written_by_the_console_is_told(path: Path) -> None:
    with Store.open(path) as store:
        assert store.read(check) == ()
    by_hand(path, "UPDATE records SET register = 'stores' WHERE id = 'R-1'")
    assert {code for code, _ in told(path)} >= {"register.other_sum", "register.other_than_version"}


def test_a_version_that_the_record_does_not_follow_is_told_by_its_number_alone(path: Path) -> None:
    by_hand(path, _FORGED.format(at="at", actor="actor"))  # time, hand and body are those of the version before
    assert told(path) == [("register.forged_version", "shelters")]


def test_a_record_that_names_an_older_version_than_its_newest_is_told(path: Path) -> None:
    with Store.open(path) as store:
        for number, name in enumerate(("新校", "一号避险点")):
            record = Record("shelters", "SH-1", name, "school", 106.7, 28.81)
            store.write_now(lambda db, r=record, n=number: registers.put(db, [r], actor=AUTHOR.id, at=minutes(5 + n)))  # type: ignore[misc]
    assert told(path) == []
    by_hand(path, "UPDATE records SET version = 2 WHERE id = 'SH-1'")
    assert ("register.forged_version", "shelters") in told(path)
    assert ("register.other_than_version", "shelters") in told(path)


@pytest.mark.parametrize(
    ("register", "id_", "actor"),
    [("shelters", "SH-1", "system"), ("hazard_points", "HP-1", "system"), ("hazard_points", "HP-1", "'cli:evil'")],
)
def test_the_cause_migration_excuses_no_version_that_came_later(
    path: Path, register: str, id_: str, actor: str
) -> None:
    hand = actor if actor.startswith("'") else f"'{actor}'"
    forged = _FORGED.format(at="'2026-06-17T23:00:00.000000Z'", actor=hand).replace("cause", "'migration'")
    by_hand(path, forged.replace("SH-1", id_), f"UPDATE records SET version = version + 1 WHERE id = '{id_}'")
    assert told(path) == [("register.forged_version", register)]


@pytest.mark.parametrize(
    ("register", "actor", "cause", "told_of"),
    [
        ("hazard_points", "system", "migration", []),
        ("shelters", "system", "migration", [("register.forged_version", "shelters")]),
        ("hazard_points", "cli:evil", "migration", [("register.forged_version", "hazard_points")]),
        ("hazard_points", "system", "edit", [("register.forged_version", "hazard_points")]),
    ],
)
def test_only_first_versions_of_hazard_points_by_the_system_came_by_migration(
    path: Path, register: str, actor: str, cause: str, told_of: list[tuple[str, str]]
) -> None:
    by_hand(
        path,
        f"INSERT INTO record_versions SELECT '{register}', 'X-1', 1, '1970-01-01T00:00:00.000000Z', '{actor}', '{cause}',"
        ' 1, place_in_list, name, kind, lon_deg, lat_deg, town, village, "values", others, wkb FROM record_versions'
        " WHERE id = 'HP-1' AND number = 1",
    )
    assert told(path) == told_of

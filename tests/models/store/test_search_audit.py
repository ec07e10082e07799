"""The index of the search against what the store holds: what it lacks, what is not there, what it says otherwise."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
import shapely

from models.hazard.register import Place
from models.register.record import Record
from models.store import audit, places, registers, search_index
from models.store.database import Store
from models.store.search_audit import check
from models.store.search_index import RECORDS
from tests.models.store.values import AT, outsider

BOX = shapely.to_wkb(shapely.box(106.6, 28.7, 106.8, 28.9))
SHELTER = Record("shelters", "B-7", "重庆路小学", town="石坑镇", values={"phone": "0751-8812345"})
GONE = Record("shelters", "B-8", "云台中学")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "store.sqlite"
    with Store.open(path) as store:
        store.write_now(
            lambda db: places.replace(db, (Place("990001", "青岚县", "county", "", BOX),), actor="p", at=AT)
        )
        store.write_now(lambda db: registers.put(db, [SHELTER, GONE], actor="p", at=AT))
        store.write_now(lambda db: registers.remove(db, "shelters", ["B-8"], actor="p", at=AT))
    return path


@pytest.mark.parametrize(
    ("forgery", "counts"),
    [
        (f"DELETE FROM search WHERE rowid = {RECORDS} + 1", (1, 0, 0)),
        (f"DELETE FROM search WHERE rowid < {RECORDS}", (1, 0, 0)),
        (f"INSERT INTO search (rowid, grp, id, name) VALUES ({RECORDS} + 9, 'shelters', 'B-9', '鬼屋')", (0, 1, 0)),
        ("INSERT INTO search (rowid, grp, id, name) VALUES (77, 'places', 'town:1', '鬼镇')", (0, 1, 0)),
        (f"INSERT INTO search_numbers (rowid, numbers) VALUES ({RECORDS} + 9, '110')", (0, 1, 0)),
        (f"UPDATE search SET number = '000' WHERE rowid = {RECORDS} + 1", (0, 0, 1)),
        (f"UPDATE search SET inner = 'x' WHERE rowid = {RECORDS} + 1", (0, 0, 1)),
        (f"DELETE FROM search_numbers WHERE rowid = {RECORDS} + 1", (0, 0, 1)),
    ],
)
def test_an_index_that_was_changed_past_the_console_is_told_and_made_anew(
    path: Path, forgery: str, counts: tuple[int, int, int]
) -> None:
    assert audit.check_contents(path) == ()
    with contextlib.closing(outsider(path)) as db:
        assert db.execute(forgery).rowcount == 1
    (one,) = audit.check_contents(path)
    assert one.code == "search.other_index"
    assert tuple(one.facts[key] for key in ("lacking", "stray", "other")) == counts
    assert "reindex" in one.sentence("zh")
    assert "{" not in one.sentence("en")
    with Store.open(path) as store:
        store.write_now(search_index.rebuild)
        assert store.read(check) == ()


def test_a_record_that_cannot_be_read_is_no_finding_of_the_index(path: Path) -> None:
    with contextlib.closing(outsider(path)) as db:
        db.execute("UPDATE records SET \"values\" = '[' WHERE id = 'B-7'")
    assert "search.other_index" not in {one.code for one in audit.check_contents(path)}


@pytest.mark.parametrize(
    "forgery",
    [
        "DELETE FROM search_data WHERE id > 10",
        "UPDATE search_data SET block = x'00' WHERE id > 10",
        "UPDATE search_numbers_data SET block = x'' WHERE id > 10",
    ],
)
def test_an_index_whose_words_lead_to_no_line_is_told_though_every_line_is_right(path: Path, forgery: str) -> None:
    with contextlib.closing(outsider(path)) as db:
        assert db.execute(forgery).rowcount > 0
    (one,) = audit.check_contents(path)
    assert one.code == "search.torn_index"
    assert "reindex" in one.sentence("zh")
    with Store.open(path) as store:
        store.write_now(search_index.rebuild)
        assert store.read(check) == ()


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE records SET \"values\" = '[' WHERE id = 'B-7'",
        "UPDATE records SET \"values\" = '{},{}' WHERE id = 'B-7'",
        "UPDATE records SET \"values\" = x'ff' WHERE id = 'B-7'",
        "UPDATE records SET name = x'ff' WHERE id = 'B-7'",
        "UPDATE places SET name = x'ff'",
    ],
)
def test_what_cannot_be_read_stops_neither_the_check_nor_the_making_anew(path: Path, damage: str) -> None:
    with contextlib.closing(outsider(path)) as db:
        assert db.execute(damage).rowcount == 1
    assert audit.check_contents(path) != ()
    with Store.open(path) as store:
        store.write_now(search_index.rebuild)
        assert store.read(check) == ()

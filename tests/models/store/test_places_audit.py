"""A hand in the file: places that are not what the journal says, or are not found where they lie, are told."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
import shapely

from models.hazard.register import Place
from models.store import audit, journal, places
from models.store.database import Store
from tests.models.store.values import AT, outsider

COUNTY = Place("990001", "青岚县", "county", "", shapely.to_wkb(shapely.box(106.0, 28.0, 107.0, 29.0)))
TOWN = Place("990001101", "石坑镇", "town", "990001", shapely.to_wkb(shapely.box(106.2, 28.2, 106.7, 28.7)), 21_000)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "store.sqlite"
    with Store.open(path) as store:
        store.write_now(lambda db: places.replace(db, (COUNTY,), actor="system", at=AT))
        store.write_now(lambda db: places.replace(db, (COUNTY, TOWN), actor="system", at=AT))
    return path


def by_hand(path: Path, statement: str) -> None:
    with contextlib.closing(outsider(path)) as db:
        db.execute(statement)


def told(path: Path) -> set[str]:
    found = audit.check_contents(path)
    for one in found:
        assert "{" not in one.sentence("zh") + one.sentence("en")
    return {one.code for one in found}


@pytest.mark.parametrize(
    ("forgery", "codes"),
    [
        ("UPDATE places SET wkb = (SELECT wkb FROM places WHERE id = 1) WHERE id = 2", {"places.other_sum", "places.other_box"}),
        ("UPDATE places SET population = 2 WHERE id = 2", {"places.other_sum"}),
        ("UPDATE places SET parent = '' WHERE id = 2", {"places.other_sum", "search.other_index"}),
        ("UPDATE places SET name = '别处' WHERE id = 2", {"places.other_sum", "search.other_index"}),
        ("UPDATE places SET wkb = x'00' WHERE id = 2", {"places.other_sum"}),
        ("DELETE FROM places WHERE id = 2", {"places.other_sum", "places.other_box", "search.other_index"}),
        ("UPDATE places_box SET west = 106.3 WHERE id = 2", {"places.other_box"}),
        ("DELETE FROM places_box WHERE id = 2", {"places.other_box"}),
    ],
)  # fmt: skip
def test_places_changed_past_the_console_are_told(path: Path, forgery: str, codes: set[str]) -> None:
    assert told(path) == set()
    by_hand(path, forgery)
    assert told(path) == codes


def test_places_from_before_the_sum_are_unproven_until_somebody_vouches_and_a_change_after_that_is_told(
    path: Path,
) -> None:
    older = path.parent / "older" / "store.sqlite"
    older.parent.mkdir()
    with Store.open(older) as store:
        store.write_now(
            lambda db: db.execute("INSERT INTO places SELECT 1, '990001', '青岚县', 'county', '', x'00', 0")
        )
        assert {one.code for one in audit.check_contents(older)} >= {"places.unproven"}
        store.write_now(lambda db: places.vouch(db, actor="cli:op", at=AT))
        assert "places.unproven" not in {one.code for one in audit.check_contents(older)}
        store.write_now(lambda db: db.execute("UPDATE places SET population = 1"))
        assert "places.other_sum" in {one.code for one in audit.check_contents(older)}


def test_who_vouches_for_changed_places_leaves_a_line_that_says_what_the_journal_had_said(path: Path) -> None:
    with Store.open(path) as store:
        said = store.read(places.state)
        store.write_now(lambda db: db.execute("UPDATE places SET population = 2"))
        store.write_now(lambda db: places.vouch(db, actor="cli:op", at=AT))
        (line,) = store.read(lambda db: journal.newest(db, limit=1))
        assert (line.entry.before, line.entry.after) == (said, store.read(places.state))
        assert said != line.entry.after

"""Migrations go forward, and none of them loses a law."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from models.errors import StoreError
from models.store import archive, audit, journal, laws, migrations
from models.store.database import Store
from tests.data import ROOT
from tests.models.store.values import entry


def test_no_migration_transforms_a_table() -> None:
    text = (ROOT / "models" / "store" / "migrations.py").read_text(encoding="utf-8")
    code = text.split('"""', 2)[2]
    assert ".transform(" not in code
    assert "RENAME TO" not in code


def test_transform_would_drop_the_triggers_in_silence_and_that_is_refused(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the issue warns of, done for real: sqlite-utils builds the table anew, our look refuses it."""
    store.close()
    careless = Migrations("fengsui")
    for known in migrations.MIGRATIONS.pending(Database(memory=True)):
        careless(name=known.name)(known.fn)

    @careless(name="0002_careless")
    def _careless(db: Database) -> None:
        db.table("journal").transform(rename={"act": "deed"})

    monkeypatch.setattr(migrations, "MIGRATIONS", careless)
    migrations._known.cache_clear()
    try:
        with pytest.raises(StoreError) as refused:
            Store.open(store.path)
        assert refused.value.code == "store.no_triggers"
        monkeypatch.undo()
        migrations._known.cache_clear()
        with Store.open(store.path) as again:  # the careless migration was rolled back as a whole
            assert again.read(laws.missing) == ()
            assert "act" in again.read(lambda db: [c.name for c in db.table("journal").columns])
    finally:
        migrations._known.cache_clear()


def test_an_older_store_is_brought_forward_and_keeps_what_it_holds(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.close()
    later = Migrations("fengsui")
    for known in migrations.MIGRATIONS.pending(Database(memory=True)):
        later(name=known.name)(known.fn)

    @later(name="0002_calls")
    def _calls(db: Database) -> None:
        db.execute("CREATE TABLE calls (id TEXT PRIMARY KEY)")

    with monkeypatch.context() as patched:
        patched.setattr(migrations, "MIGRATIONS", later)
        migrations._known.cache_clear()
        with Store.open(store.path) as newer:
            assert newer.read(lambda db: db.execute("SELECT count(*) FROM people").fetchone()) == (2,)
            newer.write_now(lambda db: db.execute("INSERT INTO calls VALUES ('c-1')"))
    migrations._known.cache_clear()
    with pytest.raises(StoreError) as refused:  # and the older program refuses it from then on
        Store.open(store.path)
    assert (refused.value.code, refused.value.facts["names"]) == ("store.newer", "0002_calls")


def test_a_store_from_before_the_archive_gets_its_index_and_keeps_its_laws(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Migrations("fengsui")
    known = {migration.name: migration.fn for migration in migrations.MIGRATIONS.pending(Database(memory=True))}
    first(name="0001_foundation")(known["0001_foundation"])
    with monkeypatch.context() as patched:
        patched.setattr(migrations, "MIGRATIONS", first)
        with Store.open(path) as older:
            older.write_now(lambda db: journal.append(db, entry("opened")))
            assert "archive" not in older.read(lambda db: db.table_names())
    with Store.open(path) as store:
        assert store.read(archive.stock).files == 0
        assert store.read(laws.missing) == ()
        assert [line.entry.act for line in store.read(journal.lines)] == ["opened"]
    assert audit.check(path) == ()


def test_sessions_that_open_a_new_store_at_once_make_one(tmp_path: Path) -> None:
    for attempt in range(5):
        path = tmp_path / str(attempt) / "store.sqlite"
        path.parent.mkdir()
        gate = threading.Barrier(4)

        def begin(_: int, path: Path = path, gate: threading.Barrier = gate) -> int:
            gate.wait()
            with Store.open(path) as store:
                return store.write_now(lambda db: journal.append(db, entry("opened"))).number

        with ThreadPoolExecutor(4) as pool:
            assert sorted(pool.map(begin, range(4))) == [1, 2, 3, 4]
        assert audit.check(path) == ()

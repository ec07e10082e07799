"""The store opens, is looked over, writes one at a time and reads many at once."""

from __future__ import annotations

import os
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from models.errors import StoreError
from models.store import audit, journal, migrations
from models.store import head as head_file
from models.store.database import Database, Store
from tests.models.store.values import entry, outsider


def code_of(path: Path) -> str:
    with pytest.raises(StoreError) as refused:
        Store.open(path)
    assert str(refused.value)
    assert refused.value.sentence("zh")
    return refused.value.code


def test_a_new_store_syncs_every_commit_and_watches_its_foreign_keys(store: Store) -> None:
    def pragmas(db: Database) -> list[object]:
        names = ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers", "application_id")
        return [db.execute(f"PRAGMA {name}").fetchone()[0] for name in names]

    assert store.write_now(pragmas) == ["wal", 2, 1, 1, migrations.APPLICATION_ID]


def test_what_raises_leaves_nothing_behind(store: Store) -> None:
    before = store.read(journal.head)

    def half(db: Database) -> None:
        journal.append(db, entry("first"))
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        store.write_now(half)
    assert store.read(journal.head) == before
    store.write_now(lambda db: journal.append(db, entry("after")))
    assert store.read(lambda db: journal.newest(db, limit=1))[0].entry.act == "after"


def test_writes_of_many_threads_stand_one_after_the_other(store: Store) -> None:
    start = store.read(journal.head).number

    def one(number: int) -> int:
        return store.write_now(lambda db: journal.append(db, entry("line", n=number))).number

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(one, range(200)))
    assert sorted(numbers) == list(range(start + 1, start + 201))
    assert store.read(lambda db: journal.check(db, store.head_path)) == ()


def test_readers_see_whole_transactions_while_a_writer_is_at_work(store: Store) -> None:
    """Each transaction writes two lines; no reader ever counts an odd number of them."""
    start, stop, odd, reads = store.read(journal.head).number, threading.Event(), [], []

    def pair(db: Database) -> None:
        journal.append(db, entry("one"))
        journal.append(db, entry("two"))

    def count(db: Database) -> tuple[int, int]:
        first = db.execute("SELECT count(*) FROM journal").fetchone()[0]
        return first, db.execute("SELECT count(*) FROM journal").fetchone()[0]

    def look() -> None:
        while not stop.is_set():
            first, second = store.read(count)
            reads.append(first)
            if (first - start) % 2 or first != second:
                odd.append((first, second))

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(60):
        store.write_now(pair)
    stop.set()
    for thread in threads:
        thread.join()
    assert not odd
    assert len(set(reads)) > 1


def test_a_reader_cannot_write(store: Store) -> None:
    with pytest.raises(StoreError) as refused:
        store.read(lambda db: journal.append(db, entry()))
    assert refused.value.code == "store.read_only"


def test_two_sessions_share_one_file(store: Store) -> None:
    with Store.open(store.path) as other:
        other.write_now(lambda db: journal.append(db, entry("from the other session")))
        line = store.write_now(lambda db: journal.append(db, entry("from this one")))
        assert store.read(lambda db: journal.newest(db, limit=2))[1].entry.act == "from the other session"
        assert other.read(journal.head).sha == line.sha
    assert store.read(lambda db: journal.check(db, store.head_path)) == ()


def test_a_closed_store_says_so(path: Path) -> None:
    store = Store.open(path)
    store.read(journal.head)
    store.close()
    store.close()
    for use in (store.write, store.read):
        with pytest.raises(StoreError) as refused:
            use(journal.head)
        assert refused.value.code == "store.closed"


def test_closing_lets_queued_writes_finish(path: Path) -> None:
    store = Store.open(path)
    futures = [store.write(lambda db: journal.append(db, entry("queued"))) for _ in range(20)]
    store.close()
    assert [future.result().number for future in futures] == list(range(1, 21))
    with Store.open(path) as again:
        assert again.read(journal.head).number == 20


def test_the_fault_switch_is_told_of_every_write_the_commit_and_the_head(path: Path) -> None:
    told: list[str] = []
    with Store.open(path, after_statement=told.append) as store:
        store.write_now(lambda db: [journal.append(db, entry()), journal.append(db, entry())])
        store.write_now(lambda db: db.execute("SELECT 1").fetchone())
    assert told == ["insert journal", "insert journal", "committed", "head written", "committed"]


def test_a_file_that_is_no_database_is_called_damaged(path: Path) -> None:
    path.write_bytes(b"this is a letter, not a database, " * 200)
    assert code_of(path) == "store.damaged"


def test_a_database_of_another_program_is_left_alone(path: Path) -> None:
    with outsider(path) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")
    other.close()
    before = path.read_bytes()
    assert code_of(path) == "store.not_ours"
    assert path.read_bytes()[100:] == before[100:]


def test_random_damage_is_recognised_or_harmless(path: Path) -> None:
    """Whole pages overwritten at random: the store says so at start, or still has every line."""
    with Store.open(path) as store:
        for number in range(200):
            store.write_now(partial(journal.append, entry=entry("line", text="x" * 500, n=number)))
        lines = store.read(journal.lines)
    whole = path.read_bytes()
    dice, recognised = random.Random(20260617), 0
    for _ in range(12):
        data, page = bytearray(whole), dice.randrange(1, len(whole) // 4096)
        data[page * 4096 : page * 4096 + 4096] = dice.randbytes(4096)
        path.write_bytes(data)
        told = [error.code for error in audit.check(path)]
        if told:
            assert "store.damaged" in told or told == ["journal.changed_line"]
            recognised += 1
        else:
            with Store.open(path) as store:
                assert store.read(journal.lines) == lines
    assert recognised >= 8


def test_a_newer_schema_is_refused_with_a_sentence(store: Store, path: Path) -> None:
    store.close()
    with outsider(path) as newer:
        newer.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('fengsui', '0099_future', '2030')"
        )
    newer.close()
    assert code_of(path) == "store.newer"
    with pytest.raises(StoreError, match=r"newer version of this program \(0099_future\)"):
        Store.open(path)


def test_a_store_without_a_law_is_refused(store: Store, path: Path) -> None:
    store.close()
    with outsider(path) as other:
        other.execute("DROP TRIGGER law_journal_update")
    other.close()
    assert code_of(path) == "store.no_triggers"
    with pytest.raises(StoreError, match="law_journal_update"):
        Store.open(path)


def test_a_store_with_a_weakened_law_is_refused(store: Store, path: Path) -> None:
    store.close()
    with outsider(path) as other:
        other.execute("DROP TRIGGER law_journal_delete")
        other.execute("CREATE TRIGGER law_journal_delete BEFORE DELETE ON journal WHEN 0 BEGIN SELECT 1; END")
    other.close()
    assert code_of(path) == "store.no_triggers"


def test_a_store_with_a_trigger_of_somebody_else_is_refused(store: Store, path: Path) -> None:
    store.close()
    with outsider(path) as other:
        other.execute("CREATE TRIGGER quiet AFTER INSERT ON outbox BEGIN SELECT 1; END")
    other.close()
    assert code_of(path) == "store.no_triggers"


@pytest.mark.parametrize("how", ["gone", "empty"])
def test_a_store_that_is_gone_is_never_replaced_by_an_empty_one(store: Store, path: Path, how: str) -> None:
    store.close()
    if how == "gone":
        path.unlink()
    else:
        path.write_bytes(b"")
    assert code_of(path) == "store.missing"


def test_a_head_left_behind_by_a_kill_is_caught_up(store: Store, path: Path) -> None:
    store.write_now(lambda db: journal.append(db, entry("before")))
    behind = store.head_path.read_bytes()
    store.write_now(lambda db: journal.append(db, entry("after")))
    store.close()
    store.head_path.write_bytes(behind)
    with Store.open(path) as again:
        last = again.read(journal.head)
        found = head_file.read(again.head_path)
        assert found is not None
        assert (found.number, found.sha, found.since) == (last.number, last.sha, 0)
        assert again.read(lambda db: journal.check(db, again.head_path)) == ()


@pytest.mark.logs
@pytest.mark.skipif(os.name == "nt", reason="folders are made read-only in another way on Windows")
def test_a_head_that_cannot_be_written_loses_nothing_and_is_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("models.store.head.os.fsync", full)
        line = store.write_now(lambda db: journal.append(db, entry("kept")))
    assert store.head_error is not None
    assert store.head_error.code == "journal.head_unwritten"
    assert store.read(journal.head).sha == line.sha
    store.write_now(lambda db: journal.append(db, entry("next")))
    assert store.head_error is None


def test_a_second_opening_is_quick(store: Store, path: Path) -> None:
    """No figure is asserted; the store must simply open many times without a migration."""
    store.close()
    for _ in range(3):
        with Store.open(path) as again:
            assert again.read(lambda db: [m.name for m in migrations.MIGRATIONS.pending(db)]) == []

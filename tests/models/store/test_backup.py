"""Backups: one whole file each with the journal's head beside it; restoring says what is missing."""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from models.errors import StoreError
from models.store import audit, backup, head, journal, outbox, warnings
from models.store.database import Store
from models.store.restore import restore
from models.warning.warning import WarningState
from tests.models.store.values import AT, entry, keep_issued, minutes, outsider


@pytest.fixture
def folder(path: Path) -> Path:
    """The office's folder for backups, beside the store."""
    made = path.with_name("backup")
    made.mkdir()
    path.with_name("outbox").mkdir()
    return made


def write(store: Store, count: int, act: str = "line") -> None:
    for number in range(count):
        store.write_now(partial(journal.append, entry=entry(act, n=number, text="x" * 1500)))


def damage(path: Path) -> None:
    """Overwrite the second half of the file, as a dying disk does."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2 :] = os.urandom(len(data) - len(data) // 2)
    path.write_bytes(data)


def test_a_backup_is_one_file_with_everything_and_the_head_beside_it(store: Store, folder: Path) -> None:
    keep_issued(store)
    made = backup.make(store, folder, AT)
    assert sorted(p.name for p in folder.iterdir()) == ["store-20260617T191240Z.head", "store-20260617T191240Z.sqlite"]
    assert backup.examine(made) == store.read(journal.head)
    assert backup.made_at(made) == AT.replace(microsecond=0)
    copy = sqlite3.connect(made)
    assert copy.execute("SELECT count(*) FROM outbox").fetchone() == (3,)
    copy.close()
    assert sorted(p.suffix for p in folder.iterdir()) == [".head", ".sqlite"]


def test_a_backup_of_a_store_that_is_being_written_is_whole(store: Store, folder: Path) -> None:
    stop = threading.Event()

    def keep_writing() -> None:
        while not stop.is_set():
            write(store, 1, "meanwhile")

    writer = threading.Thread(target=keep_writing)
    writer.start()
    made = [backup.make(store, folder, minutes(n)) for n in range(5)]
    stop.set()
    writer.join()
    numbers = [backup.examine(one).number for one in made]
    assert numbers == sorted(numbers)
    for one in made:
        db = outsider(one)
        assert db.execute("SELECT count(*), max(number) FROM journal").fetchone() == (backup.examine(one).number,) * 2
        db.close()


def test_two_backups_of_one_second_stand_side_by_side(store: Store, folder: Path) -> None:
    made = [backup.make(store, folder, AT) for _ in range(3)]
    assert backup.all_of(folder) == tuple(reversed(made))
    assert [p.name for p in made][1:] == ["store-20260617T191240Z-1.sqlite", "store-20260617T191240Z-2.sqlite"]


def test_the_newest_twenty_and_the_last_of_each_day_are_kept(folder: Path) -> None:
    start = datetime(2026, 6, 1, 1, tzinfo=UTC)
    for hour in range(0, 24 * 10, 4):  # six a day, ten days
        at = start + timedelta(hours=hour)
        for suffix in (".sqlite", ".head"):
            (folder / f"store-{at:%Y%m%dT%H%M%SZ}{suffix}").touch()
    (folder / "notes.txt").touch()
    backup.prune(folder)
    kept = [backup.made_at(p) for p in backup.all_of(folder)]
    assert kept[:20] == [start + timedelta(hours=236 - 4 * n) for n in range(20)]
    assert kept[20:] == [datetime(2026, 6, day, 21, tzinfo=UTC) for day in (6, 5, 4, 3, 2, 1)]
    assert len(list(folder.glob("*.head"))) == len(kept)
    assert (folder / "notes.txt").exists()


def test_a_backup_that_cannot_be_written_leaves_nothing(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError) as refused:
        backup.make(store, tmp_path / "nowhere", AT)
    assert refused.value.code in {"store.cannot_open", "backup.failed"}
    assert not (tmp_path / "nowhere").exists()


def test_a_damaged_backup_is_passed_over(store: Store, folder: Path) -> None:
    write(store, 40)
    good = backup.make(store, folder, minutes(0))
    write(store, 40)
    for minute, harm in ((1, "pages"), (2, "head"), (3, "laws"), (4, "cut"), (5, "empty")):
        bad = backup.make(store, folder, minutes(minute))
        if harm == "pages":
            damage(bad)
        elif harm == "head":
            head.write(backup.head_of(bad), head.Head(5, "f" * 64))
        elif harm == "laws":
            db = outsider(bad)
            db.execute("DROP TRIGGER law_journal_delete")
            db.close()
        elif harm == "cut":
            bad.write_bytes(bad.read_bytes()[:-5000])
        else:
            bad.write_bytes(b"")
        with pytest.raises(StoreError):
            backup.examine(bad)
    assert backup.newest_good(folder) == good


def test_a_damaged_store_is_recognised_restored_and_told(store: Store, path: Path, folder: Path) -> None:
    keep_issued(store, "w-1", 1)
    made = backup.make(store, folder, AT)
    at_backup = store.read(journal.head)
    keep_issued(store, "w-2", 2)
    write(store, 60)
    at_end = store.read(journal.head)
    for message in store.read(outbox.queued):
        path.with_name("outbox").joinpath(f"{message.id}.json").write_text("{}")
    store.close()
    damage(path)
    with pytest.raises(StoreError) as refused:
        Store.open(path)
    assert refused.value.code == "store.damaged"

    report = restore(path.parent, minutes(600))

    assert report.restored_from == made
    assert report.made_at == AT
    assert (report.number, report.lost_number, report.lost_count) == (
        at_backup.number,
        at_end.number,
        at_end.number - at_backup.number,
    )
    assert report.unknown_messages == ("w-2-m0.json", "w-2-m1.json", "w-2-m2.json")
    assert [line.number for line in report.lost_lines] == list(
        range(at_backup.number + 1, at_backup.number + 1 + len(report.lost_lines))
    )
    assert report.kept_as is not None
    assert report.kept_as.name == "store.damaged-20260618T051240Z.sqlite"
    assert report.kept_as.exists()
    with Store.open(path) as again:
        assert [w.id for w in again.read(warnings.all_warnings)] == ["w-1"]
        (line,) = again.read(lambda db: journal.newest(db, limit=1))
        assert line.entry.act == "store.restored"
        assert line.entry.before["heads"] == [[at_end.number, at_end.sha]]
        assert line.entry.after["unknown_messages"] == ["w-2-m0.json", "w-2-m1.json", "w-2-m2.json"]
        write(again, 100)
    assert audit.check(path, folder) == ()  # what a restoring has told is no finding


def test_what_the_damaged_store_still_gives_is_listed(store: Store, path: Path, folder: Path) -> None:
    """The journal is readable, another table is not: every lost line is named."""
    backup.make(store, folder, AT)
    write(store, 5, "lost act")
    page = store.read(
        lambda db: db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'gauge_reports'").fetchone()[0]
    )
    store.close()
    data = bytearray(path.read_bytes())
    data[(page - 1) * 4096 : page * 4096] = b"\xff" * 4096
    path.write_bytes(data)
    report = restore(path.parent, minutes(600))
    assert [line.entry.act for line in report.lost_lines] == ["lost act"] * 5
    assert report.lost_count == 5


@pytest.mark.parametrize("how", ["gone", "empty", "garbage"])
def test_a_store_that_is_gone_comes_back(store: Store, path: Path, folder: Path, how: str) -> None:
    keep_issued(store)
    backup.make(store, folder, AT)
    store.close()
    if how == "gone":
        path.unlink()
    else:
        path.write_bytes(b"" if how == "empty" else b"garbage" * 3000)
    report = restore(path.parent, minutes(1))
    assert report.lost_count == 0
    assert (report.kept_as is None) == (how == "gone")
    with Store.open(path) as again:
        assert again.read(lambda db: warnings.find(db, "w-1")).state is WarningState.ISSUED


def test_lines_cut_off_are_not_hidden_by_a_restoring_of_an_older_backup(store: Store, path: Path, folder: Path) -> None:
    """What was lost by one restoring is told; a tail cut off afterwards is still found."""
    backup.make(store, folder, AT)
    write(store, 5)
    store.close()
    damage(path)
    restore(path.parent, minutes(1))
    with Store.open(path) as again:
        write(again, 20)
    db = outsider(path)
    laws = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in laws:
        db.execute(f"DROP TRIGGER {name}")
    db.execute("DELETE FROM journal WHERE number > 10")
    for _, sql in laws:
        db.execute(sql)
    db.close()
    assert [finding.code for finding in audit.check(path, folder)] == ["journal.cut_tail"]


def test_without_a_good_backup_nothing_is_touched(store: Store, path: Path, folder: Path) -> None:
    write(store, 20)
    store.close()
    damage(path)
    before = path.read_bytes()
    with pytest.raises(StoreError) as refused:
        restore(path.parent, AT)
    assert refused.value.code == "backup.none"
    assert path.read_bytes() == before


def test_a_good_store_is_not_restored_by_mistake(store: Store, path: Path, folder: Path) -> None:
    backup.make(store, folder, AT)
    write(store, 3)
    store.close()
    with pytest.raises(StoreError) as refused:
        restore(path.parent, AT)
    assert refused.value.code == "backup.not_needed"
    assert restore(path.parent, AT, even_if_good=True).lost_count == 3


@pytest.mark.skipif(os.name == "nt", reason="Windows itself refuses to move a file that is open")
def test_a_store_that_a_console_has_open_is_not_restored(store: Store, path: Path, folder: Path) -> None:
    backup.make(store, folder, AT)
    with pytest.raises(StoreError) as refused:
        restore(path.parent, AT, even_if_good=True)
    assert refused.value.code == "store.in_use"
    write(store, 1)
    store.close()
    assert sorted(p.name for p in path.parent.iterdir() if p.suffix == ".sqlite") == ["store.sqlite"]


def test_without_a_head_it_is_said_that_the_loss_cannot_be_told(store: Store, path: Path, folder: Path) -> None:
    backup.make(store, folder, AT)
    store.close()
    path.unlink()
    for beside in (path.with_name("journal.head"), *folder.glob("*.head")):
        beside.unlink()
    with pytest.raises(StoreError) as refused:  # a backup without its head is no good backup
        restore(path.parent, AT)
    assert refused.value.code == "backup.none"


def test_a_backup_moved_by_hand_opens_as_a_store(store: Store, path: Path, folder: Path) -> None:
    keep_issued(store)
    made = backup.make(store, folder, AT)
    elsewhere = path.parent / "elsewhere"
    elsewhere.mkdir()
    shutil.copyfile(made, elsewhere / "store.sqlite")
    with Store.open(elsewhere / "store.sqlite") as moved:
        assert moved.read(lambda db: warnings.cap_of(db, "w-1"))
    assert [f.code for f in audit.check(elsewhere / "store.sqlite")] == ["journal.head_begun_anew"]

"""The index of the archive: rows by path, the oldest first, and what is written down when they go."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from models.identity import new_id
from models.store import archive, audit, journal
from models.store.archive import ArchivedFile, ArchiveKind
from models.store.database import Store
from tests.data import long_count
from tests.models.store.values import AT, minutes, outsider


def row(
    name: str,
    minute: float = 0,
    *,
    day: str = "20260617",
    kind: ArchiveKind = ArchiveKind.RADAR,
    size_bytes: int = 1000,
    archived_at: datetime | None = None,
) -> ArchivedFile:
    sha256 = hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()
    return ArchivedFile(
        *(new_id(), kind, "Z9001", minutes(minute), f"archive/{day}/{name}", size_bytes, sha256, "FMT", "fmt"),
        complete=True,
        archived_at=archived_at or minutes(minute + 1),
    )


def keep(store: Store, *rows: ArchivedFile) -> None:
    store.write_now(lambda db: archive.keep(db, rows))


def names(rows: tuple[ArchivedFile, ...]) -> list[str]:
    return [file.path.rpartition("/")[2] for file in rows]


def test_a_row_comes_back_as_it_was_kept(store: Store) -> None:
    whole = row("a.bin")
    unknown = replace(row("b.bin", 1, kind=ArchiveKind.REFUSED), radar="", format="", layout="", complete=None)
    broken = replace(row("c.bin", 2), complete=False)
    keep(store, whole, unknown, broken)
    assert store.read(lambda db: archive.oldest(db, 9)) == (whole, unknown, broken)


def test_names_that_are_no_text_and_signs_of_our_own_coding_come_back(store: Store) -> None:
    odd = ("caf\udce9.bin", "100%.bin", "%DCE9.bin", "雨 a'b\".bin")
    keep(store, *(row(name, n) for n, name in enumerate(odd)))
    assert names(store.read(lambda db: archive.oldest(db, 9))) == list(odd)
    assert set(store.read(lambda db: archive.in_folder(db, "archive/20260617"))) == {
        f"archive/20260617/{name}" for name in odd
    }
    assert store.write_now(lambda db: archive.forget(db, [f"archive/20260617/{odd[0]}"])) == 1


def test_a_path_that_is_written_again_keeps_its_id_and_gets_the_new_facts(store: Store) -> None:
    first, second = row("cr.tif", size_bytes=10), row("cr.tif", 3, size_bytes=20)
    keep(store, first)
    keep(store, second)
    assert store.read(lambda db: archive.oldest(db, 9)) == (replace(second, id=first.id),)


def test_the_oldest_come_first_and_a_file_of_tomorrow_is_as_old_as_its_coming(store: Store) -> None:
    tomorrow = row("tomorrow.bin", 60 * 24, archived_at=minutes(5))
    keep(store, row("late.bin", 9), tomorrow, row("early.bin", 1), row("long-ago.bin", -9000, archived_at=minutes(8)))
    assert names(store.read(lambda db: archive.oldest(db, 9))) == [
        "long-ago.bin",
        "early.bin",
        "tomorrow.bin",
        "late.bin",
    ]
    assert names(store.read(lambda db: archive.oldest(db, 1))) == ["long-ago.bin"]
    stock = store.read(archive.stock)
    assert (stock.files, stock.size_bytes, stock.oldest_at, stock.newest_at) == (4, 4000, minutes(-9000), minutes(9))


def test_an_empty_index_holds_nothing(store: Store) -> None:
    assert store.read(archive.stock) == archive.Stock(0, 0, None, None)
    assert store.read(archive.folders) == ()
    assert store.read(lambda db: archive.oldest(db, 9)) == ()


def test_folders_are_found_without_reading_every_row(store: Store) -> None:
    keep(
        store,
        *(row(f"{n}.bin", n) for n in range(40)),
        row("x.bin", day="20260618"),
        row("cr.tif", day="frames/20260617", kind=ArchiveKind.FRAME),
        row("bad.bin", day="refused", kind=ArchiveKind.REFUSED),
    )
    folders = ("archive/20260617", "archive/20260618", "archive/frames/20260617", "archive/refused")
    assert store.read(archive.folders) == folders
    found = [store.read(partial(archive.in_folder, folder=folder)) for folder in folders]
    assert [len(rows) for rows in found] == [40, 1, 1, 1]
    assert store.read(lambda db: archive.in_folder(db, "archive/frames")) == {}


def test_the_newest_radar_files_come_oldest_first(store: Store) -> None:
    keep(store, *(row(f"{n}.bin", n) for n in range(10)), row("g.csv", 20, kind=ArchiveKind.GAUGES))
    assert names(store.read(lambda db: archive.radar_files(db, AT, 3))) == ["7.bin", "8.bin", "9.bin"]
    assert names(store.read(lambda db: archive.radar_files(db, minutes(8.5), 9))) == ["9.bin"]


def test_what_rolls_off_leaves_the_index_with_a_journal_line(store: Store) -> None:
    files = tuple(row(f"{n}.bin", n) for n in range(5))
    keep(store, *files)
    left = store.write_now(lambda db: archive.roll_off(db, files[:2], because="cap", at=minutes(30)))
    assert left == archive.Stock(3, 3000, minutes(2), minutes(4))
    line = store.read(lambda db: journal.of_subject(db, "archive"))[-1].entry
    assert (line.actor, line.act, line.at) == ("system", "archive.rolled", minutes(30))
    assert line.after == {
        "count": 2,
        "bytes": 2000,
        "because": "cap",
        "kept": 3,
        "kept_bytes": 3000,
        "oldest_at": "2026-06-17T19:14:40.000000Z",
        "newest_at": "2026-06-17T19:16:40.000000Z",
    }
    assert audit.check(store.path) == ()


def test_a_mending_never_overwrites_a_row_that_came_in_meanwhile(store: Store) -> None:
    known, gone = row("known.bin"), row("gone.bin", 1)
    keep(store, known, gone)
    found = (replace(row("known.bin", 7), radar=""), row("found.bin", 2))
    changed = (replace(known, size_bytes=5),)
    store.write_now(lambda db: archive.mend(db, found, changed, [gone.path]))
    assert store.read(lambda db: archive.oldest(db, 9)) == (changed[0], found[1])


def test_a_mending_names_the_first_files_of_each_kind(store: Store) -> None:
    found = tuple(f"archive/20260617/{n}.bin" for n in range(12))
    store.write_now(lambda db: archive.note_mended(db, found=found, changed=(), gone=("archive/refused/x",), at=AT))
    after = store.read(lambda db: journal.of_subject(db, "archive"))[-1].entry.after
    assert (after["found"], after["gone"]) == (12, 1)
    assert after["found_files"] == list(found[:10])
    assert after["gone_files"] == ["archive/refused/x"]
    assert "changed" not in after


@pytest.mark.parametrize("values", [("size_bytes", -1), ("sha256", "'short'")])
def test_the_table_refuses_what_cannot_be(store: Store, path: Path, values: tuple[str, object]) -> None:
    keep(store, row("a.bin"))
    with outsider(path) as hand, pytest.raises(Exception, match="CHECK constraint failed"):
        hand.execute(f"UPDATE archive SET {values[0]} = {values[1]}")
    hand.close()


def test_a_year_of_files_is_counted_and_paged_at_once(store: Store) -> None:
    """Every question but the sum is answered from an index: the plans of SQLite say so."""
    many = long_count(20_000, 100_000)
    rows = [row(f"{n}.bin", n * 5, day=f"{AT + timedelta(minutes=n * 5):%Y%m%d}", size_bytes=n) for n in range(many)]
    keep(store, *rows)
    plans = store.read(
        lambda db: [
            str(db.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall())
            for sql in (
                "SELECT path FROM archive ORDER BY min(data_at, archived_at), id LIMIT 5",
                "SELECT path FROM archive WHERE path > 'a' AND path < 'b'",
                "SELECT path FROM archive WHERE kind = 'radar' AND data_at >= '2026' ORDER BY data_at DESC LIMIT 4",
            )
        ]
    )
    assert ["archive_age" in plans[0], "autoindex" in plans[1], "archive_kind" in plans[2]] == [True, True, True]
    assert store.read(archive.stock).size_bytes == sum(range(many))
    assert store.read(archive.folders) == tuple(sorted({file.path.rpartition("/")[0] for file in rows}))

"""The archive's desk: real store, real files, real jobs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
import rasterio
from pytestqt.qtbot import QtBot

from app.clock import DrillClock
from app.feed import archive_desk, archive_roll
from app.feed.archive_desk import ArchiveDesk
from app.feed.archive_files import PutAway
from app.feed.archive_roll import Limits
from app.jobs import Jobs
from layers import color_table
from models.errors import DataError, StoreError
from models.grid import GridArea
from models.radar.footprint import HEIGHT_UNKNOWN, Source
from models.radar.mosaic import Mosaic
from models.radar.quantity import CR, Kind, Quantity
from models.store import archive, audit
from models.store.archive import ArchiveKind
from models.store.database import Store
from tests.app.archive_office import AT, GB, ArchiveOffice, Disk, names

MB = 1_000_000
AMPLE, ROOMY = Limits(GB), Disk()
AREA = GridArea(1.18e7, 3.4e6, 540.0, 40, 60)
RGBA = color_table.load("reflectivity").rgba

Desk = Callable[..., ArchiveDesk]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[ArchiveOffice]:
    (tmp_path / "archive").mkdir()
    with Store.open(tmp_path / "store.sqlite") as store:
        yield ArchiveOffice(tmp_path, store)


@pytest.fixture
def heard() -> list[Exception]:
    """What the desk told."""
    return []


@pytest.fixture
def desk(office: ArchiveOffice, heard: list[Exception], qtbot: QtBot) -> Iterator[Desk]:
    """Make desks on the office; all are closed at the end."""
    opened: list[tuple[ArchiveDesk, Jobs]] = []

    def make(limits: Limits = AMPLE, disk: Disk = ROOMY, **options: object) -> ArchiveDesk:
        jobs = Jobs()
        clock = DrillClock(AT + timedelta(days=1))
        made = ArchiveDesk(
            *(jobs, office.store),
            office=office.folder,
            clock=clock,
            limits=limits,
            usage=disk,
            **options,  # type: ignore[arg-type]
        )
        made.failed.connect(heard.append)
        opened.append((made, jobs))
        return made

    yield make
    for made, jobs in opened:
        made.close()
        jobs.close()
        made.deleteLater()
        jobs.deleteLater()


def settle(qtbot: QtBot, desk: ArchiveDesk) -> None:
    qtbot.waitUntil(lambda: desk.settled, timeout=20_000)


def volume(path: Path, minute: float) -> PutAway:
    at = AT + timedelta(minutes=minute)
    facts = {"radar": "QLS01", "format": "CMA standard base data (FMT)", "layout": "fmt", "complete": True}
    return PutAway(path, ArchiveKind.RADAR, at, at + timedelta(minutes=1), **facts)  # type: ignore[arg-type]


def mosaic(minute: float = 6, quantity: Quantity = CR) -> Mosaic:
    at = AT + timedelta(minutes=minute)
    codes = np.full(AREA.shape, 1, np.uint8)
    codes[3, 4:20] = 66 + 2 * 52
    heights = np.full(AREA.shape, HEIGHT_UNKNOWN, np.uint8)
    radar = Source("QLS01", "青岚山", at, timedelta(minutes=6))
    return Mosaic(at, AREA, quantity, codes, heights, np.ones(AREA.shape, np.uint8), (radar,))


def test_what_was_put_away_gets_its_row_with_all_that_is_known(office: ArchiveOffice, desk: Desk, qtbot: QtBot) -> None:
    path = office.lay("Z_QLS01.bin.bz2", 5000)
    made = desk()
    made.take(volume(path, 3))
    assert not made.settled
    settle(qtbot, made)
    (row,) = office.rows
    assert (row.path, row.size_bytes, row.radar, row.layout) == (
        "archive/20260617/Z_QLS01.bin.bz2",
        5000,
        "QLS01",
        "fmt",
    )
    assert (row.data_at, row.archived_at, row.complete) == (
        *(AT + timedelta(minutes=3), AT + timedelta(minutes=4), True),
    )
    assert row.id[14] == "7", "UUIDv7"
    assert len(row.sha256) == 64


def test_a_flood_of_files_is_indexed_in_few_transactions(
    office: ArchiveOffice, desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    commits: list[str] = []
    office.store._connection.after_statement = commits.append
    made = desk()
    for n in range(300):
        made.take(volume(office.lay(f"{n}.bin", 10), n))
    settle(qtbot, made)
    assert len(office.rows) == 300
    assert len(commits) <= 1 + 300 / archive_desk.MOST_AT_ONCE + 1


@pytest.mark.logs
def test_a_file_that_vanished_is_named_and_the_others_are_indexed(
    office: ArchiveOffice, desk: Desk, qtbot: QtBot, heard: list[Exception]
) -> None:
    made = desk()
    made.take(volume(office.folder / "archive" / "20260617" / "gone.bin", 1), volume(office.lay("there.bin"), 2))
    settle(qtbot, made)
    assert office.names == ["there.bin"]
    assert [(e.code, e.facts["file"]) for e in heard if isinstance(e, DataError)] == [
        ("archive.not_indexed", "gone.bin")
    ]


def test_a_cap_of_a_megabyte_holds_and_the_journal_says_what_went(
    office: ArchiveOffice, desk: Desk, qtbot: QtBot, heard: list[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive_roll, "BATCH", 100)
    office.keep_many(1200, 1000)
    made = desk(Limits(MB))
    made.open()
    settle(qtbot, made)
    assert office.names == [f"{n:05d}.bin" for n in range(250, 1200)]
    assert len(office.on_disk) == 950
    lines = office.lines("archive.rolled")
    assert [line["count"] for line in lines] == [100, 100, 50]
    assert lines[-1]["oldest_at"] == "2026-06-17T23:10:00.000000Z"
    assert (heard, office.lines("archive.mended")) == ([], [])
    made.look()
    settle(qtbot, made)
    assert len(office.lines("archive.rolled")) == 3, "under the cap nothing is written"
    assert audit.check(office.store.path) == ()


def test_index_and_disk_agree_after_the_start_and_the_journal_names_what_was_mended(
    office: ArchiveOffice, desk: Desk, qtbot: QtBot, heard: list[Exception]
) -> None:
    office.keep_many(5, 100)
    gone = [office.folder / row.path for row in office.rows[:2]]
    for path in gone:
        path.unlink()
    office.lay("found.bin", minute=30)
    made = desk()
    made.open()
    assert not made.settled
    settle(qtbot, made)
    assert office.names == ["00002.bin", "00003.bin", "00004.bin", "found.bin"]
    (line,) = office.lines("archive.mended")
    assert line == {
        "found": 1,
        "found_files": ["archive/20260617/found.bin"],
        "gone": 2,
        "gone_files": ["archive/20260617/00000.bin", "archive/20260617/00001.bin"],
    }
    made.open()
    settle(qtbot, made)
    assert len(office.lines("archive.mended")) == 1
    assert heard == []


def test_a_kill_between_file_and_row_is_mended_at_the_next_start(
    office: ArchiveOffice, desk: Desk, qtbot: QtBot
) -> None:
    """Both ways: put away without a row, and removed with its row still there."""
    office.keep_many(3, 1000)
    killed = archive_roll.roll(
        office.store, office.folder, Limits(2500), now=AT + timedelta(days=1), usage=Disk()
    )  # and no row was dropped
    office.lay("no-row.bin", minute=20)
    assert names(killed.removed) == ["00000.bin"]
    made = desk(Limits(2500))
    made.open()
    settle(qtbot, made)
    assert office.names == ["00001.bin", "00002.bin", "no-row.bin"]
    assert {f"20260617/{name}" for name in office.names} == office.on_disk
    assert office.lines("archive.rolled") == []


@pytest.mark.logs
def test_a_folder_in_a_files_place_is_told_once_and_does_not_hold_the_roll(
    office: ArchiveOffice, desk: Desk, qtbot: QtBot, heard: list[Exception]
) -> None:
    office.keep_many(10, 1000)
    made = desk(Limits(5000))
    made.open()  # nothing is stuck yet: the walk would drop the row of a file that is a folder
    settle(qtbot, made)
    blocked = office.folder / office.rows[0].path
    blocked.unlink()
    (blocked / "inside").mkdir(parents=True)
    for n in range(3):
        office.keep(f"new-{n}.bin", 100 + n, 1000)
        made.look()
        settle(qtbot, made)
    told = [error for error in heard if isinstance(error, DataError)]
    assert [error.code for error in told] == ["archive.stuck"]
    assert told[0].facts["file"] == f"archive/20260617/{blocked.name}"
    assert blocked.name in office.names, "it stays in the index, as it stays on the disk"
    assert sum(row.size_bytes for row in office.rows) <= 6000
    assert (blocked / "inside").is_dir()


@pytest.mark.logs
def test_with_too_many_files_that_cannot_be_removed_rolling_waits_for_the_next_start(
    office: ArchiveOffice, desk: Desk, qtbot: QtBot, heard: list[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[str] = []

    def refuse(folder: Path, path: str) -> bool:
        tries.append(path)
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(archive_roll, "remove", refuse)
    monkeypatch.setattr(archive_roll, "BATCH", 10)
    monkeypatch.setattr(archive_desk, "MOST_STUCK", 15)
    office.keep_many(100, 1000)
    made = desk(Limits(1000))
    made.open()
    settle(qtbot, made)
    for _ in range(5):
        made.look()
        settle(qtbot, made)
    assert len(tries) == len(set(tries)) == 20
    assert len(office.rows) == 100
    assert {error.code for error in heard if isinstance(error, DataError)} == {"archive.stuck"}


@pytest.mark.logs
def test_a_disk_that_is_nearly_full_is_said_once_and_rolls_earlier(
    office: ArchiveOffice, desk: Desk, qtbot: QtBot, heard: list[Exception]
) -> None:
    office.keep_many(4, 1000)
    made = desk(Limits(GB), Disk(total=100 * GB, free=600_000_000))
    made.open()
    settle(qtbot, made)
    made.look()
    settle(qtbot, made)
    assert [(e.code, e.facts["free_mb"]) for e in heard if isinstance(e, DataError)] == [("archive.disk_low", 600)]
    assert "600 MB" in str(heard[0])
    assert office.on_disk == set()
    (line,) = office.lines("archive.rolled")
    assert (line["count"], line["because"], line["oldest_at"]) == (4, "disk", None)


@pytest.mark.logs
def test_a_store_that_cannot_be_written_keeps_the_files_rows_and_is_told(
    office: ArchiveOffice, desk: Desk, qtbot: QtBot, heard: list[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    office.keep_many(10, 1000)

    def full(*_: object, **__: object) -> None:
        raise StoreError("store.full", path=office.store.path, cause="no room")

    with monkeypatch.context() as patched:
        patched.setattr(archive, "roll_off", full)
        made = desk(Limits(5000))
        made.open()
        settle(qtbot, made)
        assert [error.code for error in heard if isinstance(error, StoreError)] == ["store.full"]
        assert (len(office.on_disk), len(office.rows)) == (4, 10)
    made.look()
    settle(qtbot, made)
    assert (len(office.on_disk), len(office.rows)) == (4, 4), "rows of files that are gone go first"


def test_a_frame_is_made_in_a_worker_written_and_indexed(office: ArchiveOffice, desk: Desk, qtbot: QtBot) -> None:
    made = desk(rgba=RGBA)
    made.take_frame(mosaic())
    path = office.folder / "archive" / "frames" / "20260617" / "cr-20260617T190600Z.tif"
    qtbot.waitUntil(lambda: office.names == [path.name], timeout=60_000)
    with rasterio.open(path) as file:
        assert file.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        np.testing.assert_array_equal(file.read(1), mosaic().codes)
        assert file.colormap(1)[66 + 2 * 52][:3] == (255, 0, 0)
    (row,) = office.rows
    assert (row.kind, row.format, row.layout, row.complete) == (ArchiveKind.FRAME, "GeoTIFF", "cog", True)
    assert (row.data_at, row.size_bytes) == (AT + timedelta(minutes=6), path.stat().st_size)
    style = path.parent.parent / "reflectivity.qml"
    assert "15 dBZ" in style.read_text(encoding="utf-8")
    first = row
    changed = mosaic()
    changed.codes[10:30] = 66 + 2 * 30
    made.take_frame(replace(changed))
    qtbot.waitUntil(lambda: office.rows[0].sha256 != first.sha256, timeout=60_000)
    assert [r.id for r in office.rows] == [first.id], "the same moment again takes its place"
    made.open()
    settle(qtbot, made)
    assert office.lines("archive.mended") == []


def test_frames_are_kept_only_where_they_are_wanted_and_of_reflectivity(
    office: ArchiveOffice, desk: Desk, qtbot: QtBot
) -> None:
    without, tops = desk(), desk(rgba=RGBA)
    without.take_frame(mosaic())
    tops.take_frame(mosaic(quantity=Quantity(Kind.ECHO_TOP)))
    assert without._jobs.idle
    assert tops._jobs.idle
    assert office.on_disk == set()


@pytest.mark.logs
def test_frames_that_cannot_be_written_are_told_once(
    office: ArchiveOffice, desk: Desk, qtbot: QtBot, heard: list[Exception]
) -> None:
    (office.folder / "archive" / "frames").write_bytes(b"in the way")
    made = desk(rgba=RGBA)
    for minute in (6, 12):
        made.take_frame(mosaic(minute))
    qtbot.waitUntil(lambda: made._jobs.idle, timeout=60_000)
    assert [error.code for error in heard if isinstance(error, DataError)] == ["radar.mosaic_not_written"]
    assert office.rows == ()


def test_a_desk_that_is_closed_rolls_no_further(office: ArchiveOffice, desk: Desk, qtbot: QtBot) -> None:
    office.keep_many(10, 1000)
    made = desk(Limits(1))
    made.open()
    made.close()
    settle(qtbot, made)
    assert len(office.on_disk) == 10


def test_an_archive_of_nothing_is_no_trouble(
    office: ArchiveOffice, desk: Desk, qtbot: QtBot, heard: list[Exception]
) -> None:
    (office.folder / "archive").rmdir()
    made = desk()
    made.open()
    settle(qtbot, made)
    assert (heard, office.rows) == ([], ())


def test_every_row_is_written_by_the_stores_own_writer(office: ArchiveOffice, desk: Desk, qtbot: QtBot) -> None:
    """No write runs on the thread of the window: the store hands its answers back."""
    made, free = desk(), threading.Event()
    held = office.store.write(lambda _db: free.wait(30))
    made.take(volume(office.lay("a.bin"), 1))
    qtbot.waitUntil(lambda: made._jobs._followed == 1)
    assert office.rows == ()
    free.set()
    assert held.result(30)
    settle(qtbot, made)
    assert office.names == ["a.bin"]

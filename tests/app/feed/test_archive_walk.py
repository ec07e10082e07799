"""The walk at the start: what lies on the disk and not in the index, and the other way round."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from app.feed import archive_walk
from app.feed.archive_files import PutAway, examine, files_in, frame_path, newest_volumes
from app.feed.archive_walk import Mended, folders_to_walk, walk
from models.store import archive
from models.store.archive import ArchiveKind
from models.store.database import Store
from tests.app.archive_office import AT, ArchiveOffice, names

NOW = AT + timedelta(days=1)
DAY, FRAMES = "archive/20260617", "archive/frames/20260617"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[ArchiveOffice]:
    (tmp_path / "archive").mkdir()
    with Store.open(tmp_path / "store.sqlite") as store:
        yield ArchiveOffice(tmp_path, store)


def mend(office: ArchiveOffice) -> list[Mended]:
    """Walk part after part as the desk does, and mend the index."""
    parts, left = [], folders_to_walk(office.store, office.folder)
    while left:
        part = walk(office.store, office.folder, left, NOW)
        office.store.write_now(partial(archive.mend, found=part.found, changed=part.changed, gone=part.gone))
        parts.append(part)
        left = part.left
    return parts


def test_where_both_agree_nothing_is_found_and_nothing_is_read(
    office: ArchiveOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.keep_many(20, 100)
    monkeypatch.delattr(archive_walk, "content_of")  # a file that is known is not hashed again
    (part,) = mend(office)
    assert part == Mended(())


def test_a_file_without_a_row_gets_one_by_its_folder_and_its_first_bytes(office: ArchiveOffice) -> None:
    office.keep("known.bin", 0)
    office.lay("volume.bin", minute=5)
    office.lay("gauges.csv").write_text("station,time,rain_mm,minutes\n")
    office.lay("sum.tif").write_bytes(b"II*\0" + bytes(60))
    office.lay("receipt.json").write_text('{"receipt": "r-1"}')
    office.lay("bad.bin", day="refused", minute=-60)
    frame = frame_path(office.folder, "cr", AT + timedelta(minutes=6))
    frame.parent.mkdir(parents=True)
    frame.write_bytes(b"II*\0 a frame")
    (part,) = mend(office)
    assert len(part.found) == 6
    rows = {names([row])[0]: row for row in office.rows}
    assert {name: row.kind.value for name, row in rows.items()} == {
        "known.bin": "radar",
        "volume.bin": "radar",
        "gauges.csv": "gauges",
        "sum.tif": "rain_sum",
        "receipt.json": "receipt",
        "bad.bin": "refused",
        "cr-20260617T190600Z.tif": "frame",
    }
    assert rows["volume.bin"].data_at == AT + timedelta(minutes=5)
    assert rows["volume.bin"].archived_at == NOW
    assert (rows["volume.bin"].radar, rows["volume.bin"].complete) == ("", None)
    assert rows["cr-20260617T190600Z.tif"].data_at == AT + timedelta(minutes=6)
    assert rows["bad.bin"].data_at == AT - timedelta(minutes=60)
    assert mend(office) == [Mended(())]


def test_a_row_without_a_file_goes(office: ArchiveOffice) -> None:
    gone, folder = office.keep("gone.bin", 0), office.keep("other-day.bin", 60 * 24)
    office.keep("kept.bin", 1)
    gone.unlink()
    folder.unlink()
    folder.parent.rmdir()
    (part,) = mend(office)
    assert sorted(part.gone) == ["archive/20260617/gone.bin", "archive/20260618/other-day.bin"]
    assert office.names == ["kept.bin"]


def test_a_file_of_another_length_gets_its_new_content_and_keeps_its_facts(office: ArchiveOffice) -> None:
    path = office.keep("a.bin", 3)
    path.write_bytes(b"mended by hand")
    (part,) = mend(office)
    assert names(part.changed) == ["a.bin"]
    (row,) = office.rows
    assert (row.size_bytes, row.radar) == (14, "Z9001")
    assert row.sha256 == examine(office.folder, (PutAway(path, row.kind, AT, AT),))[0][0].sha256


def test_a_copied_archive_keeps_the_days_of_its_folders(office: ArchiveOffice) -> None:
    """A restored archive has every file changed today; its folders still know better."""
    office.lay("a.bin", day="20250301")
    office.lay("b.bin", day="20250302")
    office.lay("old.bin", day="20260617", minute=-9000)
    mend(office)
    assert [(name, f"{row.data_at:%Y-%m-%d}") for name, row in zip(office.names, office.rows, strict=True)] == [
        ("a.bin", "2025-03-01"),
        ("b.bin", "2025-03-02"),
        ("old.bin", "2026-06-17"),
    ]


def test_what_is_no_archived_file_is_left_alone(office: ArchiveOffice) -> None:
    root = office.folder / "archive"
    for path in (root / "dem.tif", root / "notes" / "a.txt", root / "frames" / "reflectivity.qml"):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    office.lay(".hidden.part")
    (root / "20260617" / "folder").mkdir()
    before = office.on_disk
    mend(office)
    assert (office.rows, office.on_disk) == ((), before)


def test_a_half_written_frame_is_cleared_away_an_hour_later_and_nothing_else_is(office: ArchiveOffice) -> None:
    frames = office.folder / FRAMES
    frames.mkdir(parents=True)
    for name, age_s in ((".old.tif.part", 7200), (".new.tif.part", 60), (".hidden", 7200)):
        (frames / name).write_bytes(b"half")
        os.utime(frames / name, (time.time() - age_s,) * 2)
    volume = office.lay(".moving.part")
    os.utime(volume, (time.time() - 7200,) * 2)
    mend(office)
    assert office.on_disk == {"frames/20260617/.new.tif.part", "frames/20260617/.hidden", "20260617/.moving.part"}


def test_the_folder_of_a_day_that_has_long_been_empty_goes(office: ArchiveOffice) -> None:
    root = office.folder / "archive"
    for name, age_h in (("20260101", 50), ("20260102", 1), ("refused", 50)):
        (root / name).mkdir()
        os.utime(root / name, (time.time() - 3600 * age_h,) * 2)
    mend(office)
    assert sorted(p.name for p in root.iterdir()) == ["20260102", "refused"]


def test_a_job_takes_only_so_many_files_and_goes_on_where_it_stopped(
    office: ArchiveOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first start with an archive of years."""
    monkeypatch.setattr(archive_walk, "MOST_FOUND", 10)
    for n in range(25):
        office.lay(f"{n}.bin", day=f"202606{n % 2 + 17}")
    parts = mend(office)
    assert [len(part.found) for part in parts] == [10, 3 + 7, 5]
    assert [part.left for part in parts] == [(DAY, "archive/20260618"), ("archive/20260618",), ()]
    assert len(office.rows) == 25


def test_a_job_takes_only_so_many_bytes_and_folders(office: ArchiveOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_walk, "MOST_FOUND_BYTES", 1500)
    for n in range(4):
        office.lay(f"{n}.bin", 1000)
    assert [len(part.found) for part in mend(office)] == [2, 2, 0]
    monkeypatch.setattr(archive_walk, "MOST_LISTED", 3)
    for n in range(3):
        office.lay("x.bin", 10, day=f"2026061{n}")
    assert [len(part.found) for part in mend(office)] == [3, 0]


def test_a_file_that_cannot_be_read_is_named_and_the_walk_goes_on(
    office: ArchiveOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    (office.folder / "archive" / "20260617").mkdir()
    (office.folder / "archive" / "20260617" / "dangling.bin").symlink_to(office.folder / "nowhere")
    office.lay("whole.bin")
    monkeypatch.setattr(archive_walk, "MOST_FOUND", 1)
    parts = mend(office)
    assert office.names == ["whole.bin"]
    assert {path for part in parts for path, _ in part.unreadable} == {"archive/20260617/dangling.bin"}
    monkeypatch.setattr(archive_walk, "listed", _refuse)
    office.keep("later.bin", 9)
    (part,) = mend_folder(office, DAY)
    assert [(path, "Permission denied" in cause) for path, cause in part.unreadable] == [(DAY, True)]
    assert part.gone == ()


def mend_folder(office: ArchiveOffice, folder: str) -> list[Mended]:
    return [walk(office.store, office.folder, (folder,), NOW)]


def _refuse(folder: Path) -> tuple[()]:
    raise PermissionError(13, "Permission denied", str(folder))


def test_what_is_put_away_during_the_walk_is_not_called_gone(
    office: ArchiveOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.keep("known.bin", 0)

    def busy(folder: Path, name: str) -> list[object]:
        listing: list[object] = list(files_in(folder, name))
        office.keep("meanwhile.bin", 1)  # right after the listing: the index had been asked before
        return listing

    monkeypatch.setattr(archive_walk, "files_in", busy)
    part = walk(office.store, office.folder, (DAY,), NOW)
    assert (part.found, part.gone) == ((), ())


def test_a_restart_has_the_newest_volumes_by_the_time_of_their_data(office: ArchiveOffice) -> None:
    """A volume that came late is not newer for it."""
    for minute in (50, 10, 30, -100):
        office.keep(f"{minute}.bin", minute)
    office.keep("gauges.csv", 55, kind=ArchiveKind.GAUGES)
    now, span = AT + timedelta(minutes=60), timedelta(hours=1)
    assert [p.name for p in newest_volumes(office.store, office.folder, now, span)] == ["10.bin", "30.bin", "50.bin"]
    assert [p.name for p in newest_volumes(office.store, office.folder, now, span, limit=2)] == ["30.bin", "50.bin"]
    (office.folder / DAY / "50.bin").unlink()
    assert [p.name for p in newest_volumes(office.store, office.folder, now, span)] == ["10.bin", "30.bin"]


def test_a_restart_also_has_volumes_that_nobody_indexed(office: ArchiveOffice) -> None:
    """An office from before the index, or a kill between the file and its row."""
    office.keep("known.bin", 20)
    office.lay("killed.bin", minute=40)
    office.lay("early.bin", minute=10)
    office.lay("gauges.csv", minute=50).write_text("station,time,rain_mm,minutes\n")
    now, span = AT + timedelta(minutes=60), timedelta(hours=1)
    found = newest_volumes(office.store, office.folder, now, span)
    assert [p.name for p in found] == ["early.bin", "known.bin", "killed.bin"]
    assert newest_volumes(office.store, office.folder, now + timedelta(days=3), span) == ()

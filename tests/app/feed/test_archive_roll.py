"""Rolling: the oldest files go first, as many as have to, and nothing outside of the archive."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from app.feed import archive_roll
from app.feed.archive_roll import Limits, Rolled, low_disk_bytes, roll
from models.store import archive
from models.store.archive import ArchiveKind
from models.store.database import Store
from tests.app.archive_office import AT, GB, ArchiveOffice, Disk, names

MB = 1_000_000
NOW = AT + timedelta(days=1)
ROOMY = Disk()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[ArchiveOffice]:
    (tmp_path / "archive").mkdir()
    with Store.open(tmp_path / "store.sqlite") as store:
        yield ArchiveOffice(tmp_path, store)


def roll_all(office: ArchiveOffice, limits: Limits, disk: Disk = ROOMY) -> list[Rolled]:
    """Roll batch after batch as the desk does."""
    batches: list[Rolled] = []
    stuck: frozenset[str] = frozenset()
    while True:
        rolled = roll(office.store, office.folder, limits, now=NOW, going=bool(batches), stuck=stuck, usage=disk)
        batches.append(rolled)
        stuck |= {path for path, _ in rolled.stuck}
        if rolled.removed:
            office.store.write_now(partial(archive.roll_off, files=rolled.removed, because=rolled.because, at=NOW))
        if not rolled.more:
            return batches


def test_under_the_cap_nothing_goes(office: ArchiveOffice) -> None:
    office.keep_many(10, 1000)
    (rolled,) = roll_all(office, Limits(10_000))
    assert (rolled.removed, rolled.because, rolled.more, rolled.disk_low) == ((), "", False, False)
    assert len(office.on_disk) == 10


def test_over_the_cap_the_oldest_go_first_and_a_little_more_than_they_must(office: ArchiveOffice) -> None:
    office.keep_many(101, 1000)
    (rolled,) = roll_all(office, Limits(100_000))
    assert names(rolled.removed) == [f"{n:05d}.bin" for n in range(6)], "101 kB down to 95 % of 100 kB"
    assert rolled.because == "cap"
    assert office.names == [f"{n:05d}.bin" for n in range(6, 101)]
    assert len(office.on_disk) == 95


def test_many_small_files_go_in_batches_with_a_journal_line_each(
    office: ArchiveOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cap of 1 MB, 1,500 files of 1 kB."""
    monkeypatch.setattr(archive_roll, "BATCH", 200)
    office.keep_many(1500, 1000)
    batches = roll_all(office, Limits(MB))
    assert [len(b.removed) for b in batches] == [200, 200, 150]
    assert [b.more for b in batches] == [True, True, False]
    assert office.names == [f"{n:05d}.bin" for n in range(550, 1500)]
    assert {f"20260617/{name}" for name in office.names} >= {n for n in office.on_disk if n.startswith("20260617")}
    assert len(office.on_disk) == 950
    lines = office.lines("archive.rolled")
    assert [(line["count"], line["bytes"], line["because"]) for line in lines] == [
        *((200, 200_000, "cap"), (200, 200_000, "cap"), (150, 150_000, "cap"))
    ]
    assert (lines[-1]["kept"], lines[-1]["kept_bytes"]) == (950, 950_000)
    assert lines[-1]["oldest_at"] == "2026-06-18T04:10:00.000000Z"
    assert lines[-1]["newest_at"] == "2026-06-18T19:59:00.000000Z"


def test_what_is_not_indexed_stays_whatever_the_cap(office: ArchiveOffice) -> None:
    """The county's heights lie in the archive's folder and are nobody's to remove."""
    dem = office.folder / "archive" / "dem.tif"
    dem.write_bytes(b"heights")
    office.keep_many(5, 1000)
    roll_all(office, Limits(1))
    assert office.on_disk == {"dem.tif"}
    assert office.rows == ()


@pytest.mark.parametrize(
    "path",
    [
        "archive/dem.tif",
        "archive/20260617/../dem.tif",
        "archive/20260617/../../store.sqlite",
        "store.sqlite",
        "inbox/new.bin",
        "archive/other/x.bin",
        "/etc/hostname",
        "archive/away/x.bin",
        "archive/20260618/x.bin",
    ],
)
def test_a_row_that_leads_elsewhere_removes_nothing(office: ArchiveOffice, path: str, tmp_path: Path) -> None:
    """Somebody changed the index; even a folder that is a link may not lead away."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "x.bin").write_bytes(b"not ours")
    (office.folder / "archive" / "20260618").symlink_to(elsewhere)
    (office.folder / "archive" / "other").mkdir()
    for name in ("archive/dem.tif", "archive/other/x.bin"):
        (office.folder / name).write_bytes(b"heights")
    (office.folder / "inbox").mkdir()
    (office.folder / "inbox" / "new.bin").write_bytes(b"new")
    office.keep("true.bin", 0)
    row = office.rows[0]
    office.store.write_now(lambda db: archive.keep(db, [replace(row, path=path, id="other", data_at=AT)]))
    before = {p for p in office.folder.rglob("*") if p.is_file()}
    (rolled,) = roll_all(office, Limits(1))
    assert names(rolled.removed) == ["true.bin"]
    assert [stuck for stuck, _ in rolled.stuck] == [path]
    assert "is not inside the archive's folders" in rolled.stuck[0][1]
    after = {p for p in office.folder.rglob("*") if p.is_file()}
    assert before - after == {office.folder / row.path}


def test_a_folder_in_a_files_place_is_named_once_and_passed_over(office: ArchiveOffice) -> None:
    blocked = office.keep("blocked.bin", 0, 1000)
    office.keep("next.bin", 1, 1000)
    office.keep("newest.bin", 2, 1000)
    blocked.unlink()
    (blocked / "inside").mkdir(parents=True)
    (rolled,) = roll_all(office, Limits(2000))
    assert names(rolled.removed) == ["next.bin"]
    assert [(path.rpartition("/")[2], "no file" in cause) for path, cause in rolled.stuck] == [("blocked.bin", True)]
    again = roll(
        office.store,
        office.folder,
        Limits(2000),
        now=NOW,
        stuck=frozenset(path for path, _ in rolled.stuck),
        usage=ROOMY,
    )
    assert (again.removed, again.stuck, again.more) == ((), (), False)


def test_files_that_cannot_be_removed_do_not_cost_the_new_ones(office: ArchiveOffice) -> None:
    """Old days that belong to another user: they stay, and the cap holds for the rest."""
    for minute in range(5):
        (blocked := office.keep(f"old-{minute}.bin", minute, 1000)).unlink()
        (blocked / "inside").mkdir(parents=True)
    for minute in range(5, 10):
        office.keep(f"new-{minute}.bin", minute, 1000)
    (rolled,) = roll_all(office, Limits(5000))
    assert (len(rolled.stuck), names(rolled.removed)) == (5, ["new-5.bin"])
    stuck = frozenset(path for path, _ in rolled.stuck)
    for minute, gone in ((10, []), (11, ["new-6.bin", "new-7.bin"]), (12, [])):
        office.keep(f"new-{minute}.bin", minute, 1000)
        rolled = roll(office.store, office.folder, Limits(5000), now=NOW, stuck=stuck, usage=ROOMY)
        assert (names(rolled.removed), rolled.stuck) == (gone, ())
        office.store.write_now(partial(archive.roll_off, files=rolled.removed, because="cap", at=NOW))


def test_a_folder_that_may_not_be_written_to_ends_the_roll(
    office: ArchiveOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the system refuses it; these tests may run as root, whom no mode of a folder stops."""
    office.keep_many(7, 1000)
    tries = []

    def refuse(path: Path, missing_ok: bool = False) -> None:
        tries.append(path.name)
        raise PermissionError(13, "Permission denied", str(path))

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", refuse)
        patched.setattr(archive_roll, "BATCH", 3)
        batches = roll_all(office, Limits(1000))
    assert [len(b.stuck) for b in batches] == [3, 3, 1]
    assert [b.removed for b in batches] == [(), (), ()]
    assert all("Permission denied" in cause for batch in batches for _, cause in batch.stuck)
    assert len(tries) == len(set(tries)) == 7, "each file is tried once"
    assert len(office.rows) == len(office.on_disk) == 7


def test_a_file_that_is_gone_already_leaves_the_index_too(office: ArchiveOffice) -> None:
    gone = office.keep("gone.bin", 0, 1000)
    office.keep("kept.bin", 1, 1000)
    gone.unlink()
    (rolled,) = roll_all(office, Limits(1500))
    assert names(rolled.removed) == ["gone.bin"]
    assert office.names == ["kept.bin"]


def test_a_link_is_removed_and_what_it_points_to_stays(office: ArchiveOffice, tmp_path: Path) -> None:
    target = tmp_path / "feed.bin"
    target.write_bytes(b"the sender's own")
    path = office.keep("link.bin", 0)
    path.unlink()
    path.symlink_to(target)
    roll_all(office, Limits(1))
    assert not path.is_symlink()
    assert target.read_bytes() == b"the sender's own"


def test_a_disk_that_is_nearly_full_rolls_earlier(office: ArchiveOffice) -> None:
    office.keep_many(10, 1000)
    disk = Disk(total=20 * GB, free=GB - 1)
    wanted = int(1.25 * GB) - disk.free
    (rolled,) = roll_all(office, Limits(GB), disk)
    assert (rolled.disk_low, rolled.because, rolled.free_bytes) == (True, "disk", disk.free)
    assert len(rolled.removed) == min(10, -(-wanted // 1000))
    assert office.on_disk == set()


def test_a_disk_rolls_no_more_than_it_lacks(office: ArchiveOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_roll, "LOW_DISK_BYTES", 8000)
    office.keep_many(10, 1000)
    (rolled,) = roll_all(office, Limits(GB), Disk(total=100_000, free=7000))
    assert names(rolled.removed) == ["00000.bin", "00001.bin", "00002.bin"], "7 kB free, 8 are asked for, 10 are made"
    (rolled,) = roll_all(office, Limits(GB), Disk(total=100_000, free=9000))
    assert (rolled.removed, rolled.disk_low) == ((), False)


def test_what_nearly_full_means() -> None:
    assert low_disk_bytes(20 * GB) == GB, "2 % would be 0.4 GB"
    assert low_disk_bytes(100 * GB) == 2 * GB
    assert low_disk_bytes(4000 * GB) == 5 * GB, "2 % would be 80 GB, four archives"


def test_files_go_after_their_days_by_the_newest_file_and_not_by_a_clock_set_wrong(office: ArchiveOffice) -> None:
    for minute in (0, 30, 600, 1500, 3000):
        office.keep(f"{minute}.bin", minute)
    limits = Limits(GB, keep=timedelta(days=1))
    wrong = AT + timedelta(days=40_000)
    rolled = roll(office.store, office.folder, limits, now=wrong, usage=ROOMY)
    assert names(rolled.removed) == ["0.bin", "30.bin", "600.bin", "1500.bin"]
    assert rolled.because == "days"


def test_files_go_after_their_days_an_hour_at_a_time(office: ArchiveOffice) -> None:
    """So that there is no journal line for each minute of data."""
    day = 24 * 60
    for minute in (0, 30, 59, 61, day, day + 1):
        office.keep(f"{minute}.bin", minute)
    limits, now = Limits(GB, keep=timedelta(days=1)), AT + timedelta(days=2)
    rolled = roll(office.store, office.folder, limits, now=now, usage=ROOMY)
    assert names(rolled.removed) == ["0.bin", "30.bin", "59.bin"], "0 is over a day older than the newest"
    office.store.write_now(lambda db: archive.roll_off(db, rolled.removed, because="days", at=now))
    assert roll(office.store, office.folder, limits, now=now, usage=ROOMY).removed == ()


def test_kinds_of_files_make_no_difference_but_their_age(office: ArchiveOffice) -> None:
    for minute, kind in enumerate(ArchiveKind):
        office.keep(f"{kind.value}.x", minute, kind=kind)
    (rolled,) = roll_all(office, Limits(350))
    assert names(rolled.removed) == [f"{kind.value}.x" for kind in ArchiveKind][:3]

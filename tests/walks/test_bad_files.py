"""Files that are broken, half-written or no files at all, a worker that dies, a disk that fills: the console runs on."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.demo.scene import OPENING_AT
from app.feed import feed_desk, set_aside
from app.feed.feed_items import FeedItem, FeedState, printable
from app.feed.refusals import Refusals
from app.office import Office
from app.worker import process_pool
from models.errors import DataError
from models.store import journal
from tests.models.radar.bombs import bz2_bomb, gzip_bomb
from tests.walks import hostile
from tests.walks.open_console import OpenConsole, open_console

pytestmark = pytest.mark.xdist_group("bad_files")
GAUGES = "station,time,rain_mm,minutes\n"


@pytest.fixture(scope="module")
def desk(
    built_office: Path, quiet_office: Callable[[Path], Office], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[OpenConsole]:
    """One console that meets one bad thing after the other."""
    with open_console(quiet_office(tmp_path_factory.mktemp("bad") / "office"), OPENING_AT, warm=True) as opened:
        yield opened


@pytest.fixture(scope="module")
def volumes(built_office: Path) -> list[Path]:
    """Good volumes, the oldest first."""
    return sorted((built_office / "inbox").glob("Z_RADR_I_QLX01*"))


def item(desk: OpenConsole, name: str) -> FeedItem | None:
    return next((i for i in desk.console.feed.items if i.name == name), None)


def state(desk: OpenConsole, name: str) -> FeedState | None:
    found = item(desk, name)
    return found.state if found is not None else None


def told(desk: OpenConsole, name: str) -> str:
    """Return what the feed list of the screen says of a file."""
    from app import showing  # noqa: PLC0415

    return next(row.reason for row in showing.feed_rows(desk.console.feed.items) if row.file == printable(name))


def named(desk: OpenConsole, name: str) -> None:
    """Wait until a file stands in the feed list with what is wrong with it."""
    desk.until(lambda: any(i.name == name and i.error for i in desk.console.feed.items))


def refused(desk: OpenConsole, name: str, data: bytes, *, in_journal: bool = True) -> str:
    """Put a bad file into the inbox; returns the reason that stands beside its name."""
    desk.put(name, data)
    desk.until(lambda: any(i.name == name and i.state is FeedState.REFUSED for i in desk.console.feed.items))
    desk.settle()
    assert (desk.console.office.archive / "refused" / name).exists()
    lines = desk.console.store.read(lambda db: journal.of_subject(db, f"feed:{printable(name)}"))
    assert [line.entry.act for line in lines] == ["feed.refused"] * in_journal
    return told(desk, name)


def taken(desk: OpenConsole, path: Path, name: str = "") -> None:
    """See that a good file is still taken."""
    frames = len(desk.console.radar.frames)
    desk.put(name or path.name, path.read_bytes())
    desk.until(
        lambda: any(i.name == (name or path.name) and i.state is FeedState.TAKEN for i in desk.console.feed.items)
    )
    desk.settle()
    assert len(desk.console.radar.frames) >= frames


def test_a_file_that_is_no_radar_file_is_named_with_the_reason(desk: OpenConsole, volumes: list[Path]) -> None:
    assert refused(desk, "holiday.jpg", b"\xff\xd8\xff\xe0" + bytes(5000))
    assert refused(desk, "random.bin", bytes(range(256)) * 40)
    taken(desk, volumes[0])


def test_a_refused_content_stands_in_the_journal_once_and_the_list_counts_how_often_it_came(
    desk: OpenConsole,
) -> None:
    junk = b"\xff\xd8\xff\xe0" + bytes(700)
    assert refused(desk, "first.jpg", junk)
    assert refused(desk, "second.jpg", junk, in_journal=False)
    desk.put("first.jpg", junk)
    desk.until(lambda: (found := item(desk, "first.jpg")) is not None and found.times == 3)
    desk.settle()
    assert len(list((desk.console.office.archive / "refused").glob("first*"))) == 2
    lines = desk.console.store.read(lambda db: journal.of_subject(db, "feed:first.jpg"))
    assert [line.entry.act for line in lines] == ["feed.refused"]
    again = Refusals(desk.console.jobs, desk.console.store, desk.console.clock, lambda _: None)  # as after a start
    path = desk.console.office.archive / "refused" / "second.jpg"
    error = item(desk, "second.jpg")
    assert error is not None
    assert error.error is not None
    heard: list[int] = []
    again.note_content(path, error.error, heard.append)
    desk.until(lambda: bool(heard))
    desk.settle()
    assert not desk.console.store.read(lambda db: journal.of_subject(db, "feed:second.jpg"))
    assert refused(desk, "other.jpg", junk + b"x")


def test_a_volume_that_is_cut_off_is_named_with_the_place(desk: OpenConsole, volumes: list[Path]) -> None:
    data = volumes[1].read_bytes()
    assert refused(desk, "cut-head.bin.bz2", data[:900])
    for share in (1, 2, 3):
        name = f"cut-{share}.bin.bz2"
        desk.put(name, data[: len(data) * share // 4])
        named(desk, name)
        desk.settle()
        assert state(desk, name) in {FeedState.REFUSED, FeedState.INCOMPLETE}
        assert told(desk, name)
    taken(desk, volumes[1])


@pytest.mark.parametrize("name", ["bomb.bin.bz2", "bomb.gz"])
def test_a_bomb_is_named_by_a_worker_that_lives_on(desk: OpenConsole, volumes: list[Path], name: str) -> None:
    taken(desk, volumes[0], f"before-{name}")
    pool = desk.console.jobs._processes
    assert pool is not None
    workers = pool.pids
    assert "200 MiB" in refused(desk, name, (bz2_bomb if "bz2" in name else gzip_bomb)(4 << 30))
    assert pool.pids == workers
    taken(desk, volumes[0], f"after-{name}")


def test_an_empty_file_is_named(desk: OpenConsole) -> None:
    assert refused(desk, "empty.bin", b"")


def test_a_file_that_grows_waits_until_it_is_whole(desk: OpenConsole, volumes: list[Path]) -> None:
    feed, data = desk.console.feed, volumes[2].read_bytes()
    path = desk.console.office.inbox / volumes[2].name
    feed.close()  # from here on each look is the test's
    desk.until(lambda: not feed._looking)  # the timer's last one may still be under way

    def look() -> None:
        feed.look()
        desk.until(lambda: not feed._looking)

    try:
        with path.open("wb") as file:
            for at in range(0, len(data), len(data) // 6 + 1):
                file.write(data[at : at + len(data) // 6 + 1])
                file.flush()
                look()
                assert state(desk, path.name) is FeedState.ARRIVING
        look()
        desk.until(lambda: state(desk, path.name) is FeedState.TAKEN)  # read, and perhaps within that very look
    finally:
        feed._timer.start()  # or every test after this one waits in vain
    desk.settle()


def test_a_part_under_a_hidden_name_is_left_alone(desk: OpenConsole) -> None:
    hidden = desk.console.office.inbox / ".Z_RADR_half"
    hidden.write_bytes(b"half")
    other = desk.console.office.inbox / "volume.part"
    other.write_bytes(b"half")
    desk.put("after.bin", b"")
    desk.until(lambda: state(desk, "after.bin") is FeedState.REFUSED)
    assert hidden.exists()
    assert other.exists()
    hidden.unlink()
    other.unlink()


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that opens and cannot be read: /proc")
def test_a_file_that_another_program_holds_is_named_and_taken_later(desk: OpenConsole, volumes: list[Path]) -> None:
    path = desk.console.office.inbox / volumes[3].name
    path.symlink_to("/proc/self/mem")
    desk.until(lambda: any(i.name == path.name and i.state is FeedState.LOCKED for i in desk.console.feed.items))
    path.unlink()
    taken(desk, volumes[3])


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pipes in folders")
def test_a_folder_and_a_pipe_named_like_volumes_hang_nothing(desk: OpenConsole, volumes: list[Path]) -> None:
    inbox = desk.console.office.inbox
    (inbox / "Z_RADR_folder.bin").mkdir()
    os.mkfifo(inbox / "Z_RADR_pipe.bin")
    for name in ("Z_RADR_folder.bin", "Z_RADR_pipe.bin"):
        named(desk, name)
        assert "不是文件" in told(desk, name)
    taken(desk, volumes[4])
    (inbox / "Z_RADR_folder.bin").rmdir()
    (inbox / "Z_RADR_pipe.bin").unlink()


@pytest.mark.parametrize(
    "name",
    [
        "-rf",
        "a b\tc\nd.bin",
        "'; DROP TABLE journal; --.bin",
        "<b>bold&amp;.bin",
        "\u202egnp.exe",
        "{name}.bin",
        "%s%n.bin",
        "雷" * 84 + ".b",
        "C:con",
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="Windows takes no such names")
def test_a_hostile_name_is_only_a_name(desk: OpenConsole, name: str) -> None:
    assert refused(desk, name, b"no radar file " + name.encode())


@pytest.mark.skipif(sys.platform != "linux", reason="names of any bytes need Linux")
def test_a_name_that_is_no_text_is_only_a_name(desk: OpenConsole, volumes: list[Path]) -> None:
    assert refused(desk, os.fsdecode(b"\xff\xfe\x80.bin"), b"no radar file, nor text")
    taken(desk, volumes[5])


def test_a_second_file_of_the_same_name_is_put_beside_the_first(desk: OpenConsole, volumes: list[Path]) -> None:
    taken(desk, volumes[5], "again.bin.bz2")
    desk.put("again.bin.bz2", volumes[6].read_bytes())
    desk.settle()
    assert len(list(desk.console.office.archive.rglob("again*"))) == 2


def test_a_gauge_file_with_bad_rows_is_named_with_line_and_reason(desk: OpenConsole) -> None:
    at = (OPENING_AT - timedelta(minutes=5)).isoformat()
    said = refused(desk, "rain.csv", f"{GAUGES}QLG001,{at},2.5,5\nQLG002,{at},wet,5\nQLG003,{at},-3,5\n".encode())
    assert "3" in said
    assert "2" in said
    assert refused(desk, "columns.csv", b"station,when,mm\nQLG001,now,1\n")
    assert desk.console.alarms.reports == ()


def test_a_receipt_for_a_message_that_was_never_sent_is_named(desk: OpenConsole) -> None:
    receipt = {
        "receipt": "r-1",
        "message": "m-unknown",
        "state": "delivered",
        "at": OPENING_AT.isoformat(),
        "detail": "",
    }
    desk.put("receipt-unknown.json", json.dumps(receipt).encode())
    named(desk, "receipt-unknown.json")
    assert "m-unknown" in told(desk, "receipt-unknown.json")
    assert desk.console.reach.messages == ()


@pytest.mark.parametrize(
    "change",
    [{"state": "perhaps"}, {"at": "yesterday"}, {"message": 7}, {"message": "\ud800"}, {"receipt": ""}, {"detail": []}],
    ids=str,
)
def test_a_broken_receipt_is_named(
    desk: OpenConsole, change: dict[str, object], request: pytest.FixtureRequest
) -> None:
    receipt = {"receipt": "r-2", "message": "m-2", "state": "delivered", "at": OPENING_AT.isoformat(), "detail": ""}
    name = f"receipt-{next(iter(change))}-{abs(hash(str(change)))}.json"
    assert refused(desk, name, json.dumps(receipt | change).encode())


def test_a_file_that_cannot_be_put_away_is_read_once_and_named(
    quiet_office: Callable[[Path], Office], tmp_path: Path, volumes: list[Path], caplog: pytest.LogCaptureFixture
) -> None:
    office = quiet_office(tmp_path / "office")
    (office.archive / "refused").write_bytes(b"in the way")
    with open_console(office, OPENING_AT) as desk:
        desk.put("junk.bin", b"junk")
        named(desk, "junk.bin")
        desk.put(volumes[0].name, volumes[0].read_bytes())
        desk.until(lambda: state(desk, volumes[0].name) is FeedState.TAKEN and desk.console.settled)
        assert (office.inbox / "junk.bin").exists()
        assert "refused" in told(desk, "junk.bin")
        lines = desk.console.store.read(lambda db: journal.of_subject(db, "feed:junk.bin"))
        assert len(lines) == 1, "it is not read again and again"
    caplog.clear()


@pytest.mark.logs
def test_an_inbox_that_is_gone_is_told_once_and_goes_on_when_it_is_back(
    quiet_office: Callable[[Path], Office], tmp_path: Path, volumes: list[Path]
) -> None:
    office = quiet_office(tmp_path / "office")
    with open_console(office, OPENING_AT) as desk:
        office.inbox.rename(tmp_path / "away")
        desk.until(lambda: any(str(office.inbox) in n.what for n in desk.console.notices.kept))
        (tmp_path / "away").rename(office.inbox)
        taken(desk, volumes[0])
        assert len(desk.console.notices.kept) == 1


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_workers_that_are_killed_cost_no_file(desk: OpenConsole, volumes: list[Path]) -> None:
    for path in volumes[7:12]:
        desk.put(f"killed-{path.name}", path.read_bytes())
    names = [f"killed-{path.name}" for path in volumes[7:12]]
    reading = {FeedState.READING}
    desk.until(lambda: sum(i.name in names and i.state in reading for i in desk.console.feed.items) == len(names))
    pool = desk.console.jobs._processes
    assert pool is not None
    before = pool.pids
    assert before
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    desk.until(lambda: all(state(desk, name) is FeedState.TAKEN for name in names))
    desk.settle()
    assert not set(before) & set(pool.pids)
    taken(desk, volumes[12])


@pytest.fixture(name="decoder_with_faults")
def _decoder_with_faults(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let some files set off a fault in the worker; a second is then long."""
    monkeypatch.setattr(feed_desk, "take_radar", hostile.take)
    monkeypatch.setattr(process_pool, "JOB_LIMIT_S", 2.0)


@pytest.mark.usefixtures("decoder_with_faults")
@pytest.mark.parametrize(
    ("start", "reason"),
    [(hostile.HANGS, "too_long"), (hostile.DIES, "worker_died"), (hostile.EATS, "too_much_memory")],
    ids=["hangs", "dies", "eats"],
)
@pytest.mark.skipif(sys.platform != "linux", reason="the limits on memory and the signals are Linux's")
def test_what_fails_twice_is_set_aside_and_its_content_known_again(
    desk: OpenConsole, volumes: list[Path], start: bytes, reason: str
) -> None:
    name, data = f"{reason}.bin", start + bytes(5000)
    pool = desk.console.jobs._processes
    assert pool is not None
    assert name in refused(desk, name, data)
    error = item(desk, name)
    assert error is not None
    assert isinstance(error.error, DataError)
    assert error.error.code == f"feed.set_aside.{reason}"
    listed = [aside for aside in set_aside.read(desk.console.office.shelf) if aside.name == name]
    assert [(aside.reason, aside.bytes) for aside in listed] == [(reason, len(data))]
    workers = set(pool.pids)
    said = refused(desk, f"again-{name}", data, in_journal=False)
    assert f"again-{name}" in said
    assert name in said.replace(f"again-{name}", "")
    assert set(pool.pids) == workers, "no worker met those bytes again"
    taken(desk, volumes[13])


@pytest.mark.usefixtures("decoder_with_faults")
@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_what_costs_a_worker_once_is_taken_at_the_second_try(desk: OpenConsole, volumes: list[Path]) -> None:
    told_of: list[str] = []
    desk.console.feed.feed_changed.connect(
        lambda items: told_of.extend(i.error.code for i in items if i.name == "trips.bin" and i.error)
    )
    taken(desk, volumes[14], "trips.bin")
    assert set(told_of) == {"jobs.worker_died"}
    assert all(aside.name != "trips.bin" for aside in set_aside.read(desk.console.office.shelf))

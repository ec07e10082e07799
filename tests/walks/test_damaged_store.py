"""A store that cannot be trusted at the start: the page says so, one key mends what a backup can mend."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest

from app import startup
from app.office import Office
from models.act import JournalEntry
from models.store import backup, journal
from models.store.database import Store
from tests.data import ROOT
from tests.walks.open_console import end, receiver

WAIT_S = 30.0
BACKED_UP_AT = datetime(2026, 6, 17, 18, 31, tzinfo=UTC)


@pytest.fixture
def backed_up(morning: Office) -> Office:
    """An office with two backups, the older one good and the newer one broken, and two journal lines after them."""
    with Store.open(morning.store_path) as store:
        backup.make(store, morning.backup, BACKED_UP_AT)
        newer = backup.make(store, morning.backup, BACKED_UP_AT + timedelta(minutes=1))
        for number in (1, 2):
            entry = JournalEntry("zhou-lan", "test.later", f"test:{number}", BACKED_UP_AT + timedelta(minutes=number))
            store.write_now(partial(journal.append, entry=entry))
    newer.write_bytes(newer.read_bytes()[:5000])
    return morning


@pytest.fixture
def keeper(backed_up: Office) -> Iterator[startup.Keeper]:
    """What holds the window at the start, as the program has it."""
    startup.make_application(language="zh", offscreen=True)
    kept = startup.Keeper(backed_up)
    yield kept
    if kept.console is not None:
        end(kept.console)
    kept.page.close()
    kept.page.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def damage(path: Path) -> None:
    """Write over the middle of the file, as a dying disk does."""
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    data = bytearray(path.read_bytes())
    for at in range(4096, len(data), 8192):
        data[at : at + 600] = b"\xa5" * 600
    path.write_bytes(bytes(data))


def said(keeper: startup.Keeper) -> str:
    """Return everything that is painted on the page."""
    return "".join(str(getattr(piece, "text", "")) for piece in keeper.page.pieces())


def offered(keeper: startup.Keeper) -> set[str]:
    return {b.key for b in (keeper.page._restore, keeper.page._go_on, keeper.page._quit) if b.isVisible()}


def press(keeper: startup.Keeper, key: Qt.Key) -> None:
    QTest.keyClick(receiver(keeper.page), key)


@pytest.mark.logs
def test_a_damaged_store_is_restored_by_one_key_from_the_newest_good_backup(
    keeper: startup.Keeper, backed_up: Office
) -> None:
    good = backup.newest_good(backed_up.backup)
    assert good is not None
    assert backup.made_at(good) == BACKED_UP_AT
    damage(backed_up.store_path)
    before = backed_up.store_path.read_bytes()

    assert not keeper.open()
    assert keeper.page.isVisible()
    assert "已损坏" in said(keeper)
    assert good.name in said(keeper)
    assert offered(keeper) == {"R", "Q"}
    picture = keeper.page.grab().toImage()
    assert len({picture.pixel(x, y) for x in range(0, 1366, 5) for y in range(0, 768, 5)}) > 3

    press(keeper, Qt.Key.Key_R)
    assert offered(keeper) == {"Return", "Q"}
    assert good.name in said(keeper)
    kept = list(backed_up.folder.glob("store.damaged-*.sqlite"))
    assert [path.read_bytes() for path in kept] == [before]
    assert kept[0].name in said(keeper)
    assert "2 行" in said(keeper) or "2行" in said(keeper), said(keeper)

    press(keeper, Qt.Key.Key_Return)
    console = keeper.console
    assert console is not None
    assert startup.wait_until(lambda: console.drawn and console.settled, timeout_s=WAIT_S)
    assert len(console.alarms.points) > 400
    acts = [line.entry.act for line in console.store.read(journal.lines)]
    assert journal.RESTORED in acts
    assert "test.later" not in acts
    assert not keeper.page.isVisible()


@pytest.mark.logs
def test_a_store_that_is_gone_is_not_made_anew_in_silence(keeper: startup.Keeper, backed_up: Office) -> None:
    for tail in ("", "-wal", "-shm"):
        Path(f"{backed_up.store_path}{tail}").unlink(missing_ok=True)
    assert not keeper.open()
    assert not backed_up.store_path.exists()
    assert offered(keeper) == {"R", "Q"}
    press(keeper, Qt.Key.Key_R)
    press(keeper, Qt.Key.Key_Return)
    assert keeper.console is not None


def test_without_any_good_backup_the_page_says_what_is_wrong_and_offers_only_to_leave(
    keeper: startup.Keeper, backed_up: Office
) -> None:
    for path in backed_up.backup.iterdir():
        path.unlink()
    damage(backed_up.store_path)
    before = backed_up.store_path.read_bytes()
    assert not keeper.open()
    assert "已损坏" in said(keeper)
    assert offered(keeper) == {"Q"}
    press(keeper, Qt.Key.Key_R)
    assert backed_up.store_path.read_bytes() == before


def test_a_store_of_a_newer_program_is_refused_with_the_sentence_and_never_replaced(
    keeper: startup.Keeper, backed_up: Office
) -> None:
    with sqlite3.connect(backed_up.store_path) as db:
        columns = [row[1] for row in db.execute("PRAGMA table_info(_sqlite_migrations)")]
        row = db.execute("SELECT * FROM _sqlite_migrations ORDER BY rowid DESC LIMIT 1").fetchone()
        newer = dict(zip(columns, row, strict=True)) | {"name": "m9999_from_the_future"}
        newer.pop("id", None)
        marks = ", ".join("?" * len(newer))
        db.execute(f"INSERT INTO _sqlite_migrations ({', '.join(newer)}) VALUES ({marks})", list(newer.values()))
    db.close()
    assert not keeper.open()
    assert "较新版本" in said(keeper)
    assert "m9999_from_the_future" in said(keeper)
    assert offered(keeper) == {"Q"}


def test_a_store_without_its_triggers_is_refused_with_the_sentence(keeper: startup.Keeper, backed_up: Office) -> None:
    with sqlite3.connect(backed_up.store_path) as db:
        name = db.execute("SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name='journal'").fetchone()[0]
        db.execute(f"DROP TRIGGER {name}")
    db.close()
    assert not keeper.open()
    assert name in said(keeper).replace(" ", "")
    assert "不再可信" in said(keeper)
    assert offered(keeper) == {"Q"}


def test_the_whole_sentence_stands_on_the_page(keeper: startup.Keeper) -> None:
    sentence = "数据库缺少保护触发器或触发器被改动，不再可信，拒绝打开。" * 4
    keeper.page.show_failure(sentence, ())
    assert sentence in said(keeper).replace("\n", "")


def test_a_smoke_test_on_a_damaged_store_ends_badly_and_does_not_wait(backed_up: Office) -> None:
    damage(backed_up.store_path)
    ran = subprocess.run(
        [sys.executable, "-m", "app", "--office", str(backed_up.folder), "--smoke-test"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 1

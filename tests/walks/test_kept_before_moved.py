"""A file leaves the inbox only when the store holds what it said: a kill before that loses nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from app import startup
from app.demo.scene import OPENING_AT
from app.office import Office
from models.store import observations
from tests.walks.open_console import open_console


def test_a_gauge_file_stays_in_the_inbox_until_its_rain_is_in_the_store(
    quiet_office: Callable[[Path], Office], tmp_path: Path
) -> None:
    office = quiet_office(tmp_path / "office")
    with open_console(office, OPENING_AT) as opened:
        console, free = opened.console, threading.Event()
        gauge = console.alarms.gauges[0].id
        held = console.store.write(lambda _db: free.wait(30))  # the one writer is busy
        taken: list[object] = []
        console.feed.reports_taken.connect(taken.append)
        file = office.inbox / "late.csv"
        part = office.inbox / ".late.csv"
        part.write_text(f"station,time,rain_mm,minutes\n{gauge},{OPENING_AT.isoformat()},4.2,5\n", encoding="utf-8")
        part.rename(file)
        assert startup.wait_until(lambda: bool(taken), timeout_s=30)
        console.feed.look()
        assert file.exists()
        free.set()
        assert held.result(30)
        opened.settle()
        assert not file.exists()
        kept = console.store.read(lambda db: observations.reports(db, OPENING_AT.replace(hour=0)))
        assert any(r.gauge_id == gauge and r.rain_mm == 4.2 for r in kept)

"""What a whole console costs with so many records: memory, search, cards, print; measured in a process of its own."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication

from app import startup
from app.bench.measure.card_opening import open_card
from app.bench.measure.own_process import resident_mb
from app.clock import DrillClock
from app.console import Console
from app.demo.scene import OPENING_AT
from app.office import open_office
from app.search import MOST
from models.register.description import shipped
from models.store import search
from models.store.database import Database

REGISTER = "shelters"
"""The register that `console_office` fills."""
TYPED = ("石坑", "shikeng", "sk", "0117", "石坑 山洪", "小学 张")
"""Any part of a name, pinyin, initials, digits, kind and place, place and person."""
_WAIT_S = 120
_CARDS = 12
_SCAN = """
SELECT register, id, name FROM records
WHERE (name LIKE :one OR id LIKE :one OR town LIKE :one OR village LIKE :one OR "values" LIKE :one)
AND (name LIKE :two OR id LIKE :two OR town LIKE :two OR village LIKE :two OR "values" LIKE :two)
ORDER BY length(name) LIMIT :most
"""


@dataclass(frozen=True, slots=True)
class ConsoleCost:
    """Milliseconds of each turn, by what was typed where that matters.

    ``held_ms`` is the GUI thread's longest hold, ``worked_ms`` the processor time of such a turn: less than the hold
    where others use the machine.
    """

    records: int
    memory_mb: float
    find_ms: dict[str, tuple[float, ...]]
    scan_ms: dict[str, tuple[float, ...]]
    typed_ms: tuple[float, ...]
    card_ms: tuple[float, ...]
    card_held_ms: tuple[float, ...]
    read_held_ms: tuple[float, ...]
    read_worked_ms: tuple[float, ...]
    print_ms: tuple[float, ...]


def console_cost(folder: Path, records: int, turns: int) -> ConsoleCost:
    """Measure a console on an office with so many records, in this process."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    startup.make_application(language="zh", offscreen=True)
    console = startup.open_console(open_office(folder), DrillClock(OPENING_AT), look_ms=1000, loud=False)
    try:
        return _measured(console, records, turns)
    finally:
        console.close()


def _measured(console: Console, records: int, turns: int) -> ConsoleCost:
    window, tool = console.rooms.window, console.one_map.registers
    window.resize(1920, 1080)
    window.show()
    _until(lambda: console.drawn and console.settled and tool.desk.is_read)
    tool.show(REGISTER)
    _until(lambda: console.settled)
    memory_mb = resident_mb()
    held = [_held(tool.desk.read, lambda: console.settled) for _ in range(max(2, turns // 8))]
    tool.hide()
    find_ms = {typed: tuple(_find(console, typed) for _ in range(turns)) for typed in TYPED}
    scan_ms = {typed: tuple(_scan(console, typed) for _ in range(max(2, turns // 8))) for typed in TYPED}
    typed_ms = tuple(_type(console, TYPED[turn % len(TYPED)]) for turn in range(turns))
    points = console.alarms.points[:: max(1, len(console.alarms.points) // _CARDS)]
    open_card(console, points[-1].id)  # the first one reads what all others have
    cards = [open_card(console, point.id) for point in points[:-1]]
    print_ms = tuple(_print(console, turn) for turn in range(max(2, turns // 8)))
    return ConsoleCost(
        *(records, memory_mb, find_ms, scan_ms, typed_ms),
        tuple(card.whole_s * 1000 for card in cards),
        tuple(card.held_s * 1000 for card in cards),
        *(tuple(one[0] for one in held), tuple(one[1] for one in held), print_ms),
    )


def _until(reached: Callable[[], bool]) -> None:
    if not startup.wait_until(reached, timeout_s=_WAIT_S):
        raise TimeoutError("the console does not come to rest")


def _held(act: Callable[[], None], done: Callable[[], bool]) -> tuple[float, float]:
    """Return the longest time, ms, in which the event loop could not turn during an act, and the work within it."""
    turns: list[tuple[float, float]] = []
    timer = QTimer()
    timer.timeout.connect(lambda: turns.append((time.perf_counter(), time.process_time())))
    timer.start(0)
    _until(lambda: len(turns) > 2)
    turns.clear()
    act()
    _until(done)
    timer.stop()
    held, worked = np.diff(np.array(turns), axis=0).max(axis=0) * 1000
    return float(held), float(worked)


def _find(console: Console, typed: str) -> float:
    begun = time.perf_counter()
    console.store.read(lambda db: search.find(db, typed, MOST, "zh", shipped()))
    return (time.perf_counter() - begun) * 1000


def _scan(console: Console, typed: str) -> float:
    """Time the same question to the plain table, word for word in names, ids and values; it knows no pinyin."""
    one, two = (typed.split() * 2)[:2]
    asked = {"one": f"%{one}%", "two": f"%{two}%", "most": MOST}

    def work(db: Database) -> object:
        return db.execute(_SCAN, asked).fetchall()

    begun = time.perf_counter()
    console.store.read(work)
    return (time.perf_counter() - begun) * 1000


def _type(console: Console, typed: str) -> float:
    """Time from a text that the input method commits to the painted list of what was found."""
    box = console.rooms.window.top_bar.search
    box.begin()
    box.clear()
    answered: list[str] = []
    console.desks.search.found.connect(lambda text, _: answered.append(text))
    event = QInputMethodEvent()
    event.setCommitString(typed)
    begun = time.perf_counter()
    QApplication.sendEvent(box, event)
    while typed not in answered:
        if time.perf_counter() - begun > _WAIT_S:
            raise TimeoutError(typed)
        QApplication.processEvents()
        time.sleep(0.0005)
    QApplication.processEvents()
    return (time.perf_counter() - begun) * 1000


def _print(console: Console, turn: int) -> float:
    """Time from the wish for an A3 sheet to the file on the disk."""
    views = console.one_map.map_views
    done: list[object] = []
    views.printer.printed.connect(done.append)
    views.printer.failed.connect(done.append)
    begun = time.perf_counter()
    views.print_to(console.office.folder / f"bench-{turn}.pdf")
    _until(lambda: bool(done))
    if isinstance(done[0], Exception):
        raise done[0]
    return (time.perf_counter() - begun) * 1000

"""How long the card of a point takes to open in a console: from the click to everything on it painted."""

from __future__ import annotations

import time
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from app.console import Console

_PATIENCE_S = 10.0


@dataclass(frozen=True, slots=True)
class CardOpening:
    """One opening: ``whole_s`` from the click to the last pixel, ``held_s`` the longest turn of it: no key acts in one."""

    whole_s: float
    held_s: float


def open_card(console: Console, point_id: str) -> CardOpening:
    """Open the card of a point as a click on the map does, and wait until all that is known stands on it.

    Call it in an open console that has settled, with the id of one of ``console.alarms.points``; the first opening
    reads what later ones have, so that the first is to be told apart. What is open is closed before the clock runs.

    Raises
    ------
    TimeoutError
        If the card does not come.
    """
    card = console.rooms.point_card
    console.views.select_point("")
    QCoreApplication.processEvents()
    begun = time.perf_counter()
    console.views.select_point(point_id)
    held = time.perf_counter() - begun
    while not card.is_full:
        turn = time.perf_counter()
        if turn - begun > _PATIENCE_S:
            raise TimeoutError(f"the card of {point_id} did not open")
        QCoreApplication.processEvents()
        held = max(held, time.perf_counter() - turn)
        time.sleep(0.0005)  # the job that asks the store needs its turn of the interpreter
    for last in (QCoreApplication.processEvents, card.grab):  # the turn that paints it, and all of it
        turn = time.perf_counter()
        last()
        held = max(held, time.perf_counter() - turn)
    return CardOpening(time.perf_counter() - begun, held)

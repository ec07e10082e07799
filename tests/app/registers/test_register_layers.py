"""Registers as layers: their order is that of the list, whichever of them is drawn first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app.jobs import Jobs
from app.map.map_desk import MapDesk
from app.registers.register_book import Book
from app.registers.register_layers import RegisterLayers
from models.register.description import shipped


@pytest.mark.parametrize("turned", [False, True])
def test_layers_stand_in_the_order_of_the_registers_whichever_answers_first(qtbot: QtBot, *, turned: bool) -> None:
    jobs = Jobs()
    desk = MapDesk(jobs)
    layers = RegisterLayers(jobs, desk)
    answers: list[Callable[[], None]] = []

    def start(_name: str, work: Callable[[], Any], *, on_done: Callable[[Any], None], on_error: object) -> None:
        del on_error
        answers.append(partial(on_done, work()))

    jobs.start = start  # type: ignore[method-assign, assignment]
    layers.show_book(Book(shipped()), date(2026, 6, 18))
    assert len(answers) > 10
    for answer in answers[::-1] if turned else answers:
        answer()
    names = [one.name for one in shipped()]
    drawn = [item.layer.name for item in desk.stack.items if item.layer.name in names]
    assert drawn == [name for name in names if name in drawn]
    jobs.close()

"""Garbage is looked for in small turns, and what a job made is never looked through."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from app.garbage import MOST_LOOKED_AT, Garbage


class Ring:
    """One that names itself."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def garbage(qapp: QApplication) -> Iterator[Garbage]:
    watched = Garbage()
    watched.open()
    yield watched
    watched.close()


def test_a_ring_of_objects_goes_at_the_next_look(garbage: Garbage) -> None:
    known = weakref.ref(Ring())
    assert known() is not None
    garbage.look()
    assert known() is None


def test_what_a_job_made_in_one_go_is_set_aside_unseen(garbage: Garbage) -> None:
    before = gc.get_freeze_count()
    records = [[number] for number in range(2 * MOST_LOOKED_AT)]
    garbage.look()
    assert gc.get_freeze_count() - before >= len(records)
    assert gc.get_count()[0] < MOST_LOOKED_AT


def test_what_was_set_aside_goes_when_the_desk_changes_hands(garbage: Garbage) -> None:
    known, made = weakref.ref(Ring()), [[number] for number in range(2 * MOST_LOOKED_AT)]
    garbage.look()
    assert known() is not None
    garbage.look_at_all()
    assert known() is None
    assert gc.get_freeze_count() >= len(made)


def test_what_grows_slowly_is_set_aside_too(garbage: Garbage) -> None:
    kept: list[list[list[int]]] = []
    before = gc.get_freeze_count()
    for _ in range(40):
        kept.append([[number] for number in range(MOST_LOOKED_AT // 10)])
        garbage.look()
    assert gc.get_freeze_count() - before >= MOST_LOOKED_AT


def test_no_look_happens_by_itself_while_somebody_makes_objects(garbage: Garbage) -> None:
    assert not gc.isenabled()
    known = weakref.ref(Ring())
    made = [[number] for number in range(100_000)]
    assert known() is not None, f"{len(made)} objects set off a search"


def test_python_looks_by_itself_again_when_the_console_is_closed(qapp: QApplication) -> None:
    watched = Garbage()
    watched.open()
    watched.close()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0

"""How much work something is, as counts: the same on any machine, however much else it has to do."""

from __future__ import annotations

import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

REFUSED_WITHIN_S = 5.0
"""So much of the processor's time a damaged or hostile file may take; what runs away takes minutes."""
_STEPS = 1000


def calls(work: Callable[[], object]) -> int:
    """Return how many functions are called meanwhile in this thread, Python's own among them: a loop shows as many."""
    count = 0

    def note(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    former = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(former)
    return count


def thousand_steps(connection: sqlite3.Connection, work: Callable[[], object]) -> int:
    """Return how many thousand steps of its own machine SQLite takes meanwhile: a table read row by row shows."""
    count = 0

    def note() -> int:
        nonlocal count
        count += 1
        return 0

    connection.set_progress_handler(note, _STEPS)
    try:
        work()
    finally:
        connection.set_progress_handler(None, 0)
    return count


@contextmanager
def ends_soon() -> Iterator[None]:
    """Fail if what is done here, in this thread, takes more of the processor's time than `REFUSED_WITHIN_S`."""
    begun = time.thread_time()
    yield
    assert time.thread_time() - begun < REFUSED_WITHIN_S

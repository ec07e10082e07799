"""The one door to background work: names, newest wins, answers on the GUI thread, limits handed on."""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app.jobs import MOST_PROCESSES, Jobs
from models.errors import DataError
from tests.app import worker_jobs


@dataclass
class Ears:
    """What came back, and on which thread."""

    jobs: Jobs
    heard: list[Any] = field(default_factory=list)
    threads: set[str] = field(default_factory=set)

    def __call__(self, answer: object) -> None:
        self.heard.append(answer)
        self.threads.add(threading.current_thread().name)

    def start(self, name: str, work: Any, **how: Any) -> None:
        self.jobs.start(name, work, on_done=self, on_error=self, **how)


@pytest.fixture(name="ears")
def _ears(qtbot: QtBot) -> Iterator[Ears]:
    jobs = Jobs()
    yield Ears(jobs)
    jobs.close()


@pytest.mark.parametrize("where", ["thread", "process"])
def test_answers_and_errors_come_back_on_the_thread_of_the_window(qtbot: QtBot, ears: Ears, where: str) -> None:
    with qtbot.waitSignal(ears.jobs.fell_idle):
        ears.start("pid", worker_jobs.pid, where=where)
        assert not ears.jobs.idle
    with qtbot.waitSignal(ears.jobs.fell_idle):
        ears.start("refuse", partial(worker_jobs.refuse, "a.bin"), where=where)
    pid, error = ears.heard
    assert (pid == os.getpid()) == (where == "thread")
    assert isinstance(error, DataError)
    assert error.facts == {"file": "a.bin"}
    assert ears.threads == {threading.main_thread().name}


@pytest.mark.parametrize("where", ["thread", "process"])
def test_of_one_name_the_newest_waits_and_what_it_replaces_is_dropped_unseen(
    qtbot: QtBot, ears: Ears, where: str
) -> None:
    with qtbot.waitSignal(ears.jobs.fell_idle):
        for side in (3, 4, 5, 6):
            ears.start("plane", partial(worker_jobs.plane, side), where=where)
        ears.start("other", partial(worker_jobs.plane, 7), where=where)
    assert sorted(plane.shape[0] for plane in ears.heard) == [6, 7], "the first ran and was not shown"


def test_a_job_that_hangs_or_dies_is_named_and_the_rest_goes_on(qtbot: QtBot, ears: Ears) -> None:
    with qtbot.waitSignal(ears.jobs.fell_idle, timeout=20_000):
        ears.start("take:hangs.bin", worker_jobs.sleep, where="process", limit_s=0.5)
        ears.start("take:leaves.bin", worker_jobs.leave, where="process")
        ears.start("pid", worker_jobs.pid, where="process")
    codes = {error.code: str(error) for error in ears.heard if isinstance(error, DataError)}
    assert set(codes) == {"jobs.too_long", "jobs.worker_died"}
    assert "hangs.bin" in codes["jobs.too_long"]
    assert "leaves.bin" in codes["jobs.worker_died"]
    assert len(ears.heard) == 3


def test_a_job_of_the_same_name_may_be_started_where_an_error_is_heard(qtbot: QtBot, ears: Ears) -> None:
    def again(error: Exception) -> None:
        ears(error)
        ears.start("take", worker_jobs.pid, where="process", fresh=True)

    with qtbot.waitSignal(ears.jobs.fell_idle, timeout=20_000):
        ears.jobs.start("take", worker_jobs.leave, on_done=ears, on_error=again, where="process")
    error, pid = ears.heard
    assert isinstance(error, DataError)
    assert isinstance(pid, int)


def test_a_future_of_the_store_is_followed_to_its_end(qtbot: QtBot, ears: Ears) -> None:
    future: Future[int] = Future()
    ears.jobs.follow(future, on_done=ears, on_error=ears)
    assert not ears.jobs.idle
    assert not ears.jobs.is_idle_but("inbox")
    with qtbot.waitSignal(ears.jobs.fell_idle):
        future.set_result(7)
    assert ears.heard == [7]


class _Thing:
    """Something that a job was given."""


def _with(_thing: _Thing, work: Callable[[], object]) -> None:
    work()


def test_what_a_job_was_given_and_what_is_let_go_of_is_dropped_by_no_other_thread_than_a_jobs(
    qtbot: QtBot, ears: Ears
) -> None:
    gate, dropped = threading.Event(), list[str]()
    given, kept = _Thing(), [_Thing()]
    for thing in (given, kept[0]):
        weakref.finalize(thing, lambda: dropped.append(threading.current_thread().name.partition("_")[0]))
    ears.start("hold", partial(_with, given, gate.wait))
    del thing, given
    assert dropped == []
    gate.set()
    qtbot.waitUntil(lambda: dropped == ["job"])
    ears.jobs.let_go(kept)
    qtbot.waitUntil(lambda: dropped == ["job", "job"])
    assert kept == []


def test_idle_but_for_a_watch_that_never_ends(qtbot: QtBot, ears: Ears) -> None:
    gate = threading.Event()
    with qtbot.waitSignal(ears.jobs.fell_idle):
        ears.start("inbox", gate.wait)
        assert ears.jobs.is_idle_but("inbox")
        assert not ears.jobs.idle
        ears.start("draw", gate.wait)
        assert not ears.jobs.is_idle_but("inbox")
        assert ears.jobs.at_work == ("draw", "inbox")
        gate.set()
    assert ears.jobs.idle
    assert ears.jobs.at_work == ()


def test_there_are_as_many_worker_processes_as_cores_and_never_more_than_two(qtbot: QtBot, ears: Ears) -> None:
    ears.jobs.warm()
    pool = ears.jobs._processes
    assert pool is not None
    expected = min(MOST_PROCESSES, os.cpu_count() or 1)
    qtbot.waitUntil(lambda: len(pool.pids) == expected)


def test_after_the_end_nothing_begins_and_nothing_is_heard(qtbot: QtBot) -> None:
    ears = Ears(Jobs())
    ears.start("pid", worker_jobs.pid, where="process")
    ears.jobs.close()
    ears.start("late", worker_jobs.pid)
    qtbot.wait(50)
    assert ears.heard == []

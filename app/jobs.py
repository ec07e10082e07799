"""Background work: pure functions on threads or in worker processes, answers on the GUI thread."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from app.worker.process_pool import ProcessPool
from models.errors import DataError
from models.radar.compose import Spread

T = TypeVar("T")
Where = Literal["thread", "process"]
_log = logging.getLogger(__name__)
MOST_PROCESSES = 2
TURN_S = 0.0002
"""After so long a job lets the GUI thread run. It asks anew after many of Qt's calls: at Python's own 5 ms a job would
hold a frame up, and at 1 ms a turn of 7 ms took 30."""
IN_EACH_PROCESS = ("app.worker.worker",)


@dataclass(slots=True)
class _Job:
    name: str
    work: Callable[[], Any]
    on_done: Callable[[Any], None]
    on_error: Callable[[Exception], None]
    where: Where
    limit_s: float | None = None
    fresh: bool = False


class Jobs(QObject):
    """The one door to threads and processes.

    ``start`` with a name that is still at work keeps at most one more waiting,
    the newest; what it replaces is dropped unseen. Names of files or ids make
    jobs that never replace each other. A worker process gets its next job when it
    has done the last: if it dies or hangs, exactly the job it was at is lost, and
    named, and another process takes its place (`app.worker.process_pool`).

    Signals
    -------
    fell_idle()    nothing is at work or waiting any more
    """

    fell_idle = Signal()
    _came_back = Signal(object, object)

    def __init__(self, *, threads: int = 2, processes: int | None = None) -> None:
        """``processes`` is how many worker processes there may be; as many as cores, at most 2, if None."""
        super().__init__()
        sys.setswitchinterval(TURN_S)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="job")
        self._bands = ThreadPoolExecutor(threads, thread_name_prefix="band")
        self._process_count = processes or min(MOST_PROCESSES, os.cpu_count() or 1)
        self._processes: ProcessPool | None = None
        self._running: dict[str, _Job] = {}
        self._waiting: dict[str, _Job] = {}
        self._followed = 0
        self._open = True
        self._came_back.connect(self._on_came_back, Qt.ConnectionType.QueuedConnection)

    def start(
        self,
        name: str,
        work: Callable[[], T],
        *,
        on_done: Callable[[T], None],
        on_error: Callable[[Exception], None],
        where: Where = "thread",
        limit_s: float | None = None,
        fresh: bool = False,
    ) -> None:
        """Run ``work`` away from the GUI thread and hand its answer back on it.

        ``work`` is a function of frozen values; for ``process`` it must pickle, has
        ``limit_s`` seconds of wall time (`process_pool.JOB_LIMIT_S` if None), and
        may ask for a ``fresh`` process that has done nothing before.
        After `close` nothing is begun any more.
        """
        if not self._open:
            return
        job = _Job(name, work, on_done, on_error, where, limit_s, fresh)
        if name in self._running:
            self._waiting[name] = job
        else:
            self._launch(job)

    def follow(self, future: Future[T], *, on_done: Callable[[T], None], on_error: Callable[[Exception], None]) -> None:
        """Hand the answer of a store's future back on the GUI thread."""
        self._followed += 1
        job = _Job("", lambda: None, on_done, on_error, "thread")
        future.add_done_callback(lambda done: self._send(job, done))

    def let_go(self, gone: list[Any] | dict[Any, Any]) -> None:
        """Drop what a list or dict names, where it is the last that does, in a job: 50,000 objects at once hold the GUI."""
        if self._open:
            self._threads.submit(_empty, gone)

    @property
    def spread(self) -> Spread:
        """Shares out the parts of one job: like ``map``, on threads of their own, so that no job waits for itself."""
        return self._bands.map

    @property
    def idle(self) -> bool:
        """Whether nothing is at work."""
        return not self._running and not self._waiting and not self._followed

    @property
    def at_work(self) -> tuple[str, ...]:
        """The names of what is at work or waits."""
        return tuple(sorted(self._running.keys() | self._waiting.keys()))

    def is_idle_but(self, *names: str) -> bool:
        """Return whether nothing is at work besides jobs of these names, such as a watch that never ends."""
        return not self._followed and not (self._running.keys() | self._waiting.keys()) - set(names)

    def warm(self) -> None:
        """Start the worker processes now, so that the first file need not wait for them."""
        self._pool().warm()

    def close(self) -> None:
        """Stop taking work, drop what waits and let what runs end; in a process, for a few seconds."""
        self._open = False
        self._waiting.clear()
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._bands.shutdown(wait=True, cancel_futures=True)
        if self._processes is not None:
            self._processes.close()

    def _pool(self) -> ProcessPool:
        if self._processes is None:
            self._processes = ProcessPool(self._process_count, imports=IN_EACH_PROCESS)
        return self._processes

    def _launch(self, job: _Job) -> None:
        self._running[job.name] = job
        if job.where == "process":
            future = self._pool().submit(job.name, job.work, limit_s=job.limit_s, fresh=job.fresh)
        else:
            future = self._threads.submit(job.work)
        future.add_done_callback(lambda done: self._send(job, done))

    def _send(self, job: _Job, future: Future[Any]) -> None:
        job.work = _nothing  # what it was given goes here, not on the GUI thread
        if self._open:
            self._came_back.emit(job, future)

    def _on_came_back(self, job: _Job, future: Future[Any]) -> None:
        superseded = None
        if job.name:
            self._running.pop(job.name, None)
            superseded = self._waiting.pop(job.name, None)
            if superseded is not None:
                self._launch(superseded)
        else:
            self._followed -= 1
        try:
            self._answer(job, future, dropped=superseded is not None)
        finally:
            if self.idle:
                self.fell_idle.emit()

    def _answer(self, job: _Job, future: Future[Any], *, dropped: bool) -> None:
        try:
            value = future.result()
        except CancelledError:
            job.on_error(DataError("jobs.worker_died", job=job.name))
        except Exception as error:  # noqa: BLE001 - desks decide what to tell the operator
            job.on_error(error)
        else:
            if not dropped:
                job.on_done(value)


def _empty(gone: list[Any] | dict[Any, Any]) -> None:
    """Drop one after the other, so that other threads have their turn in between."""
    take = gone.pop if isinstance(gone, list) else gone.popitem
    while gone:
        take()


def _nothing() -> None:
    """Stand for work that is done."""

"""Background work: pure functions on threads or in worker processes, answers on the GUI thread."""

from __future__ import annotations

import logging
import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from models.errors import DataError

T = TypeVar("T")
Where = Literal["thread", "process"]
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Job:
    name: str
    work: Callable[[], Any]
    on_done: Callable[[Any], None]
    on_error: Callable[[Exception], None]
    where: Where


class Jobs(QObject):
    """The one door to threads and processes.

    ``start`` with a name that is still at work keeps at most one more waiting,
    the newest; what it replaces is dropped unseen. Names of files or ids make
    jobs that never replace each other. A worker process gets its next job when it
    has done the last: if it dies, exactly the job it was at is lost, and named.

    Signals
    -------
    fell_idle()    nothing is at work or waiting any more
    """

    fell_idle = Signal()
    _came_back = Signal(object, object)

    def __init__(self, *, threads: int = 2, processes: int = 1) -> None:
        super().__init__()
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="job")
        self._process_count = processes
        self._processes: ProcessPoolExecutor | None = None
        self._at_processes = 0
        self._queued: deque[_Job] = deque()
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
    ) -> None:
        """Run ``work`` away from the GUI thread and hand its answer back on it.

        ``work`` is a function of frozen values; for ``process`` it must pickle.
        After `close` nothing is begun any more.
        """
        if not self._open:
            return
        job = _Job(name, work, on_done, on_error, where)
        if name in self._running:
            self._waiting[name] = job
        else:
            self._launch(job)

    def follow(self, future: Future[T], *, on_done: Callable[[T], None], on_error: Callable[[Exception], None]) -> None:
        """Hand the answer of a store's future back on the GUI thread."""
        self._followed += 1
        job = _Job("", lambda: None, on_done, on_error, "thread")
        future.add_done_callback(lambda done: self._send(job, done))

    @property
    def idle(self) -> bool:
        """Whether nothing is at work."""
        return not self._running and not self._waiting and not self._followed

    def is_idle_but(self, *names: str) -> bool:
        """Return whether nothing is at work besides jobs of these names, such as a watch that never ends."""
        return not self._followed and not (self._running.keys() | self._waiting.keys()) - set(names)

    def warm(self) -> None:
        """Start the worker processes now, so that the first file need not wait for them."""
        self._executor("process").submit(_nothing)

    def close(self) -> None:
        """Stop taking work, drop what waits and let what runs end."""
        self._open = False
        self._waiting.clear()
        self._queued.clear()
        self._threads.shutdown(wait=True, cancel_futures=True)
        if self._processes is not None:
            self._processes.shutdown(wait=True, cancel_futures=True)

    def _executor(self, where: Where) -> Executor:
        if where == "thread":
            return self._threads
        if self._processes is None:
            self._processes = ProcessPoolExecutor(
                self._process_count, mp_context=multiprocessing.get_context("spawn"), initializer=_end_with_parent
            )
        return self._processes

    def _launch(self, job: _Job) -> None:
        self._running[job.name] = job
        if job.where == "process":
            self._queued.append(job)
            self._feed_processes()
        else:
            self._submit(job)

    def _feed_processes(self) -> None:
        while self._queued and self._at_processes < self._process_count:
            self._at_processes += 1
            self._submit(self._queued.popleft())

    def _submit(self, job: _Job) -> None:
        try:
            future = self._executor(job.where).submit(job.work)
        except BrokenExecutor:
            self._processes = None
            future = self._executor(job.where).submit(job.work)
        future.add_done_callback(lambda done: self._send(job, done))

    def _send(self, job: _Job, future: Future[Any]) -> None:
        if self._open:
            self._came_back.emit(job, future)

    def _on_came_back(self, job: _Job, future: Future[Any]) -> None:
        superseded = None
        if job.name and job.where == "process":
            self._at_processes -= 1
            if not future.cancelled() and isinstance(future.exception(), BrokenExecutor):
                self._processes = None
            self._feed_processes()
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
        except (CancelledError, BrokenExecutor):
            job.on_error(DataError("jobs.worker_died", job=job.name))
        except Exception as error:  # noqa: BLE001 - desks decide what to tell the operator
            job.on_error(error)
        else:
            if not dropped:
                job.on_done(value)


def _end_with_parent() -> None:
    """Let a worker end when the console is killed; it would wait for work for ever."""
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _nothing() -> None:
    """Run in a worker process so that it stands ready."""

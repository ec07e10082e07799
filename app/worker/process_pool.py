"""A few warm worker processes, each job within its time and memory; behind `app.jobs`, which is the door."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, Self, TypeGuard, TypeVar

from app.worker.worker_process import WorkerProcess
from models.errors import ConsoleError

T = TypeVar("T")

JOB_LIMIT_S = 15.0
CLOSE_LIMIT_S = 3.0
FAILURES = frozenset({"jobs.too_long", "jobs.too_much_memory", "jobs.worker_died"})


def failed_in_worker(error: Exception) -> TypeGuard[ConsoleError]:
    """Return whether a job was lost with its worker, or at its limits: the work may be at fault, or the machine."""
    return isinstance(error, ConsoleError) and error.code in FAILURES


class ProcessPool:
    """Worker processes and a thread for each, which waits for its answer.

    A job that hangs, dies or takes too much costs its own answer and one process,
    which is replaced at once; the others go on. In a ``with`` it ends with it.
    """

    def __init__(self, count: int, *, imports: tuple[str, ...] = ()) -> None:
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="worker")
        self._workers = tuple(WorkerProcess(imports) for _ in range(count))
        self._free = deque(self._workers)
        self._at_work: set[Future[Any]] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pids(self) -> tuple[int, ...]:
        """The ids of the processes that are there."""
        return tuple(pid for worker in self._workers if (pid := worker.pid) is not None)

    def warm(self) -> None:
        """Start the processes now, so that the first file need not wait for them."""
        for worker in self._workers:
            self._threads.submit(worker.start)

    def submit(
        self, name: str, work: Callable[[], T], *, limit_s: float | None = None, fresh: bool = False
    ) -> Future[T]:
        """Have ``work`` done by the next process that is free; see `WorkerProcess.do`."""
        future = self._threads.submit(self._do, name, work, limit_s or JOB_LIMIT_S, fresh)
        self._at_work.add(future)
        future.add_done_callback(self._at_work.discard)
        return future

    def close(self) -> None:
        """Drop what waits, let what runs end for a moment, and end the processes."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        wait(set(self._at_work), CLOSE_LIMIT_S)
        for worker in self._workers:
            worker.kill()
        self._threads.shutdown(wait=True)
        for worker in self._workers:
            worker.clear()

    def _do(self, name: str, work: Callable[[], T], limit_s: float, fresh: bool) -> T:
        worker = self._free.pop()  # never empty: there are as many threads as workers
        try:
            answer: T = worker.do(name, work, limit_s=limit_s, fresh=fresh)
        finally:
            self._free.append(worker)
        return answer

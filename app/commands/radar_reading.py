"""Radar files read for a command: in worker processes, in their order; a bad one is named and stops no other."""

from __future__ import annotations

import logging
import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Generic, TypeVar

from app.worker.process_pool import JOB_LIMIT_S, ProcessPool
from models.errors import ConsoleError, DataError
from models.radar.decoders import read
from models.radar.describe import Document, describe
from models.radar.register import Register

T = TypeVar("T")

MOST_PROCESSES = 4
_AHEAD = 2
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Answer(Generic[T]):
    """What became of one file: its ``value``, or the ``error`` that names it."""

    path: Path
    value: T | None
    error: ConsoleError | None = None

    def result(self) -> T:
        """Return the value, or raise the error."""
        if self.error is not None:
            raise self.error
        assert self.value is not None  # noqa: S101 - what has no error has a value
        return self.value


def each_of(files: list[Path], work: Callable[[Path], T], *, limit_s: float = JOB_LIMIT_S) -> Iterator[Answer[T]]:
    """Give every file to ``work`` in a worker process and yield the answers in the files' order.

    A file that hangs, kills its process or takes too much memory costs its own answer and nothing
    else; so does one on which our own code fails, which goes to the log with its traceback.

    Parameters
    ----------
    files : list of Path
        As they were handed in.
    work : callable
        A function of a module (or a ``partial`` of one) with values that pickle.
    limit_s : float, s
        How long one file may take.
    """
    pool = ProcessPool(max(1, min(len(files), MOST_PROCESSES, os.cpu_count() or 1)), imports=(__name__,))
    try:
        coming = iter(files)
        waiting: deque[tuple[Path, Future[T]]] = deque()

        def send(count: int) -> None:
            for path in islice(coming, count):
                waiting.append((path, pool.submit(path.name, partial(work, path), limit_s=limit_s)))

        send(_AHEAD * MOST_PROCESSES)
        while waiting:
            path, future = waiting.popleft()
            yield _answer(path, future)
            send(1)
    finally:
        pool.close()


def _answer(path: Path, future: Future[T]) -> Answer[T]:
    try:
        return Answer(path, future.result())
    except ConsoleError as error:
        return Answer(path, None, error)
    except Exception as error:  # noqa: BLE001 - our fault, and still no reason to leave the other files unread
        _log.error("%s was not read", path, exc_info=error)
        words: Any = " ".join(str(error).split())[:200] or type(error).__name__
        return Answer(path, None, DataError("radar.reader_failed", file=path.name, cause=words))


def description(path: Path, *, register: Register, language: str) -> Document:
    """Return what ``radar info`` prints of one file; see `models.radar.describe`."""
    return describe(read(path, register=register), path, language=language)


def descriptions(files: list[Path], *, register: Register, language: str) -> Iterator[Document]:
    """Yield what ``radar info`` prints of each file, in order; ``error`` alone where one cannot be read."""
    for answer in each_of(files, partial(description, register=register, language=language)):
        yield describe(answer.error, answer.path, language=language) if answer.error is not None else answer.result()

"""One worker process, both ends: bytes of strangers are parsed in it, and it can be killed without loss.

What a job returns comes back as a pickle, which the console unpickles. A hostile
file does not write that pickle: our code makes it, from values of ours. Only code
that a file got to run in the worker could forge it, and against that this wall is
not built.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import pickle
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from typing import Any

from app.worker import worker_limits
from models.errors import ConsoleError, DataError

START_LIMIT_S = 60.0
END_LIMIT_S = 5.0
MOST_ANSWER_BYTES = 512 * 1024 * 1024

_READY = b"ready"
_OPENCV_NO_MEMORY = -4


class WorkerTraceback(Exception):  # noqa: N818 - no error of its own but where one came from
    """Where in the worker an exception arose, as text; stands as its cause."""

    def __str__(self) -> str:
        return f"\n{self.args[0]}"


class WorkerProcess:
    """The console's end of one process: started when it is needed, killed and replaced when it hangs or dies.

    One thread at a time gives it work; `start` and `kill` may come from any.
    """

    def __init__(self, imports: tuple[str, ...] = ()) -> None:
        """``imports`` are the modules that a process loads before it counts as ready."""
        self._imports = imports
        self._guard = threading.Lock()
        self._process: Any = None
        self._connection: Any = None
        self._ready = self._used = self._closed = False
        self._turn = 0  # counts jobs; the clock of an older one must not kill a newer
        self._late = False

    @property
    def pid(self) -> int | None:
        """The process's id, None where there is none."""
        process = self._process
        return process.pid if process is not None else None

    def start(self) -> None:
        """Start the process unless there is one; it is not waited for."""
        with self._guard:
            if self._process is not None or self._closed:
                return
            # Spawned, never forked: the console has threads, a window and an open store.
            context = multiprocessing.get_context("spawn")
            ours, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(theirs, self._imports), name="worker", daemon=True)
            try:
                process.start()
            finally:
                theirs.close()  # ours alone is left here: a worker that dies shows as the end of the pipe
            self._process, self._connection = process, ours
            self._ready = self._used = False

    def kill(self) -> None:
        """Kill the process; what it was at is lost, and no other is started."""
        with self._guard:
            self._closed = True
            if self._process is not None:
                self._process.kill()

    def clear(self) -> None:
        """Kill the process and wait until it is gone; returns at once where there is none."""
        with self._guard:
            process, connection = self._process, self._connection
            self._process = self._connection = None
        if process is not None:
            process.kill()
            process.join(END_LIMIT_S)
            connection.close()

    def do(self, name: str, work: Callable[[], Any], *, limit_s: float, fresh: bool = False) -> Any:
        """Run ``work`` in the process and return its answer.

        ``limit_s`` bounds the wall time from when the process is ready; ``fresh``
        asks for a process that has done nothing yet.

        Raises
        ------
        DataError
            ``jobs.too_long``, ``jobs.too_much_memory``, ``jobs.worker_died``; ``jobs.no_worker``
            where the process does not even start.
        Exception
            Whatever ``work`` raised, with its place in the worker as cause.
        """
        task = pickle.dumps((name, work, limit_s), pickle.HIGHEST_PROTOCOL)
        if fresh and self._used:
            self.clear()
        connection = self._ready_connection(name)
        self._used = True
        turn = self._begin()
        clock = threading.Timer(limit_s, self._on_late, (turn,))
        clock.daemon = True
        clock.start()
        try:
            connection.send_bytes(task)
            answer = connection.recv_bytes(MOST_ANSWER_BYTES)
        except (EOFError, OSError) as error:
            self._finish()
            raise self._loss(name, limit_s) from error
        finally:
            clock.cancel()
        late = self._finish()
        value, failure, trace, retires = pickle.loads(answer)  # noqa: S301 - see the module's head
        if late or retires:
            self._renew()
        if failure is None:
            return value
        if isinstance(failure, ConsoleError):
            raise failure
        raise failure from WorkerTraceback(trace)

    def _ready_connection(self, name: str) -> Any:
        """Return the connection to a process that waits for work."""
        self.start()
        connection = self._connection
        if connection is None:  # the console is closing
            raise DataError("jobs.worker_died", job=name)
        if not self._ready:
            try:
                self._ready = connection.poll(START_LIMIT_S) and connection.recv_bytes() == _READY
            except (EOFError, OSError):
                self._ready = False
            if not self._ready:
                self.clear()
                raise DataError("jobs.no_worker", job=name)
        return connection

    def _begin(self) -> int:
        with self._guard:
            self._turn += 1
            self._late = False
            return self._turn

    def _finish(self) -> bool:
        """End a turn; True if its clock has struck."""
        with self._guard:
            self._turn += 1
            return self._late

    def _on_late(self, turn: int) -> None:
        with self._guard:
            if turn == self._turn and self._process is not None:
                self._late = True
                self._process.kill()

    def _loss(self, name: str, limit_s: float) -> DataError:
        """Replace the process that was lost; returns why it was."""
        process = self._process
        process.join(END_LIMIT_S)
        out_of_time = self._late or (sys.platform != "win32" and process.exitcode == -signal.SIGXCPU)
        self._renew()
        if out_of_time:
            return DataError("jobs.too_long", job=name, limit_s=f"{limit_s:g}")
        return DataError("jobs.worker_died", job=name)

    def _renew(self) -> None:
        self.clear()
        self.start()


def _serve(connection: Any, imports: tuple[str, ...]) -> None:
    """Do one job after the other until the console closes its end: the worker's end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the console
    _end_with_console()
    worker_limits.settle()
    for name in imports:
        importlib.import_module(name)
    warm_bytes = worker_limits.address_space_bytes()
    connection.send_bytes(_READY)
    while True:
        try:
            task = connection.recv_bytes()
        except (EOFError, OSError):
            return
        connection.send_bytes(_answer(task, warm_bytes))


def _answer(task: bytes, warm_bytes: int | None) -> bytes:
    """Do one job; returns the pickle of its value, its error, the error's traceback, and whether this process retires."""
    name, work, limit_s = pickle.loads(task)  # noqa: S301 - from the console
    worker_limits.begin_job(limit_s)
    answer, error, trace = b"", None, ""
    try:
        answer = pickle.dumps((work(), None, "", worker_limits.has_grown(warm_bytes)), pickle.HIGHEST_PROTOCOL)
    except Exception as raised:  # noqa: BLE001 - the console decides
        error, trace = _sendable(raised, name), traceback.format_exc()
    finally:
        worker_limits.end_job()
    if len(answer) > MOST_ANSWER_BYTES:
        error = _too_much(name)
    if error is None:
        return answer
    retires = isinstance(error, DataError) and error.code == "jobs.too_much_memory"
    return pickle.dumps((None, error, trace, retires or worker_limits.has_grown(warm_bytes)), pickle.HIGHEST_PROTOCOL)


def _sendable(error: Exception, job: str) -> Exception:
    """Return an error as it can cross the pipe; one for people where the memory was at its end."""
    if isinstance(error, MemoryError) or getattr(error, "code", None) == _OPENCV_NO_MEMORY:
        return _too_much(job)
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - made on the line
    except Exception:  # noqa: BLE001 - classes of third parties fail here in any way
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


def _too_much(job: str) -> DataError:
    return DataError("jobs.too_much_memory", job=job, limit_mib=worker_limits.GROWTH_BYTES // 1024**2)


def _end_with_console() -> None:
    """Let a worker end when the console is killed; it would wait for work for ever."""
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()

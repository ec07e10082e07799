"""What tests have done in a worker process: functions that it can import by name."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from models.errors import DataError


def pid() -> int:
    return os.getpid()


def modules() -> set[str]:
    return set(sys.modules)


def plane(side: int) -> NDArray[np.uint8]:
    return np.arange(side * side, dtype=np.uint32).astype(np.uint8).reshape(side, side)


def spin() -> NoReturn:
    """Hang in Python, where a signal would be noticed."""
    while True:
        pass


def sleep() -> None:
    """Hang without using the processor."""
    time.sleep(3600)


def stop() -> None:
    """Freeze, as under a debugger: nothing but a kill ends that."""
    os.kill(os.getpid(), signal.SIGSTOP)


def answer_and_freeze() -> bytes:
    """Give so long an answer that the pipe is full, and freeze in the midst of it."""
    signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), signal.SIGSTOP))
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    time.sleep(0.1)
    return bytes(400_000_000)


def die(number: int) -> None:
    os.kill(os.getpid(), number)


def leave() -> None:
    os._exit(0)


def crash() -> None:
    """Read where no memory is."""
    ctypes.string_at(1)


def eat(amount: int) -> int:
    """Take memory and touch all of it."""
    return int(np.ones(amount, np.uint8).sum())


def hoard(amount: int, kept: list[object] = []) -> int:  # noqa: B006 - a leak, on purpose
    """Take memory and never give it back."""
    kept.append(np.empty(amount, np.uint8))
    return os.getpid()


def refuse(file: str) -> None:
    raise DataError("radar.empty", file=file)


def divide() -> float:
    return 1 / int("0")


class OddError(Exception):
    """One that cannot be made again from its pickle."""

    def __init__(self, one: int, two: int) -> None:
        super().__init__(f"{one} and {two}")


def fail_oddly() -> None:
    raise OddError(1, 2)


def give_a_lambda() -> object:
    return lambda: None


def fill(path: Path, size: int) -> None:
    """Make a file of a length, without writing it."""
    with path.open("wb") as file:
        file.truncate(size)


def open_many(path: Path, count: int) -> int:
    with ExitStack() as stack:
        return len([stack.enter_context(path.open("rb")) for _ in range(count)])


def threads() -> int:
    import cv2  # noqa: PLC0415 - late, as in a worker

    return int(cv2.getNumThreads())


def limits() -> dict[str, tuple[int, int]]:
    import resource  # noqa: PLC0415 - POSIX only

    return {
        name: resource.getrlimit(getattr(resource, name))
        for name in ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_CORE", "RLIMIT_NOFILE", "RLIMIT_FSIZE")
    }


def named(path: Path) -> str:
    """Do what a file's name says."""
    if path.name == "hangs":
        sleep()
    elif path.name == "dies":
        leave()
    elif path.name == "fails":
        divide()
    elif path.name == "eats":
        eat(3 * 1024**3)
    elif path.name == "bad":
        refuse(path.name)
    elif path.name == "slow":
        time.sleep(0.7)
    return path.name

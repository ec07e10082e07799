"""Work in a process of its own, which loads nothing but what the work asks for, so that its memory is its own."""

from __future__ import annotations

import pickle
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
LIMIT_S = 900
_ROOT = Path(__file__).parents[3]
_PAGE_BYTES = 4096


def in_own_process(work: Callable[..., T], *words: object) -> T:
    """Return what a function of a module answers in a process that has done nothing before.

    Raises
    ------
    subprocess.TimeoutExpired
        After `LIMIT_S` seconds.
    subprocess.CalledProcessError
        If the process failed, as it does when there is no more memory; why stands in its own output.
    """
    # Not by multiprocessing: a process that it spawns first loads the whole bench again.
    with tempfile.TemporaryDirectory(prefix="fengsui-bench-") as folder:
        asked, answered = Path(folder) / "asked", Path(folder) / "answered"
        asked.write_bytes(pickle.dumps((work, words)))
        command = [sys.executable, "-m", "app.bench.measure.own_process", str(asked), str(answered)]
        subprocess.run(command, cwd=_ROOT, timeout=LIMIT_S, check=True)  # noqa: S603 - our own module
        answer: T = pickle.loads(answered.read_bytes())  # noqa: S301 - from there
    return answer


def resident_mb() -> float:
    """Return how much memory this process has at the moment, MB; not known outside of Linux."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return float("nan")
    return pages * _PAGE_BYTES / 1e6


def main() -> int:
    """Do what the first file asks and write the answer into the second."""
    asked, answered = map(Path, sys.argv[1:])
    work, words = pickle.loads(asked.read_bytes())  # noqa: S301 - from the bench
    answered.write_bytes(pickle.dumps(work(*words)))
    return 0


if __name__ == "__main__":
    sys.exit(main())

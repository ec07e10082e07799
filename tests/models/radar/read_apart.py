"""Reads files each in a process of its own and tells how each ended, how long it took and how much memory.

``python -m tests.models.radar.read_apart FILE...`` prints one JSON object a line.
POSIX only: the kernel says what each forked child used.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import traceback
from dataclasses import asdict, dataclass
from pathlib import Path

from app.worker import worker_limits
from models.errors import DataError
from models.radar.decoders import read
from models.radar.volume import Volume
from tests import data

LONGEST_S = 60


@dataclass(frozen=True)
class Ending:
    """How the reading of a file ended.

    ``code`` is that of the error, empty for a file that was read wholly; ``sentences``
    are in Chinese and English; ``sweeps`` how many whole cuts were kept of ``announced``.
    ``fault`` is the traceback of what is no error for people, or the signal.
    """

    code: str = ""
    sentences: tuple[str, ...] = ()
    sweeps: int = 0
    announced: int = 0
    fault: str = ""
    seconds: float = 0.0
    peak_bytes: int = 0


def endings(paths: list[Path]) -> list[Ending]:
    """Have files read one after the other, each by a child of one fresh process."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.models.radar.read_apart", *map(str, paths)],
        cwd=data.ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST_S * (1 + len(paths)),
    )
    assert done.returncode == 0, done.stderr
    return [Ending(**json.loads(line)) for line in done.stdout.splitlines()]


def _ending(path: Path) -> Ending:
    try:
        reading = read(path)
    except DataError as error:
        return Ending(error.code, (error.sentence("zh"), error.sentence("en")))
    except Exception:  # noqa: BLE001 - this is what is looked for
        return Ending(fault=traceback.format_exc())
    if not isinstance(reading, Volume):
        return Ending()
    broken, sweeps = reading.error, len(reading.sweeps)
    if broken is None:
        return Ending(sweeps=sweeps, announced=reading.announced)
    if not isinstance(broken, DataError):
        return Ending(fault=repr(broken))
    return Ending(broken.code, (broken.sentence("zh"), broken.sentence("en")), sweeps, reading.announced)


def _apart(path: Path) -> Ending:
    """Read a file in a child; the kernel tells its peak."""
    begun = time.perf_counter()
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(out)
        with os.fdopen(into, "w") as answer:
            answer.write(json.dumps(asdict(_ending(path))))
        os._exit(0)
    os.close(into)
    with os.fdopen(out) as answer:
        text = answer.read()
    _, status, usage = os.wait4(child, 0)
    said = json.loads(text) if text else {"fault": f"ended with status {status}"}
    peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return Ending(**said | {"seconds": time.perf_counter() - begun, "peak_bytes": peak})


if __name__ == "__main__":
    worker_limits.settle()
    for word in sys.argv[1:]:
        print(json.dumps(asdict(_apart(Path(word)))), flush=True)

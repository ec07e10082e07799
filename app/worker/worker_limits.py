"""What a worker process may use: address space, CPU time, open files, size of what it writes.

POSIX resource limits, where the system has them. Windows has none of them here:
there only the wall time of a job is watched, by the console (`app.worker.worker_process`).
Address space is bounded on Linux only, as nothing else says how much is in use.

The limits are met by mistakes and by hostile files. They are no prison: code that
a file got to run in the worker could lift them.
"""

from __future__ import annotations

import math
import os
import sys
from pathlib import Path

GROWTH_BYTES = 1024 * 1024 * 1024
"""Address space a job may take beyond what its worker has when it begins. What real files take at most, resident:
270 MB for a volume (43 MB unpacked), 760 MB for a GRIB2 mosaic of 24 million cells. The first use of xradar
adds 350 MB of address space, most of it never touched."""
OPEN_FILES = 64
FILE_BYTES = 256 * 1024 * 1024
CPU_SPARE_S = 5.0

_STATM = Path("/proc/self/statm")
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OPENCV_FOR_THREADS_NUM")


def settle() -> None:
    """Set what holds for the worker's whole life; to be called before numpy is loaded.

    One thread per library: there are as many workers as are good for the cores,
    and each thread of a library would reserve 70 MB of the address space.
    """
    for name in _ONE_THREAD:
        os.environ.setdefault(name, "1")
    os.environ.setdefault("GDAL_CACHEMAX", "64")  # MB; its own rule is a share of the machine's memory
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - POSIX only

        _lower(resource.RLIMIT_CORE, 0)
        _lower(resource.RLIMIT_NOFILE, OPEN_FILES)
        _lower(resource.RLIMIT_FSIZE, FILE_BYTES)


def begin_job(limit_s: float) -> None:
    """Bound memory and CPU time from here on; both count over the life of a process, so they are set anew each time."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - POSIX only

        used = resource.getrusage(resource.RUSAGE_SELF)
        _soften(resource.RLIMIT_CPU, math.ceil(used.ru_utime + used.ru_stime + limit_s + CPU_SPARE_S))
        size = address_space_bytes()
        if size is not None:
            _soften(resource.RLIMIT_AS, size + GROWTH_BYTES)


def end_job() -> None:
    """Lift what bounds a job, so that its end can be told."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - POSIX only

        for kind in (resource.RLIMIT_CPU, resource.RLIMIT_AS):
            _soften(kind, resource.RLIM_INFINITY)


def address_space_bytes() -> int | None:
    """Return the address space of this process; None where the system does not say."""
    try:
        pages = int(_STATM.read_text(encoding="ascii").split()[0])
    except (OSError, ValueError, IndexError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")


def has_grown(warm_bytes: int | None) -> bool:
    """Return whether this process kept so much of its jobs that it had better make room for a new one."""
    size = address_space_bytes()
    return size is not None and warm_bytes is not None and size > warm_bytes + GROWTH_BYTES


def _lower(kind: int, limit: int) -> None:
    """Set a limit that can't be raised again, unless a lower one stands."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - POSIX only

        soft, hard = resource.getrlimit(kind)
        lowest = min((x for x in (soft, hard) if x != resource.RLIM_INFINITY), default=limit)
        resource.setrlimit(kind, (min(limit, lowest), min(limit, lowest)))


def _soften(kind: int, limit: int) -> None:
    """Set a limit that can be raised again."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - POSIX only

        _, hard = resource.getrlimit(kind)
        if hard != resource.RLIM_INFINITY:
            limit = hard if limit == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(kind, (limit, hard))

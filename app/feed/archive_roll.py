"""Rolling the archive: what has to go so that cap, age and disk are kept, the oldest first; for jobs."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Protocol

from app.feed.archive_files import ROOT, remove
from models.errors import DataError
from models.store import archive
from models.store.archive import ArchivedFile, Stock
from models.store.database import Store

BATCH = 500
ROLLED_TO = 0.95
FREED_TO = 1.25
AGED_TO = timedelta(hours=1)
"""A roll goes a little further than it must (share of the cap, of the free space, age),
so that not every new file asks for one, with a journal line each."""

GB = 1_000_000_000
LOW_DISK_BYTES = GB
LOW_DISK_SHARE = 0.02
MOST_LOW_DISK_BYTES = 5 * GB
"""A share of a disk of many TB would be more than the archive itself."""


class Usage(Protocol):
    """What a disk says of itself, as `shutil.disk_usage` does."""

    @property
    def total(self) -> int: ...

    @property
    def free(self) -> int: ...


DiskUsage = Callable[[Path], Usage]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much the archive may hold; ``keep`` is how long a file stays at most, None without end."""

    cap_bytes: int
    keep: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Rolled:
    """One batch of a roll.

    Attributes
    ----------
    removed : tuple of ArchivedFile
        What is gone from the disk and is to leave the index.
    stuck : tuple of (str, str)
        Paths that cannot be removed, each with the cause.
    because : str
        ``cap``, ``disk`` or ``days``; empty if nothing has to go.
    more : bool
        Whether another batch is to follow.
    disk_low : bool
        Whether the disk is nearly full.
    free_bytes : int
        What is free on the disk.
    """

    removed: tuple[ArchivedFile, ...]
    stuck: tuple[tuple[str, str], ...]
    because: str
    more: bool
    disk_low: bool
    free_bytes: int


@dataclass(slots=True)
class _Need:
    """What still has to go: bytes of the index, bytes of the disk, and everything before a time."""

    index_bytes: int
    disk_bytes: int
    before: datetime | None

    @property
    def because(self) -> str:
        if self.index_bytes > 0 and self.index_bytes >= self.disk_bytes:
            return "cap"
        return "disk" if self.disk_bytes > 0 else "days"

    def asks_for(self, file: ArchivedFile) -> bool:
        """Return whether this file, the oldest left, has to go."""
        is_old = self.before is not None and file.counted_at < self.before
        return self.index_bytes > 0 or self.disk_bytes > 0 or is_old


def low_disk_bytes(total_bytes: int) -> int:
    """Return the free space below which a disk is nearly full: 1 GB or 2 %, whichever is more, but at most 5 GB."""
    return max(LOW_DISK_BYTES, min(int(LOW_DISK_SHARE * total_bytes), MOST_LOW_DISK_BYTES))


def roll(
    store: Store,
    office: Path,
    limits: Limits,
    *,
    now: datetime,
    going: bool = False,
    stuck: frozenset[str] = frozenset(),
    usage: DiskUsage = shutil.disk_usage,
) -> Rolled:
    """Remove the oldest files of the archive from the disk, as many as have to go, at most one batch.

    Their rows stay until the caller drops them: after a kill between the two the
    walk at the next start finds rows without files.

    Parameters
    ----------
    store : Store
        Has the index; only read here.
    office : Path
        The office's folder.
    limits : Limits
        Cap and age.
    now : datetime
        Files older than ``limits.keep`` go; a file is never older than the newest one says,
        so that a clock set wrong empties nothing.
    going : bool
        A batch of this roll went before, so it goes on to `ROLLED_TO` of the cap and so on.
    stuck : frozenset of str
        Paths that could not be removed before; they are passed over.
    usage : callable
        What says how full the disk is.
    """
    stock = store.read(archive.stock)
    rows = store.read(partial(archive.oldest, limit=BATCH + len(stuck) + 1))
    # What cannot be removed is as if it were not there: else all that is new would go in its stead.
    counted_bytes = stock.size_bytes - sum(row.size_bytes for row in rows if row.path in stuck)
    disk = usage(office / ROOT)
    low = low_disk_bytes(disk.total)
    wanted_free = int(low * FREED_TO) if disk.free < low or going else low
    need = _Need(
        _over(counted_bytes, limits.cap_bytes, going=going),
        max(0, wanted_free - disk.free),
        _before(stock, limits.keep, now, going=going),
    )
    because = need.because
    removed: list[ArchivedFile] = []
    failed: list[tuple[str, str]] = []
    more = False
    for row in rows:
        if row.path in stuck:
            continue
        if not need.asks_for(row):
            break
        if len(removed) + len(failed) == BATCH:
            more = True
            break
        try:
            was_there = remove(office, row.path)
        except (OSError, DataError) as error:
            failed.append((row.path, str(error)))
            need.index_bytes -= row.size_bytes
            continue
        removed.append(row)
        need.index_bytes -= row.size_bytes
        need.disk_bytes -= row.size_bytes if was_there else 0
    acted = bool(removed or failed)
    return Rolled(tuple(removed), tuple(failed), because if acted else "", more, disk.free < low, disk.free)


def _over(counted_bytes: int, cap_bytes: int, *, going: bool) -> int:
    """Return how many bytes of the index are too many."""
    kept_bytes = int(cap_bytes * ROLLED_TO)
    return counted_bytes - kept_bytes if counted_bytes > (kept_bytes if going else cap_bytes) else 0


def _before(stock: Stock, keep: timedelta | None, now: datetime, *, going: bool) -> datetime | None:
    """Return the time before which files are too old."""
    if keep is None or stock.oldest_at is None or stock.newest_at is None:
        return None
    before = min(now, stock.newest_at) - keep
    return before + min(AGED_TO, keep / 2) if going or stock.oldest_at < before else before

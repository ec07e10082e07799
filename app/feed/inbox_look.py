"""One look into the inbox: which files lie there, of what kind, and which of them are whole."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from app.worker.worker import put_away

RECALLED_FILES = 40

Seen = tuple[int, int, int]
"""What tells a file from the one that takes its place: size, time of change, place on the disk."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look into the inbox: files seen, what has been still since the look before, and what is no file."""

    sizes: dict[Path, Seen]
    still: tuple[tuple[Path, str], ...]
    odd: tuple[Path, ...] = ()


def look_into(folder: Path, before: dict[Path, Seen]) -> Look:
    """Return all files and the kinds of those that have not changed.

    Folders, pipes and devices are only named: opening one could hang the watch.
    """
    sizes: dict[Path, Seen] = {}
    still: list[tuple[Path, str]] = []
    odd: list[Path] = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.suffix in {".tmp", ".part"}:
            continue
        try:
            found = path.stat()
        except OSError:
            continue  # gone since the folder was listed, or a link to nowhere
        if not stat.S_ISREG(found.st_mode):
            odd.append(path)
            continue
        sizes[path] = seen(found)
        if before.get(path) == sizes[path]:
            still.append((path, kind_of(path)))
    return Look(sizes, tuple(still), tuple(odd))


def seen(found: os.stat_result) -> Seen:
    """Return what is remembered of a file between two looks."""
    return found.st_size, found.st_mtime_ns, found.st_ino


def put_away_unchanged(path: Path, folder: Path, as_seen: Seen | None) -> Path | None:
    """Move a file that was read; None if another has taken its place meanwhile, which is to be read first."""
    if as_seen is not None and seen(path.stat()) != as_seen:
        return None
    return put_away(path, folder)


def newest_archived(archive: Path, now: datetime, span: timedelta) -> tuple[Path, ...]:
    """Return the radar files that were put away lately, the oldest first, so that a restart has its loop again."""
    days = {f"{at:%Y%m%d}" for at in (now - span, now)}
    found = [p for day in sorted(days) for p in (archive / day).glob("*") if p.is_file() and kind_of(p) == "radar"]
    return tuple(sorted(found, key=lambda p: p.stat().st_mtime)[-RECALLED_FILES:])


def kind_of(path: Path) -> str:
    """Return ``receipt``, ``rain_sum``, ``gauges`` or ``radar`` by the first bytes; ``locked`` if it cannot be read."""
    try:
        with path.open("rb") as file:
            head = file.read(512)
    except OSError:
        return "locked"
    text = head.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if text.startswith(b"{"):
        return "receipt"
    if head[:4] in {b"II*\x00", b"MM\x00*"}:
        return "rain_sum"
    if text.startswith((b"station,", "站号,".encode(), "站号,".encode("gb18030"))):
        return "gauges"
    return "radar"

"""Contents that were given up after two tries: known again by their hash, whatever the file is called.

The list, called the shelf, has one JSON object a line and lies in the office's folder. Taking a line out is how
a content gets another chance; what cannot be read as such a line is left alone.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from app.feed.inbox_look import Seen, seen
from models.errors import ConsoleError, DataError

T = TypeVar("T")

MOST_LINES = 1000
REASONS = frozenset({"too_long", "too_much_memory", "worker_died"})


@dataclass(frozen=True, slots=True)
class SetAside:
    """A content that was given up: its hash and length, under which name it first came, why, and when."""

    sha256: str
    bytes: int
    name: str
    reason: str
    at: str

    def refusal(self, file: str, shelf: Path) -> DataError:
        """Return the error for a file of this content: ``feed.set_aside.<reason>``."""
        return DataError(f"feed.set_aside.{self.reason}", file=file, first=self.name, at=self.at, list=shelf.name)


def unless_set_aside(shelf: Path, path: Path, work: Callable[[], T]) -> T:
    """Return what ``work`` makes of a file, unless its content was set aside; runs in a worker.

    Only a file as long as one that was set aside is hashed.

    Raises
    ------
    DataError
        ``feed.set_aside.*``, and whatever ``work`` raises.
    """
    found = known(shelf, path)
    if found is not None:
        raise found.refusal(path.name, shelf)
    return work()


def known(shelf: Path, path: Path) -> SetAside | None:
    """Return what is remembered of a file's content, None if it was never set aside or cannot be looked at."""
    try:
        listed = [item for item in read(shelf) if item.bytes == path.stat().st_size]
        sha256 = _hash(path) if listed else ""
    except OSError:
        return None
    return next((item for item in listed if item.sha256 == sha256), None)


def set_aside(
    shelf: Path, path: Path, error: ConsoleError, at: datetime, *, as_seen: Seen | None = None
) -> ConsoleError:
    """Remember a file's content and return what its refusal says; ``error`` itself where another file stands there now.

    Parameters
    ----------
    shelf : Path
        The list; made if it is not there.
    path : Path
        The file.
    error : ConsoleError
        How its second try ended, ``jobs.*``.
    at : datetime
        When.
    as_seen : Seen or None
        What the file looked like when it was tried.

    Raises
    ------
    OSError
        If the file cannot be read or the list not be written.
    """
    reason = error.code.rpartition(".")[2]
    moment = f"{at:%Y-%m-%d %H:%M} UTC"
    item = SetAside(_hash(path), path.stat().st_size, path.name, reason, moment)
    if as_seen is not None and seen(path.stat()) != as_seen:
        return error
    lines = [line for line in _lines(shelf) if item.sha256 not in line]
    _write(shelf, [*lines[1 - MOST_LINES :], json.dumps(asdict(item))])
    return item.refusal(path.name, shelf)


def read(shelf: Path) -> tuple[SetAside, ...]:
    """Return what was set aside, the oldest first."""
    return tuple(item for line in _lines(shelf) if (item := _item(line)) is not None)


def _item(line: str) -> SetAside | None:
    try:
        item = SetAside(**json.loads(line))
    except (ValueError, TypeError):
        return None
    return item if item.reason in REASONS else None


def _lines(shelf: Path) -> list[str]:
    try:
        text = shelf.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return []
    return [line for line in text.splitlines() if line.strip()]


def _write(shelf: Path, lines: list[str]) -> None:
    """Write the list whole or not at all."""
    draft = shelf.with_name(f"{shelf.name}.new")
    try:
        with draft.open("w", encoding="utf-8") as file:
            file.write("".join(f"{line}\n" for line in lines))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(shelf)
    except OSError:
        draft.unlink(missing_ok=True)
        raise


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

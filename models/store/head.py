"""The head of the journal's chain, in a small file beside the store.

Whoever cuts the tail of the journal in the store leaves the head longer than
the journal. The file names the last line and, in ``since``, the line at which
it was begun: 0 for the file that came with the store.
"""

from __future__ import annotations

import json
import os
import threading
from dataclasses import asdict, dataclass
from pathlib import Path

from models.errors import StoreError
from models.store.laws import GENESIS

FILE_NAME = "journal.head"


@dataclass(frozen=True, slots=True)
class Head:
    """The last line that was written: its number and its SHA-256."""

    number: int = 0
    sha: str = GENESIS
    since: int = 0


def write(path: Path, head: Head) -> None:
    """Write a head file whole or not at all: a file beside it, fsync, rename, fsync of the folder."""
    draft = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}.new")
    try:
        with draft.open("w", encoding="ascii") as file:
            file.write(json.dumps(asdict(head)) + "\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def read(path: Path) -> Head | None:
    """Return the head in a file, or None where there is none.

    Raises
    ------
    StoreError
        If the file is there but no head can be read from it (``journal.head_unreadable``).
    """
    try:
        raw = json.loads(path.read_text(encoding="ascii"))
        head = Head(int(raw["number"]), str(raw["sha"]), int(raw.get("since", 0)))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreError("journal.head_unreadable", path=path, cause=str(error)) from error
    if head.number < 0 or len(head.sha) != len(GENESIS):
        raise StoreError("journal.head_unreadable", path=path, cause="number or sha out of range")
    return head


def keep_aside(path: Path, name: str) -> Path:
    """Rename a head that the store contradicts to ``journal.head.<name>``, so that what it says stays."""
    kept = path.with_name(f"{FILE_NAME}.{name}")
    path.replace(kept)
    sync_folder(path.parent)
    return kept


def kept_aside(path: Path) -> tuple[Path, ...]:
    """Return the head files that were set aside beside ``path``, by name."""
    drafts = {".new"}
    return tuple(sorted(p for p in path.parent.glob(f"{FILE_NAME}.*") if p.suffix not in drafts))


def sync_folder(folder: Path) -> None:
    """Make a rename last: fsync of the folder, where the system has such a thing."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

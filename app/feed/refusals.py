"""Refused contents in the journal: each once, however often its bytes come and whatever the file is called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

from app.clock import Clock
from app.feed.archive_files import content_of
from app.feed.feed_items import printable
from app.jobs import Jobs
from models.act import JournalEntry
from models.errors import ConsoleError
from models.store import journal
from models.store.database import Database, Store

ACT = "feed.refused"
Key = tuple[str, str]
"""SHA-256 of a content, and the code of the error."""


class Refusals:
    """Writes down why files were refused, and counts how often the same content came."""

    def __init__(self, jobs: Jobs, store: Store, clock: Clock, on_failed: Callable[[Exception], None]) -> None:
        self._jobs, self._store, self._clock, self._on_failed = jobs, store, clock, on_failed
        self._counts: Counter[Key] = Counter()
        self._written: set[Key] | None = None  # of the writer's thread alone

    def note_content(self, path: Path, error: Exception, then: Callable[[int], None]) -> None:
        """Write down a file that lies in the inbox, once for its content; ``then`` hears how often that has come."""

        def done(content: tuple[int, str]) -> None:
            key = content[1], code_of(error)
            self._counts[key] += 1
            self._append(path, error, key)
            then(self._counts[key])

        def unread(_: Exception) -> None:
            self.note(path, error)
            then(1)

        self._jobs.start(f"content:{path.name}", partial(content_of, path), on_done=done, on_error=unread)

    def note(self, path: Path, error: Exception) -> None:
        """Write down what has no content, such as a folder, each time."""
        self._append(path, error, None)

    def _append(self, path: Path, error: Exception, key: Key | None) -> None:
        after: dict[str, object] = {"reason": printable(str(error))}
        if key is not None:
            after |= {"sha256": key[0], "code": key[1]}
        entry = JournalEntry("system", ACT, f"feed:{printable(path.name)}", self._clock.now(), after=after)
        self._jobs.follow(
            self._store.write(partial(self._write, entry, key)), on_done=lambda _: None, on_error=self._on_failed
        )

    def _write(self, entry: JournalEntry, key: Key | None, db: Database) -> None:
        if self._written is None:
            self._written = {
                (str(after["sha256"]), str(after.get("code", "")))
                for after in journal.after_of(db, ACT)
                if "sha256" in after
            }
        if key is None or key not in self._written:
            journal.append(db, entry)
            self._written |= set() if key is None else {key}


def code_of(error: Exception) -> str:
    """Return what tells one reason from another."""
    return error.code if isinstance(error, ConsoleError) else type(error).__name__

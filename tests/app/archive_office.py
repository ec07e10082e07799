"""An office's archive for tests: a store, files on the disk, and their rows."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.feed.archive_files import PutAway, examine
from models.store import archive, journal
from models.store.archive import ArchivedFile, ArchiveKind
from models.store.database import Store

AT = datetime(2026, 6, 17, 19, 0, tzinfo=UTC)
GB = 1_000_000_000


@dataclass(frozen=True)
class Disk:
    """What a disk says of itself."""

    total: int = 500 * GB
    free: int = 100 * GB

    def __call__(self, _: Path) -> Disk:
        return self


@dataclass(frozen=True)
class ArchiveOffice:
    """An office's folder and its open store."""

    folder: Path
    store: Store

    def lay(self, name: str, size_bytes: int = 100, *, day: str = "20260617", minute: float | None = None) -> Path:
        """Put a file into a folder of the archive; ``minute`` is when it was last changed."""
        path = self.folder / "archive" / day / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(os.urandom(size_bytes))
        if minute is not None:
            changed_s = (AT + timedelta(minutes=minute)).timestamp()
            os.utime(path, (changed_s, changed_s))
        return path

    def keep(self, name: str, minute: float, size_bytes: int = 100, *, kind: ArchiveKind = ArchiveKind.RADAR) -> Path:
        """Put a file away in the folder of its day and index it."""
        at = AT + timedelta(minutes=minute)
        path = self.lay(name, size_bytes, day=f"{at:%Y%m%d}")
        self.index(PutAway(path, kind, at, at, radar="Z9001"))
        return path

    def keep_many(self, count: int, size_bytes: int) -> list[Path]:
        """Put files away, one for each minute, in one transaction."""
        paths = []
        for n in range(count):
            at = AT + timedelta(minutes=n)
            path = self.lay(f"{n:05d}.bin", size_bytes, day=f"{at:%Y%m%d}")
            paths.append(PutAway(path, ArchiveKind.RADAR, at, at))
        self.index(*paths)
        return [file.path for file in paths]

    def index(self, *files: PutAway) -> None:
        """Index files as the desk does."""
        rows, errors = examine(self.folder, files)
        assert errors == ()
        self.store.write_now(lambda db: archive.keep(db, rows))

    @property
    def rows(self) -> tuple[ArchivedFile, ...]:
        """The whole index, the oldest first."""
        return self.store.read(lambda db: archive.oldest(db, 100_000))

    @property
    def names(self) -> list[str]:
        """Names of the indexed files, the oldest first."""
        return names(self.rows)

    @property
    def on_disk(self) -> set[str]:
        """Every file that lies in the archive, relative to it."""
        root = self.folder / "archive"
        return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}

    def lines(self, act: str) -> list[dict[str, object]]:
        """What the journal says of one act, oldest first."""
        return [
            line.entry.after
            for line in self.store.read(lambda db: journal.of_subject(db, "archive"))
            if line.entry.act == act
        ]


def names(rows: Iterable[ArchivedFile]) -> list[str]:
    """Return the bare names of indexed files."""
    return [file.path.rpartition("/")[2] for file in rows]

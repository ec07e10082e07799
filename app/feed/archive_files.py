"""The archive's files: where they lie, how they are indexed, removed and found again; for jobs."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath

from app.feed.inbox_look import RECALLED_FILES, kind_of
from models.errors import DataError
from models.identity import new_id
from models.store import archive
from models.store.archive import ArchivedFile, ArchiveKind
from models.store.database import Database, Store

ROOT, FRAMES, REFUSED = "archive", "archive/frames", "archive/refused"

FOLDER = re.compile(r"archive/(?:(?:frames/)?(\d{8})|refused)")
"""The folders whose files the archive counts as its own; heights and whatever else lies in ``archive/`` are not."""

_FRAME_NAME = re.compile(r".*-(\d{8}T\d{6})Z\.tif")
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class PutAway:
    """A file that was put away and is to be indexed, as its taker knows it."""

    path: Path
    kind: ArchiveKind
    data_at: datetime
    archived_at: datetime
    radar: str = ""
    format: str = ""
    layout: str = ""
    complete: bool | None = None


@dataclass(frozen=True, slots=True)
class OnDisk:
    """One file as a folder lists it."""

    path: str
    at: datetime
    size_bytes: int


def relative(office: Path, path: Path) -> str:
    """Return a path as the index names it: relative to the office, with slashes."""
    return path.relative_to(office).as_posix()


def frame_path(office: Path, word: str, at: datetime) -> Path:
    """Return where a frame of a product (``cr``) and a moment lies."""
    return office / FRAMES / f"{at:%Y%m%d}" / f"{word.replace(':', '-')}-{at:%Y%m%dT%H%M%S}Z.tif"


def examine(office: Path, files: tuple[PutAway, ...]) -> tuple[tuple[ArchivedFile, ...], tuple[DataError, ...]]:
    """Return the rows of files that were put away, and an error for each that cannot be read."""
    rows, errors = [], []
    for file in files:
        try:
            size_bytes, sha256 = content_of(file.path)
        except OSError as error:
            errors.append(DataError("archive.not_indexed", file=file.path.name, cause=str(error)))
            continue
        rows.append(row_of(file, relative(office, file.path), size_bytes, sha256))
    return tuple(rows), tuple(errors)


def remove(office: Path, path: str) -> bool:
    """Remove one file of the archive; False if it is gone already.

    Raises
    ------
    DataError
        ``archive.outside`` if the path leads anywhere else than into a folder of the archive.
    OSError
        If it is no file, or may not be removed.
    """
    where = PurePosixPath(path)
    target = office.joinpath(*where.parts)
    if (
        ".." in where.parts
        or not FOLDER.fullmatch(where.parent.as_posix())
        or not target.parent.resolve().is_relative_to((office / ROOT).resolve())
    ):
        raise DataError("archive.outside", file=path)
    try:
        mode = target.lstat().st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISLNK(mode)):
            raise OSError(f"no file but a folder, a pipe or a device: {target.name}")
        target.unlink()
    except FileNotFoundError:
        return False
    return True


def newest_volumes(
    store: Store, office: Path, now: datetime, span: timedelta, *, limit: int = RECALLED_FILES
) -> tuple[Path, ...]:
    """Return the newest radar files of the last ``span``, the oldest first, so that a restart has its loop again.

    The index knows them by the time of their data; files that lie in the folders of
    these days without a row (put away right before a kill) count by their own time.
    """
    since = now - span
    days = sorted({f"{ROOT}/{at:%Y%m%d}" for at in (since, now)})

    def work(db: Database) -> tuple[tuple[ArchivedFile, ...], set[str]]:
        return archive.radar_files(db, since, limit), {path for day in days for path in archive.in_folder(db, day)}

    rows, known = store.read(work)
    times = {row.path: row.data_at for row in rows if (office / row.path).is_file()}
    for day in days:
        for file in files_in(office, day):
            if file.path not in known and kind_of(office / file.path) == "radar":
                times[file.path] = file.at
    newest = sorted(times, key=lambda path: (times[path], path))[-limit:]
    return tuple(office / path for path in newest)


def row_of(file: PutAway, path: str, size_bytes: int, sha256: str) -> ArchivedFile:
    """Return the row of a file under a new id; ``path`` is relative to the office."""
    return ArchivedFile(
        *(new_id(), file.kind, file.radar, file.data_at, path, size_bytes, sha256, file.format, file.layout),
        complete=file.complete,
        archived_at=file.archived_at,
    )


def content_of(path: Path) -> tuple[int, str]:
    """Return length and SHA-256 of a file; of a link its own length, as that is what it takes here."""
    sha256 = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            sha256.update(block)
    return path.lstat().st_size, sha256.hexdigest()


def listed(folder: Path) -> tuple[os.DirEntry[str], ...]:
    """Return what lies in a folder, nothing where there is none."""
    try:
        with os.scandir(folder) as entries:
            return tuple(entries)
    except (FileNotFoundError, NotADirectoryError):
        return ()


def files_in(office: Path, folder: str) -> Iterator[OnDisk]:
    """Yield the files and links right in a folder; what is hidden is not whole yet."""
    for entry in listed(office / folder):
        if entry.name.startswith("."):
            continue
        try:
            found = entry.stat(follow_symlinks=False)
        except OSError:
            continue  # gone since the folder was listed
        if stat.S_ISREG(found.st_mode) or stat.S_ISLNK(found.st_mode):
            yield OnDisk(f"{folder}/{entry.name}", _time_of(folder, entry.name, found.st_mtime), found.st_size)


def _time_of(folder: str, name: str, changed_s: float) -> datetime:
    """Return the time of a file that nobody has read: by a frame's name, else its own, kept within its folder's day."""
    frame = _FRAME_NAME.fullmatch(name)
    if frame and folder.startswith(FRAMES):
        with contextlib.suppress(ValueError):
            return datetime.strptime(frame[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    at = datetime.fromtimestamp(changed_s, UTC)
    matched = FOLDER.fullmatch(folder)
    if matched and matched[1]:
        with contextlib.suppress(ValueError):
            day = datetime.strptime(matched[1], "%Y%m%d").replace(tzinfo=UTC)
            return min(max(at, day), day + timedelta(days=1, microseconds=-1))
    return at

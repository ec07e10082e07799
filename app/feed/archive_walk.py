"""The walk through the archive at the start: where its index and the disk do not agree; for jobs."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from app.feed.archive_files import FOLDER, FRAMES, REFUSED, ROOT, PutAway, content_of, files_in, listed, row_of
from app.feed.inbox_look import kind_of
from models.store import archive
from models.store.archive import ArchivedFile, ArchiveKind
from models.store.database import Store

MOST_FOUND = 200
MOST_FOUND_BYTES = 64_000_000
"""Of one job: there are two threads for everything."""
MOST_LISTED = 5_000
PART_LEFT_AFTER = timedelta(hours=1)
EMPTY_LEFT_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Mended:
    """What one part of the walk found, and the folders that are left to walk."""

    left: tuple[str, ...]
    found: tuple[ArchivedFile, ...] = ()
    changed: tuple[ArchivedFile, ...] = ()
    gone: tuple[str, ...] = ()
    unreadable: tuple[tuple[str, str], ...] = ()


def folders_to_walk(store: Store, office: Path) -> tuple[str, ...]:
    """Return the folders of the archive that lie on the disk or stand in the index."""
    on_disk = {
        folder
        for root in (ROOT, FRAMES)
        for entry in listed(office / root)
        if FOLDER.fullmatch(folder := f"{root}/{entry.name}") and entry.is_dir(follow_symlinks=False)
    }
    indexed = {folder for folder in store.read(archive.folders) if FOLDER.fullmatch(folder)}
    return tuple(sorted(on_disk | indexed))


def walk(store: Store, office: Path, folders: tuple[str, ...], now: datetime) -> Mended:
    """Compare some folders with the index: as many as a job may take, at least a part of the first.

    A folder with more unknown files than one job may hash stays among those left.
    Half-written frames and empty folders of days past are cleared away.
    """
    found: list[ArchivedFile] = []
    changed: list[ArchivedFile] = []
    gone: list[str] = []
    unreadable: list[tuple[str, str]] = []
    seen = hashed_bytes = 0

    def answer(left: tuple[str, ...]) -> Mended:
        return Mended(left, tuple(found), tuple(changed), tuple(gone), tuple(unreadable))

    for number, folder in enumerate(folders):
        if seen >= MOST_LISTED:
            return answer(folders[number:])
        # The index before the disk: what is put away meanwhile has no row yet, and none is called gone.
        rows = store.read(partial(archive.in_folder, folder=folder))
        try:
            on_disk = tuple(files_in(office, folder))
            _tidy(office, folder)
        except OSError as error:
            unreadable.append((folder, str(error)))
            continue
        seen += len(on_disk) + len(rows)
        gone += sorted(rows.keys() - {file.path for file in on_disk})
        for file in on_disk:
            row = rows.get(file.path)
            if row is not None and row.size_bytes == file.size_bytes:
                continue
            try:
                size_bytes, sha256 = content_of(office / file.path)
                if row is not None:
                    changed.append(replace(row, size_bytes=size_bytes, sha256=sha256))
                else:
                    kind = _kind(office, file.path)
                    found.append(row_of(PutAway(office / file.path, kind, file.at, now), file.path, size_bytes, sha256))
            except OSError as error:
                unreadable.append((file.path, str(error)))
                continue
            hashed_bytes += size_bytes
            if len(found) + len(changed) >= MOST_FOUND or hashed_bytes >= MOST_FOUND_BYTES:
                return answer(folders[number:])
    return answer(())


def _kind(office: Path, path: str) -> ArchiveKind:
    """Return what a file is that nobody has indexed: by its folder, then by its first bytes."""
    if path.startswith(f"{FRAMES}/"):
        return ArchiveKind.FRAME
    if path.startswith(f"{REFUSED}/"):
        return ArchiveKind.REFUSED
    word = kind_of(office / path)
    if word == "locked":
        raise OSError(f"{path} cannot be read")
    return ArchiveKind(word)


def _tidy(office: Path, folder: str) -> None:
    """Clear away what a kill left half-written in a folder of frames, and a day's folder that has long been empty."""
    now_s = time.time()
    entries = listed(office / folder)
    if folder.startswith(f"{FRAMES}/"):
        for entry in entries:
            is_part = entry.name.startswith(".") and entry.name.endswith(".part")
            if is_part and now_s - entry.stat(follow_symlinks=False).st_mtime > PART_LEFT_AFTER.total_seconds():
                Path(entry.path).unlink(missing_ok=True)
    if not entries and folder != REFUSED:
        with contextlib.suppress(OSError):
            if now_s - (office / folder).stat().st_mtime > EMPTY_LEFT_AFTER.total_seconds():
                (office / folder).rmdir()

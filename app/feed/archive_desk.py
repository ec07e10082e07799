"""The archive: what was put away is indexed, frames are kept, and the oldest files go before the disk is full."""

from __future__ import annotations

import logging
import shutil
from collections import deque
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from app.clock import Clock
from app.feed.archive_files import FRAMES, PutAway, examine, frame_path
from app.feed.archive_roll import DiskUsage, Limits, Rolled, roll
from app.feed.archive_walk import Mended, folders_to_walk, walk
from app.jobs import Jobs
from models.errors import DataError
from models.radar.frame_file import Frame, frame_bytes, qgis_style, write_frame
from models.radar.mosaic import Mosaic
from models.store import archive
from models.store.archive import ArchivedFile, ArchiveKind, Stock
from models.store.database import Database, Store

_log = logging.getLogger(__name__)
OnError = Callable[[Exception], None]
LOOK_MS = 30_000
MOST_AT_ONCE = 50
MOST_STUCK = 1000
"""With more files than this that cannot be removed, rolling waits for the next start."""

FRAME_FORMAT, FRAME_LAYOUT = "GeoTIFF", "cog"
STYLE_NAME = "reflectivity.qml"


class ArchiveDesk(QObject):
    """Leads the archive.

    A file is on the disk before its row is in the index, and goes before its row
    does; what a kill leaves between the two is mended at the next `open`.

    Signals
    -------
    failed(Exception)   what somebody should know: the disk is nearly full, files cannot be removed or indexed
    """

    failed = Signal(object)

    def __init__(
        self,
        jobs: Jobs,
        store: Store,
        *,
        office: Path,
        clock: Clock,
        limits: Limits,
        rgba: NDArray[np.uint8] | None = None,
        usage: DiskUsage = shutil.disk_usage,
    ) -> None:
        """Expect the office's folder; ``rgba`` (256, 4) are the colors of reflectivity, None if no frames are kept."""
        super().__init__()
        self._jobs, self._store, self._clock = jobs, store, clock
        self._office, self._limits, self._rgba, self._usage = office, limits, rgba, usage
        self._put_away: deque[PutAway] = deque()
        self._indexing = self._rolling = self._open = False
        self._walking: tuple[str, ...] | None = None
        self._found: list[str] = []
        self._changed: list[str] = []
        self._gone: list[str] = []
        self._stuck: frozenset[str] = frozenset()
        self._halted = False
        self._told: set[str] = set()
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)

    @property
    def settled(self) -> bool:
        """Whether everything that was put away is indexed, and nothing is at work."""
        return not (self._indexing or self._rolling or self._put_away or self._walking is not None)

    def open(self) -> None:
        """Let index and disk agree, then keep the limits from now on."""
        self._open = True
        self._walking = ()
        self._jobs.start(
            "archive:folders",
            partial(folders_to_walk, self._store, self._office),
            on_done=self._walk,
            on_error=self._on_no_walk,
        )

    def close(self) -> None:
        """Stop looking."""
        self._open = False
        self._timer.stop()

    def take(self, *files: PutAway) -> None:
        """Index files that were put away."""
        self._put_away.extend(files)
        self._index()

    def take_frame(self, mosaic: Mosaic) -> None:
        """Keep a frame as a file; the same moment again takes its place."""
        if self._rgba is None or mosaic.quantity.unit != "dBZ":
            return
        frame = Frame.of(mosaic)
        self._jobs.start(
            f"archive:frame:{frame.quantity.word}:{frame.at.isoformat()}",
            partial(frame_bytes, frame, self._rgba),
            on_done=partial(self._write_frame, frame, qgis_style(frame.quantity, self._rgba)),
            on_error=partial(self._on_failed, "frame"),
            where="process",
        )

    def look(self) -> None:
        """See whether something has to go, unless that is under way."""
        if not (self._rolling or self._halted or self._walking is not None):
            self._roll(going=False)

    def _write_frame(self, frame: Frame, style: str, data: bytes) -> None:
        path = frame_path(self._office, frame.quantity.word, frame.at)
        file = PutAway(
            *(path, ArchiveKind.FRAME, frame.at, self._clock.now()),
            format=FRAME_FORMAT,
            layout=FRAME_LAYOUT,
            complete=not frame.absent,
        )
        self._jobs.start(
            f"archive:write:{path.name}",
            partial(_write_frame_files, self._office, path, data, style),
            on_done=partial(self._on_written, file),
            on_error=partial(self._on_failed, "frame"),
        )

    def _on_written(self, file: PutAway, _: object) -> None:
        self._told.discard("frame")
        self.take(file)

    def _index(self) -> None:
        if self._indexing or not self._put_away:
            return
        self._indexing = True
        files = tuple(self._put_away.popleft() for _ in range(min(len(self._put_away), MOST_AT_ONCE)))
        self._jobs.start(
            "archive:index", partial(examine, self._office, files), on_done=self._keep, on_error=self._on_not_indexed
        )

    def _keep(self, answer: tuple[tuple[ArchivedFile, ...], tuple[DataError, ...]]) -> None:
        rows, errors = answer
        self._told.discard("index")
        for error in errors:
            self._on_failed("index", error)
        self._write(partial(archive.keep, files=rows), self._on_indexed, self._on_not_indexed)

    def _on_indexed(self, _: object) -> None:
        self._indexing = False
        self._index()

    def _on_not_indexed(self, error: Exception) -> None:
        """Go on; what has no row now gets one at the next start."""
        self._indexing = False
        self._on_failed("index", error)
        self._index()

    def _walk(self, folders: tuple[str, ...]) -> None:
        self._walking = folders
        if not folders:
            self._on_walked()
        else:
            work = partial(walk, self._store, self._office, folders, self._clock.now())
            self._jobs.start("archive:walk", work, on_done=self._mend, on_error=self._on_no_walk)

    def _mend(self, mended: Mended) -> None:
        self._found += [file.path for file in mended.found]
        self._changed += [file.path for file in mended.changed]
        self._gone += mended.gone
        for path, cause in mended.unreadable:
            self._on_failed("walk", DataError("archive.not_indexed", file=path, cause=cause))
        if mended.found or mended.changed or mended.gone:
            work = partial(archive.mend, found=mended.found, changed=mended.changed, gone=mended.gone)
            self._write(work, lambda _: self._walk(mended.left), self._on_no_walk)
        else:
            self._walk(mended.left)

    def _on_walked(self) -> None:
        found, changed, gone = tuple(self._found), tuple(self._changed), tuple(self._gone)
        self._found, self._changed, self._gone = [], [], []
        if found or changed or gone:
            work = partial(archive.note_mended, found=found, changed=changed, gone=gone, at=self._clock.now())
            self._write(work, self._on_noted, self._on_not_noted)
        else:
            self._on_noted(None)

    def _on_noted(self, _: object) -> None:
        self._walking = None
        if self._open:
            self._timer.start()
            self.look()

    def _on_not_noted(self, error: Exception) -> None:
        self._on_failed("walk", error)
        self._on_noted(None)

    def _on_no_walk(self, error: Exception) -> None:
        self._on_failed("walk", error)
        self._on_walked()

    def _roll(self, *, going: bool) -> None:
        self._rolling = True
        work = partial(
            roll,
            *(self._store, self._office, self._limits),
            now=self._clock.now(),
            going=going,
            stuck=self._stuck,
            usage=self._usage,
        )
        self._jobs.start("archive:roll", work, on_done=self._on_rolled, on_error=self._on_not_rolled)

    def _on_rolled(self, rolled: Rolled) -> None:
        if rolled.disk_low:
            free_mb = rolled.free_bytes // 1_000_000
            self._on_failed("disk", DataError("archive.disk_low", folder=self._office, free_mb=free_mb))
        else:
            self._told.discard("disk")
        if rolled.stuck:
            path, cause = rolled.stuck[0]
            self._told.discard("stuck")  # none of these was told before
            self._on_failed("stuck", DataError("archive.stuck", count=len(rolled.stuck), file=path, cause=cause))
            self._stuck |= {path for path, _ in rolled.stuck}
            self._halted = len(self._stuck) > MOST_STUCK
        if not rolled.removed:
            self._rolling = False
            return
        work = partial(archive.roll_off, files=rolled.removed, because=rolled.because, at=self._clock.now())
        self._write(work, partial(self._on_rolled_off, more=rolled.more), self._on_not_rolled)

    def _on_rolled_off(self, left: Stock, *, more: bool) -> None:
        _log.info("archive rolled: %d files and %d bytes are kept", left.files, left.size_bytes)
        if more and not self._halted and self._open:
            self._roll(going=True)
        else:
            self._rolling = False

    def _on_not_rolled(self, error: Exception) -> None:
        self._rolling = False
        self._on_failed("roll", error)

    def _write(self, work: Callable[[Database], Any], on_done: Callable[[Any], None], on_error: OnError) -> None:
        self._jobs.follow(self._store.write(work), on_done=on_done, on_error=on_error)

    def _on_failed(self, topic: str, error: Exception) -> None:
        """Tell a failure once, until the like goes well again."""
        _log.warning("archive: %s", error)
        if topic not in self._told:
            self._told.add(topic)
            self.failed.emit(error)


def _write_frame_files(office: Path, path: Path, data: bytes, style: str) -> None:
    """Write a frame, and the style for all of them where it is not there yet."""
    write_frame(data, path)
    style_path = office / FRAMES / STYLE_NAME
    if not style_path.is_file() or style_path.read_text(encoding="utf-8") != style:
        write_frame(style.encode(), style_path)

"""Saved views and the layers' arrangement: what is kept, what is shown, and the file it goes into."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from app.jobs import Jobs
from app.map.map_views import (
    MapSession,
    SavedView,
    SavedViews,
    named,
    read_session,
    read_views,
    write_session,
    write_views,
)
from layers.arrangement import Arrangement, LayerSetting
from models.errors import ConsoleError

T = TypeVar("T")
KEEP_AFTER_MS = 1000
ALWAYS_SHOWN = frozenset({"mosaic", "unseen", "points", "warnings", "draft"})
"""What warns is shown at every start, whatever was hidden before."""
_PASSING = frozenset({"ppi"})


class MapViewDesk(QObject):
    """Leads the saved views of one office and remembers how its layers were arranged.

    Signals
    -------
    views_changed(SavedViews)    other views are kept
    session_read(MapSession)     how the map was left
    failed(Exception)            a file was damaged, or could not be written
    """

    views_changed = Signal(object)
    session_read = Signal(object)
    failed = Signal(object)

    def __init__(self, jobs: Jobs, folder: Path, *, keeps: bool = True) -> None:
        """``keeps`` False looks only: nothing is written."""
        super().__init__()
        self._jobs, self._folder, self._keeps = jobs, folder, keeps
        self._views = SavedViews()
        self._session = MapSession()
        self._read = False
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(KEEP_AFTER_MS)
        self._later.timeout.connect(self._write_session)

    @property
    def views(self) -> SavedViews:
        """The saved views."""
        return self._views

    def open(self) -> None:
        """Read both files."""
        self._start("views", partial(read_views, self._folder), self._on_views)
        self._start("layers kept", partial(read_session, self._folder), self._on_session)

    def keep(self, view: SavedView) -> None:
        """Keep a view under its number."""
        self._put(self._views.put(replace(view, name=named(view.name, view.number, self._views))))

    def remove(self, number: int) -> None:
        """Take a view away."""
        self._put(self._views.without(number))

    def note_layers(self, layers: Arrangement) -> None:
        """Remember how the layers are arranged; written a moment after the last change."""
        at_a_start = _as_at_a_start(layers, self._session.layers)
        if self._read and at_a_start != self._session.layers:
            self._session = replace(self._session, layers=at_a_start)
            self._later.start()

    def note_folded(self, folded: frozenset[str]) -> None:
        """Remember which groups of the panel are folded."""
        if folded != self._session.folded:
            self._session = replace(self._session, folded=folded)
            self._later.start()

    def note_placed(self, placed: Mapping[str, str]) -> None:
        """Remember which layers the operator took into other groups."""
        if placed != self._session.placed:
            self._session = replace(self._session, placed=dict(placed))
            self._later.start()

    def _put(self, views: SavedViews) -> None:
        self._views = views
        self.views_changed.emit(views)
        if self._keeps:
            self._start("views written", partial(write_views, self._folder, views), lambda _: None)

    def _write_session(self) -> None:
        if self._keeps:
            self._start("layers written", partial(write_session, self._folder, self._session), lambda _: None)

    def _start(self, name: str, work: Callable[[], T], done: Callable[[T], None]) -> None:
        self._jobs.start(name, work, on_done=done, on_error=self._on_failed)

    def _on_views(self, views: SavedViews) -> None:
        self._views = views
        self.views_changed.emit(views)

    def _on_session(self, session: MapSession) -> None:
        self._session, self._read = session, True
        self.session_read.emit(session)

    def _on_failed(self, error: Exception) -> None:
        if isinstance(error, ConsoleError) and error.code == "views.damaged":
            self._read = True
        self.failed.emit(error)


def _as_at_a_start(layers: Arrangement, before: Arrangement) -> Arrangement:
    """Return the arrangement to begin with: what warns is shown, what was laid on for a moment is left out.

    What was kept of layers that are not there now, such as those of a file on a stick, is kept on.
    """
    settings = [
        LayerSetting(one.name, one.visible or one.name in ALWAYS_SHOWN, one.opacity, one.least_m, one.most_m)
        for one in layers.settings
        if one.name not in _PASSING
    ]
    there = {one.name for one in settings}
    return Arrangement((*settings, *(one for one in before.settings if one.name not in there)))

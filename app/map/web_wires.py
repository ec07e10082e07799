"""The web map's window: opened when it is asked for, follows the map, and can be saved as one page."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QFileDialog

from app.desks import Desks
from app.notices import Notices
from app.rooms import Rooms
from layers.drawing import Drawings
from models.errors import DataError
from widgets import language, words
from widgets import theme as look
from widgets.map.ink import ink_of
from widgets.map.web_map import WebMap, leaflet_folder
from widgets.map.web_page import page_of
from widgets.map.web_painter import Scene, scene_of

FOLLOW_MS = 500


class WebMapTool(QObject):
    """Opens on ``Ctrl+M`` and from the search; where it cannot start, a notice says why."""

    def __init__(self, desks: Desks, rooms: Rooms, notices: Notices) -> None:
        super().__init__()
        self._desks, self._rooms, self._tell = desks, rooms, notices.tell
        self.window: WebMap | None = None
        self._drawings: Drawings | None = None
        self._scene: Scene | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(FOLLOW_MS)
        self._soon.timeout.connect(self._make)
        rooms.window.keys.add("Ctrl+M", self.tr("Web map in a window of its own"), self.open)
        rooms.window.top_bar.search.chosen.connect(self._on_chosen)
        rooms.window.closing.connect(self.close)
        desks.map.drawings_changed.connect(self._on_drawings)

    def open(self) -> None:
        """Open the window, or bring it to the front."""
        if self.window is None:
            try:
                self.window = WebMap()
            except DataError as error:
                self._tell(error)
                return
            self.window.failed.connect(self._on_failed)
            self.window.closed.connect(self._on_closed)
            self.window.export_requested.connect(self.ask_where)
            self.window.resize(self._rooms.canvas.size())
            self._make()
        self.window.show()
        self.window.raise_()

    def close(self) -> None:
        """Close the window, if there is one."""
        if self.window is not None:
            self.window.close()

    def ask_where(self) -> None:
        """Ask for a file, and save the page there."""
        name = f"{self._desks.office.settings.office.name}.html"
        path, _ = QFileDialog.getSaveFileName(self.window, self.tr("Save as a page"), name, "HTML (*.html)")
        if path:
            self.save(Path(path))

    def save(self, path: Path) -> None:
        """Save what the web map shows as one file that needs nothing else."""
        if self._scene is None:
            return
        work = partial(write_page, path, self._scene, language.current())
        self._desks.jobs.start("web page", work, on_done=lambda _: None, on_error=self._tell)

    def _on_drawings(self, drawings: Drawings) -> None:
        self._drawings = drawings
        if self.window is not None and not self._soon.isActive():
            self._soon.start()

    def _make(self) -> None:
        if self.window is None or self._drawings is None:
            return
        office = self._desks.office
        mark = self.tr("[Exercise] ") if office.exercise else ""
        note = self.tr("As of {time}").format(time=words.clock(self._desks.clock.now()))
        work = partial(
            scene_of,
            self._drawings,
            self._rooms.canvas.view(),
            ink_of(look.current()),
            title=f"{mark}{office.settings.office.name}",
            note=note,
        )
        self._desks.jobs.start("web scene", work, on_done=self._on_scene, on_error=self._tell)

    def _on_scene(self, scene: Scene) -> None:
        self._scene = scene
        if self.window is not None:
            self.window.show_scene(scene)

    def _on_failed(self, error: Exception) -> None:
        self._tell(error)
        self.close()

    def _on_closed(self) -> None:
        if self.window is not None:
            self.window.deleteLater()
            self.window = None

    def _on_chosen(self, entry: str) -> None:
        if entry == "act:web_map":
            self.open()


def write_page(path: Path, scene: Scene, language_word: str) -> None:
    """Write a scene as one HTML file; for a job.

    Raises
    ------
    DataError
        ``web.absent`` without the extra; ``web.not_written`` with the cause.
    """
    page = page_of(scene, leaflet_folder(), language=language_word)
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(page, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise DataError("web.not_written", file=path.name, cause=error.strerror or str(error)) from error

"""The web map: the console's drawings in a Leaflet page of its own window, behind one adapter of ours.

Only pyqtlet2's map widget and its map are used; what goes into the page is JSON
(`widgets.map.web_painter.as_json`), never a string put together with a text of somebody.
"""

from __future__ import annotations

import importlib
import json
import os
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer, QUrl, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

import resources
from models.errors import DataError
from widgets.action_button import ActionButton
from widgets.button_bar import ButtonBar
from widgets.map.web_painter import Scene, as_json

LOAD_MS = 20_000
"""A page that is not there by then will not come."""
_NO_GPU = {"QT_QUICK_BACKEND": "software", "QTWEBENGINE_CHROMIUM_FLAGS": "--disable-gpu"}
_OPTIONS = {"zoomSnap": 0, "zoomDelta": 0.5, "attributionControl": 0, "zoomAnimation": 0, "fadeAnimation": 0}


def leaflet_folder() -> Path:
    """Return where pyqtlet2 keeps Leaflet.

    Raises
    ------
    DataError
        ``web.absent`` if the extra is not installed.
    """
    spec = find_spec("pyqtlet2")
    if spec is None or spec.origin is None:
        raise DataError("web.absent")
    found = sorted(Path(spec.origin).parent.glob("web/modules/leaflet_[0-9]*"))
    if not found:
        raise DataError("web.absent")
    return found[-1]


def _bindings() -> tuple[Any, Any]:
    """Return pyqtlet2's widget class and its L, loaded now.

    Raises
    ------
    DataError
        ``web.absent``, ``web.as_root``, or ``web.cannot_start`` with the cause.
    """
    leaflet_folder()
    if hasattr(os, "geteuid") and os.geteuid() == 0 and not os.environ.get("QTWEBENGINE_DISABLE_SANDBOX"):
        raise DataError("web.as_root")  # the engine would end the whole process
    os.environ.setdefault("QT_API", "pyside6")
    for name, value in _NO_GPU.items():
        os.environ.setdefault(name, value)
    try:
        module = importlib.import_module("pyqtlet2")
    except Exception as error:  # a library of the system that is missing, an application made too early
        raise DataError("web.cannot_start", cause=str(error).splitlines()[0]) from error
    return module.MapWidget, module.L


def _begin_to_load(page: Any) -> None:
    """Load the page and return: pyqtlet2's own way waits in an event loop without a limit of time."""
    page.page.load(QUrl.fromLocalFile(page._get_page_path()))  # noqa: SLF001 (there is no public way)


class WebMap(QWidget):
    """A window with the web map.

    Signals
    -------
    ready()             the page is there and shows the scene
    failed(object)      it will not come; carries the DataError
    export_requested()  the page is wanted as a file
    closed()            the window was closed
    """

    ready = Signal()
    failed = Signal(object)
    export_requested = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make the window and begin to load its page.

        Raises
        ------
        DataError
            ``web.absent``, ``web.as_root`` or ``web.cannot_start``.
        """
        super().__init__(parent)
        widget_class, self._leaflet = _bindings()
        self.setWindowTitle(self.tr("Web map"))
        self._scene: Scene | None = None
        self._is_ready = False
        self._map: Any = None  # the page's channel knows it: it must live as long as the page

        page_class = type("Page", (widget_class,), {"_loadPage": _begin_to_load})
        self._view: Any = page_class()
        self._export = ActionButton(self.tr("Save as a page"), "Ctrl+S", self)
        self._export.clicked.connect(self.export_requested)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(ButtonBar(self, left=(self._export,)))
        column.addWidget(self._view, 1)
        self._limit = QTimer(self)
        self._limit.setSingleShot(True)
        self._limit.setInterval(LOAD_MS)
        self._limit.timeout.connect(lambda: self._on_loaded(False))
        self._view.page.loadFinished.connect(self._on_loaded)
        self._limit.start()

    def show_scene(self, scene: Scene) -> None:
        """Show a scene; before the page is there, the last one given is kept for it."""
        self._scene = scene
        if self._is_ready:
            self._run(f"fengsui.show({as_json(scene)})")

    def ask_places(self, latlon: list[tuple[float, float]], told: Callable[[list[list[float]]], None]) -> None:
        """Have Leaflet itself say where places lie in the page: ``told`` gets a list of [x, y] in pixels."""
        self.ask(f"fengsui.places({json.dumps(latlon)})", told)

    def ask(self, code: str, told: Callable[[Any], None]) -> None:
        """Have the page work something out; the answer comes as JSON, as lists of lists do not come at all."""
        self._view.page.runJavaScript(f"JSON.stringify({code})", lambda text: told(json.loads(text)))

    def canvas_size(self) -> tuple[int, int]:
        """Return the page's width and height, logical px."""
        return int(self._view.width()), int(self._view.height())

    def picture(self) -> Any:
        """Return what is to be seen, as a pixmap."""
        return self._view.grab()

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self._limit.stop()
        self.closed.emit()

    def _on_loaded(self, whole: bool) -> None:
        if self._is_ready:
            return
        self._limit.stop()
        if not whole:
            self.failed.emit(DataError("web.cannot_start", cause=self.tr("the page did not load")))
            return
        self._map = self._leaflet.map(self._view, dict(_OPTIONS))
        css = resources.path("web/map.css").read_text(encoding="utf-8")
        self._run(f"document.head.appendChild(document.createElement('style')).textContent={json.dumps(css)};0")
        self._run(resources.path("web/map.js").read_text(encoding="utf-8"))
        scene = self._scene or {"title": "", "note": "", "ground": "#ffffff", "items": [], "labels": []}
        center, zoom = json.dumps(scene.get("center", [35, 105])), json.dumps(scene.get("zoom", 4))
        # WORKAROUND: pyqtlet2's own handlers speak to a channel that is not open yet, and throw (evented.py).
        self._run("map.off('click contextmenu zoom draw:created');0")
        self._run(f"map.setView({center},{zoom},{{animate:false}});fengsui.begin(map,{as_json(scene)});0")
        self._is_ready = True
        self._view.page.runJavaScript("1", lambda _: self.ready.emit())

    def _run(self, code: str) -> None:
        self._view.page.runJavaScript(code)

"""Ruler and "what lies in here": two keys, a sheet over the map, the answer in the right dock."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import shapely
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from app.desks import Desks
from app.notices import Notices
from app.rooms import Rooms
from layers.own_layer import Drawn, OwnLayer
from layers.read_own_layer import ZONING
from models.errors import DataError
from models.register import ask
from models.register.ask import Answer
from models.register.description import RegisterDescription, with_own
from models.register.export import FORMATS, export
from models.store import registers
from models.store.database import Database, Store
from widgets import language
from widgets.map.measure_sheet import Corner, MeasureSheet
from widgets.register.answer_panel import AnswerPanel

PANEL = "answer"


def answer_of(store: Store, described: tuple[RegisterDescription, ...], area: bytes) -> Answer:
    """Return what of the office's registers lies inside an area; for a job."""

    def read(db: Database) -> Answer:
        return ask.inside(area, ((one, registers.records(db, one.name)) for one in described))

    return store.read(read)


def write_answer(
    answer: Answer, described: tuple[RegisterDescription, ...], path: Path, spoken: str
) -> tuple[Path, ...]:
    """Write an answer, a file for each register beside ``path``; for a job.

    Raises
    ------
    DataError
        ``export.format`` or ``export.unwritable``.
    """
    by_name = {one.name: one for one in described}
    written = []
    for inside in answer.registers:
        file = path.with_name(f"{path.stem}-{inside.register}{path.suffix}")
        export(inside.records, by_name[inside.register], file, language=spoken)
        written.append(file)
    return tuple(written)


def union_of(layers: tuple[OwnLayer, ...]) -> bytes:
    """Return the areas of layers from files as one, never simplified; for a job."""
    shapes = [shape for one in layers if one.things is not None for shape in one.things.geometry()]
    areal = [shapely.make_valid(shape) for shape in shapes if shapely.get_dimensions(shape) == 2]
    return bytes(shapely.to_wkb(shapely.union_all(areal)))


def _is_area(layer: OwnLayer) -> bool:
    return layer.kind is Drawn.AREA and layer.wish.style != ZONING and layer.things is not None


class AskTool(QObject):
    """Opens on ``R`` (ruler), ``Q`` (area) and ``Shift+Q`` (areas of loaded layers), closes on Esc.

    Signals
    -------
    record_chosen(str, str)  register and id of a thing in the answer
    answered(object)         the Answer that is shown
    saved(object)            the files that were written, a tuple of Path
    """

    record_chosen = Signal(str, str)
    answered = Signal(object)
    saved = Signal(object)

    def __init__(self, desks: Desks, rooms: Rooms, notices: Notices) -> None:
        super().__init__()
        self._desks, self._rooms = desks, rooms
        self.sheet = MeasureSheet(rooms.canvas)
        self.panel = AnswerPanel()
        self._described: tuple[RegisterDescription, ...] = ()
        self._answer: Answer | None = None
        self._before = "next"
        rooms.add_right(PANEL, self.panel)
        keys = rooms.window.keys
        keys.add("R", self.tr("Ruler, bearing, length"), partial(self.begin, "ruler"))
        keys.add("Q", self.tr("What lies in an area"), partial(self.begin, "area"))
        keys.add("Shift+Q", self.tr("What lies in the areas of loaded layers"), self.ask_layers)
        rooms.window.top_bar.search.chosen.connect(self._on_chosen)
        self.sheet.area_set.connect(self._on_area)
        self.sheet.ended.connect(self.close)
        self.panel.close_requested.connect(self.close)
        self.panel.record_selected.connect(self.record_chosen)
        self.panel.export_requested.connect(self.ask_where)
        self._failed = notices.tell

    @property
    def answer(self) -> Answer | None:
        """What is shown."""
        return self._answer

    @property
    def described(self) -> tuple[RegisterDescription, ...]:
        """The registers that were asked."""
        return self._described

    def begin(self, mode: str) -> None:
        """Wait for corners on the map."""
        self._rooms.window.show_task("watch")
        self.sheet.begin("area" if mode == "area" else "ruler")
        if mode == "area":
            self._show(None)

    def ask_layers(self) -> None:
        """Ask what lies in the areas of loaded layers that are shown, such as a plume's."""
        shown = tuple(item.layer for item in self._desks.map.stack.items if item.visible)
        areas = tuple(one for one in shown if isinstance(one, OwnLayer) and _is_area(one))
        if not areas:
            self._failed(DataError("ask.no_layer"))
            return
        self._rooms.window.show_task("watch")
        self._show(None)
        self._ask(partial(union_of, areas))

    def ask_about(self, area: bytes) -> None:
        """Ask what lies in an area that is there already, such as a warning's."""
        self._ask(lambda: area)

    def _ask(self, area_of: Callable[[], bytes]) -> None:
        store, folder = self._desks.store, self._desks.office.registers

        def work() -> tuple[tuple[RegisterDescription, ...], Answer]:
            described = with_own(folder)
            return described, answer_of(store, described, area_of())

        self._desks.jobs.start("ask", work, on_done=self._on_answer, on_error=self._failed)

    def ask_where(self) -> None:
        """Ask for a file, and write there what lies inside."""
        name = self.tr("inside") + ".xlsx"
        formats = " ".join(f"*{ending}" for ending in FORMATS)
        path, _ = QFileDialog.getSaveFileName(self._rooms.window, self.tr("Export"), name, f"({formats})")
        if path:
            self.save(Path(path))

    def save(self, path: Path) -> None:
        """Write what lies inside, a file for each register: ``inside-hazard_points.xlsx`` and so on."""
        if self._answer is not None:
            work = partial(write_answer, self._answer, self._described, path, language.current())
            self._desks.jobs.start("ask export", work, on_done=self.saved.emit, on_error=self._failed)

    def close(self) -> None:
        """Take sheet and answer away."""
        self._answer = None
        self.sheet.end()
        if self._rooms.right == PANEL:
            self._rooms.show_right(self._before)

    def _show(self, answer: Answer | None) -> None:
        self._answer = answer
        self.panel.show_answer(answer, {one.name: one for one in self._described})
        if self._rooms.right != PANEL:
            self._before = self._rooms.right
            self._rooms.show_right(PANEL)

    def _on_area(self, corners: tuple[Corner, ...]) -> None:
        try:
            self.ask_about(ask.shape_of(corners))
        except DataError as error:
            self._failed(error)

    def _on_answer(self, made: tuple[tuple[RegisterDescription, ...], Answer]) -> None:
        self._described = made[0]
        self._show(made[1])
        self.answered.emit(made[1])

    def _on_chosen(self, entry: str) -> None:
        if entry in {"act:ruler", "act:area"}:
            self.begin(entry.removeprefix("act:"))
        elif entry == "act:layers":
            self.ask_layers()

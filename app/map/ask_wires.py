"""Ruler and "what lies in here": two keys, a sheet over the map, the answer in the right dock."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import shapely
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from app.desks import Desks
from app.map.areas_at import FoundArea, areas_at
from app.notices import Notices
from app.rooms import Rooms
from layers.area_layer import AreaLayer
from layers.own_layer import Drawn, OwnLayer
from layers.read_own_layer import ZONING
from models.errors import DataError
from models.geodesy import untangled
from models.hazard.area_totals import Totals, totals
from models.hazard.level import Level
from models.register import ask
from models.register.ask import Answer
from models.register.description import GeometryType, RegisterDescription, with_own
from models.register.export import FORMATS, export
from models.store import places, registers
from models.store.database import Database, Store
from widgets import language
from widgets.map.measure_sheet import Corner, MeasureSheet
from widgets.register.answer_panel import AnswerPanel

PANEL = "answer"
_KINDS = {"village": "villages", "town": "towns", "county": "county"}
"""Kinds of places that can be taken, and the layers that show them."""
_SAME_PX = 12.0
"""A click so near to the last one takes the next larger area there."""


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """An area with its answer: what was asked of, what lies inside, and what it adds up to."""

    area: bytes
    described: tuple[RegisterDescription, ...]
    answer: Answer
    totals: Totals
    levels: Mapping[str, Level]


def answer_of(store: Store, described: tuple[RegisterDescription, ...], area: bytes) -> Answer:
    """Return what of the office's registers lies inside an area; for a job."""

    def read(db: Database) -> Answer:
        return ask.inside(area, ((one, registers.records(db, one.name)) for one in described))

    return store.read(read)


def ask_of(store: Store, folder: Path, area: bytes, levels: Mapping[str, Level]) -> Asked:
    """Return an area's answer with its totals; ``levels`` are those of the hazard points now. For a job."""
    described = with_own(folder)
    answer = answer_of(store, described, area)
    roads = store.read(lambda db: places.of_kind(db, "road"))
    return Asked(area, described, answer, totals(answer, area, levels, roads), levels)


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
    areal = [untangled(shape) for shape in shapes if shapely.get_dimensions(shape) == 2]
    return bytes(shapely.to_wkb(shapely.union_all(areal)))


def _is_area(layer: OwnLayer) -> bool:
    return layer.kind is Drawn.AREA and layer.wish.style != ZONING and layer.things is not None


def rings_of(area: bytes) -> list[list[tuple[float, float]]]:
    """Return the rings of a (multi)polygon as corners (lon, lat)."""
    parts = shapely.get_parts(shapely.from_wkb(area))
    areal = parts[shapely.get_dimensions(parts) == 2]
    return [list(map(tuple, shapely.get_coordinates(ring).tolist())) for ring in shapely.get_rings(areal)]


class AskTool(QObject):
    """Opens on ``R`` (ruler), ``Q`` (area) and ``Shift+Q`` (areas of loaded layers), closes on Esc.

    ``Q`` again takes an area that is there by a click: a town, a zone, an area of a register or of a file.

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
        self._near: tuple[float, float, int] | None = None
        rooms.add_right(PANEL, self.panel)
        keys = rooms.window.keys
        keys.add("R", self.tr("Ruler, bearing, length"), partial(self.begin, "ruler"))
        keys.add("Q", self.tr("What lies in an area"), self._on_key)
        keys.add("Shift+Q", self.tr("What lies in the areas of loaded layers"), self.ask_layers)
        rooms.window.top_bar.search.chosen.connect(self._on_chosen)
        self.sheet.area_set.connect(self._on_area)
        self.sheet.area_wanted.connect(self.pick)
        self.sheet.pick_wanted.connect(self._on_key)
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
        self._near = None
        self.sheet.begin("area" if mode == "area" else "pick" if mode == "pick" else "ruler")
        if mode != "ruler":
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

    def ask_about(self, area: bytes, title: str = "") -> None:
        """Ask what lies in an area that is there already, such as a warning's; ``title`` is what it is called."""
        self._ask(lambda: area, title)

    def pick(self, lon_deg: float, lat_deg: float) -> None:
        """Ask about the smallest of the areas shown at a place; at the same place again, about the next larger one."""
        view, again = self._rooms.canvas.view(), 0
        near_deg = _SAME_PX * view.meters_per_pixel / 111_319.0
        if self._near is not None and math.hypot(lon_deg - self._near[0], lat_deg - self._near[1]) < near_deg:
            lon_deg, lat_deg, again = self._near[0], self._near[1], self._near[2] + 1
        self._near = lon_deg, lat_deg, again
        shown = [item.layer for item in self._desks.map.stack.items if item.is_drawn_at(view.meters_per_pixel)]
        far = view.meters_per_pixel
        names = {one.name for one in shown if not (isinstance(one, AreaLayer) and far > one.drawn_below_m)}
        layers = tuple(layer for layer in shown if isinstance(layer, OwnLayer))
        store, folder, spoken = self._desks.store, self._desks.office.registers, language.current()

        def work() -> tuple[FoundArea, ...]:
            areal = [one for one in with_own(folder) if one.name in names and one.geometry is not GeometryType.NONE]
            kinds = [kind for kind in _KINDS if _KINDS[kind] in names]

            def read(db: Database) -> tuple[FoundArea, ...]:
                its = [(one.title.of(spoken), registers.records(db, one.name)) for one in areal]
                there = [place for kind in kinds for place in places.of_kind(db, kind)]
                return areas_at(lon_deg, lat_deg, layers=layers, registers=its, places=there)

            return store.read(read)

        self._desks.jobs.start("ask pick", work, on_done=partial(self._on_found, again), on_error=self._failed)

    def _on_found(self, again: int, found: tuple[FoundArea, ...]) -> None:
        if self.sheet.mode != "pick":
            return
        if not found:
            self._near = None
            self.sheet.show_picked(())
            self._failed(DataError("ask.nothing_there"))
            return
        one = found[again % len(found)]
        self.sheet.show_picked(rings_of(one.wkb))
        self.ask_about(one.wkb, one.title)

    def _on_key(self) -> None:
        """Draw an area; once that is begun, take one that is there, and the other way round."""
        self.begin("pick" if self.sheet.mode == "area" else "area")

    def _ask(self, area_of: Callable[[], bytes], title: str = "") -> None:
        store, folder = self._desks.store, self._desks.office.registers
        levels = {verdict.point.id: verdict.level for verdict in self._desks.alarms.verdicts}
        work = partial(lambda: ask_of(store, folder, area_of(), levels))
        self._desks.jobs.start("ask", work, on_done=partial(self._on_answer, title), on_error=self._failed)

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

    def _show(self, asked: Asked | None, title: str = "") -> None:
        self._answer = asked.answer if asked is not None else None
        described = {one.name: one for one in self._described}
        if asked is None:
            self.panel.show_answer(None, described)
        else:
            self.panel.show_answer(asked.answer, described, asked.totals, title, asked.levels)
        if self._rooms.right != PANEL:
            self._before = self._rooms.right
            self._rooms.show_right(PANEL)

    def _on_area(self, corners: tuple[Corner, ...]) -> None:
        try:
            self.ask_about(ask.shape_of(corners))
        except DataError as error:
            self._failed(error)

    def _on_answer(self, title: str, asked: Asked) -> None:
        self._described = asked.described
        self._show(asked, title)
        self.answered.emit(asked.answer)

    def _on_chosen(self, entry: str) -> None:
        if entry in {"act:ruler", "act:area"}:
            self.begin(entry.removeprefix("act:"))
        elif entry == "act:layers":
            self.ask_layers()

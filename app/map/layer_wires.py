"""Layers from files wired: dropped on the window, asked about, told, kept; their rows in the layer panel."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QRect, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from app.console_views import ConsoleViews
from app.desks import Desks
from app.map.layer_desk import LayerDesk, OfficeLayer
from app.map.map_desk import LayerFacts
from app.notices import Notices
from app.rooms import Rooms
from layers.crs_question import CrsQuestion
from layers.ground_fit import named_places
from layers.own_layer import Drawn, OwnLayer
from layers.read_own_layer import RASTERS, ZONING
from layers.read_raster import Field
from layers.read_table import TABLES
from models.hazard.register import Place
from models.store import registers
from widgets import language
from widgets.map.crs_preview import CrsPreview
from widgets.map.part_choice import PartChoice
from widgets.map.thing_card import ThingCard
from widgets.notice_bar import Notice
from widgets.over_map import MARGIN_PX
from widgets.top_bar import HEIGHT_PX as TOP_PX
from widgets.words import number

VECTORS = (".gpkg", ".shp", ".geojson", ".json", ".fgb", ".kml", ".kmz", ".gpx", ".tab", ".mif", ".dxf")
_REACH_PX = 6.0
ABOVE_REGISTERS = 1000
"""Layers from files stand in the panel behind those of registers."""
_KEEP, _GONE = "layer.keep:", "layer.gone:"


class FileDrop(QObject):
    """Takes files that are dropped on a widget; what may be dropped is told while it hangs over it."""

    def __init__(self, over: QWidget, take: Callable[[Path], None]) -> None:
        super().__init__(over)
        self._take = take
        over.setAcceptDrops(True)
        over.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Accept layers' files, and nothing else."""
        del watched
        if isinstance(event, QDragEnterEvent):
            if files_in(event):
                event.setDropAction(Qt.DropAction.CopyAction)
                event.accept()
            else:
                event.ignore()
            return True
        if isinstance(event, QDropEvent) and event.type() == QEvent.Type.Drop:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            for path in files_in(event):
                self._take(path)
            return True
        return False


def files_in(event: QDropEvent) -> tuple[Path, ...]:
    """Return the local files of a drop that can be layers; of a Shapefile dropped with its parts the one."""
    known = {*VECTORS, *RASTERS, *TABLES}
    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return tuple(path for path in paths if path.suffix.casefold() in known)


class LayerTool(QObject):
    """Leads what the operator sees of layers from files."""

    def __init__(self, desks: Desks, rooms: Rooms, views: ConsoleViews, notices: Notices) -> None:
        super().__init__()
        self._desks, self._rooms, self._notices = desks, rooms, notices
        self.desk = LayerDesk(desks.jobs, desks.office)
        self.preview = CrsPreview(rooms.window)
        self.choice = PartChoice(rooms.window)
        self.card = ThingCard(rooms.window)
        rooms.window.add_overlay(self.card, "top_right", ("watch",))
        self.drop = FileDrop(rooms.window, self.desk.add)
        self._wire(views)

    def _wire(self, views: ConsoleViews) -> None:
        desk, preview, window = self.desk, self.preview, self._rooms.window
        del views
        desk.layer_put.connect(self._on_put)
        desk.layer_taken.connect(self._desks.map.take_layer)
        desk.crs_asked.connect(self._on_asked)
        desk.parts_asked.connect(self._on_parts)
        self.choice.chosen.connect(self._take_parts)
        desk.compared.connect(preview.show_drawings)
        desk.added.connect(self._on_added)
        desk.kept.connect(lambda name: self._notices.take_back(_KEEP + name))
        desk.vanished.connect(lambda name, error: self._notices.tell(error, id=_GONE + name))
        desk.came_back.connect(lambda name: self._notices.take_back(_GONE + name))
        desk.failed.connect(self._notices.tell)
        desk.things_found.connect(self.card.show_things)
        self._rooms.canvas.place_clicked.connect(self._on_place)
        self._rooms.canvas.point_clicked.connect(desk.ask_thing)
        preview.compare_requested.connect(desk.compare)
        preview.chosen.connect(partial(self._end, desk.answer))
        preview.canceled.connect(partial(self._end, desk.cancel))
        window.notices.act_requested.connect(self._on_act)
        window.map_room_changed.connect(self._place)
        window.keys.add("Ctrl+O", self.tr("Put a file on the map"), self.choose_file)

    def open(self, places: tuple[Place, ...], bounds_deg: tuple[float, float, float, float]) -> None:
        """Read the office's layers, once its places are known."""
        store = self._desks.store
        self.desk.open(places, bounds_deg, lambda: named_places(store.read(registers.named_places)))

    def choose_file(self) -> None:
        """Ask for a file and put it on the map."""
        kinds = " ".join(f"*{suffix}" for suffix in sorted({*VECTORS, *RASTERS, *TABLES}))
        found, _ = QFileDialog.getOpenFileName(
            self._rooms.window, self.tr("A file for the map"), "", self.tr("Layers ({kinds})").format(kinds=kinds)
        )
        if found:
            self.desk.add(Path(found))

    def _on_put(self, layer: OwnLayer) -> None:
        wish = layer.wish
        stale = QCoreApplication.translate("LayerTool", "{name} (stale)").format(name=layer.title)
        group = wish.group or ("zoning" if wish.style == ZONING else "own")
        facts = LayerFacts(stale if layer.is_stale else layer.title, group, "", wish.source, wish.on)
        rank = ABOVE_REGISTERS + self.desk.rank_of(wish.name)
        self._desks.map.put_layer(layer, layer.setting, layer.valid_at, rank=rank)
        self._desks.map.describe(layer.name, facts)

    def _on_added(self, held: OfficeLayer) -> None:
        """Say what came of a file, and offer to keep it."""
        said = self.tr("{name} is on the map: {what}.").format(name=held.wish.name, what=self._what(held))
        notes = dict.fromkeys(note.sentence(language.current()) for layer in held.layers for note in layer.notes)
        do = self.tr("Keep it, and it is there after the next start too.")
        self._notices.offer(
            Notice(_KEEP + held.wish.name, said, " ".join(notes), do, self.tr("Keep in the office"), "Ctrl+Shift+O")
        )

    def _what(self, held: OfficeLayer) -> str:
        """Return what a file became: a grid of so many cells, or so many areas, lines and points."""
        words = {
            Drawn.GRID: self.tr("a grid of {count} cells"),
            Drawn.AREA: self.tr("{count} areas"),
            Drawn.LINE: self.tr("{count} lines"),
            Drawn.POINT: self.tr("{count} points"),
        }
        counts = [words[layer.kind].format(count=number(layer.count, 0)) for layer in held.layers]
        return self.tr(", ").join(counts)

    def _on_act(self, notice_id: str) -> None:
        if notice_id.startswith(_KEEP):
            self.desk.keep(notice_id.removeprefix(_KEEP))

    def _on_place(self, lon_deg: float, lat_deg: float) -> None:
        """Say what of the shown layers lies under a click."""
        shown = frozenset(item.layer.name for item in self._desks.map.stack.items if item.visible and item.opacity > 0)
        reach_deg = _REACH_PX * self._rooms.canvas.view().meters_per_pixel / 111_319.0
        self.desk.ask_at(lon_deg, lat_deg, reach_deg, shown)

    def _on_asked(self, question: CrsQuestion) -> None:
        self._place()
        self.preview.show()
        self.preview.raise_()
        self._place()
        self.preview.show_question(question)
        self.preview.setFocus(Qt.FocusReason.OtherFocusReason)
        self.desk.compare(self.preview.right, self.preview.maps[0].view())

    def _on_parts(self, file: str, parts: tuple[Field, ...]) -> None:
        self.choice.show_parts(file, parts)
        self._place()

    def _take_parts(self, parts: tuple[str, ...]) -> None:
        self._rooms.canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        self.desk.take_parts(parts)

    def _end(self, act: Callable[..., None], *facts: str) -> None:
        self.preview.hide()
        self._rooms.canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        act(*facts)

    def _place(self) -> None:
        """Lay the preview over the free part of the map."""
        room = self._rooms.window.map_room().translated(0, TOP_PX)
        self.preview.setGeometry(QRect(room).adjusted(MARGIN_PX, MARGIN_PX, -MARGIN_PX, -MARGIN_PX))
        self.choice.place_in(room)


def wire_layers(desks: Desks, rooms: Rooms, views: ConsoleViews, notices: Notices) -> LayerTool:
    """Make the tool for layers from files; its ``open`` is to be called once the office's places are loaded."""
    return LayerTool(desks, rooms, views, notices)

"""Layers in the open console: a file that is dropped, asked about, kept, and gone again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.clock import SystemClock
from app.console_views import ConsoleViews
from app.desks import Desks
from app.map.layer_wires import LayerTool, wire_layers
from app.notices import Notices
from app.office import create
from app.rooms import Rooms
from app.settings import OfficeSection, Settings, read_settings
from models import datum
from models.store.database import Store
from tests.layers.places import COUNTY, TOWNS

BOUNDS = (107.0, 29.0, 107.2, 29.2)


class Scene:
    """A console's desks and rooms with the tool wired in."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        settings = Settings(office=OfficeSection(name="青岚县气象台", adcode="990001", exercise=True))
        office = create(folder / "office", settings)
        self.toml = folder / "office" / "office.toml"
        self.store = Store.open(office.store_path)
        self.desks = Desks(office, self.store, SystemClock())
        self.rooms = Rooms()
        qtbot.addWidget(self.rooms.window)
        self.rooms.window.resize(1366, 768)
        self.rooms.window.show()
        self.notices = Notices(self.rooms.window.notices)
        views = ConsoleViews(self.desks, self.rooms, self.notices)
        self.tool: LayerTool = wire_layers(self.desks, self.rooms, views, self.notices)
        self.tool.open((COUNTY, *TOWNS), BOUNDS)
        self.qtbot = qtbot
        self.until(lambda: self.desks.jobs.is_idle_but("layer_look"))

    def until(self, done: object) -> None:
        assert callable(done)
        self.qtbot.waitUntil(lambda: bool(done()), timeout=30_000)

    def drop(self, *paths: Path) -> bool:
        """Drop files on the window; whether they were taken."""
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        window, buttons, keys = self.rooms.window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        enter = QDragEnterEvent(QPoint(600, 300), Qt.DropAction.CopyAction, mime, buttons, keys)
        QApplication.sendEvent(window, enter)
        if enter.isAccepted():
            QApplication.sendEvent(window, QDropEvent(QPointF(600, 300), Qt.DropAction.CopyAction, mime, buttons, keys))
        return enter.isAccepted()


@pytest.fixture
def scene(qtbot: QtBot, tmp_path: Path) -> Iterator[Scene]:
    made = Scene(qtbot, tmp_path)
    yield made
    made.tool.desk.close()
    made.desks.jobs.close()
    made.store.close()


def towns(path: Path, *, moved: bool) -> Path:
    shapes = shapely.segmentize(shapely.from_wkb([town.wkb for town in TOWNS]), 0.002)
    if moved:
        shapes = shapely.transform(shapes, lambda xy: np.column_stack(datum.wgs84_to_gcj02(xy[:, 0], xy[:, 1])))
    geopandas.GeoDataFrame({"name": [town.name for town in TOWNS]}, geometry=shapes, crs=4326).to_file(path)
    return path


def test_a_dropped_file_lies_on_the_map_and_its_notice_keeps_it(scene: Scene, tmp_path: Path) -> None:
    assert scene.drop(towns(tmp_path / "乡镇.gpkg", moved=False))
    scene.until(lambda: scene.desks.map.stack.find("own:乡镇"))
    (notice,) = scene.notices.kept
    assert ("乡镇" in notice.what, "4" in notice.what) == (True, True)
    scene.rooms.window.notices.act_requested.emit(notice.id)
    scene.until(lambda: not scene.notices.kept)
    assert [one.name for one in read_settings(scene.toml).layer] == ["乡镇"]


def test_what_is_no_layer_is_not_taken(scene: Scene, tmp_path: Path) -> None:
    (tmp_path / "letter.docx").write_bytes(b"x")
    assert not scene.drop(tmp_path / "letter.docx")
    assert scene.drop(tmp_path / "absent.gpkg")  # it may be gone when it is read: that is said
    scene.until(lambda: scene.notices.kept)
    assert "absent.gpkg" in scene.notices.kept[0].what


def test_a_shifted_file_opens_the_preview_and_the_answer_closes_it(scene: Scene, tmp_path: Path) -> None:
    preview, window = scene.tool.preview, scene.rooms.window
    compared: list[object] = []
    scene.tool.desk.compared.connect(lambda *two: compared.append(two))
    scene.drop(towns(tmp_path / "t.geojson", moved=True))
    scene.until(preview.isVisible)
    assert window.map_room().width() > preview.width() > 500
    scene.until(lambda: compared)
    preview.right_button.click()
    assert not preview.isVisible()
    scene.until(lambda: scene.desks.map.stack.find("own:t"))
    item = scene.desks.map.stack.find("own:t")
    assert item is not None
    assert getattr(item.layer, "crs", "") == "gcj02"


def test_a_vanished_file_is_said_and_its_row_is_marked(scene: Scene, tmp_path: Path) -> None:
    titles: dict[str, str] = {}
    scene.desks.map.layers_changed.connect(lambda rows: titles.update({row.name: row.title for row in rows}))
    file = towns(tmp_path / "t.gpkg", moved=False)
    scene.drop(file)
    scene.until(lambda: "own:t" in titles)
    file.rename(tmp_path / "away")
    scene.until(lambda: titles["own:t"] != "t")
    assert any("t.gpkg" in notice.what for notice in scene.notices.kept)
    (tmp_path / "away").rename(file)
    scene.until(lambda: titles["own:t"] == "t")
    assert not any("gone" in notice.what for notice in scene.notices.kept)
    scene.tool.desk.remove("t")
    assert scene.desks.map.stack.find("own:t") is None


def test_a_click_on_an_area_says_what_its_file_says(scene: Scene, tmp_path: Path) -> None:
    scene.drop(towns(tmp_path / "t.gpkg", moved=False))
    scene.until(lambda: scene.desks.map.stack.find("own:t"))
    card, canvas = scene.tool.card, scene.rooms.canvas
    assert card.sizeHint().isEmpty()
    canvas.place_clicked.emit(107.05, 29.05)
    scene.until(lambda: card.hits)
    assert [(hit.layer, hit.rows) for hit in card.hits] == [("t", (("name", "石坑镇"),))]
    assert "石坑镇" in " ".join(getattr(piece, "text", "") for piece in card.pieces())
    canvas.place_clicked.emit(110.0, 30.0)
    scene.until(lambda: not card.hits)
    canvas.place_clicked.emit(107.05, 29.05)
    scene.until(lambda: card.hits)
    scene.desks.map.set_visible("own:t", False)
    canvas.place_clicked.emit(107.05, 29.05)
    scene.until(lambda: not card.hits)


def test_a_click_on_a_point_says_what_its_file_says(scene: Scene, tmp_path: Path) -> None:
    spots = shapely.points([[107.05, 29.05], [107.1, 29.1]])
    names = ["<img src=x onerror=alert(1)>", "乙"]
    geopandas.GeoDataFrame({"name": names}, geometry=spots, crs=4326).to_file(tmp_path / "点.gpkg")
    scene.drop(tmp_path / "点.gpkg")
    scene.until(lambda: scene.desks.map.stack.find("own:点"))
    scene.rooms.canvas.point_clicked.emit("layer:own:点:0")
    scene.until(lambda: scene.tool.card.hits)
    assert scene.tool.card.hits[0].rows == (("name", names[0]),)
    scene.rooms.canvas.point_clicked.emit("SH-0117")
    assert scene.tool.card.hits == ()

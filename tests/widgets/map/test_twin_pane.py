"""Two maps beside each other: one view, one hand, two fields."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from layers.drawing import Drawings
from layers.map_view import MapView
from models.geodesy import to_mercator
from tests.widgets.fit import faults
from tests.widgets.hand import heard, move
from tests.widgets.map.drawn import corners
from widgets.map.canvas import MapCanvas
from widgets.map.twin_pane import TwinPane
from widgets.pieces import Text

LEFT = Qt.MouseButton.LeftButton
CHOICES = (("radar:QLS01", "QLS01"), ("mosaic:vil", "垂直累积液态水含量，整层"), ("mosaic:et", "回波顶"))


class Pair:
    """A window of 900 x 500: the first map fills it, the pane lies over its right half."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.window.resize(900, 500)
        self.first = MapCanvas(self.window)
        self.first.setGeometry(0, 0, 900, 500)
        self.pane = TwinPane(self.first, self.window)
        self.pane.setGeometry(450, 0, 450, 500)
        with qtbot.waitExposed(self.window):
            self.window.show()
        self.pane.show()
        self.first.show_view(MapView(11_800_000.0, 3_360_000.0, 50.0, 900, 500))
        qtbot.waitUntil(lambda: self.pane.canvas.width() > 400)
        self.pane.join()

    def same_place(self, x_px: float, y_px: float) -> None:
        """A place of the left half stands as far right in the pane, at the same height of the screen."""
        on_first = self.first.view().to_map(x_px, y_px)
        spot = self.pane.canvas.mapFrom(self.window, QPointF(x_px + 450, y_px))
        on_second = self.pane.canvas.view().to_map(spot.x(), spot.y())
        scale = self.first.view().meters_per_pixel
        assert on_second[0] == pytest.approx(on_first[0], abs=1e-3 * scale)
        assert on_second[1] == pytest.approx(on_first[1], abs=1e-3 * scale)


@pytest.fixture
def pair(qtbot: QtBot) -> Pair:
    return Pair(qtbot)


def drag(canvas: MapCanvas, start: QPoint, *way: QPoint) -> None:
    QTest.mousePress(canvas, LEFT, pos=start)
    for spot in way:
        move(canvas, spot)
    QTest.mouseRelease(canvas, LEFT, pos=way[-1])


def test_the_hand_on_either_map_moves_both(pair: Pair) -> None:
    pair.same_place(200, 300)
    before = pair.first.view(), pair.pane.canvas.view()
    drag(pair.first, QPoint(100, 200), QPoint(110, 205), QPoint(160, 240))
    pair.same_place(200, 300)
    assert before[0] != pair.first.view()
    assert before[1] != pair.pane.canvas.view()
    between = pair.first.view()
    drag(pair.pane.canvas, QPoint(200, 200), QPoint(190, 190), QPoint(120, 260))
    assert pair.first.view().center_x_m == pytest.approx(between.center_x_m + 80 * 50.0)
    assert pair.first.view().center_y_m == pytest.approx(between.center_y_m + 60 * 50.0)
    pair.same_place(200, 300)
    pair.pane.canvas.zoom(2.0, QPointF(100, 100))
    assert pair.first.view().meters_per_pixel == 25.0
    pair.same_place(120, 150)
    pair.first.zoom(0.5, QPointF(50, 50))
    assert pair.pane.canvas.view().meters_per_pixel == 50.0
    pair.same_place(120, 150)


def test_following_is_not_answered_so_that_the_maps_do_not_push_each_other(pair: Pair) -> None:
    first, second = QSignalSpy(pair.first.view_changing), QSignalSpy(pair.pane.canvas.view_changing)
    drag(pair.first, QPoint(100, 200), QPoint(110, 205), QPoint(160, 240))
    assert (first.count() > 0, second.count()) == (True, 0)
    asked = first.count()
    drag(pair.pane.canvas, QPoint(200, 200), QPoint(190, 190), QPoint(120, 260))
    assert second.count() > 0
    assert first.count() == asked


def test_both_maps_are_drawn_sharp_when_the_hand_rests(pair: Pair, qtbot: QtBot) -> None:
    rested = QSignalSpy(pair.pane.canvas.view_changed)
    drag(pair.first, QPoint(100, 200), QPoint(110, 205), QPoint(160, 240))
    before = rested.count()
    qtbot.waitUntil(lambda: rested.count() > before)
    assert heard(rested)[-1] == [pair.pane.canvas.view()]


def test_a_ring_shows_on_the_other_map_where_the_cursor_is(pair: Pair) -> None:
    own, other = pair.pane._marks
    move(pair.first, QPoint(150, 250))
    assert other.isVisible()
    x_m, y_m = pair.first.view().to_map(150, 250)
    x, y = pair.pane.canvas.view().to_pixels(x_m, y_m)  # type: ignore[arg-type]
    assert other.geometry().center() == QPoint(round(float(x)), round(float(y)))
    pair.first.cursor_left.emit()
    assert not other.isVisible()
    pair.pane.canvas.cursor_moved.emit(106.0, 28.85)
    x, y = pair.first.view().to_pixels(*to_mercator(106.0, 28.85))  # type: ignore[arg-type]
    assert abs(own.geometry().center().x() - float(x)) <= 1
    pair.pane.hide()
    assert not own.isVisible()


def test_the_selector_says_what_was_chosen_and_keeps_its_place(pair: Pair) -> None:
    chosen = QSignalSpy(pair.pane.chosen)
    pair.pane.show_choices(CHOICES, "mosaic:vil")
    assert pair.pane.box.currentText() == CHOICES[1][1]
    assert chosen.count() == 0
    pair.pane.box.activated.emit(2)
    assert heard(chosen) == [["mosaic:et"]]
    pair.pane.show_choices((*CHOICES, ("radar:QLX01", "QLX01")), "mosaic:vil")
    assert pair.pane.box.count() == 4
    assert pair.pane.box.currentData() == "mosaic:vil"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [387, 624])
def test_its_texts_fit_and_its_field_has_a_legend(
    pair: Pair, put_on: Callable[[str, str], None], qtbot: QtBot, language: str, width: int
) -> None:
    put_on("light", language)
    pane = TwinPane(pair.first, pair.window)
    pane.setGeometry(900 - width, 0, width, 500)
    pane.show()
    pane.show_choices(CHOICES, "mosaic:vil")
    pane.show_drawings(Drawings((corners(),)))
    late = timedelta(minutes=47)
    pane.show_facts("dBZ 19.5°  06-17 02:28", late, timedelta(minutes=12), value="54.5 dBZ")
    qtbot.waitUntil(lambda: pane.canvas.width() > width - 20)
    assert faults(pane) == []
    pane.close_button.click()


def test_on_a_small_screen_the_time_gives_way_before_moment_and_elevation(pair: Pair, qtbot: QtBot) -> None:
    pair.pane.setGeometry(450, 0, 386, 500)
    qtbot.waitUntil(lambda: pair.pane.canvas.width() < 400)
    pair.pane.show_facts("dBZ 0.5°  02:24", timedelta(minutes=5), timedelta(minutes=12))
    texts = [piece.text for piece in pair.pane.facts.pieces() if isinstance(piece, Text) and piece.text]
    assert texts == ["dBZ 0.5°", "5 min ago"]

"""What the hand does on the canvas."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from models.geodesy import to_lonlat, to_mercator
from tests.widgets.hand import move
from tests.widgets.map.drawn import (
    GROUND,
    RED,
    corners,
    ink_box,
    line,
    picture,
    points,
    rgb,
)
from widgets.map.canvas import MapCanvas


def wheel(canvas: MapCanvas, spot: QPointF, delta: int) -> None:
    event = QWheelEvent(
        spot, canvas.mapToGlobal(spot), QPoint(), QPoint(0, delta), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(canvas, event)


def drag(canvas: MapCanvas, start: QPoint, end: QPoint) -> None:
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
    for spot in (start + QPoint(8, 0), end):
        move = QMouseEvent(
            QEvent.Type.MouseMove, QPointF(spot), QPointF(canvas.mapToGlobal(spot)), Qt.MouseButton.NoButton,
            Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
        )  # fmt: skip
        QApplication.sendEvent(canvas, move)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=end)


def test_dragging_keeps_the_place_under_the_cursor(canvas: MapCanvas, qtbot: QtBot) -> None:
    picture(canvas, corners(), points((-6000, 4000, 5)))
    before = canvas.view().to_map(140, 110)
    with qtbot.waitSignal(canvas.view_changing):
        drag(canvas, QPoint(140, 110), QPoint(203, 91))
    assert canvas.view().to_map(203, 91) == pytest.approx(before)
    moving = canvas.grab().toImage()
    assert rgb(moving, 203, 91) == (0xD7, 0x19, 0x1C)
    assert rgb(moving, 218, 91) == RED[:3]
    with qtbot.waitSignal(canvas.view_changed, timeout=2000) as caught:
        pass
    assert caught.args == [canvas.view()]
    assert rgb(canvas.grab().toImage(), 203, 91) == (0xD7, 0x19, 0x1C)


def test_a_drag_clicks_nothing(canvas: MapCanvas, qtbot: QtBot) -> None:
    picture(canvas, points((0, 0, 5)))
    with qtbot.assertNotEmitted(canvas.point_clicked), qtbot.assertNotEmitted(canvas.place_clicked):
        drag(canvas, QPoint(200, 150), QPoint(240, 150))


@pytest.mark.parametrize("delta", [120, -120, 360])
def test_the_wheel_zooms_about_the_cursor(canvas: MapCanvas, delta: int) -> None:
    picture(canvas, corners())
    before = canvas.view().to_map(313, 77)
    wheel(canvas, QPointF(313, 77), delta)
    assert canvas.view().to_map(313, 77) == pytest.approx(before)
    assert canvas.view().meters_per_pixel == pytest.approx(100 / 2 ** (delta / 240))


def test_while_zooming_the_old_picture_is_scaled_and_then_drawn_sharp(canvas: MapCanvas, qtbot: QtBot) -> None:
    picture(canvas, points((0, 0, 5)))
    redraws = canvas.planes()[1].redraws
    wheel(canvas, QPointF(200, 150), 480)
    scaled = canvas.grab().toImage()
    assert canvas.planes()[1].redraws == redraws
    qtbot.waitUntil(lambda: canvas.planes()[1].redraws > redraws, timeout=2000)
    sharp = canvas.grab().toImage()
    big, small = ink_box(scaled, GROUND), ink_box(sharp, GROUND)
    assert big is not None
    assert small is not None
    assert big[2] - big[0] > 2 * (small[2] - small[0])


def test_plus_and_minus_zoom_about_the_middle(canvas: MapCanvas) -> None:
    picture(canvas, corners())
    QTest.keyClick(canvas, Qt.Key.Key_Plus)
    assert canvas.view().meters_per_pixel == pytest.approx(100 / 2**0.5)
    assert canvas.view().to_map(200, 150) == pytest.approx((0, 0), abs=1e-6)
    QTest.keyClick(canvas, Qt.Key.Key_Minus)
    QTest.keyClick(canvas, Qt.Key.Key_Minus)
    assert canvas.view().meters_per_pixel == pytest.approx(100 * 2**0.5)


def test_a_double_click_zooms_in(canvas: MapCanvas) -> None:
    picture(canvas, corners())
    before = canvas.view().to_map(80, 60)
    QTest.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(80, 60))
    QTest.mouseRelease(
        canvas, Qt.MouseButton.LeftButton, pos=QPoint(80, 60)
    )  # Qt's own double click leaves the button down
    assert canvas.view().meters_per_pixel == pytest.approx(50)
    assert canvas.view().to_map(80, 60) == pytest.approx(before)


def test_a_click_gives_the_id_of_the_nearest_point(canvas: MapCanvas, qtbot: QtBot) -> None:
    picture(canvas, points((0, 0, 0), (1500, 0, 5), (9000, 0, 1)))
    with qtbot.waitSignal(canvas.point_clicked) as caught:
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(213, 152))
    assert caught.args == ["P1"]
    with qtbot.waitSignal(canvas.point_clicked) as caught:
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(203, 150))
    assert caught.args == ["P0"]


def test_of_points_on_one_spot_the_one_painted_last_is_hit(canvas: MapCanvas) -> None:
    picture(canvas, points((0, 0, 0), (0, 0, 5)))
    assert canvas.symbol_at(200, 150) == "P1"
    assert canvas.symbol_at(230, 150) == ""


def test_a_click_beside_all_points_gives_the_place(canvas: MapCanvas, qtbot: QtBot) -> None:
    picture(canvas, points((0, 0, 0)))
    with qtbot.waitSignal(canvas.place_clicked) as caught:
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(300, 50))
    lon, lat = to_lonlat(np.array([10_000.0]), np.array([10_000.0]))
    assert caught.args == pytest.approx([lon[0], lat[0]], abs=1e-3)


def test_the_cursor_is_followed_in_degrees(canvas: MapCanvas, qtbot: QtBot) -> None:
    picture(canvas, corners())
    with qtbot.waitSignal(canvas.cursor_moved) as caught:
        move(canvas, QPoint(100, 50))
    lon, lat = to_lonlat(np.array([-10_000.0]), np.array([10_000.0]))
    assert caught.args == pytest.approx([lon[0], lat[0]], abs=1e-6)
    with qtbot.waitSignal(canvas.cursor_left):
        QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))


def test_a_narrower_canvas_moves_nothing(canvas: MapCanvas) -> None:
    picture(canvas, corners())
    corner = canvas.view().to_map(0, 0)
    canvas.resize(250, 300)
    assert canvas.view().to_map(0, 0) == pytest.approx(corner)
    assert canvas.view().width == 250
    assert rgb(canvas.grab().toImage(), 140, 110) == RED[:3]


def test_an_extent_fits_with_a_margin(canvas: MapCanvas) -> None:
    canvas.show_extent(107.0, 29.0, 107.4, 29.1)
    view = canvas.view()
    west, _ = view.to_map(24, 0)
    lon, _ = to_lonlat(np.array([west]), np.array([0.0]))
    assert lon[0] == pytest.approx(107.0)


def test_an_extent_is_fitted_into_the_room_that_docks_leave(canvas: MapCanvas) -> None:
    canvas.show_room(QRect(100, 0, 200, 300))
    canvas.show_extent(107.0, 29.0, 107.4, 29.1, margin_px=10)
    x, y = to_mercator(np.array([107.0, 107.4]), np.array([29.0, 29.1]))
    left, top = canvas.view().to_pixels(x, y)
    assert left == pytest.approx([110, 290])
    assert float(top.mean()) == pytest.approx(150)
    middle = canvas.view().to_map(200, 150)
    canvas.zoom(2.0)
    assert canvas.view().to_map(200, 150) == pytest.approx(middle)


def test_edges_that_a_long_drag_lays_bare_are_filled_while_the_hand_still_moves(
    canvas: MapCanvas, qtbot: QtBot
) -> None:
    picture(canvas, line("selected", (-90000, 0), (90000, 0)))
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(10, 50))
    redraws = canvas.planes()[1].redraws
    for x in range(20, 400, 20):  # further than the margin of 25 %
        move = QMouseEvent(
            QEvent.Type.MouseMove, QPointF(x, 50), QPointF(canvas.mapToGlobal(QPoint(x, 50))), Qt.MouseButton.NoButton,
            Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
        )  # fmt: skip
        QApplication.sendEvent(canvas, move)
    bare = canvas.grab().toImage()
    assert rgb(bare, 5, 150) == GROUND
    qtbot.waitUntil(lambda: canvas.planes()[1].redraws > redraws, timeout=2000)
    assert rgb(canvas.grab().toImage(), 5, 150) == (0x1C, 0x1C, 0x1A)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(380, 50))

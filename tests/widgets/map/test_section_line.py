"""The section's line on the map: two clicks, one stroke, dragged ends, and the map below left alone."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QSignalSpy, QTest
from pytestqt.qtbot import QtBot

from layers.map_view import MapView
from models.geodesy import to_lonlat
from tests.widgets.hand import heard, move
from tests.widgets.map.drawn import rgb
from widgets import theme as look
from widgets.map.canvas import MapCanvas
from widgets.map.section_line import SectionLine

A, B = QPoint(100, 100), QPoint(300, 180)
LEFT = Qt.MouseButton.LeftButton


def line_on(canvas: MapCanvas) -> SectionLine:
    canvas.show_view(MapView(0.0, 0.0, 100.0, 400, 300))
    return SectionLine(canvas)


def drag(line: SectionLine, start: QPoint, *way: QPoint) -> None:
    QTest.mousePress(line, LEFT, pos=start)
    for spot in way:
        move(line, spot)
    QTest.mouseRelease(line, LEFT, pos=way[-1])


def ends(line: SectionLine) -> tuple[QPoint, QPoint]:
    assert line.line is not None
    a, b = (line._pixel(place).toPoint() for place in line.line)
    return a, b


def test_two_clicks_make_a_line_that_follows_the_hand_between_them(canvas: MapCanvas) -> None:
    line = line_on(canvas)
    moved, put = QSignalSpy(line.line_changing), QSignalSpy(line.line_set)
    line.ask("line")
    assert line.isVisible()
    assert line.cursor().shape() == Qt.CursorShape.CrossCursor
    QTest.mouseClick(line, LEFT, pos=A)
    for spot in (QPoint(150, 120), QPoint(200, 140)):
        move(line, spot)
    assert (moved.count(), put.count()) == (2, 0)
    QTest.mouseClick(line, LEFT, pos=B)
    assert put.count() == 1
    assert ends(line) == (A, B)
    assert heard(put)[0][0] == line.line
    move(line, QPoint(50, 250))
    assert moved.count() <= 3  # after the second click the hand is free
    assert ends(line) == (A, B)


def test_one_stroke_from_a_to_b_makes_a_line_too(canvas: MapCanvas) -> None:
    line = line_on(canvas)
    put = QSignalSpy(line.line_set)
    line.ask("line")
    drag(line, A, QPoint(200, 140), B)
    assert put.count() == 1
    assert ends(line) == (A, B)


def test_a_double_click_at_one_place_is_no_line(canvas: MapCanvas) -> None:
    line = line_on(canvas)
    put = QSignalSpy(line.line_set)
    line.ask("line")
    QTest.mouseClick(line, LEFT, pos=A)
    QTest.mouseDClick(line, LEFT, pos=A)
    assert put.count() == 0
    QTest.mouseClick(line, LEFT, pos=B)
    assert put.count() == 1


def test_ends_and_line_are_dragged_and_say_so_on_the_way(canvas: MapCanvas) -> None:
    line = line_on(canvas)
    line.ask("line")
    drag(line, A, B)
    moved, put = QSignalSpy(line.line_changing), QSignalSpy(line.line_set)
    drag(line, B, QPoint(310, 190), QPoint(330, 200))
    assert ends(line) == (A, QPoint(330, 200))
    assert (moved.count(), put.count()) == (2, 1)
    drag(line, A + QPoint(3, 2), QPoint(90, 80), QPoint(83, 62))
    assert ends(line) == (QPoint(80, 60), QPoint(330, 200))
    middle = QPoint(205, 130)
    drag(line, middle, middle + QPoint(10, 0), middle + QPoint(20, 30))
    assert ends(line) == (QPoint(100, 90), QPoint(350, 230))
    assert put.count() == 3


def test_what_does_not_touch_the_line_goes_to_the_map(canvas: MapCanvas) -> None:
    line = line_on(canvas)
    line.ask("line")
    drag(line, A, B)
    clicked = QSignalSpy(canvas.place_clicked)
    QTest.mouseClick(line, LEFT, pos=QPoint(60, 260))
    assert clicked.count() == 1
    before = canvas.view()
    drag(line, QPoint(60, 260), QPoint(70, 250), QPoint(90, 240))
    after = canvas.view()
    assert after.center_x_m == before.center_x_m - 3000
    assert ends(line) == (A + QPoint(30, -20), B + QPoint(30, -20))  # it stays where it lies on the ground


def test_a_place_is_picked_by_a_click_and_the_map_can_be_dragged_meanwhile(canvas: MapCanvas) -> None:
    line = line_on(canvas)
    picked = QSignalSpy(line.place_picked)
    line.ask("place")
    before = canvas.view()
    drag(line, QPoint(60, 200), QPoint(70, 210), QPoint(90, 220))
    assert picked.count() == 0
    assert canvas.view() != before
    QTest.mouseClick(line, LEFT, pos=QPoint(200, 150))
    x_m, y_m = canvas.view().to_map(200, 150)
    lon, lat = to_lonlat(np.array([x_m]), np.array([y_m]))
    assert heard(picked)[0][0] == pytest.approx((lon[0], lat[0]))


def test_the_line_is_cased_and_has_its_letters_and_an_rhi_has_none(canvas: MapCanvas) -> None:
    line = line_on(canvas)
    line.ask("line")
    drag(line, QPoint(100, 150), QPoint(300, 150))
    image = canvas.grab().toImage()
    outline, panel = QColor(look.LIGHT.outline), QColor(look.LIGHT.panel)
    assert rgb(image, 200, 149) == (outline.red(), outline.green(), outline.blue())
    assert rgb(image, 200, 151) == (panel.red(), panel.green(), panel.blue())
    assert rgb(image, 95, 145) == (panel.red(), panel.green(), panel.blue())
    kept = line.line
    line.show_line(kept, fixed=True)
    bare = canvas.grab().toImage()
    assert rgb(bare, 95, 145) != (panel.red(), panel.green(), panel.blue())
    drag(line, QPoint(300, 150), QPoint(320, 190))
    assert line.line == kept
    line.show_line(None)
    line.ask("")
    assert not line.isVisible()


def test_the_sheet_is_as_large_as_the_map(canvas: MapCanvas, qtbot: QtBot) -> None:
    line = line_on(canvas)
    canvas.resize(640, 420)
    qtbot.waitUntil(lambda: line.size() == canvas.size())

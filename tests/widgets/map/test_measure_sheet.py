"""Ruler and lasso: what a hand clicks is measured on the ellipsoid, and the map can still be dragged."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from models.geodesy import leg, to_mercator
from tests.widgets.hand import move
from widgets.map.canvas import MapCanvas
from widgets.map.measure_sheet import MeasureSheet, area_words, length_words

BOUNDS = (106.5, 28.5, 106.9, 28.9)


@pytest.fixture
def canvas(qtbot: QtBot) -> MapCanvas:
    canvas = MapCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(800, 600)
    canvas.show()
    canvas.show_extent(*BOUNDS)
    return canvas


@pytest.fixture
def sheet(canvas: MapCanvas) -> MeasureSheet:
    return MeasureSheet(canvas)


def pixel(canvas: MapCanvas, lon: float, lat: float) -> QPoint:
    x, y = canvas.view().to_pixels(*to_mercator(np.array([lon]), np.array([lat])))
    return QPointF(float(x[0]), float(y[0])).toPoint()


def click(sheet: MeasureSheet, *places: QPoint) -> None:
    for place in places:
        QTest.mouseClick(sheet, Qt.MouseButton.LeftButton, pos=place)


def test_a_ruler_says_the_way_the_last_leg_and_its_bearing(canvas: MapCanvas, sheet: MeasureSheet) -> None:
    sheet.begin("ruler")
    click(sheet, QPoint(200, 300), QPoint(400, 300), QPoint(400, 150))
    sheet.finish()
    first, second, third = sheet.corners
    way = leg(first, second)[0] + leg(second, third)[0]
    labels = [said for _, said in sheet.labels()]
    assert labels[0] == length_words(leg(first, second)[0])
    assert labels[1].startswith(length_words(way))
    assert "0°" in labels[1]
    assert length_words(leg(second, third)[0]) in labels[1]
    assert canvas.grab().toImage().pixelColor(300, 300) != canvas.grab().toImage().pixelColor(300, 320)


def test_a_lasso_closes_on_its_first_corner_and_tells_its_area(sheet: MeasureSheet, qtbot: QtBot) -> None:
    sheet.begin("area")
    corners = [QPoint(200, 200), QPoint(500, 200), QPoint(500, 400), QPoint(200, 400)]
    click(sheet, *corners)
    with qtbot.waitSignal(sheet.area_set) as told:
        click(sheet, QPoint(202, 202))
    assert told.args == [sheet.corners]
    assert len(sheet.corners) == 4
    assert sheet.labels()[-1][1].endswith("km²")
    sheet.begin("area")
    click(sheet, *(corners[n] for n in (0, 2, 1, 3)))
    assert sheet.labels()[-1][1].endswith("km²  crosses itself")


def test_two_corners_are_no_area(sheet: MeasureSheet, qtbot: QtBot) -> None:
    sheet.begin("area")
    click(sheet, QPoint(200, 200), QPoint(400, 200))
    with qtbot.assertNotEmitted(sheet.area_set):
        sheet.finish()
    assert not sheet.done


def test_a_click_on_the_sheet_opens_nothing_below_and_a_drag_moves_the_map(
    canvas: MapCanvas, sheet: MeasureSheet, qtbot: QtBot
) -> None:
    sheet.begin("ruler")
    with qtbot.assertNotEmitted(canvas.place_clicked):
        click(sheet, QPoint(200, 300))
    before = canvas.view()
    move(sheet, QPoint(300, 300))
    assert canvas.view() == before
    QTest.mousePress(sheet, Qt.MouseButton.LeftButton, pos=QPoint(300, 300))
    for x in (310, 340, 380):
        move(sheet, QPoint(x, 300))
    QTest.mouseRelease(sheet, Qt.MouseButton.LeftButton, pos=QPoint(380, 300))
    assert canvas.view().center_x_m < before.center_x_m
    assert len(sheet.corners) == 1


def test_backspace_and_the_end_take_away(sheet: MeasureSheet, qtbot: QtBot) -> None:
    sheet.begin("ruler")
    click(sheet, QPoint(200, 300), QPoint(400, 300))
    sheet.back()
    assert len(sheet.corners) == 1
    with qtbot.waitSignal(sheet.ended):
        sheet.end()
    assert not sheet.isVisible()
    assert not sheet.corners
    with qtbot.assertNotEmitted(sheet.ended):
        sheet.end()


def test_after_the_whole_is_set_the_next_click_begins_anew(sheet: MeasureSheet) -> None:
    sheet.begin("ruler")
    click(sheet, QPoint(200, 300), QPoint(400, 300))
    sheet.finish()
    click(sheet, QPoint(100, 100))
    assert len(sheet.corners) == 1


@pytest.mark.parametrize(
    ("length_m", "said"), [(0, "0 m"), (999.4, "999 m"), (1000, "1.00 km"), (9996, "10.00 km"), (12_345, "12.3 km")]
)
def test_lengths_have_the_unit_a_hand_would_write(length_m: float, said: str) -> None:
    assert length_words(length_m) == said


def test_areas_below_a_square_kilometer_are_hectares() -> None:
    assert area_words(120_000) == "12.00 ha"
    assert area_words(2_500_000) == "2.50 km²"

"""The page of an import: columns go where a hand points them, findings have heads, a refusal says why and what to do."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from layers.drawing import Drawings, Symbols
from models.register import quality
from models.register.mapping import AS_IT_IS, LEFT_OUT, map_columns
from models.register.shift import PositionFigures
from models.register.table import Cell
from tests.models.register.given import HEADERS, ground, points, row, table
from tests.widgets import fit
from widgets.pieces import Text
from widgets.register.import_page import ImportPage, ImportState
from widgets.register.position_panel import Figures

HEADS = (*HEADERS, "blue_1h", "red_1h", "高度(cm)", "备注2")
WORDS_INSIDE = ("_1h", "lon_deg", "warn_unit", "wkt")


def state(*rows: list[Cell], headers: tuple[str, ...] = HEADS, crs: str = "", **by_hand: str) -> ImportState:
    sheet = table(*rows, headers=headers)
    mapping = map_columns(sheet, points(), by_hand=by_hand)
    judged = quality.judge(sheet, mapping, points(), ground(), crs=crs)
    none = np.empty(0)
    empty = Drawings((Symbols("import.points", none, none, none.astype(np.uint8), ("point.none",), ()),))
    return ImportState(
        *("points.xlsx", points(), judged, {}, (), 3, 1, empty, empty), missing=7, crs=crs, systems=("wgs84", "gcj02")
    )


def sound(number: int, **cells: Cell) -> list[Cell]:
    return [*row(number, **cells), 30, 50, 120, None]


@pytest.fixture
def page(qtbot: QtBot) -> ImportPage:
    page = ImportPage()
    qtbot.addWidget(page)
    page.resize(1366, 700)
    page.show()
    return page


def faults(page: ImportPage) -> list[str]:
    QApplication.processEvents()
    return fit.faults(page)


def said(page: ImportPage) -> list[str]:
    return [piece.text for piece in page.strip.words.pieces() if isinstance(piece, Text)]


def heads(page: ImportPage) -> list[str]:
    return [piece.text for piece in page._finding_heads.pieces() if isinstance(piece, Text)]


@pytest.mark.parametrize("width", [1366, 1920])
def test_findings_have_heads_and_no_reason_is_cut(page: ImportPage, width: int) -> None:
    page.resize(width, 900)
    page.show_state(state(sound(1, 电话="000-0000-O117"), sound(2, 经度="24.01", 纬度=113.02), sound(3)))
    assert heads(page)[0] == "Line"
    assert "Mend gives" in heads(page)
    assert not faults(page)
    laid = [piece.text for piece in page.findings.pieces() if isinstance(piece, Text)]
    assert "Longitude and latitude swapped" in laid
    assert not [text for text in laid if any(word in text for word in WORDS_INSIDE)]


@pytest.mark.qt_log_ignore("This plugin does not support grabbing the keyboard", extend=True)
def test_a_column_is_pointed_at_a_field_by_keys_alone(page: ImportPage) -> None:
    page.show_state(state(sound(1), sound(2)))
    asked = QSignalSpy(page.column_requested)
    page.columns.setFocus()
    for _ in HEADS[1:]:
        QTest.keyClick(page.columns, Qt.Key.Key_Down)
    strip = page.mapping
    assert strip.field.currentData() == AS_IT_IS
    strip.change.click()
    assert strip.field.hasFocus() or strip.field.view().isVisible()
    strip.field.hidePopup()
    for key, found in ((LEFT_OUT, ("备注2", LEFT_OUT)), ("source", ("备注2", "source"))):
        strip.field.setCurrentIndex(strip.field.findData(key))
        strip.field.activated.emit(strip.field.currentIndex())
        assert tuple(asked.at(asked.count() - 1)) == found


def test_a_threshold_may_stand_in_centimeters(page: ImportPage) -> None:
    page.show_state(state(sound(1), sound(2), red_1h="red_1h[cm]"))
    page.columns.show_selected(f"column:{HEADS.index('red_1h')}")
    page._show_column()
    strip = page.mapping
    assert [strip.unit.itemText(n) for n in range(strip.unit.count())] == ["mm", "cm", "m", "km"]
    assert strip.unit.currentData() == "cm"
    asked = QSignalSpy(page.column_requested)
    strip.unit.setCurrentIndex(0)
    strip.unit.activated.emit(0)
    assert asked.at(0) == ["red_1h", "red_1h[mm]"]


def test_a_file_without_kinds_is_asked_for_one_and_the_coordinates_are_a_choice(page: ImportPage) -> None:
    headers = tuple(one for one in HEADS if one != "类型")
    cells = [cell for one, cell in zip(HEADS, sound(1), strict=True) if one != "类型"]
    page.show_state(state(cells, headers=headers))
    strip = page.mapping
    assert strip.kind.isVisible()
    kinds, systems = QSignalSpy(page.kind_requested), QSignalSpy(page.coordinates_requested)
    strip.kind.setCurrentIndex(strip.kind.findData("landslide"))
    strip.kind.activated.emit(strip.kind.currentIndex())
    assert kinds.at(0) == ["landslide"]
    strip.coordinates.setCurrentIndex(strip.coordinates.findData("gcj02"))
    strip.coordinates.activated.emit(strip.coordinates.currentIndex())
    assert systems.at(0) == ["gcj02"]
    page.foot.write.click()
    assert "choose the kind below the columns" in " ".join(said(page))


def test_what_cannot_be_imported_says_why_and_what_to_do(page: ImportPage) -> None:
    asked = QSignalSpy(page.import_requested)
    page.show_state(state(sound(1), sound(2, 电话="000-0000-O117"), sound(3, 名称="")))
    page.foot.write.click()
    assert asked.count() == 0
    assert "rows do not pass" in " ".join(said(page)) or "row" in " ".join(said(page))
    assert "leave them out with L" in " ".join(said(page))
    assert not faults(page)
    page.show_state(state(sound(1), sound(2)))
    assert page.strip.isHidden()
    page.foot.write.click()
    assert asked.count() == 1


def test_work_shows_how_far_it_is_and_can_be_stopped(page: ImportPage) -> None:
    page.show_state(state(sound(1)))
    stopped = QSignalSpy(page.stop_requested)
    page.show_work("Checking every row", 0.4)
    assert page.strip.isVisible()
    assert not page.foot.leave.isEnabled()
    assert not faults(page)
    page.strip.stop.click()
    assert stopped.count() == 1
    page.show_work("")
    assert page.strip.isHidden()
    assert page.foot.leave.isEnabled()


def test_each_number_of_the_totals_stands_nearest_to_its_own_word(page: ImportPage) -> None:
    page.show_state(state(sound(1), sound(2, 名称=""), sound(3)))
    laid = [piece for piece in page.foot.outcome.pieces() if isinstance(piece, Text)]
    assert [piece.text for piece in laid[:6]] == ["Read", "3", "pass", "2", "refused", "1"]
    gaps = [after.rect.left() - before.rect.right() for before, after in pairwise(laid)]
    assert min(gaps[1::2]) >= 3 * max(gaps[::2])


def test_the_head_says_which_step_is_at_hand(page: ImportPage) -> None:
    page.show_reading("points.xlsx", points())
    assert steps(page) == ["File", "Columns", "Check", "Import"]
    no_name = tuple("x" if one == "名称" else one for one in HEADS)
    page.show_state(state(sound(1), headers=no_name))
    assert steps(page) == ["✓ File", "Columns", "Check", "Import"]
    page.show_state(state(sound(1), sound(2, 名称="")))
    assert steps(page) == ["✓ File", "✓ Columns", "Check", "Import"]
    page.show_state(state(sound(1), sound(2)))
    assert steps(page) == ["✓ File", "✓ Columns", "✓ Check", "Import"]
    assert not faults(page)


def steps(page: ImportPage) -> list[str]:
    return [piece.text for piece in page.head.pieces() if isinstance(piece, Text)][:4]


@pytest.mark.parametrize("width", [360, 520, 700])
def test_the_figures_of_both_readings_keep_apart_at_any_width(qtbot: QtBot, width: int) -> None:
    figures = Figures()
    qtbot.addWidget(figures)
    figures.resize(width, figures.height())
    figures.show()
    read = PositionFigures(12438, 2318.0, (), 3, 12438, 10266, 12421, 12516.0, 312.0)
    figures.show_figures(read, read, ("as it stands in the file", "converted from GCJ-02"))
    assert not fit.faults(figures)

"""Which layers of a file: the list says what each is, keys take one, all or none."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from layers.read_raster import Field
from widgets.map.part_choice import MOST_AT_ONCE, PartChoice

FIELDS = (
    Field("1", "Total precipitation", "kg/m2", datetime(2026, 6, 17, 18, tzinfo=UTC)),
    Field("t2m:1", "Temperature", "K"),
    Field("zones", "zones"),
)


@pytest.fixture
def choice(qtbot: QtBot) -> PartChoice:
    made = PartChoice()
    qtbot.addWidget(made)
    made.resize(520, 380)
    made.show_parts("forecast.nc", FIELDS)
    return made


def test_enter_takes_the_selected_one_and_escape_none(choice: PartChoice) -> None:
    heard: list[tuple[str, ...]] = []
    choice.chosen.connect(heard.append)
    QTest.keyClick(choice.list, Qt.Key.Key_Down)
    QTest.keyClick(choice.list, Qt.Key.Key_Return)
    assert choice.isHidden()
    choice.show_parts("forecast.nc", FIELDS)
    QTest.keyClick(choice.list, Qt.Key.Key_Escape)
    choice.show_parts("forecast.nc", FIELDS)
    choice._all.click()
    assert heard == [("t2m:1",), (), ("1", "t2m:1", "zones")]


def test_each_row_says_what_it_is_in_which_unit_and_of_when(choice: PartChoice) -> None:
    texts = [[piece.text for piece in row.lay(520.0)] for row in choice.list._rows]  # type: ignore[union-attr]
    assert texts[0] == ["Total precipitation", "kg/m2  06-18 02:00  1"]
    assert texts[2] == ["zones"]
    for row in choice.list._rows:
        assert all(piece.rect.right() <= 520 - 15 for piece in row.lay(520.0))


def test_hundreds_of_fields_are_not_all_put_on_the_map_at_once(choice: PartChoice) -> None:
    choice.show_parts("forecast.nc", tuple(Field(str(n), f"field {n}") for n in range(MOST_AT_ONCE + 1)))
    assert not choice._all.isEnabled()


def test_what_is_not_offered_is_counted_and_cannot_be_taken(choice: PartChoice) -> None:
    choice.show_parts("forecast.nc", (*FIELDS, Field("", "", more=32_568)))
    assert "32,568" in choice.list._rows[-1].lay(520.0)[0].text  # type: ignore[union-attr]
    assert not choice._all.isEnabled()
    heard: list[tuple[str, ...]] = []
    choice.chosen.connect(heard.append)
    QTest.keyClick(choice.list, Qt.Key.Key_End)
    QTest.keyClick(choice.list, Qt.Key.Key_Return)
    assert ("",) not in heard


def test_of_sheets_the_first_with_rows_is_offered_and_hidden_or_empty_ones_are_named(choice: PartChoice) -> None:
    sheets = (
        Field("空", "空", rows=0),
        Field("说明", "说明", rows=3, columns=1),
        Field("旧", "旧", rows=9, columns=4, is_hidden=True),
        Field("甲镇", "甲镇", rows=1200, columns=5),
        Field("乙镇", "乙镇", rows=7, columns=5),
    )
    choice.show_parts("a.xlsx", sheets)
    texts = [[piece.text for piece in row.lay(520.0)] for row in choice.list._rows]  # type: ignore[union-attr]
    assert [text[1] for text in texts] == ["empty", "3 rows × 1 columns", "hidden  9 rows × 4 columns", "1,200 rows × 5 columns",
                                           "7 rows × 5 columns"]  # fmt: skip
    assert choice.list.selected == "甲镇"
    heard: list[tuple[str, ...]] = []
    choice.chosen.connect(heard.append)
    choice._all.click()
    assert heard == [("甲镇", "乙镇")]
    choice.show_parts("a.xlsx", (*sheets[:4], replace(sheets[4], is_usual=True)))
    assert choice.list.selected == "乙镇"

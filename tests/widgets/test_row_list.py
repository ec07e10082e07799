"""The one list: selection, keys, tooltips, and the row under the hand that stays."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.widgets.hand import move
from widgets import pieces
from widgets.pieces import Piece, Run
from widgets.row_list import Row, RowList, wrap


def row(row_id: str, *, selectable: bool = True) -> Row:
    def lay(width: float) -> list[Piece]:
        return [
            *pieces.line(8, width - 40, 19, [Run(row_id, elide=True)]),
            pieces.Fill(QRectF(width - 30, 0, 30, 28), "panel", hit="part", tip=f"part of {row_id}"),
        ]

    return Row(row_id, 28, lay, selectable, tip=f"row {row_id}")


def shown(qtbot: QtBot, *ids: str, height: int = 140) -> RowList:
    made = RowList(empty="Nothing yet.")
    made.resize(200, height)
    made.show_rows(tuple(row(i) for i in ids))
    qtbot.addWidget(made)
    made.show()
    assert QTest.qWaitForWindowExposed(made)
    return made


def test_showing_rows_or_a_selection_emits_nothing(qtbot: QtBot) -> None:
    made = shown(qtbot, "a", "b")
    spies = [QSignalSpy(s) for s in (made.row_selected, made.row_activated, made.part_clicked)]
    made.show_rows((row("a"), row("c")))
    made.show_selected("c")
    assert [spy.count() for spy in spies] == [0, 0, 0]
    assert made.selected == "c"


def test_arrows_move_over_rows_that_can_be_selected(qtbot: QtBot) -> None:
    made = shown(qtbot, "a", "c")
    made.show_rows((row("a"), row("note", selectable=False), row("c")))
    made.show_selected("a")
    with qtbot.waitSignal(made.row_selected) as got:
        QTest.keyClick(made, Qt.Key.Key_Down)
    assert got.args == ["c"]


def test_a_click_on_a_part_says_which(qtbot: QtBot) -> None:
    made = shown(qtbot, "a", "b")
    with qtbot.waitSignal(made.part_clicked) as got:
        QTest.mouseClick(made.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(190, 40))
    assert got.args == ["b", "part"]
    assert made.selected == "b"


def test_the_tooltip_is_that_of_the_part_or_of_the_row(qtbot: QtBot) -> None:
    made = shown(qtbot, "a")
    assert made.tip_at(QPoint(190, 10)) == "part of a"
    assert made.tip_at(QPoint(120, 10)) == "row a"
    assert made.tip_at(QPoint(10, 100)) == ""


def test_a_new_row_does_not_move_the_one_under_the_hand(qtbot: QtBot, monkeypatch: object) -> None:
    made = shown(qtbot, "a", "b", "c")
    move(made.viewport(), QPoint(20, 40))
    assert made.viewport().underMouse()
    before = made.row_rect("b")
    made.show_rows(tuple(row(i) for i in ("new", "newer", "a", "b", "c")))
    assert made.row_rect("b") == before
    assert made.row_rect("new").top() < 0


def test_a_row_brought_into_sight_scrolls_no_further_than_needed(qtbot: QtBot) -> None:
    made = shown(qtbot, *[f"r{n}" for n in range(40)])
    made.show_selected("r39")
    assert made.row_rect("r39").bottom() == made.viewport().height()
    assert made.content_height() == 40 * 28


def test_an_empty_list_says_what_will_appear(qtbot: QtBot) -> None:
    made = shown(qtbot)
    assert [p.text for p in made.pieces() if isinstance(p, pieces.Text)] == ["Nothing yet."]


def test_chinese_breaks_anywhere_but_never_before_a_comma() -> None:
    lines = wrap("预计未来三小时，石坑镇、云台镇雨量将达一百毫米以上。", 130, 13)
    assert len(lines) > 2
    assert "".join(lines) == "预计未来三小时，石坑镇、云台镇雨量将达一百毫米以上。"
    assert not any(line[0] in "，。、" for line in lines)
    assert all(pieces.width_of(line, 13) <= 145 for line in lines)


def test_english_breaks_between_words() -> None:
    assert wrap("rain has reached the threshold", 90, 13) == ["rain has", "reached the", "threshold"]


def test_the_hand_of_a_test_reaches_its_widget_under_a_window_left_by_another(qtbot: QtBot) -> None:
    made = shown(qtbot, "a", "b", "c")
    over = QWidget()
    qtbot.addWidget(over)
    over.setGeometry(made.window().frameGeometry())
    over.show()
    move(made.viewport(), QPoint(20, 40))
    assert made.viewport().underMouse()

"""The table of a register: only what is seen is painted, the hand moves by keys, nothing that is shown is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from models.register.record import Record
from models.register.row_filter import condition
from models.register.rows import Rows
from tests.counting import calls
from tests.models.register.table_records import TODAY, UNITS, days_ago, limits, units
from tests.widgets import fit
from tests.widgets.hand import heard
from widgets import language, theme
from widgets.pieces import Mark, Text
from widgets.register import cells
from widgets.register.column_heads import MORE
from widgets.register.register_panel import RegisterPanel
from widgets.register.row_area import RowArea

WIDE, NARROW = (1248, 330), (774, 246)


def many(count: int) -> tuple[Record, ...]:
    return tuple(
        Record(
            *("units", f"U{n:05d}", f"点{n}", "mine", 106.0, 28.0, f"镇{n % 7}", f"村{n % 13}"),
            values={"people": n % 400, "seen_on": days_ago(n % 30), "thresholds": limits(1, 3, red_mm=30.0)},
        )
        for n in range(count)
    )


def rows_of(records: tuple[Record, ...], **facts: object) -> Rows:
    spoken = language.current()
    return Rows(UNITS, records, today=TODAY, language=spoken, words=cells.state_words(), **facts)  # type: ignore[arg-type]


def shown(qtbot: QtBot, rows: Rows | None = None, size: tuple[int, int] = WIDE) -> RegisterPanel:
    rows = rows if rows is not None else rows_of(units(), levels={"U1": "red", "U2": "none"})
    panel = RegisterPanel()
    panel.resize(*size)
    qtbot.addWidget(panel)
    panel.show_choices((("units", "Units 5"), ("people", "People 0")))
    panel.show_rows(rows, rows.shown())
    panel.show_page(panel.table, "units")
    panel.show()
    assert QTest.qWaitForWindowActive(panel)
    panel.table.area.setFocus()
    return panel


def texts(panel: RegisterPanel) -> list[str]:
    return [piece.text for piece in panel.table.area.pieces() if isinstance(piece, Text)]


@pytest.mark.parametrize("spoken", ["zh", "en"])
@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_every_text_of_the_table_fits(
    qtbot: QtBot, put_on: Callable[[str, str], None], size: tuple[int, int], look: str, spoken: str
) -> None:
    put_on(look, spoken)
    panel = shown(qtbot, size=size)
    panel.table.show_selected("units", "U2")
    assert fit.faults(panel) == []
    panel.table.filters.begin("town")
    assert fit.faults(panel) == []


def test_showing_emits_nothing(qtbot: QtBot) -> None:
    panel = shown(qtbot)
    table = panel.table
    spies = [QSignalSpy(s) for s in (table.record_selected, table.sort_requested, table.filter_changed)]
    rows = rows_of(units())
    panel.show_rows(rows, rows.shown("people"), typed={"town": "石坑"})
    table.show_selected("units", "U4")
    table.show_sort("people", descending=True)
    assert [spy.count() for spy in spies] == [0, 0, 0]


def test_arrows_pages_and_ends_move_the_selection(qtbot: QtBot) -> None:
    panel = shown(qtbot, rows_of(many(100)))
    area, spy = panel.table.area, QSignalSpy(panel.table.record_selected)
    page = area.viewport().height() // 28
    keys = (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_PageDown, Qt.Key.Key_End, Qt.Key.Key_Up, Qt.Key.Key_Home)
    for key in keys:
        QTest.keyClick(area, key)
    wanted = [0, 1, 1 + page, 99, 98, 0]
    assert heard(spy) == [["units", f"U{n:05d}"] for n in wanted]
    assert area.seen()[0] == 0
    QTest.keyClick(area, Qt.Key.Key_PageUp)
    assert spy.count() == len(keys)


def test_enter_shows_the_record_on_the_map_and_e_opens_it(qtbot: QtBot) -> None:
    panel = shown(qtbot)
    panel.table.show_selected("units", "U4")
    with qtbot.waitSignal(panel.table.record_activated) as went:
        QTest.keyClick(panel.table.area, Qt.Key.Key_Return)
    with qtbot.waitSignal(panel.table.edit_requested) as opened:
        QTest.keyClick(panel.table.area, Qt.Key.Key_E)
    assert went.args == opened.args == ["units", "U4"]


def test_the_selection_of_another_register_is_none_here(qtbot: QtBot) -> None:
    panel = shown(qtbot)
    panel.table.show_selected("units", "U4")
    panel.table.show_selected("people", "U4")
    assert panel.table.area.selected == ""


def test_a_selected_row_that_is_seen_stays_in_sight_when_the_table_gets_lower(qtbot: QtBot) -> None:
    panel = shown(qtbot, rows_of(many(300)))
    area = panel.table.area
    area.show_selected("U00200")
    panel.resize(panel.width(), panel.height() - 3 * 28)
    QApplication.processEvents()
    assert area.is_seen("U00200")
    area.verticalScrollBar().setValue(0)
    panel.resize(panel.width(), panel.height() + 28)
    QApplication.processEvents()
    assert area.verticalScrollBar().value() == 0, "whoever scrolled elsewhere stays there"
    fresh = RowArea()
    qtbot.addWidget(fresh)
    fresh.resize(600, 10)
    rows = rows_of(many(300))
    fresh.show_rows(rows, rows.shown())
    fresh.show_selected("U00200")
    fresh.resize(600, 200)
    fresh.show()
    assert fresh.is_seen("U00200"), "it was selected before there was room for a row"


def test_the_selected_row_is_framed_and_says_that_it_is_on_the_map(qtbot: QtBot) -> None:
    panel = shown(qtbot)
    panel.table.show_selected("units", "U2")
    area = panel.table.area
    picture, box = area.viewport().grab().toImage(), area.row_rect("U2")
    ink = theme.current().color("outline").rgb()
    for y in (int(box.top()), int(box.top()) + 1, int(box.bottom()) - 1):
        assert picture.pixelColor(600, y).rgb() == ink
    assert texts(panel).count("on the map") == 1


def test_states_are_words_and_marks_and_what_is_missing_is_a_dash(qtbot: QtBot) -> None:
    panel = shown(qtbot)
    said = texts(panel)
    assert {"red", "no level", "not judged", "no position", "inactive"} <= set(said)
    assert [piece for piece in panel.table.area.pieces() if isinstance(piece, Mark)]
    tags = [piece.text for piece in panel.table.area.pieces() if isinstance(piece, Text) and piece.ground == "tag"]
    assert "overdue 51 d" in tags
    assert said.count("—") > 5


def test_space_sorts_by_the_column_that_left_and_right_choose(qtbot: QtBot) -> None:
    panel = shown(qtbot)
    table, spy = panel.table, QSignalSpy(panel.table.sort_requested)
    for _ in range(6):
        QTest.keyClick(table.area, Qt.Key.Key_Right)
    assert table.current == "people"
    for _ in range(3):
        QTest.keyClick(table.area, Qt.Key.Key_Space)
        key, descending = heard(spy)[-1]
        table.show_sort(str(key), descending=bool(descending))
    assert heard(spy) == [["people", True], ["people", False], ["", False]]
    table.heads.part_clicked.emit("town")
    assert heard(spy)[-1] == ["town", False]


def test_columns_that_find_no_room_come_by_the_arrows_or_a_list_and_name_and_state_stay(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = shown(qtbot, size=NARROW)
    table = panel.table

    def seen() -> list[str]:
        return [one.column.key for one in table.filters._places]

    first = seen()
    assert "shelter" not in first
    for _ in range(11):
        QTest.keyClick(table.area, Qt.Key.Key_Right)
    assert table.current == "shelter"
    assert "shelter" in seen()
    assert (seen()[0], seen()[-1]) == ("name", "state")
    for _ in range(11):
        QTest.keyClick(table.area, Qt.Key.Key_Left)
    assert seen() == first
    monkeypatch.setattr(table.menu, "popup", lambda _: None)  # the screen of the tests knows no window over another
    table.heads.part_clicked.emit(MORE)
    listed = [action.text() for action in table.menu.actions()]
    assert len(listed) == len(table._rows.columns) - len(first)  # type: ignore[union-attr]
    table.menu.actions()[-1].trigger()
    assert table.current in seen()
    assert table.current not in first


def test_a_slash_goes_to_the_filter_and_what_is_typed_is_told(qtbot: QtBot) -> None:
    panel = shown(qtbot)
    table, spy = panel.table, QSignalSpy(panel.table.filter_changed)
    QTest.keyClick(table.area, Qt.Key.Key_Slash)
    field = table.filters.field
    assert field.hasFocus()
    QTest.keyClicks(field, "ab")
    QTest.keyClick(field, Qt.Key.Key_Tab)
    QTest.keyClicks(field, "c")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert table.area.hasFocus()
    assert not field.isVisible()
    assert heard(spy) == [["name", "a"], ["name", "ab"], ["kind", "c"]]
    table.filters.begin("name")
    assert field.text() == "ab"
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert heard(spy)[-1] == ["name", ""]
    assert table.area.hasFocus()


def test_a_click_into_a_box_begins_there_and_windows_share_one(qtbot: QtBot) -> None:
    panel = shown(qtbot)
    filters = panel.table.filters
    box = filters._box("thresholds")
    assert box.width() > 1.5 * 52
    QTest.mouseClick(filters, Qt.MouseButton.LeftButton, pos=box.center().toPoint())
    QTest.keyClicks(filters.field, "9")
    assert filters._group == "thresholds"


def test_the_head_counts_rows_and_what_is_filtered(qtbot: QtBot) -> None:
    panel = shown(qtbot)
    rows = rows_of(units())
    panel.show_rows(rows, rows.shown(filters={"town": condition("石坑")}), typed={"town": "石坑"})
    said = fit.texts_of(panel)
    assert {"5 entries", "filtered", "2", "rows 1-2 of 2", "石坑"} <= set(said)


def test_empty_tables_say_what_to_do(qtbot: QtBot) -> None:
    empty = rows_of(())
    panel = shown(qtbot, empty)
    assert any("Import" in text for text in texts(panel))
    rows = rows_of(units())
    panel.show_rows(rows, rows.shown(filters={"town": condition("nowhere")}), typed={"town": "nowhere"})
    assert any("Escape" in text for text in texts(panel))
    panel.show_rows(None, None)
    assert any("being read" in text for text in texts(panel))


def test_acts_of_the_head_are_told_and_the_chooser_names_a_register(qtbot: QtBot) -> None:
    panel = shown(qtbot)
    head = panel.head
    pairs = (
        (head.add, panel.new_requested),
        (head.import_, panel.import_requested),
        (head.export, panel.export_requested),
        (head.time_line, panel.time_line_requested),
    )
    for button, signal in pairs:
        with qtbot.waitSignal(signal):
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(panel.page_requested) as got:
        head.chooser.activated.emit(1)
    assert got.args == ["people"]
    assert not head.undo.isVisible()
    panel.show_undo(possible=True)
    assert head.undo.isVisible()


def test_a_click_selects_and_a_double_click_goes_to_the_map(qtbot: QtBot) -> None:
    panel = shown(qtbot)
    area = panel.table.area
    spot = area.row_rect("U4").center().toPoint()
    with qtbot.waitSignal(panel.table.record_selected) as got:
        QTest.mouseClick(area.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    with qtbot.waitSignal(panel.table.record_activated):
        QTest.mouseDClick(area.viewport(), Qt.MouseButton.LeftButton, pos=spot)
        QTest.mouseRelease(
            area.viewport(), Qt.MouseButton.LeftButton, pos=spot
        )  # Qt's own double click leaves the button down
    assert got.args == ["units", "U4"]


def test_an_elided_cell_is_told_whole(qtbot: QtBot) -> None:
    long = Record("units", "U1", "一个名字很长很长很长很长很长很长很长很长很长的单位", "mine", 106.7, 28.8, "石坑镇")
    panel = shown(qtbot, rows_of((long,)), size=NARROW)
    assert panel.table.area.tip_at(QPoint(80, 12)) == long.name


def test_fifty_thousand_rows_paint_as_quickly_as_fifty(qtbot: QtBot) -> None:
    few = shown(qtbot, rows_of(many(50))).table.area
    panel = shown(qtbot, rows_of(many(50_000)))
    area = panel.table.area
    for one in (few, area):
        one.viewport().repaint()  # the first look lays out what the next ones find
    wanted, spent = calls(few.viewport().repaint), calls(area.viewport().repaint)
    assert 0 < spent <= 1.2 * wanted
    area.verticalScrollBar().setValue(1_000_000)
    assert 0 < calls(area.viewport().repaint) < 20 * wanted, "rows never seen before are laid out, and only those"
    assert len([piece for piece in area.pieces() if isinstance(piece, Text)]) < 200
    QTest.keyClick(area, Qt.Key.Key_End)
    assert area.is_seen("U49999")

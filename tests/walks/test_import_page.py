"""A register that a county sends, with faults, on its way through the page: judged, mended by keys, imported, taken back."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import openpyxl
from PySide6.QtCore import Qt

from app.demo.people import EXERCISE_PINS, FORECASTER
from app.demo.register_excel import write_faulty_register, write_register
from app.demo.scene import OPENING_AT
from app.office import Office
from app.registers.import_wires import ImportTool
from models.hazard.level import Level
from models.register.mapping import LEFT_OUT, How
from models.register.record import Record
from models.store import registers
from tests.walks.open_console import OpenConsole, open_console
from tests.widgets.fit import faults
from widgets.register.import_page import ImportState

CONTROL = Qt.KeyboardModifier.ControlModifier


def begun(opened: OpenConsole, file: Path) -> ImportTool:
    opened.settle()
    opened.console.duty.sign_in(FORECASTER.id, EXERCISE_PINS[FORECASTER.id])
    opened.settle()
    tool = opened.console.one_map.imports
    opened.until(lambda: opened.console.one_map.registers.desk.is_read)
    tool.begin(file, "hazard_points")
    opened.until(lambda: tool.desk.state is not None)
    opened.settle()
    return tool


def shown(tool: ImportTool) -> ImportState:
    state = tool.desk.state
    assert state is not None
    return state


def column(tool: ImportTool, *ways: How) -> set[str]:
    return {one.header for one in shown(tool).quality.mapping.columns if one.how in ways}


def _has_made(tool: ImportTool, count: int) -> bool:
    return len(shown(tool).chosen) == count


def points(opened: OpenConsole) -> tuple[Record, ...]:
    return opened.console.store.read(lambda db: registers.records(db, "hazard_points"))


def test_a_shifted_file_with_forty_faults_is_mended_by_keys_imported_and_taken_back(
    morning: Office, tmp_path: Path
) -> None:
    file = tmp_path / "青岚县隐患点2026.xlsx"
    planted = write_faulty_register(file, shifted=True)
    with open_console(morning, OPENING_AT) as opened:
        opened.console.rooms.window.resize(1920, 1080)
        before = points(opened)
        tool = begun(opened, file)
        window, page = opened.console.rooms.window, tool.page
        assert page.isVisible()
        state = shown(tool)
        assert not state.quality.importable
        groups = {group.kind for group in state.quality.groups}
        assert {"shift", "duplicates", "swapped", "village", "thresholds", "levels", "phones"} <= groups
        told = {one.line for one in state.quality.findings if one.line}
        assert {fault.line for fault in planted} <= told
        assert tool.page.position.maps[1].isVisible()
        assert not faults(page)

        opened.press(Qt.Key.Key_1)  # the whole file is converted
        opened.until(lambda: shown(tool).chosen == ("convert_gcj02",))
        assert "shift" not in {group.kind for group in shown(tool).quality.groups}
        while any(group.mends for group in shown(tool).quality.groups):
            made = len(shown(tool).chosen)
            opened.press(Qt.Key(Qt.Key.Key_1 + made))
            opened.until(partial(_has_made, tool, made + 1))
        refused = shown(tool).quality.refused_lines
        opened.press(Qt.Key.Key_Return, CONTROL)
        assert page.strip.isVisible()  # and says why
        assert points(opened) == before  # nothing is imported until every row passes or is left out

        assert refused
        opened.press(Qt.Key.Key_L)
        opened.until(lambda: shown(tool).leaves_out)
        assert shown(tool).quality.importable
        assert not faults(page)
        count = len(shown(tool).quality.records)
        opened.press(Qt.Key.Key_Return, CONTROL)
        opened.until(page.isHidden)
        opened.settle()
        after = points(opened)
        assert after != before
        assert window.notices.isVisible()
        kept = {record.id: record for record in before}
        assert len([record for record in after if record != kept.get(record.id)]) <= count

        opened.press(Qt.Key.Key_Z, CONTROL | Qt.KeyboardModifier.ShiftModifier)
        opened.until(lambda: points(opened) == before)


def test_leaving_the_page_leaves_the_register_as_it_is(morning: Office, tmp_path: Path) -> None:
    file = tmp_path / "points.xlsx"
    write_faulty_register(file)
    with open_console(morning, OPENING_AT) as opened:
        before = points(opened)
        tool = begun(opened, file)
        opened.press(Qt.Key.Key_Escape)
        assert tool.page.isHidden()
        assert tool.desk.state is None
        assert points(opened) == before
        _of_several_sheets_one_is_chosen_and_remembered(opened, tool, file)


def _of_several_sheets_one_is_chosen_and_remembered(opened: OpenConsole, tool: ImportTool, file: Path) -> None:
    book = openpyxl.load_workbook(file)
    first = book.worksheets[0].title
    book.copy_worksheet(book.worksheets[0]).title = "另一张"
    book.save(file)
    choice = tool.page.sheets
    tool.begin(file, "hazard_points")
    opened.until(choice.isVisible)
    assert (choice.list.selected, tool.desk.at_work, tool.desk.state) == (first, "", None)
    opened.press(Qt.Key.Key_Escape)
    assert tool.page.isHidden()
    tool.begin(file, "hazard_points")
    opened.until(choice.isVisible)
    opened.press(Qt.Key.Key_Down)
    opened.press(Qt.Key.Key_Return)
    opened.until(lambda: tool.desk.state is not None)
    assert shown(tool).quality.table.sheet == "另一张"
    tool.begin(file, "hazard_points")
    opened.until(lambda: tool.desk.state is not None and not tool.desk.at_work)
    assert (choice.isVisible(), shown(tool).quality.table.sheet) == (False, "另一张")
    box = tool.page.mapping.sheet
    assert (box.isVisible(), box.count(), box.currentData()) == (True, 2, "另一张")
    assert not faults(tool.page)
    tool.page.sheet_requested.emit(first)
    opened.until(lambda: tool.desk.state is not None and shown(tool).quality.table.sheet == first)


def test_columns_are_pointed_at_by_hand_and_remembered_and_the_owner_gets_a_workbook(
    morning: Office, tmp_path: Path
) -> None:
    file = tmp_path / "points.xlsx"
    write_faulty_register(file)
    with open_console(morning, OPENING_AT) as opened:
        tool = begun(opened, file)
        header = next(one.header for one in shown(tool).quality.mapping.columns if one.field == "blue_1h")
        tool.page.column_requested.emit(header, LEFT_OUT)
        assert tool.page.strip.isVisible()
        opened.until(lambda: header in column(tool, How.BY_HAND, How.LEFT_OUT))
        tool.page.coordinates_requested.emit("gcj02")
        tool.page.stop_requested.emit()
        opened.settle()
        assert shown(tool).crs == ""  # what was stopped changed nothing
        tool.page.coordinates_requested.emit("EPSG:0")
        opened.until(lambda: opened.console.notices.kept)
        assert shown(tool).crs == ""
        tool.begin(file, "hazard_points")
        opened.until(lambda: tool.desk.state is not None and not tool.desk.at_work)
        assert header in column(tool, How.LEFT_OUT)
        tool.page.forget_requested.emit()
        opened.until(lambda: header in column(tool, How.BY_NAME))
        with_source = file.read_bytes()
        tool.desk.report(file, "zh")  # never over the file itself
        opened.settle()
        assert file.read_bytes() == with_source
        tool.desk.report(tmp_path / "report.xlsx", "zh")
        opened.until((tmp_path / "report.xlsx").exists)
        opened.settle()
        assert (tmp_path / "report.xlsx").read_bytes()[:2] == b"PK"


def test_a_file_that_is_no_table_is_named_and_no_page_opens(morning: Office, tmp_path: Path) -> None:
    file = tmp_path / "points.xlsx"
    file.write_bytes(b"<html>not found</html>")
    with open_console(morning, OPENING_AT) as opened:
        opened.settle()
        opened.until(lambda: opened.console.one_map.registers.desk.is_read)
        tool = opened.console.one_map.imports
        tool.begin(file, "hazard_points")
        opened.until(lambda: opened.console.notices.kept)
        assert tool.page.isHidden()
        assert "points.xlsx" in opened.console.notices.kept[0].what


def test_a_record_that_somebody_changed_meanwhile_stops_the_import(morning: Office, tmp_path: Path) -> None:
    file = tmp_path / "points.xlsx"
    write_register(file)
    with open_console(morning, OPENING_AT) as opened:
        tool = begun(opened, file)
        assert shown(tool).quality.importable
        first = points(opened)[0]
        changed = replace(first, values={**first.values, "phone": "000-0000-9999"})
        opened.console.store.write_now(lambda db: registers.put(db, [changed], actor=FORECASTER.id, at=OPENING_AT))
        before = points(opened)
        opened.press(Qt.Key.Key_Return, CONTROL)
        opened.until(lambda: opened.console.notices.kept)
        assert first.id in opened.console.notices.kept[0].what
        assert points(opened) == before


def test_the_own_register_sent_back_changes_no_starter_value_and_silences_no_point(
    morning: Office, tmp_path: Path
) -> None:
    file = tmp_path / "points.xlsx"
    write_register(file)
    with open_console(morning, OPENING_AT) as opened:
        tool = begun(opened, file)
        before = {record.id: record.values.get("thresholds") for record in points(opened)}
        unjudged = sum(verdict.level is Level.NOT_JUDGED for verdict in opened.console.alarms.verdicts)
        opened.press(Qt.Key.Key_Return, CONTROL)
        opened.until(tool.page.isHidden)
        opened.settle()
        assert {record.id: record.values.get("thresholds") for record in points(opened)} == before
        after = sum(verdict.level is Level.NOT_JUDGED for verdict in opened.console.alarms.verdicts)
        assert after == unjudged

"""The section tool in the open console: by key, live while dragged, and gone without a trace on Esc."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.demo.people import EXERCISE_PINS, FORECASTER
from app.demo.scene import OPENING_AT
from app.office import open_office
from app.radar.section_wires import SectionTool
from models.radar.section import Section
from tests.app.radar.test_section_desk import rhi
from tests.data import long_count
from tests.walks.open_console import OpenConsole, open_console
from tests.widgets.fit import faults, texts_of
from tests.widgets.hand import move
from widgets import theme as look
from widgets import words

LEFT, NO_KEY, ALT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.AltModifier
SLOW_MS = 250.0  # a desk at 3 a.m. asks for 16; what shares its cores with a whole test run is given more


def on_duty(opened: OpenConsole) -> SectionTool:
    opened.settle()
    opened.console.duty.sign_in(FORECASTER.id, EXERCISE_PINS[FORECASTER.id])
    opened.settle()
    return opened.console.section


def spots(opened: OpenConsole) -> tuple[QPoint, QPoint]:
    """Return two places on the free map, over storm and ground."""
    room = opened.console.rooms.window.map_room()
    left, wide = room.left(), room.width()
    return QPoint(left + wide // 4, 160), QPoint(left + wide * 3 // 4, 230)


def draw_line(opened: OpenConsole) -> QPoint:
    """Press the key and click twice; return where B lies."""
    line = opened.console.section.line
    a, b = spots(opened)
    between = QPoint((a.x() + b.x()) // 2, (a.y() + b.y()) // 2)
    opened.press(Qt.Key.Key_C)
    QTest.mouseClick(line, LEFT, NO_KEY, a)
    move(line, between)
    QTest.mouseClick(line, LEFT, NO_KEY, b)
    opened.settle()
    return b


def _painted(tool: SectionTool, shown: list[Section], answers: int, paints: int) -> bool:
    return len(shown) > answers and tool.panel.plot.paints > paints


def test_a_section_is_drawn_by_key_and_two_clicks_and_follows_the_hand(lean_folder: Path) -> None:
    with open_console(open_office(lean_folder), OPENING_AT) as opened:
        tool, window = on_duty(opened), opened.console.rooms.window
        before = window.map_room(), opened.console.rooms.canvas.view()
        shown: list[Section] = []
        tool.desk.section_changed.connect(shown.append)
        b = draw_line(opened)
        assert (window.map_room(), opened.console.rooms.canvas.view()) == before
        assert shown[-1].radars
        assert shown[-1].codes.any()
        assert np.isfinite(shown[-1].ground_m).any()
        site = shown[-1].radars[0][0]
        register = {radar.code: radar.name for radar in opened.console.office.settings.radar}
        assert f"{register[site.code]} {site.code}" in texts_of(window)
        assert tool.desk.held == (site.code,)

        QTest.mousePress(tool.line, LEFT, NO_KEY, b)
        at = b
        first = len(shown)
        for _ in range(25):
            at += QPoint(-6, 2)
            move(tool.line, at)
            paints, answers = tool.panel.plot.paints, len(shown)
            opened.until(partial(_painted, tool, shown, answers, paints))
        QTest.mouseRelease(tool.line, LEFT, NO_KEY, at)
        opened.settle()
        lengths = [section.length_m for section in shown[first:]]
        assert len(set(lengths)) >= 25
        assert lengths[-1] < lengths[0]
        assert shown[-1].end == tool.line.line[1]  # type: ignore[index]

        for _ in range(200):  # far quicker than any answer: none is queued up, and the last one is right
            at += QPoint(1, 0)
            QTest.mousePress(tool.line, LEFT, NO_KEY, at - QPoint(1, 0))
            move(tool.line, at)
            QTest.mouseRelease(tool.line, LEFT, NO_KEY, at)
        opened.settle()
        assert shown[-1].end == tool.line.line[1]  # type: ignore[index]

        newest = shown[-1].radars
        opened.press(Qt.Key.Key_Left)
        opened.press(Qt.Key.Key_Left)
        opened.until(lambda: tool.desk.at is not None and shown[-1].radars != newest)
        past = opened.console.radar.shown
        assert past is not None
        assert shown[-1].radars[0][1] == past.sources[0].at < newest[0][1]
        title = " ".join(texts_of(tool.panel.head))
        assert words.clock(past.sources[0].at) in title
        assert "looking back" in title or "回看" in title
        opened.press(Qt.Key.Key_Home)
        opened.until(lambda: shown[-1].radars == newest)

        opened.press(Qt.Key.Key_Escape)
        assert not tool.is_open
        assert not tool.line.isVisible()
        assert not tool.desk.held
        opened.press(Qt.Key.Key_C)
        assert tool.is_open
        assert tool.line.line is None
        assert not tool.desk.reading


def test_the_column_over_time_and_the_empty_pictures(lean_folder: Path) -> None:
    with open_console(open_office(lean_folder), OPENING_AT) as opened:
        tool = on_duty(opened)
        heard = []
        tool.desk.profile_changed.connect(lambda profile, left: heard.append((profile, left)))
        opened.press(Qt.Key.Key_C)
        opened.press(Qt.Key.Key_2, ALT)
        assert tool.panel.mode == "rhi"
        assert any("RHI" in text and len(text) > 8 for text in texts_of(tool.panel))
        opened.press(Qt.Key.Key_3, ALT)
        QTest.mouseClick(tool.line, LEFT, NO_KEY, spots(opened)[1])
        opened.settle()
        profile, left = heard[-1]
        assert left == 0
        assert profile.codes.any()
        assert len(profile.times) == len(opened.console.radar.frames)
        assert profile.step == opened.console.radar.step_of_frames or profile.step > opened.console.radar.step_of_frames
        opened.press(Qt.Key.Key_Escape)
        assert not tool.is_open

        column, canvas = opened.console.column, opened.console.rooms.canvas
        site = opened.console.office.settings.radar[0]
        canvas.cursor_moved.emit(site.lon_deg + 0.15, site.lat_deg)
        opened.press(Qt.Key.Key_V)
        opened.settle()
        newest = [layer for layer in column._layers if layer.is_seen]
        assert newest
        assert {layer.at for layer in newest} == {opened.console.radar.shown.sources[0].at}  # type: ignore[union-attr]
        opened.press(Qt.Key.Key_Left)
        opened.settle()
        assert all(layer.at < newest[0].at for layer in column._layers if layer.is_seen)  # type: ignore[operator]
        assert column.card.size_needed() > (0.0, 0.0)
        opened.press(Qt.Key.Key_V)
        assert column.card.size_needed() == (0.0, 0.0)
        canvas.cursor_moved.emit(120.0, 40.0)
        opened.press(Qt.Key.Key_V)
        opened.settle()
        assert column._layers == ()
        assert any("没有雷达" in text or "No radar sees" in text for text in texts_of(column.card))


@pytest.mark.parametrize("language", ["en", "zh"][: long_count(1, 2)])
def test_the_open_panel_fits_and_leaves_the_map_its_width(lean_folder: Path, language: str) -> None:
    found = []
    with open_console(open_office(lean_folder), OPENING_AT, language=language) as opened:
        tool, window = on_duty(opened), opened.console.rooms.window
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        for size in ((1366, 768), (1920, 1080)):
            window.resize(*size)
            opened.settle()
            draw_line(opened)
            plot = tool.panel.plot
            move(plot, plot.plot().center().toPoint())
            assert tool.panel.width() == window.map_room().width() >= 0.55 * size[0]
            assert tool.panel.height() <= window.map_room().height() / 2
            for theme in (look.LIGHT, look.DARK):
                look.apply(application, theme)
                application.processEvents()
                window.grab()
                found += [f"{size[0]} {theme.name}: {fault}" for fault in faults(window)]
    assert not found, "\n".join(sorted(set(found))[:40])


def test_an_rhi_stands_in_the_panel_as_soon_as_it_comes_in(lean_folder: Path, tmp_path: Path) -> None:
    with open_console(open_office(lean_folder), OPENING_AT) as opened:
        tool = on_duty(opened)
        opened.press(Qt.Key.Key_C)
        opened.press(Qt.Key.Key_2, ALT)
        path = rhi(tmp_path, started_s=round(OPENING_AT.timestamp()) - 60)
        opened.feed(path)
        opened.until(lambda: tool.desk.rhis and tool.line.line is not None)
        said = texts_of(tool.panel)
        assert any(text.endswith(" ZT009") for text in said)  # the name in its file, then its code
        assert not [fault for fault in faults(opened.console.rooms.window) if "Section" in fault or "Picture" in fault]
        start, end = tool.line.line or ((0.0, 0.0), (0.0, 0.0))
        assert start == pytest.approx((113.25, 23.5))
        assert end[0] > start[0]
        tool.close()
        opened.console.rooms.feed.list.row_activated.emit(f"x {path.name}")
        opened.until(lambda: tool.is_open and tool.line.line is not None)
        assert tool.panel.mode == "rhi"

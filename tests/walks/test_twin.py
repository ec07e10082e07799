"""Two linked maps in the open console: by key, with another radar or product, and back to one."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.demo.people import EXERCISE_PINS, FORECASTER
from app.demo.scene import OPENING_AT
from app.office import open_office
from app.radar.twin_wires import TwinTool
from models.radar.mosaic import Mosaic
from models.radar.ppi import PpiSweep
from models.radar.quantity import CR
from tests.data import long_count
from tests.walks.open_console import OpenConsole, open_console
from tests.widgets.fit import faults, texts_of
from tests.widgets.hand import move
from widgets import theme as look

CONTROL = Qt.KeyboardModifier.ControlModifier


def opened_twin(opened: OpenConsole) -> TwinTool:
    opened.settle()
    opened.console.duty.sign_in(FORECASTER.id, EXERCISE_PINS[FORECASTER.id])
    opened.settle()
    opened.press(Qt.Key.Key_2, CONTROL)
    twin = opened.console.twin
    assert twin.is_open
    opened.until(lambda: twin.pane.canvas.view().width > 300)
    opened.settle()
    return twin


def test_a_second_map_shows_a_radar_then_another_product_of_the_same_time(lean_folder: Path) -> None:
    with open_console(open_office(lean_folder), OPENING_AT) as opened:
        console = opened.console
        whole = console.rooms.window.map_room()
        view = console.rooms.canvas.view()
        shown: list[object] = []
        console.twin.desk.field_changed.connect(shown.append)
        twin = opened_twin(opened)
        assert console.rooms.canvas.view() == view  # the first map stays where it is
        assert console.rooms.window.map_room().width() == whole.width() // 2
        assert isinstance(shown[-1], PpiSweep)
        assert twin.desk.choice == f"radar:{shown[-1].site.code}"
        names = {radar.code: f"{radar.name} {radar.code}" for radar in console.office.settings.radar}
        assert twin.pane.box.currentText() == names[shown[-1].site.code]
        taken = [item for item in console.feed.items if item.radar]
        assert {item.radar for item in taken} <= set(names.values())
        assert any(item.name == "twin" for item in twin.pane.canvas._fields)
        assert twin.pane.canvas.view() == twin.pane.wanted_view()

        twin.pane.chosen.emit("mosaic:et")
        opened.settle()
        frame = console.radar.shown
        assert frame is not None
        assert isinstance(shown[-1], Mosaic)
        assert (shown[-1].quantity.word, shown[-1].at) == ("et", frame.at)
        assert shown[-1].codes.any()
        assert [s.code for s in shown[-1].sources] == [s.code for s in frame.sources]
        assert frame.quantity == CR  # the first map is what it was

        console.radar.step(-1)
        opened.settle()
        back = console.radar.shown
        assert back is not None
        assert back.at < frame.at
        assert isinstance(shown[-1], Mosaic)
        assert shown[-1].at == back.at  # both maps go back together

        twin.pane.chosen.emit("mosaic:cr")
        opened.settle()
        assert shown[-1] is console.radar.shown

        QTest.mousePress(twin.pane.canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
        for x in (190, 150, 100):
            move(twin.pane.canvas, QPoint(x, 220))
        QTest.mouseRelease(twin.pane.canvas, Qt.MouseButton.LeftButton, pos=QPoint(100, 220))
        opened.settle()
        assert console.rooms.canvas.view().center_x_m == pytest.approx(view.center_x_m + 100 * view.meters_per_pixel)
        console.views.show_county()
        opened.settle()
        assert twin.pane.canvas.view() == twin.pane.wanted_view()

        opened.press(Qt.Key.Key_2, CONTROL)
        assert not twin.is_open
        assert console.rooms.window.map_room() == whole
        opened.press(Qt.Key.Key_2, CONTROL)
        opened.press(Qt.Key.Key_Escape)
        assert not twin.is_open
        console.rooms.window.top_bar.search.chosen.emit("act:twin")
        assert twin.is_open


def test_the_map_clicked_last_takes_the_keys_of_product_radar_moment_and_height(lean_folder: Path) -> None:
    with open_console(open_office(lean_folder), OPENING_AT, language="en") as opened:
        twin, console = opened_twin(opened), opened.console
        keys, first = console.rooms.window.keys, console.rooms.canvas
        assert twin.has_keys
        assert "Next radar product, right map" in dict(keys.acts_listed()).values()

        def press(key: Qt.Key) -> str:
            opened.press(key)
            opened.settle()
            return twin.desk.choice

        shown: list[Mosaic | PpiSweep | None] = []
        twin.desk.field_changed.connect(shown.append)
        press(Qt.Key.Key_PageUp)
        low = shown[-1]
        press(Qt.Key.Key_PageUp)
        high = shown[-1]
        assert isinstance(low, PpiSweep)
        assert isinstance(high, PpiSweep)
        assert high.elevation_deg > low.elevation_deg
        press(Qt.Key.Key_E)
        other = shown[-1]
        assert isinstance(other, PpiSweep)
        assert other.moment != high.moment
        radars = [press(Qt.Key.Key_O) for _ in twin.desk.radars]
        assert radars[:-1] == [f"radar:{code}" for code in twin.desk.radars[1:]]
        assert radars[-1] == "mosaic:cr"
        assert [press(Qt.Key.Key_P) for _ in range(2)] == ["mosaic:hybrid", "mosaic:cappi:3000"]
        assert press(Qt.Key.Key_PageUp) == "mosaic:cappi:3500"
        assert "CAPPI 3.5 km" in twin.pane.box.currentText()
        assert console.radar.quantity == CR  # the first map stays what it is

        QTest.mouseClick(first, Qt.MouseButton.LeftButton, pos=console.rooms.window.map_room().center())
        assert not twin.has_keys
        assert "Next radar product, left map" in dict(keys.acts_listed()).values()
        assert press(Qt.Key.Key_P) == "mosaic:cappi:3500"
        assert console.radar.quantity.word == "hybrid"
        rings = twin._rings
        assert [ring.isVisible() for ring in rings] == [True, False]
        assert rings[0].geometry() == console.rooms.window.map_room()
        keys.act("Shift+O")
        assert [ring.isVisible() for ring in rings] == [False, True]
        twin.close()
        assert not any(ring.isVisible() for ring in rings)
        assert "Next radar product" in dict(keys.acts_listed()).values()


@pytest.mark.logs
def test_a_file_that_is_gone_is_named_and_the_second_map_says_that_it_has_no_data(lean_folder: Path) -> None:
    with open_console(open_office(lean_folder), OPENING_AT) as opened:
        twin = opened_twin(opened)
        told: list[Exception] = []
        twin.desk.failed.connect(told.append)
        frame = opened.console.radar.shown
        assert frame is not None
        path, _ = twin.desk._volumes[frame.sources[0].code][frame.sources[0].at]
        path.unlink()
        twin.pane.chosen.emit("mosaic:vil")
        opened.settle()
        assert len(told) == 1
        assert not twin.desk.reading
        assert "没有这时的数据" in texts_of(twin.pane)
        opened.console.radar.step(-1)
        opened.settle()
        assert len(told) == 1
        assert "没有这时的数据" not in texts_of(twin.pane)


@pytest.mark.parametrize("language", ["en", "zh"][: long_count(1, 2)])
def test_two_maps_fit_beside_each_other(lean_folder: Path, language: str) -> None:
    found = []
    with open_console(open_office(lean_folder), OPENING_AT, language=language) as opened:
        twin, window = opened_twin(opened), opened.console.rooms.window
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        for size in ((1366, 768), (1920, 1080)):
            window.resize(*size)
            for theme in (look.LIGHT, look.DARK):
                look.apply(application, theme)
                for choice in (twin.desk.first_choice(), "mosaic:vil"):
                    twin.pane.chosen.emit(choice)
                    opened.settle()
                    application.processEvents()
                    window.grab()
                    found += [f"{size[0]} {theme.name} {choice}: {fault}" for fault in faults(window)]
    assert not found, "\n".join(sorted(set(found))[:40])

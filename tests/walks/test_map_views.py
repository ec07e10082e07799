"""Cards, saved views, the layers' order and printing in the open console, by keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices, QImage
from PySide6.QtWidgets import QScrollArea

from app.commands.map_picture import take_map_picture
from app.demo.scene import OPENING_AT
from app.map.map_desk import LayerFacts, LayerRow
from app.map.map_view_desk import KEEP_AFTER_MS
from app.map.map_views import LAYERS_FILE, VIEWS_FILE, read_session, read_views
from app.office import Office
from models.store import registers
from tests.pdf_text import text_of
from tests.walks.open_console import OpenConsole, open_console
from tests.widgets.map.test_cards import said
from widgets import theme

SHIFT = Qt.KeyboardModifier.ShiftModifier


def bounds(desk: OpenConsole) -> tuple[float, float, float, float]:
    return desk.console.one_map.map_views.bounds()


def test_a_view_is_kept_by_shift_and_number_and_shown_by_the_number_also_tomorrow(morning: Office) -> None:
    with open_console(morning, OPENING_AT) as desk:
        console, rooms = desk.console, desk.console.rooms
        rooms.window.setFocus()
        desk.until(lambda: console.jobs.is_idle_but("inbox"))
        whole = bounds(desk)
        console.map.set_visible("roads", False)
        desk.press(Qt.Key.Key_1)
        assert rooms.view_shelf.asking == 0, "a bare number opens no field that would take the next keys"
        assert "1 是空的，Shift+1 存下当前" in said(rooms.view_shelf)
        desk.press(Qt.Key.Key_1, SHIFT)
        assert rooms.view_shelf.asking == 1
        assert "视图 1 的名称：回车存下，Esc 放弃" in said(rooms.view_shelf)
        desk.commit("全县")
        desk.press(Qt.Key.Key_Return)
        console.views.show_on_map(whole[0], whole[1], (whole[0] + whole[2]) / 2, (whole[1] + whole[3]) / 2)
        console.map.set_visible("roads", True)
        assert bounds(desk) != pytest.approx(whole, abs=1e-3)
        rooms.window.setFocus()
        desk.press(Qt.Key.Key_1)
        assert bounds(desk) == pytest.approx(whole, abs=2e-4)
        roads = console.map.stack.find("roads")
        assert roads is not None
        assert not roads.visible
        desk.until((morning.folder / VIEWS_FILE).exists)
    kept = read_views(morning.folder).find(1)
    assert kept is not None
    assert kept.name == "全县"
    assert kept.bounds_deg == pytest.approx(whole, abs=1e-5)
    with open_console(morning, OPENING_AT) as desk:
        desk.until(lambda: desk.console.one_map.map_views.desk.views.find(1) is not None)


def test_in_the_ledger_numbers_do_not_move_the_map(morning: Office) -> None:
    with open_console(morning, OPENING_AT) as desk:
        tool = desk.console.one_map.map_views
        tool.keep_view(2, "全县")
        view = desk.console.rooms.canvas.view()
        desk.console.views.show_on_map(106.7, 28.9, 106.8, 29.0)
        other = desk.console.rooms.canvas.view()
        assert other != view
        desk.console.views.go_to("call")
        desk.console.rooms.window.setFocus()
        desk.press(Qt.Key.Key_2)
        desk.press(Qt.Key.Key_3, SHIFT)
        assert desk.console.rooms.canvas.view() == other
        assert desk.console.rooms.view_shelf.asking == 0


def test_layers_are_found_again_as_they_were_left_but_what_warns_is_shown(zoned_morning: Office) -> None:
    with open_console(zoned_morning, OPENING_AT) as desk:
        console, panel = desk.console, desk.console.rooms.layers
        desk.until(lambda: console.jobs.is_idle_but("inbox"))
        panel.visible_requested.emit("villages", False)
        panel.opacity_requested.emit("relief", 0.4)
        panel.visible_requested.emit("points", False)
        panel.folded_changed.emit(frozenset({"people"}))
        panel.group_requested.emit(("shelters", "points"), "@夜班")
        desk.until((zoned_morning.folder / LAYERS_FILE).exists, timeout_s=KEEP_AFTER_MS / 1000 + 20)
    session = read_session(zoned_morning.folder)
    assert session.folded == frozenset({"people"})
    with open_console(zoned_morning, OPENING_AT) as desk:
        desk.until(lambda: desk.console.drawn and desk.console.jobs.is_idle_but("inbox"))
        found = {name: desk.console.map.stack.find(name) for name in ("villages", "relief", "points")}
        assert all(found.values())
        assert [item.visible for item in found.values() if item] == [False, True, True]
        assert found["relief"] is not None
        assert found["relief"].opacity == 0.4
        desk.console.rooms.layers.show_low(low=False)
        assert desk.console.rooms.layers.folded == {"people"}
        rows: list[LayerRow] = []
        desk.console.map.layers_changed.connect(rows.extend)
        desk.until(lambda: desk.console.one_map.registers.desk.is_read and desk.console.jobs.is_idle_but("inbox"))
        desk.console.map.describe("ppi", LayerFacts())  # has the panel told once more
        told = {row.name: row for row in rows}
        assert (told["shelters"].group, told["points"].group) == ("@夜班", "hazards")
        nameless = [name for name in ("roads", "towns", "points", "shelters", "key_units") if not told[name].source]
        assert not nameless
        assert all(told[name].day for name in ("roads", "towns", "points", "shelters", "key_units"))


def test_a_damaged_file_of_views_is_told_and_the_console_opens(morning: Office) -> None:
    (morning.folder / VIEWS_FILE).write_text("view = [", encoding="utf-8")
    with open_console(morning, OPENING_AT) as desk:
        desk.until(lambda: any(VIEWS_FILE in notice.what for notice in desk.console.notices.kept))
        assert desk.console.drawn or desk.console.settled
    assert len(list(morning.folder.glob("views.damaged-*.toml"))) == 1


def test_l_goes_to_the_layers_and_space_hides_one(zoned_morning: Office) -> None:
    with open_console(zoned_morning, OPENING_AT) as desk:
        rooms = desk.console.rooms
        rooms.window.resize(1920, 1080)
        rooms.window.show()
        rooms.window.setFocus()
        desk.press(Qt.Key.Key_L)
        assert rooms.window.focusWidget() is rooms.layers
        while rooms.layers._at != "points":
            before = rooms.layers._at
            desk.press(Qt.Key.Key_Down)
            assert rooms.layers._at != before
        desk.press(Qt.Key.Key_Space)
        item = desk.console.map.stack.find("points")
        assert item is not None
        assert not item.visible
        area = next(one for one in rooms.window.findChildren(QScrollArea) if one.widget() is rooms.layers)
        assert not area.verticalScrollBar().isVisible(), "all heads and the group of the hazards have room"


def test_the_map_is_printed_by_ctrl_p_and_the_file_is_named(morning: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    with open_console(morning, OPENING_AT) as desk:
        console = desk.console
        console.rooms.window.setFocus()
        desk.until(lambda: console.drawn and console.jobs.is_idle_but("inbox"))
        desk.press(Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
        desk.until(lambda: any("map_" in notice.what for notice in console.notices.kept))
        desk.until(lambda: not console.rooms.window.notices.isHidden())  # its keys act once it has its place
        desk.press(Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier | SHIFT)
        assert opened == [(morning.folder / "prints").as_posix()]
        assert not console.notices.kept
    (made,) = (morning.folder / "prints").glob("map_*.pdf")
    text = text_of(made.read_bytes())
    assert "崩塌" in text, "the legend"
    assert any(name in text for name in ("白水", "龙潭", "云台"))


def test_a_point_s_card_shows_what_the_registers_know_and_its_links_open_records(morning: Office) -> None:
    with open_console(morning, OPENING_AT) as desk:
        console = desk.console
        cards, card = console.one_map.cards, console.rooms.point_card
        desk.until(lambda: cards._known is not None)
        known = cards._known
        assert known is not None
        point_id = next(iter(known.people_of))
        console.views.select_point(point_id)
        desk.until(lambda: card._facts is not None and card._facts.point_id == point_id)
        facts = card._facts
        assert facts is not None
        assert facts.people
        assert facts.rain is not None
        assert facts.shelter is not None
        link = facts.people[0].link
        cards.follow(link)
        desk.until(lambda: cards.record_card.shown == ("people", link.rpartition(":")[2]))
        assert console.rooms.right == "record"
        console.alarms.verdicts_changed.emit(console.alarms.verdicts)
        desk.settle()
        assert console.rooms.right == "record", "news of rain closes no card"
        cards.close_record()
        assert console.rooms.right == "point"
        console.rooms.window.setFocus()
        desk.press(Qt.Key.Key_Escape)
        assert console.rooms.right == "next"


def test_every_register_that_the_exercise_fills_has_a_card(morning: Office) -> None:
    with open_console(morning, OPENING_AT) as desk:
        cards = desk.console.one_map.cards
        desk.until(lambda: cards._known is not None)
        filled = desk.console.store.read(registers.counts)
        assert len(filled) > 5
        for register in filled:
            if register == "hazard_points":
                continue
            first = desk.console.store.read(lambda db, name=register: registers.records(db, name)[0])  # type: ignore[misc]
            cards.show_record(register, first.id)
            desk.until(lambda shown=(register, first.id): cards.record_card.shown == shown)  # type: ignore[misc]


def test_the_map_alone_is_drawn_by_a_command(morning: Office) -> None:
    wanted = (106.75, 29.05, 107.05, 29.3)
    look = {"size": (800, 600), "bounds": wanted, "language": "zh", "theme": "light"}
    out = morning.folder / "map.png"
    take_map_picture(morning.folder, out=out, layers=("county", "towns", "points"), **look)  # type: ignore[arg-type]
    image = QImage(str(out))
    assert (image.width(), image.height()) == (800, 600)
    assert len({image.pixelColor(x, y).name() for x in range(0, 800, 5) for y in range(0, 600, 5)}) > 3
    strips = [{image.pixelColor(x, y).name() for x in range(800)} for y in (1, 598)]
    assert all(min(names) < "#444444" and max(names) > "#eeeeee" for names in strips), "an exercise is hatched"
    for x, y in ((16, 20), (16, 579), (783, 20)):
        assert image.pixelColor(x, y) == theme.LIGHT.color("line"), "title, sources and scale have their corners"
    sheet = morning.folder / "map.pdf"
    take_map_picture(morning.folder, out=sheet, layers=("towns",), **look)  # type: ignore[arg-type]
    text = text_of(sheet.read_bytes())
    assert "乡镇" in text
    assert "雷达拼图" not in text, "what is not shown is no source"

"""The window: the map never moves, docks cover its edges, tasks change what stands in them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QPaintEvent, QRegion
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from models.warning.warning import WarningState
from tests import make
from tests.widgets import fit
from tests.widgets.hand import heard, press
from tests.widgets.scene import Scene
from widgets import theme
from widgets.key_sheet import KeySheet
from widgets.notice_bar import Notice
from widgets.pieces import Key, Text
from widgets.row_list import RowList
from widgets.search_box import SearchEntry, found
from widgets.startup_page import StartupPage
from widgets.top_bar import TopBar

WIDE, NARROW = (1920, 1080), (1366, 768)
CTRL = Qt.KeyboardModifier.ControlModifier


def opened(qtbot: QtBot, size: tuple[int, int], state: WarningState = WarningState.DRAFT) -> Scene:
    scene = Scene(size, state=state)
    qtbot.addWidget(scene.window)
    scene.show()
    assert QTest.qWaitForWindowActive(scene.window)
    scene.settle()
    return scene


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_the_map_stays_where_it_is_in_every_task(qtbot: QtBot, size: tuple[int, int]) -> None:
    scene = opened(qtbot, size)
    canvas = scene.window._map
    assert canvas is not None
    places = set()
    for key in (Qt.Key.Key_F1, Qt.Key.Key_F2, Qt.Key.Key_F3, Qt.Key.Key_F4):
        press(scene.window, key)
        places.add(canvas.geometry().getRect())
    assert places == {(0, 48, size[0], size[1] - 48 - (156 if size == WIDE else 120))}


def test_docks_are_as_wide_as_the_task_asks(qtbot: QtBot) -> None:
    wide, narrow = opened(qtbot, WIDE).window, opened(qtbot, NARROW).window
    assert (wide.left.width(), wide.right.width()) == (320, 352)
    assert (narrow.left.width(), narrow.right.width()) == (272, 320)
    assert narrow.map_room().width() / narrow.width() >= 0.55
    press(wide, Qt.Key.Key_F2)
    press(narrow, Qt.Key.Key_F2)
    assert wide.right.width() == 520
    assert (narrow.left.isVisible(), narrow.right.width()) == (False, 592)


def test_the_task_is_told_once_and_never_by_showing_it(qtbot: QtBot) -> None:
    scene = opened(qtbot, WIDE)
    spy = QSignalSpy(scene.window.task_changed)
    scene.window.show_task("issue")
    assert spy.count() == 0
    press(scene.window, Qt.Key.Key_F2)
    press(scene.window, Qt.Key.Key_F4)
    assert heard(spy) == [["review"]]
    assert scene.journal.isVisible()
    assert not scene.sheet.isVisible()


def test_the_one_dock_shows_the_author_the_sheet_and_the_second_person_the_evidence(qtbot: QtBot) -> None:
    scene = opened(qtbot, NARROW, WarningState.SUBMITTED)
    press(scene.window, Qt.Key.Key_F2)
    assert (scene.sheet.isVisible(), scene.sign.isVisible()) == (True, False)
    press(scene.window, Qt.Key.Key_E, CTRL)
    assert (scene.sheet.isVisible(), scene.sign.isVisible()) == (False, True)
    assert scene.sign.pin.hasFocus()
    press(scene.sign.pin, Qt.Key.Key_E, CTRL)
    assert (scene.sheet.isVisible(), scene.sign.isVisible()) == (True, False), "the key shown acts beside the PIN too"


def test_on_a_wide_screen_both_persons_have_their_dock(qtbot: QtBot) -> None:
    scene = opened(qtbot, WIDE, WarningState.SUBMITTED)
    press(scene.window, Qt.Key.Key_F2)
    assert scene.sheet.isVisible()
    assert scene.sign.isVisible()
    assert scene.sign.mapTo(scene.window, QPoint(0, 0)).x() == 0


def test_cards_stay_in_the_free_corners_of_the_map(qtbot: QtBot) -> None:
    scene = opened(qtbot, WIDE)
    card, second = QWidget(), QWidget()
    for made in (card, second):
        made.setFixedSize(100, 40)
        scene.window.add_overlay(made, "top_right")
    assert card.geometry().right() == 1920 - 352 - 16 - 1
    assert second.geometry().top() >= card.geometry().bottom() + 8
    press(scene.window, Qt.Key.Key_F2)
    assert card.geometry().right() == 1920 - 520 - 16 - 1


def test_the_room_of_the_map_is_told_when_it_changes(qtbot: QtBot) -> None:
    scene = opened(qtbot, WIDE)
    spy = QSignalSpy(scene.window.map_room_changed)
    press(scene.window, Qt.Key.Key_F2)
    assert spy.count() == 1
    assert scene.window.map_room().getRect() == (320, 0, 1920 - 320 - 520, 1080 - 48 - 156)


def test_an_exercise_is_hatched_framed_and_named(qtbot: QtBot, put_on: Callable[[str, str], None]) -> None:
    put_on("light", "zh")
    scene = opened(qtbot, WIDE)
    assert "演练" in fit.texts_of(scene.window)
    assert scene.window.windowTitle() == "【演练】青岚县气象台"
    strip = scene.window.grab().toImage()
    inks = {strip.pixelColor(x, 1).lightness() < 128 for x in range(400)}
    assert inks == {True, False}
    scene.window.show_office("青岚县气象台", exercise=False)
    assert "演练" not in fit.texts_of(scene.window)
    strip = scene.window.grab().toImage()
    assert {strip.pixelColor(x, 1).name() for x in range(400)} == {theme.LIGHT.panel.lower()}


def test_search_finds_by_a_part_of_the_name_and_says_what_was_chosen(qtbot: QtBot) -> None:
    scene = opened(qtbot, WIDE)
    box = scene.window.top_bar.search
    box.show_entries(
        (
            SearchEntry("point:SH-0117", "Points", "石坑沟", "flash flood"),
            SearchEntry("town:1", "Towns", "石坑镇"),
            SearchEntry("task:issue", "Tasks", "Issue", key="F2"),
        )
    )
    spy = QSignalSpy(box.chosen)
    press(scene.window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert box.hasFocus()
    box.setText("石坑")
    box.textEdited.emit("石坑")
    assert [e.id for e in box.results] == ["point:SH-0117", "town:1"]
    (listed,) = (one for one in scene.window.findChildren(RowList) if "town:1" in one.row_ids)
    plain = listed.grab().toImage()
    box.show_entries((SearchEntry("point:SH-0117", "Points", "石坑沟", glyph="flash_flood"), *box.results[1:]))
    assert listed.grab().toImage() != plain, "the sign of its kind"
    said = [piece.text for piece in listed.pieces() if isinstance(piece, (Text, Key))]
    assert {"choose", "open", "leave", "Enter", "Esc"} <= set(said), "which keys act"
    assert listed.height() >= listed.content_height(), "no row is half hidden"
    QTest.keyClick(box, Qt.Key.Key_Down)
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert listed.selected == "town:1", "the foot is no row to choose"
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert heard(spy) == [["town:1"]]
    assert box.text() == ""


def test_single_keys_are_letters_while_one_searches(qtbot: QtBot) -> None:
    scene = opened(qtbot, WIDE)
    box = scene.window.top_bar.search
    box.begin()
    spy = QSignalSpy(scene.alarms.draft_requested)
    QTest.keyClicks(box, "sh-01")
    assert [e.id for e in box.results] == ["point:SH-0117"]
    QTest.keyClicks(box, "d")
    assert spy.count() == 0
    QTest.keyClick(box, Qt.Key.Key_Escape)
    assert not box.hasFocus()


def test_search_and_the_list_of_keys_give_the_cursor_back(qtbot: QtBot) -> None:
    scene = opened(qtbot, WIDE)
    scene.alarms.list.setFocus()
    press(scene.window, Qt.Key.Key_K, CTRL)
    press(scene.window, Qt.Key.Key_Escape)
    assert scene.alarms.list.hasFocus()
    press(scene.window, Qt.Key.Key_Question)
    assert not scene.alarms.list.hasFocus()
    press(scene.window, Qt.Key.Key_Escape)
    assert scene.alarms.list.hasFocus()


def test_names_that_begin_with_what_is_typed_come_first() -> None:
    entries = (SearchEntry("a", "P", "下石坑"), SearchEntry("b", "P", "石坑沟"))
    assert [e.id for e in found(entries, "石坑")] == ["b", "a"]
    assert found(entries, "  ") == ()
    assert found(entries, "nothing") == ()
    task = SearchEntry("task:watch", "任务", "值班", key="F1")
    assert found((task,), "sk") == (), "what kind of entry it is is no word of it"
    assert found((task,), "watch") == found((task,), "zb") == (task,)


def test_a_notice_says_what_happened_and_waits_to_be_read(qtbot: QtBot) -> None:
    scene = opened(qtbot, WIDE)
    notice = Notice("disk", "The disk is full.", "Nothing new can be kept.", "Free some space.", "Look again", "R")
    scene.window.notices.show_notices((notice, Notice("later", "Another.")))
    scene.settle()
    said = " ".join(fit.texts_of(scene.window))
    assert "The disk is full." in said
    assert "1 more" in said
    read, wanted = QSignalSpy(scene.window.notices.dismissed), QSignalSpy(scene.window.notices.act_requested)
    press(scene.window, Qt.Key.Key_R)
    press(scene.window, Qt.Key.Key_Escape)
    assert (heard(read), heard(wanted)) == ([["disk"]], [["disk"]])
    assert fit.faults(scene.window) == []
    scene.window.notices.show_notices(())
    scene.settle()
    assert not scene.window.notices.isVisible()


def test_a_question_mark_lists_every_key_that_acts_now(qtbot: QtBot) -> None:
    scene = opened(qtbot, WIDE)
    press(scene.window, Qt.Key.Key_Question)
    said = fit.texts_of(scene.window)
    assert "Shelve" in said
    assert fit.faults(scene.window) == []
    QTest.keyClick(scene.window._key_sheet.list, Qt.Key.Key_Question)
    assert not scene.window._key_sheet.isVisible()


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize("spoken", ["zh", "en"])
def test_a_damaged_store_is_restored_by_one_key(
    qtbot: QtBot, put_on: Callable[[str, str], None], size: tuple[int, int], spoken: str
) -> None:
    put_on("dark", spoken)
    scene = opened(qtbot, size)
    page = StartupPage()
    scene.window.show_startup(page)
    page.show_exercise(True)
    page.show_damage("数据库文件损坏，无法打开。", "最近的完好备份是 02:10 的。", "此后的记录会缺失。" * 12)
    assert fit.faults(scene.window) == []
    spy, drafts = QSignalSpy(page.restore_requested), QSignalSpy(scene.alarms.draft_requested)
    press(scene.window, Qt.Key.Key_D)
    press(scene.window, Qt.Key.Key_R)
    assert (spy.count(), drafts.count()) == (1, 0)
    page.show_restored(("Restored.", "3 lines are missing."))
    going = QSignalSpy(page.go_on_requested)
    press(scene.window, Qt.Key.Key_Return)
    assert going.count() == 1
    page.show_progress("青岚县", "21 个镇", 0.4)
    assert fit.faults(scene.window) == []
    scene.window.show_startup(None)
    assert scene.alarms.isVisible()


def test_health_that_is_short_stands_on_gray_and_can_be_asked_for(qtbot: QtBot) -> None:
    scene = opened(qtbot, WIDE)
    bar = scene.window.top_bar
    figure = next(p for p in bar.pieces() if getattr(p, "text", "") == "11/12")
    whole = next(p for p in bar.pieces() if getattr(p, "text", "") == "1/1")
    assert (getattr(figure, "ground", ""), getattr(whole, "ground", "")) == ("tag", "")
    spy = QSignalSpy(bar.health_requested)
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=figure.rect.center().toPoint())
    assert spy.count() == 1


def test_the_clock_shows_the_time_of_the_office(qtbot: QtBot) -> None:
    scene = opened(qtbot, NARROW)
    scene.window.top_bar.show_now(make.NOW)
    assert "03:12:40" in fit.texts_of(scene.window)


def test_the_list_of_keys_stands_by_task_the_buttons_that_are_seen_first(qtbot: QtBot) -> None:
    sheet = KeySheet()
    qtbot.addWidget(sheet)
    sheet.show_keys((("D", "Draft"), ("E", "Edit")), (("Ctrl+K", "Search"), ("E", "Next moment"), ("0", "County")))
    rows = sheet.list.row_ids
    assert [row.removeprefix("head:") for row in rows if row.startswith("head:")] == [
        *("What stands here", "Everywhere", "Map", "Radar")
    ]
    assert rows.index("What stands here:1") < rows.index("Radar:0"), "a button's E is not the radar's"


@pytest.mark.parametrize("width", [1920, 1366])
def test_a_second_later_the_bar_shows_what_a_whole_painting_shows(qtbot: QtBot, width: int) -> None:
    bar = TopBar()
    qtbot.addWidget(bar)
    bar.resize(width, bar.sizeHint().height())
    bar.show_office("青岚县", exercise=True)
    bar.show_health((3, 4), (2, 2))
    bar.show_people("覃立", "黄秀兰")
    bar.show()
    regions: list[QRegion] = []
    midnight = datetime(2026, 6, 17, 16, tzinfo=UTC)  # in Beijing

    class Watch(QObject):
        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
            if isinstance(event, QPaintEvent):
                regions.append(event.region())
            return False

    bar.installEventFilter(watch := Watch(bar))
    for seconds in (-2, -1, 0, 1):
        regions.clear()
        bar.show_now(midnight + timedelta(seconds=seconds))
        qtbot.waitUntil(lambda: bool(regions))
        seen = bar.screen().grabWindow(bar.winId()).toImage()
        whole = regions[0].contains(QPoint(0, 20))
        assert whole is (seconds in (-2, 0)), "the first time and a new day change more than the clock"
        assert bar.grab().toImage().convertToFormat(seen.format()) == seen
    bar.removeEventFilter(watch)

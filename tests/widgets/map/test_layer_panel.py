"""The layer panel: groups that fold, order, opacity, scales, ages; by mouse and by keys."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QScrollArea
from pytestqt.qtbot import QtBot

from layers.map_view import MapView
from tests.make import NOW, ago
from tests.widgets.conftest import Look
from tests.widgets.hand import move
from tests.widgets.map.test_cards import assert_fits, said, shown
from widgets import pieces
from widgets.map.layer_panel import LayerPanel
from widgets.map.layer_rows import scale_of, scale_words

LEFT = Qt.MouseButton.LeftButton


@dataclass(frozen=True)
class Entry:
    name: str
    visible: bool = True
    opacity: float = 1.0
    at: datetime | None = None
    count: int | None = None
    title: str = ""
    group: str = ""
    glyph: str = ""
    source: str = ""
    day: date | None = None
    least_m: float = 0.0
    most_m: float = math.inf
    storey: int = 6
    signs: tuple[str, ...] = ()
    ramp: tuple[tuple[float, tuple[int, int, int, int]], ...] = ()


ENTRIES = (
    Entry("relief", storey=0, day=date(2023, 5, 1)),
    Entry("nasa"),
    Entry("points", at=ago(2), count=438),
    Entry("shelters", title="避险点", group="people", glyph="shelter", count=87, day=date(2026, 5, 20)),
    Entry("people_posts", title="大喇叭", group="people", glyph="loudspeaker", count=153),
    Entry("mosaic", at=ago(2), storey=2),
)


def panel(qtbot: QtBot, width: int = 320, entries: tuple[Entry, ...] = ENTRIES) -> LayerPanel:
    made = LayerPanel()
    qtbot.addWidget(made)
    made.resize(width, 100)
    made.show_layers(entries, NOW)
    shown(qtbot, made, width)
    return made


def click(made: LayerPanel, name: str) -> None:
    QTest.mouseClick(made, LEFT, pos=made.row_rect(name).center().toPoint() - QPoint(100, 0))


def test_a_second_in_which_no_age_and_no_layer_is_another_paints_nothing(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, updates = panel(qtbot), list[bool]()
    monkeypatch.setattr(made, "update", lambda: updates.append(True))

    def paints_of(entries: tuple[Entry, ...], at: datetime) -> bool:
        updates.clear()
        made.show_layers(entries, at)
        return bool(updates)

    assert not paints_of(ENTRIES, NOW + timedelta(seconds=1))
    assert paints_of(ENTRIES, NOW + timedelta(minutes=1))
    assert "3 min ago" in said(made)
    assert paints_of((*ENTRIES[:-1], replace(ENTRIES[-1], opacity=0.5)), NOW + timedelta(minutes=1))


def test_layers_stand_in_their_groups_with_age_and_count(qtbot: QtBot) -> None:
    made = panel(qtbot)
    wanted = ["Base map", "Relief", "Hazards", "Hazard points", "People and posts", "大喇叭", "避险点"]
    wanted += ["Radar and rain", "Radar mosaic", "Own layers", "nasa"]
    assert [t for t in said(made) if t in set(wanted)] == wanted
    assert said(made).count("2 min ago") == 2
    assert {"438", "2 / 2", "2023", "20 May"} <= set(said(made))
    assert made.count == 6
    assert_fits(made)


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("spoken", ["zh", "en"])
@pytest.mark.parametrize("width", [272, 320])
def test_the_layer_panel_fits_both_docks(qtbot: QtBot, put_on: Look, look: str, spoken: str, width: int) -> None:
    put_on(look, spoken)
    assert_fits(panel(qtbot, width))


def test_a_click_on_a_row_wants_the_layer_hidden(qtbot: QtBot) -> None:
    made = panel(qtbot)
    with qtbot.waitSignal(made.visible_requested) as caught:
        click(made, "points")
    assert caught.args == ["points", False]
    with qtbot.waitSignal(made.visible_requested) as caught:
        QTest.keyClick(made, Qt.Key.Key_Space)
    assert caught.args == ["points", False]


def test_the_opacity_is_dragged_and_told_when_the_hand_lets_go(qtbot: QtBot) -> None:
    made = panel(qtbot)
    row = made.row_rect("mosaic").center()
    left = next(p.rect.left() for p in made.pieces() if isinstance(p, pieces.Fill) and p.rect.width() == 32)
    QTest.mousePress(made, LEFT, pos=QPointF(left + 16, row.y()).toPoint())
    with qtbot.waitSignal(made.opacity_requested) as caught:
        QTest.mouseRelease(made, LEFT, pos=QPointF(left + 16, row.y()).toPoint())
    assert caught.args[0] == "mosaic"
    assert caught.args[1] == pytest.approx(0.5, abs=0.05)
    with qtbot.waitSignal(made.opacity_requested) as caught:
        QTest.keyClick(made, Qt.Key.Key_Left)
    assert caught.args == ["mosaic", 0.9]


def test_a_group_folds_by_click_and_by_key_and_says_so(qtbot: QtBot) -> None:
    made = panel(qtbot)
    high = made.sizeHint().height()
    with qtbot.waitSignal(made.folded_changed) as caught:
        click(made, "group:people")
    assert caught.args == [frozenset({"people"})]
    assert "避险点" not in said(made)
    assert "2 / 2" in said(made)
    assert made.sizeHint().height() == high - 56
    with qtbot.waitSignal(made.folded_changed) as caught:
        QTest.keyClick(made, Qt.Key.Key_Right)
    assert caught.args == [frozenset()]
    with qtbot.assertNotEmitted(made.folded_changed):
        QTest.keyClick(made, Qt.Key.Key_Right)
        made.show_folded({"people", "no such"})
    assert made.folded == {"people"}


def test_a_group_of_which_nothing_is_shown_is_folded_until_somebody_chooses(qtbot: QtBot) -> None:
    hidden = tuple(replace(e, visible=e.group != "people") for e in ENTRIES)
    made = panel(qtbot, entries=hidden)
    assert made.folded == {"people"}
    assert "0 / 2" in said(made)


EIGHT = tuple(
    Entry(f"{group}-{n}", n == 0, group=group, title=f"layer {n}")
    for group in ("base", "division", "zoning", "exposed", "people", "radar", "own")
    for n in range(6)
)


@pytest.mark.parametrize("spoken", ["zh", "en"])
@pytest.mark.parametrize("width", [272, 320])
def test_in_a_low_window_all_heads_stand_side_by_side_and_one_group_is_open(
    qtbot: QtBot, put_on: Look, spoken: str, width: int
) -> None:
    put_on("light", spoken)
    made = panel(qtbot, width, (*EIGHT, ENTRIES[2]))
    made.show_folded({"base"})
    made.show_low(low=True)
    assert_fits(made)
    heads = [made.row_rect(f"group:{one.group}") for one in (*EIGHT[::6], ENTRIES[2]) if one.group]
    assert len({(rect.left(), rect.top()) for rect in heads}) == 7
    assert max(rect.bottom() for rect in heads) == 4 * 24
    assert not any(a.intersects(b) for n, a in enumerate(heads) for b in heads[:n])
    assert made.folded == {one.group for one in EIGHT}
    with qtbot.assertNotEmitted(made.folded_changed):  # which one is open in a low window is not kept
        for group in ("radar", "base"):
            QTest.mouseClick(made, LEFT, pos=made.row_rect(f"group:{group}").center().toPoint())
            assert made.folded == {one.group for one in (*EIGHT, Entry("", group="hazards"))} - {group}
            assert not made.row_rect(f"{group}-5").isEmpty()
    made.show_low(low=False)
    assert made.folded == {"base"}


def drag(made: LayerPanel, name: str, onto: str) -> None:
    start, end = (made.row_rect(one).center().toPoint() - QPoint(100, 0) for one in (name, onto))
    QTest.mousePress(made, LEFT, pos=start)
    move(made, QPoint((start.x() + end.x()) // 2, (start.y() + end.y()) // 2))
    move(made, end)
    QTest.mouseRelease(made, LEFT, pos=end)


def test_a_layer_of_a_file_goes_into_another_group_by_hand_and_by_key_and_the_consoles_own_stay(qtbot: QtBot) -> None:
    made = panel(qtbot)
    alt = Qt.KeyboardModifier.AltModifier
    with qtbot.waitSignal(made.group_requested) as caught:
        drag(made, "nasa", "group:hazards")
    assert caught.args == [("nasa",), "hazards"]
    with qtbot.waitSignal(made.group_requested) as caught:
        drag(made, "nasa", "shelters")
    assert caught.args == [("nasa",), "people"]
    click(made, "shelters")
    with qtbot.waitSignal(made.group_requested) as caught:
        QTest.keyClick(made, Qt.Key.Key_Left, alt)
    assert caught.args == [("shelters",), "exposed"]
    with qtbot.assertNotEmitted(made.group_requested):
        drag(made, "mosaic", "nasa")
        click(made, "points")
        QTest.keyClick(made, Qt.Key.Key_Right, alt)
        QTest.keyClick(made, Qt.Key.Key_G)
    assert made.field.isHidden()


def test_a_group_of_the_operators_own_name_is_made_named_anew_and_left(qtbot: QtBot) -> None:
    made = panel(qtbot)
    heard: list[tuple[tuple[str, ...], str]] = []
    made.group_requested.connect(lambda names, group: heard.append((names, group)))

    def ask(name: str, said: str, key: Qt.Key = Qt.Key.Key_Return) -> None:
        click(made, name)
        QTest.keyClick(made, Qt.Key.Key_G)
        assert not made.field.isHidden()
        made.field.setText(said)
        QTest.keyClick(made.field, key)
        assert made.field.isHidden()

    ask("nasa", " night  watch ")
    ask("nasa", "Hazards")
    ask("nasa", "never", Qt.Key.Key_Escape)
    assert heard == [(("nasa",), "@night watch"), (("nasa",), "hazards")]
    night = (replace(ENTRIES[1], group="@night watch"), Entry("roads-2", group="@night watch"))
    made.show_layers((*ENTRIES[:1], *ENTRIES[2:], *night), NOW)
    made.resize(320, made.sizeHint().height())
    assert [t for t in said(made) if t in {"Own layers", "Radar and rain", "night watch"}] == [
        "Radar and rain",
        "night watch",
    ]
    assert_fits(made)
    ask("group:@night watch", "storm")
    ask("nasa", "")
    assert heard[2:] == [(("roads-2", "nasa"), "@storm"), (("nasa",), "")]
    click(made, "group:people")
    QTest.keyClick(made, Qt.Key.Key_G)  # the house's groups keep their names
    assert made.field.isHidden()


def test_a_layer_is_dragged_within_its_group_and_storey_only(qtbot: QtBot) -> None:
    made = panel(qtbot)

    with qtbot.waitSignal(made.move_requested) as caught:
        drag(made, "people_posts", "shelters")
    assert caught.args == ["people_posts", "shelters"]
    with qtbot.assertNotEmitted(made.move_requested), qtbot.assertNotEmitted(made.visible_requested):
        drag(made, "points", "people_posts")
    made.show_layers((*ENTRIES, Entry("gauges", storey=5)), NOW)
    made.resize(320, made.sizeHint().height())
    with qtbot.assertNotEmitted(made.move_requested):
        drag(made, "gauges", "mosaic")


def test_alt_with_an_arrow_moves_the_layer(qtbot: QtBot) -> None:
    made = panel(qtbot)
    click(made, "shelters")
    with qtbot.waitSignal(made.move_requested) as caught:
        QTest.keyClick(made, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert caught.args == ["shelters", "people_posts"]
    with qtbot.assertNotEmitted(made.move_requested):
        QTest.keyClick(made, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)


def test_brackets_bound_the_scales_by_the_present_one_and_free_them_again(qtbot: QtBot) -> None:
    made = panel(qtbot)
    made.show_view(MapView(1.18e7, 3.35e6, 20.0, 800, 600))
    click(made, "points")
    with qtbot.waitSignal(made.scales_requested) as caught:
        QTest.keyClick(made, Qt.Key.Key_BracketLeft)
    assert caught.args is not None
    assert caught.args[0] == "points"
    assert caught.args[1:] == pytest.approx([0.0, 20.0], rel=0.01)
    bounded = tuple(replace(e, most_m=15.0) if e.name == "points" else e for e in ENTRIES)
    made.show_layers(bounded, NOW)
    assert "scale" in said(made), "it is chosen, and not drawn here"
    assert_fits(made)
    with qtbot.waitSignal(made.scales_requested) as caught:
        QTest.keyClick(made, Qt.Key.Key_BracketLeft)
    assert caught.args == ["points", 0.0, math.inf]


def test_enter_says_source_day_and_scales_of_a_layer(qtbot: QtBot) -> None:
    made = panel(qtbot, entries=(*ENTRIES[:1], replace(ENTRIES[2], source="2025 普查", day=date(2025, 4, 2))))
    click(made, "points")
    QTest.keyClick(made, Qt.Key.Key_Return)
    made.resize(320, made.sizeHint().height())
    assert {"Source: 2025 普查", "Data of 2025-04-02", "Drawn at every scale"} <= set(said(made))
    assert_fits(made)
    QTest.keyClick(made, Qt.Key.Key_Return)
    assert "Drawn at every scale" not in said(made)


def test_arrows_go_from_row_to_row_and_scroll_it_into_sight(qtbot: QtBot) -> None:
    area = QScrollArea()
    qtbot.addWidget(area)
    made = LayerPanel()
    area.setWidgetResizable(True)
    area.setWidget(made)
    area.resize(320, 120)
    made.show_layers(ENTRIES, NOW)
    with qtbot.waitExposed(area):
        area.show()
    made.setFocus()
    for _ in range(30):
        QTest.keyClick(made, Qt.Key.Key_Down)
    assert area.verticalScrollBar().value() > 0
    framed = next(p for p in made.pieces() if isinstance(p, pieces.Frame) and p.width_px == 2.0)
    assert framed.rect.top() == made.row_rect("nasa").top()


def test_with_all_groups_folded_the_keyboard_begins_at_the_first_head(qtbot: QtBot) -> None:
    made = panel(qtbot)
    made.show_folded(("base", "hazards", "people", "radar", "own"))
    with qtbot.waitExposed(made):
        made.show()
    made.setFocus()
    assert made.hasFocus()
    with qtbot.waitSignal(made.folded_changed):
        QTest.keyClick(made, Qt.Key.Key_Return)


def test_data_of_long_ago_stand_on_a_tag(qtbot: QtBot) -> None:
    made = panel(qtbot, entries=(Entry("homes", day=date(2018, 1, 1)), Entry("roads", day=date(2023, 1, 1))))
    tags = [p.text for p in made.pieces() if isinstance(p, pieces.Text) and p.ground == "tag"]
    assert tags == ["2018"]


def test_scales_in_words() -> None:
    assert scale_of(13.229, 1.0) == "1:50\u2009000"
    assert scale_words(0.0, math.inf, 1.0) == "Drawn at every scale"
    assert scale_words(0.0, 13.229, 1.0) == "Drawn from 1:50\u2009000 on"
    assert scale_words(13.229, math.inf, 1.0) == "Drawn up to 1:50\u2009000"
    assert "to 1:10\u2009000" in scale_words(2.6458, 13.229, 1.0)


def test_an_empty_panel_says_what_will_stand_there(qtbot: QtBot) -> None:
    made = LayerPanel()
    qtbot.addWidget(made)
    made.resize(320, 28)
    assert said(made) == ["The layers of the map stand here once an office is open."]
    QTest.keyClick(made, Qt.Key.Key_Down)
    assert made.row_rect("points").isEmpty()


def test_an_opened_layer_has_its_legend(qtbot: QtBot) -> None:
    ramp = tuple((float(v), (v, 20, 30, 255)) for v in range(15, 75, 5))
    kinds = ("point.none/landslide", "point.none/collapse")
    made = panel(qtbot, entries=(Entry("mosaic", ramp=ramp, storey=2), Entry("points", signs=kinds)))
    for name, texts in (("mosaic", {"15", "25", "65"}), ("points", set())):
        click(made, name)
        low = made.sizeHint().height()
        QTest.keyClick(made, Qt.Key.Key_Return)
        made.resize(320, made.sizeHint().height())
        assert made.sizeHint().height() >= low + 30
        assert texts <= set(said(made))
        assert_fits(made)
        image = made.grab().toImage()
        colors = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
        assert ("#0f141e" in colors) is (name == "mosaic")
        QTest.keyClick(made, Qt.Key.Key_Return)
        made.resize(320, made.sizeHint().height())


def test_a_long_name_stands_on_two_lines_and_what_is_longer_still_loses_its_middle(qtbot: QtBot) -> None:
    longest = "Completeness of the villages of the county in six points, one by one"
    entries = (
        Entry("a", title="Warning units", glyph="shelter", count=278),
        Entry("b", title=longest, glyph="shelter", count=9),
    )
    made = panel(qtbot, 272, entries)
    texts = [piece for piece in made.pieces() if isinstance(piece, pieces.Text)]
    assert {"Warning", "units", "278"} <= {piece.text for piece in texts}
    cut = next(piece for piece in texts if "…" in piece.text)
    assert cut.tip == longest
    assert cut.text[-1].isalpha(), "both ends of it are read"
    assert_fits(made)

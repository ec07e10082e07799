"""The card of a hazard point: what it says, what it says is missing, and that it is reached by keys."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from models.hazard.alarms import RainSource
from models.hazard.level import Level
from tests.counting import calls
from tests.make import NOW, point, unjudged, verdict, window
from tests.widgets.conftest import Look
from tests.widgets.map.card_facts import full_facts, full_point
from tests.widgets.map.test_cards import assert_fits, said, shown
from widgets import pieces
from widgets.map.card_links import LinkedCard
from widgets.map.card_values import PointFacts
from widgets.map.point_card import PointCard


def full_card(qtbot: QtBot, width: int = 352) -> PointCard:
    card = PointCard()
    shown(qtbot, card, width)
    at = full_point()
    judged = replace(
        verdict(at, Level.NONE, 2.4, 3, Level.BLUE, 27.6),
        windows=tuple(window(h, mm, Level.NONE) for h, mm in ((1, 0.2), (3, 0.6), (6, 2.4), (24, 11.8))),
    )
    card.show_point(at, judged, NOW)
    card.show_facts(full_facts())
    card.resize(width, card.sizeHint().height())
    return card


def test_the_point_card_shows_rain_against_every_threshold_of_its_window(qtbot: QtBot) -> None:
    card = PointCard()
    shown(qtbot, card, 352)
    at = point()
    full = verdict(at, Level.RED, 62.3, 3, None, math.nan)
    reached = replace(full, windows=(full.windows[0], replace(full.windows[1], at_least=True), full.windows[2]))
    card.show_point(at, reached, NOW)
    card.resize(352, card.sizeHint().height())
    words_said = said(card)
    for text in ("石坑沟", "62.3", "20", "60", "90", "at least", "韦青山", "000-0000-0117"):
        assert text in words_said
    assert_fits(card)
    assert card.point_id == "SH-0117"


def test_each_window_is_one_linear_scale_that_bar_and_levels_share(qtbot: QtBot) -> None:
    card = full_card(qtbot)
    laid = card.content()
    bars = [p.rect for p in laid if isinstance(p, pieces.Fill) and p.token == "bar"]
    for bar, (mm, levels) in zip(bars, ((0.2, (20, 25, 30, 40)), (0.6, (30, 40, 50, 60))), strict=False):
        ticks = [
            p.rect.left() + 1
            for p in laid
            if isinstance(p, pieces.Fill) and p.rect.width() == 1 and p.rect.top() == bar.top() - 2
        ]
        per_mm = (max(ticks) - bar.left()) / max(levels)
        assert sorted(ticks) == pytest.approx([bar.left() + per_mm * level for level in levels], abs=1.5)
        assert bar.width() == pytest.approx(max(1.0, per_mm * mm), abs=0.6)


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("spoken", ["zh", "en"])
@pytest.mark.parametrize("width", [320, 352])
def test_a_full_card_fits_both_docks(qtbot: QtBot, put_on: Look, look: str, spoken: str, width: int) -> None:
    put_on(look, spoken)
    card = full_card(qtbot, width)
    assert_fits(card)
    assert_fits(card.curve)


def test_a_full_card_says_everything_that_is_known(qtbot: QtBot) -> None:
    texts = said(full_card(qtbot))
    for text in (
        *("石坑站", "900 m", "11.8", "26 min ago", "覃立", "000-0000-0118", "overdue 51 d", "43", "126", "石坑小学"),
        *("1.2", "18 min walk", "14 m up", "2024-06-19", "沟口淤积，6月14日清完", "暴雨 Red", "47 min left"),
    ):
        assert any(text in said_text for said_text in texts), text


def test_a_card_without_anything_entered_says_each_thing_that_is_missing(qtbot: QtBot) -> None:
    card = PointCard()
    shown(qtbot, card, 352)
    bare = replace(point(), thresholds=(), person="", phone="")
    card.show_point(bare, None, NOW)
    card.show_facts(PointFacts(bare.id, people=(), past=(), gauges=(), warnings=()))
    card.resize(352, card.sizeHint().height())
    texts = said(card)
    assert texts.count("not entered") == 5, "at risk, shelter, inspection, confirmation, source"
    for text in ("nobody is named", "no gauge within 10 km", "nothing is entered for this place", "no warning"):
        assert text in texts
    assert "No rain has come in for this place." in said(card.curve)
    assert_fits(card)


def test_facts_of_another_point_are_not_shown(qtbot: QtBot) -> None:
    card = full_card(qtbot)
    card.show_facts(full_facts("SH-0001"))
    assert "覃立" not in said(card)
    assert not card.curve.isVisibleTo(card)


def test_tab_goes_through_the_links_and_enter_follows_one(qtbot: QtBot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    column = QVBoxLayout(host)
    before, after, area = QLineEdit(), QLineEdit(), QScrollArea()
    card = full_card(qtbot)
    area.setWidgetResizable(True)
    area.setWidget(card)
    for widget in (before, area, after):
        column.addWidget(widget)
    host.resize(380, 400)
    with qtbot.waitExposed(host):
        host.show()
    before.setFocus()
    reached = []
    for _ in range(40):
        focus = host.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, Qt.Key.Key_Tab)
        if card.link:
            reached.append(card.link)
        if host.focusWidget() is after:
            break
    assert reached == card.links()
    assert "record:people:4" in reached
    assert host.focusWidget() is after
    assert area.verticalScrollBar().value() > 0, "what the keyboard stands on is scrolled into sight"
    QTest.keyClick(after, Qt.Key.Key_Backtab)
    with qtbot.waitSignal(card.link_requested) as caught:
        QTest.keyClick(card, Qt.Key.Key_Return)
    assert caught.args == [reached[-1]]
    framed = [p for p in card.pieces() if isinstance(p, pieces.Frame) and p.width_px == 2.0]
    assert len(framed) == 1


def test_a_click_on_a_person_leads_to_the_record(qtbot: QtBot) -> None:
    card = full_card(qtbot)
    name = next(p for p in card.pieces() if isinstance(p, pieces.Text) and p.text == "覃立")
    assert name.underline
    with qtbot.waitSignal(card.link_requested) as caught:
        QTest.mouseClick(card, Qt.MouseButton.LeftButton, pos=name.rect.center().toPoint())
    assert caught.args == ["record:people:1"]


def test_a_card_shown_again_takes_no_more_work_each_time(qtbot: QtBot) -> None:
    card = full_card(qtbot)
    facts, at, judged = full_facts(), card._point, card._verdict

    def show() -> None:
        card.show_point(at, judged, NOW)
        card.show_facts(replace(facts))
        card.grab()

    spent = [calls(show) for _ in range(8)]
    assert max(spent[4:]) <= max(spent[:4])


def test_the_point_card_names_windows_that_are_not_judged_and_the_silent_gauge(qtbot: QtBot) -> None:
    card = PointCard()
    shown(qtbot, card, 320)
    card.show_point(point(), unjudged(point()), NOW)
    card.resize(320, card.sizeHint().height())
    assert said(card).count("not judged") == 2
    assert {"data 60 %", "data 0 %", "Q0203", "—"} <= set(said(card))
    assert_fits(card)


def test_a_point_without_verdict_thresholds_or_people_says_each(qtbot: QtBot) -> None:
    card = PointCard()
    shown(qtbot, card, 352)
    bare = replace(point(), thresholds=(), person="", phone="", attributes={"soil": "湿 6月17日"})
    card.show_point(bare, None, NOW)
    card.resize(352, card.sizeHint().height())
    assert {"no thresholds: it is never judged", "nobody is named", "soil", "湿 6月17日"} <= set(said(card))
    assert_fits(card)
    card.show_point(point(), None, NOW)
    assert said(card).count("not judged yet") == 3
    card.show_point(None, None, NOW)
    assert card.point_id == ""


def test_the_source_of_a_windows_rain_is_named(qtbot: QtBot) -> None:
    card = PointCard()
    shown(qtbot, card, 352)
    by_radar = replace(window(1, 12.0, Level.NONE), source=RainSource.RADAR, source_id="Z9991")
    card.show_point(point(), replace(unjudged(point()), windows=(by_radar,)), NOW)
    assert "radar Z9991" in said(card)


def test_a_card_without_links_lets_tab_through(qtbot: QtBot) -> None:
    card = LinkedCard()
    qtbot.addWidget(card)
    assert card.links() == []
    assert card.link == ""


def test_no_forecast_is_said_and_one_that_is_there_is_a_hollow_bar_behind_the_rain(qtbot: QtBot) -> None:
    card = full_card(qtbot)
    assert "no forecast" in said(card)
    hollow = [p for p in card.content() if isinstance(p, pieces.Frame)]
    assert hollow == []
    card.show_facts(replace(full_facts(), forecast_mm={1: 12.0, 3: 20.0}))
    texts = said(card)
    assert "no forecast" not in texts
    assert {"+12.0", "+20.0"} <= set(texts)
    bars = [p.rect for p in card.content() if isinstance(p, pieces.Fill) and p.token == "bar"]
    frames = [p.rect for p in card.content() if isinstance(p, pieces.Frame)]
    assert len(frames) == 2, "a window that nobody expects anything of has no bar"
    assert frames[1].left() == pytest.approx(bars[1].right(), abs=1.1)
    assert frames[1].width() / bars[1].width() == pytest.approx(20.0 / 0.6, rel=0.1)
    assert_fits(card)


@pytest.mark.parametrize("spoken", ["zh", "en"])
def test_when_it_was_inspected_and_confirmed_is_seen_without_scrolling(qtbot: QtBot, put_on: Look, spoken: str) -> None:
    put_on("light", spoken)
    card = full_card(qtbot, 320)
    facts = full_facts()
    assert facts.inspection is not None
    late = replace(facts.inspection, next_on=date(2026, 6, 15), overdue_days=3, confirmed_on=date(2026, 4, 2))
    card.show_facts(replace(facts, inspection=late))
    texts = {p.text: p for p in card.content() if isinstance(p, pieces.Text) and p.rect.bottom() < 120}
    tag = next(p for p in texts.values() if p.ground == "tag")
    assert tag.text in {"overdue 3 d", "逾期 3 天"}
    assert tag.tip
    assert {"12 Jun", "2 Apr"} <= set(texts) or {"6月12日", "4月2日"} <= set(texts)
    assert_fits(card)


def bottom_of(card: PointCard, word: str) -> float:
    return min(p.rect.bottom() for p in card.content() if isinstance(p, pieces.Text) and p.text.startswith(word))


@pytest.mark.parametrize("spoken", ["zh", "en"])
def test_on_a_low_screen_people_and_shelter_stand_before_the_curve_within_what_is_seen(
    qtbot: QtBot, put_on: Look, spoken: str
) -> None:
    put_on("light", spoken)
    card = full_card(qtbot, 320)
    assert bottom_of(card, "000-0000-0108") > card.laid.room.bottom(), "where there is room the curve stands first"
    for seen in (700.0, 800.0):
        card.show_seen(seen)
        assert card.laid.room.bottom() < bottom_of(card, "000-0000-0108")
        assert 96 <= card.laid.room.height() <= 150
    card.show_facts(replace(full_facts(), warnings=()))
    card.show_seen(512.0)
    card.resize(320, card.sizeHint().height())
    assert bottom_of(card, "000-0000-0116") < bottom_of(card, "石坑小学") <= 512 < card.laid.room.bottom()
    assert_fits(card)

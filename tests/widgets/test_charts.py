"""The rain curve: true to its scale, with gaps as gaps, and quick."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from models.hazard.level import Level
from tests.counting import calls
from tests.make import NOW
from tests.widgets.conftest import Look
from widgets import theme as look
from widgets.charts import RainCurve
from widgets.map.card_values import RainHours
from widgets.pieces import Mark, Text

DAY = ((Level.BLUE, 50.0), (Level.YELLOW, 65.0), (Level.ORANGE, 80.0), (Level.RED, 100.0))


def curve(qtbot: QtBot, rain_mm: tuple[float, ...], thresholds: tuple[tuple[Level, float], ...] = DAY) -> RainCurve:
    made = RainCurve()
    qtbot.addWidget(made)
    made.resize(352, made.sizeHint().height())
    made.show_rain(RainHours(NOW, 60, rain_mm, thresholds))
    return made


def columns_with(made: RainCurve, color: QColor) -> dict[int, list[int]]:
    """Return the rows of the plot in which a color stands, by column."""
    image = made.grab().toImage()
    found: dict[int, list[int]] = {}
    room = made._room().toRect()
    for x in range(room.left(), room.right()):
        rows = [y for y in range(room.bottom() - 1) if image.pixelColor(x, y) == color]
        if rows:
            found[x] = rows
    return found


@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_blue_threshold_is_a_line_at_its_height_with_its_mark(qtbot: QtBot, put_on: Look, name: str) -> None:
    put_on(name, "en")
    made = curve(qtbot, (1.0,) * 24)
    mark = next(p for p in made.pieces() if isinstance(p, Mark))
    assert mark.level is Level.BLUE
    blue = columns_with(made, look.current().level_fill(Level.BLUE))
    rows = {y for column in blue.values() for y in column}
    assert len(blue) > 200
    assert all(abs(y - made._y(50)) <= 2 for y in rows)
    assert abs(mark.rect.center().y() - made._y(50)) < 1


def test_the_end_of_the_curve_stands_where_the_scale_says(qtbot: QtBot) -> None:
    made = curve(qtbot, (1.0,) * 24)
    dark = columns_with(made, look.current().color("text"))
    x = round(made._room().right()) - 8
    assert min(dark[x]) == pytest.approx(made._y(24 * (made._room().width() - 8) / made._room().width()), abs=2)


def test_hours_that_did_not_come_are_a_gap_in_curve_and_bars(qtbot: QtBot) -> None:
    rain = (2.0,) * 10 + (math.nan,) * 4 + (2.0,) * 10
    made = curve(qtbot, rain)
    room = made._room()
    middle = range(round(room.left() + room.width() * 11.5 / 24), round(room.left() + room.width() * 12.5 / 24))
    dark, bars = columns_with(made, look.current().color("text")), columns_with(made, look.current().color("bar"))
    assert not any(x in dark or x in bars for x in middle)
    assert RainHours(NOW, 60, rain).total_mm == pytest.approx(40)
    assert not RainHours(NOW, 60, rain).whole


def test_without_any_rain_the_chart_says_so_and_loads_nothing(qtbot: QtBot) -> None:
    made = curve(qtbot, (math.nan,) * 24)
    assert [p.text for p in made.pieces() if isinstance(p, Text)] == ["No rain has come in for this place."]
    assert made._plot is None
    made.show_rain(None)
    assert made._plot is None


def test_of_the_thresholds_those_reached_and_the_next_one_are_shown(qtbot: QtBot) -> None:
    made = curve(qtbot, (2.5,) * 24)
    assert [limit.level for limit in made._shown_thresholds()] == [Level.BLUE, Level.YELLOW]
    assert curve(qtbot, (0.0,) * 24, ())._shown_thresholds() == []


def test_another_rain_changes_the_curve_and_makes_no_second_one(qtbot: QtBot) -> None:
    made = curve(qtbot, (1.0,) * 24)
    made.grab()
    plot, spent = made._plot, []
    for i in range(15):
        made.show_rain(RainHours(NOW, 60, tuple((i + k) % 5 / 2 for k in range(24)), DAY))
        spent.append(calls(made.grab))
    assert made._plot is plot
    assert spent[-5:] == spent[5:10], "the hundredth is painted with no more work than the fifth"


def test_another_theme_takes_its_own_inks(qtbot: QtBot, put_on: Look) -> None:
    made = curve(qtbot, (1.0,) * 24)
    made.grab()
    put_on("dark", "en")
    made.show_rain(replace(made._rain) if made._rain else None)
    assert made.grab().toImage().pixelColor(60, 40) == look.DARK.color("panel")


def test_without_thresholds_of_the_day_the_nearest_window_has_its_line_on_what_came_before_it(qtbot: QtBot) -> None:
    made = curve(qtbot, (1.0,) * 24, ())
    limits = ((6, Level.BLUE, 30.0), (6, Level.RED, 70.0), (1, Level.BLUE, 40.0))
    made.show_rain(RainHours(NOW, 60, (1.0,) * 24, (), shorter=limits))
    (limit,) = made._shown_thresholds()
    assert (limit.level, limit.mm, limit.at_mm) == (Level.BLUE, 30.0, 18 + 30)
    assert "6 h 30" in [p.text for p in made.pieces() if isinstance(p, Text)]
    columns = columns_with(made, look.current().level_fill(Level.BLUE))
    room = made._room()
    assert min(columns) == pytest.approx(room.left() + room.width() * 18 / 24, abs=3)
    assert all(abs(y - made._y(48)) <= 2 for rows in columns.values() for y in rows)
    raining = RainHours(NOW, 60, (0.0,) * 23 + (75.0,), (), shorter=limits)
    made.show_rain(raining)
    assert [one.level for one in made._shown_thresholds()] == [Level.BLUE, Level.RED], "what was reached, all of it"

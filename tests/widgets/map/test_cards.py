"""The cards on the map, the layer panel and the time line: what they say, and that it fits."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from layers import color_table
from layers.coverage_layer import colors as coverage_colors
from layers.drawing import Drawings, Raster
from layers.facet_layer import Facet, FacetLayer
from layers.grid_layer import GridLayer
from layers.map_view import MapView
from models.geodesy import to_mercator
from models.grid import GridArea
from models.hazard.level import Level
from models.radar.footprint import Source
from models.radar.mosaic import Absent, Mosaic
from models.radar.quantity import CR
from tests.make import NOW, ago
from tests.widgets.map.drawn import VIEW, line, points
from widgets import pieces
from widgets.map.legend import Legend
from widgets.map.read_out import CursorFacts, ReadOut
from widgets.map.scale_bar import ScaleBar, round_length
from widgets.map.time_line import RainBar, TimeBar, TimeLine, TimeMark
from widgets.map.title_card import TitleCard
from widgets.painted import Painted


def mosaic(minutes: float = 2, sources: int = 3, missing: int = 0) -> Mosaic:
    at = ago(minutes)
    radars = tuple(Source(f"Z{i}", f"站{i}", at, timedelta(minutes=6)) for i in range(sources + missing))
    area = GridArea(0, 0, 1000, 2, 2)
    codes = np.full((2, 2), 130, np.uint8)
    ones = np.ones((2, 2), np.uint8)
    absent = tuple(Absent(radar, 120.0) for radar in radars[sources:])
    return Mosaic(at, area, CR, codes, ones, ones, radars[:sources], absent)


def said(widget: Painted) -> list[str]:
    return [piece.text for piece in widget.pieces() if isinstance(piece, pieces.Text) and piece.text]


def assert_fits(widget: Painted) -> None:
    """Every text has its room, inside the widget; what is cut says its whole in a tooltip."""
    room = widget.rect().adjusted(-1, -1, 1, 1)
    texts = [piece for piece in widget.pieces() if isinstance(piece, pieces.Text) and piece.text]
    for text in texts:
        wide = pieces.width_of(text.text, text.px, italic=text.italic)
        assert text.elide or wide <= text.rect.width() + 1.5, text.text
        assert room.contains(text.rect.toAlignedRect().adjusted(0, 3, 0, -3)), text.text
        assert not text.elide or text.tip
    for i, one in enumerate(texts):
        for other in texts[i + 1 :]:
            both = one.rect.intersected(other.rect)
            assert both.width() <= 1 or both.height() <= 8, (one.text, other.text)


def shown(qtbot: QtBot, widget: Painted, width: int) -> None:
    qtbot.addWidget(widget)
    widget.resize(width, widget.sizeHint().height())


def test_the_title_says_which_field_how_many_radars_and_how_old(qtbot: QtBot) -> None:
    card = TitleCard()
    qtbot.addWidget(card)
    card.show_mosaic(mosaic(), NOW)
    assert said(card) == ["Radar mosaic", "composite reflectivity", "3 radars", "03:10", "2 min ago"]
    assert_fits(card)


def test_beside_a_second_map_a_long_fact_of_the_title_gives_way_and_the_time_does_not(qtbot: QtBot) -> None:
    card = TitleCard()
    qtbot.addWidget(card)
    card.show_mosaic(mosaic(26, 2, 1), NOW)
    card.resize(370, card.height())
    seen = [pieces.shown_text(piece) for piece in card.pieces() if isinstance(piece, pieces.Text)]
    assert {"Radar mosaic", "2 radars", "02:46", "26 min ago"} < {*seen}
    assert sum(text.endswith("…") for text in seen) == 2
    assert_fits(card)


def test_an_old_mosaic_stands_on_a_tag_and_a_missing_radar_is_named(qtbot: QtBot) -> None:
    card = TitleCard()
    qtbot.addWidget(card)
    card.show_mosaic(mosaic(26, 2, 1), NOW)
    assert "without 站2, 120 km² unseen" in said(card)
    (age,) = [p for p in card.pieces() if isinstance(p, pieces.Text) and p.ground == "tag"]
    assert age.text == "26 min ago"


def test_without_a_mosaic_the_title_says_so(qtbot: QtBot) -> None:
    card = TitleCard()
    qtbot.addWidget(card)
    assert said(card) == ["Radar mosaic", "no data yet"]
    card.show_mosaic(mosaic(2), NOW)
    card.show_note("reads too high")
    card.show_hidden()
    assert said(card) == ["Radar mosaic", "not shown"]
    card.show_sweep("ZG170", "REF", 1.5, ago(3), NOW, step=timedelta(minutes=6))
    assert said(card) == ["ZG170", "REF", "elevation 1.5°", "03:09", "3 min ago"]
    assert not [p for p in card.pieces() if isinstance(p, pieces.Text) and p.ground == "tag"]
    card.show_sweep("ZG170", "REF", 1.5, ago(16), NOW, step=timedelta(minutes=6))
    (age,) = [p for p in card.pieces() if isinstance(p, pieces.Text) and p.ground == "tag"]
    assert age.text == "16 min ago"
    card.show_note("reads too high")
    assert said(card)[-1] == "reads too high"
    assert_fits(card)


@pytest.mark.parametrize(("longest", "length"), [(999, 500), (1000, 1000), (1999, 1000), (2000, 2000), (5400, 5000)])
def test_the_scale_has_a_round_length(longest: float, length: float) -> None:
    assert round_length(longest) == length


def test_the_scale_bar_is_true_at_the_latitude_of_the_view(qtbot: QtBot) -> None:
    bar = ScaleBar()
    qtbot.addWidget(bar)
    x, y = to_mercator(np.array([107.0]), np.array([60.0]))
    bar.show_view(MapView(float(x[0]), float(y[0]), 100.0, 800, 600))  # 50 m on the ground a pixel
    assert bar.words == "5 km"
    line = next(p for p in bar.pieces() if isinstance(p, pieces.Fill))
    assert line.rect.width() == pytest.approx(100, abs=0.5)
    assert_fits(bar)


def test_the_legend_shows_only_what_is_on_the_map(qtbot: QtBot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    legend = Legend(host)
    legend.show_drawings(Drawings(()))
    assert legend.size().isEmpty()
    field = GridLayer.of_mosaic(mosaic()).draw(VIEW, 1.0)
    legend.show_drawings(Drawings((*field, points((0, 0, 1), (0, 0, 5)), line("warning.orange", (0, 0), (1, 1)))))
    assert not legend.size().isEmpty()
    assert [entry.word for entry in legend.entries()] == ["orange", "red", "not judged", "warning"]
    assert "dBZ" in said(legend)
    assert {"15", "25", "35", "45", "55", "65"} <= set(said(legend))
    assert_fits(legend)
    relief = Raster("relief", mosaic().area, mosaic().codes, replace(field[0].colors, steps=()), 1.0, True)  # type: ignore[union-attr]
    legend.show_drawings(Drawings((relief, points((0, 0, 0)))))
    assert [entry.word for entry in legend.entries()] == ["none"]
    assert "dBZ" not in said(legend)


def test_the_legend_says_how_many_radars_and_hatches_what_the_map_hatches(qtbot: QtBot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    legend = Legend(host)
    drawn = FacetLayer("count", mosaic(), Facet.COUNT).draw(VIEW, 1.0)
    legend.show_drawings(Drawings(drawn))
    assert said(legend) == ["1", "2", "3", "How many radars"]
    water = color_table.load("vil")
    legend.show_drawings(Drawings((Raster("mosaic", mosaic().area, mosaic().codes, water, 1.0),)))
    assert "kg/m²" in said(legend)
    area, codes = mosaic().area, mosaic().codes
    legend.show_drawings(Drawings((Raster("coverage", area, codes, coverage_colors(), 1.0),)))
    assert {entry.hatch for entry in legend.entries()} == {"", "rising", "crossed"}
    blocked = next(entry for entry in legend.entries() if entry.hatch == "crossed")
    legend._rows = ((blocked,),)
    crossed = legend.grab().toImage()
    legend._rows = ((replace(blocked, hatch=""),),)
    legend.repaint()
    assert legend.grab().toImage() != crossed


def test_no_number_of_the_legend_reaches_into_the_next(qtbot: QtBot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    legend = Legend(host)
    heights = replace(color_table.load("vil"), steps=tuple((500.0 * i, (90, 90, 90, 255)) for i in range(4)))
    legend.show_drawings(Drawings((Raster("own:dem", mosaic().area, mosaic().codes, heights, 1.0),)))
    assert {"0", "1000"} <= set(said(legend))
    assert "500" not in said(legend)
    assert_fits(legend)


def test_the_legend_leaves_out_what_lies_beyond_the_view(qtbot: QtBot) -> None:
    legend = Legend()
    qtbot.addWidget(legend)
    legend.show_drawings(Drawings((points((0, 0, 5), (50_000, 0, 1)),)))
    assert [entry.word for entry in legend.entries()] == ["red", "not judged"]
    legend.show_view(VIEW)
    assert [entry.word for entry in legend.entries()] == ["red"]
    legend.show_view(replace(VIEW, center_x_m=50_000.0))
    assert [entry.word for entry in legend.entries()] == ["not judged"]


def test_the_read_out_keeps_its_columns_and_says_missing(qtbot: QtBot) -> None:
    card = ReadOut()
    qtbot.addWidget(card)
    assert said(card) == ["Place", "—"], "while the cursor is elsewhere the map has the room"
    card.show_facts(CursorFacts(107.1, 29.2))
    empty = card.size()
    card.show_facts(CursorFacts(107.1, 29.2, "石坑镇 石坑村", 42.0, 16.24, "站0", ago(2), timedelta(minutes=2)))
    assert {"石坑镇 石坑村", "107.1000  29.2000", "42", "16.2", "03:10", "2 min"} <= set(said(card))
    assert card.size() == empty
    assert_fits(card)
    card.show_facts(None)
    assert said(card).count("—") == 7, "the rows stand a moment longer, or they would jump when a card is crossed"
    qtbot.waitUntil(lambda: card.is_folded, timeout=2000)
    assert_fits(card)


def test_not_seen_and_no_echo_are_not_the_same(qtbot: QtBot) -> None:
    card = ReadOut()
    qtbot.addWidget(card)
    card.show_facts(CursorFacts(107.1, 29.2, "", math.nan))
    tips = [p.tip for p in card.pieces() if isinstance(p, pieces.Text)]
    assert "no radar sees this place" in tips
    card.show_facts(CursorFacts(107.1, 29.2, "", -math.inf, 0.0))
    assert "none" in said(card)
    assert "0.0" in said(card)
    assert "outside the county" in said(card)


def time_line(qtbot: QtBot, frames: tuple[int, ...] = (30, 24, 18, 6, 0)) -> TimeLine:
    made = TimeLine()
    qtbot.addWidget(made)
    made.resize(1300, 150)
    made.show()
    made.axis.show_span(ago(60), NOW + timedelta(minutes=30), NOW)
    made.axis.show_frames([ago(m) for m in frames], ago(0), timedelta(minutes=6))
    return made


def test_a_frame_that_did_not_come_is_a_visible_gap(qtbot: QtBot) -> None:
    made = time_line(qtbot)
    axis = made.axis
    assert axis.gaps() == ((ago(18), ago(6)),)
    assert "gap" in said(axis)
    assert axis.x_of(ago(60)) < axis.x_of(NOW) < axis.width()


def test_a_feed_that_fell_silent_is_a_gap_up_to_now(qtbot: QtBot) -> None:
    assert time_line(qtbot, (40, 34, 28)).axis.gaps() == ((ago(28), NOW),)


def test_a_click_on_the_axis_wants_the_nearest_frame(qtbot: QtBot) -> None:
    made = time_line(qtbot)
    spot = QPointF(made.axis.x_of(ago(23)), 40).toPoint()
    with qtbot.waitSignal(made.frame_requested) as caught:
        QTest.mouseClick(made.axis, Qt.MouseButton.LeftButton, pos=spot)
    assert caught.args == [ago(24)]


def test_rain_alarms_and_warnings_stand_on_the_same_axis(qtbot: QtBot) -> None:
    made = time_line(qtbot)
    made.axis.show_rain(
        [RainBar(ago(40), ago(30), 4.0), RainBar(ago(30), ago(20), math.nan), RainBar(ago(20), ago(10), 8.0)]
    )
    made.axis.show_alarms([TimeMark(ago(9), Level.RED, "石坑沟"), TimeMark(ago(30), Level.BLUE)])
    made.axis.show_warnings(
        [TimeBar("暴雨", ((ago(25), Level.ORANGE), (ago(8), Level.RED)), NOW + timedelta(minutes=10))]
    )
    made.axis.resize(made.axis.width(), made.axis.sizeHint().height())
    laid = made.axis.pieces()
    marks = [(p.level, p.rect.center().x()) for p in laid if isinstance(p, pieces.Mark)]
    assert next(x for level, x in marks if level is Level.RED) == pytest.approx(made.axis.x_of(ago(9)))
    assert [level for level, _ in marks] == [Level.BLUE, Level.RED, Level.ORANGE, Level.RED]
    bars = sorted(p.rect.height() for p in laid if isinstance(p, pieces.Fill) and p.token == "bar" and "mm" in p.tip)
    assert bars[1] == pytest.approx(2 * bars[0])
    assert said(made.axis).count("gap") == 2
    assert any(text.startswith("until") for text in said(made.axis))


def press(made: TimeLine, name: str) -> Callable[[], None]:
    return getattr(made, name).click  # type: ignore[no-any-return]


@pytest.mark.parametrize(("button", "signal", "args"), [
    ("back", "step_requested", [-1]), ("on", "step_requested", [1]), ("now", "now_requested", []),
    ("play", "play_requested", [True]),
])  # fmt: skip
def test_every_button_of_the_time_line_says_what_is_wanted(
    qtbot: QtBot, button: str, signal: str, args: list[object]
) -> None:
    made = time_line(qtbot)
    with qtbot.waitSignal(getattr(made, signal)) as caught:
        press(made, button)()
    assert caught.args == args


def test_showing_that_it_plays_wants_nothing(qtbot: QtBot) -> None:
    made = time_line(qtbot)
    with qtbot.assertNotEmitted(made.play_requested):
        made.show_playing(True)
    assert made.play.isChecked()


@pytest.mark.parametrize("spoken", ["zh", "en"])
def test_the_axis_of_time_stands_still_when_the_loop_runs(
    qtbot: QtBot, put_on: Callable[[str, str], None], spoken: str
) -> None:
    put_on("light", spoken)
    line = TimeLine()
    qtbot.addWidget(line)
    line.resize(1366, 120)
    line.show()
    before = line.play.width(), line.axis.geometry()
    line.show_playing(True)
    QTest.qWait(20)
    assert (line.play.width(), line.axis.geometry()) == before

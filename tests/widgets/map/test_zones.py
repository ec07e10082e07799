"""Zones on the map and in the legend: gray, each class stronger than the last and hatched in its own way."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import shapely
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from layers.drawing import Areas, Drawings
from layers.map_view import MapView
from layers.shape import rings_of
from widgets import theme as look
from widgets.map.frame import Frame
from widgets.map.ink import ink_of
from widgets.map.legend import Legend
from widgets.map.line_painter import paint_areas

VIEW = MapView(11_877_789.0, 3_362_924.0, 50.0, 200, 200)


def zone(style: str, word: str) -> Areas:
    shape = rings_of([shapely.box(106.6, 28.8, 106.8, 29.0)], ["z"])
    return Areas(f"zoning.{word}", shape.xy, shape.starts, shape.ids, style, 1.0, word)


def painted(style: str, theme: look.Theme) -> np.ndarray:
    """Return the pixels of an area that covers all of a small map."""
    image = QImage(160, 160, QImage.Format.Format_RGB32)
    image.fill(ink_of(theme).ground)
    painter = QPainter(image)
    area = ink_of(theme).area(style)
    assert area is not None
    for _ in paint_areas(painter, zone(style, "x"), area, Frame.of_view(VIEW, 1.0)):
        pass
    painter.end()
    colors = [[image.pixelColor(x, y) for x in range(20, 60)] for y in range(20, 60)]
    return np.array([[(c.red(), c.green(), c.blue()) for c in row] for row in colors])


@pytest.mark.parametrize("name", ["light", "dark"])
def test_zones_are_gray_and_stand_off_more_with_the_class(name: str) -> None:
    theme = look.THEMES[name]
    color = ink_of(theme).ground
    ground = np.array([color.red(), color.green(), color.blue()])
    pictures = [painted(f"zone.{rank}", theme) for rank in range(6)]
    off = [float(np.abs(picture - ground).mean()) for picture in pictures]
    assert off == sorted(off)
    assert off[0] < 1
    assert all(later - sooner > 3 for sooner, later in pairwise(off))
    assert all(np.ptp(picture, axis=2).max() <= 12 for picture in pictures)  # no color: that is for danger in force
    assert [bool(np.ptp(picture.mean(axis=2)) > 10) for picture in pictures] == [False] * 2 + [True] * 4
    hatched = {(picture.mean(axis=2) > picture.mean()).tobytes() for picture in pictures[2:]}
    assert len(hatched) == 4  # each in its own way: shades alone are too near to each other under the radar
    kinds = [painted(f"kind.{number}", theme) for number in range(1, 7)]
    assert len({picture.tobytes() for picture in kinds}) == 6
    spread = [float(np.abs(picture - ground).mean()) for picture in kinds]
    assert max(spread) < off[5]


def test_the_legend_shows_each_class_once_with_its_own_ground(qtbot: QtBot) -> None:
    legend = Legend()
    qtbot.addWidget(legend)
    drawings = (zone("zone.1", "低"), zone("zone.5", "高"), zone("zone.5", "高"), zone("own", ""))
    legend.show_drawings(Drawings(drawings))
    legend.show_view(VIEW)
    assert [(entry.word, entry.area) for entry in legend.entries()] == [("低", "zone.1"), ("高", "zone.5")]
    image = legend.grab().toImage()
    row = range(8, 14)
    first = [image.pixelColor(x, y) for x in range(14, 24) for y in row]
    panel = look.current().color("panel")
    assert any(color != panel for color in first)
    legend.show_view(MapView(0.0, 0.0, 50.0, 200, 200))
    assert legend.entries() == ()


def test_the_legend_names_the_hazard_of_each_zoning(qtbot: QtBot) -> None:
    legend = Legend()
    qtbot.addWidget(legend)
    drawings = [
        replace(zone(f"zone.{rank}", word), heading=head)
        for head in ("暴雨区划", "大风区划")
        for rank, word in ((1, "低"), (5, "高"))
    ]
    legend.show_drawings(Drawings(tuple(drawings)))
    assert [entry.word for entry in legend.entries()] == ["暴雨区划", "低", "高", "大风区划", "低", "高"]
    assert [entry.has_sign for entry in legend.entries()] == [False, True, True] * 2


def test_a_short_legend_keeps_the_zoning_that_was_switched_on_last(qtbot: QtBot) -> None:
    legend = Legend()
    qtbot.addWidget(legend)
    heads = ("暴雨区划", "大风区划", "冰雹区划")
    whole = {
        head: [replace(zone(f"zone.{rank}", word), heading=head) for rank, word in ((1, "低"), (3, "中"), (5, "高"))]
        for head in heads
    }
    legend.show_room(600.0, 120.0)
    words: list[str] = []
    for on, kept in ((heads[1:2], heads[1]), (heads[:2], heads[0]), (heads, heads[2]), (heads[:2], heads[0])):
        legend.show_drawings(Drawings(tuple(area for head in on for area in whole[head])))
        words = [entry.word for entry in legend.entries()]
        assert words[:4] == [kept, "低", "中", "高"], (on, words)
    assert legend.is_brief
    assert "3" in words[-1]

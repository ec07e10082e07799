"""The sheet of a chart: colors where they belong, hatching where nothing was seen, every size, both themes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage

from layers.color_table import load
from layers.radar_chart import Chart, ChartFacts, MapChart, UprightChart
from models.grid import GridArea
from models.radar.quantity import NO_ECHO, NOT_SEEN
from tests.models.radar.scene import AT, SITE
from widgets import theme as look
from widgets.map.radar_sheet import SheetWords, room_of, sheet_of
from widgets.theme import Theme

WORDS = SheetWords("ZT001 青岚", ("仰角 0.5°", "2026-06-18 08:00 UTC"), ("a.bin", "UNPROVEN"), "未探测", "km", "km")
FACTS = ChartFacts("test", "test", "ZT001", "青岚", AT, "dBZ", "dBZ")
THEMES = pytest.mark.parametrize("theme", [look.LIGHT, look.DARK], ids=["light", "dark"])
ECHO = 9  # of a table of steps: the eighth, 50 dBZ


def steps() -> MapChart:
    """Nothing seen in the left half, no echo in the middle, 50 dBZ in the right quarter."""
    *_, width, height = room_of((600, 500))
    levels = np.full(256, np.nan, np.float32)
    levels[1:14] = (-np.inf, *(value for value, _ in load("reflectivity").steps))
    codes = np.full((height, width), NOT_SEEN, np.uint8)
    codes[:, width // 2 :] = NO_ECHO
    codes[:, 3 * width // 4 :] = ECHO
    area = GridArea(12_600_000.0, 2_700_000.0, 400.0, height, width)
    return MapChart(FACTS, load("reflectivity").of_levels(levels), area, codes)


def wall() -> UprightChart:
    chart = steps()
    codes = np.full((20, 40), NO_ECHO, np.uint8)
    codes[:5], codes[:, :10] = ECHO, NOT_SEEN
    return UprightChart(FACTS, chart.colors, codes, (0.0, 80_000.0), 10_000.0)


def pixels(image: QImage, room: QRectF) -> set[str]:
    """The colors of a part of a picture."""
    spots = [
        (x, y) for x in range(int(room.left()), int(room.right())) for y in range(int(room.top()), int(room.bottom()))
    ]
    return {image.pixelColor(x, y).name() for x, y in spots}


def over(rgba: tuple[int, int, int, int], ground: QColor) -> QColor:
    share = rgba[3] / 255
    mixed = [
        round(c * share + g * (1 - share))
        for c, g in zip(rgba, (ground.red(), ground.green(), ground.blue()), strict=False)
    ]
    return QColor(*mixed)


def near(found: str, wanted: QColor) -> bool:
    got = QColor(found)
    return max(abs(got.red() - wanted.red()), abs(got.green() - wanted.green()), abs(got.blue() - wanted.blue())) <= 2


@THEMES
def test_echo_has_its_color_no_echo_is_plain_and_what_was_not_seen_is_hatched(theme: Theme) -> None:
    image = sheet_of(steps(), WORDS, (600, 500), theme)
    left, top, width, _ = room_of((600, 500))
    small = [QRectF(left + share * width, top + 47, 12, 12) for share in (0.15, 0.6, 0.8)]
    unseen, nothing, echo = (pixels(image, room) for room in small)
    assert {theme.color("paper").name(), theme.color("edge").name()} <= unseen
    assert nothing == {theme.color("panel").name()}
    (color,) = echo
    assert near(color, over(load("reflectivity").steps_on(dark=theme.is_dark)[7][1], theme.color("panel")))


@THEMES
def test_the_legend_shows_every_step_in_the_color_of_the_field_and_the_unit_above(theme: Theme) -> None:
    image = sheet_of(steps(), WORDS, (600, 500), theme)
    table = load("reflectivity").steps_on(dark=theme.is_dark)
    column = [image.pixelColor(600 - 80, y).name() for y in range(70, 450)]
    for _, rgba in table:
        wanted = over(rgba, theme.color("panel"))
        assert any(near(color, wanted) for color in column)
    unit = QRectF(600 - 88, 64, 40, 16)
    assert len(pixels(image, unit)) > 2


def test_circles_stand_at_round_distances_from_the_radar_and_only_where_there_is_one() -> None:
    chart = steps()
    x_m = 12_606_932.0  # 113.25 E
    y_m = 2_692_000.0
    _, top, width, height = room_of((600, 500))
    cell = 120_000 / height
    area = GridArea(x_m - width / 2 * cell, y_m + height / 2 * cell, cell, height, width)
    plain = replace(chart, area=area, codes=np.full((height, width), NO_ECHO, np.uint8))
    site = replace(SITE, lon_deg=113.25, lat_deg=23.4937)
    without = sheet_of(plain, WORDS, (600, 500), look.LIGHT)
    rings = sheet_of(replace(plain, site=site, range_m=50_000.0), WORDS, (600, 500), look.LIGHT)
    row = top + height // 2
    left = room_of((600, 500))[0]
    changed = [x for x in range(left, left + width) if rings.pixelColor(x, row) != without.pixelColor(x, row)]
    ground_m = cell * np.cos(np.radians(23.4937))
    away = sorted({round(abs(x + 0.5 - left - width / 2) * ground_m / 1000) for x in changed})
    assert {20, 40} <= set(away), "a range of 50 km has rings of 20 km"
    assert all(min(abs(km - ring) for ring in (0, 20, 40)) <= 2 for km in away)


@THEMES
def test_an_upright_chart_stands_on_its_feet(theme: Theme) -> None:
    image = sheet_of(wall(), WORDS, (600, 500), theme)
    left, top, width, height = room_of((600, 500))
    left, width, height = left + 34, width - 34, height - 24
    low = pixels(image, QRectF(left + 0.7 * width, top + 0.9 * height, 8, 8))
    high = pixels(image, QRectF(left + 0.7 * width, top + 0.32 * height, 8, 8))
    beside = pixels(image, QRectF(left + 0.1 * width, top + 0.9 * height, 12, 12))
    wanted = over(load("reflectivity").steps_on(dark=theme.is_dark)[7][1], theme.color("panel"))
    assert any(near(color, wanted) for color in low)
    assert theme.color("panel").name() in high
    assert theme.color("edge").name() in beside
    hill = replace(wall(), ground_m=np.full(40, 1500, np.float32))
    ground = pixels(sheet_of(hill, WORDS, (600, 500), theme), QRectF(left + 0.7 * width, top + 0.93 * height, 8, 8))
    assert theme.color("bar").name() in ground


@pytest.mark.parametrize("size", [(320, 240), (1200, 900), (400, 1600), (2400, 500)])
@pytest.mark.parametrize("make", [steps, wall])
def test_every_size_has_a_picture_with_room_for_it(size: tuple[int, int], make: object) -> None:
    assert callable(make)
    chart: Chart = make()
    left, top, width, height = room_of(size)
    assert width > 150
    assert height > 100
    assert left + width < size[0]
    assert top + height < size[1]
    image = sheet_of(chart, WORDS, size, look.LIGHT)
    assert (image.width(), image.height()) == size
    assert len(pixels(image, QRectF(left, top, width, height))) > 5

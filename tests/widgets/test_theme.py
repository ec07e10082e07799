"""The look: contrast of every token, the font, level shapes as pixels."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFontDatabase, QImage, QPainter
from pytestqt.qtbot import QtBot

from models.hazard.level import RISING, Level
from widgets import theme as look
from widgets.level_mark import LevelMark, paint_level
from widgets.pieces import width_of


@pytest.mark.parametrize("theme", look.THEMES.values(), ids=look.THEMES.keys())
def test_text_can_be_read_on_every_ground(theme: look.Theme) -> None:
    for ground in ("paper", "panel", "field", "hover", "tag"):
        assert look.contrast(theme.color("text"), theme.color(ground)) >= 7
    for ground in ("paper", "panel", "field", "hover"):
        assert look.contrast(theme.color("quiet"), theme.color(ground)) >= 4.5
    for level in RISING:
        assert look.contrast(theme.level_text(level), theme.level_fill(level)) >= 4.5


def test_chrome_is_gray() -> None:
    for theme in look.THEMES.values():
        for token in ("paper", "panel", "field", "tag", "hover", "line", "edge", "bar", "text", "quiet", "outline"):
            color = theme.color(token)
            parts = (color.red(), color.green(), color.blue())
            assert max(parts) - min(parts) <= 14, token


def test_the_packaged_font_has_every_sign_that_is_painted(qtbot: QtBot) -> None:
    assert look.load_fonts() == look.FAMILY
    assert look.FAMILY in QFontDatabase.families()
    assert look.font_file() is not None


def test_figures_have_one_width(qtbot: QtBot) -> None:
    assert len({width_of(str(n) * 8, 16) for n in range(10)}) == 1


def painted(level: Level, theme: look.Theme) -> QImage:
    image = QImage(20, 20, QImage.Format.Format_ARGB32)
    image.fill(theme.color("panel"))
    painter = QPainter(image)
    paint_level(painter, QRectF(0, 0, 20, 20), level, theme)
    painter.end()
    return image


@pytest.mark.parametrize("theme", look.THEMES.values(), ids=look.THEMES.keys())
def test_levels_differ_in_color_and_in_shape(theme: look.Theme) -> None:
    panel = theme.color("panel").rgb()
    for level in RISING:
        assert painted(level, theme).pixelColor(10, 10) == theme.level_fill(level)
    corner = {level: painted(level, theme).pixelColor(2, 2).rgb() != panel for level in RISING}
    assert corner == {Level.BLUE: False, Level.YELLOW: False, Level.ORANGE: False, Level.RED: True}
    foot = {level: painted(level, theme).pixelColor(3, 17).rgb() != panel for level in RISING}
    assert foot == {Level.BLUE: False, Level.YELLOW: True, Level.ORANGE: False, Level.RED: True}


def test_not_judged_looks_different_from_none_and_from_blue() -> None:
    theme = look.LIGHT
    images = [painted(level, theme) for level in (Level.NONE, Level.NOT_JUDGED, Level.BLUE)]
    assert images[0] != images[1] != images[2]
    assert images[1].pixelColor(10, 10) == QColor(theme.panel)


def test_a_mark_shows_another_level(qtbot: QtBot) -> None:
    mark = LevelMark(Level.BLUE, size_px=20)
    qtbot.addWidget(mark)
    mark.show_level(Level.RED)
    mark.resize(20, 20)
    assert mark.grab().toImage().pixelColor(10, 10) == look.current().level_fill(Level.RED)

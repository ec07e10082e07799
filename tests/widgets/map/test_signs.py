"""Signs as they are seen: every state another shape, also without color."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

import resources
from layers.drawing import Drawings, Symbols
from layers.sign import ClusterSign, Sign
from models.hazard.level import Level
from tests.widgets.map.test_cards import assert_fits
from widgets import theme as look
from widgets.map import glyphs
from widgets.map.ink import ink_of
from widgets.map.legend import Legend
from widgets.map.sign_painter import count_words, reach_of
from widgets.map.symbol_painter import paint_sprite
from widgets.theme import Theme

SIDE = 40
STATES: dict[str, Sign | ClusterSign] = {
    "none": Sign("landslide"),
    "not judged": Sign("landslide", Level.NOT_JUDGED),
    "doubtful": Sign("landslide", doubtful=True),
    "overdue": Sign("landslide", overdue=True),
    "inactive": Sign("landslide", inactive=True),
    **{level.value: Sign("landslide", level) for level in Level if level.is_alarm},
    "cluster": ClusterSign(12),
    "cluster, some not judged": ClusterSign(12, not_judged=True),
}


def gray(key: str, theme: Theme, ratio: float = 1.0) -> np.ndarray:
    """Return a sprite on the map's ground in shades of gray, 0 to 255."""
    image = QImage(round(SIDE * ratio), round(SIDE * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(ink_of(theme).ground)
    painter = QPainter(image)
    paint_sprite(painter, key, QPointF(SIDE / 2, SIDE / 2), theme)
    painter.end()
    flat = image.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(flat.constBits(), np.uint8).reshape(flat.height(), flat.bytesPerLine())
    return rows[:, : flat.width()].copy()  # the memory goes with the picture


def ink(picture: np.ndarray) -> np.ndarray:
    """Return what stands out of the ground in one tone only: the shape."""
    return np.asarray(np.abs(picture.astype(int) - int(picture[0, 0])) > 70)


@pytest.mark.parametrize("theme", [look.LIGHT, look.DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ratio", [1.0, 1.5])
def test_all_states_differ_in_shape_in_shades_of_gray(theme: Theme, ratio: float) -> None:
    shapes = {name: ink(gray(sign.key, theme, ratio)) for name, sign in STATES.items()}
    for (one, first), (other, second) in combinations(shapes.items(), 2):
        assert (first ^ second).sum() >= 14 * ratio**2, (one, other)


@pytest.mark.parametrize("theme", [look.LIGHT, look.DARK], ids=["light", "dark"])
def test_levels_differ_in_outline_not_only_inside(theme: Theme) -> None:
    outlines = {}
    for level in (Level.BLUE, Level.YELLOW, Level.ORANGE, Level.RED):
        shape = ink(gray(Sign("place", level).key, theme))
        outlines[level] = np.maximum.accumulate(shape, axis=1) & np.maximum.accumulate(shape[:, ::-1], axis=1)[:, ::-1]
    for one, other in combinations(outlines.values(), 2):
        assert (one ^ other).sum() > 60


def test_every_kind_has_a_glyph_of_its_own_inside_of_the_ring() -> None:
    pictures = {name: ink(gray(Sign(name).key, look.LIGHT, 2.0)) for name in glyphs.names()}
    for (one, first), (other, second) in combinations(pictures.items(), 2):
        assert (first ^ second).sum() > 40, (one, other)
    for name in glyphs.names():
        glyph = glyphs.glyph_of(name)
        for path in (glyph.stroked, glyph.filled):
            box = path.boundingRect()
            assert max(abs(box.left()), abs(box.right()), abs(box.top()), abs(box.bottom())) <= 6.8 or box.isEmpty()


def test_every_glyph_that_registers_may_name_has_a_shape_and_the_other_way_round() -> None:
    assert set(resources.table("symbols/glyphs")) == set(glyphs.names())


def test_an_unknown_glyph_looks_like_a_plain_place() -> None:
    np.testing.assert_array_equal(
        gray(Sign("no_such_glyph").key, look.LIGHT), gray(Sign(glyphs.FALLBACK).key, look.LIGHT)
    )


@pytest.mark.parametrize("sign", STATES.values(), ids=STATES.keys())
def test_a_sign_stays_within_its_reach(sign: Sign | ClusterSign) -> None:
    drawn = np.abs(gray(sign.key, look.LIGHT).astype(int) - int(gray("", look.LIGHT)[0, 0])) > 3
    rows, columns = np.nonzero(drawn)
    most = max(SIDE / 2 - min(rows.min(), columns.min()), max(rows.max(), columns.max()) + 1 - SIDE / 2)
    assert most <= reach_of(sign) + 0.5


@pytest.mark.parametrize(("count", "said"), [(3, "3"), (999, "999"), (1000, "1k+"), (12_345, "12k+")])
def test_a_count_fits_into_its_ring(count: int, said: str) -> None:
    assert count_words(count) == said


@pytest.mark.parametrize("words", ["L1 2", "M1", "M1 2 3", "M1 2 C1 2 3 4"])
def test_a_path_that_is_none_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match=r"path|needs|letter"):
        glyphs.path_of(words)


def test_the_legend_explains_the_kinds_and_states_that_are_on_the_map(qtbot: QtBot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    legend = Legend(host)
    keys = [*(sign.key for sign in STATES.values()), Sign("shelter").key]
    at = np.linspace(0.0, 1500.0, len(keys))
    signs = Symbols("signs", at, at, np.arange(len(keys)), tuple(keys), tuple(keys))
    legend.show_drawings(Drawings((signs,)))
    said = [entry.word for entry in legend.entries()]
    assert said[:2] == ["Landslide", "Shelter"]
    assert {
        "none",
        "not judged",
        "position in doubt",
        "overdue",
        "out of its period",
        "several, with their count",
    } <= set(said)
    assert {"blue", "yellow", "orange", "red"} <= set(said)
    legend.show_drawings(Drawings((replace(signs, sprite=np.full(len(keys), len(keys) - 1)),)))
    assert [entry.word for entry in legend.entries()] == ["Shelter", "none"]
    assert_fits(legend)
    legend.show_drawings(
        Drawings((Symbols("storms", at[:1], at[:1], np.zeros(1, np.uint8), (Sign("storm").key,), ("",)),))
    )
    assert [entry.word for entry in legend.entries()] == ["Storm cell"]  # a storm has no level to be without


def test_no_word_stands_twice_in_the_legend_however_many_signs_say_it(qtbot: QtBot) -> None:
    legend = Legend()
    qtbot.addWidget(legend)
    keys = ("point.none", Sign("landslide").key, "point.not_judged.crowd", Sign("landslide", Level.NOT_JUDGED).key)
    at = np.linspace(0.0, 300.0, len(keys))
    legend.show_drawings(Drawings((Symbols("signs", at, at, np.arange(len(keys)), keys, keys),)))
    said = {entry.word: (entry.sprite, entry.also) for entry in legend.entries()}
    assert len(said) == len(legend.entries())
    assert said["none"] == (Sign("landslide").key, "point.none")
    assert said["not judged"] == (Sign("landslide", Level.NOT_JUDGED).key, "point.not_judged.crowd")


def test_in_a_low_map_the_legend_is_short_says_how_much_it_leaves_out_and_opens_at_a_click(qtbot: QtBot) -> None:
    legend = Legend()
    qtbot.addWidget(legend)
    glyphs_known = list(resources.table("symbols/glyphs"))[:12]
    keys = (*(Sign(glyph).key for glyph in glyphs_known), Sign("landslide", Level.RED).key, "gauge")
    at = np.linspace(0.0, 300.0, len(keys))
    legend.show_room(900, 900)
    legend.show_drawings(Drawings((Symbols("signs", at, at, np.arange(len(keys)), keys, keys),)))
    whole = len(legend.entries())
    assert not legend.is_brief
    legend.show_room(742, 250)
    assert legend.is_brief
    assert [entry.word for entry in legend.entries()] == ["red", f"{whole - 1} more signs"]
    assert legend.height() <= 0.4 * 250
    assert_fits(legend)
    more = next(piece for piece in legend.pieces() if getattr(piece, "hit", ""))
    QTest.mouseClick(legend, Qt.MouseButton.LeftButton, pos=more.rect.center().toPoint())
    assert not legend.is_brief
    assert len(legend.entries()) == whole + 1
    assert legend.height() <= 250
    legend.show_room(742, 60)
    assert legend.is_brief, "what does not fit at all is not shown whole"

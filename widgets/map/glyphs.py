"""Glyphs of the map: small vector pictures of kinds of things, 14 px in their box."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

import resources

GLYPH_PX = 14.0
"""Side of the box in which the shapes are given."""
STROKE_PX = 1.25
FALLBACK = "place"
_TOKEN = re.compile(r"[MLQCZ]|-?\d+(?:\.\d+)?")
_NUMBERS = {"M": 2, "L": 2, "Q": 4, "C": 6, "Z": 0}


@dataclass(frozen=True, slots=True, eq=False)
class Glyph:
    """Two paths in a box of 14 by 14 whose middle is the origin."""

    stroked: QPainterPath
    filled: QPainterPath


def names() -> tuple[str, ...]:
    """Return all glyphs that there are."""
    return tuple(resources.table("symbols/shapes"))


@cache
def glyph_of(name: str) -> Glyph:
    """Return the glyph of that name; that of a plain place if there is none."""
    shapes = resources.table("symbols/shapes")
    shape: dict[str, Any] = shapes.get(name, shapes[FALLBACK])
    stroked, filled = path_of(shape.get("stroke", "")), path_of(shape.get("fill", ""))
    for x, y, radius in shape.get("rings", ()):
        stroked.addEllipse(QPointF(x, y), radius, radius)
    for x, y, radius in shape.get("dots", ()):
        filled.addEllipse(QPointF(x, y), radius, radius)
    middle = -GLYPH_PX / 2
    return Glyph(stroked.translated(middle, middle), filled.translated(middle, middle))


def path_of(words: str) -> QPainterPath:
    """Return the path that words of M, L, Q, C and Z describe, all absolute.

    Raises
    ------
    ValueError
        If a letter has too few numbers, or a path does not begin with M.
    """
    path = QPainterPath()
    for letter, at in _commands(words):
        if letter == "M":
            path.moveTo(at[0], at[1])
        elif letter == "L":
            path.lineTo(at[0], at[1])
        elif letter == "Q":
            path.quadTo(at[0], at[1], at[2], at[3])
        elif letter == "C":
            path.cubicTo(at[0], at[1], at[2], at[3], at[4], at[5])
        else:
            path.closeSubpath()
    return path


def paint_glyph(painter: QPainter, name: str, center: QPointF, color: QColor, *, scale: float = 1.0) -> None:
    """Paint a glyph round a place, in logical pixels; ``scale`` 1 is 14 px."""
    glyph = glyph_of(name)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(center)
    painter.scale(scale, scale)
    pen = QPen(color, STROKE_PX / scale)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(glyph.stroked)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawPath(glyph.filled)
    painter.restore()


def _commands(words: str) -> Iterator[tuple[str, list[float]]]:
    tokens = _TOKEN.findall(words)
    if tokens and tokens[0] != "M":
        raise ValueError(f"a path begins with M, not {tokens[0]}")
    i = 0
    while i < len(tokens):
        letter = tokens[i]
        count = _NUMBERS.get(letter)
        if count is None:
            raise ValueError(f"a number without a letter: {letter}")
        numbers = tokens[i + 1 : i + 1 + count]
        if len(numbers) < count or any(number in _NUMBERS for number in numbers):
            raise ValueError(f"{letter} needs {count} numbers")
        yield letter, [float(number) for number in numbers]
        i += 1 + count

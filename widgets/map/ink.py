"""Styles of the map: what ink a style key has in a theme. Widths are logical pixels; 0 is a hairline."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor

from models.hazard.level import RISING, Level
from widgets import theme as look
from widgets.theme import Theme

HAIRLINE = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class LineInk:
    """A line; a ``case`` is a wider line under it, a ``halo`` a still wider one under both."""

    color: QColor
    width: float = HAIRLINE
    dash: tuple[float, ...] = ()
    case: QColor | None = None
    case_width: float = 0.0
    halo: QColor | None = None
    halo_width: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class AreaInk:
    """A filled area, with or without an edge; ``hatch`` lies on the fill in its own color."""

    fill: QColor
    edge: LineInk | None = None
    hatch: Qt.BrushStyle = Qt.BrushStyle.NoBrush
    hatch_color: QColor | None = None

    def brushes(self) -> tuple[QBrush, ...]:
        """Return what the area is filled with, one after the other."""
        fill = QBrush(self.fill)
        return (fill,) if self.hatch_color is None else (fill, QBrush(self.hatch_color, self.hatch))


@dataclass(frozen=True, slots=True, eq=False)
class LabelInk:
    """A text and the halo it stands on."""

    color: QColor
    halo: QColor
    size_px: int


@dataclass(frozen=True, slots=True, eq=False)
class Ink:
    """All styles of a theme by key. A key that is missing draws nothing, or as ``border`` where it is a line."""

    theme: Theme
    ground: QColor
    lines: dict[str, LineInk]
    areas: dict[str, AreaInk]
    labels: dict[str, LabelInk]

    def line(self, style: str) -> LineInk:
        """Return the ink of a line; an unknown style is a plain border."""
        return self.lines.get(style, self.lines["border"])

    def area(self, style: str) -> AreaInk | None:
        """Return the ink of an area; None draws nothing."""
        return self.areas.get(style)

    def label(self, style: str) -> LabelInk:
        """Return the ink of a text; an unknown style looks like a point's name."""
        return self.labels.get(style, self.labels["point"])


_WARNING_WIDTH = {Level.BLUE: 2.0, Level.YELLOW: 2.5, Level.ORANGE: 3.0, Level.RED: 4.5}


def ink_of(theme: Theme) -> Ink:
    """Return the styles of a theme; the same object for each call."""
    return _ink_of(theme.name)


@lru_cache(maxsize=8)
def _ink_of(name: str) -> Ink:
    theme = look.THEMES[name]
    dark = theme.is_dark
    text, panel = theme.color("text"), theme.color("panel")
    county = QColor("#D2D3D4" if dark else "#3A3A38")
    town = QColor("#8A8D93" if dark else "#5C5C58")
    village = QColor("#43474E" if dark else "#C4C4C0")
    water = QColor("#414A54" if dark else "#9CA6AE")
    road = QColor("#5C5F65" if dark else "#A9A9A6")
    halo = QColor("#14161A" if dark else "#FCFCFA")
    lines = {
        "border": LineInk(town),
        "county": LineInk(county, 1.6, (6.0, 2.5, 1.2, 2.5)),
        "town": LineInk(town, 1.0),
        "village": LineInk(village),
        "river": LineInk(water, 1.8),
        "stream": LineInk(water, 1.0),
        "road": LineInk(road, 1.2),
        "track": LineInk(road, HAIRLINE),
        "ring": LineInk(theme.color("quiet"), HAIRLINE, (4.0, 4.0)),
        "link": LineInk(text, HAIRLINE),
        "selected": LineInk(theme.color("outline"), 2.0),
    }
    lines |= _register_lines(theme)
    for level in RISING:
        width = _WARNING_WIDTH[level]
        fill = theme.level_fill(level)
        edge = QColor("#0B0C0E") if dark else text
        glow = QColor(panel)
        glow.setAlpha(0 if dark else 210)
        lines[f"warning.{level.value}"] = LineInk(fill, width, (), edge, width + 2.0, glow, width + 5.0)
        lines[f"draft.{level.value}"] = LineInk(fill, width, (6.0, 4.0), edge, width + 2.0, glow, width + 5.0)
    veil = QColor("#14161A" if dark else "#EDEDEA")
    veil.setAlpha(128 if dark else 165)
    quiet_label = QColor("#9A9DA3" if dark else "#6B6B66")
    labels = {
        "town": LabelInk(text, halo, look.BODY_PX),
        "village": LabelInk(quiet_label, halo, look.KEY_PX),
        "point": LabelInk(text, halo, look.SECOND_PX),
        "station": LabelInk(quiet_label, halo, look.KEY_PX),
        "relation": LabelInk(text, halo, look.KEY_PX),
    }
    areas = {"outside": AreaInk(veil), "water": AreaInk(water)}
    areas |= _own_areas(theme)
    lines["own"] = LineInk(theme.color("quiet"), 1.4)
    return Ink(theme, QColor("#16181C" if dark else "#FAFAF8"), lines, areas, labels)


def _register_lines(theme: Theme) -> dict[str, LineInk]:
    """Return the ink of registers' stretches and outlines by state, and of what belongs to the selected point."""
    text, quiet, panel = theme.color("text"), theme.color("quiet"), theme.color("panel")
    lines = {
        "stretch": LineInk(quiet, 2.0, (), panel, 4.0),
        "stretch.inactive": LineInk(quiet, 1.0, (2.0, 3.0)),
        "stretch.not_judged": LineInk(text, 2.0, (5.0, 4.0), panel, 4.0),
        "area": LineInk(quiet, 1.2),
        "area.inactive": LineInk(quiet, HAIRLINE, (2.0, 3.0)),
        "area.not_judged": LineInk(text, 1.4, (5.0, 4.0)),
        "relation.link": LineInk(text, HAIRLINE),
        "storm.past": LineInk(text, 1.4, (), panel, 3.4),
        "storm.ahead": LineInk(text, 1.4, (5.0, 3.5), panel, 3.4),
        "relation.basin": LineInk(text, 1.8, (), panel, 3.8),
        "relation.unit": LineInk(text, 1.4, (5.0, 3.5), panel, 3.4),
        "relation.route": LineInk(text, 2.6, (2.6, 3.0)),
    }
    for level in RISING:
        fill, width = theme.level_fill(level), _WARNING_WIDTH[level]
        lines[f"stretch.{level.value}"] = LineInk(fill, width + 1.0, (), text, width + 3.0)
        lines[f"area.{level.value}"] = LineInk(fill, width, (), text, width + 2.0)
    return lines


_ZONE_ALPHA = ((0, 14, 30, 50, 68, 86), (0, 14, 28, 42, 56, 70))
"""How strong the classes 0 to 5 are on a light theme, and on a dark one."""
_ZONE_HATCH = {
    2: Qt.BrushStyle.Dense7Pattern,
    3: Qt.BrushStyle.HorPattern,
    4: Qt.BrushStyle.BDiagPattern,
    5: Qt.BrushStyle.DiagCrossPattern,
}
_KIND_HATCH = (
    Qt.BrushStyle.BDiagPattern,
    Qt.BrushStyle.FDiagPattern,
    Qt.BrushStyle.HorPattern,
    Qt.BrushStyle.VerPattern,
    Qt.BrushStyle.Dense7Pattern,
    Qt.BrushStyle.CrossPattern,
)


def _own_areas(theme: Theme) -> dict[str, AreaInk]:
    """Return the inks of areas from files: plain ones, zones 0 to 5 from light to dark, and kinds that only differ.

    All are shades of the text color: color is for danger in force, not for a map of where it may be.
    """
    edge = LineInk(_faded(theme, 110))
    areas = {"own": AreaInk(_faded(theme, 12), LineInk(theme.color("quiet"), 1.2))}
    for rank, alpha in enumerate(_ZONE_ALPHA[theme.is_dark]):
        hatch = _ZONE_HATCH.get(rank)
        areas[f"zone.{rank}"] = AreaInk(
            _faded(theme, alpha), edge, hatch or Qt.BrushStyle.NoBrush, _faded(theme, 120) if hatch else None
        )
    for number, hatch in enumerate(_KIND_HATCH, 1):
        areas[f"kind.{number}"] = AreaInk(_faded(theme, 14), edge, hatch, _faded(theme, 100))
    return areas


def _faded(theme: Theme, alpha: int) -> QColor:
    color = QColor(theme.color("text"))
    color.setAlpha(alpha)
    return color

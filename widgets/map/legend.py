"""The legend: only what is on the map now."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

import resources
from layers.color_table import FOLDED, ColorTable, Rgba
from layers.coverage_layer import signs
from layers.drawing import Areas, Drawings, Lines, Raster, Symbols
from layers.map_view import MapView
from layers.sign import ClusterSign, Sign, sign_of
from models.geodesy import FloatArray
from models.hazard.level import RISING, Level
from models.radar.sight.coverage import Sight
from widgets import language, pieces, words
from widgets import theme as look
from widgets.map.card import PAD_PX, MapCard
from widgets.map.ink import ink_of
from widgets.map.symbol_painter import paint_sprite
from widgets.pieces import Mark, Piece, Run, Text

_STEP_PX = 22.0
_BAR_TOP_PX, _BAR_PX = 13.0, 9.0
_BAR_ROW_PX = 40.0
_ROW_PX = 24.0
_GAP_PX = 14.0
_LINE_SAMPLE_PX = 22.0
_RING_PX = 24.0
_MOST_KINDS = 14
_CLUSTER_SCALE = 0.72
_WIDEST_PX = 340.0
_ALL_NAMED = 4


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """One sign and its word: a level, a sprite of the map, a line or area in a style, or a swatch, hatched or plain."""

    word: str
    level: Level | None = None
    sprite: str = ""
    line: str = ""
    swatch: Rgba | None = None
    hatch: str = ""
    ink: Rgba = (0, 0, 0, 0)
    area: str = ""


class Legend(MapCard):
    """Color bars of the fields, then level shapes and other signs that are on the map."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drawings = Drawings(())
        self._view: MapView | None = None
        self._tables: tuple[ColorTable, ...] = ()
        self._rows: tuple[tuple[LegendEntry, ...], ...] = ()
        self.changed()

    def show_drawings(self, drawings: Drawings) -> None:
        """Take from drawings what needs explaining."""
        self._drawings = drawings
        self._look()

    def show_view(self, view: MapView) -> None:
        """Explain only what lies in this part of the map."""
        self._view = view
        self._look()

    def _look(self) -> None:
        tables: dict[str, ColorTable] = {}
        named: list[LegendEntry] = []
        sprites: set[str] = set()
        lines: set[str] = set()
        zones: dict[tuple[str, str], None] = {}
        for item in self._drawings.items:
            if isinstance(item, Raster) and item.colors.name == "unseen":
                named.append(self._unseen())
            elif isinstance(item, Raster) and (item.colors.labels or item.colors.name == "coverage"):
                named += _named(item.colors)
            elif isinstance(item, Raster) and item.colors.steps:
                tables[item.colors.name] = item.colors
                named += self._notes(item.notes)
            elif isinstance(item, Areas):
                zones |= {(item.style, item.word): None} if item.word and self._any_seen(item) else {}
            elif isinstance(item, Symbols):
                seen = self._seen(item.x_m, item.y_m)
                sprites |= {item.sprites[i] for i in np.unique(item.sprite[seen]).tolist()}
            elif isinstance(item, Lines) and self._seen(item.xy[:, 0], item.xy[:, 1]).any():
                lines.add(item.style)
        named += [LegendEntry(word, area=style) for style, word in zones]
        shown = (tuple(tables.values()), _in_rows(named) + self._entries(sprites, lines))
        if shown != (self._tables, self._rows):
            self._tables, self._rows = shown
            self.changed()

    def _seen(self, x_m: FloatArray, y_m: FloatArray) -> NDArray[np.bool_]:
        """Return (n,) bool: which places lie in the view; all as long as no view is known."""
        if self._view is None:
            return np.ones(len(x_m), bool)
        x, y = self._view.to_pixels(x_m, y_m)
        with np.errstate(invalid="ignore"):
            return np.asarray((x >= 0) & (x <= self._view.width) & (y >= 0) & (y <= self._view.height))

    def _any_seen(self, areas: Areas) -> bool:
        """Return whether areas may lie in the view: their bounds do."""
        if self._view is None or len(areas.xy) == 0:
            return len(areas.xy) > 0
        west, south = areas.xy.min(axis=0).tolist()
        east, north = areas.xy.max(axis=0).tolist()
        (left, right), (top, bottom) = self._view.to_pixels(np.array([west, east]), np.array([north, south]))
        return bool(right >= 0 and left <= self._view.width and bottom >= 0 and top <= self._view.height)

    def _unseen(self) -> LegendEntry:
        sign = next(s for s in signs(dark=look.current().is_dark) if s.sight is Sight.UNKNOWN)
        return LegendEntry(self.tr("not seen by any radar"), swatch=sign.fill, hatch=sign.hatch, ink=sign.line)

    def _notes(self, notes: tuple[str, ...]) -> list[LegendEntry]:
        words_of = {
            "unseen": self._unseen(),
            "folded": LegendEntry(self.tr("range folded, value unknown"), swatch=FOLDED),
        }
        return [words_of[note] for note in notes if note in words_of]

    def entries(self) -> tuple[LegendEntry, ...]:
        """Return all signs that are explained."""
        return tuple(entry for row in self._rows for entry in row)

    def _entries(self, sprites: set[str], lines: set[str]) -> tuple[tuple[LegendEntry, ...], ...]:
        signs = [sign for sprite in sorted(sprites) if (sign := sign_of(sprite)) is not None]
        shown = {sign.level for sign in signs if isinstance(sign, Sign)}
        levels = [
            LegendEntry(words.level(level), level=level)
            for level in RISING
            if level in shown or f"warning.{level.value}" in lines
        ]
        if "point.none" in sprites:
            levels.append(LegendEntry(words.level(Level.NONE), sprite="point.none"))
        if "point.not_judged.crowd" in sprites:
            levels.append(LegendEntry(words.level(Level.NOT_JUDGED), sprite="point.not_judged.crowd"))
        elif "point.not_judged" in sprites:
            levels.append(LegendEntry(words.level(Level.NOT_JUDGED), level=Level.NOT_JUDGED))
        others = []
        if worst := next((level for level in reversed(RISING) if f"warning.{level.value}" in lines), None):
            others.append(LegendEntry(self.tr("warning"), line=f"warning.{worst.value}"))
        if worst := next((level for level in reversed(RISING) if f"draft.{level.value}" in lines), None):
            others.append(LegendEntry(self.tr("draft"), line=f"draft.{worst.value}"))
        for sprite, word in (
            ("gauge", self.tr("gauge")),
            ("gauge.silent", self.tr("silent gauge")),
            ("radar", self.tr("radar")),
            ("place", self.tr("place of a loaded layer")),
        ):
            if sprite in sprites:
                others.append(LegendEntry(word, sprite=sprite))
        kinds, states = self._kinds(signs), self._states(signs)
        return (*_in_rows(kinds), *_in_rows(states), *(tuple(row) for row in (levels, others) if row))

    @staticmethod
    def _kinds(signs: list[Sign | ClusterSign]) -> list[LegendEntry]:
        """Return the kinds of things, each as its glyph in a plain ring."""
        known = resources.table("symbols/glyphs")
        glyphs = dict.fromkeys(sign.glyph for sign in signs if isinstance(sign, Sign) and sign.glyph in known)
        return [
            LegendEntry(str(known[glyph][language.current()]), sprite=Sign(glyph).key)
            for glyph in list(glyphs)[:_MOST_KINDS]
        ]

    def _states(self, signs: list[Sign | ClusterSign]) -> list[LegendEntry]:
        """Return what the shapes round a glyph say, besides the levels."""
        own = [sign for sign in signs if isinstance(sign, Sign) and sign.glyph]
        entries = []
        if own:
            glyph = own[0].glyph
            calm = [sign for sign in own if not sign.level.is_alarm]
            for is_there, word, sign in (
                (any(s.level is Level.NONE and not s.inactive for s in calm), words.level(Level.NONE), Sign(glyph)),
                (
                    any(s.level is Level.NOT_JUDGED and not s.inactive for s in calm),
                    words.level(Level.NOT_JUDGED),
                    Sign(glyph, Level.NOT_JUDGED),
                ),
                (any(s.doubtful for s in own), self.tr("position in doubt"), Sign(glyph, doubtful=True)),
                (any(s.overdue for s in own), self.tr("overdue"), Sign(glyph, overdue=True)),
                (any(s.inactive for s in calm), self.tr("out of its period"), Sign(glyph, inactive=True)),
            ):
                if is_there:
                    entries.append(LegendEntry(word, sprite=sign.key))
        clusters = [sign for sign in signs if isinstance(sign, ClusterSign)]
        if clusters:
            entries.append(LegendEntry(self.tr("several, with their count"), sprite=clusters[0].key))
        if any(sign.not_judged for sign in clusters):
            silent = next(sign for sign in clusters if sign.not_judged)
            entries.append(LegendEntry(self.tr("several, some not judged"), sprite=silent.key))
        return entries

    def size_needed(self) -> tuple[float, float]:
        """Return the card's size."""
        if not self._tables and not self._rows:
            return 0.0, 0.0
        wide = max(
            [self._bar_width(table) + 8 + pieces.width_of(self._unit(table), look.SECOND_PX) for table in self._tables]
            + [sum(_entry_width(entry) + _GAP_PX for entry in row) - _GAP_PX for row in self._rows]
        )
        high = len(self._tables) * _BAR_ROW_PX + len(self._rows) * _ROW_PX + 8
        return wide + 2 * PAD_PX + 2, high

    def content(self) -> list[Piece]:
        """Return ticks, units, level marks and words; bars and sprites are painted over them."""
        laid: list[Piece] = []
        top = 0.0
        for table in self._tables:
            for i, (value, _) in enumerate(table.steps):
                if i % 2 == 0 or len(table.steps) <= _ALL_NAMED:
                    left = PAD_PX + i * _STEP_PX - (0 if i == 0 else 12)
                    room = QRectF(left, top + _BAR_TOP_PX + _BAR_PX + 1, 24, 15)
                    laid.append(Text(room, f"{value:g}", look.KEY_PX, "quiet", "left" if i == 0 else "center"))
            after = PAD_PX + self._bar_width(table) + 8
            laid += pieces.line(
                after, after + 60, top + _BAR_TOP_PX + 9, [Run(self._unit(table), look.SECOND_PX, "quiet")]
            )
            top += _BAR_ROW_PX
        for row, y in zip(self._rows, self._row_tops(), strict=True):
            x = PAD_PX
            for entry in row:
                if entry.level is not None:
                    laid.append(Mark(QRectF(x, y + 5, look.MARK_PX, look.MARK_PX), entry.level))
                after, end = x + _sign_width(entry) + 5, x + _entry_width(entry) + 1
                laid += pieces.line(after, end, y + 16.5, [Run(entry.word, look.SECOND_PX)])
                x += _entry_width(entry) + _GAP_PX
        return laid

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        self.paint_signs(painter)
        painter.end()

    def paint_signs(self, painter: QPainter) -> None:
        """Paint color bars and signs over the words: on the card, or on paper."""
        theme = look.current()
        for i, table in enumerate(self._tables):
            for k, (_, rgba) in enumerate(table.steps_on(dark=theme.is_dark)):
                box = QRectF(PAD_PX + k * _STEP_PX, i * _BAR_ROW_PX + _BAR_TOP_PX, _STEP_PX, _BAR_PX)
                painter.fillRect(box, QColor(*rgba))
        ink = ink_of(theme)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for row, y in zip(self._rows, self._row_tops(), strict=True):
            x = PAD_PX
            for entry in row:
                if entry.swatch is not None or entry.area:
                    _paint_box(painter, QRectF(x + 0.5, y + 5.5, look.MARK_PX - 1, look.MARK_PX - 1), entry)
                elif entry.sprite:
                    painter.save()
                    painter.translate(x + _sign_width(entry) / 2, y + 12)
                    if entry.sprite.startswith("cluster"):
                        painter.scale(_CLUSTER_SCALE, _CLUSTER_SCALE)
                    paint_sprite(painter, entry.sprite, QPointF(0, 0), theme)
                    painter.restore()
                elif entry.line:
                    line = ink.line(entry.line)
                    ends = QPointF(x, y + 12), QPointF(x + _LINE_SAMPLE_PX, y + 12)
                    for color, width in ((line.case, line.case_width), (line.color, line.width)):
                        if color is not None:
                            pen = QPen(color, width)
                            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
                            if line.dash:
                                pen.setDashPattern([part / width for part in line.dash])
                            painter.setPen(pen)
                            painter.drawLine(*ends)
                x += _entry_width(entry) + _GAP_PX

    def _row_tops(self) -> list[float]:
        start = len(self._tables) * _BAR_ROW_PX + 4
        return [start + i * _ROW_PX for i in range(len(self._rows))]

    def _unit(self, table: ColorTable) -> str:
        if table.name == "velocity":
            return self.tr("m/s, − toward the radar, + away")
        return self.tr("radars") if table.name == "count" else table.unit.replace("m2", "m²")

    @staticmethod
    def _bar_width(table: ColorTable) -> float:
        return len(table.steps) * _STEP_PX


def _named(table: ColorTable) -> list[LegendEntry]:
    """Return the entries of a field whose colors stand for things: radars, or how low they see."""
    dark = look.current().is_dark
    if table.name == "coverage":
        return [
            LegendEntry(sign.word(language.current()), swatch=sign.fill, hatch=sign.hatch, ink=sign.line)
            for sign in signs(dark=dark)
        ]
    steps = table.steps_on(dark=dark)
    return [LegendEntry(label, swatch=rgba) for label, (_, rgba) in zip(table.labels, steps, strict=True)]


def _paint_box(painter: QPainter, box: QRectF, entry: LegendEntry) -> None:
    """Paint a swatch of color or of an area's ink, with its hatching."""
    theme = look.current()
    area = ink_of(theme).area(entry.area)
    for brush in area.brushes() if area is not None else ():
        painter.fillRect(box, brush)
    if entry.swatch is not None:
        painter.fillRect(box, QColor(*entry.swatch))
    painter.setPen(QPen(QColor(*entry.ink), 1))
    if entry.hatch:
        painter.drawLine(box.bottomLeft(), box.topRight())
    if entry.hatch == "crossed":
        painter.drawLine(box.topLeft(), box.bottomRight())
    painter.setPen(QPen(QColor(theme.quiet), 1))
    painter.drawRect(box)


def _in_rows(entries: list[LegendEntry]) -> tuple[tuple[LegendEntry, ...], ...]:
    """Return entries in rows no wider than the card should be."""
    rows: list[list[LegendEntry]] = []
    room = 0.0
    for entry in entries:
        width = _entry_width(entry) + _GAP_PX
        if not rows or room < width:
            rows.append([])
            room = _WIDEST_PX
        rows[-1].append(entry)
        room -= width
    return tuple(tuple(row) for row in rows)


def _sign_width(entry: LegendEntry) -> float:
    if entry.line:
        return _LINE_SAMPLE_PX
    return _RING_PX if "/" in entry.sprite else float(look.MARK_PX)


def _entry_width(entry: LegendEntry) -> float:
    return _sign_width(entry) + 5 + pieces.width_of(entry.word, look.SECOND_PX)

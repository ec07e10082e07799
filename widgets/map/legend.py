"""The legend: only what is on the map now."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

import resources
from layers.color_table import FOLDED, ColorTable
from layers.coverage_layer import signs
from layers.drawing import Areas, Drawings, Lines, Raster, Symbols
from layers.facet_layer import Facet
from layers.map_view import MapView
from layers.sign import ClusterSign, Sign, sign_of
from models.geodesy import FloatArray
from models.hazard.level import RISING, Level
from models.radar.sight.coverage import Sight
from models.radar.storms import StormKind
from widgets import language, pieces, words
from widgets import theme as look
from widgets.map.card import PAD_PX, MapCard
from widgets.map.layer_rows import layer_name
from widgets.map.legend_entry import GAP_PX, WIDEST_PX, LegendEntry, entry_width, in_rows, paint_entry, text_left
from widgets.pieces import Mark, Piece, Run, Text

_STEP_PX = 22.0
_BAR_TOP_PX, _BAR_PX = 13.0, 9.0
_BAR_ROW_PX = 40.0
_ROW_PX = 24.0
_MOST_KINDS = 14
_STORMS = frozenset(kind.value for kind in StormKind)  # they have no level that could be missing
_ALL_NAMED = 4
_MORE = "more"
_HIGH_PX = 560.0
"""From this height of the free map on the legend is a narrow column of rows."""
_SHARE, _LOW_SHARE, _LOW_ROOM_PX = 0.4, 0.25, 640.0
"""So much of the free map's height a legend may take by itself, less of a low one; more of it is one click away."""
_BESIDE_PX = 260.0
"""Kept for the read-out in the other corner."""
_LEAST_WIDE_PX, _MOST_WIDE_PX = 300.0, 560.0


Group = tuple[LegendEntry, ...]


class Legend(MapCard):
    """Color bars of the fields, then level shapes and other signs that are on the map.

    Where there is little room it keeps the color bars, the levels, what is not known, and the classes of the areas that
    were switched on last, and says how many signs it leaves out; a click on that shows all.

    Signals
    -------
    opened(bool)  somebody wants all signs, or the short legend again
    """

    opened = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drawings = Drawings(())
        self._view: MapView | None = None
        self._tables: tuple[ColorTable, ...] = ()
        self._groups: tuple[Group, ...] = ()
        self._brief: Group = ()
        self._zoned: tuple[Group, ...] = ()
        self._headings: tuple[str, ...] = ()
        self._others: Group = ()
        self._rows: tuple[Group, ...] = ()
        self._widest, self._highest, self._room_px = WIDEST_PX, math.inf, math.inf
        self._is_open = False
        self.part_clicked.connect(self._on_part)
        self.changed()

    def show_drawings(self, drawings: Drawings) -> None:
        """Take from drawings what needs explaining."""
        self._drawings = drawings
        self._look()

    def show_view(self, view: MapView) -> None:
        """Explain only what lies in this part of the map."""
        self._view = view
        self._look()

    def show_others(self, others: Iterable[LegendEntry]) -> None:
        """Explain these too, at the end: a sheet of paper has nothing to open and to point at."""
        self._others = tuple(others)
        self._look()

    def show_width(self, widest_px: float) -> None:
        """Let rows be so wide."""
        self._widest = widest_px
        self._lay()

    def show_room(self, width_px: float, height_px: float) -> None:
        """Fit into the free part of the map: rows as wide as the read-out leaves, and short where it is low."""
        widest = min(_MOST_WIDE_PX, max(_LEAST_WIDE_PX, width_px - _BESIDE_PX - 2 * PAD_PX))
        widest = widest if height_px < _HIGH_PX else WIDEST_PX
        share = _SHARE if height_px >= _LOW_ROOM_PX else _LOW_SHARE
        if (widest, height_px) != (self._widest, self._room_px):
            self._widest, self._room_px, self._highest = widest, height_px, height_px * share
            self._lay()

    @property
    def is_brief(self) -> bool:
        """Whether signs are left out for want of room."""
        return self._is_brief(self._full())

    def _on_part(self, part: str) -> None:
        if part == _MORE:
            self._is_open = not self._is_open
            self._lay()
            self.opened.emit(self._is_open)

    def _look(self) -> None:
        tables: dict[str, ColorTable] = {}
        named: dict[LegendEntry, None] = {}
        unknown: dict[LegendEntry, None] = {}
        sprites: set[str] = set()
        lines: set[str] = set()
        zones: dict[str, dict[LegendEntry, None]] = {}
        for item in self._drawings.items:
            if isinstance(item, Raster) and item.colors.name == "unseen":
                unknown[self._unseen()] = None
            elif isinstance(item, Raster) and (item.colors.labels or item.colors.name == "coverage"):
                named |= {LegendEntry(layer_name(Facet.SOURCE)): None} if item.colors.name == Facet.SOURCE else {}
                named |= dict.fromkeys(_named(item.colors))
            elif isinstance(item, Raster) and item.colors.steps:
                tables[item.colors.name] = item.colors
                unknown |= dict.fromkeys(self._notes(item.notes))
            elif isinstance(item, Areas):
                if item.word and self._any_seen(item):
                    zones.setdefault(item.heading, {})[LegendEntry(item.word, area=item.style)] = None
            elif isinstance(item, Symbols):
                seen = self._seen(item.x_m, item.y_m)
                sprites |= {item.sprites[i] for i in np.unique(item.sprite[seen]).tolist()}
            elif isinstance(item, Lines) and self._seen(item.xy[:, 0], item.xy[:, 1]).any():
                lines.add(item.style)
        self._headings = _newest_first(self._headings, self._drawings)
        listed = sorted(zones.items(), key=lambda one: self._headings.index(one[0]))
        zoned = tuple((*((LegendEntry(head),) if head else ()), *its) for head, its in listed)
        kinds, states, levels, others = self._entries(sprites, lines)
        groups = ((*unknown, *named), *zoned, kinds, states, levels, (*others, *self._others))
        brief = (*levels, *unknown)
        made = (tuple(tables.values()), groups, brief, zoned)
        if made != (self._tables, self._groups, self._brief, self._zoned):
            self._tables, self._groups, self._brief, self._zoned = made
            self._lay()

    def _lay(self) -> None:
        """Put the entries into rows, all of them or those that there is room for."""
        full = self._full()
        rows = full
        if self._is_brief(full):
            rows = self._short()
        elif self._high(full) > self._highest:
            rows = (*full, (LegendEntry(self.tr("fewer signs"), hit=_MORE),))
        if rows != self._rows or self.size() != self.sizeHint():
            self._rows = rows
            self.changed()
        self.update()

    def _full(self) -> tuple[Group, ...]:
        return tuple(row for group in self._groups for row in in_rows(group, self._widest))

    def _short(self) -> tuple[Group, ...]:
        """Return the short legend: with as many zonings as there is room for, at least the one switched on last."""
        there = sum(entry.has_sign for group in self._groups for entry in group)
        best: tuple[Group, ...] = ()
        for count in range(len(self._zoned) + 1):
            zones = tuple(row for group in self._zoned[:count] for row in in_rows(group, self._widest))
            left_out = there - sum(entry.has_sign for group in (self._brief, *self._zoned[:count]) for entry in group)
            more = LegendEntry(self.tr("{n} more signs").format(n=left_out), hit=_MORE)
            rows = (*zones, *in_rows((*self._brief, more), self._widest))
            if count > 1 and self._high(rows) > self._highest:
                break
            best = rows
        return best

    def _high(self, rows: tuple[Group, ...]) -> float:
        return len(self._tables) * _BAR_ROW_PX + len(rows) * _ROW_PX + 8

    def _is_brief(self, full: tuple[Group, ...]) -> bool:
        high = self._high(full)
        return high > self._highest and not (self._is_open and high + _ROW_PX <= self._room_px)

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

    def _entries(self, sprites: set[str], lines: set[str]) -> tuple[Group, Group, Group, Group]:
        """Return kinds, states, levels and other signs."""
        signs = [sign for sprite in sorted(sprites) if (sign := sign_of(sprite)) is not None]
        shown = {sign.level for sign in signs if isinstance(sign, Sign)}
        levels = [
            LegendEntry(words.level(level), level=level)
            for level in RISING
            if level in shown or f"warning.{level.value}" in lines
        ]
        states = self._states(signs, sprites)
        said = {entry.word for entry in states}
        if "point.none" in sprites and words.level(Level.NONE) not in said:
            levels.append(LegendEntry(words.level(Level.NONE), sprite="point.none"))
        if words.level(Level.NOT_JUDGED) in said:
            pass  # with the state of that name
        elif "point.not_judged.crowd" in sprites:
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
        return tuple(self._kinds(signs)), tuple(states), tuple(levels), tuple(others)

    @staticmethod
    def _kinds(signs: list[Sign | ClusterSign]) -> list[LegendEntry]:
        """Return the kinds of things, each as its glyph in a plain ring."""
        known = resources.table("symbols/glyphs")
        glyphs = dict.fromkeys(sign.glyph for sign in signs if isinstance(sign, Sign) and sign.glyph in known)
        return [
            LegendEntry(str(known[glyph][language.current()]), sprite=Sign(glyph).key)
            for glyph in list(glyphs)[:_MOST_KINDS]
        ]

    def _states(self, signs: list[Sign | ClusterSign], sprites: set[str]) -> list[LegendEntry]:
        """Return what the shapes round a glyph say, besides the levels; a plain sign of the same meaning stands with it."""
        own = [sign for sign in signs if isinstance(sign, Sign) and sign.glyph and sign.glyph not in _STORMS]
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
                    entries.append(LegendEntry(word, sprite=sign.key, also=_plain_sign(sign, sprites)))
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
            + [sum(entry_width(entry) + GAP_PX for entry in row) - GAP_PX for row in self._rows]
        )
        return wide + 2 * PAD_PX + 2, self._high(self._rows)

    def content(self) -> list[Piece]:
        """Return ticks, units, level marks and words; bars and sprites are painted over them."""
        laid: list[Piece] = []
        top = 0.0
        for table in self._tables:
            for i, (value, _) in enumerate(table.steps):
                if i % 2 == 0 or _are_all_named(table):
                    wide = max(24.0, pieces.width_of(f"{value:g}", look.KEY_PX) + 1)
                    left = PAD_PX + i * _STEP_PX - (0 if i == 0 else wide / 2)
                    room = QRectF(left, top + _BAR_TOP_PX + _BAR_PX + 1, wide, 15)
                    laid.append(Text(room, f"{value:g}", look.KEY_PX, "quiet", "left" if i == 0 else "center"))
            after = PAD_PX + self._bar_width(table) + 8
            unit = Run(self._unit(table), look.SECOND_PX, "quiet")
            laid += pieces.line(after, after + 60 + pieces.total_width([unit]), top + _BAR_TOP_PX + 9, [unit])
            top += _BAR_ROW_PX
        for row, y in zip(self._rows, self._row_tops(), strict=True):
            x = PAD_PX
            for entry in row:
                if entry.level is not None:
                    laid.append(Mark(QRectF(x, y + 5, look.MARK_PX, look.MARK_PX), entry.level))
                after, end = x + text_left(entry), x + entry_width(entry) + 1
                tone = "text" if entry.has_sign or entry.hit else "quiet"
                said = pieces.line(after, end, y + 16.5, [Run(entry.word, look.SECOND_PX, tone, hit=entry.hit)])
                laid += [replace(one, underline=bool(entry.hit)) for one in said]
                x += entry_width(entry) + GAP_PX
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
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for row, y in zip(self._rows, self._row_tops(), strict=True):
            x = PAD_PX
            for entry in row:
                paint_entry(painter, entry, x, y + 12)
                x += entry_width(entry) + GAP_PX

    def _row_tops(self) -> list[float]:
        start = len(self._tables) * _BAR_ROW_PX + 4
        return [start + i * _ROW_PX for i in range(len(self._rows))]

    def _unit(self, table: ColorTable) -> str:
        if table.name == "velocity":
            return self.tr("m/s, − toward the radar, + away")
        return layer_name(table.name) if table.name in tuple(Facet) else table.unit.replace("m2", "m²")

    @staticmethod
    def _bar_width(table: ColorTable) -> float:
        return len(table.steps) * _STEP_PX


def _are_all_named(table: ColorTable) -> bool:
    """Return whether each step of a table is named: few of them, and no number reaches into the next."""
    few = len(table.steps) <= _ALL_NAMED
    return few and all(pieces.width_of(f"{value:g}", look.KEY_PX) < _STEP_PX for value, _ in table.steps)


def _newest_first(known: tuple[str, ...], drawings: Drawings) -> tuple[str, ...]:
    """Return the headings of areas on the map, those switched on last first; those that went are forgotten."""
    there = dict.fromkeys(item.heading for item in drawings.items if isinstance(item, Areas) and item.word)
    new = [heading for heading in there if heading not in known]
    return (*new, *(heading for heading in known if heading in there))


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


def _plain_sign(sign: Sign, sprites: set[str]) -> str:
    """Return the small sign without a glyph that says the same and is on the map too; empty if none is."""
    if sign.doubtful or sign.overdue or sign.inactive:
        return ""
    names = {Level.NONE: ("point.none",), Level.NOT_JUDGED: ("point.not_judged.crowd", "point.not_judged")}
    return next((name for name in names.get(sign.level, ()) if name in sprites), "")

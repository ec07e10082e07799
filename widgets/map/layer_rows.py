"""The rows of the layer panel: groups that fold, layers, and what is said of an opened one."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QPointF, QRectF, Qt

from layers.arrangement import GROUPS, OWN_GROUP, group_of, own_group
from widgets import language, pieces, words
from widgets import theme as look
from widgets.map.card_parts import on_day
from widgets.pieces import Fill, Frame, Piece, Run, Text
from widgets.row_list import wrap

ROW_PX = float(look.ROW_PX)
BOX_PX = 14.0
SLIDER_PX = 32.0
NARROW_PX = 300.0
GLYPH_PX = 22.0
_AGE_PX = 66.0
_PERCENT_PX = 26.0
_DETAIL_PX = 20.0
LEGEND_PX = 30.0
HEAD_PX, _BETWEEN_PX = 24.0, 8.0
_STEP_PX = 18.0
_OLD_YEARS = 5
_PIXEL_M = 0.0254 / 96
_GROUP_WORDS = {
    "base": QT_TRANSLATE_NOOP("LayerPanel", "Base map"),
    "division": QT_TRANSLATE_NOOP("LayerPanel", "Borders"),
    "hazards": QT_TRANSLATE_NOOP("LayerPanel", "Hazards"),
    "zoning": QT_TRANSLATE_NOOP("LayerPanel", "Zoning"),
    "exposed": QT_TRANSLATE_NOOP("LayerPanel", "Exposed"),
    "people": QT_TRANSLATE_NOOP("LayerPanel", "People and posts"),
    "radar": QT_TRANSLATE_NOOP("LayerPanel", "Radar and rain"),
    "own": QT_TRANSLATE_NOOP("LayerPanel", "Own layers"),
}
# Where heads stand side by side.
_HEAD_WORDS = {
    "people": QT_TRANSLATE_NOOP("LayerPanel", "People"),
    "radar": QT_TRANSLATE_NOOP("LayerPanel", "Radar, rain"),
}
_NAMES = {
    "mosaic": QT_TRANSLATE_NOOP("LayerPanel", "Radar mosaic"),
    "ppi": QT_TRANSLATE_NOOP("LayerPanel", "Radar sweep"),
    "points": QT_TRANSLATE_NOOP("LayerPanel", "Hazard points"),
    "warnings": QT_TRANSLATE_NOOP("LayerPanel", "Warnings in force"),
    "draft": QT_TRANSLATE_NOOP("LayerPanel", "Draft"),
    "gauges": QT_TRANSLATE_NOOP("LayerPanel", "Rain gauges"),
    "radars": QT_TRANSLATE_NOOP("LayerPanel", "Radars"),
    "unseen": QT_TRANSLATE_NOOP("LayerPanel", "Not seen by any radar"),
    "age": QT_TRANSLATE_NOOP("LayerPanel", "Age of the mosaic, min"),
    "beam_height": QT_TRANSLATE_NOOP("LayerPanel", "Height of the beam, km"),
    "source": QT_TRANSLATE_NOOP("LayerPanel", "Which radar"),
    "count": QT_TRANSLATE_NOOP("LayerPanel", "How many radars"),
    "coverage": QT_TRANSLATE_NOOP("LayerPanel", "Radar coverage"),
    "storms": QT_TRANSLATE_NOOP("LayerPanel", "Storms, hail, rotation"),
    "base_map": QT_TRANSLATE_NOOP("LayerPanel", "Base map tiles"),
    "relief": QT_TRANSLATE_NOOP("LayerPanel", "Relief"),
    "rivers": QT_TRANSLATE_NOOP("LayerPanel", "Rivers"),
    "roads": QT_TRANSLATE_NOOP("LayerPanel", "Roads"),
    "county": QT_TRANSLATE_NOOP("LayerPanel", "County border"),
    "towns": QT_TRANSLATE_NOOP("LayerPanel", "Towns"),
    "villages": QT_TRANSLATE_NOOP("LayerPanel", "Villages"),
    "outside": QT_TRANSLATE_NOOP("LayerPanel", "Outside dimmed"),
}
translate = QCoreApplication.translate


class LayerEntry(Protocol):
    """One layer as the panel shows it; ``at`` is the time of its data, ``count`` its things.

    What else it may say is read where it is there: ``title``, ``group``, ``glyph``, ``source``, ``day`` of its data,
    ``least_m`` and ``most_m`` map meters a pixel, ``storey``.
    """

    @property
    def name(self) -> str: ...
    @property
    def visible(self) -> bool: ...
    @property
    def opacity(self) -> float: ...
    @property
    def at(self) -> datetime | None: ...
    @property
    def count(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the panel: a group's head, a layer, or what is said of an opened layer.

    Of heads side by side ``left`` and ``wide`` say where each stands; all other lines are as wide as the panel.
    """

    top: float
    high: float
    group: str
    entry: LayerEntry | None = None
    detail: bool = False
    left: float = 0.0
    wide: float = 0.0

    def room(self, width: float) -> QRectF:
        """Return where the line stands in a panel of a width."""
        return QRectF(self.left, self.top, self.wide or width, self.high)


def layer_name(name: str) -> str:
    """Return the operator's word for a layer; a loaded layer keeps its own name."""
    source = _NAMES.get(name)
    return name if source is None else translate("LayerPanel", str(source))


def layer_names(name: str) -> tuple[str, ...]:
    """Return what people may call a layer of the console: its words in English and in Chinese; none of another."""
    source = _NAMES.get(name)
    return () if source is None else (str(source), language.in_chinese("LayerPanel", str(source)))


def title_of(entry: LayerEntry) -> str:
    """Return what a layer is called in the panel."""
    return str(getattr(entry, "title", "")) or layer_name(entry.name)


def group_word(group: str) -> str:
    """Return the operator's word for a group."""
    own = group.removeprefix(OWN_GROUP)
    return own if own != group else translate("LayerPanel", str(_GROUP_WORDS[group]))


def group_named(said: str) -> str:
    """Return the key of the group that somebody writes: one of the house by its word, else an own one; empty for none."""
    said = " ".join(said.split())
    return next((group for group in GROUPS if group_word(group) == said), own_group(said))


def glyph_of(entry: LayerEntry) -> str:
    """Return the sign of a layer's things, empty for none."""
    return str(getattr(entry, "glyph", ""))


def signs_of(entry: LayerEntry, width: float) -> list[tuple[str, QPointF]]:
    """Return the signs of an opened layer's kinds, and where each stands from the left upper corner of its row."""
    signs: tuple[str, ...] = getattr(entry, "signs", ())
    left = look.EDGE_PX + BOX_PX + 10 + GLYPH_PX / 2
    room = int((width - look.EDGE_PX - left) // (GLYPH_PX + 8)) + 1
    return [(sign, QPointF(left + i * (GLYPH_PX + 8), LEGEND_PX / 2)) for i, sign in enumerate(signs[:room])]


def ramp_of(entry: LayerEntry) -> tuple[tuple[float, tuple[int, int, int, int]], ...]:
    """Return the values of an opened field with their colors."""
    ramp: tuple[tuple[float, tuple[int, int, int, int]], ...] = getattr(entry, "ramp", ())
    return ramp


def ramp_boxes(entry: LayerEntry, width: float) -> list[tuple[QRectF, tuple[int, int, int, int]]]:
    """Return the boxes of a field's colors, from the left upper corner of their row."""
    ramp, left = ramp_of(entry), look.EDGE_PX + BOX_PX + 10.0
    wide = min(_STEP_PX, (width - look.EDGE_PX - left) / max(1, len(ramp)))
    return [(QRectF(left + i * wide, 2, wide, 9), color) for i, (_, color) in enumerate(ramp)]


def entry_group(entry: LayerEntry) -> str:
    """Return in which group a layer stands."""
    return group_of(entry.name, str(getattr(entry, "group", "")))


def scales_of(entry: LayerEntry) -> tuple[float, float]:
    """Return from which up to which scale a layer is drawn, map meters a pixel."""
    return float(getattr(entry, "least_m", 0.0)), float(getattr(entry, "most_m", math.inf))


def in_groups(entries: Iterable[LayerEntry]) -> dict[str, list[LayerEntry]]:
    """Return the layers by group, as the panel lists them: what lies on top of the map stands first."""
    out: dict[str, list[LayerEntry]] = {group: [] for group in GROUPS}
    entries = tuple(entries)
    out |= {group: [] for group in sorted({entry_group(entry) for entry in entries} - set(GROUPS))}
    for entry in entries:
        out[entry_group(entry)].insert(0, entry)
    for its in out.values():
        its.sort(key=lambda entry: -int(getattr(entry, "storey", 0)))
    return {group: its for group, its in out.items() if its}


def all_groups(groups: Iterable[str]) -> tuple[str, ...]:
    """Return the groups of the house, the empty ones too, and those of the operator, in the panel's order."""
    return (*GROUPS, *(group for group in groups if group not in GROUPS))


def lines_of(
    groups: dict[str, list[LayerEntry]],
    folded: frozenset[str],
    opened: str,
    width: float,
    ground_share: float,
    *,
    side_by_side: bool = False,
) -> list[Line]:
    """Return all lines of the panel from top to bottom; ``side_by_side`` are the heads in two columns over all rows."""
    lines: list[Line] = _heads(tuple(groups), width) if side_by_side else []
    top = max((line.top + line.high for line in lines), default=0.0)
    for group, entries in groups.items():
        if not side_by_side:
            lines.append(Line(top, ROW_PX, group))
            top += ROW_PX
        for entry in () if group in folded else entries:
            lines.append(Line(top, ROW_PX, group, entry))
            top += ROW_PX
            if entry.name == opened:
                high = _DETAIL_PX * len(detail_words(entry, width, ground_share)) + 6
                high += LEGEND_PX * (bool(signs_of(entry, width)) + bool(ramp_of(entry)))
                lines.append(Line(top, high, group, entry, detail=True))
                top += high
    return lines


def _heads(groups: Sequence[str], width: float) -> list[Line]:
    """Return the heads of groups in two columns, down the first one and then down the second."""
    high, edge = (len(groups) + 1) // 2, float(look.EDGE_PX) - 6
    wide = (width - 2 * edge - _BETWEEN_PX) / 2
    return [
        Line(n % high * HEAD_PX, HEAD_PX, group, left=edge + n // high * (wide + _BETWEEN_PX), wide=wide)
        for n, group in enumerate(groups)
    ]


def head_pieces(line: Line, entries: Sequence[LayerEntry], *, is_open: bool) -> list[Piece]:
    """Return the head of a group beside another: its word, how many of its layers are shown; the open one is underlined."""
    base, right = line.top + 16, line.left + line.wide - 2
    shown = sum(entry.visible for entry in entries)
    count = pieces.line(0, right, base, [Run(f"{shown}/{len(entries)}", look.SECOND_PX, "quiet")], align="right")
    word = translate("LayerPanel", str(_HEAD_WORDS.get(line.group, ""))) or group_word(line.group)
    name = Run(word, look.SECOND_PX, elide=True, tip=group_word(line.group))
    laid: list[Piece] = [*count, *pieces.line(line.left + 14, count[0].rect.left() - 4, base, [name])]
    under = Fill(QRectF(line.left, line.top + line.high - 2, line.wide, 2), "outline")
    return [*laid, under] if is_open else laid


def group_pieces(line: Line, entries: Sequence[LayerEntry], width: float) -> list[Piece]:
    """Return the head of a group: its word, how many of its layers are shown, of how many; the mark is painted."""
    base = line.top + 19
    laid: list[Piece] = [Fill(QRectF(0, line.top, width, 1), "line")] if line.top > 0 else []
    shown = sum(entry.visible for entry in entries)
    right = pieces.line(
        0, width - look.EDGE_PX, base, [Run(f"{shown} / {len(entries)}", look.SECOND_PX, "quiet")], align="right"
    )
    laid += right
    laid += pieces.line(
        look.EDGE_PX + BOX_PX + 10, right[0].rect.left() - 8, base, [Run(group_word(line.group), elide=True)]
    )
    return laid


def layer_pieces(
    line: Line, entry: LayerEntry, width: float, opacity: float, now: datetime | None, meters_per_pixel: float
) -> list[Piece]:
    """Return the row of a layer."""
    base, box = line.top + 19, box_of(line)
    drawn = entry.visible and scales_of(entry)[0] <= meters_per_pixel <= scales_of(entry)[1]
    tone = "text" if drawn else "quiet"
    laid: list[Piece] = [Frame(box, "quiet", 1.0, 2.0)]
    if entry.visible:
        laid.append(Text(box, "✓", look.SECOND_PX, "text", "center"))
    slider = slider_of(width)
    wide = width >= NARROW_PX
    left = box.right() + 10 + (GLYPH_PX + 4 if glyph_of(entry) else 0.0)
    laid += _name_pieces(line, entry, left, slider.left() - 8, tone)
    if wide:
        percent = [
            Run(f"{opacity * 100:.0f}", look.SECOND_PX, "quiet", tip=translate("LayerPanel", "opacity in percent"))
        ]
        laid += pieces.line(slider.right() + 4, slider.right() + 4 + _PERCENT_PX, base, percent, align="right")
    middle = round(line.top + ROW_PX / 2)
    laid.append(Fill(QRectF(slider.left(), middle, slider.width(), 1), "edge"))
    laid.append(Fill(QRectF(slider.left(), middle, slider.width() * opacity, 1), tone))
    laid.append(Fill(QRectF(round(slider.left() + slider.width() * opacity) - 1, middle - 5, 3, 11), tone))
    age = age_run(entry, now)
    if entry.visible and not drawn:
        tip = translate("LayerPanel", "not drawn at this scale")
        age = Run(translate("LayerPanel", "scale"), look.SECOND_PX, tag=True, tip=tip)
    if age is not None:
        right = width - look.EDGE_PX
        laid += pieces.line(right - _AGE_PX, right, base, [age], align="right")
    return laid


def _name_pieces(line: Line, entry: LayerEntry, left: float, right: float, tone: str) -> list[Piece]:
    """Return name and count of a layer: on one line, else on two small ones, else the name with its middle left out."""
    title, base = title_of(entry), line.top + 19
    count = [] if entry.count is None else [Run(words.number(entry.count, 0), look.SECOND_PX, "quiet", gap_px=6)]
    one = [Run(title, tone=tone, gap_px=6), *count]
    if pieces.total_width(one) <= right - left:
        return list(pieces.line(left, right, base, one))
    first, *rest = wrap(title, right - left, look.SECOND_PX)
    measure = pieces.metrics(look.SECOND_PX, False)
    room = right - left - (pieces.total_width(count) + 6 if count else 0.0)
    # A word longer than the room, or what is left of the name: its two ends say most.
    first = measure.elidedText(first, Qt.TextElideMode.ElideMiddle, right - left)
    second = measure.elidedText(" ".join(rest), Qt.TextElideMode.ElideMiddle, room)
    laid = pieces.line(left, right, line.top + 12, [Run(first, look.SECOND_PX, tone, tip=title)])
    laid += pieces.line(left, right, line.top + 25, [Run(second, look.SECOND_PX, tone, tip=title, gap_px=6), *count])
    return list(laid)


def detail_words(entry: LayerEntry, width: float, ground_share: float) -> list[str]:
    """Return what is said of an opened layer, line by line: source and day, range of scales, what it can pass."""
    said: list[str] = []
    source, day = str(getattr(entry, "source", "")), getattr(entry, "day", None)
    said.append(
        translate("LayerPanel", "Source: {source}").format(source=source or translate("LayerPanel", "not entered"))
    )
    if isinstance(day, date):
        said.append(translate("LayerPanel", "Data of {day}").format(day=f"{day:%Y-%m-%d}"))
    elif entry.at is not None:
        said.append(
            translate("LayerPanel", "Data of {day}").format(
                day=f"{entry.at.astimezone(words.OFFICE_ZONE):%Y-%m-%d %H:%M}"
            )
        )
    said.append(scale_words(*scales_of(entry), ground_share))
    room = width - 2 * look.EDGE_PX - BOX_PX - 10
    return [part for text in said for part in wrap(text, room, look.SECOND_PX)]


def scale_words(least_m: float, most_m: float, ground_share: float) -> str:
    """Return at which scales a layer is drawn: 全部比例尺, 1:50 000 以上.

    ``ground_share`` is ground meters by map meters at the map's middle.
    """
    if least_m <= 0 and not math.isfinite(most_m):
        return translate("LayerPanel", "Drawn at every scale")
    if least_m <= 0:
        return translate("LayerPanel", "Drawn from {scale} on").format(scale=scale_of(most_m, ground_share))
    if not math.isfinite(most_m):
        return translate("LayerPanel", "Drawn up to {scale}").format(scale=scale_of(least_m, ground_share))
    return translate("LayerPanel", "Drawn from {far} to {near}").format(
        far=scale_of(most_m, ground_share), near=scale_of(least_m, ground_share)
    )


def scale_of(meters_per_pixel: float, ground_share: float) -> str:
    """Return a scale as 1:50 000, rounded to two figures, for a screen of 96 dots an inch."""
    number = meters_per_pixel * ground_share / _PIXEL_M
    step = 10.0 ** max(0, math.floor(math.log10(max(number, 1.0))) - 1)
    return f"1:{words.number(round(number / step) * step, 0)}"


def age_run(entry: LayerEntry, now: datetime | None) -> Run | None:
    """Return how old a layer's data are: 4 分钟前, 6月16日, 2023 年; of many years on a tag. None where nobody knows."""
    day = getattr(entry, "day", None)
    if entry.at is not None and now is not None:
        return Run(words.age(now - entry.at), look.SECOND_PX, "quiet", elide=True)
    if not isinstance(day, date) or now is None:
        return None
    today = now.astimezone(words.OFFICE_ZONE).date()
    if day.year == today.year:
        return Run(on_day(day, today), look.SECOND_PX, "quiet", elide=True)
    year = translate("LayerPanel", "{year}").format(year=day.year)
    old = today.year - day.year > _OLD_YEARS
    return Run(year, look.SECOND_PX, "text" if old else "quiet", tag=old)


def ages_of(groups: Mapping[str, Iterable[LayerEntry]], now: datetime | None) -> tuple[Run | None, ...]:
    """Return how old the data of all layers are, as the panel says it."""
    return tuple(age_run(entry, now) for its in groups.values() for entry in its)


def box_of(line: Line) -> QRectF:
    """Return where a row's check box stands."""
    return QRectF(look.EDGE_PX, line.top + (ROW_PX - BOX_PX) / 2, BOX_PX, BOX_PX)


def slider_of(width: float) -> QRectF:
    """Return where the sliders stand, from left to right."""
    percent = _PERCENT_PX + 4 if width >= NARROW_PX else 0.0
    left = width - look.EDGE_PX - _AGE_PX - 8 - percent - SLIDER_PX
    return QRectF(left, 0, SLIDER_PX, ROW_PX)

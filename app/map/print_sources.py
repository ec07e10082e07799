"""What a print says of its layers: whose data each is and of when, and the signs of those that the legend names not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from PySide6.QtCore import QCoreApplication

from layers.drawing import Areas, Drawing, Lines, Raster, Symbols, Tiles
from widgets import words
from widgets.map.legend_entry import LegendEntry
from widgets.map.print_sheet import SourceLine

OLD = timedelta(minutes=15)
OLD_YEARS = 5
_NO_DATA = ("outside",)
"""What is drawn only so that the rest steps forward."""
_RELIEF_RGBA = (205, 205, 202, 255)
translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class PrintSource:
    """One layer: its name in the stack, what people call it, whose data it is, and of which time or day."""

    layer: str
    title: str
    source: str = ""
    at: datetime | None = None
    day: date | None = None


def source_lines(
    sources: Iterable[PrintSource], drawn: Mapping[str, tuple[Drawing, ...]], now: datetime
) -> tuple[SourceLine, ...]:
    """Return a line for each layer of which something is on the sheet."""
    return tuple(_line(one, now) for one in sources if drawn.get(one.layer) and one.layer not in _NO_DATA)


def _line(one: PrintSource, now: datetime) -> SourceLine:
    source = one.source or translate("PrintMap", "source not entered")
    if one.at is not None:
        said, age = f"{one.at.astimezone(words.OFFICE_ZONE):%Y-%m-%d %H:%M}", now - one.at
        return SourceLine(one.title, source, f"{said}  {words.age(age)}" if age > OLD else said, is_old=age > OLD)
    if one.day is not None:
        years = (now.astimezone(words.OFFICE_ZONE).date() - one.day).days // 365
        said = f"{one.day:%Y-%m-%d}"
        if years >= OLD_YEARS:
            old = translate("PrintMap", "{n} years old").format(n=years)
            return SourceLine(one.title, source, f"{said}  {old}", is_old=True)
        return SourceLine(one.title, source, said)
    return SourceLine(one.title, source, translate("PrintMap", "day not entered"), is_old=True)


def signs_of(sources: Iterable[PrintSource], drawn: Mapping[str, tuple[Drawing, ...]]) -> tuple[LegendEntry, ...]:
    """Return a sign for each layer on the sheet that the legend of the screen takes as known: borders, water, roads."""
    entries = [sign for one in sources if (sign := _sign(one.title, drawn.get(one.layer, ()), one.layer)) is not None]
    return tuple(dict.fromkeys(entries))


def _sign(title: str, drawings: tuple[Drawing, ...], layer: str) -> LegendEntry | None:
    if layer in _NO_DATA or any(isinstance(item, (Symbols, Tiles)) for item in drawings):
        return None
    for item in drawings:
        if isinstance(item, Lines) and item.style and not item.style.startswith(("warning.", "draft.")):
            return LegendEntry(title, line=item.style) if len(item.xy) else None
        if isinstance(item, Areas) and item.style and not item.word:
            return LegendEntry(title, area=item.style) if len(item.xy) else None
        if isinstance(item, Raster) and item.smooth and not item.colors.steps and not item.colors.labels:
            return LegendEntry(title, swatch=_RELIEF_RGBA)
    return None

"""What lies under the cursor, in fixed columns."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QWidget

from widgets import pieces, words
from widgets import theme as look
from widgets.map.card import PAD_PX, MapCard
from widgets.pieces import Piece, Run, Text

_ROW_PX = 20.0
_WIDTH_PX = 240.0
_UNIT_PX = 56.0


@dataclass(frozen=True, slots=True)
class CursorFacts:
    """What is known of a place on the map.

    ``dbz`` is NaN where no radar sees, -inf where one sees without echo;
    ``rain_mm_h`` is NaN where nothing can be said. ``at`` is the time of the field.
    """

    lon_deg: float
    lat_deg: float
    place: str = ""
    dbz: float = math.nan
    rain_mm_h: float = math.nan
    radar: str = ""
    at: datetime | None = None
    age: timedelta | None = None


class ReadOut(MapCard):
    """Place, position, reflectivity, rain rate and age; "—" where nothing is known, with the reason as tooltip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts: CursorFacts | None = None
        self.changed()

    def show_facts(self, facts: CursorFacts | None) -> None:
        """Show what is known of a place; None when the cursor is elsewhere."""
        if facts != self._facts:
            self._facts = facts
            self.update()

    def size_needed(self) -> tuple[float, float]:
        """Return the card's size: always the same, so that figures stay where they are."""
        return _WIDTH_PX, 5 * _ROW_PX + 16

    def content(self) -> list[Piece]:
        """Return five rows: word, figure, unit."""
        facts = self._facts
        laid: list[Piece] = []
        for i, (word, figure, unit, tip) in enumerate(self._rows(facts)):
            base = 8 + i * _ROW_PX + 14.5
            laid += pieces.line(PAD_PX, _WIDTH_PX, base, [Run(word, look.SECOND_PX, "quiet")])
            right = _WIDTH_PX - PAD_PX - (_UNIT_PX if unit or i > 1 else 0)
            left = PAD_PX + pieces.width_of(word, look.SECOND_PX) + 8
            laid += pieces.line(left, right, base, [Run(figure, elide=i == 0, tip=tip)], align="right")
            if unit:
                laid += pieces.line(right + 8, _WIDTH_PX - 4, base, [Run(unit, look.SECOND_PX, "quiet")])
            if tip:
                laid.append(Text(QRectF(PAD_PX, base - 14, _WIDTH_PX - 2 * PAD_PX, _ROW_PX), "", tip=tip))
        return laid

    def _rows(self, facts: CursorFacts | None) -> tuple[tuple[str, str, str, str], ...]:
        place, position, at, age = words.MISSING, words.MISSING, words.MISSING, ""
        if facts is not None:
            place = facts.place or self.tr("outside the county")
            position = f"{facts.lon_deg:.4f}  {facts.lat_deg:.4f}"
            at = words.clock(facts.at)
            age = "" if facts.age is None else words.duration(facts.age)
        dbz, dbz_tip = self._dbz(facts)
        rain = words.MISSING if facts is None else words.number(facts.rain_mm_h)
        return (
            (self.tr("Place"), place, "", ""),
            (self.tr("Lon, lat"), position, "", ""),
            (self.tr("Reflectivity"), dbz, "dBZ", dbz_tip),
            (self.tr("Rain rate"), rain, "mm/h", self.tr("from reflectivity, Z = 300 R^1.4")),
            (self.tr("Time"), at, age, "" if facts is None else facts.radar),
        )

    def _dbz(self, facts: CursorFacts | None) -> tuple[str, str]:
        if facts is None:
            return words.MISSING, self.tr("the cursor is not on the map")
        if math.isnan(facts.dbz):
            return words.MISSING, self.tr("no radar sees this place")
        if math.isinf(facts.dbz):
            return self.tr("none"), self.tr("seen, without echo")
        return words.number(facts.dbz, 0), facts.radar

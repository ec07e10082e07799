"""What lies under the cursor, in fixed columns."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QEvent, QRectF, QTimer
from PySide6.QtWidgets import QWidget

from widgets import pieces, words
from widgets import theme as look
from widgets.map.card import PAD_PX, MapCard
from widgets.pieces import Piece, Run, Text

_ROW_PX = 20.0
_WIDTH_PX = 240.0
_UNIT_PX = 56.0
_LOW_ROW_PX = 18.0
_LOW_PX = 480.0
"""In a lower map position and radar are left out: the other figures stand closer."""
_NOT_WHEN_LOW = (1, 5)
_ROWS = 7
_ALONE_PX = 30.0
_FOLD_MS = 400
"""So long the rows stay when the cursor has left the map: it may only have crossed a card."""


@dataclass(frozen=True, slots=True)
class CursorFacts:
    """What is known of a place on the map.

    ``value`` is NaN where no radar sees, -inf where one sees without echo; ``what`` is its word
    and ``unit`` its unit. ``rain_mm_h`` is NaN where nothing can be said, ``height_m`` (of the
    beam above sea level) where it is not known. ``at`` is the time of the field, ``radar`` whose
    value it is, ``radars`` how many see the place, None where nobody counted.
    """

    lon_deg: float
    lat_deg: float
    place: str = ""
    value: float = math.nan
    rain_mm_h: float = math.nan
    radar: str = ""
    at: datetime | None = None
    age: timedelta | None = None
    height_m: float = math.nan
    radars: int | None = None
    what: str = ""
    unit: str = "dBZ"


class ReadOut(MapCard):
    """Place, position, reflectivity, rain rate and age; "—" where nothing is known, with the reason as tooltip.

    While the cursor is elsewhere the row of the place stands alone: the map needs the room.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts: CursorFacts | None = None
        self._what = ("", "dBZ")
        self._is_low = False
        self._is_folded = True
        self._fold = QTimer(self)
        self._fold.setSingleShot(True)
        self._fold.setInterval(_FOLD_MS)
        self._fold.timeout.connect(self._on_fold)
        self.changed()

    def show_facts(self, facts: CursorFacts | None) -> None:
        """Show what is known of a place; None when the cursor is elsewhere, and then the rows fold after a moment."""
        if facts is not None:
            self._what = (facts.what, facts.unit)
            self._fold.stop()
            self._show_folded(folded=False)
        elif not self._is_folded and not self._fold.isActive():
            self._fold.start()
        if facts != self._facts:
            self._facts = facts
            self.update()

    @property
    def is_folded(self) -> bool:
        """Whether the row of the place stands alone."""
        return self._is_folded

    def _show_folded(self, *, folded: bool) -> None:
        if folded is not self._is_folded:
            self._is_folded = folded
            self.changed()

    def _on_fold(self) -> None:
        # The card stays as it is under the pointer, or folding would bring the map under it, and so on.
        if self._facts is None and not self.underMouse():
            self._show_folded(folded=True)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._fold.start()

    def show_room(self, width_px: float, height_px: float) -> None:
        """Say less where the map is low."""
        if (height_px < _LOW_PX) is not self._is_low:
            self._is_low = height_px < _LOW_PX
            self.changed()

    def size_needed(self) -> tuple[float, float]:
        """Return the card's size: the same whatever is known of a place, so that figures stay where they are."""
        if self._is_folded:
            return _WIDTH_PX, _ALONE_PX
        if self._is_low:
            return _WIDTH_PX, (_ROWS - len(_NOT_WHEN_LOW)) * _LOW_ROW_PX + 12
        return _WIDTH_PX, _ROWS * _ROW_PX + 16

    def content(self) -> list[Piece]:
        """Return the rows: word, figure, unit."""
        facts = self._facts
        laid: list[Piece] = []
        row_px, top = (_LOW_ROW_PX, 6.0) if self._is_low else (_ROW_PX, 8.0)
        rows = [(i, row) for i, row in enumerate(self._rows(facts)) if not (self._is_low and i in _NOT_WHEN_LOW)]
        if self._is_folded:
            row_px, top, rows = _ROW_PX, 5.0, rows[:1]
        for n, (i, (word, figure, unit, tip)) in enumerate(rows):
            base = top + n * row_px + row_px / 2 + 4.5
            laid += pieces.line(PAD_PX, _WIDTH_PX, base, [Run(word, look.SECOND_PX, "quiet")])
            right = _WIDTH_PX - PAD_PX - (_UNIT_PX if unit or i > 1 else 0)
            left = PAD_PX + pieces.width_of(word, look.SECOND_PX) + 8
            laid += pieces.line(left, right, base, [Run(figure, elide=i == 0, tip=tip)], align="right")
            if unit:
                laid += pieces.line(right + 8, _WIDTH_PX - 4, base, [Run(unit, look.SECOND_PX, "quiet")])
            if tip:
                laid.append(Text(QRectF(PAD_PX, base - 14, _WIDTH_PX - 2 * PAD_PX, row_px), "", tip=tip))
        return laid

    def _rows(self, facts: CursorFacts | None) -> tuple[tuple[str, str, str, str], ...]:
        place = position = at = radar = words.MISSING
        what, unit = self._what
        age, seen = "", ""
        if facts is not None:
            place = facts.place or self.tr("outside the county")
            position = f"{facts.lon_deg:.4f}  {facts.lat_deg:.4f}"
            at = words.clock(facts.at)
            age = "" if facts.age is None else words.duration(facts.age)
            radar = facts.radar or words.MISSING
            seen = "" if facts.radars is None else self.tr("of {n}").format(n=facts.radars)
        value, value_tip = self._value(facts)
        height = words.MISSING if facts is None else words.number(facts.height_m / 1000)
        rain = words.MISSING if facts is None else words.number(facts.rain_mm_h)
        return (
            (self.tr("Place"), place, "", ""),
            (self.tr("Lon, lat"), position, "", ""),
            (what or self.tr("Reflectivity"), value, unit, value_tip),
            (self.tr("Beam height"), height, "km", self.tr("of the beam's middle above sea level")),
            (self.tr("Rain rate"), rain, "mm/h", self.tr("from reflectivity, Z = 300 R^1.4")),
            (self.tr("Radar"), radar, seen, self.tr("whose value stands, and how many radars see this place")),
            (self.tr("Time"), at, age, radar),
        )

    def _value(self, facts: CursorFacts | None) -> tuple[str, str]:
        if facts is None:
            return words.MISSING, self.tr("the cursor is not on the map")
        if math.isnan(facts.value):
            known = facts.radars == 0  # of one radar by itself a gate may also be folded, and nobody counted
            return self.tr("not seen") if known else words.MISSING, self.tr("no radar sees this place")
        if facts.value == math.inf:
            return self.tr("folded"), self.tr(
                "an echo of an earlier pulse lies over this place: nobody knows the value"
            )
        if math.isinf(facts.value):
            return self.tr("none"), self.tr("seen, without echo")
        return words.number(facts.value, 0 if facts.unit == "dBZ" else 1), facts.radar

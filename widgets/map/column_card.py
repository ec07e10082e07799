"""The column over a place as a small table: height, reflectivity, radar and age, the highest on top."""

from __future__ import annotations

import math
from datetime import datetime

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QWidget

from models.radar.called import called
from models.radar.column_table import Layer
from widgets import pieces, words
from widgets import theme as look
from widgets.key_cap import key_piece, key_width
from widgets.map.card import PAD_PX, MapCard
from widgets.pieces import Fill, Piece, Run

KEY = "V"
_WIDTH_PX = 272.0
_HEAD_PX, _ROW_PX, _LOW_ROW_PX = 48.0, 18.0, 15.0
_LOW_PX = 480.0
_ENDS = (62.0, 106.0, 196.0)
"""Where the columns of height, reflectivity and radar end; age ends at the card's edge."""


class ColumnCard(MapCard):
    """What the radars see over one place, by height; heights that no beam reaches say so."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place = ""
        self._layers: tuple[Layer, ...] = ()
        self._now: datetime | None = None
        self._left = 0
        self._is_low = False
        self.changed()

    def show_column(self, place: str, layers: tuple[Layer, ...], left: int, now: datetime | None) -> None:
        """Show the layers over a place, the highest first, and how many radars are still being read; no place, no card."""
        self._place, self._layers, self._left, self._now = place, layers, left, now
        self.changed()

    @property
    def place(self) -> str:
        """The place whose column is shown, empty while there is none."""
        return self._place

    def show_room(self, width_px: float, height_px: float) -> None:
        """Take less room where the map is low."""
        if (height_px < _LOW_PX) is not self._is_low:
            self._is_low = height_px < _LOW_PX
            self.changed()

    def size_needed(self) -> tuple[float, float]:
        """Return the card's size: head, one row a layer, or one sentence."""
        if not self._place:
            return 0.0, 0.0
        return _WIDTH_PX, _HEAD_PX + max(1, len(self._layers)) * self._row_px() + 6

    def content(self) -> list[Piece]:
        """Return head and rows."""
        if not self._place:
            return []
        right = _WIDTH_PX - PAD_PX
        cap = right - key_width(KEY)
        title = [Run(self.tr("Column"), gap_px=8), Run(self._place, look.SECOND_PX, "quiet", elide=True)]
        laid: list[Piece] = [*pieces.line(PAD_PX, cap - 6, 19, title), key_piece(cap, 14, KEY)]
        heads = (self.tr("km"), "dBZ", self.tr("Radar"), self.tr("Age"))
        for word, end in zip(heads, (*_ENDS, right), strict=True):
            laid += pieces.line(PAD_PX, end, 40, [Run(word, look.KEY_PX, "quiet")], align="right")
        laid.append(Fill(QRectF(PAD_PX, _HEAD_PX - 3, right - PAD_PX, 1), "line"))
        if not self._layers:
            said = self.tr("being read") if self._left else self.tr("No radar sees this place at any height.")
            return [*laid, *pieces.line(PAD_PX, right, _HEAD_PX + 13, [Run(said, look.SECOND_PX, "quiet", elide=True)])]
        for number, layer in enumerate(self._layers):
            laid += self._row(layer, _HEAD_PX + number * self._row_px() + self._row_px() / 2 + 4.5)
        return laid

    def _row_px(self) -> float:
        return _LOW_ROW_PX if self._is_low else _ROW_PX

    def _row(self, layer: Layer, base: float) -> list[Piece]:
        span = f"{layer.bottom_m / 1000:g}–{layer.top_m / 1000:g}"
        px = look.SECOND_PX
        cells = pieces.line(PAD_PX, _ENDS[0], base, [Run(span, px, "quiet")], align="right")
        if layer.site is None or layer.at is None or self._now is None:
            tip = self.tr("no beam lies at this height over this place")
            unseen = Run(self.tr("not seen"), px, "quiet", tip=tip)
            return [*cells, *pieces.line(_ENDS[0] + 14, _WIDTH_PX - PAD_PX, base, [unseen])]
        value = words.number(layer.dbz, 0) if math.isfinite(layer.dbz) else self.tr("none")
        tip = self.tr("beam at {km} km above sea level, seen by {n}").format(
            km=words.number(layer.height_m / 1000), n=layer.radars
        )
        name = called(layer.site.name, layer.site.code, brief=True)
        full = called(layer.site.name, layer.site.code)
        age = words.duration(self._now - layer.at)
        return [
            *cells,
            *pieces.line(_ENDS[0] + 4, _ENDS[1], base, [Run(value, px, tip=tip)], align="right"),
            *pieces.line(_ENDS[1] + 8, _ENDS[2], base, [Run(name, px, elide=True, tip=full)], align="right"),
            *pieces.line(_ENDS[2] + 6, _WIDTH_PX - PAD_PX, base, [Run(age, px, "quiet")], align="right"),
        ]

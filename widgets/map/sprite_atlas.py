"""All sprites of a theme in one picture that grows as they are first asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPixmap

from models.geodesy import FloatArray
from widgets.theme import THEMES, Theme

Paint = Callable[[QPainter, str, QPointF, Theme], None]
_WIDE_PX, _ROWS_MORE = 1024, 4
# More sprites than any map has; counts of clusters are many in a long watch.
_MOST = 3000


class SpriteAtlas:
    """Sprites side by side, in device pixels; each has a square of its own size whose middle is its place."""

    def __init__(self, theme: Theme, ratio: float, reach_of: Callable[[str], float], paint: Paint) -> None:
        """``reach_of`` gives how far a key's sprite reaches from its place, ``paint`` paints it; logical px."""
        self._theme, self._ratio = theme, ratio
        self._reach_of, self._paint = reach_of, paint
        self._slots: dict[str, tuple[int, int, int]] = {}
        self._next = (0, 0)
        self._row_high = 0
        self.pixmap = _blank(round(_WIDE_PX * ratio), round(40 * ratio))

    def slots(self, keys: Iterable[str]) -> FloatArray:
        """Return (n, 3) left, top and side of the keys' sprites in `pixmap`, which may be another one afterwards."""
        wanted = tuple(keys)
        new = [key for key in dict.fromkeys(wanted) if key not in self._slots]
        if len(self._slots) + len(new) > _MOST:
            self._slots.clear()
            self._next, self._row_high = (0, 0), 0
            self.pixmap.fill(QColor(0, 0, 0, 0))
            new = list(dict.fromkeys(wanted))
        if new:
            self._add(new)
        return np.array([self._slots[key] for key in wanted], float).reshape(-1, 3)

    def _add(self, keys: list[str]) -> None:
        for key in keys:
            self._slots[key] = self._room(round(2 * self._reach_of(key) * self._ratio))
        bottom = self._next[1] + self._row_high
        if bottom > self.pixmap.height():
            taller = _blank(self.pixmap.width(), bottom + _ROWS_MORE * round(40 * self._ratio))
            painter = QPainter(taller)
            painter.drawPixmap(0, 0, self.pixmap)
            painter.end()
            self.pixmap = taller
        painter = QPainter(self.pixmap)
        for key in keys:
            left, top, side = self._slots[key]
            painter.save()
            painter.translate(left, top)
            painter.setClipRect(QRectF(0, 0, side, side))
            painter.scale(self._ratio, self._ratio)
            half = side / self._ratio / 2
            self._paint(painter, key, QPointF(half, half), self._theme)
            painter.restore()
        painter.end()

    def _room(self, side: int) -> tuple[int, int, int]:
        left, top = self._next
        if left + side > self.pixmap.width():
            left, top = 0, top + self._row_high
            self._row_high = 0
        self._next = (left + side, top)
        self._row_high = max(self._row_high, side)
        return left, top, side


def _blank(wide: int, high: int) -> QPixmap:
    made = QPixmap(wide, high)
    made.fill(QColor(0, 0, 0, 0))
    return made


@lru_cache(maxsize=8)
def atlas_of(theme_name: str, ratio: float, reach_of: Callable[[str], float], paint: Paint) -> SpriteAtlas:
    """Return the atlas of a theme and a screen; the same one each time."""
    return SpriteAtlas(THEMES[theme_name], ratio, reach_of, paint)

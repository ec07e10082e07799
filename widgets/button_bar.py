"""Buttons in a row, in as many rows as they need: no button is ever squeezed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets import theme as look
from widgets.action_button import HEIGHT_PX, ActionButton

_GAP_PX = 6
_PAD_PX = 8
_LEAST_EDGE_PX = 12


class ButtonBar(QWidget):
    """Buttons at the left, and those that go on at the right."""

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        left: tuple[ActionButton, ...] = (),
        right: tuple[ActionButton, ...] = (),
        edge_px: int = look.EDGE_PX,
        pad_px: int = _PAD_PX,
    ) -> None:
        super().__init__(parent)
        self._left, self._right = left, right
        self._edge_px, self._pad_px = edge_px, pad_px
        self._height_px = HEIGHT_PX + 2 * pad_px
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for button in (*left, *right):
            button.setParent(self)
            button.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Lay out again when a button comes or goes."""
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self._place()
        return super().eventFilter(watched, event)

    def sizeHint(self) -> QSize:
        return QSize(120, self._height_px)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self._height_px)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def event(self, event: QEvent) -> bool:
        """Lay out again when a button has other words."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._place()
        return super().event(event)

    def rows_for(self, width: int) -> list[list[ActionButton]]:
        """Return the rows of shown buttons at a width; the right group begins a row if it must."""
        room = width - 2 * min(self._edge_px, _LEAST_EDGE_PX)
        left = [b for b in self._left if not b.isHidden()]
        right = [b for b in self._right if not b.isHidden()]
        if _wide(left + right) <= room:
            return [left + right]
        return [*_broken(left, room), *_broken(right, room)]

    def _place(self) -> None:
        rows = [row for row in self.rows_for(self.width()) if row]
        edge = self._edge_px if all(_wide(row) <= self.width() - 2 * self._edge_px for row in rows) else _LEAST_EDGE_PX
        y = self._pad_px
        for row in rows:
            leaving = [b for b in row if b in self._right]
            staying = [b for b in row if b not in leaving]
            x = edge
            for button in staying:
                x = _put(button, x, y)
            x = self.width() - edge - _wide(leaving)
            for button in leaving:
                x = _put(button, x, y)
            y += HEIGHT_PX + _GAP_PX
        height = max(HEIGHT_PX, y - self._pad_px - _GAP_PX) + 2 * self._pad_px
        if height != self._height_px:
            self._height_px = height
            self.updateGeometry()


def _wide(buttons: list[ActionButton]) -> int:
    return sum(b.sizeHint().width() + _GAP_PX for b in buttons) - (_GAP_PX if buttons else 0)


def _put(button: ActionButton, x: int, y: int) -> int:
    size = button.sizeHint()
    button.setGeometry(x, y, size.width(), size.height())
    return x + size.width() + _GAP_PX


def _broken(buttons: list[ActionButton], room: int) -> list[list[ActionButton]]:
    rows: list[list[ActionButton]] = [[]]
    for button in buttons:
        if rows[-1] and _wide([*rows[-1], button]) > room:
            rows.append([])
        rows[-1].append(button)
    return rows

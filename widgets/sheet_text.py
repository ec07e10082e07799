"""A text of the sheet: as high as its lines, no frame until one writes in it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QFocusEvent, QResizeEvent, QTextBlockFormat, QTextCursor, QTextListFormat
from PySide6.QtWidgets import QSizePolicy, QTextEdit, QWidget

_LINE_PX = 22
_PAD_PX = 10


class SheetText(QTextEdit):
    """Plain text that is written in place.

    Signals
    -------
    edited(str)  the operator changed the text; never by `show_text`
    """

    edited = Signal(str)

    def __init__(
        self, parent: QWidget | None = None, *, least_lines: int = 2, most_lines: int = 6, numbered: bool = False
    ) -> None:
        super().__init__(parent)
        self._least, self._most = least_lines, most_lines
        self._numbered = numbered
        self._showing = False
        self._said: list[str] = []
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.document().setDocumentMargin(0)
        self.textChanged.connect(self._on_changed)

    def show_text(self, text: str) -> None:
        """Show a text; the cursor stays where the operator writes, and an echo of older typing is dropped."""
        if text == self.toPlainText() or (self.hasFocus() and text in self._said[:-1]):
            return
        self._showing = True
        place = self.textCursor().position()
        self.setPlainText(text)
        self._space_lines()
        cursor = self.textCursor()
        cursor.setPosition(min(place, len(text)))
        self.setTextCursor(cursor)
        self._showing = False
        self._said.clear()
        self.updateGeometry()

    def show_editable(self, editable: bool) -> None:
        """Let it be written in, or only read."""
        self.setReadOnly(not editable)

    def show_most_lines(self, most_lines: int) -> None:
        """Grow to so many lines at most."""
        self._most = most_lines
        self.updateGeometry()

    def wanted_height(self) -> int:
        """Return the height of the text between the least and the most lines, px."""
        height = round(self.document().size().height())
        return max(self._least * _LINE_PX, min(self._most * _LINE_PX, height)) + _PAD_PX

    def sizeHint(self) -> QSize:
        return QSize(200, self.wanted_height())

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self._least * _LINE_PX + _PAD_PX)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._said.clear()

    def _space_lines(self) -> None:
        spacing = QTextBlockFormat()
        spacing.setLineHeight(_LINE_PX, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.mergeBlockFormat(spacing)
        if self._numbered and not self.document().isEmpty():
            numbers = QTextListFormat()
            numbers.setStyle(QTextListFormat.Style.ListDecimal)
            numbers.setNumberSuffix("")
            self.document().setIndentWidth(20)
            cursor.createList(numbers)

    def _on_changed(self) -> None:
        if self._showing:
            return
        self.updateGeometry()
        text = self.toPlainText()
        self._said = [*self._said[-50:], text]
        self.edited.emit(text)

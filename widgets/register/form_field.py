"""One field of a form: its name and unit, what is written, and what is wrong with that."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from widgets import pieces
from widgets import theme as look
from widgets.choice_box import ChoiceBox
from widgets.pieces import Fill, Frame, Piece, Run

HEIGHT_PX = 54
_LABEL_PX, _EDITOR_PX = 20, 28
_ROUND_TEXT_PX = 40


class FormField(QWidget):
    """A name over an editor; a fault stands beside the name, the editor is framed.

    Signals
    -------
    changed(str)  the operator wrote into the field of this key
    """

    changed = Signal(str)

    def __init__(
        self,
        key: str,
        title: str,
        parent: QWidget | None = None,
        *,
        unit: str = "",
        hint: str = "",
        choices: tuple[tuple[str, str], ...] = (),
        required: bool = False,
    ) -> None:
        """Make a line to write in, or with ``choices`` (key and words) a list to choose from."""
        super().__init__(parent)
        self.key = key
        self._title, self._unit, self._required = title, unit, required
        self._fault = ""
        self._was = ""
        self._note = ""
        self.editor: QLineEdit | ChoiceBox
        if choices:
            self.editor = ChoiceBox(self)
            for choice, words in choices:
                self.editor.addItem(words, choice)
            self.editor.activated.connect(lambda _: self._on_changed())
        else:
            self.editor = QLineEdit(self)
            self.editor.setPlaceholderText(hint)
            self.editor.setToolTip(hint)
            self.editor.textEdited.connect(lambda _: self._on_changed())
        self.editor.setAccessibleName(title)
        self.setFocusProxy(self.editor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        """What stands in it: what is written, or the key of what is chosen."""
        if isinstance(self.editor, QLineEdit):
            return self.editor.text()
        return str(self.editor.currentData() or "")

    @property
    def whole_px(self) -> int:
        """The width in which what was shown is not cut, px; what is being written widens nothing under the hand."""
        if not isinstance(self.editor, QLineEdit):
            return 0
        return math.ceil(pieces.width_of(self._was, look.BODY_PX)) + _ROUND_TEXT_PX

    @property
    def is_changed(self) -> bool:
        """Whether it says something else than what was shown."""
        return self.text.strip() != self._was

    @property
    def fault(self) -> str:
        """What is wrong with it, empty if nothing is."""
        return self._fault

    def show_text(self, text: str, *, was: str | None = None) -> None:
        """Show what stands in the record; a key that is no choice is added as it is written.

        ``was`` is what the record says where ``text`` is something new.
        """
        self._was = text if was is None else was
        if isinstance(self.editor, QLineEdit):
            self.editor.setText(text)
            self.editor.setCursorPosition(0)
        else:
            if self.editor.findData(text) < 0:
                self.editor.addItem(text, text)
            self.editor.setCurrentIndex(self.editor.findData(text))
        self.update()

    def show_note(self, note: str) -> None:
        """Say small beside the name what the text means, such as the ids of what it names; empty for nothing."""
        self._note = note
        self.update()

    @property
    def note(self) -> str:
        """What stands small beside the name."""
        return self._note

    def show_fault(self, fault: str) -> None:
        """Say what is wrong, empty if nothing is."""
        self._fault = fault
        self.update()

    def show_fixed(self, *, fixed: bool) -> None:
        """Let nobody write here, or let them."""
        if isinstance(self.editor, QLineEdit):
            self.editor.setReadOnly(fixed)
            self.editor.setFocusPolicy(Qt.FocusPolicy.ClickFocus if fixed else Qt.FocusPolicy.StrongFocus)

    def pieces(self) -> list[Piece]:
        """Return what is painted round the editor."""
        laid: list[Piece] = []
        if self.is_changed:
            laid.append(Fill(QRectF(0, _LABEL_PX + 2, 3, _EDITOR_PX - 4), "bar"))
        name = [Run(self._title + (" *" if self._required else ""), look.SECOND_PX, "quiet", elide=True)]
        room = self.width() - 8.0
        if not self._fault:
            name += [Run(self._unit, look.SECOND_PX, "quiet"), Run(self._note, look.KEY_PX, "quiet", elide=True)]
            return laid + list(pieces.line(6, room, 15, name))
        wide = min(pieces.width_of(self._fault, look.SECOND_PX) + 2 * pieces.TAG_PAD_PX + 2, room * 0.6)
        fault = Run(self._fault, look.SECOND_PX, tag=True, elide=True)
        laid += pieces.line(6, room - wide - 6, 15, name)
        laid += pieces.line(room - wide, room, 15, [fault], align="right")
        laid.append(Frame(QRectF(5, _LABEL_PX - 1, self.width() - 12, _EDITOR_PX + 2), "text", 2.0, 4.0))
        return laid

    def sizeHint(self) -> QSize:
        return QSize(200, HEIGHT_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, HEIGHT_PX)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.editor.setGeometry(6, _LABEL_PX, self.width() - 14, _EDITOR_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        pieces.paint(painter, self.pieces(), look.current())
        painter.end()

    def _on_changed(self) -> None:
        self._fault = ""
        self.update()
        self.changed.emit(self.key)

"""What stands in the window before the console can: progress, or a damaged store and the one key that mends it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from widgets import pieces
from widgets import theme as look
from widgets.action_button import ActionButton
from widgets.keys import Keys
from widgets.painted import Painted
from widgets.pieces import Fill, Frame, Piece, Run, Text
from widgets.row_list import wrap
from widgets.top_bar import STRIP_PX, ExerciseStrip

_WIDTH_PX = 560
_TITLE_PX = 24
_TITLE_LINE_PX = 34


class StartupPage(Painted):
    """Progress while an office is built, or what is wrong with it.

    Signals
    -------
    restore_requested()  the operator wants the newest good backup
    go_on_requested()    the operator has read what is missing since
    quit_requested()     the operator leaves
    """

    restore_requested = Signal()
    go_on_requested = Signal()
    quit_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, height_px=400)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if parent is None:
            self.keys = Keys(self)
        self._title = ""
        self._lines: tuple[str, ...] = ()
        self._done: float | None = None
        self._strip = ExerciseStrip(self)
        self._strip.hide()
        self._restore = ActionButton(self.tr("Restore the backup"), "R", self, primary=True)
        self._go_on = ActionButton(self.tr("Go on"), "Return", self, primary=True)
        self._quit = ActionButton(self.tr("Quit"), "Q", self)
        self._restore.clicked.connect(self.restore_requested)
        self._go_on.clicked.connect(self.go_on_requested)
        self._quit.clicked.connect(self.quit_requested)
        self._offer()

    def show_exercise(self, exercise: bool) -> None:
        """Hatch the top edge in exercises."""
        self._strip.setVisible(exercise)

    def show_progress(self, title: str, detail: str, done: float) -> None:
        """Show what is being done; ``done`` 0..1."""
        self._title, self._lines, self._done = title, (detail,), done
        self._offer()

    def show_damage(self, sentence: str, backup: str, missing: str) -> None:
        """Say that the store is damaged, which backup there is, and what would be missing.

        An empty ``backup`` offers only to leave.
        """
        self._title = self.tr("The store of this office is damaged")
        self._lines = tuple(line for line in (sentence, backup, missing) if line)
        self._done = None
        self._offer(*((self._restore, self._quit) if backup else (self._quit,)))

    def show_restored(self, lines: tuple[str, ...]) -> None:
        """Say what was restored, where the damaged one is kept, and what is missing since."""
        self._title, self._lines, self._done = self.tr("Restored"), lines, None
        self._offer(self._go_on, self._quit)

    def show_failure(self, title: str, lines: tuple[str, ...]) -> None:
        """Say why the console cannot start."""
        self._title, self._lines, self._done = title, lines, None
        self._offer(self._quit)

    def _offer(self, *buttons: ActionButton) -> None:
        for button in (self._restore, self._go_on, self._quit):
            button.setVisible(button in buttons)
        self._place()
        self.update()

    def _left(self) -> float:
        return max(float(look.EDGE_PX), (self.width() - _WIDTH_PX) / 2)

    def _text_lines(self) -> list[str]:
        return [part for line in self._lines for part in [*wrap(line, _WIDTH_PX, look.BODY_PX), ""]]

    def _title_lines(self) -> list[str]:
        return wrap(self._title, _WIDTH_PX, _TITLE_PX)

    def _below_title(self) -> float:
        return self._top() + 14 + _TITLE_LINE_PX * max(1, len(self._title_lines()))

    def _top(self) -> float:
        return max(40.0, self.height() / 2 - 140)

    def pieces(self) -> list[Piece]:
        """Return what is painted."""
        left, top = self._left(), self._top()
        laid: list[Piece] = []
        for number, words in enumerate(self._title_lines()):
            y = top + 28 + number * _TITLE_LINE_PX
            laid += pieces.line(left, left + _WIDTH_PX, y, [Run(words, _TITLE_PX)])
        y = self._below_title()
        for words in self._text_lines():
            laid += pieces.line(left, left + _WIDTH_PX, y + 15, [Run(words, tone="text" if words else "quiet")])
            y += 22 if words else 8
        if not self._strip.isHidden():
            name = self.tr("Exercise")
            box = QRectF(left, top - 36, pieces.width_of(name) + 16, 24)
            laid += [Frame(box, "text", 1.5, 3.0), Text(box, name, align="center")]
        if self._done is not None:
            laid.append(Frame(QRectF(left, y + 8, _WIDTH_PX, 8), "edge"))
            laid.append(Fill(QRectF(left, y + 8, _WIDTH_PX * min(1.0, max(0.0, self._done)), 8), "bar"))
        return laid

    def _place(self) -> None:
        self._strip.setGeometry(0, 0, self.width(), STRIP_PX)
        x = round(self._left())
        y = round(self._below_title() + 16 + sum(22 if words else 8 for words in self._text_lines()))
        for button in (self._restore, self._go_on, self._quit):
            if button.isHidden():
                continue
            size = button.sizeHint()
            button.setGeometry(x, y, size.width(), size.height())
            x += size.width() + 8

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.current().color("paper"))
        pieces.paint(painter, self.pieces(), look.current())
        painter.end()
        event.accept()

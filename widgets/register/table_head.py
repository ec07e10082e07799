"""The head of what stands under the map: which register or page, how many, which rows, and its acts."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from widgets import pieces
from widgets import theme as look
from widgets.action_button import ActionButton
from widgets.choice_box import ChoiceBox
from widgets.painted import Painted
from widgets.pieces import Fill, Frame, Piece, Run

HEIGHT_PX = 40


class HeadButton(ActionButton):
    """An act of a head: words and key without a frame, as it stands beside others on one line."""

    def pieces(self) -> list[Piece]:
        """Return what is painted."""
        return [piece for piece in super().pieces() if not self._is_edge(piece)]

    @staticmethod
    def _is_edge(piece: Piece) -> bool:
        return isinstance(piece, Frame) and piece.token in {"edge", "line"} and piece.width_px == 1.0


class HeadWords(Painted):
    """Counts at the left, rows at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, height_px=HEIGHT_PX)
        self._left: tuple[Run, ...] = ()
        self._right: tuple[Run, ...] = ()

    def show_runs(self, left: tuple[Run, ...], right: tuple[Run, ...]) -> None:
        """Show other words."""
        self._left, self._right = left, right
        self.update()

    def pieces(self) -> list[Piece]:
        """Return what is painted."""
        room = self.width() - 12.0
        base = HEIGHT_PX / 2 + 5
        right = list(self._right) if pieces.total_width([*self._left, *self._right]) + 16 <= room else []
        laid: list[Piece] = list(pieces.line(8, room, base, right, align="right"))
        edge = laid[0].rect.left() - 12 if laid else room
        return [*pieces.line(8, edge, base, self._left), *laid]


class TableHead(QWidget):
    """One line: a chooser of registers and pages, counts, and acts with their keys.

    Signals
    -------
    chosen(str)  the operator chose the register or page of this key
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT_PX)
        self.chooser = ChoiceBox(self)
        self.chooser.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.chooser.setMaxVisibleItems(30)
        self.chooser.setAccessibleName(self.tr("register"))
        self.words = HeadWords(self)
        self.add = HeadButton(self.tr("New"), "N", self)
        self.import_ = HeadButton(self.tr("Import"), "Ctrl+I", self)
        self.export = HeadButton(self.tr("Export"), "Ctrl+Shift+E", self)
        self.undo = HeadButton(self.tr("Undo"), "Ctrl+Z", self)
        self.time_line = HeadButton(self.tr("Time line"), "T", self)
        row = QHBoxLayout(self)
        row.setContentsMargins(look.EDGE_PX, 0, 8, 1)
        row.setSpacing(0)
        row.addWidget(self.chooser)
        row.addWidget(self.words, 1)
        for button in (self.undo, self.add, self.import_, self.export, self.time_line):
            row.addWidget(button)
        self.undo.hide()
        self.chooser.activated.connect(self._on_activated)

    def show_choices(self, choices: tuple[tuple[str, str], ...]) -> None:
        """Show what can be chosen: key and words."""
        now = self.chosen_key
        if choices != tuple((self.chooser.itemData(n), self.chooser.itemText(n)) for n in range(self.chooser.count())):
            self.chooser.clear()
            for key, words in choices:
                self.chooser.addItem(words, key)
            self.show_chosen(now)

    def show_chosen(self, key: str) -> None:
        """Show which one is open."""
        self.chooser.setCurrentIndex(max(0, self.chooser.findData(key)))

    @property
    def chosen_key(self) -> str:
        """Key of what is open, empty before anything is known."""
        return str(self.chooser.currentData() or "")

    def show_acts(self, *, table: bool, undo: bool) -> None:
        """Show the acts of a table, or only the way back; ``undo`` where there is an edit to take back."""
        for button in (self.add, self.import_, self.export):
            button.setVisible(table)
        self.undo.setVisible(table and undo)

    def _on_activated(self, index: int) -> None:
        self.chosen.emit(str(self.chooser.itemData(index)))


class HairLine(Painted):
    """One line across."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, height_px=1)

    def pieces(self) -> list[Piece]:
        """Return the line."""
        return [Fill(QRectF(0, 0, self.width(), 1), "line")]

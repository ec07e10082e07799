"""The foot of an import: what was read, what passes, and the acts."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QHBoxLayout, QWidget

from models.register.quality import Quality
from widgets import pieces
from widgets import theme as look
from widgets.action_button import ActionButton
from widgets.painted import Painted
from widgets.pieces import Fill, Frame, Piece, Run

HEIGHT_PX = 60
_BAR_PX = 8.0
_WITHIN_PX, _BETWEEN_PX = 4.0, 20.0
"""A label stands so near to its own number, and so far is the next label from it."""


class Outcome(Painted):
    """Read, accepted, refused, left out; a bar of the parts; what an import would do."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, height_px=HEIGHT_PX)
        self._quality: Quality | None = None
        self._added = self._changed = self._missing = 0

    def show_outcome(self, quality: Quality | None, *, added: int = 0, changed: int = 0, missing: int = 0) -> None:
        """Show what came of a file; None before anything is known."""
        self._quality, self._added, self._changed, self._missing = quality, added, changed, missing
        self.update()

    def pieces(self) -> list[Piece]:
        """Return the figures over the bar."""
        quality = self._quality
        if quality is None:
            return []
        edge, width = float(look.EDGE_PX), float(self.width())
        refused, left = len(quality.refused_lines), len(quality.left_out)
        whole = [one for one in quality.refused if one.line not in quality.entries.line_set]
        said_and_counted = [
            (self.tr("Read"), quality.rows_read),
            (self.tr("pass"), quality.accepted if not whole else 0),
            (self.tr("refused"), refused),
        ]
        if left:
            said_and_counted.append((self.tr("left out"), left))
        runs = [
            run
            for said, count in said_and_counted
            for run in (
                Run(said, look.SECOND_PX, "quiet", gap_px=_WITHIN_PX),
                Run(str(count), look.FIGURE_PX, gap_px=_BETWEEN_PX),
            )
        ]
        same = len(quality.records) - self._added - self._changed
        outcome = self.tr("{added} new, {changed} changed, {same} the same, {missing} not in the file").format(
            added=self._added, changed=self._changed, same=same, missing=self._missing
        )
        if whole:
            outcome = self.tr("the whole file is refused")
        runs.append(Run(outcome, look.SECOND_PX, "quiet", elide=True, tip=outcome))
        laid: list[Piece] = list(pieces.line(edge, width - edge, 27, runs))
        rows = max(1, quality.rows_read)
        good = (width - 2 * edge) * (0 if whole else quality.accepted) / rows
        laid.append(Fill(QRectF(edge, 38, good, _BAR_PX), "bar"))
        laid.append(Frame(QRectF(edge + good, 38, max(0.0, width - 2 * edge - good), _BAR_PX), "edge", dashed=True))
        return laid


class ImportFoot(QWidget):
    """`Outcome` at the left, the buttons at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT_PX)
        self.outcome = Outcome(self)
        self.leave = ActionButton(self.tr("Leave it"), "Escape", self)
        self.again = ActionButton(self.tr("Read again"), "R", self)
        self.report = ActionButton(self.tr("Report to the owner"), "O", self)
        self.leave_out = ActionButton("", "L", self)
        self.write = ActionButton("", "Ctrl+Return", self, primary=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 12, 0)
        row.setSpacing(8)
        row.addWidget(self.outcome, 1)
        for button in (self.leave, self.again, self.report, self.leave_out, self.write):
            row.addWidget(button)

    def show_nothing(self) -> None:
        """Show that nothing is known yet: the file can only be left."""
        self.outcome.show_outcome(None)
        for button in (self.again, self.report, self.leave_out, self.write):
            button.hide()

    def show_state(self, quality: Quality, *, added: int, changed: int, missing: int, leaves_out: bool) -> None:
        """Show what came of a file, and which acts are open; importing is always, as it says why it cannot be."""
        self.outcome.show_outcome(quality, added=added, changed=changed, missing=missing)
        for button in (self.again, self.report, self.write):
            button.show()
        refused = len(quality.refused_lines)
        self.leave_out.setVisible(leaves_out or refused > 0)
        out = self.tr("Take {n} rows back in").format(n=len(quality.left_out))
        self.leave_out.setText(out if leaves_out else self.tr("Leave {n} rows out").format(n=refused))
        self.write.setText(self.tr("Import {n} rows").format(n=len(quality.records)))
        self.write.show_primary(quality.importable)
        self.report.setEnabled(bool(quality.findings))
        for button in (self.leave_out, self.write):
            button.updateGeometry()
        layout = self.layout()
        if layout is not None:
            layout.activate()  # the words of both changed: no moment with cut ones

"""The journal: who did what when, the newest first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from models.act import JournalEntry
from models.duty.log import JournalLine
from models.reach.outbox import DeliveryState
from widgets import pieces, words
from widgets import theme as look
from widgets.duty.journal_words import flat, name_in, told
from widgets.panel_head import PanelHead
from widgets.pieces import Piece, Run
from widgets.row_list import Row, RowList


class JournalPanel(QWidget):
    """Lines of the journal with a filter; messages handed over in a row are one row until something is looked for.

    Signals
    -------
    line_selected(str)  number of the line the operator moved to
    """

    line_selected = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[JournalLine, ...] = ()
        self._names: Mapping[str, str] = {}
        self._things: dict[str, str] = {}
        self._now: datetime | None = None
        self._head = PanelHead(self.tr("Journal"), self)
        self.filter = QLineEdit(self)
        self.filter.setPlaceholderText(self.tr("Filter"))
        self.filter.setClearButtonEnabled(True)
        self.filter.setAccessibleName(self.tr("Filter"))
        self.list = RowList(self, empty=self.tr("No line. Every act of the duty is written here and stays."))
        bar = QHBoxLayout()
        bar.setContentsMargins(look.EDGE_PX, 8, look.EDGE_PX, 8)
        bar.addWidget(self.filter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addLayout(bar)
        column.addWidget(self.list, 1)
        self.filter.textChanged.connect(lambda _text: self._fill())
        self.list.row_selected.connect(self.line_selected)

    def show_lines(self, lines: tuple[JournalLine, ...], names: Mapping[str, str], now: datetime) -> None:
        """Show lines; ``names`` gives the name of each person's id."""
        self._lines = tuple(sorted(lines, key=lambda line: line.number, reverse=True))
        self._names, self._now = names, now
        self._things = {line.entry.subject: name for line in lines if (name := name_in(line.entry))}
        self._fill()

    def _fill(self) -> None:
        wanted = self.filter.text().casefold().split()
        shown = [line for line in self._lines if all(w in self._told(line).casefold() for w in wanted)]
        written = self._lines[0].number if self._lines else 0
        self._head.show_count(f"{len(shown)}/{len(self._lines)}" if wanted else written)
        runs = [[line] for line in shown] if wanted else _runs(shown)
        self.list.show_rows(tuple(self._row(run) for run in runs))

    def _who(self, line: JournalLine) -> str:
        actor = line.entry.actor
        return self.tr("system") if actor == "system" else words.actor(actor, self._names)

    def _told(self, line: JournalLine) -> str:
        entry = line.entry
        who = f"{line.number} {self._who(line)} {words.act(entry.act)} {entry.act}"
        return f"{who} {entry.subject} {self._said(line)} {flat(entry.after)}"

    def _said(self, line: JournalLine) -> str:
        """Return what the line says, with the name that another line gives to the same thing."""
        said, name = told(line.entry), self._things.get(line.entry.subject, "")
        return said if name in said else f"{name}  {said}"

    def _row(self, run: list[JournalLine]) -> Row:
        line, first = run[0], run[-1]
        entry, now = line.entry, self._now or line.entry.at
        numbers, times = str(line.number), ""
        said = self._said(line) or entry.subject
        if len(run) > 1:
            numbers, times = f"{first.number}–{line.number}", f"× {len(run)}"
            who_all = [str(one.entry.after.get("recipient", "")) for one in reversed(run)]
            said = "  ".join(name for name in who_all if name) or said

        def lay(width: float) -> list[Piece]:
            right = width - look.EDGE_PX
            number = pieces.line(0, right, 19, [Run(numbers, look.SECOND_PX, "quiet")], align="right")
            time = Run(words.moment(entry.at, now), gap_px=10)
            who = Run(self._who(line), gap_px=8, elide=True)
            act = Run(words.act(entry.act), gap_px=8, elide=True)
            top = pieces.line(look.EDGE_PX, number[0].rect.left() - 8, 19, [time, who, act, Run(times)])
            values = Run(said, look.SECOND_PX, "quiet", elide=True)
            return [*top, *number, *pieces.line(look.EDGE_PX, right, 36, [values])]

        tip = "\n".join((entry.subject, flat(entry.before), "→ " + flat(entry.after), line.sha[:16]))
        return Row(str(line.number), look.TWO_LINE_ROW_PX, lay, tip=tip)


def _fate(entry: JournalEntry) -> str:
    """What became of a message when all is well; empty for whatever must be seen by itself."""
    if entry.act == "message.receipt" and entry.after.get("state") != DeliveryState.DELIVERED.value:
        return ""
    return entry.act if entry.act in {"message.handed_over", "message.receipt"} else ""


def _runs(lines: list[JournalLine]) -> list[list[JournalLine]]:
    """Put messages that met the same fate one after the other into one run: a hundred of them are one act."""
    runs: list[list[JournalLine]] = []
    for line in lines:
        if runs and _fate(line.entry) and _fate(line.entry) == _fate(runs[-1][-1].entry):
            runs[-1].append(line)
        else:
            runs.append([line])
    return runs

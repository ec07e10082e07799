"""Contacts that may fail: kinds of faults with their counts, and the people of the chosen kind."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from models.register.contacts import ContactFault, Contacts, Fault
from widgets import pieces
from widgets import theme as look
from widgets.pieces import Piece, Run
from widgets.register.cells import days_ago, overdue
from widgets.register.page_heads import PageColumn, PageHeads, cell, edges
from widgets.row_list import Row, RowList

_KINDS_PX, _COUNT_PX = (200, 280), 60
_NAME_PX, _NUMBER_PX = 74.0, 118.0
_GAP_PX, _MEASURED = 14.0, 300
_LEAST_SHARE_PX, _MOST_SHARE_PX = 70.0, 300.0


class ContactsPage(QWidget):
    """Kinds at the left, entries at the right.

    Signals
    -------
    record_selected(str, str)   the operator moved to an entry: register and id
    record_activated(str, str)  Enter: open it
    """

    record_selected = Signal(str, str)
    record_activated = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._contacts: Contacts | None = None
        self._shown: tuple[ContactFault, ...] = ()
        self._shares = (1.0, 1.4, 1.6)
        self.kinds = RowList(self, empty=self.tr("The register of people is being read."))
        self.list = RowList(self, empty=self.tr("No contact has this fault."))
        self._kind_heads, self._heads = PageHeads(self), PageHeads(self)
        least, most = _KINDS_PX
        words_px = max(pieces.width_of(self.word(fault)) for fault in Fault)
        for widget in (self.kinds, self._kind_heads):
            widget.setFixedWidth(min(most, max(least, round(words_px + _COUNT_PX + 2 * look.EDGE_PX + _GAP_PX))))
        self.setFocusProxy(self.kinds)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(1)
        for heads, listed, stretch in ((self._kind_heads, self.kinds, 0), (self._heads, self.list, 1)):
            column = QVBoxLayout()
            column.setSpacing(0)
            column.addWidget(heads)
            column.addWidget(listed, 1)
            row.addLayout(column, stretch)
        self.kinds.row_selected.connect(lambda _: self._show_faults())
        self.kinds.row_activated.connect(lambda _: self.list.setFocus())
        self.list.row_selected.connect(lambda one: self.record_selected.emit(*self._entry(one)))
        self.list.row_activated.connect(lambda one: self.record_activated.emit(*self._entry(one)))

    def show_contacts(self, contacts: Contacts) -> None:
        """Show what was found; the chosen kind stays chosen."""
        self._contacts = contacts
        self._kind_heads.show_columns(_kind_columns(self.tr("Fault"), self.tr("Entries")))
        chosen = self.kinds.selected
        counts = {fault: len(contacts.of(fault)) for fault in Fault}
        self.kinds.show_rows(tuple(self._kind_row(fault, counts[fault]) for fault in Fault))
        self.kinds.show_selected(chosen or next((one.value for one in Fault if counts[one]), Fault.BOUNCED.value))
        self._show_faults()

    def title(self) -> tuple[Run, ...]:
        """Return the counts for the head."""
        found = self._contacts
        if found is None:
            return ()
        if not found.people:
            return (Run(self.tr("no people yet: import the register of people, or add them"), tone="quiet"),)
        return (
            Run(self.tr("{n} people").format(n=found.people), tone="quiet", gap_px=12),
            Run(self.tr("sound {n}").format(n=found.sound), gap_px=12),
            Run(self.tr("with a fault {n}").format(n=found.people - found.sound), tone="quiet"),
        )

    def word(self, fault: Fault) -> str:
        """Return what a kind of fault is called."""
        return {
            Fault.BOUNCED: self.tr("bounced"),
            Fault.NO_NUMBER: self.tr("no number"),
            Fault.SAME_NUMBER: self.tr("doubled number"),
            Fault.OTHER_NUMBER: self.tr("differing numbers"),
            Fault.STALE: self.tr("overdue"),
            Fault.NEVER_CONFIRMED: self.tr("never confirmed"),
            Fault.NO_SUBSTITUTE: self.tr("no substitute"),
        }[fault]

    def _columns(self) -> tuple[PageColumn, ...]:
        role, place, wrong = self._shares
        return (
            PageColumn(self.tr("Name"), px=_NAME_PX),
            PageColumn(self.tr("Number"), px=_NUMBER_PX),
            PageColumn(self.tr("Role"), share=role),
            PageColumn(self.tr("Town, village"), share=place),
            PageColumn(self.tr("What is wrong"), share=wrong),
        )

    def _kind_row(self, fault: Fault, count: int) -> Row:
        def lay(width: float) -> list[Piece]:
            left, right = edges(_kind_columns("", ""), width)
            tone = "text" if count else "quiet"
            return [cell(self.word(fault), *left, tone=tone), cell(str(count), *right, align="right", tone=tone)]

        return Row(fault.value, look.ROW_PX, lay)

    def _show_faults(self) -> None:
        chosen = self.kinds.selected
        self._shown = self._contacts.of(Fault(chosen)) if self._contacts is not None and chosen else ()
        self._share_out()
        self.list.show_rows(tuple(self._row(number, one) for number, one in enumerate(self._shown)))

    def _share_out(self) -> None:
        """Give each column of texts as much of the width as the texts of this kind of fault need."""
        texts = [(one.role, _place_of(one), self._said(one)) for one in self._shown[:_MEASURED]]
        needed = [
            max((pieces.width_of(text, px) for text in column), default=0.0) + _GAP_PX
            for column, px in zip(zip(*texts, strict=True), (look.BODY_PX, look.BODY_PX, look.SECOND_PX), strict=False)
        ]
        role, place, wrong = (min(max(px, _LEAST_SHARE_PX), _MOST_SHARE_PX) for px in needed or (1.0, 1.4, 1.6))
        self._shares = (role, place, wrong)
        self._heads.show_columns(self._columns())

    def _row(self, number: int, one: ContactFault) -> Row:
        said = self._said(one)

        def lay(width: float) -> list[Piece]:
            places = edges(self._columns(), width)
            return [
                cell(one.name, *places[0]),
                cell(one.number or "—", *places[1], tone="text" if one.number else "quiet"),
                cell(one.role, *places[2], tone="quiet"),
                cell(_place_of(one), *places[3]),
                cell(said, *places[4], ground="tag" if one.fault is Fault.STALE else "", px=look.SECOND_PX),
            ]

        return Row(f"{number}", look.ROW_PX, lay)

    def _said(self, one: ContactFault) -> str:
        names = ", ".join(one.names)
        match one.fault:
            case Fault.STALE:
                return overdue(one.days or 0)
            case Fault.BOUNCED:
                return " ".join(part for part in (days_ago(one.days or 0), one.cause) if part)
            case Fault.SAME_NUMBER:
                return self.tr("also the number of {names}").format(names=names)
            case Fault.OTHER_NUMBER:
                return self.tr("{names} has other numbers in {n} more entries").format(names=names, n=len(one.others))
        return self.word(one.fault)

    def _entry(self, row_id: str) -> tuple[str, str]:
        one = self._shown[int(row_id)]
        return one.register, one.id

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.current().color("line"))
        painter.end()


def _place_of(one: ContactFault) -> str:
    return f"{one.town} {one.village}".strip()


def _kind_columns(fault: str, count: str) -> tuple[PageColumn, ...]:
    return PageColumn(fault, share=1.0), PageColumn(count, px=_COUNT_PX, align="right")

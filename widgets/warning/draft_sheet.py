"""The author's sheet: everything of one warning on one page, and after the issue its card."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from models.warning.warning import MessageType, WarningState
from widgets import pieces, words
from widgets import theme as look
from widgets.action_button import ActionButton
from widgets.button_bar import ButtonBar
from widgets.painted import Painted
from widgets.pieces import Fill, Piece, Run
from widgets.reach.receipt_list import ReceiptList
from widgets.row_list import wrap
from widgets.sheet_text import SheetText
from widgets.warning import clocks
from widgets.warning.sheet import Sheet
from widgets.warning.sheet_parts import (
    LABEL_PX,
    Checks,
    ProductTabs,
    RecipientSection,
    SheetHead,
    TimeSection,
)
from widgets.warning.town_table import TownTable

_HALF_HOUR = 0.5
LOW_PX = 680
_RECEIPTS_PX = 176
_BEFORE_ISSUE = frozenset({WarningState.DRAFT, WarningState.SUBMITTED, WarningState.SIGNED})


class DraftSheet(QWidget):
    """One warning from draft to card. Enter issues only while the focus is in here.

    Signals
    -------
    town_level_chosen(str, str)   town code and level
    text_edited(str)              the signal text
    guide_edited(str)             the guide, one advice per line
    valid_hours_chosen(float)     how long it runs
    undo_requested(str)           take the last edit back (all signals from here on: the warning's id)
    submit_requested(str)
    recall_requested(str)
    issue_requested(str)
    withdraw_requested(str)
    text_copied(str)              the signal text is on the clipboard
    print_requested(str)
    close_requested(str)          the card is read
    """

    town_level_chosen = Signal(str, str)
    text_edited = Signal(str)
    guide_edited = Signal(str)
    valid_hours_chosen = Signal(float)
    undo_requested = Signal(str)
    submit_requested = Signal(str)
    recall_requested = Signal(str)
    issue_requested = Signal(str)
    withdraw_requested = Signal(str)
    text_copied = Signal(str)
    print_requested = Signal(str)
    close_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._sheet: Sheet | None = None
        self._low = False
        self._reading = False
        self._head = SheetHead(self)
        self._clocks = _Clocks(self)
        self.towns = TownTable(self)
        self.text = SheetText(self, least_lines=3, most_lines=10)
        self.guide = SheetText(self, least_lines=2, most_lines=6, numbered=True)
        self._text_row = _Labeled(self.tr("Text"), self.text, self)
        self._guide_row = _Labeled(self.tr("Guide"), self.guide, self)
        self._time = TimeSection(self.tr("Valid"), self)
        self._recipients = RecipientSection(self.tr("To"), self)
        self._tabs = ProductTabs(self.tr("Products"), self)
        self.product = SheetText(self, least_lines=2, most_lines=4)
        self.product.show_editable(False)
        self.product.setProperty("framed", True)
        self._product_row = _Labeled("", self.product, self, line=False)
        self._checks = Checks(self)
        self.receipts = ReceiptList(self)
        self.receipts.setMinimumHeight(_RECEIPTS_PX)
        self._empty = _Empty(self)
        self._foot = _Foot(self)
        self._build_buttons()
        self._lay_out()
        self._connect()
        self.show_sheet(None)

    def _build_buttons(self) -> None:
        self.withdraw_button = ActionButton(self.tr("Withdraw"), "Ctrl+Delete", self)
        self.undo_button = ActionButton(self.tr("Undo"), "Ctrl+Z", self)
        self.recall_button = ActionButton(self.tr("Recall"), "Ctrl+Z", self)
        self.submit_button = ActionButton(self.tr("Submit"), "Ctrl+Return", self, primary=True)
        self.issue_button = ActionButton(self.tr("Issue"), "Return", self, primary=True, scope=self)
        self.copy_button = ActionButton(self.tr("Copy"), "Ctrl+Shift+C", self)
        self.print_button = ActionButton(self.tr("Print"), "Ctrl+P", self)
        self.close_button = ActionButton(self.tr("Close"), "Escape", self, scope=self)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self._empty, 1)
        column.addWidget(self._clocks)
        column.addWidget(self.towns, 3)
        for part in (self._text_row, self._guide_row, self._time, self._recipients, self._tabs):
            column.addWidget(part)
        column.addWidget(self._product_row)
        column.addWidget(self._checks)
        column.addWidget(self.receipts, 4)
        column.addStretch(0)
        column.addWidget(self._foot)
        goes_on = (self.undo_button, self.recall_button, self.submit_button, self.issue_button, self.close_button)
        stays = (self.copy_button, self.print_button, self.withdraw_button)
        column.addWidget(ButtonBar(self, left=stays, right=goes_on, pad_px=4))
        column.addSpacing(8)

    def _connect(self) -> None:
        self.towns.level_chosen.connect(self.town_level_chosen)
        self.text.edited.connect(self.text_edited)
        self.guide.edited.connect(self.guide_edited)
        self._time.shorter_pressed.connect(lambda: self._on_hours(-_HALF_HOUR))
        self._time.longer_pressed.connect(lambda: self._on_hours(_HALF_HOUR))
        self._tabs.product_chosen.connect(self._on_product)
        self.copy_button.clicked.connect(self._on_copy)
        for button, signal in (
            (self.undo_button, self.undo_requested),
            (self.recall_button, self.recall_requested),
            (self.submit_button, self.submit_requested),
            (self.issue_button, self.issue_requested),
            (self.withdraw_button, self.withdraw_requested),
            (self.print_button, self.print_requested),
            (self.close_button, self.close_requested),
        ):
            button.clicked.connect(lambda _checked=False, s=signal: self._sheet and s.emit(self._sheet.warning.id))

    # values in

    def show_reserved(self, width_px: int) -> None:
        """Keep the right end of the head free."""
        self._head.reserved_px = width_px
        self._head.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        low = self.height() < LOW_PX
        if low != self._low:
            self._low = low
            self._show_low()

    def _show_low(self) -> None:
        """Fit a low screen: fewer lines, and a product only where it is asked for, in place of text and guide."""
        self.text.show_most_lines(4 if self._low else 10)
        self.guide.show_most_lines(2 if self._low else 6)
        self._recipients.low = self._tabs.low = self._low
        self._recipients.mend_height()
        self._show_parts()

    def show_sheet(self, sheet: Sheet | None) -> None:
        """Show a warning; None says how a draft begins."""
        other = (sheet.warning.id if sheet else "") != (self._sheet.warning.id if self._sheet else "")
        self._sheet = sheet
        for part in (self._head, self._time, self._recipients, self._tabs, self._checks, self._foot, self._clocks):
            part.show_sheet(sheet)
        self._show_parts()
        draft = sheet is not None and sheet.warning.state is WarningState.DRAFT
        card = sheet is not None and sheet.warning.state not in _BEFORE_ISSUE
        self._show_buttons(sheet)
        if sheet is None:
            return
        lifting = sheet.warning.message_type is MessageType.CANCEL
        draft = draft and sheet.is_own
        self._time.editable = draft and not lifting
        self.text.show_editable(draft)
        self.guide.show_editable(draft)
        self.towns.show_towns(sheet.towns, editable=draft and not lifting, issued=card)
        self.towns.setMinimumHeight(self.towns.wanted_height(3 if self._low or card else 6))
        self.towns.setMaximumHeight(self.towns.wanted_height(24))
        self.text.show_text(sheet.warning.text)
        self.guide.show_text("\n".join(sheet.warning.guide))
        names = [name for name, _ in sheet.texts]
        if other or self._tabs.chosen not in names:
            self._tabs.chosen = names[0] if names else ""
        self.product.show_text(dict(sheet.texts).get(self._tabs.chosen, ""))
        self.receipts.show_receipts(sheet.receipts, sheet.now)

    def _show_parts(self) -> None:
        sheet = self._sheet
        writing = sheet is not None and sheet.warning.state in _BEFORE_ISSUE
        card = sheet is not None and not writing
        reading = self._reading and self._low and writing
        product = writing and bool(sheet and sheet.texts)
        for widget, seen in (
            (self._empty, sheet is None),
            (self._clocks, card),
            (self.receipts, card),
            (self.towns, sheet is not None),
            (self._text_row, sheet is not None and not reading),
            (self._guide_row, writing and not reading),
            (self._time, sheet is not None),
            (self._recipients, writing),
            (self._tabs, writing),
            (self._product_row, product and (reading or not self._low)),
            (self._checks, writing and not self._low),
            (self._foot, sheet is not None),
        ):
            widget.setVisible(seen)

    def _show_buttons(self, sheet: Sheet | None) -> None:
        steps = sheet.steps if sheet else frozenset()
        state = sheet.warning.state if sheet else None
        draft = state is WarningState.DRAFT
        waiting = state in {WarningState.SUBMITTED, WarningState.SIGNED}
        card = sheet is not None and not draft and not waiting
        for button, seen, able in (
            (self.withdraw_button, draft or waiting, "withdraw" in steps),
            (self.undo_button, draft, bool(sheet and sheet.can_undo)),
            (self.recall_button, waiting, "recall" in steps),
            (self.submit_button, draft, "submit" in steps),
            (self.issue_button, waiting, "issue" in steps),
            (self.copy_button, sheet is not None, True),
            (self.print_button, card, True),
            (self.close_button, card, True),
        ):
            button.setVisible(seen)
            button.setEnabled(able)

    # the hand

    def _on_hours(self, change: float) -> None:
        if self._sheet is not None:
            self.valid_hours_chosen.emit(max(_HALF_HOUR, self._sheet.warning.valid_hours + change))

    def _on_product(self, name: str) -> None:
        self._reading = self._low and not (self._reading and self._tabs.chosen == name)
        self._tabs.chosen = name
        self._tabs.update()
        self._show_parts()
        if self._sheet is not None:
            self.product.show_text(dict(self._sheet.texts).get(name, ""))

    def _on_copy(self) -> None:
        if self._sheet is not None:
            QGuiApplication.clipboard().setText(self._sheet.warning.text)
            self.text_copied.emit(self._sheet.warning.id)


class _Labeled(QWidget):
    """A label beside a text, under a hairline."""

    def __init__(self, label: str, field: SheetText, parent: QWidget, *, line: bool = True) -> None:
        super().__init__(parent)
        self._label = label
        self._line = line
        field.setParent(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(look.EDGE_PX + LABEL_PX - 9, 7 if line else 0, look.EDGE_PX - 8, 6)
        row.setSpacing(0)
        row.addWidget(field)

    def pieces(self) -> list[Piece]:
        """Return what is painted: the hairline and the label."""
        run = Run(self._label, look.SECOND_PX, "quiet", elide=True)
        laid: list[Piece] = [Fill(QRectF(0, 0, self.width(), 1), "line")] if self._line else []
        return laid + list(pieces.line(look.EDGE_PX, look.EDGE_PX + LABEL_PX - 12, 25, [run]))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        pieces.paint(painter, self.pieces(), look.current())
        painter.end()


class _Clocks(Painted):
    """The clocks of the issued warning."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, height_px=clocks.HEIGHT_PX + 12)
        self._sheet: Sheet | None = None

    def show_sheet(self, sheet: Sheet | None) -> None:
        self._sheet = sheet
        self.update()

    def pieces(self) -> list[Piece]:
        sheet = self._sheet
        if sheet is None:
            return []
        done = sum(1 for r in sheet.receipts if r.done)
        return clocks.clock_pieces(
            look.EDGE_PX,
            self.width() - look.EDGE_PX,
            4,
            sheet.alarmed_at,
            sheet.warning.issued_at,
            (done, len(sheet.receipts)),
        )


class _Foot(Painted):
    """Who drafted, submitted, signed and issued, and when."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, height_px=32)
        self._sheet: Sheet | None = None

    def show_sheet(self, sheet: Sheet | None) -> None:
        self._sheet = sheet
        self.update()

    def pieces(self) -> list[Piece]:
        sheet = self._sheet
        if sheet is None:
            return []
        warning = sheet.warning
        parts = [self.tr("{time} drafted by {who}").format(time=words.clock(warning.created_at), who=sheet.author)]
        if warning.submitted_at:
            parts.append(self.tr("{time} submitted").format(time=words.clock(warning.submitted_at)))
        if warning.signed_at:
            parts.append(
                self.tr("{time} signed by {who}").format(time=words.clock(warning.signed_at), who=sheet.signer)
            )
        if warning.issued_at:
            parts.append(self.tr("{time} issued").format(time=words.clock(warning.issued_at)))
        if warning.note and warning.state is WarningState.DRAFT:
            parts.append(self.tr("sent back: {reason}").format(reason=warning.note))
        run = Run("　".join(parts), look.SECOND_PX, "quiet", elide=True)
        laid: list[Piece] = [Fill(QRectF(0, 0, self.width(), 1), "line")]
        return laid + list(pieces.line(look.EDGE_PX, self.width() - look.EDGE_PX, 21, [run]))


class _Empty(Painted):
    """What will stand here, and how to make it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, height_px=120)
        policy = self.sizePolicy()
        policy.setVerticalPolicy(policy.Policy.Expanding)
        self.setSizePolicy(policy)

    def pieces(self) -> list[Piece]:
        said = self.tr(
            "No draft. Choose an alarm and press D: area, level per town, text, guide, recipients and times stand "
            "here on one sheet."
        )
        laid: list[Piece] = []
        y = 24.0
        for part in wrap(said, self.width() - 2 * look.EDGE_PX, look.SECOND_PX):
            laid += pieces.line(look.EDGE_PX, self.width(), y, [Run(part, look.SECOND_PX, "quiet")])
            y += 18
        return laid

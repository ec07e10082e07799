"""The second person's panel, read from top to bottom: evidence, differences, who signs, PIN."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from models.warning.warning import Person
from widgets import pieces, words
from widgets import theme as look
from widgets.action_button import ActionButton
from widgets.button_bar import ButtonBar
from widgets.choice_box import ChoiceBox
from widgets.painted import Painted
from widgets.panel_head import HEIGHT_PX, PanelHead
from widgets.pieces import Fill, Mark, Piece, Run
from widgets.row_list import Row, RowList, wrap
from widgets.warning.evidence_chart import EvidenceChart
from widgets.warning.pin_field import PinField
from widgets.warning.sheet import DifferenceLine, Evidence

LOW_PX = 680
WIDE_PX = 500


class _EvidenceHead(Painted):
    """Point, value and threshold."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, height_px=HEIGHT_PX + 44)
        self._evidence: Evidence | None = None
        self.reserved_px = 0

    def show_evidence(self, evidence: Evidence | None) -> None:
        self._evidence = evidence
        self.update()

    def pieces(self) -> list[Piece]:
        right = self.width() - look.EDGE_PX
        title = Run(self.tr("Evidence"), gap_px=8)
        evidence = self._evidence
        if evidence is None:
            none = Run(self.tr("no alarm behind this draft"), tone="quiet", elide=True)
            return list(pieces.line(look.EDGE_PX, right - self.reserved_px, 23, [title, none]))
        what = Run(f"{evidence.point_name} {words.point_kind(evidence.kind)}", tone="quiet", elide=True)
        figures = [
            Run(self.tr("at least") if evidence.at_least else "", tone="quiet"),
            Run(words.millimeters(evidence.value_mm), look.BIG_PX, gap_px=6),
            Run(f"/ {words.millimeters(evidence.threshold_mm)} mm", 14, "quiet", gap_px=10),
            Run(words.window(evidence.window_h), 14, "quiet"),
        ]
        mark = Mark(QRectF(right - 18, HEIGHT_PX + 14, 18, 18), evidence.level, tip=words.level_name(evidence.level))
        return [
            *pieces.line(look.EDGE_PX, right - self.reserved_px, 23, [title, what]),
            *pieces.line(look.EDGE_PX, right - 26, HEIGHT_PX + 31, figures),
            mark,
        ]


class _Sources(Painted):
    """Sources with what they say and their age, and the word of caution."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, height_px=0)
        self._evidence: Evidence | None = None
        self._now: datetime | None = None

    def show_evidence(self, evidence: Evidence | None, now: datetime) -> None:
        self._evidence, self._now = evidence, now
        self.mend_height()

    def height_at(self, width: int) -> int:
        rows = len(self._evidence.sources) if self._evidence else 0
        lines = len(self._caution()) if width and self._evidence else 0
        return rows * 24 + (12 + lines * 18 if lines else 0) + 8

    def _caution(self) -> list[str]:
        if self._evidence is None or not self._evidence.caution:
            return []
        return wrap(self._evidence.caution, max(160.0, self.width() - 2 * look.EDGE_PX - 16), look.SECOND_PX)

    def pieces(self) -> list[Piece]:
        evidence, now = self._evidence, self._now
        if evidence is None or now is None:
            return []
        right = self.width() - look.EDGE_PX
        laid: list[Piece] = []
        y = 17.0
        for source in evidence.sources:
            age = "" if source.at is None else words.age(now - source.at)
            aged = pieces.line(0, right, y, [Run(age, look.SECOND_PX, "quiet")], align="right")
            end = aged[0].rect.left() - 8 if aged else right
            laid += pieces.line(look.EDGE_PX, look.EDGE_PX + 68, y, [Run(source.name, tone="quiet", elide=True)])
            says = f"{source.says}  {words.clock(source.at)}" if source.at else source.says
            laid += pieces.line(look.EDGE_PX + 72, end, y, [Run(says, elide=True)])
            laid += aged
            y += 24
        caution = self._caution()
        if caution:
            box = QRectF(look.EDGE_PX, y - 9, self.width() - 2 * look.EDGE_PX, len(caution) * 18 + 8)
            laid.append(Fill(box, "tag", look.RADIUS_PX))
            for part in caution:
                laid += pieces.line(look.EDGE_PX + 8, right - 8, y + 8, [Run(part, look.SECOND_PX)])
                y += 18
        return laid


class SignPanel(QWidget):
    """Evidence, differences and the signature of another person.

    Signals
    -------
    sign_requested(str, str)         person id and PIN; the panel has forgotten the PIN by then
    return_requested(str, str, str)  person id, the reason for sending the draft back, and PIN
    """

    sign_requested = Signal(str, str)
    return_requested = Signal(str, str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAutoFillBackground(True)
        self._people: tuple[Person, ...] = ()
        self._open = False
        self._author = ""
        self._said = ""
        self._evidence_head = _EvidenceHead(self)
        self.chart = EvidenceChart(self)
        self._sources = _Sources(self)
        self._difference_head = PanelHead(self.tr("Differences"), self)
        self.differences = RowList(self, empty=self.tr("A first issue: there is nothing in force to compare with."))
        self._sign_head = PanelHead(self.tr("Review"), self, line=False)
        self.signer = ChoiceBox(self)
        self.signer.setAccessibleName(self.tr("Who signs"))
        self._note = _Note(self)
        self.pin = PinField(self)
        self.reason = QLineEdit(self)
        self.reason.setPlaceholderText(self.tr("Reason for sending it back"))
        self.reason.hide()
        self.sign_button = ActionButton(self.tr("Sign"), "Return", self, primary=True, scope=self.pin)
        self.return_button = ActionButton(self.tr("Return"), "Escape", self, scope=self)
        self.setFocusProxy(self.pin)
        self._lay_out()
        self.pin.sign_pressed.connect(self._on_sign)
        self.pin.leave_pressed.connect(self._on_return)
        self.pin.filled_changed.connect(lambda _filled: self._mend())
        self.sign_button.clicked.connect(self._on_sign)
        self.return_button.clicked.connect(self._on_return)
        self.reason.returnPressed.connect(self._on_reason)
        self._mend()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self._evidence_head, self.chart, self._sources, self._difference_head):
            column.addWidget(part)
        column.addWidget(self.differences, 1)
        column.addWidget(self._sign_head)
        self._box = QGridLayout()
        self._box.setContentsMargins(look.EDGE_PX, 0, look.EDGE_PX, 0)
        self._box.setVerticalSpacing(8)
        self._box.setHorizontalSpacing(12)
        self._buttons = ButtonBar(self, left=(self.sign_button, self.return_button), edge_px=0, pad_px=0)
        column.addLayout(self._box)
        column.addSpacing(12)
        self._place_fields(wide=False)

    def _place_fields(self, *, wide: bool) -> None:
        """Put who signs, PIN and buttons one under the other, or in two columns where the dock is wide."""
        self._wide = wide
        fields: tuple[QWidget, ...] = (self.signer, self._note, self.pin, self.reason, self._buttons)
        for field in fields:
            self._box.removeWidget(field)
        places = ((0, 0), (0, 1), (1, 0), (2, 0), (1, 1)) if wide else ((0, 0), (1, 0), (2, 0), (3, 0), (4, 0))
        for field, (row, at) in zip(fields, places, strict=True):
            self._box.addWidget(field, row, at, Qt.AlignmentFlag.AlignVCenter if wide and at else Qt.AlignmentFlag(0))
        self._box.setColumnStretch(0, 0 if wide else 1)
        self._box.setColumnStretch(1, 1 if wide else 0)
        self.signer.setMinimumWidth(280 if wide else 120)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.chart.show_height(156 if self.height() < LOW_PX else 210)
        wide = self.width() >= WIDE_PX
        if wide is not self._wide:
            self._place_fields(wide=wide)

    # values in

    def show_reserved(self, width_px: int) -> None:
        """Keep the right end of the head free."""
        self._evidence_head.reserved_px = width_px
        self._evidence_head.update()

    def show_evidence(self, evidence: Evidence | None, now: datetime) -> None:
        """Show what the draft rests on; None if no alarm is behind it."""
        self._evidence_head.show_evidence(evidence)
        self.chart.show_evidence(evidence)
        self.chart.setVisible(evidence is not None and bool(evidence.times))
        self._sources.show_evidence(evidence, now)

    def show_differences(self, lines: tuple[DifferenceLine, ...], against: str = "") -> None:
        """Show what differs from the message in force; ``against`` names it, such as 第 3 号."""
        if against:
            self._difference_head.show_title(self.tr("Differences from {message}").format(message=against))
        else:
            self._difference_head.show_title(self.tr("Differences"))
        self._difference_head.show_count(self.tr("{n} places").format(n=len(lines)) if lines else "")
        self.differences.show_rows(tuple(self._difference_row(number, d) for number, d in enumerate(lines)))

    def show_signers(self, people: tuple[Person, ...], author: str) -> None:
        """Show who may sign: everybody but the author's human being, as the house's rule has it."""
        chosen = self.signer.currentData()
        self._people, self._author = people, author
        self.signer.blockSignals(True)
        self.signer.clear()
        for person in people:
            self.signer.addItem(person.name, person.id)
        place = self.signer.findData(chosen)
        self.signer.setCurrentIndex(max(place, 0) if people else -1)
        self.signer.blockSignals(False)
        self._mend()

    def show_open(self, is_open: bool) -> None:
        """Say whether a submitted draft waits for a signature; a refusal stands until that changes."""
        if is_open is not self._open:
            self._said = ""
        self._open = is_open
        if not is_open:
            self.pin.clear()
            self._close_reason()
        self._mend()

    def show_refusal(self, sentence: str) -> None:
        """Say why the signature was not taken."""
        self._said = sentence
        self.pin.clear()
        self._mend()

    # the hand

    def _on_sign(self) -> None:
        if not self.reason.isHidden():
            self._send_back()
        elif self.sign_button.isEnabled() and self.pin.is_enough:
            self._said = ""
            self.sign_requested.emit(str(self.signer.currentData()), self.pin.take())

    def _on_return(self) -> None:
        if not self._open or not self._people:
            return
        if self.reason.isHidden():
            self.reason.show()
            self.reason.setFocus(Qt.FocusReason.OtherFocusReason)
            self._mend()
        else:
            self._close_reason()
            self.pin.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_reason(self) -> None:
        if self.reason.text().strip():
            self.pin.setFocus(Qt.FocusReason.OtherFocusReason)

    def _send_back(self) -> None:
        """Send the draft back: a reason, and the PIN of the person who says so."""
        reason = self.reason.text().strip()
        if not reason:
            self.reason.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._open and self.pin.is_enough:
            self._said = ""
            self.return_requested.emit(str(self.signer.currentData()), reason, self.pin.take())

    def _close_reason(self) -> None:
        self.reason.clear()
        self.reason.hide()
        self._mend()

    def _mend(self) -> None:
        ready = self._open and bool(self._people)
        self.pin.setEnabled(ready)
        self.signer.setEnabled(ready)
        self.sign_button.setEnabled(ready and self.pin.is_enough and self.reason.isHidden())
        self.return_button.setEnabled(ready)
        if self._said:
            said = self._said
        elif not self._open:
            said = self.tr("Nothing to sign. A draft stands here once its author has submitted it.")
        elif not self._people:
            said = self.tr("Nobody else may sign: add a second person with fengsui office people add.")
        elif not self.reason.isHidden():
            said = self.tr("A reason, Enter, and your PIN: it goes back to {author} in your name.").format(
                author=self._author
            )
        else:
            said = self.tr("{author} drafted this and cannot sign it. The PIN is the signature.").format(
                author=self._author
            )
        self._note.show_note(said, strong=bool(self._said))

    def _difference_row(self, number: int, line: DifferenceLine) -> Row:
        def lay(width: float) -> list[Piece]:
            before_x, after_x = width * 0.28, width * 0.60
            laid: list[Piece] = list(pieces.line(look.EDGE_PX, before_x - 4, 19, [Run(line.what, elide=True)]))
            x = before_x
            if line.before_level is not None and line.before_level.is_alarm:
                laid.append(Mark(QRectF(x, 7, look.MARK_PX, look.MARK_PX), line.before_level))
                x += look.MARK_PX + 6
            laid += pieces.line(x, after_x - 4, 19, [Run(line.before or words.MISSING, tone="quiet", elide=True)])
            laid += pieces.line(after_x, after_x + 18, 19, [Run("→", tone="quiet")])
            x = after_x + 20
            if line.after_level is not None and line.after_level.is_alarm:
                laid.append(Mark(QRectF(x, 7, look.MARK_PX, look.MARK_PX), line.after_level))
                x += look.MARK_PX + 6
            after = Run(line.after or words.MISSING, elide=True)
            return laid + list(pieces.line(x, width - look.EDGE_PX, 19, [after]))

        return Row(f"difference:{number}", look.ROW_PX + 4, lay, tip=f"{line.what}\n{line.before}\n→ {line.after}")


class _Note(Painted):
    """A quiet sentence; a refusal stands on a gray ground."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, height_px=20)
        self._note = ""
        self._strong = False

    def show_note(self, note: str, *, strong: bool) -> None:
        self._note, self._strong = note, strong
        self.mend_height()

    def height_at(self, width: int) -> int:
        return len(self._lines()) * 18 + (8 if self._strong else 2) if width else 20

    def _lines(self) -> list[str]:
        return wrap(self._note, max(120.0, self.width() - (16 if self._strong else 0)), look.SECOND_PX)

    def pieces(self) -> list[Piece]:
        inset = 8 if self._strong else 0
        laid: list[Piece] = [Fill(QRectF(self.rect()), "tag", look.RADIUS_PX)] if self._strong else []
        y = 14.0 + (4 if self._strong else 0)
        for part in self._lines():
            tone = "text" if self._strong else "quiet"
            laid += pieces.line(inset, self.width() - inset, y, [Run(part, look.SECOND_PX, tone)])
            y += 18
        return laid

"""Parts of the author's sheet that are painted: head with steps, times, recipients, checks."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import QRectF, Signal
from PySide6.QtWidgets import QWidget

from models.warning.warning import MessageType, WarningState
from widgets import pieces, words
from widgets import theme as look
from widgets.painted import Painted
from widgets.pieces import Fill, Frame, Piece, Run, Text
from widgets.row_list import wrap
from widgets.warning.sheet import Sheet

LABEL_PX = 72
HEAD_PX = 40


def content_left() -> float:
    """Return where the content of a section begins, px."""
    return float(look.EDGE_PX + LABEL_PX)


class SheetHead(Painted):
    """What is drafted, and how far it has come: draft, submitted, signed, issued."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, height_px=HEAD_PX)
        self._sheet: Sheet | None = None
        self.reserved_px = 0

    def show_sheet(self, sheet: Sheet | None) -> None:
        """Show the head of a sheet."""
        self._sheet = sheet
        self.update()

    def pieces(self) -> list[Piece]:
        """Return what is painted."""
        right = float(self.width() - look.EDGE_PX - self.reserved_px)
        laid: list[Piece] = [Fill(QRectF(0, HEAD_PX - 1, self.width(), 1), "line")]
        sheet = self._sheet
        if sheet is None:
            return [*laid, *pieces.line(look.EDGE_PX, right, 25, [Run(self.tr("Draft"))])]
        steps = self._steps(sheet, right)
        end = min(p.rect.left() for p in steps) - 12
        return laid + steps + list(pieces.line(look.EDGE_PX, end, 25, self._title(sheet, end - look.EDGE_PX)))

    def _title(self, sheet: Sheet, room: float) -> list[Run]:
        warning, before = sheet.warning, sheet.previous
        number = self.tr("No. {n}").format(n=warning.number) if warning.number else ""
        if before is None:
            note = words.message_type(warning.message_type)
        elif warning.message_type is MessageType.CANCEL:
            note = self.tr("lifts No. {n}").format(n=before.number)
        else:
            note = self.tr("follows No. {n}").format(n=before.number)
        named = f"{sheet.signal} {number}".strip()
        if pieces.width_of(named, 14) + 10 + pieces.width_of(note, look.BODY_PX) > room:
            return [Run(named, 14, elide=True, tip=note)]  # the rest is said where there is room
        return [Run(named, 14, gap_px=10), Run(note, tone="quiet", elide=True)]

    def _steps(self, sheet: Sheet, right: float) -> list[Piece]:
        names = (self.tr("Draft"), self.tr("Submit"), self.tr("Sign"), self.tr("Issue"))
        done = {
            WarningState.DRAFT: 0,
            WarningState.SUBMITTED: 2,
            WarningState.SIGNED: 3,
        }.get(sheet.warning.state, 4)
        if sheet.warning.state is WarningState.WITHDRAWN:
            return list(
                pieces.line(0, right, 25, [Run(words.warning_state(sheet.warning.state), tag=True)], align="right")
            )
        runs: list[Run] = []
        for number, name in enumerate(names):
            told = f"✓{name}" if number < done else name
            runs.append(Run(told, tone="text" if number <= done else "quiet"))
            if number < len(names) - 1:
                runs.append(Run("—", tone="quiet"))
        laid: list[Piece] = list(pieces.line(0, right, 25, runs, align="right"))
        if done < len(names):
            here = laid[2 * done].rect
            laid.append(Fill(QRectF(here.left(), HEAD_PX - 3, here.width(), 2), "text"))
        return laid


class Section(Painted):
    """A labeled strip of the sheet: the label at the left, painted content at the right."""

    def __init__(self, label: str, parent: QWidget) -> None:
        super().__init__(parent, height_px=40)
        self._label = label
        self._sheet: Sheet | None = None

    def show_sheet(self, sheet: Sheet | None) -> None:
        """Show this part of a sheet."""
        self._sheet = sheet
        self.mend_height()

    def label_pieces(self, baseline: float = 25) -> list[Piece]:
        """Return the hairline above and the label."""
        label = Run(self._label, look.SECOND_PX, "quiet", elide=True)
        return [
            Fill(QRectF(0, 0, self.width(), 1), "line"),
            *pieces.line(look.EDGE_PX, content_left() - 8, baseline, [label]),
        ]


class TimeSection(Section):
    """When it begins, a blank until the signature and the issue, and when it ends.

    Signals
    -------
    shorter_pressed()  the minus
    longer_pressed()   the plus
    """

    shorter_pressed = Signal()
    longer_pressed = Signal()

    def __init__(self, label: str, parent: QWidget) -> None:
        super().__init__(label, parent)
        self.editable = False
        self.part_clicked.connect(self._on_part)

    def pieces(self) -> list[Piece]:
        """Return what is painted."""
        laid = self.label_pieces()
        if self._sheet is None:
            return laid
        warning, left, right = self._sheet.warning, content_left(), float(self.width() - look.EDGE_PX)
        span = words.duration(timedelta(hours=warning.valid_hours))
        if warning.issued_at is not None:
            runs = [
                Run(words.clock(warning.issued_at), look.FIGURE_PX),
                Run(self.tr("until"), tone="quiet"),
                Run(words.clock(warning.expires_at), look.FIGURE_PX, gap_px=10),
                Run(span, tone="quiet", elide=True),
            ]
            return laid + list(pieces.line(left, right, 25, runs))
        blank = self.tr("time of issue")
        wide = pieces.width_of(blank, look.SECOND_PX) + 12
        rect = QRectF(left, 10, wide, 22)
        laid += [Frame(rect, "quiet", 1.0, 2.0, dashed=True), Text(rect, blank, look.SECOND_PX, align="center")]
        runs = [Run(self.tr("for"), tone="quiet"), Run(span, look.FIGURE_PX)]
        text = pieces.line(rect.right() + 8, right - 76, 25, runs)
        laid += text
        if self.editable:
            for number, sign in enumerate("−+"):
                box = QRectF(right - 60 + number * 32, 8, 28, 24)
                laid.append(Frame(box, "edge", 1.0, look.RADIUS_PX))
                tip = self.tr("Half an hour less") if number == 0 else self.tr("Half an hour more")
                laid.append(Text(box, sign, 15, align="center", tip=tip, hit=sign))
        return laid

    def _on_part(self, part: str) -> None:
        (self.shorter_pressed if part == "−" else self.longer_pressed).emit()


class RecipientSection(Section):
    """How many people are told, and in which towns; on a low screen in one line."""

    low = False

    def height_at(self, width: int) -> int:
        """Return the height of the figures and the towns."""
        lines = 0 if self.low else len(self._towns(width))
        return 40 + 18 * min(2, lines) if lines else 40

    def _towns(self, width: int) -> list[str]:
        if self._sheet is None or not self._sheet.recipients:
            return []
        told = "　".join(f"{town} {count}" for town, count in self._sheet.recipients)
        return wrap(told, max(120.0, width - content_left() - look.EDGE_PX), look.SECOND_PX)

    def pieces(self) -> list[Piece]:
        """Return what is painted."""
        laid = self.label_pieces(26)
        sheet = self._sheet
        if sheet is None:
            return laid
        left, right = content_left(), float(self.width() - look.EDGE_PX)
        total = sum(count for _, count in sheet.recipients)
        new = self.tr("{n} new").format(n=sheet.new_recipients) if sheet.new_recipients else ""
        lines = self._towns(self.width())
        runs = [Run(str(total), 20), Run(self.tr("people by text"), gap_px=10), Run(new, tone="quiet", gap_px=10)]
        if self.low:
            runs.append(Run("　".join(lines), look.SECOND_PX, "quiet", elide=True))
            return laid + list(pieces.line(left, right, 27, runs))
        laid += pieces.line(left, right, 27, runs)
        for number, part in enumerate(lines[:2]):
            cut = number == 1 and len(lines) > 2
            run = Run(part + (" …" if cut else ""), look.SECOND_PX, "quiet", elide=True, tip="\n".join(lines))
            laid += pieces.line(left, right, 46 + number * 18, [run])
        return laid


class ProductTabs(Section):
    """The products by name, the short message with its count of characters.

    Signals
    -------
    product_chosen(str)  the operator wants to read the product of this name
    """

    product_chosen = Signal(str)

    def __init__(self, label: str, parent: QWidget) -> None:
        super().__init__(label, parent)
        self.chosen = ""
        self.low = False
        self.show_height(38)
        self.part_clicked.connect(self._on_part)

    def pieces(self) -> list[Piece]:
        """Return what is painted."""
        laid = self.label_pieces(24)
        sheet = self._sheet
        if sheet is None:
            return laid
        x, right = content_left(), float(self.width() - look.EDGE_PX)
        for name, _ in sheet.texts:
            here = name == self.chosen
            wide = pieces.width_of(name)
            laid += pieces.line(x, x + wide + 1, 24, [Run(name, tone="text" if here else "quiet", hit=name)])
            if here:
                laid.append(Fill(QRectF(x, 31, wide, 2), "text"))
            x += wide + 20
        if self.low:
            runs = [Run(told, look.SECOND_PX, tag=not ok, tip=tip, gap_px=12) for told, ok, tip in told_checks(sheet)]
            if pieces.total_width(runs) > right - x:
                passed = sum(check.passed for check in sheet.checks)
                told = self.tr("{n}/{all} checks passed").format(n=passed, all=len(sheet.checks))
                tip = "\n".join(said for said, _, _ in told_checks(sheet, details=True))
                runs = [Run(told, look.SECOND_PX, tag=passed < len(sheet.checks), tip=tip)]
            return laid + list(pieces.line(x, right, 24, runs, align="right"))
        body = dict(sheet.texts).get(self.chosen, "")
        if sheet.texts and self.chosen == sheet.texts[0][0] and sheet.text_limit:
            over = len(body) > sheet.text_limit
            count = self.tr("{n}/{most} characters").format(n=len(body), most=sheet.text_limit)
            laid += pieces.line(
                x, right, 24, [Run(count, look.SECOND_PX, "quiet" if not over else "text", tag=over)], align="right"
            )
        return laid

    def _on_part(self, name: str) -> None:
        self.product_chosen.emit(name)


def told_checks(sheet: Sheet, *, details: bool = False) -> list[tuple[str, bool, str]]:
    """Return each check as it is told, whether it passed, and its tooltip."""
    told = []
    for check in sheet.checks:
        said = f"✓ {check.name}" if check.passed else f"✗ {check.name}"
        if details and not check.passed and check.detail:
            said = f"{said}: {check.detail}"
        told.append((said, check.passed, check.detail or said))
    return told


class Checks(Painted):
    """What was checked before the issue: a tick, or a cross on gray with what was found."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, height_px=28)
        self._sheet: Sheet | None = None

    def show_sheet(self, sheet: Sheet | None) -> None:
        """Show the checks of a sheet."""
        self._sheet = sheet
        self.mend_height()

    def height_at(self, width: int) -> int:
        """Return the height of the lines of checks."""
        return 8 + 22 * len(self._lines(width))

    def _lines(self, width: int) -> list[list[Run]]:
        if self._sheet is None or not self._sheet.checks:
            return []
        room = max(120.0, width - content_left() - look.EDGE_PX)
        lines: list[list[Run]] = [[]]
        for told, passed, tip in told_checks(self._sheet, details=True):
            run = Run(told, look.SECOND_PX, tag=not passed, elide=True, tip=tip, gap_px=16)
            if lines[-1] and pieces.total_width([*lines[-1], run]) > room:
                lines.append([])
            lines[-1].append(run)
        return lines

    def pieces(self) -> list[Piece]:
        """Return what is painted."""
        laid: list[Piece] = []
        y = 19.0
        for runs in self._lines(self.width()):
            laid += pieces.line(content_left(), self.width() - look.EDGE_PX, y, runs)
            y += 22
        return laid

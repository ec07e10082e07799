"""生效中: what is in force, the worst in a card, the others as rows."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import QEvent, QPointF, QRectF, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from models.hazard.level import Level
from widgets import pieces, words
from widgets import theme as look
from widgets.action_button import ActionButton
from widgets.button_bar import ButtonBar
from widgets.painted import Painted
from widgets.panel_head import PanelHead
from widgets.pieces import Fill, Frame, Mark, Piece, Run
from widgets.row_list import Row, RowList, wrap_names
from widgets.warning import clocks
from widgets.warning.sheet import InForce

_HEAD_PX = 40
_LINE_PX = 22
_MOST_LINES = 2


def left_of(item: InForce, now: datetime) -> timedelta | None:
    """Return how long a warning still runs, None if it has no end."""
    return None if item.warning.expires_at is None else item.warning.expires_at - now


class _Card(Painted):
    """One warning in full."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, height_px=0)
        self._item: InForce | None = None
        self._now: datetime | None = None
        self._filled = False
        self.buttons = (
            ActionButton(self.tr("Extend"), "U", self),
            ActionButton(self.tr("Raise"), "Shift+Up", self),
            ActionButton(self.tr("Lower"), "Shift+Down", self),
            ActionButton(self.tr("Lift"), "X", self),
        )
        self._bar = ButtonBar(self, left=self.buttons, edge_px=12, pad_px=4)

    def show_item(self, item: InForce | None, now: datetime, *, filled: bool) -> None:
        self._item, self._now, self._filled = item, now, filled
        self.setVisible(item is not None)
        if item is not None:
            for button, act in zip(self.buttons, ("continue", "raise", "lower", "lift"), strict=True):
                button.setEnabled(act in item.acts)
        self._measure()
        self.update()

    def pieces(self) -> list[Piece]:
        item, now = self._item, self._now
        if item is None or now is None:
            return []
        width = self.width() - 24.0
        height = self._body_px() + _HEAD_PX
        laid: list[Piece] = [Frame(QRectF(0, 0, width, height), "edge", 1.0, look.RADIUS_PX)]
        laid += self._head(item, now, width)
        y = _HEAD_PX + 8.0
        for at, lines, told in self._towns():
            laid.append(Mark(QRectF(12, y + 4, look.MARK_PX, look.MARK_PX), at))
            laid += pieces.line(34, self._towns_left(), y + 16, [Run(words.level(at))])
            for part in lines:
                laid += pieces.line(self._towns_left(), width - 12, y + 16, [Run(part, elide=True, tip=told)])
                y += _LINE_PX
        y += 6
        laid.append(Fill(QRectF(12, y, width - 24, 1), "line"))
        laid += clocks.clock_pieces(
            12, width - 8, y + 4, item.alarmed_at, item.warning.issued_at, (item.delivered, item.recipients)
        )
        return [pieces.moved(p, 12, 0) for p in laid]

    def _head(self, item: InForce, now: datetime, width: float) -> list[Piece]:
        level = item.warning.level
        tone = f"level.{level.value}" if self._filled else "text"
        laid: list[Piece] = []
        if self._filled:
            laid.append(Fill(QRectF(0, 0, width, _HEAD_PX), f"fill.{level.value}", look.RADIUS_PX))
            laid.append(Fill(QRectF(0, _HEAD_PX - 6, width, 6), f"fill.{level.value}"))
        else:
            laid.append(Fill(QRectF(0, _HEAD_PX - 1, width, 1), "line"))
        laid.append(Mark(QRectF(12, _HEAD_PX / 2 - 8, 16, 16), level, hollow=self._filled))
        span = left_of(item, now)
        if span is None:
            runs = [Run(words.MISSING, look.TITLE_PX, tone)]
        else:
            minutes = max(0, int(span.total_seconds() // 60))
            long = minutes >= 120
            figure = words.duration(span) if long else str(minutes)
            runs = [
                Run(self.tr("left:"), tone=tone),
                Run(figure, look.FIGURE_PX if long else 22, tone),
                Run("" if long else self.tr("min"), tone=tone),
            ]
        remaining = pieces.line(0, width - 12, 27, runs, align="right")
        name = f"{item.signal} {words.level_name(level)}"
        laid += pieces.line(38, remaining[0].rect.left() - 8, 26, [Run(name, 15, tone, elide=True)])
        return laid + list(remaining)

    def _towns_left(self) -> float:
        """Return where the names of towns begin, px: behind the longest word for a level."""
        levels = self._item.warning.levels if self._item else ()
        return 34 + max((pieces.width_of(words.level(at)) for at in levels), default=0.0) + 16

    def _towns(self) -> list[tuple[Level, list[str], str]]:
        """Return level, lines of names and all names, for each level; what finds no room is counted."""
        if self._item is None:
            return []
        room = max(80.0, self.width() - 24.0 - self._towns_left() - 12)
        rows: list[tuple[Level, list[str], str]] = []
        for level in self._item.warning.levels:
            names = tuple(t.name for t in self._item.warning.towns_at(level))
            lines = wrap_names(names, room, look.BODY_PX, _MOST_LINES)
            more = ""
            if sum(len(line) for line in lines) < len(names):
                more = "　" + self.tr("of {n} towns").format(n=len(names))
                lines = wrap_names(names, room - pieces.width_of(more), look.BODY_PX, _MOST_LINES)
            told = ["　".join(line) for line in lines]
            told[-1] += more
            rows.append((level, told, "　".join(names)))
        return rows

    def _body_px(self) -> int:
        lines = sum(len(parts) for _, parts, _ in self._towns())
        return 8 + lines * _LINE_PX + 6 + 4 + clocks.HEIGHT_PX + 4 + self._bar.sizeHint().height() + 4

    def _measure(self) -> None:
        self.show_height(self.height_at(self.width()))
        if self._item is None:
            return
        bar = self._bar.sizeHint().height()
        self._bar.setGeometry(13, _HEAD_PX + self._body_px() - bar - 4, self.width() - 26, bar)

    def height_at(self, width: int) -> int:
        return _HEAD_PX + self._body_px() + 12 if width and self._item is not None else 0

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._measure()
        return super().event(event)


class InForcePanel(QWidget):
    """What is in force. The card's buttons act on the warning that stands in it.

    Signals
    -------
    warning_selected(str)    the operator moved to the warning with this id
    continue_requested(str)  keep the levels, run longer
    raise_requested(str)     an update with a higher level
    lower_requested(str)     an update with a lower level
    lift_requested(str)      a lifting; it asks for a PIN like every message
    """

    warning_selected = Signal(str)
    continue_requested = Signal(str)
    raise_requested = Signal(str)
    lower_requested = Signal(str)
    lift_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: dict[str, InForce] = {}
        self._open = ""
        self._now: datetime | None = None
        self._is_brief = False
        self._head = PanelHead(self.tr("In force"), self, line=False)
        self._card = _Card(self)
        self.list = RowList(
            self, empty=self.tr("No warning is in force. A draft begins at an alarm with D."), lines=False
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self._card)
        column.addWidget(self.list)
        signals = (self.continue_requested, self.raise_requested, self.lower_requested, self.lift_requested)
        for button, signal in zip(self._card.buttons, signals, strict=True):
            button.clicked.connect(lambda _checked=False, s=signal: s.emit(self._open))
        self.list.row_selected.connect(self._on_selected)
        self._card.hide()

    def show_warnings(self, items: tuple[InForce, ...], now: datetime) -> None:
        """Show what is in force at ``now``, the worst first, then what ends first."""

        def order(item: InForce) -> tuple[int, float]:
            end = item.warning.expires_at
            return -item.warning.level.rank, end.timestamp() if end else float("inf")

        ranked = sorted(items, key=order)
        self._items = {i.warning.id: i for i in ranked}
        self._now = now
        if self._open not in self._items:
            self._open = ranked[0].warning.id if ranked else ""
        self._head.show_count(len(ranked))
        self._fill()

    def show_brief(self, brief: bool) -> None:
        """Be no more than the head while nothing is in force: what is selected needs the room."""
        if brief is not self._is_brief:
            self._is_brief = brief
            self._fill()

    def show_selected(self, warning_id: str) -> None:
        """Put a warning into the card."""
        if warning_id in self._items:
            self._open = warning_id
            self._fill()

    def _fill(self) -> None:
        if self._now is None:
            return
        worst = next(iter(self._items), "")
        self._card.show_item(self._items.get(self._open), self._now, filled=self._open == worst)
        rows = tuple(self._row(item) for key, item in self._items.items() if key != self._open)
        self.list.show_rows(rows)
        empty_px = 0 if self._is_brief else 52
        wanted = empty_px if not self._items else min(4, len(rows)) * look.ROW_PX + (8 if rows else 0)
        self.list.setFixedHeight(wanted)

    def _on_selected(self, warning_id: str) -> None:
        self.show_selected(warning_id)
        self.warning_selected.emit(warning_id)

    def _row(self, item: InForce) -> Row:
        now = self._now

        def lay(width: float) -> list[Piece]:
            right = width - look.EDGE_PX - 12
            span = left_of(item, now) if now else None
            remaining = pieces.line(
                0,
                right,
                19,
                [Run(self.tr("left:"), tone="quiet"), Run(words.MISSING if span is None else words.duration(span))],
                align="right",
            )
            level = item.warning.level
            towns = self.tr("{n} towns").format(n=len(item.warning.towns))
            name = [
                Run(f"{item.signal} {words.level_name(level)}", elide=True, gap_px=8),
                Run(towns, tone="quiet", elide=True),
            ]
            mark = Mark(QRectF(24, 7, look.MARK_PX, look.MARK_PX), level)
            return [mark, *pieces.line(46, remaining[0].rect.left() - 8, 19, name), *remaining]

        return Row(item.warning.id, look.ROW_PX, lay)

    def card_tip(self, place: QPointF) -> str:
        """Return the tooltip at a place of the card."""
        return pieces.piece_at(self._card.pieces(), place, want="tip")

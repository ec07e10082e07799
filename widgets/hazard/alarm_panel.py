"""告警: what has crossed its threshold, the worst first."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from PySide6.QtCore import QRectF, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from models.hazard.alarms import Alarm, AlarmState
from widgets import pieces, words
from widgets import theme as look
from widgets.action_button import ActionButton
from widgets.button_bar import ButtonBar
from widgets.panel_head import PanelHead
from widgets.pieces import Mark, Piece, Run
from widgets.row_list import Row, RowList


def worst_first(alarms: tuple[Alarm, ...]) -> tuple[Alarm, ...]:
    """Return the alarms that still stand: by level, the newest first within one; shelved ones last."""
    standing = [a for a in alarms if a.state is not AlarmState.CLOSED]
    return tuple(
        sorted(standing, key=lambda a: (a.state is AlarmState.SHELVED, -a.level.rank, -a.raised_at.timestamp(), a.id))
    )


class AlarmPanel(QWidget):
    """Alarms that stand, the worst first; a new one does not move the row under the hand.

    Until the hand has moved to an alarm, the first is the selected one, so that no
    key acts on a row that has been pushed out of sight.

    Signals
    -------
    alarm_selected(str)    the operator moved to the alarm with this id
    draft_requested(str)   the operator wants a warning from this alarm
    acknowledged(str)      the operator has seen the alarm
    shelve_requested(str)  the operator wants the alarm out of the way until the next level
    """

    alarm_selected = Signal(str)
    draft_requested = Signal(str)
    acknowledged = Signal(str)
    shelve_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._alarms: dict[str, Alarm] = {}
        self._by_hand = False
        self._head = PanelHead(self.tr("Alarms"), self)
        self.list = RowList(
            self,
            empty=self.tr(
                "No alarm. A point stands here as soon as its rain reaches a threshold, with the value, the "
                "threshold and the time."
            ),
            hug=True,
        )
        self.draft_button = ActionButton(self.tr("Draft"), "D", self, primary=True)
        self.seen_button = ActionButton(self.tr("Seen"), "A", self)
        self.shelve_button = ActionButton(self.tr("Shelve"), "S", self)
        buttons = ButtonBar(self, left=(self.draft_button, self.seen_button, self.shelve_button))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self.list, 1)
        column.addWidget(buttons)
        column.addStretch(0)
        self.list.row_selected.connect(self._on_selected)
        self.list.row_activated.connect(self.draft_requested)
        self.draft_button.clicked.connect(lambda: self._on_act(self.draft_requested.emit))
        self.seen_button.clicked.connect(lambda: self._on_act(self.acknowledged.emit))
        self.shelve_button.clicked.connect(self._on_shelve)
        self._mend_buttons()

    def show_alarms(self, alarms: tuple[Alarm, ...], now: datetime) -> None:
        """Show the alarms that stand at ``now``; closed ones are left out."""
        standing = worst_first(alarms)
        self._alarms = {a.id: a for a in standing}
        self._head.show_count(len(standing))
        counted = Counter(a.level for a in standing if a.state is not AlarmState.SHELVED)
        self._head.show_level_counts(dict(counted))
        self.list.show_rows(tuple(self._row(a, now) for a in standing))
        self._by_hand = self._by_hand and self.list.selected in self._alarms
        held = self.list.selected and self.list.viewport().underMouse()  # rows under the mouse do not move
        if standing and not self._by_hand and not held:
            self.list.show_selected(standing[0].id)
        self._mend_buttons()

    def show_selected(self, alarm_id: str) -> None:
        """Move to an alarm."""
        self._by_hand = True
        self.list.show_selected(alarm_id)
        self._mend_buttons()

    def show_selected_point(self, point_id: str) -> None:
        """Move to the alarm of a point, if one stands: what a key acts on is what is shown."""
        alarm = next((one for one in self._alarms.values() if one.point_id == point_id), None)
        if alarm is not None:
            self.show_selected(alarm.id)

    def _on_selected(self, alarm_id: str) -> None:
        self._by_hand = True
        self._mend_buttons()
        self.alarm_selected.emit(alarm_id)

    def _on_act(self, emit: object) -> None:
        if self.list.selected and callable(emit):
            emit(self.list.selected)

    def _on_shelve(self) -> None:
        self._by_hand = False  # the shelved one goes to the end: the first is next, not one out of sight
        self._on_act(self.shelve_requested.emit)

    def _mend_buttons(self) -> None:
        chosen = self._alarms.get(self.list.selected)
        self.draft_button.setEnabled(chosen is not None)
        self.seen_button.setEnabled(chosen is not None and chosen.state is AlarmState.OPEN)
        self.shelve_button.setEnabled(chosen is not None and chosen.state is not AlarmState.SHELVED)

    def _row(self, alarm: Alarm, now: datetime) -> Row:
        def lay(width: float) -> list[Piece]:
            return self._lay(alarm, now, width)

        return Row(alarm.id, look.TWO_LINE_ROW_PX, lay, tip=self._tip(alarm))

    def _lay(self, alarm: Alarm, now: datetime, width: float) -> list[Piece]:
        quiet = "text" if alarm.state is AlarmState.OPEN else "quiet"
        right = width - look.EDGE_PX
        mark = QRectF(look.EDGE_PX - 2, 15, look.MARK_PX, look.MARK_PX)
        figures = [
            Run(self.tr("at least") if alarm.at_least else "", look.SECOND_PX, "quiet"),
            Run(words.number(alarm.rain_mm), look.FIGURE_PX),
            Run(
                f"/ {words.millimeters(alarm.threshold_mm)} mm {words.window(alarm.window_h)}", look.SECOND_PX, "quiet"
            ),
        ]
        top = pieces.line(0, right, 19, figures, align="right")
        crossed = self.tr("crossed {time}").format(time=words.moment(alarm.raised_at, now))
        state = "" if alarm.state is AlarmState.OPEN else words.alarm_state(alarm.state)
        low = pieces.line(
            0,
            right,
            36,
            [Run(state, look.SECOND_PX, "quiet", gap_px=8), Run(crossed, look.SECOND_PX, "quiet")],
            align="right",
        )
        left = look.EDGE_PX + look.MARK_PX + 8
        name = pieces.line(left, top[0].rect.left() - 8, 19, [Run(alarm.point_name, tone=quiet, elide=True)])
        place = f"{words.point_kind(alarm.kind)} {alarm.town}"
        where = pieces.line(left, low[0].rect.left() - 8, 36, [Run(place, look.SECOND_PX, "quiet", elide=True)])
        return [Mark(mark, alarm.level), *name, *top, *where, *low]

    def _tip(self, alarm: Alarm) -> str:
        source = f"{words.rain_source(alarm.source)} {alarm.source_id}".strip()
        return self.tr("{level}: {rain} mm in {window}, threshold {threshold} mm. Source: {source}.").format(
            level=words.level_name(alarm.level),
            rain=words.number(alarm.rain_mm),
            window=words.window(alarm.window_h),
            threshold=words.millimeters(alarm.threshold_mm),
            source=source,
        )

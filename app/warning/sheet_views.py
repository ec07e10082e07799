"""The sheet and the second person's panel: a draft on its way, or an issued warning as its card."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, QObject, Signal

from app import showing
from app.desks import Desks
from app.notices import Notices
from app.rooms import Rooms
from app.warning.evidence import evidence, rain_at
from models.hazard.alarms import AlarmState
from models.warning.warning import WarningState, WeatherWarning
from widgets import words
from widgets.warning.print_sheet import print_with_dialog
from widgets.warning.sheet import ReceiptRow, Sheet


def radar_note() -> str:
    """Return what is to be known of radar rain: composite reflectivity reads too high, clutter counts."""
    return QCoreApplication.translate(
        "ConsoleViews",
        "Rain from composite reflectivity (the largest value of the column) reads too high, and clutter counts as rain.",
    )


class SheetViews(QObject):
    """Shows what the warning desk has on its sheet; holds which card is open.

    Signals
    -------
    opened()    the sheet is to be seen now
    shown()     it shows another draft or card
    """

    opened = Signal()
    shown = Signal()

    def __init__(self, desks: Desks, rooms: Rooms, notices: Notices) -> None:
        super().__init__()
        self._desks, self._rooms, self._notices = desks, rooms, notices
        self._card_id = ""
        self._evidence_of = ""
        self._sheet: Sheet | None = None

    def begin(self) -> None:
        """Go to the sheet of a draft that was just begun; its alarms count as seen."""
        self._card_id = ""
        draft, person = self._desks.warnings.drafts.draft, self._desks.duty.on_duty
        if draft is not None and person is not None:
            for alarm_id in draft.warning.alarm_ids:
                alarm = self._desks.alarms.alarm(alarm_id)
                if alarm is not None and alarm.state is AlarmState.OPEN:
                    self._desks.alarms.set_state(alarm_id, AlarmState.SEEN, person.id)
        self.opened.emit()

    def show_card(self, warning_id: str) -> None:
        """Show an issued warning on the sheet, or go back to the draft."""
        self._card_id = warning_id
        if warning_id:
            self.opened.emit()
        self.show()

    def show(self) -> None:
        """Show the draft, or the issued warning that was asked for, with the second person's panel."""
        now = self._desks.clock.now()
        desk = self._desks.warnings
        alarms = {a.id: a for a in self._desks.alarms.alarms}
        card = desk.find(self._card_id) if self._card_id else None
        if card is not None and desk.drafts.draft is None:
            self._sheet = showing.sheet_of_issued(desk, card, self._receipts(card.id), alarms, now)
        else:
            self._sheet = showing.sheet_of_draft(desk, alarms, now)
        self._rooms.sheet.show_sheet(self._sheet)
        draft = desk.drafts.draft
        warning = draft.warning if draft else None
        previous = draft.previous if draft else None
        against = QCoreApplication.translate("PrintSheet", "No. {n}").format(n=previous.number) if previous else ""
        self._rooms.sign.show_differences(showing.difference_lines(desk), against)
        author = desk.person(warning.author_id) if warning else None
        self._rooms.sign.show_signers(showing.can_sign(self._desks.duty.people, warning), author.name if author else "")
        self._rooms.sign.show_open(warning is not None and warning.state is WarningState.SUBMITTED)
        if warning is None or warning.state is not WarningState.SUBMITTED:
            self._rooms.sign.show_refusal("")
        self._show_evidence()
        self.shown.emit()

    def print_sheet(self, warning_id: str) -> None:
        """Print the sheet as it stands."""
        del warning_id
        if self._sheet is not None:
            print_with_dialog(self._sheet, self._desks.office.settings.office.name, self._rooms.window)

    def _show_evidence(self) -> None:
        draft, card = self._desks.warnings.drafts.draft, self._desks.warnings.find(self._card_id)
        warning = draft.warning if draft else card
        ids = warning.alarm_ids if warning else ()
        known = [a for a in (self._desks.alarms.alarm(i) for i in ids) if a is not None]
        worst = max(known, key=lambda a: (a.level.rank, a.raised_at), default=None)
        if worst is None:
            self._evidence_of = ""
            self._rooms.sign.show_evidence(None, self._desks.clock.now())
            return
        if worst.id == self._evidence_of:
            return
        self._evidence_of = worst.id
        desk = self._desks.alarms
        index = next((i for i, p in enumerate(desk.points) if p.id == worst.point_id), None)
        if index is None:
            return
        rain = partial(rain_at, desk.points[index], index, desk.rates, desk.gauges, desk.reports)
        note, at = radar_note(), self._desks.clock.now()
        self._desks.jobs.start(
            "evidence",
            lambda: evidence(worst, rain(), note, at),
            on_done=lambda found: self._rooms.sign.show_evidence(found, self._desks.clock.now()),
            on_error=self._notices.tell,
        )

    def _receipts(self, warning_id: str) -> tuple[ReceiptRow, ...]:
        return showing.receipt_rows(self._desks.reach.of(warning_id), self._desks.reach.answered_at)

    def latest_receipts(self) -> tuple[ReceiptRow, ...]:
        """Return what became of the messages of the newest warning."""
        latest = self._latest()
        return self._receipts(latest.id) if latest else ()

    def latest_named(self) -> str:
        """Return signal, level, number and kind of the newest warning, empty before the first."""
        latest = self._latest()
        if latest is None:
            return ""
        number = QCoreApplication.translate("PrintSheet", "No. {n}").format(n=latest.number)
        named = f"{showing.signal_name(latest)} {words.level_name(latest.level)}"
        return f"{named}  {number}  {words.message_type(latest.message_type)}"

    def _latest(self) -> WeatherWarning | None:
        issued = [w for w in self._desks.warnings.warnings if w.issued_at is not None]
        return max(issued, key=lambda w: w.issued_at or w.created_at, default=None)

    def show_messages(self) -> None:
        """Show the card again if its messages have another state."""
        if self._card_id:
            self.show()

"""What can be done with the thing on a card: edit it, record an inspection, ring somebody, find it in its table."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.desks import Desks
from app.map.card_numbers import take_number
from app.map.card_views import CardViews
from app.notices import Notices
from app.registers.register_wires import RegisterTool
from app.rooms import Rooms
from models.register.description import HAZARD_POINTS
from widgets.map.card_foot import CALL, EDIT, INSPECT, TABLE, CardFoot
from widgets.map.card_values import PersonLine
from widgets.notice_bar import Notice

Thing = tuple[str, str]
"""Register and id, both empty for none."""


class CardActs(QObject):
    """Wires the feet of the cards; an act that does not apply is refused with its reason, before it is tried."""

    def __init__(self, desks: Desks, rooms: Rooms, cards: CardViews, registers: RegisterTool, notices: Notices) -> None:
        super().__init__()
        self._desks, self._cards, self._registers, self._notices = desks, cards, registers, notices
        self._feet = {HAZARD_POINTS: rooms.point_foot, "": cards.record_foot}
        self._rung: tuple[Thing, int] = (("", ""), -1)
        for of, foot in self._feet.items():
            foot.act_requested.connect(lambda act, of=of: self._act(self._thing(of), act))
            foot.inspect_requested.connect(lambda word, of=of: self._inspect(self._thing(of), word))
        cards.shown_changed.connect(self.mend)
        registers.desk.registers_changed.connect(self.mend)
        desks.duty.person_changed.connect(lambda _: self.mend())
        self.mend()

    def mend(self) -> None:
        """Show what applies to the things on the cards as they are now."""
        for of, foot in self._feet.items():
            self._mend(foot, self._thing(of))

    def _thing(self, of: str) -> Thing:
        return (HAZARD_POINTS, self._cards.point_id) if of == HAZARD_POINTS else self._cards.record_card.shown

    def _mend(self, foot: CardFoot, thing: Thing) -> None:
        numbers = self._cards.numbers(thing)
        first = (
            "  ".join(part for part in (numbers[0].name, numbers[0].role, numbers[0].phone) if part) if numbers else ""
        )
        foot.show_acts("/".join(thing), self.refusals(thing, numbers), {CALL: first})

    def refusals(self, thing: Thing, numbers: tuple[PersonLine, ...]) -> dict[str, str]:
        """Return by act why it cannot be done with a thing now, empty where it can."""
        register, record_id = thing
        desk = self._registers.desk
        description = desk.book.description(register)
        absent = ""
        if not desk.is_read:
            absent = self.tr("The registers are being read.")
        elif description is None or not desk.book.has(register, record_id):
            absent = self.tr("This is in no register.")
        nobody = "" if self._desks.duty.on_duty is not None else self.tr("Sign in first: a change names who made it.")
        kept = description is not None and bool(description.inspected_on)
        return {
            EDIT: absent or nobody,
            INSPECT: absent or ("" if kept else self.tr("This register keeps no inspections.")) or nobody,
            CALL: "" if numbers else self.tr("No number is entered."),
            TABLE: absent,
        }

    def _act(self, thing: Thing, act: str) -> None:
        if act == EDIT:
            self._registers.open_form(*thing)
        elif act == TABLE:
            self._registers.open_record(*thing)
        elif act == CALL:
            self._ring(thing)

    def _inspect(self, thing: Thing, found: str) -> None:
        if self._registers.forms.writes(*thing):
            said = self.tr(
                "The inspection was not kept: this entry stands in the form, unsaved. Save or close that first."
            )
            self._notices.offer(Notice("inspection", said))
        elif not self.refusals(thing, ())[INSPECT]:
            self._registers.desk.inspect(*thing, found)

    def _ring(self, thing: Thing) -> None:
        """Take the next number of a thing, the first one where another thing was rung last."""
        numbers = self._cards.numbers(thing)
        if not numbers:
            return
        last, at = self._rung
        at = (at + 1) % len(numbers) if last == thing else 0
        self._rung = (thing, at)
        take_number(self._notices, numbers[at], len(numbers) - 1)

"""Whom a card can ring: the numbers of its record and of the people it names, and how one is taken up."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication

from app.map.card_registers import PEOPLE, CardRegisters, links
from app.notices import Notices
from models.register.description import FieldDescription, FieldType
from models.register.record import Record
from widgets import language
from widgets.map.card_values import PersonLine
from widgets.notice_bar import Notice

NOTICE = "call"
translate = QCoreApplication.translate


def numbers_of(record: Record, known: CardRegisters) -> tuple[PersonLine, ...]:
    """Return the numbers in a record's own fields, then those of the people it names; each number once."""
    description = known.descriptions.get(record.register)
    fields = description.fields if description is not None else ()
    whose = str(record.values.get("person") or "") or record.name
    lines = [PersonLine(_title(one), whose, number) for one, number in _own(record, fields)]
    for one in fields:
        if one.type is FieldType.LINK and one.to == PEOPLE:
            people = (known.find(PEOPLE, id_) for id_ in links(record.values.get(one.key)))
            lines += [
                line for person in people if person is not None for line in _of_person(person, _title(one), known)
            ]
    return tuple({line.phone: line for line in reversed(lines)}.values())[::-1]


def _of_person(person: Record, role: str, known: CardRegisters) -> list[PersonLine]:
    described = known.descriptions.get(PEOPLE)
    role = str(person.values.get("role") or role)
    return [PersonLine(role, person.name, number) for _, number in _own(person, described.fields if described else ())]


def _own(record: Record, fields: tuple[FieldDescription, ...]) -> list[tuple[FieldDescription, str]]:
    numbers = ((one, str(record.values.get(one.key) or "")) for one in fields if one.type is FieldType.PHONE)
    return [(one, number) for one, number in numbers if number]


def _title(one: FieldDescription) -> str:
    return one.title.of(language.current())


def take_number(notices: Notices, line: PersonLine, more: int = 0) -> None:
    """Put a number where a phone program takes it from, and say whose it is; ``more`` others follow by the same key."""
    QGuiApplication.clipboard().setText(line.phone)
    who = "  ".join(part for part in (line.name, line.role) if part)
    said = translate("Cards", "{number} is copied: {who}.") if who else translate("Cards", "{number} is copied.")
    following = translate("Cards", "Once more takes the next of {n} others.").format(n=more) if more else ""
    notices.offer(Notice(NOTICE, said.format(number=line.phone, who=who), following))

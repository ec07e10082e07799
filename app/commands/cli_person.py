"""Who acts on the command line: somebody with an account and a PIN, else the user of the system, named as such."""

from __future__ import annotations

import getpass
import sys

from app.clock import SystemClock
from app.language import system_language
from models.act import COMMAND_LINE
from models.errors import IllegalStepError, StoreError
from models.store import people
from models.store.database import Store
from models.warning.warning import Person
from resources import phrase


def actor_of(store: Store, who: str) -> str:
    """Return under whom an act is kept: the id of the person named, whose PIN is asked for, else the system's user.

    Parameters
    ----------
    who : str
        Staff number, id or name of somebody with an account; empty for the system's user, ``cli:<user>``.

    Raises
    ------
    StoreError
        ``people.unknown``, ``office.who`` for several of that name, ``people.inactive``, ``people.locked``.
    IllegalStepError
        ``people.wrong_pin``.
    """
    if not who:
        return f"{COMMAND_LINE}{system_user()}"
    person = find(store.read(people.everybody), who)
    pin, at = _asked_pin(person.name), SystemClock().now()
    if not store.write_now(lambda db: people.check_pin(db, person.id, pin, at=at)):
        raise IllegalStepError("people.wrong_pin")
    return person.id


def find(everybody: tuple[Person, ...], who: str) -> Person:
    """Return the person of a staff number, an id or a name.

    Raises
    ------
    StoreError
        ``people.unknown``, or ``office.who`` for several of that name.
    """
    for found in ([p for p in everybody if who in (p.staff_no, p.id)], [p for p in everybody if p.name == who]):
        if len(found) > 1:
            raise StoreError("office.who", person=who, count=len(found))
        if found:
            return found[0]
    raise StoreError("people.unknown", person=who)


def system_user() -> str:
    """Return the name of the system's user, ``?`` where the system has none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "?"


def _asked_pin(name: str) -> str:
    """Return a PIN that is not shown; from a pipe, its first line."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    return getpass.getpass(phrase("office_cli", "ask.pin_of", system_language()).format(name=name) + ": ")

"""People with an account at this desk, and their PINs.

One human being, one account: the same staff number, or the same name with the
same phone, is the same person. PINs are kept as argon2 hashes; five wrong ones
within five minutes lock the account for five minutes, and each is a journal line.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlite_utils import Database

from models.act import JournalEntry
from models.errors import StoreError
from models.store import journal
from models.store.text_form import time_of, time_text
from models.warning.persons import same_human
from models.warning.pin import normed, see_new
from models.warning.warning import Person

WRONG_TRIES = 5
LOCK_TIME = timedelta(minutes=5)
PIN_SHA = "pin_sha256"
"""Under this word a line of the journal holds `digest_of` the hash that was stored."""

_HASHER = PasswordHasher()
_SELECT = "SELECT id, name, staff_no, phone, roles, active FROM people"


def everybody(db: Database) -> tuple[Person, ...]:
    """Return every account, active or not, by name."""
    return tuple(_person(row) for row in db.query(f"{_SELECT} ORDER BY name, id"))


def find(db: Database, person_id: str) -> Person:
    """Return one person.

    Raises
    ------
    StoreError
        ``people.unknown``.
    """
    for row in db.query(f"{_SELECT} WHERE id = ?", [person_id]):
        return _person(row)
    raise StoreError("people.unknown", person=person_id)


def add(db: Database, person: Person, pin: str, *, actor: str, at: datetime) -> None:
    """Give somebody an account and a PIN, with a journal line.

    Raises
    ------
    StoreError
        ``people.second_account`` (this human has one), ``people.exists`` (the id is taken),
        ``people.no_name`` or ``people.no_staff_no``.
    DataError
        ``people.pin_rule``.
    """
    for other in everybody(db):
        if same_human(person, other):
            raise StoreError("people.second_account", name=person.name, staff_no=person.staff_no, other=other.name)
    stored, kept = (
        _hash(pin),
        replace(person, name=person.name.strip(), staff_no=person.staff_no.strip(), phone=person.phone.strip()),
    )
    db.execute(
        "INSERT INTO people (id, name, staff_no, phone, roles, active, pin_hash) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [kept.id, kept.name, kept.staff_no, kept.phone, _roles_text(kept.roles), int(kept.active), stored],
    )
    after: dict[str, object] = {
        "name": kept.name,
        "staff_no": kept.staff_no,
        "phone": kept.phone,
        "roles": kept.roles,
        "active": kept.active,
        PIN_SHA: digest_of(stored),
    }
    journal.append(db, JournalEntry(actor, "people.added", f"people:{person.id}", at, {}, after))


def change(db: Database, person: Person, *, actor: str, at: datetime) -> None:
    """Keep somebody's new name, phone, roles or end of service; the staff number never changes.

    Raises
    ------
    StoreError
        ``people.unknown``, or ``people.identity_fixed`` for another staff number.
    """
    old = find(db, person.id)
    db.execute(
        "UPDATE people SET name = ?, staff_no = ?, phone = ?, roles = ?, active = ? WHERE id = ?",
        [person.name, person.staff_no, person.phone, _roles_text(person.roles), int(person.active), person.id],
    )
    before, after = ({"name": p.name, "phone": p.phone, "roles": p.roles, "active": p.active} for p in (old, person))
    journal.append(db, JournalEntry(actor, "people.changed", f"people:{person.id}", at, before, after))


def set_pin(db: Database, person_id: str, pin: str, *, actor: str, at: datetime) -> None:
    """Give somebody a new PIN; the journal says that, and by a digest of the hash whether it is still this one.

    Raises
    ------
    StoreError
        ``people.unknown``.
    DataError
        ``people.pin_rule``.
    """
    find(db, person_id)
    stored = _hash(pin)
    db.execute("UPDATE people SET pin_hash = ? WHERE id = ?", [stored, person_id])
    db.execute("DELETE FROM pin_tries WHERE person_id = ?", [person_id])
    journal.append(
        db, JournalEntry(actor, "people.pin_set", f"people:{person_id}", at, {}, {PIN_SHA: digest_of(stored)})
    )


def check_pin(db: Database, person_id: str, pin: str, *, at: datetime) -> bool:
    """Say whether this is the person's PIN; a wrong one is counted and written into the journal.

    Raises
    ------
    StoreError
        ``people.unknown``, ``people.inactive``, or ``people.locked`` with ``until``: even the
        right PIN does not open an account that is locked.
    """
    person = find(db, person_id)
    if not person.active:
        raise StoreError("people.inactive", name=person.name)
    tries = [
        time_of(row[0])
        for row in db.execute("SELECT at FROM pin_tries WHERE person_id = ? ORDER BY rowid", [person_id])
    ]
    until = locked_until(tries)
    if until is not None and tries[-1] <= at < until:
        raise StoreError("people.locked", name=person.name, until=until, minutes=_minutes(until - at))
    stored = db.execute("SELECT pin_hash FROM people WHERE id = ?", [person_id]).fetchone()[0]
    if _matches(stored, pin):
        db.execute("DELETE FROM pin_tries WHERE person_id = ?", [person_id])
        return True
    db.execute("INSERT INTO pin_tries (person_id, at) VALUES (?, ?)", [person_id, time_text(at)])
    journal.append(db, JournalEntry(person_id, "people.pin_wrong", f"people:{person_id}", at))
    return False


def digest_of(stored: str) -> str:
    """Return what the journal says of a PIN: the SHA-256 of its argon2 hash, whose salt is not in the journal."""
    return hashlib.sha256(stored.encode("utf-8", "surrogatepass")).hexdigest()


def locked_until(tries: list[datetime]) -> datetime | None:
    """Return until when the wrong tries, in the order they came, lock an account, or None if they do not.

    A clock that was set back between them opens nothing: five tries are five.
    """
    last = tries[-WRONG_TRIES:]
    if len(last) == WRONG_TRIES and last[-1] - last[0] <= LOCK_TIME:
        return last[-1] + LOCK_TIME
    return None


def _matches(stored: str, pin: str) -> bool:
    try:
        return _HASHER.verify(stored, normed(pin))
    except (VerificationError, InvalidHashError):
        return False


def _hash(pin: str) -> str:
    return _HASHER.hash(see_new(pin))


def _minutes(wait: timedelta) -> int:
    return max(1, -(-int(wait.total_seconds()) // 60))


def _roles_text(roles: frozenset[str]) -> str:
    return " ".join(sorted(roles))


def _person(row: dict[str, object]) -> Person:
    return Person(
        str(row["id"]),
        str(row["name"]),
        str(row["staff_no"]),
        str(row["phone"]),
        frozenset(str(row["roles"]).split()),
        bool(row["active"]),
    )

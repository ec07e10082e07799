"""Holds the accounts against the journal: a role, a PIN or an end of service that a hand outside of the console changed."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from sqlite_utils import Database

from models.errors import StoreError
from models.store.people import PIN_SHA, digest_of

_WORDS = {
    "name": ("姓名", "name"),
    "staff_no": ("工号", "staff number"),
    "phone": ("电话", "phone"),
    "roles": ("角色", "roles"),
    "active": ("在用或停用", "in service or ended"),
}
_NAMED = 5


@dataclass(slots=True)
class _Said:
    """What the journal says of one account: its fields, the digest of its PIN and the line that gave the PIN."""

    fields: dict[str, Any] = field(default_factory=dict)
    pin_sha: str | None = None
    pin_number: int = 0


def check(db: Database) -> tuple[StoreError, ...]:
    """Return the accounts that are not what the journal's last word on them says.

    Returns
    -------
    tuple of StoreError
        ``people.untold`` (no line tells of the account), ``people.other_account`` (a field differs),
        ``people.other_pin``, ``people.gone`` (the journal tells of an account that is not there), and one
        ``people.unproven_pin`` for the PINs that were given before the journal kept a digest of them.
    """
    said = _said(db)
    found: list[StoreError] = []
    unproven: list[str] = []
    rows = db.execute("SELECT id, name, staff_no, phone, roles, active, pin_hash FROM people ORDER BY name, id")
    for id_, *fields, stored in rows.fetchall():
        now = dict(zip(_WORDS, fields, strict=True))
        who: dict[str, Any] = {"name": now["name"], "staff_no": now["staff_no"]}
        one = said.pop(str(id_), None)
        if one is None:
            found.append(StoreError("people.untold", **who))
            continue
        other = [key for key in _WORDS if key in one.fields and _plain(key, now[key]) != _plain(key, one.fields[key])]
        if other:
            zh, en = ("、".join(_WORDS[key][0] for key in other), ", ".join(_WORDS[key][1] for key in other))
            found.append(StoreError("people.other_account", **who, fields=zh, fields_en=en))
        if one.pin_sha is None:
            unproven.append(str(now["name"]))
        elif digest_of(str(stored)) != one.pin_sha:
            found.append(StoreError("people.other_pin", **who, number=one.pin_number))
    found += [
        StoreError("people.gone", name=one.fields.get("name", id_), staff_no=one.fields.get("staff_no", ""))
        for id_, one in said.items()
    ]
    if unproven:
        names = ", ".join(unproven[:_NAMED])
        found.append(StoreError("people.unproven_pin", count=len(unproven), names=names))
    return tuple(found)


def _said(db: Database) -> dict[str, _Said]:
    """Return the journal's last word on each account, by id."""
    said: dict[str, _Said] = {}
    for number, act, subject, text in db.execute(
        "SELECT number, act, subject, after FROM journal"
        " WHERE act IN ('people.added', 'people.changed', 'people.pin_set') ORDER BY number"
    ):
        after = json.loads(text)
        one = said.setdefault(subject.removeprefix("people:"), _Said())
        if act == "people.added":
            one.fields = {"active": True}  # what older lines do not say: nobody came in ended
        one.fields |= {key: value for key, value in after.items() if key in _WORDS}
        if act != "people.changed":
            one.pin_sha, one.pin_number = after.get(PIN_SHA), number
    return said


def _plain(key: str, value: object) -> object:
    """Return a field as it can be compared: the store keeps roles as words, the journal as a list; older lines have spaces."""
    if key == "roles":
        words = value.split() if isinstance(value, str) else value if isinstance(value, list) else [value]
        return frozenset(map(str, words))
    if key == "active":
        return value == 1 if value in (0, 1) else value  # no set: a forged line may hold a list
    return value.strip() if isinstance(value, str) else value

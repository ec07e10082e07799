"""People and their PINs."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from models.errors import DataError, StoreError
from models.store import journal, people
from models.store.database import Store
from models.warning.warning import Person
from tests.models.store.values import AT, AUTHOR, PIN, SIGNER, minutes

NEW = Person("p-gao", "高正阳", "QL-0104", "000-0000-0104", frozenset({"forecaster", "signer", "leader"}))


def acts(store: Store) -> list[str]:
    return [line.entry.act for line in store.read(journal.lines)]


def test_a_person_comes_back_as_added_with_a_journal_line(store: Store) -> None:
    store.write_now(lambda db: people.add(db, NEW, PIN, actor=AUTHOR.id, at=AT))
    assert store.read(lambda db: people.find(db, NEW.id)) == NEW
    assert set(store.read(people.everybody)) == {AUTHOR, SIGNER, NEW}
    (line,) = store.read(lambda db: journal.of_subject(db, "people:p-gao"))
    assert (line.entry.actor, line.entry.act) == (AUTHOR.id, "people.added")
    assert line.entry.after["roles"] == ["forecaster", "leader", "signer"]


def test_the_right_pin_opens_and_a_wrong_one_is_a_journal_line(store: Store) -> None:
    assert store.write_now(lambda db: people.check_pin(db, SIGNER.id, PIN, at=AT)) is True
    assert "people.pin_wrong" not in acts(store)
    assert store.write_now(lambda db: people.check_pin(db, SIGNER.id, "000000", at=AT)) is False
    assert acts(store)[-1] == "people.pin_wrong"


def test_full_width_digits_of_a_chinese_keyboard_are_the_same_pin(store: Store) -> None:
    assert store.write_now(lambda db: people.check_pin(db, SIGNER.id, "１８０６０１", at=AT))


def test_no_pin_stands_in_the_store_or_in_the_journal(store: Store, path: Path) -> None:
    store.write_now(lambda db: people.set_pin(db, SIGNER.id, "471147114711", actor="system", at=AT))
    store.close()
    everything = path.read_bytes() + b"".join(p.read_bytes() for p in path.parent.iterdir() if p.is_file())
    assert b"471147114711" not in everything
    assert b"$argon2id$" in everything


def test_a_new_pin_takes_the_place_of_the_old(store: Store) -> None:
    store.write_now(lambda db: people.set_pin(db, SIGNER.id, "777888", actor="system", at=AT))
    assert not store.write_now(lambda db: people.check_pin(db, SIGNER.id, PIN, at=AT))
    assert store.write_now(lambda db: people.check_pin(db, SIGNER.id, "777888", at=AT))
    assert "people.pin_set" in acts(store)


def test_five_wrong_pins_lock_for_five_minutes_even_for_the_right_one(store: Store) -> None:
    for second in range(5):
        assert not store.write_now(
            partial(people.check_pin, person_id=SIGNER.id, pin="000000", at=minutes(second / 60))
        )
    with pytest.raises(StoreError, match="locked") as refused:
        store.write_now(lambda db: people.check_pin(db, SIGNER.id, PIN, at=minutes(1)))
    assert refused.value.code == "people.locked"
    assert refused.value.facts["until"] == minutes(4 / 60 + 5)
    assert store.write_now(lambda db: people.check_pin(db, AUTHOR.id, PIN, at=minutes(1)))
    assert store.write_now(lambda db: people.check_pin(db, SIGNER.id, PIN, at=minutes(5.1)))
    assert acts(store).count("people.pin_wrong") == 5


def test_a_clock_that_is_set_back_gives_no_new_tries(store: Store) -> None:
    for second in range(5):
        store.write_now(partial(people.check_pin, person_id=SIGNER.id, pin="000000", at=minutes(second / 60)))
    assert not store.write_now(lambda db: people.check_pin(db, SIGNER.id, "000000", at=minutes(-60)))
    with pytest.raises(StoreError, match="locked"):
        store.write_now(lambda db: people.check_pin(db, SIGNER.id, PIN, at=minutes(-59)))


def test_five_wrong_pins_spread_over_a_shift_do_not_lock(store: Store) -> None:
    for number in range(6):
        assert not store.write_now(partial(people.check_pin, person_id=SIGNER.id, pin="0000", at=minutes(number * 2)))
    assert store.write_now(lambda db: people.check_pin(db, SIGNER.id, PIN, at=minutes(12)))


def test_the_right_pin_wipes_the_wrong_tries(store: Store) -> None:
    for number in range(9):
        right = number == 4
        pin = PIN if right else "0000"
        assert store.write_now(partial(people.check_pin, person_id=SIGNER.id, pin=pin, at=AT)) is right


def test_an_account_that_was_ended_opens_to_nobody(store: Store) -> None:
    store.write_now(lambda db: people.change(db, replace(SIGNER, active=False), actor=AUTHOR.id, at=AT))
    with pytest.raises(StoreError) as refused:
        store.write_now(lambda db: people.check_pin(db, SIGNER.id, PIN, at=AT))
    assert refused.value.code == "people.inactive"
    (line,) = store.read(lambda db: journal.newest(db, limit=1))
    assert (line.entry.before["active"], line.entry.after["active"]) == (True, False)


@pytest.mark.parametrize("pin", ["", "123", "1" * 13, "p4711-secret"])
def test_a_new_pin_that_breaks_the_rule_gives_no_account_and_takes_none_away(store: Store, pin: str) -> None:
    for work in (
        lambda db: people.add(db, NEW, pin, actor="system", at=AT),
        lambda db: people.set_pin(db, SIGNER.id, pin, actor="system", at=AT),
    ):
        with pytest.raises(DataError) as refused:
            store.write_now(work)
        assert refused.value.code == "people.pin_rule"
    assert NEW not in store.read(people.everybody)
    assert store.write_now(lambda db: people.check_pin(db, SIGNER.id, PIN, at=AT))


@pytest.mark.parametrize("older", ["p4711-secret", "a b c", "ab12"])
def test_an_older_pin_of_letters_and_signs_keeps_working(store: Store, older: str) -> None:
    hashed = PasswordHasher().hash(older)
    store.write_now(lambda db: db.execute("UPDATE people SET pin_hash = ? WHERE id = ?", [hashed, SIGNER.id]))
    assert store.write_now(lambda db: people.check_pin(db, SIGNER.id, older, at=AT))


@pytest.mark.parametrize(
    ("person", "code"),
    [
        (replace(NEW, staff_no="  "), "people.no_staff_no"),
        (replace(NEW, name=""), "people.no_name"),
        (replace(NEW, id=SIGNER.id), "people.second_account"),
    ],
)
def test_a_person_lacking_something_is_refused(store: Store, person: Person, code: str) -> None:
    with pytest.raises(StoreError) as refused:
        store.write_now(lambda db: people.add(db, person, PIN, actor="system", at=AT))
    assert refused.value.code == code
    assert str(refused.value)


def test_nobody_is_nobody(store: Store) -> None:
    for work in (
        lambda db: people.find(db, "p-ghost"),
        lambda db: people.check_pin(db, "p-ghost", PIN, at=AT),
        lambda db: people.set_pin(db, "p-ghost", PIN, actor="system", at=AT),
    ):
        with pytest.raises(StoreError) as refused:
            store.write_now(work)
        assert refused.value.code == "people.unknown"

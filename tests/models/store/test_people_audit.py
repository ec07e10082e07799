"""A hand in the file with any SQLite program: an account that is not what the journal says of it is named."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from models.act import JournalEntry
from models.store import audit, journal, people
from models.store.database import Database, Store
from models.store.laws import LAWS
from tests.models.store.values import AT, AUTHOR, PIN, SIGNER, minutes, outsider


def by_hand(path: Path, *statements: str) -> None:
    """Change the file as somebody does who takes the laws out before and puts them back after."""
    laws = [name for name in LAWS if name.startswith("law_people")]
    with contextlib.closing(outsider(path)) as db:
        for name in laws:
            db.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            assert db.execute(statement).rowcount == 1
        for name in laws:
            db.execute(LAWS[name])
    assert audit.check(path) == ()


def told(path: Path) -> list[tuple[str, str]]:
    found = audit.check_contents(path)
    for one in found:
        assert "{" not in one.sentence("zh") + one.sentence("en")
    return [(one.code, str(one.facts.get("name", one.facts.get("names")))) for one in found]


@pytest.mark.parametrize(
    ("forgery", "code"),
    [
        ("UPDATE people SET roles = 'forecaster leader signer' WHERE id = 'p-zhou'", "people.other_account"),
        ("UPDATE people SET active = 0 WHERE id = 'p-zhou'", "people.other_account"),
        ("UPDATE people SET phone = '' WHERE id = 'p-zhou'", "people.other_account"),
        ("UPDATE people SET name = name || '1' WHERE id = 'p-zhou'", "people.other_account"),
        ("UPDATE people SET staff_no = 'QL-9' WHERE id = 'p-zhou'", "people.other_account"),
        (
            "UPDATE people SET pin_hash = (SELECT pin_hash FROM people WHERE id = 'p-shen') WHERE id = 'p-zhou'",
            "people.other_pin",
        ),
        ("DELETE FROM people WHERE id = 'p-zhou'", "people.gone"),
    ],
)
def test_an_account_that_was_changed_past_the_console_is_named(
    store: Store, path: Path, forgery: str, code: str
) -> None:
    store.close()
    assert told(path) == []
    by_hand(path, forgery)
    ((found, name),) = told(path)
    assert (found, name.rstrip("1")) == (code, AUTHOR.name)


def test_the_sentence_names_what_differs(store: Store, path: Path) -> None:
    store.close()
    by_hand(path, "UPDATE people SET active = 0, roles = 'signer' WHERE id = 'p-zhou'")
    (one,) = audit.check_contents(path)
    assert "角色、在用或停用" in one.sentence("zh")
    assert "roles, in service or ended" in one.sentence("en")


def test_an_account_of_which_no_line_tells_is_named(store: Store, path: Path) -> None:
    store.close()
    by_hand(
        path, "INSERT INTO people SELECT 'p-x', '某人', 'QL-X', '', roles, 1, pin_hash FROM people WHERE id = 'p-shen'"
    )
    assert told(path) == [("people.untold", "某人")]


def test_what_the_console_did_is_no_finding(store: Store, path: Path) -> None:
    changed = replace(SIGNER, roles=frozenset({"leader", "signer"}), phone="000-0000-0009")
    spaced = replace(AUTHOR, id="p-lin", name=" 林 ", staff_no=" QL-3 ", phone=" 000-3 ")
    store.write_now(lambda db: people.change(db, changed, actor=AUTHOR.id, at=AT))
    store.write_now(lambda db: people.add(db, spaced, PIN, actor=AUTHOR.id, at=AT))
    store.write_now(lambda db: people.set_pin(db, SIGNER.id, "777888", actor=AUTHOR.id, at=minutes(1)))
    store.write_now(lambda db: people.change(db, replace(changed, active=False), actor=AUTHOR.id, at=minutes(2)))
    store.close()
    assert told(path) == []


def test_the_former_pin_put_back_past_the_console_is_told_with_the_line_that_says_otherwise(
    store: Store, path: Path
) -> None:
    former = store.read(lambda db: db.execute("SELECT pin_hash FROM people WHERE id = 'p-shen'").fetchone()[0])
    store.write_now(lambda db: people.set_pin(db, SIGNER.id, "777888", actor=AUTHOR.id, at=AT))
    (line,) = store.read(lambda db: journal.newest(db, limit=1))
    store.close()
    by_hand(path, f"UPDATE people SET pin_hash = '{former}' WHERE id = 'p-shen'")
    (one,) = audit.check_contents(path)
    assert (one.code, one.facts["number"]) == ("people.other_pin", line.number)
    assert former not in json.dumps(dict(line.entry.after)), "the hash itself stands in no journal"


def test_a_pin_from_before_the_digest_is_unproven_and_a_new_one_proves_it(store: Store, path: Path) -> None:
    def as_it_was(db: Database) -> None:
        """An account as older offices have it: the line says neither digest nor service."""
        after: dict[str, object] = {"name": " 林 ", "staff_no": "QL-3", "phone": "", "roles": ["signer"]}
        db.execute(
            "INSERT INTO people SELECT 'p-lin', '林', 'QL-3', '', 'signer', 1, pin_hash FROM people WHERE id = 'p-shen'"
        )
        journal.append(db, JournalEntry("system", "people.added", "people:p-lin", AT, {}, after))

    store.write_now(as_it_was)
    assert told(path) == [("people.unproven_pin", "林")]
    store.write_now(lambda db: people.set_pin(db, "p-lin", "777888", actor=AUTHOR.id, at=AT))
    assert told(path) == []
    store.close()
    by_hand(path, "UPDATE people SET active = 0 WHERE id = 'p-lin'")
    assert told(path) == [("people.other_account", "林")]


@pytest.mark.parametrize("said", [{"roles": [["signer"]]}, {"active": [1]}, {"name": {"a": []}}])
def test_a_forged_line_that_says_what_no_account_holds_is_told(
    store: Store, path: Path, said: dict[str, object]
) -> None:
    line = JournalEntry("p-zhou", "people.changed", "people:p-zhou", AT, {}, said)
    store.write_now(lambda db: journal.append(db, line))
    assert told(path) == [("people.other_account", AUTHOR.name)]

"""Author and signer are two people, from whichever side it is tried."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from models.errors import StoreError
from models.store import people, warnings
from models.store.database import Store
from models.warning.warning import Person
from tests.models.store.values import (
    AT,
    AUTHOR,
    CAP,
    PIN,
    draft,
    entry,
    issued,
    keep_signed,
    outsider,
    signed,
    submitted,
)


@pytest.fixture
def standing(store: Store, path: Path) -> sqlite3.Connection:
    """Any SQLite program's connection to a store with a submitted warning; its foreign keys are off."""
    store.write_now(lambda db: warnings.save(db, draft(), entry("draft")))
    store.write_now(lambda db: warnings.save(db, submitted(draft()), entry("submit")))
    return outsider(path)


def second_account(db: sqlite3.Connection, **changes: str) -> None:
    """Give the author another account by direct SQL, past every check of ours."""
    row = {"id": "p-zhou-2", "name": "周小岚", "staff_no": "QL-9999", "phone": ""} | changes
    db.execute(
        "INSERT INTO people (id, name, staff_no, phone, roles, active, pin_hash)"
        " VALUES (:id, :name, :staff_no, :phone, 'signer', 1, 'x')",
        row,
    )


def sign(db: sqlite3.Connection, signer: str) -> None:
    db.execute("UPDATE warnings SET state='signed', signer_id=?, signed_at='2026' WHERE id='w-1'", [signer])


def test_the_author_cannot_sign(store: Store) -> None:
    store.write_now(lambda db: warnings.save(db, submitted(draft()), entry("submit")))
    with pytest.raises(StoreError, match="two different people") as refused:
        store.write_now(lambda db: warnings.save(db, signed(draft(), AUTHOR.id), entry("sign")))
    assert refused.value.code == "warnings.same_person"
    assert store.read(lambda db: warnings.find(db, "w-1")).signer_id == ""


def test_the_author_cannot_sign_by_direct_sql(standing: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError, match=r"warnings\.same_person"):
        sign(standing, AUTHOR.id)
    standing.close()


@pytest.mark.parametrize(
    "same",
    [
        {"staff_no": "QL-0012"},
        {"staff_no": " ql-0012 "},
        {"name": "周岚", "phone": "000-0000-0012"},
    ],
)
def test_the_author_cannot_sign_under_a_second_account(standing: sqlite3.Connection, same: dict[str, str]) -> None:
    second_account(standing, **same)
    with pytest.raises(sqlite3.IntegrityError, match=r"warnings\.same_person"):
        sign(standing, "p-zhou-2")
    standing.close()


def test_a_signed_warning_cannot_be_put_in_with_the_author_as_signer(standing: sqlite3.Connection) -> None:
    names = [row[1] for row in standing.execute("PRAGMA table_info(warnings)")]
    values = ", ".join({"id": "'w-2'", "state": "'signed'", "signer_id": "'p-zhou'"}.get(name, name) for name in names)
    with pytest.raises(sqlite3.IntegrityError, match=r"warnings\.same_person"):
        standing.execute(f"INSERT INTO warnings SELECT {values} FROM warnings WHERE id='w-1'")
    standing.close()


def test_author_and_signer_cannot_be_swapped_into_one_afterwards(store: Store, path: Path) -> None:
    store.write_now(lambda db: keep_signed(db, draft()))
    db = outsider(path)
    with pytest.raises(sqlite3.IntegrityError, match=r"warnings\."):
        db.execute("UPDATE warnings SET author_id = signer_id")
    db.close()


def test_a_staff_number_never_changes_so_nobody_becomes_somebody_else(standing: sqlite3.Connection) -> None:
    second_account(standing)
    for statement in (
        "UPDATE people SET staff_no = 'QL-0012' WHERE id = 'p-zhou-2'",
        "UPDATE people SET staff_no = 'QL-7777' WHERE id = 'p-zhou'",
    ):
        with pytest.raises(sqlite3.IntegrityError, match=r"people\.identity_fixed"):
            standing.execute(statement)
    with pytest.raises(sqlite3.IntegrityError, match=r"people\.never_deleted"):
        standing.execute("DELETE FROM people WHERE id = 'p-zhou'")
    with pytest.raises(sqlite3.IntegrityError, match=r"people\.exists"):
        second_account(standing, id="p-zhou")
    with pytest.raises(sqlite3.IntegrityError, match=r"people\.exists"):
        standing.execute("REPLACE INTO people SELECT id, name, 'QL-7777', phone, roles, active, pin_hash FROM people")
    standing.close()


@pytest.mark.parametrize(
    "other",
    [
        Person("p-2", "周小岚", "QL-0012"),
        Person("p-2", "周小岚", "ｑｌ-0012 "),
        Person("p-2", "周岚", "QL-0099", "000 0000 0012"),
    ],
)
def test_one_human_being_has_one_account(store: Store, other: Person) -> None:
    with pytest.raises(StoreError, match="one human being, one account") as refused:
        store.write_now(lambda db: people.add(db, other, PIN, actor="system", at=AT))
    assert refused.value.code == "people.second_account"


def test_a_namesake_with_a_number_of_his_own_is_another_person(store: Store) -> None:
    namesake = Person("p-2", "周岚", "QL-0099", "000-0000-0099")
    store.write_now(lambda db: people.add(db, namesake, PIN, actor="system", at=AT))
    store.write_now(lambda db: warnings.save(db, submitted(draft()), entry("submit")))
    store.write_now(lambda db: warnings.save(db, signed(draft(), "p-2"), entry("sign")))
    assert store.read(lambda db: warnings.find(db, "w-1")).signer_id == "p-2"


def test_nobody_signs_who_is_not_known(store: Store) -> None:
    store.write_now(lambda db: warnings.save(db, submitted(draft()), entry("submit")))
    with pytest.raises(StoreError) as refused:
        store.write_now(lambda db: warnings.save(db, signed(draft(), "p-ghost"), entry("sign")))
    assert refused.value.code == "store.refused"


def test_nothing_is_issued_without_a_signature(store: Store) -> None:
    store.write_now(lambda db: warnings.save(db, submitted(draft()), entry("submit")))
    unsigned = replace(issued(draft()), signer_id="", signed_at=None)
    with pytest.raises(StoreError) as refused:
        store.write_now(lambda db: warnings.issue(db, unsigned, None, (), CAP, (entry("issue"),)))
    assert refused.value.code == "warnings.not_signed"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE warnings SET state='issued'",
        "UPDATE warnings SET state='issued', number=1, year=2026, issued_at='2026', cap_xml='<x/>'",
        "UPDATE warnings SET state='lifted'",
        "UPDATE warnings SET state='signed'",
        "UPDATE warnings SET state='signed', signed_at='2026'",
        (
            "INSERT INTO warnings SELECT 'w-2', chain_id, signal_id, message_type, 'issued', towns, text, guide,"
            " valid_hours, author_id, created_at, exercise, alarm_ids, previous_id, 2026, 7, submitted_at, 'p-shen',"
            " '2026', '2026', '2026', ended_at, identifier, note, '<x/>' FROM warnings"
        ),
    ],
)
def test_no_way_round_the_signature_by_direct_sql(standing: sqlite3.Connection, statement: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match=r"warnings\.(no_signer|not_signed)"):
        standing.execute(statement)
    assert standing.execute("SELECT count(*), max(state) FROM warnings").fetchone() == (1, "submitted")
    standing.close()

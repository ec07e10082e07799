"""The journal only grows; whoever changes it from outside is found out."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from datetime import datetime, timedelta, timezone
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.act import JournalEntry
from models.errors import StoreError
from models.store import audit, head, journal, laws
from models.store.database import Store
from tests.models.store.values import AT, entry, outsider

LINE = "number, at, actor, act, subject, before, after, before_sha, sha"


@pytest.fixture
def closed(store: Store, path: Path) -> Path:
    """A store with two people and ten more lines, nobody has it open."""
    for number in range(10):
        store.write_now(partial(journal.append, entry=entry("line", n=number)))
    store.close()
    return path


def found(path: Path) -> list[str]:
    findings = audit.check(path, path.with_name("backup"))
    assert all(finding.sentence("zh") and str(finding) for finding in findings)
    return [finding.code for finding in findings]


def lawless(path: Path, *statements: str, put_back: bool = True) -> None:
    """Do something to the journal with its triggers away, as somebody would who knows them."""
    db = outsider(path)
    for name in laws.LAWS:
        db.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        db.execute(statement)
    if put_back:
        for sql in laws.LAWS.values():
            db.execute(sql)
    db.close()


def test_a_line_comes_back_as_it_was_written(store: Store) -> None:
    beijing = timezone(timedelta(hours=8))
    act = JournalEntry(
        "p-zhou",
        "warning.submit",
        "warning:1",
        datetime(2026, 6, 18, 3, 12, 40, 123456, beijing),
        {"state": "draft"},
        {"towns": ("石坑镇", "沙田镇"), "rain_mm": 62.3, "missing": float("nan"), "at": AT},
    )
    written = store.write_now(lambda db: journal.append(db, act))
    (read,) = store.read(lambda db: journal.newest(db, limit=1))
    assert read == written
    assert read.entry.at == act.at
    assert read.entry.before == {"state": "draft"}
    assert read.entry.after == {
        "towns": ["石坑镇", "沙田镇"],
        "rain_mm": 62.3,
        "missing": None,
        "at": "2026-06-17T19:12:40.000000Z",
    }


def test_anybody_can_check_the_chain_with_a_few_lines_of_their_own(store: Store) -> None:
    """The recipe of the module's heading, done over without its code, on the exported lines."""
    for number in range(5):
        store.write_now(partial(journal.append, entry=entry("行", n=number, text='雨 "引号" \\ 换\n行')))
    before = "0" * 64
    for text in map(journal.json_line, store.read(journal.lines)):
        line = json.loads(text)
        values = [
            json.dumps(line[k], ensure_ascii=False, sort_keys=True, separators=(",", ":")) for k in ("before", "after")
        ]
        row = [line["number"], line["at"], line["actor"], line["act"], line["subject"], *values]
        body = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
        assert line["before_sha"] == before
        assert line["sha"] == hashlib.sha256((before + "\n" + body).encode()).hexdigest()
        before = line["sha"]
    known = head.read(store.head_path)
    assert known is not None
    assert known.sha == before


def test_lines_are_read_from_a_number_on_and_from_the_end(closed: Path) -> None:
    with Store.open(closed) as store:
        assert [line.number for line in store.read(lambda db: journal.lines(db, since_number=4, limit=3))] == [5, 6, 7]
        assert [line.number for line in store.read(lambda db: journal.newest(db, limit=3))] == [12, 11, 10]
        about = store.read(lambda db: journal.of_subject(db, "people:p-zhou"))
        assert [line.entry.act for line in about] == ["people.added"]


def test_an_untouched_journal_has_no_findings(closed: Path) -> None:
    assert found(closed) == []


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE journal SET act = 'other' WHERE number = 3", "journal.append_only"),
        ("UPDATE OR REPLACE journal SET number = 4 WHERE number = 3", "journal.append_only"),
        ("UPDATE OR IGNORE journal SET at = ''", "journal.append_only"),
        ("DELETE FROM journal", "journal.append_only"),
        ("DELETE FROM journal WHERE number = 12", "journal.append_only"),
        (f"REPLACE INTO journal ({LINE}) SELECT {LINE} FROM journal WHERE number = 12", "journal.out_of_order"),
        (
            (
                "INSERT OR REPLACE INTO journal SELECT number, at, 'another', act, subject, before, after, before_sha, sha"
                " FROM journal WHERE number = 5"
            ),
            "journal.out_of_order",
        ),
        (
            (
                f"INSERT OR IGNORE INTO journal ({LINE}) SELECT 99, at, actor, act, subject, before, after, sha, sha"
                " FROM journal WHERE number = 12"
            ),
            "journal.out_of_order",
        ),
        (
            (
                f"INSERT INTO journal ({LINE}) SELECT 13, at, actor, act, subject, before, after, before_sha, sha"
                " FROM journal WHERE number = 12"
            ),
            "journal.out_of_order",
        ),
        (
            (
                f"INSERT INTO journal ({LINE}) SELECT NULL, at, actor, act, subject, before, after, sha, sha"
                " FROM journal WHERE number = 12"
            ),
            "journal.out_of_order",
        ),
        (
            (
                f"INSERT INTO journal ({LINE}) SELECT number, at, actor, act, subject, before, 'x', before_sha, sha"
                " FROM journal WHERE number = 5 ON CONFLICT (number) DO UPDATE SET after = excluded.after"
            ),
            "journal.out_of_order",
        ),
    ],
)
def test_direct_sql_on_the_journal_is_refused(closed: Path, statement: str, code: str) -> None:
    db = outsider(closed)
    before = db.execute("SELECT * FROM journal").fetchall()
    with pytest.raises(sqlite3.IntegrityError, match=code):
        db.execute(statement)
    assert db.execute("SELECT * FROM journal").fetchall() == before
    db.close()
    assert found(closed) == []


def test_our_own_connection_is_refused_with_the_same_sentence(store: Store) -> None:
    with pytest.raises(StoreError, match="The journal can only grow") as refused:
        store.write_now(lambda db: db.execute("DELETE FROM journal"))
    assert refused.value.code == "journal.append_only"


def test_a_line_changed_behind_the_triggers_is_found(closed: Path) -> None:
    lawless(closed, """UPDATE journal SET after = '{"n":99}' WHERE number = 5""")
    assert found(closed) == ["journal.changed_line"]
    assert "5" in str(audit.check(closed)[0])


@pytest.mark.parametrize("column", ["at", "actor", "act", "subject", "before", "after"])
def test_not_one_sign_of_a_line_can_change_unseen(closed: Path, column: str) -> None:
    lawless(closed, f"UPDATE journal SET {column} = {column} || ' ' WHERE number = 7")
    assert found(closed) == ["journal.changed_line"]


def test_text_made_a_blob_is_found(closed: Path) -> None:
    lawless(closed, "UPDATE journal SET act = CAST(act AS BLOB) WHERE number = 7")
    assert found(closed) == ["journal.changed_line"]


def test_a_line_changed_and_summed_anew_breaks_the_chain_behind_it(closed: Path) -> None:
    db = outsider(closed)
    row = list(db.execute(f"SELECT {LINE} FROM journal WHERE number = 5").fetchone())
    db.close()
    row[3] = "something else"
    sha = journal.sha_of(row[7], 5, row[1:7])
    lawless(closed, f"UPDATE journal SET act = 'something else', sha = '{sha}' WHERE number = 5")
    assert found(closed) == ["journal.broken_chain"]


def rechain(path: Path, since: int) -> None:
    """Forge the whole chain from a line on, as somebody would who has this source."""
    db = outsider(path)
    rows = db.execute(f"SELECT {LINE} FROM journal ORDER BY number").fetchall()
    db.close()
    last, changes = rows[since - 2][8], []
    for row in rows[since - 1 :]:
        act = "forged" if row[0] == since else row[3]
        sha = journal.sha_of(last, row[0], [row[1], row[2], act, *row[4:7]])
        changes.append(f"UPDATE journal SET act='{act}', before_sha='{last}', sha='{sha}' WHERE number={row[0]}")
        last = sha
    lawless(path, *changes)


@pytest.mark.parametrize(
    ("act", "at", "before", "after"),
    [
        ("people.changed", "2026-06-17T19:12:40Z", "{}", "[]"),
        ("places.vouched", "2026-06-17T19:12:40Z", "{}", "{"),
        ("register.vouched", "2026-06-17T19:12:40Z", "5", "{}"),
        ("store.restored", "2026-06-17T19:12:40Z", "[]", "{}"),
        ("store.restored", "2026-06-17T19:12:40Z", '{"heads": [5]}', "[]"),
        ("people.pin_set", "yesterday", "{}", "{}"),
    ],
)
def test_a_line_that_is_chained_rightly_and_says_nothing_readable_is_found(
    store: Store, path: Path, act: str, at: str, before: str, after: str
) -> None:
    last = store.read(journal.head)
    texts = (at, "p-zhou", act, "people:p-zhou", before, after)
    store.write_now(
        lambda db: db.execute(
            "INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [last.number + 1, *texts, last.sha, journal.sha_of(last.sha, last.number + 1, texts)],
        )
    )
    assert found(path) == ["journal.unreadable_line"]


def test_a_chain_forged_to_its_end_is_betrayed_by_the_head(closed: Path) -> None:
    rechain(closed, 5)
    assert found(closed) == ["journal.other_line"]


def test_a_chain_forged_with_its_head_is_betrayed_by_a_backup(closed: Path) -> None:
    backups = closed.with_name("backup")
    backups.mkdir()
    (backups / "store-20260617T190000Z.head").write_bytes(closed.with_name("journal.head").read_bytes())
    rechain(closed, 5)
    db = outsider(closed)
    number, sha = db.execute("SELECT number, sha FROM journal ORDER BY number DESC LIMIT 1").fetchone()
    db.close()
    head.write(closed.with_name("journal.head"), head.Head(number, sha))
    assert found(closed) == ["journal.other_line"]


@pytest.mark.parametrize("kept", [0, 1, 7, 11])
def test_a_cut_tail_is_found(closed: Path, kept: int) -> None:
    lawless(closed, f"DELETE FROM journal WHERE number > {kept}")
    assert found(closed) == ["journal.cut_tail"]
    assert "line 12" in str(audit.check(closed)[0])


def test_a_cut_tail_stays_found_after_the_console_ran_on(closed: Path) -> None:
    """Opening and writing makes a new head; the old one is set aside, not overwritten."""
    lawless(closed, "DELETE FROM journal WHERE number > 8")
    with Store.open(closed) as store:
        for _ in range(9):
            store.write_now(lambda db: journal.append(db, entry("went on")))
    assert found(closed) == ["journal.other_line"]


def test_a_gap_in_the_numbers_is_found(closed: Path) -> None:
    lawless(closed, "DELETE FROM journal WHERE number = 6")
    assert found(closed) == ["journal.broken_numbers"]


def test_numbers_closed_up_again_are_found(closed: Path) -> None:
    lawless(
        closed,
        "DELETE FROM journal WHERE number = 6",
        "UPDATE journal SET number = number + 1000 WHERE number > 6",
        "UPDATE journal SET number = number - 1001 WHERE number > 1000",
    )
    codes = found(closed)
    assert "journal.broken_chain" in codes
    assert "journal.cut_tail" in codes


def test_missing_triggers_are_found(closed: Path) -> None:
    lawless(closed, put_back=False)
    assert found(closed) == ["store.no_triggers"]


def test_a_journal_built_anew_as_transform_does_is_found(closed: Path) -> None:
    db = outsider(closed)
    db.execute(f"CREATE TABLE other ({LINE})")
    db.execute(f"INSERT INTO other SELECT {LINE} FROM journal")
    db.execute("DROP TABLE journal")
    db.execute("ALTER TABLE other RENAME TO journal")
    db.close()
    assert found(closed)[:2] == ["store.no_triggers", "journal.other_table"]


def test_an_edited_head_is_found(closed: Path) -> None:
    beside = closed.with_name("journal.head")
    known = head.read(beside)
    assert known is not None
    head.write(beside, head.Head(known.number - 1, known.sha))
    assert found(closed) == ["journal.other_line"]
    head.write(beside, head.Head(known.number + 1, known.sha))
    assert found(closed) == ["journal.cut_tail"]
    beside.write_text("{}")
    assert found(closed) == ["journal.head_unreadable"]


def test_a_head_thrown_away_is_found_then_and_later(closed: Path) -> None:
    closed.with_name("journal.head").unlink()
    assert found(closed) == ["journal.head_missing"]
    with Store.open(closed) as store:
        store.write_now(lambda db: journal.append(db, entry("went on")))
    assert found(closed) == ["journal.head_begun_anew"]


def test_an_unreadable_head_is_set_aside_not_overwritten(closed: Path) -> None:
    closed.with_name("journal.head").write_text("garbage")
    Store.open(closed).close()
    assert closed.with_name("journal.head.unreadable").read_text() == "garbage"
    assert set(found(closed)) == {"journal.head_begun_anew", "journal.head_unreadable"}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.dictionaries(
        st.text(max_size=8),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
            max_leaves=6,
        ),
        max_size=4,
    )
)
def test_whatever_is_written_the_chain_holds(store: Store, values: dict[str, object]) -> None:
    act = JournalEntry("a", "any", "thing", AT, {}, values)
    try:
        written = store.write_now(lambda db: journal.append(db, act))
    except UnicodeEncodeError:  # half of a surrogate pair is no text
        return
    assert store.read(lambda db: journal.newest(db, limit=1)) == (written,)
    assert store.read(lambda db: journal.check(db, store.head_path)) == ()

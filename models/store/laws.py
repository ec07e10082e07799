"""The laws that SQLite itself keeps: triggers on the journal, the warnings, the people, the outbox and old records.

Each refuses with a code of ``resources/phrases/errors.toml``, so that a hand in
the file with any SQLite program is told the same as the console. The triggers
stand in the file; `missing` says which of them do not stand there word for word.

``REPLACE INTO`` deletes without firing delete triggers (unless
``recursive_triggers`` is on), so every guarded table also refuses an insert
that would push an existing row out.
"""

from __future__ import annotations

from sqlite_utils import Database

GENESIS = "0" * 64

_OUT = "('issued','replaced','lifted','expired')"


def _law(name: str, when: str, code: str, condition: str = "") -> tuple[str, str]:
    guard = f" WHEN {condition}" if condition else ""
    return name, f"CREATE TRIGGER {name} BEFORE {when}{guard} BEGIN SELECT RAISE(ABORT, '{code}'); END"


def _changed(*columns: str) -> str:
    return "(" + " OR ".join(f"NEW.{c} IS NOT OLD.{c}" for c in columns) + ")"


def _exists(table: str, condition: str) -> str:
    return f"EXISTS (SELECT 1 FROM {table} WHERE {condition})"


# The text is not among them: the time of issue is a blank in it until the issue fills it in.
_SIGNED = ("chain_id", "signal_id", "message_type", "towns", "guide", "valid_hours", "author_id", "exercise")
_LEGAL = (
    *_SIGNED,
    "text",
    "created_at",
    "alarm_ids",
    "previous_id",
    "number",
    "year",
    "submitted_at",
    "signer_id",
    "signed_at",
    "issued_at",
    "expires_at",
    "identifier",
    "cap_xml",
)
_SAME_HUMAN = _exists(
    "people AS a JOIN people AS s",
    "a.id = NEW.author_id AND s.id = NEW.signer_id AND (a.id = s.id"
    " OR upper(trim(a.staff_no)) = upper(trim(s.staff_no))"
    " OR (trim(a.phone) <> '' AND trim(a.name) = trim(s.name) AND trim(a.phone) = trim(s.phone)))",
)
_NUMBER_TAKEN = _exists("warnings", "year = NEW.year AND number = NEW.number AND id <> NEW.id")

_REGISTERS = "law_record_versions"

LAWS: dict[str, str] = dict(
    (
        # the journal
        _law("law_journal_update", "UPDATE ON journal", "journal.append_only"),
        _law("law_journal_delete", "DELETE ON journal", "journal.append_only"),
        _law(
            "law_journal_order",
            "INSERT ON journal",
            "journal.out_of_order",
            "NEW.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM journal) OR NEW.before_sha IS NOT "
            f"coalesce((SELECT sha FROM journal ORDER BY number DESC LIMIT 1), '{GENESIS}')",
        ),
        # two persons
        _law("law_warnings_signer_new", "INSERT ON warnings", "warnings.same_person", _SAME_HUMAN),
        _law("law_warnings_signer", "UPDATE ON warnings", "warnings.same_person", _SAME_HUMAN),
        _law("law_people_exists", "INSERT ON people", "people.exists", _exists("people", "id = NEW.id")),
        _law("law_people_delete", "DELETE ON people", "people.never_deleted"),
        _law("law_people_identity", "UPDATE ON people", "people.identity_fixed", _changed("id", "staff_no")),
        # the life of a warning
        _law("law_warnings_exists", "INSERT ON warnings", "warnings.exists", _exists("warnings", "id = NEW.id")),
        _law("law_warnings_born", "INSERT ON warnings", "warnings.not_signed", f"NEW.state IN {_OUT}"),
        _law("law_warnings_number_new", "INSERT ON warnings", "warnings.number_taken", _NUMBER_TAKEN),
        _law("law_warnings_number", "UPDATE ON warnings", "warnings.number_taken", _NUMBER_TAKEN),
        _law("law_warnings_delete", "DELETE ON warnings", "warnings.never_deleted"),
        _law("law_warnings_id", "UPDATE ON warnings", "warnings.issued_fixed", _changed("id")),
        _law(
            "law_warnings_signature",
            "UPDATE ON warnings",
            "warnings.no_signer",
            f"NEW.state IN ('signed', 'issued') AND OLD.state NOT IN {_OUT}"
            " AND (NEW.signer_id IS NULL OR NEW.signed_at IS NULL)",
        ),
        _law(
            "law_warnings_signed",
            "UPDATE ON warnings",
            "warnings.signed_fixed",
            f"OLD.state = 'signed' AND ((NEW.state IN ('signed', 'issued') AND {_changed(*_SIGNED, 'signer_id')})"
            f" OR (NEW.state = 'signed' AND {_changed('text')}))",
        ),
        _law(
            "law_warnings_issue",
            "UPDATE ON warnings",
            "warnings.not_signed",
            f"NEW.state IN {_OUT} AND OLD.state <> 'signed' AND OLD.state NOT IN {_OUT}",
        ),
        _law(
            "law_warnings_complete",
            "UPDATE ON warnings",
            "warnings.incomplete",
            "OLD.state = 'signed' AND NEW.state = 'issued' AND (NEW.number IS NULL OR NEW.year IS NULL"
            " OR NEW.issued_at IS NULL OR NEW.cap_xml IS NULL)",
        ),
        _law(
            "law_warnings_skip",
            "UPDATE ON warnings",
            "warnings.not_signed",
            "OLD.state = 'signed' AND NEW.state IN ('replaced', 'lifted', 'expired')",
        ),
        _law(
            "law_warnings_issued",
            "UPDATE ON warnings",
            "warnings.issued_fixed",
            f"OLD.state IN {_OUT} AND {_changed(*_LEGAL)}",
        ),
        _law(
            "law_warnings_back",
            "UPDATE ON warnings",
            "warnings.no_way_back",
            f"NEW.state <> OLD.state AND (OLD.state IN ('replaced', 'lifted', 'expired', 'withdrawn')"
            f" OR (OLD.state = 'issued' AND NEW.state NOT IN {_OUT}))",
        ),
        # what goes out and what comes back
        _law(
            "law_outbox_issued",
            "INSERT ON outbox",
            "outbox.not_issued",
            "(SELECT state FROM warnings WHERE id = NEW.warning_id) IS NOT 'issued'",
        ),
        _law("law_outbox_exists", "INSERT ON outbox", "outbox.exists", _exists("outbox", "id = NEW.id")),
        _law("law_outbox_delete", "DELETE ON outbox", "outbox.never_deleted"),
        _law(
            "law_outbox_fixed",
            "UPDATE ON outbox",
            "outbox.fixed",
            _changed("id", "warning_id", "channel", "kind", "recipient", "address", "body", "created_at"),
        ),
        _law("law_receipts_exists", "INSERT ON receipts", "receipts.exists", _exists("receipts", "id = NEW.id")),
        _law("law_receipts_update", "UPDATE ON receipts", "receipts.append_only"),
        _law("law_receipts_delete", "DELETE ON receipts", "receipts.append_only"),
        # the evidence of an alarm
        _law("law_alarms_exists", "INSERT ON alarms", "alarms.exists", _exists("alarms", "id = NEW.id")),
        _law("law_alarms_delete", "DELETE ON alarms", "alarms.never_deleted"),
        _law(
            "law_alarms_fixed",
            "UPDATE ON alarms",
            "alarms.fixed",
            _changed("id", "point_id", "level", "window_h", "rain_mm", "threshold_mm", "raised_at", "evidence"),
        ),
        # what the registers said before
        _law(f"{_REGISTERS}_update", "UPDATE ON record_versions", "register.versions_stay"),
        _law(f"{_REGISTERS}_delete", "DELETE ON record_versions", "register.versions_stay"),
        _law(
            f"{_REGISTERS}_order",
            "INSERT ON record_versions",
            "register.versions_stay",
            "NEW.number IS NOT 1 + (SELECT coalesce(max(number), 0) FROM record_versions"
            " WHERE register = NEW.register AND id = NEW.id)",
        ),
    )
)


def put(db: Database) -> None:
    """Write every law anew that there is a table for; a migration that changes one, or makes its table, calls this."""
    for name, sql in _asked(db).items():
        db.execute(f"DROP TRIGGER IF EXISTS {name}")
        db.execute(sql)


def missing(db: Database) -> tuple[str, ...]:
    """Return the names of the laws that do not stand in the file word for word, and of foreign triggers."""
    there = {row["name"]: row["sql"] for row in db.query("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")}
    absent = [name for name, sql in _asked(db).items() if there.get(name) != sql]
    return (*absent, *sorted(set(there) - set(LAWS)))


def _asked(db: Database) -> dict[str, str]:
    """Return all laws; those of the registers not before the registers have come (migration 0003)."""
    found = db.execute("SELECT count(*) FROM sqlite_master WHERE name IN ('records', 'record_versions')").fetchone()
    return {name: sql for name, sql in LAWS.items() if found[0] or not name.startswith(_REGISTERS)}

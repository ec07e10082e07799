"""An office's people, one warning and its messages, as the store's tests need them."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from models.act import JournalEntry
from models.hazard.level import Level
from models.reach.outbox import OutboxMessage
from models.store import people, warnings
from models.store.database import Database, Store
from models.warning.warning import MessageType, Person, TownLevel, WarningState, WeatherWarning

AT = datetime(2026, 6, 17, 19, 12, 40, tzinfo=UTC)
AUTHOR = Person("p-zhou", "周岚", "QL-0012", "000-0000-0012")
SIGNER = Person("p-shen", "沈知远", "QL-0003", "000-0000-0003", frozenset({"forecaster", "signer"}))
PIN = "180601"
CAP = "<alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'/>"


def minutes(count: float) -> datetime:
    """Return the moment so many minutes after `AT`."""
    return AT + timedelta(minutes=count)


def entry(act: str = "test.written", subject: str = "test", **after: object) -> JournalEntry:
    """Return one act of the author."""
    return JournalEntry(AUTHOR.id, act, subject, AT, {}, after)


def draft(warning_id: str = "w-1", **changes: object) -> WeatherWarning:
    """Return a draft by the author over two towns."""
    warning = WeatherWarning(
        id=warning_id,
        chain_id=warning_id,
        signal_id="rainstorm",
        message_type=MessageType.ALERT,
        state=WarningState.DRAFT,
        towns=(TownLevel("990001101", "石坑镇", Level.RED), TownLevel("990001102", "沙田镇", Level.ORANGE)),
        text="【演练】青岚县气象台〔时间〕发布暴雨红色预警信号。",
        guide=("转移危险区人员。", "停课停业。"),
        valid_hours=3.0,
        author_id=AUTHOR.id,
        created_at=AT,
        exercise=True,
        alarm_ids=("a-1",),
    )
    return replace(warning, **changes)  # type: ignore[arg-type]


def submitted(warning: WeatherWarning) -> WeatherWarning:
    """Return it submitted by its author."""
    return replace(warning, state=WarningState.SUBMITTED, submitted_at=minutes(2))


def signed(warning: WeatherWarning, signer_id: str = SIGNER.id) -> WeatherWarning:
    """Return it signed."""
    return replace(submitted(warning), state=WarningState.SIGNED, signer_id=signer_id, signed_at=minutes(4))


def issued(warning: WeatherWarning, number: int = 1) -> WeatherWarning:
    """Return it as it stands once issued."""
    return replace(
        signed(warning),
        state=WarningState.ISSUED,
        number=number,
        issued_at=minutes(5),
        expires_at=minutes(185),
        identifier=f"99000141600000_{number}",
        text=warning.text.replace("〔时间〕", "6月18日3时17分"),
    )


def messages(warning_id: str = "w-1", count: int = 3) -> tuple[OutboxMessage, ...]:
    """Return what goes out of a warning."""
    return tuple(
        OutboxMessage(f"{warning_id}-m{n}", warning_id, "folder", "text", f"责任人{n}", f"000-0000-{n:04d}", "正文", AT)
        for n in range(count)
    )


def add_people(db: Database) -> None:
    """Give author and signer their accounts."""
    for person in (AUTHOR, SIGNER):
        people.add(db, person, PIN, actor="system", at=AT)


def keep_signed(db: Database, warning: WeatherWarning) -> None:
    """Keep a warning through its steps up to the signature."""
    for step, standing in (("draft", warning), ("submit", submitted(warning)), ("sign", signed(warning))):
        warnings.save(db, standing, entry(f"warning.{step}", f"warning:{warning.id}"))


def keep_issued(store: Store, warning_id: str = "w-1", number: int = 1, count: int = 3) -> WeatherWarning:
    """Keep a warning through its whole way to the issue and return it."""
    warning = draft(warning_id)
    store.write_now(lambda db: keep_signed(db, warning))
    out = issued(warning, number)
    lines = (entry("warning.issue", f"warning:{warning_id}", number=number),)
    store.write_now(lambda db: warnings.issue(db, out, None, messages(warning_id, count), CAP, lines))
    return out


def outsider(path: Path) -> sqlite3.Connection:
    """Return a connection such as any SQLite program opens: none of our pragmas, commits at once."""
    return sqlite3.connect(path, isolation_level=None)

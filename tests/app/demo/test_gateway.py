"""The gateway stand-in as what it is: a process of its own between two folders."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.demo.gateway import FAILED_DETAIL, fate_of
from app.demo.people import contacts
from app.demo.scene import OPENING_AT
from models.identity import new_id
from models.reach.channels.folder import FolderChannel
from models.reach.outbox import DeliveryState, OutboxMessage, Receipt
from models.reach.receipts import read_receipt

ROOT = Path(__file__).resolve().parents[3]
PATIENCE_S = 20.0


@dataclass
class Desk:
    """The two folders, the clock file, and the gateways begun on them."""

    folder: Path
    running: list[subprocess.Popen[bytes]]

    def begin(self, *more: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "app.demo.gateway", "--clock", str(self.folder / "clock")]
        command += ["--outbox", str(self.folder / "outbox"), "--inbox", str(self.folder / "inbox"), *more]
        self.running.append(subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE))
        return self.running[-1]

    def set_clock(self, at: datetime) -> None:
        part = self.folder / "clock.part"
        part.write_text(at.isoformat(), encoding="utf-8")
        part.replace(self.folder / "clock")

    def send(self, address: str, message_id: str = "") -> str:
        message = OutboxMessage(
            message_id or new_id(), "w-1", "folder", "text", "某人", address, "【演练】短信", OPENING_AT
        )
        FolderChannel(self.folder / "outbox").send(message)
        return message.id

    def receipts(self) -> dict[str, Receipt]:
        found = [read_receipt(p.read_bytes()) for p in sorted((self.folder / "inbox").glob("*.json"))]
        assert len({r.message_id for r in found}) == len(found)
        return {r.message_id: r for r in found}

    def acts(self, act: str) -> list[dict[str, str]]:
        path = self.folder / "gateway.jsonl"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return [entry for entry in map(json.loads, lines) if entry["act"] == act]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    for name in ("outbox", "inbox"):
        (tmp_path / name).mkdir()
    made = Desk(tmp_path, [])
    made.set_clock(OPENING_AT)
    yield made
    for process in made.running:
        if process.stdin is not None:
            process.stdin.close()
        process.wait(PATIENCE_S)


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end, "the gateway did not do it in time"
        time.sleep(0.02)


def test_it_answers_each_message_one_to_three_drill_minutes_later(desk: Desk) -> None:
    desk.begin()
    ids = [desk.send(c.phone) for c in contacts()[:12]]
    until(lambda: len(desk.acts("taken")) == 12)
    assert desk.receipts() == {}
    desk.set_clock(OPENING_AT + timedelta(minutes=3))
    until(lambda: len(desk.acts("answered")) == 12)
    found = desk.receipts()
    assert set(found) == set(ids)
    waits = [r.at - OPENING_AT for r in found.values()]
    assert min(waits) >= timedelta(minutes=1)
    assert max(waits) <= timedelta(minutes=3)
    assert {e["address"] for e in desk.acts("taken")} == {c.phone for c in contacts()[:12]}


def test_a_phone_that_is_off_answers_failed(desk: Desk) -> None:
    off = next(c for c in contacts() if fate_of(c.phone)[0] is DeliveryState.FAILED)
    share = sum(fate_of(c.phone)[0] is DeliveryState.FAILED for c in contacts()) / len(contacts())
    assert 0.01 < share < 0.09
    desk.begin()
    message_id = desk.send(off.phone)
    until(lambda: len(desk.acts("taken")) == 1)
    desk.set_clock(OPENING_AT + timedelta(minutes=3))
    until(lambda: len(desk.acts("answered")) == 1)
    assert desk.receipts()[message_id].state is DeliveryState.FAILED
    assert desk.receipts()[message_id].detail == FAILED_DETAIL


def test_a_repeat_is_dropped_by_its_id_even_after_a_restart(desk: Desk) -> None:
    first = desk.begin()
    message_id = desk.send("000-0000-0101")
    until(lambda: len(desk.acts("taken")) == 1)
    desk.send("000-0000-0101", message_id)
    until(lambda: len(desk.acts("repeat")) == 1)
    assert first.stdin is not None
    first.stdin.close()
    assert first.wait(PATIENCE_S) == 0
    desk.begin()
    until(lambda: len(desk.acts("repeat")) == 2)
    desk.set_clock(OPENING_AT + timedelta(minutes=3))
    until(lambda: len(desk.acts("answered")) == 1)
    assert len(desk.acts("taken")) == 1
    assert set(desk.receipts()) == {message_id}


def test_a_silent_gateway_takes_and_never_answers(desk: Desk) -> None:
    desk.begin("--silent")
    desk.send("000-0000-0101")
    until(lambda: len(desk.acts("taken")) == 1)
    desk.set_clock(OPENING_AT + timedelta(minutes=30))
    marker = desk.send("000-0000-0102")
    until(lambda: any(e["message"] == marker for e in desk.acts("taken")))
    assert desk.receipts() == {}
    assert desk.acts("answered") == []


def test_a_broken_message_is_named_and_the_rest_goes_on(desk: Desk) -> None:
    (desk.folder / "outbox" / "broken.json").write_bytes(b'{"message": ')
    desk.begin()
    desk.send("000-0000-0101")
    until(lambda: len(desk.acts("taken")) == 1)
    assert [e["file"] for e in desk.acts("refused")] == ["broken.json"]


def test_it_ends_when_the_console_ends(desk: Desk) -> None:
    process = desk.begin()
    assert process.poll() is None
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(PATIENCE_S) == 0

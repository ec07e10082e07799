"""The gateway of the exercise: a process of its own that takes messages and answers them.

It watches ``outbox/`` as a sending platform would, keeps a list of what it
took, drops what comes a second time with the same id, and one to three
minutes of drill time later writes a receipt into ``inbox/``. A few phones are
switched off. It ends when its standard input closes, so it never outlives the
console that began it.

    python -m app.demo.gateway --outbox DIR --inbox DIR --clock FILE [--list DIR] [--silent]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import threading
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from models.reach.outbox import DeliveryState, Receipt
from models.reach.receipts import write_receipt

LIST_NAME = "gateway.jsonl"
LOOK_S = 0.05
SEED = "990001"
FAILING_PERCENT = 4
FAILED_DETAIL = "对方关机"

_RECEIPTS = uuid.UUID("6f9a1d52-3a0e-5c47-9d4e-000000990001")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the gateway will say of one message, and when."""

    message_id: str
    state: DeliveryState
    at: datetime
    detail: str


@dataclass(slots=True)
class Gateway:
    """Takes and answers messages by folders; ``step`` does one look.

    Parameters
    ----------
    outbox, inbox : Path
        Where messages come from and receipts go to.
    list_path : Path
        One line of JSON for each message taken, repeat dropped, file refused and answer given.
    silent : bool
        Take messages and never answer.
    """

    outbox: Path
    inbox: Path
    list_path: Path
    silent: bool = False
    _taken: dict[str, Answer] = field(default_factory=dict)
    _answered: set[str] = field(default_factory=set)
    _seen: dict[str, int] = field(default_factory=dict)

    def remember(self) -> None:
        """Read the list of an earlier run, so that a restart drops repeats and gives the answers it owes."""
        if not self.list_path.exists():
            return
        for line in self.list_path.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            if entry["act"] == "taken":
                at = datetime.fromisoformat(entry["answer_at"])
                state = DeliveryState(entry["answer"])
                self._taken[entry["message"]] = Answer(entry["message"], state, at, entry["detail"])
            elif entry["act"] == "answered":
                self._answered.add(entry["message"])

    def step(self, now: datetime) -> None:
        """Take what is new in the outbox, then give the answers that are due at ``now``."""
        for path in sorted(self.outbox.glob("*.json")):
            self._take(path, now)
        if self.silent:
            return
        for answer in self._taken.values():
            if answer.message_id not in self._answered and answer.at <= now:
                self._answer(answer, now)

    def _take(self, path: Path, now: datetime) -> None:
        written = 0
        try:
            written = path.stat().st_mtime_ns
            if path.name.startswith(".") or self._seen.get(path.name) == written:
                return
            content = json.loads(path.read_text(encoding="utf-8"))
            message_id, address = str(content["message"]), str(content["address"])
        except FileNotFoundError:
            return
        except (OSError, ValueError, KeyError, TypeError) as error:
            self._seen[path.name] = written
            self._note({"act": "refused", "file": path.name, "cause": repr(error), "at": now.isoformat()})
            return
        self._seen[path.name] = written
        if message_id in self._taken:
            self._note({"act": "repeat", "message": message_id, "at": now.isoformat()})
            return
        state, detail, wait = fate_of(address)
        answer = Answer(message_id, state, now + wait, detail)
        self._taken[message_id] = answer
        facts = {key: content.get(key, "") for key in ("warning", "channel", "kind", "recipient", "address")}
        self._note(
            {
                "act": "taken",
                "message": message_id,
                "at": now.isoformat(),
                **facts,
                "answer": state.value,
                "answer_at": answer.at.isoformat(),
                "detail": detail,
            }
        )

    def _answer(self, answer: Answer, now: datetime) -> None:
        receipt_id = str(uuid.uuid5(_RECEIPTS, answer.message_id))
        data = write_receipt(Receipt(receipt_id, answer.message_id, answer.state, answer.at, answer.detail))
        part = self.inbox / f".receipt-{receipt_id}.part"
        part.write_bytes(data)
        part.replace(self.inbox / f"receipt-{receipt_id}.json")
        self._answered.add(answer.message_id)
        self._note({"act": "answered", "message": answer.message_id, "receipt": receipt_id, "at": now.isoformat()})

    def _note(self, entry: dict[str, Any]) -> None:
        with self.list_path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")


def fate_of(address: str) -> tuple[DeliveryState, str, timedelta]:
    """Return what happens to messages for an address, the same in every run: state, detail, wait of 1 to 3 minutes."""
    dice = hashlib.sha256(f"{SEED}:{address}".encode()).digest()
    wait = timedelta(seconds=60 + int.from_bytes(dice[:2], "big") % 121)
    if address.startswith("000") and dice[2] * 100 < FAILING_PERCENT * 256:
        return DeliveryState.FAILED, FAILED_DETAIL, wait
    return DeliveryState.DELIVERED, "", wait


def read_clock(path: Path) -> datetime | None:
    """Return the drill's moment from the clock file, None while it cannot be read."""
    try:
        at = datetime.fromisoformat(path.read_text(encoding="utf-8").strip())
    except (OSError, ValueError):
        return None
    return at if at.tzinfo is not None else None


def main(arguments: list[str] | None = None) -> int:
    """Run until standard input closes; return the exit code."""
    parser = argparse.ArgumentParser(prog="gateway")
    parser.add_argument("--outbox", type=Path, required=True)
    parser.add_argument("--inbox", type=Path, required=True)
    parser.add_argument("--clock", type=Path, required=True)
    parser.add_argument("--list", type=Path, default=None, dest="list_folder")
    parser.add_argument("--silent", action="store_true")
    given = parser.parse_args(arguments)
    folder = given.list_folder or given.outbox.parent
    gateway = Gateway(given.outbox, given.inbox, folder / LIST_NAME, given.silent)
    gateway.remember()
    closed = threading.Event()
    threading.Thread(target=_wait_for_close, args=(closed,), daemon=True).start()
    while not closed.wait(LOOK_S):
        now = read_clock(given.clock)
        if now is not None:
            gateway.step(now)
    return 0


def _wait_for_close(closed: threading.Event) -> None:
    while sys.stdin.buffer.read(1024):
        pass
    closed.set()


if __name__ == "__main__":
    raise SystemExit(main())

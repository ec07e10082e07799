"""A desk as a process of its own that issues a warning, works its outbox off, and dies where it is told to.

``python -m tests.walks.issue_and_die FOLDER prepare`` makes a store with two people
and a signed warning. ``... FOLDER run [DIE_AT]`` issues it if it is only signed and
hands the waiting messages to the channel ``folder``; at the ``DIE_AT``-th word of the
fault switch, counted from 0, it kills itself with SIGKILL. Without ``DIE_AT`` it prints
every word and ends well: the same call is the restart.
"""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

from models.identity import new_id
from models.reach.channels import open_channel
from models.reach.outbox import OutboxMessage
from models.store import outbox, warnings
from models.store.database import Store
from models.warning.warning import WarningState
from tests.models.store.values import CAP, add_people, draft, entry, issued, keep_signed, minutes

WARNING = "w-1"
RECIPIENTS = 4


class FaultSwitch:
    """Counts the words of the store and of the channel; kills this process at one of them."""

    def __init__(self, die_at: int | None) -> None:
        self.die_at = die_at
        self.words: list[str] = []

    def __call__(self, word: str) -> None:
        self.words.append(word)
        if self.die_at is not None and len(self.words) > self.die_at:
            os.kill(os.getpid(), signal.SIGKILL)


def prepare(folder: Path) -> None:
    """Make the office's folders, its people and a signed warning."""
    (folder / "outbox").mkdir(parents=True)
    with Store.open(folder / "store.sqlite") as store:
        store.write_now(add_people)
        store.write_now(lambda db: keep_signed(db, draft(WARNING)))


def run(folder: Path, switch: FaultSwitch) -> None:
    """Do what a desk does after its start: issue what the operator issues, then work the outbox off."""
    channel = open_channel("folder", folder / "outbox")
    with Store.open(folder / "store.sqlite", after_statement=switch) as store:
        if store.read(lambda db: warnings.find(db, WARNING)).state is WarningState.SIGNED:
            number = store.read(lambda db: warnings.next_number(db, 2026))
            out, line = issued(draft(WARNING), number), entry("warning.issue", f"warning:{WARNING}", number=number)
            messages = _messages()
            store.write_now(lambda db: warnings.issue(db, out, None, messages, CAP, (line,)))
        for message in store.read(outbox.queued):
            channel.send(message)
            switch("sent")
            store.write_now(partial(outbox.mark_handed_over, id=message.id, at=minutes(6)))


def _messages() -> tuple[OutboxMessage, ...]:
    """Return one message for each recipient, under ids that no attempt before had."""
    base = OutboxMessage("", WARNING, "folder", "text", "", "", "【演练】正文", minutes(5))
    return tuple(
        replace(base, id=new_id(), recipient=f"责任人{n}", address=f"000-0000-{n:04d}") for n in range(RECIPIENTS)
    )


def main() -> None:
    """Run one of the two acts."""
    folder, act, *rest = sys.argv[1:]
    if act == "prepare":
        prepare(Path(folder))
        return
    switch = FaultSwitch(int(rest[0]) if rest else None)
    run(Path(folder), switch)
    sys.stdout.write("\n".join(switch.words) + "\n")


if __name__ == "__main__":
    main()

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
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

from app.clock import DrillClock
from app.warning.issuing import IssueOrder, issue
from app.warning.reach_desk import work_off
from app.warning.warning_entries import begun
from models.reach.channels import Channel, open_channel
from models.reach.outbox import OutboxMessage
from models.store import people, places, warnings
from models.store.database import Database, Store
from models.warning.issuing_office import IssuingOffice
from models.warning.lifecycle import Step, advance
from models.warning.recipient import Recipient
from models.warning.warning import WarningState, WeatherWarning
from tests.models.warning.scene import AUTHOR, COUNTY, NOW, OBSERVED, SIGNER, TOWNS, first_draft

OFFICE = IssuingOffice(
    "青岚县气象台", "Qinglan County Meteorological Office", "990001", exercise=True, drill_phones=("000",)
)
PEOPLE = tuple(Recipient(f"责任人{n}", f"000-0000-{n:04d}", (TOWNS[0].code,), ("石坑沟",)) for n in range(1, 4))
MESSAGES = len(PEOPLE) + 1  # each person's text, and the CAP file
ISSUED_AT = NOW + timedelta(minutes=3)


class FaultSwitch:
    """Counts the words of the store and of the channel; kills this process at one of them."""

    def __init__(self, die_at: int | None) -> None:
        self.die_at = die_at
        self.words: list[str] = []

    def __call__(self, word: str) -> None:
        self.words.append(word)
        if self.die_at is not None and len(self.words) > self.die_at:
            os.kill(os.getpid(), signal.SIGKILL)


class ToldChannel:
    """The channel ``folder`` as it is; the switch hears of each message that it took."""

    def __init__(self, channel: Channel, switch: Callable[[str], None]) -> None:
        self._channel, self._switch = channel, switch

    def send(self, message: OutboxMessage) -> None:
        self._channel.send(message)
        self._switch("sent")


def prepare(folder: Path) -> None:
    """Make the office's folders, its people and towns, and a warning that waits for its issue, signed."""
    (folder / "outbox").mkdir(parents=True)
    with Store.open(folder / "store.sqlite") as store:
        store.write_now(_fill)


def _fill(db: Database) -> None:
    places.replace(db, (COUNTY, *TOWNS), actor="system", at=NOW)
    for person in (AUTHOR, SIGNER):
        people.add(db, person, "180601", actor="system", at=NOW)
    draft = first_draft(office=OFFICE).warning
    warnings.save(db, draft, begun(draft, "alarm"))
    submitted, line = advance(draft, Step.SUBMIT, AUTHOR, NOW + timedelta(minutes=1), author=AUTHOR)
    warnings.save(db, submitted, line)
    signed, line = advance(submitted, Step.SIGN, SIGNER, NOW + timedelta(minutes=2), author=AUTHOR)
    warnings.save(db, signed, line)


def the_warning(db: Database) -> WeatherWarning:
    """Return the one warning of the office."""
    return warnings.all_warnings(db)[0]


def run(folder: Path, switch: FaultSwitch) -> None:
    """Do what a desk does after its start: issue what the operator issues, then work the outbox off."""
    channels = {"folder": ToldChannel(open_channel("folder", folder / "outbox"), switch)}
    with Store.open(folder / "store.sqlite", after_statement=switch) as store:
        warning = store.read(the_warning)
        if warning.state is WarningState.SIGNED:
            order = IssueOrder(warning, AUTHOR, AUTHOR, OFFICE, TOWNS, PEOPLE, OBSERVED, ("folder",), ISSUED_AT)
            store.write_now(partial(issue, order=order))
        work_off(store, channels, DrillClock(ISSUED_AT))


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

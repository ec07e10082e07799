"""Killed at any point around the issue, a desk comes back whole, and nobody is told twice.

The kills are real (SIGKILL of a real process), the points are each word of the
store's fault switch: after every statement, commit, head and hand-over.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from models.reach.outbox import DeliveryState
from models.store import audit, journal, outbox, warnings
from models.store.database import Store
from models.warning.warning import WarningState
from tests.data import ROOT, long_count
from tests.walks.issue_and_die import MESSAGES, FaultSwitch, run, the_warning

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")


class Receiver:
    """The other side: takes what lies in the outbox folder and drops repeats by the message's id."""

    def __init__(self, folder: Path) -> None:
        self.outbox = folder / "outbox"
        self.arrived: list[str] = []
        self.kept: dict[str, str] = {}

    def take(self) -> None:
        for file in sorted(self.outbox.glob("*.json")):
            message = json.loads(file.read_text(encoding="utf-8"))
            self.arrived.append(message["message"])
            self.kept.setdefault(message["message"], message["recipient"])
            file.unlink()


def desk(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.walks.issue_and_die", str(folder), *words],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("desk") / "office"
    ran = desk(folder, "prepare")
    assert ran.returncode == 0, ran.stderr
    return folder


@pytest.fixture(scope="module")
def words(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The words of a run that nobody kills."""
    folder = tmp_path_factory.mktemp("whole") / "office"
    shutil.copytree(prepared, folder)
    ran = desk(folder, "run")
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.split("\n")[:-1]


def test_the_issue_is_one_transaction_and_the_hand_over_comes_after_it(words: list[str]) -> None:
    issue = ["update warnings", "insert journal", *["insert outbox"] * MESSAGES, "committed", "head written"]
    hand_over = ["sent", "update outbox", "insert journal", "committed", "head written"]
    assert words == [*issue, *hand_over * MESSAGES]


def points(words: list[str]) -> list[int]:
    """Ten points: each of the issue, and two of the hand-over at random; with --long, every one."""
    issue = words.index("head written") + 1
    chosen = [*range(issue), *sorted(dice().sample(range(issue, len(words)), 10 - issue))]
    return list(range(len(words))) if long_count(0, 1) else chosen


def dice() -> random.Random:
    seed = int(os.environ.get("FENGSUI_SEED", "0")) or random.SystemRandom().randrange(1, 10**6)
    print(f"seed {seed} (FENGSUI_SEED={seed} repeats this run)")
    return random.Random(seed)


def test_ten_kills_around_the_issue(prepared: Path, words: list[str], tmp_path: Path) -> None:
    for point in points(words):
        folder = tmp_path / f"killed-at-{point}"
        shutil.copytree(prepared, folder)
        killed = desk(folder, "run", str(point))
        where = f"point {point}: after {words[point]!r}"
        assert killed.returncode == -signal.SIGKILL, where

        receiver = Receiver(folder)
        receiver.take()  # the gateway runs on while the desk is down
        stands_whole_or_not_at_all(folder, committed=point >= words.index("committed"), where=where)

        run(folder, FaultSwitch(None))  # the restart: the same call, unhindered
        receiver.take()
        everything_went_out_once(folder, receiver, where)


def stands_whole_or_not_at_all(folder: Path, *, committed: bool, where: str) -> None:
    """See that state, journal and outbox tell one story, and that it is the one that was confirmed."""
    with Store.open(folder / "store.sqlite") as store:
        state = store.read(the_warning).state
        lines = [
            line.entry.act for line in store.read(lambda db: journal.of_subject(db, f"warning:{the_warning(db).id}"))
        ]
        messages = store.read(outbox.messages)
        if committed:
            assert state is WarningState.ISSUED, where
            assert len(messages) == MESSAGES, where
            assert store.read(lambda db: warnings.cap_of(db, the_warning(db).id)), where
        else:
            assert state is WarningState.SIGNED, where
            assert messages == (), where
        assert lines.count("warning.issue") == (1 if committed else 0), where
        assert store.read(lambda db: journal.check(db, store.head_path)) == (), where


def everything_went_out_once(folder: Path, receiver: Receiver, where: str) -> None:
    with Store.open(folder / "store.sqlite") as store:
        messages = store.read(outbox.messages)
        assert store.read(the_warning).state is WarningState.ISSUED, where
        assert [m.state for m in messages] == [DeliveryState.HANDED_OVER] * MESSAGES, where
        assert set(receiver.kept) == {m.id for m in messages}, where
        assert Counter(receiver.kept.values()) == Counter(m.recipient for m in messages), where
        assert all(count == 1 for count in Counter(receiver.kept.values()).values()), where
        assert len(receiver.arrived) <= MESSAGES + 1, where  # at most the one in hand was sent twice
    assert audit.check(folder / "store.sqlite") == (), where


def test_a_kill_at_a_random_moment_leaves_the_store_whole(prepared: Path, tmp_path: Path) -> None:
    """Not at a word of ours but at any time of the clock: while writing, syncing, renaming."""
    moments = dice()
    shutil.copytree(prepared, tmp_path / "timed")
    begun = time.monotonic()
    assert desk(tmp_path / "timed", "run").returncode == 0
    whole_s = time.monotonic() - begun
    for attempt in range(long_count(2, 40)):
        folder = tmp_path / f"random-{attempt}"
        shutil.copytree(prepared, folder)
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.walks.issue_and_die", str(folder), "run"],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            process.wait(timeout=whole_s * moments.uniform(0.6, 1.0))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        receiver = Receiver(folder)
        receiver.take()
        with Store.open(folder / "store.sqlite") as store:
            issued = store.read(the_warning).state is WarningState.ISSUED
        stands_whole_or_not_at_all(folder, committed=issued, where=f"attempt {attempt}")
        run(folder, FaultSwitch(None))
        receiver.take()
        everything_went_out_once(folder, receiver, f"attempt {attempt}")

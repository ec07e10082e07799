"""``fengsui demo --headless``: the whole chain once, on the fictional county, with pictures and files left behind."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import resources
from app import startup
from app.clock import DrillClock
from app.console import Console
from app.demo.office import open_or_build
from app.demo.people import EXERCISE_PINS, FORECASTER, STAFF
from app.demo.player import STEP, Player
from app.demo.scene import OPENING_AT
from app.feed.feed_items import FeedState
from app.language import system_language
from app.office import Office
from models.errors import ConsoleError, DataError
from models.hazard.level import Level
from models.reach.outbox import DeliveryState
from models.store import journal, warnings
from models.store.database import Database
from models.warning.cap.checker import check
from models.warning.lifecycle import Step
from models.warning.warning import MessageType, Person, WarningState, WeatherWarning

DRILL_MINUTES = 70
RECEIPTS_WITHIN = timedelta(minutes=5)
SETTLE_S = 30.0
SIZE = (1920, 1080)
ANSWERED = {DeliveryState.DELIVERED, DeliveryState.FAILED}


class StepFailedError(Exception):
    """A step of the exercise did not happen: which, and why."""

    def __init__(self, step: str, why: str) -> None:
        super().__init__(f"{step}: {why}")
        self.step, self.why = step, why


@dataclass(frozen=True, slots=True)
class Schedule:
    """When the three messages of an exercise are begun: the first draft, its update at the peak, the lifting."""

    draft_at: datetime
    peak_at: datetime
    end_at: datetime

    @classmethod
    def of(cls, minutes: int) -> Schedule:
        """Spread an exercise over so many drill minutes."""
        return cls(*(OPENING_AT + timedelta(minutes=round(minutes * share / 7)) for share in (2, 4, 7)))


class Play:
    """One exercise from the built office to the journal; each step is printed with its time."""

    def __init__(
        self,
        out: Path,
        *,
        speed: float,
        language: str,
        theme: str,
        silent_gateway: bool = False,
        minutes: int = DRILL_MINUTES,
    ) -> None:
        self._schedule = Schedule.of(minutes)
        self._out, self._speed, self._language, self._theme = out, speed, language, theme
        self._silent_gateway = silent_gateway
        self._begun = time.perf_counter()
        self._building = ""
        self._clock = DrillClock(OPENING_AT)
        self._console: Console | None = None
        self._player: Player | None = None

    @property
    def console(self) -> Console:
        """The console, once it is open."""
        if self._console is None:
            raise StepFailedError("console", "not open")
        return self._console

    @property
    def player(self) -> Player:
        """The player, once the console is open."""
        if self._player is None:
            raise StepFailedError("console", "not open")
        return self._player

    def run(self, folder: Path) -> None:
        """Play everything; raises `StepFailedError` at the first step that does not happen."""
        office = self._build(folder)
        self._open(office)
        self._take_in("inbox")
        self._sign_in()
        self._advance(self._schedule.draft_at)
        self._alarms()
        first = self._warn("draft", lambda: self.console.draft_from(self._worst_alarm()))
        self._receipts(first)
        self._advance(self._schedule.peak_at)
        self._picture("console-peak.png", "watch", "peak")
        second = self._warn("update", lambda: self.console.warnings.update(first.id, self.console.alarms.towns, 0))
        self._check_chain(first, second, WarningState.REPLACED)
        self._receipts(second)
        self._advance(self._schedule.end_at)
        third = self._warn("lift", lambda: self.console.warnings.lift(second.id))
        self._check_chain(second, third, WarningState.LIFTED)
        self._receipts(third)
        self._leave_behind(office)

    def close(self) -> None:
        """End the gateway and close the console."""
        if self._player is not None:
            self._player.close()
        if self._console is not None:
            self._console.close()

    # Steps

    def _build(self, folder: Path) -> Office:
        try:
            office = open_or_build(folder, self._say_progress)
        except ConsoleError as error:
            raise StepFailedError("county", error.sentence(self._language or system_language())) from error
        self._say("county", office.settings.office.name)
        return office

    def _open(self, office: Office) -> None:
        startup.make_application(language=self._language, theme=self._theme, offscreen=True)
        self._console = startup.open_console(office, self._clock, look_ms=20, loud=False)
        self._player = Player(self._console, self._clock, silent_gateway=self._silent_gateway)
        window = self._console.rooms.window
        window.resize(*SIZE)
        window.show()
        if self._console.store.read(warnings.all_warnings):
            raise StepFailedError("county", f"{office.folder} has been played already; name a new folder")
        if not startup.wait_until(lambda: self.console.drawn and self.player.settled, timeout_s=SETTLE_S):
            raise StepFailedError("console", "the map was not drawn in time")
        window.hide()
        self._say("console", f"{len(self._console.alarms.points)}")

    def _take_in(self, step: str) -> None:
        """Check that all that came in so far was read."""
        self._settle(step)
        items = self.console.feed.items
        bad = [i for i in items if i.state in {FeedState.REFUSED, FeedState.INCOMPLETE}]
        if bad:
            raise StepFailedError(step, f"{bad[0].name}: {bad[0].error}")
        if not self.console.radar.frames:
            raise StepFailedError(step, "no radar picture")
        unjudged = sum(v.level is Level.NOT_JUDGED for v in self.console.alarms.verdicts)
        self._say(step, f"{len(items)}, {len(self.console.radar.frames)}, {unjudged}")

    def _sign_in(self) -> None:
        self.console.duty.sign_in(FORECASTER.id, EXERCISE_PINS[FORECASTER.id])
        self._settle("duty")
        if self.console.duty.on_duty is None:
            raise StepFailedError("duty", "nobody is on duty")
        if self._second_person() is None:
            raise StepFailedError("sign", "there is no second person")
        self._say("duty", FORECASTER.name)

    def _alarms(self) -> None:
        alarms = self.console.alarms.alarms
        if not any(a.level.rank >= Level.ORANGE.rank for a in alarms):
            raise StepFailedError("alarm", "no point has reached orange")
        worst = max(alarms, key=lambda a: a.level.rank)
        self._say("alarm", f"{len(alarms)}, {worst.point_name} {worst.rain_mm:.1f}/{worst.threshold_mm:g} mm")

    def _warn(self, step: str, begin: Callable[[], None]) -> WeatherWarning:
        """Take one message from its draft to its issue, by two people."""
        desk, pictured = self.console.warnings, step == "draft"
        before = {w.id for w in desk.warnings}
        begin()
        if not startup.wait_until(lambda: desk.drafts.products is not None and not desk.busy, timeout_s=SETTLE_S):
            raise StepFailedError(step, str(desk.drafts.product_error or "no draft"))
        self._say(step, self._towns())
        desk.submit()
        self._state(WarningState.SUBMITTED, "submit")
        if pictured:
            self._picture("console-draft.png", "issue", "")
        signer = self._second_person()
        if signer is None:
            raise StepFailedError("sign", "there is no second person")
        desk.sign(signer.id, EXERCISE_PINS[signer.id])
        self._state(WarningState.SIGNED, "sign")
        startup.wait_until(lambda: Step.ISSUE in desk.steps(), timeout_s=SETTLE_S)
        desk.issue()
        issued = startup.wait_until(lambda: desk.drafts.draft is None and not desk.busy, timeout_s=SETTLE_S)
        found = [w for w in desk.warnings if w.id not in before and w.state is WarningState.ISSUED]
        if not issued or not found:
            raise StepFailedError("issue", "the warning was not issued")
        warning = found[0]
        cap = self.console.store.read(lambda db: warnings.cap_of(db, warning.id))
        report = check(cap.encode())
        if not report.valid:
            raise StepFailedError("cap", report.errors[0].message("en"))
        self._say("issue", f"{warning.identifier}, CAP 1.2")
        self._deliver(warning)
        if pictured:
            self._picture("console-issued.png", "issue", "")
        return warning

    def _deliver(self, warning: WeatherWarning) -> None:
        reach = self.console.reach
        reach.send()
        self._settle("deliver")
        messages = reach.of(warning.id)
        stuck = [m for m in messages if m.state is DeliveryState.QUEUED]
        if not messages or stuck:
            raise StepFailedError("deliver", stuck[0].error if stuck else "no message was queued")
        self._say("deliver", f"{len(messages)}")

    def _receipts(self, warning: WeatherWarning) -> None:
        """Let drill time go on until every message has its answer."""
        reach, until = self.console.reach, self._clock.now() + RECEIPTS_WITHIN

        def answered() -> bool:
            return all(m.state in ANSWERED for m in reach.of(warning.id))

        while not answered() and self._clock.now() < until:
            self._advance(self._clock.now() + STEP)
        if not startup.wait_until(answered, timeout_s=3):
            silent = sum(m.state not in ANSWERED for m in reach.of(warning.id))
            raise StepFailedError("receipts", f"{silent} messages without a receipt")
        done = sum(m.state is DeliveryState.DELIVERED for m in reach.of(warning.id))
        self._say("receipts", f"{done}/{len(reach.of(warning.id))}")

    def _check_chain(self, before: WeatherWarning, after: WeatherWarning, state: WarningState) -> None:
        stands = self.console.warnings.find(before.id)
        if stands is None or stands.state is not state or after.previous_id != before.id:
            raise StepFailedError("chain", f"{before.identifier} is not {state.value}")

    def _leave_behind(self, office: Office) -> None:
        """Leave CAP files, messages, receipts and the journal in the folder."""
        out = self._out
        for name in ("messages", "receipts", "cap"):
            (out / name).mkdir(parents=True, exist_ok=True)
        issued = [w for w in self.console.warnings.warnings if w.identifier]
        for warning in issued:
            xml = self.console.store.read(lambda db, w=warning: warnings.cap_of(db, w.id))  # type: ignore[misc]
            kind = {MessageType.ALERT: "alert", MessageType.UPDATE: "update", MessageType.CANCEL: "cancel"}
            name = f"{warning.identifier}-{kind[warning.message_type]}.xml"
            (out / "cap" / name).write_text(xml, encoding="utf-8")
        for path in office.outbox.glob("*.json"):
            shutil.copy2(path, out / "messages" / path.name)
        for path in office.archive.rglob("receipt-*.json"):
            shutil.copy2(path, out / "receipts" / path.name)

        def lines(db: Database) -> list[str]:
            return [journal.json_line(line) for line in journal.lines(db)]

        written = self.console.store.read(lines)
        (out / "journal.jsonl").write_text("\n".join(written) + "\n", encoding="utf-8")
        self._say("journal", f"{len(written)}")

    # Inside

    def _second_person(self) -> Person | None:
        """Return who may sign, if anybody but the author may."""
        known = (self.console.warnings.person(p.id) for p in STAFF if p.id != FORECASTER.id)
        return next((p for p in known if p is not None and p.active and "signer" in p.roles), None)

    def _worst_alarm(self) -> str:
        return max(self.console.alarms.alarms, key=lambda a: (a.level.rank, a.raised_at)).id

    def _towns(self) -> str:
        draft = self.console.warnings.drafts.draft
        return " ".join(f"{t.name}:{t.level.value}" for t in draft.warning.towns) if draft else ""

    def _state(self, state: WarningState, step: str) -> None:
        desk = self.console.warnings

        def reached() -> bool:
            return desk.drafts.draft is not None and desk.drafts.draft.warning.state is state

        if not startup.wait_until(reached, timeout_s=SETTLE_S):
            raise StepFailedError(step, f"the draft is not {state.value}")
        self._say(step, "")

    def _advance(self, to: datetime) -> None:
        while self._clock.now() < to:
            began = time.perf_counter()
            self.player.advance(min(self._clock.now() + STEP, to))
            self._settle("drill")
            if self._speed:
                due = began + STEP.total_seconds() / self._speed
                startup.wait_until(partial(_is_past, due), timeout_s=STEP.total_seconds())
        self._check_feed()

    def _check_feed(self) -> None:
        bad = [i for i in self.console.feed.items if i.state in {FeedState.REFUSED, FeedState.INCOMPLETE}]
        if bad:
            raise StepFailedError("inbox", f"{bad[0].name}: {bad[0].error}")

    def _settle(self, step: str) -> None:
        if not startup.wait_until(lambda: self.player.settled, timeout_s=SETTLE_S):
            raise StepFailedError(step, "work did not end in time")
        if self.player.error is not None:
            raise StepFailedError(step, str(self.player.error))

    def _picture(self, name: str, task: str, step: str) -> None:
        startup.picture(self.console, self._out / name, size=SIZE, task=task)
        self.console.rooms.window.hide()  # nobody looks on between the pictures
        if step:
            self._say(step, name)

    def _say_progress(self, step: str, done: float) -> None:
        """Print a stage of the building once, when it begins."""
        if step != self._building:
            self._building = step
            words = resources.phrase("demo", f"step.{step}", self._language or system_language())
            sys.stdout.write(f"{time.perf_counter() - self._begun:6.1f} s  {done:4.0%}   {words}\n")
            sys.stdout.flush()

    def _say(self, step: str, facts: str) -> None:
        language = self._language or system_language()
        words = resources.phrase("demo", f"play.{step}", language)
        drill = self._clock.now() + timedelta(hours=8)
        elapsed = time.perf_counter() - self._begun
        sys.stdout.write(f"{elapsed:6.1f} s  {drill:%H:%M}  {words.format(facts=facts)}\n")
        sys.stdout.flush()


def _is_past(due: float) -> bool:
    return time.perf_counter() >= due


def play_headless(
    out: Path,
    *,
    office: Path | None = None,
    speed: float = 0.0,
    language: str = "",
    theme: str = "light",
    silent_gateway: bool = False,
    minutes: int = DRILL_MINUTES,
) -> int:
    """Play the exercise without a window; 0 only if every step happened, else 1 naming the step on stderr."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError("demo.no_out", folder=out, cause=error.strerror or str(error)) from error
    aside = None if office is not None else tempfile.mkdtemp(prefix="fengsui-demo-")
    folder = office if office is not None else Path(str(aside)) / "office"
    play = Play(out, speed=speed, language=language, theme=theme, silent_gateway=silent_gateway, minutes=minutes)
    try:
        play.run(folder)
    except StepFailedError as failed:
        words = resources.phrase("demo", "failed", language or system_language())
        sys.stderr.write(words.format(step=failed.step, why=failed.why) + "\n")
        return 1
    except ConsoleError as error:
        sys.stderr.write(error.sentence(language or system_language()) + "\n")
        return 1
    finally:
        play.close()
        if aside is not None:
            shutil.rmtree(aside, ignore_errors=True)
    return 0

"""Sources that fall silent and speak again, and rain that comes late."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from app.demo.scene import OPENING_AT
from app.office import Office
from models.store import journal
from tests.walks.open_console import OpenConsole, open_console

GAUGES = "station,time,rain_mm,minutes\n"


def test_a_source_that_falls_silent_is_an_alarm_and_a_line_and_so_is_its_return(
    quiet_office: Callable[[Path], Office], built_office: Path, tmp_path: Path
) -> None:
    inbox = built_office / "inbox"
    with open_console(quiet_office(tmp_path / "office"), OPENING_AT - timedelta(minutes=3)) as desk:
        sources = desk.console.sources
        for path in [*sorted(inbox.glob("*QLX01*"))[-3:], *inbox.glob("gauges_20260617T182*")]:
            desk.feed(path)
        health = {s.code: s.late for s in sources.health}
        assert health == {"QLS01": True, "QLX01": False, "QLX02": True, "gauges": False}
        assert desk.console.rooms.window.top_bar._data == (2, 4)
        assert standing(desk) == set(), "nobody is called silent before having had the time to speak"

        desk.clock.set(OPENING_AT + timedelta(minutes=5))
        desk.console.tick()
        desk.settle()
        assert silent_lines(desk) == [("feed.silent", "feed:QLX01"), ("feed.silent", "feed:QLX02")]
        assert standing(desk) == {"silent:QLX01", "silent:QLX02"}

        desk.clock.set(OPENING_AT + timedelta(minutes=25))
        desk.console.tick()
        desk.settle()
        assert [subject for _, subject in silent_lines(desk)[2:]] == ["feed:QLS01", "feed:gauges"]
        desk.console.tick()
        desk.settle()
        assert len(silent_lines(desk)) == 4, "each silence is one alarm"

        at = desk.clock.now().isoformat()
        desk.put("rain-again.csv", f"{GAUGES}QLG001,{at},0.0,5\n".encode())
        desk.until(lambda: not next(s for s in sources.health if s.code == "gauges").late)
        desk.settle()
        assert silent_lines(desk)[-1] == ("feed.back", "feed:gauges")
        assert standing(desk) == {"silent:QLS01", "silent:QLX01", "silent:QLX02"}


def test_an_office_that_entered_no_radar_expects_those_it_has_heard(
    quiet_office: Callable[[Path], Office], built_office: Path, tmp_path: Path
) -> None:
    office = quiet_office(tmp_path / "office")
    office = replace(office, settings=office.settings.model_copy(update={"radar": ()}))
    inbox = built_office / "inbox"
    with open_console(office, OPENING_AT - timedelta(minutes=3)) as desk:
        desk.feed(sorted(inbox.glob("*QLX01*"))[-3])
        assert {s.code for s in desk.console.sources.health} == {"QLX01", "gauges"}
        desk.clock.set(OPENING_AT + timedelta(minutes=25))
        desk.console.tick()
        desk.settle()
        assert "silent:QLX01" in standing(desk)
        desk.console.sources.hear("Z9200", (OPENING_AT - timedelta(days=900),))
        assert {s.code for s in desk.console.sources.health} == {"QLX01", "gauges"}, "an old file is no source"


def standing(desk: OpenConsole) -> set[str]:
    """Return the ids of the notices that stand in the window."""
    return {notice.id for notice in desk.console.notices.kept}


def silent_lines(desk: OpenConsole) -> list[tuple[str, str]]:
    lines = desk.console.store.read(journal.lines)
    return [(line.entry.act, line.entry.subject) for line in lines if line.entry.act in {"feed.silent", "feed.back"}]


def test_late_rain_calls_back_the_hour_it_lies_in(quiet_office: Callable[[Path], Office], tmp_path: Path) -> None:
    """Rain that reaches a threshold only together with a file that came late is found all the same."""
    with open_console(quiet_office(tmp_path / "office"), OPENING_AT) as desk:
        gauge = desk.console.alarms.gauges[0]
        early, late = OPENING_AT - timedelta(hours=3), OPENING_AT - timedelta(hours=2, minutes=30)
        minutes = [(late + timedelta(minutes=5 * n), 5.0) for n in range(1, 6)]
        desk.put("b.csv", rows(gauge.id, minutes))
        desk.settle()
        before = len(desk.console.alarms.alarms)
        desk.put("a.csv", rows(gauge.id, [(early + timedelta(minutes=5 * n), 12.0) for n in range(1, 7)]))
        desk.settle()
        raised = {a.raised_at for a in desk.console.alarms.alarms[before:]}
        assert raised
        assert max(raised) <= late + timedelta(minutes=30)


def rows(gauge: str, reports: list[tuple[datetime, float]]) -> bytes:
    lines = (f"{gauge},{at.isoformat()},{mm},5\n" for at, mm in reports)
    return (GAUGES + "".join(lines)).encode()

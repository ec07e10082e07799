"""The section desk with real files and real jobs: which radars stand in a section, and when it lets go."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.clock import DrillClock
from app.jobs import Jobs
from app.radar.section_desk import KnownVolume, SectionDesk
from app.worker.worker import RadarWish, take_radar
from models.errors import DataError
from models.radar.profile import Profile
from models.radar.register import shipped
from models.radar.section import Section
from tests.models.radar import fmt_bytes as fmt

STARTED = datetime.fromtimestamp(fmt.STARTED_S, UTC)
LINE = ((113.1, 23.4), (113.4, 23.6))
ELEVATIONS = (0.5, 1.5, 4.3)


def volume(folder: Path, code: str, *, lon: float = 113.25, minutes: int = 0) -> Path:
    """Write a volume of three cuts of 36 rays and 60 gates of 1 km, 45 dBZ all over."""
    started_s = fmt.STARTED_S + 60 * minutes
    moments = [fmt.moment(2, (2, 66, 1, bytes([156]) * 60))]
    cuts = b"".join(
        fmt.turn(n, elevation, moments, seconds=[started_s] * 36, end=4 if n == 3 else 2)
        for n, elevation in enumerate(ELEVATIONS, 1)
    )
    head = fmt.head([fmt.cut_header(e) for e in ELEVATIONS], lon=lon, code=code.encode(), started_s=started_s)
    path = folder / f"{code}_{minutes}.bin"
    path.write_bytes(head + cuts)
    return path


def rhi(folder: Path, *, started_s: int = fmt.STARTED_S) -> Path:
    """Write an RHI at azimuth 60: 30 rays from 0 to 29 degrees, 40 gates of 1 km, 30 dBZ."""
    moments = [fmt.moment(2, (2, 66, 1, bytes([126]) * 40))]
    rays = b"".join(
        fmt.radial(1, 60.0, float(n), moments, seconds=started_s, state=0 if n == 0 else 4 if n == 29 else 1)
        for n in range(30)
    )
    path = folder / "rhi.bin"
    path.write_bytes(
        fmt.head([fmt.cut_header(0.0, azimuth=60.0, angles=(29.0, 0.0))], scan=2, code=b"ZT009", started_s=started_s)
        + rays
    )
    return path


class Office:
    """A desk with its ears."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.qtbot, self.folder = qtbot, folder
        self.clock = DrillClock(STARTED + timedelta(minutes=3))
        self.jobs = Jobs(processes=1)
        self.desk = SectionDesk(self.jobs, shipped(), None, clock=self.clock, max_age=timedelta(minutes=15))
        self.sections: list[Section] = []
        self.profiles: list[tuple[Profile, int]] = []
        self.errors: list[Exception] = []
        self.desk.section_changed.connect(self.sections.append)
        self.desk.profile_changed.connect(lambda profile, left: self.profiles.append((profile, left)))
        self.desk.failed.connect(self.errors.append)

    def hear(self, path: Path, *, then: bytes = b"") -> None:
        """Tell the desk of a file; with ``then`` its bytes are others by the time the desk looks for them."""
        nowhere = np.zeros(0)
        taken = take_radar(path, RadarWish(nowhere, nowhere, {}, timedelta(minutes=6)))
        if then:
            path.write_bytes(then)
        self.desk.hear(taken)

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: self.jobs.idle and not self.desk.reading, timeout=20_000)

    @property
    def codes(self) -> list[str]:
        return [site.code for site, _ in self.sections[-1].radars]

    @property
    def times(self) -> dict[str, float]:
        """Minutes after the first volume, by radar."""
        return {site.code: (at - STARTED) / timedelta(minutes=1) for site, at in self.sections[-1].radars}


@pytest.fixture
def office(qtbot: QtBot, tmp_path: Path) -> Iterator[Office]:
    made = Office(qtbot, tmp_path)
    yield made
    made.jobs.close()


def test_the_newest_volume_of_each_radar_near_the_line_stands_in_it(office: Office) -> None:
    for path in (
        volume(office.folder, "ZA001"),
        volume(office.folder, "ZA001", minutes=2),
        volume(office.folder, "ZB002", lon=113.5),
        volume(office.folder, "ZC003", lon=116.0),
    ):
        office.hear(path)
    office.desk.show_line(LINE)
    assert not office.desk.reading  # nothing is read as long as the tool is shut
    office.desk.open()
    office.desk.show_line(LINE)
    office.settle()
    assert office.codes == ["ZA001", "ZB002"]
    assert office.sections[-1].radars[0][1] == STARTED + timedelta(minutes=2)
    assert (office.sections[-1].codes == 156).any()
    assert office.desk.held == ("ZA001", "ZB002")
    office.desk.show_line(((115.8, 23.4), (116.2, 23.5)))
    office.settle()
    assert office.codes == ["ZC003"]
    office.desk.close()
    assert not office.desk.held
    count = len(office.sections)
    office.desk.show_line(LINE)
    assert office.jobs.idle
    assert len(office.sections) == count


def test_a_new_volume_takes_the_old_ones_place_while_the_tool_is_open(office: Office) -> None:
    office.hear(volume(office.folder, "ZA001"))
    office.desk.open()
    office.desk.show_line(LINE)
    office.settle()
    office.hear(volume(office.folder, "ZA001", minutes=3))
    office.settle()
    assert office.sections[-1].radars[0][1] == STARTED + timedelta(minutes=3)
    assert len(office.desk.held) == 1


def test_a_radar_that_has_been_silent_too_long_stands_in_no_section(office: Office) -> None:
    office.hear(volume(office.folder, "ZA001"))
    office.desk.open()
    office.desk.show_line(LINE)
    office.settle()
    assert office.codes == ["ZA001"]
    office.desk.tick()
    assert office.jobs.idle  # nothing has changed yet
    office.clock.set(STARTED + timedelta(minutes=16))
    office.desk.tick()
    office.settle()
    assert office.codes == []
    assert not office.sections[-1].codes.any()


def test_the_volumes_of_a_past_frame_stand_in_the_section_until_it_goes_with_the_newest_again(office: Office) -> None:
    for minutes in (0, 6, 18):
        office.hear(volume(office.folder, "ZA001", minutes=minutes))
    office.hear(volume(office.folder, "ZB002", lon=113.5, minutes=17))
    office.clock.set(STARTED + timedelta(minutes=19))
    office.desk.open()
    office.desk.show_line(LINE)
    office.settle()
    assert office.times == {"ZA001": 18, "ZB002": 17}
    office.desk.show_time(STARTED + timedelta(minutes=8))
    office.settle()
    assert office.times == {"ZA001": 6}
    office.desk.show_line((LINE[0], (113.3, 23.6)))  # live dragging stays in the past
    office.hear(volume(office.folder, "ZA001", minutes=19))
    office.settle()
    assert office.times == {"ZA001": 6}
    office.clock.set(STARTED + timedelta(minutes=24))
    office.desk.tick()
    office.settle()
    assert office.times == {"ZA001": 6}  # it was new then
    office.desk.show_time(None)
    office.settle()
    assert office.times == {"ZA001": 19, "ZB002": 17}


def test_a_volume_on_its_way_into_the_archive_is_waited_for(office: Office) -> None:
    path = volume(office.folder, "ZA001")
    office.hear(path)
    away = path.rename(office.folder / "elsewhere")
    office.desk.open()
    office.desk.show_line(LINE)
    office.qtbot.waitUntil(lambda: bool(office.sections), timeout=20_000)
    away.rename(path)
    office.settle()
    assert office.codes == ["ZA001"]
    assert not office.errors


def test_a_volume_that_reached_the_archive_right_after_it_was_looked_for_is_read(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = volume(office.folder, "ZA001")
    office.hear(path)
    away = path.rename(office.folder / "elsewhere")
    heard = office.desk._on_no_stack

    def arrive_before(known: KnownVolume, tries: int, error: Exception) -> None:
        if away.exists():
            away.rename(path)
        heard(known, tries, error)

    monkeypatch.setattr(office.desk, "_on_no_stack", arrive_before)
    office.desk.open()
    office.desk.show_line(LINE)
    office.settle()
    assert office.codes == ["ZA001"]
    assert not office.errors


@pytest.mark.logs
def test_cuts_that_are_too_old_leave_the_section_though_a_newer_volume_is_known(office: Office) -> None:
    office.hear(volume(office.folder, "ZA001"))
    office.desk.open()
    office.desk.show_line(LINE)
    office.settle()
    assert office.codes == ["ZA001"]
    newer = volume(office.folder, "ZA001", minutes=16)
    office.clock.set(STARTED + timedelta(minutes=17))
    office.hear(newer, then=b"something else")
    office.qtbot.waitUntil(lambda: bool(office.errors) and office.jobs.idle, timeout=20_000)
    assert office.codes == []


@pytest.mark.logs
def test_a_file_that_cannot_be_read_is_named_once_and_not_asked_for_again(office: Office) -> None:
    office.hear(volume(office.folder, "ZB002", lon=113.5))
    path = volume(office.folder, "ZA001")
    office.hear(path)
    path.write_bytes(b"something else")
    office.desk.open()
    for share in range(5):
        office.desk.show_line((LINE[0], (LINE[1][0] + share / 100, LINE[1][1])))
    office.qtbot.waitUntil(lambda: bool(office.errors) and "ZB002" in office.desk.held, timeout=20_000)
    office.qtbot.waitUntil(lambda: office.jobs.idle, timeout=20_000)
    assert len(office.errors) == 1
    assert isinstance(office.errors[0], DataError)
    assert office.codes == ["ZB002"]
    assert not office.desk.reading


def test_an_rhi_that_comes_in_is_shown_gate_by_gate(office: Office) -> None:
    office.desk.open()
    assert office.desk.rhis == ()
    office.hear(rhi(office.folder))
    assert len(office.desk.rhis) == 1
    assert not office.desk.has_volumes
    office.desk.show_rhi(0)
    office.settle()
    section = office.sections[-1]
    assert section.value_at(20_000.0, 4_000.0) == (30.0, "ZT009")
    assert np.isnan(section.value_at(2_000.0, 9_000.0)[0])


def test_the_column_over_time_is_read_from_the_newest_on_and_grows_with_new_volumes(office: Office) -> None:
    for minutes in (0, 6, 18):
        office.hear(volume(office.folder, "ZA001", minutes=minutes))
    office.hear(volume(office.folder, "ZB002", lon=114.5))
    place = (113.3, 23.55)
    office.desk.open()
    assert office.desk.covers(place)
    assert not office.desk.covers((120.0, 23.5))
    office.desk.show_place(place)
    office.settle()
    left = [count for _, count in office.profiles]
    assert left == sorted(left, reverse=True)
    profile = office.profiles[-1][0]
    assert (profile.site.code, len(profile.times)) == ("ZA001", 3)
    assert profile.present.tolist() == [True, True, False, True]
    office.hear(volume(office.folder, "ZA001", minutes=24))
    office.settle()
    assert office.profiles[-1][0].present.tolist() == [True, True, False, True, True]
    office.desk.forget()
    count = len(office.profiles)
    office.hear(volume(office.folder, "ZA001", minutes=30))
    office.settle()
    assert len(office.profiles) == count

"""Another product while files come in: no radar that speaks is lost, and nothing comes in by the way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.radar import radar_desk, radar_wires
from models.grid import GridArea
from models.radar.quantity import CR
from tests.models.radar import fmt_bytes
from tests.walks.open_console import open_console
from tests.walks.radar_duty import Desk
from tests.walks.small_radar import HEALTHY, OPENED_AT, OTHER, STEP, cut, head, name_of, packed, small_office, volume


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_console(small_office(tmp_path / "office"), OPENED_AT) as opened:
        made = Desk(opened)
        made.good()
        yield made


def switch(desk: Desk) -> None:
    """Press the key of the next product."""
    radar_wires.next_quantity(desk.console.desks, 1)


def all_round(desk: Desk) -> None:
    """See every product once, until composite reflectivity is back."""
    for _ in radar_wires.QUANTITIES:
        switch(desk)
        desk.opened.settle()
    assert desk.console.radar.quantity == CR


def test_a_volume_that_is_being_read_while_the_product_is_switched_stands_in_the_new_one(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.next_step()
    radar, feed = desk.console.radar, desk.console.feed
    take = feed._take

    def take_and_switch(path: Path, kind: str) -> None:
        take(path, kind)
        if radar.quantity == CR:
            switch(desk)

    monkeypatch.setattr(feed, "_take", take_and_switch)
    desk.put(name_of(OTHER, desk.at), packed(volume(OTHER, desk.at)))
    assert radar.quantity != CR

    def stands() -> bool:
        shown = radar.shown
        return shown is not None and (OTHER, desk.at) in {(source.code, source.at) for source in shown.sources}

    desk.opened.until(stands)


def test_a_volume_of_a_time_to_come_stands_in_no_product(desk: Desk) -> None:
    ahead = desk.at + timedelta(hours=2)
    desk.put(name_of(OTHER, ahead), packed(volume(OTHER, ahead)))
    all_round(desk)
    assert desk.console.radar.frames[-1] == desk.at
    assert {source.code for source in desk.frame.sources} == {HEALTHY, OTHER}


def test_a_file_of_velocity_alone_takes_no_volume_of_its_moment_away(desk: Desk) -> None:
    velocity = [fmt_bytes.moment(3, (2, 66, 1, bytes([90]) * 40))]
    data = head(OTHER, desk.at) + cut(1, desk.at, velocity) + cut(2, desk.at, velocity, last=True)
    desk.put("velocity.bin", data)
    all_round(desk)
    assert desk.source(OTHER) == desk.at


def test_volumes_that_come_under_one_name_stand_each_by_itself_in_every_product(desk: Desk) -> None:
    for _ in range(3):
        desk.next_step()
        desk.opened.put("latest.bin", volume(OTHER, desk.at))
        desk.opened.until(lambda: desk.source(OTHER) == desk.at)
        desk.opened.settle()
    switch(desk)
    desk.opened.settle()
    assert desk.source(OTHER) == desk.at
    sweeps = desk.console.desks.sweeps
    sweeps.show_radar(OTHER)
    desk.opened.settle()
    assert sweeps.shown is not None
    assert abs(sweeps.shown.at - desk.at) < STEP


def test_no_frame_is_made_that_the_loop_would_not_hold(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(radar_desk, "KEPT_FRAMES", 2)
    for _ in range(3):
        desk.next_step()
    radar = desk.console.radar
    made: list[datetime] = []
    compose = radar._compose

    def note(frame_at: datetime, area: GridArea) -> None:
        made.append(frame_at)
        compose(frame_at, area)

    monkeypatch.setattr(radar, "_compose", note)
    late = desk.at - 2 * STEP
    desk.put(name_of(OTHER, late), packed(volume(OTHER, late)))
    assert made == [desk.at - STEP, desk.at]


def test_motion_that_was_seen_long_ago_moves_no_radar(desk: Desk) -> None:
    radar = desk.console.radar
    desk.good()
    desk.next_step()
    assert radar.shown is not None
    assert radar.shown.moved
    for _ in range(3):  # echo tops, of which no motion is learned
        switch(desk)
        desk.opened.settle()
    desk.next_step(timedelta(minutes=84))
    desk.put(name_of(OTHER, desk.at), packed(volume(OTHER, desk.at)))
    desk.next_step()
    late = radar.shown
    assert late is not None
    assert late.at == desk.at
    assert len(late.sources) == 2
    assert not late.moved

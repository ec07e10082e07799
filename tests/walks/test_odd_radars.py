"""What is strange about a radar is told once, through volumes and restarts; an unproven layout is marked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app import showing
from app.feed.feed_items import FeedState
from app.office import open_office
from models.store import journal
from tests.models.radar import fmt_bytes, xad_bytes
from tests.walks.open_console import open_console
from tests.walks.radar_duty import Desk
from tests.walks.small_radar import (
    GATES,
    HEALTHY,
    OPENED_AT,
    OTHER,
    cut,
    dbz,
    head,
    name_of,
    packed,
    small_office,
    volume,
)

pytestmark = pytest.mark.xdist_group("odd_radars")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One console through all of it."""
    with open_console(small_office(tmp_path_factory.mktemp("odd_radars") / "office"), OPENED_AT) as opened:
        on_duty = Desk(opened)
        on_duty.good()
        yield on_duty


def test_what_a_radar_repeats_in_every_volume_is_told_once_until_it_is_over(desk: Desk) -> None:
    def standing() -> list[str]:
        return [n.id for n in desk.console.notices.kept if n.id == f"odd:{OTHER}:radar.odd.start_differs"]

    def lines() -> list[str]:
        found = desk.console.store.read(lambda db: journal.of_subject(db, f"feed:{OTHER}"))
        return [n.entry.act for n in found if n.entry.after.get("kind") == "radar.odd.start_differs"]

    for _ in range(4):
        desk.next_step(timedelta(minutes=1))
        rays = [cut(n, desk.at - timedelta(hours=2), [dbz(40)], last=n == 2) for n in (1, 2)]
        item = desk.put(name_of(OTHER, desk.at), packed(head(OTHER, desk.at) + b"".join(rays)))
        desk.says(item, "radar.odd.start_differs")
    assert len(standing()) == 1
    assert lines() == ["feed.odd"]
    for _ in range(6):
        desk.good()
    assert standing() == []
    assert lines() == ["feed.odd", "feed.odd_over"]


def test_a_radar_that_moved_is_told_again_when_it_moves_on(desk: Desk) -> None:
    def places() -> list[str]:
        found = desk.console.store.read(lambda db: journal.of_subject(db, "feed:ZT805"))
        return [re.findall(r"has it at \S+ E, (\S+) N", str(n.entry.after["reason"]))[0] for n in found]

    for lat_deg in (23.5, 23.527, 23.528, 23.56, 23.56):
        desk.next_step()
        desk.put(name_of("ZT805", desk.at), packed(volume("ZT805", desk.at, lat_deg=lat_deg)))
    assert places() == ["23.527", "23.560"]


def test_after_a_restart_a_code_is_still_its_radars_and_what_stands_is_told_again_but_not_written_again(
    tmp_path: Path,
) -> None:
    office = small_office(tmp_path / "office")
    with open_console(office, OPENED_AT) as opened:
        first = Desk(opened)
        first.next_step()
        first.put(name_of("ZT806", first.at), packed(volume("ZT806", first.at, lon_deg=113.3)))
        wild = [fmt_bytes.moment(2, (2, 66, 1, bytes([250] * GATES)))]
        data = head("ZT807", first.at, gates_m=(1000,)) + cut(1, first.at, wild, last=True)
        assert first.put(name_of("ZT807", first.at), packed(data)).state is FeedState.TAKEN
    with open_console(open_office(office.folder), first.at + timedelta(minutes=3)) as opened:
        again = Desk(opened)
        opened.until(lambda: {"ZT806", "ZT807"} <= set(again.console.radar.heard) and again.console.settled)
        assert "odd:ZT807:radar.odd.values:dBZ" in {n.id for n in again.console.notices.kept}
        again.at = first.at
        again.next_step()
        item = again.put(name_of("ZT806", again.at), packed(volume("ZT806", again.at, lon_deg=112.9)))
        assert item.state is FeedState.REFUSED
        again.says(item, "radar.elsewhere")
        again.put(name_of("ZT807", again.at), packed(data))
        lines = again.console.store.read(lambda db: journal.of_subject(db, "feed:ZT807"))
        assert [line.entry.act for line in lines] == ["feed.odd"]


def test_a_layout_that_no_real_file_proves_is_marked_wherever_it_is_shown(desk: Desk) -> None:
    desk.next_step()
    seconds = int(desk.at.timestamp())
    data = b"".join(
        xad_bytes.record(ray, n, seconds=seconds, codes={1: bytes([60] * 12)}) for ray in range(36) for n in range(3)
    )
    item = desk.put(name_of("ZT804", desk.at, "dat"), data)
    assert (item.state, item.error) == (FeedState.TAKEN, None)
    row = next(row for row in showing.feed_rows(desk.console.feed.items) if row.file == item.name)
    assert row.unproven
    assert "ZT804" in desk.note
    assert "未经" in desk.note
    desk.console.desks.sweeps.show_radar("ZT804")
    desk.opened.settle()
    assert "未经" in desk.note
    desk.console.desks.sweeps.show_radar(HEALTHY)
    desk.opened.settle()
    assert desk.note == ""
    desk.console.desks.sweeps.hide()
    desk.good()

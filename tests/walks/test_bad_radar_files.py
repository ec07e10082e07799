"""Every line of "bad input": a bad radar file beside a healthy radar is named with what to do, and the mosaic goes on."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import timedelta

import pytest

from app.feed.feed_items import FeedState
from tests.models.radar import fmt_bytes
from tests.models.radar.bombs import bz2_bomb
from tests.walks.open_console import open_console
from tests.walks.radar_duty import FINAL, Desk
from tests.walks.small_radar import (
    ALL_ROUND,
    BESIDE,
    DBZ,
    GATES,
    LAT_DEG,
    LON_DEG,
    OPENED_AT,
    OTHER,
    STEP,
    cut,
    dbz,
    head,
    name_of,
    packed,
    small_office,
    value_at,
    volume,
)
from widgets.hazard.feed_list import FeedMark

pytestmark = pytest.mark.xdist_group("bad_radar_files")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One console that meets one bad file after the other."""
    with open_console(small_office(tmp_path_factory.mktemp("bad_radar") / "office"), OPENED_AT) as opened:
        on_duty = Desk(opened)
        on_duty.good()
        yield on_duty


def test_of_a_half_written_volume_the_whole_cuts_stand_in_the_picture_until_it_comes_whole(desk: Desk) -> None:
    desk.next_step()
    whole = volume(OTHER, desk.at)
    item = desk.put(name_of(OTHER, desk.at, "bin"), whole[: len(whole) * 4 // 5])
    assert item.state is FeedState.INCOMPLETE
    desk.says(item, "radar.cut_off")
    assert desk.source(OTHER) == desk.at
    assert desk.value() == DBZ[OTHER]
    assert "乙岭" in desk.note
    desk.put(name_of(OTHER, desk.at), packed(whole))
    assert desk.note == ""
    desk.put(f"late-{item.name}", whole[: len(whole) * 4 // 5])
    assert desk.note == "", "half a volume does not take the place of the whole one"
    desk.good()


def test_a_packed_file_that_was_cut_off_is_refused_and_the_radar_stands_by_its_last_volume(desk: Desk) -> None:
    desk.next_step()
    data = packed(volume(OTHER, desk.at))
    item = desk.put(name_of(OTHER, desk.at), data[: len(data) // 2])
    assert item.state is FeedState.REFUSED
    desk.says(item, "radar.packing_cut_off")
    assert desk.source(OTHER) == desk.at - STEP
    desk.good()


def test_a_radar_that_sends_only_broken_files_is_missed_in_the_title(desk: Desk) -> None:
    for _ in range(4):
        desk.next_step()
        data = packed(volume(OTHER, desk.at))
        assert desk.put(name_of(OTHER, desk.at), data[: len(data) // 2]).state is FeedState.REFUSED
    assert [absent.source.code for absent in desk.frame.absent] == [OTHER]
    assert math.isnan(desk.value())
    assert any("乙岭" in run.text for run in desk.console.rooms.title._runs)
    desk.good()
    assert desk.frame.absent == ()


def test_a_volume_under_another_name_is_read_and_a_text_under_a_volumes_name_is_refused(desk: Desk) -> None:
    desk.next_step()
    assert desk.put("holiday.png", packed(volume(OTHER, desk.at))).error is None
    assert desk.source(OTHER) == desk.at
    item = desk.put(name_of(OTHER, desk.at), "今天没有资料。\n".encode() * 50)
    assert item.state is FeedState.REFUSED
    desk.says(item, "radar.other.text")
    desk.good()


def test_a_wrong_station_code_in_the_name_is_told_and_the_file_itself_stands(desk: Desk) -> None:
    desk.next_step()
    item = desk.put(name_of("Z9999", desk.at), packed(volume(OTHER, desk.at)))
    assert item.state is FeedState.TAKEN
    desk.says(item, "radar.wrong_code")
    assert desk.source(OTHER) == desk.at
    assert desk.source("Z9999") is None
    desk.good()


def test_empty_sweeps_are_left_out_and_told(desk: Desk) -> None:
    velocity = fmt_bytes.moment(3, (2, 128, 1, bytes([120]) * GATES))
    for second, state, code in (
        ([], FeedState.INCOMPLETE, "radar.no_moment"),
        ([fmt_bytes.moment(2, (2, 66, 1, b"")), velocity], FeedState.TAKEN, "radar.odd.empty_moment"),
        (None, FeedState.INCOMPLETE, "radar.cuts_missing"),
    ):
        desk.next_step()
        begun = head(OTHER, desk.at, gates_m=(1000, 1000, 1000))
        last = cut(3, desk.at, [dbz(40)], last=True)
        data = begun + cut(1, desk.at, [dbz(40)]) + (b"" if second is None else cut(2, desk.at, second)) + last
        item = desk.put(name_of(OTHER, desk.at, "bin"), data)
        assert item.state is state
        desk.says(item, code)
        assert desk.source(OTHER) == desk.at
        assert desk.value() == DBZ[OTHER]
    desk.next_step()
    item = desk.put(name_of(OTHER, desk.at, "bin"), head(OTHER, desk.at))
    assert item.state is FeedState.REFUSED
    desk.says(item, "radar.no_radials")
    assert desk.source(OTHER) == desk.at - STEP
    desk.good()


def test_gates_of_another_length_in_each_sweep_are_read_where_they_are(desk: Desk) -> None:
    desk.next_step()
    echo = [bytes(66 if not 18_000 <= (n + 0.5) * m < 23_000 else 150 for n in range(40_000 // m)) for m in (1000, 250)]
    rays = [fmt_bytes.moment(2, (2, 66, 1, codes)) for codes in echo]
    data = head(OTHER, desk.at, gates_m=(1000, 250)) + cut(1, desk.at, rays[:1]) + cut(2, desk.at, rays[1:], last=True)
    item = desk.put(name_of(OTHER, desk.at), packed(data))
    assert (item.state, item.error) == (FeedState.TAKEN, None)
    assert desk.mark(item.name) is FeedMark.NONE
    assert desk.value() == (150 - 66) / 2
    for lon_deg in (LON_DEG[OTHER] + 0.12, LON_DEG[OTHER] + 0.27):
        assert value_at(desk.frame, lon_deg, LAT_DEG) == 0.0
    for sweep in (0, 1):
        desk.console.desks.sweeps.show_file(item.path or desk.console.office.inbox, sweep)
        desk.opened.settle()
        shown = desk.console.desks.sweeps.shown
        assert shown is not None
        assert shown.value_at(*BESIDE[OTHER])[0] == (150 - 66) / 2
        assert shown.value_at(LON_DEG[OTHER] + 0.12, LAT_DEG)[0] == 0.0
    desk.console.desks.sweeps.hide()
    desk.good()


def test_time_that_goes_back_inside_a_volume_is_told(desk: Desk) -> None:
    desk.next_step()
    back = [n if n < 40 else n - 90 for n in range(len(ALL_ROUND))]
    data = head(OTHER, desk.at) + cut(1, desk.at, [dbz(40)], late_s=back)
    data += cut(2, desk.at, [dbz(40)], last=True, late_s=[60] * len(ALL_ROUND))
    item = desk.put(name_of(OTHER, desk.at), packed(data))
    assert item.state is FeedState.TAKEN
    desk.says(item, "radar.odd.clock_back")
    assert desk.source(OTHER) == desk.at
    desk.good()


def test_a_volume_older_than_the_newest_takes_nothing_from_it_and_one_older_than_the_loop_is_in_no_frame(
    desk: Desk,
) -> None:
    desk.good()
    at = desk.at - timedelta(minutes=27)
    item = desk.put(name_of(OTHER, at), packed(volume(OTHER, at)))
    assert item.state is FeedState.TAKEN
    desk.says(item, "feed.time_back")
    assert desk.source(OTHER) == desk.at
    frames, at = desk.console.radar.frames, desk.at - timedelta(hours=9)
    item = desk.put(name_of(OTHER, at), packed(volume(OTHER, at)))
    assert item.state is FeedState.TAKEN
    desk.says(item, "feed.too_old")
    assert desk.console.radar.frames == frames
    desk.good()


def test_a_clock_that_runs_ahead_is_told_and_its_volume_stands_in_no_frame(desk: Desk) -> None:
    desk.next_step()
    at = desk.at + timedelta(hours=8)
    item = desk.put(name_of(OTHER, at), packed(volume(OTHER, at)))
    desk.says(item, "feed.other_time")
    assert desk.source(OTHER) == desk.at - STEP
    desk.good()


def test_of_two_radars_with_one_code_the_one_in_the_settings_stands(desk: Desk) -> None:
    desk.next_step()
    item = desk.put(name_of(OTHER, desk.at), packed(volume(OTHER, desk.at, lon_deg=113.2)))
    assert item.state is FeedState.REFUSED
    desk.says(item, "radar.elsewhere")
    assert desk.source(OTHER) == desk.at - STEP
    desk.good()


def test_of_two_radars_with_a_code_that_nobody_entered_the_first_one_stands(desk: Desk) -> None:
    desk.next_step()
    first = desk.put(name_of("ZT801", desk.at), packed(volume("ZT801", desk.at, lon_deg=113.3)))
    assert first.state is FeedState.TAKEN
    second = desk.put(f"b-{name_of('ZT801', desk.at)}", packed(volume("ZT801", desk.at, lon_deg=112.9)))
    assert second.state is FeedState.REFUSED
    desk.says(second, "radar.elsewhere")
    assert desk.source("ZT801") == desk.at
    desk.good()


def test_of_two_that_are_read_at_the_same_time_one_stands(desk: Desk) -> None:
    desk.next_step()
    names = [f"{n}-{name_of('ZT802', desk.at)}" for n in range(2)]
    for name, lon_deg in zip(names, (113.3, 112.9), strict=True):
        desk.opened.put(name, packed(volume("ZT802", desk.at, lon_deg=lon_deg)))
    desk.opened.until(
        lambda: all(any(i.name == n and i.state in FINAL for i in desk.console.feed.items) for n in names)
    )
    desk.opened.settle()
    assert {desk.item(name).state for name in names} == {FeedState.TAKEN, FeedState.REFUSED}
    desk.says(next(desk.item(n) for n in names if desk.item(n).state is FeedState.REFUSED), "radar.elsewhere")
    desk.good()


def test_two_radars_without_any_code_do_not_take_turns(desk: Desk) -> None:
    desk.next_step()
    for lon_deg in (113.3, 112.9):
        item = desk.put(f"nameless-{lon_deg}.bin", volume("", desk.at, lon_deg=lon_deg))
        assert item.state is FeedState.TAKEN
        desk.says(item, "radar.odd.code_of_place")
    assert {"113.30E23.50N", "112.90E23.50N"} <= {source.code for source in desk.frame.sources}
    desk.good()


def test_a_site_at_0_0_is_placed_by_the_register_or_stays_off_the_map(desk: Desk) -> None:
    desk.next_step()
    item = desk.put(name_of(OTHER, desk.at), packed(volume(OTHER, desk.at, lon_deg=0.0, lat_deg=0.0)))
    assert item.state is FeedState.TAKEN
    desk.says(item, "radar.odd.site_unset")
    assert desk.source(OTHER) == desk.at
    assert desk.value() == DBZ[OTHER]
    item = desk.put(name_of("ZT803", desk.at), packed(volume("ZT803", desk.at, lon_deg=0.0, lat_deg=0.0)))
    assert item.state is FeedState.REFUSED
    desk.says(item, "radar.no_site")
    assert desk.source("ZT803") is None
    desk.good()


def test_values_outside_the_moments_range_are_told_and_left_out_of_the_picture(desk: Desk) -> None:
    desk.next_step()
    wild = fmt_bytes.moment(2, (2, 66, 1, bytes([146] * 15 + [250] * 10 + [146] * 15)))
    data = head(OTHER, desk.at) + cut(1, desk.at, [wild]) + cut(2, desk.at, [wild], last=True)
    item = desk.put(name_of(OTHER, desk.at), packed(data))
    assert item.state is FeedState.TAKEN
    desk.says(item, "radar.odd.values")
    assert math.isnan(desk.value()), "20 km off lies what cannot be"
    assert value_at(desk.frame, LON_DEG[OTHER] + 0.1, LAT_DEG) == DBZ[OTHER]
    desk.good()


def test_a_missing_sector_is_not_seen_and_doubled_azimuths_are_told(desk: Desk) -> None:
    desk.next_step()
    there = [azimuth for azimuth in ALL_ROUND if not 60 < azimuth < 120]
    data = head(OTHER, desk.at) + cut(1, desk.at, [dbz(40)], azimuths=there)
    data += cut(2, desk.at, [dbz(40)], azimuths=there, last=True)
    item = desk.put(name_of(OTHER, desk.at), packed(data))
    assert item.state is FeedState.TAKEN
    desk.says(item, "radar.odd.azimuths_missing")
    assert math.isnan(desk.value())
    assert value_at(desk.frame, LON_DEG[OTHER], LAT_DEG + 0.15) == DBZ[OTHER]
    desk.next_step()
    twice = sorted([*ALL_ROUND, *ALL_ROUND[:30]])
    data = head(OTHER, desk.at) + cut(1, desk.at, [dbz(40)], azimuths=twice)
    item = desk.put(name_of(OTHER, desk.at), packed(data + cut(2, desk.at, [dbz(40)], azimuths=twice, last=True)))
    desk.says(item, "radar.odd.azimuths_twice")
    assert desk.value() == DBZ[OTHER]
    desk.good()


def test_a_bomb_is_named_and_the_mosaic_goes_on(desk: Desk) -> None:
    desk.next_step()
    item = desk.put(name_of(OTHER, desk.at), bz2_bomb(1 << 30))
    assert item.state is FeedState.REFUSED
    desk.says(item, "radar.too_large")
    assert desk.source(OTHER) == desk.at - STEP
    desk.good()


def test_a_radar_that_moved_by_3_km_is_shown_where_it_stands_now(desk: Desk) -> None:
    desk.next_step()
    moved, beyond = LAT_DEG + 0.027, (LON_DEG[OTHER], LAT_DEG + 0.375)
    assert math.isnan(value_at(desk.frame, *beyond)), "42 km north of where it stood"
    item = desk.put(name_of(OTHER, desk.at), packed(volume(OTHER, desk.at, lat_deg=moved)))
    assert item.state is FeedState.TAKEN
    desk.says(item, "radar.moved")
    assert desk.source(OTHER) == desk.at
    assert value_at(desk.frame, *beyond) == DBZ[OTHER]
    desk.good()
    assert math.isnan(value_at(desk.frame, *beyond))

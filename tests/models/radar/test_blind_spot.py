"""The sentence about what the radars cannot see."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

import resources
from models.radar.footprint import AZIMUTH_BINS
from models.radar.sight.blind_spot import blind_spot
from models.radar.sight.blockage import UNKNOWN
from models.radar.sight.coverage import Sight
from models.radar.sight.site_view import STORM_TOP_M, ScanCut, SiteView, all_round, view_of
from tests.models.radar.ground_files import LAT, LON, SITE

EAST = LON + 0.3  # 30.5 km
TALL = (0.5, 1.5, 6.0, 19.5, 45.0)


def view(
    code: str = "QLX01", *, cuts: tuple[float, ...] = TALL, range_m: float = 60_000.0, lon: float = LON, **percent: int
) -> SiteView:
    """Return a radar at 500 m whose cuts are blocked as said, ``c0=80`` the lowest, the others free."""
    made = view_of(replace(SITE, code=code, name="", lon_deg=lon), all_round(cuts, range_m), None)
    made.percent[:] = 0
    for name, value in percent.items():
        made.percent[int(name[1:])] = value
    return made


def test_the_lowest_beam_and_its_height_over_the_ground() -> None:
    spot = blind_spot("石坑沟", EAST, LAT, 200.0, (view(),))
    assert spot.code == "free"
    assert spot.sentence("zh") == "石坑沟：最低可用波束在地面以上 0.6 km（QLX01，0.5°）；此高度以下看不见。"
    assert spot.sentence("en") == (
        "石坑沟: the lowest usable beam is 0.6 km above the ground (QLX01, 0.5°); below it nothing is seen."
    )
    assert spot.facts["height_km"] == pytest.approx(0.3 + 0.266 + 0.055, abs=0.01)


def test_a_radar_with_a_name_is_called_by_it_and_its_code_stands_behind() -> None:
    seen = view()
    spot = blind_spot("石坑沟", EAST, LAT, 200.0, (replace(seen, site=replace(seen.site, name="柳塘")),))
    assert "（柳塘 QLX01，0.5°）" in spot.sentence("zh")


def test_what_terrain_takes_of_the_lowest_cut_is_said() -> None:
    over = blind_spot("石坑沟", EAST, LAT, 200.0, (view(c0=80),))
    assert over.code == "over"
    assert over.sentence("zh") == (
        "石坑沟：最低可用波束在地面以上 1.2 km（QLX01，1.5°；0.5° 被地形挡 80 %）；此高度以下看不见。"
    )
    partly = blind_spot("石坑沟", EAST, LAT, 200.0, (view(c0=30),))
    assert partly.sentence("en") == (
        "石坑沟: the lowest usable beam is 0.6 km above the ground (QLX01, 0.5°, 30 % of it blocked by terrain); "
        "below it nothing is seen."
    )


def test_the_lowest_of_several_radars_counts_and_the_others_are_named() -> None:
    spot = blind_spot("P", EAST, LAT, 200.0, (view("A", c0=90), view("B"), view("C", cuts=(0.5,), c0=100)))
    assert (spot.code, spot.facts["radar"]) == ("free", "B")
    assert "范围内还有：A 1.2 km、C 全被挡。" in spot.sentence("zh")
    assert "Also in range: A 1.2 km, C all blocked." in spot.sentence("en")


def test_a_place_behind_everything_is_a_blind_zone() -> None:
    spot = blind_spot("P", EAST, LAT, 200.0, (view("A", cuts=(0.5,), c0=100), view("B", cuts=(0.5,), c0=77)))
    assert spot.code == "blind"
    assert spot.sentence("zh") == "P：是盲区，A、B 到此处的波束全被地形挡住。"
    assert spot.sentence("en") == "P: a blind zone; terrain blocks every beam of A, B to this place."


def test_without_heights_the_sentence_says_that_nobody_knows() -> None:
    spot = blind_spot("P", EAST, LAT, math.nan, (view(c0=UNKNOWN, c1=UNKNOWN),))
    assert spot.code == "unknown"
    assert "海拔 0.8 km（QLX01，0.5°）" in spot.sentence("zh")
    also = blind_spot("P", EAST, LAT, 200.0, (view("A", c0=90, c1=UNKNOWN, c2=UNKNOWN, c3=UNKNOWN), view("B")))
    assert [clause.code for clause in also.clauses] == ["free", "also"]
    assert "A not known" in also.sentence("en")


def test_a_known_free_beam_comes_before_a_lower_one_that_nobody_knows() -> None:
    spot = blind_spot("P", EAST, LAT, 200.0, (view(c0=UNKNOWN),))
    assert (spot.code, spot.facts["elevation"]) == ("free", 1.5)
    assert spot.sentence("zh").endswith("QLX01 的 0.5° 更低，但缺少地形高程，不知是否被挡。")
    unknown_below_the_sky = view(c0=UNKNOWN, c1=UNKNOWN, c2=UNKNOWN, c3=UNKNOWN)
    assert blind_spot("P", EAST, LAT, 200.0, (unknown_below_the_sky,)).code == "unknown"


def test_an_antenna_of_unknown_height_is_named_with_what_mends_it() -> None:
    low = view_of(replace(SITE, altitude_m=math.nan), all_round((0.5,), 60_000.0), None)
    spot = blind_spot("P", EAST, LAT, 200.0, (low,))
    assert spot.code == "unknown_height"
    assert "altitude_m" in spot.sentence("zh")


def test_out_of_range_names_the_radar_that_comes_nearest_to_reaching_it() -> None:
    near = view("NEAR", range_m=20_000.0, lon=EAST - 0.25)
    long = view("LONG", range_m=160_000.0, lon=EAST + 1.8)
    spot = blind_spot("P", EAST, LAT, 200.0, (near, long))
    assert spot.code == "beyond"
    assert spot.sentence("en") == "P: out of every radar's range; the nearest is NEAR, 25 km away, which reaches 20 km."
    far = blind_spot("P", LON + 20, LAT, 200.0, (near, long))
    assert far.facts["radar"] == "LONG"


def test_a_silent_sector_is_not_the_end_of_the_range() -> None:
    looked = np.arange(AZIMUTH_BINS) > 300
    silent = view_of(SITE, (ScanCut(0.5, 60_000.0, looked),), None)
    spot = blind_spot("P", EAST, LAT, 200.0, (silent,))
    assert spot.code == "silent"
    assert spot.radars[0].silent
    assert "transmit" in spot.sentence("en")


def test_storm_tops_above_the_highest_beam_are_named_and_only_then() -> None:
    near = blind_spot("P", LON + 0.05, LAT, 200.0, (view(cuts=(0.5, 4.3)),))
    assert near.clauses[-1].code == "top"
    assert "其上的风暴顶看不见" in near.sentence("zh")
    assert near.clauses[-1].facts["height_km"] == pytest.approx(0.5 + 5.09 * math.tan(math.radians(4.3)), abs=0.02)
    assert blind_spot("P", EAST, LAT, 200.0, (view(),)).clauses[-1].code == "free"
    helped = blind_spot("P", LON + 0.05, LAT, 200.0, (view(cuts=(0.5, 4.3)), view("FAR", lon=LON + 0.4)))
    assert "top" not in {clause.code for clause in helped.clauses}
    assert STORM_TOP_M < 20_000


def test_a_lowest_beam_above_all_storms_sees_no_rain() -> None:
    spot = blind_spot("P", LON + 4.3, LAT, 200.0, (view(cuts=(0.8,), range_m=460_000.0),))
    assert spot.code == "too_high"
    assert spot.facts["height_km"] > 12


def test_without_any_radar_it_says_so() -> None:
    spot = blind_spot("P", EAST, LAT, 200.0, ())
    assert (spot.code, spot.radars) == ("none", ())
    assert spot.sentence("zh") == "P：没有已知位置的雷达。"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_class_of_the_coverage_has_a_word(language: str) -> None:
    words = {resources.phrase("blind_spot", f"sight.{sight.name.lower()}", language) for sight in Sight}
    assert len(words) == len(Sight)


def test_the_place_may_hold_braces() -> None:
    assert blind_spot("{0}", EAST, LAT, 200.0, (view(),)).sentence("en").startswith("{0}: ")


def test_the_height_over_a_place_is_that_of_its_own_distance_and_not_of_its_bins_middle() -> None:
    first = blind_spot("P", EAST, LAT, 0.0, (view(),)).facts["height_km"]
    second = blind_spot("P", EAST + 0.001, LAT, 0.0, (view(),)).facts["height_km"]
    assert 0 < second - first < 0.005

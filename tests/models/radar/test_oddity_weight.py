"""Which oddities are for those on duty: what hides, misplaces or makes up rain, not what a radar does by its nature."""

from __future__ import annotations

import re

import pytest

from models.radar.oddity import Oddity
from models.radar.oddity_weight import MATTERS, by_kind, kind_of, matters

TO_DO = re.compile(r"\b(look|see|set|enter|mend|check|compare)\b")


def values(moment: str, count: int) -> Oddity:
    return Oddity("radar.odd.values", moment=moment, count=count, low="-45", high="80", unit="dBZ")


def gap(cut: int, missing: float) -> Oddity:
    facts = {"missing_deg": f"{missing:.1f}", "gaps": 1, "start_deg": "60.0", "end_deg": "120.0"}
    return Oddity("radar.odd.azimuths_missing", cut=cut, **facts)


def clock(seconds: int) -> Oddity:
    return Oddity("radar.odd.clock_back", times=1, seconds=str(seconds), cut=1)


@pytest.mark.parametrize(
    ("oddity", "does"),
    [
        (gap(1, 4.9), False),
        (gap(1, 5.0), True),
        (clock(2), False),
        (clock(30), True),
        (values("dBZ", 1), True),
        (values("ZDR", 99), False),
        (values("ZDR", 100), True),
        (Oddity("radar.odd.azimuths_twice", cut=1, rays=2, of=366), False),
        (Oddity("radar.odd.azimuths_twice", cut=1, rays=30, of=366), True),
        (Oddity("radar.odd.empty_moment", cut=1, moment="dBZ"), True),
        (Oddity("radar.odd.empty_moment", cut=1, moment="dBT"), False),
        (Oddity("radar.odd.time_in_name", minutes=480, at="2026-06-17 18:00"), False),
        (Oddity("radar.odd.time_in_name", minutes=-90, at="2026-06-17 18:00"), True),
        (Oddity("radar.odd.one_cut", cut=1, announced=9), False),
        (Oddity("radar.odd.blanked", cut=1, rays=90, of=360), False),
        (Oddity("radar.odd.beijing_time"), False),
        ("a remark without a code", False),
    ],
    ids=str,
)
def test_what_matters(oddity: str, does: bool) -> None:
    assert matters(oddity) is does


def test_every_kind_that_matters_has_its_sentence_with_what_to_do() -> None:
    facts = {
        "cut": 1, "moment": "dBZ", "count": 3, "low": "0", "high": "1", "unit": "", "minutes": 90, "at": "", "code": "Z",
        "name_code": "Z", "seconds": "40", "times": 1, "missing_deg": "9", "gaps": 1, "start_deg": "0", "end_deg": "9",
        "rays": 90, "of": 90, "byte": 1, "lon": "1", "lat": "1", "known_lon": "1", "known_lat": "1", "away_km": "3",
        "radar": "Z", "source": "s", "header": "h", "ray": "r", "gate_m": "1000",
    }  # fmt: skip
    for code in MATTERS:
        oddity = Oddity(code, **facts)
        assert matters(oddity), code
        assert "请" in oddity.sentence("zh"), code
        assert TO_DO.search(oddity.sentence("en")), oddity.sentence("en")


def test_many_of_one_kind_are_one_and_what_matters_comes_first() -> None:
    quiet = Oddity("radar.odd.blanked", cut=1, rays=90, of=360)
    counted = by_kind((quiet, gap(1, 40), gap(2, 38), values("dBZ", 3), values("ZDR", 200), "plain"))
    assert [(kind_of(oddity), count) for oddity, count in counted] == [
        ("radar.odd.azimuths_missing", 2),
        ("radar.odd.values:dBZ", 1),
        ("radar.odd.values:ZDR", 1),
        ("radar.odd.blanked", 1),
    ]

"""The 120 rain gauges of the exercise, and when some of them fall silent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

import numpy as np

from app.demo.county import build_county
from app.demo.scene import CLOSING_AT, EARLIER_RAIN_AT, HISTORY_AT, OPENING_AT, SEED, to_km
from models.rain.observations import Gauge

GAUGES = 120

# Nobody gauges this corner: km east and north of its middle, and its radius.
_BARE_CORNER_KM = (-25.0, 12.0, 6.5)
_WANTED = (
    "石坑村",
    "岭脚村",
    "云台村",
    "白水村",
    "老鸦村",
    "双河村",
    "沙田村",
    "竹溪村",
    "马蹄村",
    "大坪村",
    "三渡村",
    "龙潭村",
    "鹰嘴村",
)


@dataclass(frozen=True, slots=True)
class Silence:
    """A gauge that says nothing after ``since`` up to and with ``until``."""

    gauge_id: str
    since: datetime
    until: datetime


@cache
def gauges() -> tuple[Gauge, ...]:
    """Return the gauges in the order of their ids; every town has some, one corner has none."""
    rng = np.random.default_rng(SEED + 60)
    county = build_county()
    towns = {t.code: t.name for t in county.towns}
    villages = county.villages
    x, y = to_km(np.array([v.seat_lon_deg for v in villages]), np.array([v.seat_lat_deg for v in villages]))
    corner_x, corner_y, corner_km = _BARE_CORNER_KM
    allowed = np.hypot(x - corner_x, y - corner_y) > corner_km
    chosen = [n for n, v in enumerate(villages) if v.name in _WANTED]
    firsts: dict[str, int] = {}
    for n, v in enumerate(villages):
        firsts.setdefault(v.parent, n)
    chosen += [n for n in firsts.values() if n not in chosen and allowed[n]]
    nearest = np.min([np.hypot(x - x[n], y - y[n]) for n in chosen], axis=0)
    appeal = rng.uniform(0.35, 1.0, len(villages)) * allowed
    while len(chosen) < GAUGES:
        pick = int(np.argmax(nearest * appeal))
        chosen.append(pick)
        nearest = np.minimum(nearest, np.hypot(x - x[pick], y - y[pick]))
    found = []
    for number, n in enumerate(sorted(chosen)):
        village = villages[n]
        name = village.name.removesuffix("村").removesuffix("社区") + "站"
        lon, lat = round(village.seat_lon_deg, 4), round(village.seat_lat_deg, 4)
        found.append(Gauge(f"QL{number + 1:03d}", name, lon, lat, towns[village.parent]))
    return tuple(found)


@cache
def silences() -> tuple[Silence, ...]:
    """Return which gauges fall silent and when: one all night, one since before the drill, four for a stretch."""
    by_name = {g.name: g for g in gauges()}
    quiet = [g for g in gauges() if g.name not in {f"{v.removesuffix('村')}站" for v in _WANTED}]
    rng = np.random.default_rng(SEED + 61)
    some = [quiet[int(n)] for n in rng.choice(len(quiet), 4, replace=False)]
    early, late = EARLIER_RAIN_AT - timedelta(hours=6), CLOSING_AT + timedelta(hours=6)
    return (
        Silence(by_name["马蹄站"].id, OPENING_AT - timedelta(minutes=26), late),
        Silence(some[0].id, early, late),
        Silence(some[1].id, HISTORY_AT - timedelta(minutes=90), HISTORY_AT - timedelta(minutes=20)),
        Silence(some[2].id, OPENING_AT + timedelta(minutes=5), OPENING_AT + timedelta(minutes=35)),
        Silence(some[3].id, OPENING_AT + timedelta(minutes=20), OPENING_AT + timedelta(minutes=75)),
    )


def is_silent(gauge_id: str, at: datetime) -> bool:
    """Say whether the report of this moment never comes."""
    return any(s.gauge_id == gauge_id and s.since < at <= s.until for s in silences())

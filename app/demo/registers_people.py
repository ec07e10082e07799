"""Responsible people of the exercise, its village stations, terminals, and what each village has of the six.

Of 612 people 70 were confirmed longer ago than 30 days and 8 never, 9 have a number that bounced, 24 nobody who
stands in for them; two stand there twice, under two ids and with two numbers, and three have somebody else's number.
Four pairs of other people share a name and a town, as people do.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache

import numpy as np
from numpy.typing import NDArray

from app.demo.county import build_county
from app.demo.names import person_name
from app.demo.people import Contact, contacts
from app.demo.register import hazard_points
from app.demo.scene import SEED
from app.demo.spots import (
    days_ago,
    first_villages,
    keeper,
    near_seat,
    phone,
    pick_villages,
    placed,
    stem,
    town_names,
    villages_by_name,
)
from models.register.record import Record, Value

PEOPLE = 612
STALE, NEVER, BOUNCED, ALONE, TWICE, SHARED = 70, 8, 9, 24, 2, 3
LOUDSPEAKERS, SCREENS, VILLAGE_STATIONS = 131, 22, 360
_COUNTY_ROLES = (
    "县防指指挥长",
    "县应急局值班主任",
    "县水利局值班主任",
    "县自然资源局值班主任",
    "县教育局安全股长",
    "县文旅局值班",
)
_ALSO = ("气象信息员", "隐患点监测人", "山洪预警员", "应急广播管理员")
_WHY = ("空号", "停机", "已过户", "短信被拒收")


@cache
def people() -> tuple[Record, ...]:
    """Return the 612 people of the register, county first, then by the numbers they were first given."""
    rng = np.random.default_rng(SEED + 73)
    chosen = _chosen(rng)
    count = len(chosen)
    points = _points_by_phone()
    fates = rng.permutation(np.arange(6, count))  # the county's own are in order
    stale, never, bounced, alone = np.split(fates, np.cumsum([STALE, NEVER, BOUNCED, ALONE]))[:4]
    substitutes = _substitutes(chosen)
    shared = _share_with(chosen, fates)
    records = []
    for n, contact in enumerate(chosen):
        values: dict[str, Value] = {
            "role": contact.role,
            "phone": chosen[shared[n]].phone if n in shared else contact.phone,
        }
        if contact.village and rng.random() < 0.3:
            values["role_2"] = _ALSO[int(rng.integers(len(_ALSO)))]
        if rng.random() < 0.18:
            values["phone_2"] = phone(4000 + n)
        if not contact.village:
            values["landline"] = phone(3000 + n)
        if points.get(contact.phone):
            values["points"] = points[contact.phone]
        if n not in alone and n in substitutes:
            values["substitute"] = _id(chosen[substitutes[n]])
        bounce = int(rng.integers(1, 16))
        confirmed = int(rng.integers(33, 140)) if n in stale else int(rng.integers(1, 29))
        if n in bounced:
            confirmed = bounce + int(rng.integers(1, 12))
        if n not in never:
            values["confirmed_on"] = days_ago(confirmed)
        if n in bounced:
            values["bounced_on"] = days_ago(bounce)
            values["bounce"] = _WHY[int(rng.integers(len(_WHY)))]
        records.append(_person(_id(contact), contact, values))
    twice = [records[int(n)] for n in fates[-TWICE:]]
    for number, first in enumerate(twice, start=1):
        values = {**first.values, "role": "气象信息员", "phone": phone(4900 + number), "confirmed_on": days_ago(3)}
        values.pop("points", None)
        records.append(
            Record(
                "people",
                f"RY-9{number:03d}",
                first.name,
                first.kind,
                first.lon_deg,
                first.lat_deg,
                first.town,
                first.village,
                values,
            )
        )
    return tuple(records)


@cache
def people_of(town: str, village: str) -> tuple[str, ...]:
    """Return the ids of those who answer in a village, or in a town where ``village`` is empty."""
    return tuple(r.id for r in people() if (r.town, r.village) == (town, village))


@cache
def warning_terminals() -> tuple[Record, ...]:
    """Return 131 loudspeakers, one a village, and 22 screens in the towns' seats."""
    rng = np.random.default_rng(SEED + 74)
    at = [(v, "loudspeaker") for v in pick_villages(LOUDSPEAKERS, rng)]
    screens = first_villages()
    at += [(v, "screen") for v in (*screens, build_county().villages[1])]
    records = []
    for number, (village, kind) in enumerate(at, start=1):
        lon, lat = near_seat(village, rng, 0.02, 0.25)
        who = keeper(village, rng)
        fate = rng.random()
        values: dict[str, Value] = {
            "owner": "县应急管理局" if kind == "loudspeaker" else "县气象局",
            "link": ("mobile", "fm", "fiber")[int(rng.choice(3, p=(0.6, 0.25, 0.15)))],
            "state": "fault" if fate < 0.05 else "repair" if fate < 0.08 else "working",
            "heard_by": int(village.population * rng.uniform(0.3, 0.8)),
            "person": who.name,
            "phone": who.phone,
            "tested_on": days_ago(int(rng.integers(1, 26)) if rng.random() < 0.88 else int(rng.integers(33, 90))),
        }
        word = "大喇叭" if kind == "loudspeaker" else "显示屏"
        name = f"{stem(village)}{word}" if number <= LOUDSPEAKERS + len(screens) else f"{stem(village)}2号{word}"
        records.append(placed("warning_terminals", f"ZD-{number:04d}", name, kind, (lon, lat), village, values))
    return tuple(records)


@cache
def village_stations() -> tuple[Record, ...]:
    """Return a station of each town, and of 360 of the 381 villages."""
    rng = np.random.default_rng(SEED + 75)
    towns = town_names()
    at = [(village, "town") for village in first_villages()] + [
        (v, "village") for v in pick_villages(VILLAGE_STATIONS, rng)
    ]
    records = []
    for number, (village, kind) in enumerate(at, start=1):
        town = towns[village.parent]
        mine = people_of(town, "" if kind == "town" else village.name)
        values: dict[str, Value] = {
            "officer": mine[-1],
            "phone": phone(5000 + number),
            "equipment": "电脑、显示屏、值班电话"
            if kind == "town"
            else ("接收机", "接收机、值班电话", "手摇报警器")[int(rng.integers(3))],
            "opened_on": f"{int(rng.integers(2012, 2024))}-{int(rng.integers(1, 13)):02d}-15",
            "visited_on": days_ago(int(rng.integers(5, 330)) if rng.random() < 0.9 else int(rng.integers(380, 900))),
        }
        lon, lat = near_seat(village, rng, 0.02, 0.15)
        name = f"{town}气象信息服务站" if kind == "town" else f"{stem(village)}信息服务站"
        records.append(
            Record(
                "village_stations",
                f"FW-{number:04d}",
                name,
                kind,
                lon,
                lat,
                town,
                "" if kind == "town" else village.name,
                values,
            )
        )
    return tuple(records)


@cache
def villages_six() -> tuple[Record, ...]:
    """Return what each of 21 towns and 381 villages has of message, post, receiver, loudspeaker, plan and drill."""
    rng = np.random.default_rng(SEED + 76)
    county = build_county()
    speakers: dict[str, str] = {}
    screens: dict[str, str] = {}
    for terminal in warning_terminals():
        (speakers if terminal.kind == "loudspeaker" else screens).setdefault(
            terminal.village if terminal.kind == "loudspeaker" else terminal.town, terminal.id
        )
    stations = {(r.town, r.village) for r in village_stations()}
    towns = town_names()
    places = [(t.code, t.name, "town", t.name, "", t) for t in county.towns]
    places += [(v.code, v.name, "village", towns[v.parent], v.name, v) for v in county.villages]
    records = []
    for code, name, kind, town, village, area in places:
        values: dict[str, Value] = {"post": people_of(town, village)[-1]}
        luck = rng.random(5)
        late = rng.integers(1, 120, 5)
        if luck[0] < 0.95:
            values["message"] = days_ago(int(late[0]) if luck[0] < 0.88 else 190 + int(late[0]))
        values["receiver"] = bool((town, village) in stations)
        found = speakers.get(village) or (screens.get(town) if kind == "town" else None)
        if found:
            values["loudspeaker"] = found
        if luck[2] < 0.93:
            values["plan"] = days_ago(3 * int(late[2]) if luck[2] < 0.85 else 1100 + int(late[2]))
        if luck[3] < 0.86:
            values["drill"] = days_ago(2 * int(late[3]) if luck[3] < 0.72 else 370 + int(late[3]))
        lon, lat = round(area.seat_lon_deg, 5), round(area.seat_lat_deg, 5)
        records.append(Record("villages_six", code, name, kind, lon, lat, town, village, values))
    return tuple(records)


def _chosen(rng: np.random.Generator) -> list[Contact]:
    """Return the county's own, all of the towns, who answers for a point, one of each village, and some more."""
    own = [Contact(person_name(rng), role, "", "", phone(51 + n)) for n, role in enumerate(_COUNTY_ROLES)]
    everybody = contacts()
    wanted = {p.phone for p in hazard_points()} | {c.phone for c in everybody if not c.village}
    served = {(c.town, c.village) for c in everybody if c.phone in wanted}
    for contact in everybody:
        if (contact.town, contact.village) not in served:
            served.add((contact.town, contact.village))
            wanted.add(contact.phone)
    spare = [c.phone for c in everybody if c.phone not in wanted]
    missing = PEOPLE - TWICE - len(own) - len(wanted)
    wanted |= {spare[int(n)] for n in rng.choice(len(spare), missing, replace=False)}
    return own + [c for c in everybody if c.phone in wanted]


@cache
def _points_by_phone() -> dict[str, list[object]]:
    found: dict[str, list[object]] = defaultdict(list)
    for point in hazard_points():
        found[point.phone].append(point.id)
    return found


def _substitutes(chosen: list[Contact]) -> dict[int, int]:
    """Return who stands in for whom: the next in the same place, else the town's officer on duty."""
    place: dict[tuple[str, str], list[int]] = defaultdict(list)
    for n, contact in enumerate(chosen):
        place[contact.town, contact.village].append(n)
    found = {}
    for (town, _), here in place.items():
        for k, n in enumerate(here):
            found[n] = here[(k + 1) % len(here)] if len(here) > 1 else place[town, ""][-1]
    return found


def _share_with(chosen: list[Contact], fates: NDArray[np.int64]) -> dict[int, int]:
    """Return who has somebody else's number: three who answer for no point, each that of another."""
    free = [int(n) for n in fates if chosen[int(n)].village and chosen[int(n)].phone not in _points_by_phone()]
    return dict(zip(free[:SHARED], free[SHARED : 2 * SHARED], strict=True))


def _id(contact: Contact) -> str:
    return f"RY-{contact.phone[-4:]}"


def _person(id_: str, contact: Contact, values: dict[str, Value]) -> Record:
    kind = "village" if contact.village else "town" if contact.town else "county"
    lon: float | None = None
    lat: float | None = None
    area = villages_by_name().get(contact.village) or next(
        (t for t in build_county().towns if t.name == contact.town), None
    )
    if area is not None:
        lon, lat = round(area.seat_lon_deg, 5), round(area.seat_lat_deg, 5)
    return Record("people", id_, contact.name, kind, lon, lat, contact.town, contact.village, values)

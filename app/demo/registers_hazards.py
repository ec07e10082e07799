"""The hazard points of the exercise as a register, with where people go, by which way, and what happened before."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

import numpy as np
import shapely

from app.demo.county import DemoArea, build_county
from app.demo.outlines import wander
from app.demo.people import village_contacts
from app.demo.photos import photo_of
from app.demo.register import hazard_points
from app.demo.registers_ground import basin_of
from app.demo.registers_people import people, people_of
from app.demo.registers_stations import stations
from app.demo.scene import SEED, to_km, to_lonlat
from app.demo.spots import days_ago, near_seat, placed, places_km, stem, town_names
from app.demo.terrain import build_terrain
from models.geodesy import FloatArray
from models.hazard.near import walk_minutes
from models.hazard.register import HazardPoint, PointKind
from models.register.record import Record, Value

SHELTERS, PAST_EVENTS, FOCUS = 87, 64, 42
_ROUTE_KM = 2.6
_DESCRIBED = {"受威胁户数", "受威胁人数"}
_FINDINGS = (
    "无异常",
    "无异常",
    "无异常",
    "沟口淤积，已清理",
    "裂缝无变化",
    "排水沟有杂物，已清",
    "警示牌倾斜",
    "坡脚渗水，已报镇里",
)


@cache
def point_records() -> tuple[Record, ...]:
    """Return all hazard points with what their description asks for; columns that it does not know stay as they are."""
    rng = np.random.default_rng(SEED + 80)
    points = hazard_points()
    lon, lat = np.array([p.lon_deg for p in points]), np.array([p.lat_deg for p in points])
    gauges, basin = _nearest(lon, lat, stations_with_rain(), 2), basin_of(lon, lat)
    shelter = _nearest(lon, lat, shelters(), 1)
    route = {str(r.values["point"]): r.id for r in routes()}
    at_risk = np.array([int(p.attributes["受威胁人数"]) for p in points])
    focus = set(np.argsort(-at_risk, kind="stable")[:FOCUS].tolist())
    ids = {str(r.values["phone"]): r.id for r in people()}
    records = []
    for n, point in enumerate(points):
        mine = ids.get(point.phone, "")
        others = [one for one in people_of(point.town, point.village) if one != mine]
        values = _own(point, rng)
        values |= {
            "focus": n in focus,
            "shelter": shelter[n][0],
            "gauges": list[object](gauges[n]),
            "people": [one for one in (mine, *others, people_of(point.town, "")[0]) if one],
        }
        if basin[n]:
            values["basin"] = basin[n]
        if point.id in route:
            values["route"] = route[point.id]
        if photo_of(point):
            values["photo"] = photo_of(point)
        undescribed = {key: value for key, value in point.attributes.items() if key not in _DESCRIBED}
        records.append(
            Record(
                "hazard_points", point.id, point.name, point.kind.value, point.lon_deg, point.lat_deg, point.town,
                point.village, values, undescribed,
            )
        )  # fmt: skip
    return tuple(records)


def _own(point: HazardPoint, rng: np.random.Generator) -> dict[str, Value]:
    """Return what a point's own row says."""
    people_at_risk = int(point.attributes["受威胁人数"])
    return {
        "thresholds": [
            {"window_h": t.window_h, "level": t.level.value, "rain_mm": t.rain_mm, "design": t.design}
            for t in point.thresholds
        ],
        "person": point.person,
        "phone": point.phone,
        "people_at_risk": people_at_risk,
        "inspected_on": days_ago(int(rng.integers(0, 10)) if rng.random() < 0.9 else int(rng.integers(12, 41))),
        "households": int(point.attributes["受威胁户数"]),
        "to_be_carried": int(people_at_risk * rng.uniform(0.0, 0.14)),
        "warn_unit": point.warn_unit,
        "inspected_by": point.person,
        "finding": _FINDINGS[int(rng.integers(len(_FINDINGS)))],
        "confirmed_on": "2026-04-02" if rng.random() < 0.94 else "2025-03-11",
        "source": "2025 普查，4月2日现场核对",
    }


@cache
def stations_with_rain() -> tuple[Record, ...]:
    """Return the stations that measure rain, as the feeds know them."""
    return tuple(r for r in stations() if r.kind in {"rain", "regional"} and r.id.startswith("QL"))


@cache
def shelters() -> tuple[Record, ...]:
    """Return 87 shelters: three or more a town, where most people live under a hazard."""
    rng = np.random.default_rng(SEED + 81)
    at_risk: dict[str, int] = defaultdict(int)
    for point in hazard_points():
        at_risk[point.village] += int(point.attributes["受威胁人数"])
    ranked = sorted(build_county().villages, key=lambda v: (v.name != "石坑村", -at_risk[v.name], v.code))
    by_town: dict[str, list[DemoArea]] = defaultdict(list)
    for village in ranked:
        by_town[village.parent].append(village)
    chosen = {v.code: v for some in by_town.values() for v in some[:3]}
    for village in ranked:
        if len(chosen) < SHELTERS:
            chosen.setdefault(village.code, village)
    terrain, towns = build_terrain(), town_names()
    records = []
    for number, village in enumerate(sorted(chosen.values(), key=lambda v: v.code), start=1):
        kind = (
            "school" if village.name == "石坑村" or rng.random() < 0.45 else "hall" if rng.random() < 0.75 else "square"
        )
        spots = np.array([near_seat(village, rng, 0.08, 0.5) for _ in range(4)])
        x, y = to_km(spots[:, 0], spots[:, 1])
        height = terrain.height_at(x, y)
        best = int(np.argmax(height))
        around = np.linspace(0, 2 * np.pi, 13)[:-1]
        floor = float(terrain.height_at(x[best] + 0.4 * np.cos(around), y[best] + 0.4 * np.sin(around)).min())
        capacity = int(rng.choice((80, 120, 150, 200, 260, 320, 500)))
        who = village_contacts()[towns[village.parent], village.name][0]
        values: dict[str, Value] = {
            "capacity": 260 if village.name == "石坑村" else capacity,
            "height_m": round(float(height[best])),
            "above_stream_m": round(max(0.0, float(height[best]) - floor)),
            "beds": int(capacity * rng.uniform(0.1, 0.5)) if kind != "square" else 0,
            "power": bool(rng.random() < 0.6),
            "person": who.name,
            "phone": who.phone,
            "checked_on": days_ago(int(rng.integers(5, 170)) if rng.random() < 0.9 else int(rng.integers(185, 400))),
        }
        hall = "社区服务中心" if village.name.endswith("社区") else "村委会"
        name = stem(village) + {"school": "小学", "hall": hall, "square": "广场"}[kind]
        lon, lat = float(spots[best, 0]), float(spots[best, 1])
        records.append(placed("shelters", f"BX-{number:03d}", name, kind, (lon, lat), village, values))
    return tuple(records)


@cache
def routes() -> tuple[Record, ...]:
    """Return the ways on foot from each point to its shelter, where that is near enough."""
    points = hazard_points()
    places = shelters()
    lon, lat = np.array([p.lon_deg for p in points]), np.array([p.lat_deg for p in points])
    x, y = to_km(lon, lat)
    ends = places_km(places).T
    far = np.hypot(x[:, None] - ends[:, 0], y[:, None] - ends[:, 1])
    nearest = np.argmin(far, axis=1)
    chosen = np.flatnonzero(far[np.arange(len(points)), nearest] < _ROUTE_KM)
    start, goal = np.column_stack([x, y])[chosen], ends[nearest[chosen]]
    way = _bent_ways(start, goal)
    step = np.hypot(*np.moveaxis(np.diff(way, axis=1), -1, 0)).sum(axis=1)
    terrain = build_terrain()
    climb = terrain.height_at(goal[:, 0], goal[:, 1]) - terrain.height_at(start[:, 0], start[:, 1])
    along = terrain.height_at(way[..., 0], way[..., 1]).min(axis=1)
    lowest = np.minimum(terrain.height_at(start[:, 0], start[:, 1]), terrain.height_at(goal[:, 0], goal[:, 1]))
    lines = shapely.linestrings(np.round(np.stack(to_lonlat(way[..., 0], way[..., 1]), axis=-1), 6))
    rng = np.random.default_rng(SEED + 82)
    records = []
    for number, n in enumerate(chosen.tolist()):
        point, place = points[n], places[int(nearest[n])]
        length = round(float(step[number]) * 1000)
        rise = round(float(climb[number]))
        values: dict[str, Value] = {
            "point": point.id,
            "shelter": place.id,
            "length_m": length,
            "walk_min": int(np.ceil(walk_minutes(length, rise))),
            "climb_m": rise,
            "crosses_stream": bool(along[number] < lowest[number] - 4),
            "walked_on": days_ago(int(rng.integers(20, 340)) if rng.random() < 0.9 else int(rng.integers(370, 800))),
        }
        middle = shapely.line_interpolate_point(lines[number], 0.5, normalized=True)
        records.append(
            Record(
                "routes", f"LX-{point.id}", f"{point.name}至{place.name}", "", float(middle.x), float(middle.y), point.town,
                point.village, values, wkb=shapely.to_wkb(lines[number]),
            )
        )  # fmt: skip
    return tuple(records)


def _bent_ways(start: FloatArray, goal: FloatArray) -> FloatArray:
    """Return ways that wander over the ground and keep their ends, (n, 14, 2) in km."""
    part = np.linspace(0, 1, 14)[None, :, None]
    way = start[:, None, :] * (1 - part) + goal[:, None, :] * part
    shifted = np.stack(wander(way[..., 0] * 3, way[..., 1] * 3), axis=-1) - way * 3
    shift = shifted - (shifted[:, :1] * (1 - part) + shifted[:, -1:] * part)
    far = np.hypot(*np.moveaxis(goal - start, -1, 0))[:, None, None]
    return np.asarray(way + shift * np.clip(far / 1.5, 0.1, 1.0), np.float64)


def _nearest(lon: FloatArray, lat: FloatArray, records: tuple[Record, ...], most: int) -> list[list[str]]:
    x, y = to_km(lon, lat)
    east, north = places_km(records)
    order = np.argsort(np.hypot(x[:, None] - east, y[:, None] - north), axis=1, kind="stable")[:, :most]
    return [[records[n].id for n in row] for row in order.tolist()]


@cache
def past_events() -> tuple[Record, ...]:
    """Return 64 events of ten years at points of the register, each with its rain by the hour; nobody died."""
    rng = np.random.default_rng(SEED + 83)
    points = hazard_points()
    weight = np.array([int(p.attributes["受威胁人数"]) for p in points], float) ** 0.7
    chosen = np.sort(rng.choice(len(points), PAST_EVENTS - 2, replace=False, p=weight / weight.sum()))
    known = next(p for p in points if p.name == "石坑沟")
    made = [
        _event(known, "2024-06-19", 4, np.array([0.4, 2.1, 9.6, 28.4, 23.0, 6.2, 1.3]), 0, 118, "便桥冲毁"),
        _event(known, "2019-06-10", 6, np.array([3.2, 11.5, 18.4, 26.9, 21.7, 9.5, 2.2]), 17, 64, "进水17户，无伤亡"),
    ]
    for point in (points[int(n)] for n in chosen):
        day = f"{int(rng.integers(2015, 2026))}-{int(rng.integers(5, 9)):02d}-{int(rng.integers(1, 29)):02d}"
        hours = int(rng.integers(6, 13))
        shape = np.exp(-(((np.arange(hours) - rng.uniform(0.35, 0.75) * hours) / rng.uniform(0.9, 2.2)) ** 2))
        peak = rng.uniform(28, 72) if point.kind is not PointKind.FLASH_FLOOD else rng.uniform(36, 92)
        rain = np.round(np.clip(shape * peak * rng.uniform(0.75, 1.1, hours), 0.1, None), 1)
        hit = int(rng.integers(0, max(2, int(point.attributes["受威胁户数"]) // 2)))
        moved = int(int(point.attributes["受威胁人数"]) * rng.uniform(0.2, 1.0))
        made.append(_event(point, day, int(rng.integers(0, 24)), rain, hit, moved, _what(point.kind, hit, rng)))
    made.sort(key=lambda r: (str(r.values["happened_on"]), r.name))
    return tuple(
        Record(r.register, f"LS-{n:03d}", r.name, r.kind, r.lon_deg, r.lat_deg, r.town, r.village, r.values)
        for n, r in enumerate(made, start=1)
    )


def _what(kind: PointKind, hit: int, rng: np.random.Generator) -> str:
    said = {
        PointKind.FLASH_FLOOD: ("沟口漫水", "便桥冲毁", "河堤冲缺20米"),
        PointKind.LANDSLIDE: ("土体下滑，堵塞村道", "屋后土方垮塌", "坡面裂缝扩大"),
        PointKind.COLLAPSE: ("落石砸断护栏", "危岩掉块，道路中断"),
        PointKind.DEBRIS_FLOW: ("泥石流冲出沟口", "淤埋农田"),
        PointKind.WATERLOGGING: ("积水0.6米，车辆熄火", "下穿积水，封闭4小时"),
    }[kind]
    return said[int(rng.integers(len(said)))] + (f"，受灾{hit}户" if hit else "，无人受灾")


def _event(
    point: HazardPoint, day: str, until_hour: int, rain_mm: FloatArray, hit: int, moved: int, what: str
) -> Record:
    three = np.convolve(rain_mm, np.ones(3), mode="full")
    values: dict[str, Value] = {
        "happened_on": day,
        "until_hour": until_hour,
        "point": point.id,
        "what": f"{what}，转移{moved}人" if moved else what,
        "rain_1h_mm": float(rain_mm.max()),
        "rain_3h_mm": round(float(three.max()), 1),
        "rain_total_mm": round(float(rain_mm.sum()), 1),
        "rain_curve": " ".join(f"{mm:g}" for mm in rain_mm.tolist()),
        "households": hit,
        "moved": moved,
        "dead_or_missing": 0,
        "source": "县灾情年报",
    }
    if photo_of(point):
        values["photo"] = photo_of(point)
    return Record(
        "past_events",
        "",
        f"{point.name} {day[:4]}",
        point.kind.value,
        point.lon_deg,
        point.lat_deg,
        point.town,
        point.village,
        values,
    )

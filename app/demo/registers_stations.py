"""What measures in the exercise, and who and what stands ready: stations, radars, sensors, teams and stores.

The gauges keep the ids under which their rain comes in. The road sensors are far fewer than the plan asks for.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import shapely

from app.demo.county import DemoArea, build_county
from app.demo.gauges import gauges, silences
from app.demo.lines import build_lines
from app.demo.names import person_name
from app.demo.radars import RADARS
from app.demo.register import hazard_points
from app.demo.registers_roads import place_on, road_stretches
from app.demo.scene import OPENING_AT, SEED, to_km
from app.demo.spots import days_ago, first_villages, keeper, near_seat, phone, placed, seats_km, stem, town_names
from app.demo.terrain import build_terrain
from models.geodesy import FloatArray
from models.hazard.register import PointKind
from models.register.record import Record, Value

WATER_GAUGES, PLANNED = 12, 4
ROAD_SENSORS = {"road_weather": 9, "visibility": 14}
SLOPES, CAMERAS = 24, 14
FIELD_MILLS = (3, 200)
"""Villages, by their place in the list, that have a field mill."""
_ELEMENTS = {
    "road_weather": "能见度、路温、风、雨量",
    "visibility": "能见度",
    "field_mill": "大气电场",
    "water_depth": "积水深度",
    "slope": "位移、倾角",
    "camera": "实景图像",
}
_WORDS = {
    "road_weather": "交通站",
    "visibility": "能见度仪",
    "field_mill": "电场仪",
    "water_depth": "积水尺",
    "slope": "位移计",
    "camera": "摄像头",
}


@cache
def stations() -> tuple[Record, ...]:
    """Return 120 gauges, of which 21 are stations that also measure rain, 12 water gauges, one national station, 4 planned."""
    rng = np.random.default_rng(SEED + 84)
    silent = {s.gauge_id for s in silences() if s.since < OPENING_AT <= s.until}
    seen: set[str] = set()
    records = []
    homes = _homes(np.array([g.lon_deg for g in gauges()]), np.array([g.lat_deg for g in gauges()]))
    for gauge, village in zip(gauges(), homes, strict=True):
        kind = "rain" if gauge.town in seen else "regional"
        seen.add(gauge.town)
        state = "fault" if gauge.id in silent else "working"
        elements = "雨量" if kind == "rain" else "雨量、气温、湿度、风、气压、能见度"
        values = _station(
            rng, village, "县水利局" if kind == "rain" and rng.random() < 0.4 else "县气象局", elements, state
        )
        records.append(
            Record(
                "stations", gauge.id, gauge.name, kind, gauge.lon_deg, gauge.lat_deg, gauge.town, village.name, values
            )
        )
    for number, (lon, lat, stage_m) in enumerate(_on_rivers(), start=1):
        village = _homes(np.array([lon]), np.array([lat]))[0]
        values = _station(rng, village, "县水文站", "水位、雨量" if number % 3 == 0 else "水位", "working")
        values |= {"warning_stage_m": round(stage_m + 2.4, 1), "guarantee_stage_m": round(stage_m + 3.9, 1)}
        records.append(
            placed("stations", f"SW{number:03d}", f"{stem(village)}水位站", "water", (lon, lat), village, values)
        )
    seat = build_county().villages[0]
    lon, lat = near_seat(seat, rng, 0.3, 0.6)
    values = _station(rng, seat, "县气象局", "全要素", "working")
    records.append(placed("stations", "QLGJ1", "青岚国家气象观测站", "national", (lon, lat), seat, values))
    bare = [
        v
        for v in build_county().villages
        if v.parent == next(t.code for t in build_county().towns if t.name == "马蹄镇")
    ]
    for number, village in enumerate(bare[-PLANNED:], start=1):
        lon, lat = near_seat(village, rng, 0.02, 0.2)
        planned: dict[str, Value] = {"owner": "县气象局", "elements": "雨量", "link": "both", "state": "planned"}
        records.append(
            Record(
                "stations",
                f"GH{number:03d}",
                f"{stem(village)}规划站",
                "rain",
                lon,
                lat,
                "马蹄镇",
                village.name,
                planned,
            )
        )
    return tuple(records)


@cache
def radars() -> tuple[Record, ...]:
    """Return the three radars of the network that feed the office; two of them stand in the county."""
    records = []
    homes = _homes(np.array([r.lon_deg for r in RADARS]), np.array([r.lat_deg for r in RADARS]))
    border = build_county().border
    for site, village in zip(RADARS, homes, strict=True):
        inside = bool(shapely.contains_xy(border, site.lon_deg, site.lat_deg))
        values: dict[str, Value] = {
            "owner": "市气象局" if site.frequency_mhz < 4000 else "县气象局",
            "antenna_m": site.antenna_m,
            "range_km": site.gate_m * site.gates / 1000,
            "step_min": int(site.step.total_seconds() // 60),
            "state": "working",
            "maintained_on": days_ago(70 if site.frequency_mhz < 4000 else 400),
        }
        kind = "s_band" if site.frequency_mhz < 4000 else "x_band"
        town = town_names()[village.parent] if inside else ""
        records.append(
            Record(
                "radars",
                site.code,
                f"{site.name}雷达",
                kind,
                site.lon_deg,
                site.lat_deg,
                town,
                village.name if inside else "",
                values,
            )
        )
    return tuple(records)


@cache
def sensors() -> tuple[Record, ...]:
    """Return road sensors, field mills, water on the road, slopes and cameras."""
    rng = np.random.default_rng(SEED + 85)
    places: list[tuple[str, float, float, dict[str, Value]]] = []
    roads = [r for r in road_stretches() if r.kind == "road"]
    for kind, count in ROAD_SENSORS.items():
        for n in np.linspace(0, len(roads) - 1, count).round().astype(int).tolist():
            lon, lat, at_km = place_on(roads[n], float(rng.uniform(0.2, 0.8)))
            places.append((kind, lon, lat, {"stretch": roads[n].id, "at_km": at_km}))
    for n in FIELD_MILLS:
        lon, lat = near_seat(build_county().villages[n], rng, 0.2, 0.8)
        places.append(("field_mill", lon, lat, {}))
    points = hazard_points()
    spots = [("water_depth", p) for p in points if p.kind is PointKind.WATERLOGGING]
    steep = [p for p in points if p.kind is PointKind.LANDSLIDE]
    spots += [("slope", steep[int(n)]) for n in np.sort(rng.choice(len(steep), SLOPES, replace=False))]
    spots += [("camera", points[int(n)]) for n in np.sort(rng.choice(160, CAMERAS, replace=False))]
    places += [(kind, round(p.lon_deg + 0.0002, 5), p.lat_deg, {}) for kind, p in spots]
    homes = _homes(np.array([p[1] for p in places]), np.array([p[2] for p in places]))
    records = []
    for number, ((kind, lon, lat, more), village) in enumerate(zip(places, homes, strict=True), start=1):
        fate = rng.random()
        who = keeper(village, rng)
        values: dict[str, Value] = {
            "owner": {"road_weather": "县公路局", "visibility": "县公路局", "slope": "县自然资源局"}.get(
                kind, "县气象局"
            ),
            "elements": _ELEMENTS[kind],
            "link": ("mobile", "beidou", "fiber")[int(rng.choice(3, p=(0.7, 0.2, 0.1)))],
            "state": "fault" if fate < 0.06 else "repair" if fate < 0.1 else "working",
            **more,
            "maintained_on": days_ago(
                int(rng.integers(5, 175)) if rng.random() < 0.87 else int(rng.integers(186, 420))
            ),
            "person": who.name,
            "phone": who.phone,
        }
        records.append(
            placed("sensors", f"CG-{number:03d}", stem(village) + _WORDS[kind], kind, (lon, lat), village, values)
        )
    return tuple(records)


@cache
def rescue_teams() -> tuple[Record, ...]:
    """Return six teams of the county and one of each town."""
    rng = np.random.default_rng(SEED + 86)
    first = first_villages()
    seat = first[0]
    own = (
        ("青岚县消防救援大队", "fire"),
        ("东城消防站", "fire"),
        ("县医疗应急队", "medical"),
        ("县供电抢修队", "power"),
        ("县通信抢修队", "power"),
        ("青岚义务救援队", "volunteer"),
    )
    posts = [(name, kind, seat) for name, kind in own] + [
        (f"{town_names()[v.parent]}应急分队", "militia", v) for v in first
    ]
    records = []
    for number, (name, kind, village) in enumerate(posts, start=1):
        lon, lat = near_seat(village, rng, 0.1, 0.8)
        values: dict[str, Value] = {
            "members": int(rng.integers(12, 60)),
            "ready_min": int(rng.choice((5, 10, 15, 20, 30))),
            "boats": int(rng.integers(0, 5)) if kind in {"fire", "volunteer", "militia"} else 0,
            "vehicles": int(rng.integers(1, 9)),
            "person": person_name(rng),
            "phone": phone(2600 + number),
            "drilled_on": days_ago(int(rng.integers(10, 170)) if rng.random() < 0.85 else int(rng.integers(190, 400))),
        }
        records.append(placed("rescue_teams", f"DW-{number:03d}", name, kind, (lon, lat), village, values))
    return tuple(records)


@cache
def stores() -> tuple[Record, ...]:
    """Return two stores of the county and one of each town."""
    rng = np.random.default_rng(SEED + 87)
    first = first_villages()
    posts = [("县应急物资中心库", "county", first[0]), ("县防汛物资库", "county", first[0])]
    posts += [(f"{town_names()[v.parent]}物资储备点", "town", v) for v in first]
    records = []
    for number, (name, kind, village) in enumerate(posts, start=1):
        lon, lat = near_seat(village, rng, 0.1, 0.7)
        size = 8 if kind == "county" else 1
        values: dict[str, Value] = {
            "sandbags": int(rng.integers(8, 40)) * 250 * size,
            "pumps": int(rng.integers(1, 6)) * size,
            "generators": int(rng.integers(1, 4)) * size,
            "tents": int(rng.integers(5, 40)) * size,
            "quilts": int(rng.integers(2, 20)) * 20 * size,
            "satellite_phones": int(rng.integers(0, 3)) * (2 if size > 1 else 1),
            "person": person_name(rng),
            "phone": phone(2700 + number),
            "counted_on": days_ago(int(rng.integers(10, 170)) if rng.random() < 0.85 else int(rng.integers(190, 400))),
        }
        records.append(placed("stores", f"WZ-{number:03d}", name, kind, (lon, lat), village, values))
    return tuple(records)


def _station(rng: np.random.Generator, village: DemoArea, owner: str, elements: str, state: str) -> dict[str, Value]:
    who = keeper(village, rng)
    x, y = to_km(village.seat_lon_deg, village.seat_lat_deg)
    return {
        "owner": owner,
        "elements": elements,
        "link": ("mobile", "both", "beidou")[int(rng.choice(3, p=(0.6, 0.3, 0.1)))],
        "state": state,
        "height_m": round(float(build_terrain().height_at(x, y))),
        "built_on": f"{int(rng.integers(2008, 2024))}-{int(rng.integers(1, 13)):02d}-01",
        "maintained_on": days_ago(int(rng.integers(5, 175)) if rng.random() < 0.92 else int(rng.integers(186, 420))),
        "person": who.name,
        "phone": who.phone,
    }


def _on_rivers() -> list[tuple[float, float, float]]:
    """Return places of water gauges, one on each of the largest reaches inside the county: lon, lat, water level in m."""
    border = build_county().border
    found: list[tuple[float, float, float]] = []
    for way in build_lines():
        if way.kind != "river" or len(found) == WATER_GAUGES:
            continue
        spot = shapely.line_interpolate_point(way.line, 0.5, normalized=True)
        x, y = to_km(spot.x, spot.y)
        apart = all(np.hypot(*(np.array(to_km(lon, lat)) - (x, y))) > 3.0 for lon, lat, _ in found)
        if apart and shapely.contains_xy(border, spot.x, spot.y):
            found.append((round(spot.x, 5), round(spot.y, 5), float(build_terrain().height_at(x, y))))
    return found


def _homes(lon: FloatArray, lat: FloatArray) -> list[DemoArea]:
    """Return the village each place lies in; outside of the county the one with the nearest seat."""
    villages = build_county().villages
    x, y = to_km(lon, lat)
    seats = seats_km()
    near = np.argmin(np.hypot(x[:, None] - seats[:, 0], y[:, None] - seats[:, 1]), axis=1)
    tree = shapely.STRtree([v.border for v in villages])
    place, found = tree.query(shapely.points(lon, lat), predicate="intersects")
    near[place] = found
    return [villages[int(n)] for n in near]

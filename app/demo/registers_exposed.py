"""Whom weather hits in the exercise: key units by sector, building sites, scenic areas and their attractions.

Limits: domain/risk-models.md 5.2 for machines, 6 for fog and rain on roads, 8 for lightning, 10 for attractions;
the others are starter values of the exercise.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from app.demo.county import DemoArea
from app.demo.names import person_name
from app.demo.registers_people import people_of
from app.demo.registers_stations import sensors, stations
from app.demo.scene import SEED, to_km
from app.demo.spots import (
    days_ago,
    near_seat,
    phone,
    pick_villages,
    placed,
    places_km,
    stem,
    town_names,
    villages_by_name,
)
from models.register.record import Record, Value

SECTORS = {
    "school": (40, ("中学", "小学", "幼儿园")),
    "hospital": (18, ("卫生院", "敬老院")),
    "lightning": (26, ("加油站", "液化气站", "民爆仓库", "烟花仓库")),
    "mine": (10, ("采石场", "尾矿库")),
    "power": (12, ("变电站", "水厂", "水电站")),
    "transport": (10, ("客运站", "货运站")),
    "farm": (16, ("茶场", "养殖场", "果园", "大棚基地")),
    "market": (12, ("农贸市场", "商场")),
    "factory": (12, ("木材厂", "食品厂", "物流仓库")),
    "heritage": (4, ("廊桥", "祠堂")),
}
BUILDING_SITES, SITES_OVER, SITES_TO_COME = 48, 11, 4
_LIMITS: dict[str, tuple[str, dict[str, Value]]] = {
    "school": ("暴雨、雷电、大风", {"rain_1h_mm": 40.0, "gust_ms": 17.2, "lightning_ring_km": 15.0}),
    "hospital": ("暴雨、高温", {"rain_1h_mm": 40.0, "high_c": 37.0}),
    "lightning": ("雷电、高温", {"lightning_ring_km": 30.0, "field_kvm": 2.0, "high_c": 40.0}),
    "mine": ("暴雨、雷电", {"rain_1h_mm": 30.0, "rain_24h_mm": 100.0, "lightning_ring_km": 15.0}),
    "power": ("大风、雷电、冰冻", {"gust_ms": 20.8, "lightning_ring_km": 15.0, "low_c": 0.0}),
    "transport": ("大雾、暴雨", {"visibility_m": 200.0, "rain_1h_mm": 40.0}),
    "farm": ("低温、冰雹、大风", {"gust_ms": 17.2, "low_c": 3.0}),
    "market": ("暴雨、大风", {"rain_1h_mm": 40.0, "gust_ms": 17.2}),
    "factory": ("暴雨、雷电", {"rain_1h_mm": 50.0, "lightning_ring_km": 15.0}),
    "heritage": ("暴雨、雷电、火险", {"rain_1h_mm": 40.0, "lightning_ring_km": 8.0}),
}
_MEND = ("排水沟清淤", "接地电阻复测", "应急预案更新", "围墙加固", "避雷带锈蚀更换", "值班电话登记")
_EQUIPMENT: dict[str, tuple[tuple[str, ...], dict[str, Value]]] = {
    "tower_crane": (("house", "municipal"), {"gust_ms": 10.8, "gust_is": "mean_2min"}),
    "platform": (("house",), {"gust_ms": 8.0, "gust_is": "mean_2min"}),
    "scaffold": (("house", "water"), {"gust_ms": 10.8, "gust_is": "mean_2min"}),
    "gantry": (("road",), {"gust_ms": 15.0, "gust_is": "gust_3s"}),
    "digger": (("road", "water", "municipal", "power"), {"rain_1h_mm": 20.0}),
}
_WORKS = {
    "house": "安置房项目",
    "road": "公路改造",
    "municipal": "管网工程",
    "water": "河道治理",
    "power": "风电场项目",
}
# Area, village, kind, grade, and its attractions: name, kind.
_SCENIC = (
    ("青岚山森林公园", "高峰村", "mountain", "4A", (("青岚索道", "ropeway"), ("云顶玻璃桥", "glass_bridge"), ("青岚步道", "path"), ("高峰营地", "camp"))),
    ("龙潭峡漂流区", "潭口村", "river", "3A", (("龙潭漂流", "rafting"), ("龙潭溶洞", "cave"), ("潭口游船", "boats"), ("峡谷栈道", "path"))),
    ("竹园古村", "竹园村", "village", "3A", (("竹园秋千", "glass_bridge"), ("竹溪水上乐园", "boats"), ("竹海步道", "path"), ("竹园营地", "camp"))),
)  # fmt: skip
_CLOSES: dict[str, dict[str, Value]] = {
    "ropeway": {"gust_watch_ms": 10.0, "gust_close_ms": 15.0, "lightning_close_km": 8.0},
    "glass_bridge": {"gust_watch_ms": 8.0, "gust_close_ms": 10.8, "rain_1h_close_mm": 5.0, "lightning_close_km": 8.0},
    "rafting": {"rain_1h_watch_mm": 10.0, "rain_1h_close_mm": 20.0, "rain_3h_close_mm": 30.0, "lightning_close_km": 15.0, "rise_close_m": 0.5},
    "cave": {"rain_3h_close_mm": 30.0},
    "path": {"gust_watch_ms": 10.8, "gust_close_ms": 17.2, "visibility_close_m": 50.0},
    "boats": {"gust_watch_ms": 10.8, "gust_close_ms": 13.9, "lightning_close_km": 10.0},
    "camp": {"rain_1h_close_mm": 20.0, "gust_close_ms": 13.9, "lightning_close_km": 15.0},
}  # fmt: skip


@cache
def key_units() -> tuple[Record, ...]:
    """Return 160 key units in ten sectors; about one in six has something overdue."""
    rng = np.random.default_rng(SEED + 89)
    mills = [r for r in sensors() if r.kind == "field_mill"]
    records: list[Record] = []
    taken: set[str] = set()
    for kind, (count, endings) in SECTORS.items():
        for village in pick_villages(count, rng):
            ending = endings[int(rng.integers(len(endings)))]
            name = stem(village) + ending
            while name in taken:
                name = f"{stem(village)}第二{ending}" if "第二" not in name else f"{name}分部"
            taken.add(name)
            lon, lat = near_seat(village, rng, 0.05, 0.7 if kind != "mine" else 1.6)
            number = len(records) + 1
            values = _unit(kind, village, number, rng)
            if kind == "lightning":
                near = np.hypot(*(places_km(mills) - np.reshape(to_km(lon, lat), (2, 1))))
                values["field_mill"] = mills[int(np.argmin(near))].id
                values["half_year_tested_on"] = days_ago(
                    int(rng.integers(5, 178)) if rng.random() < 0.85 else int(rng.integers(186, 300))
                )
            records.append(placed("key_units", f"MG-{number:03d}", name, kind, (lon, lat), village, values))
    return tuple(records)


def _unit(kind: str, village: DemoArea, number: int, rng: np.random.Generator) -> dict[str, Value]:
    sensitive, limits = _LIMITS[kind]
    late = rng.random(4) < 0.045
    to_mend = bool(rng.random() < 0.16)
    values: dict[str, Value] = {
        "sensitive": sensitive,
        **limits,
        "people_count": int(rng.lognormal({"school": 6.0, "hospital": 4.6, "market": 5.3}.get(kind, 3.2), 0.6)) + 2,
        "person": person_name(rng),
        "phone": phone(2000 + number),
        "people": [people_of(town_names()[village.parent], village.name)[0]],
        "certified_on": days_ago(int(rng.integers(1100, 1500)) if late[0] else int(rng.integers(60, 1000))),
        "inspected_on": days_ago(int(rng.integers(370, 500)) if late[1] else int(rng.integers(5, 350))),
        "drilled_on": days_ago(int(rng.integers(370, 600)) if late[2] else int(rng.integers(5, 350))),
        "lightning_tested_on": days_ago(int(rng.integers(370, 480)) if late[3] else int(rng.integers(5, 350))),
        "checklist": int(rng.integers(50, 95)) if to_mend else 100,
    }
    if to_mend:
        values["rectify"] = _MEND[int(rng.integers(len(_MEND)))]
        values["rectify_by"] = days_ago(int(rng.integers(-40, 20)))
    return values


@cache
def building_sites() -> tuple[Record, ...]:
    """Return 48 building sites, of which 11 are past their period and 4 have not begun."""
    rng = np.random.default_rng(SEED + 90)
    records = []
    for number, village in enumerate(pick_villages(BUILDING_SITES, rng), start=1):
        equipment = tuple(_EQUIPMENT)[int(rng.integers(len(_EQUIPMENT)))]
        kinds, limits = _EQUIPMENT[equipment]
        kind = kinds[int(rng.integers(len(kinds)))]
        begun, lasts = int(rng.integers(40, 500)), int(rng.integers(150, 700))
        over, to_come = number % 4 == 1 and number // 4 < SITES_OVER, number % 12 == 2
        from_days = -int(rng.integers(5, 60)) if to_come else begun
        until_days = int(rng.integers(3, begun)) if over else from_days - begun - lasts
        values: dict[str, Value] = {
            "builder": f"青岚{('一', '二', '三', '路桥', '水电')[int(rng.integers(5))]}建公司",
            "from_on": days_ago(from_days),
            "until_on": days_ago(until_days),
            "equipment": equipment,
            "equipment_count": int(rng.integers(1, 7)),
            **limits,
            "workers": int(rng.integers(8, 240)),
            "camp": bool(rng.random() < 0.4),
            "person": person_name(rng),
            "phone": phone(2200 + number),
        }
        if not to_come:
            values["inspected_on"] = days_ago(
                int(rng.integers(1, 28)) if rng.random() < 0.85 else int(rng.integers(33, 80))
            )
        lon, lat = near_seat(village, rng, 0.05, 0.8)
        name = stem(village) + _WORKS[kind]
        records.append(placed("building_sites", f"GD-{number:03d}", name, kind, (lon, lat), village, values))
    return tuple(records)


@cache
def scenic_areas() -> tuple[Record, ...]:
    """Return the three scenic areas."""
    rng = np.random.default_rng(SEED + 91)
    rain = [r for r in stations() if r.id.startswith("QL")]
    x, y = places_km(rain)
    records = []
    for number, (name, home, kind, grade, _) in enumerate(_SCENIC, start=1):
        village = villages_by_name()[home]
        lon, lat = near_seat(village, rng, 0.2, 0.9)
        east, north = to_km(lon, lat)
        near = np.argsort(np.hypot(x - east, y - north), kind="stable")[:2]
        values: dict[str, Value] = {
            "grade": grade,
            "visitors_most": int(rng.integers(20, 90)) * 100,
            "opens": "08:00-17:30",
            "person": person_name(rng),
            "phone": phone(2500 + number),
            "gauges": [rain[int(n)].id for n in near],
            "drilled_on": days_ago(int(rng.integers(20, 300)) if number < 3 else 420),
            "inspected_on": days_ago(int(rng.integers(5, 80))),
        }
        records.append(placed("scenic_areas", f"JQ-{number}", name, kind, (lon, lat), village, values))
    return tuple(records)


@cache
def attractions() -> tuple[Record, ...]:
    """Return four attractions of each scenic area with the starter limits of their kind."""
    rng = np.random.default_rng(SEED + 92)
    records = []
    for number, (_, home, _, _, has) in enumerate(_SCENIC, start=1):
        village = villages_by_name()[home]
        for k, (name, kind) in enumerate(has, start=1):
            lon, lat = near_seat(village, rng, 0.3, 1.3)
            values: dict[str, Value] = {"area": f"JQ-{number}", **_CLOSES[kind], "design": True}
            records.append(placed("attractions", f"JD-{number}{k:02d}", name, kind, (lon, lat), village, values))
    return tuple(records)

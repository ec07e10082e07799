"""Hazard points of the exercise: 160 flash-flood zones, 273 geohazard points, 5 flood-prone spots.

Thresholds: domain/risk-models.md 2.1 without the 24 h column for flash floods
(Jianghua county, Hunan); 1.4, the row for 1 h rain on wet soil, for geohazards;
starter values for waterlogging. The last two are marked ``design``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import shapely

from app.demo.county import DemoArea, build_county
from app.demo.people import village_contacts
from app.demo.scene import SEED, to_km
from app.demo.terrain import build_terrain
from models.geodesy import FloatArray
from models.hazard.level import RISING
from models.hazard.register import HazardPoint, PointKind, Threshold

COUNTS: Mapping[PointKind, int] = {
    PointKind.FLASH_FLOOD: 160,
    PointKind.LANDSLIDE: 156,
    PointKind.COLLAPSE: 79,
    PointKind.DEBRIS_FLOW: 38,
    PointKind.WATERLOGGING: 5,
}
SOIL_STATE = "湿"
SOIL_DATE = "2026-06-17"

_FLASH_FLOOD_MM = {1: (35, 45, 60, 80), 3: (55, 75, 100, 120), 6: (70, 95, 120, 150)}
_WET_SOIL_MM = {1: (20, 30, 50, 70)}
_WATERLOGGING_MM = {1: (20, 30, 45, 60)}

_PREFIX = {
    PointKind.FLASH_FLOOD: "SH",
    PointKind.LANDSLIDE: "HP",
    PointKind.COLLAPSE: "BT",
    PointKind.DEBRIS_FLOW: "NS",
    PointKind.WATERLOGGING: "YL",
}
_ENDINGS = {
    PointKind.FLASH_FLOOD: ("沟", "沟", "沟", "河", "溪沟", "河滩"),
    PointKind.LANDSLIDE: ("坡", "后坡", "梁子", "屋背", "大坡"),
    PointKind.COLLAPSE: ("崖", "岩", "石壁", "嘴"),
    PointKind.DEBRIS_FLOW: ("大沟", "槽沟", "冲沟"),
}
# Points that the pictures know: kind, village, name.
_NAMED = {
    PointKind.FLASH_FLOOD: {
        "石坑村": "石坑沟",
        "云台村": "云台河",
        "马蹄村": "马蹄沟",
        "桥头村": "桥头河滩",
        "竹溪村": "竹溪沟",
        "枫坳村": "枫坳沟",
    },
    PointKind.LANDSLIDE: {"老鸦村": "老鸦岭", "茶坪村": "茶坪坡", "大坪村": "大坪后坡", "双河村": "双河梁子"},
    PointKind.COLLAPSE: {"鹰嘴村": "鹰嘴崖", "岭脚村": "岭脚", "沙田村": "沙田岩"},
    PointKind.DEBRIS_FLOW: {"半山村": "半山冲沟", "上坑村": "上坑大沟"},
}
_WATERLOGGING = (
    ("西门社区", "西门下穿"),
    ("东门社区", "东门桥洞"),
    ("车站社区", "车站下穿"),
    ("河街社区", "河街低洼"),
    ("南关社区", "南关路口"),
)


@dataclass(frozen=True, slots=True, eq=False)
class _Candidates:
    """Places within one village, with the ground there; ``taken`` are those that have a point."""

    lon_deg: FloatArray
    lat_deg: FloatArray
    height_m: FloatArray
    slope: FloatArray
    taken: list[int] = field(default_factory=list)

    def take(self, appeal: FloatArray) -> int:
        """Return the most appealing place 300 m and more from those taken, if there is one, and take it."""
        x, y = to_km(self.lon_deg, self.lat_deg)
        crowd = np.zeros(x.size)
        for other in self.taken:
            crowd += np.clip(1 - np.hypot(x - x[other], y - y[other]) / 0.3, 0, None) * 1e6
        place = int(np.argmax(appeal - crowd))
        self.taken.append(place)
        return place


@cache
def hazard_points() -> tuple[HazardPoint, ...]:
    """Return the whole register, in the order of kinds and ids."""
    rng = np.random.default_rng(SEED + 50)
    county = build_county()
    rural = [v for v in county.villages if not v.name.endswith("社区")]
    spots = {v.code: _candidates(v, rng) for v in county.villages}
    points: list[HazardPoint] = []
    taken: set[str] = set()
    for kind in (PointKind.FLASH_FLOOD, PointKind.LANDSLIDE, PointKind.COLLAPSE, PointKind.DEBRIS_FLOW):
        for number, village in enumerate(_villages(kind, rural, spots, rng)):
            points.append(_point(kind, number + 1, village, _name(kind, village, taken, rng), spots[village.code], rng))
    by_name = {v.name: v for v in county.villages}
    for number, (quarter, name) in enumerate(_WATERLOGGING):
        points.append(
            _point(PointKind.WATERLOGGING, number + 1, by_name[quarter], name, spots[by_name[quarter].code], rng)
        )
    return tuple(points)


def thresholds_of(kind: PointKind) -> tuple[Threshold, ...]:
    """Return the thresholds that every point of a kind has in the exercise."""
    table = {PointKind.FLASH_FLOOD: _FLASH_FLOOD_MM, PointKind.WATERLOGGING: _WATERLOGGING_MM}.get(kind, _WET_SOIL_MM)
    design = kind is not PointKind.FLASH_FLOOD
    return tuple(
        Threshold(window_h, level, float(rain), design)
        for window_h, row in table.items()
        for level, rain in zip(RISING, row, strict=True)
    )


def _candidates(village: DemoArea, rng: np.random.Generator) -> _Candidates:
    west, south, east, north = village.border.bounds
    lon, lat = rng.uniform(west, east, 220), rng.uniform(south, north, 220)
    room = shapely.buffer(village.border, -0.0012)
    inside = np.asarray(shapely.contains_xy(room if not room.is_empty else village.border, lon, lat))
    lon = np.append(lon[inside], village.seat_lon_deg)
    lat = np.append(lat[inside], village.seat_lat_deg)
    x, y = to_km(lon, lat)
    terrain = build_terrain()
    height = terrain.height_at(x, y)
    reach = 0.2
    slope_x = (terrain.height_at(x + reach, y) - terrain.height_at(x - reach, y)) / (2000 * reach)
    slope_y = (terrain.height_at(x, y + reach) - terrain.height_at(x, y - reach)) / (2000 * reach)
    return _Candidates(np.round(lon, 5), np.round(lat, 5), height, np.hypot(slope_x, slope_y))


def _villages(
    kind: PointKind, villages: list[DemoArea], spots: dict[str, _Candidates], rng: np.random.Generator
) -> list[DemoArea]:
    """Return in which villages the points of a kind lie, in the order of codes: steep ones first of all."""
    steep = np.array([float(np.mean(spots[v.code].slope)) for v in villages])
    named = np.array([v.name in _NAMED[kind] for v in villages])
    appeal = np.where(named, np.inf, np.log(steep + 0.02) + rng.gumbel(0, 0.9, len(villages)))
    chosen = np.sort(np.argsort(-appeal)[: COUNTS[kind]])
    return [villages[int(n)] for n in chosen]


def _name(kind: PointKind, village: DemoArea, taken: set[str], rng: np.random.Generator) -> str:
    stem = village.name.removesuffix("村")
    name = _NAMED[kind].get(village.name, "")
    while not name or name in taken:
        ending = _ENDINGS[kind][int(rng.integers(len(_ENDINGS[kind])))]
        name = stem + (f"上{ending}" if ending[0] == stem[-1] else ending)
    taken.add(name)
    return name


def _point(
    kind: PointKind, number: int, village: DemoArea, name: str, spot: _Candidates, rng: np.random.Generator
) -> HazardPoint:
    if kind in (PointKind.FLASH_FLOOD, PointKind.DEBRIS_FLOW, PointKind.WATERLOGGING):
        appeal = -(spot.height_m + rng.uniform(0, 12, spot.height_m.size))
    else:
        appeal = spot.slope * rng.uniform(0.6, 1.0, spot.slope.size)
    place = spot.take(appeal)
    town = next(t for t in build_county().towns if t.code == village.parent)
    person = village_contacts()[town.name, village.name][int(rng.integers(3))]
    households = int(np.clip(rng.lognormal(2.3, 0.8), 2, 96))
    attributes = {
        "岗位": person.role,
        "受威胁户数": str(households),
        "受威胁人数": str(int(households * rng.uniform(2.4, 3.6))),
    }
    if kind in (PointKind.LANDSLIDE, PointKind.COLLAPSE, PointKind.DEBRIS_FLOW):
        attributes |= {"土壤状态": SOIL_STATE, "土壤状态日期": SOIL_DATE}
    return HazardPoint(
        f"{_PREFIX[kind]}-{number:04d}", name, kind, float(spot.lon_deg[place]), float(spot.lat_deg[place]), town.name, village.name,
        f"{town.name[:-1]}-{int(village.code[-2:]):02d}", person.name, person.phone, thresholds_of(kind), attributes,
    )  # fmt: skip

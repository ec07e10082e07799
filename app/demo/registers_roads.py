"""Stretches of road, rail, waterway and ports of the exercise, with their chainage."""

from __future__ import annotations

from functools import cache

import numpy as np
import shapely
from shapely.ops import linemerge

from app.demo.county import DemoArea, build_county
from app.demo.lines import build_lines
from app.demo.names import person_name
from app.demo.scene import SEED, to_km, to_lonlat
from app.demo.spots import days_ago, phone, placed
from models.geodesy import FloatArray
from models.register.record import Record, Value

_STRETCH_KM = 5.0
_RAIL_ALONG = ("S902", "S903", "S904", "S905")
_RAIL_OFF_KM = 0.28
_PORTS = (("城关码头", "河街社区"), ("三渡渡口", "三渡村"), ("双河码头", "双河村"))
_HAZARDS = ("slope", "flooding", "fog", "icing", "crosswind")
_LIMITS: dict[str, dict[str, Value]] = {
    "slope": {"rain_1h_mm": 20.0},
    "flooding": {"rain_1h_mm": 50.0},
    "fog": {"visibility_m": 200.0},
    "icing": {"surface_c": 2.0},
    "crosswind": {},
}


@cache
def road_stretches() -> tuple[Record, ...]:
    """Return roads inside the county cut every 5 km, a railway in four stretches, reaches of the river, and three ports.

    Chainage runs from the beginning of each line, also where that lies outside of the county.
    """
    rng = np.random.default_rng(SEED + 88)
    lines = build_lines()
    cut: list[tuple[str, str, float, float, shapely.LineString]] = []
    for way in lines:
        if way.kind == "road":
            cut += [("road", way.name, *part) for part in _inside(_in_km(way.line))]
    rail = linemerge([_in_km(way.line) for way in lines if way.name in _RAIL_ALONG])
    parts = [rail] if isinstance(rail, shapely.LineString) else list(rail.geoms)
    beside = max(
        (part.simplify(0.15).offset_curve(_RAIL_OFF_KM, join_style="round") for part in parts), key=lambda p: p.length
    )
    cut += [("rail", "青岚支线", *part) for part in _inside(max(shapely.get_parts(beside), key=lambda p: p.length))]
    river = linemerge([_in_km(way.line) for way in lines if way.kind == "river" and way.name])
    main = max(shapely.get_parts(river), key=lambda p: shapely.intersection(p, _border_km()).length)
    cut += [("waterway", "青岚河", *part) for part in _inside(main)]
    for name, at in _PORTS:
        cut.append(("port", name, *_quay(main, at)))
    middles = shapely.line_interpolate_point(np.array([c[4] for c in cut], object), 0.5, normalized=True)
    lon, lat = to_lonlat(shapely.get_x(middles), shapely.get_y(middles))
    homes = _homes(lon, lat)
    records = []
    for number, (kind, name, from_km, to_km_, line) in enumerate(cut, start=1):
        hazard = (
            _HAZARDS[int(rng.choice(5, p=(0.5, 0.22, 0.14, 0.08, 0.06)))] if kind in {"road", "rail"} else "flooding"
        )
        values: dict[str, Value] = {
            "line_name": name,
            "from_km": round(from_km, 2),
            "to_km": round(to_km_, 2),
            "owner": {"road": "县公路局", "rail": "青岚工务段"}.get(kind, "县航务所"),
            "hazard": hazard,
            **_LIMITS[hazard],
            "person": person_name(rng),
            "phone": phone(2800 + number),
            "inspected_on": days_ago(int(rng.integers(1, 28)) if rng.random() < 0.88 else int(rng.integers(33, 90))),
        }
        village = homes[number - 1]
        title = name if kind == "port" else f"{name} {_chainage(from_km)} 至 {_chainage(to_km_)}"
        shape = shapely.transform(line, _degrees)
        spot = round(float(lon[number - 1]), 6), round(float(lat[number - 1]), 6)
        wkb = shapely.to_wkb(shape)
        records.append(placed("road_stretches", f"XD-{number:03d}", title, kind, spot, village, values, wkb=wkb))
    return tuple(records)


def place_on(stretch: Record, part: float) -> tuple[float, float, float]:
    """Return a place on a stretch, 0 at its beginning and 1 at its end: lon, lat, and km of its chainage."""
    spot = shapely.line_interpolate_point(shapely.from_wkb(stretch.wkb), part, normalized=True)
    begin, end = float(str(stretch.values["from_km"])), float(str(stretch.values["to_km"]))
    return round(spot.x, 5), round(spot.y, 5), round(begin + part * (end - begin), 2)


def _chainage(km: float) -> str:
    """Return km as a chainage stands on its post, such as K12+340."""
    meters = round(km * 1000)
    return f"K{meters // 1000}+{meters % 1000:03d}"


def _inside(line: shapely.LineString) -> list[tuple[float, float, shapely.LineString]]:
    """Return the parts of a line in km that lie inside the county: from, to, and the part; each about 5 km."""
    found = []
    for piece in shapely.get_parts(shapely.intersection(line, _border_km())):
        if piece.length < 0.4:
            continue
        first = float(shapely.line_locate_point(line, shapely.get_point(piece, 0)))
        last = float(shapely.line_locate_point(line, shapely.get_point(piece, -1)))
        begin, end = sorted((first, last))
        count = max(1, round((end - begin) / _STRETCH_KM))
        for a, b in zip(np.linspace(begin, end, count + 1)[:-1], np.linspace(begin, end, count + 1)[1:], strict=True):
            found.append((float(a), float(b), shapely.ops.substring(line, a, b)))
    return found


def _quay(river: shapely.LineString, village: str) -> tuple[float, float, shapely.LineString]:
    """Return 300 m of the river nearest to a village."""
    area = next(v for v in build_county().villages if v.name == village)
    at = float(shapely.line_locate_point(river, shapely.Point(*to_km(area.seat_lon_deg, area.seat_lat_deg))))
    return at, at + 0.3, shapely.ops.substring(river, at, at + 0.3)


@cache
def _border_km() -> shapely.Geometry:
    border = shapely.transform(build_county().border, lambda xy: np.column_stack(to_km(xy[:, 0], xy[:, 1]))).buffer(
        -0.05
    )
    shapely.prepare(border)
    return border


def _in_km(line: shapely.LineString) -> shapely.LineString:
    return shapely.transform(line, lambda xy: np.column_stack(to_km(xy[:, 0], xy[:, 1])))


def _degrees(xy: FloatArray) -> FloatArray:
    return np.asarray(np.round(np.column_stack(to_lonlat(xy[:, 0], xy[:, 1])), 6), np.float64)


def _homes(lon: FloatArray, lat: FloatArray) -> list[DemoArea]:
    villages = build_county().villages
    tree = shapely.STRtree([v.border for v in villages])
    return [villages[int(n)] for n in tree.nearest(shapely.points(lon, lat))]

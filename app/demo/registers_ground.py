"""The ground of the exercise as registers: warning units, grid cells, small basins, and zones round the points."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from rasterio import features

from app.demo.county import DemoArea, build_county
from app.demo.people import village_contacts
from app.demo.register import hazard_points
from app.demo.registers_people import people_of
from app.demo.scene import HALF_HEIGHT_KM, HALF_WIDTH_KM, KM_PER_LAT_DEG, KM_PER_LON_DEG, SEED, to_km, to_lonlat
from app.demo.spots import days_ago, placed, seats_km, stem, town_names
from app.demo.terrain import build_terrain, unbend
from models.geodesy import FloatArray
from models.hazard.register import HazardPoint, PointKind
from models.register.record import Record, Value

_BASIN_KM2 = 7.0
_LEAST_KM2 = 2.0
_SIMPLE_KM = 0.24
_GEOHAZARD_ZONES = 64
_GRADES = ("low", "medium", "high", "very_high")


@cache
def warning_units() -> tuple[Record, ...]:
    """Return the ground round the points of each village, in one piece, as the points name it: 278 areas."""
    found: dict[str, list[HazardPoint]] = defaultdict(list)
    for point in hazard_points():
        found[point.warn_unit].append(point)
    villages = {v.name: v for v in build_county().villages}
    contacts = village_contacts()
    records = []
    for unit in sorted(found, key=lambda unit: villages[found[unit][0].village].code):
        points = found[unit]
        village = villages[points[0].village]
        east, north = to_km([p.lon_deg for p in points], [p.lat_deg for p in points])
        hull = shapely.multipoints(np.column_stack([east, north])).convex_hull.buffer(0.75, quad_segs=5)
        area = shapely.intersection(_in_degrees(hull), village.border)
        people = int(village.population * min(1.0, area.area / village.border.area))
        head = contacts[points[0].town, village.name][0]
        values: dict[str, Value] = {
            "households": people // 3,
            "population": people,
            "person": head.name,
            "phone": head.phone,
            "drawn_on": days_ago(98),
        }
        records.append(
            _area("warning_units", unit, f"{stem(village)}预警单元", "", area, points[0].town, village.name, values)
        )
    return tuple(records)


@cache
def grid_cells() -> tuple[Record, ...]:
    """Return two to five cells of each village, cut across its longer side; every one is a place like a town."""
    rng = np.random.default_rng(SEED + 71)
    records = []
    towns = town_names()
    points = _points_by_village()
    for village in build_county().villages:
        count = int(np.clip(round(village.population / 700), 2, 5))
        parts = _slices(village, count)
        share = rng.dirichlet(np.full(len(parts), 8.0)) * village.population
        tags = [f"{n:02d}" for n in range(1, len(parts) + 1)]
        for tag, part, people in zip(tags, parts, share.tolist(), strict=True):
            here = points.get(village.name, ())
            mine: list[object] = [p.id for p in here if shapely.contains_xy(part, p.lon_deg, p.lat_deg)]
            members = people_of(towns[village.parent], village.name)
            values: dict[str, Value] = {"households": int(people / 3.1), "population": int(people)}
            values["member"] = members[int(tag) % len(members)]
            if mine:
                values["points"] = mine
            records.append(
                _area(
                    "grid_cells", f"WG-{village.code[6:]}-{tag}", f"{village.name}第{int(tag)}网格", "basic", part,
                    towns[village.parent], village.name, values,
                )
            )  # fmt: skip
    return tuple(records)


@cache
def basins() -> tuple[Record, ...]:
    """Return the small basins of the county, parted where streams of 7 km2 meet; named after their largest village."""
    terrain = build_terrain()
    labels, down, size_km2, drop_m = _parted()
    county = build_county()
    transform = Affine(terrain.flow_cell_km, 0, -HALF_WIDTH_KM, 0, -terrain.flow_cell_km, HALF_HEIGHT_KM)
    rough: dict[int, list[shapely.Geometry]] = defaultdict(list)
    near = (labels > 0) & np.isin(labels, labels[_window(county.border, terrain.flow_cell_km)])
    for shape, label in features.shapes(labels, mask=near, transform=transform):
        rough[int(label)].append(shapely.geometry.shape(shape))
    labeled = sorted(rough)
    thin = shapely.coverage_simplify([shapely.union_all(rough[label]) for label in labeled], _SIMPLE_KM)
    shapes = shapely.make_valid(_in_degrees(shapely.segmentize(thin, 0.4), bent=True))
    share = shapely.area(shapely.intersection(county.border, shapes)) / shapely.area(shapes)
    kept = {label: shape for label, shape, part in zip(labeled, shapes, share.tolist(), strict=True) if part > 0.3}
    ids = {label: f"LY-{number:03d}" for number, label in enumerate(kept, start=1)}
    return _named_basins(kept, ids, down, size_km2, drop_m)


def basin_of(lon_deg: FloatArray, lat_deg: FloatArray) -> list[str]:
    """Return the id of the basin each place lies in, empty outside of all."""
    records = basins()
    tree = shapely.STRtree(shapely.from_wkb([r.wkb for r in records]))
    place, found = tree.query(shapely.points(lon_deg, lat_deg), predicate="within")
    out = [""] * len(lon_deg)
    for n, basin in zip(place.tolist(), found.tolist(), strict=True):
        out[n] = records[basin].id
    return out


@cache
def hazard_zones() -> tuple[Record, ...]:
    """Return a zone round each flash-flood and flood-prone point, and round the 64 geohazards that most people live at."""
    rng = np.random.default_rng(SEED + 72)
    geohazards = sorted(
        (p for p in hazard_points() if p.kind in {PointKind.LANDSLIDE, PointKind.COLLAPSE, PointKind.DEBRIS_FLOW}),
        key=lambda p: (-int(p.attributes["受威胁人数"]), p.id),
    )[:_GEOHAZARD_ZONES]
    chosen = [p for p in hazard_points() if p.kind in {PointKind.FLASH_FLOOD, PointKind.WATERLOGGING}] + geohazards
    villages = {v.name: v for v in build_county().villages}
    east, north = to_km([p.lon_deg for p in chosen], [p.lat_deg for p in chosen])
    turn = np.linspace(0, 2 * np.pi, 25)[:-1]
    long, tilt = rng.uniform(0.16, 0.42, len(chosen)), rng.uniform(0, np.pi, len(chosen))
    wave = 1 + 0.13 * np.sin(3 * turn + rng.uniform(0, 6, (len(chosen), 1)))
    along, across = long[:, None] * wave * np.cos(turn), 0.55 * long[:, None] * wave * np.sin(turn)
    x = east[:, None] + along * np.cos(tilt)[:, None] - across * np.sin(tilt)[:, None]
    y = north[:, None] + along * np.sin(tilt)[:, None] + across * np.cos(tilt)[:, None]
    rings = np.stack(to_lonlat(x, y), axis=-1)
    areas = shapely.intersection(shapely.polygons(rings), [villages[p.village].border for p in chosen])
    records = []
    for number, (point, area) in enumerate(zip(chosen, areas, strict=True), start=1):
        people = int(point.attributes["受威胁人数"])
        kind = point.kind.value if point.kind in {PointKind.FLASH_FLOOD, PointKind.WATERLOGGING} else "geohazard"
        values: dict[str, Value] = {
            "grade": _GRADES[int(np.searchsorted((15, 45, 110), people))],
            "points": [point.id],
            "households": int(point.attributes["受威胁户数"]),
            "people_at_risk": people,
            "area_ha": round(area.area * KM_PER_LON_DEG * KM_PER_LAT_DEG * 100, 1),
            "surveyed_on": "2025-09-30",
            "source": "2025 普查",
        }
        word = {"flash_flood": "危险区", "waterlogging": "易涝区", "geohazard": "风险区"}[kind]
        records.append(
            _area("hazard_zones", f"FX-{number:04d}", point.name + word, kind, area, point.town, point.village, values)
        )
    return tuple(records)


def _points_by_village() -> dict[str, list[HazardPoint]]:
    found: dict[str, list[HazardPoint]] = defaultdict(list)
    for point in hazard_points():
        found[point.village].append(point)
    return found


def _slices(village: DemoArea, count: int) -> list[shapely.Geometry]:
    """Return a village cut into strips of equal width across its longer side."""
    west, south, east, north = village.border.bounds
    wide = (east - west) * KM_PER_LON_DEG > (north - south) * KM_PER_LAT_DEG
    if wide:
        cuts = np.linspace(west, east, count + 1)
        strips = shapely.box(cuts[:-1], south, cuts[1:], north)
    else:
        cuts = np.linspace(north, south, count + 1)
        strips = shapely.box(west, cuts[1:], east, cuts[:-1])
    return [part for part in shapely.intersection(village.border, strips).tolist() if part.area > 0]


def _parted() -> tuple[NDArray[np.int32], dict[int, int], dict[int, float], dict[int, int]]:
    """Return which basin each cell of the flow grid drains to, 0 for none; what flows into what; km2; drop in m."""
    terrain = build_terrain()
    to, water = terrain.receiver, terrain.drained_km2.ravel()
    stream = water >= _BASIN_KM2
    feeders = np.bincount(to[stream & (to != np.arange(to.size))], minlength=to.size)
    mouth = (stream & (feeders[to] > 1)) | (to == np.arange(to.size))
    mouths, labels = _roots(mouth, to)
    small = np.bincount(labels) * terrain.flow_cell_km**2 < _LEAST_KM2
    mouth[mouths[small & (to[mouths] != mouths)]] = False  # what is too small goes to the basin below
    mouths, labels = _roots(mouth, to)
    numbers = np.where(np.bincount(labels) * terrain.flow_cell_km**2 >= _LEAST_KM2, np.arange(1, mouths.size + 1), 0)
    cells = numbers[labels]
    size = np.bincount(cells, minlength=mouths.size + 1) * terrain.flow_cell_km**2
    height = terrain.flow_m.ravel()
    top = np.zeros(mouths.size + 1)
    np.maximum.at(top, cells, height)
    own = {int(n): int(m) for n, m in zip(numbers, mouths, strict=True) if n}
    down = {n: int(cells[to[m]]) for n, m in own.items() if to[m] != m}
    return (
        cells.reshape(terrain.flow_m.shape).astype(np.int32),
        down,
        {n: float(size[n]) for n in own},
        {n: int(top[n] - height[m]) for n, m in own.items()},
    )


def _window(border: shapely.Geometry, cell_km: float) -> tuple[slice, slice]:
    """Return the rows and columns of the flow grid in which the county lies."""
    west, south, east, north = border.bounds
    (left, right), (bottom, top) = to_km([west, east], [south, north])
    rows = slice(int((HALF_HEIGHT_KM - top) / cell_km), int((HALF_HEIGHT_KM - bottom) / cell_km) + 1)
    return rows, slice(int((left + HALF_WIDTH_KM) / cell_km), int((right + HALF_WIDTH_KM) / cell_km) + 1)


def _roots(mouth: NDArray[np.bool_], to: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the mouths, and the number of the one that each cell comes to first."""
    root = np.where(mouth, np.arange(to.size), to)
    while not np.array_equal(root[root], root):
        root = root[root]
    mouths, labels = np.unique(root, return_inverse=True)
    return mouths, labels


def _named_basins(
    kept: dict[int, shapely.Geometry],
    ids: dict[int, str],
    down: dict[int, int],
    size_km2: dict[int, float],
    drop_m: dict[int, int],
) -> tuple[Record, ...]:
    county = build_county()
    seats = shapely.points(
        np.column_stack([[v.seat_lon_deg for v in county.villages], [v.seat_lat_deg for v in county.villages]])
    )
    seats_x, seats_y = seats_km().T
    borders = shapely.STRtree([v.border for v in county.villages])
    population = np.array([v.population for v in county.villages])
    taken: set[str] = set()
    records = []
    for label, shape in kept.items():
        here = shapely.intersection(shape, county.border)
        spot = here.representative_point()
        inside = np.flatnonzero(shapely.within(seats, shape))
        x, y = to_km(spot.x, spot.y)
        near = np.hypot(seats_x - x, seats_y - y)
        order = inside[np.argsort(-population[inside], kind="stable")] if inside.size else np.argsort(near)[:1]
        village = county.villages[int(order[0])]
        name = f"{stem(village)}流域" if inside.size else f"{stem(village)}上流域"
        while name in taken:
            name = name.replace("流域", "小流域") if "小流域" not in name else f"{ids[label]} {name}"
        taken.add(name)
        values: dict[str, Value] = {"area_km2": round(size_km2[label], 1), "drop_m": drop_m[label], "river": "青岚河"}
        if ids.get(down.get(label, 0)):
            values["down"] = ids[down[label]]
        home = county.villages[int(borders.nearest(spot))]
        records.append(
            placed(
                "basins", ids[label], name, "", (float(spot.x), float(spot.y)), home, values, wkb=shapely.to_wkb(shape)
            )
        )
    return tuple(records)


def _area(
    register: str,
    id_: str,
    name: str,
    kind: str,
    area: shapely.Geometry,
    town: str,
    village: str,
    values: dict[str, Value],
) -> Record:
    spot = area.representative_point()
    return Record(
        register, id_, name, kind, float(spot.x), float(spot.y), town, village, values, wkb=shapely.to_wkb(area)
    )


def _in_degrees(shape: shapely.Geometry, *, bent: bool = False) -> shapely.Geometry:
    def turn(xy: FloatArray) -> FloatArray:
        x, y = unbend(xy[:, 0], xy[:, 1]) if bent else (xy[:, 0], xy[:, 1])
        return np.asarray(np.round(np.column_stack(to_lonlat(x, y)), 6), np.float64)

    return shapely.transform(shape, turn)

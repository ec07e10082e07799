"""When a file does not say in which coordinates it is, or seems to say it wrongly: the choices, to be looked at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.line_layer import LineLayer
from layers.point_layer import PointLayer
from layers.read_own_layer import RASTERS
from layers.read_raster import outline_of
from layers.read_vector import sample_of
from layers.shape import Shape, rings_of
from layers.stack import Layer, Storey
from models import datum
from models.datum import Datum
from models.errors import DataError
from models.geodesy import FloatArray, to_lonlat, to_mercator

SAMPLE = 1500
"""So many things of a file are enough to see where it lies."""
_NEAR_DEG = 3.0
_VERTICES = 3000
_REACH_M, _APART_M, _LEAST = 1500.0, 120.0, 20
# Columns and words by which files of shifted maps give themselves away.
_SHIFTED_COLUMNS = ({"adcode", "acroutes"}, {"adcode", "childrennum"}, {"gcj_lng"}, {"lng_gcj02"}, {"amap_id"})
_SHIFTED_WORDS = {Datum.GCJ02: ("gcj02", "gcj-02", "amap", "高德", "火星"), Datum.BD09: ("bd09", "bd-09", "百度")}


class Reason(StrEnum):
    """Why somebody is asked."""

    MISSING = "missing"
    SUSPECTED = "suspected"


@dataclass(frozen=True, slots=True, eq=False)
class CrsChoice:
    """One reading: what lies on the map then, and how far from the first reading its middle is (m, east and north)."""

    crs: str
    layers: tuple[Layer, ...]
    bounds_deg: tuple[float, float, float, float]
    moved_m: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class CrsQuestion:
    """What is asked of a file: ``choices``, the first as the file is read if nobody says more, and the ``suggested`` one.

    ``focus_deg`` is where the readings are told apart best: at a vertex that lies on a known line in the suggested one.
    """

    path: Path
    reason: Reason
    choices: tuple[CrsChoice, ...]
    suggested: str
    focus_deg: tuple[float, float]

    def choice(self, crs: str) -> CrsChoice:
        """Return the choice of that name; the first if there is none."""
        return next((one for one in self.choices if one.crs == crs), self.choices[0])


def missing(path: Path, part: str, near_deg: tuple[float, float], known: Shape | None = None) -> CrsQuestion:
    """Return the readings that put a file without a system somewhere near a place, the likeliest first.

    Degrees may be of any of the three datums; meters of CGCS2000 in zones of 3 and 6 degrees, with the zone before
    the easting or without, or Web Mercator.

    Raises
    ------
    DataError
        ``layers.no_crs`` if no reading puts it within some 300 km.
    """
    geometry, _, columns = _sample(path, part)
    found = []
    for crs in (*Datum, *plane_systems(near_deg[0])):
        placed = _placed(geometry, crs)
        west, south, east, north = shapely.total_bounds(placed)
        off_deg = float(np.hypot((west + east) / 2 - near_deg[0], (south + north) / 2 - near_deg[1]))
        if off_deg < _NEAR_DEG and -85 <= south <= north <= 85:
            found.append((round(off_deg, 1), _choice(crs, placed)))
    if not found:
        raise DataError("layers.no_crs", file=path.name)
    choices = [choice for _, choice in sorted(found, key=lambda one: one[0])]
    best = _by_name(path, columns) or choices[0].crs
    if choices[0].crs == Datum.WGS84 and known is not None:
        best = _by_ground(shapely.get_coordinates(_placed(geometry, Datum.WGS84)), known) or best
    focus = _focus(_placed(geometry, best), known)
    return CrsQuestion(path, Reason.MISSING, _with_moves(choices), best, focus)


def suspected(path: Path, part: str, known: Shape | None) -> CrsQuestion | None:
    """Return a question if a file that says degrees of WGS 84 lies better in GCJ-02 or BD-09; None if it does not.

    It does where its lines lie nearer to ``known`` ones (borders and roads, map meters) once they are
    converted, by more than half and more than 120 m, or where its columns or its name say so.
    """
    if path.suffix.casefold() in RASTERS:
        return None
    geometry, said, columns = _sample(path, part)
    if len(geometry) == 0 or not said:
        return None
    placed = _placed(geometry, said)
    lonlat = shapely.get_coordinates(placed)
    if not datum.in_china_box(lonlat[:, 0], lonlat[:, 1]).any():
        return None
    found = _by_name(path, columns) or (_by_ground(lonlat, known) if known is not None else "")
    if not found:
        return None
    choices = [_choice(Datum.WGS84, placed), *(_choice(one, _placed(placed, one)) for one in (Datum.GCJ02, Datum.BD09))]
    focus = _focus(_placed(placed, found), known)
    return CrsQuestion(path, Reason.SUSPECTED, _with_moves(choices), found, focus)


def _sample(path: Path, part: str) -> tuple[NDArray[np.object_], str, frozenset[str]]:
    if path.suffix.casefold() in RASTERS:
        return np.array([outline_of(path, part)], object), "", frozenset()
    return sample_of(path, part, SAMPLE)


def _placed(geometry: NDArray[np.object_], crs: str) -> NDArray[np.object_]:
    xy = shapely.get_coordinates(geometry)
    lon, lat = datum.to_wgs84(xy[:, 0], xy[:, 1], crs)
    return np.asarray(shapely.set_coordinates(geometry.copy(), np.nan_to_num(np.column_stack([lon, lat]))))


def _choice(crs: str, placed: NDArray[np.object_]) -> CrsChoice:
    layers: list[Layer] = []
    flat = shapely.get_type_id(placed) == 0
    if flat.any():
        ids = tuple(str(i) for i in range(int(flat.sum())))
        lon, lat = shapely.get_x(placed[flat]), shapely.get_y(placed[flat])
        layers.append(PointLayer.of_places("asked.points", lon, lat, ("",) * len(ids), ids))
    if (~flat).any():
        ids = tuple(str(i) for i in range(int((~flat).sum())))
        layers.append(LineLayer("asked", "selected", rings_of(placed[~flat], ids), storey=Storey.OVERLAY))
    west, south, east, north = (float(value) for value in shapely.total_bounds(placed))
    return CrsChoice(str(crs), tuple(layers), (west, south, east, north))


def _with_moves(choices: list[CrsChoice]) -> tuple[CrsChoice, ...]:
    """Return the choices with how far each lies from the first."""
    lon, lat = _middle(choices[0])
    out = []
    for one in choices:
        new_lon, new_lat = _middle(one)
        east_m = (new_lon - lon) * 111_195 * np.cos(np.radians(lat))
        out.append(replace(one, moved_m=(float(east_m), float((new_lat - lat) * 111_195))))
    return tuple(out)


def _middle(choice: CrsChoice) -> tuple[float, float]:
    west, south, east, north = choice.bounds_deg
    return (west + east) / 2, (south + north) / 2


def _focus(placed: NDArray[np.object_], known: Shape | None) -> tuple[float, float]:
    """Return the vertex that lies nearest to a known line, degrees; the first one if none is known."""
    lonlat = shapely.get_coordinates(placed)
    at = 0
    if known is not None and len(known.ids):
        lonlat = lonlat[:: max(1, len(lonlat) // _VERTICES)]
        points = shapely.points(np.column_stack(to_mercator(lonlat[:, 0], lonlat[:, 1])))
        _, far = _tree(known).query_nearest(points, return_distance=True, all_matches=False)
        at = int(np.argmin(np.round(far)))
    return float(lonlat[at, 0]), float(lonlat[at, 1])


def _tree(known: Shape) -> shapely.STRtree:
    """Return the known lines piece by piece: a short piece is found sooner than a long line."""
    inside = np.ones(max(0, len(known.xy) - 1), bool)
    inside[known.starts[1:-1] - 1] = False
    ends = np.stack([known.xy[:-1], known.xy[1:]], axis=1)[inside]
    return shapely.STRtree(shapely.linestrings(ends))


def plane_systems(lon_deg: float) -> tuple[str, ...]:
    """Return the CGCS2000 systems in meters round a longitude, and Web Mercator."""
    three, six = round(lon_deg / 3), int(lon_deg // 6) + 1
    found = []
    for zone in (three, three - 1, three + 1):
        if 25 <= zone <= 45:
            found += [f"EPSG:{4513 + zone - 25}", f"EPSG:{4534 + zone - 25}"]
    for zone in (six, six - 1, six + 1):
        if 13 <= zone <= 23:
            found += [f"EPSG:{4491 + zone - 13}", f"EPSG:{4502 + zone - 13}"]
    return (*found, "EPSG:3857")


def _by_name(path: Path, columns: frozenset[str]) -> str:
    plain = {name.casefold() for name in columns}
    for shifted, words in _SHIFTED_WORDS.items():
        if any(word in path.stem.casefold() or any(word in name for name in plain) for word in words):
            return shifted
    return Datum.GCJ02 if any(known <= plain for known in _SHIFTED_COLUMNS) else ""


def _by_ground(lonlat: FloatArray, known: Shape) -> str:
    """Return the datum in which vertices lie nearest to known lines, empty if that is WGS 84 or not plain."""
    lonlat = lonlat[:: max(1, len(lonlat) // _VERTICES)]
    tree = _tree(known)
    _, lat = to_lonlat(np.zeros(1), known.xy[:1, 1])
    ground = float(np.cos(np.radians(lat[0])))

    def off_m(shifted: str) -> FloatArray:
        x, y = to_mercator(*datum.to_wgs84(lonlat[:, 0], lonlat[:, 1], shifted))
        _, far = tree.query_nearest(shapely.points(np.column_stack([x, y])), return_distance=True, all_matches=False)
        return np.asarray(far) * ground

    raw = off_m(Datum.WGS84)
    near = raw < _REACH_M
    if near.sum() < _LEAST:
        return ""
    as_read = float(np.median(raw[near]))
    best = min((Datum.GCJ02, Datum.BD09), key=lambda one: float(np.median(off_m(one)[near])))
    converted = float(np.median(off_m(best)[near]))
    return best if as_read - converted > _APART_M and converted < as_read / 2 else ""

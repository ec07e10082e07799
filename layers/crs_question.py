"""When a file does not say in which coordinates it is, or seems to say it wrongly: the choices, to be looked at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.ground_fit import NO_FIT, NOTHING_KNOWN, Fit, GroundFit, KnownGround, focus_of
from layers.line_layer import LineLayer
from layers.point_layer import PointLayer
from layers.read_own_layer import RASTERS
from layers.read_raster import outline_of
from layers.read_vector import sample_of
from layers.shape import rings_of
from layers.stack import Layer, Storey
from models import datum
from models.datum import Datum
from models.errors import DataError

SAMPLE = 1500
"""So many things of a file are enough to see where it lies."""
_NEAR_DEG = 3.0
_ELSEWHERE_DEG, _SAME_DEG = 1.0, 1e-6
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
    fit: Fit = NO_FIT


@dataclass(frozen=True, slots=True, eq=False)
class CrsQuestion:
    """What is asked of a file: ``choices``, the first as the file is read if nobody says more, and the ``suggested`` one.

    ``suggested`` is empty where nothing speaks for any of them. ``focus_deg`` is where the readings are told apart
    best: in the midst of the file's things, where known lines are dense.
    """

    path: Path
    reason: Reason
    choices: tuple[CrsChoice, ...]
    suggested: str
    focus_deg: tuple[float, float]

    def choice(self, crs: str) -> CrsChoice:
        """Return the choice of that name; the first if there is none."""
        return next((one for one in self.choices if one.crs == crs), self.choices[0])


def missing(path: Path, part: str, near_deg: tuple[float, float], ground: KnownGround = NOTHING_KNOWN) -> CrsQuestion:
    """Return the readings that put a file without a system somewhere near a place, the likeliest first.

    Degrees may be of any of the three datums; meters of CGCS2000 in zones of 3 and 6 degrees, with the zone before
    the easting or without, or Web Mercator. Of readings that are one and the same the first is kept.

    Raises
    ------
    DataError
        ``layers.no_crs`` if no reading puts it within some 300 km.
    """
    geometry, _, columns = _sample(path, part)
    found: list[tuple[float, str, NDArray[np.object_]]] = []
    for crs in (*Datum, *plane_systems(near_deg[0])):
        placed = _placed(geometry, crs)
        west, south, east, north = shapely.total_bounds(placed)
        off_deg = float(np.hypot((west + east) / 2 - near_deg[0], (south + north) / 2 - near_deg[1]))
        known = any(_are_one(placed, other) for _, _, other in found)
        if off_deg < _NEAR_DEG and -85 <= south <= north <= 85 and not known:
            found.append((round(off_deg, 1), str(crs), placed))
    if not found:
        raise DataError("layers.no_crs", file=path.name)
    found.sort(key=lambda one: one[0])
    fit = GroundFit(geometry, columns, ground)
    names = [crs for _, crs, _ in found]
    best = fit.best_of(names) or _by_name(path, columns)
    if best not in names:
        best = names[0] if len(found) == 1 or found[0][0] + _ELSEWHERE_DEG < found[1][0] else ""
    choices = [_choice(crs, placed, fit) for _, crs, placed in found]
    middle = next(placed for _, crs, placed in found if crs == (best or names[0]))
    focus = focus_of(shapely.get_coordinates(middle), ground.lines)
    return CrsQuestion(path, Reason.MISSING, _with_moves(choices), best, focus)


def suspected(path: Path, part: str, ground: KnownGround = NOTHING_KNOWN) -> CrsQuestion | None:
    """Return a question if a file that says degrees of WGS 84 lies better in GCJ-02 or BD-09; None if it does not.

    It does where its things come to lie in the villages that they name, at the office's entries of their names, or its
    lines at known ones (borders and roads), once they are converted (`GroundFit`), or where its columns or its name
    say so and the ground does not gainsay it.
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
    fit = GroundFit(placed, columns, ground)
    found = fit.best_of(Datum) or _by_name(path, columns)
    if found in {"", Datum.WGS84}:
        return None
    choices = [_choice(str(one), _placed(placed, one), fit) for one in Datum]
    focus = focus_of(shapely.get_coordinates(_placed(placed, found)), ground.lines)
    return CrsQuestion(path, Reason.SUSPECTED, _with_moves(choices), str(found), focus)


def _are_one(placed: NDArray[np.object_], other: NDArray[np.object_]) -> bool:
    return bool(np.abs(shapely.get_coordinates(placed) - shapely.get_coordinates(other)).max(initial=0.0) < _SAME_DEG)


def _sample(path: Path, part: str) -> tuple[NDArray[np.object_], str, dict[str, tuple[str, ...]]]:
    if path.suffix.casefold() in RASTERS:
        return np.array([outline_of(path, part)], object), "", {}
    return sample_of(path, part, SAMPLE)


def _placed(geometry: NDArray[np.object_], crs: str) -> NDArray[np.object_]:
    xy = shapely.get_coordinates(geometry)
    lon, lat = datum.to_wgs84(xy[:, 0], xy[:, 1], crs)
    return np.asarray(shapely.set_coordinates(geometry.copy(), np.nan_to_num(np.column_stack([lon, lat]))))


def _choice(crs: str, placed: NDArray[np.object_], fit: GroundFit) -> CrsChoice:
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
    return CrsChoice(crs, tuple(layers), (west, south, east, north), fit=fit.figures(crs))


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


def _by_name(path: Path, columns: Iterable[str]) -> str:
    plain = {name.casefold() for name in columns}
    for shifted, words in _SHIFTED_WORDS.items():
        if any(word in path.stem.casefold() or any(word in name for name in plain) for word in words):
            return shifted
    return Datum.GCJ02 if any(known <= plain for known in _SHIFTED_COLUMNS) else ""

"""Looks a GeoJSON through before a library reads it: what is wrong is said with its place."""

from __future__ import annotations

import json
from itertools import chain
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from models.errors import DataError

LARGEST_BYTES = 64_000_000
"""Larger ones are read without this look: it needs ten times their size."""
MOST_COORDINATE = 1e8
"""No system of coordinates has larger numbers."""
# How deep the positions of each kind lie.
_DEPTH = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
_LEAST = {"LineString": 2, "MultiLineString": 2, "Polygon": 4, "MultiPolygon": 4}
_DEEPEST = 20


class _Wrong(Exception):  # noqa: N818 - never leaves this file
    def __init__(self, place: str, what: str) -> None:
        super().__init__(place, what)
        self.place, self.what = place, what


_SAID = {
    "letters": ("文字不是 UTF-8", "the text is not UTF-8"),
    "empty": ("是空的", "is empty"),
    "syntax": ("不合 JSON 语法，文件可能被截断或改坏了", "is no JSON; the file may be cut off or damaged"),
    "number": ("有不成数的坐标（NaN 或无穷大）", "has a number that is none (NaN or infinite)"),
    "deep": ("套得太深", "is nested too deep"),
    "top": ("应是 FeatureCollection、Feature 或图形", "should be a FeatureCollection, a Feature or a geometry"),
    "features": ("缺 features 列表", "has no list of features"),
    "feature": ("应是 Feature", "should be a Feature"),
    "properties": ("properties 应是一组字段", "has properties that are no fields"),
    "geometry": ("图形的类型不认得", "has a geometry of no known type"),
    "nesting": ("坐标的嵌套与图形类型不符", "has coordinates that are not nested as its type asks"),
    "position": ("坐标应是两三个数", "has a position that is not two or three numbers"),
    "large": ("坐标数值太大", "has a coordinate that is too large"),
    "short": ("点数太少", "has too few positions"),
    "crs": ("坐标系指向别处，不去取", "has a coordinate system that stands elsewhere, which is not fetched"),
}


def check_geojson(path: Path) -> None:
    """See that a file is a GeoJSON whose parts are what they say.

    Positions may have a third number; a Feature may have no geometry; an empty list of features is sound.

    Raises
    ------
    DataError
        ``vector.geojson`` with file, place and cause.
    OSError
        If it cannot be opened.
    """
    if path.stat().st_size > LARGEST_BYTES:
        return
    data = path.read_bytes()
    try:
        _document(_parsed(data))
    except _Wrong as wrong:
        zh, en = _SAID[wrong.what]
        line, _, column = wrong.place.partition(":")
        at_zh = f"第 {line} 行第 {column} 列" if column else wrong.place
        at_en = f"line {line}, column {column}" if column else wrong.place
        raise DataError(
            "vector.geojson",
            file=path.name,
            place=at_zh or "整个文件",
            place_en=at_en or "the file",
            what=zh,
            what_en=en,
        ) from wrong


def _parsed(data: bytes) -> Any:
    try:
        text = data.decode("utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        raise _Wrong(f"{line}:{column}", "letters") from error
    if not text.strip():
        raise _Wrong("", "empty")
    try:
        return json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise _Wrong(f"{error.lineno}:{error.colno}", "syntax") from error
    except RecursionError as error:
        raise _Wrong("", "deep") from error
    except ValueError as error:  # more digits than any number has
        raise _Wrong("", "large") from error


def _no_number(_word: str) -> NoReturn:
    raise _Wrong("", "number")


def _document(top: Any) -> None:
    kind = top.get("type") if isinstance(top, dict) else None
    if not isinstance(kind, str):
        raise _Wrong("", "top")
    _crs(top.get("crs"))
    if kind == "FeatureCollection":
        features = top.get("features")
        if not isinstance(features, list):
            raise _Wrong("", "features")
        for number, one in enumerate(features):
            _feature(one, f"features[{number}]")
    elif kind == "Feature":
        _feature(top, "")
    elif kind in _DEPTH or kind == "GeometryCollection":
        _geometry(top, "", 0)
    else:
        raise _Wrong("type", "top")


def _crs(crs: Any) -> None:
    """A system that is a link would be fetched from there."""
    if crs is None:
        return
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(crs, dict) or crs.get("type") not in {"name", "EPSG"} or not isinstance(name, str | None):
        raise _Wrong("crs", "crs")


def _feature(one: Any, place: str) -> None:
    if not isinstance(one, dict) or one.get("type") != "Feature":
        raise _Wrong(place, "feature")
    if not isinstance(one.get("properties"), dict | None):
        raise _Wrong(_under(place, "properties"), "properties")
    if one.get("geometry") is not None:
        _geometry(one["geometry"], _under(place, "geometry"), 0)


def _geometry(one: Any, place: str, depth: int) -> None:
    kind = one.get("type") if isinstance(one, dict) else None
    if depth > _DEEPEST:
        raise _Wrong(place, "deep")
    if kind == "GeometryCollection":
        parts = one.get("geometries")
        if not isinstance(parts, list):
            raise _Wrong(place, "geometry")
        for number, part in enumerate(parts):
            _geometry(part, f"{_under(place, 'geometries')}[{number}]", depth + 1)
    elif isinstance(kind, str) and kind in _DEPTH:
        _coordinates(one.get("coordinates"), _under(place, "coordinates"), _DEPTH[kind], _LEAST.get(kind, 0))
    else:
        raise _Wrong(place, "geometry")


def _coordinates(part: Any, place: str, depth: int, least: int) -> None:
    if not isinstance(part, list):
        raise _Wrong(place, "nesting")
    if depth == 0:
        if part:  # an empty point is one without a place
            _position(part, place)
    elif depth == 1:
        if not _sound_line(part):
            for number, one in enumerate(part):
                _position(one, f"{place}[{number}]")
        if part and len(part) < least:
            raise _Wrong(place, "short")
    else:
        for number, one in enumerate(part):
            _coordinates(one, f"{place}[{number}]", depth - 1, least)


def _sound_line(part: list[Any]) -> bool:
    """Look at all positions of a line at once; where that does not say, each is looked at."""
    try:
        xy = np.array(part)
    except (ValueError, OverflowError):
        return False
    if xy.ndim != 2 or xy.shape[1] not in {2, 3, 4} or xy.dtype.kind not in "fi":
        return False
    no_others = set(map(type, chain.from_iterable(part))) <= {int, float}  # numpy takes true for 1
    return no_others and bool((np.abs(xy) <= MOST_COORDINATE).all())


def _position(one: Any, place: str) -> None:
    if not isinstance(one, list):
        raise _Wrong(place, "nesting")
    if not 2 <= len(one) <= 4 or not all(type(part) in {int, float} for part in one):
        raise _Wrong(place, "nesting" if any(isinstance(part, list) for part in one) else "position")
    if not all(abs(part) <= MOST_COORDINATE for part in one):
        raise _Wrong(place, "large")


def _under(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key

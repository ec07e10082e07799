"""Every bad GeoJSON ends in a sentence of ours: file, place where known, cause, what to do."""

from __future__ import annotations

import json
import os
import random
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from layers.read_vector import read_vector
from models.errors import DataError
from models.geojson_check import check_geojson
from models.register.table_file import read_table
from tests.data import long_count

RING = [[106.7, 28.8], [106.8, 28.8], [106.8, 28.9], [106.7, 28.8]]
GEOMETRIES: list[Any] = [
    {"type": "Point", "coordinates": [106.7, 28.8]},
    {"type": "Point", "coordinates": [106.7, 28.8, 412.5]},
    {"type": "LineString", "coordinates": RING},
    {"type": "Polygon", "coordinates": [RING]},
    {"type": "MultiPolygon", "coordinates": [[RING], [RING]]},
    {"type": "MultiPoint", "coordinates": RING},
    {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [106.7, 28.8]}]},
    None,
]


def collection(*geometries: Any, **more: Any) -> dict[str, Any]:
    features = [
        {"type": "Feature", "properties": {"编号": f"P{n}", "名称": f"{n}号坡", "人数": n}, "geometry": one}
        for n, one in enumerate(geometries)
    ]
    return {"type": "FeatureCollection", "features": features, **more}


def told(path: Path, text: str | bytes) -> str:
    """Return where something is wrong, in English; empty if nothing is."""
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    error = refusal(check_geojson, path)
    if error is None:
        return ""
    assert error.code == "vector.geojson"
    assert path.name in error.sentence("zh")
    assert not {"{", "}"} & set(error.sentence("en") + error.sentence("zh"))
    return str(error.facts["place_en"])


def refusal(read: Callable[[Path], object], path: Path) -> DataError | None:
    """Return what a file is refused with, None if it is read."""
    try:
        read(path)
    except DataError as error:
        return error
    return None


def line(*positions: Any) -> dict[str, Any]:
    return collection({"type": "LineString", "coordinates": list(positions)})


@pytest.mark.parametrize(
    ("document", "place"),
    [
        (collection(*GEOMETRIES), ""),
        (collection(), ""),
        (GEOMETRIES[0], ""),
        (collection(crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}), ""),
        ([], "the file"),
        ({"type": "Topology"}, "type"),
        ({"type": "FeatureCollection"}, "the file"),
        (collection(crs={"type": "link", "properties": {"href": "http://127.0.0.1/"}}), "crs"),
        ({"type": "FeatureCollection", "features": [7]}, "features[0]"),
        (collection({"type": "Circle"}), "features[0].geometry"),
        (collection(None, {"type": "Point", "coordinates": [106, 28, 1, 1, 1]}), "features[1].geometry.coordinates"),
        (collection({"type": "Point", "coordinates": [[106, 28]]}), "features[0].geometry.coordinates"),
        (collection({"type": "Polygon", "coordinates": RING}), "features[0].geometry.coordinates[0][0]"),
        (line([106, 28], [106, "28"]), "features[0].geometry.coordinates[1]"),
        (line([106, 28], [106, None]), "features[0].geometry.coordinates[1]"),
        (line([106, 28], [106, True]), "features[0].geometry.coordinates[1]"),
        (line([106, 28], [1e300, 28]), "features[0].geometry.coordinates[1]"),
        (line([106, 28], [10**400, 28]), "features[0].geometry.coordinates[1]"),
        (line([106, 28]), "features[0].geometry.coordinates"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, document: Any, place: str) -> None:
    assert told(tmp_path / "points.geojson", json.dumps(document)) == place


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", "the file"),
        ("  \n", "the file"),
        ('{"type": "FeatureCollection",\n "features": [', "line 2, column 15"),
        (json.dumps(line([106, 28], [106, float("nan")])), "the file"),
        (json.dumps(collection(GEOMETRIES[0])).replace("106.7", "1e999"), "features[0].geometry.coordinates"),
        ("[" * 100_000, "the file"),
        ('{"type": "Point", "coordinates": [1' + "0" * 5000 + ", 2]}", "the file"),
        (json.dumps(collection(GEOMETRIES[0]), ensure_ascii=False).encode("gb18030"), "line 1, column 72"),
    ],
)
def test_what_is_no_json_is_said_with_its_place(tmp_path: Path, text: str | bytes, place: str) -> None:
    assert told(tmp_path / "points.geojson", text).startswith(place.split(",", maxsplit=1)[0])


FAR = 1e8  # no system of coordinates has larger numbers
LARGEST = 64_000_000  # larger files are read without the look


def nested(depth: int) -> dict[str, Any]:
    """A point that lies in so many collections."""
    shape: dict[str, Any] = {"type": "Point", "coordinates": [106, 28]}
    for _ in range(depth):
        shape = {"type": "GeometryCollection", "geometries": [shape]}
    return shape


def of(kind: str, coordinates: Any) -> dict[str, Any]:
    return {"type": kind, "coordinates": coordinates}


@pytest.mark.parametrize(
    ("sound", "wrong", "cause"),
    [
        (of("Point", [FAR, -FAR]), of("Point", [FAR + 1, 0]), "too large"),
        (of("Point", [-FAR, 0]), of("Point", [0, -FAR - 1]), "too large"),
        (of("LineString", [[FAR, 0], [-FAR, FAR]]), of("LineString", [[0, 0], [FAR + 1, 0]]), "too large"),
        (of("LineString", [[0, -FAR], [0, 0]]), of("LineString", [[0, 0], [0, -FAR - 1]]), "too large"),
        (of("Point", [1, 2, 3, 4]), of("Point", [1, 2, 3, 4, 5]), "two or three numbers"),
        (of("Point", [1, 2]), of("Point", [1]), "two or three numbers"),
        (of("MultiPoint", [[1, 2, 3, 4]]), of("MultiPoint", [[1, 2, 3, 4, 5]]), "two or three numbers"),
        (of("MultiPoint", [[1, 2]]), of("MultiPoint", [[1]]), "two or three numbers"),
        (of("LineString", [[1, 2], [3, 4]]), of("LineString", [[1, 2]]), "too few"),
        (of("MultiLineString", [[[1, 2], [3, 4]]]), of("MultiLineString", [[[1, 2]]]), "too few"),
        (of("Polygon", [RING]), of("Polygon", [RING[:3]]), "too few"),
        (of("MultiPolygon", [[RING]]), of("MultiPolygon", [[RING], [RING[1:]]]), "too few"),
        (of("Polygon", [[]]), of("Polygon", [RING, [[1, 2]]]), "too few"),
        (nested(20), nested(21), "nested too deep"),
    ],
)
def test_each_limit_lets_its_last_pass_and_no_more(
    tmp_path: Path, sound: dict[str, Any], wrong: dict[str, Any], cause: str
) -> None:
    path = tmp_path / "limit.geojson"
    assert told(path, json.dumps(sound)) == ""
    assert told(path, json.dumps(wrong))
    error = refusal(check_geojson, path)
    assert error is not None
    assert cause in error.sentence("en")


def test_a_file_of_the_largest_size_is_looked_through_and_a_larger_one_is_not(tmp_path: Path) -> None:
    path = tmp_path / "large.geojson"
    path.write_bytes(b"no JSON")
    os.truncate(path, LARGEST)
    assert refusal(check_geojson, path) is not None
    os.truncate(path, LARGEST + 1)
    assert refusal(check_geojson, path) is None


def test_a_seeded_flood_of_mutants_ends_in_tables_or_in_our_sentences(tmp_path: Path) -> None:
    hand = random.Random(20261121)
    whole = json.dumps(collection(*GEOMETRIES), ensure_ascii=False).encode()
    path, refused, read = tmp_path / "突变.geojson", 0, 0
    for _ in range(long_count(200, 5_000)):
        path.write_bytes(mutant(hand, whole))
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            error = refusal(read_table, path)
            warnings.simplefilter("ignore", RuntimeWarning)  # GDAL's remarks go to the log of the worker
            as_layer = refusal(read_vector, path)
        refused, read = refused + (error is not None), read + (error is None)
        assert error is None or ("突变.geojson" in error.sentence("zh") and "{" not in error.sentence("en"))
        assert as_layer is None or as_layer.code.partition(".")[0] in {"vector", "layers", "table", "datum"}
    assert refused > read > 0


def mutant(hand: random.Random, whole: bytes) -> bytes:
    """Return a copy that is cut off, scratched, or has parts put elsewhere."""
    way = hand.randrange(6)
    if way == 0:
        return whole[: hand.randrange(len(whole))]
    if way == 1:
        at = hand.randrange(len(whole))
        return whole[:at] + bytes(hand.randrange(256) for _ in range(hand.randrange(1, 5))) + whole[at + 1 :]
    if way == 2:
        document = json.loads(whole)
        return json.dumps(
            hand.choice([[document], document["features"], {"features": document}, 7, "x", None])
        ).encode()
    document = json.loads(whole)
    for _ in range(hand.randrange(1, 4)):
        scratch(hand, document)
    return json.dumps(document, ensure_ascii=hand.random() < 0.5).encode()


def scratch(hand: random.Random, document: Any) -> None:
    """Put something else into one place of a document."""
    spots: list[tuple[Any, Any]] = []

    def walk(part: Any) -> None:
        for key, inner in part.items() if isinstance(part, dict) else enumerate(part):
            spots.append((part, key))
            if isinstance(inner, dict | list):
                walk(inner)

    walk(document)
    part, key = hand.choice(spots)
    part[key] = hand.choice(
        [None, [], {}, "", 1e308, -1e999, 10**30, "106.7", [[[[1, 2]]]], True, {"type": "Point"}, [1], 0]
    )

"""A file is what its bytes say: five vector formats are read by GDAL, and no driver that asks for more."""

from __future__ import annotations

import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import geopandas
import pytest
import shapely

from app.commands.convert_cli import convert_file
from layers.read_vector import read_vector
from models import vector_kind
from models.errors import DataError
from models.register.table_file import read_table
from models.vector_kind import driver_of, see_driver

SPOTS = geopandas.GeoDataFrame({"name": ["石坑沟"]}, geometry=[shapely.Point(106.7, 28.8)], crs=4326)
KML = "<kml xmlns='http://www.opengis.net/kml/2.2'><Placemark><Point><coordinates>106,28</coordinates></Point></Placemark></kml>"
STRANGE = {
    "a.kml": b"<?xml version='1.0'?><gpx><wpt lat='1' lon='2'/><!-- <kml> --></gpx>",
    "b.xml": b"<html><kml></kml></html>",
    "c.kml": b"<!DOCTYPE kml [<!ENTITY a 'b'>]><kml></kml>",
    "d.json": b'{"type":"Topology","objects":{},"arcs":[]}',
    "e.geojson": b"<OGRVRTDataSource><OGRVRTLayer name='x'/></OGRVRTDataSource>",
    "f.gml": b"<?xml version='1.0'?><gml:FeatureCollection xmlns:gml='http://www.opengis.net/gml'/>",
    "g.shp": b"MAPINFO",
}


def code_of(read: object, path: Path) -> str:
    with pytest.raises(DataError) as caught:
        read(path)  # type: ignore[operator]
    assert path.name in caught.value.sentence("zh")
    return caught.value.code


@pytest.mark.parametrize("name", sorted(STRANGE))
def test_what_is_none_of_the_five_is_refused_before_gdal_opens_it(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pyogrio  # noqa: PLC0415

    def opened(*_: object, **__: object) -> None:
        raise AssertionError("GDAL was asked")

    for door in ("list_layers", "read_info"):
        monkeypatch.setattr(pyogrio, door, opened)
    monkeypatch.setattr(pyogrio.raw, "read", opened)
    path = tmp_path / name
    path.write_bytes(STRANGE[name])
    assert code_of(read_vector, path).partition(".")[0] in {"vector", "layers"}
    assert code_of(read_table, path).partition(".")[0] in {"vector", "table"}


@pytest.mark.parametrize(
    ("ending", "driver"),
    [(".gpkg", "GPKG"), (".shp", "ESRI Shapefile"), (".geojson", "GeoJSON"), (".fgb", "FlatGeobuf"), (".kml", "KML")],
)
def test_the_five_are_known_by_their_bytes_whatever_they_are_called(tmp_path: Path, ending: str, driver: str) -> None:
    path = tmp_path / f"points{ending}"
    SPOTS.to_file(path, driver=driver)
    assert driver_of(path.read_bytes()[:4096], path) == driver
    assert len(read_table(path).rows) == 1
    assert len(read_vector(path).geometry) == 1


@pytest.mark.parametrize(
    "head", [KML, f"<?xml version='1.0'?>\n<!-- a -->\n<!-- b -->{KML}", f"\ufeff{KML}", KML.replace("kml", "k:kml", 1)]
)
def test_a_kml_is_known_by_its_root(head: str) -> None:
    assert driver_of(head.encode(), Path("a.xml")) == "KML"
    assert driver_of(head.encode("utf-16"), Path("a.xml")) == "KML"


def test_a_database_that_is_no_geopackage_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "points.sqlite"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE points (id, lon, lat)")
    assert code_of(read_table, path) == "vector.other_kind"
    assert code_of(read_vector, path) == "vector.other_kind"
    with pytest.raises(DataError):
        see_driver(path, "SQLite")


def test_a_packed_kml_that_unpacks_out_of_all_proportion_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.kmz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("doc.kml", KML)
    assert len(read_vector(path).geometry) == 1
    monkeypatch.setattr(vector_kind, "_SURE_BYTES", 100_000)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("doc.kml", KML + " " * 2_000_000)
    assert code_of(read_vector, path) == "vector.too_much"
    assert code_of(read_table, path) == "vector.too_much"
    assert code_of(lambda path: convert_file(path, tmp_path / "out.gpkg", "gcj02"), path) == "vector.too_much"


@pytest.mark.parametrize(
    ("how", "read"),
    [
        ("SELECT fid, geom, 'with' AS name FROM points -- with", True),
        ("WITH r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT n AS fid, geom FROM r, points", False),
    ],
)
def test_a_view_of_a_geopackage_is_read_and_one_that_may_never_end_is_refused(
    tmp_path: Path, how: str, *, read: bool
) -> None:
    path = tmp_path / "points.gpkg"
    SPOTS.to_file(path, layer="points")
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(f"CREATE VIEW seen AS {how}")
        facts = "'features', 'seen', '', '2026-01-01T00:00:00Z', 0, 0, 0, 0, 4326"
        db.execute(f"INSERT INTO gpkg_contents VALUES ('seen', {facts})")
        db.execute("INSERT INTO gpkg_geometry_columns VALUES ('seen', 'geom', 'POINT', 4326, 0, 0)")
    if read:
        assert len(read_vector(path, part="seen").geometry) == 1
        assert convert_file(path, tmp_path / "out.gpkg", "wgs84").places == 2
    else:
        assert code_of(read_vector, path) == "vector.endless_view"
        assert code_of(read_table, path) == "vector.endless_view"
        assert code_of(lambda path: convert_file(path, tmp_path / "out.gpkg", "gcj02"), path) == "vector.endless_view"

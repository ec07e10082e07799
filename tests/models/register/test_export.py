"""What is written comes back the same, and no spreadsheet runs it."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import openpyxl
import pyogrio
import pytest
import shapely

from models.errors import DataError
from models.register.description import RegisterDescription, shipped
from models.register.export import export
from models.register.mapping import map_columns
from models.register.owner_report import owner_report
from models.register.quality import judge
from models.register.record import Record
from models.register.seen_text import seen
from models.register.table_file import read_table
from tests.models.register.given import HEADERS, ground, look, points, row, table

DANGEROUS = ("=1+1", "+1", "-1", "@SUM(A1)", "'=x", "\t=x", '=HYPERLINK("http://x","y")', "<img src=x>", "a\nb")


def back(path: Path, description: RegisterDescription) -> tuple[Record, ...]:
    given = read_table(path)
    return judge(given, map_columns(given, description), description, ground()).records


def records() -> tuple[Record, ...]:
    limits: list[object] = [
        {"window_h": 1, "level": "blue", "rain_mm": 20.5, "design": True},
        {"window_h": 1, "level": "red", "rain_mm": 50.0, "design": False},
        {"window_h": 24, "level": "red", "rain_mm": 150.0, "design": False},
    ]
    design: list[object] = [{"window_h": 1, "level": "red", "rain_mm": 60.0, "design": True}]
    full = Record(
        "hazard_points",
        "A-1",
        "石坑沟",
        "flash_flood",
        113.02345678901234,
        24.01999999999999,
        "石坑镇",
        "石坑村",
        {
            "thresholds": limits,
            "warn_unit": "U-1",
            "gauges": ["G1", "G2"],
            "people": ["RY-1"],
            "person": "张三",
            "phone": "000-0000-0001",
            "households": 0,
            "focus": False,
            "inspected_on": "2026-06-12",
        },
        {"岗位": "网格员"},
    )
    bare = Record("hazard_points", "0012", "坡", "landslide", 113.03, 24.02)
    starter = replace(bare, id="A-3", name="崖", values={"thresholds": design, "focus": True})
    return full, bare, starter


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".geojson", ".gpkg"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_register_comes_back_as_it_was(tmp_path: Path, ending: str, language: str) -> None:
    path = tmp_path / f"隐患点{ending}"
    export(records(), points(), path, language=language)
    assert back(path, points()) == records()
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("language", "first", "last"),
    [
        ("en", "Id,Name,Kind,Longitude,Latitude,Town,Village,Blue 1 h", "Person in charge"),
        ("zh", "编号,名称,类型,经度,纬度,乡镇,村,蓝 1 小时", "责任人"),
    ],
)
def test_all_titles_are_words_of_one_language_and_none_is_guessed_back(
    tmp_path: Path, language: str, first: str, last: str
) -> None:
    path = tmp_path / "a.csv"
    export(records(), points(), path, language=language)
    header = path.read_text(encoding="utf-8-sig").splitlines()[0]
    assert header.startswith(first)
    assert last in header
    assert "_" not in header
    assert map_columns(read_table(path), points()).guesses == ()


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".geojson", ".gpkg"])
def test_lines_and_areas_come_back_with_the_point_their_name_stands_at(tmp_path: Path, ending: str) -> None:
    units = next(one for one in shipped() if one.name == "warning_units")
    wkb = shapely.to_wkb(shapely.box(113.01, 24.01, 113.0300000001, 24.03))
    unit = Record("warning_units", "U-1", "一单元", "", 113.015, 24.0123456789012, "石坑镇", "石坑村", {}, {}, wkb)
    path = tmp_path / f"a{ending}"
    export([unit, replace(unit, id="U-2", name="二单元")], units, path)
    assert back(path, units) == (unit, replace(unit, id="U-2", name="二单元"))


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".geojson", ".gpkg"])
@pytest.mark.parametrize("text", DANGEROUS)
def test_text_that_would_run_in_a_spreadsheet_is_written_harmless_and_comes_back(
    tmp_path: Path, ending: str, text: str
) -> None:
    one = replace(records()[1], name=f"{text}", others={"备注": text}, values={"person": text})
    path = tmp_path / f"a{ending}"
    export([one], points(), path)
    (read,) = back(path, points())
    assert (read.name, read.others, read.values["person"]) == (
        seen(text).strip(),
        {"备注": text.strip()},
        seen(text).strip(),
    )
    if ending == ".csv":
        cells = path.read_text(encoding="utf-8-sig").splitlines()[1].split(",")
        assert not [cell for cell in cells if cell.strip('"')[:1] in {"=", "+", "-", "@", "\t"}]
    if ending == ".xlsx":
        sheet = openpyxl.load_workbook(path).worksheets[0]
        assert {cell.data_type for line in sheet.iter_rows(min_row=2) for cell in line} <= {"s", "n"}


def test_negative_numbers_stay_numbers(tmp_path: Path) -> None:
    one = replace(records()[1], lon_deg=-113.5, lat_deg=-24.25)
    path = tmp_path / "a.csv"
    export([one], points(), path)
    assert "-113.5,-24.25" in path.read_text(encoding="utf-8-sig")
    assert (back(path, points())[0].lon_deg, back(path, points())[0].lat_deg) == (-113.5, -24.25)


def test_a_file_that_is_there_is_replaced_and_a_name_that_says_nothing_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    export(records(), points(), path)
    export(records()[:1], points(), path)
    assert len(back(path, points())) == 1
    for name, code in (
        ("a.docx", "export.format"),
        ("none/a.csv", "export.unwritable"),
        ("none/a.gpkg", "export.unwritable"),
    ):
        with pytest.raises(DataError) as caught:
            export(records(), points(), tmp_path / name)
        assert caught.value.code == code


def test_geojson_is_plain_enough_for_other_programs(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    export(records(), points(), path, language="en")
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    assert features[0]["geometry"]["coordinates"] == [113.02345678901234, 24.01999999999999]
    assert features[0]["properties"]["Red 24 h"] == 150.0


def test_an_empty_register_is_written_with_its_header(tmp_path: Path) -> None:
    for ending in (".csv", ".xlsx", ".geojson", ".gpkg"):
        export([], points(), tmp_path / f"a{ending}")
    assert (tmp_path / "a.csv").read_text(encoding="utf-8-sig").strip() == "编号,名称,类型,经度,纬度"


def test_the_report_to_the_owner_has_the_rows_in_question_in_their_own_columns() -> None:
    headers = ("统一编号", *HEADERS[1:])
    quality = look(table(row(1), row(2, 经度=24.02, 纬度=113.02), row(3, 村="云台村", 名称="=cmd"), headers=headers))
    sheet = openpyxl.load_workbook(io.BytesIO(owner_report(quality, "zh"))).worksheets[0]
    lines = [[cell.value for cell in line] for line in sheet.iter_rows()]
    assert lines[0] == ["行号", "处理", "原因", "建议", *headers]
    by_line = {line[0]: line for line in lines[1:]}
    assert set(by_line) == {1, 3, 4}
    assert by_line[3][1] == "未收"
    assert by_line[3][3] == "对调经纬度: 113.02, 24.02"
    assert by_line[3][4:6] == ["P2", "2号坡"]
    assert by_line[4][1] == "请核实"
    assert "落在石坑村内" in str(by_line[4][2])
    assert sheet.cell(4, 6).data_type == "s"
    english = openpyxl.load_workbook(io.BytesIO(owner_report(quality, "en"))).worksheets[0]
    assert english.cell(1, 1).value == "Line"


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".geojson", ".gpkg"])
def test_a_full_disk_leaves_the_file_that_is_there_and_no_draft(
    tmp_path: Path, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / f"a{ending}"
    export(records(), points(), path)
    before = path.read_bytes()

    def half(target: Path, *_: object, **__: object) -> None:
        with target.open("wb") as file:
            file.write(b"half")
        raise OSError(28, "No space left on device")

    def half_of_features(target: Path, *_: object, **__: object) -> None:
        with target.open("wb") as file:
            file.write(b"half")
        raise pyogrio.errors.FeatureError("disk full")

    monkeypatch.setattr(Path, "write_bytes", half)
    monkeypatch.setattr(Path, "write_text", half)
    monkeypatch.setattr("pyogrio.raw.write", half_of_features)
    with pytest.raises(DataError) as caught:
        export(records()[:1], points(), path)
    assert caught.value.code == "export.unwritable"
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == [path.name]

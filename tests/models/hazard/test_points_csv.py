"""The points file: all or nothing, and a reason for every line."""

from __future__ import annotations

import csv
import io

import pytest
import shapely

from models.errors import DataError
from models.hazard.level import Level
from models.hazard.points_csv import LARGEST_BYTES, read_points, template
from models.hazard.points_report import Finding, PointsReport
from models.hazard.register import PointKind

HEADER = "id,name,kind,lon,lat,town,warn_unit,person,phone,blue_1h,yellow_1h,orange_1h,red_1h"
GOOD = "P1,石坑沟,flash_flood,113.2051,24.1017,石坑镇,村委会,张三,000-1234,35,45,60,80"


def read(*lines: str, header: str = HEADER, **how: object) -> PointsReport:
    return read_points("\r\n".join([header, *lines]).encode(), **how)  # type: ignore[arg-type]


def refusals(report: PointsReport) -> list[tuple[int, str, str]]:
    return [(f.line, f.field, f.code.removeprefix("refused.")) for f in report.refused]


def codes(findings: tuple[Finding, ...]) -> list[str]:
    return [f.code for f in findings]


def test_a_good_file_is_read_whole() -> None:
    report = read(GOOD)
    assert report.importable
    (point,) = report.points
    assert (point.id, point.name, point.kind, point.town) == ("P1", "石坑沟", PointKind.FLASH_FLOOD, "石坑镇")
    assert (point.lon_deg, point.lat_deg, point.phone) == (113.2051, 24.1017, "000-1234")
    assert [(t.window_h, t.level, t.rain_mm) for t in point.thresholds] == [
        (1, Level.BLUE, 35.0),
        (1, Level.YELLOW, 45.0),
        (1, Level.ORANGE, 60.0),
        (1, Level.RED, 80.0),
    ]
    assert report.as_json() == {
        "rows_read": 1,
        "accepted": 1,
        "imported": 0,
        "refused": [],
        "warnings": [],
        "guesses": [],
    }
    assert report.as_json(imported=True)["imported"] == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_chinese_headers_in_either_encoding(encoding: str) -> None:
    text = "编号,名称,类型,经度,纬度,乡镇,预警单位,责任人,电话,蓝_1h,红_6h\nA,石坑沟,山洪,113.2,24.1,石坑镇,,张三,000-1,35,150\n"
    report = read_points(text.encode(encoding))
    assert report.importable
    assert report.points[0].windows_h == (1, 6)
    assert ("guessed.encoding" in codes(report.guesses)) is (encoding == "gb18030")


def test_a_file_with_an_unknown_encoding_is_refused_with_a_sentence() -> None:
    with pytest.raises(DataError) as caught:
        read_points(b"id,name\n\xff\xff\xff\xfe\x81")
    assert caught.value.code == "points_csv.encoding"
    assert "GB18030" in caught.value.sentence("zh")


def test_a_missing_column_refuses_everything_by_name() -> None:
    report = read("P1,石坑沟,flash_flood,113.2", header="id,name,kind,lon")
    assert refusals(report) == [(1, "lat", "missing_column")]
    assert (report.rows_read, report.accepted, report.points) == (1, 0, ())


def test_a_latitude_of_239_is_refused_with_its_line() -> None:
    report = read(GOOD, GOOD.replace("P1", "P2").replace("24.1017", "239"))
    assert refusals(report) == [(3, "lat", "range")]
    assert report.refused[0].reason("zh") == "239 超出 -90 到 90。"
    assert (report.rows_read, report.accepted) == (2, 1)
    assert not report.importable


def test_longitude_and_latitude_the_wrong_way_round_are_said_to_be_that() -> None:
    report = read(GOOD.replace("113.2051,24.1017", "24.1017,113.2051"))
    assert refusals(report) == [(2, "lat", "swapped")]


def test_a_doubled_id_names_the_line_it_stands_in_already() -> None:
    report = read(GOOD, GOOD)
    assert refusals(report) == [(3, "id", "doubled")]
    assert "2" in report.refused[0].reason("en")


def test_thresholds_that_do_not_rise_are_refused() -> None:
    report = read(GOOD.replace("35,45,60,80", "35,45,45,80"), GOOD.replace("P1", "P2").replace("35,45", "50,45"))
    assert refusals(report) == [(2, "orange_1h", "not_rising"), (3, "yellow_1h", "not_rising")]
    assert "1 小时" in report.refused[0].reason("zh")


@pytest.mark.parametrize("bad", ["abc", "1e999", "nan", "24°06′", "24,1", "1_0"])
def test_a_bad_number_is_refused(bad: str) -> None:
    cell = f'"{bad}"'
    report = read(GOOD.replace("24.1017", cell))
    assert refusals(report) == [(2, "lat", "number")]


@pytest.mark.parametrize("bad", ["0", "-5", "2001"])
def test_a_threshold_outside_what_can_rain_is_refused(bad: str) -> None:
    assert refusals(read(GOOD.replace(",80", f",{bad}")))[0] == (2, "red_1h", "range")


def test_every_fault_of_a_row_is_told_at_once() -> None:
    report = read("P1,,earthquake,113.2,x,,,,,35,45,60,oops")
    assert refusals(report) == [
        (2, "name", "empty"),
        (2, "lat", "number"),
        (2, "kind", "kind"),
        (2, "red_1h", "number"),
    ]


def test_one_bad_row_leaves_the_others_unimportable() -> None:
    report = read(GOOD, "P2,,flash_flood,113,24")
    assert report.accepted == 1
    assert not report.importable


def test_the_kind_may_come_from_outside_or_be_left_out_of_a_dry_run() -> None:
    header, row = "id,name,lon,lat", "P1,石坑沟,113.2,24.1"
    assert refusals(read(row, header=header)) == [(1, "kind", "no_kind")]
    given = read(row, header=header, kind=PointKind.LANDSLIDE)
    assert given.points[0].kind is PointKind.LANDSLIDE
    looked = read(row, header=header, dry_run=True)
    assert (looked.accepted, looked.points, looked.refused) == (1, (), ())
    assert "warned.no_kind" in codes(looked.warnings)
    assert not looked.importable


def test_names_that_are_guessed_are_said() -> None:
    report = read("P1,石坑沟,滑坡,113.2,24.1,40", header="编号,点名,类型,Longitude,Latitude,红色_3小时")
    assert report.importable
    assert [f.facts["column"] for f in report.guesses] == ["name", "lon", "lat", "red_3h"]
    assert "Longitude" in report.guesses[1].reason("zh")


def test_two_columns_of_one_meaning_are_refused() -> None:
    report = read("P1,a,滑坡,113.2,24.1,25", header="id,name,kind,lon,lat,latitude")
    assert refusals(report) == [(1, "lat", "same_column")]


def test_other_columns_are_kept_as_attributes() -> None:
    report = read("P1,a,滑坡,113.2,24.1,湿,", header="id,name,kind,lon,lat,土壤,备注")
    assert dict(report.points[0].attributes) == {"土壤": "湿"}


@pytest.mark.parametrize("separator", [";", "\t"])
def test_another_separator_is_recognized_and_said(separator: str) -> None:
    report = read_points((HEADER + "\n" + GOOD).replace(",", separator).encode())
    assert report.importable
    assert "guessed.separator" in codes(report.guesses)


def test_full_width_digits_and_spaces_are_numbers_too() -> None:
    report = read("P1,a,滑坡,１１３．２, 24.1 ", header="id,name,kind,lon,lat")
    assert (report.points[0].lon_deg, report.points[0].lat_deg) == (113.2, 24.1)


def test_too_many_cells_are_refused_and_trailing_empty_ones_are_not() -> None:
    assert refusals(read(GOOD + ",surplus")) == [(2, "", "too_many")]
    assert read(GOOD + ",,").importable


def test_blank_lines_do_not_count_and_lines_are_numbered_as_in_the_file() -> None:
    report = read("", GOOD, ",,,,", '"P2","two\nlines",flash_flood,113,24', "P3,x,flash_flood,113,999")
    assert (report.rows_read, report.accepted) == (3, 2)
    assert refusals(report) == [(7, "lat", "range")]


def test_what_is_odd_but_usable_is_a_warning() -> None:
    header = "id,name,kind,lon,lat,person,phone,blue_1h,blue_3h"
    report = read("P1,a,滑坡,113.2,24.1,张三,,60,50", "P2,b,滑坡,113.2,24.1,李四,1.38E+10,,", header=header)
    assert report.importable
    assert codes(report.warnings) == [
        "warned.no_phone",
        "warned.shorter_higher",
        "warned.no_thresholds",
        "warned.mangled_phone",
    ]


def test_a_point_outside_the_office_is_a_warning() -> None:
    area = shapely.to_wkb(shapely.box(113, 24, 114, 25))
    report = read(GOOD, GOOD.replace("P1", "P2").replace("113.2051", "115.5"), area=area)
    assert [(f.line, f.code) for f in report.warnings] == [(3, "warned.outside")]
    assert report.importable


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_template_is_refused_only_for_its_example_line(language: str) -> None:
    data = template(language)
    assert data.startswith(b"\xef\xbb\xbf")
    report = read_points(data)
    assert refusals(report) == [(2, "id", "example")]
    assert report.guesses == ()
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    rows[1][0] = "P1"
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    filled = read_points(out.getvalue().encode())
    assert filled.importable
    assert len(filled.points[0].thresholds) == 12


def test_a_file_that_is_no_table_is_refused_with_a_sentence() -> None:
    for data, code in (
        (b"", "points_csv.empty"),
        (b"\n\n", "points_csv.empty"),
        (b" " * (LARGEST_BYTES + 1), "points_csv.too_large"),
    ):
        with pytest.raises(DataError) as caught:
            read_points(data)
        assert caught.value.code == code
        assert caught.value.sentence("en")
    assert refusals(read()) == [(1, "", "no_rows")]


def test_a_cell_larger_than_the_reader_takes_is_named_with_its_line() -> None:
    with pytest.raises(DataError) as caught:
        read(GOOD, "x" * 200_000)
    assert caught.value.code == "points_csv.broken"
    assert caught.value.facts["line"] >= 2


def test_every_reason_has_its_words_in_both_languages() -> None:
    report = read("P1,,earthquake,24.1,113.2,,,张三,,50,45,60,oops", "P1,a,flash_flood,1,1,,,,,,,,,,z")
    for finding in (*report.refused, *report.warnings):
        for language in ("zh", "en"):
            assert "{" not in finding.reason(language)

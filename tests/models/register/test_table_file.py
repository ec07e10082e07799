"""Tables out of files: the bytes say what a file is, bounds come before memory, and what is wrong is said."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import openpyxl
import pyogrio
import pytest
import shapely

from models.errors import DataError
from models.register import excel_table, table_file
from models.register.table_file import read_bytes, read_table


def workbook(fill: Callable[[openpyxl.worksheet.worksheet.Worksheet], None], *more: str) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "点位"
    fill(sheet)
    for name in more:
        book.create_sheet(name)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def codes(data: bytes, name: str = "点位.xlsx") -> str:
    with pytest.raises(DataError) as caught:
        read_bytes(data, name)
    for language in ("zh", "en"):
        assert name in caught.value.sentence(language)
        assert str(caught.value.facts.get("cause", "nothing")) not in caught.value.sentence(language)  # for the log
    return caught.value.code


def guesses(data: bytes) -> list[str]:
    return [one.code for one in read_bytes(data, "a.xlsx").guesses]


def test_a_workbook_keeps_lines_numbers_dates_and_text_as_its_owner_sees_them() -> None:
    def fill(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        sheet.append(["编号", "户数", "巡查", "电话"])
        sheet.append(["A-1", 43, date(2026, 6, 12), "000-0001"])
        sheet.append([None, None, None, None])
        sheet.append(["A-2", 4.5, date(2026, 6, 13), 112])

    read = read_bytes(workbook(fill), "a.xlsx")
    assert read.headers == ("编号", "户数", "巡查", "电话")
    assert read.rows == (("A-1", 43, date(2026, 6, 12), "000-0001"), ("A-2", 4.5, date(2026, 6, 13), 112))
    assert (read.lines, read.header_line, read.sheet) == ((2, 4), 1, "点位")
    assert [one.reason("en") for one in read.guesses] == ["1 empty rows skipped: lines 3."]


def test_a_title_above_the_header_is_skipped_and_said() -> None:
    def fill(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        sheet.append(["青岚县隐患点登记表"])
        sheet.merge_cells("A1:D1")
        sheet.append([])
        sheet.append(["编号", "名称", "经度", "纬度"])
        sheet.append(["A", "坡", 113.0, 24.0])

    data = workbook(fill)
    read = read_bytes(data, "a.xlsx")
    assert (read.header_line, read.lines, read.headers[0]) == (3, (4,), "编号")
    assert "header_line" in guesses(data)


def test_a_header_over_two_merged_lines_becomes_one() -> None:
    def fill(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        sheet.append(["编号", "红色阈值", None, "责任人"])
        sheet.append([None, "1小时", "3小时", None])
        for cells in ("A1:A2", "B1:C1", "D1:D2"):
            sheet.merge_cells(cells)
        sheet.append(["A", 40, 60, "张三"])

    data = workbook(fill)
    read = read_bytes(data, "a.xlsx")
    assert read.headers == ("编号", "红色阈值 1小时", "红色阈值 3小时", "责任人")
    assert (read.rows, read.lines) == ((("A", 40, 60, "张三"),), (3,))
    assert "two_line_header" in guesses(data)


def test_a_header_over_two_lines_without_merged_cells_is_seen_in_a_csv() -> None:
    read = read_bytes("编号,红色阈值,,责任人\n,1小时,3小时,\nA,40,60,张三\nB,41,61,李四\n".encode(), "a.csv")
    assert read.headers == ("编号", "红色阈值 1小时", "红色阈值 3小时", "责任人")
    assert [row[0] for row in read.rows] == ["A", "B"]


def test_a_first_row_of_data_with_gaps_is_no_second_header() -> None:
    read = read_bytes("编号,名称,,责任人\nA,坡,备注,\nB,沟,,李四\n".encode(), "a.csv")
    assert (read.header_line, len(read.rows)) == (1, 2)


def test_cells_merged_down_are_filled_in() -> None:
    def fill(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        sheet.append(["乡镇", "编号"])
        for n in range(3):
            sheet.append(["石坑镇" if n == 0 else None, f"A{n}"])
        sheet.merge_cells("A2:A4")

    data = workbook(fill)
    assert [row[0] for row in read_bytes(data, "a.xlsx").rows] == ["石坑镇"] * 3
    assert "merged_cells" in guesses(data)


def test_the_sheet_that_holds_a_table_is_taken_or_the_one_that_is_named() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "说明"
    for name in ("点位", "旧"):
        sheet = book.create_sheet(name)
        sheet.append(["编号", "名称"])
        sheet.append([name, "坡"])
    book.worksheets[-1].sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    assert read_bytes(out.getvalue(), "a.xlsx").sheet == "点位"
    assert "sheet" in guesses(out.getvalue())
    assert read_bytes(out.getvalue(), "a.xlsx", "旧").rows[0][0] == "旧"
    with pytest.raises(DataError, match='no "没有"; there are: 说明, 点位, 旧'):
        read_bytes(out.getvalue(), "a.xlsx", "没有")


def test_formulas_that_were_never_calculated_are_said() -> None:
    def fill(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        sheet.append(["编号", "名称"])
        sheet.append(["A", "=B1&B1"])

    data = workbook(fill)
    assert "formula_without_value" in guesses(data)
    assert read_bytes(data, "a.xlsx").rows == (("A", "#? =B1&B1"),)


def test_a_formulas_error_keeps_its_place_whatever_else_the_workbook_holds() -> None:
    book = openpyxl.Workbook()
    other = book.active
    other["A1"], other["B2"] = "别的", "#NUM!"
    other.sheet_state = "hidden"
    sheet = book.create_sheet("点位 & <1>")
    sheet.append(["编号", "名称", "值"])
    sheet.append(["A", "甲", "#N/A"])
    sheet.append([])
    sheet.append(["B", "#DIV/0!", 7])
    sheet.append(["=A1"])
    for cell in (other["B2"], sheet["C2"], sheet["B4"]):
        cell.data_type = "e"
    out = io.BytesIO()
    book.save(out)
    read = read_bytes(out.getvalue(), "a.xlsx")
    assert read.rows == (("A", "甲", "#N/A"), ("B", "#DIV/0!", 7))  # a row of nothing but empty formulas is none
    assert read.lines == (2, 4)


def test_cells_without_references_and_computed_texts_are_told_from_errors() -> None:
    rows = (
        '<row><c t="str"><v>编号</v></c><c t="str"><v>名称</v></c><c t="str"><v>值</v></c></row><row/>'
        '<row><c t="str"><v>A</v></c><c t="str"><f>IF(1,"")</f><v></v></c><c t=\'e\'><f>1/0</f><v>#DIV/0!</v></c></row>'
        '<row><c t="str"><v>B</v></c><c t="str"><v>乙</v></c><c><f t="shared" si="0"/></c></row>'
    )
    assert excel_table.read_excel(_sheet_xml(rows), "a.xlsx").rows[-2:] == (
        ("A", None, "#DIV/0!"), ("B", "乙", "#? ="),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "encoding", "guess"),
    [
        ("编号,名称\nA,坡\n", "utf-8", []),
        ("编号,名称\nA,坡\n", "utf-8-sig", []),
        ("编号,名称\nA,坡\n", "gb18030", ["encoding"]),
        ("编号\t名称\nA\t坡\n", "utf-16", ["encoding", "separator"]),
        ("编号;名称\nA;坡\n", "utf-8", ["separator"]),
    ],
)
def test_text_is_read_in_the_encodings_and_separators_that_offices_use(
    text: str, encoding: str, guess: list[str]
) -> None:
    read = read_bytes(text.encode(encoding), "a.csv")
    assert (read.headers, read.rows) == (("编号", "名称"), (("A", "坡"),))
    assert [one.code for one in read.guesses] == guess


def test_an_apostrophe_that_kept_a_spreadsheet_from_a_formula_is_taken_off() -> None:
    read = read_bytes(b"id,name\nA,'=1+1\nB,'quoted\n", "a.csv")
    assert [row[1] for row in read.rows] == ["=1+1", "'quoted"]


@pytest.mark.parametrize("kind", ["gpkg", "geojson", "fgb", "kml", "shp"])
def test_vector_files_give_rows_with_shapes(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"点位.{kind}"
    if kind == "kml":
        path.write_text(
            '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark>'
            '<name>石坑沟</name><ExtendedData><Data name="编号"><value>A</value></Data></ExtendedData>'
            "<Point><coordinates>113.02,24.01</coordinates></Point></Placemark></Document></kml>",
            encoding="utf-8",
        )
    else:
        pyogrio.raw.write(
            path,
            np.array([shapely.to_wkb(shapely.Point(113.02, 24.01))], dtype=object),
            [np.array(["A"], dtype=object), np.array(["石坑沟"], dtype=object)],
            ["编号", "名称"],
            geometry_type="Point",
            crs="EPSG:4326",
            **({"encoding": "GB18030"} if kind == "shp" else {}),
        )
    read = read_table(path)
    assert {"A", "石坑沟"} <= set(read.rows[0])
    assert shapely.from_wkb(read.wkbs[0]).equals(shapely.Point(113.02, 24.01))
    assert (read.lines, read.header_line, read.crs) == ((1,), 0, "EPSG:4326")


@pytest.mark.parametrize("encoding", ["UTF-8", "GB18030"])
def test_a_shapefile_without_cpg_and_prj_is_read_by_its_bytes_and_names_no_crs(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.shp"
    pyogrio.raw.write(
        path,
        np.array([shapely.to_wkb(shapely.Point(113.02, 24.01))], dtype=object),
        [np.array(["石坑沟河滩"], dtype=object)],
        ["名称"],
        geometry_type="Point",
        crs="EPSG:4326",
        encoding=encoding,
    )
    path.with_suffix(".cpg").unlink()
    path.with_suffix(".prj").unlink()
    read = read_table(path.with_suffix(".dbf"))
    assert (read.headers, read.rows, read.crs) == (("名称",), (("石坑沟河滩",),), "")
    assert [one.code for one in read.guesses] == (["encoding"] if encoding == "GB18030" else [])


def test_a_password_is_said() -> None:
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    assert codes(head + "EncryptedPackage".encode("utf-16-le") + bytes(600)) == "table.password"


def test_a_web_page_and_an_xml_spreadsheet_with_the_name_of_excel_are_said() -> None:
    assert codes(b"<html><body><table><tr><td>1</td></tr></table></body></html>", "a.xls") == "table.html"
    assert codes(b'\xef\xbb\xbf<meta charset="utf-8"><table>', "a.xls") == "table.html"
    xml = b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">'
    assert codes(xml, "a.xls") == "table.xml_2003"
    assert codes(b"%PDF-1.7", "a.xlsx") == "table.other_kind"


def test_what_is_cut_off_or_no_workbook_is_said() -> None:
    whole = workbook(lambda sheet: sheet.append(["编号"]))
    assert codes(whole[: len(whole) // 2]) == "table.broken_zip"
    torn = bytearray(whole)
    start = whole.index(b"xl/worksheets/sheet1.xml") + 40
    torn[start : start + 60] = bytes(60)
    assert codes(bytes(torn)) == "table.broken_zip"
    assert codes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000)) == "table.no_excel"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("content.xml", "<office/>")
    assert codes(out.getvalue()) == "table.other_zip"


def test_an_empty_sheet_is_said() -> None:
    assert codes(workbook(lambda sheet: None)) == "table.empty"
    assert codes(b"\n\n", "a.csv") == "table.empty"


def _sheet_xml(cells: str) -> bytes:
    """A workbook whose first sheet holds these rows as XML."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(lambda sheet: sheet.append(["a"])))) as whole,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for one in whole.infolist():
            data = whole.read(one)
            if one.filename == "xl/worksheets/sheet1.xml":
                data = (
                    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
                    f"{cells}</sheetData></worksheet>"
                ).encode()
            packed.writestr(one.filename, data)
    return out.getvalue()


def test_two_cells_in_far_corners_are_refused_before_the_block_between_them_is_laid_out() -> None:
    corners = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    tracemalloc.start()
    assert codes(_sheet_xml(corners)) == "table.too_wide"
    far_down = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="CC1048576"><v>1</v></c></row>'
    assert codes(_sheet_xml(far_down)) == "table.too_many_rows"
    assert tracemalloc.get_traced_memory()[1] < 20 << 20
    tracemalloc.stop()


def test_a_bomb_is_refused_with_little_memory() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", "<workbook/>")
        with packed.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(260):
                part.write(b" " * (1 << 20))
    data = out.getvalue()
    assert len(data) < 1 << 20
    tracemalloc.start()
    assert codes(data) == "table.too_much"
    # The same, with a directory that lies about the size: the checksum does not fit what it says.
    lying = bytearray(data)
    at = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", lying, at + 24, 1000)
    assert codes(bytes(lying)) in {"table.broken_zip", "table.too_much"}
    assert tracemalloc.get_traced_memory()[1] < 40 << 20
    tracemalloc.stop()


def nine_rows(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
    for n in range(9):
        sheet.append(["a", n])


def test_too_many_rows_columns_and_bytes_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert codes(("a," * 500 + "\n").encode(), "a.csv") == "table.too_wide"
    monkeypatch.setattr("models.register.text_table.MOST_ROWS", 3)
    assert codes(b"id,name\n" + b"1,a\n" * 5, "a.csv") == "table.too_many_rows"
    monkeypatch.setattr(excel_table, "MOST_ROWS", 3)
    assert codes(workbook(nine_rows)) == "table.too_many_rows"
    monkeypatch.setattr(table_file, "LARGEST_BYTES", 100)
    large = tmp_path / "a.csv"
    large.write_bytes(b"x" * 200)
    with pytest.raises(DataError) as caught:
        read_table(large)
    assert caught.value.code == "table.too_large"


def test_a_file_that_is_not_there_and_a_torn_vector_file_are_said(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be opened"):
        read_table(tmp_path / "none.xlsx")
    torn = tmp_path / "torn.gpkg"
    torn.write_bytes(b"SQLite format 3\0" + bytes(300))
    with pytest.raises(DataError) as caught:
        read_table(torn)
    assert caught.value.code == "table.no_vector"
    alone = tmp_path / "alone.shp"
    alone.write_bytes(b"\x00\x00\x27\x0a" + bytes(96))
    with pytest.raises(DataError) as caught:
        read_table(alone)
    assert caught.value.code in {"table.no_vector", "table.empty"}


FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'


@pytest.mark.parametrize(
    "cells",
    [
        FAR.replace('"', "'"),
        FAR.replace(' r="', ' r = "'),
        FAR.lower(),
        FAR.replace(" r=", ' x=">" r='),
        '<c r="A1"/><c r="XFD1048576"><v>1</v></c>',
        '<row><c r="A1"/></row><row><c r="XFD1048576"><v>1</v></c></row>',
        '<row r="1"><c r="A1"/></row><row r="2"><c r="xfd1048576"><v>1</v></c></row>',
        '<row r="1"><c r="A1"/></row><row r="2"><c r="B9000000"><v>1</v></c></row>',
        "<row>" + "<c/>" * 3000 + "</row>" + "<row/>" * 3000,
    ],
)
def test_no_way_of_writing_a_far_cell_passes_the_look_over(cells: str) -> None:
    assert codes(_sheet_xml(cells)) in {"table.too_wide", "table.too_many_rows"}


@pytest.mark.parametrize("target", ["other/s.xml", "/foo/s.xml", "sharedStrings.xml", "s"])
def test_a_sheet_at_another_path_is_looked_over(target: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(_sheet_xml(FAR))) as whole, zipfile.ZipFile(out, "w") as packed:
        for one in whole.infolist():
            data, name = whole.read(one), one.filename
            if name == "xl/worksheets/sheet1.xml":
                name = target[1:] if target.startswith("/") else f"xl/{target}"
            if name == "xl/_rels/workbook.xml.rels":
                data = data.replace(b"/xl/worksheets/sheet1.xml", target.encode())
            packed.writestr(name, data)
    assert codes(out.getvalue()) == "table.too_wide"


def test_rows_and_cells_without_references_are_counted_and_read() -> None:
    cells = "<row>" + '<c t="inlineStr"><is><t>x</t></is></c>' * 3 + "</row>"
    assert len(excel_table.read_excel(_sheet_xml(cells * 2000), "a.xlsx").rows) >= 1999


def test_a_workbook_that_another_reader_would_take_is_refused() -> None:
    out = io.BytesIO(workbook(nine_rows))
    with zipfile.ZipFile(out, "a") as packed:
        packed.writestr("content.xml", "<a/>")
    assert codes(out.getvalue()) == "table.other_zip"

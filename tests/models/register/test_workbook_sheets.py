"""Workbooks with several sheets: which there are, which one is meant, and when somebody has to say it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from models.errors import DataError
from models.register.table import Sheet
from models.register.table_file import read_table, sheets_in
from models.register.workbook_sheets import sheet_meant, tables_among
from tests.models.register.workbooks import Rows, workbook

NOTES: Rows = [["填表说明"], ["一行一个点"], ["经纬度用 WGS 84"]]


def points(*names: str) -> Rows:
    return [["编号", "名称", "经度", "纬度"], *([name, name, 106.7 + n / 100, 28.9] for n, name in enumerate(names))]


def test_each_sheet_is_named_with_its_rows_and_columns(tmp_path: Path) -> None:
    title: Rows = [["青岚县避险点"], *points("甲", "乙")]
    path = workbook(
        tmp_path / "a.xlsx",
        {"说明": NOTES, "避险点": title, "空": [], "表头": points(), "旧": points("丙")},
        "旧",
    )
    sheets = sheets_in(path)
    assert sheets == (
        Sheet("说明", 2, 1), Sheet("避险点", 2, 4), Sheet("空"), Sheet("表头", 0, 4), Sheet("旧", 1, 4, is_hidden=True),
    )  # fmt: skip
    assert [one.name for one in tables_among(sheets)] == ["避险点"]
    (tmp_path / "a.csv").write_text("编号,名称\nA,甲\n", encoding="utf-8")
    assert sheets_in(tmp_path / "a.csv") == ()


def test_the_one_sheet_with_a_table_is_read_without_asking(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"说明": NOTES, "点": points("甲"), "旧": points("丙"), "空": []}, "旧")
    table = read_table(path)
    assert (table.sheet, table.rows[0][0]) == ("点", "甲")
    assert [one.name for one in table.sheets] == ["说明", "点", "旧", "空"]
    assert [guess.facts for guess in table.guesses if guess.code == "sheet"] == [{"sheet": "点", "count": 3}]
    alone = read_table(workbook(tmp_path / "b.xlsx", {"点": points("甲")}))
    assert (alone.sheet, alone.sheets, alone.guesses) == ("点", (), ())


def test_of_several_tables_none_is_taken_in_silence(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"甲镇": points("甲", "乙"), "乙镇": points("丙"), "旧": points("丁")}, "旧")
    with pytest.raises(DataError) as refused:
        read_table(path)
    assert refused.value.code == "table.several_sheets"
    assert refused.value.facts["names"] == "甲镇 (2 × 4), 乙镇 (1 × 4)"
    for sheet in ("甲镇", "乙镇", "旧"):
        assert read_table(path, sheet).sheet == sheet
        assert read_table(path, usual=sheet).sheet == sheet
    with pytest.raises(DataError, match="2 sheets with rows"):
        read_table(path, usual="前年")


def test_names_of_sheets_go_into_a_sentence_shortened_and_on_one_line(tmp_path: Path) -> None:
    many = workbook(tmp_path / "a.xlsx", {f"第{n}村": points("甲") for n in range(30)})
    with pytest.raises(DataError) as refused:
        read_table(many)
    assert refused.value.facts["count"] == 30
    assert refused.value.facts["names"].endswith("第19村 (1 × 4), …")
    with pytest.raises(DataError) as refused:
        read_table(many, "长\n\u202e" * 5000)
    assert len(refused.value.sentence("zh")) < 250
    assert refused.value.sentence("zh").isprintable()


def test_a_sheet_without_name_is_no_reason_not_to_ask() -> None:
    sheets = (Sheet("甲镇", 2, 4), Sheet("", 2, 4))
    with pytest.raises(DataError, match="2 sheets with rows"):
        sheet_meant(sheets, "a.xlsx")


def test_two_sheets_of_one_name_are_refused_as_the_first_would_be_read_for_either(tmp_path: Path) -> None:
    sound, forged = workbook(tmp_path / "a.xlsx", {"AA": points("甲"), "BB": points("乙")}), tmp_path / "b.xlsx"
    with zipfile.ZipFile(sound) as parts, zipfile.ZipFile(forged, "w") as out:
        for name in parts.namelist():
            data = parts.read(name)
            out.writestr(name, data.replace(b'"BB"', b'"AA"') if name == "xl/workbook.xml" else data)
    for look in (read_table, sheets_in):
        with pytest.raises(DataError, match='2 sheets of the same name, "AA"'):
            look(forged)

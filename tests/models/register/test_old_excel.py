"""Old Excel and WPS files: the same container, whatever the name ends with."""

from __future__ import annotations

import io
import random
from pathlib import Path

import openpyxl
import pytest

from models.errors import DataError
from models.register.table_file import read_bytes, read_table
from tests.data import long_count
from tests.models.register.biff import workbook
from tests.models.register.given import HEADERS, look, row

ROWS = [HEADERS, [str(cell) if not isinstance(cell, float) else cell for cell in row(1)]]


@pytest.mark.parametrize("name", ["隐患点.xls", "隐患点.et", "隐患点.xlsx", "隐患点"])
def test_an_old_workbook_is_read_whatever_it_is_called(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(workbook(ROWS))
    table = read_table(path)
    assert (table.headers, table.sheet, table.lines) == (HEADERS, "点位", (2,))
    quality = look(table)
    assert quality.importable
    assert (quality.records[0].name, quality.records[0].lon_deg) == ("1号坡", 113.025)


def test_an_old_workbook_with_a_password_is_said() -> None:
    with pytest.raises(DataError) as caught:
        read_bytes(workbook(ROWS, locked=True), "a.xls")
    assert caught.value.code == "table.password"


def test_an_old_workbook_that_is_cut_off_is_said() -> None:
    data = workbook(ROWS)
    for length in (600, 1100, 2000):
        with pytest.raises(DataError) as caught:
            read_bytes(data[:length], "a.xls")
        assert caught.value.code in {"table.no_excel", "table.empty"}


def test_a_damaged_workbook_of_either_age_is_read_or_refused_with_a_sentence() -> None:
    dice = random.Random(11)
    book = openpyxl.Workbook()
    for cells in ROWS:
        book.worksheets[0].append(list(cells))
    out = io.BytesIO()
    book.save(out)
    refused: list[str] = []
    for whole in (workbook(ROWS), out.getvalue()):
        for _ in range(long_count(60, 2000)):
            data = bytearray(whole[: dice.choice((len(whole), dice.randrange(8, len(whole))))])
            for _ in range(dice.randrange(4)):
                data[dice.randrange(8, len(data))] = dice.randrange(256)
            try:
                read_bytes(bytes(data), "a.xls")
            except DataError as error:
                refused.append(error.code)
    assert len(refused) > 40
    assert {code.split(".")[0] for code in refused} == {"table"}


@pytest.mark.parametrize("name", ["a.xlsx", "a.XLS", "a.et"])
def test_text_under_the_name_of_a_workbook_is_no_workbook(name: str) -> None:
    for data in (b"x", "编号,名称\r\nA,坡".encode("gb18030")):
        with pytest.raises(DataError) as caught:
            read_bytes(data, name)
        assert caught.value.code == "table.no_workbook"


def test_errors_of_an_old_workbook_stand_in_their_cells() -> None:
    sound = [str(cell) for cell in row(1)]
    rows: list[list[str | float | None]] = [
        [f"P{n}", *sound[1:3], "#N/A" if n == 40 else 113.025, *sound[4:8], "=#REF!"] for n in range(1, 60)
    ]
    table = read_bytes(workbook([HEADERS, *rows]), "a.xls")
    assert [cells[8] for cells in table.rows] == ["#REF!"] * 59
    assert [n for n, cells in enumerate(table.rows, 1) if cells[3] == "#N/A"] == [40]
    codes = {(one.line, one.field, one.code) for one in look(table).refused if one.line == 41}
    assert codes == {(41, "lon", "formula_error"), (41, "phone", "formula_error")}

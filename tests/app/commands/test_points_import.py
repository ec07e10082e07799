"""`fengsui points import`: all or nothing, with line and reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from app.commands import points_import
from app.commands.points_import import import_points
from app.office import create
from app.settings import OfficeSection, Settings
from models.errors import DataError
from models.hazard.level import Level
from models.hazard.register import HazardPoint, PointKind
from models.store import audit, hazards, journal, places, registers
from models.store.database import Store
from tests.app.conftest import Fengsui
from tests.make import NOW
from tests.models.warning.scene import COUNTY, TOWNS

HEADER = "id,name,kind,lon,lat,person,phone,blue_1h,red_1h"
GOOD = f"{HEADER}\nP1,石坑沟,flash_flood,113.05,24.05,张三,000-0000-0001,20,40\nP2,鹰嘴崖,landslide,113.15,24.05,李四,000-0000-0002,25,50\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An office with its county and no points."""
    office = create(
        tmp_path / "office", Settings(office=OfficeSection(name="青岚县气象台", adcode="990001", exercise=True))
    )
    with Store.open(office.store_path) as store:
        store.write_now(lambda db: places.replace(db, (COUNTY, *TOWNS), actor="system", at=NOW))
    return office.folder


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str | bytes], Path]:
    def write(content: str | bytes) -> Path:
        path = tmp_path / "points.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


File = Callable[[str | bytes], Path]


def register(folder: Path) -> dict[str, HazardPoint]:
    with Store.open(folder / "store.sqlite") as store:
        return {point.id: point for point in store.read(hazards.points)}


def test_a_good_file_is_imported_with_a_journal_line(fengsui: Fengsui, folder: Path, file: File) -> None:
    answer = fengsui("points", "import", file(GOOD), "--office", folder, "--json")
    assert answer.code == 0, answer.err
    report = answer.json
    assert (report["rows_read"], report["accepted"], report["imported"]) == (2, 2, 2)
    assert (report["refused"], report["warnings"], report["added"], report["register"]) == ([], [], 2, 2)
    points = register(folder)
    assert points["P1"].kind is PointKind.FLASH_FLOOD
    assert [(t.window_h, t.level, t.rain_mm) for t in points["P2"].thresholds] == [
        (1, Level.BLUE, 25.0),
        (1, Level.RED, 50.0),
    ]
    with Store.open(folder / "store.sqlite") as store:
        last = store.read(lambda db: journal.newest(db, limit=1))[0]
    assert last.entry.act == "register.put"
    assert last.entry.after["records"] == 2
    assert last.entry.after["cause"] == f"import:{report['import']}"
    assert audit.check(folder / "store.sqlite", folder / "backup") == ()


def test_one_bad_line_refuses_the_whole_file_and_every_reason_is_said(
    fengsui: Fengsui, folder: Path, file: File
) -> None:
    bad = GOOD + "P1,doubled,landslide,113,24,,,,\nP3,north,landslide,113,239,,,,\n,,rubbish,x,24,,,50,40\n"
    answer = fengsui("points", "import", file(bad), "--office", folder, "--json")
    assert answer.code == 1
    report = answer.json
    assert (report["rows_read"], report["accepted"], report["imported"]) == (5, 2, 0)
    assert [(r["line"], r["field"]) for r in report["refused"]] == [
        *((4, "id"), (5, "lat"), (6, "id"), (6, "name"), (6, "lon"), (6, "kind"), (6, "red_1h")),
    ]
    reasons = {(r["line"], r["field"]): r["reason"] for r in report["refused"]}
    assert reasons[4, "id"] == 'The id "P1" stands in line 2 already.'
    assert "239" in reasons[5, "lat"]
    assert register(folder) == {}
    text = fengsui("points", "import", file(bad), "--office", folder, language="zh_CN.UTF-8")
    assert text.code == 1
    assert "一条也没有导入" in text.out
    assert "第 5 行　纬度　239 超出 -90 到 90。" in text.out


def test_a_missing_column_is_named(fengsui: Fengsui, folder: Path, file: File) -> None:
    answer = fengsui("points", "import", file("id,name,kind,lon\nP1,a,landslide,113\n"), "--office", folder, "--json")
    assert answer.code == 1
    assert [(r["line"], r["field"]) for r in answer.json["refused"]] == [(1, "lat")]
    assert (answer.json["rows_read"], answer.json["accepted"], answer.json["imported"]) == (1, 0, 0)


def test_chinese_headers_in_gb18030_are_read_and_said(fengsui: Fengsui, folder: Path, file: File) -> None:
    text = "编号,名称,类型,经度,纬度,责任人,电话,蓝_1h,土壤\nP1,石坑沟,山洪,113.05,24.05,张三,000-0000-0001,20,湿\n"
    answer = fengsui("points", "import", file(text.encode("gb18030")), "--office", folder, "--json")
    assert answer.code == 0, answer.out
    assert answer.json["imported"] == 1
    assert "GB18030" in answer.json["guesses"][0]["reason"]
    point = register(folder)["P1"]
    assert (point.name, point.person, point.attributes) == ("石坑沟", "张三", {"土壤": "湿"})


def test_points_outside_the_county_are_warned_of_and_still_imported(fengsui: Fengsui, folder: Path, file: File) -> None:
    answer = fengsui("points", "import", file(GOOD + "P3,far,landslide,100,20,,,20,40\n"), "--office", folder, "--json")
    assert answer.code == 0
    assert [(w["line"], w["field"]) for w in answer.json["warnings"]] == [(4, "lon")]
    assert answer.json["imported"] == 3


def test_an_id_that_the_register_knows_is_an_update_that_is_said(fengsui: Fengsui, folder: Path, file: File) -> None:
    fengsui("points", "import", file(GOOD), "--office", folder)
    again = fengsui("points", "import", file(GOOD), "--office", folder, "--json").json
    assert (again["imported"], again["added"], again["updated"], again["warnings"]) == (2, 0, 0, [])
    changed = (
        f"{HEADER}\nP3,new,collapse,113.25,24.05,,,20,40\nP2,鹰嘴崖,landslide,113.15,24.05,王五,000-0000-0005,25,60\n"
    )
    answer = fengsui("points", "import", file(changed), "--office", folder, "--json").json
    assert (answer["added"], answer["updated"], answer["register"]) == (1, 1, 3)
    assert [(w["line"], w["field"]) for w in answer["warnings"]] == [(3, "id")]
    assert "Person in charge, Phone, Rain thresholds" in answer["warnings"][0]["reason"]
    points = register(folder)
    assert list(points) == ["P1", "P2", "P3"]
    assert points["P2"].person == "王五"
    assert points["P1"].person == "张三"
    text = fengsui("points", "import", file(GOOD), "--office", folder).out
    assert "2 imported (0 new, 1 changed, 1 as they were); the register holds 3." in text


def test_a_file_that_names_one_threshold_leaves_the_others_as_they_are(
    fengsui: Fengsui, folder: Path, file: File
) -> None:
    """A county sends new red values: nothing else of the point is known to have changed."""
    full = "id,name,kind,lon,lat,blue_1h,yellow_1h,red_1h,red_3h\nP1,石坑沟,flash_flood,113.05,24.05,20,30,40,70\n"
    fengsui("points", "import", file(full), "--office", folder)
    one = "id,name,kind,lon,lat,red_1h\nP1,石坑沟,flash_flood,113.05,24.05,45\n"
    assert fengsui("points", "import", file(one), "--office", folder).code == 0
    found = {(t.window_h, t.level.value): t.rain_mm for t in register(folder)["P1"].thresholds}
    assert found == {(1, "blue"): 20.0, (1, "yellow"): 30.0, (1, "red"): 45.0, (3, "red"): 70.0}
    emptied = "id,name,kind,lon,lat,yellow_1h,red_1h\nP1,石坑沟,flash_flood,113.05,24.05,,45\n"
    fengsui("points", "import", file(emptied), "--office", folder)
    left = {(t.window_h, t.level.value) for t in register(folder)["P1"].thresholds}
    assert left == {(1, "blue"), (1, "red"), (3, "red")}, "an empty cell under a column is what the file says"


def test_starter_values_stay_starter_values_where_a_file_has_no_such_column(
    fengsui: Fengsui, folder: Path, file: File
) -> None:
    marked = f"{HEADER},design\nP1,石坑沟,flash_flood,113.05,24.05,张三,000-0000-0001,20,40,all\n"
    fengsui("points", "import", file(marked), "--office", folder)
    assert all(t.design for t in register(folder)["P1"].thresholds)
    plain = f"{HEADER}\nP1,石坑沟,flash_flood,113.05,24.05,张三,000-0000-0001,20,45\n"
    fengsui("points", "import", file(plain), "--office", folder)
    assert {t.rain_mm: t.design for t in register(folder)["P1"].thresholds} == {20.0: True, 45.0: False}


def test_a_record_that_changed_after_the_file_was_judged_stops_the_import(
    folder: Path, file: File, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two imports at once: the second was judged against what is no longer there."""
    path = file(GOOD)
    import_points(path, office=folder)
    others = file(GOOD.replace("张三", "赵六"))
    real = points_import.examine

    def judged_then_overtaken(*args: Any, **words: Any) -> Any:
        answer = real(*args, **words)
        with Store.open(folder / "store.sqlite") as store:
            point = store.read(lambda db: registers.record(db, "hazard_points", "P1"))
            assert point is not None
            store.write_now(lambda db: registers.put(db, [replace(point, name="石坑大沟")], actor="p", at=NOW))
        return answer

    monkeypatch.setattr(points_import, "examine", judged_then_overtaken)
    with pytest.raises(DataError) as refused:
        import_points(others, office=folder)
    assert refused.value.code == "import.changed_since"
    assert register(folder)["P1"].name == "石坑大沟"
    assert register(folder)["P1"].person == "张三"


def test_a_place_that_rounding_moved_is_no_change_and_stays_as_it_was(
    fengsui: Fengsui, folder: Path, file: File
) -> None:
    fengsui("points", "import", file(GOOD), "--office", folder)
    rounded = GOOD.replace("113.05,24.05", "113.050004,24.049996").replace("113.15,24.05", "113.15002,24.05")
    report = fengsui("points", "import", file(rounded), "--office", folder, "--json").json
    assert [(one["line"], one["field"]) for one in report["warnings"]] == [(3, "id")], (
        "2 m are a change, 0.6 m are none"
    )
    points = register(folder)
    assert (points["P1"].lon_deg, points["P1"].lat_deg) == (113.05, 24.05)
    assert points["P2"].lon_deg == 113.15002


def test_a_dry_run_changes_nothing(fengsui: Fengsui, folder: Path, file: File) -> None:
    before = (folder / "store.sqlite").read_bytes()
    answer = fengsui("points", "import", file(GOOD), "--office", folder, "--dry-run", "--json")
    assert answer.code == 0
    assert (answer.json["accepted"], answer.json["imported"]) == (2, 0)
    assert register(folder) == {}
    assert (folder / "store.sqlite").read_bytes() == before


@pytest.mark.usefixtures("nobody_home")
def test_a_dry_run_needs_neither_office_nor_kind_and_an_import_needs_both(
    fengsui: Fengsui, folder: Path, file: File
) -> None:
    kindless = file("id,name,lon,lat,blue_1h\nP1,a,113.05,24.05,20\n")
    dry = fengsui("points", "import", kindless, "--dry-run", "--json")
    assert (dry.code, dry.json["accepted"], dry.json["imported"], dry.json["register"]) == (0, 1, 0, None)
    assert [w["field"] for w in dry.json["warnings"]] == ["kind"]
    assert "was not checked" in fengsui("points", "import", kindless, "--dry-run").out
    homeless = fengsui("points", "import", kindless, "--kind", "landslide")
    assert homeless.code == 1
    assert "There is no office" in homeless.err
    refused = fengsui("points", "import", kindless, "--office", folder, "--json")
    assert (refused.code, refused.json["refused"][0]["field"]) == (1, "kind")
    told = fengsui("points", "import", kindless, "--office", folder, "--kind", "滑坡", "--json")
    assert (told.code, told.json["imported"]) == (0, 1)
    assert fengsui("points", "import", kindless, "--office", folder, "--kind", "volcano").code == 2


@pytest.mark.parametrize("language", ["zh_CN.UTF-8", "en_US.UTF-8"])
def test_the_template_is_a_file_that_can_be_filled_in(
    fengsui: Fengsui, folder: Path, file: File, language: str
) -> None:
    template = fengsui("points", "import", "--template", language=language)
    assert template.code == 0
    header, example = template.out.splitlines()
    untouched = fengsui("points", "import", file(template.out), "--office", folder, "--json")
    assert (untouched.code, [r["line"] for r in untouched.json["refused"]]) == (1, [2])
    mine = example.replace("示例-1", "P9").replace("EXAMPLE-1", "P9")
    answer = fengsui("points", "import", file(f"{header}\n{mine}\n"), "--office", folder, "--json")
    assert answer.code == 0, answer.out
    assert answer.json["guesses"] == []
    assert len(register(folder)["P9"].thresholds) == 12


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "no header"),
        (b"\xff\xfe\x00\x81\x00", "neither UTF-8 nor GB18030"),
        (b"id,name,kind,lon,lat\n", "no line of data"),
        (b"PK\x03\x04 a spreadsheet", "missing"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_the_reason(
    fengsui: Fengsui, folder: Path, file: File, content: bytes, says: str
) -> None:
    answer = fengsui("points", "import", file(content), "--office", folder, "--json")
    assert answer.code == 1
    assert answer.json["imported"] == 0
    assert any(says in refused["reason"] for refused in answer.json["refused"])
    assert says in fengsui("points", "import", file(content), "--office", folder).out


def test_a_file_that_is_not_there_is_named(fengsui: Fengsui, folder: Path) -> None:
    answer = fengsui("points", "import", folder / "none.csv", "--office", folder)
    assert answer.code == 1
    assert "none.csv" in answer.out
    assert fengsui("points", "import", folder / "none.csv", "--office", folder, "--json").json["refused"]


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs a file without an end: /dev/zero")
def test_a_device_without_an_end_is_no_file_and_is_not_read(fengsui: Fengsui) -> None:
    answer = fengsui("points", "import", "/dev/zero", "--dry-run", "--json")
    assert answer.code == 1
    assert "no ordinary file" in answer.json["error"]


def test_of_a_workbook_with_several_sheets_one_is_named_and_remembered(fengsui: Fengsui, folder: Path) -> None:
    path = folder.parent / "隐患点2026.xlsx"
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, row in (("山洪", "P1,石坑沟"), ("滑坡", "P2,鹰嘴崖")):
        sheet = book.create_sheet(name)
        sheet.append(HEADER.split(","))
        sheet.append([*row.split(","), "flash_flood", 113.05, 24.05, "张三", "000-0000-0001", 20, 40])
    book.save(path)
    refused = fengsui("points", "import", path, "--office", folder)
    assert (refused.code, register(folder)) == (1, {})
    assert "山洪 (1 × 9), 滑坡 (1 × 9)" in refused.out + refused.err
    assert fengsui("points", "import", path, "--office", folder, "--sheet", "滑坡").code == 0
    assert set(register(folder)) == {"P2"}
    again = path.rename(path.with_name("隐患点2027.xlsx"))
    assert fengsui("points", "import", again, "--office", folder, "--json").code == 0
    assert set(register(folder)) == {"P2"}

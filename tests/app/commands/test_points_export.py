"""`points import` of any file, its mends and reports, `points undo`, `points export`."""

from __future__ import annotations

import io
import sys
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

import openpyxl
import pytest
import shapely

from app.office import create
from app.settings import OfficeSection, Settings
from models.hazard.register import Place
from models.register.record import Record
from models.store import audit, journal, people, places, registers
from models.store.database import Database, Store
from models.warning.warning import Person
from tests.app.conftest import Fengsui
from tests.data import need
from tests.make import NOW
from tests.models.register.given import HEADERS, VILLAGES, ground, row

File = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An office with county, towns, villages and one person, and no points."""
    office = create(
        tmp_path / "office", Settings(office=OfficeSection(name="青岚县气象台", adcode="990001", exercise=True))
    )
    around = ground().surroundings
    known = [Place("990001", "青岚县", "county", "", shapely.to_wkb(around.county))]
    known += [
        Place(f"9900011{n}", name, "town", "990001", shapely.to_wkb(shape))
        for n, (name, shape) in enumerate(zip(around.towns.names, around.towns.shapes, strict=True))
    ]
    known += [
        Place(f"99000110{n}", name, "village", f"9900011{n // 2}", shapely.to_wkb(around.villages.shapes[n]))
        for n, name in enumerate(VILLAGES)
    ]
    person = Record(
        "people", "RY-1", "张3", "village", village="石坑村", values={"role": "网格员", "phone": "000-0000-0333"}
    )

    def fill(db: Database) -> None:
        places.replace(db, tuple(known), actor="system", at=NOW)
        registers.put(db, [person], actor="system", at=NOW)

    with Store.open(office.store_path) as store:
        store.write_now(fill)
    return office.folder


@pytest.fixture
def file(tmp_path: Path) -> File:
    def write(*rows: list[object], headers: tuple[str, ...] = HEADERS, name: str = "隐患点2026.xlsx") -> Path:
        book = openpyxl.Workbook()
        sheet = book.worksheets[0]
        sheet.append(list(headers))
        for cells in rows:
            sheet.append(cells)
        path = tmp_path / name
        book.save(path)
        return path

    return write


def held(folder: Path, register: str = "hazard_points") -> dict[str, Record]:
    with Store.open(folder / "store.sqlite") as store:
        return {one.id: one for one in store.read(partial(registers.records, register=register))}


def test_an_excel_file_is_imported_undone_and_every_version_stays(fengsui: Fengsui, folder: Path, file: File) -> None:
    first = fengsui("points", "import", file(row(1), row(2)), "--office", folder, "--json").json
    assert (first["imported"], first["added"], first["register"]) == (2, 2, 2)
    second = fengsui("points", "import", file(row(2, 责任人="王五"), row(3)), "--office", folder, "--json").json
    assert (second["imported"], second["added"], second["updated"]) == (2, 1, 1)
    assert held(folder)["P2"].values["person"] == "王五"
    undone = fengsui("points", "undo", "--office", folder, "--json").json
    assert (undone["import"], undone["restored"], undone["removed"]) == (second["import"], 1, 1)
    assert list(held(folder)) == ["P1", "P2"]
    assert held(folder)["P2"].values["person"] == "张2"
    with Store.open(folder / "store.sqlite") as store:
        versions = store.read(lambda db: registers.history(db, "hazard_points", "P2"))
    assert [(one.record.values["person"], one.cause.split(":")[0]) for one in versions] == [
        *(("张2", "import"), ("王五", "import"), ("张2", "undo")),
    ]
    assert audit.check(folder / "store.sqlite", folder / "backup") == ()
    assert fengsui("points", "undo", first["import"], "--office", folder).code == 0
    nothing = fengsui("points", "undo", "--office", folder)
    assert nothing.code == 1
    assert 'no import of the register "Hazard points"' in nothing.err


def test_fields_that_a_file_has_no_column_for_stay(fengsui: Fengsui, folder: Path, file: File) -> None:
    fengsui("points", "import", file([*row(1), "备注一"], headers=(*HEADERS, "备注")), "--office", folder)
    short = fengsui(
        "points", "import", file(row(1, 名称="新名")[:5], headers=HEADERS[:5]), "--office", folder, "--json"
    )
    assert short.code == 0, short.out
    record = held(folder)["P1"]
    assert (record.name, record.values["phone"], record.village, record.others) == (
        *("新名", "000-0000-0001", "石坑村"),
        {"备注": "备注一"},
    )
    emptied = file([*row(1)[:8], None], name="b.xlsx")
    fengsui("points", "import", emptied, "--office", folder)
    assert "phone" not in held(folder)["P1"].values


def test_mends_are_made_when_asked_for_and_what_is_left_can_be_left_out(
    fengsui: Fengsui, folder: Path, file: File, tmp_path: Path
) -> None:
    rows = [row(1), row(2, 经度=24.02, 纬度=113.02), *(row(n) for n in range(3, 9)), row(9, 名称=None), row(3)]
    rows[2] = row(3, 电话=112)
    path = file(*rows)
    refused = fengsui("points", "import", path, "--office", folder, "--json")
    assert (refused.code, refused.json["accepted"], refused.json["imported"]) == (1, 7, 0)
    assert {(one["line"], one["kind"]) for one in refused.json["refused"]} == {
        *((3, "swapped"), (10, "empty"), (11, "duplicates")),
    }
    swapped = next(one for one in refused.json["refused"] if one["line"] == 3)
    assert (swapped["in_file"], swapped["gives"], swapped["mend"]) == (
        *("24.02, 113.02", "113.02, 24.02", "swap_coordinates"),
    )
    mended = ("--mend", "swapped", "--mend", "phones", "--mend", "duplicates")
    still = fengsui("points", "import", path, "--office", folder, *mended, "--json")
    assert (still.code, still.json["accepted"]) == (1, 8)
    assert still.json["mended"] == {"swap_coordinates": 1, "keep_newer": 1, "number_from_people": 1}
    report = tmp_path / "report.xlsx"
    words = ("--leave-out-refused", "--owner-report", report)
    done = fengsui("points", "import", path, "--office", folder, *mended, *words)
    assert done.code == 0, done.out
    assert "8 imported" in done.out
    assert "1 rows were left out: lines 10." in done.out
    assert "Mended (Swap longitude and latitude): 1 rows." in done.out
    assert held(folder)["P3"].values["phone"] == "000-0000-0333"
    assert openpyxl.load_workbook(report).worksheets[0].cell(2, 1).value == 1
    assert fengsui("points", "import", path, "--office", folder, "--mend", "nonsense").code == 2


def test_strict_refuses_what_else_only_warns(fengsui: Fengsui, folder: Path, file: File) -> None:
    path = file(row(1), row(2, 村="云台村"))
    assert fengsui("points", "import", path, "--office", folder, "--dry-run").code == 0
    strict = fengsui("points", "import", path, "--office", folder, "--dry-run", "--strict", "--json")
    assert (strict.code, strict.json["refused"][0]["kind"]) == (1, "village")


def test_columns_by_hand_are_remembered_for_the_next_file_of_that_sender(
    fengsui: Fengsui, folder: Path, file: File
) -> None:
    headers = ("编号", "叫什么", *HEADERS[2:])
    first = file(row(1), headers=headers, name="村镇表2026.xlsx")
    assert fengsui("points", "import", first, "--office", folder).code == 1
    by_hand = ("--column", "叫什么=name", "--column", "责任人=-")
    assert fengsui("points", "import", first, "--office", folder, *by_hand).code == 0
    assert "person" not in held(folder)["P1"].values
    again = fengsui("points", "import", file(row(2), headers=headers, name="村镇表2027.xlsx"), "--office", folder)
    assert again.code == 0, again.out
    assert held(folder)["P2"].name == "2号坡"
    wrong = fengsui("points", "import", first, "--office", folder, "--column", "叫什么=nome")
    assert (wrong.code, "no field" in wrong.err) == (1, True)


def test_the_datum_is_said_and_converted(fengsui: Fengsui, folder: Path, file: File) -> None:
    path = file(row(1))
    assert fengsui("points", "import", path, "--office", folder, "--crs", "gcj02").code == 0
    moved = held(folder)["P1"]
    assert moved.lon_deg == pytest.approx(113.025 - 0.0053, abs=0.0006)
    assert moved.lat_deg == pytest.approx(24.018 + 0.0026, abs=0.0006)
    unknown = fengsui("points", "import", path, "--office", folder, "--crs", "beijing")
    assert (unknown.code, "beijing" in unknown.err) == (1, True)


@pytest.mark.parametrize("ending", ["xlsx", "csv", "gpkg", "geojson"])
def test_what_is_exported_is_imported_as_it_was(
    fengsui: Fengsui, folder: Path, file: File, tmp_path: Path, ending: str
) -> None:
    fengsui("points", "import", file(row(1, 名称="@1+1"), row(2)), "--office", folder)
    before = held(folder)
    out = tmp_path / f"out.{ending}"
    done = fengsui("points", "export", out, "--office", folder, "--json")
    assert (done.code, done.json["records"]) == (0, 2)
    again = fengsui("points", "import", out, "--office", folder, "--json").json
    assert (again["imported"], again["added"], again["updated"]) == (2, 0, 0)
    assert held(folder) == before


def test_another_register_is_imported_and_an_unknown_one_named(fengsui: Fengsui, folder: Path, file: File) -> None:
    people = file(["RY-9", "李四", "村级", "网格员", "000-0000-0009"], headers=("编号", "姓名", "类型", "职责", "手机"))
    answer = fengsui(
        "points", "import", people, "--office", folder, "--register", "people", "--column", "姓名=name", "--json"
    )
    assert answer.code == 0, answer.out
    assert held(folder, "people")["RY-9"].values == {"role": "网格员", "phone": "000-0000-0009"}
    assert held(folder) == {}
    wrong = fengsui("points", "import", people, "--office", folder, "--register", "none")
    assert (wrong.code, "hazard_points" in wrong.err) == (1, True)
    assert fengsui("points", "export", folder / "a.doc", "--office", folder).code == 1


def test_a_register_of_one_toml_file_is_imported_and_exported(
    fengsui: Fengsui, folder: Path, file: File, tmp_path: Path
) -> None:
    (folder / "registers").mkdir(exist_ok=True)
    (folder / "registers" / "reservoirs.toml").write_text(
        'name = "reservoirs"\ngeometry = "point"\ntitle = { zh = "水库", en = "Reservoirs" }\n'
        'field = [{ key = "volume", type = "number", unit = "万方", least = 0, required = true,'
        ' title = { zh = "库容", en = "Volume" }, known = ["总库容"] }]\n',
        encoding="utf-8",
    )
    headers = ("编号", "名称", "经度", "纬度", "总库容(万方)")
    path = file(["SK-1", "石坑水库", 113.02, 24.02, 120.5], ["SK-2", "云台水库", 113.07, 24.02, -1], headers=headers)
    refused = fengsui("points", "import", path, "--office", folder, "--register", "reservoirs", "--json")
    assert [(one["line"], one["field"]) for one in refused.json["refused"]] == [(3, "volume")]
    done = fengsui("points", "import", path, "--office", folder, "--register", "reservoirs", "--leave-out-refused")
    assert done.code == 0, done.out
    assert held(folder, "reservoirs")["SK-1"].values == {"volume": 120.5}
    out = tmp_path / "水库.xlsx"
    assert fengsui("points", "export", out, "--office", folder, "--register", "reservoirs").code == 0
    assert openpyxl.load_workbook(out).worksheets[0].cell(1, 5).value == "Volume"


@pytest.mark.usefixtures("nobody_home")
def test_5479_real_landslides_are_looked_at_as_hazard_points_without_an_office(fengsui: Fengsui) -> None:
    columns = [word for header, field in (("event_id", "id"), ("event_title", "name"), ("landslide_category", "kind"))
               for word in ("--column", f"{header}={field}")]  # fmt: skip
    answer = fengsui("points", "import", need("hazards/nasa_glc_even_ids.csv"), "--dry-run", "--json", *columns)
    report = answer.json
    assert (answer.code, report["rows_read"], report["accepted"], report["imported"]) == (1, 5479, 4191, 0)
    # As places, one that slid twice is one place: rows of other days are doubles too.
    assert Counter(one["kind"] for one in report["refused"]) == {"choices": 1228, "duplicates": 62, "empty": 1}
    assert (
        len(fengsui("points", "import", need("hazards/nasa_glc_even_ids.csv"), "--dry-run", *columns).out.splitlines())
        < 60
    )


def test_who_imports_and_who_takes_back_stands_in_the_journal(
    fengsui: Fengsui, folder: Path, file: File, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "duty-desk")
    person = Person("p-zhou", "周岚", "A01", "", frozenset({"forecaster"}))
    with Store.open(folder / "store.sqlite") as store:
        store.write_now(lambda db: people.add(db, person, "246810", actor="system", at=NOW))
    source = file(row(1), row(2))
    assert fengsui("points", "import", source, "--office", folder).code == 0
    monkeypatch.setattr(sys, "stdin", io.StringIO("246811\n"))
    assert fengsui("points", "undo", "--office", folder, "--as", "A01").code == 1
    monkeypatch.setattr(sys, "stdin", io.StringIO("246810\n"))
    assert fengsui("points", "undo", "--office", folder, "--as", "周岚").code == 0
    assert fengsui("points", "import", source, "--office", folder, "--as", "nobody").code == 1
    with Store.open(folder / "store.sqlite") as store:
        told = {(line.entry.act, line.entry.actor) for line in store.read(lambda db: journal.newest(db, limit=9))}
        versions = store.read(lambda db: registers.history(db, "hazard_points", "P1"))
    assert {("register.put", "cli:duty-desk"), ("import.undone", "p-zhou"), ("people.pin_wrong", "p-zhou")} <= told
    assert [one.actor for one in versions] == ["cli:duty-desk", "p-zhou"]


def test_an_update_says_what_is_new_changed_the_same_and_missing(fengsui: Fengsui, folder: Path, file: File) -> None:
    fengsui("points", "import", file(row(1), row(2), row(3)), "--office", folder)
    changed = file(row(2), row(3, 电话="000-0000-7777"), row(4), name="again.xlsx")
    told = fengsui("points", "import", changed, "--office", folder, "--dry-run", "--json").json
    assert [told[key] for key in ("added", "updated", "same", "missing")] == [1, 1, 1, 1]
    text = fengsui("points", "import", changed, "--office", folder, "--dry-run", language="zh_CN.UTF-8").out
    assert "新增 1，更新 1，未变 1" in text
    assert "库中有 1 条文件里没有" in text


def test_the_owners_report_is_never_written_over_the_file_itself(fengsui: Fengsui, folder: Path, file: File) -> None:
    source = file(row(1, 电话="000-0000-O117"))
    before = source.read_bytes()
    answer = fengsui("points", "import", source, "--office", folder, "--owner-report", source)
    assert answer.code == 1
    assert source.name in answer.err
    assert source.read_bytes() == before
    report = source.with_name("report.xlsx")
    report.write_bytes(b"what stood there")
    fengsui("points", "import", source, "--office", folder, "--owner-report", report)
    assert report.read_bytes()[:2] == b"PK"
    assert not list(source.parent.glob(".*.part"))

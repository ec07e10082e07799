"""From the county's Excel sheet into the office and back out: faults told, mended, left out, imported, undone."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import openpyxl
import pytest

from app import cli
from app.demo.register_excel import write_faulty_register
from app.office import Office
from models.register.record import Record
from models.store import audit, hazards, journal, registers
from models.store.database import Store


def fengsui(monkeypatch: pytest.MonkeyPatch, *words: object) -> int:
    monkeypatch.setattr(sys, "argv", ["fengsui", *map(str, words)])
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    try:
        cli.main()
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def held(folder: Path) -> dict[str, Record]:
    with Store.open(folder / "store.sqlite") as store:
        return {one.id: one for one in store.read(partial(registers.records, register="hazard_points"))}


def test_the_countys_sheet_goes_in_with_its_mends_and_comes_out_again(
    quiet_office: Callable[[Path], Office],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = quiet_office(tmp_path / "office").folder
    before = held(folder)
    sheet, report = tmp_path / "隐患点2026.xlsx", tmp_path / "请核实.xlsx"
    planted = write_faulty_register(sheet, seed=9, shifted=True)
    call = partial(fengsui, monkeypatch)

    assert call("points", "import", sheet, "--office", folder) == 1
    assert "像是 GCJ-02，偏约 516 米" in capsys.readouterr().out
    assert held(folder) == before

    words = ("--mend", "all", "--leave-out-refused", "--owner-report", report)
    assert call("points", "import", sheet, "--office", folder, *words) == 0
    said = capsys.readouterr().out
    assert "已修正（按 GCJ-02 转成 WGS 84）：443 行。" in said
    assert "留下未导入" in said
    after = held(folder)
    assert set(after) == set(before) | {one for one in after if one not in before}
    moved = [
        one.id
        for one in after.values()
        if one.id in before and abs((one.lon_deg or 0) - (before[one.id].lon_deg or 0)) > 1e-5
    ]
    outside = {fault.id for fault in planted if fault.kind == "outside"}
    assert set(moved) <= outside
    assert len(openpyxl.load_workbook(report).worksheets[0]["A"]) > 1
    with Store.open(folder / "store.sqlite") as store:
        assert len(store.read(hazards.points)) == len(after)
        assert store.read(lambda db: journal.newest(db, limit=1))[0].entry.act == "register.put"

    assert call("points", "undo", "--office", folder) == 0
    assert held(folder) == before
    assert audit.check(folder / "store.sqlite", folder / "backup") == ()

    out = tmp_path / "out.gpkg"
    assert call("points", "export", out, "--office", folder) == 0
    assert call("points", "import", out, "--office", folder) == 0
    assert held(folder) == before

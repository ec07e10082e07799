"""The register of 青岚县 as Excel with forty faults: each is found for what it is, no sound row is accused."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import shapely

from app.demo import places as demo_places
from app.demo.register_excel import EACH, FaultKind, PlantedFault, write_faulty_register, write_register
from app.demo.registers import records
from app.registers.register_ground import ids_of, numbers_of
from models.datum import Datum
from models.register import mends
from models.register.checks.ground import Ground
from models.register.mapping import map_columns
from models.register.quality import Quality, judge, lines_to_leave_out
from models.register.surroundings import Areas, Surroundings
from models.register.table import Table
from models.register.table_file import read_table
from tests.data import long_count
from tests.models.register.given import points

SEEDS = range(long_count(3, 40))
FOUND_AS = {
    FaultKind.DUPLICATE: {"duplicates"},
    FaultKind.OUTSIDE: {"outside"},
    FaultKind.VILLAGE: {"village"},
    FaultKind.THRESHOLD_MISSING: {"thresholds"},
    FaultKind.NOT_RISING: {"levels"},
    FaultKind.PERSON: {"person_missing", "person_doubled"},
    FaultKind.NUMBER: {"phones", "values"},
    FaultKind.SWAPPED: {"swapped"},
}


@cache
def county() -> Ground:
    """What the demo office knows of its ground."""
    found = demo_places.places()
    towns = {place.code: place.name for place in found if place.kind == "town"}

    def areas(kind: str) -> Areas:
        its = [place for place in found if place.kind == kind]
        shapes = tuple(shapely.from_wkb([place.wkb for place in its]))
        return Areas(tuple(place.name for place in its), shapes, tuple(towns.get(place.parent, "") for place in its))

    around = Surroundings(
        county=areas("county").shapes[0],
        towns=areas("town"),
        villages=areas("village"),
        roads=areas("road").shapes,
        waters=areas("river").shapes,
    )
    registers = records()
    ids = {name: ids_of(its) for name, its in registers.items()}
    return Ground(around, date(2026, 6, 18), numbers_of(registers["people"]), ids)


def look(table: Table, **how: object) -> Quality:
    return judge(table, map_columns(table, points()), points(), county(), **how)  # type: ignore[arg-type]


def faulty(folder: Path, seed: int, *, shifted: bool = False) -> tuple[Table, tuple[PlantedFault, ...]]:
    path = folder / "隐患点.xlsx"
    planted = write_faulty_register(path, seed=seed, shifted=shifted)
    return read_table(path), planted


@pytest.mark.parametrize("shifted", [False, True])
def test_a_sound_register_is_not_accused_of_anything(tmp_path: Path, *, shifted: bool) -> None:
    path = tmp_path / "隐患点.xlsx"
    write_register(path, shifted=shifted)
    quality = look(read_table(path))
    assert [(one.line, one.code) for one in quality.findings] == ([(0, "shifted")] if shifted else [])
    assert (quality.rows_read, quality.accepted, quality.importable) == (438, 438, not shifted)


@pytest.mark.parametrize("shifted", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_every_fault_is_found_for_what_it_is_and_no_sound_row_is_accused(
    tmp_path: Path, seed: int, *, shifted: bool
) -> None:
    table, planted = faulty(tmp_path, seed, shifted=shifted)
    assert len(planted) == EACH * len(FaultKind) == 40
    quality = look(table)
    found: dict[int, set[str]] = {}
    for one in quality.findings:
        found.setdefault(one.line, set()).add(one.kind)
    missed = [fault for fault in planted if not FOUND_AS[fault.kind] & found.get(fault.line, set())]
    assert missed == []
    faults = {fault.line: FOUND_AS[fault.kind] for fault in planted}
    accused = {line: kinds - faults.get(line, set()) for line, kinds in found.items() if line}
    assert {line: kinds for line, kinds in accused.items() if kinds} == {}
    assert (0 in found) is shifted


def test_a_shifted_copy_is_suspected_and_comes_back_to_where_it_was(tmp_path: Path) -> None:
    sound, shifted = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    write_register(sound)
    write_register(shifted, shifted=True)
    as_read = look(read_table(shifted))
    position = as_read.position
    assert position is not None
    assert position.suspected is Datum.GCJ02
    assert position.shift_m == pytest.approx(516, abs=5)
    done = mends.apply("convert_gcj02", as_read)
    converted, before = look(done.table, crs=done.crs), look(read_table(sound))
    assert converted.importable
    assert converted.position is not None
    assert converted.position.as_read.village_agrees == 438
    here, there = ([(one.lon_deg, one.lat_deg) for one in quality.records] for quality in (converted, before))
    # The file keeps six decimals: a tenth of a meter.
    assert np.abs(np.array(here, float) - np.array(there, float)).max() < 2e-6


@pytest.mark.parametrize("shifted", [False, True])
def test_after_all_mends_what_is_left_are_questions_for_the_owner(tmp_path: Path, *, shifted: bool) -> None:
    table, planted = faulty(tmp_path, 1, shifted=shifted)
    quality, crs = look(table), ""
    for mend in mends.names():
        done = mends.apply(mend, quality)
        crs = done.crs or crs
        quality = look(done.table, crs=crs)
    kinds = {fault.line: fault.kind for fault in planted}
    assert {kinds[one.line] for one in quality.findings} <= {
        *(FaultKind.OUTSIDE, FaultKind.NOT_RISING, FaultKind.PERSON, FaultKind.NUMBER),
    }
    assert all(not one.mend for one in quality.findings)
    assert not quality.importable
    final = look(quality.table, crs=crs, left_out=lines_to_leave_out(quality))
    assert final.importable
    assert final.accepted == 438 - len(final.left_out)

"""The hazard register as an Excel file, sound and with forty faults in it."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pytest
import shapely
from python_calamine import CalamineWorkbook

from app.demo.county import build_county
from app.demo.register import hazard_points
from app.demo.register_excel import (
    EACH,
    FIRST_LINE,
    HEADER,
    Cell,
    FaultKind,
    PlantedFault,
    faulty_rows,
    sound_rows,
    write_faulty_register,
    write_register,
)
from models.datum import gcj02_to_wgs84
from models.geodesy import distance_m

LON, LAT, VILLAGE = HEADER.index("经度"), HEADER.index("纬度"), HEADER.index("行政村")
WINDOWS = [slice(first, first + 4) for first in range(HEADER.index("蓝色1小时(mm)"), HEADER.index("预警单位"), 4)]


@pytest.fixture(scope="module")
def planted() -> tuple[list[list[Cell]], tuple[PlantedFault, ...]]:
    return faulty_rows()


def place(row: list[Cell]) -> tuple[float, float]:
    return float(str(row[LON])), float(str(row[LAT]))


def far_m(one: tuple[float, float], other: tuple[float, float]) -> float:
    (lon, lat), (other_lon, other_lat) = one, other
    return float(distance_m(np.array([lon]), np.array([lat]), other_lon, other_lat)[0])


def read(path: Path) -> list[list[object]]:
    return [
        list(row) for row in CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)
    ]


def test_the_sound_file_reads_back_as_the_register(tmp_path: Path) -> None:
    write_register(tmp_path / "points.xlsx")
    lines = read(tmp_path / "points.xlsx")
    assert lines[0][0] == "青岚县隐患点登记表"
    assert tuple(lines[1]) == HEADER
    rows = lines[FIRST_LINE - 1 :]
    assert len(rows) == len(hazard_points())
    inspected = HEADER.index("最近巡查")
    for row, point in zip(rows, hazard_points(), strict=True):
        assert row[1:3] == [point.id, point.name]
        assert (row[LON], row[LAT]) == (point.lon_deg, point.lat_deg)
        assert isinstance(row[inspected], date)
        assert not isinstance(row[inspected], datetime)
        assert [mm for window in WINDOWS for mm in row[window] if mm != ""] == [t.rain_mm for t in point.thresholds]


def test_a_shifted_file_is_the_same_half_a_kilometer_away(tmp_path: Path) -> None:
    write_register(tmp_path / "shifted.xlsx", shifted=True)
    rows = read(tmp_path / "shifted.xlsx")[FIRST_LINE - 1 :]
    lon, lat = (np.array([row[column] for row in rows], float) for column in (LON, LAT))
    true_lon, true_lat = np.array([place(row) for row in sound_rows()]).T
    assert distance_m(lon, lat, true_lon, true_lat).min() > 300
    assert distance_m(lon, lat, true_lon, true_lat).max() < 800
    back_lon, back_lat = gcj02_to_wgs84(lon, lat)
    assert distance_m(back_lon, back_lat, true_lon, true_lat).max() < 0.2


def test_forty_faults_five_of_each_kind_on_rows_of_their_own(
    planted: tuple[list[list[Cell]], tuple[PlantedFault, ...]],
) -> None:
    rows, faults = planted
    assert Counter(fault.kind for fault in faults) == dict.fromkeys(FaultKind, EACH)
    assert len({fault.line for fault in faults}) == len(faults) == 40
    assert len(rows) == len(sound_rows()) + EACH
    assert [row[0] for row in rows] == list(range(1, len(rows) + 1))
    for fault in faults:
        assert rows[fault.line - FIRST_LINE][1] == fault.id


def test_each_fault_is_one_and_every_other_row_is_as_it_was(
    planted: tuple[list[list[Cell]], tuple[PlantedFault, ...]],
) -> None:
    rows, faults = planted
    sound = {str(row[1]): row[1:] for row in sound_rows()}
    by_line = {fault.line: fault for fault in faults}
    border = build_county().border
    villages = {v.name: v for v in build_county().villages}
    for line, row in enumerate(rows, start=FIRST_LINE):
        if line not in by_line:
            assert row[1:] == sound[str(row[1])]
            continue
        kind, was = by_line[line].kind, sound.get(str(row[1]))
        match kind:
            case FaultKind.DUPLICATE:
                (other,) = by_line[line].with_lines
                first = rows[other - FIRST_LINE]
                assert row[2] == first[2]
                assert far_m(place(row), place(first)) < 20
            case FaultKind.OUTSIDE:
                assert border.distance(shapely.Point(place(row))) > 0.015
            case FaultKind.VILLAGE:
                assert villages[str(row[VILLAGE])].border.distance(shapely.Point(place(row))) > 0.01
            case FaultKind.THRESHOLD_MISSING:
                gaps = [sum(mm is None for mm in row[window]) for window in WINDOWS]
                assert sorted(set(gaps) - {4}) in ([1], [0, 1])
            case FaultKind.NOT_RISING:
                windows = [[float(str(mm)) for mm in row[w]] for w in WINDOWS if row[w][0] is not None]
                assert sum(bool((np.diff(window) <= 0).any()) for window in windows) == 1
            case FaultKind.PERSON | FaultKind.NUMBER:
                assert was is not None
                assert row[1:] != was
            case FaultKind.SWAPPED:
                assert was is not None
                assert place(row) == (was[LAT - 1], was[LON - 1])


def test_positions_of_faults_are_the_seeds(tmp_path: Path) -> None:
    first = write_faulty_register(tmp_path / "a.xlsx")
    again = write_faulty_register(tmp_path / "b.xlsx")
    other = write_faulty_register(tmp_path / "c.xlsx", seed=7)
    assert first == again
    assert read(tmp_path / "a.xlsx") == read(tmp_path / "b.xlsx")
    assert [fault.line for fault in other] != [fault.line for fault in first]
    assert Counter(fault.kind for fault in other) == Counter(fault.kind for fault in first)


def test_sound_rows_have_none_of_these_faults() -> None:
    villages = {v.name: v for v in build_county().villages}
    rows = sound_rows()
    assert len({row[1] for row in rows}) == len({row[2] for row in rows}) == len(rows)
    owners: dict[str, set[str]] = {}
    for row in rows:
        assert villages[str(row[VILLAGE])].border.contains(shapely.Point(place(row)))
        for window in WINDOWS:
            there = [float(str(mm)) for mm in row[window] if mm is not None]
            assert len(there) in {0, 4}
            assert there == sorted(set(there))
        owners.setdefault(str(row[HEADER.index("联系电话")]), set()).add(str(row[HEADER.index("责任人")]))
    assert all(len(names) == 1 for names in owners.values())

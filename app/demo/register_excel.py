"""The hazard register as the county would hand it in: an Excel sheet, sound or with forty faults planted in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

import numpy as np
import shapely
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from app.demo.county import build_county
from app.demo.registers import records
from app.demo.scene import COUNTY_NAME, SEED, to_km, to_lonlat
from models.datum import wgs84_to_gcj02
from models.hazard.level import RISING
from models.register.record import Record

Cell = str | int | float | date | None

FIRST_LINE = 3
"""Line of the sheet on which the first point stands; a title is on line 1, the header on line 2."""
EACH = 5
"""Of each kind of fault so many are planted."""
_WINDOWS_H = (1, 3, 6)
_LEVELS = dict(zip(RISING, ("蓝", "黄", "橙", "红"), strict=True))
_KINDS = {
    "flash_flood": "山洪",
    "landslide": "滑坡",
    "collapse": "崩塌",
    "debris_flow": "泥石流",
    "waterlogging": "内涝",
}
_BEFORE = ("序号", "统一编号", "隐患点名称", "灾害类型", "所在乡镇", "行政村", "经度", "纬度")
_AFTER = (
    "预警单位",
    "责任人",
    "联系电话",
    "岗位",
    "受威胁户数",
    "受威胁人数",
    "需搀扶人数",
    "避险地点",
    "最近巡查",
    "巡查情况",
    "备注",
)
HEADER = (*_BEFORE, *(f"{word}色{w}小时(mm)" for w in _WINDOWS_H for word in _LEVELS.values()), *_AFTER)
_BAD_PHONES = ("000-0000-011", "000-0000-O120", 112)
_BAD_PEOPLE = (-12, 99_999_999)


class FaultKind(StrEnum):
    """What can be wrong with a row."""

    DUPLICATE = "duplicate"
    """the id of another row once more, or its name and place under another id"""
    OUTSIDE = "outside"
    """some km beyond the county's border"""
    VILLAGE = "village"
    """the name of a village that the place does not lie in"""
    THRESHOLD_MISSING = "threshold_missing"
    """one of the four levels of a window is empty"""
    NOT_RISING = "not_rising"
    """two levels of a window changed places, or are alike"""
    PERSON = "person"
    """nobody named, or the number of somebody else"""
    NUMBER = "number"
    """a phone or a count that cannot be"""
    SWAPPED = "swapped"
    """longitude and latitude changed places"""


@dataclass(frozen=True, slots=True)
class PlantedFault:
    """One fault: its kind, the line of the sheet, the id there, and lines that may rightly be named with it."""

    kind: FaultKind
    line: int
    id: str
    with_lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class _Hand:
    """What a fault is planted with: the row, which of its kind it is, all rows, and the dice."""

    row: list[Cell]
    number: int
    rows: list[list[Cell]]
    rng: np.random.Generator


def write_register(path: Path, *, shifted: bool = False) -> None:
    """Write the sound register as ``.xlsx``; ``shifted`` puts every place into GCJ-02 without saying so."""
    _write(path, sound_rows(), shifted=shifted)


def write_faulty_register(path: Path, *, seed: int = SEED, shifted: bool = False) -> tuple[PlantedFault, ...]:
    """Write the register with forty faults, `EACH` of eight kinds, each on a row of its own.

    Parameters
    ----------
    path : Path
        The ``.xlsx`` to write.
    seed : int
        Where the faults lie.
    shifted : bool
        Put every place into GCJ-02 after the faults were planted.

    Returns
    -------
    tuple of PlantedFault
        By line.
    """
    rows, faults = faulty_rows(seed)
    _write(path, rows, shifted=shifted)
    return faults


def sound_rows() -> list[list[Cell]]:
    """Return the rows below `HEADER`, in the order of the register."""
    shelters = {r.id: r.name for r in records()["shelters"]}
    return [_row(number, record, shelters) for number, record in enumerate(records()["hazard_points"], start=1)]


def faulty_rows(seed: int = SEED) -> tuple[list[list[Cell]], tuple[PlantedFault, ...]]:
    """Return the rows with the faults planted in them, and what was planted."""
    rng = np.random.default_rng(seed)
    rows = sound_rows()
    untouched = [rows[n] for n in rng.permutation(len(rows))]
    planted: list[tuple[FaultKind, list[Cell], list[Cell] | None]] = []
    for kind, plant in _PLANTS.items():
        for number in range(EACH):
            row = untouched.pop()
            planted.append((kind, row, plant(_Hand(row, number, rows, rng))))
    for number in range(EACH):
        first = untouched.pop()
        copy = _copied(first, number)
        rows.insert(int(rng.integers(len(rows) + 1)), copy)
        planted.append((FaultKind.DUPLICATE, copy, first))
    for number, row in enumerate(rows, start=1):
        row[0] = number
    line = {id(row): n for n, row in enumerate(rows, start=FIRST_LINE)}
    faults = []
    for kind, row, partner in planted:
        with_lines = () if partner is None else _partners(kind, row, partner, rows, line)
        faults.append(PlantedFault(kind, line[id(row)], str(row[_at("统一编号")]), with_lines))
    return rows, tuple(sorted(faults, key=lambda fault: fault.line))


def _partners(
    kind: FaultKind, row: list[Cell], partner: list[Cell], rows: list[list[Cell]], line: dict[int, int]
) -> tuple[int, ...]:
    """Return the other lines of a doubled row, or all others with the number that two persons now share."""
    if kind is FaultKind.DUPLICATE:
        return (line[id(partner)],)
    same = [other for other in rows if other is not row and other[_at("联系电话")] == row[_at("联系电话")]]
    return tuple(line[id(other)] for other in same)


def _at(title: str) -> int:
    return HEADER.index(title)


def _row(number: int, record: Record, shelters: dict[str, str]) -> list[Cell]:
    values = record.values
    limits = values["thresholds"]
    rain = {
        (one["window_h"], one["level"]): one["rain_mm"]
        for one in (limits if isinstance(limits, list) else [])
        if isinstance(one, dict)
    }
    row: list[Cell] = [
        number,
        record.id,
        record.name,
        _KINDS[record.kind],
        record.town,
        record.village,
        record.lon_deg,
        record.lat_deg,
    ]
    row += [rain.get((w, level.value)) for w in _WINDOWS_H for level in _LEVELS]
    inspected = date.fromisoformat(str(values["inspected_on"]))
    row += [
        str(values["warn_unit"]), str(values["person"]), str(values["phone"]), record.others["岗位"], int(str(values["households"])),
        int(str(values["people_at_risk"])), int(str(values["to_be_carried"])), shelters[str(values["shelter"])], inspected,
        str(values["finding"]), "重点" if values["focus"] else None,
    ]  # fmt: skip
    return row


def _copied(row: list[Cell], number: int) -> list[Cell]:
    """Return a row once more: under the same id, or every second time under a new one 8 m away."""
    copy = list(row)
    copy[_at("最近巡查")] = date(2026, 5, 3)
    if number % 2:
        copy[_at("统一编号")] = f"{str(row[_at('统一编号')])[:3]}9{number:03d}"
        copy[_at("经度")] = round(float(str(row[_at("经度")])) + 0.00008, 5)
    return copy


def _outside(hand: _Hand) -> None:
    """Move a place 2 to 6 km beyond the border, away from the middle of the county."""
    lon, lat = float(str(hand.row[_at("经度")])), float(str(hand.row[_at("纬度")]))
    border = shapely.transform(build_county().border, lambda xy: np.column_stack(to_km(xy[:, 0], xy[:, 1])))
    east, north = to_km(lon, lat)
    turn = float(np.arctan2(north, east))
    wanted = float(hand.rng.uniform(2.0, 6.0))
    far = np.arange(0.0, 70.0, 0.1)
    way = shapely.points(far * np.cos(turn), far * np.sin(turn))
    beyond = shapely.distance(border, way)
    n = int(np.flatnonzero((beyond >= wanted) & (far > np.hypot(east, north)))[0])
    out = to_lonlat(far[n] * np.cos(turn), far[n] * np.sin(turn))
    hand.row[_at("经度")], hand.row[_at("纬度")] = round(float(out[0]), 5), round(float(out[1]), 5)


def _village(hand: _Hand) -> None:
    """Name another village of the same town, 1 km and more from the place."""
    town = build_county().town(str(hand.row[_at("所在乡镇")]))
    place = shapely.Point(float(str(hand.row[_at("经度")])), float(str(hand.row[_at("纬度")])))
    far = [v.name for v in build_county().villages if v.parent == town.code and v.border.distance(place) > 0.011]
    hand.row[_at("行政村")] = far[int(hand.rng.integers(len(far)))]


def _windows_there(row: list[Cell]) -> list[int]:
    """Return the columns at which windows begin that have their thresholds."""
    firsts = range(len(_BEFORE), len(_BEFORE) + 4 * len(_WINDOWS_H), 4)
    return [first for first in firsts if row[first] is not None]


def _missing(hand: _Hand) -> None:
    there = _windows_there(hand.row)
    hand.row[there[int(hand.rng.integers(len(there)))] + int(hand.rng.integers(4))] = None


def _not_rising(hand: _Hand) -> None:
    there = _windows_there(hand.row)
    first = there[int(hand.rng.integers(len(there)))] + int(hand.rng.integers(3))
    if hand.number % 2:
        hand.row[first] = hand.row[first + 1]
    else:
        hand.row[first], hand.row[first + 1] = hand.row[first + 1], hand.row[first]


def _person(hand: _Hand) -> list[Cell] | None:
    """Name nobody, or every second time give the number of a person of another name."""
    if hand.number % 2 == 0:
        hand.row[_at("责任人")] = None
        hand.row[_at("联系电话")] = None
        return None
    others = [r for r in hand.rows if r[_at("责任人")] not in {None, hand.row[_at("责任人")]} and r[_at("联系电话")]]
    other = others[int(hand.rng.integers(len(others)))]
    hand.row[_at("联系电话")] = other[_at("联系电话")]
    return other


def _number(hand: _Hand) -> None:
    if hand.number < len(_BAD_PHONES):
        hand.row[_at("联系电话")] = _BAD_PHONES[hand.number]
    else:
        hand.row[_at("受威胁人数")] = _BAD_PEOPLE[hand.number - len(_BAD_PHONES)]


def _swapped(hand: _Hand) -> None:
    hand.row[_at("经度")], hand.row[_at("纬度")] = hand.row[_at("纬度")], hand.row[_at("经度")]


_PLANTS: dict[FaultKind, Callable[[_Hand], list[Cell] | None]] = {
    FaultKind.OUTSIDE: _outside,
    FaultKind.VILLAGE: _village,
    FaultKind.THRESHOLD_MISSING: _missing,
    FaultKind.NOT_RISING: _not_rising,
    FaultKind.PERSON: _person,
    FaultKind.NUMBER: _number,
    FaultKind.SWAPPED: _swapped,
}


def _write(path: Path, rows: list[list[Cell]], *, shifted: bool) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "隐患点"
    sheet.append([f"{COUNTY_NAME}隐患点登记表"])
    sheet.append(list(HEADER))
    lon, lat = _at("经度"), _at("纬度")
    for row in rows:
        cells = list(row)
        if shifted:
            cells[lon], cells[lat] = _to_gcj02(float(str(row[lon])), float(str(row[lat])))
        sheet.append(cells)
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(HEADER))
    sheet["A1"].font = Font(bold=True, size=14)
    sheet["A1"].alignment = Alignment(horizontal="center")
    for column, title in enumerate(HEADER, start=1):
        sheet.cell(2, column).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = max(6.0, 2.2 * len(title))
    for line in range(FIRST_LINE, FIRST_LINE + len(rows)):
        sheet.cell(line, _at("最近巡查") + 1).number_format = "yyyy/m/d"
    sheet.freeze_panes = sheet.cell(FIRST_LINE, 4)
    book.save(path)


def _to_gcj02(lon: float, lat: float) -> tuple[float, float]:
    """Shift a place; one whose numbers are swapped is shifted as the place it was."""
    if lat > 90:
        there, here = _to_gcj02(lat, lon)
        return here, there
    east, north = wgs84_to_gcj02(np.array([lon]), np.array([lat]))
    return round(float(east[0]), 6), round(float(north[0]), 6)

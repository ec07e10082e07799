"""Every register of the exercise: counts, fields as described, places, links, numbers, and always the same."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
import shapely

from app.demo import registers_exposed, registers_people
from app.demo.county import build_county
from app.demo.gauges import gauges
from app.demo.lines import build_lines
from app.demo.photos import SHOWN, write_photos
from app.demo.register import hazard_points
from app.demo.registers import records
from app.demo.registers_roads import place_on
from app.demo.scene import to_km
from app.demo.spots import TODAY
from models.hazard.register import point_of
from models.register.contacts import Fault, contacts
from models.register.description import FieldType, GeometryType, RegisterDescription, shipped
from models.register.record import Record
from tests.data import ROOT

REGISTERS = {one.name: one for one in shipped()}
PHONE = re.compile(r"000-0000-\d{4}")
WRITTEN: dict[FieldType, type | tuple[type, ...]] = {
    FieldType.TEXT: str,
    FieldType.INTEGER: int,
    FieldType.NUMBER: (int, float),
    FieldType.DATE: str,
    FieldType.YES_NO: bool,
    FieldType.CHOICE: str,
    FieldType.PHONE: str,
    FieldType.LINK: (str, list),
    FieldType.THRESHOLDS: list,
    FieldType.PHOTO: str,
}


def text_of_all() -> str:
    return repr(records())


def overdue(record: Record, register: RegisterDescription) -> bool:
    dated = [(one.due_days, record.values.get(one.key)) for one in register.fields if one.due_days is not None]
    return any(day and (TODAY - date.fromisoformat(str(day))).days > due for due, day in dated)


def test_every_register_that_ships_has_its_records() -> None:
    assert set(records()) == set(REGISTERS)
    counts = {name: len(some) for name, some in records().items()}
    assert min(counts.values()) >= 3
    wanted = {
        "hazard_points": 438,
        "key_units": 160,
        "people": 612,
        "shelters": 87,
        "warning_terminals": 153,
        "scenic_areas": 3,
        "attractions": 12,
        "village_stations": 381,
        "villages_six": 402,
        "past_events": 64,
        "building_sites": 48,
        "warning_units": 278,
        "stations": 137,
        "radars": 3,
        "stores": 23,
        "rescue_teams": 27,
    }
    assert {name: counts[name] for name in wanted} == wanted


@pytest.mark.parametrize("name", REGISTERS)
def test_every_record_fits_its_description(name: str) -> None:
    register = REGISTERS[name]
    kinds = {kind.key for kind in register.kinds}
    ids = Counter(record.id for record in records()[name])
    assert max(ids.values()) == 1
    for record in records()[name]:
        assert record.register == name
        assert record.id
        assert record.name
        assert record.kind in kinds if kinds else not record.kind
        assert set(record.values) <= {one.key for one in register.fields}
        for one in register.fields:
            value = record.values.get(one.key)
            if value is None:
                assert not one.required, (record.id, one.key)
                continue
            assert isinstance(value, WRITTEN[one.type])
            assert isinstance(value, bool) is (one.type is FieldType.YES_NO)
            assert value != ""
            assert value != []
            if one.type is FieldType.DATE:
                date.fromisoformat(str(value))
            if one.choices:
                assert value in {choice.key for choice in one.choices}
            if isinstance(value, int | float):
                assert one.least is None or value >= one.least, (record.id, one.key, value)
                assert one.most is None or value <= one.most, (record.id, one.key, value)


@pytest.mark.parametrize("name", REGISTERS)
def test_every_link_leads_to_a_record(name: str) -> None:
    there = {register: {record.id for record in some} for register, some in records().items()}
    for record in records()[name]:
        for one in REGISTERS[name].fields:
            if one.type is FieldType.LINK and one.key in record.values:
                value = record.values[one.key]
                ids = value if isinstance(value, list) else [value]
                assert set(map(str, ids)) <= there[one.to], (record.id, one.key)
                assert len(set(map(str, ids))) == len(ids)


@pytest.mark.parametrize("name", REGISTERS)
def test_places_have_the_shape_described_and_lie_in_the_county(name: str) -> None:
    border, dimension = build_county().border, {GeometryType.LINE: 1, GeometryType.AREA: 2}
    towns = {town.name for town in build_county().towns}
    villages = {v.name: v for v in build_county().villages}
    for record in records()[name]:
        shape = shapely.from_wkb(record.wkb) if record.wkb else None
        wanted = dimension.get(REGISTERS[name].geometry)
        assert (shape is None) is (wanted is None)
        if shape is not None:
            assert shape.is_valid
            assert shapely.get_dimensions(shape) == wanted
            assert shape.distance(shapely.Point(record.lon_deg, record.lat_deg)) < 1e-5
        if record.lon_deg is None or record.lat_deg is None:
            assert name == "people"
            assert record.kind == "county"
            continue
        inside = bool(shapely.contains_xy(border, record.lon_deg, record.lat_deg))
        assert inside or record.id == "QLS01"
        assert not record.town or record.town in towns
        if record.village:
            near = villages[record.village].border.distance(shapely.Point(record.lon_deg, record.lat_deg))
            # the middle of a way may lie in the next village
            assert near < (0.04 if name == "routes" else 0.003), record.id


def test_no_number_can_belong_to_anybody() -> None:
    phones = [
        str(record.values[one.key])
        for name, some in records().items()
        for record in some
        for one in REGISTERS[name].fields
        if one.type is FieldType.PHONE and one.key in record.values
    ]
    assert len(phones) > 2000
    assert all(PHONE.fullmatch(phone) for phone in phones)
    assert not re.search(r"(?<![\d.])1[3-9]\d{9}(?!\d)", re.sub(r"wkb=b'[^\n]*?'\)", "", text_of_all()))


def test_points_are_the_same_as_ever() -> None:
    for point, record in zip(hazard_points(), records()["hazard_points"], strict=True):
        read = point_of(
            *(record.id, record.name, record.kind, record.lon_deg or 0.0, record.lat_deg or 0.0),
            *(record.town, record.village),
            values=record.values,
            others=record.others,
        )
        assert read.thresholds == point.thresholds
        assert (read.id, read.name, read.kind, read.lon_deg, read.lat_deg) == (
            *(point.id, point.name, point.kind, point.lon_deg, point.lat_deg),
        )
        assert (read.town, read.village, read.warn_unit) == (point.town, point.village, point.warn_unit)
        assert (read.person, read.phone) == (point.person, point.phone)
        assert record.values["households"] == int(point.attributes["受威胁户数"])
        assert record.values["people_at_risk"] == int(point.attributes["受威胁人数"])
        kept = {key: value for key, value in point.attributes.items() if not key.startswith("受威胁")}
        assert record.others == kept
    focus = [record for record in records()["hazard_points"] if record.values["focus"]]
    assert len(focus) == 42


def test_every_point_lies_in_its_warning_unit() -> None:
    units = {record.id: shapely.from_wkb(record.wkb) for record in records()["warning_units"]}
    for record in records()["hazard_points"]:
        assert units[str(record.values["warn_unit"])].distance(shapely.Point(record.lon_deg, record.lat_deg)) < 1e-6
    assert set(units) == {record.values["warn_unit"] for record in records()["hazard_points"]}


def test_basins_do_not_overlap_and_water_leaves_them_downhill() -> None:
    shapes = [shapely.from_wkb(record.wkb) for record in records()["basins"]]
    total = sum(shape.area for shape in shapes)
    assert shapely.union_all(shapes).area == pytest.approx(total, rel=2e-3)
    ids = {record.id: record.values.get("down") for record in records()["basins"]}
    for start in ids:
        seen: set[str] = set()
        here: str | None = start
        while here is not None:
            assert here not in seen
            seen.add(here)
            here = None if ids[here] is None else str(ids[here])
    with_basin = sum("basin" in record.values for record in records()["hazard_points"])
    assert 380 < with_basin < 438


def test_grid_cells_part_every_village() -> None:
    cells: dict[str, list[shapely.Geometry]] = {}
    for record in records()["grid_cells"]:
        cells.setdefault(record.village, []).append(shapely.from_wkb(record.wkb))
    for village in build_county().villages:
        parts = cells[village.name]
        assert 2 <= len(parts) <= 5
        assert sum(part.area for part in parts) == pytest.approx(village.border.area, rel=1e-6)


def test_routes_lead_from_the_point_to_the_shelter() -> None:
    points = {record.id: record for record in records()["hazard_points"]}
    shelters = {record.id: record for record in records()["shelters"]}
    for route in records()["routes"]:
        line = shapely.from_wkb(route.wkb)
        point, shelter = points[str(route.values["point"])], shelters[str(route.values["shelter"])]
        first, last = shapely.get_coordinates(line)[[0, -1]]
        assert np.abs(first - (point.lon_deg, point.lat_deg)).max() < 2e-5
        assert np.abs(last - (shelter.lon_deg, shelter.lat_deg)).max() < 2e-5
        assert point.values["route"] == route.id
        assert point.values["shelter"] == shelter.id
        east, north = to_km(*shapely.get_coordinates(line).T)
        length_m = 1000 * np.hypot(np.diff(east), np.diff(north)).sum()
        assert route.values["length_m"] == pytest.approx(length_m, abs=3)


def test_chainage_runs_on_along_each_road() -> None:
    roads: dict[str, list[Record]] = {}
    for stretch in records()["road_stretches"]:
        roads.setdefault(str(stretch.values["line_name"]), []).append(stretch)
    assert {kind.kind for some in roads.values() for kind in some} == {"road", "rail", "waterway", "port"}
    lines = {way.name: way.line for way in build_lines() if way.kind == "road"}
    assert set(lines) <= set(roads)
    for name, some in roads.items():
        for stretch in some:
            begin, end = float(str(stretch.values["from_km"])), float(str(stretch.values["to_km"]))
            east, north = to_km(*shapely.get_coordinates(shapely.from_wkb(stretch.wkb)).T)
            assert end - begin == pytest.approx(np.hypot(np.diff(east), np.diff(north)).sum(), abs=0.02)
        ends = [(float(str(s.values["from_km"])), float(str(s.values["to_km"]))) for s in some]
        assert all(after[0] >= before[1] - 0.02 for before, after in pairwise(sorted(ends)))
        if name in lines:
            assert max(end for _, end in ends) <= _length_km(lines[name]) + 0.02
    lon, lat, km = place_on(records()["road_stretches"][0], 0.5)
    shape = shapely.from_wkb(records()["road_stretches"][0].wkb)
    assert shape.distance(shapely.Point(lon, lat)) < 1e-5
    assert km == pytest.approx(float(str(records()["road_stretches"][0].values["to_km"])) / 2, abs=0.02)


def _length_km(line: shapely.LineString) -> float:
    east, north = to_km(*shapely.get_coordinates(line).T)
    return float(np.hypot(np.diff(east), np.diff(north)).sum())


def test_people_have_the_faults_that_the_docstring_says() -> None:
    found = Counter(one.fault for one in contacts(REGISTERS["people"], records()["people"], today=TODAY).faults)
    assert found[Fault.STALE] == registers_people.STALE == 70
    assert found[Fault.NEVER_CONFIRMED] == registers_people.NEVER == 8
    assert found[Fault.BOUNCED] == registers_people.BOUNCED == 9
    assert found[Fault.NO_SUBSTITUTE] == registers_people.ALONE == 24
    assert found[Fault.SAME_NUMBER] == 2 * registers_people.SHARED == 6
    assert found[Fault.OTHER_NUMBER] == 2 * (registers_people.TWICE + 4) == 12
    assert found[Fault.NO_NUMBER] == 0
    told = registers_people.__doc__ or ""
    assert all(f" {count} " in told for count in (612, 70, 8, 9, 24))


def test_who_answers_for_a_point_stands_among_the_people() -> None:
    people = {record.id: record for record in records()["people"]}
    for point in records()["hazard_points"]:
        ids = point.values["people"]
        assert isinstance(ids, list)
        first = people[str(ids[0])]
        assert (first.name, first.values["phone"]) == (point.values["person"], point.values["phone"])
        assert point.id in str(first.values["points"])


def test_building_sites_are_over_running_and_to_come() -> None:
    periods = [
        (date.fromisoformat(str(r.values["from_on"])), date.fromisoformat(str(r.values["until_on"])))
        for r in records()["building_sites"]
    ]
    assert all(begin < end for begin, end in periods)
    assert sum(end < TODAY for _, end in periods) == registers_exposed.SITES_OVER == 11
    assert sum(begin > TODAY for begin, _ in periods) == registers_exposed.SITES_TO_COME == 4


def test_some_key_units_are_overdue_and_most_are_not() -> None:
    late = sum(overdue(record, REGISTERS["key_units"]) for record in records()["key_units"])
    assert 20 <= late <= 48
    sectors = Counter(record.kind for record in records()["key_units"])
    assert {kind: count for kind, (count, _) in registers_exposed.SECTORS.items()} == sectors
    for record in records()["key_units"]:
        assert ("field_mill" in record.values) is (record.kind == "lightning")


def test_past_rain_adds_up() -> None:
    for record in records()["past_events"]:
        rain = [float(mm) for mm in str(record.values["rain_curve"]).split()]
        assert record.values["rain_1h_mm"] == max(rain)
        assert record.values["rain_total_mm"] == pytest.approx(sum(rain), abs=0.051)
        three = max(sum(rain[n : n + 3]) for n in range(len(rain)))
        assert record.values["rain_3h_mm"] == pytest.approx(three, abs=0.051)
        assert date.fromisoformat(str(record.values["happened_on"])) < TODAY - timedelta(days=200)
        assert record.values["dead_or_missing"] == 0
    known = [r for r in records()["past_events"] if r.name.startswith("石坑沟")]
    assert [str(r.values["happened_on"]) for r in known] == ["2019-06-10", "2024-06-19"]


def test_every_photo_that_a_record_names_is_written(tmp_path: Path) -> None:
    write_photos(tmp_path)
    named = {str(r.values["photo"]) for some in records().values() for r in some if "photo" in r.values}
    assert {path.name for path in tmp_path.iterdir()} == named
    assert len(named) == len(SHOWN)
    for path in tmp_path.iterdir():
        picture = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_GRAYSCALE)
        assert picture is not None
        assert picture.shape == (320, 480)
        assert picture.std() > 8


def test_stations_keep_the_ids_of_the_gauges() -> None:
    stations = {record.id: record for record in records()["stations"]}
    for gauge in gauges():
        station = stations[gauge.id]
        assert (station.name, station.lon_deg, station.lat_deg) == (gauge.name, gauge.lon_deg, gauge.lat_deg)
    assert Counter(record.kind for record in stations.values()) == {
        "rain": 103,
        "regional": 21,
        "water": 12,
        "national": 1,
    }
    assert sum(record.values["state"] == "fault" for record in stations.values()) == 2


def test_the_six_have_gaps_everywhere_but_the_post() -> None:
    rows = records()["villages_six"]
    assert Counter(record.kind for record in rows) == {"town": 21, "village": 381}
    assert all("post" in record.values for record in rows)
    for key in ("message", "loudspeaker", "plan", "drill"):
        assert 0 < sum(key not in record.values for record in rows) < len(rows)
    assert sum(record.values["receiver"] is False for record in rows) == 381 - registers_people.VILLAGE_STATIONS


def test_same_seed_same_bytes() -> None:
    program = (
        "import hashlib; from app.demo.registers import records;"
        "print(hashlib.sha256(repr(records()).encode()).hexdigest())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.strip() == hashlib.sha256(text_of_all().encode()).hexdigest()

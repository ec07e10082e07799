"""A record as texts and back: nothing is lost on the way, and what cannot be read is told by field."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.register.description import shipped
from models.register.entry_form import (
    FormFault,
    linked_ids,
    next_id,
    record_of,
    texts_of,
    thresholds_of,
    thresholds_text,
)
from models.register.record import Record
from tests.models.register.table_records import UNITS, limits, units

NAMES = {"shelters": {"S1": "石坑小学操场", "S2": "文化室", "S3": "文化室"}}
NEW = Record("units", "", "")


def told(faults: tuple[FormFault, ...]) -> dict[str, str]:
    return {one.key: one.code for one in faults}


@pytest.mark.parametrize("record", units(), ids=lambda one: one.id)
def test_a_record_that_nobody_touched_stays_as_it_was_whatever_is_odd_in_it(record: Record) -> None:
    exact = replace(record, lon_deg=106.123456789 if record.lon_deg else None)
    made, faults = record_of(texts_of(exact, UNITS, NAMES), exact, UNITS, names=NAMES)
    assert faults == ()
    assert made == exact


def test_a_position_of_which_one_figure_was_changed_keeps_the_other() -> None:
    record = units()[0]
    made, faults = record_of({**texts_of(record, UNITS, NAMES), "lat": "28.9"}, record, UNITS)
    assert faults == ()
    assert (made.lon_deg, made.lat_deg) == (106.7, 28.9)


def test_a_new_record_needs_id_name_kind_and_place() -> None:
    made, faults = record_of(dict.fromkeys(("id", "name", "kind", "lon", "lat"), ""), NEW, UNITS)
    assert told(faults) == {"id": "empty", "name": "empty", "kind": "empty", "lon": "no_position"}
    texts = {"id": "U9", "name": " 新矿 ", "kind": "mine", "lon": "106.71", "lat": "28.84", "people": "12 人"}
    made, faults = record_of(texts, NEW, UNITS, taken={"U1"})
    assert faults == ()
    assert (made.id, made.name, made.kind, made.lon_deg, made.lat_deg) == ("U9", "新矿", "mine", 106.71, 28.84)
    assert made.values == {"people": 12}
    assert told(record_of(texts, NEW, UNITS, taken={"U9"})[1]) == {"id": "id_taken"}


@pytest.mark.parametrize(
    ("key", "text", "code"),
    [
        ("people", "many", "number"),
        ("people", "-1", "range_least"),
        ("people", "1.5", "no_whole_number"),
        ("seen_on", "yesterday", "date"),
        ("focus", "perhaps", "yes_no"),
        ("rating", "excellent", "choice"),
        ("shelter", "nowhere", "unknown_link"),
        ("shelter", "文化室", "name_of_several"),
        ("thresholds", "1h 15/20", "thresholds"),
        ("thresholds", "1h 15/20/x/30", "thresholds"),
        ("thresholds", "1h 15/20/18/30", "not_rising"),
        ("phone", "12", "phone_short"),
        ("phone", "ask him", "phone_words"),
        ("lon", "1067", "degrees"),
        ("lat", "north", "degrees"),
    ],
)
def test_what_cannot_be_read_is_told_in_both_languages(key: str, text: str, code: str) -> None:
    record = units()[0]
    _, faults = record_of({**texts_of(record, UNITS, NAMES), key: text}, record, UNITS, names=NAMES)
    assert told(faults) == {key: code}
    for language in ("zh", "en"):
        said = faults[0].reason(language)
        assert said
        assert "{" not in said


def test_links_are_read_by_id_or_by_a_name_that_means_one() -> None:
    record = units()[0]
    texts = {"shelter": "石坑小学操场，S3"}
    made, faults = record_of(texts, record, UNITS, names=NAMES)
    assert faults == ()
    assert made.values["shelter"] == ["S1", "S3"]
    assert record_of({"shelter": "wherever"}, record, UNITS)[0].values["shelter"] == "wherever"


def test_a_name_that_several_have_is_written_with_its_id_and_read_back() -> None:
    record = replace(units()[0], values={**units()[0].values, "shelter": ["S1", "S2"]})
    names = {"shelters": {"S1": "文化室", "S2": "文化室", "S3": "文化室、操场"}}
    text = texts_of(record, UNITS, names)["shelter"]
    assert text == "文化室 S1、文化室 S2"
    made, faults = record_of({"shelter": "文化室 S2"}, record, UNITS, names=names)
    assert faults == ()
    assert made.values["shelter"] == "S2"
    other = replace(record, values={"shelter": "S3"})
    assert texts_of(other, UNITS, names)["shelter"] == "S3", "a name with a comma would be read as two"


def test_the_ids_that_names_mean_are_told_beside_them() -> None:
    field = UNITS.field("shelter")
    assert field is not None
    assert linked_ids("石坑小学操场", field, NAMES) == ("S1",)
    assert linked_ids("石坑小学操场、nowhere", field, NAMES) == ()
    assert linked_ids("S1", field, NAMES) == (), "the id stands there already"
    assert linked_ids(" ", field, NAMES) == ()


def test_an_emptied_field_is_not_kept_and_a_required_one_is_told() -> None:
    record = units()[0]
    assert "people" not in record_of({"people": ""}, record, UNITS)[0].values
    people = next(one for one in shipped() if one.name == "people")
    someone = Record("people", "P1", "韦青山", "village", values={"role": "监测员"})
    assert told(record_of({"role": ""}, someone, people)[1]) == {"role": "empty"}


def test_a_line_or_an_area_keeps_its_shape() -> None:
    line = replace(units()[0], wkb=b"shape")
    made, faults = record_of({"lon": "", "lat": ""}, line, UNITS)  # nobody types a line
    assert faults == ()
    assert (made.wkb, made.lon_deg) == (b"shape", 106.7)


def test_thresholds_stand_by_window_from_blue_to_red() -> None:
    text = "1h -/-/25/35; 3h -/-/35/45"
    assert thresholds_text(limits(3, 1, red_mm=30.0)) == text
    read = thresholds_of("3小时: -/-/35/45；1 h -/-/25/35")
    assert not isinstance(read, FormFault)
    assert thresholds_text(read) == text
    assert thresholds_of(" ; ") is None


def test_the_next_id_follows_the_highest_of_the_usual_ones() -> None:
    assert next_id(["SH-0099", "SH-0117", "XC-0900"]) == "SH-0118"
    assert next_id(["A9", "A10"]) == "A11"
    assert next_id([]) == "1"
    assert next_id(["abc"]) == "1"

"""The registers that ship: every file says what it must, in both languages, with glyphs and links that are there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pytest

import resources
from models.errors import DataError
from models.hazard.register import PointKind
from models.register.description import FieldType, GeometryType, RegisterDescription, Words, parse, shipped
from models.register.mapping import map_columns
from models.register.table import Table

REGISTERS = shipped()
NAMES = {one.name for one in REGISTERS}
GROUPS = {"base", "division", "hazards", "exposed", "people", "radar"}
PLAN_UNITS = {"county", "town", "village", "people_1000", "road_100km"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Chinese titles that are a name or an abbreviation in every language.
SAME_IN_BOTH = {"4G"}


def words_of(register: RegisterDescription) -> Iterator[Words]:
    yield register.title
    for choice in (*register.kinds, *(c for one in register.fields for c in one.choices)):
        yield choice.title
    for one in register.fields:
        yield one.title


def test_what_the_issue_names_ships() -> None:
    assert {
        *("hazard_points", "hazard_zones", "key_units", "building_sites", "scenic_areas", "attractions"),
        *("road_stretches", "shelters", "routes", "rescue_teams", "stores", "stations", "radars", "sensors"),
        *("warning_terminals", "village_stations", "people", "past_events", "warning_units", "grid_cells"),
        *("basins", "villages_six"),
    } <= NAMES
    assert all(path.stem in NAMES for path in resources.path("registers").glob("*.toml"))


@pytest.mark.parametrize("register", REGISTERS, ids=lambda one: one.name)
def test_every_word_stands_in_both_languages(register: RegisterDescription) -> None:
    for words in words_of(register):
        assert words.zh
        assert words.en
        assert not CHINESE.search(words.en)
        assert CHINESE.search(words.zh) or words.zh in SAME_IN_BOTH
    assert not [one.key for one in register.fields if CHINESE.search(one.unit_of("en"))]
    titles = Counter(one.title.zh for one in register.fields)
    assert max(titles.values()) == 1
    assert max(Counter(one.title.en for one in register.fields).values()) == 1


def test_no_two_registers_share_a_title() -> None:
    for language in ("zh", "en"):
        assert max(Counter(one.title.of(language) for one in REGISTERS).values()) == 1


@pytest.mark.parametrize("register", REGISTERS, ids=lambda one: one.name)
def test_every_glyph_is_one_that_is_drawn(register: RegisterDescription) -> None:
    drawn = resources.table("symbols/glyphs")
    assert register.glyph in drawn
    assert all(kind.glyph in drawn for kind in register.kinds)


def test_every_glyph_has_its_words() -> None:
    for key, words in resources.table("symbols/glyphs").items():
        assert re.fullmatch(r"[a-z_]+", key)
        assert CHINESE.search(words["zh"])
        assert re.fullmatch(r"[A-Z][a-z ]+", words["en"])


@pytest.mark.parametrize("register", REGISTERS, ids=lambda one: one.name)
def test_links_bounds_and_plans_make_sense(register: RegisterDescription) -> None:
    assert register.group in GROUPS
    for one in register.fields:
        assert one.type is not FieldType.LINK or one.to in NAMES
        assert (one.type is FieldType.CHOICE) is bool(one.choices)
        assert one.due_days is None or one.type is FieldType.DATE
        if one.least is not None or one.most is not None:
            assert one.type in {FieldType.INTEGER, FieldType.NUMBER}
            assert one.most is None or one.least is None or one.least < one.most
        keys = [choice.key for choice in one.choices]
        assert len(keys) == len(set(keys))
    kinds = {kind.key for kind in register.kinds}
    assert len(kinds) == len(register.kinds)
    for key, count in register.plan_per.items():
        kind, _, unit = key.rpartition(".")
        assert unit in PLAN_UNITS
        assert not kind or kind in kinds
        assert count > 0


@pytest.mark.parametrize("register", REGISTERS, ids=lambda one: one.name)
def test_no_word_of_a_file_means_two_fields_or_two_kinds(register: RegisterDescription) -> None:
    headers = Counter(word for one in register.fields for word in {*one.known, one.title.zh, one.title.en, one.key})
    headers.update(word for words in register.known.values() for word in words)
    assert [word for word, count in headers.items() if count > 1] == []
    for choices in (register.kinds, *(one.choices for one in register.fields)):
        said = Counter(word for choice in choices for word in {*choice.known, choice.title.zh, choice.key})
        assert [word for word, count in said.items() if count > 1] == []


def test_points_have_every_kind_that_has_a_name_of_its_own() -> None:
    points = next(one for one in REGISTERS if one.name == "hazard_points")
    assert {kind.key for kind in points.kinds} >= {kind.value for kind in PointKind if kind is not PointKind.PLACE}
    assert points.field("thresholds") is not None
    assert points.geometry is GeometryType.POINT


def test_what_the_layer_panel_shows_at_first() -> None:
    assert {one.name for one in REGISTERS if one.visible} == {"hazard_points", "shelters", "stations"}


def test_the_six_of_a_village_are_six() -> None:
    six = next(one for one in REGISTERS if one.name == "villages_six")
    assert [one.key for one in six.fields] == ["message", "post", "receiver", "loudspeaker", "plan", "drill"]


def test_the_density_of_road_sensors_is_the_plans() -> None:
    sensors = next(one for one in REGISTERS if one.name == "sensors")
    assert sorted(n for key, n in sensors.plan_per.items() if key.endswith(".road_100km")) == [4, 10]


def test_headers_of_a_list_of_people_find_their_fields() -> None:
    headers = (
        "人员编号",
        "姓名",
        "层级",
        "所在镇",
        "行政村",
        "职务",
        "手机号",
        "备用号码",
        "隐患点编号",
        "核实日期",
        "邮箱",
    )
    people = next(one for one in REGISTERS if one.name == "people")
    found = map_columns(Table("名单.xlsx", headers, (), ()), people)
    assert [column.field for column in found.columns] == [
        *("id", "name", "kind", "town", "village", "role", "phone", "phone_2", "points", "confirmed_on", ""),
    ]
    assert found.findings == ()


@pytest.mark.parametrize("register", REGISTERS, ids=lambda one: one.name)
def test_every_known_header_finds_the_field_that_names_it(register: RegisterDescription) -> None:
    wanted = {word: field for field, words in register.known.items() for word in words}
    wanted |= {word: one.key for one in register.fields if one.type is not FieldType.THRESHOLDS for word in one.known}
    for word, field in wanted.items():
        found = map_columns(Table("a.xlsx", (word,), (), ()), register)
        assert [column.field for column in found.columns] == [field], word


def test_headers_are_known_only_for_what_every_record_has() -> None:
    own = {"name": "wells", "title": {"zh": "水井", "en": "Wells"}}
    assert parse({**own, "known": {"name": ["井名"]}}, "wells.toml").known == {"name": ("井名",)}
    with pytest.raises(DataError) as error:
        parse({**own, "known": {"lon": ["东经"]}}, "wells.toml")
    assert error.value.code == "register.unknown_key"
    with pytest.raises(DataError) as error:
        parse({**own, "known": {"name": "井名"}}, "wells.toml")
    assert error.value.code == "register.wrong_type"

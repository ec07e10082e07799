"""What a register's file may say, and the sentence for everything it may not."""

from __future__ import annotations

import copy
import tomllib
from pathlib import Path
from typing import Any

import pytest

from models.errors import DataError
from models.register.description import (
    Choice,
    FieldDescription,
    FieldType,
    GeometryType,
    RegisterDescription,
    Words,
    faults_of,
    parse,
    shipped,
    with_own,
)

RESERVOIRS = """
name = "reservoirs"
title = { zh = "水库", en = "Reservoirs" }
geometry = "area"
group = "exposed"
glyph = "reservoir"
visible = false
active_from = "built_on"
active_until = "closed_on"

[plan_per]
county = 3
"small.town" = 0.5

[[kind]]
key = "small"
title = { zh = "小型", en = "Small" }
known = ["小（一）型", "小（二）型"]
glyph = "pond"

[[kind]]
key = "large"
title = { zh = "大型", en = "Large" }

[[field]]
key = "level_m"
type = "number"
title = { zh = "水位", en = "Level" }
unit = "m"
known = ["当前水位", "库水位"]
least = -5
most = 999.5
required = true

[[field]]
key = "state"
type = "choice"
title = { zh = "状况", en = "State" }
in_table = false
choice = [{ key = "sound", title = { zh = "安全", en = "Sound" }, known = ["一类坝"] }]

[[field]]
key = "keeper"
type = "link"
to = "people"
title = { zh = "责任人", en = "Keeper" }

[[field]]
key = "built_on"
type = "date"
title = { zh = "建成", en = "Built" }

[[field]]
key = "closed_on"
type = "date"
due_days = 0
title = { zh = "停用", en = "Closed" }

[[field]]
key = "note"
title = { zh = "备注", en = "Note" }
"""


def test_a_whole_file_is_read_word_for_word() -> None:
    made = parse(tomllib.loads(RESERVOIRS), "reservoirs.toml")
    assert made == RegisterDescription(
        name="reservoirs",
        title=Words("水库", "Reservoirs"),
        geometry=GeometryType.AREA,
        group="exposed",
        glyph="reservoir",
        visible=False,
        active_from="built_on",
        active_until="closed_on",
        plan_per={"county": 3.0, "small.town": 0.5},
        kinds=(
            Choice("small", Words("小型", "Small"), ("小（一）型", "小（二）型"), "pond"),
            Choice("large", Words("大型", "Large")),
        ),
        fields=(
            FieldDescription(
                *("level_m", FieldType.NUMBER, Words("水位", "Level"), "m", ("当前水位", "库水位")),
                required=True,
                least=-5,
                most=999.5,
            ),
            FieldDescription(
                *("state", FieldType.CHOICE, Words("状况", "State")),
                choices=(Choice("sound", Words("安全", "Sound"), ("一类坝",)),),
                in_table=False,
            ),
            FieldDescription("keeper", FieldType.LINK, Words("责任人", "Keeper"), to="people"),
            FieldDescription("built_on", FieldType.DATE, Words("建成", "Built")),
            FieldDescription("closed_on", FieldType.DATE, Words("停用", "Closed"), due_days=0),
            FieldDescription("note", FieldType.TEXT, Words("备注", "Note")),
        ),
    )
    assert made.title.of("zh") == "水库"
    assert (made.field("level_m"), made.field("none")) == (made.fields[0], None)
    assert (made.kind("large"), made.kind("")) == (made.kinds[1], None)


def test_name_and_title_are_enough() -> None:
    made = parse({"name": "caves", "title": {"zh": "溶洞", "en": "Caves"}}, "caves.toml")
    assert (made.geometry, made.group, made.glyph, made.visible, made.fields) == (
        *(GeometryType.POINT, "registers", "place", True, ()),
    )


def changed(path: str, value: object) -> dict[str, Any]:
    """Return the table of `RESERVOIRS` with one value set; None takes it out."""
    table = copy.deepcopy(tomllib.loads(RESERVOIRS))
    *way, last = [int(part) if part.isdigit() else part for part in path.split("/")]
    inner: Any = table
    for part in way:
        inner = inner[part]
    if value is None:
        del inner[last]
    else:
        inner[last] = value
    return table


TITLE = {"zh": "甲", "en": "A"}


@pytest.mark.parametrize(
    ("path", "value", "code", "facts"),
    [
        ("name", None, "register.bad_key", {"key": "name", "value": ""}),
        ("name", "水库", "register.bad_key", {"value": "水库"}),
        ("name", "Reservoirs", "register.bad_key", {}),
        ("name", "a" * 41, "register.bad_key", {}),
        ("name", 3, "register.wrong_type", {"entry": "name", "needed_en": "a text"}),
        ("title", None, "register.no_words", {"key": "title", "entry": ""}),
        ("title", "水库", "register.no_words", {}),
        ("title", {"zh": "水库"}, "register.no_words", {}),
        ("title", {"zh": "水库", "en": " "}, "register.no_words", {}),
        ("geometry", "circle", "register.not_allowed", {"value": "circle", "allowed": "point, line, area, any, none"}),
        ("visible", "yes", "register.wrong_type", {"entry": "visible", "needed": "true 或 false"}),
        ("feild", [], "register.unknown_key", {"key": "feild", "allowed": "field"}),
        ("x", 1, "register.unknown_key", {"key": "x"}),
        ("first", ["depth"], "register.not_allowed", {"key": "first", "value": "depth"}),
        ("field", "x", "register.wrong_type", {"entry": "field", "needed_en": "a list"}),
        ("field", [1], "register.wrong_type", {"needed_en": "a table"}),
        ("field/0/key", "1st", "register.bad_key", {"entry": "field 1st", "key": "key"}),
        ("field/0/key", None, "register.bad_key", {"entry": "field 1"}),
        ("field/0/type", "float", "register.not_allowed", {"entry": "field level_m", "value": "float"}),
        ("field/0/requird", True, "register.unknown_key", {"entry": "field level_m", "allowed": "required"}),
        ("field/0/known", "水位", "register.wrong_type", {"entry": "field level_m known"}),
        ("field/0/known", [3], "register.wrong_type", {"needed_en": "a text"}),
        ("field/0/least", "0", "register.wrong_type", {"needed_en": "a number"}),
        ("field/0/least", True, "register.wrong_type", {}),
        ("field/0/least", float("nan"), "register.wrong_type", {}),
        ("field/0/least", 1000, "register.least_above_most", {"least": 1000, "most": 999.5}),
        ("field/4/due_days", -1, "register.wrong_type", {"needed_en": "a whole number"}),
        ("field/4/due_days", 1.5, "register.wrong_type", {}),
        ("field/1/choice", None, "register.no_choices", {"entry": "field state"}),
        ("field/1/choice/0/title", None, "register.no_words", {"entry": "field state choice sound"}),
        ("field/1/choice", [{"key": "a", "title": TITLE}] * 2, "register.twice", {"entry": "field state choice a"}),
        ("field/2/to", None, "register.no_target", {"entry": "field keeper"}),
        ("field/5/key", "keeper", "register.twice", {"entry": "field keeper"}),
        ("kind/1/key", "small", "register.twice", {"entry": "kind small"}),
        ("kind/1/unit", "m", "register.unknown_key", {"entry": "kind large"}),
        ("active_from", "opened_on", "register.no_date_field", {"key": "active_from", "field": "opened_on"}),
        ("active_until", "level_m", "register.no_date_field", {"field": "level_m"}),
        ("plan_per", 3, "register.wrong_type", {"needed_en": "a table"}),
        ("plan_per/county", "3", "register.wrong_type", {"entry": "plan_per county"}),
        ("plan_per/county", -1, "register.wrong_type", {"entry": "plan_per county"}),
        ("plan_per/province", 1, "register.bad_plan", {"key": "province"}),
        ("plan_per/tiny.town", 1, "register.bad_plan", {"key": "tiny.town"}),
    ],
)
def test_what_is_wrong_is_named_with_its_place(path: str, value: object, code: str, facts: dict[str, object]) -> None:
    with pytest.raises(DataError) as refused:
        parse(changed(path, value), "mine.toml")
    assert refused.value.code == code
    assert {key: refused.value.facts.get(key) for key in facts} == facts
    for language in ("zh", "en"):
        assert "mine.toml" in refused.value.sentence(language)


def write(folder: Path, **files: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def test_an_office_adds_a_register_by_one_file_and_may_put_its_own_in_place_of_a_shipped_one(tmp_path: Path) -> None:
    assert with_own(tmp_path / "none") == shipped()
    own = RESERVOIRS.replace('"reservoirs"', '"shelters"')
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "marked.toml").write_bytes(b"\xef\xbb\xbf" + RESERVOIRS.encode())  # as Notepad keeps it
    found = {one.name: one for one in with_own(write(tmp_path / "mine", shelters=own))}
    assert found["reservoirs"].title.en == found["shelters"].title.en == "Reservoirs"
    assert len(found) == len(shipped()) + 1


@pytest.mark.parametrize(
    ("files", "code", "facts"),
    [
        ({"a": "name ="}, "register.unreadable", {"file": "a.toml"}),
        ({"a": RESERVOIRS, "b": RESERVOIRS}, "register.named_twice", {"file": "b.toml", "other": "a.toml"}),
        (
            {"a": RESERVOIRS.replace('"people"', '"folk"')},
            "register.unknown_target",
            {"file": "a.toml", "entry": "field keeper", "to": "folk"},
        ),
    ],
)
def test_a_file_that_does_not_hold_together_is_left_out_and_named(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, files: dict[str, str], code: str, facts: dict[str, object]
) -> None:
    folder = write(tmp_path / "registers", **files)
    (fault,) = faults_of(folder)
    assert fault.code == code
    assert {key: fault.facts.get(key) for key in facts} == facts
    assert fault.sentence("zh") != fault.sentence("en")
    found = {one.name: one for one in with_own(folder)}
    assert {one.name for one in shipped()} <= set(found)
    assert ("reservoirs" in found) == ("b" in files), "the first of two stands"
    assert str(facts["file"]) in caplog.text
    caplog.clear()


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    (tmp_path / "gbk.toml").write_bytes(RESERVOIRS.encode("gb18030"))
    (fault,) = faults_of(tmp_path)
    assert (fault.code, fault.facts["file"]) == ("register.unreadable", "gbk.toml")


@pytest.mark.parametrize("text", ["x = " + "[" * 5000 + "]" * 5000, "x = 1" + "0" * 5000])
def test_a_file_that_the_reader_of_toml_cannot_bear_is_named(tmp_path: Path, text: str) -> None:
    (fault,) = faults_of(write(tmp_path / "a", deep=text))
    assert (fault.code, fault.facts["file"]) == ("register.unreadable", "deep.toml")


def test_a_number_beyond_all_measure_is_named(tmp_path: Path) -> None:
    (fault,) = faults_of(write(tmp_path / "a", a=RESERVOIRS.replace("county = 3", "county = 3" + "0" * 400)))
    assert fault.code == "register.wrong_type"


def test_what_leads_to_a_file_that_is_left_out_is_left_out_too(tmp_path: Path) -> None:
    first = RESERVOIRS.replace('"reservoirs"', '"caves"').replace('"people"', '"folk"')
    second = RESERVOIRS.replace('"reservoirs"', '"wells"').replace('"people"', '"caves"')
    faults = faults_of(write(tmp_path / "a", first=first, second=second))
    assert [(one.code, one.facts["to"]) for one in faults] == [
        ("register.unknown_target", "folk"),
        ("register.unknown_target", "caves"),
    ]


def test_links_of_shipped_registers_lead_to_shipped_registers() -> None:
    names = {one.name for one in shipped()}
    assert {field.to for one in shipped() for field in one.fields if field.to} <= names


def test_a_unit_is_one_text_or_a_word_in_both_languages() -> None:
    people = {
        "key": "people",
        "type": "integer",
        "unit": {"zh": "人", "en": "people"},
        "title": {"zh": "人数", "en": "How many"},
    }
    rain = {"key": "rain", "type": "number", "unit": "mm", "title": {"zh": "雨量", "en": "Rain"}}
    made = parse({"name": "caves", "title": {"zh": "溶洞", "en": "Caves"}, "field": [people, rain]}, "caves.toml")
    assert [(one.unit_of("zh"), one.unit_of("en")) for one in made.fields] == [("人", "people"), ("mm", "mm")]
    with pytest.raises(DataError) as told:
        parse(
            {"name": "caves", "title": {"zh": "溶洞", "en": "Caves"}, "field": [{**rain, "unit": {"zh": "人"}}]},
            "c.toml",
        )
    assert told.value.code == "register.no_words"


def test_an_inspection_goes_into_fields_of_its_name_or_into_those_that_are_named() -> None:
    head = {"name": "caves", "title": {"zh": "溶洞", "en": "Caves"}}
    title = {"zh": "某", "en": "Some"}
    day, text = {"key": "inspected_on", "type": "date", "title": title}, {"key": "finding", "title": title}
    made = parse({**head, "field": [day, text]}, "caves.toml")
    assert (made.inspected_on, made.finding, made.inspected_by) == ("inspected_on", "finding", "")
    other = {"key": "checked_on", "type": "date", "title": title}
    named = parse(
        {**head, "inspected_on": "checked_on", "inspected_by": "finding", "field": [day, text, other]}, "c.toml"
    )
    assert (named.inspected_on, named.inspected_by) == ("checked_on", "finding")
    for key, code in (("inspected_on", "register.no_date_field"), ("finding", "register.no_text_field")):
        with pytest.raises(DataError) as told:
            parse({**head, key: "nothing", "field": [day, text]}, "caves.toml")
        assert told.value.code == code

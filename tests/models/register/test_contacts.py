"""Contacts: stale, bounced, doubled, without a number or somebody to stand in; sound ones are not accused."""

from __future__ import annotations

from datetime import date

from models.register.contacts import Contacts, Fault, contacts, digits, numbers_of
from models.register.description import shipped
from models.register.record import Record
from tests.models.register.table_records import TODAY, days_ago

BY_NAME = {one.name: one for one in shipped()}
PEOPLE, POINTS = BY_NAME["people"], BY_NAME["hazard_points"]


def person(id_: str, name: str, phone: str = "", town: str = "石坑镇", **values: object) -> Record:
    kept = {"role": "监测员", "confirmed_on": days_ago(3), "substitute": "P-sub", **values}
    if phone:
        kept["phone"] = phone
    kept = {key: value for key, value in kept.items() if value is not None}
    return Record("people", id_, name, "village", None, None, town, "石坑村", kept)  # type: ignore[arg-type]


SUB = person("P-sub", "替补", "000-0000-0999", substitute="P1")
SOUND = person("P1", "韦青山", "000-0000-0117")


def looked_at(*people: Record, **more: object) -> Contacts:
    return contacts(PEOPLE, (SOUND, SUB, *people), today=TODAY, **more)  # type: ignore[arg-type]


def accused(found: Contacts) -> set[tuple[str, str]]:
    return {(one.fault.value, one.id) for one in found.faults}


def test_nothing_is_wrong_with_sound_ones() -> None:
    found = looked_at()
    assert found.faults == ()
    assert (found.people, found.sound) == (2, 2)


def test_a_confirmation_is_stale_after_its_days_and_missing_ones_are_never_confirmed() -> None:
    found = looked_at(
        person("P2", "黄秀兰", "000-0000-0118", confirmed_on=days_ago(81)),
        person("P3", "梁国富", "000-0000-0131", confirmed_on=days_ago(30)),
        person("P4", "罗水生", "000-0000-0119", confirmed_on=None),
    )
    assert accused(found) == {("stale", "P2"), ("never_confirmed", "P4")}
    assert found.of(Fault.STALE)[0].days == 51


def test_a_bounce_counts_until_the_number_is_confirmed_again() -> None:
    found = looked_at(
        person("P2", "黄秀兰", "000-0000-0118", bounced_on=days_ago(2), bounce="空号"),
        person("P3", "梁国富", "000-0000-0131", bounced_on=days_ago(9)),
    )
    assert accused(found) == {("bounced", "P2")}
    fault = found.of(Fault.BOUNCED)[0]
    assert (fault.days, fault.cause, fault.number) == (2, "空号", "000-0000-0118")


def test_what_a_channel_could_not_reach_bounced_too() -> None:
    told = {"00000000117": (date(2026, 6, 16), "no route")}
    found = looked_at(bounced=told)
    assert [(one.id, one.days, one.cause) for one in found.of(Fault.BOUNCED)] == [("P1", 1, "no route")]


def test_one_number_of_two_people_is_told_on_both_sides() -> None:
    found = looked_at(
        person("P2", "黄秀兰", "000-0000-0150", phone_2="00000000151"),
        person("P3", "梁国富", "000-0000-0151"),
    )
    assert accused(found) == {("same_number", "P2"), ("same_number", "P3")}
    first = found.of(Fault.SAME_NUMBER)[0]
    assert (first.names, first.others) == (("梁国富",), ("P3",))


def test_one_person_with_two_entries_of_different_numbers_is_told_but_a_namesake_elsewhere_is_not() -> None:
    found = looked_at(
        person("P2", "韦青山", "000-0000-0600"),
        person("P3", "韦青山", "000-0000-0700", town="白水镇"),
    )
    assert accused(found) == {("other_number", "P1"), ("other_number", "P2")}


def test_the_same_person_twice_with_the_same_number_is_no_fault() -> None:
    assert looked_at(person("P2", "韦青山", "00000000117")).faults == ()


def test_another_register_that_names_other_numbers_is_told() -> None:
    point = Record("hazard_points", "SH-1", "石坑沟", "flash_flood", 106.7, 28.8, "石坑镇", "", {
        "person": "韦青山", "phone": "000-0000-0118",
    })  # fmt: skip
    right = Record("hazard_points", "SH-2", "石坑沟", "flash_flood", 106.7, 28.8, "石坑镇", "", {
        "person": "韦青山", "phone": "000-0000-0117",
    })  # fmt: skip
    stranger = Record("hazard_points", "SH-3", "x", "flash_flood", 106.7, 28.8, "白水镇", "", {
        "person": "韦青山", "phone": "000-0000-0118",
    })  # fmt: skip
    found = looked_at(elsewhere=[(POINTS, (point, right, stranger))])
    assert accused(found) == {("other_number", "SH-1")}
    assert found.sound == 2


def test_nobody_stands_in_for_oneself_or_by_a_name_that_is_gone() -> None:
    found = looked_at(
        person("P2", "黄秀兰", "000-0000-0118", substitute="P2"),
        person("P3", "梁国富", "000-0000-0131", substitute="P-gone"),
        person("P4", "罗水生", "000-0000-0119", substitute=["P-gone", "P1"]),
        person("P5", "覃立", substitute=None),
    )
    assert accused(found) == {
        ("no_substitute", "P2"),
        ("no_substitute", "P3"),
        ("no_substitute", "P5"),
        ("no_number", "P5"),
    }
    assert found.sound == 3


def test_numbers_are_read_from_every_field_of_phones() -> None:
    one = person("P2", "a", "000-0000-0118", phone_2="000-0000-0119", landline="000-0000-0118")
    assert numbers_of(one, PEOPLE) == ("000-0000-0118", "000-0000-0119")
    assert digits("+86 000-0000") == "860000000"

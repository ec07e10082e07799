"""Who is the same human being."""

from __future__ import annotations

import pytest

from models.warning.persons import plain_phone, same_human
from models.warning.warning import Person

ZHOU = Person("a", "周岚", "1001", "138 0000 0001")


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (Person("a", "别人", "9", "1"), True),
        (Person("b", "别人", "１００１", "1"), True),
        (Person("b", "周 岚", "", "+86-138-0000-0001"), True),
        (Person("b", "周岚", "", "8613800000001"), True),
        (Person("b", "周岚", "", "008613800000001"), True),
        (Person("b", "周岚", "1002", "13800000002"), False),
        (Person("b", "沈知远", "1002", "13800000001"), False),
        (Person("b", "周岚", "1002", ""), False),
    ],
)
def test_same_account_staff_number_or_name_and_phone(other: Person, same: bool) -> None:
    assert same_human(ZHOU, other) is same
    assert same_human(other, ZHOU) is same


def test_two_people_without_numbers_are_two() -> None:
    assert not same_human(Person("a", "周岚", ""), Person("b", "周岚", ""))


def test_a_short_number_that_begins_with_86_keeps_it() -> None:
    assert plain_phone("8612-3456") == "86123456"
    assert plain_phone("+86 763-333") == "763333"

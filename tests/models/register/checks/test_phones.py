"""Numbers of a column: a landline among mobiles is no fault as long as it has the length of one."""

from __future__ import annotations

import pytest

from tests.models.register.given import look, row, table, told


@pytest.mark.parametrize(
    ("number", "sound"),
    [
        ("8812345", True),  # of seven digits, of eight; the first is 2 to 8
        ("88123456", True),
        ("881234", False),
        ("881234567", False),
        ("1812345", False),
        ("9812345", False),
        ("0751-8812345", True),  # with an area's code of three digits, of four
        ("0751-88123456", True),
        ("020-88123456", True),
        ("020-8812345", True),
        ("0751-881234", False),
        ("0751-881234567", True),  # its ninth digit is an extension of one
        ("0751-88123456-1234", True),
        ("0751-88123456-12345", False),
        ("07511-88123456", False),
        ("02-8812345", False),
        ("0051-88123456", False),
        ("0751-18123456", False),
        ("4008123456", True),
        ("400812345", False),
    ],
)
def test_a_landline_among_mobiles_has_the_length_of_one(number: str, sound: bool) -> None:
    mobiles = [row(n, 电话=f"1380013800{n}") for n in range(1, 7)]
    found = told(look(table(*mobiles, row(7, 电话=number))), "phones")
    assert [line for line, _, _ in found] == ([] if sound else [8])

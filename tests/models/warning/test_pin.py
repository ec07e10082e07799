"""One rule for a PIN: new ones are 4 to 12 digits, what older ones may hold can still be typed."""

from __future__ import annotations

import pytest

from models.errors import DataError
from models.warning import pin


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("1234", "1234"), ("1" * 12, "1" * 12), (" １２３４５６\n", "123456"), ("0000", "0000"), ("²³¹²", "2312")],
)
def test_four_to_twelve_digits_are_a_new_pin(typed: str, kept: str) -> None:
    assert pin.see_new(typed) == kept


@pytest.mark.parametrize(
    "typed", ["", "123", " 12 ", "1" * 13, "12a4", "12 34", "p4711-secret", "12\t34", "青岚县气象台", "٣٤٥٦"]
)
def test_anything_else_is_told_what_a_new_pin_is(typed: str) -> None:
    with pytest.raises(DataError) as refused:
        pin.see_new(typed)
    assert refused.value.code == "people.pin_rule"
    assert "4 到 12 位数字" in refused.value.sentence("zh")
    assert "4 to 12 digits" in refused.value.sentence("en")


def test_what_an_older_pin_may_hold_can_be_typed() -> None:
    assert all(pin.can_be_typed(sign) for sign in "0aZ-_ ~")
    assert not any(pin.can_be_typed(sign) for sign in ("", "\t", "石", "\x7f"))


def test_a_text_of_megabytes_is_no_pin_and_is_told_at_once() -> None:
    for typed in ("1" * 4_000_000, "1234" + "\u0301\u0323" * 2_000_000, "\ufdfa" * 1_000_000):
        with pytest.raises(DataError, match="4 to 12 digits"):
            pin.see_new(typed)
    assert pin.see_new(" " * 4_000_000 + "1234") == "1234"

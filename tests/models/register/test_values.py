"""Numbers with units and phone numbers, as lists of offices have them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.register.description import shipped
from models.register.values import in_unit, phone_text


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("35", "mm", 35.0),
        ("３５．５", "mm", 35.5),
        ("35毫米", "mm", 35.0),
        (" 35 mm ", "mm", 35.0),
        ("35㎜", "mm", 35.0),
        ("3.5厘米", "mm", 35.0),
        ("1,234", "人", 1234.0),
        ("１，２３４人", "人", 1234.0),
        ("12户", "户", 12.0),
        ("12家", "户", 12.0),
        ("1.2万人", "人", 12000.0),
        ("1.2亿", "m3", 120_000_000.0),
        ("3处", "", 3.0),
        ("1.2公里", "m", 1200.0),
        ("800米", "km", 0.8),
        ("2.5km", "km", 2.5),
        ("300㎡", "m2", 300.0),
        ("300m²", "m²", 300.0),
        ("36公里/小时", "m/s", 10.0),
        ("35℃", "℃", 35.0),
        ("80%", "%", 80.0),
        ("-3.5", "", -3.5),
        (".5", "", 0.5),
        ("1.5小时", "min", 90.0),
    ],
)
def test_a_number_is_read_in_the_unit_of_its_field(text: str, unit: str, expected: float) -> None:
    assert in_unit(text, unit) == expected


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("35℃", "mm"),
        ("35mm", ""),
        ("约30", "人"),
        ("30多", "人"),
        ("30-40", "人"),
        ("30人、5户", "人"),
        ("1,23", ""),
        ("1_000", ""),
        ("1e5", ""),
        ("nan", ""),
        ("inf", ""),
        ("", ""),
        ("人", "人"),
        ("12 米 左右", "m"),
        ("0x10", ""),
        ("三十", "人"),
    ],
)
def test_what_could_mean_something_else_is_no_number(text: str, unit: str) -> None:
    assert math.isnan(in_unit(text, unit))


def test_every_unit_of_a_shipped_register_may_stand_behind_its_number() -> None:
    for register in shipped():
        for field in register.fields:
            assert in_unit(f"12 {field.unit}", field.unit) == 12.0


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("13800138000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("138 0013 8000", "13800138000"),
        ("138-0013-8000", "138-0013-8000"),
        ("138—0013—8000", "138-0013-8000"),
        ("+86 13800138000", "13800138000"),
        ("0086-13800138000", "13800138000"),
        ("8613800138000", "13800138000"),
        ("(0751)8812345", "0751-8812345"),
        ("（0751） 8812345", "0751-8812345"),
        ("0751－8812345", "0751-8812345"),
        ("0751-8812345转8001", "0751-8812345-8001"),
        ("8612345", "8612345"),
        ("13800138000/13900139000", "13800138000、13900139000"),
        ("13800138000，0751-8812345", "13800138000、0751-8812345"),
        ("8812345 13800138000", "8812345、13800138000"),
        ("0751-8812345\n13800138000", "0751-8812345、13800138000"),
        ("000-0000-0117", "000-0000-0117"),
        ("12379", "12379"),
        ("110", "110"),
        ("1380O138000", "1380O138000"),
        ("13800138000（办）", "13800138000（办）"),
        ("1.38E+10", "1.38E+10"),
        ("办公室", "办公室"),
        ("", ""),
        ("-", "-"),
        (" 无 ", "无"),
    ],
)
def test_a_phone_number_is_kept_in_digits_and_hyphens_and_nothing_else_is_touched(text: str, kept: str) -> None:
    assert phone_text(text) == kept
    assert phone_text(kept) == kept


@given(st.text(max_size=40))
def test_nothing_written_raises(text: str) -> None:
    in_unit(text, "m")
    assert phone_text(phone_text(text)) == phone_text(text)

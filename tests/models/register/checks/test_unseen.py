"""Names with signs that nobody sees: cut, and said."""

from __future__ import annotations

import pytest

from models.register.seen_text import seen
from tests.models.register.given import look, only, row, table, told


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("石坑\n沟", "石坑沟"),
        ("Old\r\nmill", "Old mill"),
        ("石\u202e坑沟", "石坑沟"),
        ("\u2066石坑沟\u2069", "石坑沟"),
        ("石\u200b坑沟", "石坑沟"),
        ("\ufeff石坑沟", "石坑沟"),
        ("石坑\u2028沟", "石坑沟"),
        ("\n石坑沟\n", "石坑沟"),
    ],
)
def test_what_nobody_sees_is_cut_out_of_a_name_and_said(written: str, kept: str) -> None:
    quality = look(table(row(1, 名称=written), row(2, 责任人="张\u200b三"), row(3)))
    assert seen(written) == kept
    assert [record.name for record in quality.records][:1] == [kept]
    assert quality.records[1].values["person"] == "张三"
    said = [] if written.strip() == kept else [(2, "name", "unseen_cut")]
    assert told(quality, "control") == [*said, (3, "person", "unseen_cut")]
    assert not quality.refused
    for finding in quality.findings:
        assert (finding.in_file + finding.reason() + finding.reason("zh")).isprintable()


def test_a_name_of_which_nothing_can_be_seen_is_empty() -> None:
    assert told(look(table(row(1, 名称="\u200b\ufeff"))), "empty") == [(2, "name", "empty")]


def test_a_name_longer_than_a_list_is_told_and_kept() -> None:
    quality = look(table(row(1, 名称="坡" * 201), row(2, 名称="沟" * 200)))
    assert told(quality, "control") == [(2, "name", "too_long")]
    assert only(quality, "too_long").reason() == (
        "Has 201 characters, more than 200: no list and no message shows all of it."
    )
    assert quality.accepted == 2

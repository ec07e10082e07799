"""How names are typed in letters."""

from __future__ import annotations

import pytest

import resources
from models.register.letters import LONGEST, Letters, folded, letters, rank, readings, squeezed, tokens


def test_a_name_is_typed_from_any_syllable_on() -> None:
    found = letters("石坑沟")
    assert found.full == ("shikenggou", "kenggou", "gou")
    assert found.initials == ("skg", "kg", "g")
    assert found.whole == ("shikenggou", "skg")


@pytest.mark.parametrize(
    ("name", "ways"),
    [
        ("重庆", {"chongqing", "zhongqing", "cq", "zq"}),
        ("长岭", {"changling", "zhangling", "cl", "zl"}),
        ("绿水", {"lvshui", "lushui", "ls"}),
        ("吕家坝", {"lvjiaba", "ljb"}),
        ("G75高速", {"g75gaosu", "ggs"}),
        ("六安", {"luan", "liuan", "la"}),
    ],
)
def test_a_character_read_in_several_ways_is_found_in_each(name: str, ways: set[str]) -> None:
    assert ways <= set(letters(name).whole)


def test_initials_of_many_such_characters_stay_few() -> None:
    found = letters("长" * 40)
    assert len(found.whole) < 50
    assert max(len(tail) for tail in (*found.full, *found.initials)) <= LONGEST
    assert len(letters("重" * 10_000).full) < 1000


def test_a_name_in_latin_letters_or_without_any_has_no_pinyin() -> None:
    assert letters("Shikeng gully") == letters("SH-0117") == letters("") == letters("。，") == Letters()


def test_every_reading_of_the_file_is_plain_letters() -> None:
    table = resources.table("search/readings")
    assert len(table) > 150
    for character, several in table.items():
        assert len(character) == 1
        assert several == list(dict.fromkeys(several))
        assert all(reading.isascii() and reading.isalpha() and reading.islower() for reading in several)
        assert readings(character) == tuple(several)


def test_width_case_and_broken_characters_make_no_difference() -> None:
    assert tokens("ＳＨ－０１１７　石坑３号") == ["sh", "0117", "石", "坑", "3", "号"]
    assert squeezed("000-0000-0117") == "00000000117"
    assert folded("石\0坑\ud800") == "石 坑"
    assert readings("𠅤") == () or readings("𠅤")[0].isascii()


@pytest.mark.parametrize(
    ("typed", "name", "expected"),
    [
        ("图层 雨", "雨量图层", 2),
        ("yuliang", "雨量图层", 1),
        ("yltc", "雨量图层", 0),
        ("tuceng", "雨量图层", 2),
        ("rain", "Rain layer", 1),
        ("RAIN LAYER", "Rain layer", 0),
        ("layer", "Rain layer", 2),
        ("snow", "Rain layer", None),
        ("", "Rain layer", None),
        ("*", "雨", None),
        ("雨 snow", "雨量图层", None),
    ],
)
def test_a_list_in_memory_is_ranked_as_the_index_is(typed: str, name: str, expected: int | None) -> None:
    assert rank(typed, name) == expected

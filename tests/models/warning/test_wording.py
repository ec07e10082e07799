"""What the public reads, word by word."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.errors import DataError
from models.hazard.level import Level
from models.warning import draft
from models.warning.recipient import Recipient
from models.warning.sms import MOST_SIGNS, signs, text_message
from models.warning.warning import TownLevel
from models.warning.wording import Change, change_of, fill_times, headline, signal_text
from tests.models.warning.scene import (
    AUTHOR,
    NOW,
    OBSERVED,
    OFFICE,
    REAL,
    TOWNS,
    ZHANG,
    after,
    first_draft,
    issued,
    town_rain,
)


def update(step: int = 0, minutes: float = 30):  # type: ignore[no-untyped-def]
    out = issued(first_draft())
    return out, draft.update_of(out, office=OFFICE, author=AUTHOR, at=after(minutes), step=step)


def test_the_first_text_in_chinese() -> None:
    assert first_draft().warning.text == (
        "【演练】青岚县气象台〔签发时〕发布暴雨红色预警信号。"
        "过去3小时，石坑镇降雨104.6毫米、云台镇降雨至少55.5毫米。"
        "红色：石坑镇3小时内雨量将达100毫米以上，或已达100毫米以上且降雨可能持续。"
        "橙色：云台镇3小时内雨量将达50毫米以上，或已达50毫米以上且降雨可能持续。"
        "有效至〔签发后3小时〕。请立即转移避险。"
    )


def test_the_issued_text_has_date_and_times_of_beijing_in_its_blanks() -> None:
    text = issued(first_draft()).text
    assert "6月18日03时12分发布" in text
    assert "有效至6月18日06时12分" in text
    assert "〔" not in text


def test_the_issued_text_in_english() -> None:
    text = signal_text(issued(first_draft()), OFFICE, "en", observed=OBSERVED)
    assert text.startswith(
        "[EXERCISE] Qinglan Meteorological Office, 18 June 03:12 Beijing time: issues a red rainstorm warning."
    )
    assert "石坑镇 104.6 mm, 云台镇 at least 55.5 mm" in text
    assert text.endswith("Valid until 18 June 06:12 Beijing time. Move to safety now.")


def test_one_level_is_not_announced_by_its_color_twice() -> None:
    one = draft.without_town(first_draft(), TOWNS[1].code)
    assert "红色：" not in one.warning.text
    assert "石坑镇3小时内雨量" in one.warning.text


def test_real_warnings_carry_no_mark_of_exercise() -> None:
    real = first_draft(office=REAL).warning
    for language in ("zh", "en"):
        assert "演练" not in signal_text(real, REAL, language)
        assert "EXERCISE" not in headline(real, REAL, Level.RED, language)


def test_rain_is_left_out_where_none_was_observed() -> None:
    assert "过去" not in first_draft(observed=()).warning.text
    assert "过去" not in first_draft(observed=(town_rain(3, 3, 80.0), town_rain(0, 1, 80.0))).warning.text


@pytest.mark.parametrize(
    ("step", "change", "word"), [(0, Change.CONTINUE, "继续"), (1, Change.UP, "升级"), (-1, Change.DOWN, "降级")]
)
def test_an_update_says_whether_it_goes_up_down_or_on(step: int, change: Change, word: str) -> None:
    out, working = update(step)
    assert change_of(working.warning, out) is change
    assert f"{word}发布暴雨" in working.warning.text
    assert signal_text(working.warning, OFFICE, "en", previous=out)


def test_an_update_that_goes_up_here_and_down_there_is_a_change() -> None:
    out, working = update()
    mixed = draft.with_town(draft.without_town(working, TOWNS[0].code), TOWNS[3], Level.BLUE)
    assert change_of(mixed.warning, out) is Change.CHANGE
    assert "变更发布暴雨橙色" in mixed.warning.text
    assert "同时解除石坑镇的预警。" in mixed.warning.text


def test_adding_a_town_is_up_and_dropping_one_is_down() -> None:
    out, working = update()
    assert change_of(draft.with_town(working, TOWNS[3], Level.BLUE).warning, out) is Change.UP
    assert change_of(draft.without_town(working, TOWNS[1].code).warning, out) is Change.DOWN


def test_a_lifting_says_what_ends() -> None:
    out = issued(first_draft(), number=3)
    lifting = draft.lift_of(out, office=OFFICE, author=AUTHOR, at=after(30)).warning
    assert lifting.text == (
        "【演练】青岚县气象台〔签发时〕解除暴雨红色预警信号。涉及石坑镇、云台镇。"
        "青岚县气象台6月18日03时12分发布的第3号预警到此结束。"
    )
    assert change_of(lifting, out) is Change.CANCEL
    assert "Warning no. 3 of 18 June 03:12" in signal_text(lifting, OFFICE, "en", previous=out)


def test_blanks_are_filled_in_a_text_written_by_hand_too() -> None:
    text = "我台〔签发时〕发布，至〔签发后3小时〕止。Issued [time of issue] until [3 h after issue]."
    assert fill_times(text, NOW, after(180)) == (
        "我台6月18日03时12分发布，至6月18日06时12分止。"
        "Issued 18 June 03:12 Beijing time until 18 June 06:12 Beijing time."
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_headlines_name_office_signal_color_and_grade(language: str) -> None:
    line = headline(issued(first_draft()), OFFICE, Level.RED, language)
    expected = {
        "zh": "【演练】青岚县气象台发布暴雨红色预警[I级/特别严重]",
        "en": "[EXERCISE] Qinglan Meteorological Office: Red rainstorm warning (Level I)",
    }
    assert line == expected[language]


# Text messages


def test_a_person_hears_of_their_own_town_and_point() -> None:
    text = text_message(issued(first_draft()), OFFICE, ZHANG)
    assert (
        text
        == "【演练】青岚县气象台发布暴雨红色预警：石坑镇3小时雨量将达或已达100毫米，石坑沟请立即转移避险，至18日06:12。"
    )
    assert signs(text) <= MOST_SIGNS
    other = text_message(issued(first_draft()), OFFICE, Recipient("李四", "000-1", (TOWNS[1].code,), ()))
    assert "云台镇" in other
    assert "橙色" in other


def test_the_worst_level_among_a_persons_towns_is_told() -> None:
    both = Recipient("王五", "000-1", (TOWNS[1].code, TOWNS[0].code), ("甲", "乙", "丙"))
    text = text_message(issued(first_draft()), OFFICE, both)
    assert "红色" in text
    assert "云台" not in text


@pytest.mark.parametrize("length", [1, 4, 9, 15, 22, 40])
@pytest.mark.parametrize("count", [1, 2, 5, 21])
@pytest.mark.parametrize("kind", ["alert", "cancel"])
def test_no_message_is_longer_than_seventy_signs_whatever_the_names(length: int, count: int, kind: str) -> None:
    office = replace(OFFICE, name="某" * length + "气象台")
    towns = tuple(TownLevel(f"t{i}", "镇" * length + str(i), Level.RED) for i in range(count))
    person = Recipient("张三", "000-1", tuple(t.code for t in towns), ("沟" * length,) * 3)
    out = replace(issued(first_draft()), towns=towns)
    if kind == "cancel":
        out = replace(draft.lift_of(out, office=office, author=AUTHOR, at=after(1)).warning, expires_at=after(61))
    text = text_message(out, office, person)
    assert signs(text) <= MOST_SIGNS
    assert text.startswith("【演练】")
    assert ("解除" in text) is (kind == "cancel")


def test_who_answers_for_a_town_that_is_dropped_hears_that_it_is_lifted() -> None:
    out, working = update()
    dropped = draft.without_town(working, TOWNS[0].code).warning
    assert "解除石坑镇暴雨预警" in text_message(dropped, OFFICE, ZHANG, previous=out)


def test_nobody_is_written_to_for_nothing() -> None:
    with pytest.raises(DataError) as caught:
        text_message(issued(first_draft()), OFFICE, Recipient("李四", "000-1", ("elsewhere",), ()))
    assert caught.value.code == "sms.nothing"


def test_hostile_signs_in_names_are_carried_harmlessly() -> None:
    hostile = Recipient("张三", "000-1", (TOWNS[0].code,), ())
    out = issued(first_draft())
    assert "\x07" not in text_message(replace(out, towns=(replace(out.towns[0], name="石\x07坑<b>"),)), OFFICE, hostile)
    assert "＜b＞" in text_message(replace(out, towns=(replace(out.towns[0], name="石坑<b>"),)), OFFICE, hostile)


def test_a_sign_outside_the_basic_plane_counts_twice() -> None:
    assert signs("𠮷A") == 3

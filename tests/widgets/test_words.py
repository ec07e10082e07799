"""The operator's words: every enum has one in both languages, missing is a dash, times are the office's."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

import resources
from models.errors import StoreError
from models.hazard.alarms import AlarmState, RainSource
from models.hazard.level import Level
from models.hazard.register import PointKind
from models.reach.outbox import DeliveryState
from models.register.description import shipped
from models.warning.lifecycle import Step
from models.warning.warning import MessageType, WarningState
from widgets import words

EVERY = (
    (words.level, Level),
    (words.level_name, Level),
    (words.point_kind, PointKind),
    (words.alarm_state, AlarmState),
    (words.warning_state, WarningState),
    (words.message_type, MessageType),
    (words.delivery, DeliveryState),
    (words.rain_source, RainSource),
    (words.step, Step),
)


@pytest.mark.parametrize(("word", "kind"), EVERY, ids=[kind.__name__ for _, kind in EVERY])
def test_every_value_has_its_own_word_in_both_languages(
    put_on: Callable[[str, str], None], word: Callable[[object], str], kind: type
) -> None:
    values = list(kind)  # type: ignore[call-overload]
    put_on("light", "en")
    english = [word(v) for v in values]
    put_on("light", "zh")
    chinese = [word(v) for v in values]
    assert len(set(english)) == len(set(chinese)) == len(values)
    assert all(any("\u4e00" <= sign <= "\u9fff" for sign in said) for said in chinese)


def test_a_kind_of_hazard_has_one_word_on_cards_in_the_legend_and_in_the_register(
    put_on: Callable[[str, str], None],
) -> None:
    legend = tomllib.loads(resources.path("symbols/glyphs.toml").read_text(encoding="utf-8"))
    register = {one.key: one.title for one in next(r for r in shipped() if r.name == "hazard_points").kinds}
    for language in ("zh", "en"):
        put_on("light", language)
        for kind in set(PointKind) - {PointKind.PLACE}:
            said = {words.point_kind(kind), legend[kind][language], getattr(register[kind], language)}
            assert len({one.casefold() for one in said}) == 1, said


def test_missing_is_a_dash_and_never_zero() -> None:
    assert words.number(math.nan) == words.millimeters(math.nan) == words.clock(None) == "—"
    assert words.number(0.0) == "0.0"


def test_round_millimeters_have_no_point() -> None:
    assert (words.millimeters(50.0), words.millimeters(52.34)) == ("50", "52.3")
    assert words.number(61300, 0) == "61\u2009300"


def test_times_are_those_of_the_office() -> None:
    at = datetime(2026, 6, 17, 19, 12, 40, tzinfo=UTC)
    assert (words.clock(at), words.clock_seconds(at), words.day(at)) == ("03:12", "03:12:40", "Thu 18 Jun")
    assert words.moment(at - timedelta(days=1), at) == "06-17 03:12"


def test_spans_are_said_in_both_languages(put_on: Callable[[str, str], None]) -> None:
    spans = [timedelta(seconds=s) for s in (30, 130, 137 * 60, 50 * 3600)]
    assert [words.age(s) for s in spans] == ["just now", "2 min ago", "2 h 17 min ago", "2 days ago"]
    assert words.no_data_for(None) == "no data"
    put_on("light", "zh")
    assert [words.age(s) for s in spans] == ["刚刚", "2 分钟前", "2 小时 17 分前", "2 天前"]
    assert words.no_data_for(timedelta(minutes=26)) == "26 分钟无数"


def test_an_error_of_ours_has_a_sentence_and_a_fault_is_named(put_on: Callable[[str, str], None]) -> None:
    refused = StoreError("people.pin_rule", least=4, most=12)
    assert "12" in words.error(refused)
    put_on("light", "zh")
    assert words.error(refused) == refused.sentence("zh")
    assert "ZeroDivisionError" in words.error(ZeroDivisionError())


def test_acts_of_the_journal_that_are_refused_say_so() -> None:
    assert words.act("warning.sign_refused") == "was refused: signed the warning"
    assert words.act("something.else") == "something.else"

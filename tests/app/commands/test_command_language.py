"""Wrong words and the headings of help come in the system's language; how it ends is the same in both."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import resources
from app.commands.command_language import in_chinese
from tests.app.conftest import Fengsui

CHINESE = "zh_CN.UTF-8"
WRONG = (
    (("convert", "a"), "缺少参数 OUT。"),
    (("convert", "a", "b"), "缺少选项 --from。"),
    (("no-such",), "没有命令 'no-such'。"),
    (("office", "nwe"), "没有命令 'nwe'；相近的有：'new'。"),
    (("--bogus",), "没有选项 --bogus；相近的有：--verbose。"),
    (("radar", "info", "--zzzz", "x"), "没有选项 --zzzz。"),
    (("points", "import", "a", "b"), "多出了参数：b。"),
    (("demo", "--headless=1"), "选项 '--headless' 后面不带值。"),
    (("demo", "--speed"), "选项 '--speed' 后面要写一个值。"),
    (("demo", "--speed", "x"), "应是数字。"),
    (("demo", "--speed", "-1"), "'--speed' 的值不对：不能小于 0"),
    (("demo", "--minutes", "101"), "不能大于 100"),
    (("demo", "--minutes", "x"), "应是整数。"),
    (("screenshot", "--out", "x.png", "--task", "sleep"), "没有 'sleep'；可以写：'watch', 'issue', 'call', 'review'。"),
    (("screenshot", "--out", "x.png", "--size", "wide"), "1920x1080"),
    (("screenshot", "--out", "x.png", "--size", "1x1"), "从 320x240 到 16384x16384。"),
    (("screenshot", "--out", "x.png", "--view", "wall"), "没有视图 wall"),
    (("screenshot", "--out", "x.png", "--bounds", "106,28,107,29"), "--bounds 的值不对：只有地图才用"),
    (("--office", "somewhere", "doctor"), "--office 写在命令名之后。"),
    (("points", "import"), "请写文件名"),
    (("radar", "mosaic", "x", "--bounds", "1,2,3", "--out", "x.tif"), "写了 3 个数，要四个"),
    (("radar", "mosaic", "x", "--bounds", "1,2,0,4", "--out", "x.tif"), "西界 1 不在东界 0 以西；顺序是西,南,东,北。"),
    (("radar", "info", "--site", "x", "x"), "经度,纬度"),
)


@pytest.mark.parametrize(("words", "said"), WRONG, ids=lambda part: " ".join(part) if isinstance(part, tuple) else "")
def test_what_is_wrong_is_said_in_chinese_and_ends_as_in_english(
    fengsui: Fengsui, words: tuple[str, ...], said: str
) -> None:
    chinese, english = fengsui(*words, language=CHINESE), fengsui(*words)
    assert (chinese.code, chinese.out) == (english.code, english.out) == (2, "")
    *_, last = chinese.err.splitlines()
    assert said in last
    assert last.startswith("命令写错了：")
    assert (
        ("Usage: fengsui" in english.err)
        == chinese.err.startswith("用法：fengsui")
        == ("用法见：fengsui" in chinese.err)
    )
    # Names and figures are what they are; sentences in English there are none.
    assert not re.search(r"[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}", last)


def test_help_has_chinese_headings_and_english_ones(fengsui: Fengsui) -> None:
    chinese = fengsui("convert", "-h", language=CHINESE)
    assert chinese.code == 0
    for word in (
        "用法：fengsui convert [选项]",
        "─ 选项 ─",
        "─ 参数 ─",
        "显示这份说明。",
        "［必填］",
        "［默认：wgs84］",
    ):
        assert word in chinese.out
    for word in ("Usage", "OPTIONS", "Options", "Arguments", "required", "default", "Show this"):
        assert word not in chinese.out
    root = fengsui("-h", language=CHINESE).out
    assert "命令 [参数]…" in root
    assert "─ 命令 ─" in root
    english = fengsui("convert", "-h").out
    assert all(word in english for word in ("Usage: fengsui convert [OPTIONS]", "─ Options ─", "─ Arguments ─"))
    assert "Show this message and exit." in english


def test_a_group_without_a_command_shows_its_help_once(fengsui: Fengsui) -> None:
    chinese, english = fengsui("office", language=CHINESE), fengsui("office")
    assert (chinese.code, english.code) == (2, 2)
    assert (chinese.out + chinese.err).count("用法：fengsui office") == 1


def test_a_command_that_ends_with_1_ends_so_in_chinese_too(fengsui: Fengsui, tmp_path: Path) -> None:
    for language in (CHINESE, "en_US.UTF-8"):
        assert fengsui("office", "check", "--office", tmp_path / "none", language=language).code == 1
        assert fengsui("points", "import", "--template", language=language).code == 0


def test_the_book_names_the_same_in_both_languages_and_no_sentence_hides_another() -> None:
    book = resources.table("phrases/command_line")["said"]
    for key, entry in book.items():
        places = re.findall(r"\{(\w+)\}", entry["en"])
        assert set(re.findall(r"\{(\w+)\}", entry["zh"])) <= set(places), key
        filled = entry["en"].format_map({one: f"<{one}>" for one in places})
        assert in_chinese(filled) == entry["zh"].format_map({one: f"<{one}>" for one in places}), key
    assert in_chinese("Nobody ever said so.") == "Nobody ever said so."

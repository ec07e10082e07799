"""`fengsui warning list|show`: what an office has issued, without the console."""

from __future__ import annotations

import json
from pathlib import Path

from app.office import create
from app.settings import OfficeSection, Settings
from tests.app.conftest import Fengsui


def test_the_list_is_newest_first_and_names_the_people(fengsui: Fengsui, issued_folder: Path) -> None:
    answer = fengsui("warning", "list", "--office", issued_folder, "--json")
    assert answer.code == 0
    draft, issued = answer.json
    assert (draft["state"], draft["number"], draft["issued_at"], draft["signer"]["name"]) == ("draft", None, None, None)
    assert (issued["state"], issued["number"], issued["message_type"]) == ("issued", 1, "alert")
    assert issued["issued_at"] == "2026-06-17T19:15:40Z"
    assert issued["author"]["name"] == "周岚"
    assert issued["signer"]["name"] == "沈知远"
    assert issued["exercise"] is True
    assert {t["name"]: t["level"] for t in issued["towns"]} == {"石坑镇": "red", "云台镇": "orange"}
    assert issued["identifier"]


def test_the_list_is_one_line_for_each_in_the_systems_language(fengsui: Fengsui, issued_folder: Path) -> None:
    chinese = fengsui("warning", "list", "--office", issued_folder, language="zh_CN.UTF-8").out.splitlines()
    assert len(chinese) == 2
    assert "第 1 号  2026-06-18 03:15  【演练】  暴雨 红色  首发  已发布" in chinese[1]
    english = fengsui("warning", "list", "--office", issued_folder).out.splitlines()
    assert "no. 1  2026-06-18 03:15  [EXERCISE]" in english[1]


def test_show_has_the_steps_of_the_journal_and_who_answered(fengsui: Fengsui, issued_folder: Path) -> None:
    shown = fengsui("warning", "show", "1", "--office", issued_folder, "--json").json
    acts = [(line["act"], line["actor_name"]) for line in shown["journal"]]
    assert acts == [
        ("warning.draft", "周岚"),
        ("warning.submit", "周岚"),
        ("warning.sign", "沈知远"),
        ("warning.issue", "周岚"),
    ]
    assert all(len(line["sha"]) == 64 for line in shown["journal"])
    texts = [m for m in shown["messages"] if m["kind"] == "text"]
    assert [(m["recipient"], m["state"]) for m in texts] == [("张三", "delivered"), ("李四", "failed")]
    assert texts[0]["receipts"][0]["at"] == "2026-06-17T19:16:50Z"
    assert texts[1]["receipts"][0]["detail"] == "空号"
    assert [m["state"] for m in shown["messages"] if m["kind"] == "cap"] == ["queued"]
    assert shown["cap"].startswith("<?xml")
    assert "【演练】" in shown["text"]


def test_show_finds_a_warning_by_number_identifier_and_id(fengsui: Fengsui, issued_folder: Path) -> None:
    by_number = fengsui("warning", "show", "1", "--office", issued_folder, "--json").json
    for name in (by_number["id"], by_number["identifier"]):
        assert fengsui("warning", "show", name, "--office", issued_folder, "--json").json == by_number
    answer = fengsui("warning", "show", "77", "--office", issued_folder, "--json")
    assert (answer.code, answer.out) == (1, "")
    assert "77" in answer.err


def test_show_for_people_says_all_of_it(fengsui: Fengsui, issued_folder: Path) -> None:
    text = fengsui("warning", "show", "1", "--office", issued_folder, language="zh_CN.UTF-8").out
    for word in (
        "红色　石坑镇",
        "橙色　云台镇",
        "拟稿 周岚　签发 沈知远",
        "日志 4 行",
        "拟稿",
        "签发",
        "已送达",
        "未送达",
        "空号",
    ):
        assert word in text
    draft = fengsui("warning", "show", "w-second", "--office", issued_folder).out
    assert "signed by nobody yet" in draft
    assert "0 messages" in draft


def test_a_new_office_has_no_warnings_and_says_so(fengsui: Fengsui, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    create(folder, Settings(office=OfficeSection(name="青岚县气象台", adcode="990001", exercise=True)))
    assert fengsui("warning", "list", "--office", folder).out == "There are no warnings yet.\n"
    assert json.loads(fengsui("warning", "list", "--office", folder, "--json").out) == []

"""`fengsui cap check`: the world's messages, and ours."""

from __future__ import annotations

import csv
from pathlib import Path

from tests.app.conftest import Fengsui
from tests.data import need


def test_every_shared_message_gets_an_object_in_order(fengsui: Fengsui) -> None:
    folder = need("cap/alerts")
    rows = list(csv.DictReader((folder / "MANIFEST.csv").read_text("utf-8").splitlines()))
    files = [folder / row["file"] for row in rows]
    answer = fengsui("cap", "check", "--json", *files)
    assert answer.code == 1
    assert [d["file"] for d in answer.json] == [str(f) for f in files]
    verdicts = {row["file"]: d["valid"] for row, d in zip(rows, answer.json, strict=True)}
    broken = [row["file"] for row in rows if row["xsd_valid"] != "True" or row["cap_version"] != "1.2"]
    assert broken
    assert not any(verdicts[name] for name in broken)
    assert sum(verdicts.values()) > 20
    for document in answer.json:
        assert document["valid"] is not bool(document["errors"])
        for finding in (*document["errors"], *document["warnings"]):
            assert set(finding) == {"rule", "where", "message"}
            assert finding["message"]


def test_every_message_that_was_broken_on_purpose_is_found(fengsui: Fengsui) -> None:
    files = sorted(need("cap/derived_invalid").glob("*.xml"))
    answer = fengsui("cap", "check", "--json", *files)
    assert answer.code == 1
    assert len(answer.json) == len(files) > 20
    assert [d["file"] for d in answer.json if d["valid"]] == []


def test_our_own_message_is_valid_and_said_so_in_both_languages(
    fengsui: Fengsui, issued_folder: Path, tmp_path: Path
) -> None:
    shown = fengsui("warning", "show", "1", "--office", issued_folder, "--json").json
    file = tmp_path / "issued.xml"
    file.write_text(shown["cap"], encoding="utf-8")
    answer = fengsui("cap", "check", file, "--json")
    assert answer.code == 0
    assert answer.json == [{"file": str(file), "valid": True, "errors": [], "warnings": []}]
    assert fengsui("cap", "check", file).out == f"{file}: valid\n"
    assert fengsui("cap", "check", file, language="zh_CN.UTF-8").out == f"{file}：合格\n"


def test_a_file_that_cannot_be_read_is_an_error_of_that_file_alone(fengsui: Fengsui, tmp_path: Path) -> None:
    (tmp_path / "half.xml").write_text("<alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'>")
    answer = fengsui("cap", "check", "--json", tmp_path / "nowhere.xml", tmp_path, tmp_path / "half.xml")
    assert answer.code == 1
    nowhere, folder, half = answer.json
    for document in (nowhere, folder):
        assert document["error"] == document["errors"][0]["message"]
        assert document["valid"] is False
        assert "cannot be opened" in document["error"]
    assert [e["rule"] for e in half["errors"]] == ["xml.broken"]
    text = fengsui("cap", "check", tmp_path / "half.xml", language="zh_CN.UTF-8")
    assert "不合格" in text.out
    assert "xml.broken" in text.out

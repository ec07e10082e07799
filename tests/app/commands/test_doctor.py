"""`fengsui doctor`, in a process of its own, as it makes an application."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.data import ROOT

WHAT = ["python", "platform", "font", "sound", "input", "store"]


def doctor(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if key not in {"DISPLAY", "WAYLAND_DISPLAY", "LC_ALL"}}
    return subprocess.run(
        [sys.executable, "-m", "app", "doctor", *words],
        cwd=ROOT,
        env={**kept, "PYTHONPATH": str(ROOT), "LANG": "en_US.UTF-8", **variables},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


def findings(ran: subprocess.CompletedProcess[str]) -> dict[str, dict[str, Any]]:
    return {finding["what"]: finding for finding in json.loads(ran.stdout)}


def test_every_thing_is_looked_at_and_the_code_says_whether_one_is_bad(issued_folder: Path) -> None:
    ran = doctor("--json", "--quiet", "--office", str(issued_folder))
    found = findings(ran)
    assert list(found) == WHAT
    assert ran.returncode == int(any(f["health"] == "bad" for f in found.values()))
    assert (found["store"]["health"], found["store"]["code"]) == ("good", "store.good")
    assert (found["font"]["health"], found["font"]["facts"]["missing"]) == ("good", "0")
    assert (found["platform"]["health"], found["platform"]["facts"]["platform"]) == ("limited", "offscreen")
    assert found["sound"]["code"] in {"sound.not_played", "sound.no_player"}
    assert ran.stderr == ""


def test_it_speaks_the_systems_language_to_people(issued_folder: Path) -> None:
    chinese = doctor("--quiet", "--office", str(issued_folder), LANG="zh_CN.UTF-8").stdout.splitlines()
    english = doctor("--quiet", "--office", str(issued_folder)).stdout.splitlines()
    assert len(chinese) == len(english) == len(WHAT)
    assert chinese[4].split("：")[0].endswith("输入法")
    assert english[4][2:].startswith("Input method:")


def test_a_named_office_that_is_not_there_is_bad_and_the_users_own_is_not(tmp_path: Path) -> None:
    named = findings(doctor("--json", "--quiet", "--office", str(tmp_path / "none")))["store"]
    own = findings(doctor("--json", "--quiet", XDG_DATA_HOME=str(tmp_path)))["store"]
    assert (named["health"], own["health"]) == ("bad", "limited")
    assert "fengsui office new" in own["sentence"]


def test_a_damaged_store_is_found_with_its_sentence(tmp_path: Path, issued_folder: Path) -> None:
    (tmp_path / "office.toml").write_bytes((issued_folder / "office.toml").read_bytes())
    (tmp_path / "store.sqlite").write_bytes(b"damaged" * 1000)
    found = findings(doctor("--json", "--quiet", "--office", str(tmp_path), LANG="zh_CN.UTF-8"))["store"]
    assert found["health"] == "bad"
    assert "office check" in found["sentence"]

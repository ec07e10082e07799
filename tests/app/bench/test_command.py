"""What the benches share: their words, and work in a process of its own."""

from __future__ import annotations

import json
import math
import subprocess
import sys

import pytest

from app.bench.measure.command import command
from app.bench.measure.own_process import in_own_process, resident_mb


def _run(*, quick: bool, silent: bool) -> dict[str, object]:
    return {"quick": quick, "silent": silent}


def test_a_bench_prints_its_record_when_it_is_asked_for_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["bench", "--json", "--quick"])
    assert command("map", _run) == 0
    assert json.loads(capsys.readouterr().out) == {"quick": True, "silent": True}


def test_a_bench_refuses_what_it_does_not_know(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["bench", "--fast"])
    assert command("map", _run) == 2
    assert capsys.readouterr().err == "bench map takes --quick and --json, not --fast\n"


def test_a_process_of_its_own_answers_and_has_a_memory_of_its_own() -> None:
    assert 0 < in_own_process(resident_mb) < resident_mb()


def test_a_process_that_fails_is_no_answer(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        in_own_process(math.sqrt, -1.0)
    assert "math domain error" in capfd.readouterr().err

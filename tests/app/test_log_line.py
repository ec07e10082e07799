"""A name with a line break writes no line of its own, in the log or in a sentence."""

from __future__ import annotations

import logging
from pathlib import Path

from app.log_line import LogLine
from models.errors import DataError
from tests.app.conftest import Fengsui


def test_a_message_stands_on_one_line_and_a_traceback_below_it() -> None:
    record = logging.LogRecord("a", logging.INFO, "a.py", 1, "%s: gone", ("b\nERROR app: forged\u202e",), None)
    assert LogLine().format(record) == "INFO a: b\ufffdERROR app: forged\ufffd: gone"
    record.exc_text = "Traceback\n  cause"
    assert LogLine().format(record).splitlines()[1:] == ["Traceback", "  cause"]


def test_a_file_whose_name_has_a_line_break_takes_one_line_of_a_sentence(fengsui: Fengsui, tmp_path: Path) -> None:
    for file in ("a\nERROR forged.csv", Path("a\nERROR forged.csv")):
        said = DataError("table.empty", file=file, sheet="").sentence("en")
        assert "a\ufffdERROR forged.csv" in said
        assert "\n" not in said
    answer = fengsui("cap", "check", str(tmp_path / "a\nERROR forged: all is lost.xml"))
    assert answer.code != 0
    assert not any(line.startswith("ERROR forged") for line in (answer.out + answer.err).splitlines())

"""The sheet on paper: a PDF with everything that the card says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from pytestqt.qtbot import QtBot

from tests import make
from tests.widgets.scene import sheet
from widgets.warning.print_sheet import page_of, print_pdf


def test_the_page_says_exercise_towns_text_times_and_receipts(qtbot: QtBot, put_on: Callable[[str, str], None]) -> None:
    put_on("light", "zh")
    said = page_of(sheet(card=True), "青岚县气象台").toPlainText()
    for part in (
        "演练",
        "青岚县气象台",
        "第 3 号",
        "■ 红色",
        "石坑镇",
        make.TEXT,
        *make.GUIDE,
        "03:07",
        "沈知远",
        "韦青山",
    ):
        assert part in said


def test_the_page_becomes_a_pdf(qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "warning.pdf"
    print_pdf(sheet(card=True), "青岚县气象台", file)
    assert file.read_bytes().startswith(b"%PDF-")
    assert file.stat().st_size > 5000


def test_marks_of_html_in_a_text_are_only_letters(qtbot: QtBot) -> None:
    shown = sheet(card=True)
    said = page_of(replace(shown, signal="<b>x</b>"), "A & B").toPlainText()
    assert "<b>x</b>" in said
    assert "A & B" in said

"""The console's words in Chinese: none is missing, and what ships is what was written."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from defusedxml import ElementTree

from tests.data import ROOT

BOOK = ROOT / "resources" / "translations" / "zh_CN.ts"


def linguist(tool: str, *words: str) -> None:
    """Run a tool of Qt Linguist, as it lies beside the interpreter."""
    command = shutil.which(f"pyside6-{tool}", path=str(Path(sys.executable).parent))
    assert command is not None
    done = subprocess.run([command, *words], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The book as it would be after ``dev.py translate``."""
    copy = tmp_path_factory.mktemp("words") / "zh_CN.ts"
    shutil.copy(BOOK, copy)
    sources = [str(path.relative_to(ROOT)) for room in ("app", "widgets") for path in (ROOT / room).rglob("*.py")]
    linguist("lupdate", *sorted(sources), "-no-obsolete", "-locations", "none", "-ts", str(copy))
    return copy


def test_every_word_of_the_console_is_in_chinese(book: Path) -> None:
    missing = []
    for message in ElementTree.parse(book).iter("message"):
        translation = message.find("translation")
        assert translation is not None
        if translation.get("type") == "unfinished" or not "".join(translation.itertext()).strip():
            missing.append(message.findtext("source"))
    assert missing == []


def test_every_word_is_written_where_it_is_translated() -> None:
    """Qt's tools read the code's text: a word handed on in a variable, or inside an f-string, never reaches the book.

    ``str(...)`` stands for words that are marked by ``QT_TRANSLATE_NOOP``.
    """
    unseen = []
    for path in (file for room in ("app", "widgets") for file in (ROOT / room).rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        inside = {id(part) for text in ast.walk(tree) if isinstance(text, ast.JoinedStr) for part in ast.walk(text)}
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args):
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            if name == "tr" or (name == "translate" and isinstance(getattr(call.args[0], "value", None), str)):
                word = call.args[name == "translate"]
                marked = isinstance(word, ast.Call) and ast.unparse(word.func) == "str"
                plain = isinstance(word, ast.Constant) and isinstance(word.value, str)
                if not (plain or marked) or id(call) in inside:
                    unseen.append(f"{path.relative_to(ROOT)}:{call.lineno} {ast.unparse(call)}")
    assert unseen == []


def test_the_shipped_translation_is_what_the_book_says(tmp_path: Path) -> None:
    made = tmp_path / "zh_CN.qm"
    linguist("lrelease", str(BOOK), "-qm", str(made))
    assert made.read_bytes() == BOOK.with_suffix(".qm").read_bytes(), "run: python3 dev.py translate"


def test_a_register_has_one_word_in_chinese_wherever_it_is_shown() -> None:
    shown = [BOOK, ROOT / "README.md", *(ROOT / "resources" / "phrases").glob("*.toml")]
    others = {
        f"{file.name}: {word}"
        for file in shown
        for word in ("名册", "台账")
        if word in file.read_text(encoding="utf-8")
    }
    assert others == set(), "登记表 is the word"

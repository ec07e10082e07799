"""The house itself: what lies where, what it is called, and what must not be in it."""

from __future__ import annotations

import ast
import hashlib
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

import resources
from tests.data import ROOT, need

ROOMS = ("app", "widgets", "layers", "models", "resources")
PAPERS = {"README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE"}
MACHINERY = {
    *("dev.py", "pyproject.toml", "requirements.lock", "requirements-web.lock", "build.spec"),
    *(".pre-commit-config.yaml", ".gitignore"),
}
HIDDEN = {".git", ".venv", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".import_linter_cache", ".hypothesis"}
NO_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "handler", "scripts", "docs"}
ERRORS = {"ConsoleError", "DataError", "StoreError", "DeliveryError", "SettingsError", "IllegalStepError"}
BUILT = {"DamageError": ("radar.", {"file", "byte"})}  # errors that become one later: their prefix, and facts added


@cache
def files() -> tuple[str, ...]:
    """Every file of the project: what git knows or would add; without git, what lies there and is not hidden."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listing.returncode == 0 and (ROOT / ".git").exists():
        names = listing.stdout.split("\0")
    else:
        made = {"__pycache__", "build", "dist", "demo-out", "fengsui.egg-info"}
        found = [path.relative_to(ROOT) for path in ROOT.rglob("*")]
        names = [path.as_posix() for path in found if not made & set(path.parts) and path.parts[0] not in HIDDEN]
    return tuple(sorted(name for name in names if name and (ROOT / name).is_file()))


def modules() -> tuple[str, ...]:
    """The Python files of the five rooms."""
    return tuple(name for name in files() if name.endswith(".py") and name.split("/")[0] in ROOMS)


def dotted(name: str) -> str:
    """``models/grid.py`` as ``models.grid``."""
    return name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@cache
def tree(name: str) -> ast.Module:
    return ast.parse((ROOT / name).read_text(encoding="utf-8"))


def holds_code(name: str) -> bool:
    """Whether a module is more than a docstring."""
    return len(tree(name).body) > 1


def texts() -> Iterator[tuple[str, str]]:
    """Every file that is text."""
    for name in files():
        data = (ROOT / name).read_bytes()
        if b"\0" not in data[:4096]:
            yield name, data.decode("utf-8", errors="replace")


def sentences(entry: dict[str, Any], key: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """Every code of errors.toml with its sentences by language."""
    for name, value in entry.items():
        if isinstance(value, dict):
            here = f"{key}.{name}" if key else name
            said = {language: text for language, text in value.items() if isinstance(text, str)}
            if said:
                yield here, said
            yield from sentences(value, here)


def facts(sentence: str) -> set[str]:
    """The facts that a sentence names."""
    return {re.split(r"[.\[]", field)[0] for _, field, _, _ in Formatter().parse(sentence) if field}


def raised() -> Iterator[tuple[str, str, set[str] | None]]:
    """Where, code and facts of every error for people; facts are None where they are handed on."""
    for name in modules():
        for node in ast.walk(tree(name)):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            code = node.args[0]
            if called in ERRORS | set(BUILT) and isinstance(code, ast.Constant) and isinstance(code.value, str):
                prefix, added = BUILT.get(called, ("", set()))
                given = {word.arg for word in node.keywords if word.arg} | added
                handed_on = any(word.arg is None for word in node.keywords)
                yield f"{name}:{node.lineno}", f"{prefix}{code.value}", None if handed_on else given


def nothing(found: Iterable[str], what: str) -> None:
    """Fail with one line for each thing that was found."""
    lines = sorted(found)
    assert not lines, f"{what}:\n" + "\n".join(lines)


def test_top_level_is_what_the_plan_says() -> None:
    top = {name.split("/")[0] for name in files()}
    assert top == {*ROOMS, "tests", ".ci"} | PAPERS | MACHINERY


def test_no_file_has_more_than_400_lines() -> None:
    lines = {name: len((ROOT / name).read_bytes().splitlines()) for name in files() if name.endswith(".py")}
    nothing((f"{name} {count}" for name, count in lines.items() if count > 400), "longer than 400 lines")


def test_nothing_is_named_after_a_drawer() -> None:
    nothing((name for name in files() if NO_NAMES & set(name.removesuffix(".py").split("/"))), "names of drawers")


def test_every_module_has_one_caption_in_architecture() -> None:
    paper = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    captions = re.findall(r"^[-|] `([\w/]+\.py)`\s*\S+", paper, re.MULTILINE)
    nothing({name for name in captions if captions.count(name) > 1}, "more than one caption")
    nothing({name for name in modules() if holds_code(name)} - set(captions), "modules without a caption")
    nothing(set(captions) - set(modules()), "captions without a module")


def _imports(names: list[str], then: str) -> str:
    program = f"import importlib, sys\nfor name in {names!r}: importlib.import_module(name)\n{then}"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_module_can_be_imported_and_says_nothing() -> None:
    assert _imports([dotted(name) for name in modules()], "") == ""


def test_no_qt_is_loaded_below_the_widgets() -> None:
    below = [dotted(name) for name in modules() if name.split("/")[0] in {"models", "layers", "resources"}]
    loaded = _imports(below, "print(*sorted({name.split('.')[0] for name in sys.modules}), sep='\\n')").split()
    assert "models" in loaded
    assert not {"PySide6", "shiboken6", "pyqtgraph", "pyqtlet2"} & set(loaded)


def test_the_clock_is_handed_in_and_nobody_sleeps_below_the_desks() -> None:
    banned = {("datetime", "now"), ("datetime", "utcnow"), ("date", "today"), ("time", "time"), ("time", "sleep")}
    found = []
    for name in modules():
        if name.split("/")[0] == "app":
            continue
        for node in ast.walk(tree(name)):
            if isinstance(node, ast.Attribute):
                owner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
                if (owner, node.attr) in banned or node.attr == "processEvents":
                    found.append(f"{name}:{node.lineno} {owner}.{node.attr}")
    nothing(found, "clocks and waits of their own")


@pytest.fixture(name="book")
def _book() -> dict[str, dict[str, str]]:
    """The sentences of every error by code and language."""
    return dict(sentences(resources.table("phrases/errors")))


def test_every_error_has_its_sentence_in_both_languages(book: dict[str, dict[str, str]]) -> None:
    nothing((code for code, entry in book.items() if set(entry) != {"zh", "en"}), "not in zh and en")
    nothing((f"{where} {code}" for where, code, _ in raised() if code not in book), "codes without a sentence")


def test_every_sentence_of_the_errors_is_used(book: dict[str, dict[str, str]]) -> None:
    """A code stands in full in some string, or its last words are a string that a code is built from."""
    strings = {
        node.value
        for name in modules()
        for node in ast.walk(tree(name))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    in_full = {code for text in strings for code in re.findall(r"[a-z0-9_]+(?:\.[a-z0-9_]+)+", text)}
    built = {code for code in book if code.rpartition(".")[2].removesuffix("_cut") in strings}
    nothing(set(book) - in_full - built, "sentences nobody says")


def test_every_error_carries_the_facts_that_its_sentences_name(book: dict[str, dict[str, str]]) -> None:
    named = {code: set[str]().union(*(facts(text) for text in entry.values())) for code, entry in book.items()}
    nothing(
        (
            f"{where} {code}: {', '.join(sorted(named[code] - given))}"
            for where, code, given in raised()
            if code in book and given is not None and named[code] - given
        ),
        "facts that are named but not given",
    )


def test_no_path_of_a_machine_and_no_registry_is_written_anywhere() -> None:
    homes = re.compile(r"(?<![\w.])/(?:" + "home|root|Users|work|" + r"opt/\w+)/\w")
    hosts = re.compile("|".join(("pypi" + r"\.org", "python" + "hosted", "index" + r"-url\s*=", "file" + ":///")))
    found = []
    for name, text in texts():
        for number, line in enumerate(text.splitlines(), 1):
            if homes.search(line) or hosts.search(line) or (len(ROOT.parts) > 2 and f"{ROOT.parent}/" in line):
                found.append(f"{name}:{number} {line.strip()[:80]}")
    nothing(found, "paths of a machine, or registries")


def test_pyside_keeps_its_count_of_none(qtbot: QtBot) -> None:
    """PySide6 6.12.0 drops one reference to None per void call, and Python 3.11 dies of it."""
    if sys.version_info >= (3, 12):
        pytest.skip("None is immortal from Python 3.12 on")
    timer = QTimer()
    before = sys.getrefcount(None)
    for wait_ms in range(200):
        timer.setInterval(wait_ms)
    assert sys.getrefcount(None) > before - 50


def test_every_shipped_file_names_its_source() -> None:
    told = re.findall(r"`([^`\s]+)`", (ROOT / "resources" / "SOURCES.md").read_text(encoding="utf-8"))
    shipped = [name.removeprefix("resources/") for name in files() if name.startswith("resources/")]
    own = {"__init__.py", "SOURCES.md"}
    silent = (name for name in shipped if name not in own and not any(fnmatch(name, pattern) for pattern in told))
    nothing(silent, "not named in resources/SOURCES.md")


def test_no_file_is_a_copy_of_shared_data() -> None:
    shared: dict[int, list[Path]] = {}
    for path in need(".").rglob("*"):
        if path.is_file():
            shared.setdefault(path.stat().st_size, []).append(path)
    copies = []
    for name in files():
        size = (ROOT / name).stat().st_size
        mine = hashlib.sha256((ROOT / name).read_bytes()).digest() if size > 64 and size in shared else b""
        copies += [
            f"{name} = {path.name}"
            for path in shared.get(size, ())
            if mine and hashlib.sha256(path.read_bytes()).digest() == mine
        ]
    nothing(copies, "copies of shared data")


def test_the_lock_holds_every_dependency_with_hashes() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    for lock, wanted in (
        ("requirements.lock", project["dependencies"] + extras["dev"] + extras["build"]),
        ("requirements-web.lock", project["dependencies"] + extras["web"]),
    ):
        text = (ROOT / lock).read_text(encoding="utf-8")
        entries = re.split(r"\n(?=\w)", text.split("\n", 1)[1])
        assert [entry for entry in entries if "--hash=sha256:" not in entry] == []
        locked = {entry.split("==")[0] for entry in entries}
        names = {re.split(r"[^\w-]", line)[0].lower() for line in wanted}
        assert names - locked == set()
        assert "pyside6-essentials==6.9.3" in text


def test_ci_can_be_run() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK) or os.name == "nt"


def test_changelog_has_a_place_for_what_is_new() -> None:
    assert "## Unreleased" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

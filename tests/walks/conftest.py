"""The demo office, built once for all walks, and a copy of it for each."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QLockFile

from app.demo.office import build_demo_office, is_demo_office
from app.demo.scene import OPENING_AT
from app.office import Office, open_office
from tests.walks.open_console import open_console

BUILD_MS = 180_000


@pytest.fixture(scope="session")
def built_office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo office as it is made: nothing taken from its inbox yet. Nobody writes here."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    folder, lock = shared / "demo-office", QLockFile(str(shared / "demo-office.lock"))
    lock.setStaleLockTime(0)
    assert lock.tryLock(BUILD_MS), "another worker builds the demo office for ever"
    try:
        if not is_demo_office(folder):
            build_demo_office(folder, lambda _step, _done: None)
    finally:
        lock.unlock()
    return folder


@pytest.fixture
def demo_folder(built_office: Path, tmp_path: Path) -> Path:
    """A copy of the demo office, half an hour of data in its inbox."""
    return Path(shutil.copytree(built_office, tmp_path / "office"))


@pytest.fixture(scope="session")
def morning_folder(built_office: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo office after its first half hour was taken: alarms in the store, volumes put away. Nobody writes here."""
    folder = tmp_path_factory.mktemp("morning") / "office"
    shutil.copytree(built_office, folder)
    with open_console(open_office(folder), OPENING_AT) as opened:
        opened.settle()
    return folder


@pytest.fixture
def morning(morning_folder: Path, tmp_path: Path) -> Office:
    """A copy of the office with its alarms; it opens at once, as its archive was left behind."""
    folder = Path(shutil.copytree(morning_folder, tmp_path / "office", ignore=_no_volumes))
    return open_office(folder)


@pytest.fixture(scope="session")
def quiet_office(built_office: Path) -> Callable[[Path], Office]:
    """Return ``copy(folder)``: the demo office with nothing in its inbox, which opens at once."""

    def copy(folder: Path) -> Office:
        shutil.copytree(built_office, folder, ignore=_no_data)
        (folder / "inbox").mkdir(exist_ok=True)
        return open_office(folder)

    return copy


def _no_volumes(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name.startswith("Z_RADR")]


def _no_data(folder: str, names: list[str]) -> list[str]:
    return names if Path(folder).name == "inbox" else []

"""The demo office, built once in a run of the tests, whichever worker needs it first."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QLockFile

from app.demo.office import build_demo_office

BUILD_MS = 180_000
_SAID = "demo-office.json"


@pytest.fixture(scope="session")
def built_office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo office as it is made: nothing taken from its inbox yet. Nobody writes here."""

    def build(folder: Path) -> None:
        said: list[tuple[str, float]] = []
        build_demo_office(folder, lambda step, part: said.append((step, part)))
        (folder.parent / _SAID).write_text(json.dumps(said), encoding="utf-8")

    return made_once(tmp_path_factory, "demo-office", build)


def said_at_building(built: Path) -> list[tuple[str, float]]:
    """Return the progress that was told while the demo office was built: steps, and the part that was done."""
    return [(step, part) for step, part in json.loads((built.parent / _SAID).read_text(encoding="utf-8"))]


def made_once(factory: pytest.TempPathFactory, name: str, build: Callable[[Path], None]) -> Path:
    """Make a folder once for all workers of a run; it gets its name when it is whole."""
    base = factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    whole, lock = shared / name, QLockFile(str(shared / f"{name}.lock"))
    lock.setStaleLockTime(0)
    assert lock.tryLock(BUILD_MS), f"another worker has been making {name} for too long"
    try:
        if not whole.exists():
            part = shared / f"{name}.part"
            shutil.rmtree(part, ignore_errors=True)
            build(part)
            part.rename(whole)
    finally:
        lock.unlock()
    return whole

"""The command line as an operator calls it, and an office with one warning issued."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from app import cli
from app.office import create
from app.settings import DrillSection, OfficeSection, Settings
from models.store.database import Store
from tests.app import issued_office


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command ended with."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on stdout."""
        return json.loads(self.out)


Fengsui = Callable[..., Answer]


@pytest.fixture
def fengsui(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Fengsui:
    """Run a command through its front door, in this process; ``language`` is the system's."""

    def run(*words: object, language: str = "en_US.UTF-8") -> Answer:
        monkeypatch.setattr(sys, "argv", ["fengsui", *map(str, words)])
        for name in ("LC_ALL", "LC_MESSAGES"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("LANG", language)
        monkeypatch.setenv("COLUMNS", "200")
        monkeypatch.setenv("NO_COLOR", "1")
        code = 0
        try:
            cli.main()
        except SystemExit as end:
            code = int(end.code or 0)
        out, err = capfdbinary.readouterr()
        return Answer(code, out.decode(), err.decode())

    return run


@pytest.fixture(scope="session")
def issued_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office that issued one warning; shared, so tests only read it."""
    folder = tmp_path_factory.mktemp("issued") / "qinglan"
    settings = Settings(
        office=OfficeSection(
            name="青岚县气象台", name_en="Qinglan Meteorological Office", adcode="990001", exercise=True
        ),
        drill=DrillSection(adcodes=("990001",), phones=("000",)),
    )
    office = create(folder, settings)
    with Store.open(office.store_path) as store:
        store.write_now(partial(issued_office.fill, office=office.issuing))
    return folder


@pytest.fixture
def nobody_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A user without an office; returns where it would lie."""
    home = tmp_path / "home"
    monkeypatch.setenv("XDG_DATA_HOME", str(home))
    if os.name == "nt":
        monkeypatch.setenv("LOCALAPPDATA", str(home))
    return home / "fengsui"

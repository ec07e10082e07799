"""The demo office as a walk finds it: whole, lean, quiet, or after its first half hour; a copy for each."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import tomlkit

from app.demo.scene import OPENING_AT
from app.office import Office, open_office
from app.settings import FILE_NAME
from tests.demo_office import built_office, made_once
from tests.walks.open_console import open_console

__all__ = ["built_office"]


@pytest.fixture(scope="session")
def morning_folder(built_office: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo office after its first half hour was taken: alarms in the store, volumes put away. Nobody writes here."""

    def take_in(folder: Path) -> None:
        shutil.copytree(built_office, folder)
        with open_console(open_office(folder), OPENING_AT) as opened:
            opened.settle()

    return made_once(tmp_path_factory, "morning-office", take_in)


@pytest.fixture
def demo_folder(built_office: Path, tmp_path: Path) -> Path:
    """A copy of the demo office, half an hour of data in its inbox."""
    return Path(shutil.copytree(built_office, tmp_path / "office"))


@pytest.fixture
def lean_folder(built_office: Path, tmp_path: Path) -> Path:
    """A copy of the demo office with the volumes of one radar only, for what must fail soon."""
    ignored = shutil.ignore_patterns("Z_RADR_I_QLX*")
    return _without_layers(Path(shutil.copytree(built_office, tmp_path / "office", ignore=ignored)))


@pytest.fixture
def morning(morning_folder: Path, tmp_path: Path) -> Office:
    """A copy of the office with its alarms; it opens at once, as its archive and the layers of its own were left behind."""
    folder = Path(shutil.copytree(morning_folder, tmp_path / "office", ignore=_no_volumes))
    return open_office(_without_layers(folder))


@pytest.fixture
def zoned_morning(morning_folder: Path, tmp_path: Path) -> Office:
    """The same with the layers of its own, which are hidden until somebody asks for one."""
    return open_office(Path(shutil.copytree(morning_folder, tmp_path / "office", ignore=_no_volumes)))


@pytest.fixture(scope="session")
def quiet_office(built_office: Path) -> Callable[[Path], Office]:
    """Return ``copy(folder)``: the demo office with nothing in its inbox and no layer of its own, which opens at once."""

    def copy(folder: Path) -> Office:
        shutil.copytree(built_office, folder, ignore=_no_data)
        (folder / "inbox").mkdir(exist_ok=True)
        return open_office(_without_layers(folder))

    return copy


def _without_layers(folder: Path) -> Path:
    """Let an office have no layer of its own: each start would read all eight, in two processes made for that."""
    path = folder / FILE_NAME
    settings = tomlkit.parse(path.read_text("utf-8"))
    del settings["layer"]
    path.write_text(tomlkit.dumps(settings), "utf-8")
    return folder


def _no_volumes(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name.startswith("Z_RADR")]


def _no_data(folder: str, names: list[str]) -> list[str]:
    return names if Path(folder).name == "inbox" else []

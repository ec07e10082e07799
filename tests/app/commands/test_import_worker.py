"""`points import` reads a stranger's file in a worker process: what never ends there is ended and named."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.commands import points_import
from app.office import create
from app.settings import OfficeSection, Settings
from app.worker import worker_table
from app.worker.process_pool import ProcessPool
from models.errors import DataError
from models.store import registers
from models.store.database import Store
from tests.app.conftest import Fengsui
from tests.endless_view import write_endless

POINTS = (
    "id,name,kind,lon,lat,person,phone,blue_1h,red_1h\nP1,石坑沟,flash_flood,113.05,24.05,张三,000-0000-0001,20,40\n"
)


@pytest.fixture(autouse=True)
def _its_own_worker(monkeypatch: pytest.MonkeyPatch, _one_worker: None) -> None:
    monkeypatch.setattr(points_import, "ProcessPool", ProcessPool)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    settings = Settings(office=OfficeSection(name="青岚县气象台", adcode="990001", exercise=True))
    return create(tmp_path / "office", settings).folder


@pytest.fixture
def endless(tmp_path: Path) -> Path:
    """A GeoPackage with a view that joins 2,000 rows with themselves twice and finds nothing."""
    path = tmp_path / "endless.gpkg"
    write_endless(path)
    return path


def test_a_view_that_joins_without_end_is_killed_and_named_and_nothing_is_imported(
    fengsui: Fengsui, folder: Path, endless: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_table, "READ_S", 0.3)
    words = ("points", "import", endless, "--sheet", "seen", "--office", folder)
    answer = fengsui(*words, "--json")
    assert answer.code == 1
    assert answer.json["refused"]
    assert "“endless.gpkg” had no result after 0.3 s" in answer.json["error"]
    assert "“endless.gpkg”超过 0.3 秒" in fengsui(*words, language="zh_CN.UTF-8").out
    with Store.open(folder / "store.sqlite") as store:
        assert store.read(registers.imports) == ()


def test_the_bytes_of_a_file_are_never_parsed_in_the_process_of_the_command(
    fengsui: Fengsui, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def parsed_here(*_: object) -> None:
        raise AssertionError("a stranger's bytes in the command's own process")

    monkeypatch.setattr(worker_table, "read_table", parsed_here)
    file = tmp_path / "points.csv"
    file.write_text(POINTS, encoding="utf-8")
    assert fengsui("points", "import", file, "--office", folder).code == 0
    with pytest.raises(AssertionError):
        worker_table.table_in(file)


def test_a_worker_that_cannot_start_is_told(
    fengsui: Fengsui, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "points.csv"
    file.write_text(POINTS, encoding="utf-8")

    class NoPool(ProcessPool):
        def submit(self, name: str, *_: object, **__: object) -> None:  # type: ignore[override]
            raise DataError("jobs.no_worker", job=name)

    monkeypatch.setattr(points_import, "ProcessPool", NoPool)
    answer = fengsui("points", "import", file, "--office", folder)
    assert answer.code == 1
    assert "No background process can be started, so “points.csv” was not done." in answer.out

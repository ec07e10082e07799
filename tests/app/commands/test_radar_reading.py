"""Radar files for a command: read in worker processes, in order, none stopping another; and what `radar info` says."""

from __future__ import annotations

import bz2
import logging
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.commands.radar_reading import each_of
from tests.app import worker_jobs as jobs
from tests.app.conftest import Fengsui
from tests.data import need
from tests.models.radar import fmt_bytes, legacy_bytes, pup_bytes, xad_bytes
from tests.models.radar.raster_bytes import geotiff


@pytest.mark.logs
def test_whatever_one_file_does_the_others_are_answered_in_their_order(caplog: pytest.LogCaptureFixture) -> None:
    names = ["slow", "a", "bad", "dies", "b", "fails", "hangs", "eats", "c", *map(str, range(9))]
    answers = list(each_of([Path(name) for name in names], jobs.named, limit_s=6.0))
    assert [answer.path.name for answer in answers] == names
    lost = {"bad", "dies", "fails", "hangs", "eats"}
    codes = {answer.path.name: answer.error.code for answer in answers if answer.error is not None}
    assert {answer.value for answer in answers if answer.error is None} == set(names) - lost
    assert codes == {
        "bad": "radar.empty",
        "dies": "jobs.worker_died",
        "fails": "radar.reader_failed",
        "hangs": "jobs.too_long",
        "eats": "jobs.too_much_memory",
    }
    for answer in answers:
        if answer.error is not None:
            assert answer.path.name in answer.error.sentence("zh")
    (record,) = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert record.exc_info is not None, "our own fault goes to the log with its traceback"


def test_no_process_is_left_when_nobody_wants_the_rest() -> None:
    started = time.monotonic()
    answers = each_of([Path("a"), *[Path("slow")] * 30], jobs.named)
    assert next(answers).value == "a"
    answers.close()  # type: ignore[attr-defined]
    assert time.monotonic() - started < 15


def keys(document: dict[str, Any], *names: str) -> set[str]:
    """Which of these names a document lacks."""
    return set(names) - set(document)


def test_info_is_one_array_with_an_object_for_every_kind_of_file(fengsui: Fengsui, tmp_path: Path) -> None:
    """The contract that other programs rely on."""
    raw = fmt_bytes.small_volume()
    files = {
        "volume.bin": raw,
        "packed.bin": bz2.compress(raw),
        "raster.bin": pup_bytes.product(pup_bytes.raster([[1] * 464] * 464)),
        "grid.tif": geotiff(np.zeros((1, 30, 40), np.float32)),
        "nowhere.bin": legacy_bytes.record_volume(2),
        "unproven.bin": legacy_bytes.record_volume(2, size=4132),
        "half.bin": raw[:-1],
        "empty.bin": b"",
        "text.csv": b"station,time\n",
        "unknown.bin": bytes(range(256)) * 20,
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    answer = fengsui("radar", "info", "--json", *[tmp_path / name for name in files])
    assert answer.code == 1
    said = dict(zip(files, answer.json, strict=True))
    assert [Path(document["file"]).name for document in answer.json] == list(files)
    common = ("format", "layout", "unproven", "kind", "complete", "started_at", "site", "sweeps", "oddities")
    for name in ("volume.bin", "packed.bin", "raster.bin", "grid.tif", "nowhere.bin", "unproven.bin", "half.bin"):
        assert not keys(said[name], *common), name
        assert said[name]["started_at"].endswith("Z")
        assert ("error" in said[name]) == (name == "half.bin")
    for name in ("empty.bin", "text.csv", "unknown.bin"):
        assert set(said[name]) == {"file", "error"}
        assert said[name]["error"].startswith(name)
    volume, half = said["volume.bin"], said["half.bin"]
    assert {**volume, "file": ""} == {**said["packed.bin"], "file": ""}
    assert (volume["kind"], volume["complete"], volume["announced"]) == ("volume", True, 2)
    assert not keys(volume["site"], "code", "name", "lon_deg", "lat_deg", "altitude_m")
    for sweep in volume["sweeps"]:
        assert (sweep["rays"], sweep["moments"]["dBZ"]["gates"], sweep["moments"]["dBZ"]["gate_m"]) == (36, 20, 1000)
        assert not keys(sweep, "elevation_deg", "number", "started_at", "nyquist_ms")
    assert (half["complete"], len(half["sweeps"]), half["announced"]) == (False, 1, 2)
    assert "byte" in half["error"]
    product = said["raster.bin"]["product"]
    assert (said["raster.bin"]["kind"], said["raster.bin"]["sweeps"]) == ("product", [])
    assert {k: product[k] for k in ("code", "name", "unit", "levels", "rows", "columns", "cell_m")} == {
        "code": 37, "name": "CR", "unit": "dBZ", "levels": 16, "rows": 464, "columns": 464, "cell_m": 1000.0,
    }  # fmt: skip
    grid = said["grid.tif"]
    assert (grid["kind"], grid["site"], grid["sweeps"]) == ("grid", None, [])
    assert not keys(grid["grid"], "name", "role", "unit", "layers", "rows", "columns", "crs", "transform", "heights_m")
    assert (grid["grid"]["rows"], grid["grid"]["columns"], grid["grid"]["unit"]) == (30, 40, "dBZ")
    assert said["nowhere.bin"]["site"]["lon_deg"] is None
    assert (said["unproven.bin"]["unproven"], said["nowhere.bin"]["unproven"]) == (True, False)


def test_radial_products_name_their_gates(fengsui: Fengsui) -> None:
    path = need("radar/cinrad_rstm_nanhai_products/ppi/Z9757_20161021000203Z_PPI_02_dBZ")
    (document,) = fengsui("radar", "info", "--json", path).json
    product = document["product"]
    assert (product["code"], product["name"], product["unit"]) == (1, "PPI", "dBZ")
    assert (product["gate_m"], product["rows"], product["columns"], product["levels"]) == (75, 364, 1333, 256)
    assert "cell_m" not in product


def test_people_read_the_same_in_lines_one_file_after_the_other(fengsui: Fengsui, tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(fmt_bytes.small_volume())
    (tmp_path / "b.bin").write_bytes(b"")
    (tmp_path / "c.bin").write_bytes(xad_bytes.volume())
    for language, mark in (("en_US.UTF-8", "UNPROVEN"), ("zh_CN.UTF-8", "未经实际资料验证")):
        answer = fengsui("radar", "info", *[tmp_path / f"{name}.bin" for name in "abc"], language=language)
        assert answer.code == 1
        blocks = answer.out.split("\n\n")
        assert [Path(block.splitlines()[0]).name for block in blocks] == ["a.bin", "b.bin", "c.bin"]
        assert mark in blocks[2]
        assert mark not in blocks[0]

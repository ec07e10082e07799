"""The headless face: every command through its front door."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import rasterio
from PySide6.QtGui import QImage

from tests.app.conftest import Fengsui
from tests.data import ROOT, need

COMMANDS = (
    *((), ("demo",), ("doctor",), ("screenshot",), ("radar",), ("radar", "info"), ("radar", "mosaic")),
    *(("radar", "picture"), ("radar", "section")),
    *(("points",), ("points", "import"), ("cap",), ("cap", "check"), ("warning",), ("warning", "list")),
    *(("warning", "show"), ("office",), ("office", "new"), ("office", "check"), ("office", "backup")),
    *(
        ("office", "restore"),
        ("office", "vouch"),
        ("office", "reindex"),
        ("office", "people"),
        ("office", "people", "add"),
        ("office", "people", "pin"),
    ),
    ("office", "people", "list"),
)
ZG170 = "radar/cinrad_base/Z_RADR_I_ZG170_20260329064800_O_DOR_YTD2_CAP_FMT.bin.bz2"
GUANGZHOU = "radar/cinrad_pup_z9200_20110916/CR_37/20110916.001200.00.37.200"
CUT = "radar/damaged/Z_RADR_I_ZS140_20090501120000_O_DOR_CA_CAP_FMT.trunc_mid.bin.bz2"


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(words) or "fengsui")
@pytest.mark.parametrize("option", ["-h", "--help"])
def test_every_command_tells_what_it_does(fengsui: Fengsui, words: tuple[str, ...], option: str) -> None:
    answer = fengsui(*words, option)
    assert answer.code == 0
    assert " ".join(("Usage: fengsui", *words)) in " ".join(answer.out.split())
    assert "completion" not in answer.out


@pytest.mark.parametrize(
    "words",
    [
        ("no-such-command",),
        ("radar", "info"),
        ("radar", "info", "--no-such-option", "x"),
        ("warning", "show"),
        ("points", "import"),
        ("screenshot", "--out", "x.png", "--size", "wide"),
        ("screenshot", "--out", "x.png", "--size", "1x1"),
        ("screenshot", "--out", "x.png", "--theme", "pink"),
        ("screenshot", "--out", "x.png", "--task", "sleep"),
        ("screenshot", "--out", "x.png", "--view", "wall"),
        ("screenshot", "--out", "x.png", "--bounds", "106,28,107,29"),
        ("demo", "--speed", "-1"),
        ("--office", "somewhere", "doctor"),
        ("radar", "mosaic", "x", "--bounds", "1,2,3", "--out", "x.tif"),
        ("radar", "mosaic", "x", "--bounds", "1,2,3,4", "--out", "x.tif", "--product", "cappi"),
        ("radar", "mosaic", "x", "--bounds", "1,2,3,4", "--out", "x.tif", "--rule", "loudest"),
    ],
    ids=" ".join,
)
def test_wrong_use_ends_with_2_and_says_so_on_stderr(fengsui: Fengsui, words: tuple[str, ...]) -> None:
    answer = fengsui(*words)
    assert answer.code == 2
    assert answer.out == ""
    assert "Traceback" not in answer.err
    assert answer.err.strip()


@pytest.mark.usefixtures("nobody_home")
@pytest.mark.parametrize(
    "words",
    [("warning", "list"), ("warning", "show", "1"), ("office", "backup"), ("office", "people", "list")],
    ids=" ".join,
)
def test_a_missing_office_ends_in_one_sentence_of_the_systems_language(
    fengsui: Fengsui, words: tuple[str, ...], tmp_path: Path
) -> None:
    for options in ((), ("--office", tmp_path / "nowhere")):
        for language, says in (("zh_CN.UTF-8", "没有台站"), ("en_US.UTF-8", "There is no office in")):
            answer = fengsui(*words, *options, language=language)
            assert answer.code == 1
            assert answer.out == ""
            assert says in answer.err
            assert answer.err.count("\n") == 1


@pytest.mark.parametrize(
    "words", [("--help",), ("radar", "--help"), ("radar", "mosaic", "--help"), ("radar", "picture", "-h")]
)
def test_the_command_line_is_light_to_import(words: tuple[str, ...]) -> None:
    """Help must not wait for Qt, geodata, numpy or the store."""
    program = (
        f"import sys\nfrom app import cli\nsys.argv = ['fengsui', *{words!r}]\ntry: cli.main()\nexcept SystemExit: pass\n"
        "heavy = {'PySide6', 'numpy', 'pandas', 'geopandas', 'rasterio', 'shapely', 'pydantic', 'sqlite_utils', 'lxml'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    own = "[]" if words == ("--help",) else "['pydantic']"  # typer takes it itself to tell options of a command
    assert done.stderr.strip() in {"[]", own}
    assert ("office" in done.stdout) == (words == ("--help",) or words[1] in {"mosaic", "picture"})


def test_radar_info_prints_an_array_with_one_object_for_each_file_in_order(fengsui: Fengsui, tmp_path: Path) -> None:
    (tmp_path / "none.bin").touch()
    files = [need(ZG170), need(GUANGZHOU), need(CUT), tmp_path / "none.bin", tmp_path / "nowhere.bin"]
    answer = fengsui("radar", "info", "--json", *files)
    assert answer.code == 1
    volume, product, cut, empty, nowhere = answer.json
    assert [d["file"] for d in answer.json] == [str(f) for f in files]
    assert (volume["kind"], volume["complete"], volume["started_at"]) == ("volume", True, "2026-03-29T06:48:00Z")
    assert volume["site"]["code"] == "ZG170"
    assert [s["rays"] for s in volume["sweeps"]] == [363] * 5
    assert volume["sweeps"][0]["moments"]["dBZ"]["gates"] == 973
    assert volume["sweeps"][0]["moments"]["dBZ"]["gate_m"] == 75
    assert "error" not in volume
    assert product["kind"] == "product"
    assert product["sweeps"] == []
    assert {"code", "name", "unit", "levels", "rows", "columns", "cell_m"} <= set(product["product"])
    assert product["product"]["code"] == 37
    assert cut["error"]
    assert set(empty) == {"file", "error"}
    assert empty["error"].startswith(f"{files[3].name}: the file is empty, 0 bytes.")
    assert "cannot be opened" in nowhere["error"]


def test_radar_info_speaks_to_people_in_the_systems_language(fengsui: Fengsui) -> None:
    chinese = fengsui("radar", "info", need(ZG170), language="zh_CN.UTF-8")
    english = fengsui("radar", "info", need(ZG170))
    assert (chinese.code, english.code) == (0, 0)
    assert "体扫" in chinese.out
    assert "volume scan" in english.out
    assert "363" in chinese.out


def test_radar_mosaic_leaves_a_geotiff_that_any_gis_opens(fengsui: Fengsui, tmp_path: Path) -> None:
    out = tmp_path / "cr.tif"
    bounds = ("--bounds", "112.5,23.2,114.5,24.8", "--resolution-m", "1000")
    answer = fengsui("radar", "mosaic", need(GUANGZHOU), *bounds, "--out", out)
    assert answer.code == 0, answer.err
    assert str(out) in answer.out
    with rasterio.open(out) as file:
        value, age, height, source, count = file.read()
        assert np.isnan(height).all(), "a product does not say how high its beam was"
        assert set(np.unique(count).tolist()) <= {0, 1}
        tags = file.tags()
        assert file.crs.to_epsg() == 3857
        assert file.res[0] == file.res[1]
    assert (tags["PRODUCT"], tags["UNIT"], tags["TIME"]) == ("cr", "dBZ", "2011-09-16T00:12:00+00:00")
    assert len(json.loads(tags["SOURCES"])) == 1
    assert np.nanmax(value) >= 40
    assert set(np.unique(source)) <= {0.0, 1.0}
    assert (age[source == 1] == 0).all()


def test_a_mosaic_of_what_is_no_radar_ends_in_one_sentence(fengsui: Fengsui, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("a,b\n")
    answer = fengsui("radar", "mosaic", tmp_path / "list.csv", "--bounds", "1,2,3,4", "--out", tmp_path / "x.tif")
    assert answer.code == 1
    assert answer.err.count("\n") == 1
    assert not (tmp_path / "x.tif").exists()


def test_office_commands_are_found_behind_the_light_door(fengsui: Fengsui, issued_folder: Path) -> None:
    people = fengsui("office", "people", "list", "--office", issued_folder, "--json")
    assert people.code == 0
    assert [p["name"] for p in people.json] == ["周岚", "沈知远"]


@pytest.mark.parametrize("task", ["watch", "issue"])
def test_a_screenshot_is_drawn_without_a_display(issued_folder: Path, tmp_path: Path, task: str) -> None:
    """In a process of its own, as it makes an application; on a copy, as the console takes the office over."""
    out, office = tmp_path / "new" / "console.png", tmp_path / "office"
    shutil.copytree(issued_folder, office)
    words = ["screenshot", "--office", str(office), "--out", str(out), "--size", "1366x768", "--task", task]
    ran = subprocess.run(
        [sys.executable, "-m", "app", *words, "--language", "zh", "--theme", "dark"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (ran.returncode, ran.stdout) == (0, f"{out}\n"), ran.stderr
    picture = QImage(str(out))
    assert (picture.width(), picture.height()) == (1366, 768)
    assert len({picture.pixel(x, y) for x in range(0, 1366, 3) for y in range(0, 768, 3)}) > 50


def test_a_picture_that_cannot_be_written_is_a_sentence_and_no_success(issued_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(issued_folder, tmp_path / "office")
    (tmp_path / "file").touch()
    ran = subprocess.run(
        [
            *(sys.executable, "-m", "app", "screenshot", "--office", str(tmp_path / "office")),
            *("--out", str(tmp_path / "file" / "x.png")),
        ],
        cwd=ROOT,
        env={**os.environ, "LC_ALL": "en_US.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ran.returncode == 1
    assert ran.stdout == ""
    assert "was not written" in ran.stderr
    assert "Traceback" not in ran.stderr

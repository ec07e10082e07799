"""`fengsui radar picture` and `radar section` through their front door: files in, pictures out, no office, no screen."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from app.commands.radar_picture import words_of
from app.commands.radar_section import table_of
from app.demo.cma_writer import write_volume
from app.demo.radars import RADARS
from app.office import create
from app.settings import OfficeSection, Settings
from layers.radar_chart import ChartWish, chart_of
from models.radar.decoders import read
from models.radar.quantity import CR, NO_ECHO
from models.radar.section import place_on, section_of
from models.radar.stack_of_cuts import cuts_round
from models.radar.upright import Heights
from models.radar.volume import Volume
from tests.app.commands.test_radar_files import NOW, volume
from tests.app.conftest import Fengsui
from tests.data import ROOT, need
from tests.models.radar import fmt_bytes, pup_bytes
from tests.models.radar.raster_bytes import geotiff
from tests.models.radar.test_cma_kinds import upright
from widgets import language

LINE = ("--from", "106.9,29.2", "--to", "107.5,29.05")


@pytest.fixture(autouse=True)
def _english_again(qapp: QApplication) -> Iterator[None]:
    yield
    language.use(qapp, "en")


def colors(path: Path) -> int:
    picture = QImage(str(path))
    assert not picture.isNull()
    return len({picture.pixel(x, y) for x in range(0, picture.width(), 2) for y in range(0, picture.height(), 2)})


def rhi() -> bytes:
    return fmt_bytes.head([fmt_bytes.cut_header(0.0, azimuth=15.0, angles=(40.0, 0.0))], scan=2) + upright(
        1, 15.0, start=1, end=6
    )


FILES = {
    "volume.bin": (fmt_bytes.small_volume(), ()),
    "second.bin": (fmt_bytes.small_volume(), ("--sweep", "2", "--moment", "dbz", "--theme", "dark")),
    "vil.bin": (fmt_bytes.small_volume(), ("--product", "vil")),
    "rhi.bin": (rhi(), ()),
    "product.bin": (pup_bytes.product(pup_bytes.raster([[row % 16] * 464 for row in range(464)])), ()),
    "grid.tif": (geotiff(np.arange(1200, dtype=np.float32).reshape(1, 30, 40) / 20), ("--language", "zh")),
}


@pytest.mark.parametrize("name", FILES)
def test_every_kind_of_file_has_its_picture(fengsui: Fengsui, tmp_path: Path, name: str) -> None:
    raw, options = FILES[name]
    path, out = tmp_path / name, tmp_path / "new" / "out.png"
    path.write_bytes(raw)
    answer = fengsui("radar", "picture", path, *options, "--size", "640x480", "--out", out)
    assert (answer.code, answer.out) == (0, f"{out}\n"), answer.err
    assert (QImage(str(out)).width(), QImage(str(out)).height()) == (640, 480)
    assert colors(out) > 12


def test_what_is_whole_of_a_broken_volume_is_drawn_and_said(fengsui: Fengsui, tmp_path: Path) -> None:
    (tmp_path / "cut.bin").write_bytes(fmt_bytes.small_volume()[:-1])
    answer = fengsui("radar", "picture", tmp_path / "cut.bin", "--out", tmp_path / "a.png")
    assert answer.code == 1
    assert "breaks off" in answer.out.splitlines()[1]
    assert colors(tmp_path / "a.png") > 12


def test_what_cannot_be_drawn_ends_in_a_sentence_and_no_picture(fengsui: Fengsui, tmp_path: Path) -> None:
    (tmp_path / "volume.bin").write_bytes(fmt_bytes.small_volume())
    (tmp_path / "text.csv").write_text("a,b\n")
    (tmp_path / "file").touch()
    out = tmp_path / "out.png"
    for words, says in (
        (("text.csv",), "seems to be text"),
        (("volume.bin", "--sweep", "3"), "no cut or moment"),
        (("volume.bin", "--moment", "ZDR"), "2 cuts with dBZ"),
    ):
        answer = fengsui("radar", "picture", tmp_path / words[0], *words[1:], "--out", out)
        assert (answer.code, answer.out, answer.err.count("\n")) == (1, "", 1)
        assert says in answer.err
    assert not out.exists()
    answer = fengsui("radar", "picture", tmp_path / "volume.bin", "--out", tmp_path / "file" / "a.png")
    assert answer.code == 1
    assert "was not written" in answer.err


def test_a_picture_is_drawn_in_a_process_without_display_or_office(tmp_path: Path) -> None:
    out = tmp_path / "cr.png"
    path = need("radar/cinrad_pup_z9200_20110916/CR_37/20110916.001200.00.37.200")
    env = {k: v for k, v in os.environ.items() if k not in {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}}
    ran = subprocess.run(
        [sys.executable, "-m", "app", "radar", "picture", str(path), "--out", str(out)],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, f"{out}\n", "")
    assert colors(out) > 50


@pytest.fixture(scope="module", name="drill")
def _drill(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """Two radars of the exercise now, and one of them six minutes ago."""
    folder = tmp_path_factory.mktemp("drill")
    ways = ((0, 0), (1, 0), (0, 6))
    first, second, older = (write_volume(RADARS[i], NOW - timedelta(minutes=m), folder) for i, m in ways)
    return first, second, older


def test_a_section_goes_through_the_newest_volume_of_each_radar(
    fengsui: Fengsui, tmp_path: Path, drill: tuple[Path, Path, Path]
) -> None:
    png, table = tmp_path / "s.png", tmp_path / "s.csv"
    answer = fengsui("radar", "section", *drill, *LINE, "--top-m", "9000", "--out", png, "--csv", table)
    assert answer.code == 0, answer.err
    assert answer.out.splitlines() == [str(png), str(table), "QLS01: 1 earlier files; the newest stands"]
    assert colors(png) > 20
    volumes = [read(path) for path in drill[:2]]
    stacks = [cuts_round(one) for one in volumes if isinstance(one, Volume)]
    section = section_of(stacks, (106.9, 29.2), (107.5, 29.05), heights=Heights(100.0, 90))
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == int((section.codes > 0).sum())
    assert sum(row["dbz"] != "" for row in rows) == int((section.codes > NO_ECHO).sum()) > 100
    for row in rows[:: len(rows) // 50]:
        away, tall = float(row["distance_m"]), float(row["height_m"])
        dbz, radar = section.value_at(away, tall)
        assert radar == row["radar"]
        assert (f"{dbz:.1f}" if row["dbz"] else "-inf") == (row["dbz"] or str(dbz))
        lon, lat = place_on(section.start, section.end, away / section.length_m)
        assert (float(row["lon"]), float(row["lat"])) == pytest.approx((lon, lat), abs=2e-5)
    assert table.read_text(encoding="utf-8") == table_of(section)
    assert CR.unit == "dBZ"


def test_files_that_take_no_part_in_a_section_are_named(
    fengsui: Fengsui, tmp_path: Path, drill: tuple[Path, Path, Path]
) -> None:
    (tmp_path / "text.csv").write_text("a,b\n")
    (tmp_path / "product.bin").write_bytes(pup_bytes.product(pup_bytes.raster([[1] * 464] * 464)))
    (tmp_path / "rhi.bin").write_bytes(rhi())
    (tmp_path / "old.bin").write_bytes(volume("ZT001"))
    odd = [tmp_path / name for name in ("text.csv", "product.bin", "rhi.bin", "old.bin")]
    answer = fengsui("radar", "section", drill[0], *odd, *LINE, "--out", tmp_path / "s.png")
    assert answer.code == 1
    lines = answer.out.splitlines()[1:]
    assert len(lines) == 5, "and that nothing is seen of this line"
    for line, name in zip(lines, ("QLS01", "text.csv", "product.bin", "rhi.bin"), strict=False):
        assert line.startswith("left out: ")
        assert name in line
    nowhere = fengsui("radar", "section", drill[0], "--from", "100,40", "--to", "101,41", "--out", tmp_path / "n.png")
    assert nowhere.code == 1
    assert "--from" in nowhere.out.splitlines()[-1]


def test_a_picture_is_titled_in_words_not_in_the_tags_of_the_file(
    fengsui: Fengsui, tmp_path: Path, drill: tuple[Path, Path, Path], qapp: QApplication
) -> None:
    out = tmp_path / "et.tif"
    fengsui("radar", "mosaic", drill[0], "--product", "et", "--bounds", "106.9,29,107.2,29.2", "--out", out)
    grid = chart_of(read(out), ChartWish(640, 480), file=out.name)
    assert words_of(grid, out.name, "en").title == "echo top   (GeoTIFF)"
    product = pup_bytes.product(pup_bytes.raster([[5] * 464] * 464))
    (tmp_path / "cr.bin").write_bytes(product)
    chart = chart_of(read(tmp_path / "cr.bin"), ChartWish(640, 480), file="cr.bin")
    language.use(qapp, "zh")
    words = words_of(chart, "cr.bin", "zh")
    assert words.title.endswith("组合反射率 CR")
    assert words.notes[0] == "cr.bin（旧格式 PUP 产品）"


def test_the_ground_of_an_office_stands_in_its_section(
    fengsui: Fengsui, tmp_path: Path, drill: tuple[Path, Path, Path]
) -> None:
    office = create(tmp_path / "office", Settings(office=OfficeSection(name="青岚县", adcode="990001", exercise=True)))
    office.archive.mkdir(exist_ok=True)
    pictures = []
    for name, options in (("without", ()), ("with", ("--office", office.folder))):
        if options:
            heights = np.full((1, 120, 150), 1200, np.float32)
            office.dem_path.write_bytes(geotiff(heights, tags={}, transform=_over_the_drill()))
        out = tmp_path / f"{name}.png"
        assert fengsui("radar", "section", drill[0], *LINE, *options, "--out", out).code == 0
        pictures.append(QImage(str(out)))
    plain, ground = pictures
    x, y = 600, plain.height() - 90
    assert plain.pixelColor(x, y) != ground.pixelColor(x, y)
    assert ground.pixelColor(x, y).name() == "#6b6b66"


def _over_the_drill() -> object:
    from rasterio import Affine  # noqa: PLC0415 - one test needs it

    return Affine(0.01, 0, 106.6, 0, -0.01, 29.6)


@pytest.mark.parametrize(
    "words",
    [
        ("picture", "x", "--out", "x.png", "--sweep", "0"),
        ("picture", "x", "--out", "x.png", "--size", "12x12"),
        ("picture", "x", "--out", "x.png", "--size", "9000x400"),
        ("picture", "x", "--out", "x.png", "--product", "rain"),
        ("picture", "x"),
        ("section", "x", "--out", "x.png", "--from", "1,2"),
        ("section", "x", "--out", "x.png", "--from", "1,2", "--to", "1,x"),
        ("section", "x", "--out", "x.png", "--from", "1,2", "--to", "1,2"),
        ("section", "x", "--out", "x.png", "--from", "1,2", "--to", "90,2"),
        ("section", "x", "--out", "x.png", "--from", "1,2", "--to", "1,99"),
        ("section", "x", "--out", "x.png", "--from", "1,2", "--to", "1.5,2", "--top-m", "10"),
    ],
    ids=" ".join,
)
def test_wrong_use_ends_with_2(fengsui: Fengsui, words: tuple[str, ...]) -> None:
    answer = fengsui("radar", *words)
    assert (answer.code, answer.out) == (2, "")
    assert "Traceback" not in answer.err

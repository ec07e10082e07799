"""The map on paper: whole, true to scale, its text text, and the window goes on meanwhile."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import Geod
from PySide6.QtCore import QTimer
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from app.jobs import Jobs
from app.map.pdf_signs import mend_signs
from app.map.print_map import DPI, MapPrinter, PrintFacts, sheet_of, write_sheet
from app.map.print_sources import PrintSource, source_lines
from layers.drawing import Drawings
from layers.grid_layer import GridLayer
from layers.line_layer import LineLayer
from layers.map_view import MapView
from layers.point_layer import PointLayer
from layers.stack import Stack
from layers.unseen_layer import UnseenLayer
from models.errors import DataError
from models.geodesy import to_lonlat
from models.grid import GridArea
from models.hazard.level import Level
from models.hazard.register import Place
from models.radar.quantity import NOT_SEEN
from tests.make import NOW, ago, point
from tests.pdf_text import fonts_in, text_of
from tests.widgets.map.test_cards import mosaic
from widgets import theme as look
from widgets.map.print_sheet import MM, PAGES_MM, PrintSheet, bar_of, foot_of, map_room, names_on, view_of

BOUNDS = (106.6, 28.75, 106.85, 28.95)
SOURCES = (
    PrintSource("mosaic", "Radar mosaic", "青岚山 柳塘", ago(4)),
    PrintSource("points", "Hazard points", "隐患点登记表", day=date(2025, 4, 18)),
    PrintSource("shelters", "Shelters", "not on this sheet"),
)
FACTS = PrintFacts("风险一张图 石坑三镇", "青岚县气象台", SOURCES, ago(4), NOW, exercise=True)


def stack() -> Stack:
    points = [point("SH-1", "石坑沟"), point("SH-2", lon_deg=106.75, lat_deg=28.87)]
    levels = {"SH-1": Level.RED, "SH-2": Level.YELLOW}
    return Stack().put(GridLayer.of_mosaic(mosaic())).put(PointLayer.of_hazards(points, levels))


@pytest.fixture
def sheet(qtbot: QtBot) -> PrintSheet:
    return sheet_of(stack(), BOUNDS, FACTS)


def test_text_stays_text_in_a_pdf_of_a3(sheet: PrintSheet, tmp_path: Path) -> None:
    made = write_sheet(sheet, tmp_path / "map.pdf").read_bytes()
    text = text_of(made)
    for words in (
        "[Exercise]",
        "风险一张图 石坑三镇",
        "青岚县气象台",
        "Radar mosaic",
        "青岚山 柳塘",
        "2026-06-18 03:08",
        "隐患点登记表",
        "2025-04-18",
        "石坑沟",
        "red",
        "dBZ",
    ):
        assert words in text, words
    assert "2026-06-18 03:08" in text
    assert fonts_in(made) >= 1
    assert b"/MediaBox [0 0 1190" in made or b"/MediaBox [0 0 1191" in made
    assert [p.name for p in tmp_path.iterdir()] == ["map.pdf"]


def test_a_table_of_signs_names_what_people_type_and_the_rest_of_the_file_stays(qtbot: QtBot, tmp_path: Path) -> None:
    title = "风青黄马龙长石门食鱼见贝车页 山水"
    sheet = sheet_of(stack(), BOUNDS, replace(FACTS, title=title))
    path = write_sheet(sheet, tmp_path / "map.pdf")
    made = path.read_bytes()
    assert f"\n{title}" in text_of(made)
    first = made[: made.index(b"%%EOF") + len(b"%%EOF")]
    assert title not in text_of(first), "Qt names them rightly by itself: this module can go"
    assert mend_signs(path) == 0
    assert path.read_bytes() == made
    changed = re.findall(rb"^(\d+) 1\n(\d{10}) 00000 n $", made[len(first) :], re.MULTILINE)
    tables = re.findall(rb"/ToUnicode (\d+) 0 R", first)
    assert {number for number, _ in changed} == set(tables), "only the tables of signs are others"
    for number, offset in changed:
        assert made[int(offset) :].startswith(number + b" 0 obj")
    other = tmp_path / "other.pdf"
    other.write_bytes(b"%PDF-1.4 of somebody else")
    assert mend_signs(other) == 0


def test_each_layer_of_the_sheet_is_named_with_whose_it_is_and_of_when(qtbot: QtBot) -> None:
    drawn = dict.fromkeys(("fresh", "late", "day", "old day", "unknown", "outside"), (Drawings(()),))
    sources = (
        PrintSource("fresh", "Mosaic", "three radars", NOW - timedelta(minutes=4)),
        PrintSource("late", "Gauges", "", NOW - timedelta(minutes=40)),
        PrintSource("day", "Shelters", "list.xlsx", day=date(2026, 6, 1)),
        PrintSource("old day", "Roads", "survey", day=date(2018, 6, 1)),
        PrintSource("unknown", "Rivers"),
        PrintSource("hidden", "Schools", "not shown"),
        PrintSource("outside", "Veil"),
    )
    lines = source_lines(sources, drawn, NOW)  # type: ignore[arg-type]
    assert [(one.title, one.source, one.when, one.is_old) for one in lines] == [
        ("Mosaic", "three radars", "2026-06-18 03:08", False),
        ("Gauges", "source not entered", "2026-06-18 02:32  40 min ago", True),
        ("Shelters", "list.xlsx", "2026-06-01", False),
        ("Roads", "survey", "2018-06-01  8 years old", True),
        ("Rivers", "source not entered", "day not entered", True),
    ]
    many = lines * 6
    assert foot_of(many) > foot_of(lines)
    assert map_room("A3", foot_of(many)).bottom() < map_room().bottom()
    sheet = sheet_of(stack(), BOUNDS, FACTS)
    assert [one.title for one in sheet.sources] == ["Radar mosaic", "Hazard points"]


def test_the_legend_on_paper_names_every_layer_and_hatches_what_no_radar_sees(qtbot: QtBot, tmp_path: Path) -> None:
    area = GridArea.over(BOUNDS, 500.0)
    codes = np.full(area.shape, NOT_SEEN, np.uint8)
    road = Place("G1", "G1", "road", "", shapely.to_wkb(shapely.LineString([(106.6, 28.8), (106.8, 28.9)])))
    full = stack().put(UnseenLayer.of_codes(area, codes)).put(LineLayer.of_places("roads", [road], "road"))
    sources = (*SOURCES, PrintSource("unseen", "Not seen"), PrintSource("roads", "Roads", "survey"))
    sheet = sheet_of(full, BOUNDS, replace(FACTS, sources=sources))
    assert [(one.word, one.line) for one in sheet.others] == [("Roads", "road")]
    text = text_of(write_sheet(sheet, tmp_path / "map.pdf").read_bytes())
    assert {"not seen by any radar", "Roads", "survey", "Not seen", "day not entered"} <= set(text.split("\n"))


def test_a_picture_has_300_dots_an_inch(sheet: PrintSheet, tmp_path: Path) -> None:
    image = QImage(str(write_sheet(sheet, tmp_path / "map.png")))
    assert (image.width(), image.height()) == (4961, 3508)
    assert image.dotsPerMeterX() == pytest.approx(DPI / 0.0254, rel=1e-3)


def test_a_point_is_painted_where_it_lies_and_in_its_level(sheet: PrintSheet, tmp_path: Path) -> None:
    image = QImage(str(write_sheet(sheet, tmp_path / "map.png")))
    symbols = next(item for item in sheet.drawings.items if item.name == "points")
    room, ratio = map_room(sheet.page, sheet.foot_px), DPI / 96
    x, y = sheet.view.to_pixels(symbols.x_m, symbols.y_m)  # type: ignore[union-attr]
    for i, level in enumerate((Level.YELLOW, Level.RED)):
        at = round((room.left() + x[i]) * ratio), round((room.top() + y[i]) * ratio)
        near = {image.pixelColor(at[0] + dx, at[1] + dy).name() for dx in range(-22, 23, 2) for dy in range(-22, 23, 2)}
        assert look.LIGHT.level_fill(level).name() in near


def test_the_scale_bar_is_right_to_one_percent(sheet: PrintSheet, tmp_path: Path) -> None:
    length_m, bar_px = bar_of(sheet.view)
    view = sheet.view
    ends = np.array([view.center_x_m, view.center_x_m + bar_px * view.meters_per_pixel])
    lon, lat = to_lonlat(ends, np.array([view.center_y_m] * 2))
    _, _, ground_m = Geod(ellps="WGS84").inv(lon[0], lat[0], lon[1], lat[1])
    assert ground_m == pytest.approx(length_m, rel=0.01)
    image = QImage(str(write_sheet(sheet, tmp_path / "map.png")))
    room, ratio = map_room(sheet.page, sheet.foot_px), DPI / 96
    y = round((room.bottom() + 4.5 * MM + 0.8 * MM) * ratio)
    ink = QColor(look.LIGHT.text)
    right = round((room.right() - 12 * MM) * ratio)
    dark = [x for x in range(right - round((bar_px + 10) * ratio), right + 4) if image.pixelColor(x, y) == ink]
    assert (max(dark) - min(dark)) / ratio == pytest.approx(bar_px, rel=0.01)


def test_bounds_fit_into_the_map_of_the_page() -> None:
    view = view_of(0, 0, 10_000, 30_000)
    assert view.height * view.meters_per_pixel == pytest.approx(30_000)
    assert view.width * view.meters_per_pixel > 10_000
    width, height = PAGES_MM["A3"]
    room = map_room()
    assert room.right() < width * MM
    assert room.bottom() < height * MM


def test_outside_an_exercise_no_mark_is_printed(qtbot: QtBot, tmp_path: Path) -> None:
    facts = PrintFacts("图", "台", (), None, NOW, exercise=False)
    sheet = sheet_of(stack(), BOUNDS, facts)
    text = text_of(write_sheet(sheet, tmp_path / "map.pdf").read_bytes())
    assert "Exercise" not in text
    image = QImage(str(write_sheet(sheet, tmp_path / "map.png")))
    assert {image.pixelColor(x, 8).name() for x in range(0, 4000, 7)} == {look.LIGHT.panel.lower()}


def test_names_that_would_collide_are_not_all_printed(qtbot: QtBot) -> None:
    crowd = [point(f"P-{i}", f"点{i}", lon_deg=106.7 + i * 1e-5) for i in range(60)]
    sheet = sheet_of(Stack().put(PointLayer.of_hazards(crowd, {})), (106.6, 28.75, 106.85, 28.95), FACTS)
    assert len(names_on(sheet)) < 20


def test_a_file_that_cannot_be_written_is_named_and_the_former_one_stays(sheet: PrintSheet, tmp_path: Path) -> None:
    (tmp_path / "blocked").write_text("a file")
    with pytest.raises(DataError) as caught:
        write_sheet(sheet, tmp_path / "blocked" / "map.pdf")
    assert caught.value.code == "print.not_written"
    whole = write_sheet(sheet, tmp_path / "map.pdf").read_bytes()
    (tmp_path / ".map.pdf.new").mkdir()
    empty = PrintSheet("t", "s", (), Drawings(()), MapView(0, 0, 10, 400, 300))
    with pytest.raises(DataError):
        write_sheet(empty, tmp_path / "map.pdf")
    assert (tmp_path / "map.pdf").read_bytes() == whole


def test_the_window_goes_on_while_a_worker_prints(qtbot: QtBot, tmp_path: Path) -> None:
    jobs = Jobs()
    printer = MapPrinter(jobs)
    beats: list[bool] = []
    timer = QTimer()
    timer.setInterval(5)
    timer.timeout.connect(lambda: beats.append(True))
    timer.start()
    try:
        with qtbot.waitSignal(printer.printed, timeout=60_000) as caught:
            printer.print_map(stack(), BOUNDS, FACTS, tmp_path / "map.pdf")
    finally:
        timer.stop()
        jobs.close()
    assert caught.args == [tmp_path / "map.pdf"]
    assert "石坑沟" in text_of((tmp_path / "map.pdf").read_bytes())
    assert len(beats) > 10, "painting on this thread would leave no beat between the wish and the file"

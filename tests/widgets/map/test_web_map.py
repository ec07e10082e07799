"""The map's second painter: the same places as the canvas, and a text is never anything but a text."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from layers.drawing import Drawings, PlacedTile, Tile, Tiles
from layers.unseen_layer import UnseenLayer
from models.errors import DataError
from models.geodesy import to_mercator
from models.grid import GridArea
from models.hazard.level import Level
from models.radar.quantity import NOT_SEEN
from tests.widgets.map.web_scene import COUNT, HEIGHT, HOSTILE, SPRITES, WIDTH, drawings, places, view_of
from widgets import theme as look
from widgets.map import web_map, web_painter
from widgets.map.ink import ink_of
from widgets.map.web_page import page_of
from widgets.map.web_painter import Scene, as_json, scene_of

REFERENCE = Path(__file__).parents[2] / "reference" / "leaflet_places.json"
needs_web = pytest.mark.skipif(find_spec("pyqtlet2") is None, reason="the extra `web` is not installed")


def scene() -> Scene:
    return scene_of(drawings(), view_of(WIDTH, HEIGHT), ink_of(look.LIGHT), title=HOSTILE, note="03:12")


@cache
def probe() -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.widgets.map.web_probe"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "QTWEBENGINE_DISABLE_SANDBOX": "1"},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def off_canvas(spots: list[list[float]], size: list[int]) -> float:
    """Return how far places are from where the canvas puts them, px, the worst."""
    view = view_of(int(size[0]), int(size[1]))
    x, y = view.to_pixels(*to_mercator(*places()))
    return float(np.abs(np.array(spots) - np.column_stack([x, y])).max())


def test_leaflet_put_the_points_where_the_canvas_puts_them() -> None:
    """Leaflet's own ``latLngToContainerPoint``, kept with its version."""
    kept = json.loads(REFERENCE.read_text(encoding="utf-8"))
    assert kept["leaflet"]
    assert len(kept["places"]) == COUNT
    assert off_canvas(kept["places"], kept["size"]) < 1.0


@needs_web
def test_the_real_page_puts_the_points_within_a_pixel_and_paints_them_there() -> None:
    answer = probe()
    assert off_canvas(answer["places"], answer["size"]) < 1.0
    wide, high = answer["size"]
    levels = {1: look.LIGHT.level_fill(Level.BLUE).name(), 3: look.LIGHT.level_fill(Level.RED).name()}
    seen = hit = 0
    for i, ((x, y), color) in enumerate(zip(answer["places"], answer["colors"], strict=True)):
        if i % len(SPRITES) not in levels or not (30 < x < wide - 30 and 30 < y < high - 30):
            continue
        seen += 1
        hit += _near(color, levels[i % len(SPRITES)])
    assert seen > 50
    assert hit >= 0.9 * seen  # a neighbor's symbol or name may lie over one


@needs_web
def test_a_name_that_is_code_stays_a_name_on_the_real_page() -> None:
    answer = probe()
    assert answer["pwned"] == "undefined"
    assert answer["elements"] == 0
    assert answer["title"] == HOSTILE
    assert HOSTILE in answer["labels"]


def test_no_text_can_end_the_script_it_stands_in() -> None:
    text = as_json(scene())
    assert "<" not in text
    assert "\u2028" not in text
    assert json.loads(text)["title"] == HOSTILE
    assert json.loads(text)["labels"][0]["text"] == HOSTILE


def test_a_scene_has_the_drawings_in_their_order_and_the_weightiest_name_first() -> None:
    made = scene()
    assert [item["kind"] for item in made["items"]] == ["raster", "areas", "lines", "symbols"]
    assert made["labels"][0]["text"] == HOSTILE
    assert len(made["labels"]) == COUNT
    widths = [ink["width"] for ink in made["items"][2]["inks"]]
    assert widths == sorted(widths, reverse=True)  # halo, case, line
    symbols = made["items"][3]
    assert len(symbols["pictures"]) == len(SPRITES)
    image = QImage.fromData(base64.b64decode(symbols["pictures"][3]))
    assert image.pixelColor(image.width() // 2, image.height() // 2).name() == look.LIGHT.level_fill(Level.RED).name()


def test_a_raster_lies_where_its_cells_lie() -> None:
    made = scene()["items"][0]
    (south, west), (north, east) = made["bounds"]
    assert west <= 106.5
    assert east >= 106.6
    assert south <= 28.5
    assert north >= 28.6
    image = QImage.fromData(base64.b64decode(made["picture"]))
    assert image.pixelColor(0, 0).alpha() > 0


def base_map(columns: int, *, color: bool = False) -> Tiles:
    dice = np.random.default_rng(7)
    view = view_of(WIDTH, HEIGHT)
    side_m = 256 * view.meters_per_pixel
    shape = (256, 256, 4) if color else (256, 256)
    placed = []
    for i in range(columns):
        pixels = dice.integers(1, 255, shape, dtype=np.uint8)
        if color:
            pixels[..., 3] = 255
        placed.append(PlacedTile(Tile(pixels), view.center_x_m + i * side_m, view.center_y_m, side_m, 0, 0, 256.0))
    return Tiles("base_map", tuple(placed), 240, inverted=False, opacity=0.8)


@pytest.mark.parametrize("color", [False, True])
@pytest.mark.parametrize("theme", [look.LIGHT, look.DARK])
def test_the_base_map_goes_into_the_page_and_lies_where_it_lies_on_the_map(color: bool, theme: look.Theme) -> None:
    view = view_of(WIDTH, HEIGHT)
    made = scene_of(Drawings((base_map(2, color=color),)), view, ink_of(theme), note="03:12")
    (item,) = made["items"]
    assert (item["kind"], item["opacity"], item["left_out"], made["note"]) == ("tiles", 0.8, 0, "03:12")
    (south, west), (north, east) = item["tiles"][0]["bounds"]
    (next_south, next_west), _ = item["tiles"][1]["bounds"]
    assert (next_south, next_west) == pytest.approx((south, east))
    x, y = to_mercator(np.array([west, east]), np.array([north, south]))
    left, top = view.to_pixels(x, y)
    assert (left[1] - left[0], top[1] - top[0]) == pytest.approx((256, 256), abs=1e-3)
    image = QImage.fromData(base64.b64decode(item["tiles"][0]["picture"]))
    assert (image.width(), image.height()) == (256, 256)
    mean = np.mean([image.pixelColor(at, at).lightness() for at in range(0, 256, 5)])
    assert bool(mean > 128) is not theme.is_dark or color
    assert as_json(made)


def test_of_a_base_map_too_large_for_a_page_the_rest_is_left_out_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_painter, "MOST_TILE_BYTES", 200_000)
    made = scene_of(Drawings((base_map(5),)), view_of(WIDTH, HEIGHT), ink_of(look.LIGHT), note="03:12")
    (item,) = made["items"]
    assert 1 <= len(item["tiles"]) < 5
    assert item["left_out"] == 5 - len(item["tiles"])
    assert f"{item['left_out']} tiles of the base map were left out" in made["note"]


def test_what_no_radar_sees_is_hatched_in_the_page_too() -> None:
    view = view_of(WIDTH, HEIGHT)
    lon, lat = places()
    area = GridArea.over((float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())), 500.0)
    drawn = UnseenLayer.of_codes(area, np.full(area.shape, NOT_SEEN, np.uint8)).draw(view, 1.0)
    (item,) = scene_of(Drawings(drawn), view, ink_of(look.LIGHT))["items"]
    image = QImage.fromData(base64.b64decode(item["picture"]))
    alphas = [image.pixelColor(x, image.height() // 2).alpha() > 0 for x in range(image.width())]
    assert 0.05 < np.mean(alphas) < 0.5, "lines, with the map between them"


def test_the_saved_page_runs_its_own_scripts_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "leaflet.js").write_text("/* leaflet */ var L = {};\n//# sourceMappingURL=x.map\n", encoding="utf-8")
    (tmp_path / "leaflet.css").write_text(".a { background: url(images/layers.png); }", encoding="utf-8")
    page = page_of(scene(), tmp_path)
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    policy = re.search(r"script-src ([^\"]*)\"", page)
    assert policy is not None
    hashes = policy[1].split()
    assert hashes == [f"'sha256-{base64.b64encode(sha256(s.encode()).digest()).decode()}'" for s in scripts]
    assert "default-src 'none'" in page
    assert not re.search(r"(src|href)=[\"']?(https?:|//|[a-z]+/)", page.split("</head>")[0])
    assert "sourceMappingURL" not in page
    assert "url(" not in page.split("</head>")[0]
    assert HOSTILE not in page
    assert page.count("</script>") == 4


def test_without_the_extra_the_menu_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    monkeypatch.setattr(web_map, "find_spec", lambda _name: None)
    with pytest.raises(DataError, match="--web"):
        web_map.WebMap()


def test_as_root_the_engine_is_not_started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(web_map, "leaflet_folder", lambda: tmp_path)
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    monkeypatch.delenv("QTWEBENGINE_DISABLE_SANDBOX", raising=False)
    with pytest.raises(DataError, match="root"):
        web_map.WebMap()


def _near(color: str, wanted: str) -> bool:
    one, other = (np.array(list(bytes.fromhex(c.removeprefix("#"))), int) for c in (color or "#000000", wanted))
    return bool(np.abs(one - other).max() < 40)

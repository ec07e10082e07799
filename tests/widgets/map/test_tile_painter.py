"""Tiles on the canvas as colors at pixels: whole, from coarser ones, in the tones of both themes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage, QPainter

from layers.drawing import Drawings, PlacedTile, Tile, Tiles
from layers.map_view import MapView
from layers.tile_layer import TileLayer, TileRange
from layers.tiles.tile_grid import WORLD, TileKey, corner_m, side_m
from layers.tiles.tile_picture import kept
from tests.layers.tiles.drawn_tiles import picture
from tests.widgets.map.drawn import rgb
from widgets import theme as look
from widgets.map.canvas import MapCanvas
from widgets.map.frame import Frame
from widgets.map.tile_painter import TileImages, paint_tiles

MAP = TileRange((0, 10), WORLD, 256)
KEY = TileKey(6, 40, 20)


def view(pixels: int = 256) -> MapView:
    """Return 400 x 300 pixels about the corner that four tiles share, upper left one `KEY`."""
    x_m, y_m = corner_m(TileKey(6, 41, 21))
    return MapView(x_m, y_m, side_m(6) / pixels, 400, 300)


def tile(key: TileKey, *, color: bool = True) -> Tile:
    rgba = np.dstack([picture(key)[..., ::-1], np.full((256, 256), 255, np.uint8)])
    found = kept(rgba, color=color)
    assert found is not None
    return found


def four(*, color: bool = True) -> dict[TileKey, Tile]:
    keys = [TileKey(6, x, y) for y in (20, 21) for x in (40, 41)]
    return {key: tile(key, color=color) for key in keys}


def painted(items: dict[TileKey, Tile], seen: MapView, *, dark: bool = False, usual: int = 240) -> tuple[QImage, int]:
    (drawing,) = TileLayer("m", items, MAP, usual).draw(seen, 1.0)
    assert isinstance(drawing, Tiles)
    return painted_drawing(drawing, seen, dark=dark)


def painted_drawing(drawing: Tiles, seen: MapView, *, dark: bool = False) -> tuple[QImage, int]:
    image = QImage(seen.width, seen.height, QImage.Format.Format_RGB32)
    image.fill(QColor("#00FF00"))
    painter = QPainter(image)
    count = paint_tiles(painter, drawing, Frame.of_view(seen, 1.0), dark=dark)
    painter.end()
    return image, count


@pytest.mark.parametrize("pixels", [256, 200, 333])
def test_four_tiles_meet_without_a_seam(pixels: int) -> None:
    image, count = painted(four(), view(pixels))
    assert count >= 4
    green = [(x, y) for x in range(120, 280) for y in range(70, 230) if rgb(image, x, y) == (0, 255, 0)]
    assert green == []
    for key, (x, y) in zip(four(), [(150, 130), (250, 130), (150, 180), (250, 180)], strict=True):
        gray = int(picture(key)[128, 128, 0])
        assert rgb(image, x, y) == (gray, gray, gray), key


def test_a_tile_at_its_own_size_is_copied_pixel_by_pixel() -> None:
    image, _ = painted(four(), view(256))
    pixels = np.array(image.constBits()).reshape(300, 400, 4)[150:290, 200:390, :3]
    np.testing.assert_array_equal(pixels, picture(TileKey(6, 41, 21))[:140, :190])


def test_a_coarser_tile_stands_in_at_the_right_place() -> None:
    parent = TileKey(5, 20, 10)  # holds all four: its own middle is their corner
    image, _ = painted({parent: tile(parent)}, view(256))
    gray = int(picture(parent)[128, 128, 0])
    assert rgb(image, 190, 140) == (gray, gray, gray)
    assert rgb(image, 210, 160) == (gray, gray, gray)
    far = replace(
        view(256), center_x_m=corner_m(KEY)[0] + side_m(6) * 0.2, center_y_m=corner_m(KEY)[1] - side_m(6) * 0.2
    )
    image, _ = painted({parent: tile(parent)}, far)
    assert rgb(image, 170, 120) == (255, 255, 255)  # its white corner, twice as large
    assert rgb(image, 220, 170) == (gray, gray, gray)


@pytest.mark.parametrize(("dark", "usual"), [(False, 245), (True, 30)])
def test_grays_get_the_tones_of_the_theme(dark: bool, usual: int) -> None:
    ground = int(picture(KEY)[128, 128, 0])
    image, _ = painted(four(color=False), view(256), dark=dark, usual=ground)
    red, green, blue = rgb(image, 150, 130)
    assert red == green == blue == usual


def test_a_map_of_print_is_swapped_in_the_dark_only() -> None:
    (drawing,) = TileLayer("m", {KEY: Tile(np.full((256, 256), 1, np.uint8))}, MAP, 240, inverted=True).draw(
        view(), 1.0
    )
    assert isinstance(drawing, Tiles)
    print_dark = rgb(painted_drawing(drawing, view(), dark=True)[0], 100, 100)[0]
    print_light = rgb(painted_drawing(drawing, view())[0], 100, 100)[0]
    ground_dark = rgb(painted({KEY: Tile(np.full((256, 256), 240, np.uint8))}, view(), dark=True)[0], 100, 100)[0]
    assert print_dark > 150 > print_light
    assert ground_dark < 40


def test_colors_are_dimmed_at_night() -> None:
    by_day, by_night = (rgb(painted(four(), view(), dark=dark)[0], 150, 130)[0] for dark in (False, True))
    assert by_night == pytest.approx(by_day * (1 - 96 / 255), abs=2)


def test_nothing_is_painted_outside_of_the_frame() -> None:
    away = replace(view(), center_x_m=0.0, center_y_m=0.0)
    assert painted_drawing(Tiles("m", painted_places()), away)[1] == 0


def painted_places() -> tuple[PlacedTile, ...]:
    (drawing,) = TileLayer("m", four(), MAP).draw(view(), 1.0)
    assert isinstance(drawing, Tiles)
    return drawing.tiles


def test_a_hole_shows_the_ground() -> None:
    pixels = np.full((256, 256), 200, np.uint8)
    pixels[:, 128:] = 0
    image, _ = painted({KEY: Tile(pixels)}, view(256))
    assert rgb(image, 190, 100) == (0, 255, 0)
    assert rgb(image, 20, 100) != (0, 255, 0)


def test_pictures_are_made_once_and_no_more_are_kept_than_a_screen_needs() -> None:
    images = TileImages()
    tiles = [Tile(np.full((8, 8), 9, np.uint8)) for _ in range(300)]
    for one in tiles:
        images.image(one, (240, False, False))
    images.image(tiles[-1], (240, False, False))
    assert images.made == 300
    images.trim(1)
    images.image(tiles[-1], (240, False, False))
    assert images.made == 300
    images.image(tiles[0], (240, False, False))
    assert images.made == 301


def test_the_canvas_shows_tiles_under_everything_and_turns_them_with_the_theme(canvas: MapCanvas) -> None:
    (drawing,) = TileLayer("m", four(color=False), MAP, usual=int(picture(KEY)[128, 128, 0])).draw(view(), 1.0)
    canvas.resize(400, 300)
    canvas.show_view(view())
    canvas.show_drawings(Drawings((drawing,)))
    assert rgb(canvas.grab().toImage(), 150, 130) == (245, 245, 245)
    canvas.show_theme(look.DARK)
    assert rgb(canvas.grab().toImage(), 150, 130) == (30, 30, 30)

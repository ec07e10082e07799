"""Which tiles a view needs, and what stands in for those that are not there yet."""

from __future__ import annotations

import numpy as np
import pytest

from layers.drawing import Tile, Tiles
from layers.map_view import MapView
from layers.stack import Stack, draw
from layers.tile_layer import TileLayer, TileRange
from layers.tiles.tile_grid import EDGE_M, WORLD, TileKey, corner_m, in_meters, sharp_zoom, side_m, tiles_over
from layers.tiles.tile_picture import kept, over, usual_gray
from models.geodesy import to_mercator

WHOLE = TileRange((0, 10), WORLD, 256)


def tile(gray: int = 200) -> Tile:
    return Tile(np.full((256, 256), gray, np.uint8))


def view_of(key: TileKey, pixels: int = 256, size: int = 256) -> MapView:
    """Return a view whose middle is a tile's, at ``pixels`` a side of a tile."""
    west_m, north_m = corner_m(key)
    half = side_m(key.z) / 2
    return MapView(west_m + half, north_m - half, side_m(key.z) / pixels, size, size)


def drawn(layer: TileLayer, view: MapView) -> Tiles:
    (item,) = layer.draw(view, 1.0)
    assert isinstance(item, Tiles)
    return item


def test_a_place_lies_in_the_tile_that_everybody_else_finds_it_in() -> None:
    """Figures of the common formula (OpenStreetMap wiki, slippy map tile names) for 107.0 E 29.2 N."""
    x, y = to_mercator(np.array([107.0]), np.array([29.2]))
    columns, rows = tiles_over((float(x[0]), float(y[0]), float(x[0]) + 1, float(y[0]) + 1), 13)
    lat = np.radians(29.2)
    row = (1 - np.log(np.tan(lat) + 1 / np.cos(lat)) / np.pi) / 2 * 2**13
    assert (columns[0], rows[0]) == (int((107 + 180) / 360 * 2**13), int(row))


@pytest.mark.parametrize(("pixels", "z"), [(256, 6), (190, 6), (350, 6), (370, 7), (170, 5)])
def test_the_zoom_is_the_one_that_is_nearest_to_the_screen(pixels: int, z: int) -> None:
    assert sharp_zoom(side_m(6) / pixels, 0, 18) == z
    assert sharp_zoom(side_m(6) / pixels, 0, 4) == 4


def test_a_view_needs_its_tiles_and_a_margin_the_middle_first() -> None:
    middle = TileKey(6, 40, 20)
    needed = WHOLE.needed(view_of(middle, size=300))
    assert needed[0] == middle
    assert set(needed) == {TileKey(6, x, y) for x in (39, 40, 41) for y in (19, 20, 21)}


def test_nothing_is_asked_for_outside_of_the_map_or_where_it_would_be_too_much() -> None:
    only = TileRange((6, 10), in_meters((106.0, 28.0, 108.0, 30.0)), 256)
    assert only.needed(view_of(TileKey(6, 3, 3))) == ()
    assert only.needed(MapView(0.0, 0.0, 100_000.0, 1920, 1080))  # the whole world: a few tiles of the coarsest zoom
    assert TileRange((12, 12), WORLD, 256).needed(MapView(0.0, 0.0, 10_000.0, 1920, 1080)) == ()


def test_sharp_tiles_lie_where_they_belong() -> None:
    key = TileKey(6, 40, 20)
    (placed,) = drawn(TileLayer("m", {key: tile()}, WHOLE), view_of(key)).tiles
    assert (placed.west_m, placed.north_m) == pytest.approx(corner_m(key))
    assert (placed.side_m, placed.left_px, placed.top_px, placed.side_px) == (side_m(6), 0.0, 0.0, 256.0)


def test_a_missing_tile_is_shown_from_the_coarser_one_over_it() -> None:
    key = TileKey(6, 41, 22)
    parent = tile()
    parts = drawn(TileLayer("m", {key.ancestor(2): parent}, WHOLE), view_of(key, size=200)).tiles
    part = next(p for p in parts if (p.west_m, p.north_m) == corner_m(key))
    assert part.tile is parent
    assert (part.left_px, part.top_px, part.side_px) == (64.0, 128.0, 64.0)  # column 1 and row 2 of 4
    assert part.side_m == side_m(6)


def test_a_missing_tile_is_shown_from_the_finer_ones_under_it() -> None:
    key = TileKey(6, 41, 22)
    finer = {child: tile() for child in key.children}
    parts = drawn(TileLayer("m", {**finer, key.ancestor(1): tile()}, WHOLE), view_of(key, size=100)).tiles
    corners = {(p.west_m, p.north_m): p for p in parts if p.side_m == side_m(7)}
    assert set(corners) == {corner_m(child) for child in key.children}
    assert all(corners[corner_m(child)].tile is one for child, one in finer.items())
    inside = [p for p in parts if p.side_m == side_m(6) and (p.west_m, p.north_m) == corner_m(key)]
    assert inside == []  # four whole children need nothing under them


def test_a_view_beyond_the_finest_zoom_enlarges_it() -> None:
    shallow = TileRange((0, 3), WORLD, 256)
    key = TileKey(3, 5, 2)
    (placed,) = drawn(TileLayer("m", {key: tile()}, shallow), view_of(TileKey(6, 44, 20))).tiles
    assert placed.side_m == side_m(3)


def test_the_same_drawing_is_given_again_as_long_as_it_shows_what_is_needed() -> None:
    key = TileKey(6, 40, 20)
    layer = TileLayer("m", {TileKey(6, x, y): tile() for x in range(37, 44) for y in range(17, 24)}, WHOLE)
    first = drawn(layer, view_of(key, size=400))
    west = view_of(key, size=300)
    assert drawn(layer, west) is first
    assert drawn(layer, view_of(TileKey(6, 42, 20), size=400)) is not first


def test_the_base_map_lies_under_everything_whenever_it_comes() -> None:
    key = TileKey(6, 40, 20)
    base = TileLayer("base_map", {key: tile()}, WHOLE)
    other = TileLayer("other", {key: tile()}, WHOLE, storey=Stack().put(base).items[0].layer.storey)
    items = draw(Stack().put(other).put(base), view_of(key)).items
    assert [item.name for item in items] == ["other", "base_map"]


def test_a_picture_is_kept_as_grays_or_in_its_colors_and_nothing_if_nothing_is_seen() -> None:
    picture = np.zeros((4, 4, 4), np.uint8)
    assert kept(picture, color=False) is None
    picture[:2] = (200, 100, 0, 255)
    picture[2] = (200, 100, 0, 128)
    gray, color = kept(picture, color=False), kept(picture, color=True)
    assert gray is not None
    assert color is not None
    assert gray.pixels[:, 0].tolist() == [119, 119, 119, 0]  # 0.299 R + 0.587 G + 0.114 B
    assert color.pixels[0, 0].tolist() == [0, 100, 200, 255]
    assert color.pixels[2, 0].tolist() == pytest.approx([0, 50, 100, 128], abs=1)


def test_a_black_pixel_is_no_hole() -> None:
    picture = np.zeros((2, 2, 4), np.uint8)
    picture[..., 3] = 255
    found = kept(picture, color=False)
    assert found is not None
    assert (found.pixels == 1).all()


def test_names_lie_over_the_map_where_they_are_and_let_it_through_where_not() -> None:
    below, above = np.full((2, 2, 4), 255, np.uint8), np.zeros((2, 2, 4), np.uint8)
    above[0, 0] = (0, 0, 0, 255)
    above[0, 1] = (0, 0, 0, 128)
    found = over(below, above)
    assert found is not None
    assert found[..., 0].tolist() == [[0, pytest.approx(127, abs=1)], [255, 255]]
    assert (found[..., 3] == 255).all()
    assert over(None, above) is above
    assert over(below, None) is below


def test_the_usual_gray_is_what_most_of_a_map_has() -> None:
    picture = np.full((64, 64, 4), 230, np.uint8)
    picture[..., 3] = 255
    picture[:10, :, :3] = 20
    assert usual_gray([picture]) == 230
    assert usual_gray([]) == 240


def test_the_grid_ends_where_the_world_ends() -> None:
    columns, rows = tiles_over((-9e9, -9e9, 9e9, 9e9), 3)
    assert (len(columns), len(rows)) == (8, 8)
    assert corner_m(TileKey(0, 0, 0)) == (-EDGE_M, EDGE_M)

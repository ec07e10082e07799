"""The exercise's own base map: where its roads lie, in which grays, how large and how quickly made."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from app.demo.base_map import ZOOMS, write_base_map
from app.demo.lines import build_lines
from layers.tiles.open_tiles import open_tiles
from layers.tiles.tile_grid import EDGE_M, TileKey, side_m, tiles_over
from layers.tiles.tile_source import TileSource
from models.geodesy import to_mercator


@pytest.fixture(scope="module", name="source")
def _source(tmp_path_factory: pytest.TempPathFactory) -> TileSource:
    path = write_base_map(tmp_path_factory.mktemp("map") / "base-map.mbtiles")
    assert path.stat().st_size < 9_000_000
    return open_tiles(path)


def test_every_zoom_covers_the_whole_ground(source: TileSource) -> None:
    assert source.zooms == ZOOMS
    for z in range(ZOOMS[0], 11):
        columns, rows = tiles_over(source.bounds_m, z)
        assert all(source.tile(TileKey(z, x, y)) is not None for x in columns for y in rows)
    columns, rows = tiles_over(source.bounds_m, ZOOMS[1])
    corners = [TileKey(ZOOMS[1], x, y) for x in (columns[0], columns[-1]) for y in (rows[0], rows[-1])]
    assert all(source.tile(key) is not None for key in corners)


def test_it_has_no_color_at_all(source: TileSource) -> None:
    columns, rows = tiles_over(source.bounds_m, 10)
    for x in columns:
        tile = source.tile(TileKey(10, x, rows[len(rows) // 2]))
        assert tile is not None
        assert (tile[..., 0] == tile[..., 1]).all()
        assert (tile[..., 1] == tile[..., 2]).all()


def test_provincial_roads_are_white_where_the_store_has_them(source: TileSource) -> None:
    """A shift of two pixels (40 m) would put most of these places beside the road."""
    light = []
    for way in build_lines():
        if not way.code.startswith("S"):
            continue
        places = shapely.get_coordinates(
            shapely.line_interpolate_point(way.line, np.linspace(0.2, 0.8, 9), normalized=True)
        )
        for x_m, y_m in zip(*to_mercator(places[:, 0], places[:, 1]), strict=True):
            side = side_m(13)
            column, row = (x_m + EDGE_M) / side, (EDGE_M - y_m) / side
            tile = source.tile(TileKey(13, int(column), int(row)))
            assert tile is not None
            light.append(int(tile[int(row % 1 * 256), int(column % 1 * 256), 0]))
    assert len(light) > 50
    assert np.mean(np.array(light) > 245) > 0.97

"""Base maps from files: each reader against the pictures that were put in, and the real files."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import cv2
import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from rasterio.enums import Resampling
from rasterio.transform import from_origin

from layers.tiles.open_tiles import open_tiles
from layers.tiles.tile_grid import EDGE_M, TileKey, in_meters, side_m
from models.errors import DataError
from models.store import tile_file
from tests.data import need
from tests.layers.tiles.drawn_tiles import folder, gray_of, mbtiles, packed, picture, whole_zoom


def code_of(path: Path) -> str:
    with pytest.raises(DataError) as refused:
        open_tiles(path)
    for language in ("zh", "en"):
        assert path.name in refused.value.sentence(language)
    return refused.value.code


def test_mbtiles_give_every_tile_pixel_by_pixel(tmp_path: Path) -> None:
    source = open_tiles(mbtiles(tmp_path / "a.mbtiles", attribution="somebody"))
    assert (source.zooms, source.tile_px, source.attribution) == ((0, 2), 256, "somebody")
    for key in (key for z in range(3) for key in whole_zoom(z)):
        found = source.tile(key)
        assert found is not None
        np.testing.assert_array_equal(found[..., :3], picture(key)[..., ::-1])
        assert (found[..., 3] == 255).all()


def test_mbtiles_of_one_region_have_nothing_outside_of_it(tmp_path: Path) -> None:
    source = open_tiles(mbtiles(tmp_path / "a.mbtiles", range(2, 4)))
    assert source.zooms == (2, 3)
    assert source.tile(TileKey(5, 0, 0)) is None
    assert source.tile(TileKey(0, 0, 0)) is None


def test_the_real_png_file_is_read_as_it_stands() -> None:
    path = need("tiles/geography-class-png.mbtiles")
    source = open_tiles(path)
    assert source.zooms == (0, 1)
    with closing(sqlite3.connect(f"file:{path}?immutable=1", uri=True)) as file:
        rows = file.execute("SELECT zoom_level, tile_column, tile_row, tile_data FROM tiles").fetchall()
    assert len(rows) == 5
    for z, x, y, data in rows:
        found = source.tile(TileKey(z, x, 2**z - 1 - y))
        assert found is not None
        raw = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
        assert raw is not None
        np.testing.assert_array_equal(found[..., :3], raw[..., ::-1])


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("invalid.mbtiles", "tiles.unreadable"),
        ("world_cities.mbtiles", "tiles.vector"),
        ("invalid.pmtiles", "tiles.unreadable"),
        ("test_fixture_1.pmtiles", "tiles.vector"),
        ("stamen_toner_raster_z3.pmtiles", "tiles.pmtiles"),
    ],
)
def test_the_real_files_that_are_no_base_map_are_refused_by_name(name: str, code: str) -> None:
    assert code_of(need(f"tiles/{name}")) == code


def test_a_file_that_was_cut_off_is_named(tmp_path: Path) -> None:
    whole = mbtiles(tmp_path / "a.mbtiles").read_bytes()
    cut = tmp_path / "cut.mbtiles"
    cut.write_bytes(whole[: len(whole) // 2])
    assert code_of(cut) == "tiles.unreadable"


def test_of_a_file_with_a_hole_the_rest_is_read_and_the_hole_is_named(tmp_path: Path) -> None:
    """A copy that was broken off may have its full length, and zeros where it was never written."""
    whole = mbtiles(tmp_path / "a.mbtiles", range(5)).read_bytes()
    holed, half, hole = tmp_path / "holed.mbtiles", len(whole) // 2 // 4096 * 4096, len(whole) // 8
    holed.write_bytes(whole[:half] + bytes(hole) + whole[half + hole :])
    source = open_tiles(holed)
    read, damaged = 0, []
    for key in whole_zoom(4):
        try:
            read += source.tile(key) is not None
        except DataError as error:
            damaged.append(error)
    assert read > 100
    assert {(error.code, error.facts["file"]) for error in damaged} == {("tiles.damaged", "holed.mbtiles")}


def test_one_damaged_tile_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    path = mbtiles(tmp_path / "a.mbtiles")
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("UPDATE tiles SET tile_data = ? WHERE zoom_level = 2 AND tile_column = 1", (b"\x89PNG no more",))
    source = open_tiles(path)
    with pytest.raises(DataError, match="2/1/0") as damaged:
        source.tile(TileKey(2, 1, 0))
    assert damaged.value.code == "tiles.damaged"
    assert source.tile(TileKey(2, 0, 0)) is not None
    assert source.tile(TileKey(2, 2, 2)) is not None


def test_a_file_that_is_gone_is_named(tmp_path: Path) -> None:
    assert code_of(tmp_path / "none.mbtiles") == "tiles.gone"


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp"])
def test_a_folder_of_tiles_is_read_in_each_format(tmp_path: Path, suffix: str) -> None:
    source = open_tiles(folder(tmp_path / "tiles", suffix))
    assert source.zooms == (0, 2)
    for key in whole_zoom(2):
        found = source.tile(key)
        assert found is not None
        assert found[128, 128, 0] == pytest.approx(gray_of(key), abs=3)
        assert found[4, 4, 0] > 245  # the corner that says where up is
        assert found[250, 250].tolist() == pytest.approx([255, 0, 0, 255], abs=12)
    assert source.tile(TileKey(3, 0, 0)) is None


@pytest.mark.parametrize("told", [True, False])
def test_a_folder_that_counts_rows_from_the_south_is_turned(tmp_path: Path, told: bool) -> None:
    path = folder(tmp_path / "tiles", tms=True)
    if not told:
        (path / "tilemapresource.xml").write_text("<TileMap/>", encoding="utf-8")
    found = open_tiles(path, tms=True if told else None).tile(TileKey(2, 1, 0))
    assert found is not None
    assert found[128, 128, 0] == gray_of(TileKey(2, 1, 0))


def test_a_folder_without_pictures_and_one_of_vector_tiles_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert code_of(tmp_path / "empty") == "tiles.empty_folder"
    vector = tmp_path / "vector" / "3" / "1"
    vector.mkdir(parents=True)
    (vector / "1.pbf").write_bytes(b"\x1a\x00")
    assert code_of(tmp_path / "vector") == "tiles.vector"


def test_a_tile_of_a_folder_that_was_cut_off_is_named(tmp_path: Path) -> None:
    path = folder(tmp_path / "tiles")
    (path / "2" / "3" / "1.png").write_bytes(packed(TileKey(2, 3, 1))[:-40])
    with pytest.raises(DataError, match="2/3/1"):
        open_tiles(path).tile(TileKey(2, 3, 1))


def write_raster(
    path: Path, bands: np.ndarray, west_m: float, north_m: float, cell_m: float, **options: object
) -> Path:
    """Write bands (n, rows, columns) in Web Mercator."""
    count, rows, columns = bands.shape
    with rasterio.open(
        path,
        "w",
        **{"driver": "GTiff", "crs": "EPSG:3857", **options},
        width=columns,
        height=rows,
        count=count,
        dtype=bands.dtype,
        transform=from_origin(west_m, north_m, cell_m, cell_m),
    ) as file:
        file.write(bands)
    return path


def colored_world(z: int) -> np.ndarray:
    """Return the tiles of a zoom as one picture, (3, n, n) RGB."""
    side = 2**z * 256
    out = np.zeros((3, side, side), np.uint8)
    for key in whole_zoom(z):
        rows, columns = slice(key.y * 256, key.y * 256 + 256), slice(key.x * 256, key.x * 256 + 256)
        out[:, rows, columns] = np.moveaxis(picture(key)[..., ::-1], -1, 0)
    return out


def test_geopackage_tiles_on_the_common_grid_are_read_pixel_by_pixel(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    write_raster(
        path,
        colored_world(2),
        -EDGE_M,
        EDGE_M,
        side_m(2) / 256,
        driver="GPKG",
        TILING_SCHEME="GoogleMapsCompatible",
        TILE_FORMAT="PNG",
    )
    with rasterio.open(path, "r+") as file:
        file.build_overviews([2, 4], Resampling.average)
    source = open_tiles(path)
    assert source.zooms[1] == 2
    for key in whole_zoom(2):
        found = source.tile(key)
        assert found is not None
        np.testing.assert_array_equal(found[..., :3], picture(key)[..., ::-1])
    coarse = source.tile(TileKey(0, 0, 0))
    assert coarse is not None
    assert coarse[32, 32, 0] == pytest.approx(gray_of(TileKey(2, 0, 0)), abs=3)


def test_a_geopackage_without_pictures_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "points.gpkg"
    gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.Point(107, 29)], crs=4326).to_file(path)
    assert code_of(path) == "tiles.no_pictures"


def test_a_geotiff_in_degrees_lies_where_it_belongs(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    bands = np.zeros((3, 100, 100), np.uint8)
    bands[0, :50], bands[1, 50:] = 200, 100  # red in the north, green in the south
    write_raster(path, bands, 107.0, 30.0, 0.01, crs="EPSG:4326")
    source = open_tiles(path)
    west, south, east, north = in_meters((107.0, 29.0, 108.0, 30.0))
    assert source.bounds_m == pytest.approx((west, south, east, north), abs=1)
    side = side_m(9)
    key = TileKey(9, int((west + 100 + EDGE_M) / side), int((EDGE_M - north + 100) / side))
    found = source.tile(key)
    assert found is not None
    pixel = side / 256
    corner_x, corner_y = key.x * side - EDGE_M, EDGE_M - key.y * side
    row, column = int((corner_y - north) / pixel) + 10, int((west - corner_x) / pixel) + 10
    assert found[row, column].tolist() == [200, 0, 0, 255]
    assert found[row, column - 30, 3] == 0  # west of the raster there is nothing
    middle = in_meters((107.0, 29.5, 108.0, 29.5))[1]
    south_of = open_tiles(path).tile(TileKey(9, key.x, key.y + 1))
    assert south_of is not None
    assert south_of[int((corner_y - middle) / pixel) + 5 - 256, column].tolist() == [0, 100, 0, 255]


def test_a_geotiff_with_a_palette_keeps_its_colors(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    bands = np.tile(np.array([[3, 7]], np.uint8), (1, 128, 128))
    write_raster(path, bands, 0.0, EDGE_M / 2, side_m(3) / 256, photometric="palette")
    with rasterio.open(path, "r+") as file:
        file.write_colormap(1, {3: (10, 20, 30, 255), 7: (200, 100, 50, 255)})
    found = open_tiles(path).tile(TileKey(3, 4, 2))
    assert found is not None
    assert {tuple(color) for color in found[found[..., 3] > 0].tolist()} == {(10, 20, 30, 255), (200, 100, 50, 255)}


def test_values_that_are_no_bytes_are_stretched_and_unknown_ones_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    bands = np.linspace(1000, 9000, 256 * 256).reshape(1, 256, 256).astype(np.float32)
    bands[0, :20] = np.nan
    write_raster(path, bands, 0.0, EDGE_M / 2, side_m(3) / 256, nodata=float("nan"))
    found = open_tiles(path).tile(TileKey(3, 4, 2))
    assert found is not None
    assert found[5, 5, 3] == 0
    assert found[40, 5, 0] < 40
    assert found[250, 250, 0] > 240


def test_a_raster_that_does_not_say_where_it_lies_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    cv2.imwrite(str(path), np.zeros((8, 8), np.uint8))
    with pytest.warns(rasterio.errors.NotGeoreferencedWarning):
        assert code_of(path) == "layers.no_crs"


def test_text_with_the_name_of_a_tile_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.mbtiles"
    path.write_text("<html>please log in</html>", encoding="utf-8")
    assert code_of(path) == "tiles.unreadable"


def as_view(path: Path, how: str) -> Path:
    with closing(sqlite3.connect(mbtiles(path))) as file, file:
        file.execute("ALTER TABLE tiles RENAME TO map")
        file.execute(f"CREATE VIEW tiles AS {how}")
    return path


def test_mbtiles_whose_tiles_are_a_view_are_read_and_one_that_never_ends_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert open_tiles(as_view(tmp_path / "a.mbtiles", "SELECT * FROM map")).tile(TileKey(0, 0, 0)) is not None
    monkeypatch.setattr(tile_file, "LIMIT_S", 0.2)
    endless = (
        "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) "
        "SELECT n AS zoom_level, 0 AS tile_column, 0 AS tile_row, x'00' AS tile_data FROM r"
    )
    assert code_of(as_view(tmp_path / "b.mbtiles", endless)) == "tiles.too_slow"

"""Files from elsewhere as layers: real parts, real files."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import rasterio

from layers.drawing import Symbols
from layers.map_view import MapView
from layers.read_raster import read_raster
from layers.read_vector import read_vector
from models.errors import DataError
from models.geodesy import to_mercator
from tests.data import need

VIEW = MapView(11_922_000, 3_380_000, 50.0, 800, 600)


def geojson(path: Path, features: list[dict[str, object]]) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def test_a_csv_with_lon_and_lat_becomes_points(tmp_path: Path) -> None:
    file = tmp_path / "old.csv"
    file.write_text("编号,名称,经度,纬度\nA,甲,107.1,29.2\nB,乙,,29.3\nC,丙,107.3,129.3\n", encoding="gb18030")
    table = read_vector(file)
    assert table.columns["名称"] == ("甲",)
    assert [line for line, _ in table.left_out] == [3, 4]
    (symbols,) = table.as_points("old").draw(VIEW, 1.0)
    assert isinstance(symbols, Symbols)
    assert symbols.ids == ("A",)
    x, _ = to_mercator(np.array([107.1]), np.array([29.2]))
    assert symbols.x_m[0] == x[0]


def test_a_geojson_becomes_lines_with_its_columns(tmp_path: Path) -> None:
    line = {"type": "LineString", "coordinates": [[107.0, 29.0], [107.1, 29.2]]}
    file = geojson(tmp_path / "w.geojson", [{"type": "Feature", "properties": {"name": "县道"}, "geometry": line}])
    table = read_vector(file)
    assert table.columns == {"name": ("县道",)}
    assert table.shape().xy.shape == (2, 2)


def test_a_file_in_other_coordinates_is_brought_to_wgs_84(tmp_path: Path) -> None:
    spot = {"type": "Point", "coordinates": [11_922_000.0, 3_380_000.0]}
    file = tmp_path / "m.geojson"
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}
    document = {
        "type": "FeatureCollection",
        "crs": crs,
        "features": [{"type": "Feature", "properties": {"id": "1"}, "geometry": spot}],
    }
    file.write_text(json.dumps(document), encoding="utf-8")
    lon, lat = read_vector(file).lonlat()
    x, y = to_mercator(lon, lat)
    assert (x[0], y[0]) == pytest.approx((11_922_000.0, 3_380_000.0), abs=0.01)
    assert 107 < lon[0] < 107.2


def test_a_table_without_places_says_which_columns_it_lacks(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_vector(file)
    assert "x.csv" in caught.value.sentence("zh")
    assert caught.value.code == "layers.no_place"


def test_a_file_that_is_no_vector_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "x.shp"
    file.write_bytes(b"no shapefile")
    with pytest.raises(DataError) as caught:
        read_vector(file)
    assert caught.value.code == "vector.other_kind"
    with pytest.raises(DataError):
        read_vector(tmp_path / "absent.geojson")


def test_the_nasa_landslide_inventory_is_a_layer() -> None:
    table = read_vector(need("hazards/nasa_glc_even_ids.csv"))
    layer = table.as_points("nasa")
    assert len(layer.ids) == 5479 - len(table.left_out)
    assert len(table.left_out) <= 2
    assert "684" in layer.ids
    assert layer.texts[layer.ids.index("684")].startswith("Sigou Village")


def write_raster(path: Path, *, nodata: float | None, crs: str | None = "EPSG:4326") -> Path:
    heights = np.arange(30 * 40, dtype=np.int16).reshape(30, 40)
    heights[0, 0] = -999
    with rasterio.open(
        path, "w", driver="GTiff", width=40, height=30, count=1, dtype="int16", nodata=nodata, crs=crs,
        transform=rasterio.Affine(0.01, 0.0, 107.0, 0.0, -0.01, 29.3),
    ) as file:  # fmt: skip
        file.write(heights, 1)
    return path


@pytest.mark.parametrize("nodata", [-999.0, None])
def test_a_raster_comes_to_the_map_with_north_up(tmp_path: Path, nodata: float | None) -> None:
    table = read_raster(write_raster(tmp_path / "dem.tif", nodata=nodata))
    assert table.values.shape == table.area.shape
    assert np.isnan(table.values[0, 0])
    assert np.nanmin(table.values) >= 0
    inside = table.values[5:-5, 5:-5]
    assert (np.diff(inside[:, 10]) > 0).all()  # rises to the south
    assert (np.diff(inside[10]) > 0).all()  # and to the east


def test_a_raster_is_cut_to_bounds(tmp_path: Path) -> None:
    table = read_raster(write_raster(tmp_path / "dem.tif", nodata=None), bounds_deg=(107.1, 29.1, 107.2, 29.2))
    x, _ = to_mercator(np.array([107.1]), np.array([29.1]))
    assert table.area.west_m == pytest.approx(x[0])
    assert not np.isnan(table.values).any()


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_a_raster_that_does_not_say_where_it_lies_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        read_raster(write_raster(tmp_path / "dem.tif", nodata=None, crs=None))
    assert caught.value.code == "layers.no_crs"
    (tmp_path / "x.tif").write_bytes(b"nothing")
    with pytest.raises(DataError) as caught:
        read_raster(tmp_path / "x.tif")
    assert caught.value.code == "layers.unreadable"


def test_the_real_heights_of_qingyuan_have_no_minus_999() -> None:
    table = read_raster(need("dem/qingyuan_30arcsec.tif"))
    assert np.nanmin(table.values) > -100
    assert np.nanmax(table.values) > 1000

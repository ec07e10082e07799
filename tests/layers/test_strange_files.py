"""Files that are no files, or no data: refused before a library waits for them or follows them."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import geopandas
import numpy as np
import pytest
import rasterio
import shapely

from layers.read_raster import fields_of, open_raster, read_raster
from layers.read_vector import parts_of, read_vector
from layers.tiles.open_tiles import open_tiles
from models.errors import DataError
from models.register.table_file import read_table

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning:pyogrio", "ignore::UserWarning:geopandas")
needs_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
READERS = (read_vector, read_raster, fields_of, parts_of, open_tiles)


def code_of(reader: object, path: Path) -> str:
    with pytest.raises(DataError) as caught:
        reader(path)  # type: ignore[operator]
    assert all(caught.value.sentence(language) for language in ("zh", "en"))
    return caught.value.code


def raster(path: Path) -> Path:
    with rasterio.open(
        path, "w", driver="GTiff", width=4, height=4, count=1, dtype="uint8", crs="EPSG:4326",
        transform=rasterio.Affine(0.1, 0, 105, 0, -0.1, 31),
    ) as file:  # fmt: skip
        file.write(np.full((4, 4), 7, np.uint8), 1)
    return path


@needs_pipes
@pytest.mark.parametrize("name", ["a.geojson", "a.tif", "a.mbtiles", "a.gpkg"])
def test_a_pipe_is_no_ordinary_file(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)
    assert {code_of(reader, tmp_path / name) for reader in READERS} == {"layers.no_ordinary_file"}


@needs_pipes
def test_a_pipe_is_no_table(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.csv")
    assert code_of(read_table, tmp_path / "a.csv") == "table.no_ordinary_file"
    assert code_of(read_vector, tmp_path / "a.csv") == "table.no_ordinary_file"


@needs_pipes
def test_a_pipe_beside_a_shapefile_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "a.shp"
    geopandas.GeoDataFrame({"n": [1]}, geometry=[shapely.box(106, 28, 107, 29)], crs=4326).to_file(path)
    path.with_suffix(".dbf").unlink()
    os.mkfifo(path.with_suffix(".dbf"))
    assert code_of(read_vector, path) == "layers.no_ordinary_file"


@pytest.mark.parametrize("suffix", [".tif", ".vrt", ".kml", ".gml", ".geojson", ".xml"])
@pytest.mark.parametrize(
    "text",
    [
        '<VRTDataset rasterXSize="4" rasterYSize="4">',
        "\ufeff \n<GDAL_WMS><Service name='WMS'>",
        "<?xml version='1.0'?><!-- a map --><WMT_MS_Capabilities>",
        "<OGRVRTDataSource><OGRVRTLayer name='a'>",
        "<OGRWFSDataSource><URL>http://127.0.0.1/</URL>",
        "<WCS_GDAL><ServiceURL>",
        '{"type": "FeatureCollection", "name": "/vsicurl/http://127.0.0.1/a"}',
        '{"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline"}',
    ],
)
def test_what_only_says_where_data_are_is_refused_under_any_name(tmp_path: Path, suffix: str, text: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_text(text, encoding="utf-8")
    assert {code_of(reader, path) for reader in READERS} == {"layers.pointer"}


def test_a_pointer_in_an_archive_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("inner/a.vrt", "<OGRVRTDataSource><OGRVRTLayer name='a'>")
    assert code_of(read_vector, path) == "layers.pointer"
    monkeypatch.chdir(tmp_path)
    assert code_of(read_raster, Path("/vsizip/a.zip/inner/a.vrt")) == "layers.pointer"


def test_a_path_of_the_network_is_no_file() -> None:
    assert code_of(read_raster, Path("/vsicurl/http://127.0.0.1:9/a.tif")) == "layers.unreadable"


@pytest.mark.parametrize("beside", ["a.tif.ovr", "a.tif.msk", "a.tif.aux.xml"])
def test_what_lies_beside_a_raster_is_not_followed_either(tmp_path: Path, beside: str) -> None:
    path = raster(tmp_path / "a.tif")
    (tmp_path / beside).write_text("<PAMDataset><MDI key='OVERVIEW_FILE'>&lt;VRTDataset</MDI></PAMDataset>")
    assert code_of(read_raster, path) == "layers.pointer"


def test_a_raster_is_opened_by_drivers_that_ask_nobody(tmp_path: Path) -> None:
    path = tmp_path / "a.vrt"
    path.write_text(
        '<VRTDataset rasterXSize="4" rasterYSize="4"><VRTRasterBand dataType="Byte" band="1"/></VRTDataset>'
    )
    with pytest.raises(rasterio.errors.RasterioError):
        open_raster(path)
    with open_raster(raster(tmp_path / "a.tif")) as file:
        assert file.driver == "GTiff"


def test_a_flatgeobuf_with_any_damaged_header_is_read_or_named(tmp_path: Path) -> None:
    whole = tmp_path / "whole.fgb"
    made = geopandas.GeoDataFrame(
        {"name": ["石", "云"]}, geometry=[shapely.box(106, 28, 107, 29), shapely.box(107, 28, 108, 29)], crs=4326
    )
    made.to_file(whole, SPATIAL_INDEX="NO")
    data, damaged, codes = whole.read_bytes(), tmp_path / "damaged.fgb", set()
    for at in range(8, 300, 3):
        damaged.write_bytes(data[:at] + bytes([data[at] ^ 0xB1]) + data[at + 1 :])
        try:
            read_vector(damaged)
        except DataError as error:
            codes.add(error.code)
    assert "layers.unreadable" in codes

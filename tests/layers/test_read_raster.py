"""Rasters of every kind and size: real files, written here, and real forecasts."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.windows import Window

from layers.read_raster import fields_of, read_raster
from models import datum
from models.datum import Datum
from models.errors import DataError
from models.geodesy import to_lonlat
from tests.data import ROOT, need

pytestmark = pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")


def sparse(path: Path, side: int = 47_000) -> Path:
    """2.2 GB of bytes of which only one square is written."""
    with rasterio.open(
        path, "w", driver="GTiff", width=side, height=side, count=1, dtype="uint8", crs="EPSG:4326", nodata=0,
        transform=rasterio.Affine(1e-4, 0, 105, 0, -1e-4, 31), tiled=True, blockxsize=512, blockysize=512, sparse_ok=True,
    ) as file:  # fmt: skip
        file.write(np.full((1024, 1024), 7, np.uint8), 1, window=Window(20_480, 20_480, 1024, 1024))
    return path


def test_a_sparse_raster_of_two_gigabytes_is_read_in_flat_memory(tmp_path: Path) -> None:
    file = sparse(tmp_path / "huge.tif")
    assert file.stat().st_size < 5_000_000
    program = (
        "import resource, sys, numpy as np\n"
        "from pathlib import Path\n"
        "from layers.read_raster import read_raster\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "whole = read_raster(Path(sys.argv[1]))\n"
        "part = read_raster(Path(sys.argv[1]), bounds_deg=(107.05, 28.85, 107.12, 28.95))\n"
        "grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before\n"
        "print(grown // 1024, int(np.nansum(whole.values == 7)), float(np.nanmean(part.values)), len(whole.notes))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(file)], cwd=ROOT, capture_output=True, text=True, timeout=120, check=True
    )
    grown_mb, cells, mean, notes = done.stdout.split()
    assert float(grown_mb) < 250
    assert int(cells) > 500
    assert (float(mean), int(notes)) == (7.0, 1)


def test_overviews_are_used_where_the_file_has_them(tmp_path: Path) -> None:
    file = tmp_path / "cog.tif"
    heights = np.add.outer(np.arange(4096), np.arange(4096)).astype(np.float32)
    with rasterio.open(
        file, "w", driver="GTiff", width=4096, height=4096, count=1, dtype="float32", crs="EPSG:4326",
        transform=rasterio.Affine(2.5e-4, 0, 106, 0, -2.5e-4, 29.5), tiled=True,
    ) as made:  # fmt: skip
        made.write(heights, 1)
    with rasterio.open(file, "r+") as made:
        made.build_overviews([2, 4, 8, 16], rasterio.enums.Resampling.nearest)
        # Nobody but the overviews can say this value.
    with rasterio.open(file, "r+", OVERVIEW_LEVEL=2) as coarse:
        coarse.write(np.full((1, 512, 512), -5, np.float32))
    table = read_raster(file, resolution_m=222.0)
    assert np.nanmax(table.values) == -5
    fine = read_raster(file, bounds_deg=(106.2, 29.2, 106.25, 29.25))
    assert fine.values[5, 5] == pytest.approx(800 + 1000, abs=12)


def test_a_missing_system_asks_and_takes_the_answer(tmp_path: Path) -> None:
    file = tmp_path / "x.tif"
    with rasterio.open(
        file, "w", driver="GTiff", width=40, height=30, count=1, dtype="int16",
        transform=rasterio.Affine(1000, 0, 36_370_000, 0, -1000, 3_220_000),
    ) as made:  # fmt: skip
        made.write(np.arange(1200, dtype=np.int16).reshape(30, 40), 1)
    with pytest.raises(DataError) as caught:
        read_raster(file)
    assert caught.value.code == "layers.no_crs"
    table = read_raster(file, crs="EPSG:4524")
    lon, lat = to_lonlat(np.array([table.area.west_m]), np.array([table.area.north_m]))
    assert (lon[0], lat[0]) == pytest.approx((106.67, 29.09), abs=0.02)


@pytest.mark.parametrize("shifted", [Datum.GCJ02, Datum.BD09])
@pytest.mark.parametrize("classes", [True, False])
def test_a_shifted_raster_comes_home_to_a_cell(tmp_path: Path, shifted: Datum, classes: bool) -> None:
    lon, lat = datum.convert(np.array([106.70]), np.array([28.90]), Datum.WGS84, shifted)
    values = np.full((200, 200), 1, np.uint8)
    row, column = int((29.0 - lat[0]) / 0.001), int((lon[0] - 106.6) / 0.001)
    values[row - 1 : row + 2, column - 1 : column + 2] = 200
    file = tmp_path / "s.tif"
    with rasterio.open(
        file, "w", driver="GTiff", width=200, height=200, count=1, dtype="uint8", crs="EPSG:4326",
        transform=rasterio.Affine(0.001, 0, 106.6, 0, -0.001, 29.0),
    ) as made:  # fmt: skip
        made.write(values, 1)
    table = read_raster(file, crs=shifted, classes=classes)
    x = table.area.west_m + (np.arange(table.area.columns) + 0.5) * table.area.cell_m
    y = table.area.north_m - (np.arange(table.area.rows) + 0.5) * table.area.cell_m
    at = np.argwhere(np.nan_to_num(table.values) > 150).mean(axis=0)
    found = to_lonlat(np.interp([at[1]], np.arange(len(x)), x), np.interp([at[0]], np.arange(len(y)), y))
    assert (found[0][0], found[1][0]) == pytest.approx((106.70, 28.90), abs=0.0012)
    if classes:
        assert set(np.unique(table.values[np.isfinite(table.values)]).tolist()) == {1.0, 200.0}


def test_a_grib_has_many_fields_and_one_is_chosen() -> None:
    file = need("nwp/Z_NAFP_C_BABJ_20231207000000_P_CMA-GEPS-GLB-024.grib2")
    fields = fields_of(file)
    assert len(fields) == 26
    assert fields[6].unit == "%"
    assert fields[6].valid_at == datetime(2023, 12, 8, tzinfo=UTC)
    table = read_raster(file, part="7", bounds_deg=(100, 20, 115, 35))
    assert table.valid_at == fields[6].valid_at
    with rasterio.open(file) as source:
        truth = source.read(7)
        rows, columns = rasterio.transform.rowcol(source.transform, [107.0], [28.0])
    lon, lat = (values[0] for values in table.area.centers_lonlat())
    assert lon == pytest.approx(100, abs=0.3)
    assert lat == pytest.approx(35, abs=0.3)
    row, column = table.area.cells_of(np.array([107 * 111_319.49]), np.array([3_248_973.8]))
    near = truth[rows[0] - 1 : rows[0] + 2, columns[0] - 1 : columns[0] + 2]
    assert near.min() <= table.values[row[0], column[0]] <= near.max()
    with pytest.raises(DataError) as caught:
        read_raster(file, part="27")
    assert caught.value.code == "layers.no_part"


def test_a_netcdf_is_read_by_variable_and_time(tmp_path: Path) -> None:
    netcdf = pytest.importorskip("netCDF4")
    file = tmp_path / "rain.nc"
    with netcdf.Dataset(file, "w") as made:
        for name, values, unit in (
            ("lat", 29 - 0.1 * np.arange(8), "degrees_north"),
            ("lon", 106 + 0.1 * np.arange(10), "degrees_east"),
        ):
            made.createDimension(name, len(values))
            made.createVariable(name, "f8", (name,)).units = unit
            made[name][:] = values
        made.createDimension("time", 3)
        made.createVariable("time", "f8", ("time",))[:] = [0, 1, 2]
        rain = made.createVariable("rain", "f4", ("time", "lat", "lon"), fill_value=-1)
        rain.units, rain.long_name = "mm", "小时雨量"
        rain[:] = np.arange(3)[:, None, None] * 100 + np.arange(8)[None, :, None] + np.zeros((1, 1, 10))
        rain[1, 0, 0] = -1
        made.createVariable("temp", "f4", ("lat", "lon"))[:] = 280.0
    assert [(f.part, f.title, f.unit) for f in fields_of(file)][:3] == [
        (f"rain:{n}", "小时雨量", "mm") for n in (1, 2, 3)
    ]
    table = read_raster(file, part="rain:2")
    assert [note.code for note in table.notes] == ["degrees_taken_as_wgs84"]
    assert np.isnan(table.values[0, 0])
    assert 100 <= np.nanmin(table.values) <= np.nanmax(table.values) <= 107
    assert np.nanmean(read_raster(file, part="temp").values) == 280
    with pytest.raises(DataError) as caught:
        read_raster(file, part="wind")
    assert caught.value.code == "layers.no_part"


@pytest.mark.logs
def test_a_raster_that_is_cut_off_or_a_web_page_is_named(tmp_path: Path) -> None:
    file = tmp_path / "x.tif"
    with rasterio.open(
        file, "w", driver="GTiff", width=400, height=300, count=1, dtype="int16", crs="EPSG:4326",
        transform=rasterio.Affine(0.01, 0, 106, 0, -0.01, 29),
    ) as made:  # fmt: skip
        made.write(np.arange(120_000, dtype=np.int32).reshape(300, 400).astype(np.int16), 1)
    whole = file.read_bytes()
    for share in (0.001, 0.3, 0.9):
        file.write_bytes(whole[: int(len(whole) * share)])
        with pytest.raises(DataError) as caught:
            read_raster(file)
        assert caught.value.code in {"layers.unreadable", "layers.cut_off"}
        assert "x.tif" in caught.value.sentence("zh")
    file.write_bytes(b"<html>404</html>")
    with pytest.raises(DataError) as caught:
        read_raster(file)
    assert caught.value.code == "layers.is_html"


def test_a_window_outside_of_the_file_is_unknown_everywhere(tmp_path: Path) -> None:
    table = read_raster(sparse(tmp_path / "small.tif", 600 * 40), bounds_deg=(120, 40, 120.1, 40.1))
    assert np.isnan(table.values).all()


@pytest.mark.parametrize(
    ("transform", "dtype", "code"),
    [
        (None, "uint8", "layers.no_cells_place"),
        (rasterio.Affine(1e9, 0, -1e9, 0, -1e9, 1e9), "uint8", "layers.outside_earth"),
        (rasterio.Affine(0.1, 0, 105, 0, -0.1, 31), "complex64", "layers.complex"),
    ],
)
def test_cells_that_lie_nowhere_or_are_no_numbers_are_refused(
    tmp_path: Path, transform: rasterio.Affine | None, dtype: str, code: str
) -> None:
    file = tmp_path / "strange.tif"
    with rasterio.open(
        file, "w", driver="GTiff", width=4, height=4, count=1, dtype=dtype, crs="EPSG:4326", transform=transform
    ) as out:
        out.write(np.ones((4, 4), dtype), 1)
    with pytest.raises(DataError) as caught:
        read_raster(file)
    assert caught.value.code == code
    assert "strange.tif" in caught.value.sentence("zh")


def test_of_many_fields_the_first_are_offered_and_the_rest_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "many.tif"
    with rasterio.open(
        file, "w", driver="GTiff", width=2, height=2, count=7, dtype="uint8", crs="EPSG:4326",
        transform=rasterio.Affine(0.1, 0, 105, 0, -0.1, 31),
    ) as out:  # fmt: skip
        out.write(np.ones((7, 2, 2), np.uint8))
    assert [(one.part, one.more) for one in fields_of(file)] == [(str(n), 0) for n in range(1, 8)]
    monkeypatch.setattr("layers.read_raster.MOST_FIELDS", 3)
    assert [(one.part, one.more) for one in fields_of(file)] == [("1", 0), ("2", 0), ("3", 0), ("", 4)]
    assert np.nanmax(read_raster(file, part="7").values) == 1

"""Archived radar rain sums, read at points; what is wrong is named."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from rasterio import Affine

from models.errors import DataError
from models.rain.sum_grid import read_rain_sum

TAGS = {"PRODUCT": "rain_sum", "TIME": "2026-06-18T07:00:00+00:00", "MINUTES": "60", "UNIT": "mm", "RADARS": "Z1"}
GRID = np.array([[1.5, 2.5, 3.5], [np.nan, 0.0, 99.5]], np.float32)


def written(path: Path, *, tags: dict[str, str] | None = None, grid: Any = GRID, **profile: Any) -> Path:
    bands = grid if grid.ndim == 3 else grid[None]
    facts: dict[str, Any] = {
        "driver": "GTiff",
        "width": bands.shape[2],
        "height": bands.shape[1],
        "count": bands.shape[0],
        "dtype": str(bands.dtype),
        "crs": "EPSG:4326",
        "transform": Affine(0.1, 0.0, 113.0, 0.0, -0.1, 24.0),
    }
    with rasterio.open(path, "w", **(facts | profile)) as file:
        file.write(bands)
        file.update_tags(**(TAGS if tags is None else tags))
    return path


def at_points(path: Path) -> tuple[datetime, int, list[float]]:
    lon = np.array([113.05, 113.29, 113.05, 113.25, 112.99, 113.31, 113.1, np.nan])
    lat = np.array([23.95, 23.91, 23.85, 23.81, 23.95, 23.95, 24.01, 23.9])
    at, minutes, mm = read_rain_sum(path, lon, lat)
    assert mm.dtype == np.float32
    return at, minutes, mm.tolist()


def test_a_point_takes_the_cell_it_lies_in(tmp_path: Path) -> None:
    at, minutes, mm = at_points(written(tmp_path / "sum.tif"))
    assert (at, minutes) == (datetime(2026, 6, 18, 7, tzinfo=UTC), 60)
    assert mm[:2] == [1.5, 3.5]
    assert np.isnan(mm[2])
    assert mm[3] == 99.5
    assert np.isnan(mm[4:]).all()


def test_times_of_any_zone_become_utc_and_tags_may_be_small(tmp_path: Path) -> None:
    tags = {key.lower(): value for key, value in (TAGS | {"TIME": "2026-06-18T15:00:00+08:00"}).items()}
    assert at_points(written(tmp_path / "sum.tif", tags=tags))[0] == datetime(2026, 6, 18, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"tags": TAGS | {"PRODUCT": "cr"}}, "product"),
        ({"tags": {}}, "product"),
        ({"tags": TAGS | {"UNIT": "inch"}}, "unit"),
        ({"tags": TAGS | {"TIME": "yesterday"}}, "time"),
        ({"tags": TAGS | {"TIME": "2026-06-18T07:00:00"}}, "time"),
        ({"tags": TAGS | {"MINUTES": "0"}}, "minutes"),
        ({"tags": TAGS | {"MINUTES": "-60"}}, "minutes"),
        ({"tags": TAGS | {"MINUTES": "1441"}}, "minutes"),
        ({"crs": "EPSG:3857"}, "crs"),
        ({"crs": None}, "crs"),
        ({"grid": np.stack([GRID, GRID])}, "bands"),
        ({"grid": GRID.astype(np.float64)}, "dtype"),
        ({"transform": Affine(0.1, 0.0, 113.0, 0.0, 0.1, 24.0)}, "transform"),
        ({"transform": Affine(0.1, 0.05, 113.0, 0.05, -0.1, 24.0)}, "transform"),
        ({"grid": np.array([[-9999.0]], np.float32)}, "mm"),
        ({"grid": np.array([[np.inf]], np.float32)}, "mm"),
        ({"grid": np.array([[1001.0]], np.float32)}, "mm"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, changed: dict[str, Any], field: str) -> None:
    with pytest.raises(DataError) as caught:
        at_points(written(tmp_path / "sum.tif", **changed))
    assert caught.value.code == "rain.sum_wrong"
    assert caught.value.facts["field"] == field
    assert "sum.tif" in caught.value.sentence("zh")


def test_a_raster_without_a_place_is_refused_without_a_warning(
    tmp_path: Path, recwarn: pytest.WarningsRecorder
) -> None:
    path = tmp_path / "bare.tif"
    with pytest.warns(UserWarning, match="geotransform"):
        written(path, crs=None, transform=None)
    recwarn.clear()
    with pytest.raises(DataError):
        at_points(path)
    assert not recwarn.list


def test_what_is_no_raster_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "text.tif").write_text("mm")
    whole = written(tmp_path / "sum.tif").read_bytes()
    (tmp_path / "cut.tif").write_bytes(whole[: len(whole) // 3])
    (tmp_path / "wrapper.tif").write_text("<VRTDataset rasterXSize='1' rasterYSize='1'/>")
    for name in ("text.tif", "cut.tif", "wrapper.tif", "absent.tif"):
        with pytest.raises(DataError) as caught:
            at_points(tmp_path / name)
        assert caught.value.code == "rain.sum_unreadable"

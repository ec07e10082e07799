"""`fengsui radar mosaic`: files in, one GeoTIFF out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
import typer

from app.radar_files import area_of, write_composite
from models.errors import DataError
from tests import data
from tests.models.radar import fmt_bytes as fmt

BOUNDS = "113.0,23.3,113.5,23.7"


def test_swedish_radars_of_one_moment_become_one_mosaic(tmp_path: Path) -> None:
    files = sorted(data.need("radar/fmt_converted_sweden").iterdir())
    answer = write_composite(files, bounds="10,54,26,69", resolution_m=2000, out=tmp_path / "se.tif")
    assert "ZS140" in answer
    assert "ZS151" in answer
    with rasterio.open(tmp_path / "se.tif") as file:
        value, age, height, source, count = file.read()
        assert file.descriptions == ("value", "age", "height", "source", "count")
        assert file.tags()["TIME"].startswith("2009-05-01T12:00")
    assert set(np.unique(source)) > set(range(1, 13))
    assert np.nanmax(value) > 30
    assert np.isnan(value[source == 0]).all()
    assert (count[source == 0] == 0).all()
    assert count.max() >= 3
    assert 0 <= np.nanmin(age) <= np.nanmax(age) < 1
    assert 0 <= np.nanmin(height) < np.nanmax(height) <= 20_000


def test_broken_and_old_files_are_said(tmp_path: Path) -> None:
    raw = fmt.small_volume()
    (tmp_path / "cut.bin").write_bytes(raw[:-1])
    later = bytearray(raw)
    later[332:336] = (fmt.STARTED_S + 3600).to_bytes(4, "little")
    later[32:40] = b"ZT002\0\0\0"
    (tmp_path / "later.bin").write_bytes(later)
    files = [tmp_path / "cut.bin", tmp_path / "later.bin"]
    answer = write_composite(files, bounds=BOUNDS, resolution_m=500, out=tmp_path / "out.tif").splitlines()
    assert "ZT002" in answer[0]
    assert "ZT001" not in answer[0]
    assert "cut.bin" in answer[1]
    assert "ZT001" in answer[2]


def test_a_file_that_is_no_radar_ends_in_its_sentence_and_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "text.csv").write_text("a,b\n")
    with pytest.raises(DataError, match="seems to be text"):
        write_composite([tmp_path / "text.csv"], bounds=BOUNDS, resolution_m=500, out=tmp_path / "out.tif")
    assert not (tmp_path / "out.tif").exists()


@pytest.mark.parametrize(
    ("bounds", "resolution_m"),
    [
        ("113,23,114", 500.0),
        ("a,b,c,d", 500.0),
        ("114,23,113,24", 500.0),
        ("113,24,114,23", 500.0),
        ("nan,23,114,24", 500.0),
        ("113,23,114,91", 500.0),
        (BOUNDS, 0.0),
        (BOUNDS, -5.0),
        (BOUNDS, float("nan")),
        (BOUNDS, 1e9),
        ("-180,-85,180,85", 2001.0),
    ],
)
def test_bounds_that_make_no_map_are_wrong_use(bounds: str, resolution_m: float) -> None:
    with pytest.raises(typer.BadParameter):
        area_of(bounds, resolution_m)

"""Horizons on disk: the same ones again, never a damaged or a foreign one."""

from __future__ import annotations

import math
import os
import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.errors import DataError
from models.radar.footprint import PolarGeometry
from models.radar.sight import horizon_shelf
from models.radar.sight.blockage import blockage_of, horizon_of
from models.radar.sight.heights import heights_round
from models.radar.sight.horizon_shelf import SiteBlockage, kept_horizon
from tests.models.radar.ground_files import LAT, LON, SITE, plane

GEOMETRY = PolarGeometry(LON, LAT, 1000.0, 80)


@pytest.fixture(name="dem")
def _dem(tmp_path: Path) -> Path:
    return plane(tmp_path / "dem.tif")


@pytest.fixture(autouse=True)
def _nothing_in_memory() -> None:
    horizon_shelf._horizon.cache_clear()


def counted(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Count how often heights are read."""
    read: list[Path] = []

    def reading(dem: Path, geometry: PolarGeometry) -> object:
        read.append(dem)
        return heights_round(dem, geometry)

    monkeypatch.setattr(horizon_shelf, "heights_round", reading)
    return read


def test_a_kept_horizon_is_the_one_that_was_worked_out(
    tmp_path: Path, dem: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = counted(monkeypatch)
    first = kept_horizon(tmp_path / "shelf", dem, GEOMETRY, 500.0)
    horizon_shelf._horizon.cache_clear()
    again = kept_horizon(tmp_path / "shelf", dem, GEOMETRY, 500.0)
    assert len(read) == 1
    fresh = horizon_of(heights_round(dem, GEOMETRY), 500.0)
    for horizon in (first, again):
        assert (horizon.angle_deg == fresh.angle_deg).all()
        assert (horizon.known == fresh.known).all()
        assert (horizon.geometry, horizon.antenna_m) == (GEOMETRY, 500.0)
    assert len(list((tmp_path / "shelf").iterdir())) == 1


def test_another_place_antenna_or_height_model_has_another_horizon(
    tmp_path: Path, dem: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = counted(monkeypatch)
    shelf = tmp_path / "shelf"
    kept_horizon(shelf, dem, GEOMETRY, 500.0)
    kept_horizon(shelf, dem, GEOMETRY, 530.0)
    kept_horizon(shelf, dem, replace(GEOMETRY, lon_deg=LON + 0.03), 500.0)
    kept_horizon(shelf, dem, replace(GEOMETRY, bins=60), 500.0)
    plane(dem, base=900.0)
    os.utime(dem, ns=(1, 1))
    higher = kept_horizon(shelf, dem, GEOMETRY, 500.0)
    assert len(read) == 5
    assert len(list(shelf.iterdir())) == 5
    assert float(higher.angle_deg.max()) > 0


@pytest.mark.parametrize("damage", ["cut", "flipped", "longer", "empty", "text"])
def test_a_damaged_file_is_made_anew(tmp_path: Path, dem: Path, monkeypatch: pytest.MonkeyPatch, damage: str) -> None:
    shelf = tmp_path / "shelf"
    first = kept_horizon(shelf, dem, GEOMETRY, 500.0)
    (file,) = shelf.iterdir()
    whole = file.read_bytes()
    flipped = bytearray(whole)
    flipped[5000] ^= 1
    file.write_bytes(
        {"cut": whole[:-7], "flipped": bytes(flipped), "longer": whole + b"x", "empty": b"", "text": b"a" * len(whole)}[
            damage
        ]
    )
    horizon_shelf._horizon.cache_clear()
    read = counted(monkeypatch)
    again = kept_horizon(shelf, dem, GEOMETRY, 500.0)
    assert len(read) == 1
    assert (again.angle_deg == first.angle_deg).all()
    assert file.read_bytes() == whole


def test_horizons_of_two_radars_that_were_exchanged_are_made_anew(tmp_path: Path, dem: Path) -> None:
    first = kept_horizon(tmp_path / "shelf", dem, GEOMETRY, 500.0)
    (file,) = (tmp_path / "shelf").iterdir()
    kept_horizon(tmp_path / "shelf", dem, replace(GEOMETRY, lon_deg=LON + 0.03), 500.0)
    (other,) = (path for path in (tmp_path / "shelf").iterdir() if path != file)
    whole = file.read_bytes()
    file.write_bytes(other.read_bytes())
    horizon_shelf._horizon.cache_clear()
    again = kept_horizon(tmp_path / "shelf", dem, GEOMETRY, 500.0)
    assert (again.angle_deg == first.angle_deg).all()
    assert file.read_bytes() == whole


def test_a_shelf_that_cannot_be_written_costs_only_time(tmp_path: Path, dem: Path) -> None:
    (tmp_path / "shelf").write_text("a file where the folder should be")
    assert kept_horizon(tmp_path / "shelf", dem, GEOMETRY, 500.0).known.min() > 0
    assert (tmp_path / "shelf").read_text() == "a file where the folder should be"


def test_the_oldest_horizons_go_when_there_are_too_many(
    tmp_path: Path, dem: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(horizon_shelf, "MOST_FILES", 3)
    shelf = tmp_path / "shelf"
    made: list[set[Path]] = []
    for number in range(5):
        kept_horizon(shelf, dem, GEOMETRY, 500.0 + number)
        new = set(shelf.iterdir()) - set().union(*made)
        for file in new:
            os.utime(file, ns=(number * 10**9 + 1, number * 10**9 + 1))
        made.append(new)
    assert set(shelf.iterdir()) == set().union(*made[2:])


def test_the_blockage_of_a_site_is_that_of_its_horizon_and_its_own_beam(tmp_path: Path, dem: Path) -> None:
    of = SiteBlockage(tmp_path / "shelf", dem, {"ZWIDE": 3.0, "ZODD": 90.0, "ZNAN": math.nan})
    horizon = horizon_of(heights_round(dem, GEOMETRY), 250.0)
    low = replace(SITE, altitude_m=250.0)
    for code, width in (("ZTEST", 1.0), ("ZWIDE", 3.0), ("ZODD", 1.0), ("ZNAN", 1.0)):
        found = of(replace(low, code=code), 0.0, GEOMETRY)
        assert found is not None
        assert (found == blockage_of(horizon, 0.0, width)).all()
        assert ((found > 0) & (found < 100)).any()


def test_a_worker_gets_it_whole(tmp_path: Path, dem: Path) -> None:
    of = SiteBlockage(tmp_path / "shelf", dem, {"ZTEST": 0.95})
    again = pickle.loads(pickle.dumps(of))
    assert again == of


def test_without_heights_place_or_antenna_nothing_is_known(tmp_path: Path, dem: Path) -> None:
    shelf = tmp_path / "shelf"
    assert SiteBlockage(shelf, tmp_path / "none.tif")(SITE, 0.5, GEOMETRY) is None
    assert SiteBlockage(shelf, dem)(replace(SITE, altitude_m=math.nan), 0.5, GEOMETRY) is None
    assert SiteBlockage(shelf, dem)(replace(SITE, lon_deg=math.nan), 0.5, GEOMETRY) is None
    assert not shelf.exists()


def test_heights_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    broken = tmp_path / "dem.tif"
    broken.write_bytes(b"II*\0 and then nothing")
    with pytest.raises(DataError) as refused:
        SiteBlockage(tmp_path / "shelf", broken)(SITE, 0.5, GEOMETRY)
    assert refused.value.code == "layers.unreadable"
    assert np.isfinite(SITE.altitude_m)

"""What a radar looks at: its range, its silent sectors, its cuts."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from models.radar.beam import ground_range
from models.radar.footprint import AZIMUTH_BINS
from models.radar.sight.blockage import UNKNOWN
from models.radar.sight.horizon_shelf import SiteBlockage
from models.radar.sight.site_view import ScanCut, all_round, cuts_of_scan, view_of
from models.radar.volume import Moment, Sweep, Volume
from tests.models.radar.ground_files import SITE, plane

AT = datetime(2026, 6, 17, 18, 0, tzinfo=UTC)


def sweep(
    elevation: float, *, gates: int = 100, blanked: range = range(0), moment: str = "dBZ", number: int = 1
) -> Sweep:
    """Return a cut of 360 rays, each in the middle of a degree, gates of 1 km from 500 m on."""
    azimuth = (np.arange(360) + 0.5).astype(np.float32)
    off = np.isin(np.arange(360), list(blanked))
    codes = np.full((360, gates), 100, np.uint8)
    moments = {moment: Moment(moment, codes, 2.0, 66.0, 1000.0, 500.0)}
    return Sweep(number, elevation, azimuth, np.full(360, elevation, np.float32), off, moments, AT)


def volume(*sweeps: Sweep, scan: str = "volume") -> Volume:
    return Volume("FMT", "fmt", SITE, AT, sweeps, len(sweeps), scan=scan)


def test_a_volume_tells_how_its_radar_scans() -> None:
    cuts = cuts_of_scan(volume(sweep(2.4, blanked=range(90, 180)), sweep(0.5), sweep(4.3, moment="V")))
    assert [cut.elevation_deg for cut in cuts] == [0.5, 2.4]
    assert [cut.range_m for cut in cuts] == [100_500.0, 100_500.0]
    assert cuts[0].looked.all()
    assert cuts[1].looked.tolist() == [not 180 <= row < 360 for row in range(AZIMUTH_BINS)]


def test_two_cuts_of_one_elevation_count_as_one_that_looks_where_either_does() -> None:
    long, short = sweep(0.5, gates=400, blanked=range(180)), sweep(0.52, gates=200, blanked=range(90, 270))
    (cut,) = cuts_of_scan(volume(short, long))
    assert cut.range_m == 400_500.0
    assert cut.looked.tolist() == [not 180 <= row < 360 for row in range(AZIMUTH_BINS)]


def test_a_section_is_no_scan() -> None:
    assert cuts_of_scan(volume(sweep(0.5), scan="rhi")) == ()


def test_a_cut_reaches_as_far_as_its_beam_and_no_farther() -> None:
    view = view_of(SITE, all_round((60.0, 0.5), 50_000.0), None, bin_m=500.0)
    assert [cut.elevation_deg for cut in view.cuts] == [0.5, 60.0]
    assert view.geometry.bins == math.ceil(float(ground_range(np.array([50_000.0]), 0.5)[0]) / 500)
    for number, elevation in enumerate((0.5, 60.0)):
        far = float(ground_range(np.array([50_000.0]), elevation)[0])
        reached = int(view.looks[number, 0].sum())
        assert reached == math.floor(far / 500 + 0.5)
        assert (view.looks[number] == view.looks[number, 0]).all()
    assert view.range_m == pytest.approx(50_000, abs=60)
    assert (view.percent == UNKNOWN).all()


def test_a_view_knows_the_ground_and_the_silent_sectors(tmp_path: Path) -> None:
    blockage = SiteBlockage(tmp_path / "shelf", plane(tmp_path / "dem.tif"), {SITE.code: 1.0})
    looked = np.arange(AZIMUTH_BINS) >= 100
    low = replace(SITE, altitude_m=215.0)
    view = view_of(low, (ScanCut(0.0, 60_000.0, looked), ScanCut(5.0, 60_000.0, looked)), blockage)
    assert not view.looks[:, :100].any()
    assert view.looks[:, 100:, :200].all()
    assert (view.percent[1] == 0).all()
    assert (view.percent[0] == blockage(low, 0.0, view.geometry)).all()
    assert view.percent[0, 180, 200] > view.percent[0, 540, 200] > 0
    assert view.height_m[0, 0] == pytest.approx(215.0, abs=0.1)


def test_a_radar_without_a_place_or_a_cut_has_no_view() -> None:
    with pytest.raises(ValueError, match="without a place"):
        view_of(replace(SITE, lat_deg=math.nan), all_round((0.5,), 50_000.0), None)
    with pytest.raises(ValueError, match="without a cut"):
        view_of(SITE, (), None)


def test_without_the_height_of_the_antenna_no_beam_has_one() -> None:
    view = view_of(replace(SITE, altitude_m=math.nan), all_round((0.5,), 50_000.0), None)
    assert np.isnan(view.height_m).all()

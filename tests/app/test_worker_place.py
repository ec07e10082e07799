"""What the worker makes of files whose radar stands nowhere, elsewhere, or not quite where it should."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from app.worker.worker import RadarTaken, RadarWish, take_radar
from models.errors import DataError
from models.radar.register import RadarSite, Register
from tests.data import need
from tests.models.radar import fmt_bytes, legacy_bytes

Z9398 = "radar/cinrad_base/Z_RADR_I_Z9398_20140704080600_O_DOR_SB_CAP.bin.bz2"


def taken(path: Path, *radars: RadarSite) -> RadarTaken:
    minutes = timedelta(minutes=6)
    return take_radar(path, RadarWish(np.array([111.5]), np.array([34.9]), {}, minutes, register=Register(radars)))


def refused(path: Path, *radars: RadarSite) -> DataError:
    with pytest.raises(DataError) as refusal:
        taken(path, *radars)
    return refusal.value


def test_the_real_sb_volume_is_taken_where_the_register_has_it_and_nowhere_without() -> None:
    path = need(Z9398)
    got = taken(path, RadarSite("Z9398", "三门峡", 111.13, 34.68, 755.0))
    assert (got.site.code, got.site.lon_deg, got.site.altitude_m, got.notice) == ("Z9398", 111.13, 755.0, None)
    assert got.rates is not None
    assert np.isfinite(got.rates).all(), "the point lies within its range"
    error = refused(path)
    assert error.code == "radar.no_site"
    assert path.name in error.sentence("zh")
    assert "[[radar]]" in error.sentence("en")


def test_a_file_without_code_and_place_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(legacy_bytes.record_volume(2))
    assert refused(path, RadarSite("Z9398", "三门峡", 111.13, 34.68)).code == "radar.no_site"


@pytest.mark.parametrize(
    ("lat_deg", "notice", "error"),
    [(23.505, "", ""), (23.53, "radar.moved", ""), (23.7, "", "radar.elsewhere")],
)
def test_a_radar_that_moved_is_taken_and_told_and_a_stranger_refused(
    tmp_path: Path, lat_deg: float, notice: str, error: str
) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(fmt_bytes.small_volume())
    known = RadarSite("ZT001", "青岚", 113.25, lat_deg)
    if error:
        assert refused(path, known).code == error
    else:
        got = taken(path, known)
        assert ("" if got.notice is None else got.notice.code) == notice
        assert got.site.lat_deg == 23.5


def test_a_wrong_station_code_in_the_name_is_told(tmp_path: Path) -> None:
    path = tmp_path / "Z_RADR_I_Z9999_20260910002640_O_DOR_SA_CAP_FMT.bin"
    path.write_bytes(fmt_bytes.small_volume())
    notice = taken(path).notice
    assert notice is not None
    assert notice.code == "radar.wrong_code"
    assert {"Z9999", "ZT001"} <= set(notice.sentence("zh").replace("，", " ").split())

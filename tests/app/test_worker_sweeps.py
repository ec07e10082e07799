"""One sweep of one volume for the map, as the worker process makes it."""

from __future__ import annotations

import pytest

from app.worker.worker import sweep_in
from models.errors import DataError
from models.grid import GridArea
from tests.data import need

ZG170 = "radar/cinrad_base/Z_RADR_I_ZG170_20260329064800_O_DOR_YTD2_CAP_FMT.bin.bz2"
GUANGZHOU = "radar/cinrad_pup_z9200_20110916/CR_37/20110916.001200.00.37.200"


def test_a_sweep_of_the_real_volume_lies_round_its_radar_under_its_own_time() -> None:
    ppi = sweep_in(need(ZG170), 0, "dBZ")
    assert (ppi.site.code, ppi.moment, round(ppi.elevation_deg, 1)) == ("ZG170", "dBZ", 1.8)
    assert ppi.at.year == 2026
    west, south, east, north = ppi.bounds_deg
    assert (west + east) / 2 == pytest.approx(ppi.site.lon_deg, abs=0.01)
    assert (south + north) / 2 == pytest.approx(ppi.site.lat_deg, abs=0.01)
    codes = ppi.on(GridArea.over(ppi.bounds_deg, 500.0))
    rows, columns = codes.shape
    assert (codes[rows // 4 : -rows // 4, columns // 4 : -columns // 4] > 1).any()
    assert (codes[:10, :10] == 0).all(), "beyond the range nothing was seen"


@pytest.mark.parametrize(("sweep", "moment"), [(5, "dBZ"), (-1, "dBZ"), (0, "RHV")])
def test_a_sweep_or_moment_that_is_not_there_is_named(sweep: int, moment: str) -> None:
    with pytest.raises(DataError) as refused:
        sweep_in(need(ZG170), sweep, moment)
    assert refused.value.code == "radar.no_such_sweep"
    assert "ZG170" in refused.value.sentence("zh")


def test_a_product_has_no_sweeps() -> None:
    with pytest.raises(DataError) as refused:
        sweep_in(need(GUANGZHOU), 0, "dBZ")
    assert refused.value.code == "radar.no_ppi"

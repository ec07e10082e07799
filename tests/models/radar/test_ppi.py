"""One sweep gate by gate on the map."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from pyproj import Geod

from models.errors import DataError
from models.grid import GridArea
from models.radar.decoders import read
from models.radar.ppi import FOLDED, ppi_of, shown
from models.radar.quantity import CR
from models.radar.volume import CodeArray, Moment, Volume
from tests import data
from tests.models.radar.scene import AT, SITE, codes_on, lopsided

AREA = GridArea.over((112.9, 23.0, 114.2, 24.05), 1500.0)


def test_one_sweep_is_shown_in_codes_and_in_values() -> None:
    volume = lopsided()
    sweep = ppi_of(volume, 0, "dBZ")
    codes = sweep.on(AREA)
    single = Volume("test", "test", SITE, AT, volume.sweeps[:1], 1)
    coarse = codes_on(single, AREA)
    assert np.mean(codes == coarse) > 0.9  # the polar field goes by half degrees, the sweep by its rays
    values = sweep.levels[codes]
    echo = (codes >= 5) & (codes != FOLDED)
    assert np.array_equal(np.isfinite(values), echo)
    assert np.array_equal(values[echo], CR.decode(codes)[echo])
    lon, lat = AREA.centers_lonlat()
    for row, column in ((3, 4), (30, 40), (60, 20), (40, 70)):
        at_point, height_m = sweep.value_at(float(lon[column]), float(lat[row]))
        assert at_point == pytest.approx(float(values[row, column]), nan_ok=True)
        assert height_m > SITE.altitude_m or np.isnan(height_m)
    for number, moment in ((2, "dBZ"), (-1, "dBZ"), (0, "V")):
        with pytest.raises(DataError, match="there is no sweep"):
            ppi_of(volume, number, moment)


def test_zg170_lies_where_its_gates_are() -> None:
    """Gates of the real volume, picked by value, are found at their own place on the map."""
    volume = read(next(data.need("radar/cinrad_base").glob("*ZG170*")))
    assert isinstance(volume, Volume)
    area = GridArea.over((112.85, 23.0, 113.17, 23.3), 30.0)
    shown = ppi_of(volume, 2, "dBZ")
    values = shown.levels[shown.on(area)]
    sweep = volume.sweeps[2]
    measured = sweep.moments["dBZ"].values()
    lon, lat = area.centers_lonlat()
    checked = 0
    for ray in range(0, 363, 9):
        for gate in range(40, 200, 16):
            value = measured[ray, gate]
            slant = (gate + 0.5) * 75.0
            ground = slant * math.cos(math.radians(sweep.elevation_deg))
            x, y, _ = Geod(ellps="WGS84").fwd(
                volume.site.lon_deg, volume.site.lat_deg, float(sweep.azimuth_deg[ray]), ground
            )
            row, column = int(np.abs(lat - y).argmin()), int(np.abs(lon - x).argmin())
            near = values[row - 2 : row + 3, column - 2 : column + 3]
            if np.isfinite(value):
                assert value in near
                checked += 1
    assert checked > 100


@pytest.mark.parametrize("width", [np.uint8, np.uint16])
def test_a_range_folded_gate_is_neither_unseen_nor_without_echo(width: Any) -> None:
    raw: CodeArray = np.array([[0, 1, 2, 5, 254 if width is np.uint8 else 9000]], width)
    codes, levels = shown(Moment("V", raw, 2.0, 129.0, 250.0))
    values = levels[codes][0]
    assert np.isneginf(values[0])
    assert np.isposinf(values[1])
    assert np.isnan(values[2])
    assert values[3] == pytest.approx((5 - 129) / 2)
    assert values[4] == pytest.approx((float(raw[0, 4]) - 129) / 2, abs=0.6)
    assert codes[0, 1] == FOLDED
    assert FOLDED not in codes[0, 2:]

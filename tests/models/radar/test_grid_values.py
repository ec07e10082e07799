"""The time in a name or in words, units in this house's spelling, and what the stored numbers of a grid mean."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from models.radar.layouts.grid_values import graded, role_of, unit_of
from models.radar.layouts.name_time import stated_time, time_in
from models.radar.product import Role

AT = datetime(2026, 6, 17, 18, 30, tzinfo=UTC)


def floats(values: Any) -> NDArray[np.float32]:
    return np.array(values, np.float32)


@pytest.mark.parametrize(
    ("name", "at"),
    [
        ("2_20180616_100000.prcp-cscn.nc", datetime(2018, 6, 16, 10, tzinfo=UTC)),
        ("201609281445_FINUTM.tif", datetime(2016, 9, 28, 14, 45, tzinfo=UTC)),
        ("PrecipRate_00.00_20190610-000200.grib2", datetime(2019, 6, 10, 0, 2, tzinfo=UTC)),
        ("T_PAAH21_C_EUOC_20180824183000.hdf", datetime(2018, 8, 24, 18, 30, tzinfo=UTC)),
        ("AQC173662355V_00005.801.gif", datetime(2018, 1, 1, 23, 55, tzinfo=UTC)),
        ("AQC170310945F_00005.801.gif", datetime(2017, 1, 31, 9, 45, tzinfo=UTC)),
        ("mosaic_20261399_120000.png", None),
        ("mosaic.png", None),
        ("123456789012345.png", None),
    ],
)
def test_the_time_in_a_name(name: str, at: datetime | None) -> None:
    assert time_in(name) == at


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("202606171830", AT),
        ("20260617183000", AT),
        ("2026-06-17T18:30:00Z", AT),
        ("2026-06-18T02:30:00+08:00", AT),
        ("2026-06-17 18:30", AT),
        ("202699171830", None),
        ("0001-01-01T00:00:00+08:00", None),
        ("soon", None),
    ],
)
def test_a_time_in_words(words: str, at: datetime | None) -> None:
    assert stated_time(words) == at


@pytest.mark.parametrize(
    ("words", "unit", "factor"),
    [("[mm/hr]", "mm/h", 1), ("kg m-2", "mm", 1), ("kg/(m^2 s)", "mm/h", 3600), ("DBZ", "dBZ", 1), ("K", "K", 1)],
)
def test_units_are_spelled_as_this_house_does(words: str, unit: str, factor: float) -> None:
    assert unit_of(words) == (unit, factor)


def test_a_field_is_what_its_unit_and_its_words_say() -> None:
    assert role_of("dBZ", "MergedReflectivityQCComposite") is Role.COMPOSITE
    assert role_of("dBZ", "CAPPI 3 km") is Role.CAPPI
    assert role_of("mm", "Vertically integrated liquid") is Role.VIL
    assert role_of("mm", "precipitation_amount") is Role.RAIN
    assert role_of("km", "echo top 18 dBZ") is Role.ECHO_TOP
    assert role_of("K", "temperature") is Role.OTHER


def test_floats_are_changed_in_place_and_codes_are_not_touched() -> None:
    stored = np.array([[1.0, -1.0, -2.0, np.inf, np.nan]], np.float32)
    values, levels = graded(stored, gain=2.0, offset=1.0, undetect=-1.0, nodata=-2.0)
    assert levels is None
    assert np.shares_memory(values, stored)
    np.testing.assert_array_equal(values, floats([[3, -np.inf, np.nan, np.nan, np.nan]]))
    codes = np.array([[0, 1, 2]], np.uint16)
    same, levels = graded(codes, gain=0.1, undetect=0.0, nodata=2.0)
    assert same is codes
    assert levels is not None
    assert levels.size == 65_536
    assert levels[0] == -np.inf
    assert math.isnan(levels[2])
    assert levels[10] == pytest.approx(1)

"""Values of other formats as codes: whole numbers keep their steps, fractions lie on one, the rest is said."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from models.errors import DataError
from models.radar.layouts.code_values import BELOW, FIRST_VALID, NOT_SCANNED, Place, Stored, coded
from models.radar.oddity import Oddity
from models.radar.volume import Moment

PLACE = Place("file.h5", 3, "dBZ", 250.0, 0.0)


def made(stored: Any, **how: Any) -> tuple[Moment, list[Oddity]]:
    oddities: list[Oddity] = []
    return coded(np.asarray(stored), Stored(**how), PLACE, oddities), oddities


@pytest.mark.parametrize("dtype", [np.uint8, np.int8, np.uint16, np.int16, np.int32, np.int64])
def test_whole_numbers_keep_every_step(dtype: Any) -> None:
    stored = np.array([[1, 2, 3, 100, 120]], dtype)
    moment, oddities = made(stored, gain=0.4, offset=-30.0, undetect=0.0, nodata=127.0)
    np.testing.assert_allclose(moment.values(), stored * 0.4 - 30, atol=1e-5)
    assert np.diff(moment.codes.astype(int)).tolist() == [[1, 1, 97, 20]]
    assert not oddities


def test_codes_of_one_byte_stay_one_byte_unless_the_highest_are_in_use() -> None:
    assert made(np.array([[1, 253]], np.uint8), undetect=0.0, nodata=255.0)[0].codes.dtype == np.uint8
    wide = made(np.array([[1, 254, 255]], np.uint8), undetect=0.0, nodata=255.0)[0]
    assert wide.codes.dtype == np.uint16
    assert wide.codes.tolist() == [[3, 256, NOT_SCANNED]]


def test_the_shift_is_that_of_the_type_so_that_sweeps_share_it() -> None:
    low = made(np.array([[1, 5]], np.uint8), undetect=0.0)[0]
    high = made(np.array([[100, 200]], np.uint8), undetect=0.0)[0]
    assert (low.scale, low.offset) == (high.scale, high.offset)


@pytest.mark.parametrize(("values", "dtype"), [([-32768, 0, 32767], np.int16), ([0, 1, 65_535], np.uint16)])
def test_numbers_that_need_more_than_16_bits_are_kept_within_a_step(values: list[int], dtype: Any) -> None:
    moment, oddities = made(np.array([values], dtype), gain=1e-4)
    assert np.abs(moment.values() - np.array([values]) * 1e-4).max() <= 0.0005 + 1e-6
    assert [odd.code for odd in oddities] == ["radar.odd.requantised"]


def test_a_span_that_no_moment_has_is_refused() -> None:
    for stored in ([[-1e30, 1.0]], [[0.0, 70_000.0]]):
        with pytest.raises(DataError) as caught:
            made(np.array(stored))
        assert caught.value.code == "radar.moment_span"


@pytest.mark.parametrize("step", [1.0, 0.5, 0.25, 0.2, 0.1, 0.05, 0.01, 0.001])
def test_fractions_on_a_step_are_coded_by_it_without_loss(step: float) -> None:
    exact = np.arange(-20, 40) * step
    moment, oddities = made(exact.astype(np.float32).reshape(4, 15))
    assert moment.scale == pytest.approx(1 / step)
    assert np.abs(moment.values().ravel() - exact).max() < 1e-4 * step + 1e-6
    assert moment.codes.dtype == np.uint8
    assert not oddities


def test_fractions_on_no_step_are_rounded_and_said() -> None:
    stored = np.random.default_rng(3).uniform(-30, 70, (50, 200)).astype(np.float32)
    moment, oddities = made(stored)
    (odd,) = oddities
    step = float(odd.facts["step"])
    assert (odd.code, step) == ("radar.odd.requantised", 0.002)
    assert np.abs(moment.values() - stored).max() <= step / 2 + 1e-5
    assert "cut 3: dBZ" in str(odd)


def test_missing_is_what_the_file_says_it_is() -> None:
    stored = np.array([[np.nan, -9999.0, -8888.0, np.inf, 4.5]], np.float32)
    moment, _ = made(stored, undetect=-8888.0, nodata=-9999.0)
    assert moment.codes[0, :4].tolist() == [NOT_SCANNED, NOT_SCANNED, BELOW, NOT_SCANNED]
    assert moment.values()[0, 4] == 4.5
    moment, _ = made(stored, nodata=-9999.0, nan_is_below=True)
    assert moment.codes[0, [0, 1, 3]].tolist() == [BELOW, BELOW, BELOW]


def test_a_fill_value_of_another_precision_is_the_same_number() -> None:
    stored = np.array([[9.999e20, 4.5]], np.float32)
    moment, _ = made(stored, nodata=9.999e20)
    assert moment.codes[0, 0] == NOT_SCANNED


def test_a_sweep_without_a_value_has_none() -> None:
    for stored in (np.zeros((2, 3), np.uint8), np.full((2, 3), np.nan, np.float32)):
        moment, _ = made(stored, undetect=0.0)
        assert np.isnan(moment.values()).all()
        assert moment.codes.max() < FIRST_VALID


@pytest.mark.parametrize(("gain", "offset"), [(0.0, 0.0), (math.nan, 0.0), (1.0, math.inf)])
def test_a_scale_that_is_no_number_is_refused(gain: float, offset: float) -> None:
    with pytest.raises(DataError) as caught:
        made(np.zeros((1, 1), np.uint8), gain=gain, offset=offset)
    assert caught.value.code == "radar.moment_scale"
    assert "file.h5" in caught.value.sentence("zh")


def test_a_falling_scale_is_turned() -> None:
    moment, _ = made(np.array([[1, 2, 3]], np.uint8), gain=-0.5, offset=10.0)
    assert moment.scale > 0
    np.testing.assert_allclose(moment.values(), [[9.5, 9.0, 8.5]])

"""The column over a place as a table of layers."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta

import numpy as np

from models.radar.column_table import MOST_ROWS, layers_over
from models.radar.quantity import CR, NO_ECHO, NOT_SEEN
from models.radar.stack_of_cuts import Column
from tests.models.radar.scene import AT, SITE


def column(code: str, beams: dict[float, float | None], *, reach_m: float = 100.0, minutes: int = 0) -> Column:
    """Return beams by height; None is seen without echo, NaN not seen."""
    codes = [
        NO_ECHO if dbz is None else NOT_SEEN if math.isnan(dbz) else int(CR.encode(np.array([dbz], np.float32))[0])
        for dbz in beams.values()
    ]
    site, count = replace(SITE, code=code), len(codes)
    height_m = np.array(list(beams), np.float32)
    at = AT - timedelta(minutes=minutes)
    return Column(
        site, at, 20_000.0, np.arange(count).astype(np.float64) + 0.5, np.array(codes, np.uint8), height_m, reach_m
    )


def test_each_layer_has_its_strongest_echo_with_radar_and_time_and_gaps_are_not_seen() -> None:
    near = column("A", {600.0: 30.0, 1400.0: 45.0, 4300.0: None})
    far = column("B", {1600.0: 50.0, 4600.0: math.nan}, minutes=5)
    layers = layers_over((near, far))
    assert [(x.bottom_m, x.top_m) for x in layers] == [(1000.0 * n, 1000.0 * n + 1000) for n in (4, 3, 2, 1, 0)]
    assert [x.is_seen for x in layers] == [True, False, False, True, True]
    assert layers[0].dbz == -math.inf
    assert math.isnan(layers[1].dbz)
    strongest = layers[3]
    assert strongest.site is not None
    assert (strongest.site.code, strongest.at, strongest.dbz, strongest.height_m) == ("B", far.at, 50.0, 1600.0)
    assert strongest.radars == 2
    assert layers[0].radars == 1  # B's beam there is not seen


def test_a_wide_beam_speaks_for_every_layer_that_it_touches() -> None:
    layers = layers_over((column("A", {4500.0: 40.0}, reach_m=1_300.0),))
    assert [x.is_seen for x in layers] == [True, True, False, False, False]


def test_a_place_that_nobody_sees_has_no_layers_and_a_tall_column_has_thicker_ones() -> None:
    assert layers_over(()) == ()
    assert layers_over((column("A", {2000.0: math.nan}),)) == ()
    tall = layers_over((column("A", {500.0: 20.0, 15_500.0: 20.0, 25_000.0: 20.0}),))
    assert len(tall) <= MOST_ROWS
    assert tall[0].top_m - tall[0].bottom_m == 2000.0
    assert tall[0].top_m == 16_000.0


def test_a_beam_on_a_whole_kilometer_or_at_the_sea_has_its_layer() -> None:
    for height_m in (0.0, 5000.0):
        top = layers_over((column("A", {height_m: 40.0}),))[0]
        assert (top.bottom_m, top.dbz) == (height_m, 40.0)

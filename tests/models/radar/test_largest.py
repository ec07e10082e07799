"""The largest value of the column: against a loop over cells, whatever rays, codes and shares of the work there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from models.radar.footprint import AZIMUTH_BINS, codes_of, heights_of
from models.radar.largest import largest
from models.radar.polar import footprint_of
from models.radar.quantity import NO_ECHO, NOT_SEEN
from models.radar.rays import geometry_of, ground_cut
from models.radar.volume import Sweep, Volume
from tests.models.radar.scene import AT, SITE, STEP, lopsided, sweep_of

GATES = 240


def volume_of(*sweeps: Sweep) -> Volume:
    return Volume("test", "test", SITE, AT, sweeps, len(sweeps))


def echoes(rays: int, seed: int, *, odd_codes: bool = False) -> np.ndarray:
    dice = np.random.default_rng(seed)
    codes = np.where(dice.random((rays, GATES)) < 0.2, dice.integers(5, 256, (rays, GATES)), 0).astype(np.uint8)
    if odd_codes:
        codes[dice.random((rays, GATES)) < 0.3] = 2
        codes[dice.random((rays, GATES)) < 0.1] = 1
    return codes


def round_scan(rays: int, start: float, seed: int = 0) -> np.ndarray:
    return (np.arange(rays) * 360 / rays + start + np.random.default_rng(seed).normal(0, 0.05, rays)) % 360


def cells_by_hand(volume: Volume) -> tuple[np.ndarray, np.ndarray]:
    """Return codes and heights of all cells, cut by cut and row by row, each cell by its own comparison."""
    parts = sorted(((s, s.moments["dBZ"]) for s in volume.sweeps), key=lambda part: part[0].elevation_deg)
    geometry = geometry_of(volume.site, parts)
    codes = np.zeros((AZIMUTH_BINS, geometry.bins), int)
    heights = np.full((AZIMUTH_BINS, geometry.bins), 255)
    for sweep, moment in parts:
        cut = ground_cut(sweep, moment, geometry, volume.site.altitude_m)
        for row in range(AZIMUTH_BINS):
            for first, last, shift in cut.pieces:
                for bin_ in range(first, last):
                    code = int(cut.codes[cut.rows[row], bin_ + shift])
                    height = 255 - int(cut.low[bin_ + shift])
                    best = codes[row, bin_]
                    if code > best or (code == best != NOT_SEEN and height < heights[row, bin_]):
                        codes[row, bin_], heights[row, bin_] = code, height
    return codes, heights


SCANS: dict[str, Callable[[], Volume]] = {
    "as this house codes, all round": lambda: volume_of(
        sweep_of(0.5, echoes(720, 1), round_scan(720, 123.4)),
        sweep_of(0.5, echoes(360, 2), round_scan(360, 300.2)),
        sweep_of(9.9, echoes(360, 3), round_scan(366, 0.1)[:360]),
    ),
    "codes that are no values come out on top in some rows": lambda: volume_of(
        sweep_of(0.5, echoes(360, 4, odd_codes=True), round_scan(360, 17.0)),
        sweep_of(2.4, np.vstack([echoes(180, 5, odd_codes=True), echoes(180, 6)]), round_scan(360, 17.0)),
    ),
    "the antenna turns the other way": lambda: volume_of(
        sweep_of(0.5, echoes(360, 7), round_scan(360, 50.0)[::-1]),
        sweep_of(1.5, echoes(360, 8), round_scan(360, 200.0)[::-1]),
    ),
    "rays in any order": lambda: volume_of(
        sweep_of(0.5, echoes(360, 9), np.random.default_rng(9).permutation(round_scan(360, 0.0)))
    ),
    "a sector only, and rays where the transmitter was off": lambda: volume_of(
        sweep_of(0.5, echoes(90, 10), np.arange(90) + 200.3),
        sweep_of(1.5, echoes(360, 11), round_scan(360, 9.0), blanked=(3, 4, 5, 200)),
    ),
}


@pytest.mark.parametrize("name", SCANS)
@pytest.mark.parametrize("threads", [0, 2])
def test_every_cell_is_what_comparing_cut_by_cut_finds(name: str, threads: int) -> None:
    volume = SCANS[name]()
    codes, heights = cells_by_hand(volume)
    with ThreadPoolExecutor(max(1, threads)) as pool:
        spread: Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]] = pool.map if threads else map
        wide = footprint_of(volume, step=STEP, spread=spread).cells
        narrow = footprint_of(volume, step=STEP, with_heights=False, spread=spread).cells
    assert (codes == NO_ECHO).any()
    assert (codes > NO_ECHO).any()
    assert np.array_equal(codes_of(wide[:-1]), codes.ravel())
    assert np.array_equal(heights_of(wide[:-1]), heights.ravel())
    assert np.array_equal(narrow[:-1], codes.ravel())
    assert wide[-1] == narrow[-1] == 0


def test_what_another_coding_says_is_taken_into_ours() -> None:
    volume = lopsided()
    same = footprint_of(volume, step=STEP).cells
    twice = volume_of(*(_coded_anew(sweep) for sweep in volume.sweeps))
    assert np.array_equal(footprint_of(twice, step=STEP).cells, same)


def _coded_anew(sweep: Sweep) -> Sweep:
    """Return a sweep with the same values in codes of two bytes."""
    moment = sweep.moments["dBZ"]
    codes = moment.codes.astype(np.uint16)
    codes[codes >= 5] = codes[codes >= 5] * 50 + 700
    return replace(sweep, moments={"dBZ": replace(moment, codes=codes, scale=100.0, offset=4000.0)})


def test_a_cut_that_lies_wholly_above_the_weather_adds_nothing() -> None:
    low = sweep_of(0.5, echoes(360, 12), round_scan(360, 40.0))
    high = sweep_of(80.0, echoes(360, 13), round_scan(360, 40.0), start_m=25_000.0)
    both, alone = footprint_of(volume_of(low, high), step=STEP), footprint_of(volume_of(low), step=STEP)
    assert both.geometry == alone.geometry
    assert np.array_equal(both.cells, alone.cells)
    assert not footprint_of(volume_of(high), step=STEP).cells.any()


def test_the_work_is_shared_out_in_two_halves_only_where_somebody_asks_for_it() -> None:
    volume = lopsided()
    parts = [(sweep, sweep.moments["dBZ"]) for sweep in volume.sweeps]
    shares: list[int] = []

    def counting(act: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[Any]:
        known = list(items)
        shares.append(len(known))
        return map(act, known)

    geometry = geometry_of(volume.site, parts)
    cells = largest(parts, geometry, 120.0, spread=counting)
    assert shares == [2]
    assert np.array_equal(cells, largest(parts, geometry, 120.0))

"""The mosaic of the exercise's three radars against the storm that they look at."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from app.demo.radars import S_BAND
from app.demo.storm import true_cells
from models.geodesy import FloatArray, mercator_scale
from models.radar.compose import compose, counts
from models.radar.mosaic import Mosaic, Rule
from models.radar.motion import Motion, motion_between, moved
from models.radar.quantity import CR, Quantity
from models.radar.volume import Volume
from tests import data
from tests.models.radar import by_hand
from tests.walks import true_storm
from tests.walks.true_storm import AREA, Part, all_at, newest, planes, truth

LONGEST = timedelta(minutes=20)
THRESHOLDS = {"cr": 40.0, "hybrid": 40.0, "cappi:1500": 40.0, "cappi:3000": 40.0, "et": 5.2, "vil": 3.0}
SCALE = mercator_scale(29.2)


def at(hour: int, minute: int) -> datetime:
    return datetime(2026, 6, 17, hour, minute, tzinfo=UTC)


def frame(parts: tuple[Part, ...], when: datetime, quantity: Quantity = CR, motion: Motion | None = None) -> Mosaic:
    shown = planes(parts, quantity)
    if motion is not None:
        shown = tuple(moved(plane, motion, (when - plane.source.at).total_seconds()) for plane in shown)
    return compose(shown, AREA, at=when, max_age=LONGEST)


def values_of(mosaic: Mosaic) -> FloatArray:
    return mosaic.quantity.decode(mosaic.codes).astype(np.float64)


def excess(values: FloatArray, threshold: float) -> FloatArray:
    return np.maximum(np.nan_to_num(values, nan=-1e3, neginf=-1e3) - threshold, 0.0)


def field_shift(field: FloatArray, true: FloatArray, most: int = 4) -> tuple[float, float]:
    """Return by how many pixels down and right a field lies beside the true one: the top of their correlation."""
    inner = true[most:-most, most:-most].ravel()
    rows, columns = field.shape
    found = {}
    for down in range(-most, most + 1):
        for right in range(-most, most + 1):
            part = field[most + down : rows - most + down, most + right : columns - most + right]
            found[down, right] = float(np.corrcoef(part.ravel(), inner)[0, 1])
    down, right = max(found, key=lambda key: found[key])
    assert max(abs(down), abs(right)) < most

    def top(before: float, here: float, after: float) -> float:
        return 0.5 * (before - after) / (before - 2 * here + after)

    best = found[down, right]
    return (
        down + top(found[down - 1, right], best, found[down + 1, right]),
        right + top(found[down, right - 1], best, found[down, right + 1]),
    )


def cell_shifts(field: FloatArray, true: FloatArray, when: datetime, step: float) -> list[float]:
    """Return how many pixels the center of each strong cell lies beside the true one: centroids round each true cell.

    Strong is what stands over the threshold on 20 pixels and by three steps of the coding on their average.
    """
    lon, lat = AREA.centers_lonlat()
    row, column = np.mgrid[0 : AREA.rows, 0 : AREA.columns]
    out = []
    for cell in true_cells(when):
        x = float(np.interp(cell.lon_deg, lon, np.arange(lon.size)))
        y = float(np.interp(-cell.lat_deg, -lat, np.arange(lat.size)))
        near = np.hypot(column - x, row - y) < 1.2 * cell.long_km * 1000 / 500
        weights, wanted = field * near, true * near
        many = np.count_nonzero(wanted)
        if many >= 20 and wanted.sum() >= 3 * step * many and weights.any():
            across = (weights * column).sum() / weights.sum() - (wanted * column).sum() / wanted.sum()
            down = (weights * row).sum() / weights.sum() - (wanted * row).sum() / wanted.sum()
            out.append(float(np.hypot(across, down)))
    return out


@pytest.mark.parametrize("word", THRESHOLDS)
def test_strong_cells_lie_where_they_are_to_less_than_a_pixel(word: str) -> None:
    quantity, threshold = Quantity.parse(word), THRESHOLDS[word]
    cells, shifts, bias = [], [], []
    for when in (at(18, 31), at(18, 55), at(19, 19), at(19, 43)):
        parts = newest(when)
        shown, true = values_of(frame(parts, when, quantity)), truth(parts, quantity)
        seen = ~np.isnan(shown) & ~np.isnan(true)
        assert np.mean(np.isnan(shown) != np.isnan(true)) < 0.012
        found = excess(np.where(seen, shown, np.nan), threshold)
        wanted = excess(np.where(seen, true, np.nan), threshold)
        cells += cell_shifts(found, wanted, when, quantity.step)
        shifts.append(float(np.hypot(*field_shift(found, wanted))))
        both = np.isfinite(shown) & np.isfinite(true)
        bias.append(float(np.mean(shown[both] - true[both])))
    print(
        f"demo storm {word:10}: {len(cells)} strong cells, centers off by {np.mean(cells):.2f} pixels of 500 m, worst "
        f"{max(cells):.2f}; whole field by {np.mean(shifts):.2f}, worst {max(shifts):.2f}; "
        f"bias {np.mean(bias):+.2f} {quantity.unit}"
    )
    assert len(cells) >= 8
    assert max(cells) < 1.0
    assert np.mean(cells) < 0.35
    assert max(shifts) < 0.4


@pytest.mark.parametrize("word", ["cr", "hybrid", "cappi:3000", "et", "vil"])
def test_value_age_height_source_and_count_are_those_of_a_loop(word: str) -> None:
    when, quantity = at(19, 19), Quantity.parse(word)
    parts = newest(when)
    readings = [true_storm.volume(*part) for part in parts]
    radars = [by_hand.Radar(reading) for reading in readings if isinstance(reading, Volume)]
    ages = [(when - radar.volume.started_at).total_seconds() / 60 for radar in radars]
    assert [round(age, 1) for age in ages] == [6.8, 0.9, 2.9]
    shown = planes(parts, quantity)
    many = counts(shown, AREA)
    dice = np.random.default_rng(33)
    picked = set(dice.choice(AREA.rows * AREA.columns, data.long_count(400, 10_000), replace=False).tolist())
    pixels = [pixel for pixel in by_hand.pixels(AREA) if pixel[0] * AREA.columns + pixel[1] in picked]
    checked = 0
    for rule in Rule:
        mosaic = compose(shown, AREA, at=when, max_age=LONGEST, rule=rule)
        age_minutes = mosaic.age_minutes()
        for row, column, lon, lat in pixels:
            words, near = [], False
            for radar in radars:
                turned, number, edge = by_hand.bin_of(radar, lon, lat)
                words.append(by_hand.word_of(radar, number, by_hand.looks(radar, turned, number), quantity))
                near |= edge
            if near:
                continue
            best, whose, seeing = by_hand.chosen(words, rule)
            here = row, column
            assert (mosaic.codes[here], mosaic.heights[here]) == (best.code, best.height)
            assert (mosaic.source[here], many[here]) == (whose, seeing)
            assert (age_minutes[here] == np.float32(ages[whose - 1])) if whose else np.isnan(age_minutes[here])
            checked += 1
    print(f"demo storm {word:10}: value, age, height, source, count of {checked} pixels (3 rules) as by hand")
    assert checked > 2.5 * len(pixels)


def error_of(mosaic: Mosaic, true: FloatArray) -> float:
    """Return root mean square of the difference in dBZ where either has rain (20 dBZ), without their bias."""
    shown = values_of(mosaic)
    rain = ~np.isnan(shown) & ~np.isnan(true) & (np.fmax(shown, true) >= 20)
    off = np.maximum(shown, 10)[rain] - np.maximum(true, 10)[rain]
    return float(np.sqrt(np.mean((off - np.median(off)) ** 2)))


def vector_errors(motion: Motion, when: datetime) -> list[tuple[float, float]]:
    """Return of each true cell over 40 dBZ how far the motion found there is off, and how fast it is, m/s."""
    found = motion.at_cells(AREA, slice(0, AREA.rows), slice(0, AREA.columns)) * AREA.cell_m / SCALE
    lon, lat = AREA.centers_lonlat()
    out = []
    for cell in true_cells(when):
        column, row = int(np.abs(lon - cell.lon_deg).argmin()), int(np.abs(lat - cell.lat_deg).argmin())
        if cell.dbz >= 40 and 2 < column < lon.size - 3 and 2 < row < lat.size - 3:
            east, south = (float(value) for value in found[row, column])
            speed = float(np.hypot(cell.east_ms, cell.north_ms))
            out.append((float(np.hypot(east - cell.east_ms, -south - cell.north_ms)), speed))
    return out


TIMES = tuple(at(hour, minute) for hour, minute in ((18, 31), (18, 49), (19, 7), (19, 25), (19, 43)))


def test_radars_moved_to_one_time_are_nearer_to_the_truth_of_that_time() -> None:
    ratios, off, speeds = [], [], []
    for when in TIMES:
        true = truth(all_at(when), CR)
        motion = motion_between(
            frame(newest(when - timedelta(minutes=6)), when - timedelta(minutes=6)), frame(newest(when), when)
        )
        assert motion is not None
        alike = {
            "as they came": newest(when),
            "S 6 min old, X now": ((S_BAND, when - timedelta(minutes=6)), *all_at(when)[1:]),
        }
        best = error_of(frame(all_at(when), when), true)
        for name, parts in alike.items():
            plain, shifted = (error_of(frame(parts, when, motion=how), true) for how in (None, motion))
            print(
                f"demo storm {when:%H:%M} {name:18}: error {plain:.2f} dB, moved {shifted:.2f} dB, all radars new {best:.2f} dB"
            )
            assert best < shifted < plain
            ratios.append((shifted - best) / (plain - best))
        vectors = vector_errors(motion, when)
        off += [one for one, _ in vectors]
        speeds += [one for _, one in vectors]
    print(
        f"demo storm: of the error that age brings {100 * np.mean(ratios):.0f} % are left; motion at {len(off)} true cells "
        f"off by {np.mean(off):.2f} m/s (median {np.median(off):.2f}), the cells move with {np.mean(speeds):.2f} m/s"
    )
    assert np.mean(ratios) < 0.5
    assert np.mean(off) < 0.5 * np.mean(speeds)

"""A frame that comes late can complete a red hour that ended after it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np

from models.rain.late import ends_to_judge_again
from models.rain.observations import PointRates
from models.rain.windows import rain_windows

START = datetime(2026, 6, 18, 2, 0, tzinfo=UTC)


def at(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def test_data_in_time_is_judged_at_its_own_time_alone() -> None:
    assert ends_to_judge_again(at(60), [at(48), at(54), at(60)], (1, 3), at(61)) == (at(60),)


def test_late_data_brings_back_every_end_after_it_until_it_has_left_the_longest_window() -> None:
    known = [at(m) for m in range(0, 400, 30)]
    found = ends_to_judge_again(at(60), known, (1, 3), at(600))
    assert found == tuple(at(m) for m in (60, 90, 120, 150, 180, 210))


def test_nothing_after_now_is_judged() -> None:
    assert ends_to_judge_again(at(70), [at(60), at(66), at(90)], (1,), at(66)) == (at(66),)


def test_an_hour_that_is_red_only_between_two_looks_is_found() -> None:
    """Rain from 02:06 to 03:06; the frame of 03:00 comes after those of 03:06 and 03:12 were judged."""
    frames = [
        PointRates("S", at(m), timedelta(minutes=6), np.array([80.0 if 12 <= m <= 66 else 0.0], np.float32))
        for m in range(6, 73, 6)
    ]
    point = np.array([[113.2, 24.1]])
    looks = {end: rain_windows(point, (1,), frames, [], [], end).rain_mm[0, 0] for end in (at(60), at(72))}
    assert max(looks.values()) < 80.0
    again = ends_to_judge_again(at(60), [f.at for f in frames], (1,), at(72))
    assert max(rain_windows(point, (1,), frames, [], [], end).rain_mm[0, 0] for end in again) == 80.0

"""Data that comes late changes windows that were judged already: which of them to judge again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

AHEAD = timedelta(minutes=10)
"""How far ahead of ours the clock of a radar or a gauge may be; what claims more is of another time."""


def ends_to_judge_again(
    arrived_at: datetime, data_at: Iterable[datetime], windows_h: Sequence[int], now: datetime
) -> tuple[datetime, ...]:
    """Return the ends of the windows that hold data which has just arrived, oldest first.

    Rain summed between two looks can reach a threshold at neither of them; so
    every moment that data is known for, from the late data's own time until it
    has left the longest window, has its turn. In time data gives its own time alone.

    Parameters
    ----------
    arrived_at : datetime
        The time of the data (not of its arrival).
    data_at : Iterable[datetime]
        The times of all data that is known.
    windows_h : Sequence[int]
        The windows that are judged.
    now : datetime
        Nothing after it is returned.
    """
    last_at = min(now, arrived_at + timedelta(hours=max(windows_h, default=1)))
    ends = {at for at in data_at if arrived_at < at < last_at}
    return tuple(sorted({*ends, min(arrived_at, now)}))

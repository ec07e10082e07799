"""Signs of alarms over the signs of all other layers, whatever the order of the layers is."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from layers.drawing import Drawing, Symbols
from layers.sign import is_alarm


def alarms_last(items: tuple[Drawing, ...]) -> tuple[Drawing, ...]:
    """Return drawings in which no sign without a level comes after one with a level.

    Only where several drawings hold signs is one taken apart; the halves are the same objects each time.
    """
    if sum(isinstance(item, Symbols) for item in items) < 2:
        return items
    below: list[Drawing] = []
    above: list[Drawing] = []
    for item in items:
        calm, alarms = _halves(item) if isinstance(item, Symbols) else (item, None)
        below += [] if calm is None else [calm]
        above += [] if alarms is None else [alarms]
    return (*below, *above)


@lru_cache(maxsize=64)
def _halves(symbols: Symbols) -> tuple[Symbols | None, Symbols | None]:
    """Return what stands for no level, and what does; None for a half that is empty."""
    risen = np.array([is_alarm(key) for key in symbols.sprites] or [False], bool)
    if not risen.any() or not len(symbols.ids):
        return symbols, None
    above = risen[symbols.sprite]
    if above.all() or not above.any():
        return (None, symbols) if above.all() else (symbols, None)
    return _part(symbols, ~above), _part(symbols, above)


def _part(symbols: Symbols, which: NDArray[np.bool_]) -> Symbols:
    at = np.flatnonzero(which)
    ids = tuple([symbols.ids[i] for i in at.tolist()])
    mine = frozenset(ids) if symbols.groups else frozenset()
    return Symbols(
        symbols.name,
        symbols.x_m[at],
        symbols.y_m[at],
        symbols.sprite[at],
        symbols.sprites,
        ids,
        symbols.opacity,
        {key: group for key, group in symbols.groups.items() if key in mine},
    )

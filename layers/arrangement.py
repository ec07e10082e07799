"""How the operator arranged the layers: order, shown or not, how strongly, at which scales."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

GROUPS = ("base", "division", "hazards", "zoning", "exposed", "people", "radar", "own")
"""The groups of the layer panel, in its order."""
OWN_GROUP = "@"
"""With it begin the groups that the operator named, so that none is taken for one of the house."""
_NAME_MOST = 24
_GROUP_OF = {
    "base_map": "base",
    "relief": "base",
    "rivers": "base",
    "roads": "base",
    "outside": "base",
    "county": "division",
    "towns": "division",
    "villages": "division",
    "points": "hazards",
    "mosaic": "radar",
    "ppi": "radar",
    "unseen": "radar",
    "coverage": "radar",
    "age": "radar",
    "beam_height": "radar",
    "source": "radar",
    "count": "radar",
    "storms": "radar",
    "gauges": "radar",
    "radars": "radar",
    "warnings": "radar",
    "draft": "radar",
}


@dataclass(frozen=True, slots=True)
class LayerSetting:
    """What was set for one layer; it is drawn from ``least_m`` up to ``most_m`` map meters a pixel."""

    name: str
    visible: bool = True
    opacity: float = 1.0
    least_m: float = 0.0
    most_m: float = math.inf


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The settings of layers, the lowest first; a layer that it does not name keeps what it has."""

    settings: tuple[LayerSetting, ...] = ()

    def find(self, name: str) -> LayerSetting | None:
        """Return what is set for a layer, None if nothing is."""
        return next((one for one in self.settings if one.name == name), None)

    @property
    def names(self) -> tuple[str, ...]:
        """The layers' names, the lowest first."""
        return tuple(one.name for one in self.settings)


def group_of(name: str, said: str = "") -> str:
    """Return in which group of the panel a layer stands: the one that is said, else by its name, else ``own``.

    Examples
    --------
    >>> group_of("shelters", "people"), group_of("mosaic"), group_of("nasa_landslides"), group_of("a", "@night")
    ('people', 'radar', 'own', '@night')
    """
    return said if is_group(said) else _GROUP_OF.get(name, "own")


def is_group(key: str) -> bool:
    """Return whether a key is that of a group: one of the house's, or one that the operator named."""
    return key in GROUPS or (key.startswith(OWN_GROUP) and key == own_group(key.removeprefix(OWN_GROUP)) != "")


def own_group(name: str) -> str:
    r"""Return the key of a group of the operator's own name, on one line and not too long; empty for no name.

    Examples
    --------
    >>> own_group(" 夜班\n常看 "), own_group("\u202e\u200b")
    ('@夜班 常看', '')
    """
    seen = "".join(sign for sign in " ".join(name.split()) if sign.isprintable())
    clean = seen[:_NAME_MOST].strip()
    return OWN_GROUP + clean if clean else ""


def may_change_group(name: str) -> bool:
    """Return whether a layer may stand in another group: layers of files and registers may, the console's own not."""
    return name not in _GROUP_OF


def ordered(names: Iterable[str], wanted: Iterable[str]) -> tuple[str, ...]:
    """Return names in a wanted order; those that it does not name stand where they stood, behind their forerunner.

    Examples
    --------
    >>> ordered(("a", "b", "new", "c"), ("c", "b", "a"))
    ('c', 'b', 'new', 'a')
    """
    there = tuple(names)
    places = {name: i for i, name in enumerate(wanted)}
    rank: dict[str, tuple[int, int]] = {}
    last = (-1, 0)
    for name in there:
        last = (places[name], 0) if name in places else (last[0], last[1] + 1)
        rank[name] = last
    return tuple(sorted(there, key=lambda name: rank[name]))


def moved(names: Iterable[str], name: str, beside: str) -> tuple[str, ...]:
    """Return names with one taken to the place of another; the others between them move up by one."""
    order = list(names)
    if name not in order or beside not in order or name == beside:
        return tuple(order)
    at = order.index(beside)
    order.remove(name)
    order.insert(at, name)
    return tuple(order)

"""A layer that the office or the operator adds: what was wanted, and what came of it."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.arrangement import LayerSetting
from layers.drawing import Drawing
from layers.map_view import MapView
from layers.note import Note
from layers.stack import Layer, Storey

ID_SIGN = "layer:"
"""With it begin the ids of symbols of own layers, so that none is taken for a point of the office's registers."""


OWN = "own:"
"""With it begin the names of own layers in the stack, so that a file called ``roads`` takes no layer's place."""


class Drawn(StrEnum):
    """Kinds of drawing."""

    AREA = "area"
    LINE = "line"
    POINT = "point"
    GRID = "grid"


@dataclass(frozen=True, slots=True)
class LayerWish:
    """One ``[[layer]]`` of the office: which file, and how it is to be shown.

    Parameters
    ----------
    name, group : str
        What the layer panel calls it, and under which head.
    path : Path
        Absolute.
    crs : str
        ``gcj02``, ``bd09``, ``EPSG:n``; empty for what the file says.
    part : str
        Layer, sheet, variable or band of a file with several.
    style : str
        ``zoning``, ``relief``, the name of a color table for a grid, or empty.
    field : str
        Column with the classes; of a grid the cells are the classes.
    classes : tuple of str
        The classes from the least to the worst, for words that do not say it themselves.
    label : str
        Column whose texts stand on the map.
    source, on
        Whose data it is, and of which day.
    below_m, above_m : float, map meters a pixel
        Shown at scales from ``above_m`` to ``below_m``; 0 is no bound.
    """

    name: str
    path: Path
    group: str = ""
    crs: str = ""
    part: str = ""
    style: str = ""
    field: str = ""
    classes: tuple[str, ...] = ()
    label: str = ""
    source: str = ""
    on: date | None = None
    below_m: float = 0.0
    above_m: float = 0.0
    opacity: float = 1.0
    visible: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Things:
    """The features behind a layer, as read and in full, packed: what nobody asks for costs nothing on its way here.

    Thing i is ``wkb[starts[i]:starts[i + 1]]`` in WGS 84; ``table`` is JSON of the columns, each with n texts.
    """

    wkb: bytes
    starts: NDArray[np.int64]
    table: bytes

    @classmethod
    def of(cls, geometry: tuple[shapely.Geometry, ...], columns: dict[str, tuple[str, ...]]) -> Things:
        """Pack features and their columns."""
        parts = [bytes(part) for part in shapely.to_wkb(list(geometry))]
        starts = np.concatenate([[0], np.cumsum([len(part) for part in parts])]).astype(np.int64)
        return cls(b"".join(parts), starts, json.dumps(columns, ensure_ascii=False).encode())

    def geometry(self) -> tuple[shapely.Geometry, ...]:
        """Return the features' geometries, never simplified."""
        ends = self.starts.tolist()
        parts = [self.wkb[first:last] for first, last in pairwise(ends)]
        return tuple(shapely.from_wkb(parts))

    def columns(self) -> dict[str, list[str]]:
        """Return the texts by column."""
        return _columns(self)

    def facts(self, row: int) -> dict[str, str]:
        """Return the texts of one feature by column, empty ones left out."""
        return {name: values[row] for name, values in _columns(self).items() if values[row]}


@lru_cache(maxsize=8)
def _columns(things: Things) -> dict[str, list[str]]:
    unpacked: dict[str, list[str]] = json.loads(things.table)
    return unpacked


@dataclass(frozen=True, slots=True, eq=False)
class OwnLayer:
    """What a file became: drawings by ``members``, and the facts for panel, legend and card.

    ``name`` is the layer's in the stack, ``title`` what people call it.
    ``crs`` is what its coordinates were read as. ``legend`` are (style, word) pairs, the least class first.
    ``is_stale`` is set when the file is gone: what is shown is what was read last.
    """

    name: str
    wish: LayerWish
    kind: Drawn
    members: tuple[Layer, ...]
    count: int
    notes: tuple[Note, ...] = ()
    legend: tuple[tuple[str, str], ...] = ()
    things: Things | None = None
    crs: str = ""
    valid_at: datetime | None = None
    is_stale: bool = False
    storey: Storey = Storey.WATER
    bounds_deg: tuple[float, float, float, float] = field(default=(0.0, 0.0, 0.0, 0.0))

    def draw(self, view: MapView, opacity: float) -> tuple[Drawing, ...]:
        """Return the drawings of all members."""
        return tuple(drawing for member in self.members for drawing in member.draw(view, opacity))

    @property
    def title(self) -> str:
        """What people call the layer."""
        return self.name.removeprefix(OWN)

    @property
    def setting(self) -> LayerSetting:
        """How the wish has the layer shown, until the operator sets it otherwise."""
        wish = self.wish
        return LayerSetting(self.name, wish.visible, wish.opacity, wish.above_m, wish.below_m or math.inf)

    def stale(self, *, is_stale: bool) -> OwnLayer:
        """Return the layer marked as stale, or no longer so; its drawings stay the same objects."""
        return replace(self, is_stale=is_stale)


def row_of(symbol_id: str) -> tuple[str, int] | None:
    """Return (layer, row) of a symbol's id; None if it is not of an own layer."""
    if not symbol_id.startswith(ID_SIGN):
        return None
    name, _, row = symbol_id.removeprefix(ID_SIGN).rpartition(":")
    return (name, int(row)) if row.isdigit() else None

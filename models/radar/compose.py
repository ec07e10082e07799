"""The pixel stage: one gather per radar, and the mosaic of several with the source of every cell.

A radar's plane is kept, so a new volume costs one gather and a replay inside the box it
covers. Work goes band by band through ``spread``, which the console gives two threads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from models.geodesy import mercator_scale
from models.grid import GridArea
from models.radar.footprint import Cells, Footprint, Source, codes_of, heights_of
from models.radar.mosaic import Absent, Mosaic, Rule
from models.radar.quantity import Quantity
from models.radar.tables import PixelTable, band_rows, bands

MOST_RADARS = 255
SHARES = 4
"""Bands are shared out in so many parts."""
SMALL_MAP_BANDS = 12

Spread = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]
"""Like ``map``: how the bands are shared out; an executor's ``map`` works several at a time."""


@dataclass(frozen=True, slots=True, eq=False)
class PlaneTile:
    """What a radar says of one band: cells (rows, columns) from ``column`` on, and their weights if there are any."""

    band: int
    column: int
    cells: Cells
    weights: NDArray[np.uint8] | None = None

    @property
    def end(self) -> int:
        return self.column + int(self.cells.shape[1])


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """One radar's field on the map."""

    source: Source
    quantity: Quantity
    area: GridArea
    tiles: tuple[PlaneTile, ...]


def plane_of(footprint: Footprint, table: PixelTable, *, spread: Spread = map) -> Plane:
    """Return one radar's field on the map: each cell takes the radar's cell above its center.

    Raises
    ------
    ValueError
        If the table is another radar's.
    """
    if table.geometry != footprint.geometry:
        raise ValueError(f"the table is not that of {footprint.source.code}")

    # Read once in order, the cells lie in the processor's cache: fetched one by one in the order of the map,
    # they would cost three times as much.
    footprint.cells.max()

    def gather(index: int) -> PlaneTile:
        tile = table.tiles[index]
        cells: Any = np.empty(tile.index.shape, footprint.cells.dtype)
        # -1 wraps to the last cell, which is "outside"; the default mode would copy through a buffer.
        np.take(footprint.cells, tile.index, out=cells, mode="wrap")
        weights = None if footprint.weights is None else footprint.weights.take(tile.index, mode="wrap")
        return PlaneTile(tile.band, tile.column, cells, weights)

    tiles = _shared(gather, range(len(table.tiles)), spread)
    return Plane(footprint.source, footprint.quantity, table.area, tiles)


def compose(
    planes: tuple[Plane, ...],
    area: GridArea,
    *,
    at: datetime,
    max_age: timedelta,
    rule: Rule = Rule.MAXIMUM,
    spread: Spread = map,
) -> Mosaic:
    """Return the mosaic of all radars that are current.

    Parameters
    ----------
    planes : tuple of Plane
        On ``area``, of one quantity. Of several by one radar, the newest one stands.
    area : GridArea
        The map's raster.
    at : datetime
        Now.
    max_age : timedelta
        Radars that last spoke longer ago are left out, and named in ``absent`` with what that hides.
    rule : Rule
        ``MAXIMUM``: the largest value, of equal ones the lower beam; ``LOWEST``: the lowest beam
        that sees; ``WEIGHT``: the radar with the largest weight (distance, blockage). Of what is
        equal in all this, the first in ``planes`` stands.

    Raises
    ------
    ValueError
        If a plane lies on another raster or is of another quantity, or there are over 255 radars.
    """
    newest: dict[str, Plane] = {}
    for plane in planes:
        if plane.area != area:
            raise ValueError(f"the plane of {plane.source.code} lies on another raster")
        if plane.source.code not in newest or plane.source.at > newest[plane.source.code].source.at:
            newest[plane.source.code] = plane
    current = [plane for plane in newest.values() if at - plane.source.at <= max_age]
    if len({plane.quantity for plane in newest.values()}) > 1 or len(current) > MOST_RADARS:
        raise ValueError("planes of several quantities, or too many")
    quantity = next((plane.quantity for plane in newest.values()), Quantity.parse("cr"))
    mosaic = _empty(area, at, quantity, current, rule)
    _fill(mosaic, current, dict.fromkeys(bands(area), (0, area.columns)), spread)
    old = [plane for plane in newest.values() if at - plane.source.at > max_age]
    return replace(mosaic, absent=tuple(Absent(plane.source, hidden_km2(plane, mosaic)) for plane in old))


def recompose(mosaic: Mosaic, planes: tuple[Plane, ...], fresh: str, *, spread: Spread = map) -> Mosaic:
    """Return a mosaic in which one radar spoke anew, worked out only inside the box it covers or covered.

    Parameters
    ----------
    mosaic : Mosaic
        Of the same radars in the same order; only ``fresh`` has another plane.
    planes : tuple of Plane
        The current radars, one plane each, in the order of ``mosaic.sources``.
    fresh : str
        The code of the radar whose plane is new.

    Raises
    ------
    ValueError
        If the radars are not those of the mosaic.
    """
    if tuple(plane.source.code for plane in planes) != tuple(source.code for source in mosaic.sources):
        raise ValueError("other radars than those of the mosaic")
    number = 1 + next(index for index, plane in enumerate(planes) if plane.source.code == fresh)
    spans = _touched(mosaic, planes[number - 1], number)
    codes, heights, source = (_around(old, mosaic.area, spans) for old in (mosaic.codes, mosaic.heights, mosaic.source))
    out = replace(mosaic, codes=codes, heights=heights, source=source, sources=tuple(plane.source for plane in planes))
    _fill(out, list(planes), spans, spread)
    return out


def counts(planes: tuple[Plane, ...], area: GridArea) -> NDArray[np.uint8]:
    """Return how many radars see each cell, uint8 (rows, columns)."""
    out = np.zeros(area.shape, np.uint8)
    for plane in planes:
        for tile in plane.tiles:
            there = out[band_rows(area, tile.band), tile.column : tile.end]
            there += tile.cells > 0
    return out


def _empty(area: GridArea, at: datetime, quantity: Quantity, current: list[Plane], rule: Rule) -> Mosaic:
    """Return a mosaic whose arrays are still to be filled."""
    codes, heights, source = (np.empty(area.shape, np.uint8) for _ in range(3))
    return Mosaic(at, area, quantity, codes, heights, source, tuple(p.source for p in current), rule=rule)


def _around(old: NDArray[np.uint8], area: GridArea, spans: dict[int, tuple[int, int]]) -> NDArray[np.uint8]:
    """Return a copy of an array but for some columns of some bands, which are still to be filled."""
    out = np.empty_like(old)
    for band in bands(area):
        rows = band_rows(area, band)
        first, last = spans.get(band, (area.columns, area.columns))
        out[rows, :first] = old[rows, :first]
        out[rows, last:] = old[rows, last:]
    return out


def _fill(mosaic: Mosaic, planes: list[Plane], spans: dict[int, tuple[int, int]], spread: Spread) -> None:
    """Work out the columns of some bands anew: ``spans`` maps a band to its first and last column."""
    by_band: dict[int, list[tuple[int, PlaneTile]]] = {}
    for number, plane in enumerate(planes, start=1):
        for tile in plane.tiles:
            by_band.setdefault(tile.band, []).append((number, tile))
    kind = next((tile.cells.dtype for plane in planes for tile in plane.tiles), np.dtype(np.uint16))

    def work(item: tuple[int, tuple[int, int]]) -> None:
        band, (first, last) = item
        rows = band_rows(mosaic.area, band)
        shape = (rows.stop - rows.start, last - first)
        best: Any = np.zeros(shape, kind)
        source = np.zeros(shape, np.uint8)
        parts = [(number, tile, max(first, tile.column), min(last, tile.end)) for number, tile in by_band.get(band, [])]
        parts = [part for part in parts if part[2] < part[3]]
        if mosaic.rule is Rule.MAXIMUM:
            _largest(best, source, first, parts)
        else:
            _chosen(best, source, first, parts, mosaic.rule)
        box = (rows, slice(first, last))
        mosaic.source[box] = source
        if kind == np.uint16:
            low, high = cv2.split(best.view(np.uint8).reshape(*shape, 2))
            mosaic.codes[box] = high
            mosaic.heights[box] = cv2.bitwise_not(low)
        else:
            mosaic.codes[box], mosaic.heights[box] = best, heights_of(best)

    # The bands of a small map are done sooner than they are handed over.
    _shared(work, tuple(spans.items()), spread if len(spans) > SMALL_MAP_BANDS else map)


def _shared(work: Callable[[Any], Any], parts: Sequence[Any], spread: Spread) -> tuple[Any, ...]:
    """Have parts worked out a few at a time: to hand one over costs a thread as much as a small part itself."""
    out: list[Any] = [None] * len(parts)
    shares = [range(first, len(parts), SHARES) for first in range(min(SHARES, len(parts)))]
    for share, done in zip(shares, spread(lambda share: [work(parts[index]) for index in share], shares), strict=True):
        out[share.start :: SHARES] = done
    return tuple(out)


def _largest(best: Any, source: NDArray[np.uint8], first: int, parts: list[tuple[int, PlaneTile, int, int]]) -> None:
    """Keep the largest cell of all parts and its number; of equal cells the first stands."""
    for number, tile, left, right in parts:
        cells: Any = tile.cells[:, left - tile.column : right - tile.column]
        there, origin = best[:, left - first : right - first], source[:, left - first : right - first]
        larger = cv2.compare(cells, there, cv2.CMP_GT)
        larger &= np.uint8(number)  # numbers only grow, so the maximum is the last winner
        cv2.max(origin, larger, dst=origin)
        cv2.max(there, cells, dst=there)


def _chosen(
    best: Any, source: NDArray[np.uint8], first: int, parts: list[tuple[int, PlaneTile, int, int]], rule: Rule
) -> None:
    """Keep the cell with the largest key of all parts; of equal keys the first stands."""
    largest = np.zeros(best.shape, np.uint16)
    for number, tile, left, right in parts:
        cut = slice(left - tile.column, right - tile.column)
        box = (slice(None), slice(left - first, right - first))
        cells = tile.cells[:, cut]
        codes = codes_of(cells)
        weighted = rule is Rule.WEIGHT and tile.weights is not None
        rank = tile.weights[:, cut] if weighted and tile.weights is not None else 255 - heights_of(cells)
        key = np.where(codes > 0, (rank.astype(np.uint16) << 8) | codes, 0).astype(np.uint16)
        wins = key > largest[box]
        np.copyto(largest[box], key, where=wins)
        np.copyto(best[box], cells, where=wins)
        np.copyto(source[box], np.uint8(number), where=wins)


def _touched(mosaic: Mosaic, fresh: Plane, number: int) -> dict[int, tuple[int, int]]:
    """Return the columns of each band in which a radar speaks anew, or stood before: it may reach less far now."""
    out = {tile.band: (tile.column, tile.end) for tile in fresh.tiles}
    for band in bands(mosaic.area):
        stood = mosaic.source[band_rows(mosaic.area, band)]
        left, right = out.get(band, (0, 0))
        before = np.flatnonzero((stood[:, :left] == number).any(axis=0)).tolist()
        beyond = (right + np.flatnonzero((stood[:, right:] == number).any(axis=0))).tolist()
        if before or beyond:
            columns = [*before, *beyond, *((left, right - 1) if band in out else ())]
            out[band] = (min(columns), max(columns) + 1)
    return out


def hidden_km2(plane: Plane, mosaic: Mosaic) -> float:
    """Return how much ground an absent radar saw that no current one sees, km2."""
    area = mosaic.area
    _, lat = area.centers_lonlat()
    cell_km2 = np.array([(area.cell_m / mercator_scale(float(value)) / 1000) ** 2 for value in lat])
    out = 0.0
    for tile in plane.tiles:
        rows = band_rows(area, tile.band)
        unseen = (tile.cells > 0) & (mosaic.codes[rows, tile.column : tile.end] == 0)
        out += float(unseen.sum(axis=1) @ cell_km2[rows])
    return out

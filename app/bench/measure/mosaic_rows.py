"""How long nine radars take to become the frame that the map shows, whole and step by step."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.bench.measure.rows import Aim, Base, Clockwork, Table
from app.bench.measure.scene import GATE_M, STARTED_AT, STEP, area_of, volumes
from models.grid import GridArea
from models.radar.beam import slant_range
from models.radar.compose import Plane, Spread, compose, plane_of, recompose
from models.radar.footprint import AZIMUTH_BINS, Footprint
from models.radar.mosaic import Mosaic
from models.radar.motion import motion_between, moved
from models.radar.polar import footprint_of
from models.radar.quantity import NOT_SEEN, Quantity
from models.radar.rays import rays_of, row_centers, seen_codes
from models.radar.tables import PixelTable, band_rows, pixel_table
from models.radar.volume import Volume

PRODUCTS = ("hybrid", "cappi:3000", "et", "vil")
THREADS = 2
_AT = STARTED_AT + timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Desk:
    """The nine radars on one map: their footprints, tables and planes, and two threads."""

    volumes: tuple[Volume, ...]
    area: GridArea
    spread: Spread
    footprints: tuple[Footprint, ...]
    tables: tuple[PixelTable, ...]
    planes: tuple[Plane, ...]

    @classmethod
    def over(cls, seen: tuple[Volume, ...], cells: int, spread: Spread) -> Desk:
        """Return the desk of some volumes on a map of ``cells`` x ``cells``."""
        area = area_of(cells)
        footprints = tuple(footprint_of(volume, step=STEP) for volume in seen)
        tables = tuple(pixel_table(footprint.geometry, area) for footprint in footprints)
        planes = tuple(plane_of(footprint, table) for footprint, table in zip(footprints, tables, strict=True))
        return cls(seen, area, spread, footprints, tables, planes)

    @property
    def middle(self) -> int:
        """Which radar stands in the middle."""
        return len(self.volumes) // 2

    def polar(self) -> tuple[Footprint, ...]:
        """Do the polar stage of every radar, two at a time, and keep all footprints."""
        return tuple(self.spread(lambda volume: footprint_of(volume, step=STEP), self.volumes))

    def pixels(self, footprints: tuple[Footprint, ...]) -> Mosaic:
        """Do the pixel stage: gather every radar, two at a time, then compose."""
        pairs = zip(footprints, self.tables, strict=True)
        planes = tuple(self.spread(lambda pair: plane_of(*pair), pairs))
        return compose(planes, self.area, at=_AT, max_age=STEP, spread=self.spread)

    def whole(self, *, with_heights: bool = True) -> Mosaic:
        """Do both, each radar from its volume to its plane, two radars at a time; the odd one out by halves."""
        pairs = list(zip(self.volumes, self.tables, strict=True))
        even = len(pairs) // THREADS * THREADS

        def plane(pair: tuple[Volume, PixelTable], spread: Spread = map) -> Plane:
            volume, table = pair
            footprint = footprint_of(volume, step=STEP, with_heights=with_heights, spread=spread)
            return plane_of(footprint, table, spread=spread)

        planes = (*self.spread(plane, pairs[:even]), *(plane(pair, self.spread) for pair in pairs[even:]))
        return compose(planes, self.area, at=_AT, max_age=STEP, spread=self.spread)

    def standing(self) -> Mosaic:
        """Return the mosaic of the planes as they are."""
        return compose(self.planes, self.area, at=_AT, max_age=STEP, spread=self.spread)

    def one_new(self, mosaic: Mosaic, number: int) -> Mosaic:
        """Take one radar's volume into a mosaic."""
        footprint = footprint_of(self.volumes[number], step=STEP, spread=self.spread)
        plane = plane_of(footprint, self.tables[number], spread=self.spread)
        planes = (*self.planes[:number], plane, *self.planes[number + 1 :])
        return recompose(mosaic, planes, plane.source.code, spread=self.spread)


def mosaic_rows(table: Table, clock: Clockwork, sizes: tuple[int, ...], count: int) -> Desk:
    """Measure the mosaic of some radars on maps of some sizes, the first with everything; return its desk."""
    seen = volumes(count)
    with ThreadPoolExecutor(THREADS, thread_name_prefix="band") as threads:
        desks = [Desk.over(seen, cells, threads.map) for cells in sizes]
        _whole_rows(table, clock, desks[0])
        _step_rows(table, clock, desks[0])
        for desk in desks[1:]:
            _large_rows(table, clock, desk)
        _table_rows(table, clock, desks[0])
        _motion_rows(table, clock, desks[0])
        _product_rows(table, clock, seen[count // 2])
        # from here on without the threads, which end here
        return replace(desks[0], spread=map)


def _whole_rows(table: Table, clock: Clockwork, desk: Desk) -> None:
    table.head(
        f"Mosaic: {len(desk.volumes)} radars x 11 cuts -> {_size(desk)}, {THREADS} threads (base: np.take of the same cells)"
    )
    taken = _take(desk)
    naive = _Naive.of(desk)
    standing = desk.standing()
    base = Base("np.take", taken)
    table.add(clock.row("composite with value, age, height, source", desk.whole, aim=Aim(25), base=base))
    table.add(clock.row("plain maximum", lambda: desk.whole(with_heights=False), aim=Aim(15), base=base))
    table.add(clock.row("pixel stage alone", lambda: desk.pixels(desk.footprints), aim=Aim(8), base=base))
    table.add(
        clock.row(
            "one new radar, polar stage included", lambda: desk.one_new(standing, desk.middle), aim=Aim(6), base=base
        )
    )
    table.add(clock.row("naive: numpy fancy index per cut, value only", naive.composite, fewer=6, base=base))


def _step_rows(table: Table, clock: Clockwork, desk: Desk) -> None:
    table.head("Its steps")
    one = desk.volumes[desk.middle]
    standing = desk.standing()
    table.add(clock.row("polar stage, all radars", desk.polar))
    table.add(clock.row("polar stage, one radar by halves", lambda: footprint_of(one, step=STEP, spread=desk.spread)))
    table.add(clock.row("polar stage, one radar", lambda: footprint_of(one, step=STEP)))
    table.add(clock.row("polar stage, one radar, value only", lambda: footprint_of(one, step=STEP, with_heights=False)))
    table.add(
        clock.row(
            "gather, all radars",
            lambda: [plane_of(f, t, spread=desk.spread) for f, t in zip(desk.footprints, desk.tables, strict=True)],
        )
    )
    table.add(clock.row("compose", desk.standing))
    code = desk.planes[desk.middle].source.code
    table.add(clock.row("recompose one box", lambda: recompose(standing, desk.planes, code, spread=desk.spread)))
    table.add(clock.row("ages of all cells", standing.age_minutes))


def _large_rows(table: Table, clock: Clockwork, desk: Desk) -> None:
    table.head(f"The same -> {_size(desk)}")
    standing = desk.standing()
    table.add(clock.row("composite with value, age, height, source", desk.whole, aim=Aim(40)))
    table.add(clock.row("pixel stage alone", lambda: desk.pixels(desk.footprints)))
    table.add(
        clock.row("one new radar, polar stage included", lambda: desk.one_new(standing, desk.middle), aim=Aim(10))
    )


def _table_rows(table: Table, clock: Clockwork, desk: Desk) -> None:
    table.head("Tables, once for each geometry and map")
    geometry = desk.footprints[desk.middle].geometry
    make: Callable[..., PixelTable] = pixel_table.__wrapped__
    table.add(clock.row("one radar's table, made", lambda: make(geometry, desk.area), fewer=3))
    with tempfile.TemporaryDirectory() as folder:
        make(geometry, desk.area, Path(folder))
        table.add(clock.row("one radar's table, from disk", lambda: make(geometry, desk.area, Path(folder)), fewer=3))
        size = sum(path.stat().st_size for path in Path(folder).iterdir()) / 1e6
    cells = sum(tile.index.size for one in desk.tables for tile in one.tiles)
    table.say(f"{'':<4}on disk {size:.1f} MB a radar; in memory {cells * 8 / 1e6:.0f} MB for all, "
              f"{cells / 1e6:.2f} M cells to take")  # fmt: skip


def _motion_rows(table: Table, clock: Clockwork, desk: Desk) -> None:
    table.head("Motion to one common time")
    later = Desk.over(volumes(len(desk.volumes), minutes=6), desk.area.rows, desk.spread)
    first = desk.standing()
    second = compose(later.planes, desk.area, at=_AT + STEP, max_age=STEP, spread=desk.spread)
    motion = motion_between(first, second)
    table.add(clock.row("motion from two mosaics", lambda: motion_between(first, second), fewer=2))
    if motion is not None:
        table.add(
            clock.row("all planes moved", lambda: [moved(plane, motion, 180.0) for plane in desk.planes], fewer=2)
        )


def _product_rows(table: Table, clock: Clockwork, volume: Volume) -> None:
    table.head("Other products: polar stage, one radar")
    for word in PRODUCTS:
        act = partial(footprint_of, volume, step=STEP, quantity=Quantity.parse(word))
        table.add(clock.row(word, act, fewer=3))


def _size(desk: Desk) -> str:
    return f"{desk.area.rows} x {desk.area.columns}"


def _take(desk: Desk) -> Callable[[], object]:
    """Return the least that any way through tables has to do: one take of every radar's cells, on one thread."""
    flat = [
        (footprint.cells, np.concatenate([tile.index.ravel() for tile in table.tiles]))
        for footprint, table in zip(desk.footprints, desk.tables, strict=True)
    ]
    out = [np.empty(index.size, cells.dtype) for cells, index in flat]

    def act() -> None:
        for (cells, index), room in zip(flat, out, strict=True):
            np.take(cells, index, out=room, mode="wrap")

    return act


@dataclass(frozen=True, slots=True)
class _Naive:
    """What one would write first: for each radar and cut, fancy index into the rays, and keep the maximum."""

    shape: tuple[int, int]
    cuts: tuple[tuple[NDArray[np.uint8], NDArray[np.intp], NDArray[np.intp]], ...]
    places: tuple[tuple[NDArray[np.intp], NDArray[np.intp]], ...]
    radar_of: tuple[int, ...]

    @classmethod
    def of(cls, desk: Desk) -> _Naive:
        cuts, places, radar_of = [], [], []
        for number, volume in enumerate(desk.volumes):
            whole = _flat(desk.tables[number])
            geometry = desk.footprints[number].geometry
            bins = geometry.cells // AZIMUTH_BINS
            row, column = np.divmod(whole, bins)
            places.append((np.where(whole < 0, 0, row), np.where(whole < 0, bins, column)))
            for sweep in volume.sweeps:
                moment = sweep.moments["dBZ"]
                ground = (np.arange(bins, dtype=np.float64) + 0.5) * GATE_M
                gate = np.nan_to_num(slant_range(ground, sweep.elevation_deg) // moment.gate_m, nan=1e9)
                gates = moment.codes.shape[1]
                gate_of = np.append(np.where(gate < gates, gate, gates), gates).astype(np.intp)
                codes = np.pad(seen_codes(sweep, moment), ((0, 0), (0, 1)), constant_values=NOT_SEEN)
                cuts.append((codes, rays_of(sweep, row_centers()), gate_of))
                radar_of.append(number)
        return cls(desk.area.shape, tuple(cuts), tuple(places), tuple(radar_of))

    def composite(self) -> NDArray[np.uint8]:
        """Return the plain maximum."""
        out = np.zeros(self.shape, np.uint8)
        for (codes, ray_of, gate_of), number in zip(self.cuts, self.radar_of, strict=True):
            row, column = self.places[number]
            np.maximum(out, codes[ray_of[row], gate_of[column]], out=out)
        return out


def _flat(table: PixelTable) -> NDArray[np.int64]:
    """Return a table as one array over the whole map, -1 where the radar does not reach."""
    out = np.full(table.area.shape, -1, np.int64)
    for tile in table.tiles:
        out[band_rows(table.area, tile.band), tile.column : tile.column + tile.index.shape[1]] = tile.index
    return out

"""The ground of the exercise: hills that rain has cut valleys into, and the water's ways.

Land rises by a drawn pattern while every stream cuts down with the water it
gathers (stream-power law, dh/dt = U - K A^m S; Whipple and Tucker 1999, J.
Geophys. Res. 104, eq. 1; solved upstream as Braun and Willett 2013,
Geomorphology 180-181, eq. 23). Three grids, from coarse to fine.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from app.demo.noise import Noise
from app.demo.scene import HALF_HEIGHT_KM, HALF_WIDTH_KM, SEED
from models.geodesy import FloatArray

_CUTTING = 0.0052
_WATER_POWER = 0.45
_COARSE_KM = 1.0
_FINE_DIVISION = 8  # cells of the finished ground to a coarse one: 125 m
_ROUNDS = 8  # of rising water, between two looks whether it still rises


@dataclass(frozen=True, slots=True, eq=False)
class Terrain:
    """Heights and running water round the county.

    ``height_m`` (rows, columns) float32 above sea level, row 0 north, cells of
    ``cell_km`` centered; ``flow_m`` is the eroded ground on the coarser grid of
    ``flow_cell_km`` on which ``receiver`` (flat index of the cell that each
    cell drains into, itself at an outlet) and ``drained_km2`` are given.
    """

    height_m: NDArray[np.float32]
    cell_km: float
    flow_m: FloatArray
    flow_cell_km: float
    receiver: NDArray[np.int64]
    drained_km2: FloatArray

    def height_at(self, east_km: FloatArray, north_km: FloatArray) -> FloatArray:
        """Return heights in m at places in km from the middle, linear between cells; edges hold on."""
        return _sample(self.height_m, self.cell_km, np.asarray(east_km), np.asarray(north_km))


@cache
def build_terrain() -> Terrain:
    """Return the ground of the exercise; the same for every call, about 2 s for the first."""
    cell = _COARSE_KM
    east, north = _centers(cell)
    roughness = Noise.from_seed(SEED + 1, cells=1024, cell_km=0.25, longest_km=28.0, slope=1.15)
    height = 420 + 130 * roughness.at(east, north) + 500 * _uplift(east, north)
    height = _erode(height, cell, steps=22, years=90_000)
    for finer, steps, years in ((2, 5, 40_000), (4, 3, 28_000)):
        height = _refine(height)
        cell = _COARSE_KM / finer
        east, north = _centers(cell)
        height += 22 * roughness.at(east * 4 + 11, north * 4)
        height = _erode(height, cell, steps=steps, years=years)
    receiver = _drain(height)
    upward = _upward(receiver)
    height = _let_run_off(height, upward, receiver)
    drained = _gather(upward, receiver, cell)
    fine_cell = _COARSE_KM / _FINE_DIVISION
    return Terrain(_finish(height, fine_cell), fine_cell, height, cell, receiver, drained.reshape(height.shape))


def _centers(cell_km: float) -> tuple[FloatArray, FloatArray]:
    x = np.arange(-HALF_WIDTH_KM + cell_km / 2, HALF_WIDTH_KM, cell_km)
    y = np.arange(HALF_HEIGHT_KM - cell_km / 2, -HALF_HEIGHT_KM, -cell_km)
    return np.meshgrid(x, y)


def _uplift(east_km: FloatArray, north_km: FloatArray) -> FloatArray:
    """Return the rise in mm a year: parallel folds from southwest to northeast, a low middle."""
    bend = Noise.from_seed(SEED + 2, cells=512, cell_km=0.5, longest_km=60.0, slope=1.5)
    wobble = bend.at(east_km, north_km)
    across = (-east_km * np.sin(0.62) + north_km * np.cos(0.62)) + 4.5 * wobble
    folds = 0.5 + 0.5 * np.cos(2 * np.pi * across / 27.0 + 0.4)
    basin = np.exp(-(((east_km - 3) / 17) ** 2) - ((north_km + 9) / 8) ** 2)
    massif = np.exp(-(((east_km + 12) / 26) ** 2) - ((north_km - 22) / 13) ** 2)
    massif += 0.8 * np.exp(-(((east_km - 2) / 20) ** 2) - ((north_km + 31) / 10) ** 2)
    rise = 0.10 + 0.42 * folds + 0.55 * massif + 0.14 * bend.at(north_km + 31, east_km - 17)
    return np.asarray(np.clip(rise * (1 - 0.86 * basin), 0.025, None), float)


def _erode(height: FloatArray, cell_km: float, *, steps: int, years: float) -> FloatArray:
    east, north = _centers(cell_km)
    rise = (_uplift(east, north) * 1e-3 * years).ravel()
    uneven = np.random.default_rng(SEED + 4)
    shape, flat = height.shape, height.ravel()
    for _ in range(steps):
        receiver = _drain(flat.reshape(shape))
        upward = _upward(receiver)
        cut = _CUTTING * years / 1000.0 * _gather(upward, receiver, cell_km) ** _WATER_POWER / cell_km
        free = receiver != np.arange(flat.size)
        flat = np.where(free, flat + rise * uneven.uniform(0.45, 1.55, flat.size), flat)
        for cells in upward[1:]:
            flat[cells] = (flat[cells] + cut[cells] * flat[receiver[cells]]) / (1 + cut[cells])
        flat = _soften(flat.reshape(shape), 0.04).ravel()
    return flat.reshape(shape)


def _drain(height: FloatArray) -> NDArray[np.int64]:
    """Return the cell each drains into: the neighbor that water rising from the outlets reaches first.

    The levels a priority flood would find (Barnes and others 2014, Computers & Geosciences 62, algorithm 3), here
    as the one fixed point of "as high as my ground, or a little above my lowest neighbor".
    """
    outlet = _outlets(*height.shape)
    rough = np.random.default_rng(SEED).random(height.size).reshape(height.shape) * 0.4  # water wanders over flats
    around = np.ones((3, 3), np.uint8)
    level, after = np.full(height.shape, np.inf), np.empty(height.shape)
    level[outlet] = height[outlet]
    settled = False
    while not settled:
        for _ in range(_ROUNDS):
            cv2.erode(level, around, dst=after)  # the lowest of nine
            above = height > after
            after += rough
            np.copyto(after, height, where=above)
            after[outlet] = height[outlet]
            level, after = after, level
        settled = np.array_equal(level, after)
    lowest = cv2.erode(level, around)
    edge = np.pad(level, 1, constant_values=np.inf)
    rows, columns = height.shape
    receiver = np.arange(height.size).reshape(height.shape)
    here = receiver.copy()
    for down, right in itertools.product((-1, 0, 1), repeat=2):
        beside = edge[1 + down : 1 + down + rows, 1 + right : 1 + right + columns]
        np.copyto(receiver, here + down * columns + right, where=beside == lowest)
    receiver[outlet] = here[outlet]
    return receiver.ravel()


def _outlets(rows: int, columns: int) -> tuple[list[int], list[int]]:
    """The trunk river leaves in the east; small ones in the northwest and the southwest; rows and columns."""
    return [int(rows * 0.70), 0, rows - 1, 0], [
        columns - 1,
        int(columns * 0.22),
        int(columns * 0.30),
        int(columns * 0.80),
    ]


def _upward(receiver: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Return flat indices of cells by the steps that their water has to go: outlets, those that drain into them, ..."""
    steps, to = (receiver != np.arange(receiver.size)).astype(np.int64), receiver
    while (more := steps[to]).any():
        steps, to = steps + more, to[to]
    return np.split(np.argsort(steps, kind="stable"), np.cumsum(np.bincount(steps))[:-1])


def _gather(upward: list[NDArray[np.int64]], receiver: NDArray[np.int64], cell_km: float) -> FloatArray:
    """Return the area in km² whose water each cell passes on."""
    water = np.full(receiver.size, cell_km * cell_km)
    for cells in upward[:0:-1]:
        np.add.at(water, receiver[cells], water[cells])
    return water


def _let_run_off(height: FloatArray, upward: list[NDArray[np.int64]], receiver: NDArray[np.int64]) -> FloatArray:
    """Return the ground on which all water runs off: hollows a third filled, sills two thirds cut through."""
    filled = height.ravel().copy()
    for cells in upward[1:]:
        filled[cells] = np.maximum(filled[cells], filled[receiver[cells]] + 0.2)
    cut = height.ravel().copy()
    for cells in upward[:0:-1]:
        np.minimum.at(cut, receiver[cells], cut[cells])
    return (filled * 0.3 + cut * 0.7).reshape(height.shape)


def _soften(height: FloatArray, share: float) -> FloatArray:
    edge = np.pad(height, 1, mode="edge")
    around = (edge[:-2, 1:-1] + edge[2:, 1:-1] + edge[1:-1, :-2] + edge[1:-1, 2:]) / 4
    return np.asarray(height + share * (around - height), float)


def _refine(height: FloatArray) -> FloatArray:
    """Return twice as many cells each way, linear between the old centers."""
    out = height
    for axis in (0, 1):
        before = np.concatenate([out.take([0], axis), out.take(range(out.shape[axis] - 1), axis)], axis)
        after = np.concatenate([out.take(range(1, out.shape[axis]), axis), out.take([-1], axis)], axis)
        pair = np.stack([0.75 * out + 0.25 * before, 0.75 * out + 0.25 * after], axis + 1)
        shape = list(out.shape)
        shape[axis] *= 2
        out = pair.reshape(shape)
    return out


def _finish(height: FloatArray, cell_km: float) -> NDArray[np.float32]:
    """Return the fine ground: spurs on the slopes, none on the valley floors."""
    fine = _refine(height)
    for _ in range(2):
        fine = _soften(fine, 0.6)
    detail = Noise.from_seed(SEED + 3, cells=512, cell_km=cell_km, longest_km=4.0, slope=1.35)
    east, north = _centers(cell_km)
    fine = _sample(fine, cell_km, *_bent(east, north))
    down, right = np.gradient(fine, cell_km * 1000)
    steep = np.clip(np.hypot(down, right) / 0.16, 0, 1)
    return np.asarray(fine + 26 * steep * detail.at(east, north), np.float32)


@cache
def _bend() -> Noise:
    return Noise.from_seed(SEED + 5, cells=512, cell_km=0.25, longest_km=9.0, slope=1.4)


def _bent(east_km: FloatArray, north_km: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the place on the flow grid that the finished ground shows here: no straight valleys."""
    bend = _bend()
    return east_km + 0.55 * bend.at(east_km, north_km), north_km + 0.55 * bend.at(north_km + 40, east_km + 17)


def unbend(east_km: FloatArray, north_km: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return where a place of the flow grid lies on the finished ground, km; to some meters."""
    bend = _bend()
    x, y = np.asarray(east_km, float), np.asarray(north_km, float)
    for _ in range(8):
        x, y = east_km - 0.55 * bend.at(x, y), north_km - 0.55 * bend.at(y + 40, x + 17)
    return x, y


def _sample(grid: NDArray[np.floating], cell_km: float, east_km: FloatArray, north_km: FloatArray) -> FloatArray:
    rows, columns = grid.shape
    u = np.clip((east_km + HALF_WIDTH_KM) / cell_km - 0.5, 0, columns - 1.001)
    v = np.clip((HALF_HEIGHT_KM - north_km) / cell_km - 0.5, 0, rows - 1.001)
    c, r = u.astype(int), v.astype(int)
    fu, fv = u - c, v - r
    upper = grid[r, c] * (1 - fu) + grid[r, c + 1] * fu
    lower = grid[r + 1, c] * (1 - fu) + grid[r + 1, c + 1] * fu
    return np.asarray(upper * (1 - fv) + lower * fv, float)

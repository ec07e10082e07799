"""The cheapest ways over the ground: from many seeds at once, or from town to town."""

from __future__ import annotations

import heapq

import numpy as np
from numpy.typing import NDArray

from models.geodesy import FloatArray


def grow(
    cost: FloatArray, inside: NDArray[np.bool_], seeds: list[tuple[int, int]], penalty: list[float] | None = None
) -> NDArray[np.int32]:
    """Return which seed reaches each cell most cheaply, int32; -1 outside and where none comes.

    Steps go to the four neighbors, so every region hangs together. ``penalty``
    is a head start each seed does not get.
    """
    rows, columns = cost.shape
    price, free = cost.ravel().tolist(), inside.ravel().tolist()
    label = [-1] * (rows * columns)
    late = penalty or [0.0] * len(seeds)
    heap = [(late[n], row * columns + column, n) for n, (row, column) in enumerate(seeds)]
    heapq.heapify(heap)
    while heap:
        spent, i, n = heapq.heappop(heap)
        if label[i] >= 0:
            continue
        label[i] = n
        column = i % columns
        for j, fits in (
            (i - columns, i >= columns),
            (i + columns, i < (rows - 1) * columns),
            (i - 1, column > 0),
            (i + 1, column < columns - 1),
        ):
            if fits and free[j] and label[j] < 0:
                heapq.heappush(heap, (spent + price[j], j, n))
    return np.array(label, np.int32).reshape(rows, columns)


def cheapest_way(cost: FloatArray, start: tuple[int, int], goal: tuple[int, int]) -> FloatArray:
    """Return the cheapest way between two cells over eight neighbors, (n, 2) of (column, row)."""
    rows, columns = cost.shape
    price = cost.ravel().tolist()
    first, last = start[0] * columns + start[1], goal[0] * columns + goal[1]
    spent = {first: 0.0}
    back = {first: first}
    heap = [(0.0, 0.0, first)]
    done: set[int] = set()
    low = float(cost.min())
    while heap:
        _, so_far, i = heapq.heappop(heap)
        if i in done:
            continue
        done.add(i)
        if i == last:
            break
        row, column = divmod(i, columns)
        for dr in (-1, 0, 1):
            for dc in (-1, 0, 1):
                r, c = row + dr, column + dc
                if (dr == 0 and dc == 0) or not (0 <= r < rows and 0 <= c < columns):
                    continue
                j = r * columns + c
                total = so_far + (price[i] + price[j]) / 2 * (1.4142 if dr and dc else 1.0)
                if total < spent.get(j, 1e30):
                    spent[j], back[j] = total, i
                    to_go = low * ((r - goal[0]) ** 2 + (c - goal[1]) ** 2) ** 0.5
                    heapq.heappush(heap, (total + to_go, total, j))
    way = [last]
    while way[-1] != first:
        way.append(back[way[-1]])
    return np.array([(i % columns, i // columns) for i in reversed(way)], float)

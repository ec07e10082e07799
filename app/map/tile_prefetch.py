"""Fetching an area of a service's tiles ahead: what it would take, and the fetching itself, politely and within the terms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from app.map.tile_cache import MB
from layers.tiles.tile_grid import TileKey, in_meters, tiles_over
from models.errors import DataError

if TYPE_CHECKING:
    from app.map.tile_service import TileService

MOST_TILES = 200_000
# How large a tile is if none is there yet to tell.
_USUAL_BYTES = 18_000
# A service is asked at most so often.
TILES_A_SECOND = 4.0
# So many failures one after the other end the fetching: the line is cut, or the service has had enough.
_MOST_FAILURES = 3


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be fetched: all tiles of the area, those that are young in the cache, and what the rest takes."""

    keys: tuple[TileKey, ...]
    there: int
    pictures: int
    left_today: int | None

    def megabytes(self, mean_bytes: float) -> float:
        """Return about how large the rest is."""
        return self.pictures * (mean_bytes or _USUAL_BYTES) / MB


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of it; ``error`` is why it ended before the end, None if it did not."""

    done: int
    left: int
    error: DataError | None = None


def plan(
    service: TileService, bounds_deg: tuple[float, float, float, float], zooms: tuple[int, int], now: datetime
) -> Plan:
    """Return what fetching an area takes, coarse zooms first.

    Raises
    ------
    DataError
        ``tiles.prefetch_forbidden`` if the terms are not said to allow it, ``tiles.too_many`` or
        ``tiles.over_cache`` with the numbers.
    """
    terms = service.terms
    if not terms.prefetch:
        raise DataError("tiles.prefetch_forbidden", map=terms.name)
    first, last = max(zooms[0], terms.zooms[0]), min(zooms[1], terms.zooms[1])
    areas = [(z, *tiles_over(in_meters(bounds_deg), z)) for z in range(first, last + 1)]
    count = sum(len(columns) * len(rows) for _, columns, rows in areas)
    if count > MOST_TILES:
        raise DataError("tiles.too_many", count=count, most=MOST_TILES)
    every = tuple(TileKey(z, x, y) for z, columns, rows in areas for y in rows for x in columns)
    wanted = tuple(key for key in every if not all(cache.holds(key, now) for cache in service.caches))
    pictures = sum(not cache.holds(key, now) for key in wanted for cache in service.caches)
    left = None
    if terms.tiles_a_day:
        left = max(0, terms.tiles_a_day - sum(cache.asked_on(now) for cache in service.caches))
    made = Plan(wanted, len(every) - len(wanted), pictures, left)
    needed_mb = made.megabytes(mean_bytes(service)) + sum(cache.size() for cache in service.caches) / MB
    if needed_mb > terms.cache_mb:
        raise DataError("tiles.over_cache", needed_mb=round(needed_mb), cap_mb=terms.cache_mb)
    return made


def mean_bytes(service: TileService) -> float:
    """Return how large a picture of this service is on average, 0 if none is there."""
    means = [mean for cache in service.caches if (mean := cache.mean_bytes())]
    return sum(means) / len(means) if means else 0.0


def fetch(service: TileService, wanted: Plan, *, pause: Callable[[float], None]) -> Iterator[Fetched]:
    """Bring the tiles of a plan into the cache, one after the other; yields after each how far it is.

    ``pause`` waits for so many seconds. It ends where the terms end, and where the service does not
    answer; what came is kept, and the next call goes on from there.
    """
    total, failures = len(wanted.keys), 0
    done = 0
    for key in wanted.keys:
        try:
            service.fetch(key)
        except DataError as error:
            failures += 1
            if error.code in {"tiles.day_full", "tiles.cache_broken"} or failures >= _MOST_FAILURES:
                yield Fetched(done, total - done, error)
                return
            service.forgive()
        else:
            done, failures = done + 1, 0
        yield Fetched(done, total - done)
        pause(len(service.terms.urls) / TILES_A_SECOND)
    if done < total:
        yield Fetched(done, total - done, service.fault)

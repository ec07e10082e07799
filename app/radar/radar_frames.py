"""Jobs of the radar picture: planes into a frame, frames into a motion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from app.radar.radar_loop import KeptFrame, pack
from models.grid import GridArea
from models.radar.compose import Plane, Spread, compose, counts, plane_of, recompose
from models.radar.footprint import Footprint
from models.radar.mosaic import Mosaic, Rule
from models.radar.motion import Motion, moved
from models.radar.tables import pixel_table

MOVED_FROM_S = 20.0
"""A radar that spoke less than this before the frame's time is not moved."""


@dataclass(frozen=True, slots=True, eq=False)
class FrameWish:
    """How a frame is to be made; radars are moved to its time where ``motion`` is known."""

    area: GridArea
    at: datetime
    max_age: timedelta
    rule: Rule = Rule.MAXIMUM
    motion: Motion | None = None


def place(footprint: Footprint, area: GridArea, shelf: Path, spread: Spread) -> Plane:
    """Put what a radar says onto the map; its table is made at the first time, and kept."""
    return plane_of(footprint, pixel_table(footprint.geometry, area, shelf), spread=spread)


def too_many(planes: Mapping[str, Mapping[datetime, Plane]], most_bytes: int) -> list[tuple[str, datetime]]:
    """Return which planes (code, time) have to go so that the rest needs no more room, the oldest first.

    The newest of each radar stays whatever it needs.
    """
    sizes = {
        (at, code): sum(tile.cells.nbytes for tile in plane.tiles)
        for code, of_radar in planes.items()
        for at, plane in of_radar.items()
        if at != max(of_radar)
    }
    total = sum(sum(tile.cells.nbytes for tile in of_radar[max(of_radar)].tiles) for of_radar in planes.values())
    total += sum(sizes.values())
    out = []
    for at, code in sorted(sizes):
        if total <= most_bytes:
            break
        total -= sizes[at, code]
        out.append((code, at))
    return out


@dataclass(frozen=True, slots=True, eq=False)
class Composed:
    """A frame, whole and in its small form, and the planes it was made of."""

    mosaic: Mosaic
    kept: KeptFrame
    planes: tuple[Plane, ...]


def frame_of(planes: tuple[Plane, ...], wish: FrameWish, spread: Spread, last: Composed | None = None) -> Composed:
    """Compose one frame, and pack it.

    Where nothing moves and only one radar has spoken since the ``last`` frame, only the box that
    this radar covers is worked out.
    """
    shifted = tuple(_moved(plane, wish) for plane in planes) if len(planes) > 1 else planes
    mosaic = _with_one_new(shifted, wish, spread, last)
    if mosaic is None:
        mosaic = compose(shifted, wish.area, at=wish.at, max_age=wish.max_age, rule=wish.rule, spread=spread)
    current = tuple(plane for plane in shifted if plane.source in mosaic.sources)
    mosaic = replace(
        mosaic,
        moved=any(a is not b for a, b in zip(shifted, planes, strict=True)),
        count=counts(current, wish.area),
    )
    return Composed(mosaic, pack(mosaic), shifted)


def _with_one_new(planes: tuple[Plane, ...], wish: FrameWish, spread: Spread, last: Composed | None) -> Mosaic | None:
    """Return the frame as the last one with one radar's new word in it; None where more has changed."""
    if last is None or last.mosaic.absent or len(planes) != len(last.planes) or wish.rule is not last.mosaic.rule:
        return None
    fresh = [new for new, old in zip(planes, last.planes, strict=True) if new is not old]
    same = all(new.source.code == old.source.code for new, old in zip(planes, last.planes, strict=True))
    current = all(wish.at - plane.source.at <= wish.max_age for plane in planes)
    if not same or not current or len(fresh) != 1 or last.mosaic.area != wish.area or wish.at < last.mosaic.at:
        return None
    return replace(recompose(last.mosaic, planes, fresh[0].source.code, spread=spread), at=wish.at)


def _moved(plane: Plane, wish: FrameWish) -> Plane:
    seconds = (wish.at - plane.source.at).total_seconds()
    if wish.motion is None or not MOVED_FROM_S <= seconds <= wish.max_age.total_seconds():
        return plane
    return moved(plane, wish.motion, seconds)

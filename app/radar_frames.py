"""Jobs of the radar picture: planes into a frame, frames into a motion."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from app.radar_loop import KeptFrame, pack
from models.grid import GridArea
from models.radar.compose import Plane, Spread, compose, counts, plane_of
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


def frame_of(planes: tuple[Plane, ...], wish: FrameWish, spread: Spread) -> tuple[Mosaic, KeptFrame]:
    """Compose one frame, and pack it."""
    shifted = tuple(_moved(plane, wish) for plane in planes) if len(planes) > 1 else planes
    mosaic = compose(shifted, wish.area, at=wish.at, max_age=wish.max_age, rule=wish.rule, spread=spread)
    current = tuple(plane for plane in shifted if plane.source in mosaic.sources)
    mosaic = replace(
        mosaic,
        moved=any(a is not b for a, b in zip(shifted, planes, strict=True)),
        count=counts(current, wish.area),
    )
    return mosaic, pack(mosaic)


def _moved(plane: Plane, wish: FrameWish) -> Plane:
    seconds = (wish.at - plane.source.at).total_seconds()
    if wish.motion is None or not MOVED_FROM_S <= seconds <= wish.max_age.total_seconds():
        return plane
    return moved(plane, wish.motion, seconds)

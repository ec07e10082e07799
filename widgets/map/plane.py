"""A cached picture of a part of the drawings, larger than the view, that is moved while the hand moves.

It is drawn into a second picture in steps of about a millisecond, spread over turns
of the event loop; the first is shown until the second is done.
"""

from __future__ import annotations

import math
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPixmap

from layers.drawing import Areas, Drawing, Labels, Lines, Raster, Symbols, Tiles
from layers.map_view import MapView
from widgets.map.frame import Frame
from widgets.map.ink import Ink
from widgets.map.label_painter import LabelPlan, Region, paint_labels, plan_labels
from widgets.map.line_painter import paint_areas, paint_lines
from widgets.map.raster_painter import paint_raster
from widgets.map.symbol_painter import paint_symbols
from widgets.map.tile_painter import paint_tiles

# How much larger than the view a plane is, on each side.
MARGIN = 0.25
# Names are planned for the whole map if they and the symbols are so few.
_FEW = 3000
_BLOCK_PX = 1024.0
_BAND_PX = 128
_TILES_A_STEP = 4
_DONE = object()


@dataclass(frozen=True, slots=True, eq=False)
class _Planned:
    """A plan of names, the scale it is for, and where it holds; everywhere if ``region`` is None."""

    meters_per_pixel: float
    region: Region | None
    plan: LabelPlan

    def holds_for(self, meters_per_pixel: float, frame: Frame) -> bool:
        if self.meters_per_pixel != meters_per_pixel or self.region is None:
            return self.meters_per_pixel == meters_per_pixel
        west, south, east, north = self.region
        return west <= frame.west_m and south <= frame.south_m and east >= frame.east_m and north >= frame.north_m


@dataclass(frozen=True, slots=True, eq=False)
class _Under:
    """A picture of what stands under the signs, and what it is of."""

    items: tuple[Drawing, ...]
    frame: Frame
    ink: Ink
    pixmap: QPixmap

    def shows(self, items: tuple[Drawing, ...], frame: Frame, ink: Ink) -> bool:
        same = len(items) == len(self.items) and all(a is b for a, b in zip(items, self.items, strict=True))
        return same and frame == self.frame and ink is self.ink


class Plane:
    """One picture and what it shows; drawn anew only when something in it has changed."""

    def __init__(self, spares: list[QPixmap], *, opaque: bool) -> None:
        """``spares`` keeps a picture out of use for the next drawing; planes of one size may share it."""
        self._opaque = opaque
        self._spares = spares
        self._items: tuple[Drawing, ...] = ()
        self._ink: Ink | None = None
        self._pixmap: QPixmap | None = None
        self._frame: Frame | None = None
        self._plan: _Planned | None = None
        self._under: _Under | None = None
        self._work: Generator[None, None, None] | None = None
        self._work_frame: Frame | None = None
        self.stale = True
        self.redraws = 0

    def show_items(self, items: tuple[Drawing, ...]) -> bool:
        """Take other drawings; return whether they differ from those there were."""
        if len(items) == len(self._items) and all(a is b for a, b in zip(items, self._items, strict=True)):
            return False
        self.drop()
        self._items = items
        self._plan = None
        self.stale = True
        return True

    def show_ink(self, ink: Ink) -> None:
        """Take another theme's styles."""
        self.drop()
        self._ink = ink
        self._plan = None
        self.stale = True

    def fits(self, view: MapView, ratio: float) -> bool:
        """Return whether the picture is sharp at the view's scale and covers it."""
        return not self.stale and _serves(self._frame, view, ratio)

    def covers(self, view: MapView) -> bool:
        """Return whether the picture, sharp or not, reaches over the whole view."""
        return self._frame is not None and _covers(self._frame, view)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever drawn."""
        return self._pixmap is None

    def begin(self, view: MapView, ratio: float, ink: Ink) -> None:
        """Begin to draw the picture sharp for a view; the former one stays until `advance` has come to the end."""
        self.drop()
        frame = self._frame  # where only the drawings have changed, what stands under the signs is still good
        if frame is None or not _serves(frame, view, ratio):
            frame = Frame.of_view(view, ratio, margin=MARGIN)
        self._work, self._work_frame = self._drawing(view, frame, ink), frame

    def advance(self, until: float) -> bool:
        """Go on with what was begun until the clock (`time.perf_counter`) says ``until``; return whether it is done."""
        while self._work is not None:
            if next(self._work, _DONE) is _DONE:
                self._work = self._work_frame = None
            elif time.perf_counter() >= until:
                return False
        return True

    def drop(self) -> None:
        """Forget what was begun."""
        if self._work is not None:
            self._work.close()
        self._work = self._work_frame = None

    @property
    def at_work(self) -> bool:
        """Whether a picture is begun and not done."""
        return self._work is not None

    def works_for(self, view: MapView, ratio: float) -> bool:
        """Return whether what is begun will be sharp for a view and cover it."""
        return _serves(self._work_frame, view, ratio)

    def redraw(self, view: MapView, ratio: float, ink: Ink) -> None:
        """Draw the picture sharp for a view at one go."""
        if not self.works_for(view, ratio):
            self.begin(view, ratio, ink)
        self.advance(math.inf)

    def _drawing(self, view: MapView, frame: Frame, ink: Ink) -> Generator[None, None, None]:
        """Draw into another picture, step by step; the last one exchanges it for the former."""
        pixmap = self._spares.pop() if self._spares else None
        if pixmap is None or (pixmap.width(), pixmap.height()) != (frame.width, frame.height):
            pixmap = QPixmap(frame.width, frame.height)
        pixmap.fill(ink.ground if self._opaque else QColor(0, 0, 0, 0))
        painter = QPainter(pixmap)
        spare: QPixmap | None = pixmap
        try:
            yield
            still = _still(self._items)
            yield from self._paint_still(painter, still, frame, ink)
            for item in self._items[len(still) :]:
                yield from self._paint(painter, item, frame, ink)
            for item in self._items:  # no sign of any layer may cover an alarm
                if isinstance(item, Symbols):
                    yield from paint_symbols(painter, item, ink.theme, frame, alarms=True)
            plan = yield from self._planned(view.meters_per_pixel, frame, ink)
            yield from paint_labels(painter, plan, ink, frame)
            spare = self._pixmap
            self._pixmap, self._frame, self._ink = pixmap, frame, ink
            self.stale = False
            self.redraws += 1
        finally:
            painter.end()  # Qt ends the process when a picture goes while it is painted on
            if spare is not None and not self._spares:
                self._spares.append(spare)

    def _paint_still(self, painter: QPainter, items: tuple[Drawing, ...], frame: Frame, ink: Ink) -> Iterator[None]:
        """Paint what stands under the signs: from a picture of its own as long as only signs and names change."""
        if self._under is not None and self._under.shows(items, frame, ink):
            painter.drawPixmap(0, 0, self._under.pixmap)
            yield
            return
        if self._opaque or len(items) == len(self._items):
            for item in items:
                yield from self._paint(painter, item, frame, ink)
            return
        pixmap = None if self._under is None else self._under.pixmap
        self._under = None
        if pixmap is None or (pixmap.width(), pixmap.height()) != (frame.width, frame.height):
            pixmap = QPixmap(frame.width, frame.height)
        pixmap.fill(QColor(0, 0, 0, 0))
        own = QPainter(pixmap)
        try:
            for item in items:
                yield from self._paint(own, item, frame, ink)
        finally:
            own.end()
        self._under = _Under(items, frame, ink, pixmap)
        painter.drawPixmap(0, 0, pixmap)
        yield

    def paint(self, painter: QPainter, view: MapView, ratio: float) -> None:
        """Put the picture where it belongs in a view: shifted, and scaled while the scale is changing."""
        if self._pixmap is None or self._frame is None:
            return
        need, frame = Frame.of_view(view, ratio), self._frame
        zoom = frame.meters_per_pixel / need.meters_per_pixel
        x = (frame.west_m - need.west_m) / need.meters_per_pixel
        y = (need.north_m - frame.north_m) / need.meters_per_pixel
        if abs(zoom - 1) < 1e-9:
            painter.drawPixmap(round(x), round(y), self._pixmap)
        else:
            painter.drawPixmap(
                QRectF(x, y, frame.width * zoom, frame.height * zoom), self._pixmap, QRectF(self._pixmap.rect())
            )

    def label_plan(self) -> LabelPlan | None:
        """Return the names that the picture shows, for tests and for what must not cover them."""
        return None if self._plan is None else self._plan.plan

    def _planned(self, meters_per_pixel: float, frame: Frame, ink: Ink) -> Generator[None, None, LabelPlan]:
        """Plan the names of a scale; few are planned for the whole map, many for the region round the frame."""
        if self._plan is not None and self._plan.holds_for(meters_per_pixel, frame):
            return self._plan.plan
        labels = tuple(item for item in self._items if isinstance(item, Labels))
        symbols = tuple(item for item in self._items if isinstance(item, Symbols))
        count = sum(len(item.texts) for item in labels) + sum(len(item.ids) for item in symbols)
        many = count > _FEW
        region = _region_round(frame, meters_per_pixel) if many else None
        plan = yield from plan_labels(labels, symbols, meters_per_pixel, ink, region)
        self._plan = _Planned(meters_per_pixel, region, plan)
        return plan

    @staticmethod
    def _paint(painter: QPainter, item: Drawing, frame: Frame, ink: Ink) -> Iterator[None]:
        if isinstance(item, Raster):
            yield from _paint_bands(painter, item, frame, ink)
        elif isinstance(item, Tiles):
            for start in range(0, len(item.tiles), _TILES_A_STEP):
                some = replace(item, tiles=item.tiles[start : start + _TILES_A_STEP])
                paint_tiles(painter, some, frame, dark=ink.theme.is_dark)
                yield
        elif isinstance(item, Lines):
            yield from paint_lines(painter, item, ink.line(item.style), frame)
        elif isinstance(item, Areas):
            area = ink.area(item.style)
            if area is not None:
                yield from paint_areas(painter, item, area, frame)
        elif isinstance(item, Symbols):
            yield from paint_symbols(painter, item, ink.theme, frame, alarms=False)


def _still(items: tuple[Drawing, ...]) -> tuple[Drawing, ...]:
    """Return the drawings before the first signs or names: borders, rivers, roads."""
    first = next((i for i, item in enumerate(items) if isinstance(item, Symbols | Labels)), len(items))
    return items[:first]


def _paint_bands(painter: QPainter, raster: Raster, frame: Frame, ink: Ink) -> Iterator[None]:
    """Paint a raster band by band, as a large one is scaled for longer than one turn may take."""
    for top in range(0, frame.height, _BAND_PX):
        painter.setClipRect(0, top, frame.width, _BAND_PX)
        paint_raster(painter, raster, frame, dark=ink.theme.is_dark)
        yield
    painter.setClipping(False)


def _serves(frame: Frame | None, view: MapView, ratio: float) -> bool:
    """Return whether a picture of a frame is sharp for a view and covers it."""
    if frame is None or frame.ratio != ratio:
        return False
    return abs(frame.meters_per_pixel * ratio / view.meters_per_pixel - 1) < 1e-9 and _covers(frame, view)


def _covers(frame: Frame, view: MapView) -> bool:
    need, slack = Frame.of_view(view, frame.ratio), frame.meters_per_pixel * 1e-3
    return (
        frame.west_m <= need.west_m + slack
        and frame.east_m >= need.east_m - slack
        and frame.north_m >= need.north_m - slack
        and frame.south_m <= need.south_m + slack
    )


def _region_round(frame: Frame, meters_per_pixel: float) -> Region:
    """Return the blocks of the map that a frame touches, and half a block more on each side."""
    block = _BLOCK_PX * meters_per_pixel
    return (
        (math.floor(frame.west_m / block) - 0.5) * block,
        (math.floor(frame.south_m / block) - 0.5) * block,
        (math.ceil(frame.east_m / block) + 0.5) * block,
        (math.ceil(frame.north_m / block) + 0.5) * block,
    )


def storeys(items: tuple[Drawing, ...]) -> tuple[tuple[Drawing, ...], tuple[Raster, ...], tuple[Drawing, ...]]:
    """Return what lies under the fields, the fields, and what lies over them.

    A field changes with every radar frame, and so is painted live between the planes.
    Without one the ground ends after its rasters, tiles and filled areas.
    """
    at = [i for i, item in enumerate(items) if _is_field(item)]
    first, last = (at[0], at[-1]) if at else (_ground_end(items), _ground_end(items) - 1)
    fields = tuple(item for item in items[first : last + 1] if isinstance(item, Raster))
    return items[:first], fields, tuple(item for item in items[first:] if not _is_field(item))


def _is_field(item: Drawing) -> bool:
    return isinstance(item, Raster) and not item.smooth


def _ground_end(items: tuple[Drawing, ...]) -> int:
    at = 0
    while at < len(items) and isinstance(items[at], Areas | Raster | Tiles):
        at += 1
    return at

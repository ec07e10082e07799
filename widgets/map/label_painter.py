"""Paints names with a halo, each where it has room."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter

from layers.drawing import Labels, Symbols
from layers.label_thinning import covered, crowd, thinning
from layers.relations import AREAS_NAMED
from models.geodesy import FloatArray
from widgets import theme as look
from widgets.map.frame import Frame
from widgets.map.ink import Ink, LabelInk
from widgets.map.symbol_painter import LEVEL_PX, RING_PX, reach_of_sprite

HALO_PX = 4.0
# Thin strokes are gray, their halo is not.
_HALO_STRENGTH = 1.5
_PAD_PX = 3
# Of more names than this in one drawing only the best of each cell is looked at: a cell holds hardly a second one.
_CROWD, _CROWD_CELL_PX = 2000, (56.0, 16.0)
# Names that are measured, and painted, in one step of about a millisecond.
_STEP, _NAMES_A_STEP = 400, 12
# Of more names than this so many stand close that hardly a place is bare: none is looked for.
_SPARSE = 2500
# Names of this priority and above may lie on signs without a level.
_BOLD = 100
# What is drawn round a selection writes names with more behind them; another one so near would be the same thing's.
_NAMES_MORE, _SAME_PX = "relation", 12.0
Region = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, eq=False)
class LabelPlan:
    """Which names are painted, and where: offsets in logical pixels from places in map meters."""

    texts: tuple[str, ...]
    styles: tuple[str, ...]
    opacities: tuple[float, ...]
    x_m: FloatArray
    y_m: FloatArray
    dx_px: FloatArray
    dy_px: FloatArray
    width_px: FloatArray
    height_px: FloatArray


def plan_labels(
    labels: tuple[Labels, ...],
    symbols: tuple[Symbols, ...],
    meters_per_pixel: float,
    ink: Ink,
    region: Region | None = None,
) -> Generator[None, None, LabelPlan]:
    """Choose names and their places for a scale, in steps of about a millisecond.

    A name beside a symbol may stand to its right, its left, above or under it. Only
    names in ``region`` (west, south, east, north, map meters) are looked at, all if
    None; there the answer holds while the map is moved.
    """
    texts: list[str] = []
    styles: list[str] = []
    parts: list[FloatArray] = []
    named = [item for item in labels if item.style == _NAMES_MORE]
    for item in labels:
        at = _candidates(item, meters_per_pixel, region)
        if item.style != _NAMES_MORE:
            at = at[~_named_again(item, at, named, _SAME_PX * meters_per_pixel)]
        texts += [item.texts[i] for i in at.tolist()]
        styles += [item.style] * len(at)
        aside, opacity = np.full(len(at), float(item.dx_px)), np.full(len(at), item.opacity)
        parts.append(np.stack([item.x_m[at], item.y_m[at], item.priority[at].astype(float), aside, opacity], axis=1))
        yield
    if not texts:
        none = np.zeros(0)
        return LabelPlan((), (), (), none, none, none, none, none, none)
    x_m, y_m, priority, aside, opacities = np.concatenate(parts).T
    width, height = np.empty(len(texts)), np.empty(len(texts))
    for start in range(0, len(texts), _STEP):
        for i in range(start, min(start + _STEP, len(texts))):
            size = ink.label(styles[i]).size_px
            width[i], height[i] = _width(texts[i], size), _height(size)
        yield
    dx, dy = _offsets(aside, width, height)
    left = (x_m / meters_per_pixel)[:, None] + dx
    top = (-y_m / meters_per_pixel)[:, None] + dy
    boxes = np.stack([left, top, left + width[:, None], top + height[:, None]], axis=2)
    obstacles, soft = _marks(symbols, meters_per_pixel, region)
    yield
    if len(texts) <= _SPARSE:
        best = _barest_first(boxes, symbols, meters_per_pixel)
        dx, dy = np.take_along_axis(dx, best, 1), np.take_along_axis(dy, best, 1)
        boxes = np.take_along_axis(boxes, best[..., None], 1)
        yield
    shy = (aside != 0) & (priority < _BOLD)
    chosen = yield from thinning(boxes, priority.astype(np.int64), obstacles=obstacles, soft=soft, shy=shy)
    kept = np.flatnonzero(chosen >= 0)
    at = chosen[kept]
    return LabelPlan(
        tuple(texts[i] for i in kept),
        tuple(styles[i] for i in kept),
        tuple(opacities[kept].tolist()),
        x_m[kept],
        y_m[kept],
        dx[kept, at],
        dy[kept, at],
        width[kept],
        height[kept],
    )


def _candidates(item: Labels, meters_per_pixel: float, region: Region | None) -> NDArray[np.intp]:
    """Return which names of a drawing may be shown: those in the region; of a crowd the best of each small cell."""
    inside = np.isfinite(item.x_m) & np.isfinite(item.y_m)
    if region is not None:
        west, south, east, north = region
        inside &= (item.x_m >= west) & (item.x_m <= east) & (item.y_m >= south) & (item.y_m <= north)
    at = np.flatnonzero(inside)
    if len(at) <= _CROWD:
        return at
    cell = _CROWD_CELL_PX[0] * meters_per_pixel, _CROWD_CELL_PX[1] * meters_per_pixel
    return at[crowd(item.x_m[at], item.y_m[at], item.priority[at], cell)]


def _named_again(item: Labels, at: NDArray[np.intp], named: list[Labels], reach_m: float) -> NDArray[np.bool_]:
    """Return which names stand in a fuller one at the same place: ``石坑站`` where ``石坑站 0.9 km`` is written."""
    again = np.zeros(len(at), bool)
    for fuller in named:
        if item.name.partition(".")[0] in AREAS_NAMED and not fuller.dx_px:
            again |= np.isin([item.texts[i] for i in at.tolist()], fuller.texts)
            continue
        for text, x_m, y_m in zip(fuller.texts, fuller.x_m.tolist(), fuller.y_m.tolist(), strict=True):
            near = np.flatnonzero((np.abs(item.x_m[at] - x_m) <= reach_m) & (np.abs(item.y_m[at] - y_m) <= reach_m))
            again[[n for n in near.tolist() if f"{text} ".startswith(f"{item.texts[at[n]]} ")]] = True
    return again


def paint_labels(painter: QPainter, plan: LabelPlan, ink: Ink, frame: Frame) -> Iterator[None]:
    """Paint the planned names that the frame shows, in steps; the painter works in device pixels."""
    x, y, shown = _places(plan, frame)
    pad = round(_PAD_PX * frame.ratio)
    for n, i in enumerate(shown):
        sprite = _sprite(plan.texts[i], ink.label(plan.styles[i]), frame.ratio)
        painter.setOpacity(plan.opacities[i])
        painter.drawImage(QPointF(round(x[i]) - pad, round(y[i]) - pad), sprite)
        if n % _NAMES_A_STEP == 0:
            yield
    painter.setOpacity(1.0)


def _places(plan: LabelPlan, frame: Frame) -> tuple[FloatArray, FloatArray, list[int]]:
    """Return where all names stand in a frame, in device pixels, and which of them it shows."""
    x = frame.x_px(plan.x_m) + plan.dx_px * frame.ratio
    y = frame.y_px(plan.y_m) + plan.dy_px * frame.ratio
    reach = (plan.width_px + 2 * _PAD_PX) * frame.ratio
    shown = (x > -reach) & (x < frame.width + 8) & (y > -40 * frame.ratio) & (y < frame.height + 8)
    return x, y, np.flatnonzero(shown).tolist()


def _offsets(aside: FloatArray, width: FloatArray, height: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return (n, 4) offsets of a name's upper left corner from its place; NaN where a name has one place only."""
    nan = np.full(len(aside), np.nan)
    centered = aside == 0
    above, below = -height - aside, aside
    dx = np.stack([np.where(centered, -width / 2, aside), -aside - width, -width / 2, -width / 2], axis=1)
    dy = np.stack([-height / 2, -height / 2, above, below], axis=1)
    dx[centered, 1:] = nan[centered, None]
    return dx, dy


def _barest_first(boxes: FloatArray, symbols: tuple[Symbols, ...], meters_per_pixel: float) -> NDArray[np.intp]:
    """Return in which order a name tries its places: the one with the fewest small rings on it first, as they are few."""
    small = [np.array([_is_small(sprite) for sprite in item.sprites], bool)[item.sprite] for item in symbols]
    x = [item.x_m[at] for item, at in zip(symbols, small, strict=True)]
    y = [-item.y_m[at] for item, at in zip(symbols, small, strict=True)]
    none = np.zeros(0)
    on = covered(
        boxes, np.concatenate([none, *x]) / meters_per_pixel, np.concatenate([none, *y]) / meters_per_pixel, RING_PX
    )
    return np.argsort(np.where(on < 0, np.iinfo(np.int64).max, on), axis=1, kind="stable")


def _is_small(sprite: str) -> bool:
    """Return whether a sign is so small that names may lie on it, and had better not."""
    return "/" not in sprite and not sprite.startswith(("level.", "cluster"))


def _marks(
    symbols: tuple[Symbols, ...], meters_per_pixel: float, region: Region | None
) -> tuple[FloatArray, FloatArray]:
    """Return the boxes of level marks and clusters, and of all other signs, in pixels from the map's origin."""
    hard, soft = [np.zeros((0, 4))], [np.zeros((0, 4))]
    for item in symbols:
        reaches = np.array([_mark_reach(sprite) for sprite in item.sprites])
        if not reaches.any():
            continue
        reach = reaches[item.sprite]
        marked = reach > 0
        if region is not None:
            west, south, east, north = region
            marked &= (item.x_m >= west) & (item.x_m <= east) & (item.y_m >= south) & (item.y_m <= north)
        x, y = item.x_m[marked] / meters_per_pixel, -item.y_m[marked] / meters_per_pixel
        reach = reach[marked]
        boxes = np.stack([x - reach, y - reach, x + reach, y + reach], axis=1)
        is_hard = np.array([sprite.startswith(("level.", "cluster")) for sprite in item.sprites])[item.sprite][marked]
        hard.append(boxes[is_hard])
        soft.append(boxes[~is_hard])
    return np.concatenate(hard), np.concatenate(soft)


def _mark_reach(sprite: str) -> float:
    """Return how far from its place a sprite keeps names off; 0 if names may lie on it."""
    if sprite.startswith("level.") and "/" not in sprite:
        return LEVEL_PX / 2 + 2.0
    return max(0.0, reach_of_sprite(sprite) - 3.0) if "/" in sprite else 0.0


def _width(text: str, size_px: int) -> float:
    """Return the sum of the signs' advances: at least as wide as the text, and 50,000 names take no more than few."""
    return sum([_advance(sign, size_px) for sign in text])


@lru_cache(maxsize=20_000)
def _advance(sign: str, size_px: int) -> float:
    return float(_metrics(size_px).horizontalAdvance(sign))


@lru_cache(maxsize=32)
def _metrics(size_px: int) -> QFontMetricsF:
    return QFontMetricsF(look.font(size_px))


@lru_cache(maxsize=32)
def _height(size_px: int) -> float:
    # The font's line is far higher than its signs; names may stand closer.
    return round(size_px * 1.25)


@lru_cache(maxsize=4000)
def _sprite(text: str, ink: LabelInk, ratio: float) -> QImage:
    """Return a name on its halo, in device pixels."""
    width = round((_width(text, ink.size_px) + 2 * _PAD_PX) * ratio)
    height = round((_height(ink.size_px) + 2 * _PAD_PX) * ratio)
    font = look.font(ink.size_px)
    font.setPixelSize(round(ink.size_px * ratio))
    baseline = QPointF(
        round(_PAD_PX * ratio), round((_PAD_PX + _height(ink.size_px) * 0.5 + ink.size_px * 0.37) * ratio)
    )
    mask = QImage(width, height, QImage.Format.Format_Grayscale8)
    mask.fill(0)
    _write(mask, text, font, baseline, QColor(255, 255, 255))
    stride = mask.bytesPerLine()
    shape = np.frombuffer(mask.constBits(), np.uint8).reshape(height, stride)[:, :width]
    image = _halo(shape, ink.halo, HALO_PX / 2 * ratio)
    _write(image, text, font, baseline, ink.color)
    return image


def _write(image: QImage, text: str, font: QFont, baseline: QPointF, color: QColor) -> None:
    painter = QPainter(image)
    painter.setFont(font)
    painter.setPen(color)
    painter.drawText(baseline, text)
    painter.end()


def _halo(shape: NDArray[np.uint8], color: QColor, radius_px: float) -> QImage:
    """Return a text's shape widened by a radius, with a soft edge: a fifth of the time that stroking its outline takes."""
    high, wide = shape.shape
    reach = math.ceil(radius_px)
    padded = np.pad(shape, reach).astype(np.float32)
    alpha = np.zeros((high, wide), np.float32)
    for down in range(-reach, reach + 1):
        for right in range(-reach, reach + 1):
            weight = min(1.0, radius_px + 0.5 - math.hypot(down, right))
            if weight > 0:
                part = padded[reach + down : reach + down + high, reach + right : reach + right + wide]
                np.maximum(alpha, part * weight, out=alpha)
    alpha = np.minimum(alpha * _HALO_STRENGTH, 255)
    pixels = np.empty((high, wide, 4), np.uint8)
    for channel, value in enumerate((color.blue(), color.green(), color.red())):
        pixels[..., channel] = alpha * (value / 255)
    pixels[..., 3] = alpha
    image = QImage(pixels.data, wide, high, wide * 4, QImage.Format.Format_ARGB32_Premultiplied)
    return image.copy()  # the array's memory goes with this call

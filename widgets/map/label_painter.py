"""Paints names with a halo, each where it has room."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter

from layers.drawing import Labels, Symbols
from layers.label_thinning import thin
from models.geodesy import FloatArray
from widgets import theme as look
from widgets.map.frame import Frame
from widgets.map.ink import Ink, LabelInk
from widgets.map.symbol_painter import LEVEL_PX

HALO_PX = 4.0
# Thin strokes are gray, their halo is not.
_HALO_STRENGTH = 1.5
_PAD_PX = 3
# Level marks keep their place free of names; half the mark with its ring.
_MARK_REACH_PX = LEVEL_PX / 2 + 2.0


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
    labels: tuple[Labels, ...], symbols: tuple[Symbols, ...], meters_per_pixel: float, ink: Ink
) -> LabelPlan:
    """Choose names and their places for a scale; the answer holds while the map is moved.

    A name beside a symbol may stand to its right, its left, above or under it.
    """
    texts = [text for item in labels for text in item.texts]
    styles = [item.style for item in labels for _ in item.texts]
    opacities = [item.opacity for item in labels for _ in item.texts]
    if not texts:
        none = np.zeros(0)
        return LabelPlan((), (), (), none, none, none, none, none, none)
    x_m = np.concatenate([item.x_m for item in labels])
    y_m = np.concatenate([item.y_m for item in labels])
    priority = np.concatenate([item.priority for item in labels])
    aside = np.concatenate([np.full(len(item.texts), item.dx_px, float) for item in labels])
    sizes = [ink.label(style).size_px for style in styles]
    width = np.array([_width(text, size) for text, size in zip(texts, sizes, strict=True)])
    height = np.array([_height(size) for size in sizes])
    dx, dy = _offsets(aside, width, height)
    left = (x_m / meters_per_pixel)[:, None] + dx
    top = (-y_m / meters_per_pixel)[:, None] + dy
    boxes = np.stack([left, top, left + width[:, None], top + height[:, None]], axis=2)
    chosen = thin(boxes, priority, obstacles=_marks(symbols, meters_per_pixel))
    kept = np.flatnonzero(chosen >= 0)
    at = chosen[kept]
    return LabelPlan(
        tuple(texts[i] for i in kept),
        tuple(styles[i] for i in kept),
        tuple(opacities[i] for i in kept),
        x_m[kept],
        y_m[kept],
        dx[kept, at],
        dy[kept, at],
        width[kept],
        height[kept],
    )


def paint_labels(painter: QPainter, plan: LabelPlan, ink: Ink, frame: Frame) -> None:
    """Paint the planned names that the frame shows; the painter works in device pixels."""
    x, y, shown = _places(plan, frame)
    for i in shown:
        sprite = _sprite(plan.texts[i], ink.label(plan.styles[i]), frame.ratio)
        painter.setOpacity(plan.opacities[i])
        pad = round(_PAD_PX * frame.ratio)
        painter.drawImage(QPointF(round(x[i]) - pad, round(y[i]) - pad), sprite)
    painter.setOpacity(1.0)


def prepare_labels(plan: LabelPlan, ink: Ink, frame: Frame, until: float) -> bool:
    """Make the pictures of names that the frame shows until the clock (`time.perf_counter`) says ``until``.

    Returns whether all of them are made, so that the time can be spread over turns of the event loop.
    """
    for i in _places(plan, frame)[2]:
        if time.perf_counter() > until:
            return False
        _sprite(plan.texts[i], ink.label(plan.styles[i]), frame.ratio)
    return True


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
    above = -height - aside * 0.75
    below = aside * 0.75
    dx = np.stack([np.where(centered, -width / 2, aside), -aside - width, -width / 2, -width / 2], axis=1)
    dy = np.stack([-height / 2, -height / 2, above, below], axis=1)
    dx[centered, 1:] = nan[centered, None]
    return dx, dy


def _marks(symbols: tuple[Symbols, ...], meters_per_pixel: float) -> FloatArray:
    """Return the boxes of all level marks, in pixels from the map's origin."""
    boxes = [np.zeros((0, 4))]
    for item in symbols:
        is_level = np.array([sprite.startswith("level.") for sprite in item.sprites], bool)
        if not is_level.any():
            continue
        marked = is_level[item.sprite]
        x, y = item.x_m[marked] / meters_per_pixel, -item.y_m[marked] / meters_per_pixel
        boxes.append(np.stack([x - _MARK_REACH_PX, y - _MARK_REACH_PX, x + _MARK_REACH_PX, y + _MARK_REACH_PX], axis=1))
    return np.concatenate(boxes)


@lru_cache(maxsize=20_000)
def _width(text: str, size_px: int) -> float:
    return float(QFontMetricsF(look.font(size_px)).horizontalAdvance(text))


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

"""Paints coded rasters: 8-bit images with a color table, never an array of colors."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from layers.drawing import Raster
from widgets.map.frame import Frame


def paint_raster(painter: QPainter, raster: Raster, frame: Frame, *, dark: bool) -> None:
    """Paint what a frame shows of a raster; the painter works in device pixels."""
    window = _window(raster, frame)
    if window is None:
        return
    source, target = window
    if raster.smooth:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    image, _ = _image(raster, dark)
    painter.drawImage(target, image, source)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)


@lru_cache(maxsize=96)
def _image(raster: Raster, dark: bool) -> tuple[QImage, NDArray[np.uint8]]:
    """Return the indexed image of a raster, with the array whose memory it shows."""
    codes = np.ascontiguousarray(raster.codes)
    rows, columns = codes.shape
    image = QImage(codes.data, columns, rows, columns, QImage.Format.Format_Indexed8)
    rgba = raster.colors.on(dark=dark).astype(np.uint32)
    alpha = np.round(rgba[:, 3] * raster.opacity).astype(np.uint32)
    table = (alpha << 24) | (rgba[:, 0] << 16) | (rgba[:, 1] << 8) | rgba[:, 2]
    image.setColorTable(table.tolist())
    if raster.smooth:  # blending needs colors, not codes; reliefs are few and do not change
        image = image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
    return image, codes


def _window(raster: Raster, frame: Frame) -> tuple[QRectF, QRectF] | None:
    """Return the cells that the frame shows, and their place in it; None if it shows none."""
    area = raster.area
    left = max(0, math.floor((frame.west_m - area.west_m) / area.cell_m) - 1)
    right = min(area.columns, math.ceil((frame.east_m - area.west_m) / area.cell_m) + 1)
    top = max(0, math.floor((area.north_m - frame.north_m) / area.cell_m) - 1)
    bottom = min(area.rows, math.ceil((area.north_m - frame.south_m) / area.cell_m) + 1)
    if left >= right or top >= bottom:
        return None
    whole = frame.rect_of(area)
    cell = area.cell_m / frame.meters_per_pixel
    source = QRectF(left, top, right - left, bottom - top)
    target = QRectF(whole.left() + left * cell, whole.top() + top * cell, (right - left) * cell, (bottom - top) * cell)
    return source, target

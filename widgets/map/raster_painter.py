"""Paints coded rasters through a color table; colors are kept for what is on the screen only."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from layers.color_table import ColorTable
from layers.drawing import Raster
from widgets.map.frame import Frame

# Qt scales a picture in steps of 1/65536 of its pixels; so far it may stray on the far side.
_FIXED_POINT = 65_536
_MOST_DRIFT_PX = 0.4


def paint_raster(painter: QPainter, raster: Raster, frame: Frame, *, dark: bool) -> None:
    """Paint what a frame shows of a raster; the painter works in device pixels."""
    window = _window(raster, frame)
    if window is None:
        return
    source, target = window
    cell_px = raster.area.cell_m / frame.meters_per_pixel
    if raster.smooth:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(target, _colored(raster, dark), source)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
    elif frame.width * cell_px < _MOST_DRIFT_PX * _FIXED_POINT:
        painter.drawImage(target, _colored(raster, dark), source)
    else:
        _paint_cells(painter, raster, frame, target, dark=dark)


def _paint_cells(painter: QPainter, raster: Raster, frame: Frame, target: QRectF, *, dark: bool) -> None:
    """Paint few large cells, each pixel by the cell its middle lies in.

    Qt steps through an enlarged picture in 1/65536 of a cell, rounded down: with
    cells of hundreds of pixels that would shift the far side of the screen.
    """
    area = raster.area
    left, right = max(0, math.floor(target.left())), min(frame.width, math.ceil(target.right()))
    top, bottom = max(0, math.floor(target.top())), min(frame.height, math.ceil(target.bottom()))
    if left >= right or top >= bottom:
        return
    x_m = frame.west_m + (np.arange(left, right) + 0.5) * frame.meters_per_pixel
    y_m = frame.north_m - (np.arange(top, bottom) + 0.5) * frame.meters_per_pixel
    column = np.floor((x_m - area.west_m) / area.cell_m).astype(np.intp)
    row = np.floor((area.north_m - y_m) / area.cell_m).astype(np.intp)
    across = np.flatnonzero((column >= 0) & (column < area.columns))
    down = np.flatnonzero((row >= 0) & (row < area.rows))
    if len(across) == 0 or len(down) == 0:
        return
    rows = row[down]
    lines = _premultiplied(raster.colors, raster.opacity, dark)[raster.codes[rows[0] : rows[-1] + 1][:, column[across]]]
    pixels = np.ascontiguousarray(lines[rows - rows[0]])
    image = QImage(pixels.data, len(across), len(down), len(across) * 4, QImage.Format.Format_ARGB32_Premultiplied)
    painter.drawImage(left + int(across[0]), top + int(down[0]), image)


@lru_cache(maxsize=4)
def _colored(raster: Raster, dark: bool) -> QImage:
    """Return the colors of a raster, kept for the few on the screen only.

    Qt scales premultiplied colors four times faster than codes; a loop of frames
    is kept as codes all the same, as colors would take four times the memory.
    """
    codes = np.ascontiguousarray(raster.codes)
    rows, columns = codes.shape
    image = QImage(codes.data, columns, rows, columns, QImage.Format.Format_Indexed8)
    image.setColorTable(_color_table(raster.colors, raster.opacity, dark))
    return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


@lru_cache(maxsize=32)
def _color_table(colors: ColorTable, opacity: float, dark: bool) -> list[int]:
    """Return 256 colors as Qt wants them, 0xAARRGGBB."""
    rgba = colors.on(dark=dark).astype(np.uint32)
    alpha = np.round(rgba[:, 3] * opacity).astype(np.uint32)
    table: list[int] = ((alpha << 24) | (rgba[:, 0] << 16) | (rgba[:, 1] << 8) | rgba[:, 2]).tolist()
    return table


@lru_cache(maxsize=32)
def _premultiplied(colors: ColorTable, opacity: float, dark: bool) -> NDArray[np.uint32]:
    """Return the 256 colors with their opacity multiplied in, as pixels of a picture."""
    table = np.array(_color_table(colors, opacity, dark), np.uint32)
    alpha = table >> 24
    out = alpha << 24
    for shift in (16, 8, 0):
        out |= ((((table >> shift) & 255) * alpha + 127) // 255) << shift
    return out.astype(np.uint32)


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

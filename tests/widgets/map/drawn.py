"""Drawings round the map's origin at 100 m a pixel: small, lopsided, of known colors."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QColor, QImage

from layers.color_table import ColorTable
from layers.drawing import Areas, Drawing, Drawings, Labels, Lines, Raster, Symbols
from layers.map_view import MapView
from layers.point_layer import POINT_SPRITES
from models.grid import GridArea
from widgets import theme as look
from widgets.map.canvas import MapCanvas
from widgets.map.ink import ink_of

VIEW = MapView(0.0, 0.0, 100.0, 400, 300)
_INK = ink_of(look.LIGHT).ground
GROUND = (_INK.red(), _INK.green(), _INK.blue())


def colors(*rgba: tuple[int, int, int, int], dark: tuple[tuple[int, int, int, int], ...] | None = None) -> ColorTable:
    """Return a table whose first codes have these colors; all others are transparent."""
    table = np.zeros((256, 4), np.uint8)
    table[: len(rgba)] = rgba
    other = None
    if dark is not None:
        other = np.zeros((256, 4), np.uint8)
        other[: len(dark)] = dark
    return ColorTable("test", "", table, (), other)


RED, GREEN, BLUE = (255, 0, 0, 255), (0, 255, 0, 255), (0, 0, 255, 255)
NOTHING = (0, 0, 0, 0)


def corners(*, smooth: bool = False, opacity: float = 1.0) -> Raster:
    """Return 3 x 4 cells of 4 km: red in the north-west, green in the north-east, blue in the south-west."""
    codes = np.zeros((3, 4), np.uint8)
    codes[0, 0], codes[0, 3], codes[2, 0] = 1, 2, 3
    area = GridArea(-8000.0, 6000.0, 4000.0, 3, 4)
    return Raster("field", area, codes, colors(NOTHING, RED, GREEN, BLUE), opacity, smooth)


def points(*places: tuple[float, float, int]) -> Symbols:
    """Return points (x_m, y_m, sprite) with ids P0, P1 ..."""
    x, y, sprite = (np.array(column) for column in zip(*places, strict=True))
    ids = tuple(f"P{i}" for i in range(len(places)))
    return Symbols("points", x.astype(float), y.astype(float), sprite.astype(np.uint8), POINT_SPRITES, ids)


def line(style: str, *xy: tuple[float, float]) -> Lines:
    """Return one line."""
    return Lines(style, np.array(xy, float), np.array([0, len(xy)], np.int64), ("L",), style)


def square(half_m: float, style: str, area_id: str = "A") -> Areas:
    """Return a square round the origin."""
    h = half_m
    xy = np.array([(-h, -h), (h, -h), (h, h), (-h, h), (-h, -h)], float)
    return Areas("square", xy, np.array([0, 5], np.int64), (area_id,), style)


def names(*rows: tuple[float, float, str, int], dx_px: int = 0) -> Labels:
    """Return names (x_m, y_m, text, priority)."""
    x, y, texts, priority = zip(*rows, strict=True)
    return Labels("names", np.array(x), np.array(y), tuple(texts), np.array(priority), "point", dx_px)


def rgb(image: QImage, x: float, y: float) -> tuple[int, int, int]:
    """Return the color at a logical pixel."""
    ratio = image.devicePixelRatio()
    color = QColor(image.pixelColor(int(x * ratio), int(y * ratio)))
    return color.red(), color.green(), color.blue()


def ink_box(image: QImage, ground: tuple[int, int, int]) -> tuple[int, int, int, int] | None:
    """Return left, top, right, bottom of all device pixels that differ from the ground; None if none does."""
    flat = image.convertToFormat(QImage.Format.Format_RGB32)
    data = np.frombuffer(flat.constBits(), np.uint8).reshape(flat.height(), flat.bytesPerLine() // 4, 4)
    pixels = data[:, : flat.width(), 2::-1].astype(int)
    other = (np.abs(pixels - np.array(ground)) > 6).any(axis=2)
    rows, columns = np.flatnonzero(other.any(axis=1)), np.flatnonzero(other.any(axis=0))
    if len(rows) == 0:
        return None
    return int(columns[0]), int(rows[0]), int(columns[-1]), int(rows[-1])


def picture(canvas: MapCanvas, *items: Drawing, view: MapView = VIEW) -> QImage:
    """Return what a canvas shows of drawings."""
    canvas.show_drawings(Drawings(items))
    canvas.show_view(view)
    return canvas.grab().toImage()

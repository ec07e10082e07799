"""Paints the tiles of a base map, grays in the tones of the theme."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from layers.drawing import PlacedTile, Tile, Tiles
from widgets.map.frame import Frame

# Shadow, usual ground and light of a gray base map: nothing on it speaks louder than a level.
_LIGHT_TONES = (104.0, 245.0, 255.0)
_DARK_TONES = (4.0, 30.0, 104.0)
# A map of print on a dark ground: its light ground becomes dark, its print light.
_SWAPPED_TONES = (176.0, 28.0, 10.0)
_NIGHT_VEIL = 96
# So many pictures are kept ready at least: those of one plane on a common screen.
_FEWEST_KEPT = 192

Tone = tuple[int, bool, bool]


class TileImages:
    """Pictures of tiles ready to be painted, as many as the last painting used."""

    def __init__(self) -> None:
        self._ready: dict[tuple[Tile, Tone], tuple[QImage, NDArray[np.generic]]] = {}
        self.made = 0

    def image(self, tile: Tile, tone: Tone) -> QImage:
        """Return a tile as a picture in the tones of a theme."""
        found = self._ready.pop((tile, tone), None)
        if found is None:
            found = _made(tile, tone)
            self.made += 1
        self._ready[tile, tone] = found  # the newest stand last
        return found[0]

    def trim(self, used: int) -> None:
        """Let go what was not used for longest."""
        for old in list(self._ready)[: max(0, len(self._ready) - max(used, _FEWEST_KEPT))]:
            del self._ready[old]


_images = TileImages()


def paint_tiles(painter: QPainter, tiles: Tiles, frame: Frame, *, dark: bool) -> int:
    """Paint what a frame shows of a base map, and return how many pictures that took; in device pixels."""
    tone = tiles.usual, tiles.inverted, dark
    painted = [(place, target) for place in tiles.tiles if (target := _target(place, frame)) is not None]
    painter.setOpacity(tiles.opacity)
    for place, target in painted:
        side = place.side_px
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=target.width() != side)
        painter.drawImage(
            QRectF(target), _images.image(place.tile, tone), QRectF(place.left_px, place.top_px, side, side)
        )
        if dark and place.tile.pixels.ndim == 3:
            painter.fillRect(target, QColor(0, 0, 0, _NIGHT_VEIL))
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
    painter.setOpacity(1.0)
    _images.trim(len(painted))
    return len(painted)


def tile_image(place: PlacedTile, tiles: Tiles, *, dark: bool) -> QImage:
    """Return the part of a tile that is placed, in the tones of a theme, as a picture of its own; for any thread."""
    whole, pixels = _made(place.tile, (tiles.usual, tiles.inverted, dark))
    side = max(1, round(place.side_px))
    part = whole.copy(round(place.left_px), round(place.top_px), side, side)
    del pixels  # the copy holds its own
    if dark and place.tile.pixels.ndim == 3:
        painter = QPainter(part)
        painter.fillRect(part.rect(), QColor(0, 0, 0, _NIGHT_VEIL))
        painter.end()
    return part


def _target(place: PlacedTile, frame: Frame) -> QRect | None:
    """Return the whole pixels a tile covers, so that neighbors share an edge; None outside of the frame."""
    scale = frame.meters_per_pixel
    left, right = (round((x_m - frame.west_m) / scale) for x_m in (place.west_m, place.west_m + place.side_m))
    top, bottom = (round((frame.north_m - y_m) / scale) for y_m in (place.north_m, place.north_m - place.side_m))
    if right <= 0 or bottom <= 0 or left >= frame.width or top >= frame.height or right == left or bottom == top:
        return None
    return QRect(left, top, right - left, bottom - top)


def _made(tile: Tile, tone: Tone) -> tuple[QImage, NDArray[np.generic]]:
    """Return a picture and the array that it lies in, which must live as long."""
    pixels: NDArray[np.generic] = tile.pixels if tile.pixels.ndim == 3 else _tones(*tone)[tile.pixels]
    pixels = np.ascontiguousarray(pixels)
    rows, columns = pixels.shape[:2]
    return QImage(pixels.data, columns, rows, columns * 4, QImage.Format.Format_ARGB32_Premultiplied), pixels


@lru_cache(maxsize=32)
def _tones(usual: int, inverted: bool, dark: bool) -> NDArray[np.uint32]:
    """Return the pixel of each gray, (256,) uint32 0xAARRGGBB; gray 0 is transparent."""
    tones = (_SWAPPED_TONES if inverted else _DARK_TONES) if dark else _LIGHT_TONES
    gray = np.interp(np.arange(256), [1, max(2, min(usual, 254)), 255], tones).round().astype(np.uint32)
    pixel = (0xFF << 24) | (gray << 16) | (gray << 8) | gray
    pixel[0] = 0
    return pixel.astype(np.uint32)

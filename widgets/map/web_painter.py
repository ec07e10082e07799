"""The map's second painter: drawings as a plain scene that a web page can show, numbers and texts only."""

from __future__ import annotations

import base64
import json
import math
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QBuffer, QCoreApplication, QIODevice, QPointF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter

from layers.drawing import Areas, Drawing, Drawings, Labels, Lines, Raster, Symbols, Tiles
from layers.map_view import MapView
from models.geodesy import FloatArray, to_lonlat
from widgets import theme as look
from widgets.map.ink import Ink, LineInk
from widgets.map.symbol_painter import paint_sprite, reach_of_sprite
from widgets.map.tile_painter import tile_image

TILE_PX = 256
EARTH_ROUND_M = 40_075_016.685_578_49
_PLACES = 6
_HAIR_PX = 1.0
MOST_TILE_BYTES = 6_000_000
"""So much of a base map goes into a page, as base64; what is farther from the middle of the view is left out."""
_JPEG_QUALITY = 82
_MARKS = ("level.", "cluster")
"""No name lies on a sprite of these."""
Scene = dict[str, Any]


def zoom_of(view: MapView) -> float:
    """Return the zoom level of a web map at a view's scale: 0 shows the earth on 256 pixels."""
    return float(np.log2(EARTH_ROUND_M / TILE_PX / view.meters_per_pixel))


def center_of(view: MapView) -> tuple[float, float]:
    """Return latitude and longitude of a view's middle, in the order of web maps."""
    lon, lat = to_lonlat(np.array([view.center_x_m]), np.array([view.center_y_m]))
    return float(lat[0]), float(lon[0])


def scene_of(drawings: Drawings, view: MapView, ink: Ink, *, title: str = "", note: str = "") -> Scene:
    """Return what the page shows: ``items`` bottom first, ``labels`` the most important first.

    Nothing in it is code or markup: it goes to the page as JSON, and texts become text there.
    """
    items = [made for item in drawings.items if (made := _item(item, ink)) is not None]
    lat, lon = center_of(view)
    if left_out := sum(int(item.get("left_out", 0)) for item in items):
        said = QCoreApplication.translate(
            "WebMap", "{n} tiles of the base map were left out, the page would be too large"
        )
        note = "  ".join(filter(None, (note, said.format(n=left_out))))
    return {
        "title": title,
        "note": note,
        "ground": _color(ink.ground),
        "center": [lat, lon],
        "zoom": zoom_of(view),
        "items": items,
        "labels": _labels(tuple(item for item in drawings.items if isinstance(item, Labels)), ink),
    }


def as_json(scene: Scene) -> str:
    """Return a scene as JSON that can stand in a script element: no ``<`` and no line separator of JavaScript in it."""
    text = json.dumps(scene, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _item(item: Drawing, ink: Ink) -> Scene | None:
    if isinstance(item, Raster):
        return _raster(item, dark=ink.theme.is_dark)
    if isinstance(item, Lines):
        return {
            "kind": "lines",
            "lines": _parts(item.xy, item.starts),
            "inks": _inks(ink.line(item.style), item.opacity),
        }
    if isinstance(item, Areas):
        area = ink.area(item.style)
        if area is None:
            return None
        edge = None if area.edge is None else _pen(area.edge.color, area.edge.width, area.edge.dash, item.opacity)
        fill = {"color": _color(area.fill), "opacity": area.fill.alphaF() * item.opacity}
        return {"kind": "areas", "rings": _parts(item.xy, item.starts), "edge": edge, "fill": fill}
    if isinstance(item, Symbols):
        return _symbols(item, ink)
    if isinstance(item, Tiles):
        return _tiles(item, dark=ink.theme.is_dark)
    return None


def _tiles(tiles: Tiles, *, dark: bool) -> Scene:
    """Return the pictures of a base map, those in the middle first, as many as a page should carry."""
    made: list[Scene] = []
    room = MOST_TILE_BYTES
    for place in tiles.tiles:
        image = tile_image(place, tiles, dark=dark)
        is_gray = place.tile.pixels.ndim == 2
        if is_gray and place.tile.pixels.all():  # 0 would be a hole
            image = image.convertToFormat(QImage.Format.Format_Grayscale8)
        mime = "image/png" if is_gray else "image/jpeg"
        picture = _encoded(image, mime)
        room -= len(picture)
        if room < 0:
            break
        x = np.array([place.west_m, place.west_m + place.side_m])
        y = np.array([place.north_m - place.side_m, place.north_m])
        lon, lat = to_lonlat(x, y)
        bounds = [[float(lat[0]), float(lon[0])], [float(lat[1]), float(lon[1])]]
        made.append({"picture": picture, "mime": mime, "bounds": bounds})
    return {"kind": "tiles", "tiles": made, "opacity": tiles.opacity, "left_out": len(tiles.tiles) - len(made)}


def _encoded(image: QImage, mime: str) -> str:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if mime == "image/png":
        image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stub knows a file's name as bytes only
    else:
        image.save(buffer, "JPG", _JPEG_QUALITY)  # type: ignore[call-overload]
    return base64.b64encode(bytes(buffer.data().data())).decode("ascii")


def _raster(raster: Raster, *, dark: bool) -> Scene:
    rgba = raster.colors.on(dark=dark)[np.ascontiguousarray(raster.codes)]
    done, png = cv2.imencode(".png", cv2.cvtColor(rgba, cv2.COLOR_RGBA2BGRA))
    if not done:
        raise ValueError(f"no picture of {raster.name}")
    area = raster.area
    x = np.array([area.west_m, area.west_m + area.columns * area.cell_m])
    y = np.array([area.north_m - area.rows * area.cell_m, area.north_m])
    lon, lat = to_lonlat(x, y)
    return {
        "kind": "raster",
        "picture": base64.b64encode(png.tobytes()).decode("ascii"),
        "bounds": [[float(lat[0]), float(lon[0])], [float(lat[1]), float(lon[1])]],
        "opacity": raster.opacity,
        "smooth": raster.smooth,
    }


def _symbols(symbols: Symbols, ink: Ink) -> Scene:
    return {
        "kind": "symbols",
        "places": _latlon(symbols.x_m, symbols.y_m).tolist(),
        "sprite": symbols.sprite.tolist(),
        "pictures": [_sprite(name, ink) for name in symbols.sprites],
        "keeps_off": [_reach(name) if name.startswith(_MARKS) else 0 for name in symbols.sprites],
        "opacity": symbols.opacity,
    }


def _reach(name: str) -> int:
    return math.ceil(reach_of_sprite(name))


def _sprite(name: str, ink: Ink) -> str:
    reach = _reach(name)
    image = QImage(2 * reach, 2 * reach, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    paint_sprite(painter, name, QPointF(reach, reach), ink.theme)
    painter.end()
    return _encoded(image, "image/png")


def _labels(drawings: tuple[Labels, ...], ink: Ink) -> list[Scene]:
    out: list[tuple[int, Scene]] = []
    for item in drawings:
        style = ink.label(item.style)
        measure = QFontMetricsF(look.font(style.size_px))
        shared = {"px": style.size_px, "color": _color(style.color), "halo": _color(style.halo), "dx": item.dx_px}
        for place, text, rank in zip(
            _latlon(item.x_m, item.y_m).tolist(), item.texts, item.priority.tolist(), strict=True
        ):
            size = {"width": round(measure.horizontalAdvance(text), 1), "high": style.size_px * 1.2}
            out.append((rank, {"text": text, "place": place, "below": 1e9, **size, **shared}))
    return [label for _, label in sorted(out, key=lambda one: -one[0])]


def _inks(line: LineInk, opacity: float) -> list[Scene]:
    """Return the strokes of a line, the widest first: halo, case, the line itself."""
    strokes = [(line.halo, line.halo_width, ()), (line.case, line.case_width, ()), (line.color, line.width, line.dash)]
    return [_pen(color, width, dash, opacity) for color, width, dash in strokes if color is not None and color.alpha()]


def _pen(color: QColor, width: float, dash: tuple[float, ...], opacity: float) -> Scene:
    return {"color": _color(color), "opacity": color.alphaF() * opacity, "width": width or _HAIR_PX, "dash": list(dash)}


def _parts(xy: FloatArray, starts: NDArray[np.int64]) -> list[Any]:
    places = _latlon(xy[:, 0], xy[:, 1])
    return [part.tolist() for part in np.split(places, starts[1:-1]) if len(part)]


def _latlon(x_m: FloatArray, y_m: FloatArray) -> FloatArray:
    lon, lat = to_lonlat(x_m, y_m)
    out: FloatArray = np.column_stack([np.nan_to_num(lat), np.nan_to_num(lon)]).round(_PLACES)
    return out


def _color(color: QColor) -> str:
    return color.name()

"""Photos of the exercise: the ground round a few points as it would look from the air."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import cv2
import numpy as np
import shapely
from numpy.typing import NDArray

from app.demo.county import build_county
from app.demo.lines import build_lines
from app.demo.noise import Noise
from app.demo.outlines import smooth_line
from app.demo.register import hazard_points
from app.demo.scene import SEED, to_km, to_lonlat
from app.demo.terrain import build_terrain
from models.geodesy import FloatArray
from models.hazard.register import HazardPoint

SHOWN = ("石坑沟", "云台河", "桥头河滩", "老鸦岭", "鹰嘴崖", "半山冲沟")
"""The points that have a photo, by name."""
_WIDE, _HIGH = 480, 320
_M_PER_PIXEL = 6.0
_HOUSES = 46
_SHIFT = 4  # lines are placed to 1/16 pixel


def photo_of(point: HazardPoint) -> str:
    """Return the name of a point's photo in the office's ``photos/``, empty if it has none."""
    return f"{point.id}.jpg" if point.name in SHOWN else ""


def write_photos(folder: Path) -> None:
    """Write all photos into a folder, about 30 ms each."""
    folder.mkdir(exist_ok=True)
    for point in hazard_points():
        if name := photo_of(point):
            _, data = cv2.imencode(".jpg", draw_photo(point), (cv2.IMWRITE_JPEG_QUALITY, 85))
            (folder / name).write_bytes(data.tobytes())


def draw_photo(point: HazardPoint) -> NDArray[np.uint8]:
    """Return the ground round a point, (rows, columns) of gray, row 0 north: slopes, woods, water, roads and houses."""
    x, y = (float(v) for v in to_km(point.lon_deg, point.lat_deg))
    cell = _M_PER_PIXEL / 1000
    east, north = np.meshgrid(x + (np.arange(_WIDE) - _WIDE / 2) * cell, y - (np.arange(_HIGH) - _HIGH / 2) * cell)
    coarse = build_terrain().height_at(east[::8, ::8], north[::8, ::8])
    height = cv2.GaussianBlur(cv2.resize(coarse, (_WIDE, _HIGH), interpolation=cv2.INTER_CUBIC), (0, 0), 8)
    down, right = np.gradient(height, _M_PER_PIXEL)
    steep = np.hypot(down, right)
    woods = np.clip(_rough().at(east * 5, north * 5) + 6 * (steep - 0.15), -0.6, 1.4)
    gray = 152 + 175 * (right + down) / np.sqrt(1 + steep**2) - 26 * woods + 7 * _rough().at(east * 37, north * 37)
    picture: NDArray[np.uint8] = np.asarray(np.clip(gray, 40, 225).round(), np.uint8)

    def pixels(lonlat: FloatArray) -> NDArray[np.int32]:
        along, up = to_km(lonlat[:, 0], lonlat[:, 1])
        xy = np.column_stack([(along - x) / cell + _WIDE / 2, (y - up) / cell + _HIGH / 2])
        return np.asarray(np.round(xy * 2**_SHIFT), np.int32)

    corners = *to_lonlat(east[-1, 0], north[-1, 0]), *to_lonlat(east[0, -1], north[0, -1])
    frame = shapely.box(*(float(v) for v in corners))
    for way in build_lines():
        if way.line.intersects(frame):
            line = [pixels(smooth_line(shapely.get_coordinates(way.line)))]
            gray_of, wide = (72, 7) if way.kind == "river" else (214, 3)
            cv2.polylines(picture, line, False, gray_of, wide, cv2.LINE_AA, _SHIFT)
    village = next(v for v in build_county().villages if v.name == point.village)
    rng = np.random.default_rng(SEED + int(village.code[-6:]))
    seat = pixels(np.array([[village.seat_lon_deg, village.seat_lat_deg]]))[0] / 2**_SHIFT
    for left, top in (seat + rng.normal(0, 26, (_HOUSES, 2))).round().astype(int).tolist():
        wide, high = rng.integers(3, 7, 2).tolist()
        cv2.rectangle(picture, (left + 1, top + 1), (left + wide + 1, top + high + 1), 66, -1)
        cv2.rectangle(picture, (left, top), (left + wide, top + high), int(rng.integers(188, 240)), -1)
    return picture


@cache
def _rough() -> Noise:
    return Noise.from_seed(SEED + 33, cells=256, cell_km=0.25, longest_km=4.0, slope=0.5)

"""The exercise's own base map: hills, water, roads and built-up ground in neutral grays, as MBTiles of zooms 7 to 13."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import shapely
from numpy.typing import NDArray

from app.demo.county import build_county
from app.demo.lines import build_lines
from app.demo.scene import COUNTY_NAME, HALF_HEIGHT_KM, HALF_WIDTH_KM, SEED, to_km, to_lonlat
from app.demo.terrain import build_terrain
from layers.relief_layer import hillshade
from layers.tiles.tile_grid import EDGE_M, TILE_PX, in_meters, side_m, tiles_over
from models.geodesy import FloatArray, to_mercator
from models.grid import GridArea
from models.store.tile_file import write_tiles

ZOOMS = (7, 13)
# Grays of the map: flat ground well below white, so that light slopes have room for steps on a dark ground too.
_SHADOW, _FLAT, _LIGHT = 128, 204, 240
_WATER, _CASING, _ROAD, _BUILT = 166, 140, 254, 184
# Shades in steps of four: two thirds of the bytes, and hardly to be seen.
_STEP = 4
_SHADE_CELL_M = 64.0
# Runs only: a third of the time of deflate's full search, for 2 % more bytes.
_PNG = (cv2.IMWRITE_PNG_COMPRESSION, 6, cv2.IMWRITE_PNG_STRATEGY, cv2.IMWRITE_PNG_STRATEGY_RLE)
_SHIFT = 4  # lines are placed to 1/16 pixel

Gray = NDArray[np.uint8]
_Pixels = Callable[[FloatArray], NDArray[np.int32]]


def write_base_map(path: Path) -> Path:
    """Write the base map and return its path; about 1 s once the ground is there."""
    corners = *to_lonlat(-HALF_WIDTH_KM, -HALF_HEIGHT_KM), *to_lonlat(HALF_WIDTH_KM, HALF_HEIGHT_KM)
    bounds = tuple(float(v) for v in corners)
    west, south, east, north = bounds
    metadata = {
        "name": COUNTY_NAME,
        "format": "png",
        "type": "baselayer",
        "version": "1",
        "description": "Exercise ground, drawn by the program",
        "attribution": "演练数据",
        "bounds": f"{west:.6f},{south:.6f},{east:.6f},{north:.6f}",
        "minzoom": str(ZOOMS[0]),
        "maxzoom": str(ZOOMS[1]),
    }
    shade, area = _shade((west, south, east, north))
    with ThreadPoolExecutor(2) as threads:

        def tiles() -> Iterator[tuple[int, int, int, bytes]]:
            for z in range(ZOOMS[0], ZOOMS[1] + 1):
                columns, rows = tiles_over(in_meters((west, south, east, north)), z)
                keys = [(x, y) for y in rows for x in columns]
                picture = _picture(z, columns, rows, shade, area)
                packed = threads.map(partial(_packed, picture, (columns[0], rows[0])), keys)
                yield from ((z, x, y, data) for (x, y), data in zip(keys, packed, strict=True))

        return write_tiles(path, metadata, tiles())


def _shade(bounds_deg: tuple[float, float, float, float]) -> tuple[Gray, GridArea]:
    """Return the shaded ground as grays on the map's grid."""
    terrain = build_terrain()
    area = GridArea.over(bounds_deg, _SHADE_CELL_M)
    lon, lat = area.centers_lonlat()
    east_km, north_km = to_km(lon, np.zeros_like(lon))[0], to_km(np.zeros_like(lat), lat)[1]
    column = ((east_km + HALF_WIDTH_KM) / terrain.cell_km - 0.5).astype(np.float32)
    row = ((HALF_HEIGHT_KM - north_km) / terrain.cell_km - 0.5).astype(np.float32)
    across, down = np.meshgrid(column, row)
    height = cv2.remap(terrain.height_m, across, down, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    height = cv2.GaussianBlur(height, (0, 0), 1.2)
    light = hillshade(np.asarray(height, np.float32), area, exaggeration=2.2)
    tones = np.interp(np.arange(256), [1, 180, 255], [_SHADOW, _FLAT, _LIGHT])
    return tones.round().astype(np.uint8)[light], area


def _picture(z: int, columns: range, rows: range, shade: Gray, area: GridArea) -> Gray:
    """Return all tiles of a zoom as one picture."""
    pixel_m = side_m(z) / TILE_PX
    west_m, north_m = columns[0] * side_m(z) - EDGE_M, EDGE_M - rows[0] * side_m(z)
    wide, high = len(columns) * TILE_PX, len(rows) * TILE_PX
    # From pixels of the picture to cells of the shaded ground.
    scale = pixel_m / area.cell_m
    move = np.array(
        [
            [scale, 0, (west_m - area.west_m) / area.cell_m + scale / 2 - 0.5],
            [0, scale, (area.north_m - north_m) / area.cell_m + scale / 2 - 0.5],
        ]
    )
    ground = shade
    if scale > 1.5:  # a mean over what falls into one pixel
        ground = np.asarray(cv2.GaussianBlur(shade, (0, 0), scale / 2.5), np.uint8)
    how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    moved = cv2.warpAffine(ground, move, (wide, high), flags=how, borderMode=cv2.BORDER_REPLICATE)
    out = np.asarray(moved, np.uint8) & np.uint8(256 - _STEP)

    def pixels(lonlat: FloatArray) -> NDArray[np.int32]:
        x_m, y_m = to_mercator(lonlat[:, 0], lonlat[:, 1])
        xy = np.column_stack([(x_m - west_m) / pixel_m, (north_m - y_m) / pixel_m]) - 0.5
        return np.asarray(np.round(xy * 2**_SHIFT), np.int32)

    _draw_built(out, z, pixels)
    _draw_lines(out, z, pixels)
    return out


def _draw_built(out: Gray, z: int, pixels: _Pixels) -> None:
    """Built-up ground round the seats of towns, from the zoom where it can be seen."""
    if z < 10:
        return
    rng = np.random.default_rng(SEED + 31)
    turns = np.linspace(0, 2 * np.pi, 25)[:-1]
    for town in build_county().towns:
        reach_km = 0.12 * (town.population / 1000) ** 0.5 * rng.uniform(0.7, 1.2, turns.size)
        reach_km = (np.roll(reach_km, 1) + 2 * reach_km + np.roll(reach_km, -1)) / 4
        east, north = to_km(np.float64(town.seat_lon_deg), np.float64(town.seat_lat_deg))
        ring = np.column_stack(to_lonlat(east + reach_km * np.cos(turns), north + reach_km * np.sin(turns)))
        cv2.fillPoly(out, [pixels(ring)], _BUILT, cv2.LINE_AA, _SHIFT)


def _draw_lines(out: Gray, z: int, pixels: _Pixels) -> None:
    """Water first, then casings of all roads, then roads: crossings stay open."""
    lines = [(way.code, pixels(np.asarray(shapely.get_coordinates(way.line)))) for way in build_lines()]
    big, small = max(1, round(1.55 ** (z - 9))), max(1, round(1.4 ** (z - 10)))
    for code, xy in lines:
        if code.startswith("R1") or (code.startswith("R2") and z >= 9):
            cv2.polylines(out, [xy], False, _WATER, big if code.startswith("R1") else small, cv2.LINE_AA, _SHIFT)
    roads = [(xy, big if code.startswith("S") else small) for code, xy in lines if _road_at(code, z)]
    for xy, width in roads:
        cv2.polylines(out, [xy], False, _CASING, width + (2 if z >= 10 else 0), cv2.LINE_AA, _SHIFT)
    for xy, width in roads if z >= 10 else []:
        cv2.polylines(out, [xy], False, _ROAD, width, cv2.LINE_AA, _SHIFT)


def _road_at(code: str, z: int) -> bool:
    return (code.startswith("S") and z >= 8) or (code.startswith("X") and z >= 10)


def _packed(picture: Gray, corner: tuple[int, int], key: tuple[int, int]) -> bytes:
    left, top = (key[0] - corner[0]) * TILE_PX, (key[1] - corner[1]) * TILE_PX
    done, data = cv2.imencode(".png", picture[top : top + TILE_PX, left : left + TILE_PX], _PNG)
    if not done:
        raise ValueError(key)
    return bytes(data)

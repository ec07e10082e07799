"""The exercise's zoning: eight hazards in five classes, seven as areas in a GeoPackage, lightning as a grid."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import cv2
import numpy as np
import pyogrio
import rasterio.features
import shapely
from numpy.typing import NDArray

from app.demo.county import build_county
from app.demo.geotiff import write_grid
from app.demo.scene import (
    HALF_HEIGHT_KM,
    HALF_WIDTH_KM,
    KM_PER_LAT_DEG,
    KM_PER_LON_DEG,
    SEED,
    to_lonlat,
)
from app.demo.terrain import build_terrain
from app.settings import LayerSection
from layers import zoning
from layers.zoning import Hazard
from models.geodesy import FloatArray

FOLDER = "layers"
AREAS, LIGHTNING = f"{FOLDER}/zoning.gpkg", f"{FOLDER}/lightning.tif"
CLASSES = ("低", "较低", "中", "较高", "高")
FIELD = "风险等级"
SOURCE = "演练数据，按虚构地形推算"
MADE_ON = date(2025, 4, 18)
_CELL_KM = 0.4
# How much of the county lies in each class, the least first.
_SHARES = (0.3, 0.25, 0.22, 0.15, 0.08)
_SMOOTH_KM = 1.6
_STRAY_DEG = 0.005
_UNKNOWN = 0


def zoning_layers() -> tuple[LayerSection, ...]:
    """Return the eight layers as ``office.toml`` names them; hidden until somebody asks for one."""
    return tuple(
        LayerSection(
            name=f"{hazard.zh}区划",
            path=LIGHTNING if hazard.key == "lightning" else AREAS,
            group="zoning",
            part="" if hazard.key == "lightning" else hazard.key,
            style="zoning",
            field="" if hazard.key == "lightning" else FIELD,
            classes=CLASSES,
            source=SOURCE,
            on=MADE_ON,
            visible=False,
        )
        for hazard in zoning.hazards()
    )


def write_zoning(folder: Path) -> tuple[Path, Path]:
    """Write the zoning of an office into its folder and return both files."""
    (folder / FOLDER).mkdir(exist_ok=True)
    areas, lightning = folder / AREAS, folder / LIGHTNING
    border = build_county().border
    fields = _fields()
    for number, hazard in enumerate(zoning.hazards()):
        codes = _classes(fields[hazard.key], _inside(border))
        if hazard.key == "lightning":
            west, north = to_lonlat(-HALF_WIDTH_KM, HALF_HEIGHT_KM)
            cell = _CELL_KM / KM_PER_LON_DEG, _CELL_KM / KM_PER_LAT_DEG
            values = codes.astype(np.float32)
            values[codes == _UNKNOWN] = np.nan
            tags = {"PRODUCT": "zoning", "UNIT": "class"}
            write_grid(lightning, values, west_deg=float(west), north_deg=float(north), cell_deg=cell, tags=tags)
        else:
            _write_areas(areas, hazard, codes, border, append=number > 0)
    return areas, lightning


def _write_areas(
    path: Path, hazard: Hazard, codes: NDArray[np.uint8], border: shapely.Geometry, *, append: bool
) -> None:
    west, north = (float(value) for value in to_lonlat(-HALF_WIDTH_KM, HALF_HEIGHT_KM))
    cell = rasterio.Affine(_CELL_KM / KM_PER_LON_DEG, 0.0, west, 0.0, -_CELL_KM / KM_PER_LAT_DEG, north)
    # Grown beyond the border, so that the cut along it is the border itself.
    grown = cv2.dilate(codes, np.ones((5, 5), np.uint8))
    whole = np.where(codes == _UNKNOWN, grown, codes).astype(np.uint8)
    found: dict[int, list[shapely.Geometry]] = {}
    for outline, code in rasterio.features.shapes(whole, mask=whole != _UNKNOWN, transform=cell):
        found.setdefault(int(code), []).append(shapely.Polygon(outline["coordinates"][0], outline["coordinates"][1:]))
    numbers = sorted(found)
    parts = [shapely.union_all(found[number]) for number in numbers]
    parts = list(shapely.coverage_simplify(np.array(parts, object), _STRAY_DEG, simplify_boundary=True))
    areas = [shapely.multipolygons(_areal(shapely.intersection(part, border))) for part in parts]
    words = np.array([CLASSES[number - 1] for number in numbers], object)
    km2 = np.array([round(area.area * KM_PER_LON_DEG * KM_PER_LAT_DEG, 1) for area in areas])
    pyogrio.raw.write(
        path, shapely.to_wkb(np.array(areas, object)), [words, km2], np.array([FIELD, "面积平方公里"], object),
        geometry_type="MultiPolygon", crs="EPSG:4490", driver="GPKG", layer=hazard.key, append=append,
    )  # fmt: skip


def _areal(shape: shapely.Geometry) -> list[shapely.Geometry]:
    return [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon" and part.area > 0]


def _fields() -> dict[str, FloatArray]:
    """Return for each hazard how much of it each cell has; only the order of the values counts."""
    ground = build_terrain()
    step = max(1, round(_CELL_KM / ground.cell_km))
    rows, columns = round(2 * HALF_HEIGHT_KM / _CELL_KM), round(2 * HALF_WIDTH_KM / _CELL_KM)
    small = cv2.resize(ground.height_m, (columns, rows), interpolation=cv2.INTER_AREA)
    height: FloatArray = np.asarray(small, np.float64)
    slope: FloatArray = np.hypot(*np.gradient(height))
    wide: FloatArray = np.asarray(cv2.GaussianBlur(height, (0, 0), 8.0), np.float64)
    valley, ridge = wide - height, height - wide
    north = np.linspace(1, -1, rows)[:, None] + np.zeros((rows, columns))
    east = np.linspace(-1, 1, columns)[None, :] + np.zeros((rows, columns))
    random = np.random.default_rng(SEED + step)

    def blurred(cells: float) -> FloatArray:
        raw = cv2.GaussianBlur(random.standard_normal((rows, columns)), (0, 0), cells)
        return np.asarray(raw / raw.std(), float)

    def scaled(field: FloatArray) -> FloatArray:
        return np.asarray((field - field.mean()) / field.std(), float)

    return {
        "rainstorm": scaled(slope) + 0.6 * scaled(height) - 0.5 * north + 0.7 * blurred(14),
        "drought": -0.8 * scaled(wide) + 0.7 * east + 0.6 * blurred(18),
        "heat": -1.4 * scaled(height) + 0.4 * blurred(12),
        "cold_rain": 1.2 * scaled(wide) + 0.5 * north + 0.5 * blurred(12),
        "gale": scaled(ridge) + 0.5 * scaled(height) + 0.5 * blurred(10),
        "hail": scaled(wide) - 0.6 * east + 0.8 * blurred(16),
        "snow": 1.5 * scaled(height) + 0.6 * north + 0.3 * blurred(10),
        "lightning": 0.7 * scaled(ridge) - 0.4 * scaled(valley) + 0.9 * blurred(9),
    }


def _classes(field: FloatArray, inside: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Return classes 1 to 5 by their shares of the county, 0 outside; smooth enough to be areas."""
    smooth = cv2.GaussianBlur(field, (0, 0), _SMOOTH_KM / _CELL_KM)
    bounds = np.quantile(smooth[inside], np.cumsum(_SHARES)[:-1])
    return np.where(inside, 1 + np.searchsorted(bounds, smooth), _UNKNOWN).astype(np.uint8)


def _inside(border: shapely.Geometry) -> NDArray[np.bool_]:
    """Return which cells' middles lie in the county."""
    rows, columns = round(2 * HALF_HEIGHT_KM / _CELL_KM), round(2 * HALF_WIDTH_KM / _CELL_KM)
    east = -HALF_WIDTH_KM + (np.arange(columns) + 0.5) * _CELL_KM
    north = HALF_HEIGHT_KM - (np.arange(rows) + 0.5) * _CELL_KM
    lon, lat = to_lonlat(*np.meshgrid(east, north))
    shapely.prepare(border)
    return np.asarray(shapely.contains_xy(border, lon, lat))

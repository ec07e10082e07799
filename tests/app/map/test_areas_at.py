"""Which areas lie at a place: the smallest first, named as people call them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import shapely
from shapely.geometry import mapping

from app.map.areas_at import areas_at
from layers.own_layer import LayerWish, OwnLayer
from layers.read_own_layer import read_layers
from models.hazard.register import Place
from models.register.ask import area_km2
from models.register.record import Record

TOWN = shapely.box(106.0, 28.0, 107.0, 29.0)
VILLAGE = shapely.box(106.4, 28.4, 106.6, 28.6)
PLACES = (
    Place("1", "石坑镇", "town", "", shapely.to_wkb(TOWN)),
    Place("2", "石坑村", "village", "1", shapely.to_wkb(VILLAGE)),
    Place("3", "白水镇", "town", "", shapely.to_wkb(shapely.box(107.0, 28.0, 108.0, 29.0))),
)


@pytest.fixture
def plume(tmp_path: Path) -> OwnLayer:
    file = tmp_path / "plume.geojson"
    shapes = [(shapely.Point(106.5, 28.5).buffer(0.02), "first"), (shapely.Point(106.5, 28.5).buffer(0.3), "second")]
    features = [{"type": "Feature", "properties": {"Name": said}, "geometry": mapping(s)} for s, said in shapes]
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    (layer,) = read_layers(LayerWish("plume", file))
    return layer


def test_what_lies_at_a_place_comes_smallest_first(plume: OwnLayer) -> None:
    unit = Record("warning_units", "U1", "预警单元甲", wkb=shapely.to_wkb(shapely.box(106.45, 28.45, 106.55, 28.55)))
    road = Record("road_stretches", "R1", "路", wkb=shapely.to_wkb(shapely.LineString([(106, 28.5), (107, 28.5)])))
    found = areas_at(106.5, 28.5, layers=(plume,), registers=[("预警单元", (unit, road))], places=PLACES)
    assert [one.title for one in found] == ["plume first", "预警单元甲", "石坑村", "plume second", "石坑镇"]
    assert shapely.from_wkb(found[2].wkb).equals(VILLAGE)
    assert found[4].km2 == pytest.approx(area_km2(TOWN))
    assert areas_at(109.0, 28.5, layers=(plume,), registers=[], places=PLACES) == ()


def test_of_a_zoning_raster_the_connected_part_is_taken(tmp_path: Path) -> None:
    np = pytest.importorskip("numpy")
    rasterio = pytest.importorskip("rasterio")
    cells = np.zeros((40, 40), np.uint8)
    cells[5:15, 5:15] = cells[25:35, 25:35] = 3
    cells[8:11, 8:11] = 0
    file = tmp_path / "zones.tif"
    place = rasterio.transform.from_origin(106.0, 29.0, 0.01, 0.01)
    with rasterio.open(
        file,
        "w",
        driver="GTiff",
        height=40,
        width=40,
        count=1,
        dtype="uint8",
        crs="EPSG:4326",
        transform=place,
        nodata=0,
    ) as out:
        out.write(cells, 1)
    (layer,) = read_layers(LayerWish("雷电区划", file, style="zoning", classes=("低", "中", "高")))
    (found,) = areas_at(106.06, 28.94, layers=(layer,), registers=[], places=())
    assert found.title == "雷电区划 高"
    ring = shapely.box(106.05, 28.85, 106.15, 28.95).difference(shapely.box(106.08, 28.89, 106.11, 28.92))
    shape = shapely.from_wkb(found.wkb)
    assert shapely.area(shapely.symmetric_difference(shape, ring)) < 0.08 * ring.area, (
        "off by the edge of a cell at most"
    )
    assert areas_at(106.095, 28.905, layers=(layer,), registers=[], places=()) == (), "a hole is not inside"

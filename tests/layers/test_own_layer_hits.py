"""What lies under a click on layers from files."""

from __future__ import annotations

from pathlib import Path

import geopandas
import numpy as np
import rasterio
import shapely

from layers.own_layer import LayerWish
from layers.own_layer_hits import hits
from layers.read_own_layer import read_layers

DONUT = shapely.Polygon(
    shapely.box(106.0, 28.0, 107.0, 29.0).exterior, [shapely.box(106.4, 28.4, 106.6, 28.6).exterior]
)


def test_an_area_says_all_that_its_file_does_and_its_hole_nothing(tmp_path: Path) -> None:
    shapes = [DONUT, shapely.box(106.9, 28.9, 107.2, 29.2)]
    columns = {"乡镇": ["甲", "乙"], "等级": ["高", None]}
    geopandas.GeoDataFrame(columns, geometry=shapes, crs=4326).to_file(tmp_path / "z.gpkg")
    layers = read_layers(LayerWish("区划", tmp_path / "z.gpkg", style="zoning", field="等级", source="局"))
    (one,) = hits(layers, 106.1, 28.1, 0.001)
    assert (one.layer, one.rows, one.source) == ("区划", (("乡镇", "甲"), ("等级", "高")), "局")
    assert hits(layers, 106.5, 28.5, 0.001) == ()
    assert [hit.rows[0][1] for hit in hits(layers, 106.95, 28.95, 0.001)] == ["甲", "乙"]


def test_lines_and_points_are_met_within_reach(tmp_path: Path) -> None:
    shapes = [shapely.LineString([(106, 28), (107, 28)]), shapely.Point(106.5, 28.2)]
    geopandas.GeoDataFrame({"name": ["线", "点"]}, geometry=shapes, crs=4326).to_file(tmp_path / "m.gpkg")
    layers = read_layers(LayerWish("m", tmp_path / "m.gpkg"))
    assert [hit.layer for hit in hits(layers, 106.3, 28.004, 0.005)] == ["m · 线"]
    assert [hit.layer for hit in hits(layers, 106.5, 28.203, 0.005)] == ["m · 点"]
    assert hits(layers, 106.5, 28.1, 0.005) == ()


def test_a_grid_of_classes_says_its_class(tmp_path: Path) -> None:
    values = np.full((40, 40), 1, np.uint8)
    values[10:30, 10:30] = 3
    values[18:22, 18:22] = 2
    with rasterio.open(
        tmp_path / "g.tif", "w", driver="GTiff", width=40, height=40, count=1, dtype="uint8", crs="EPSG:4326",
        transform=rasterio.Affine(0.01, 0, 106.5, 0, -0.01, 29.2),
    ) as file:  # fmt: skip
        file.write(values, 1)
    layers = read_layers(LayerWish("雷电", tmp_path / "g.tif", style="zoning", classes=("低", "中", "高")))
    said = [hits(layers, lon, lat, 0.0)[0].rows for lon, lat in ((106.53, 29.17), (106.63, 29.07), (106.70, 29.0))]
    assert said == [(("", "低"),), (("", "高"),), (("", "中"),)]
    assert hits(layers, 120.0, 30.0, 0.0) == ()

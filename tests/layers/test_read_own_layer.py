"""From a wish to layers: kinds, zones, grids, scales, and what a symbol's id says."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import geopandas
import numpy as np
import pytest
import rasterio
import shapely

from layers import zoning
from layers.drawing import Areas, Labels, Lines, Raster, Symbols
from layers.map_view import MapView
from layers.own_layer import Drawn, LayerWish, row_of
from layers.read_own_layer import files_of, read_layers
from layers.stack import Stack, draw
from models.errors import DataError
from models.grid import GridArea

VIEW = MapView(11_870_000, 3_360_000, 100.0, 800, 600)


def zones_file(path: Path, words: tuple[str, ...] = ("高风险区", "较低", "中等风险", "低")) -> Path:
    squares = [shapely.box(106.5 + i * 0.1, 28.9, 106.6 + i * 0.1, 29.0) for i in range(len(words))]
    geopandas.GeoDataFrame(
        {"乡镇": list("甲乙丙丁")[: len(words)], "风险等级": words}, geometry=squares, crs=4490
    ).to_file(path)
    return path


def grid_file(path: Path, values: np.ndarray, nodata: float | None = None) -> Path:
    with rasterio.open(
        path, "w", driver="GTiff", width=values.shape[1], height=values.shape[0], count=1, dtype=values.dtype.name,
        crs="EPSG:4326", transform=rasterio.Affine(0.01, 0, 106.5, 0, -0.01, 29.2), nodata=nodata,
    ) as made:  # fmt: skip
        made.write(values, 1)
    return path


def test_zones_are_one_area_drawing_a_class_from_light_to_dark_and_named(tmp_path: Path) -> None:
    wish = LayerWish("暴雨区划", zones_file(tmp_path / "z.gpkg"), style="zoning", field="风险等级")
    (layer,) = read_layers(wish)
    assert layer.legend == (("zone.1", "低"), ("zone.2", "较低"), ("zone.3", "中等风险"), ("zone.5", "高风险区"))
    drawings = layer.draw(VIEW, 0.8)
    assert [(d.style, d.word, d.opacity) for d in drawings if isinstance(d, Areas)] == [
        (style, word, 0.8) for style, word in layer.legend
    ]
    assert layer.draw(VIEW, 0.8) == drawings  # the same objects, so that nothing is painted anew
    assert layer.count == 4


def test_the_column_with_the_classes_is_found_if_there_is_one(tmp_path: Path) -> None:
    file = zones_file(tmp_path / "z.gpkg")
    (layer,) = read_layers(LayerWish("z", file, style="zoning"))
    assert len(layer.legend) == 4
    with pytest.raises(DataError) as caught:
        read_layers(LayerWish("z", file, style="zoning", field="等级"))
    assert caught.value.code == "layers.no_field"
    assert "风险等级" in caught.value.sentence("zh")


def test_an_order_that_no_word_says_is_never_guessed(tmp_path: Path) -> None:
    file = zones_file(tmp_path / "z.gpkg", ("Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ"))
    (plain,) = read_layers(LayerWish("z", file, field="风险等级"))
    assert {style.split(".")[0] for style, _ in plain.legend} == {"kind"}
    (told,) = read_layers(LayerWish("z", file, field="风险等级", classes=("Ⅳ", "Ⅲ", "Ⅱ", "Ⅰ")))
    assert told.legend[0] == ("zone.1", "Ⅳ")
    assert told.legend[-1] == ("zone.5", "Ⅰ")


def test_the_eight_hazards_stand_in_their_order() -> None:
    assert [one.zh for one in zoning.hazards()] == ["暴雨", "干旱", "高温", "低温阴雨", "大风", "冰雹", "雪灾", "雷电"]
    assert [zoning.rank_of(word) for word in ("高易发区", "次高", "Moderate risk", "轻", "无", "II", "3")] == [
        5, 4, 3, 1, 0, None, None,
    ]  # fmt: skip


def test_a_grid_of_classes_becomes_areas_that_cover_its_cells(tmp_path: Path) -> None:
    values = np.ones((40, 60), np.uint8)
    values[:, 30:] = 2
    values[10:20, 10:20] = 3
    values[0, 0] = 255
    wish = LayerWish("雷电", grid_file(tmp_path / "z.tif", values, 255), style="zoning", classes=("低", "中", "高"))
    (layer,) = read_layers(wish)
    assert layer.kind is Drawn.GRID
    assert [word for _, word in layer.legend] == ["低", "中", "高"]
    areas = {d.word: d for d in layer.draw(MapView(11_870_000, 3_360_000, 1.0, 800, 600), 1.0) if isinstance(d, Areas)}
    size = {}
    for word, drawn in areas.items():
        rings = [shapely.Polygon(drawn.xy[a:b]) for a, b in zip(drawn.starts, drawn.starts[1:], strict=False)]
        outer = max(rings, key=lambda ring: ring.area)
        size[word] = outer.area - sum(ring.area for ring in rings if ring is not outer)
    cell = GridArea.over((106.5, 28.8, 107.1, 29.2), 1000.0).cell_m / 1000 * 111_195 * 0.01
    assert size["中"] / size["高"] == pytest.approx(30 * 40 / 100, rel=0.1)
    assert size["低"] / size["高"] == pytest.approx((30 * 40 - 100 - 1) / 100, rel=0.1)
    assert size["高"] == pytest.approx(100 * (cell * 0.875) * cell, rel=0.2)
    grid_file(tmp_path / "f.tif", np.random.default_rng(1).random((20, 20)).astype(np.float32) * 100)
    with pytest.raises(DataError) as caught:
        read_layers(LayerWish("x", tmp_path / "f.tif", style="zoning"))
    assert caught.value.code == "layers.too_many_classes"
    grid_file(tmp_path / "h.tif", np.full((20, 20), 0.5, np.float32))
    with pytest.raises(DataError) as caught:
        read_layers(LayerWish("x", tmp_path / "h.tif", style="zoning"))
    assert caught.value.code == "layers.no_classes"


def test_a_grid_of_values_is_gray_and_grows_darker(tmp_path: Path) -> None:
    values = np.tile(np.arange(100, dtype=np.float32) * 12, (50, 1))
    values[0, 0] = -9999
    (layer,) = read_layers(LayerWish("雨", grid_file(tmp_path / "g.tif", values, -9999)))
    (raster,) = layer.draw(VIEW, 1.0)
    assert isinstance(raster, Raster)
    used = raster.colors.on(dark=False)[np.unique(raster.codes[raster.codes > 0])]
    assert (used[:, 0] == used[:, 1]).all()
    assert (np.diff(used[:, 0].astype(int)) <= 0).all()
    assert (
        np.diff(raster.colors.on(dark=True)[np.unique(raster.codes[raster.codes > 0])][:, 0].astype(int)) >= 0
    ).all()
    assert [value for value, _ in raster.colors.steps] == [0, 200, 400, 600, 800, 1000]
    assert raster.colors.on(dark=False)[0, 3] == 0
    (relief,) = read_layers(LayerWish("高程", tmp_path / "g.tif", style="relief"))
    (shade,) = relief.draw(VIEW, 1.0)
    assert isinstance(shade, Raster)
    assert shade.smooth


def test_a_mixed_file_becomes_a_layer_a_kind_in_its_own_storey(tmp_path: Path) -> None:
    shapes = (shapely.Point(106.6, 28.9), shapely.LineString([(106, 28), (107, 29)]), shapely.box(106, 28, 106.1, 28.1))
    features = [
        {"type": "Feature", "properties": {"name": str(i)}, "geometry": json.loads(shapely.to_geojson(shape))}
        for i, shape in enumerate(shapes)
    ]
    file = tmp_path / "m.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    layers = read_layers(LayerWish("预案", file))
    assert [(layer.title, layer.kind) for layer in layers] == [
        ("预案 · 面", Drawn.AREA), ("预案 · 线", Drawn.LINE), ("预案 · 点", Drawn.POINT),
    ]  # fmt: skip
    stack = Stack()
    for layer in layers:
        stack = stack.put(layer)
    kinds = [type(item) for item in draw(stack, VIEW).items]
    assert kinds.index(Areas) < kinds.index(Lines) < kinds.index(Symbols)
    (symbols,) = (item for item in draw(stack, VIEW).items if isinstance(item, Symbols))
    assert row_of(symbols.ids[0]) == ("own:预案 · 点", 0)
    assert row_of("SH-0117") is None
    assert {layer.name for layer in layers} == {
        f"own:{layer.title}" for layer in layers
    }  # no file takes a layer's place
    things = layers[2].things
    assert things is not None
    assert things.facts(0) == {"name": "0"}


def test_an_area_keeps_its_full_shape_and_comes_back_from_a_worker(tmp_path: Path) -> None:
    (layer,) = read_layers(LayerWish("z", zones_file(tmp_path / "z.gpkg"), label="乡镇"))
    back = pickle.loads(pickle.dumps(layer))
    assert back.things.geometry()[0].equals(shapely.box(106.5, 28.9, 106.6, 29.0))
    assert back.bounds_deg == pytest.approx((106.5, 28.9, 106.9, 29.0))
    labels = [d for d in back.draw(MapView(11_870_000, 3_360_000, 50, 800, 600), 1.0) if isinstance(d, Labels)]
    assert labels[0].texts == ("甲", "乙", "丙", "丁")


def test_a_layer_is_shown_between_its_scales(tmp_path: Path) -> None:
    wish = LayerWish("z", zones_file(tmp_path / "z.gpkg"), below_m=120.0, above_m=80.0)
    (layer,) = read_layers(wish)
    assert (layer.setting.least_m, layer.setting.most_m) == (80.0, 120.0)
    stack = Stack().put(layer).with_scales(layer.name, layer.setting.least_m, layer.setting.most_m)
    for scale, shown in ((60.0, False), (80.0, True), (120.0, True), (150.0, False)):
        assert bool(draw(stack, MapView(11_870_000, 3_360_000, scale, 800, 600)).items) is shown
    (open_layer,) = read_layers(LayerWish("z", wish.path))
    assert open_layer.setting.most_m == float("inf")


def test_nothing_to_draw_is_said(tmp_path: Path) -> None:
    file = tmp_path / "e.geojson"
    file.write_text('{"type": "FeatureCollection", "features": []}', encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_layers(LayerWish("e", file))
    assert caught.value.code == "layers.no_kind"


def test_a_shapefile_is_all_its_parts(tmp_path: Path) -> None:
    geopandas.GeoDataFrame({"a": [1]}, geometry=[shapely.Point(106, 28)], crs=4326).to_file(tmp_path / "s.shp")
    assert {one.suffix for one in files_of(tmp_path / "s.shp")} == {".shp", ".shx", ".dbf", ".prj", ".cpg"}
    assert files_of(tmp_path / "s.gpkg") == (tmp_path / "s.gpkg",)

"""The exercise's zoning: eight hazards that cover the county, in five classes each."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely

from app.demo.county import build_county
from app.demo.zoning import CLASSES, write_zoning, zoning_layers
from app.map.layer_settings import wish_of
from layers import zoning
from layers.own_layer import Drawn
from layers.read_own_layer import read_layers


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("office")
    write_zoning(folder)
    return folder


def test_there_is_a_layer_for_each_of_the_eight_hazards_with_source_and_day() -> None:
    sections = zoning_layers()
    assert [section.name for section in sections] == [f"{hazard.zh}区划" for hazard in zoning.hazards()]
    assert all(section.source and section.on and section.group == "zoning" for section in sections)
    assert not any(section.visible for section in sections)


def test_areas_cover_the_county_without_gaps_or_overlaps(office: Path) -> None:
    border = build_county().border
    for section in zoning_layers():
        (layer,) = read_layers(wish_of(section, office))
        assert tuple(word for _, word in layer.legend) == CLASSES
        if layer.kind is Drawn.GRID:
            continue
        assert layer.things is not None
        areas = layer.things.geometry()
        total = shapely.union_all(list(areas))
        assert total.symmetric_difference(border).area / border.area < 0.002
        assert sum(area.area for area in areas) == pytest.approx(total.area, rel=1e-6)
        shares = [area.area / total.area for area in areas]
        assert shares[0] > shares[-1] > 0.03


def test_lightning_is_a_grid_of_classes(office: Path) -> None:
    section = zoning_layers()[-1]
    (layer,) = read_layers(wish_of(section, office))
    assert (layer.kind, layer.legend[-1]) == (Drawn.GRID, ("zone.5", "高"))

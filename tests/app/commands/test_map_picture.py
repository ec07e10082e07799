"""`fengsui screenshot --view map`: bounds and layers as they were asked for, or a sentence why not."""

from __future__ import annotations

import pytest

from app.commands.map_picture import only
from layers.grid_layer import GridLayer
from layers.point_layer import PointLayer
from layers.stack import Stack
from models.errors import DataError
from tests.make import point
from tests.widgets.map.test_cards import mosaic
from widgets.map.layer_rows import layer_names


def test_only_the_named_layers_are_shown_and_an_unknown_one_is_told_with_those_there_are() -> None:
    stack = Stack().put(GridLayer.of_mosaic(mosaic())).put(PointLayer.of_hazards([point()], {}))
    assert only(stack, ()) is stack
    shown = {item.layer.name: item.visible for item in only(stack, ("points",)).items}
    assert shown == {"mosaic": False, "points": True}
    with pytest.raises(DataError) as caught:
        only(stack, ("points", "lakes"))
    assert caught.value.code == "screenshot.no_layer"
    assert caught.value.facts == {"layer": "lakes", "layers": "mosaic; points"}


def test_a_layer_may_be_called_by_its_words_in_chinese_and_english() -> None:
    stack = Stack().put(GridLayer.of_mosaic(mosaic())).put(PointLayer.of_hazards([point()], {}))
    called = {name: layer_names(name) for name in ("mosaic", "points")}
    assert called["mosaic"] == ("Radar mosaic", "雷达拼图")
    for said in ("隐患点", "Hazard points", "hazard_points", "POINTS"):
        assert [item.visible for item in only(stack, (said,), called).items] == [False, True], said
    with pytest.raises(DataError) as caught:
        only(stack, ("湖泊",), called)
    assert "Radar mosaic / 雷达拼图 / mosaic" in caught.value.sentence("zh")

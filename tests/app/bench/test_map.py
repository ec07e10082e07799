"""The bench of the map: its scene is what it says, and every row has its figure."""

from __future__ import annotations

import numpy as np
import pytest

from app.bench import map as bench
from app.bench.measure.console_cost import ConsoleCost
from app.bench.measure.console_rows import SCAN, rows_of
from app.bench.measure.map_cost import Cost
from app.bench.measure.map_scene import NAMES, OVERVIEW, POLYGONS, TOWNS, changed_states, scene
from layers.drawing import Labels, Lines, Raster, Symbols


def test_the_scene_holds_what_it_says_and_is_the_same_every_time() -> None:
    one, other = scene(400, clusters=False, frames=2), scene(400, clusters=False, frames=2)
    items = one.drawings(OVERVIEW).items
    assert [item.name for item in items if isinstance(item, Raster)] == ["relief", "mosaic"]
    assert sum(len(item.ids) for item in items if isinstance(item, Lines)) == POLYGONS
    assert max(len(item.texts) for item in items if isinstance(item, Labels)) == NAMES
    (points,) = (item for item in items if isinstance(item, Symbols))
    assert len(points.ids) == 400
    (again,) = (item for item in other.drawings(OVERVIEW).items if isinstance(item, Symbols))
    np.testing.assert_array_equal(points.x_m, again.x_m)
    assert (changed_states(points, 1).sprite != points.sprite).all()
    assert one.drawings(TOWNS, 1).items[1] is one.frames[1]


def test_from_afar_the_console_s_scene_has_clusters() -> None:
    (points,) = (i for i in scene(3000, clusters=True, frames=1).drawings(OVERVIEW).items if isinstance(i, Symbols))
    assert points.groups
    assert len(points.ids) < 1500


def test_every_row_of_a_quick_run_has_a_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "cost_of", lambda points: Cost(points, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0))
    monkeypatch.setattr(bench, "console_rows", lambda *_: None)
    record = bench.run(quick=True, silent=True)
    rows = record["rows"]
    assert isinstance(rows, list)
    names = [row["name"] for row in rows]
    for part in ("pan frame", "long drag", "wheel notch", "longest hold", "states changed", "click to id", "opened"):
        assert any(part in name for name in names), part
    assert all(row["median"] is not None and row["median"] > 0 for row in rows)
    assert {row["base"] for row in rows} >= {"ScatterPlotItem", "geopandas and ScatterPlotItem"}


def test_search_cards_print_and_memory_of_a_whole_console_have_rows_with_their_aims() -> None:
    cost = ConsoleCost(50_000, 440.0, {"sk": (1.0, 2.0)}, {"sk": (50.0, 60.0)}, *((7.0,) for _ in range(6)))
    rows = rows_of(cost)
    assert (rows[0].base_name, rows[0].aim.most, round(rows[0].ratio, 3)) == (SCAN, 50, 0.027)
    assert [row.aim.most for row in rows] == [50, 50, 50, 8, 8, None, 450]
    assert all(row.values for row in rows)

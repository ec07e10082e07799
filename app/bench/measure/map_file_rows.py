"""How long a file with 50,000 points takes from the disk to the map, beside geopandas and a scatter plot."""

from __future__ import annotations

from pathlib import Path

import geopandas
import numpy as np
import pyogrio
import shapely
from PySide6.QtWidgets import QApplication

from app.bench.measure.map_peers import Scatter
from app.bench.measure.map_scene import OVERVIEW, SEED, spots, texts
from app.bench.measure.rows import Aim, Base, Clockwork, Row, Table
from layers.own_layer import LayerWish
from layers.read_own_layer import read_layers
from layers.stack import Stack, draw
from models.geodesy import to_mercator
from widgets.map.canvas import MapCanvas


def file_rows(table: Table, clock: Clockwork, folder: Path, count: int) -> None:
    """Measure one GeoPackage, opened as a layer of the office and painted."""
    table.head(f"A GeoPackage of {count:,} points on the map")
    path = folder / "points.gpkg"
    write_points(path, count)
    table.add(_row(clock, path, count))


def write_points(path: Path, count: int) -> None:
    """Write points with id, name, number and text."""
    rng = np.random.default_rng(SEED)
    lon_deg, lat_deg = spots(rng, count)
    fields = [
        np.array([f"P{i}" for i in range(count)], object),
        np.array(texts(count), object),
        rng.integers(0, 500, count),
        np.array([f"第 {i % 97} 村" for i in range(count)], object),
    ]
    pyogrio.raw.write(
        path,
        shapely.to_wkb(shapely.points(lon_deg, lat_deg)),
        fields,
        ["id", "name", "people", "village"],
        layer="points",
        driver="GPKG",
        geometry_type="Point",
        crs="EPSG:4326",
    )


def _row(clock: Clockwork, path: Path, count: int) -> Row:
    def ours() -> None:
        stack = Stack()
        for layer in read_layers(LayerWish(name="points", path=path)):
            stack = stack.put(layer)
        canvas = MapCanvas()
        canvas.resize(OVERVIEW.width, OVERVIEW.height)
        canvas.show_view(OVERVIEW)
        canvas.show_drawings(draw(stack, OVERVIEW))
        canvas.show()
        canvas.finish()
        canvas.repaint()
        canvas.close()

    def peer() -> None:
        frame = geopandas.read_file(path)
        x_m, y_m = to_mercator(frame.geometry.x.to_numpy(), frame.geometry.y.to_numpy())
        plot = Scatter(x_m, y_m)
        QApplication.processEvents()
        plot.close()

    base = Base("geopandas and ScatterPlotItem", peer)
    return clock.row(f"opened, as a layer, painted, {count:,} rows", ours, aim=Aim(1500), base=base, fewer=4)

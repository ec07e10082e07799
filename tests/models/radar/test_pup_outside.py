"""Legacy PUP products against the figures of MetPy and cinrad, which nobody of this project wrote.

Levels, cells, rays, storm marks and barbs are the same. The readers name levels otherwise:

- MetPy gives the header's thresholds in the header's units: kft, inches, knots.
- cinrad gives velocity as the end of the nominal level (27 20 15 10 5 1 m/s) that lies
  towards larger numbers, less half a meter a second; it takes 0.30478 km for 1,000 feet,
  spreads rays evenly over the circle (ours start where the file says, as MetPy's do), and
  lays 464 rows evenly from -230 to 230 km (ours are of 1 km, and so reach 232).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.radar.decoders import read
from models.radar.product import Product, Radial, Raster
from tests import data

REFERENCE = Path(__file__).resolve().parents[2] / "reference"
FOLDER = "radar/cinrad_pup_z9200_20110916"
UNITS = {"MetPy": {"ET": 0.3048, "OHP": 25.4, "V": 1852 / 3600}, "cinrad": {"ET": 0.3048 / 0.30478}}
CINRAD_SPEEDS = [-27.5, -20.5, -15.5, -10.5, -5.5, -1.5, -0.5, 0.5, 4.5, 9.5, 14.5, 19.5, 26.5, 27.5]


def figures(reader: str) -> dict[str, dict[str, Any]]:
    document = json.loads((REFERENCE / f"pup_{reader.lower()}.json").read_text(encoding="utf-8"))
    assert document["reader"] == reader
    return {entry["file"]: entry for entry in document["files"]}


def ours(file: str) -> Product:
    (path,) = data.need(FOLDER).glob(f"*/{file}")
    product = read(path)
    assert isinstance(product, Product)
    return product


def same_head(product: Product, seen: dict[str, Any]) -> None:
    assert (product.site.lat_deg, product.site.lon_deg) == (seen["lat"], seen["lon"])
    assert f"{product.started_at:%Y-%m-%d %H:%M:%S}" == seen["at"]


def same_layer(reader: str, product: Product, seen: dict[str, Any]) -> int:
    """Assert that a layer has the other reader's cells; return how many were compared one by one."""
    layer: Raster | Radial = product.rasters[0] if product.rasters else product.radials[0]
    assert list(layer.codes.shape) == seen["shape"]
    assert layer.levels is not None
    levels = layer.levels.astype(float)
    if reader == "cinrad" and product.name == "V":
        levels[1:15] = CINRAD_SPEEDS
    else:
        levels /= UNITS[reader].get(product.name, 1.0)
    values = levels[layer.codes]
    values[~np.isfinite(values)] = np.nan
    assert int(np.isfinite(values).sum()) == seen["values"]
    found, counts = np.unique(values[np.isfinite(values)], return_counts=True)
    assert found.tolist() == pytest.approx([value for value, _ in seen["counts"]], abs=1e-3)
    assert counts.tolist() == [count for _, count in seen["counts"]]
    assert (np.nanmin(values), np.nanmax(values)) == pytest.approx((seen["lowest"], seen["highest"]), abs=1e-3)
    assert np.nansum(values) == pytest.approx(seen["sum"], rel=1e-5)
    for row, column, value in seen["picked"]:
        assert values[row, column] == pytest.approx(np.nan if value is None else value, abs=1e-3, nan_ok=True)
    return len(seen["picked"])


@pytest.mark.parametrize("code", [19, 20, 27, 37, 41, 57, 78])
@pytest.mark.parametrize("reader", ["MetPy", "cinrad"])
def test_cells_are_as_the_outside_readers_saw_them(reader: str, code: int) -> None:
    (seen,) = [entry for file, entry in figures(reader).items() if f".{code}.200" in file]
    product = ours(seen["file"])
    same_head(product, seen)
    assert same_layer(reader, product, seen) == 20
    for ray, start, width in seen.get("rays", ()):
        assert float(product.radials[0].azimuth_deg[ray]) == pytest.approx(start, abs=1e-3)
        assert float(product.radials[0].width_deg[ray]) == pytest.approx(width, abs=1e-3)
    if reader == "cinrad":
        assert seen["range_km"] == product.range_m / 1000
        assert seen["elevation_deg"] == (0.5 if product.radials and code != 78 else 0)
        assert seen.get("folded", 0) == sum(int((layer.codes == 15).sum()) for layer in product.radials)
        assert seen.get("north_first", True)


def test_storm_marks_are_as_metpy_saw_them() -> None:
    (seen,) = [entry for file, entry in figures("MetPy").items() if file.endswith(".58.200")]
    product = ours(seen["file"])
    same_head(product, seen)
    rows = next(table for table in product.tables if table.name == "tracks").rows
    assert len(rows) == seen["marks"]
    assert product.parameters["storms"] == seen["stated"]["num_storms"]
    for number, storm, x_km, y_km in seen["picked"]:
        assert (rows[number][0], *rows[number][2:4]) == (storm, x_km, y_km)


def test_wind_barbs_are_as_metpy_saw_them() -> None:
    """MetPy leaves them in the order of the file, newest time and lowest height first, in knots and colors."""
    (seen,) = [entry for file, entry in figures("MetPy").items() if file.endswith(".48.200")]
    product = ours(seen["file"])
    same_head(product, seen)
    rows = [row for row in product.tables[0].rows if row[2] is not None]
    assert len(rows) == seen["barbs"]
    for number, direction, knots, color in seen["picked"]:
        _, _, from_deg, speed_ms, rms_ms = rows[number]
        assert from_deg == direction
        assert speed_ms == pytest.approx(knots * 1852 / 3600, abs=0.005)
        assert rms_ms == pytest.approx([0, 4, 8, 12, 16][color - 1] * 1852 / 3600, abs=0.005)

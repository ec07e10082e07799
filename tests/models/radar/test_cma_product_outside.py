"""Our reading of standard products against the figures of a reader that nobody of this project wrote."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.radar.decoders import read
from models.radar.product import Product, Radial, Raster
from tests import data

REFERENCE = Path(__file__).resolve().parents[2] / "reference" / "standard_products_cinrad.json"
FIGURES: dict[str, Any] = json.loads(REFERENCE.read_text(encoding="utf-8"))["files"]
IMAGES = [name for name, said in FIGURES.items() if "image" in said]
STORMS = [name for name, said in FIGURES.items() if "storms" in said]
MESOS = [name for name, said in FIGURES.items() if "mesocyclones" in said]
NOT_NAMED = {"CAPPI", "MAX", "STP"}
"""Where the outside reader calls the data after the product."""


def product(name: str) -> Product:
    (path,) = data.need("radar/cinrad_rstm_nanhai_products").rglob(name)
    found = read(path)
    assert isinstance(found, Product)
    said = FIGURES[name]
    assert (found.site.lat_deg, found.site.lon_deg) == pytest.approx(said["site"], abs=1e-4)
    assert f"{found.started_at:%Y-%m-%d %H:%M:%S}" == said["time"]
    return found


def rows(found: Product, table: str) -> list[dict[str, Any]]:
    (wanted,) = [one for one in found.tables if one.name == table]
    return [dict(zip(wanted.columns, row, strict=True)) for row in wanted.rows]


def place(found: Product, row: dict[str, Any]) -> tuple[float, float]:
    """Return longitude and latitude of a row on a round earth of 6371 km."""
    angle, arc = math.radians(row["azimuth_deg"]), row["range_m"] / 6_371_000
    lat = math.radians(found.site.lat_deg)
    there = math.asin(math.sin(lat) * math.cos(arc) + math.cos(lat) * math.sin(arc) * math.cos(angle))
    east = math.atan2(math.sin(angle) * math.sin(arc) * math.cos(lat), math.cos(arc) - math.sin(lat) * math.sin(there))
    return found.site.lon_deg + math.degrees(east), math.degrees(there)


def test_every_real_product_was_shown_to_the_outside_reader() -> None:
    names = {path.name for path in data.need("radar/cinrad_rstm_nanhai_products").rglob("*_*")}
    assert set(FIGURES) == names
    assert (len(IMAGES), len(STORMS), len(MESOS)) == (18, 3, 8)
    refused = {name.split("_")[2] for name, said in FIGURES.items() if "refused" in said}
    assert refused == {"CONTOUR", "SPD", "SS", "VAD"}


@pytest.mark.parametrize("name", IMAGES)
def test_images_are_as_the_outside_reader_saw_them(name: str) -> None:
    found, said = product(name), FIGURES[name]["image"]
    image: Radial | Raster = found.radials[0] if found.radials else found.rasters[0]
    values = image.values().astype(float)
    if image.name == "RAIN":  # it takes "no rain" for "no value"
        values[values == 0] = np.nan
    good = values[np.isfinite(values)]
    assert values.shape == tuple(said["shape"])
    assert said["data"] in {image.name, *NOT_NAMED}
    assert good.size == said["values"]
    assert good.sum() == pytest.approx(said["sum"], rel=1e-6, abs=0.05)
    assert (good.min(), good.max()) == pytest.approx((said["lowest"], said["highest"]), abs=1e-3)
    assert len(said["picked"]) == 20
    for row, column, value in said["picked"]:
        ours = values[row, column]
        assert np.isfinite(ours) == (value is not None)
        assert value is None or ours == pytest.approx(value, abs=1e-3)
    if isinstance(image, Radial):
        ends = [float(image.azimuth_deg[0]), float(image.azimuth_deg[-1])]
        assert ends == pytest.approx([said["first_azimuth_deg"], said["last_azimuth_deg"]], abs=2e-3)
        assert found.range_m / 1000 == pytest.approx(said["reach_km"], abs=1e-3)
        assert said["last_gate_km"] == said["reach_km"]  # gates are labeled with their far edge there
        if not math.isnan(image.elevation_deg):
            assert image.elevation_deg == pytest.approx(said["elevation_deg"], abs=1e-3)
    else:
        assert said["north_deg"] > found.site.lat_deg > said["south_deg"]
        assert said["west_deg"] < found.site.lon_deg < said["east_deg"]


@pytest.mark.parametrize("name", STORMS)
def test_storm_tracks_are_as_the_outside_reader_saw_them(name: str) -> None:
    found, said = product(name), FIGURES[name]["storms"]
    storms = rows(found, "storms")
    assert [row["id"] for row in storms] == [storm["id"] for storm in said]
    for ours, theirs in zip(storms, said, strict=True):
        for key in ("speed_ms", "from_deg", "max_dbz", "max_dbz_height_m", "vil_kg_m2", "top_m"):
            assert ours[key] == pytest.approx(theirs[key], abs=1e-3), key
        assert place(found, ours) == pytest.approx(theirs["now"], abs=3e-3)
        for table in ("forecast", "past"):
            places = [place(found, row) for row in rows(found, table) if row["id"] == ours["id"]]
            assert len(places) == len(theirs[table])
            for mine, other in zip(places, theirs[table], strict=True):
                assert mine == pytest.approx(other, abs=3e-3)


@pytest.mark.parametrize("name", MESOS)
def test_mesocyclones_are_as_the_outside_reader_saw_them(name: str) -> None:
    found, said = product(name), FIGURES[name]["mesocyclones"]
    ours = rows(found, "mesocyclones")
    for key, values in said.items():
        assert [row[key] for row in ours] == pytest.approx(values, abs=1e-3), key


def test_hail_and_vortices_are_as_the_outside_reader_saw_them() -> None:
    (name,) = [name for name, said in FIGURES.items() if "hail" in said]
    found, said = product(name), FIGURES[name]["hail"]
    ours = rows(found, "hail")
    assert len(ours) == said["rows"] == 24
    assert [found.parameters["freezing_height_m"], found.parameters["minus_20_height_m"]] == [
        1000 * height for height in said["heights_km"]
    ]
    assert [row["hail_percent"] for row in ours] == said["columns"]["hail_possibility"]
    assert [row["severe_hail_percent"] for row in ours] == said["columns"]["hail_severe_possibility"]
    assert [row["size_unit_unknown"] for row in ours] == said["columns"]["hail_size"]
    for row, *there in zip(ours, said["columns"]["longitude"], said["columns"]["latitude"], strict=True):
        assert place(found, row) == pytest.approx(there, abs=6e-3)  # 120 km off, by another earth
    for name in (name for name, said in FIGURES.items() if "tvs" in said):
        assert len(rows(product(name), "tvs")) == FIGURES[name]["tvs"] == 0

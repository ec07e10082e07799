"""The 37 real products of Nanhai: each read to its last byte, and what proves that its fields mean what we say."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from models.radar.beam import EFFECTIVE_RADIUS_M, beam_height
from models.radar.decoders import read
from models.radar.oddity import Oddity
from models.radar.product import Product, Radial, Raster, Role
from models.radar.proven import is_unproven
from tests import data

FOLDER = "radar/cinrad_rstm_nanhai_products"
PPI_ODDITIES = {
    "160809074831Z_PPI_03_HCL": "HCL, its data are CC",
    "161021000203Z_PPI_01_V": "V, its data are Vc",
    "161021000203Z_PPI_02_V": "V, its data are Vc",
    "161021000203Z_PPI_01_ZDR": "ZDR, its data are V",
    "161021000203Z_PPI_02_ZDR": "ZDR, its data are V",
}


@cache
def product(path: Path) -> Product:
    reading = read(path)
    assert isinstance(reading, Product)
    return reading


def paths(kind: str) -> list[Path]:
    found = sorted((data.need(FOLDER) / kind).iterdir())
    assert found
    return found


def products(*kinds: str) -> Iterator[tuple[Path, Product]]:
    for kind in kinds:
        for path in paths(kind):
            yield path, product(path)


def named(product: Product, name: str) -> list[dict[str, Any]]:
    table = next(table for table in product.tables if table.name == name)
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def first_image(product: Product) -> Radial | Raster:
    return product.radials[0] if product.radials else product.rasters[0]


def east_north(azimuth_deg: float, range_m: float) -> NDArray[np.float64]:
    angle = math.radians(azimuth_deg)
    return range_m * np.array([math.sin(angle), math.cos(angle)])


def above_antenna(range_m: float, elevation_deg: float) -> float:
    """Return the height that the products' own writer takes: ``r sin e + r^2 / 2R``, R four thirds of the earth's."""
    return range_m * math.sin(math.radians(elevation_deg)) + range_m**2 / (2 * EFFECTIVE_RADIUS_M)


def test_all_are_read_to_the_last_byte_and_none_is_unproven() -> None:
    kinds = Counter[str]()
    for path in sorted(data.need(FOLDER).rglob("*_*")):
        found = product(path)
        kinds[found.name] += 1
        assert not is_unproven(found.layout), path.name
        assert "radar.odd.trailing" not in {odd.code for odd in found.oddities if isinstance(odd, Oddity)}, path.name
    assert kinds == {
        "PPI": 12, "M": 8, "STI": 3, "STP": 2, "SS": 2, "TVS": 2, "CAPPI": 1, "HCL": 1, "HI": 1, "MAX": 1, "SPD": 1,
        "VAD": 1, "VIL": 1, "CONTOUR": 1,
    }  # fmt: skip


def test_site_and_time_are_those_of_the_name() -> None:
    for path in data.need(FOLDER).rglob("*_*"):
        found = product(path)
        station, written = path.name.split("_")[:2]
        assert found.site.code == station
        assert f"{found.started_at:%Y%m%d%H%M%SZ}" == written
        assert (round(found.site.lat_deg, 4), round(found.site.lon_deg, 4)) == (23.1447, 113.0106)
        assert found.site.altitude_m == 100
        assert found.range_m > 0 or found.name in {"VAD", "CONTOUR"}


def test_names_that_lie_are_told_and_no_other_strangeness_is() -> None:
    for path, found in products("ppi", "cappi", "hcl", "stp", "vil"):
        expected = next((text for end, text in PPI_ODDITIES.items() if path.name.endswith(end)), None)
        assert len(found.oddities) == (expected is not None), path.name
        if expected is not None:
            assert expected in found.oddities[0]


@pytest.mark.parametrize(
    ("path", "data_name", "unit", "shape", "lowest", "highest"),
    [
        ("ppi/Z9757_20160604062400Z_PPI_02_Vc", "Vc", "m/s", (361, 666), -16.5, 28),
        ("ppi/Z9757_20160604062400Z_PPI_02_Zc", "Zc", "dBZ", (364, 666), -6.5, 50.5),
        ("ppi/Z9757_20161021000203Z_PPI_02_V", "Vc", "m/s", (361, 2000), -26.5, 27),
        ("ppi/Z9757_20161021000203Z_PPI_02_dBZ", "dBZ", "dBZ", (364, 1333), -18.5, 59),
        ("ppi/Z9757_20161021000203Z_PPI_01_ZDR", "V", "m/s", (361, 1333), -11, 11),
        ("ppi/Z9757_20160809074831Z_PPI_03_HCL", "CC", "1", (365, 1333), 0, 1.05),
        ("ppi/Z9757_20161021000203Z_PPI_03_RhoHV", "CC", "1", (363, 1333), 0, 1.05),
        ("ppi/Z9757_20161021000543Z_PPI_03_PhiDP", "PhiDP", "deg", (363, 1333), 0.06, 359.94),
        ("ppi/Z9757_20161021235544Z_PPI_03_KDP", "KDP", "deg/km", (363, 1333), 0, 0),
        ("cappi/Z9757_20161021080221Z_CAPPI_00_default", "dBZ", "dBZ", (360, 666), -19, 46.5),
        ("hcl/FSNH_20150831000348Z_HCL_01_default", "HCL", "class", (360, 2000), 0, 5),
        ("stp/Z9757_20161021000203Z_STP_00_default", "RAIN", "mm", (360, 2000), 0, 3.48),
        ("max/Z9757_20161021002743Z_MAX_00_default", "dBZ", "dBZ", (1333, 1333), -30.5, 57.5),
        ("vil/Z9757_20160721000034Z_VIL_00_default", "VIL", "kg/m2", (1333, 1333), 0, 0.5),
    ],
)
def test_each_image_holds_what_the_layouts_page_says(
    path: str, data_name: str, unit: str, shape: tuple[int, int], lowest: float, highest: float
) -> None:
    found = product(data.need(f"{FOLDER}/{path}"))
    image = first_image(found)
    values = image.values()
    seen = values[np.isfinite(values)]
    assert (image.name, image.unit, values.shape) == (data_name, unit, shape)
    assert float(seen.min()) == pytest.approx(lowest, abs=1e-4)
    assert float(seen.max()) == pytest.approx(highest, abs=1e-4)


def test_the_stated_minimum_lies_in_its_gate_and_ray_so_start_azimuth_and_near_edge_are_proven() -> None:
    """The header names a cell of the lowest code by range and azimuth: ``i gate`` and the middle of the ray."""
    layers = 0
    for path, found in products("ppi", "cappi", "hcl", "stp"):
        raw = path.read_bytes()
        cuts = int.from_bytes(raw[336:340], "little")
        lowest, range_m = np.frombuffer(raw, "<i4", 2, 416 + 256 * cuts + 192 + 44)
        (azimuth,) = np.frombuffer(raw, "<f4", 1, 416 + 256 * cuts + 192 + 52)
        radial = found.radials[0]
        middle = (radial.azimuth_deg.astype(float) + radial.width_deg / 2) % 360
        ray = int(np.argmin(np.abs((middle - azimuth + 180) % 360 - 180)))
        assert middle[ray] == pytest.approx(float(azimuth), abs=1e-3), path.name
        assert radial.codes[ray, int(range_m / radial.gate_m)] == lowest, path.name
        assert int(radial.codes[radial.codes >= 5].min()) == lowest
        assert range_m % radial.gate_m == 0
        layers += 1
    assert layers == 16


def test_rays_go_round_once_and_a_ppi_stands_at_its_cut() -> None:
    for path, found in products("ppi", "cappi", "hcl", "stp"):
        radial = found.radials[0]
        assert float(radial.width_deg.sum()) == pytest.approx(360, abs=0.01), path.name
        steps = np.diff(radial.azimuth_deg) % 360
        np.testing.assert_allclose(steps, radial.width_deg[:-1], atol=0.01)
        assert radial.gate_m == 75
    elevations = {found.radials[0].elevation_deg for _, found in products("ppi")}
    assert elevations == {0.4834, 1.4941, 2.417, 3.7354}
    assert product(paths("cappi")[0]).radials[0].height_m == 1000


def test_the_maximum_is_stated_as_it_is_found() -> None:
    for path, found in products("ppi", "cappi", "hcl", "stp", "max", "vil"):
        values = first_image(found).values()
        assert found.maximum == pytest.approx(float(values[np.isfinite(values)].max()), abs=1e-4), path.name


def test_rain_has_no_cell_below_nothing_and_says_over_which_hours_it_fell() -> None:
    for _, found in products("stp"):
        values = found.radials[0].values()
        assert found.role is Role.RAIN
        assert np.isfinite(values).all()
        assert float((values == 0).mean()) > 0.98
        assert found.parameters["data_from_utc"] == "2016-10-20T17:23:13Z"
        assert found.parameters["base_product"] == 24


def test_the_section_from_the_south_has_its_echo_where_the_map_has_it() -> None:
    """Columns with much echo in the map have much in the section: west to east, not turned; the third fits neither."""
    (found,) = [found for _, found in products("max")]
    below, section, third = (np.isfinite(raster.values()) for raster in found.rasters)
    assert [raster.upright for raster in found.rasters] == [False, True, True]
    assert [raster.row_m for raster in found.rasters] == [75, 1000, 1000]
    count = below.sum(axis=0)
    heights = section.sum(axis=0)
    along, turned = (float(np.corrcoef(count, side)[0, 1]) for side in (heights, heights[::-1]))
    assert along > 0.9
    assert turned < 0
    rows = below.sum(axis=1)
    other = third.sum(axis=0)
    assert all(abs(float(np.corrcoef(rows, side)[0, 1])) < 0.6 for side in (other, other[::-1]))
    assert not section[:6].any()
    assert not third[:6].any()
    assert [odd.code for odd in found.oddities if isinstance(odd, Oddity)] == ["radar.odd.section_order"]


def test_first_forecasts_lie_where_direction_and_speed_lead() -> None:
    """15 minutes on: distance over time is the speed, the bearing is the direction it comes from plus 180."""
    compared = 0
    for _, found in products("sti"):
        now = {row["id"]: row for row in named(found, "storms")}
        first: dict[int, dict[str, Any]] = {}
        for row in named(found, "forecast"):
            first.setdefault(row["id"], row)
        for name, row in first.items():
            storm = now[name]
            moved = east_north(row["azimuth_deg"], row["range_m"]) - east_north(storm["azimuth_deg"], storm["range_m"])
            assert row["after_min"] == 15
            assert math.hypot(*moved) / 900 == pytest.approx(storm["speed_ms"], abs=2e-3)
            bearing = math.degrees(math.atan2(moved[0], moved[1]))
            assert (bearing - storm["from_deg"]) % 360 == pytest.approx(180, abs=0.01)
            compared += 1
    assert compared == 32


def test_storms_are_counted_and_their_components_agree_with_them() -> None:
    counts = []
    for _, found in products("sti"):
        storms, components = named(found, "storms"), named(found, "components")
        counts.append((len(storms), len(components)))
        assert found.parameters["storms"] == len(storms)
        assert found.parameters["continuing"] == sum(row["kind"] == "continuing" for row in storms)
        for row in storms:
            parts = [part for part in components if part["id"] == row["id"]]
            assert [part["ordinal"] for part in parts] == list(range(1, row["components"] + 1))
            assert max(part["dbz"] for part in parts) == row["max_dbz"]
            assert row["max_dbz_height_m"] in {part["height_m"] for part in parts if part["dbz"] == row["max_dbz"]}
            assert {row["top_m"], row["base_m"]} <= {part["height_m"] for part in parts}
    assert counts == [(15, 75), (16, 69), (15, 70)]


def test_new_storms_carry_the_mean_motion_and_no_forecast_error() -> None:
    new = 0
    for _, found in products("sti"):
        forecast = {row["id"] for row in named(found, "forecast")}
        for row in named(found, "storms"):
            if row["kind"] == "new":
                new += 1
                assert row["speed_ms"] == pytest.approx(found.parameters["mean_speed_ms"], abs=1e-3)
                assert row["from_deg"] == pytest.approx(found.parameters["mean_from_deg"], abs=1e-2)
                assert (row["forecast_error_m"], row["mean_error_m"]) == (None, None)
                assert row["id"] not in forecast
            else:
                assert row["mean_error_m"] > 0
    assert new == 13


def test_past_places_are_the_places_of_earlier_volumes() -> None:
    """The newest past place of a storm is where the file before has that storm now."""
    found = [found for _, found in products("sti")]
    matched = 0
    for before, after in pairwise(found):
        then = {(round(row["azimuth_deg"], 3), row["range_m"]) for row in named(before, "storms")}
        newest: dict[int, dict[str, Any]] = {}
        for row in named(after, "past"):
            newest.setdefault(row["id"], row)
        for row in newest.values():
            assert row["after_min"] == pytest.approx(-3.7)
            matched += (round(row["azimuth_deg"], 3), row["range_m"]) in then
        assert len(newest) == after.parameters["continuing"]
    assert matched >= 20


def test_heights_of_rotation_are_above_the_antenna_by_the_four_thirds_earth() -> None:
    features = mesos = 0
    for _, found in products("m"):
        for name in ("mesocyclones", "features"):
            for row in named(found, name):
                height = above_antenna(row["range_m"], row["elevation_deg"])
                assert -0.1 <= height - row["height_m"] <= 1
                assert height == pytest.approx(beam_height(np.array([row["range_m"]]), row["elevation_deg"])[0], abs=3)
                assert row["base_m"] <= row["height_m"] <= row["top_m"]
                assert row["shear_per_ks"] <= row["max_shear_per_ks"] + 1e-3
                if name == "features":
                    features += 1
                    base = above_antenna(row["base_range_m"], row["base_elevation_deg"])
                    assert base == pytest.approx(row["base_m"], abs=2.5)  # the base's angle is kept less exactly
                    assert row["kind"] in {"mesocyclone", "correlated", "uncorrelated"}
                else:
                    mesos += 1
    assert (features, mesos) == (191, 4)


def test_a_mesocyclone_is_one_of_its_features() -> None:
    for _, found in products("m"):
        marked = [row for row in named(found, "features") if row["kind"] == "mesocyclone"]
        for whole, part in zip(named(found, "mesocyclones"), marked, strict=True):
            for key in ("storm_id", "azimuth_deg", "range_m", "elevation_deg", "height_m", "top_m", "base_m"):
                assert whole[key] == part[key]
            assert whole["base_elevation_deg"] == pytest.approx(part["base_elevation_deg"], abs=2e-3)


def test_trends_begin_with_what_the_storm_is_now() -> None:
    counts = []
    for _, found in products("ss"):
        storms, trend = named(found, "storms"), named(found, "trend")
        counts.append((len(storms), len(trend)))
        for storm in storms:
            rows = [row for row in trend if row["id"] == storm["id"]]
            assert [row["after_min"] for row in rows] == sorted((row["after_min"] for row in rows), reverse=True)
            now = rows[0]
            assert now["after_min"] == 0
            for key in ("base_m", "top_m", "max_dbz_height_m"):
                assert now[key] == storm[key]
            assert abs(now["vil_kg_m2"] - storm["vil_kg_m2"]) <= 1
            assert abs(now["max_dbz"] - storm["max_dbz"]) <= 1
            assert storm["base_m"] <= storm["max_dbz_height_m"] <= storm["top_m"]
    assert counts == [(16, 51), (15, 52)]


def test_hail_vortices_winds_and_contours_hold_what_the_layouts_page_says() -> None:
    (hail,) = [found for _, found in products("hi")]
    rows = named(hail, "hail")
    assert len(rows) == 24
    assert (hail.parameters["freezing_height_m"], hail.parameters["minus_20_height_m"]) == (3200, 6100)
    assert all((row["hail_percent"], row["severe_hail_percent"], row["size_unit_unknown"]) == (0, 0, 0) for row in rows)
    assert all(0 <= row["azimuth_deg"] < 360 and 0 < row["range_m"] <= 150_000 for row in rows)
    for _, found in products("tvs"):
        assert (found.tables[0].rows, found.parameters["tvs"], found.parameters["etvs"]) == ((), 0, 0)
    (vad,) = [found for _, found in products("vad")]
    (row,) = named(vad, "vad")
    assert (round(row["elevation_deg"], 2), row["height_m"], row["slant_range_m"]) == (5.71, 3000, 28_513)
    assert float(beam_height(np.array([28_513.0]), row["elevation_deg"])[0]) == pytest.approx(2886, abs=1)
    (contour,) = [found for _, found in products("CONTOUR")]
    levels = named(contour, "contours")
    assert [row["level_unit_unknown"] for row in levels] == pytest.approx([step / 1000 for step in range(12)])
    assert {row["lines"] for row in levels} == {0}
    assert len(contour.oddities) == 1
    (gauge,) = [found for _, found in products("spd")]
    assert (gauge.range_m, gauge.parameters["base_product"]) == (150_000, 24)

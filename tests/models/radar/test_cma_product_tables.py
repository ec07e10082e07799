"""Tables of standard products: every column where it belongs, ids that link them, and what is not known said."""

from __future__ import annotations

import struct
from typing import Any

from models.radar.decoders import cma_product
from models.radar.oddity import Oddity
from models.radar.product import Product, Role, Table
from models.radar.proven import is_unproven
from tests.models.radar import product_bytes as made


def read(kind: int, body: bytes, parameters: bytes = struct.pack("<i", 75_000)) -> Product:
    product = cma_product.decode(made.head(kind, parameters) + body, "made")
    assert (product.role, product.layout.split(".")[:2]) == (Role.TABLE, ["standard", str(kind)])
    assert (product.rasters, product.radials, product.unit) == ((), (), "")
    return product


def named(product: Product, name: str) -> list[dict[str, Any]]:
    """Return a table's rows as dicts."""
    table = next(table for table in product.tables if table.name == name)
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def codes_of(product: Product) -> list[str]:
    return [odd.code for odd in product.oddities if isinstance(odd, Oddity)]


def every_row_fits_its_columns(tables: tuple[Table, ...]) -> bool:
    return all(len(row) == len(table.columns) for table in tables for row in table.rows)


def test_storm_tracks_come_out_as_they_were_written() -> None:
    product = read(37, made.tracks())
    assert every_row_fits_its_columns(product.tables)
    assert product.oddities == ()
    assert product.range_m == 75_000
    assert product.parameters["mean_speed_ms"] == 12.5
    assert product.parameters["mean_from_deg"] == 225.0
    assert (product.parameters["storms"], product.parameters["continuing"]) == (2, 1)
    first, second = named(product, "storms")
    assert first == {
        "id": 11,
        "kind": "continuing",
        "azimuth_deg": 45.0,
        "range_m": 40_000,
        "speed_ms": 10.0,
        "from_deg": 225.0,
        "forecast_error_m": 900,
        "mean_error_m": 500,
        "height_m": 3000,
        "max_dbz": 55.5,
        "max_dbz_height_m": 2500,
        "vil_kg_m2": 8.25,
        "components": 2,
        "top_m": 5000,
        "base_m": 900,
    }
    assert (second["id"], second["kind"], second["speed_ms"]) == (12, "new", 12.5)
    assert (second["forecast_error_m"], second["mean_error_m"]) == (None, None)


def test_forecast_and_past_places_carry_their_storm_and_their_minutes() -> None:
    product = read(37, made.tracks())
    assert [(row["id"], row["after_min"], row["range_m"]) for row in named(product, "forecast")] == [
        (11, 15.0, 49_000),
        (11, 30.0, 58_000),
    ]
    (past,) = named(product, "past")
    assert past == {
        "id": 11,
        "time_utc": "2016-10-20T21:42:58Z",
        "after_min": -3.7,
        "azimuth_deg": 45.0,
        "range_m": 37_780,
    }


def test_components_belong_to_their_storms_and_a_lost_one_to_none() -> None:
    components = named(read(37, made.tracks()), "components")
    assert [(row["id"], row["ordinal"], row["height_m"], row["dbz"]) for row in components] == [
        (None, 1, 1500, 33.0),
        (11, 1, 900, 50.0),
        (11, 2, 2500, 55.5),
        (12, 1, 2000, 41.0),
    ]


def test_components_that_a_storm_claims_beyond_the_list_have_no_owner() -> None:
    raw = bytearray(made.tracks())
    about = 20 + 2 * 24 + (4 + 24) + 4 + (4 + 12) + 4
    struct.pack_into("<ii", raw, about + 36, 2, 4)
    assert [row["id"] for row in named(read(37, bytes(raw)), "components")] == [None, None, None, 12]


def test_a_storm_of_an_unknown_kind_keeps_its_number() -> None:
    raw = bytearray(made.tracks())
    struct.pack_into("<i", raw, 20 + 2 * 24 + (4 + 24) + 4 + (4 + 12) + 4 + 4, 5)
    assert named(read(37, bytes(raw)), "storms")[0]["kind"] == "kind 5"


def test_structure_has_storms_and_their_trends() -> None:
    product = read(41, made.structure())
    assert every_row_fits_its_columns(product.tables)
    assert product.oddities == ()
    assert named(product, "storms")[0] == {
        "id": 21,
        "azimuth_deg": 121.5,
        "range_m": 53_649,
        "base_m": 1476,
        "top_m": 3886,
        "vil_kg_m2": 4.5,
        "max_dbz": 47.0,
        "max_dbz_height_m": 3377,
    }
    trend = named(product, "trend")
    assert [(row["id"], row["after_min"]) for row in trend] == [(21, 0.0), (21, -3.7), (22, 0.0)]
    assert trend[0] == {
        "id": 21,
        "time_utc": "2016-10-20T21:46:40Z",
        "after_min": 0.0,
        "height_m": 2675,
        "base_m": 1476,
        "top_m": 3886,
        "vil_kg_m2": 4,
        "max_dbz": 47,
        "max_dbz_height_m": 3377,
        "hail_percent": 30,
        "severe_hail_percent": 10,
    }


def test_hail_says_what_it_was_judged_with_and_that_its_size_has_no_unit() -> None:
    plain = read(38, made.hail())
    assert plain.oddities == ()
    assert (plain.parameters["freezing_height_m"], plain.parameters["minus_20_height_m"]) == (4250, 7500)
    sized = read(38, made.hail(size=2.5))
    assert codes_of(sized) == ["radar.odd.hail_size"]
    assert named(sized, "hail") == [
        {
            "id": 184,
            "azimuth_deg": 55.75,
            "range_m": 63_698,
            "hail_percent": 70,
            "severe_hail_percent": 20,
            "size_unit_unknown": 2.5,
            "rcm": 4,
        }
    ]


def test_a_height_that_is_no_number_is_unknown() -> None:
    raw = bytearray(made.hail())
    struct.pack_into("<2f", raw, 32, float("nan"), float("inf"))
    product = read(38, bytes(raw))
    assert (product.parameters["freezing_height_m"], product.parameters["minus_20_height_m"]) == (None, None)


def test_mesocyclones_and_their_features_stand_in_degrees() -> None:
    product = read(39, made.mesocyclones())
    assert every_row_fits_its_columns(product.tables)
    assert product.oddities == ()
    assert named(product, "mesocyclones") == [
        {
            "id": 1,
            "storm_id": 24,
            "azimuth_deg": 177.25,
            "range_m": 67_649,
            "elevation_deg": 4.25,
            "shear_per_ks": 11.5,
            "height_m": 5298,
            "azimuth_diameter_m": 3112,
            "radial_diameter_m": 3149,
            "top_m": 5400,
            "base_m": 4156,
            "base_elevation_deg": 3.25,
            "max_shear_per_ks": 12.5,
        }
    ]
    first, second = named(product, "features")
    assert first == {
        "id": 1,
        "storm_id": 24,
        "kind": "mesocyclone",
        "azimuth_deg": 177.25,
        "range_m": 67_649,
        "elevation_deg": 4.25,
        "height_m": 5298,
        "azimuth_diameter_m": 3112,
        "radial_diameter_m": 3149,
        "shear_per_ks": 11.25,
        "max_shear_per_ks": 11.5,
        "top_m": 5400,
        "base_m": 4156,
        "base_azimuth_deg": 171.887,
        "base_range_m": 67_684,
        "base_elevation_deg": 3.25,
    }
    assert (second["kind"], second["base_elevation_deg"], second["base_m"]) == ("uncorrelated", 1.5, 2298)


def test_garbage_where_a_feature_has_its_base_is_unknown() -> None:
    raw = bytearray(made.mesocyclones())
    first = 12 + 68
    struct.pack_into("<f", raw, first + 60, float("nan"))
    struct.pack_into("<f", raw, first + 68, float("inf"))
    struct.pack_into("<i", raw, first + 8, 9)
    feature = named(read(39, bytes(raw)), "features")[0]
    assert (feature["base_azimuth_deg"], feature["base_elevation_deg"], feature["kind"]) == (None, None, "kind 9")


def test_an_empty_list_of_vortices_is_proven_and_rows_are_not() -> None:
    empty = read(40, made.vortices())
    assert (empty.tables[0].rows, is_unproven(empty.layout)) == ((), False)
    full = read(40, made.vortices(1, 2))
    assert (full.layout, is_unproven(full.layout)) == ("standard.40.rows", True)
    assert every_row_fits_its_columns(full.tables)
    rows = named(full, "tvs")
    assert len(rows) == 3
    assert (rows[0]["azimuth_deg"], rows[0]["range_m"], rows[0]["max_difference_ms"]) == (200.5, 31_000, 40.0)
    assert (rows[0]["base_m"], rows[0]["top_m"], rows[0]["max_shear_per_ks"]) == (800, 3800, 45.0)
    assert (full.parameters["tvs"], full.parameters["etvs"]) == (1, 2)


def test_a_vad_tells_its_place_and_that_the_rest_is_not_understood() -> None:
    body = made.words("fii", 5.75, 3000, 28_513) + made.GARBAGE * 13
    product = read(31, body, struct.pack("<ih", 1, 3000))
    assert named(product, "vad") == [{"elevation_deg": 5.75, "height_m": 3000, "slant_range_m": 28_513}]
    assert codes_of(product) == ["radar.odd.not_understood"]
    assert "52 bytes" in product.oddities[0]


def test_a_wind_profile_leaves_out_heights_without_wind() -> None:
    product = read(32, made.winds([1, 0, 1]), struct.pack("<i3h", 3, 1000, 2000, 3000))
    assert [row["height_m"] for row in named(product, "winds")] == [1000, 3000]
    assert named(product, "winds")[1] == {
        "time_utc": "2016-10-20T21:46:40Z",
        "after_min": 0.0,
        "height_m": 3000,
        "from_deg": 235.0,
        "speed_ms": 12.0,
        "rms_ms": 1.25,
    }
    assert (product.parameters["nyquist_ms"], product.parameters["max_speed_ms"]) == (26.5, 18.5)
    assert is_unproven(product.layout)


def test_a_wind_profile_of_an_impossible_count_of_heights_has_none_and_says_what_is_left() -> None:
    product = read(32, made.winds([1]), struct.pack("<i", -3))
    assert product.tables[0].rows == ()
    assert codes_of(product) == ["radar.odd.trailing"]


def test_severe_weather_probability_is_read_and_unproven() -> None:
    product = read(36, made.words("iifi", 1, 30_000, 45.0, 60))
    assert named(product, "severe") == [{"azimuth_deg": 45.0, "range_m": 30_000, "severe_percent": 60}]
    assert is_unproven(product.layout)


def test_contours_have_levels_and_counts_and_lines_are_named_as_not_read() -> None:
    parameters = struct.pack("<3i2f", 75_000, 6, 3, 0.0, 2.0)
    plain = read(49, made.contours([0.0, 2.0, 4.0], [0, 0, 0]), parameters)
    assert (plain.oddities, is_unproven(plain.layout)) == ((), False)
    assert [row["level_unit_unknown"] for row in named(plain, "contours")] == [0.0, 2.0, 4.0]
    drawn = read(49, made.contours([0.0, 2.0, 4.0], [1, 0, 2]) + bytes(40), parameters)
    assert codes_of(drawn) == ["radar.odd.contour_lines", "radar.odd.trailing"]
    assert "3 contour lines" in drawn.oddities[0]
    assert is_unproven(drawn.layout)
    odd = read(49, made.contours([0.0, 0.002, 0.004], [0, 0, 0]), parameters)
    assert codes_of(odd) == ["radar.odd.contour_levels"]
    assert read(49, made.contours([], []), parameters).tables[0].rows == ()
    silly = struct.pack("<3i2f", 75_000, 6, 3, float("nan"), 2.0)
    assert read(49, made.contours([0.0, 2.0, 4.0], [0, 0, 0]), silly).oddities == ()


def test_the_words_of_a_gauge_product_are_not_shown() -> None:
    product = cma_product.decode(
        made.head(30, struct.pack("<5i", 24, 0, 0, 1, 150_000)) + made.words("ffii", 1.0, 0.5, 0, 0), "made"
    )
    assert (product.role, product.range_m, product.parameters["gauge"]) == (Role.OTHER, 150_000.0, 1)
    assert codes_of(product) == ["radar.odd.not_understood"]


def test_an_azimuth_a_hair_beyond_the_circle_is_taken() -> None:
    raw = bytearray(made.hail())
    struct.pack_into("<f", raw, 8, 360.5)
    assert named(read(38, bytes(raw)), "hail")[0]["azimuth_deg"] == 360.5

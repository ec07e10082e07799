"""Standard products: head, images, names that lie, units, roles, and what is not read."""

from __future__ import annotations

import math
import struct
from datetime import UTC, datetime

import numpy as np
import pytest

from models.errors import DataError
from models.radar.decoders import cma_product
from models.radar.layouts.cma_product_kinds import DATA_TYPES, KINDS
from models.radar.oddity import Oddity
from models.radar.product import Product, Role
from models.radar.proven import is_unproven
from tests.models.radar import fmt_bytes
from tests.models.radar import product_bytes as made

AT_HALF_A_DEGREE = struct.pack("<f", 0.5)
CAPPI_AT_2000 = struct.pack("<4i", 1, 2000, 2000, 1)
RAYS = [[0, 1, 2, 3, 4, 5, 66, 200], [100, 101, 102, 103, 104, 105, 106, 107], [5] * 8, [0] * 8]


def codes_of(product: Product) -> list[str]:
    return [odd.code for odd in product.oddities if isinstance(odd, Oddity)]


def read(raw: bytes) -> Product:
    return cma_product.decode(raw, "made")


def refusal(raw: bytes) -> DataError:
    with pytest.raises(DataError) as caught:
        cma_product.decode(raw, "broken")
    assert "broken" in str(caught.value)
    assert caught.value.sentence("zh") != caught.value.sentence("en")
    return caught.value


def test_a_ppi_comes_out_as_it_was_written() -> None:
    product = read(made.head(1, AT_HALF_A_DEGREE, name=b"dBZ") + made.radial(RAYS, first_azimuth=300.0, start=150))
    radial = product.radials[0]
    assert (product.code, product.name, product.role, product.unit) == (1, "PPI", Role.SWEEP, "dBZ")
    assert product.layout == "standard.1"
    assert not is_unproven(product.layout)
    assert (radial.name, radial.unit, radial.gate_m, radial.start_m) == ("dBZ", "dBZ", 75.0, 150.0)
    assert radial.elevation_deg == 0.5
    assert math.isnan(radial.height_m)
    assert radial.azimuth_deg.tolist() == [300.0, 30.0, 120.0, 210.0]
    assert radial.width_deg.tolist() == [90.0] * 4
    assert radial.codes.tolist() == RAYS
    np.testing.assert_array_equal(
        radial.values()[0], np.array([-np.inf, np.nan, np.nan, np.nan, np.nan, -30.5, 0.0, 67.0], np.float32)
    )
    assert product.range_m == 150 + 8 * 75
    assert product.maximum == 67.0
    assert product.oddities == ()


def test_the_head_tells_site_times_and_parameters() -> None:
    product = read(made.head(1, AT_HALF_A_DEGREE) + made.radial(RAYS))
    assert product.started_at == datetime.fromtimestamp(made.STARTED_S, UTC)
    assert (product.site.code, product.site.name, product.site.altitude_m) == ("Z9999", "南海", 130.0)
    assert (product.site.lat_deg, product.site.lon_deg) == (23.25, 113.5)
    assert product.parameters == {
        "task": "VCP21D",
        "product_name": "default",
        "data_from_utc": "2016-10-20T21:46:57Z",
        "data_to_utc": "2016-10-20T21:47:13Z",
        "generated_utc": "2016-10-20T21:51:40Z",
        "elevation_deg": 0.5,
    }


@pytest.mark.parametrize(
    ("scan_s", "task_s", "data_s", "second"),
    [(100, 200, 300, 100), (0, 200, 300, 200), (-5, 0, 300, 300)],
)
def test_the_start_is_that_of_the_scan_then_of_the_task_then_of_the_data(
    scan_s: int, task_s: int, data_s: int, second: int
) -> None:
    raw = made.head(1, AT_HALF_A_DEGREE, scan_s=scan_s, task_s=task_s, data_s=data_s) + made.radial(RAYS)
    assert read(raw).started_at == datetime.fromtimestamp(second, UTC)


def test_a_product_without_any_time_is_refused() -> None:
    raw = made.head(1, AT_HALF_A_DEGREE, scan_s=0, task_s=0, data_s=0) + made.radial(RAYS)
    assert refusal(raw).code == "radar.product_no_time"


@pytest.mark.parametrize(
    ("name", "data_type", "odd"),
    [
        (b"ZDR", 3, True),
        (b"V", 33, True),
        (b"HCL", 9, True),
        (b"RhoHV", 9, False),
        (b"vc", 33, False),
        (b"default", 2, False),
        (b"", 2, False),
    ],
)
def test_the_data_are_what_their_own_header_says_whatever_the_product_is_called(
    name: bytes, data_type: int, odd: bool
) -> None:
    product = read(made.head(1, AT_HALF_A_DEGREE, name=name) + made.radial(RAYS, (data_type, 2, 66, 1)))
    assert (product.radials[0].name, product.unit) == DATA_TYPES[data_type]
    assert codes_of(product) == ["radar.odd.product_name"] * odd
    if odd:
        assert name.decode() in product.oddities[0]
        assert DATA_TYPES[data_type][0] in product.oddities[0]


def test_two_bytes_a_code_keep_values_above_255() -> None:
    rows = [[0, 4, 5, 100], [18_097, 101, 150, 200]]
    product = read(made.head(1, AT_HALF_A_DEGREE) + made.radial(rows, (10, 50, 100, 2)))
    values = product.radials[0].values()
    assert product.radials[0].codes.dtype == np.uint16
    assert values[1].tolist() == pytest.approx([359.94, 0.02, 1.0, 2.0])
    assert np.isneginf(values[0, 0])
    assert np.isnan(values[0, 1])
    assert product.maximum == pytest.approx(359.94)


def test_rain_below_zero_is_missing_and_the_code_of_zero_is_no_rain() -> None:
    layer = made.radial([[0, 5, 99, 100, 274]] * 2, (75, 50, 100, 2))
    product = read(made.head(27, struct.pack("<4i", 24, 0, 0, 1)) + layer + bytes(192))
    assert (product.role, product.unit, product.layout) == (Role.RAIN, "mm", "standard.27")
    np.testing.assert_allclose(product.radials[0].values()[0], [-np.inf, np.nan, np.nan, 0.0, 3.48], rtol=1e-6)
    assert product.parameters["base_product"] == 24
    assert product.oddities == ()


@pytest.mark.parametrize(("kind", "tail"), [(25, 192), (26, 192), (26, 0), (28, 4 + 16 * 3)])
def test_other_rain_sums_are_read_alike_and_marked_unproven(kind: int, tail: int) -> None:
    layer = made.radial([[100, 150]], (75, 50, 100, 2))
    product = read(made.head(kind, struct.pack("<5i", 24, 0, 0, 1, 3)) + layer + bytes(tail))
    assert (product.role, is_unproven(product.layout), product.oddities) == (Role.RAIN, True, ())
    assert product.parameters.get("hours") == (3 if kind == 28 else None)


def test_a_cappi_has_one_height_and_of_several_layers_none() -> None:
    one = read(made.head(3, CAPPI_AT_2000) + made.radial(RAYS))
    assert (one.role, one.radials[0].height_m, one.oddities) == (Role.CAPPI, 2000.0, ())
    assert math.isnan(one.radials[0].elevation_deg)
    layers = made.radial(RAYS) + made.radial([row[::-1] for row in RAYS])
    two = read(made.head(3, struct.pack("<4i", 2, 4000, 2000, 1)) + layers)
    assert [radial.codes[0, 0] for radial in two.radials] == [0, 200]
    assert all(math.isnan(radial.height_m) for radial in two.radials)
    assert codes_of(two) == ["radar.odd.layer_heights"]
    assert not is_unproven(one.layout)
    assert is_unproven(two.layout)


def test_a_maximum_is_a_map_and_two_sections_and_says_that_the_third_may_be_turned() -> None:
    field = [[0, 66, 2], [70, 181, 5], [0, 0, 0]]
    section = [[0, 66, 0], [90, 0, 0]]
    maps = made.raster(field, row_m=75, cell_m=75)
    sections = made.raster(section, row_m=1000, cell_m=75) + made.raster(section[::-1], row_m=1000, cell_m=75)
    product = read(made.head(4, struct.pack("<2i", 2000, 0)) + maps + sections)
    assert (product.role, product.unit, product.maximum) == (Role.COMPOSITE, "dBZ", 57.5)
    assert [raster.upright for raster in product.rasters] == [False, True, True]
    assert [(raster.row_m, raster.cell_m) for raster in product.rasters] == [(75, 75), (1000, 75), (1000, 75)]
    assert product.rasters[0].codes.tolist() == field
    np.testing.assert_array_equal(product.rasters[0].values()[0], np.array([-np.inf, 0.0, np.nan], np.float32))
    assert product.rasters[1].values()[1, 0] == 12.0
    assert codes_of(product) == ["radar.odd.section_order"]
    assert product.range_m == pytest.approx(1.5 * 75 * math.sqrt(2))


def test_a_raster_reaches_no_farther_than_the_beams_of_its_volume() -> None:
    raster = made.raster([[66] * 4] * 4, row_m=1000, cell_m=1000)
    assert read(made.head(23, reach_m=2500) + raster).range_m == 2500.0
    assert read(made.head(23, reach_m=0) + raster).range_m == pytest.approx(2000 * math.sqrt(2))


def test_a_maximum_of_anything_but_reflectivity_does_not_go_into_the_mosaic() -> None:
    parts = b"".join(made.raster([[100, 66], [66, 5]], (3, 2, 129, 1)) for _ in range(3))
    product = read(made.head(4, struct.pack("<2i", 2000, 0)) + parts)
    assert (product.role, product.unit) == (Role.OTHER, "m/s")
    assert "radar.odd.product_data" in codes_of(product)


def test_the_flag_of_an_echo_top_is_no_height() -> None:
    product = read(made.head(6, struct.pack("<f", 18.0)) + made.raster([[0, 255], [125, 255]], (72, 10, 5, 1)))
    assert (product.role, product.unit, product.parameters["threshold_dbz"]) == (Role.ECHO_TOP, "km", 18.0)
    np.testing.assert_allclose(product.rasters[0].values(), [[-np.inf, np.nan], [12.0, np.nan]])
    assert codes_of(product) == ["radar.odd.top_flag"]
    assert "2 cells" in product.oddities[0]
    assert is_unproven(product.layout)


def test_vil_classes_and_sections_have_their_roles_and_units() -> None:
    vil = read(made.head(23) + made.raster([[5, 6], [5, 5]], (73, 2, 5, 1)))
    assert (vil.role, vil.unit, float(vil.rasters[0].values().max())) == (Role.VIL, "kg/m2", 0.5)
    classes = read(made.head(51, AT_HALF_A_DEGREE) + made.radial([[0, 5, 10]], (14, 1, 5, 1)))
    assert (classes.role, classes.unit, classes.maximum) == (Role.CLASSES, "class", 5.0)
    assert not is_unproven(classes.layout)
    rhi = read(made.head(2, struct.pack("<fii", 135.0, 20_000, 0)) + made.raster([[66, 70]], row_m=500))
    assert (rhi.role, rhi.rasters[0].upright, is_unproven(rhi.layout)) == (Role.SECTION, True, True)
    assert (rhi.parameters["azimuth_deg"], rhi.parameters["top_m"]) == (135.0, 20_000)
    assert math.isnan(rhi.range_m)


def test_a_composite_of_the_standard_format_goes_into_the_mosaic_and_is_unproven() -> None:
    product = read(made.head(18) + made.raster([[66, 70], [0, 181]], (32, 2, 66, 1)))
    assert (product.role, is_unproven(product.layout)) == (Role.COMPOSITE, True)


def test_uneven_rays_are_filled_up_as_not_scanned() -> None:
    rays = made.ray(0.0, [66, 70, 74]) + made.ray(120.0, [80]) + made.ray(240.0, [90, 91])
    layer = made.image_header((2, 2, 66, 1), (75, 0, 225, 3), maximum=91) + rays
    radial = read(made.head(1, AT_HALF_A_DEGREE) + layer).radials[0]
    assert radial.codes.tolist() == [[66, 70, 74], [80, 2, 2], [90, 91, 2]]
    assert np.isnan(radial.values()[1, 1:]).all()


def test_a_gate_in_hundredths_of_a_meter_is_taken_and_said() -> None:
    product = read(made.head(1, AT_HALF_A_DEGREE) + made.radial(RAYS, gate=39_018))
    assert product.radials[0].gate_m == 62.5
    assert codes_of(product) == ["radar.odd.gate_hundredths"]


def test_a_stated_maximum_that_no_cell_has_is_said() -> None:
    product = read(made.head(1, AT_HALF_A_DEGREE) + made.radial(RAYS, maximum=210))
    assert codes_of(product) == ["radar.odd.stated_maximum"]
    assert "72 dBZ" in product.oddities[0]
    silent = read(made.head(1, AT_HALF_A_DEGREE) + made.radial([[0, 2, 3]], maximum=180))
    assert silent.oddities[0].endswith("-")
    unstated = read(made.head(1, AT_HALF_A_DEGREE) + made.radial(RAYS, maximum=99_999))
    assert math.isnan(unstated.maximum)
    assert unstated.oddities == ()


def test_an_unknown_data_type_keeps_its_values_without_a_unit() -> None:
    product = read(made.head(1, AT_HALF_A_DEGREE, name=b"dBZ") + made.radial(RAYS, (99, 2, 66, 1)))
    assert (product.radials[0].name, product.unit) == ("type 99", "?")
    assert codes_of(product) == ["radar.odd.product_name", "radar.odd.data_type"]


def test_bytes_after_the_end_are_said() -> None:
    product = read(made.head(1, AT_HALF_A_DEGREE) + made.radial(RAYS) + b"spare")
    assert codes_of(product) == ["radar.odd.trailing"]
    assert "5 bytes" in product.oddities[0]


@pytest.mark.parametrize(
    ("kind", "parameters", "expected"),
    [
        (20, struct.pack("<ifii", 20_000, 45.0, 5000, 6), {"range_m": 20_000, "azimuth_deg": 45.0, "levels": 6}),
        (44, struct.pack("<7if2i", 1, 2, 3, 4, 5, 6, 7, 8.5, 9, 10), {"base_1": 2, "area": 8.5, "logic": 10}),
        (29, b"", {}),
        (48, b"", {}),
    ],
)
def test_of_what_nobody_described_head_and_parameters_are_read(
    kind: int, parameters: bytes, expected: dict[str, float]
) -> None:
    product = read(made.head(kind, parameters) + b"\xff" * 77)
    assert expected.items() <= product.parameters.items()
    assert (product.rasters, product.radials, product.tables, product.role) == ((), (), (), Role.OTHER)
    assert codes_of(product) == ["radar.odd.data_not_read"]
    assert "77 bytes" in product.oddities[0]
    assert is_unproven(product.layout)


def test_parameters_hold_texts_and_heights_too() -> None:
    texts = struct.pack("<i16s16s16s", 3, b"PPI", "雨".encode("gbk"), b"")
    user = read(made.head(91, texts) + made.raster([[66, 67]]))
    assert {key: user.parameters[key] for key in ("algorithm", "input_1", "input_2", "input_3")} == {
        "algorithm": 3,
        "input_1": "PPI",
        "input_2": "雨",
        "input_3": "",
    }
    vwp = read(made.head(32, struct.pack("<i3h", 3, 500, 1000, 1500)) + made.winds([1, 1, 1]))
    assert vwp.parameters["heights_m"] == "500 1000 1500"
    silly = read(made.head(31, struct.pack("<i", 31)) + bytes(64))
    assert silly.parameters["heights_m"] == ""


def test_a_float_that_is_none_is_unknown_not_infinite() -> None:
    product = read(made.head(14, struct.pack("<3f", 0.5, math.nan, math.inf)) + made.radial(RAYS, (3, 2, 129, 1)))
    assert (product.parameters["speed_ms"], product.parameters["direction_deg"]) == (None, None)


def test_every_kind_is_read_or_only_its_head_is_and_the_unproven_are_listed() -> None:
    proven = {1, 3, 4, 23, 27, 30, 31, 37, 38, 39, 40, 41, 49, 51}
    assert {kind for kind in KINDS if not is_unproven(f"standard.{kind}")} == proven
    assert not is_unproven("standard.4")


def test_a_type_that_nobody_described_is_refused_by_name() -> None:
    error = refusal(made.head(77, name=b"NEWONE") + bytes(500))
    assert (error.code, error.facts["product"], error.facts["name"]) == (
        "radar.standard_product_not_read",
        77,
        "NEWONE",
    )
    assert error.facts["byte"] == 416 + 2 * 256


def test_two_types_in_one_head_are_refused_and_an_unset_one_is_not() -> None:
    assert (
        refusal(made.head(1, AT_HALF_A_DEGREE, announced=23) + made.radial(RAYS)).code == "radar.product_types_differ"
    )
    assert read(made.head(1, AT_HALF_A_DEGREE, announced=0) + made.radial(RAYS)).code == 1


def test_a_site_never_set_is_unknown_and_an_impossible_height_dropped() -> None:
    product = read(made.head(1, AT_HALF_A_DEGREE, lat=0.0, lon=0.0, antenna=99_999) + made.radial(RAYS))
    assert not product.site.placed
    assert math.isnan(product.site.altitude_m)
    assert len(product.oddities) == 2


def test_recognition_needs_the_mark_and_the_kind() -> None:
    raw = made.head(1)
    assert cma_product.recognizes(raw, len(raw))
    assert not cma_product.recognizes(fmt_bytes.small_volume(), 9999)
    assert not cma_product.recognizes(b"RSTM", 4)

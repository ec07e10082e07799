"""Rays of legacy PUP products: where each starts and how wide it is, levels of velocity and rain, damage by name."""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.errors import DataError
from models.radar.decoders import pup, read
from models.radar.product import Product, Role
from models.radar.proven import UNPROVEN, is_unproven
from tests import data
from tests.models.radar import pup_bytes as made
from tests.walks.raw_pup import read_raw

FOLDER = "radar/cinrad_pup_z9200_20110916"
TWO_RAYS = [(3597, 12, [0, 1, 2, 15] + [7] * 226), (8, 11, [3] * 230)]
RAYS = [(start, 10, [n % 16] * 230) for n, start in enumerate(range(0, 3600, 10))]


def product_of(rays: Sequence[made.Ray], **facts: Any) -> Product:
    return pup.decode(made.product(made.radial(rays), **{"code": 19, "elevation": (1, 5), **facts}), "made.200")


def refusal(packets: bytes, code: int = 19) -> DataError:
    with pytest.raises(DataError) as caught:
        pup.decode(made.product(packets, code=code), "broken.200")
    assert caught.value.sentence("zh") != str(caught.value)
    return caught.value


def test_rays_keep_their_own_starts_and_widths_though_they_overlap() -> None:
    product = product_of(TWO_RAYS, maximum=75)
    (layer,) = product.radials
    assert layer.azimuth_deg.tolist() == pytest.approx([359.7, 0.8])
    assert layer.width_deg.tolist() == pytest.approx([1.2, 1.1])
    assert layer.codes.tolist() == [list(levels) for _, _, levels in TWO_RAYS]
    assert (layer.name, layer.unit, layer.gate_m, layer.start_m) == ("R", "dBZ", 1000.0, 0.0)
    assert (layer.elevation_deg, math.isnan(layer.height_m)) == (0.5, True)
    assert (product.role, product.range_m, product.oddities) == (Role.SWEEP, 230_000.0, ())


def test_the_first_bin_may_lie_further_out() -> None:
    packets = made.radial([(0, 10, [1] * 5)], first=3)
    (layer,) = pup.decode(made.product(packets, code=20, maximum=5), "made.200").radials
    assert (layer.gate_m, layer.start_m, layer.codes.shape) == (2000.0, 6000.0, (1, 5))


def test_a_negative_threshold_of_reflectivity_is_a_value_like_any_other() -> None:
    words = (0x8002, 0x0105, 0x0000, *(0x0200 | value for value in range(5, 70, 5)))
    values = product_of([(0, 10, [0, 1, 2, 3])], words=words, maximum=5).radials[0].values()
    assert values.tolist() == [[-math.inf, -5.0, 0.0, 5.0]]


def test_velocity_is_in_meters_a_second_and_folded_range_is_no_value() -> None:
    rays = [(0, 10, list(range(16)))]
    product = product_of(rays, code=27, words=made.KNOT_WORDS, values=(-52, 52))
    values = product.radials[0].values()[0]
    knots = [-53, -39, -29, -19, -10, -2, -1, 0, 2, 10, 19, 29, 39, 53]
    assert np.isneginf(values[0])
    assert values[1:15].tolist() == pytest.approx([knot * 1852 / 3600 for knot in knots])
    assert np.isnan(values[15])
    assert (product.name, product.unit, product.role) == ("V", "m/s", Role.SWEEP)
    assert product.maximum == pytest.approx(52 * 1852 / 3600)
    assert (product.parameters["lowest_ms"], product.parameters["highest_ms"]) == (-26.75, 26.75)
    assert product.oddities == ()


def test_rain_is_in_millimeters() -> None:
    rays = [(start, 10, [0, 1, 2, 15]) for start in range(0, 3600, 10)]
    product = product_of(rays, code=78, elevation=(0, 0), words=made.INCH_WORDS, values=(80, 100, 50))
    levels = product.radials[0].levels
    assert levels is not None
    assert levels[[1, 2, 3, 15]].tolist() == pytest.approx([0, 2.54, 6.35, 203.2])
    assert product.maximum == pytest.approx(203.2)
    assert (product.unit, product.role, product.radials[0].gate_m) == ("mm", Role.RAIN, 2000.0)
    assert (product.parameters["gauge_bias"], product.parameters["gauge_bias_error"]) == (1.0, 0.5)
    assert math.isnan(product.radials[0].elevation_deg)
    assert product.oddities == ()


def test_a_maximum_that_no_bin_shows_is_said() -> None:
    product = product_of([(0, 10, [0, 3])], maximum=40)
    assert [str(odd) for odd in product.oddities] == [
        "the stated maximum 40 does not fit the highest level shown, 3 (from 15)"
    ]


@pytest.mark.parametrize(
    ("code", "name", "gate_m", "range_m"),
    [
        *((16, "R", 1000, 230e3), (17, "R", 2000, 460e3), (18, "R", 4000, 460e3), (21, "R", 4000, 460e3)),
        *((22, "V", 250, 60e3), (23, "V", 500, 115e3), (24, "V", 1000, 230e3), (25, "V", 250, 60e3)),
        *((26, "V", 500, 115e3), (28, "SW", 250, 60e3), (29, "SW", 500, 115e3), (30, "SW", 1000, 230e3)),
        *((79, "THP", 2000, 230e3), (80, "STP", 2000, 230e3)),
    ],
)
def test_the_family_is_read_by_the_same_layout_and_marked_unproven(
    code: int, name: str, gate_m: float, range_m: float
) -> None:
    product = product_of(TWO_RAYS, code=code)
    assert (product.name, product.radials[0].gate_m, product.range_m) == (name, gate_m, range_m)
    assert is_unproven(product.layout)
    assert f"({name}" in UNPROVEN[product.layout]


def test_digital_rays_are_plain_codes_and_unproven() -> None:
    """h31 is the least value and h32 the step, both times ten; codes 0 and 1 are no values."""
    words = (0xFEC0, 5, 254, *[0] * 13)  # -32.0 dBZ, 0.5 dBZ a step
    packets = made.digital([(0, 10, [0, 1, 2, 66, 255]), (10, 10, [9] * 5)])
    product = pup.decode(made.product(packets, code=19, words=words), "made.200")
    assert product.layout == "pup.digital"
    assert is_unproven(product.layout)
    values = product.radials[0].values()
    assert values[0, 2:].tolist() == [-32.0, 0.0, 94.5]
    assert np.isneginf(values[0, 0])
    assert np.isnan(values[0, 1])
    assert values[1].tolist() == [-28.5] * 5


def test_digital_rays_may_be_padded_to_an_even_length() -> None:
    packets = made.digital([(0, 10, [9, 8, 7, 0])], bins=3)
    words = (0, 10, 254, *[0] * 13)
    assert pup.decode(made.product(packets, words=words, code=19), "made.200").radials[0].codes.tolist() == [[9, 8, 7]]


@pytest.mark.parametrize(
    ("packets", "code", "byte"),
    [
        (made.radial([(0, 10, [1] * 230), (10, 10, [1] * 229)]), "radar.bad_row_width", None),
        (made.radial([(0, 10, [1] * 230)], bins=231), "radar.bad_row_width", 156),
        (made.radial([(0, 10, [1, 2] * 115)], bins=40), "radar.bad_row", 150),
        (made.radial([(-1, 10, [1] * 230)]), "radar.bad_ray_angle", 152),
        (made.radial([(3701, 10, [1] * 230)]), "radar.bad_ray_angle", 152),
        (made.radial([(0, 0, [1] * 230)]), "radar.bad_ray_angle", 152),
        (made.radial([(0, 301, [1] * 230)]), "radar.bad_ray_angle", 152),
        (made.radial([(0, 10, [1] * 230)], bins=0), "radar.bad_rays", 138),
        (made.radial([(0, 10, [1] * 230)], bins=9000), "radar.bad_rays", 138),
        (made.radial([(0, 10, [1] * 230)], first=-1), "radar.bad_rays", 138),
        (made.radial([(0, 10, [1] * 230)], announced=0), "radar.bad_packet", None),
        (made.radial(RAYS, announced=361), "radar.bad_row", None),
        (made.radial(RAYS, announced=359), "radar.bad_packet", None),
        (made.radial(RAYS, announced=-1), "radar.bad_packet", 148),
        (made.radial([], bins=230), "radar.bad_rays", 138),
        (made.digital([(0, 10, [1] * 8)], bins=9), "radar.bad_row_width", 156),
        (made.digital([(0, 10, [1] * 8)]), "radar.bad_digital_levels", 60),
        (made.packet(1, b"\0\1\0\2hi"), "radar.no_raster", 120),
    ],
)
def test_what_is_wrong_with_rays_is_named_with_its_byte(packets: bytes, code: str, byte: int | None) -> None:
    error = refusal(packets)
    assert error.code == code
    assert byte is None or error.facts["byte"] == byte


def rays_by_hand(path: Path) -> tuple[list[tuple[int, int]], list[list[int]]]:
    """Return starts and steps in tenths, and levels, byte by byte; shares nothing with the decoder."""
    raw = path.read_bytes()
    at = raw.index(b"\xaf\x1f") + 12
    count = int.from_bytes(raw[at : at + 2], "big")
    at += 2
    angles, rows = [], []
    for _ in range(count):
        half_words, start, step = struct.unpack(">hhh", raw[at : at + 6])
        angles.append((start, step))
        levels: list[int] = []
        for run in raw[at + 6 : at + 6 + 2 * half_words]:
            levels += [run & 15] * (run >> 4)
        rows.append(levels)
        at += 6 + 2 * half_words
    return angles, rows


@pytest.mark.parametrize("folder", ["R_19", "R_20", "V_27", "OHP_78"])
def test_every_ray_of_the_night_is_as_its_raw_runs(folder: str) -> None:
    paths = sorted(data.need(f"{FOLDER}/{folder}").iterdir())
    assert len(paths) == 25
    for path in paths:
        product = read(path)
        assert isinstance(product, Product)
        (layer,) = product.radials
        angles, rows = rays_by_hand(path)
        assert np.array_equal(layer.codes, np.array(rows, np.uint8))
        assert layer.azimuth_deg.tolist() == pytest.approx([start % 3600 / 10 for start, _ in angles], abs=1e-4)
        assert layer.width_deg.tolist() == pytest.approx([step / 10 for _, step in angles])
        assert product.oddities == ()


def test_a_bin_of_the_far_picture_is_the_larger_of_two_of_the_near_one() -> None:
    """R 20 bin k = the maximum of R 19's bins 2k and 2k + 1, in every ray of the night."""
    bins = 0
    for near_path in sorted(data.need(f"{FOLDER}/R_19").iterdir()):
        near = read(near_path)
        far = read(near_path.parents[1] / "R_20" / near_path.name.replace(".19.", ".20."))
        assert isinstance(near, Product)
        assert isinstance(far, Product)
        assert far.range_m == 2 * near.range_m == 460_000.0
        pairs = near.radials[0].codes.reshape(-1, 115, 2).max(axis=2)
        assert np.array_equal(far.radials[0].codes[:, :115], pairs)
        bins += pairs.size
    assert bins > 1_000_000


def test_composite_and_lowest_cut_lie_the_same_way_on_the_ground() -> None:
    """The composite's raster against the rays of 0.5 degrees: 0.91, and every other orientation far below."""
    raw = read_raw(min(data.need(f"{FOLDER}/CR_37").iterdir()))
    product = read(min(data.need(f"{FOLDER}/R_19").iterdir()))
    assert isinstance(product, Product)
    (layer,) = product.radials
    north = (231.5 - np.arange(464))[:, None] * np.ones(464)
    east = -north.T
    azimuth, gate = np.degrees(np.arctan2(east, north)) % 360, np.hypot(east, north).astype(int)
    swept = np.zeros((464, 464))
    for ray in range(len(layer.codes)):
        inside = ((azimuth - float(layer.azimuth_deg[ray])) % 360 < float(layer.width_deg[ray])) & (gate < 230)
        swept[inside] = layer.codes[ray, gate[inside]]
    composite = np.array(raw.rows, float)
    turned = {(k, flip): np.rot90(composite.T if flip else composite, k) for k in range(4) for flip in (False, True)}
    found = {how: float(np.corrcoef(way.ravel(), swept.ravel())[0, 1]) for how, way in turned.items()}
    assert found.pop((0, False)) == pytest.approx(0.91, abs=0.01)
    assert max(found.values()) < 0.5


def test_velocity_levels_fill_alike_on_both_sides_of_zero() -> None:
    """Only with negative thresholds as the end nearer zero do levels k and 15 - k hold about as many bins."""
    counts = np.zeros(16)
    for path in sorted(data.need(f"{FOLDER}/V_27").iterdir()):
        product = read(path)
        assert isinstance(product, Product)
        counts += np.bincount(product.radials[0].codes.ravel(), minlength=16)
    for level in (5, 6, 7):
        assert counts[level] / counts[15 - level] == pytest.approx(1, abs=0.12)

"""All 230 legacy products that are at hand: each is read, and nothing in it contradicts its header."""

from __future__ import annotations

import math
import random
import struct
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from models.errors import DataError
from models.radar.decoders import pup, read
from models.radar.product import Product, Radial, Raster
from tests import data
from tests.counting import ends_soon
from tests.models.radar import pup_bytes as made

FOLDER = "radar/cinrad_pup_z9200_20110916"
COUNTS = {("R", 19): 28, ("R", 20): 25, ("V", 27): 27, ("CR", 37): 25, ("ET", 41): 25}
COUNTS |= {("VIL", 57): 25, ("OHP", 78): 25, ("VWP", 48): 25, ("STI", 58): 25}


def paths() -> list[Path]:
    night = [path for folder in data.need(FOLDER).iterdir() for path in folder.iterdir()]
    return sorted([*night, *data.need("radar/cinrad_pup_single").iterdir()])


def products() -> list[tuple[Path, Product]]:
    out = []
    for path in paths():
        product = read(path)
        assert isinstance(product, Product)
        out.append((path, product))
    return out


@pytest.fixture(scope="module")
def night() -> list[tuple[Path, Product]]:
    return products()


def time_in(name: str) -> datetime:
    digits = "".join(letter for letter in name if letter.isdigit())
    start = digits.index("20", 4 if name.startswith("Z") else 0)
    return datetime.strptime(digits[start : start + 14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def test_every_file_is_read_and_nothing_in_it_is_strange(night: list[tuple[Path, Product]]) -> None:
    assert Counter((product.name, product.code) for _, product in night) == COUNTS
    assert sum(COUNTS.values()) == 230
    assert [(path.name, odd) for path, product in night for odd in product.oddities] == []
    assert {product.parameters["vcp"] for _, product in night} == {21}
    assert {product.site.code for _, product in night} == {"Z9200", "Z9758"}


def test_the_volume_time_is_that_of_the_name(night: list[tuple[Path, Product]]) -> None:
    for path, product in night:
        assert abs((product.started_at - time_in(path.name)).total_seconds()) <= 1, path.name


def test_the_stated_maximum_falls_into_the_highest_level_that_is_shown(night: list[tuple[Path, Product]]) -> None:
    """Within the rounding of the header: whole dBZ, kft and kg/m2, tenths of an inch."""
    rounding = {"dBZ": 0.5, "km": 0.1524, "kg/m2": 0.5, "mm": 1.27}
    checked = 0
    for path, product in night:
        if product.unit not in rounding:
            continue
        layer: Raster | Radial = product.rasters[0] if product.rasters else product.radials[0]
        assert layer.levels is not None
        highest = int(layer.codes.max())
        above = float(layer.levels[highest + 1]) if highest < 15 else math.inf
        slack = rounding[product.unit] + 1e-3
        assert float(layer.levels[highest]) - slack <= product.maximum <= above + slack, path.name
        checked += 1
    assert checked == 28 + 25 + 25 + 25 + 25 + 25


def test_every_layer_ends_where_its_length_says() -> None:
    """Counted from the raw bytes: the blocks follow each other without a gap, to the last byte of the file."""
    for path in paths():
        raw = path.read_bytes()
        assert struct.unpack(">I", raw[8:12])[0] == len(raw)
        at = 120
        for number, offset in enumerate(struct.unpack(">3I", raw[108:120]), start=1):
            if offset:
                assert 2 * offset == at
                assert struct.unpack(">hh", raw[at : at + 4]) == (-1, number)
                at += struct.unpack(">I", raw[at + 4 : at + 8])[0]
        assert at == len(raw), path.name


def test_a_damaged_length_anywhere_is_refused(night: list[tuple[Path, Product]]) -> None:
    """One file of each kind; its symbology, layer, graphic and tabular lengths off by two, up and down."""
    seen: set[int] = set()
    tried = 0
    for path, product in night:
        if product.code in seen:
            continue
        seen.add(product.code)
        raw = path.read_bytes()
        places = [124, 132]
        places += [2 * offset + 4 for offset in struct.unpack(">2I", raw[112:120]) if offset]
        for place in places:
            for step in (-2, 2):
                broken = bytearray(raw)
                length = struct.unpack(">I", raw[place : place + 4])[0]
                broken[place : place + 4] = struct.pack(">I", length + step)
                with pytest.raises(DataError):
                    pup.decode(bytes(broken), path.name)
                tried += 1
    assert tried == 2 * (9 * 2 + 5)


def test_a_file_cut_anywhere_says_where_it_ends(night: list[tuple[Path, Product]]) -> None:
    dice = random.Random(20261121)
    for path in {product.code: path for path, product in night}.values():
        raw = path.read_bytes()
        for end in dice.sample(range(32, len(raw)), 12):
            with pytest.raises(DataError) as caught:
                pup.decode(raw[:end], path.name)
            assert caught.value.code == "radar.cut_off"
            assert caught.value.facts["byte"] == end


def test_mutants_of_every_kind_end_in_a_named_error_or_a_product(night: list[tuple[Path, Product]]) -> None:
    """Flipped bytes, gaps and swollen counts: nothing else is ever raised, and none takes a second."""
    dice = random.Random(20261121)
    originals = [path.read_bytes() for path in {product.code: path for path, product in night}.values()]
    outcomes: Counter[str] = Counter()
    sentences: list[str] = []
    for _ in range(data.long_count(900, 20_000)):
        raw = bytearray(dice.choice(originals))
        for _ in range(dice.choice([1, 1, 1, 4])):
            where = dice.randrange(min(len(raw), dice.choice([150, 400, 4000, len(raw)])) - 4)
            kind = dice.randrange(4)
            if kind == 0:
                raw[where] ^= 1 << dice.randrange(8)
            elif kind == 1:
                raw[where : where + 2] = struct.pack(">h", dice.choice([-1, 0, 32767, -32768, 1, 15, 17, 230]))
            elif kind == 2:
                raw[where : where + 4] = struct.pack(">I", dice.choice([0, 2**31, 2**32 - 1, dice.randrange(99_999)]))
            else:
                raw[where : where + 30] = dice.randbytes(30)
        raw[18:20] = b"\xff\xff"
        with ends_soon():
            try:
                product = pup.decode(bytes(raw), "mutant.200")
            except DataError as error:
                sentences += [error.sentence("zh"), error.sentence("en")]
                outcomes[error.code] += 1
            else:
                outcomes["read"] += 1
                for odd in product.oddities:
                    assert odd
                assert all(raster.values().shape == raster.codes.shape for raster in product.rasters)
                assert all(radial.values().shape == radial.codes.shape for radial in product.radials)
    assert all("mutant.200" in sentence for sentence in sentences)
    assert outcomes["read"] > 100
    assert len(outcomes) > 8


@pytest.mark.parametrize(
    "packets",
    [
        made.packet(10, b"") * 900_000,
        made.packet(8, b"\0\1\0\2\0\3") * 300_000,
        made.radial([(0, 10, [1])], announced=32_767) + b"\0\1\0\0\0\x0a\x11\0" * 400_000,
        made.raster([[1]], announced=32_767) + b"\0\1\x11" * 1_000_000,
    ],
)
def test_a_file_swollen_with_tiny_parts_is_refused_soon(packets: bytes) -> None:
    raw = made.product(packets, code=58)
    with ends_soon(), pytest.raises(DataError):
        pup.decode(raw, "swollen.200")


def test_the_product_of_another_day_and_radar_has_its_own_levels(night: list[tuple[Path, Product]]) -> None:
    """Z9200 of 2016 begins at -5 dBZ: a level of its own, never "nothing there"."""
    (product,) = [product for path, product in night if path.name == "20160417.150000.02.19.200"]
    layer = product.radials[0]
    assert layer.levels is not None
    assert layer.levels[1:4].tolist() == [-5.0, 0.0, 5.0]
    assert int((layer.codes == 1).sum()) == 2816
    assert np.isneginf(layer.values()[layer.codes == 0]).all()
    assert layer.elevation_deg == 1.5
    assert product.site.altitude_m == pytest.approx(178.9)

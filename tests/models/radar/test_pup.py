"""Legacy PUP rasters and headers: levels, thresholds, units, the one clock that counts, and refusals by name."""

from __future__ import annotations

import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from models.errors import DataError
from models.radar.decoders import pup, read
from models.radar.layouts.pup_levels import thresholds
from models.radar.layouts.pup_packets import LARGEST_BYTES
from models.radar.product import Product, Role
from models.radar.proven import is_unproven
from tests import data
from tests.models.radar import pup_bytes
from tests.walks.raw_pup import read_raw

FOLDER = "radar/cinrad_pup_z9200_20110916"
EMPTY = pup_bytes.raster([[0] * 464] * 464)


def levels_of(product: Product) -> np.ndarray:
    levels = product.rasters[0].levels
    assert levels is not None
    return levels


def lopsided(cells: int = 464) -> list[list[int]]:
    """Return levels with one corner, one edge and one block, all different."""
    rows = [[0] * cells for _ in range(cells)]
    rows[0][0] = 15
    rows[3][cells - 1] = 7
    for row in range(100, 110):
        rows[row][20:60] = [4] * 40
    return rows


def refusal(raw: bytes) -> DataError:
    with pytest.raises(DataError) as caught:
        pup.decode(raw, "broken.200")
    assert "broken.200" in caught.value.sentence("zh")
    assert caught.value.sentence("zh") != str(caught.value)
    return caught.value


def test_a_raster_comes_out_as_it_was_written_with_north_on_top() -> None:
    rows = lopsided()
    values = (69, 0, 0, 0, *struct.unpack(">hh", struct.pack(">f", 17.25)), 0)
    product = pup.decode(pup_bytes.product(pup_bytes.raster(rows), values=(77, *values[1:])), "made.200")
    assert np.array_equal(product.rasters[0].codes, np.array(rows, np.uint8))
    assert (product.code, product.name, product.unit, product.role) == (37, "CR", "dBZ", Role.COMPOSITE)
    assert (product.rasters[0].cell_m, product.range_m, product.maximum) == (1000.0, 230_000.0, 77.0)
    assert (product.site.code, product.site.lon_deg, product.site.lat_deg) == ("Z9200", 113.355, 23.004)
    assert product.site.altitude_m == pytest.approx(180.4)
    assert product.started_at == datetime(2011, 9, 16, 0, 6, tzinfo=UTC)
    assert product.parameters == {"vcp": 21, "volume": 32, "calibration_db": 17.25}
    assert np.isneginf(levels_of(product)[0])
    assert levels_of(product)[1:].tolist() == [float(value) for value in range(5, 80, 5)]
    assert (product.oddities, product.tables, product.radials) == ((), (), ())
    assert not is_unproven(product.layout)


def test_other_packets_and_both_raster_codes_are_understood() -> None:
    rows = lopsided()
    packets = struct.pack(">HH6x", 8, 6) + pup_bytes.raster(rows, packet=0xBA0F)
    assert pup.decode(pup_bytes.product(packets), "made.200").rasters[0].codes[0, 0] == 15


def test_echo_tops_are_kilometers_and_their_cells_four() -> None:
    rows = [[0] * 116 for _ in range(116)]
    rows[1][2] = 3
    words = (0x8002, *(0x0200 | value for value in range(0, 75, 5)))
    product = pup.decode(pup_bytes.product(pup_bytes.raster(rows), code=41, words=words, maximum=12), "et.200")
    assert (product.name, product.unit, product.rasters[0].cell_m) == ("ET", "km", 4000.0)
    assert product.role is Role.ECHO_TOP
    assert levels_of(product)[3] == pytest.approx(10 * 0.3048)
    assert product.maximum == pytest.approx(12 * 0.3048)


def test_the_coarse_composite_is_unproven_and_reaches_460_km() -> None:
    product = pup.decode(pup_bytes.product(pup_bytes.raster([[1] * 232] * 232), code=38, maximum=7), "cr.200")
    assert (product.role, product.range_m, product.rasters[0].cell_m) == (Role.COMPOSITE, 460_000.0, 4000.0)
    assert is_unproven(product.layout)


def test_thresholds_follow_their_flags() -> None:
    words = [0x8002, 0x0135, 0x010A, 0x0000, 0x0202, 0x1019, 0x4019, 0x200A, 0x2800, 0x8003, 0xA002, *[0x8000] * 5]
    found = thresholds(bytes(60) + struct.pack(">16H", *words))
    assert found.dtype == np.float32
    assert np.isnan(found[[0, 9, 10, 11, 15]]).all()
    assert found[1:9].tolist() == [-53, -10, 0, 2, 2.5, 0.25, 0.5, 0]


def test_strange_things_are_said() -> None:
    raw = pup_bytes.product(pup_bytes.raster(lopsided()), maximum=20, source=-3, tail=b"abc")
    product = pup.decode(raw, "odd.200")
    assert product.site.code == "-3"
    assert [str(odd) for odd in product.oddities] == [
        f"3 bytes follow the end at byte {len(raw) - 3} and were not read",
        "the stated maximum 20 does not fit the highest level shown, 15 (from 75)",
    ]


@pytest.mark.parametrize(
    ("raw", "code", "byte"),
    [
        (pup_bytes.product(pup_bytes.raster([[0] * 464] * 100)), "radar.bad_row_count", 154),
        (pup_bytes.product(pup_bytes.raster([[0] * 464] * 463 + [[0] * 463])), "radar.bad_row_width", None),
        (pup_bytes.product(EMPTY, lat=91_000), "radar.bad_site", 20),
        (pup_bytes.product(EMPTY, lat=0, lon=0), "radar.bad_site", 20),
        (pup_bytes.product(EMPTY, day=0), "radar.bad_time", 40),
        (pup_bytes.product(EMPTY, second=86_400), "radar.bad_time", 40),
        (pup_bytes.product(EMPTY, elevation=(1, 1200)), "radar.bad_product_elevation", 58),
        (pup_bytes.product(EMPTY, symbology=2**31), "radar.bad_block", 108),
        (pup_bytes.product(EMPTY, symbology=61), "radar.bad_block", 108),
        (pup_bytes.product(EMPTY, symbology=1), "radar.bad_block", 108),
        (pup_bytes.product(EMPTY, symbology=0), "radar.no_raster", 0),
        (pup_bytes.product(EMPTY, layers=0), "radar.bad_block", 130),
        (pup_bytes.product(EMPTY, layers=-5), "radar.bad_block", 130),
        (pup_bytes.product(pup_bytes.packet(8, b"") + EMPTY), "radar.bad_packet", 136),
        (pup_bytes.product(struct.pack(">HH", 10, 0)), "radar.no_raster", 120),
        (pup_bytes.product(struct.pack(">HH", 10, 2)), "radar.bad_packet", 136),
        (pup_bytes.product(b"\0\x0a\0"), "radar.bad_packet", 136),
        (pup_bytes.product(struct.pack(">HH", 10, 0), layers=2), "radar.bad_block", 140),
        (pup_bytes.product(struct.pack(">HH", 17, 0)), "radar.packet_not_read", 136),
        (pup_bytes.product(pup_bytes.raster([[0] * 464] * 3, announced=464)), "radar.bad_row", None),
        (pup_bytes.product(pup_bytes.raster([[0] * 464] * 3, announced=464) + b"\0\0"), "radar.bad_row", None),
        (pup_bytes.product(pup_bytes.raster([[0] * 464] * 3, announced=464) + b"\x7f\xff"), "radar.bad_row", None),
        (pup_bytes.product(pup_bytes.raster([[1, 2] * 240] * 464)), "radar.bad_row", 158),
        (pup_bytes.product(pup_bytes.raster([], announced=-1)), "radar.bad_packet", 154),
        (pup_bytes.product(pup_bytes.raster([], announced=464)[:8]), "radar.bad_packet", 136),
        (pup_bytes.product(EMPTY)[:-1], "radar.cut_off", None),
        (pup_bytes.product(EMPTY)[:60], "radar.cut_off", 60),
        (pup_bytes.product(EMPTY, length=0)[:100], "radar.cut_off", 100),
        (pup_bytes.product(EMPTY, length=LARGEST_BYTES + 1), "radar.product_too_long", 8),
        (pup_bytes.product(EMPTY, length=200), "radar.bad_block", 124),
    ],
)
def test_what_is_wrong_is_named_with_its_byte(raw: bytes, code: str, byte: int | None) -> None:
    error = refusal(raw)
    assert error.code == code
    assert 0 <= error.facts["byte"] <= len(raw)
    if byte is not None:
        assert error.facts["byte"] == byte


def test_a_layer_longer_than_its_block_is_named() -> None:
    raw = bytearray(pup_bytes.product(EMPTY))
    raw[132:136] = struct.pack(">I", len(raw))
    assert refusal(bytes(raw)).facts["byte"] == 132
    raw[130:132] = b"\0\0"
    assert refusal(bytes(raw)).facts["byte"] == 130


@pytest.mark.parametrize("code", [999, 15, 101, 294])
def test_unknown_products_are_refused_by_their_code(code: int) -> None:
    error = refusal(pup_bytes.product(b"", code=code))
    assert (error.code, error.facts["code"]) == ("radar.product_not_read", code)
    assert str(code) in str(error)


def test_every_known_product_is_proven_by_a_real_file_or_marked() -> None:
    proven = {code for code in pup._KINDS if not is_unproven(f"pup.{code}")}
    folders = {int(path.name.rpartition("_")[2]) for path in data.need(FOLDER).iterdir()}
    assert proven == folders


@pytest.mark.parametrize("folder", ["CR_37", "ET_41", "VIL_57"])
def test_every_raster_of_the_night_is_as_its_raw_runs(folder: str) -> None:
    """Every cell of 75 products against a reading that shares nothing with the decoder."""
    paths = sorted(data.need(f"{FOLDER}/{folder}").iterdir())
    assert len(paths) == 25
    for path in paths:
        product = read(path)
        raw = read_raw(path)
        assert isinstance(product, Product)
        assert np.array_equal(product.rasters[0].codes, np.array(raw.rows, np.uint8))
        assert product.started_at == raw.at == name_time(path)
        assert (product.site.lat_deg, product.site.lon_deg) == (raw.lat_deg, raw.lon_deg)
        factor = 0.3048 if folder == "ET_41" else 1.0
        assert levels_of(product)[1:].tolist() == pytest.approx([word * factor for word in raw.thresholds[1:]])
        assert product.oddities == ()


def name_time(path: Path) -> datetime:
    day, time = path.name.split(".")[:2]
    return datetime.strptime(day + time, "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def test_the_generation_time_is_never_taken() -> None:
    """It is Beijing time in these files: eight hours more than the volume time."""
    path = min(data.need(f"{FOLDER}/CR_37").iterdir())
    raw = path.read_bytes()
    day, second = struct.unpack(">HI", raw[46:52])
    generated = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=day - 1, seconds=second)
    product = read(path)
    assert timedelta(hours=7.9) < generated - product.started_at < timedelta(hours=8.2)

"""Broken standard products: counts that lie, sizes that cannot be, half files; each refused by name and byte."""

from __future__ import annotations

import random
import struct
import tracemalloc
from collections.abc import Callable

import pytest

from models.errors import DataError
from models.radar.decoders import cma_product
from models.radar.product import Product
from tests import data
from tests.counting import ends_soon
from tests.models.radar import product_bytes as made
from tests.models.radar.test_read import mutated

HEAD = len(made.head(1))
PPI = made.head(1, struct.pack("<f", 0.5)) + made.radial([[66, 70, 80], [90, 5, 6], [7, 8, 9], [1, 2, 3]])
RAY = 32 + 3
VIL = made.head(23) + made.raster([[5, 6], [7, 8]], (73, 2, 5, 1))
CAPPI = made.head(3, struct.pack("<4i", 1, 2000, 2000, 1)) + made.radial([[66, 70]])
STP = made.head(27) + made.radial([[100, 110]], (75, 50, 100, 2)) + bytes(192)
MAX = made.head(4) + b"".join(made.raster([[66, 67]]) for _ in range(3))
STI = made.head(37) + made.tracks()
SS = made.head(41) + made.structure()
HI = made.head(38) + made.hail()
M = made.head(39) + made.mesocyclones()
TVS = made.head(40) + made.vortices(2, 1)
VWP = made.head(32, struct.pack("<i2h", 2, 500, 1000)) + made.winds([1, 1])
SWP = made.head(36) + made.words("iifi", 1, 30_000, 45.0, 60)
CONTOUR = made.head(49, struct.pack("<3i2f", 75_000, 6, 2, 0.0, 1.0)) + made.contours([0.0, 1.0], [0, 0])
VAD = made.head(31, struct.pack("<ih", 1, 3000)) + made.words("fii", 5.7, 3000, 28_513) + bytes(52)
ALL = {
    "PPI": PPI, "VIL": VIL, "CAPPI": CAPPI, "STP": STP, "MAX": MAX, "STI": STI, "SS": SS, "HI": HI, "M": M, "TVS": TVS,
    "VWP": VWP, "SWP": SWP, "CONTOUR": CONTOUR, "VAD": VAD,
}  # fmt: skip
NAN, INF = float("nan"), float("inf")


def put(raw: bytes, at: int, form: str, value: float) -> bytes:
    out = bytearray(raw)
    struct.pack_into(form, out, at, value)
    return bytes(out)


def refusal(raw: bytes) -> DataError:
    with pytest.raises(DataError) as caught:
        cma_product.decode(raw, "broken")
    assert "broken" in str(caught.value)
    assert "broken" in caught.value.sentence("zh")
    return caught.value


@pytest.mark.parametrize("name", ALL)
def test_the_sound_ones_are_read(name: str) -> None:
    assert isinstance(cma_product.decode(ALL[name], "sound"), Product)


@pytest.mark.parametrize(
    ("raw", "at", "form", "value", "code"),
    [
        (PPI, 72, "<f", 91.0, "radar.bad_site"),
        (PPI, 76, "<f", NAN, "radar.bad_site"),
        (PPI, 336, "<i", 0, "radar.bad_cut_count"),
        (PPI, 336, "<i", 2**31 - 1, "radar.bad_cut_count"),
        (PPI, 336, "<i", 200, "radar.cut_off"),
        (PPI, 336, "<i", 1, "radar.product_types_differ"),
        (PPI, HEAD - 64, "<f", NAN, "radar.bad_angle"),
        (PPI, HEAD - 64, "<f", 91.0, "radar.bad_angle"),
        (PPI, HEAD + 4, "<i", 0, "radar.bad_coding"),
        (PPI, HEAD + 4, "<i", -2, "radar.bad_coding"),
        (PPI, HEAD + 12, "<h", 4, "radar.bad_coding"),
        (PPI, HEAD + 12, "<h", 2, "radar.bad_bins"),
        (PPI, HEAD + 16, "<i", 0, "radar.bad_image_scale"),
        (PPI, HEAD + 16, "<i", -75, "radar.bad_image_scale"),
        (PPI, HEAD + 16, "<i", 2**31 - 1, "radar.bad_image_scale"),
        (PPI, HEAD + 20, "<i", -2_000_000, "radar.bad_image_scale"),
        (PPI, HEAD + 28, "<i", 0, "radar.bad_image_size"),
        (PPI, HEAD + 28, "<i", -1, "radar.bad_image_size"),
        (PPI, HEAD + 28, "<i", 2**31 - 1, "radar.bad_image_size"),
        (PPI, HEAD + 28, "<i", 5, "radar.cut_off"),
        (PPI, HEAD + 64, "<f", NAN, "radar.bad_angle"),
        (PPI, HEAD + 64 + RAY, "<f", 400.0, "radar.bad_angle"),
        (PPI, HEAD + 64 + 2 * RAY + 4, "<f", NAN, "radar.bad_angle"),
        (PPI, HEAD + 64 + 4, "<f", 0.0, "radar.bad_angle"),
        (PPI, HEAD + 64 + 8, "<i", 0, "radar.bad_bins"),
        (PPI, HEAD + 64 + 8, "<i", -3, "radar.bad_bins"),
        (PPI, HEAD + 64 + 8, "<i", 9000, "radar.bad_bins"),
        (PPI, HEAD + 64 + 8, "<i", 8000, "radar.cut_off"),
        (PPI, HEAD + 64 + 3 * RAY + 8, "<i", 4, "radar.cut_off"),
        (VIL, HEAD + 16, "<i", 0, "radar.bad_image_scale"),
        (VIL, HEAD + 20, "<i", 1_000_000, "radar.bad_image_scale"),
        (VIL, HEAD + 24, "<i", 3, "radar.cut_off"),
        (VIL, HEAD + 24, "<i", 2**31 - 1, "radar.bad_image_size"),
        (VIL, HEAD + 28, "<i", 0, "radar.bad_image_size"),
        (VIL, HEAD + 28, "<i", -2, "radar.bad_image_size"),
        (CAPPI, HEAD - 64, "<i", 2**31 - 1, "radar.bad_layer_count"),
        (CAPPI, HEAD - 64, "<i", 0, "radar.bad_layer_count"),
        (CAPPI, HEAD - 64, "<i", 2, "radar.cut_off"),
        (STI, HEAD, "<i", 2**31 - 1, "radar.bad_table_count"),
        (STI, HEAD, "<i", -1, "radar.bad_table_count"),
        (STI, HEAD + 8, "<i", 2**31 - 1, "radar.bad_table_count"),
        (STI, HEAD + 8, "<i", -4, "radar.bad_table_count"),
        (STI, HEAD + 20, "<f", NAN, "radar.bad_table_place"),
        (STI, HEAD + 24, "<i", -5, "radar.bad_table_place"),
        (STI, HEAD + 20 + 48, "<i", 2**31 - 1, "radar.bad_table_count"),
        (SS, HEAD, "<i", 2**31 - 1, "radar.bad_table_count"),
        (SS, HEAD + 4 + 64 + 4, "<i", 2**31 - 1, "radar.bad_table_count"),
        (SS, HEAD + 4 + 4, "<f", INF, "radar.bad_table_place"),
        (HI, HEAD, "<i", 2**31 - 1, "radar.bad_table_count"),
        (HI, HEAD + 4 + 8, "<i", 2**31 - 1, "radar.bad_table_place"),
        (M, HEAD + 4, "<i", -1, "radar.bad_table_count"),
        (M, HEAD + 8, "<i", 2**31 - 1, "radar.bad_table_count"),
        (TVS, HEAD, "<i", 2**31 - 1, "radar.bad_table_count"),
        (TVS, HEAD + 4, "<i", -2, "radar.bad_table_count"),
        (VWP, HEAD + 4, "<i", 2**31 - 1, "radar.bad_table_count"),
        (SWP, HEAD, "<i", 2**31 - 1, "radar.bad_table_count"),
        (CONTOUR, HEAD + 4, "<i", 2**31 - 1, "radar.bad_table_count"),
        (CONTOUR, HEAD + 16, "<i", 1, "radar.bad_table_count"),
        (VAD, HEAD + 8, "<i", -1, "radar.bad_table_place"),
    ],
)
def test_damage_is_named_with_its_place(raw: bytes, at: int, form: str, value: float, code: str) -> None:
    error = refusal(put(raw, at, form, value))
    assert error.code == code
    if code not in {"radar.cut_off", "radar.product_types_differ", "radar.bad_bins"}:
        assert abs(error.facts["byte"] - at) <= 8


@pytest.mark.parametrize("name", ALL)
def test_a_file_cut_off_anywhere_is_refused(name: str) -> None:
    raw = ALL[name]
    for size in {*range(416, len(raw), 7), len(raw) - 1}:
        assert refusal(raw[:size]).code in {"radar.cut_off", "radar.bad_table_count"}


def test_a_negative_count_in_one_place_is_not_mended_by_another() -> None:
    assert refusal(put(put(TVS, HEAD, "<i", -2), HEAD + 4, "<i", 2)).code == "radar.bad_table_count"


def test_more_cells_than_any_product_has_are_refused_layer_by_layer(monkeypatch: pytest.MonkeyPatch) -> None:
    layer = made.radial([[66] * 4] * 2)
    two = made.head(3, struct.pack("<4i", 2, 2000, 1000, 1)) + layer * 2
    assert isinstance(cma_product.decode(two, "sound"), Product)
    monkeypatch.setattr(cma_product, "MOST_CELLS", 15)
    error = refusal(two)
    assert error.code == "radar.too_many_cells"
    assert error.facts["byte"] == HEAD + len(layer) + 64


def many_storms(storms: int) -> bytes:
    """Return an STI of storms with one forecast and one past place each."""
    out = made.words("iiiff", storms, storms, storms, 12.5, 225.0)
    out += made.words("fiffii", 45.0, 40_000, 10.0, 225.0, 900, 500) * storms
    out += made.words("ifii", 1, 45.0, 40_000, made.STARTED_S) * storms * 2
    out += made.words("iiifiififiiiiii", 1, 0, 0, 45.0, 40_000, 3000, 55.5, 2500, 8.25, 1, 1, 5000, 1, 900, 1) * storms
    return made.head(37) + out + made.words("ifi", 1000, 40.0, 1) * storms + bytes(40)


def test_the_most_storms_that_are_taken_are_read_soon() -> None:
    with ends_soon():
        product = cma_product.decode(many_storms(4000), "many")
    assert [len(table.rows) for table in product.tables] == [4000] * 4


def many_cells(rows: int, columns: int) -> bytes:
    return made.head(23) + made.image_header((73, 2, 5, 1), (75, 75, rows, columns)) + bytes(1000)


def long_rays() -> bytes:
    """One ray of 8000 gates among 80,000 of one."""
    rays = made.ray(0.0, [66] * 8000) + made.ray(1.0, [66]) * 80_000
    return made.head(1, struct.pack("<f", 0.5)) + made.image_header((2, 2, 66, 1), (75, 0, 75, 80_001)) + rays


def many_layers() -> bytes:
    """64 layers of which each alone would do."""
    layer = made.image_header((2, 2, 66, 1), (75, 0, 75, 100)) + made.ray(0.0, [66] * 8000) * 100
    return made.head(3, struct.pack("<4i", 64, 2000, 1000, 1)) + layer * 64


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: many_cells(8192, 8192), "radar.too_many_cells"),
        (lambda: many_cells(5000, 5000), "radar.cut_off"),
        (long_rays, "radar.too_many_cells"),
        (many_layers, "radar.too_many_cells"),
        (lambda: many_storms(4001), "radar.bad_table_count"),
        (lambda: made.head(37) + struct.pack("<i", 5000) * 100_000, "radar.bad_table_count"),
        (lambda: made.head(41) + struct.pack("<i", 5001) * 100_000, "radar.bad_table_count"),
        (lambda: made.head(38) + struct.pack("<i", 5000) + bytes(28 * 4999), "radar.bad_table_count"),
    ],
)
def test_hostile_sizes_end_soon_and_small(make: Callable[[], bytes], code: str) -> None:
    raw = make()
    tracemalloc.start()
    with ends_soon():
        error = refusal(raw)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert error.code == code
    assert peak < 100 * 1024**2


@pytest.mark.parametrize("name", ALL)
def test_mutants_end_in_the_named_error_or_a_product(name: str) -> None:
    """A fixed sample of flipped bytes, cuts, gaps and swollen counts: nothing else is ever raised."""
    dice = random.Random(20261121)
    refused = read = 0
    for _ in range(data.long_count(150, 3000)):
        try:
            product = cma_product.decode(mutated(ALL[name], dice), "mutant")
        except DataError as error:
            refused += "mutant" in error.sentence("zh") and "mutant" in error.sentence("en")
        else:
            read += all(raster.values().size for raster in product.rasters)
            assert all(radial.values().size for radial in product.radials)
    assert refused
    assert read

"""The door to all formats: by content, unpacked within bounds, refusals that say what a file seems to be."""

from __future__ import annotations

import bz2
import gzip
import os
import random
import struct
from collections import Counter
from pathlib import Path

import pytest

from models.errors import DataError
from models.radar.decoders import DECODERS, read
from models.radar.layouts import unpack
from models.radar.layouts.recognize import HEAD_BYTES, seems_pup, seems_to_be
from models.radar.product import Product, Reading
from models.radar.volume import Volume
from tests import data
from tests.models.radar import fmt_bytes, legacy_bytes, pup_bytes


def refusal(path: Path) -> DataError:
    with pytest.raises(DataError) as caught:
        read(path)
    assert path.name in str(caught.value)
    assert path.name in caught.value.sentence("zh")
    return caught.value


def written(folder: Path, raw: bytes, name: str = "file.bin") -> Path:
    path = folder / name
    path.write_bytes(raw)
    return path


@pytest.mark.parametrize(
    "pack", [bytes, bz2.compress, gzip.compress, lambda raw: bz2.compress(raw[:999]) + bz2.compress(raw[999:])]
)
@pytest.mark.parametrize("name", ["a.bin", "a.bz2", "a.200", "a"])
def test_a_file_is_known_by_content_whatever_it_is_called(tmp_path: Path, name: str, pack: object) -> None:
    assert callable(pack)
    volume = read(written(tmp_path, pack(fmt_bytes.small_volume()), name))
    assert isinstance(volume, Volume)
    assert volume.complete
    product = read(written(tmp_path, pack(pup_bytes.product(pup_bytes.raster([[1] * 464] * 464))), name))
    assert isinstance(product, Product)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "radar.empty"),
        (b"\0" * 5000, "radar.other.zeros"),
        (b"RSTM" + struct.pack("<hhi", 2, 0, 9) + bytes(500), "radar.other.rstm_unknown"),
        (b"RSTM", "radar.other.rstm_unknown"),
        (b"XXXX" + fmt_bytes.small_volume()[4:], "radar.other.rstm_magic_lost"),
        (b"MOC\0" + bytes(200), "radar.other.moc_mosaic"),
        (b"zone" + b" " * 46 + b"Swan" + bytes(900), "radar.other.swan"),
        (b"\x01" * 14 + b"\x01\x00" + bytes(5000), "radar.other.legacy_record"),
        (b"AR2V0006.123" + bytes(100), "radar.no_radials"),
        (b"\x89HDF\r\n\x1a\n" + bytes(100), "radar.foreign_damaged"),
        (b"CDF\x01" + bytes(100), "radar.foreign_damaged"),
        (b"PK\x03\x04" + bytes(100), "radar.other.zip"),
        (b"GRIB" + bytes(100), "radar.foreign_damaged"),
        (b"BUFR" + bytes(100), "radar.other.bufr"),
        (b"II*\0" + bytes(100), "radar.foreign_damaged"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "radar.picture_unplaced"),
        (b"%PDF-1.7" + bytes(100), "radar.other.pdf"),
        (b"station,time,rain_mm\n", "radar.other.text"),
        ("雷达文件清单".encode("gb18030") * 2000, "radar.other.text"),
        ("雷达文件清单".encode() * 2000, "radar.other.text"),
        (bytes(range(256)) * 20, "radar.other.unknown"),
        (bytes(range(1, 25)) * 671 * 2, "radar.other.old_phased"),
        (b"\xff" * 30, "radar.other.unknown"),
        (b"\0\xff\1", "radar.other.unknown"),
    ],
)
def test_a_refusal_says_what_the_file_seems_to_be(tmp_path: Path, raw: bytes, code: str) -> None:
    assert refusal(written(tmp_path, raw)).code == code


@pytest.mark.parametrize(
    ("raw", "layout"),
    [
        (legacy_bytes.record_volume(2), "sa_sb"),
        (legacy_bytes.record_volume(2, size=4132), "ca_cb"),
        (legacy_bytes.record_volume(2, size=3132), "sc_cd_records"),
        (legacy_bytes.record_volume(2, size=1632), "cc_records"),
        (legacy_bytes.sc_cd([(0.5, 36, 10)], lambda *_: bytes(40)), "sc_cd"),
        (legacy_bytes.cc([(0.5, 36, 10)], lambda *_: [0] * 30), "cc"),
        (legacy_bytes.cc2([(0.5, 36, (4, 8, 8))], lambda *_: bytes(24)), "cc2"),
        (fmt_bytes.small_volume(), "fmt"),
        (pup_bytes.product(pup_bytes.raster([[1] * 464] * 464)), "pup.37"),
    ],
)
def test_one_decoder_takes_a_file_and_no_other(tmp_path: Path, raw: bytes, layout: str) -> None:
    takers = [decoder for decoder in DECODERS if decoder.recognizes(raw[:HEAD_BYTES], len(raw))]
    assert len(takers) == 1
    assert read(written(tmp_path, raw)).layout == layout


def test_words_for_nothing_and_for_what_only_looks_like_a_product() -> None:
    assert seems_to_be(b"", 0) == "empty"
    assert not seems_pup(b"\0\x25" * 10)
    assert not seems_pup(pup_bytes.product(b"", again=38))


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    assert refusal(tmp_path / "absent.bin").code == "radar.unreadable"
    assert refusal(tmp_path).code == "radar.folder"
    if os.geteuid() != 0:
        locked = written(tmp_path, fmt_bytes.small_volume(), "locked.bin")
        locked.chmod(0)
        assert refusal(locked).code == "radar.unreadable"


@pytest.mark.parametrize("pack", [bz2.compress, gzip.compress])
def test_a_small_file_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pack: object
) -> None:
    assert callable(pack)
    monkeypatch.setattr(unpack, "LARGEST_BYTES", 3 * 1024 * 1024)
    assert refusal(written(tmp_path, pack(bytes(4 * 1024 * 1024)))).code == "radar.too_large"
    assert refusal(written(tmp_path, pack(bytes(2 * 1024 * 1024)) * 2)).code == "radar.too_large"
    assert refusal(written(tmp_path, random.Random(1).randbytes(3 * 1024 * 1024 + 1))).code == "radar.too_large"
    assert refusal(written(tmp_path, pack(b"x") * 600)).code == "radar.too_large"


def test_a_cut_packing_keeps_whole_cuts_and_says_where_it_broke(tmp_path: Path) -> None:
    """gzip gives what came before the break; the volume is not complete even if its radials are."""
    raw = fmt_bytes.small_volume()
    packed = gzip.compress(raw)
    volume = read(written(tmp_path, packed[:-4]))
    assert isinstance(volume, Volume)
    assert len(volume.sweeps) == 2
    assert isinstance(volume.error, DataError)
    assert volume.error.code == "radar.packing_cut_off"
    assert volume.error.facts["byte"] == len(packed) - 4
    assert refusal(written(tmp_path, packed[: len(packed) // 3])).code == "radar.packing_cut_off"
    product = gzip.compress(pup_bytes.product(pup_bytes.raster([[1] * 464] * 464)))
    assert refusal(written(tmp_path, product[:-4])).code == "radar.packing_cut_off"
    assert refusal(written(tmp_path, bz2.compress(raw)[:40])).code == "radar.packing_cut_off"


def test_a_flipped_byte_in_the_packing_gives_nothing(tmp_path: Path) -> None:
    for pack in (gzip.compress, bz2.compress):
        packed = bytearray(pack(fmt_bytes.small_volume()))
        packed[len(packed) // 2] ^= 0xFF
        assert refusal(written(tmp_path, bytes(packed))).code == "radar.packing_damaged"


DAMAGED = {
    "Z9398*bz2_cut*": "radar.packing_cut_off",
    "Z9398*bz2_flip*": "radar.packing_damaged",
    "Z9398*empty*": "radar.empty",
    "Z9398*plain_named_bz2*": "radar.cut_unended",
    "Z9398*trunc_header*": "radar.cut_off",
    "Z9398*zeros*": "radar.other.zeros",
    "ZS140*bad_magic*": "radar.other.rstm_magic_lost",
    "ZS140*bz2_cut*": "radar.packing_cut_off",
    "ZS140*bz2_flip*": "radar.packing_damaged",
    "ZS140*empty*": "radar.empty",
    "ZS140*lat_out_of_range*": "radar.bad_site",
    "ZS140*trunc_header*": "radar.cut_off",
    "ZS140*zeros*": "radar.other.zeros",
}
KEPT = {
    "Z9398*trunc_mid*": (4, 11, 3_638_965),
    "ZS140*plain_named_bz2*": (1, 4, 200_000),
    "ZS140*trunc_mid*": (1, 4, 229_294),
}


@pytest.mark.parametrize(("pattern", "code"), DAMAGED.items())
def test_every_damaged_file_is_refused_for_what_is_wrong_with_it(pattern: str, code: str) -> None:
    (path,) = data.need("radar/damaged").glob(f"*{pattern}")
    assert refusal(path).code == code


@pytest.mark.parametrize(("pattern", "kept"), KEPT.items())
def test_damaged_files_with_whole_cuts_keep_them(pattern: str, kept: tuple[int, int, int]) -> None:
    (path,) = data.need("radar/damaged").glob(f"*{pattern}")
    volume = read(path)
    assert isinstance(volume, Volume)
    assert isinstance(volume.error, DataError)
    assert (len(volume.sweeps), volume.announced, volume.error.facts["byte"]) == kept


def test_no_damaged_file_is_left_out() -> None:
    names = {path.name for path in data.need("radar/damaged").iterdir()}
    told = {path.name for pattern in {**DAMAGED, **KEPT} for path in data.need("radar/damaged").glob(f"*{pattern}")}
    assert names == told


CHINESE = {"fmt": 14, "sa_sb": 1, "standard": 37, "pup": 230}


def test_all_intact_files_are_read_or_named_and_no_foreign_one_is_taken_for_ours() -> None:
    ours: list[Reading] = []
    codes: list[str] = []
    paths = [p for p in sorted(data.need("radar").rglob("*")) if p.is_file() and "damaged" not in p.parts]
    for path in paths if data.long_count(0, 1) else paths[::4]:
        try:
            ours.append(read(path))
        except DataError as error:
            codes.append(error.code)
    if not data.long_count(0, 1):  # the walk over all files by the command counts them every time
        assert len(ours) > 20
        assert set(codes) <= {"radar.other.text", "radar.malfunction"}
        return
    found = Counter(reading.layout.split(".")[0] for reading in ours)
    assert {kind: found[kind] for kind in CHINESE} == CHINESE
    broken = [reading.site.name for reading in ours if isinstance(reading, Volume) and not reading.complete]
    assert broken == ["Hemse(Ase)"]  # half of its first sweep is zeros
    assert Counter(codes) == {"radar.other.text": 2, "radar.malfunction": 1}


def test_the_shelf_lists_each_format_once() -> None:
    assert len({decoder.NAME for decoder in DECODERS}) == len(DECODERS)


@pytest.mark.parametrize("source", ["fmt", "pup", "real"])
def test_mutants_end_in_the_named_error_or_a_volume(tmp_path: Path, source: str) -> None:
    """A fixed sample of flipped bytes, cuts, gaps and swollen counts: nothing else is ever raised."""
    dice = random.Random(20261121)
    if source == "fmt":
        original = fmt_bytes.small_volume()
    elif source == "pup":
        original = min(data.need("radar/cinrad_pup_z9200_20110916/VIL_57").iterdir()).read_bytes()
    else:
        original = bz2.decompress(next(data.need("radar/fmt_converted_sweden").glob("*ZS140*")).read_bytes())
    path = tmp_path / "mutant"
    sentences: list[str] = []
    whole = 0
    for _ in range(data.long_count(100, 1500)):
        path.write_bytes(mutated(original, dice))
        try:
            reading = read(path)
        except DataError as error:
            sentences += [error.sentence("zh"), error.sentence("en")]
        else:
            whole += not isinstance(reading, Volume) or reading.complete
    assert sentences
    assert all(path.name in sentence for sentence in sentences)
    assert whole


def mutated(original: bytes, dice: random.Random) -> bytes:
    """Return a copy with one kind of damage, most of it near the headers, where it hurts."""
    raw = bytearray(original)
    where = dice.randrange(min(len(raw), dice.choice([150, 600, 3000, len(raw)])) - 8)
    kind = dice.randrange(6)
    if kind == 0:
        raw[where] ^= 1 << dice.randrange(8)
    elif kind == 1:
        raw[where : where + 4] = struct.pack(
            "<i", dice.choice([-1, 0, 2**31 - 1, -(2**31), 65, 257, dice.randrange(99999)])
        )
    elif kind == 2:
        del raw[where:]
    elif kind == 3:
        del raw[where : where + dice.randrange(1, 200)]
    elif kind == 4:
        raw[where : where + 64] = dice.randbytes(min(64, len(raw) - where))
    else:
        raw[where : where + 4] = struct.pack("<f", dice.choice([float("nan"), float("inf"), -1e30, 1e-40]))
    return bytes(raw)

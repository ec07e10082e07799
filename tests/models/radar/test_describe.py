"""What `radar info` says, for programs and for people."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from models.errors import DataError
from models.radar.beam import beam_height, ground_range, slant_range
from models.radar.decoders import DECODERS, cma_base, pup, read, sa_sb
from models.radar.describe import describe
from models.radar.describe_text import as_text, format_words
from models.radar.layouts.legacy_records import KINDS
from tests import data
from tests.models.radar import fmt_bytes as fmt
from tests.models.radar import pup_bytes


def test_a_volume_is_described_with_its_cuts_as_recorded() -> None:
    document = describe(cma_base.decode(fmt.small_volume(), "a.bin"), Path("inbox/a.bin"))
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert document["file"] == "inbox/a.bin"
    assert (document["kind"], document["complete"], document["started_at"]) == ("volume", True, "2026-09-10T00:26:40Z")
    assert document["site"] == {
        "code": "ZT001",
        "name": "青岚",
        "lon_deg": 113.25,
        "lat_deg": 23.5,
        "altitude_m": 120.0,
    }
    assert [(sweep["elevation_deg"], sweep["rays"]) for sweep in document["sweeps"]] == [(0.5, 36), (1.5, 36)]
    moment = document["sweeps"][1]["moments"]["dBZ"]
    assert (moment["gates"], moment["gate_m"], moment["start_m"]) == (20, 1000.0, 0.0)
    assert "error" not in document
    assert "product" not in document


def test_an_incomplete_volume_has_both_its_error_and_its_whole_cuts() -> None:
    volume = cma_base.decode(fmt.small_volume()[:-1], "a.bin")
    document = describe(volume, "a.bin")
    assert document["complete"] is False
    assert "breaks off at byte" in document["error"]
    assert len(document["sweeps"]) == 1
    text = as_text(document)
    assert "INCOMPLETE  1 of 2 cuts" in text
    assert "不完整" in as_text(describe(volume, "a.bin", language="zh"), language="zh")


def test_where_nothing_is_whole_there_is_the_error_alone() -> None:
    assert describe(DataError("radar.empty", file="a.bin"), "a.bin") == {
        "file": "a.bin",
        "error": "a.bin: the file is empty, 0 bytes. Fetch the file again; if that is the same, tell its sender.",
    }
    assert describe(OSError("gone"), "b.bin") == {"file": "b.bin", "error": "OSError: gone"}
    assert as_text(describe(DataError("radar.empty", file="a"), "a", language="zh"), language="zh").endswith(
        "请向资料源反映。"
    )


def test_what_is_unknown_is_none_and_never_nan() -> None:
    raw = fmt.head([fmt.cut_header(0.5, nyquist=-999_999.0), fmt.cut_header(1.5)], antenna=99_999, frequency=0.0)
    document = describe(cma_base.decode(raw + fmt.even_cut(1, 0.5, [[80]] * 36), "a"), "a")
    assert document["site"]["altitude_m"] is None
    assert document["frequency_mhz"] is None
    assert document["sweeps"][0]["nyquist_ms"] is None
    text = as_text(document)
    assert "unknown height" in text
    assert "1 sent of 2 cuts" in text
    assert "note      antenna height 99999 m" in text


def test_a_product_is_described_with_its_levels() -> None:
    rows = [[0] * 464 for _ in range(464)]
    rows[0][0] = 15
    product = pup.decode(pup_bytes.product(pup_bytes.raster(rows), maximum=77), "cr.200")
    document = describe(product, "cr.200")
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert (document["kind"], document["complete"], document["sweeps"]) == ("product", True, [])
    assert {
        key: document["product"][key] for key in ("code", "name", "unit", "levels", "cell_m", "rows", "columns")
    } == {
        "code": 37,
        "name": "CR",
        "unit": "dBZ",
        "levels": 16,
        "cell_m": 1000.0,
        "rows": 464,
        "columns": 464,
    }
    assert document["product"]["thresholds"] == [None, *(float(value) for value in range(5, 80, 5))]
    for language, words in (
        ("en", "464 x 464 cells of 1000 m, 16 levels in dBZ"),
        ("zh", "464×464　每格 1000 米　16 级"),
    ):
        text = as_text(describe(product, "cr.200", language=language), language=language)
        assert words in text
        assert "- 5 10 15" in text
        assert "77 dBZ" in text


def test_a_product_without_a_stated_maximum_prints_none() -> None:
    product = pup.decode(pup_bytes.product(pup_bytes.raster([[0] * 464] * 464)), "cr.200")
    document = describe(product, "cr.200")
    document["product"]["maximum"] = None
    assert "maximum" not in as_text(document)


def test_the_real_volume_reads_well_in_both_languages() -> None:
    path = next(data.need("radar/cinrad_base").glob("*ZG170*"))
    volume = read(path)
    english = as_text(describe(volume, path))
    assert "site      ZG170, 113.0106 E 23.1447 N, antenna at 100 m" in english
    assert "cut  1     1.80 deg  363 rays  dBT 973 x 75 m (2, 66)" in english
    assert "cut 1: 110 of 363 rays blanked" in english
    chinese = as_text(describe(volume, path, language="zh"), language="zh")
    assert "第 1 层：363 条径向中 110 条未发射" in chinese
    assert "标准格式基数据（FMT）　体扫" in chinese


def test_every_chinese_format_is_named_in_chinese_and_others_keep_their_names() -> None:
    formats = {d.NAME for d in DECODERS if d is not sa_sb} | {kind.name for kind in KINDS}
    ours = {name for name in formats if name.startswith(("CMA", "legacy", "older", "MOC", "SWAN"))}
    assert len(ours) > 10
    assert all(format_words(name, "zh") != name for name in ours)
    assert all(format_words(name, "en") == name for name in formats)
    assert format_words("GeoTIFF", "zh") == "GeoTIFF"


def test_a_name_said_twice_a_fraction_of_a_second_and_what_is_unknown_read_well() -> None:
    path = next(data.need("radar/cinrad_base").glob("*Z9398*"))
    text = as_text(describe(read(path), path))
    assert "2014-07-04 08:06:15 UTC" in text
    assert "VCP21, unknown frequency, volume scan" in text


@pytest.mark.parametrize("elevation_deg", [-0.5, 0.0, 0.5, 4.3, 19.5, 60.0])
def test_slant_and_ground_range_are_inverse(elevation_deg: float) -> None:
    slant = np.array([0.0, 75.0, 1000.0, 60_000.0, 230_000.0, 460_000.0])
    assert slant_range(ground_range(slant, elevation_deg), elevation_deg) == pytest.approx(slant, abs=0.05)


def test_the_beam_rises_from_its_antenna_and_missing_stays_missing() -> None:
    assert beam_height(np.array([0.0, np.nan]), 1.0, antenna_height_m=120.0)[0] == 120.0
    assert np.isnan(beam_height(np.array([np.nan]), 1.0))[0]
    assert np.isnan(slant_range(np.array([np.nan, 100_000.0]), 89.9)).all()

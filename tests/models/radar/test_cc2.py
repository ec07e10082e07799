"""Legacy CC base data 2.0 (RD), written here by the layout that public readers agree on."""

from __future__ import annotations

import random
import struct

import numpy as np
import pytest

from models.errors import DataError
from models.radar.decoders import cc2
from models.radar.oddity import Oddity
from models.radar.proven import is_unproven
from models.radar.volume import Volume
from tests import data
from tests.models.radar import legacy_bytes as legacy

CUTS = ((0.5, 36, (4, 8, 6)), (1.5, 36, (4, 8, 6)))


def blocks(cut: int, ray: int, gates: tuple[int, int, int]) -> bytes:
    """Z 10 dBZ + ray/2, raw Z 20 dBZ, V +10 Nyquist/127, W 32."""
    z, v, w = gates
    return bytes([84 + ray] * z + [104] * z + [10] * v + [32] * w)


def packed(cut: int, ray: int, gates: tuple[int, int, int]) -> bytes:
    """Form 48 by the published description: five blocks of two bytes behind the others."""
    z = gates[0]
    return blocks(cut, ray, gates) + struct.pack(f"<{5 * z}h", *[150] * z, *[9000] * z, *[1] * z, *[2] * z, *[3] * z)


def fixed(cut: int, ray: int, gates: tuple[int, int, int]) -> bytes:
    """Form 48 as one reader takes it: blocks of 4096 gates, four of them of two bytes."""
    z, v, w = gates

    def block(codes: bytes, width: int = 1) -> bytes:
        return codes.ljust(4096 * width, b"\0")

    plain = block(bytes([84 + ray] * z)) + block(bytes([104] * z)) + block(bytes([10] * v)) + block(bytes([32] * w))
    zdr, phidp = struct.pack(f"<{z}h", *[150] * z), struct.pack(f"<{z}h", *[9000] * z)
    return plain + block(zdr, 2) + block(phidp, 2) + bytes(16_384)


def codes_of(volume: Volume) -> list[str]:
    return [odd.code for odd in volume.oddities if isinstance(odd, Oddity)]


def refusal(raw: bytes) -> DataError:
    with pytest.raises(DataError) as refused:
        cc2.decode(raw, "a.bin")
    assert "a.bin" in refused.value.sentence("zh")
    return refused.value


def test_a_volume_is_read_as_it_was_written() -> None:
    raw = legacy.cc2(CUTS, blocks)
    assert cc2.recognizes(raw[:200], len(raw))
    volume = cc2.decode(raw, "a.bin")
    assert (volume.layout, volume.announced, volume.complete) == ("cc2", 2, True)
    assert is_unproven(volume.layout)
    assert (volume.site.code, volume.site.lon_deg, volume.site.lat_deg, volume.site.altitude_m) == (
        "Z9998", 113.25, 23.0, 100.0,
    )  # fmt: skip
    assert f"{volume.started_at:%Y-%m-%d %H:%M:%S}" == "2014-07-04 15:59:00"
    assert f"{volume.sweeps[0].started_at:%Y-%m-%d %H:%M:%S}" == "2014-07-04 16:00:05", "past midnight in Beijing"
    second = volume.sweeps[1]
    assert second.elevation_deg == pytest.approx(1.6), "of the rays, not of the table"
    assert second.azimuth_deg[[0, 9]].tolist() == [0.0, 90.0]
    assert second.moments["dBZ"].values()[3].tolist() == [11.5] * 4
    assert second.moments["dBT"].values()[3].tolist() == [20.0] * 4
    assert second.moments["V"].values()[0] == pytest.approx([1.0] * 8)
    assert second.moments["W"].values()[0] == pytest.approx([12.7 * 32 / 512] * 6)
    assert [second.moments[name].gate_m for name in ("dBZ", "V", "W")] == [150.0, 75.0, 75.0]


def test_what_is_missing_is_no_value() -> None:
    def nothing(cut: int, ray: int, gates: tuple[int, int, int]) -> bytes:
        return bytes(2 * gates[0]) + b"\x80" * gates[1] + bytes(gates[2])

    volume = cc2.decode(legacy.cc2(CUTS, nothing), "a.bin")
    assert all(np.isnan(moment.values()).all() for moment in volume.sweeps[0].moments.values())


@pytest.mark.parametrize("writer", [packed, fixed])
def test_polarimetric_files_are_read_in_both_lengths_and_only_what_is_agreed(writer: object) -> None:
    assert callable(writer)
    raw = legacy.cc2(CUTS, writer, form=48)
    for data_bytes, cuts in ((raw, 2), (raw[:-1], 1)):
        volume = cc2.decode(data_bytes, "a.bin")
        assert len(volume.sweeps) == cuts
        moments = volume.sweeps[0].moments
        assert set(moments) == {"dBZ", "dBT", "V", "W", "ZDR", "PhiDP"}
        assert moments["ZDR"].values()[5].tolist() == [1.5] * 4
        assert moments["PhiDP"].values()[5].tolist() == [90.0] * 4
        assert moments["dBZ"].values()[5, 0] == 12.5
        assert "radar.odd.moments_disputed" in codes_of(volume)


def test_a_clock_that_cannot_be_leaves_the_volumes_time() -> None:
    volume = cc2.decode(legacy.cc2(CUTS, blocks, hour=99), "a.bin")
    assert volume.sweeps[0].started_at == volume.started_at
    same_day = cc2.decode(legacy.cc2(CUTS, blocks, hour=23), "a.bin")
    assert f"{same_day.sweeps[0].started_at:%d %H}" == "04 15"
    day_before = cc2.decode(legacy.cc2(CUTS, blocks, hour=23, started=(2014, 7, 4, 10, 0, 0)), "a.bin")
    assert f"{day_before.sweeps[0].started_at:%d %H}" == "03 15"


def test_a_file_cut_off_keeps_its_whole_cuts() -> None:
    raw = legacy.cc2(CUTS, blocks)
    volume = cc2.decode(raw[:-1], "a.bin")
    assert isinstance(volume.error, DataError)
    assert (len(volume.sweeps), volume.error.code) == (1, "radar.cut_unended")
    assert refusal(raw[:2059]).code == "radar.cut_off"
    assert refusal(raw[:2100]).code == "radar.cut_unended"
    assert "radar.odd.trailing" in codes_of(cc2.decode(raw + b"x", "a.bin"))


def test_impossible_headers_and_rays_are_refused() -> None:
    assert refusal(legacy.cc2(CUTS, blocks, scan=0)).code == "radar.bad_scan"
    assert refusal(legacy.cc2(CUTS, blocks, form=25)).code == "radar.data_form"
    assert refusal(legacy.cc2(CUTS, blocks, gates_dm=(0, 0, 0))).code == "radar.no_gate_length"
    assert refusal(legacy.cc2(((0.5, 36, (5000, 0, 0)),), blocks)).code == "radar.bad_moment"
    assert refusal(legacy.cc2(((100.0, 36, (4, 8, 6)),), blocks)).code == "radar.bad_angle"
    assert refusal(legacy.cc2(((0.5, 0, (4, 8, 6)),), blocks)).code == "radar.no_radials"
    assert refusal(legacy.cc2(CUTS, blocks, elevation_error=95.0)).code == "radar.bad_angle"
    second = bytearray(legacy.cc2(CUTS, blocks))
    second[-31:-29] = b"\xff\xff"
    volume = cc2.decode(bytes(second), "a.bin")
    assert isinstance(volume.error, DataError)
    assert (len(volume.sweeps), volume.error.code) == (1, "radar.bad_angle")


def test_one_cut_and_no_nyquist() -> None:
    volume = cc2.decode(legacy.cc2(CUTS[:1], blocks, scan=10, nyquist=0), "a.bin")
    assert (volume.scan, set(volume.sweeps[0].moments)) == ("ppi", {"dBZ", "dBT"})
    assert "radar.odd.no_nyquist" in codes_of(volume)
    no_doppler = cc2.decode(legacy.cc2([(0.5, 36, (4, 0, 0))], blocks), "a.bin")
    assert set(no_doppler.sweeps[0].moments) == {"dBZ", "dBT"}
    assert "radar.odd.no_nyquist" not in codes_of(no_doppler)


def test_only_its_mark_is_recognized() -> None:
    assert not cc2.recognizes(b"RD is a text that starts so", 27)
    assert not cc2.recognizes(b"RD", 2)


def test_mutants_end_in_the_named_error_or_a_volume() -> None:
    dice = random.Random(20261121)
    original = legacy.cc2(CUTS, packed, form=48)
    read, sentences = 0, []
    for _ in range(data.long_count(300, 5000)):
        raw = bytearray(original)
        at = dice.choice([216 + dice.randrange(100), dice.randrange(len(raw) - 4)])
        raw[at : at + 2] = dice.randbytes(2)
        if dice.random() < 0.2:
            del raw[dice.randrange(len(raw)) :]
        try:
            read += len(cc2.decode(bytes(raw), "a.bin").sweeps)
        except DataError as error:
            sentences.append(error.sentence("en"))
    assert read
    assert sentences
    assert all("a.bin" in sentence for sentence in sentences)

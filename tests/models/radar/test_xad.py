"""Older X-band phased arrays (XAD): records are told by what they say, 255 is nothing, elevations lie side by side."""

from __future__ import annotations

import struct
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from models.errors import DataError
from models.radar.decoders import read, xad
from models.radar.proven import is_unproven
from models.radar.volume import Volume
from tests.models.radar import xad_bytes

RECORD = xad_bytes.RECORD


def decode(raw: bytes, name: str = "test.bin") -> Volume:
    return xad.decode(raw, name)


def refusal(raw: bytes) -> DataError:
    with pytest.raises(DataError) as caught:
        decode(raw)
    assert caught.value.sentence("zh") != caught.value.sentence("en")
    return caught.value


def test_a_file_comes_out_as_it_was_written() -> None:
    volume = decode(xad_bytes.volume())
    assert volume.complete
    assert (volume.layout, volume.announced, volume.scan) == ("xad", 3, "volume")
    assert is_unproven(volume.layout)
    assert volume.site.lon_deg == pytest.approx(113.25, abs=0.003)
    assert volume.site.lat_deg == pytest.approx(23.5, abs=0.003)
    assert volume.site.altitude_m == pytest.approx(120.0, abs=0.1)
    assert volume.started_at == datetime.fromtimestamp(xad_bytes.STARTED_S, UTC)
    assert [sweep.elevation_deg for sweep in volume.sweeps] == pytest.approx([0.297, 0.797, 1.296], abs=0.001)
    for cut, sweep in enumerate(volume.sweeps):
        assert sweep.azimuth_deg.tolist() == pytest.approx([ray * 10 for ray in range(36)], abs=0.01)
        reflectivity = sweep.moments["dBZ"]
        assert (reflectivity.gate_m, reflectivity.start_m) == (30.0, 0.0)
        written = np.array([[(ray + 40 * cut + gate) % 255 for gate in range(12)] for ray in range(36)])
        assert reflectivity.values() == pytest.approx(written * 106 / 255 - 20, abs=1e-4)
        moved = np.array([[(100 + ray + cut + gate) % 255 for gate in range(12)] for ray in range(36)])
        assert sweep.moments["V"].values() == pytest.approx(moved * 101 / 255 - 50, abs=1e-4)


def test_255_is_no_value_and_a_moment_of_nothing_else_is_left_out() -> None:
    record = [
        xad_bytes.record(ray, 0, cuts=1, codes={1: bytes([255, 0, 254, *[100] * 9]), 7: bytes([255] * 12)})
        for ray in range(36)
    ]
    volume = decode(b"".join(record))
    assert tuple(volume.sweeps[0].moments) == ("dBZ",)
    values = volume.sweeps[0].moments["dBZ"]
    assert values.codes[0, :3].tolist() == [0, 1, 255]
    assert values.values()[0, :3].tolist() == pytest.approx([np.nan, -20.0, 254 * 106 / 255 - 20], nan_ok=True)
    said = [str(odd) for odd in volume.oddities]
    assert "cut 1: CC is announced and holds nothing; look at the radar if it should hold something" in said


def test_a_spectrum_width_below_zero_is_said() -> None:
    """The one public reader gives W the rule of V; a file that shows it wrong says so itself."""
    raw = b"".join(xad_bytes.record(ray, 0, cuts=1, codes={3: bytes([100] * 12)}) for ray in range(36))
    volume = decode(raw)
    assert any(str(odd).startswith("W: 432 values lie outside 0 to 60 m/s") for odd in volume.oddities)


def test_records_that_contradict_the_first_are_refused() -> None:
    raw = bytearray(xad_bytes.volume())
    struct.pack_into("<H", raw, 50 * RECORD + 56, 11)
    error = refusal(bytes(raw))
    assert (error.code, error.facts["byte"], error.facts["record"]) == ("radar.record_differs", 50 * RECORD + 56, 51)


def test_a_short_file_has_no_whole_elevation() -> None:
    raw = xad_bytes.volume()
    error = refusal(raw[:-1])
    assert (error.code, error.facts["expected"]) == ("radar.cut_off", len(raw))


def test_a_file_without_a_value_or_a_clock_is_refused() -> None:
    empty = b"".join(xad_bytes.record(ray, 0, cuts=1) for ray in range(36))
    assert refusal(empty).code == "radar.no_moment"
    raw = bytearray(xad_bytes.volume())
    struct.pack_into("<I", raw, RECORD + 32, 0)
    assert refusal(bytes(raw)).code == "radar.no_time"
    assert refusal(bytes(RECORD)).code == "radar.other.old_phased"


def test_a_missing_place_and_negative_elevations_are_met() -> None:
    raw = b"".join(
        xad_bytes.record(ray, cut, cuts=2, place=(0, 0), elevation_words=(65_444, 90), codes={1: bytes([100] * 12)})
        for ray in range(36)
        for cut in range(2)
    )
    volume = decode(raw, "Z_RADR_I_ZX123_20260910002640_O_DOR_DXK.bin")
    assert not volume.site.placed
    assert volume.site.code == "ZX123"
    assert volume.sweeps[0].elevation_deg == pytest.approx(-0.5, abs=0.01)


def test_it_is_recognized_by_what_its_first_record_says(tmp_path: Path) -> None:
    raw = xad_bytes.volume()
    path = tmp_path / "anything.bin"
    path.write_bytes(raw)
    volume = read(path)
    assert isinstance(volume, Volume)
    assert volume.format == xad.NAME
    assert xad.recognizes(raw[:4096], len(raw) - 5)
    assert not xad.recognizes(raw[:4096], len(raw) + RECORD)
    assert not xad.recognizes(raw[:50], 50)
    for at, form, value in [
        (44, "<H", 3),
        (48, "<H", 0),
        (48, "<H", 129),
        (56, "<H", 2001),
        (54, "<H", 0),
        (4, "<h", 30_000),
        (32, "<I", 2**32 - 1),
    ]:
        strange = bytearray(raw[:4096])
        struct.pack_into(form, strange, at, value)
        assert not xad.recognizes(bytes(strange), len(raw))
    many = bytearray(raw[:4096])
    struct.pack_into("<HHHHHH", many, 44, 4096, 0, 128, 0, 0, 1966)
    assert not xad.recognizes(bytes(many), len(raw))
    assert not xad.recognizes(b"station,time,rain_mm\n" * 300, RECORD)

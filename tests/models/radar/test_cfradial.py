"""CfRadial 1 and 2, made in memory."""

from __future__ import annotations

import io
import math
import sys
from datetime import UTC, datetime

import numpy as np
import pytest

from models.errors import DataError
from models.radar.decoders import hdf5, netcdf
from models.radar.proven import is_unproven
from models.radar.volume import Volume
from tests.models.radar.said import said

pytest.importorskip("xradar", reason="the extra formats is not installed")
h5py = pytest.importorskip("h5py")
made = pytest.importorskip("tests.models.radar.cfradial_bytes")


def volume_of(raw: bytes) -> Volume:
    decoder = hdf5 if hdf5.recognizes(raw[:16], len(raw)) else netcdf
    assert decoder.recognizes(raw[:16], len(raw))
    volume = decoder.decode(raw, "cfrad.nc")
    assert isinstance(volume, Volume)
    return volume


def refusal(raw: bytes) -> DataError:
    with pytest.raises(DataError) as caught:
        volume_of(raw)
    assert "cfrad.nc" in caught.value.sentence("zh")
    assert "cfrad.nc" in caught.value.sentence("en")
    return caught.value


def check(volume: Volume) -> None:
    """Assert that a volume holds what the writer put into each of its two sweeps."""
    assert (volume.complete, volume.announced) == (True, 2)
    assert (volume.site.code, volume.site.lon_deg, volume.site.lat_deg) == ("ZT001", 113.25, 23.5)
    assert volume.site.altitude_m == 120
    assert volume.started_at == datetime(2026, 6, 17, 18, 30, tzinfo=UTC)
    assert [sweep.elevation_deg for sweep in volume.sweeps] == [0.5, 1.5]
    for number, sweep in enumerate(volume.sweeps):
        assert sweep.azimuth_deg.tolist() == [ray * 10 + 5 for ray in range(36)]
        moment = sweep.moments["dBZ"]
        assert (moment.gate_m, moment.start_m) == (250, 0)
        codes = np.arange(360).reshape(36, 10) + (360 * number if volume.layout == "cfradial.1" else 0)
        np.testing.assert_allclose(moment.values()[:, 1:], (codes % 120 * 0.5 - 10)[:, 1:])
        assert set(moment.codes[:, 0].tolist()) == {0}
    assert "below_or_absent" in said(volume.oddities)


@pytest.mark.parametrize("classic", [True, False])
@pytest.mark.parametrize("floats", [True, False])
def test_version_1_is_read_as_it_was_written(classic: bool, floats: bool) -> None:
    volume = volume_of(made.version_1(classic=classic, floats=floats))
    check(volume)
    assert (volume.layout, volume.scan) == ("cfradial.1", "volume")
    assert volume.sweeps[0].nyquist_ms == 26.5
    assert [odd for odd in volume.oddities if "PURPLE" in odd]


def test_version_2_is_read_as_it_was_written_and_marked_unproven() -> None:
    volume = volume_of(made.version_2())
    check(volume)
    assert volume.layout == "cfradial.2"
    assert is_unproven(volume.layout)


@pytest.mark.parametrize("classic", [True, False])
@pytest.mark.parametrize("part", [0.1, 0.5, 0.99])
def test_a_cut_file_is_named_with_the_byte_at_which_it_ends(classic: bool, part: float) -> None:
    """The library fills up what a classic file lacks, and says nothing."""
    raw = made.version_1(classic=classic)
    error = refusal(raw[: int(len(raw) * part)])
    assert error.code == "radar.cut_off"
    assert error.facts["byte"] == int(len(raw) * part)


def test_a_header_that_contradicts_itself_is_named() -> None:
    raw = bytearray(made.version_1())
    at = raw.index(b"\0\0\0\x0a", 4)
    raw[at + 3] = 0x63
    assert refusal(bytes(raw)).code == "radar.foreign_damaged"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (made.version_1(platform_is_mobile="true"), "radar.moving_platform"),
        (made.version_1(extra={"longitude": np.linspace(113, 114, 72)}), "radar.moving_platform"),
        (made.version_1(extra={"longitude": 0.0, "latitude": 0.0}), "radar.foreign_site"),
        (made.version_1(extra={"latitude": 99.0}), "radar.foreign_site"),
        (made.version_1(sweeps=300), "radar.foreign_bounds"),
    ],
)
def test_what_is_no_volume_of_a_fixed_radar_is_named(raw: bytes, code: str) -> None:
    assert refusal(raw).code == code


def test_damaged_bytes_of_a_moment_are_named_in_the_words_of_the_library() -> None:
    raw = bytearray(made.version_1(classic=False, packed=True))
    with h5py.File(io.BytesIO(raw), "r") as file:
        chunk = file["DBZ"].id.get_chunk_info(0)
    raw[chunk.byte_offset + 2 : chunk.byte_offset + chunk.size] = bytes(chunk.size - 2)
    error = refusal(bytes(raw))
    assert (error.code, error.facts["moments"]) == ("radar.moments_unreadable", "DBZ")


def test_a_last_sweep_that_stops_on_its_way_round_is_left_out() -> None:
    volume = volume_of(made.version_1(last_until_deg=200.0))
    assert [sweep.number for sweep in volume.sweeps] == [1]
    assert isinstance(volume.error, DataError)
    assert (volume.error.code, volume.error.facts["cut"]) == ("radar.cut_short", 2)


def test_a_place_that_is_not_said_is_not_made_up() -> None:
    volume = volume_of(made.version_1(extra={"longitude": math.nan, "latitude": math.nan}))
    assert not volume.site.placed


def test_without_the_extra_the_file_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = made.version_1()
    monkeypatch.setitem(sys.modules, "xradar", None)
    error = refusal(raw)
    assert (error.code, error.facts["format"]) == ("radar.formats_missing", "CfRadial 1")

"""Legacy CC base data 1.0, written here by the layout that public readers agree on."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest

from models.errors import DataError
from models.radar.decoders import cc
from models.radar.oddity import Oddity
from models.radar.proven import is_unproven
from models.radar.volume import Volume
from tests import data
from tests.models.radar import legacy_bytes as legacy

CUTS = ((0.5, 36, 5), (2.4, 40, 6))


def tenths(cut: int, ray: int, gates: int) -> Sequence[int]:
    """Z 20.0 + ray dBZ, V -3.5 m/s, W 1.2 m/s; the first gate holds nothing."""
    return [-32_768, *[200 + 10 * ray] * (gates - 1), *[-35] * gates, *[12] * gates]


def codes_of(volume: Volume) -> list[str]:
    return [odd.code for odd in volume.oddities if isinstance(odd, Oddity)]


def refusal(raw: bytes) -> DataError:
    with pytest.raises(DataError) as refused:
        cc.decode(raw, "a.bin")
    assert "a.bin" in refused.value.sentence("zh")
    return refused.value


@pytest.mark.parametrize("mark", [b"CINRADC", b"\x00\x00\x00"])
def test_a_volume_is_read_as_it_was_written(mark: bytes) -> None:
    raw = legacy.cc(CUTS, tenths, mark=mark)
    assert cc.recognizes(raw[:200], len(raw))
    volume = cc.decode(raw, "a.bin")
    assert (volume.layout, volume.announced, volume.complete) == ("cc", 2, True)
    assert is_unproven(volume.layout)
    assert (volume.site.code, volume.site.lon_deg, volume.site.lat_deg, volume.site.altitude_m) == (
        "Z9999", 113.25, 23.0, 99.0,
    )  # fmt: skip
    assert f"{volume.started_at:%Y-%m-%d %H:%M:%S}" == "2014-07-03 23:30:00", "Beijing time, eight hours ahead"
    first, second = volume.sweeps
    assert (first.elevation_deg, first.nyquist_ms, second.azimuth_deg.size) == (0.5, 15.0, 40)
    assert f"{second.started_at:%H:%M:%S}" == "23:32:50"
    assert second.azimuth_deg[[0, 1]].tolist() == [0.0, 9.0]
    z = second.moments["dBZ"]
    assert z.values().shape == (40, 6)
    assert np.isnan(z.values()[:, 0]).all()
    assert z.values()[7, 1] == 27.0
    assert (z.gate_m, z.start_m) == (300.0, 0.0)
    assert set(second.moments["V"].values().ravel().tolist()) == {-3.5}
    assert float(second.moments["W"].values()[0, 0]) == pytest.approx(1.2)
    assert set(codes_of(volume)) == {
        "radar.odd.beijing_time", "radar.odd.gate_doubled", "radar.odd.times_spread", "radar.odd.azimuths_counted",
    }  # fmt: skip


def test_the_data_start_where_the_header_says() -> None:
    volume = cc.decode(legacy.cc(CUTS, tenths, data_at=2048), "a.bin")
    assert volume.complete
    assert volume.sweeps[0].moments["dBZ"].values()[3, 1] == 23.0
    lost = bytearray(legacy.cc(CUTS, tenths))
    lost[1020:1024] = b"\xff\xff\xff\xff"
    assert cc.decode(bytes(lost), "a.bin").sweeps[0].moments["dBZ"].values()[3, 1] == 23.0


def test_the_layout_of_the_north_east_is_refused_by_name() -> None:
    error = refusal(legacy.cc(CUTS, tenths, scan=61))
    assert (error.code, error.facts["byte"]) == ("radar.cc_north_east", 199)


def test_one_cut_and_rhi() -> None:
    assert cc.decode(legacy.cc(CUTS[:1], tenths, scan=10), "a.bin").scan == "ppi"
    rhi = cc.decode(legacy.cc(CUTS[:1], tenths, scan=1), "a.bin")
    assert (rhi.scan, set(rhi.sweeps[0].azimuth_deg.tolist())) == ("rhi", {45.0})
    assert rhi.sweeps[0].ray_elevation_deg[[0, -1]].tolist() == [0.0, 30.0]
    broken = bytearray(legacy.cc(CUTS[:1], tenths, scan=1))
    broken[206:208] = (-9001).to_bytes(2, "little", signed=True)
    assert refusal(bytes(broken)).code == "radar.bad_angle"


def test_a_file_cut_off_keeps_its_whole_cuts() -> None:
    raw = legacy.cc(CUTS, tenths)
    volume = cc.decode(raw[:-1], "a.bin")
    assert isinstance(volume.error, DataError)
    assert (len(volume.sweeps), volume.error.code) == (1, "radar.cut_unended")
    assert refusal(raw[:1023]).code == "radar.cut_off"
    assert "radar.odd.trailing" in codes_of(cc.decode(raw + b"x", "a.bin"))


def test_impossible_headers_are_refused() -> None:
    assert refusal(legacy.cc(CUTS, tenths, scan=0)).code == "radar.bad_scan"
    assert refusal(legacy.cc(CUTS, tenths, gate=0)).code == "radar.no_gate_length"
    assert refusal(legacy.cc(CUTS, tenths, started=(20, 14, 2, 30, 0, 0, 0))).code == "radar.bad_date"
    assert refusal(legacy.cc(((0.5, 36, 0),), lambda *_: ())).code == "radar.bad_moment"
    assert refusal(legacy.cc(((-3.0, 36, 5),), tenths)).code == "radar.bad_angle"
    assert refusal(legacy.cc(((0.5, 0, 5),), tenths)).code == "radar.no_radials"


def test_mutants_end_in_the_named_error_or_a_volume() -> None:
    dice = random.Random(20261121)
    original = legacy.cc(CUTS, tenths)
    read, sentences = 0, []
    for _ in range(data.long_count(300, 5000)):
        raw = bytearray(original)
        at = dice.randrange(1020)
        raw[at : at + 4] = dice.randbytes(4)
        if dice.random() < 0.2:
            del raw[dice.randrange(len(raw)) :]
        try:
            read += len(cc.decode(bytes(raw), "a.bin").sweeps)
        except DataError as error:
            sentences.append(error.sentence("en"))
    assert read
    assert sentences
    assert all("a.bin" in sentence for sentence in sentences)

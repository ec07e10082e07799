"""Legacy SC and CD base data, written here by the layout that public readers agree on."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest

from models.errors import DataError
from models.radar.decoders import sc_cd
from models.radar.oddity import Oddity
from models.radar.proven import is_unproven
from models.radar.volume import Volume
from tests import data
from tests.models.radar import legacy_bytes as legacy

CUTS = ((0.5, 36, 10), (1.5, 36, 10))


def four(cut: int, ray: int, gates: int) -> bytes:
    """DBZ, V, dBT, W of each gate: 70 + gate, 128 + ray, 80 + gate, 64."""
    return bytes(b for gate in range(gates) for b in (70 + gate, 128 + ray, 80 + gate, 64))


def codes_of(volume: Volume) -> list[str]:
    return [odd.code for odd in volume.oddities if isinstance(odd, Oddity)]


def refusal(raw: bytes) -> DataError:
    with pytest.raises(DataError) as refused:
        sc_cd.decode(raw, "a.bin")
    assert "a.bin" in refused.value.sentence("zh")
    return refused.value


def test_a_volume_is_read_as_it_was_written() -> None:
    raw = legacy.sc_cd(CUTS, four)
    assert sc_cd.recognizes(raw[:1024], len(raw))
    volume = sc_cd.decode(raw, "a.bin")
    assert (volume.layout, volume.announced, volume.complete, volume.scan) == ("sc_cd", 2, True, "volume")
    assert is_unproven(volume.layout)
    assert (volume.site.code, volume.site.name) == ("Z9200", "广州")
    assert (volume.site.lon_deg, volume.site.lat_deg, volume.site.altitude_m) == (113.36, 23.0, 180.4)
    assert f"{volume.started_at:%Y-%m-%d %H:%M:%S}" == "2014-07-04 12:00:00", "Beijing time, eight hours ahead"
    assert volume.started_at.microsecond == 250_000
    assert volume.frequency_mhz == pytest.approx(5656.5, abs=0.1)
    assert codes_of(volume) == ["radar.odd.beijing_time", "radar.odd.times_spread"]
    second = volume.sweeps[1]
    assert (second.number, second.elevation_deg, second.nyquist_ms) == (2, 1.5, 27.0)
    assert f"{second.started_at:%H:%M:%S}" == "12:03:00", "spread from start to end"
    assert second.azimuth_deg[[0, 1, 35]] == pytest.approx([5, 15, 355], abs=0.01), "the middle of each ray"
    assert second.moments["dBZ"].values()[0].tolist() == [3 + gate / 2 for gate in range(10)]
    assert second.moments["dBT"].values()[0].tolist() == [8 + gate / 2 for gate in range(10)]
    assert second.moments["V"].values()[35, 0] == pytest.approx(27 * 35 / 128)
    assert second.moments["W"].values()[0, 0] == pytest.approx(27 * 64 / 256)
    assert (second.moments["V"].gate_m, second.moments["V"].start_m) == (500.0, 0.0)


def test_code_nought_is_no_value() -> None:
    volume = sc_cd.decode(legacy.sc_cd(CUTS, lambda *_: bytes(40)), "a.bin")
    assert all(np.isnan(moment.values()).all() for moment in volume.sweeps[0].moments.values())


@pytest.mark.parametrize(
    ("lon", "lat", "place", "odd"),
    [
        (("113.36", 11336), ("23.00", 2300), (113.36, 23.0), ""),
        (("113.3551", 11336), ("23.0041", 2300), (113.3551, 23.0041), ""),
        (("113 21 36", 11336), ("23:00:00", 2300), (113.36, 23.0), ""),
        (("113.36E", 408_096_000), ("23.0N", 82_800_000), (113.36, 23.0), ""),
        (("70.5W", -7050), ("33.4S", -3340), (-70.5, -33.4), ""),
        (("", 11336), ("", 2300), (113.36, 23.0), ""),
        (("", 408_096_000), ("", 82_800_000), (113.36, 23.0), ""),
        (("113.36", 0), ("23.0", 0), (113.36, 23.0), ""),
        (("120.1", 11336), ("30.2", 2300), (113.36, 23.0), "radar.odd.place_twice"),
        (("?", 0), ("?", 0), None, "radar.odd.place_dropped"),
        (("113 99", 2_000_000_000), ("23", 2_000_000_000), None, "radar.odd.place_dropped"),
    ],
)
def test_the_place_is_checked_against_its_text(
    lon: tuple[str, int], lat: tuple[str, int], place: tuple[float, float] | None, odd: str
) -> None:
    volume = sc_cd.decode(legacy.sc_cd(CUTS, four, lon=lon, lat=lat), "a.bin")
    assert volume.site.placed == (place is not None)
    if place is not None:
        assert (volume.site.lon_deg, volume.site.lat_deg) == pytest.approx(place, abs=1e-4)
    assert [code for code in codes_of(volume) if "place" in code] == ([odd] if odd else [])


def test_a_height_that_cannot_be_is_dropped() -> None:
    volume = sc_cd.decode(legacy.sc_cd(CUTS, four, height_mm=99_000_000), "a.bin")
    assert math.isnan(volume.site.altitude_m)
    assert "radar.odd.height" in codes_of(volume)


def test_records_are_as_long_as_the_file_bears_out() -> None:
    wide = sc_cd.decode(legacy.sc_cd(((0.5, 36, 998),), four_short, said=998), "a.bin")
    assert wide.sweeps[0].moments["dBZ"].codes.shape == (36, 998), "the word may count gates"
    near = sc_cd.decode(legacy.sc_cd(((0.5, 36, 998),), four_short, range_10m=15_000), "a.bin")
    assert near.sweeps[0].moments["dBZ"].codes.shape == (36, 300), "150 km of 500 m gates"


def four_short(cut: int, ray: int, gates: int) -> bytes:
    return bytes([70, 128, 80, 64]) * gates


def test_one_cut_and_rhi() -> None:
    ppi = sc_cd.decode(legacy.sc_cd(CUTS[:1], four, scan=10), "a.bin")
    assert (ppi.scan, ppi.announced, ppi.complete) == ("ppi", 1, True)
    rhi = sc_cd.decode(legacy.sc_cd(CUTS[:1], four, scan=1), "a.bin")
    assert (rhi.scan, set(rhi.sweeps[0].azimuth_deg.tolist())) == ("rhi", {90.0})
    assert rhi.sweeps[0].ray_elevation_deg[[0, -1]].tolist() == [0.5, 30.5]
    broken = bytearray(legacy.sc_cd(CUTS[:1], four, scan=1))
    broken[851:853] = (12_000).to_bytes(2, "little")
    assert (refusal(bytes(broken)).code, refusal(bytes(broken)).facts["byte"]) == ("radar.bad_angle", 851)


def test_a_file_cut_off_keeps_its_whole_cuts() -> None:
    raw = legacy.sc_cd(CUTS, four)
    volume = sc_cd.decode(raw[:-1], "a.bin")
    assert isinstance(volume.error, DataError)
    assert (len(volume.sweeps), volume.announced, volume.error.code) == (1, 2, "radar.cut_unended")
    assert volume.error.facts["byte"] == len(raw) - 1
    assert refusal(raw[:2000]).code == "radar.cut_unended"
    assert refusal(raw[:1000]).code == "radar.cut_off"
    longer = sc_cd.decode(raw + b"rest", "a.bin")
    assert longer.complete
    assert "radar.odd.trailing" in codes_of(longer)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"scan": 0}, "radar.bad_scan"),
        ({"scan": 200}, "radar.bad_scan"),
        ({"started": (2014, 13, 4, 20, 0, 0)}, "radar.bad_date"),
        ({"started": (0, 1, 1, 0, 0, 0)}, "radar.bad_date"),
        ({"started": (1, 1, 1, 0, 0, 0)}, "radar.bad_date"),
        ({"gate_dm": 0}, "radar.no_gate_length"),
    ],
)
def test_impossible_headers_are_refused(facts: dict[str, object], code: str) -> None:
    assert refusal(legacy.sc_cd(CUTS, four, **facts)).code == code  # type: ignore[arg-type]


def test_impossible_cuts_are_refused() -> None:
    assert refusal(legacy.sc_cd(((95.0, 36, 10),), four)).code == "radar.bad_angle"
    assert refusal(legacy.sc_cd(((0.5, 0, 10),), four)).code == "radar.no_radials"
    many = bytearray(legacy.sc_cd(((0.5, 1, 10),) * 2, four))
    for index in range(2):
        many[217 + 21 * index + 17 : 217 + 21 * index + 19] = b"\xff\xff"
    assert refusal(bytes(many)).code == "radar.too_many_radials"
    long = bytearray(legacy.sc_cd(((0.5, 2, 10),), four))
    long[217 + 15 : 217 + 17] = (65_532).to_bytes(2, "little")
    assert refusal(bytes(long)).code == "radar.bad_moment"


def test_a_file_larger_than_any_volume_is_refused() -> None:
    large = bytearray(legacy.sc_cd(((0.5, 1, 8000),), four_short)[:1024])
    large[217 + 17 : 217 + 19] = (5000).to_bytes(2, "little")
    error = refusal(bytes(large) + bytes(5000 * (8 + 4 * 8000)))
    assert (error.code, error.facts["limit_mib"]) == ("radar.too_large", 128)


def test_without_a_nyquist_velocity_there_is_no_velocity() -> None:
    volume = sc_cd.decode(legacy.sc_cd(CUTS, four, nyquist=0), "a.bin")
    assert set(volume.sweeps[0].moments) == {"dBZ", "dBT"}
    assert "radar.odd.no_nyquist" in codes_of(volume)
    assert math.isnan(volume.sweeps[0].nyquist_ms)


def test_an_end_that_cannot_be_spreads_nothing() -> None:
    for ended in ((0, 0, 0, 0, 0, 0), (2014, 7, 4, 19, 0, 0), (2014, 7, 4, 23, 0, 0)):
        volume = sc_cd.decode(legacy.sc_cd(CUTS, four, ended=ended), "a.bin")
        assert {sweep.started_at for sweep in volume.sweeps} == {volume.started_at}


def test_only_its_mark_is_recognized() -> None:
    raw = legacy.sc_cd(CUTS, four, kind="cinrad/cd")
    assert sc_cd.recognizes(raw[:200], len(raw))
    assert not sc_cd.recognizes(raw[:100], 100)
    assert not sc_cd.recognizes(legacy.sc_cd(CUTS, four, kind="CINRAD/CC")[:200], 9999)


def test_mutants_end_in_the_named_error_or_a_volume() -> None:
    dice = random.Random(20261121)
    original = legacy.sc_cd(CUTS, four)
    read, sentences = 0, []
    for _ in range(data.long_count(300, 5000)):
        raw = bytearray(original)
        at = dice.randrange(1016)
        raw[at : at + 4] = dice.randbytes(4)
        if dice.random() < 0.2:
            del raw[dice.randrange(len(raw)) :]
        try:
            read += len(sc_cd.decode(bytes(raw), "a.bin").sweeps)
        except DataError as error:
            sentences.append(error.sentence("en"))
    assert read
    assert sentences
    assert all("a.bin" in sentence for sentence in sentences)

"""NEXRAD level II, made byte by byte: which cuts are whole, where the file breaks, what xradar does not say."""

from __future__ import annotations

import math
import struct
import sys
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from models.errors import DataError
from models.radar.decoders import nexrad
from models.radar.layouts.nexrad_messages import Walk
from tests.models.radar import nexrad_bytes as made
from tests.models.radar.said import said

pytest.importorskip("xradar", reason="the extra formats is not installed")

REF = made.field("REF", bytes([0, 1, 2, 66, 166, 220]))
VEL = made.field("VEL", bytes([0, 1, 129, 131]), offset=129.0)


def floats(values: Any) -> NDArray[np.float32]:
    return np.array(values, np.float32)


def refusal(raw: bytes) -> DataError:
    with pytest.raises(DataError) as caught:
        nexrad.decode(raw, "KTST")
    assert "KTST" in caught.value.sentence("zh")
    return caught.value


def two_cuts(**how: int) -> list[bytes]:
    first = made.cut(1, [REF, VEL], first=3)
    return [made.pattern([0.5, 1.5]), *first, *made.cut(2, [REF], elevation=1.5, last=4, **how)]


@pytest.mark.parametrize("packed", [0, 20])
def test_a_whole_volume_is_read_plain_and_packed(packed: int) -> None:
    volume = nexrad.decode(made.volume(two_cuts(), packed=packed), "KTST")
    assert (volume.complete, volume.announced, volume.task, volume.layout) == (True, 2, "VCP 21", "nexrad.31")
    assert volume.site.code == "ZT01"
    assert (volume.site.lat_deg, volume.site.lon_deg, volume.site.altitude_m) == (23.5, 113.25, 120)
    assert volume.started_at == made.AT
    first, second = volume.sweeps
    assert [first.elevation_deg, second.elevation_deg] == pytest.approx([0.5, 1.5], abs=0.01)
    assert first.azimuth_deg.tolist() == [ray * 10 + 5 for ray in range(36)]
    assert second.started_at - first.started_at == timedelta(seconds=36)
    assert first.nyquist_ms == 25
    assert set(first.moments) == {"dBZ", "V"}
    assert volume.calibration == {"horizontal_db": -43.5}
    assert not volume.oddities


def test_code_0_is_below_the_threshold_and_1_is_folded_as_the_file_has_it() -> None:
    moment = nexrad.decode(made.volume(two_cuts()), "KTST").sweeps[0].moments["dBZ"]
    assert moment.codes[7].tolist() == [0, 1, 2, 66, 166, 220]
    assert moment.first_valid == 2
    np.testing.assert_array_equal(moment.values()[7], floats([np.nan, np.nan, -32, 0, 50, 77]))


def test_each_moment_has_its_own_gates_from_near_edge_to_near_edge() -> None:
    """Xradar has one range for all and fills the shorter moments up with code 0."""
    far = made.field("REF", bytes(range(60, 80)), first_m=500, gate_m=1000)
    volume = nexrad.decode(made.volume([*made.cut(1, [far, VEL], last=4)]), "KTST")
    moments = volume.sweeps[0].moments
    assert (moments["dBZ"].codes.shape, moments["dBZ"].start_m, moments["dBZ"].gate_m) == ((36, 20), 0, 1000)
    assert (moments["V"].codes.shape, moments["V"].start_m, moments["V"].gate_m) == ((36, 4), 2000, 250)


def test_16_bit_moments_keep_their_codes() -> None:
    codes = struct.pack(">4H", 0, 1, 418, 1000)
    zdr = made.field("ZDR", codes, bits=16, scale=32.0, offset=418.0)
    moment = nexrad.decode(made.volume(made.cut(1, [REF, zdr], last=4)), "KTST").sweeps[0].moments["ZDR"]
    assert moment.codes.dtype == np.uint16
    assert moment.codes[3].tolist() == [0, 1, 418, 1000]
    assert moment.values()[3, 2:].tolist() == pytest.approx([0, 582 / 32])


def test_a_block_that_xradar_does_not_know_costs_nothing_but_itself() -> None:
    odd = made.field("NEW", bytes(range(60, 80)))
    volume = nexrad.decode(made.volume(made.cut(1, [odd, REF], last=4)), "KTST")
    assert volume.sweeps[0].moments["dBZ"].codes[0].tolist() == [0, 1, 2, 66, 166, 220]
    assert said(volume.oddities) == ["moments_left"]
    assert "NEW" in volume.oddities[0]


@pytest.mark.parametrize("resolution", [2, 4])
def test_old_messages_give_spectrum_width_too_and_no_place(resolution: int) -> None:
    """Xradar drops the width of message 1, and has its offset wrong."""
    rays = [
        made.old_radial(
            ray * 10 + 5,
            status=0 if ray == 0 else 4 if ray == 35 else 1,
            ms=ray * 1000,
            reflectivity=bytes([0, 1, 66, 100]),
            velocity=bytes([0, 1, 129, 139, 149]),
            width=bytes([0, 1, 129, 131, 133]),
            resolution=resolution,
        )
        for ray in range(36)
    ]
    volume = nexrad.decode(made.volume(rays, tape=b"AR2V0001.001"), "KTST")
    moments = volume.sweeps[0].moments
    assert (volume.layout, volume.complete, volume.task) == ("nexrad.1", True, "VCP 11")
    assert not volume.site.placed
    assert (moments["dBZ"].start_m, moments["V"].start_m) == (-500, -500)
    np.testing.assert_array_equal(moments["dBZ"].values()[4], floats([np.nan, np.nan, 0, 17]))
    step = 1 if resolution == 4 else 0.5
    np.testing.assert_array_equal(moments["V"].values()[4], floats([np.nan, np.nan, 0, 10 * step, 20 * step]))
    np.testing.assert_array_equal(moments["W"].values()[4], floats([np.nan, np.nan, 0, 1, 2]))
    assert volume.sweeps[0].nyquist_ms == pytest.approx(25.37)


def test_a_cut_without_its_end_is_left_out_and_the_break_is_named() -> None:
    messages = two_cuts()[:-10]
    volume = nexrad.decode(made.volume(messages), "KTST")
    assert len(volume.sweeps) == 1
    assert isinstance(volume.error, DataError)
    assert volume.error.code == "radar.cut_unended"
    assert volume.error.facts["cut"] == 2
    assert volume.error.facts["byte"] == len(made.volume(messages)) - len(messages[-1])


def test_a_cut_that_lost_only_its_last_ray_is_whole() -> None:
    messages = [made.pattern([0.5, 1.5]), *made.cut(1, [REF])[:-1], *made.cut(2, [REF], elevation=1.5, last=4, rays=60)]
    volume = nexrad.decode(made.volume(messages), "KTST")
    assert [sweep.azimuth_deg.size for sweep in volume.sweeps] == [60]
    messages = [made.pattern([0.5, 1.5]), *made.cut(1, [REF], rays=60)[:-1], *made.cut(2, [REF], elevation=1.5, last=4)]
    volume = nexrad.decode(made.volume(messages), "KTST")
    assert [sweep.azimuth_deg.size for sweep in volume.sweeps] == [36]
    messages = [*made.cut(1, [REF], rays=120)[:-1], *made.cut(2, [REF], elevation=1.5, last=4)]
    volume = nexrad.decode(made.volume([made.pattern([0.5, 1.5]), *messages]), "KTST")
    assert [sweep.azimuth_deg.size for sweep in volume.sweeps] == [119, 36]
    assert volume.complete


def test_half_a_packed_file_keeps_its_whole_cuts_and_says_at_which_byte_it_ends() -> None:
    raw = made.volume(two_cuts(), packed=12)
    cut_at = len(raw) * 3 // 4
    volume = nexrad.decode(raw[:cut_at], "KTST")
    assert [sweep.number for sweep in volume.sweeps] == [1]
    assert isinstance(volume.error, DataError)
    assert (volume.error.code, volume.error.facts["byte"]) == ("radar.packing_cut_off", cut_at)


def test_a_damaged_record_costs_the_cut_it_lies_in_and_no_other() -> None:
    messages = [made.pattern([0.5, 1.5, 2.4]), *two_cuts()[1:-36]]
    messages += [*made.cut(2, [REF], elevation=1.5), *made.cut(3, [REF], elevation=2.4, last=4)]
    raw = bytearray(made.volume(messages, packed=12))
    records = [at for at in range(len(raw) - 3) if raw[at : at + 3] == b"BZh"]
    raw[records[4] + 12 : records[4] + 20] = bytes(8)
    volume = nexrad.decode(bytes(raw), "KTST")
    assert [sweep.number for sweep in volume.sweeps] == [1, 3]
    assert isinstance(volume.error, DataError)
    assert (volume.error.code, volume.error.facts["byte"]) == ("radar.packing_damaged", records[4] - 4)


def test_a_record_that_holds_no_messages_costs_no_other_cut() -> None:
    good = made.volume(two_cuts(), packed=37)
    volume = nexrad.decode(made.volume([bytes(12) + b"\xff" * 90], packed=1) + good[24:], "KTST")
    assert [sweep.number for sweep in volume.sweeps] == [1, 2]
    assert isinstance(volume.error, DataError)
    assert (volume.error.code, volume.error.facts["byte"]) == ("radar.cut_off", 24)


def test_fewer_cuts_than_announced_are_an_error_unless_the_radar_ended_the_volume() -> None:
    missing = made.volume([made.pattern([0.5, 1.5, 2.4]), *two_cuts()[1:-36], *made.cut(2, [REF], elevation=1.5)])
    error = nexrad.decode(missing, "KTST").error
    assert isinstance(error, DataError)
    assert (error.code, error.facts["found"], error.facts["announced"]) == ("radar.cuts_missing", 2, 3)
    early = made.volume([made.pattern([0.5, 1.5, 2.4]), *two_cuts()[1:]])
    volume = nexrad.decode(early, "KTST")
    assert volume.complete
    assert said(volume.oddities) == ["ended_early"]
    assert "2 of the 3" in volume.oddities[0]


def test_rays_that_the_radar_calls_bad_are_not_scanned() -> None:
    rays = made.cut(1, [REF], last=4)
    rays[5] = made.radial([REF], 55, status=0x81, ms=5000)
    rays[6] = made.radial([REF], 65, blanked=1, ms=6000)
    volume = nexrad.decode(made.volume(rays), "KTST")
    assert np.flatnonzero(volume.sweeps[0].blanked).tolist() == [5, 6]
    assert "2 of 36 rays" in str(volume.oddities[0])


def test_rays_out_of_their_order_in_time_keep_their_codes() -> None:
    rays = [
        made.radial(
            [made.field("REF", bytes([100 + ray]))],
            ray * 10 + 5,
            status=0 if ray == 0 else 4 if ray == 35 else 1,
            ms=(ray * 7 % 36) * 1000,
        )
        for ray in range(36)
    ]
    sweep = nexrad.decode(made.volume(rays), "KTST").sweeps[0]
    assert sweep.moments["dBZ"].codes[:, 0].tolist() == [100 + ray for ray in range(36)]
    assert sweep.azimuth_deg.tolist() == [ray * 10 + 5 for ray in range(36)]


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (made.radial([REF], 400.0), "radar.bad_angle"),
        (made.radial([REF], math.nan), "radar.bad_angle"),
        (made.radial([REF], 5.0, elevation=-40.0), "radar.bad_angle"),
        (made.radial([REF], 5.0, status=9), "radar.bad_state"),
        (made.radial([made.field("REF", b"\1", scale=0.0)], 5.0), "radar.bad_foreign_moment"),
        (made.radial([made.field("REF", b"\1", gate_m=0)], 5.0), "radar.bad_foreign_moment"),
        (made.radial([made.field("REF", b"\1", scale=math.nan)], 5.0), "radar.bad_foreign_moment"),
        (made.radial([REF], 5.0)[:60], "radar.cut_off"),
        (made.message(31, bytes(4)), "radar.cut_off"),
        (made.old_radial(5, reflectivity=bytes(9))[:2000], "radar.cut_off"),
        (b"", "radar.no_radials"),
        (bytes(5000), "radar.no_radials"),
    ],
)
def test_what_no_radar_writes_is_named(broken: bytes, code: str) -> None:
    assert refusal(made.volume([broken])).code == code
    after = [made.pattern([0.5, 1.5]), *made.cut(1, [REF]), broken]
    volume = nexrad.decode(made.volume(after), "KTST")
    assert len(volume.sweeps) == 1
    assert isinstance(volume.error, DataError)
    assert volume.error.code == (code if code != "radar.no_radials" else "radar.cuts_missing")


def test_gates_beyond_the_radial_and_too_many_of_them_are_named() -> None:
    raw = bytearray(made.radial([REF], 5.0))
    at = raw.index(b"DREF") + 8
    for gates in (7, 9000, 65_535):
        struct.pack_into(">H", raw, at, gates)
        assert refusal(made.volume([bytes(raw)])).code == "radar.bad_foreign_moment"


def test_radials_of_one_cut_with_other_gates_are_named() -> None:
    rays = made.cut(1, [REF], last=4)
    rays[9] = made.radial([made.field("REF", bytes(5))], 95, ms=9000)
    error = refusal(made.volume(rays))
    assert (error.code, error.facts["cut"]) == ("radar.radials_differ", 1)


def test_a_place_that_is_none_is_named() -> None:
    for place in ((0.0, 0.0), (91.0, 10.0), (math.inf, 10.0)):
        rays = [made.radial([REF], ray * 10, status=(0, 1, 4)[ray], ms=ray, place=place) for ray in range(3)]
        assert refusal(made.volume(rays)).code == "radar.foreign_site"


def test_a_cut_of_one_ray_is_none() -> None:
    assert refusal(made.volume([made.radial([REF], 5, status=4)])).code == "radar.cut_unended"


def test_a_record_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.radar.layouts.nexrad_messages.LARGEST_BYTES", 100_000)
    assert refusal(made.volume([bytes(60_000), bytes(60_000)], packed=1)).code == "radar.too_large"


def test_more_cuts_or_radials_than_any_volume_has_end_the_walk(monkeypatch: pytest.MonkeyPatch) -> None:
    rays = [made.radial([REF], 5.0, cut=number % 250 + 1, status=0) for number in range(300)]
    walk = Walk(made.volume(rays))
    assert len(list(walk.cuts())) == 257
    assert walk.damage is not None
    assert walk.damage.code == "bad_cut_count"
    monkeypatch.setattr("models.radar.layouts.nexrad_messages.MOST_RADIALS", 20)
    walk = Walk(made.volume(made.cut(1, [REF])))
    assert [len(cut.radials) for cut in walk.cuts()] == [20]
    assert walk.damage is not None
    assert walk.damage.code == "too_many_radials"


def test_without_the_extra_the_file_is_named_and_how_to_read_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xradar", None)
    error = refusal(made.volume(two_cuts()))
    assert error.code == "radar.formats_missing"
    assert "NEXRAD level II" in str(error)
    assert 'pip install "fengsui[formats]"' in str(error)


def test_the_format_is_known_by_its_first_bytes() -> None:
    assert nexrad.recognizes(b"AR2V0006.001", 12)
    assert nexrad.recognizes(b"ARCHIVE2.001", 12)
    assert not nexrad.recognizes(b"AR2", 3)
    assert not nexrad.recognizes(b"RSTM0006.001", 12)

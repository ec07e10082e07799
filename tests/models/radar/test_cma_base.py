"""Standard base data: what is read, how cuts are told apart, what codes mean."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from models.radar.decoders import cma_base, read
from models.radar.layouts.cma_radials import BASE, walk
from models.radar.volume import Volume
from tests import data
from tests.models.radar import fmt_bytes as fmt

CONVERTED = "radar/fmt_converted_sweden"


def decode(raw: bytes) -> Volume:
    return cma_base.decode(raw, "test.bin")


def test_a_small_volume_comes_out_as_it_was_written() -> None:
    volume = decode(fmt.small_volume())
    assert volume.complete
    assert volume.format == "CMA standard base data (FMT)"
    assert (volume.site.code, volume.site.name) == ("ZT001", "青岚")
    assert (volume.site.lon_deg, volume.site.lat_deg, volume.site.altitude_m) == (113.25, 23.5, 120.0)
    assert volume.started_at == datetime.fromtimestamp(fmt.STARTED_S, UTC)
    assert (volume.announced, volume.task, volume.frequency_mhz, volume.scan) == (2, "VCP21D", 2860.0, "volume")
    assert [sweep.elevation_deg for sweep in volume.sweeps] == [0.5, 1.5]
    sweep = volume.sweeps[0]
    assert sweep.azimuth_deg.tolist() == [ray * 10.0 for ray in range(36)]
    assert sweep.started_at.microsecond == 250_000
    assert sweep.nyquist_ms == 26.5
    assert not sweep.blanked.any()
    expected = np.array([[5 + ray + gate for gate in range(20)] for ray in range(36)], np.uint8)
    assert np.array_equal(sweep.moments["dBZ"].codes, expected)
    assert sweep.moments["dBZ"].values()[2, 3] == (10 - 66) / 2
    assert volume.oddities == ()


def test_codes_below_five_are_never_values() -> None:
    raw = fmt.head([fmt.cut_header(0.5)]) + fmt.even_cut(1, 0.5, [[0, 1, 2, 3, 4, 5, 255]] * 36, last=True)
    values = decode(raw).sweeps[0].moments["dBZ"].values()
    assert np.isnan(values[:, :5]).all()
    assert (values[:, 5:] == [-30.5, 94.5]).all()


def test_scale_and_offset_are_the_files_own_and_two_byte_codes_are_read() -> None:
    codes = np.array([[0, 4, 5, 300, 65535]] * 36, "<u2")
    rays = [
        fmt.radial(1, ray * 10.0, 0.5, [fmt.moment(10, (100, 50, 2, codes[ray].tobytes()))], state=2 * (ray == 35))
        for ray in range(36)
    ]
    moment = decode(fmt.head([fmt.cut_header(0.5)]) + b"".join(rays)).sweeps[0].moments["PhiDP"]
    assert moment.codes.dtype == np.uint16
    assert np.isnan(moment.values()[0, :2]).all()
    assert moment.values()[0, 2:].tolist() == pytest.approx([-0.45, 2.5, 654.85])


def test_gate_lengths_follow_the_moment_and_the_hundredths_rule() -> None:
    """Doppler moments take the Doppler gate; above 32768 a length is hundredths of a meter."""
    moments = [fmt.moment(2, (2, 66, 1, b"\x50\x51")), fmt.moment(3, (2, 129, 1, b"\x50\x51"))]
    rays = b"".join(fmt.radial(1, ray * 10.0, 0.5, moments, state=2 * (ray == 35)) for ray in range(36))
    table = [fmt.cut_header(0.5, log_gate=39_018, doppler_gate=250, start_m=125)]
    sweep = decode(fmt.head(table) + rays).sweeps[0]
    assert sweep.moments["dBZ"].gate_m == 62.5
    assert sweep.moments["V"].gate_m == 250.0
    assert sweep.moments["V"].start_m == 125.0
    only_log = [fmt.cut_header(0.5, log_gate=1000, doppler_gate=0)]
    assert decode(fmt.head(only_log) + rays).sweeps[0].moments["V"].gate_m == 1000.0


def test_cuts_are_told_by_their_number_and_kept_as_recorded() -> None:
    """A split cut (same elevation twice) stays two sweeps with their own moments."""
    table = [fmt.cut_header(0.5), fmt.cut_header(0.5), fmt.cut_header(1.5)]
    survey = fmt.even_cut(1, 0.5, [[80] * 8] * 36)
    doppler = b"".join(
        fmt.radial(2, (200 + ray * 10) % 360, 0.5, [fmt.moment(3, (2, 129, 1, b"\x60" * 5))]) for ray in range(36)
    )
    volume = decode(fmt.head(table) + survey + doppler + fmt.even_cut(3, 1.5, [[90] * 8] * 36, last=True))
    assert [tuple(sweep.moments) for sweep in volume.sweeps] == [("dBZ",), ("V",), ("dBZ",)]
    assert volume.sweeps[1].azimuth_deg[0] == 200.0
    assert volume.complete


def test_unequal_radials_are_walked_and_short_ones_are_not_scanned() -> None:
    """What a radial does not hold is missing; it never becomes an empty gate."""
    lengths = [7, 7, 3, 7, 0, 5] * 6
    rays = b"".join(
        fmt.radial(1, ray * 10.0, 0.5, [fmt.moment(2, (2, 66, 1, bytes([100] * n)))], state=2 * (ray == 35))
        for ray, n in enumerate(lengths)
    )
    codes = decode(fmt.head([fmt.cut_header(0.5)]) + rays).sweeps[0].moments["dBZ"].codes
    assert codes.shape == (36, 7)
    for ray, n in enumerate(lengths):
        assert codes[ray].tolist() == [100] * n + [2] * (7 - n)


def test_radials_laid_out_alike_lie_in_one_block_whatever_their_cut() -> None:
    raw = fmt.small_volume()
    radials = walk(raw, 416 + 2 * 256, BASE)
    assert radials.damage is None
    assert [block.rays for block in radials.blocks] == [72]
    assert radials.byte[-1] == len(raw)
    changed = bytearray(raw)
    changed[416 + 512 + 20 * (64 + 32 + 20) + 50 : 416 + 512 + 20 * (64 + 32 + 20) + 51] = b"\x01"
    radials = walk(bytes(changed), 416 + 2 * 256, BASE)
    assert [block.rays for block in radials.blocks] == [20]
    assert radials.damage is not None
    assert radials.damage.code == "packed_radials"


def test_unknown_and_empty_moments_are_stepped_over_and_named() -> None:
    moments = [
        fmt.moment(20, (1, 0, 1, b"\x01" * 11)),
        fmt.moment(2, (2, 66, 1, b"\x50" * 4)),
        fmt.moment(7, (16, 130, 1, b"")),
        fmt.moment(2, (2, 66, 1, b"\x99" * 4)),
    ]
    rays = b"".join(fmt.radial(1, ray * 10.0, 0.5, moments, state=2 * (ray == 35), tail=b"xy") for ray in range(36))
    volume = decode(fmt.head([fmt.cut_header(0.5)]) + rays)
    assert tuple(volume.sweeps[0].moments) == ("dBZ",)
    assert (volume.sweeps[0].moments["dBZ"].codes == 0x50).all()
    assert [str(odd) for odd in volume.oddities] == [
        "cut 1: ZDR is announced and holds nothing; look at the radar if it should hold something",
        "moment type 20 is unknown and was skipped",
    ]


def test_blanked_radials_are_marked() -> None:
    rays = b"".join(
        fmt.radial(
            1, ray * 10.0, 0.5, [fmt.moment(2, (2, 66, 1, b"\x50"))], blanked=int(ray < 9), state=2 * (ray == 35)
        )
        for ray in range(36)
    )
    volume = decode(fmt.head([fmt.cut_header(0.5)]) + rays)
    assert volume.sweeps[0].blanked.tolist() == [True] * 9 + [False] * 27
    assert str(volume.oddities[0]) == "cut 1: 9 of 36 rays blanked, taken as not scanned"


def test_elevations_above_180_are_negative_and_rays_correct_a_wrong_header() -> None:
    rays = b"".join(
        fmt.radial(1, ray * 10.0, 359.5, [fmt.moment(2, (2, 66, 1, b"\x50"))], state=2 * (ray == 35))
        for ray in range(36)
    )
    sweep = decode(fmt.head([fmt.cut_header(359.5)]) + rays).sweeps[0]
    assert sweep.elevation_deg == -0.5
    assert (sweep.ray_elevation_deg == -0.5).all()
    wrong = decode(fmt.head([fmt.cut_header(float("nan"))]) + rays)
    assert wrong.sweeps[0].elevation_deg == -0.5
    assert "its header" not in str(wrong.oddities[0])
    assert "the rays stand" in str(wrong.oddities[0])


@pytest.mark.parametrize(("azimuth", "shown"), [(77.0, 77.0), (400.0, 12.0)])
def test_an_rhi_is_read_with_the_azimuth_of_its_cut(azimuth: float, shown: float) -> None:
    rays = b"".join(
        fmt.radial(
            1, 12.0, step / 2, [fmt.moment(2, (2, 66, 1, b"\x50" * 3))], state=6 if step == 80 else 5 * (step == 0)
        )
        for step in range(81)
    )
    volume = decode(fmt.head([fmt.cut_header(0.0, azimuth=azimuth)], scan=2) + rays)
    assert volume.scan == "rhi"
    assert volume.complete
    sweep = volume.sweeps[0]
    assert (sweep.azimuth_deg == shown).all()
    assert sweep.ray_elevation_deg[-1] == 40.0
    assert sweep.elevation_deg == 20.0


def test_times_come_from_the_radials_where_the_header_has_none() -> None:
    table = [fmt.cut_header(0.5)]
    late = fmt.even_cut(1, 0.5, [[80]] * 36, last=True)
    volume = decode(fmt.head(table, started_s=0) + late)
    assert volume.started_at == volume.sweeps[0].started_at
    assert "no start time" in str(volume.oddities[0])
    rays = [
        fmt.radial(1, ray * 10.0, 0.5, [fmt.moment(2, (2, 66, 1, b"\x50"))], seconds=0, state=2 * (ray == 35))
        for ray in range(36)
    ]
    volume = decode(fmt.head(table) + b"".join(rays))
    assert volume.sweeps[0].started_at == volume.started_at
    rays[0] = fmt.radial(1, 0.0, 0.5, [fmt.moment(2, (2, 66, 1, b"\x50"))], micro=-5)
    assert decode(fmt.head(table) + b"".join(rays)).sweeps[0].started_at.microsecond == 0


def test_odd_headers_are_read_and_said() -> None:
    late = fmt.even_cut(1, 0.5, [[80]] * 36, last=True)
    volume = decode(fmt.head([fmt.cut_header(0.5, nyquist=-999_999.0)], scan=77, antenna=99_999, frequency=-1.0) + late)
    assert np.isnan([volume.site.altitude_m, volume.frequency_mhz, volume.sweeps[0].nyquist_ms]).all()
    assert volume.scan == "unknown"
    said = " ".join(map(str, volume.oddities))
    assert "99999 m is impossible" in said
    assert "scan type 77" in said


def test_one_cut_of_many_is_a_tilt_file_and_two_of_three_are_not_complete() -> None:
    table = [fmt.cut_header(0.5), fmt.cut_header(1.5), fmt.cut_header(2.5)]
    tilt = decode(fmt.head(table) + fmt.even_cut(2, 1.5, [[80]] * 36))
    assert tilt.complete
    assert tilt.sweeps[0].number == 2
    assert "single-tilt" in str(tilt.oddities[-1])
    two = decode(fmt.head(table) + fmt.even_cut(1, 0.5, [[80]] * 36) + fmt.even_cut(2, 1.5, [[80]] * 36, last=True))
    assert not two.complete
    assert "2 of 3 cuts" in str(two.error)
    assert len(two.sweeps) == 2


def test_a_cut_without_an_end_is_whole_if_its_rays_go_round() -> None:
    table = [fmt.cut_header(0.5), fmt.cut_header(1.5)]
    first = fmt.even_cut(1, 0.5, [[80]] * 36)
    one = fmt.moment(2, (2, 66, 1, b"\x50"))
    round_trip = b"".join(fmt.radial(2, (355 + ray * 10) % 360, 1.5, [one]) for ray in range(36))
    assert decode(fmt.head(table) + first + round_trip).complete
    half = decode(fmt.head(table) + first + round_trip[: len(round_trip) // 2])
    assert len(half.sweeps) == 1
    assert "cut 2 breaks off" in str(half.error)


def test_volumes_and_their_errors_survive_the_way_between_processes() -> None:
    raw = fmt.small_volume()
    broken = pickle.loads(pickle.dumps(decode(raw[:-5])))
    assert not broken.complete
    assert broken.error.code == "radar.cut_off"
    assert broken.error.facts["byte"] == len(raw) - 5
    assert "字节" in broken.error.sentence("zh")
    odd = pickle.loads(
        pickle.dumps(decode(fmt.head([fmt.cut_header(9.0)]) + fmt.even_cut(1, 0.5, [[80]] * 36, last=True)))
    )
    assert odd.oddities[0].sentence("zh").startswith("第 1 层")


@pytest.mark.parametrize(
    ("name", "rays", "cuts", "gates"),
    [(f"ZS{number}", 420, 4, 120) for number in range(140, 152)],
)
def test_every_converted_swedish_volume_is_read_whole(name: str, rays: int, cuts: int, gates: int) -> None:
    path = next(data.need(CONVERTED).glob(f"*{name}*"))
    volume = read(path)
    assert isinstance(volume, Volume)
    assert volume.complete
    assert (volume.site.code, volume.announced, len(volume.sweeps)) == (name, cuts, cuts)
    for sweep in volume.sweeps:
        assert sweep.azimuth_deg.size == rays
        assert {moment: m.codes.shape for moment, m in sweep.moments.items()} == {
            "dBZ": (rays, gates),
            "V": (rays, gates),
        }
        # Their ODIM originals say that the first gate begins at 0; the converter wrote its center, 1000 m.
        assert {(moment.start_m, moment.gate_m) for moment in sweep.moments.values()} == {(0.0, 2000.0)}


def test_the_converted_american_volume_is_read_whole_with_its_own_offsets() -> None:
    path = next(data.need("radar/fmt_converted_nexrad").glob("*.bz2"))
    volume = read(path)
    assert isinstance(volume, Volume)
    assert volume.complete
    assert sum(sweep.azimuth_deg.size for sweep in volume.sweeps) == 6480
    assert len(volume.sweeps) == volume.announced == 12
    first = volume.sweeps[0].moments
    assert first["dBZ"].start_m == 2000.0
    assert (first["dBZ"].offset, first["ZDR"].offset, first["ZDR"].codes.dtype.itemsize) == (68.0, 213.0, 2)


def test_zg170_is_read_whole_with_its_blanked_rays(tmp_path: Path) -> None:
    packed = next(data.need("radar/cinrad_base").glob("*ZG170*"))
    volume = read(packed)
    assert isinstance(volume, Volume)
    assert volume.complete
    assert volume.started_at == datetime(2026, 3, 29, 6, 48, tzinfo=UTC)
    assert (volume.site.altitude_m, volume.frequency_mhz) == (100.0, 9464.0)
    assert [sweep.elevation_deg for sweep in volume.sweeps] == [1.8, 2.79, 3.8, 4.79, 5.8]
    assert [sweep.azimuth_deg.size for sweep in volume.sweeps] == [363] * 5
    assert [int(sweep.blanked.sum()) for sweep in volume.sweeps] == [110, 15, 0, 0, 0]
    assert {m.codes.shape[1] for sweep in volume.sweeps for m in sweep.moments.values()} == {973}
    assert {m.gate_m for sweep in volume.sweeps for m in sweep.moments.values()} == {75.0}
    assert volume.beam_width_deg == 0.9
    assert volume.calibration["noise_horizontal_dbm"] == -74.5014
    assert volume.calibration["phidp_deg"] == 143.4314
    assert np.isnan(volume.calibration["vertical_db"])
    assert len(volume.oddities) == 2

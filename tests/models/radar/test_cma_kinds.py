"""Standard base data of every kind: all moments, bands, scans, and what the headers say beside."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from models.errors import DataError
from models.radar.decoders import cma_base
from models.radar.volume import Volume
from tests.models.radar import fmt_bytes as fmt

DBZ = fmt.moment(2, (2, 66, 1, b"\x50" * 8))

MOMENTS = {
    1: "dBT", 2: "dBZ", 3: "V", 4: "W", 5: "SQI", 6: "CPA", 7: "ZDR", 8: "LDR", 9: "CC", 10: "PhiDP", 11: "KDP",
    12: "CP", 14: "HCL", 15: "CF", 16: "SNRH", 17: "SNRV", 19: "POTS", 21: "COP", 26: "VELSZ", 27: "DR",
    32: "Zc", 33: "Vc", 34: "Wc", 35: "ZDRc", 36: "PhiDPc", 37: "KDPc", 38: "CCc",
}  # fmt: skip


def decode(raw: bytes, name: str = "test.bin") -> Volume:
    return cma_base.decode(raw, name)


def test_every_moment_of_the_layout_is_read_by_name_with_its_own_coding() -> None:
    """Odd types in two bytes, even ones in one, each with its own scale, offset and count of gates."""
    moments = []
    for kind in MOMENTS:
        gates = 3 + kind % 7
        form = f"<{gates}H" if kind % 2 else f"<{gates}B"
        codes = struct.pack(form, *(100 + kind + gate for gate in range(gates)))
        moments.append(fmt.moment(kind, (kind + 1, kind, 1 + kind % 2, codes)))
    sweep = decode(fmt.head([fmt.cut_header(0.5)]) + fmt.turn(1, 0.5, moments, end=4)).sweeps[0]
    assert set(sweep.moments) == set(MOMENTS.values())
    for kind, name in MOMENTS.items():
        moment = sweep.moments[name]
        assert moment.codes.dtype == (np.uint16 if kind % 2 else np.uint8)
        expected = [(100 + gate) / (kind + 1) for gate in range(3 + kind % 7)]
        assert moment.values().shape == (36, 3 + kind % 7)
        assert moment.values()[35].tolist() == pytest.approx(expected)


@pytest.mark.parametrize("kind", [0, 13, 18, 20, 31, 39, 71, 77, -1, 2**31 - 1])
def test_types_that_base_data_do_not_have_are_stepped_over(kind: int) -> None:
    strange = fmt.moment(kind, (1, 0, 1, b"\x60" * 5))
    volume = decode(fmt.head([fmt.cut_header(0.5)]) + fmt.turn(1, 0.5, [strange, DBZ], end=4))
    assert volume.complete
    assert tuple(volume.sweeps[0].moments) == ("dBZ",)
    assert [str(odd) for odd in volume.oddities] == [f"moment type {kind} is unknown and was skipped"]


def test_reflectivity_is_contiguous_and_the_rest_lies_in_the_files_bytes() -> None:
    moments = [fmt.moment(kind, (2, 66, 1, b"\x70" * 9)) for kind in (1, 2, 3, 32)]
    sweep = decode(fmt.head([fmt.cut_header(0.5)]) + fmt.turn(1, 0.5, moments, end=4)).sweeps[0]
    assert [sweep.moments[name].codes.flags.c_contiguous for name in ("dBT", "dBZ", "Zc", "V")] == [True] * 3 + [False]
    assert not sweep.moments["V"].codes.flags.owndata


@pytest.mark.parametrize("frequency", [2860.0, 5430.0, 9464.0])
def test_radars_of_every_band_are_read_with_frequency_and_beam_width(frequency: float) -> None:
    head = fmt.head([fmt.cut_header(0.5)], frequency=frequency, beam_width=0.9)
    volume = decode(head + fmt.turn(1, 0.5, [DBZ], end=4))
    assert (volume.frequency_mhz, volume.beam_width_deg) == (frequency, 0.9)


def test_calibration_is_filled_and_what_is_missing_is_unknown() -> None:
    said = (-74.5, -999_999.0, 45.5, float("nan"), 351.0, -1.0, -0.25, 143.5, 0.0)
    volume = decode(fmt.head([fmt.cut_header(0.5)], said=said) + fmt.turn(1, 0.5, [DBZ], end=4))
    known = {name: value for name, value in volume.calibration.items() if not np.isnan(value)}
    assert known == {
        "noise_horizontal_dbm": -74.5,
        "horizontal_db": 45.5,
        "noise_temperature_horizontal_k": 351.0,
        "zdr_db": -0.25,
        "phidp_deg": 143.5,
        "ldr_db": 0.0,
    }
    assert len(volume.calibration) == 9
    silent = decode(fmt.head([fmt.cut_header(0.5)], said=(-1.0,) * 9, beam_width=-1.0) + fmt.turn(1, 0.5, [DBZ]))
    assert np.isnan([silent.beam_width_deg, *silent.calibration.values()]).all()


@pytest.mark.parametrize(("word", "scan"), [(0, "volume"), (1, "ppi"), (3, "sector"), (4, "sector"), (6, "manual")])
def test_scans_of_every_kind_are_told_apart(word: int, scan: str) -> None:
    volume = decode(fmt.head([fmt.cut_header(0.5)], scan=word) + fmt.turn(1, 0.5, [DBZ], end=4))
    assert (volume.scan, volume.complete, volume.oddities) == (scan, True, ())


def test_a_sector_is_whole_without_an_end_when_its_angles_are_swept() -> None:
    azimuths = [(340.0 + step) % 360 for step in range(61)]
    table = [fmt.cut_header(0.5, angles=(340.0, 40.0))]
    rays = fmt.turn(1, 0.5, [DBZ], azimuths=azimuths, end=1)
    volume = decode(fmt.head(table, scan=3) + rays)
    assert volume.complete
    assert volume.oddities == ()
    half = fmt.turn(1, 0.5, [DBZ], azimuths=azimuths[:30], end=1)
    with pytest.raises(DataError, match="breaks off"):
        decode(fmt.head(table, scan=3) + half)
    with pytest.raises(DataError, match="breaks off"):
        decode(fmt.head([fmt.cut_header(0.5)], scan=3) + rays)


def upright(number: int, azimuth: float, *, start: int, end: int, top: float = 40.0) -> bytes:
    steps = np.linspace(0, top, 81)
    return b"".join(
        fmt.radial(number, azimuth + 0.2, float(step), [DBZ], state=start if i == 0 else end if i == 80 else 1)
        for i, step in enumerate(steps)
    )


def test_many_vertical_cuts_each_have_their_own_azimuth() -> None:
    table = [fmt.cut_header(0.0, azimuth=azimuth, angles=(40.0, 0.0)) for azimuth in (15.0, 75.0, 215.0)]
    rays = [upright(number, azimuth, start=5, end=6) for number, azimuth in enumerate((15.0, 75.0, 215.0), start=1)]
    volume = decode(fmt.head(table, scan=5) + b"".join(rays))
    assert (volume.scan, volume.complete, volume.oddities) == ("rhi", True, ())
    assert [set(sweep.azimuth_deg.tolist()) for sweep in volume.sweeps] == [{15.0}, {75.0}, {215.0}]
    assert {float(sweep.ray_elevation_deg.max()) for sweep in volume.sweeps} == {40.0}


def test_a_vertical_cut_without_an_end_is_whole_when_its_elevations_are_swept() -> None:
    table = [fmt.cut_header(0.0, azimuth=15.0, angles=(40.0, 0.0))]
    assert decode(fmt.head(table, scan=2) + upright(1, 15.0, start=1, end=1)).complete
    for header in (table, [fmt.cut_header(0.0)], [fmt.cut_header(0.0, angles=(0.0, 0.0))]):
        with pytest.raises(DataError, match="breaks off"):
            decode(fmt.head(header, scan=2) + upright(1, 15.0, start=1, end=1, top=20.0))


def test_sweeps_of_other_gates_are_read_each_with_its_own() -> None:
    """Another length and another count of gates a sweep, and within a radial: nothing is forced into one shape."""
    table = [fmt.cut_header(0.5, log_gate=1000), fmt.cut_header(1.5, log_gate=39_018, doppler_gate=250)]
    long = fmt.turn(1, 0.5, [fmt.moment(2, (2, 66, 1, b"\x50" * 46))])
    mixed = [fmt.moment(2, (2, 66, 1, b"\x50" * 30)), fmt.moment(3, (2, 129, 1, b"\x81" * 12))]
    volume = decode(fmt.head(table) + long + fmt.turn(2, 1.5, mixed, end=4))
    assert volume.complete
    assert volume.oddities == ()
    shapes = [{name: (m.codes.shape[1], m.gate_m) for name, m in sweep.moments.items()} for sweep in volume.sweeps]
    assert shapes == [{"dBZ": (46, 1000.0)}, {"dBZ": (30, 62.5), "V": (12, 250.0)}]


@pytest.mark.parametrize(("word", "gate_m"), [(32_767, None), (32_768, None), (32_868, 1.0), (39_018, 62.5), (62, 62)])
def test_gates_of_hundredths_begin_at_32768(word: int, gate_m: float | None) -> None:
    raw = fmt.head([fmt.cut_header(0.5, log_gate=word, doppler_gate=0)]) + fmt.turn(1, 0.5, [DBZ], end=4)
    if gate_m is None:
        with pytest.raises(DataError, match="no usable gate length"):
            decode(raw)
    else:
        assert decode(raw).sweeps[0].moments["dBZ"].gate_m == gate_m


@pytest.mark.parametrize(
    ("start_m", "near_m"), [(0, 0.0), (250, 250.0), (2000, 2000.0), (125, 0.0), (2125, 2000.0), (-375, -500.0)]
)
def test_a_start_half_a_gate_off_is_the_center_of_the_first_gate(start_m: int, near_m: float) -> None:
    table = [fmt.cut_header(0.5, log_gate=250, doppler_gate=250, start_m=start_m)]
    volume = decode(fmt.head(table) + fmt.turn(1, 0.5, [DBZ], end=4))
    assert volume.sweeps[0].moments["dBZ"].start_m == near_m
    assert ("taken as the center" in " ".join(volume.oddities)) == (start_m != near_m)


def test_an_empty_sweep_is_named_and_the_others_stay() -> None:
    table = [fmt.cut_header(0.5), fmt.cut_header(1.5), fmt.cut_header(2.5)]
    empty = fmt.turn(2, 1.5, [fmt.moment(2, (2, 66, 1, b""))])
    raw = fmt.head(table) + fmt.turn(1, 0.5, [DBZ]) + empty + fmt.turn(3, 2.5, [DBZ], end=4)
    volume = decode(raw)
    assert [sweep.number for sweep in volume.sweeps] == [1, 3]
    assert isinstance(volume.error, DataError)
    assert (volume.error.code, volume.error.facts["cut"]) == ("radar.no_moment", 2)
    without_rays = decode(fmt.head(table) + fmt.turn(1, 0.5, [DBZ]) + fmt.turn(3, 2.5, [DBZ], end=4))
    assert isinstance(without_rays.error, DataError)
    assert without_rays.error.code == "radar.cuts_missing"


def test_a_second_fault_is_said_beside_the_first() -> None:
    table = [fmt.cut_header(elevation) for elevation in (0.5, 1.5, 2.5)]
    raw = bytearray(fmt.head(table) + fmt.turn(1, 0.5, [DBZ]) + fmt.turn(2, 1.5, [DBZ]) + fmt.turn(3, 2.5, [DBZ]))
    at, radial = 416 + 3 * 256, 64 + 32 + 8
    struct.pack_into("<f", raw, at + 40 * radial + 20, 500.0)
    struct.pack_into("<f", raw, at + 80 * radial + 24, 100.0)
    volume = decode(bytes(raw))
    assert [sweep.number for sweep in volume.sweeps] == [1]
    assert isinstance(volume.error, DataError)
    assert volume.error.facts["byte"] == at + 40 * radial + 20
    assert [odd for odd in volume.oddities if f"another fault at byte {at + 80 * radial + 24}" in odd]


def test_a_cut_whose_beginning_was_lost_is_not_taken_for_whole() -> None:
    """The first cut is damaged within; what follows under its number ends, yet never began."""
    raw = bytearray(fmt.small_volume())
    at, radial = 416 + 2 * 256, 64 + 32 + 20
    struct.pack_into("<i", raw, at + 10 * radial + 16, 77)
    volume = decode(bytes(raw))
    assert [sweep.number for sweep in volume.sweeps] == [2]
    assert isinstance(volume.error, DataError)
    assert volume.error.code == "radar.cut_unended"


def test_too_many_changes_of_cut_are_refused() -> None:
    table = [fmt.cut_header(0.5)] * 2
    rays = b"".join(fmt.radial(1 + ray % 2, 0.1 * ray, 0.5, [DBZ], state=1) for ray in range(3000))
    with pytest.raises(DataError) as caught:
        decode(fmt.head(table) + rays)
    assert caught.value.code == "radar.cut_unended"

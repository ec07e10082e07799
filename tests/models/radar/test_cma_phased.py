"""Base data of phased arrays: beams are cuts, radials take turns, and nothing is believed unchecked."""

from __future__ import annotations

import struct
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from models.errors import DataError
from models.radar.decoders import cma_phased, read
from models.radar.proven import is_unproven
from models.radar.volume import Volume
from tests.counting import calls
from tests.models.radar import phased_bytes as phased
from tests.models.radar.fmt_bytes import moment

ELEVATIONS = (0.9, 1.8, 2.7)
FIRST = 416 + 640 + 3 * 256
RADIAL = 128 + 32 + 8


def dbz(codes: bytes) -> list[bytes]:
    return [moment(2, (2, 66, 1, codes))]


def decode(raw: bytes) -> Volume:
    return cma_phased.decode(raw, "test.bin")


def refusal(raw: bytes) -> DataError:
    with pytest.raises(DataError) as caught:
        decode(raw)
    assert caught.value.sentence("zh") != caught.value.sentence("en")
    return caught.value


def rays(*, in_turn: bool, reverse: bool = False, count: int = 36, ends: bool = True) -> list[bytes]:
    """Three receive beams over all azimuths, cut by cut or azimuth by azimuth; code = 10 + azimuth + 50 cut."""
    places = [(ray, cut) for ray in range(count) for cut in (1, 2, 3)]
    if in_turn:
        places.sort(key=lambda place: (place[1], place[0]))
    if reverse:
        places.reverse()
    out = []
    for index, (ray, cut) in enumerate(places):
        state = 3 if index == 0 else 4 if ends and index == len(places) - 1 else 1
        codes = bytes([(10 + ray + 50 * cut) % 256] * 8)
        out.append(phased.radial(cut, ray + 1, ray * 360 / count, ELEVATIONS[cut - 1], dbz(codes), state=state))
    return out


def table(**facts: float) -> list[bytes]:
    return [phased.cut_header(elevation, **facts) for elevation in ELEVATIONS]  # type: ignore[arg-type]


@pytest.mark.parametrize("in_turn", [True, False])
@pytest.mark.parametrize("reverse", [True, False])
def test_beams_of_one_pulse_become_cuts_in_the_order_of_their_radials(*, in_turn: bool, reverse: bool) -> None:
    volume = decode(phased.head(table()) + b"".join(rays(in_turn=in_turn, reverse=reverse)))
    assert volume.complete
    assert volume.oddities == ()
    assert (volume.layout, volume.announced, volume.scan, volume.task) == ("fmt.phased", 3, "volume", "PA60")
    assert is_unproven(volume.layout)
    assert [sweep.elevation_deg for sweep in volume.sweeps] == pytest.approx(ELEVATIONS)
    for number, sweep in enumerate(volume.sweeps, start=1):
        assert sweep.azimuth_deg.tolist() == [ray * 10.0 for ray in range(36)]
        codes = sweep.moments["dBZ"].codes
        assert codes.flags.c_contiguous
        assert codes[:, 0].tolist() == [10 + ray + 50 * number for ray in range(36)]
        assert (codes == codes[:, :1]).all()
        assert (sweep.moments["dBZ"].gate_m, sweep.nyquist_ms) == (30.0, 20.0)


def test_the_header_says_site_start_beam_and_calibration() -> None:
    said = (-74.5, -74.0, 45.5, -999_999.0, 351.0, 343.0, -0.25, 143.5, 0.0)
    volume = decode(phased.head(table(), beams=[phased.beam(said=said)]) + b"".join(rays(in_turn=False)))
    assert (volume.site.code, volume.site.lat_deg, volume.site.lon_deg) == ("ZX001", 23.5, 113.25)
    assert volume.started_at == datetime.fromtimestamp(phased.STARTED_S, UTC)
    assert volume.sweeps[0].started_at.microsecond == 500_000
    assert (volume.frequency_mhz, volume.beam_width_deg) == (9400.0, 0.9)
    assert volume.calibration["noise_horizontal_dbm"] == -74.5
    assert np.isnan(volume.calibration["vertical_db"])


def test_the_beam_stands_in_where_site_and_cut_say_nothing() -> None:
    head = phased.head(table(receive_width=0.0), beams=[phased.beam(width=1.5)], frequency=-999_999.0)
    volume = decode(head + b"".join(rays(in_turn=False)))
    assert (volume.frequency_mhz, volume.beam_width_deg) == (9400.0, 1.5)
    assert np.isnan(list(volume.calibration.values())).all()
    none = decode(phased.head(table(receive_width=0.0), beams=[], frequency=0.0) + b"".join(rays(in_turn=False)))
    assert none.complete
    assert np.isnan([none.frequency_mhz, none.beam_width_deg, *none.calibration.values()]).all()


def test_beams_of_the_younger_form_are_found_by_the_radial_that_follows() -> None:
    beams = [phased.beam(size=1408)] * 2
    volume = decode(phased.head(table(), beams=beams) + b"".join(rays(in_turn=False)))
    assert volume.complete
    assert [str(odd) for odd in volume.oddities] == ["the table of beams has 1408 bytes each, not 640"]


def test_gates_are_floats_and_thirty_meters_where_none_are_given() -> None:
    sweep = decode(phased.head(table(log_gate=37.5)) + b"".join(rays(in_turn=False))).sweeps[0]
    assert sweep.moments["dBZ"].gate_m == 37.5
    hundredths = decode(phased.head(table(log_gate=39_018.0)) + b"".join(rays(in_turn=False))).sweeps[0]
    assert hundredths.moments["dBZ"].gate_m == 62.5
    for nothing in (0.0, float("nan"), float("inf"), -999_999.0):
        volume = decode(phased.head(table(log_gate=nothing, doppler_gate=nothing)) + b"".join(rays(in_turn=False)))
        assert {sweep.moments["dBZ"].gate_m for sweep in volume.sweeps} == {30.0}
        assert "no usable gate length and 30 m was taken" in str(volume.oddities[0])


def test_a_position_and_a_clock_that_were_never_set_are_said() -> None:
    volume = decode(phased.head(table(), place=(0.0, 0.0), started_s=0) + b"".join(rays(in_turn=False)))
    assert not volume.site.placed
    assert volume.started_at == volume.sweeps[0].started_at
    assert len(volume.oddities) == 2
    far = decode(phased.head(table(), started_s=2**62) + b"".join(rays(in_turn=False)))
    assert far.started_at == far.sweeps[0].started_at


def test_a_file_cut_off_between_beams_keeps_the_cuts_that_went_round() -> None:
    """Azimuth by azimuth, the last one lacks its third beam: two cuts are whole, the third has 350 degrees."""
    raw = phased.head(table()) + b"".join(rays(in_turn=False, count=120))
    kept = decode(raw[:-1])
    assert isinstance(kept.error, DataError)
    assert kept.error.code == "radar.cut_off"
    assert [sweep.azimuth_deg.size for sweep in kept.sweeps] == [120, 120, 119]
    half = refusal(raw[: FIRST + 180 * RADIAL + 5])
    assert half.code == "radar.cut_off"
    by_cut = decode((phased.head(table()) + b"".join(rays(in_turn=True, count=120)))[: -RADIAL * 60])
    assert [sweep.number for sweep in by_cut.sweeps] == [1, 2]
    assert isinstance(by_cut.error, DataError)
    assert by_cut.error.code == "radar.cut_unended"


def test_a_sector_ends_with_its_volume_or_with_its_angles() -> None:
    cuts = table(angles=(20.0, 80.0))  # type: ignore[arg-type]
    sector = [
        phased.radial(cut, ray + 1, 20.0 + ray, ELEVATIONS[cut - 1], dbz(b"\x50" * 8), state=1)
        for ray in range(61)
        for cut in (1, 2, 3)
    ]
    volume = decode(phased.head(cuts, scan=4) + b"".join(sector))
    assert volume.complete
    assert volume.oddities == ()
    cut_short = refusal(phased.head(cuts, scan=4) + b"".join(sector[:90]))
    assert cut_short.code == "radar.cut_unended"


def test_moments_of_two_widths_and_lengths_lie_side_by_side() -> None:
    both = [*dbz(b"\x50" * 8), moment(10, (100, 50, 2, struct.pack("<5H", 0, 50, 5050, 36_050, 65_535)))]
    out = [
        phased.radial(cut, ray + 1, ray * 10.0, ELEVATIONS[cut - 1], both, state=4 if (ray, cut) == (35, 3) else 1)
        for ray in range(36)
        for cut in (1, 2, 3)
    ]
    sweep = decode(phased.head(table()) + b"".join(out)).sweeps[2]
    assert sweep.moments["PhiDP"].values()[35].tolist() == pytest.approx([np.nan, 0, 50, 360, 654.85], nan_ok=True)
    assert sweep.moments["dBZ"].codes.shape == (36, 8)


@pytest.mark.parametrize(
    ("at", "form", "value", "code"),
    [
        (72, "<f", 91.0, "radar.bad_site"),
        (328, "<i", -1, "radar.bad_beam_count"),
        (328, "<i", 257, "radar.bad_beam_count"),
        (328, "<i", 200, "radar.cut_off"),
        (332, "<i", 0, "radar.bad_cut_count"),
        (332, "<i", 257, "radar.bad_cut_count"),
        (FIRST + 40, "<i", -1, "radar.bad_radial"),
        (FIRST + 44, "<i", 65, "radar.bad_radial"),
        (FIRST + 40, "<i", 2**31 - 1, "radar.cut_off"),
        (FIRST + 128 + 16, "<i", 9999, "radar.moment_beyond_radial"),
    ],
)
def test_headers_that_cannot_be_are_refused(at: int, form: str, value: float, code: str) -> None:
    raw = bytearray(phased.head(table()) + b"".join(rays(in_turn=False)))
    struct.pack_into(form, raw, at, value)
    assert refusal(bytes(raw)).code == code


def test_a_broken_beam_leaves_the_others_whole() -> None:
    raw = bytearray(phased.head(table()) + b"".join(rays(in_turn=False)))
    struct.pack_into("<f", raw, FIRST + 3 * RADIAL + 20, 777.0)
    volume = decode(bytes(raw))
    assert [sweep.number for sweep in volume.sweeps] == [2, 3]
    assert isinstance(volume.error, DataError)
    assert (volume.error.code, volume.error.facts["byte"]) == ("radar.bad_angle", FIRST + 3 * RADIAL + 20)


@pytest.mark.parametrize("size", [12, 415, 416, 1055, FIRST - 1, FIRST])
def test_a_file_cut_in_its_headers_is_refused(size: int) -> None:
    assert refusal(phased.head(table())[:size]).code == ("radar.no_radials" if size == FIRST else "radar.cut_off")


def test_it_is_known_by_its_type_and_read_by_the_open_shelf(tmp_path: Path) -> None:
    raw = phased.head(table()) + b"".join(rays(in_turn=False))
    path = tmp_path / "anything"
    path.write_bytes(raw)
    volume = read(path)
    assert isinstance(volume, Volume)
    assert volume.format == cma_phased.NAME
    assert not cma_phased.recognizes(raw[:11], 11)
    assert not cma_phased.recognizes(b"RSTM" + struct.pack("<hhi", 2, 0, 1), 12)


def test_a_minutes_volume_of_forty_beams_is_read_without_a_loop_over_its_rays() -> None:
    """40 cuts of 360 rays and 1000 gates, radial by radial: 15 MB."""
    cuts = [phased.cut_header(0.9 * number) for number in range(1, 41)]
    codes = dbz(b"\x50" * 1000)
    radials = b"".join(
        phased.radial(cut, ray + 1, float(ray), 0.9 * cut, codes, state=4 * (ray == 359 and cut == 40))
        for ray in range(360)
        for cut in range(1, 41)
    )
    raw = phased.head(cuts) + radials
    assert calls(lambda: decode(raw)) < 360 * 40
    volume = decode(raw)
    assert [sweep.azimuth_deg.size for sweep in volume.sweeps] == [360] * 40

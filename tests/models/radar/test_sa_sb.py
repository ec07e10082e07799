"""Legacy base data in records of one radial each: the real SB volume, and what may happen to such files."""

from __future__ import annotations

import bz2
import math
import random
from datetime import UTC, datetime

import numpy as np
import pytest

from models.errors import DataError
from models.radar.decoders import sa_sb
from models.radar.oddity import Oddity
from models.radar.proven import is_unproven
from models.radar.volume import Volume
from tests import data
from tests.counting import calls, ends_soon
from tests.models.radar import legacy_bytes as legacy

Z9398 = "radar/cinrad_base/Z_RADR_I_Z9398_20140704080600_O_DOR_SB_CAP.bin.bz2"


@pytest.fixture(name="real", scope="module")
def _real() -> bytes:
    return bz2.decompress(data.need(Z9398).read_bytes())


def codes_of(volume: Volume) -> list[str]:
    return [odd.code for odd in volume.oddities if isinstance(odd, Oddity)]


def error_of(volume: Volume) -> DataError:
    assert isinstance(volume.error, DataError)
    return volume.error


def refusal(raw: bytes) -> DataError:
    with pytest.raises(DataError) as refused:
        sa_sb.decode(raw, "a.bin")
    return refused.value


# ---- the real file ----


def test_the_real_volume_has_its_eleven_cuts_as_recorded(real: bytes) -> None:
    volume = sa_sb.decode(real, "a.bin")
    assert (volume.layout, volume.announced, volume.task, volume.complete) == ("sa_sb", 11, "VCP21", True)
    assert not is_unproven(volume.layout)
    assert [sweep.number for sweep in volume.sweeps] == list(range(1, 12))
    assert [sweep.azimuth_deg.size for sweep in volume.sweeps] == [
        366, 372, 366, 372, 371, 371, 371, 368, 364, 363, 360,
    ]  # fmt: skip
    assert [tuple(sweep.moments) for sweep in volume.sweeps] == [("dBZ",), ("V", "W")] * 2 + [("dBZ", "V", "W")] * 7
    assert volume.sweeps[0].elevation_deg == pytest.approx(0.66, abs=0.01)
    assert volume.sweeps[-1].elevation_deg == pytest.approx(19.42, abs=0.01)
    assert [round(sweep.nyquist_ms, 2) for sweep in volume.sweeps[1:9:3]] == [35.6, 28.02, 28.02]
    assert math.isnan(volume.sweeps[0].nyquist_ms)
    assert volume.calibration == {"system_db": 16.8977}
    assert not volume.site.placed
    assert volume.site.code == ""


def test_the_real_times_are_utc_to_the_millisecond(real: bytes) -> None:
    volume = sa_sb.decode(real, "a.bin")
    assert volume.started_at == datetime(2014, 7, 4, 8, 6, 15, 972_000, tzinfo=UTC)
    assert volume.sweeps[-1].started_at < datetime(2014, 7, 4, 8, 12, 2, 298_000, tzinfo=UTC)
    starts = [sweep.started_at for sweep in volume.sweeps]
    assert starts == sorted(starts)


def test_the_real_values_lie_where_they_should(real: bytes) -> None:
    volume = sa_sb.decode(real, "a.bin")
    for name, lowest, highest in (("dBZ", -32, 63), ("V", -35.5, 35.5), ("W", 0, 15.5)):
        values = [sweep.moments[name].values() for sweep in volume.sweeps if name in sweep.moments]
        assert min(float(np.nanmin(v)) for v in values) == lowest
        assert max(float(np.nanmax(v)) for v in values) == highest


def test_z_and_doppler_gates_of_the_real_volume_lie_over_each_other(real: bytes) -> None:
    """Where there is velocity there is echo: the masks agree best as placed, worse at every shift."""
    volume = sa_sb.decode(real, "a.bin")
    for sweep in volume.sweeps[4:7]:
        z, v = sweep.moments["dBZ"], sweep.moments["V"]
        assert (z.start_m, z.gate_m, v.start_m, v.gate_m) == (-500.0, 1000.0, 0.0, 250.0)
        has_z, has_v = z.codes >= z.first_valid, v.codes >= 1
        gates = np.arange(60, v.codes.shape[1] - 60)
        agreement = {}
        for shift in range(-8, 9):
            center_m = v.start_m + (gates + shift + 0.5) * v.gate_m
            over = ((center_m - z.start_m) // z.gate_m).astype(int)
            good = over < z.codes.shape[1]
            agreement[shift] = np.corrcoef(has_v[:, gates[good]].ravel(), has_z[:, over[good]].ravel())[0, 1]
        assert max(agreement, key=lambda shift: agreement[shift]) == 0
        assert agreement[0] > 0.8


def test_a_real_volume_is_taken_apart_without_a_loop_over_its_rays(real: bytes) -> None:
    rays = len(real) // 2432
    assert 0 < calls(lambda: sa_sb.decode(real, "a.bin")) < 5 * rays


def test_the_real_volume_cut_off_anywhere_keeps_its_whole_cuts(real: bytes) -> None:
    ends = np.cumsum([366, 372, 366, 372]) * 2432
    for whole, end in enumerate(ends, 1):
        volume = sa_sb.decode(real[: end + 1000], "a.bin")
        assert (len(volume.sweeps), volume.announced) == (whole, 11)
        assert (error_of(volume).code, error_of(volume).facts["byte"]) == ("radar.cut_off", end + 1000)
    assert refusal(real[: ends[0] - 30 * 2432]).code == "radar.cut_unended"
    assert refusal(real[:2431]).code == "radar.cut_off"


# ---- written here ----


def test_codes_and_geometry_are_what_was_written() -> None:
    volume = sa_sb.decode(legacy.record_volume(), "a.bin")
    assert volume.complete
    assert [sweep.elevation_deg for sweep in volume.sweeps] == pytest.approx([1, 2, 3], abs=0.003)
    first = volume.sweeps[0]
    assert first.azimuth_deg[:2] == pytest.approx([200, 210], abs=0.003)
    assert float(first.azimuth_deg[16]) == pytest.approx(0, abs=0.003)
    assert first.moments["dBZ"].codes[5].tolist() == list(range(60, 80))
    assert first.moments["V"].codes[5].tolist() == list(range(102, 180)), "two gates lie behind the antenna"
    assert first.moments["W"].codes[5].tolist() == list(range(131, 209))
    assert float(first.moments["dBZ"].values()[0, 10]) == 2.0
    assert float(first.moments["W"].values()[0, 0]) == 1.0


def test_pointers_are_followed_wherever_they_lead() -> None:
    near, far = (sa_sb.decode(legacy.record_volume(gap=gap), "a.bin") for gap in (0, 37))
    for name in ("dBZ", "V", "W"):
        assert np.array_equal(near.sweeps[0].moments[name].codes, far.sweeps[0].moments[name].codes)


def test_a_velocity_step_of_one_and_angles_below_the_horizon() -> None:
    raw = legacy.record_cut(1, last=True, z=None, v=bytes([0, 1, 2, 129, 255]), step=4, elevation=-0.5, first=(0, 125))
    volume = sa_sb.decode(raw, "a.bin")
    moment = volume.sweeps[0].moments["V"]
    values = moment.values()[0]
    assert np.isnan(values[:2]).all()
    assert values[2:].tolist() == [-127, 0, 126]
    assert moment.start_m == 0.0
    assert volume.sweeps[0].elevation_deg == pytest.approx(-0.5, abs=0.003)
    assert set(volume.sweeps[0].moments) == {"V"}


def test_a_volume_over_midnight_goes_on_the_next_day() -> None:
    raw = legacy.record_cut(1, z=b"zz", ms=86_399_000, vcp=0) + legacy.record_cut(
        2, z=b"zz", last=True, ms=1000, day=legacy.DAY + 1, vcp=0
    )
    volume = sa_sb.decode(raw, "a.bin")
    assert [f"{s.started_at:%Y-%m-%d %H:%M:%S}" for s in volume.sweeps] == [
        "2014-07-04 23:59:59",
        "2014-07-05 00:00:01",
    ]
    assert "radar.odd.clock_back" not in codes_of(volume)
    backward = legacy.record_cut(1, z=b"zz", ms=9000, vcp=0) + legacy.record_cut(2, z=b"zz", last=True, ms=2000, vcp=0)
    assert "radar.odd.clock_back" in codes_of(sa_sb.decode(backward, "a.bin"))


@pytest.mark.parametrize(
    ("size", "layout", "hour", "start_m"),
    [(4132, "ca_cb", 12, -500.0), (3132, "sc_cd_records", 4, 0.0), (1632, "cc_records", 4, 0.0)],
)
def test_other_record_sizes_have_keys_and_clocks_of_their_own(
    size: int, layout: str, hour: int, start_m: float
) -> None:
    raw = legacy.record_volume(size=size)
    assert sa_sb.recognizes(raw[:32_768], len(raw))
    volume = sa_sb.decode(raw, "a.bin")
    assert (volume.layout, volume.complete, volume.started_at.hour) == (layout, True, hour)
    assert is_unproven(volume.layout)
    assert volume.sweeps[0].moments["dBZ"].start_m == start_m
    assert ("radar.odd.beijing_time" in codes_of(volume)) == (hour == 4)
    unfilled = legacy.record_volume(size=size, said=0)
    assert sa_sb.decode(unfilled, "a.bin").layout == layout


def test_rays_of_unequal_length_are_padded_with_not_scanned() -> None:
    long, short = bytes([0, 1, 2, 200]), bytes([0, 1])
    rays = [
        legacy.record(1, ray + 1, state=0 if ray == 0 else 4 if ray == 35 else 1, azimuth=ray * 10, vcp=0,
                      z=[long, short, None][ray % 3], v=long, w=None)
        for ray in range(36)
    ]  # fmt: skip
    volume = sa_sb.decode(b"".join(rays), "a.bin")
    moment = volume.sweeps[0].moments["dBZ"]
    assert moment.codes[:3].tolist() == [[0, 1, 5, 203], [0, 1, 2, 2], [2, 2, 2, 2]]
    values = moment.values()
    assert np.isnan(values[1:3]).all()
    assert values[0, 2:].tolist() == [-32, 67]
    assert codes_of(volume).count("radar.odd.uneven_gates") == 1
    assert moment.codes.dtype == np.uint16
    assert volume.sweeps[0].moments["V"].codes.dtype == np.uint8


def test_a_change_of_gates_within_a_cut_is_named() -> None:
    good = legacy.record_cut(1, z=b"zzzz", vcp=0)
    rays = legacy.record_cut(2, z=b"zzzz", last=True, vcp=0)
    for facts, at in (({"gate": (500, 250)}, 46), ({"first": (500, 0)}, 46)):
        changed = legacy.record(2, 19, azimuth=20.0, z=b"zzzz", vcp=0, **facts)  # type: ignore[arg-type]
        volume = sa_sb.decode(good + rays[: 18 * 2432] + changed + rays[19 * 2432 :], "a.bin")
        assert [sweep.number for sweep in volume.sweeps] == [1]
        assert (error_of(volume).code, error_of(volume).facts["byte"]) == ("radar.coding_changes", 54 * 2432 + at)
    odd = legacy.record_cut(1, z=None, v=b"vvvv", step=3, last=True)
    assert refusal(odd).code == "radar.bad_moment"


@pytest.mark.parametrize(
    ("facts", "code", "at"),
    [
        ({"said": 4132}, "radar.record_size", 4),
        ({"said": 4132, "kind": 2}, "radar.record_size", 4),
        ({"state": 9}, "radar.bad_state", 40),
        ({"cut": 0}, "radar.record_cut_number", 44),
        ({"cut": 300}, "radar.record_cut_number", 44),
        ({"ms": 86_400_000}, "radar.record_time", 28),
        ({"day": 0}, "radar.record_time", 28),
        ({"z": b"z" * 2305}, "radar.record_gates", 64),
        ({"gate": (0, 250)}, "radar.record_gates", 64),
    ],
)
def test_a_broken_record_costs_its_cut_and_no_other(facts: dict[str, object], code: str, at: int) -> None:
    raw = bytearray(legacy.record_volume(4))
    row = 36 + 10
    given: dict[str, object] = {"cut": 2, "z": b"zzzz", **facts}
    codes = given.pop("z")
    assert isinstance(codes, bytes)
    broken = bytearray(legacy.record(int(str(given.pop("cut"))), 11, z=codes[:2000], **given))  # type: ignore[arg-type]
    if len(codes) > 2000:
        broken[54:56] = len(codes).to_bytes(2, "little")
    raw[row * 2432 : (row + 1) * 2432] = broken
    volume = sa_sb.decode(bytes(raw), "a.bin")
    assert [sweep.number for sweep in volume.sweeps] == [1, 3, 4]
    assert (error_of(volume).code, error_of(volume).facts["byte"]) == (code, row * 2432 + at)
    assert "a.bin" in error_of(volume).sentence("zh")
    assert volume.announced == 4


def test_messages_of_another_kind_are_skipped_and_named() -> None:
    rays = legacy.record_volume(2)
    other = legacy.record(1, 99, kind=2)
    volume = sa_sb.decode(rays[: 5 * 2432] + other + other + rays[5 * 2432 :], "a.bin")
    assert volume.complete
    assert volume.sweeps[0].azimuth_deg.size == 36
    (odd,) = [odd for odd in volume.oddities if isinstance(odd, Oddity) and odd.code == "radar.odd.other_record"]
    assert odd.facts == {"byte": 5 * 2432, "type": 2, "records": 2}


def test_bytes_that_slipped_are_named_where_they_slipped() -> None:
    raw = legacy.record_volume(3)
    slipped = raw[: 50 * 2432] + raw[50 * 2432 + 7 :]
    volume = sa_sb.decode(slipped, "a.bin")
    assert [sweep.number for sweep in volume.sweeps] == [1]
    assert error_of(volume).facts["byte"] == 50 * 2432 + 4
    assert error_of(volume).code == "radar.record_size"


def test_the_radar_says_where_its_volume_ends_and_else_the_pattern_does() -> None:
    ended = sa_sb.decode(legacy.record_volume(9, vcp=21), "a.bin")
    assert (ended.complete, ended.announced) == (True, 9)
    assert "radar.odd.vcp_cuts" in codes_of(ended)
    open_end = b"".join(legacy.record_cut(n, z=b"zz", vcp=21) for n in range(1, 12))
    assert sa_sb.decode(open_end, "a.bin").complete, "eleven cuts are what pattern 21 has"
    missing = sa_sb.decode(open_end[: -36 * 2432], "a.bin")
    assert (error_of(missing).code, missing.announced) == ("radar.cuts_missing", 11)
    assert (error_of(missing).facts["found"], error_of(missing).facts["announced"]) == (10, 11)
    unknown = b"".join(legacy.record_cut(n, z=b"zz", vcp=77) for n in range(1, 4))
    assert error_of(sa_sb.decode(unknown, "a.bin")).code == "radar.volume_unended"
    gap = legacy.record_volume(4)
    gap = gap[: 36 * 2432] + gap[72 * 2432 :]
    assert error_of(sa_sb.decode(gap, "a.bin")).facts["found"] == 3


def test_one_cut_alone_is_a_tilt_file() -> None:
    volume = sa_sb.decode(legacy.record_cut(3, z=b"zzzz"), "a.bin")
    assert (volume.complete, volume.announced, volume.sweeps[0].number) == (True, 11, 3)
    assert "radar.odd.one_cut" in codes_of(volume)
    first = sa_sb.decode(legacy.record_cut(1, z=b"zzzz", last=True, vcp=0), "a.bin")
    assert (first.complete, first.announced, first.task) == (True, 1, "")


def test_a_cut_without_marks_is_whole_when_it_goes_round() -> None:
    cut = legacy.record_cut(1, rays=72, z=b"zzzz", state=1, vcp=0)
    assert sa_sb.decode(cut, "a.bin").complete
    assert refusal(cut[: -8 * 2432]).code == "radar.cut_unended"
    headless = legacy.record_cut(1, z=b"zzzz", vcp=0)[4 * 2432 :] + legacy.record_cut(2, z=b"zzzz", last=True, vcp=0)
    volume = sa_sb.decode(headless, "a.bin")
    assert [sweep.number for sweep in volume.sweeps] == [2]
    assert error_of(volume).code == "radar.cut_unended"


def test_a_cut_that_comes_again_ends_the_reading() -> None:
    twice = legacy.record_volume(2) + legacy.record_cut(1, z=b"zzzz")
    volume = sa_sb.decode(twice, "a.bin")
    assert len(volume.sweeps) == 2
    assert (error_of(volume).code, error_of(volume).facts["byte"]) == ("radar.cut_again", 72 * 2432)


def test_missing_and_doubled_rays_are_named() -> None:
    cut = legacy.record_cut(1, rays=72, z=b"zzzz", last=True, vcp=0)
    gap = sa_sb.decode(cut[: 20 * 2432] + cut[30 * 2432 :], "a.bin")
    assert "radar.odd.azimuths_missing" in codes_of(gap)
    doubled = sa_sb.decode(cut[: 20 * 2432] + cut[19 * 2432 :], "a.bin")
    assert "radar.odd.azimuths_twice" in codes_of(doubled)
    assert not {"radar.odd.azimuths_missing", "radar.odd.azimuths_twice"} & set(codes_of(sa_sb.decode(cut, "a.bin")))


def test_a_cut_without_any_moment_is_named() -> None:
    empty = legacy.record_cut(2, z=None, last=True)
    volume = sa_sb.decode(legacy.record_cut(1, z=b"zz") + empty, "a.bin")
    assert (len(volume.sweeps), error_of(volume).code) == (1, "radar.no_moment")
    behind = sa_sb.decode(legacy.record_cut(1, last=True, z=b"zz", v=b"vv", vcp=0), "a.bin")
    assert "radar.odd.empty_moment" in codes_of(behind), "both Doppler gates lie behind the antenna"
    steep = legacy.record_cut(1, last=True, z=b"zz", elevation=120.0)
    assert refusal(steep).code == "radar.bad_angle"


def test_only_rows_of_records_are_recognized() -> None:
    raw = legacy.record_volume(1)
    assert sa_sb.recognizes(raw[:32_768], len(raw))
    assert sa_sb.recognizes(raw[:100], 100), "a first record that was cut off"
    assert sa_sb.recognizes(raw[:2432], 2432)
    assert not sa_sb.recognizes(raw[:15], 15)
    assert not sa_sb.recognizes(bytes(4096), 4096)
    lost = bytearray(raw)
    lost[4:6] = b"\0\0"
    assert sa_sb.recognizes(bytes(lost[:32_768]), len(raw))
    assert not sa_sb.recognizes(bytes(lost[:100]), 100)
    assert refusal(bytes(lost[:100])).code == "radar.other.legacy_record"


def test_hostile_records_end_quickly_in_a_named_error() -> None:
    changing = b"".join(legacy.record(1 + row % 2, 1) for row in range(3000))
    many = legacy.record(1, 1, size=1632) * 12_001
    uneven = [
        legacy.record(1, ray, state=0 if ray == 0 else 1, azimuth=ray % 360, z=bytes(ray % 2000 + 1))
        for ray in range(3000)
    ]
    with ends_soon():
        assert refusal(changing).code == "radar.too_many_radials"
        assert refusal(many).code == "radar.too_many_radials"
        assert refusal(b"".join(uneven)).code == "radar.too_uneven"


def test_mutants_end_in_the_named_error_or_a_volume() -> None:
    dice = random.Random(20261121)
    original = legacy.record_volume(3)
    kept = {"whole": 0, "incomplete": 0}
    sentences: list[str] = []
    for _ in range(data.long_count(300, 5000)):
        raw = bytearray(original)
        for _ in range(dice.choice([1, 1, 3, 30])):
            at = dice.randrange(108) * 2432 + dice.randrange(128)
            raw[at : at + 2] = dice.randbytes(2)
        if dice.random() < 0.3:
            at = dice.randrange(len(raw))
            del raw[at : at + dice.choice([1, 100, 2432, len(raw)])]
        if not sa_sb.recognizes(bytes(raw[:32_768]), len(raw)):
            continue
        try:
            volume = sa_sb.decode(bytes(raw), "a.bin")
        except DataError as error:
            sentences.append(error.sentence("zh"))
        else:
            assert volume.sweeps
            kept["whole" if volume.complete else "incomplete"] += 1
    assert all(kept.values())
    assert sentences
    assert all("a.bin" in sentence for sentence in sentences)

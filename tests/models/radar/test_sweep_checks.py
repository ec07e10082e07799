"""What is strange about rays is said, with what to do: clock, azimuths, values, names."""

from __future__ import annotations

import numpy as np
import pytest

from models.radar.decoders import cma_base
from models.radar.layouts.sweep_checks import PLAUSIBLE, unbelievable
from models.radar.oddity import Oddity
from models.radar.volume import CodeArray, Moment, Volume
from tests.models.radar import fmt_bytes as fmt

DBZ = fmt.moment(2, (2, 66, 1, b"\x50" * 4))
DEGREES = [float(degree) for degree in range(360)]


def volume_of(*cuts: bytes, scan: int = 0, name: str = "test.bin", started_s: int = fmt.STARTED_S) -> Volume:
    table = [fmt.cut_header(0.5) for _ in cuts]
    return cma_base.decode(fmt.head(table, scan=scan, started_s=started_s) + b"".join(cuts), name)


def said(volume: Volume) -> list[str]:
    for odd in volume.oddities:
        assert isinstance(odd, Oddity)
        assert odd.sentence("zh") != odd.sentence("en")
    return [str(odd) for odd in volume.oddities]


def test_a_sound_volume_has_nothing_strange() -> None:
    assert said(volume_of(fmt.turn(1, 0.5, [DBZ], azimuths=DEGREES, end=4))) == []


def test_missing_azimuths_are_counted_in_degrees() -> None:
    azimuths = [degree for degree in DEGREES if not (100 <= degree < 130 or 200 <= degree < 202)]
    assert said(volume_of(fmt.turn(1, 0.5, [DBZ], azimuths=azimuths, end=4))) == [
        (
            "cut 1: 32.0 degrees of azimuth are missing (2 gaps, the widest from 99.0 to 130.0); those sectors are not seen: "
            "look at antenna and signal processor"
        )
    ]


def test_a_gap_over_north_and_a_cut_of_one_ray_are_found() -> None:
    azimuths = [degree for degree in DEGREES if 10 <= degree < 350]
    (gap,) = said(volume_of(fmt.turn(1, 0.5, [DBZ], azimuths=azimuths, end=4)))
    assert "20.0 degrees of azimuth are missing (1 gaps, the widest from 349.0 to 10.0)" in gap
    alone = fmt.radial(1, 90.0, 0.5, [DBZ], state=2)
    assert "359.0 degrees" in said(volume_of(alone))[0]
    still = fmt.turn(1, 0.5, [DBZ], azimuths=[90.0] * 20, end=4)
    assert [odd.split(":")[0] for odd in said(volume_of(still))] == ["cut 1", "cut 1"]


def test_a_jitter_of_less_than_half_a_step_is_no_gap() -> None:
    azimuths = [(degree + 0.2 * (-1) ** round(degree)) % 360 for degree in DEGREES]
    assert said(volume_of(fmt.turn(1, 0.5, [DBZ], azimuths=azimuths, end=4))) == []


def test_azimuths_that_come_twice_are_counted() -> None:
    azimuths = [*DEGREES, 0.05, 1.02, 2.0]
    (twice,) = said(volume_of(fmt.turn(1, 0.5, [DBZ], azimuths=azimuths, end=4)))
    assert twice.startswith("cut 1: 3 of 363 rays repeat an azimuth within 0.1 degrees")


def test_fine_rays_are_not_doubled_and_a_sector_lacks_only_what_lies_within() -> None:
    fine = [step * 0.08 for step in range(4500)]
    assert said(volume_of(fmt.turn(1, 0.5, [DBZ], azimuths=fine, end=4))) == []
    sector = [degree for degree in DEGREES if degree < 90 and not 30 <= degree < 40]
    (gap,) = said(volume_of(fmt.turn(1, 0.5, [DBZ], azimuths=sector, end=4), scan=3))
    assert "10.0 degrees of azimuth are missing (1 gaps, the widest from 29.0 to 40.0)" in gap


def test_time_that_goes_back_is_said_within_a_cut_and_between_cuts() -> None:
    start = fmt.STARTED_S
    within = [start + ray - 100 * (ray >= 20) for ray in range(36)]
    one = volume_of(fmt.turn(1, 0.5, [DBZ], seconds=within, end=4))
    (back,) = said(one)
    assert back.startswith("time goes back 1 times between rays, by up to 99 s (first in cut 1); ages may be wrong")
    first, second = [start + ray for ray in range(36)], [start - 3000 + ray for ray in range(36)]
    two = volume_of(fmt.turn(1, 0.5, [DBZ], seconds=first), fmt.turn(2, 0.5, [DBZ], seconds=second, end=4))
    assert "time goes back 1 times between rays, by up to 3035 s (first in cut 2)" in said(two)[0]
    silent = [0 if ray % 3 == 1 else start + ray for ray in range(36)]
    assert said(volume_of(fmt.turn(1, 0.5, [DBZ], seconds=silent, end=4))) == []
    none = volume_of(fmt.turn(1, 0.5, [DBZ], seconds=first), fmt.turn(2, 0.5, [DBZ], seconds=[0] * 36, end=4))
    assert said(none) == []


def test_a_header_hours_from_its_rays_is_said() -> None:
    volume = volume_of(fmt.turn(1, 0.5, [DBZ], end=4), started_s=fmt.STARTED_S + 8 * 3600)
    (apart,) = said(volume)
    assert apart.startswith("the header starts at 2026-09-10 08:26:40 UTC, the first ray at 2026-09-10 00:26:40, more")


def test_a_renamed_file_is_said_and_the_file_stands() -> None:
    sound = fmt.turn(1, 0.5, [DBZ], end=4)
    assert said(volume_of(sound, name="Z_RADR_I_ZT001_20260910002640_O_DOR_SA_CAP_FMT.bin.bz2")) == []
    renamed = volume_of(sound, name="Z_RADR_I_Z9763_20260910082640_O_DOR_SA_CAP_FMT.bin.bz2")
    assert renamed.site.code == "ZT001"
    code, time = said(renamed)
    assert "the name says radar Z9763, the file ZT001" in code
    assert "the time in the name is 480 minutes from that in the file, 2026-09-10 00:26 UTC" in time
    assert said(volume_of(sound, name="Z_RADR_I_ZT001_20269910002640_O.bin")) == []


def test_a_file_without_a_code_takes_that_of_its_name() -> None:
    raw = fmt.head([fmt.cut_header(0.5)], code=b"") + fmt.turn(1, 0.5, [DBZ], end=4)
    volume = cma_base.decode(raw, "Z_RADR_I_Z9763_20260910002640_O_DOR_SA_CAP_FMT.bin.bz2")
    assert volume.site.code == "Z9763"
    assert said(volume) == ["the file has no site code; Z9763 from its name stands: have it set at the radar"]
    nameless = cma_base.decode(raw, "a.bin")
    assert nameless.site.code == ""
    assert nameless.oddities == ()


def test_values_that_no_weather_has_are_counted_over_all_cuts_and_stay() -> None:
    width = fmt.moment(4, (2, 129, 1, bytes([0, 4, 5, 128, 129, 130])))
    reflectivity = fmt.moment(2, (2, 66, 1, bytes([0, 5, 226, 227, 255, 80])))
    volume = volume_of(fmt.turn(1, 0.5, [reflectivity, width]), fmt.turn(2, 0.5, [reflectivity], end=4))
    assert said(volume) == [
        "dBZ: 144 values lie outside -45 to 80 dBZ and are left out of mosaic and rain: look at calibration and coding",
        "W: 72 values lie outside 0 to 60 m/s and are left out of mosaic and rain: look at calibration and coding",
    ]
    assert np.nanmax(volume.sweeps[0].moments["dBZ"].values()) == 94.5


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("name", ["dBZ", "V", "W", "CC", "PhiDP"])
def test_counting_by_code_is_counting_by_value(name: str, dtype: type) -> None:
    low, high, _ = PLAUSIBLE[name]
    dice = np.random.default_rng(7)
    for scale, offset in [(2.0, 66.0), (2.0, 129.0), (200.0, 5.0), (100.0, 50.0), (1.0, 2.0), (0.01, 300.0)]:
        codes: CodeArray = dice.integers(0, np.iinfo(dtype).max, (30, 40), endpoint=True).astype(dtype)
        moment = Moment(name, codes, scale, offset, 100.0)
        values = (codes.astype(float) - offset) / scale
        outside = ((values < low - 1e-9) | (values > high + 1e-9)) & (codes >= 5)
        assert unbelievable(moment) == outside.sum()


def test_a_moment_of_classes_has_no_range() -> None:
    assert unbelievable(Moment("HCL", np.full((2, 3), 255, np.uint8), 1.0, 0.0, 100.0)) == 0

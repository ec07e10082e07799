"""Broken base data: the place and the cause are named, whole cuts are kept, nothing else is believed."""

from __future__ import annotations

import struct
from collections.abc import Callable

import pytest

from models.errors import DataError
from models.radar.decoders import cma_base
from models.radar.layouts import cma_radials
from models.radar.volume import Volume
from tests.models.radar import fmt_bytes as fmt

RADIAL = 64 + 32 + 20
FIRST = 416 + 2 * 256
SECOND_CUT = FIRST + 36 * RADIAL


LOST_THE_WAY = {
    "radar.bad_site",
    "radar.bad_cut_count",
    "radar.cut_off",
    "radar.bad_radial",
    "radar.packed_radials",
    "radar.moment_beyond_radial",
}


def put(raw: bytes, at: int, form: str, value: float) -> bytes:
    out = bytearray(raw)
    struct.pack_into(form, out, at, value)
    return bytes(out)


def refusal(raw: bytes) -> DataError:
    with pytest.raises(DataError) as caught:
        cma_base.decode(raw, "broken.bin")
    assert caught.value.sentence("zh") != caught.value.sentence("en")
    assert "broken.bin" in str(caught.value)
    return caught.value


@pytest.mark.parametrize(
    ("at", "form", "value", "code"),
    [
        (72, "<f", 239.0, "radar.bad_site"),
        (72, "<f", float("nan"), "radar.bad_site"),
        (76, "<f", float("inf"), "radar.bad_site"),
        (336, "<i", 0, "radar.bad_cut_count"),
        (336, "<i", 2**31 - 1, "radar.bad_cut_count"),
        (336, "<i", 200, "radar.cut_off"),
        (FIRST, "<i", 7, "radar.bad_state"),
        (FIRST + 16, "<i", -7, "radar.bad_cut_number"),
        (FIRST + 16, "<i", 3, "radar.bad_cut_number"),
        (FIRST + 20, "<f", float("nan"), "radar.bad_angle"),
        (FIRST + 20, "<f", 361.5, "radar.bad_angle"),
        (FIRST + 24, "<f", 91.0, "radar.bad_angle"),
        (FIRST + 36, "<i", -1, "radar.bad_radial"),
        (FIRST + 36, "<i", 2**31 - 1, "radar.cut_off"),
        (FIRST + 40, "<i", 65, "radar.bad_radial"),
        (FIRST + 40, "<i", 2, "radar.bad_radial"),
        (FIRST + 50, "<B", 1, "radar.packed_radials"),
        (FIRST + 64 + 4, "<i", 0, "radar.bad_moment"),
        (FIRST + 64 + 12, "<h", 4, "radar.bad_moment"),
        (FIRST + 64 + 12, "<h", 2, "radar.coding_changes"),
        (FIRST + 64 + 16, "<i", -1, "radar.moment_beyond_radial"),
        (FIRST + 64 + 16, "<i", 2**31 - 1, "radar.moment_beyond_radial"),
        (416 + 44, "<i", 0, None),
        (416 + 60, "<i", -2_000_000, "radar.bad_start_range"),
    ],
)
def test_damage_in_the_first_cut_names_the_place_and_keeps_what_can_still_be_followed(
    at: int, form: str, value: float, code: str | None
) -> None:
    """Where the lengths hold, the second cut is whole and stays; where they do not, nothing is."""
    raw = put(fmt.small_volume(), at, form, value)
    if code is None:  # the Doppler gate stands in for the missing one
        assert cma_base.decode(raw, "broken.bin").complete
        return
    if code in LOST_THE_WAY:
        error = refusal(raw)
    else:
        volume = cma_base.decode(raw, "broken.bin")
        assert isinstance(volume.error, DataError)
        assert [sweep.number for sweep in volume.sweeps] == [2]
        error = volume.error
    assert error.code == code
    if code != "radar.cut_off":
        assert abs(error.facts["byte"] - at) <= RADIAL


@pytest.mark.parametrize(
    ("break_it", "code"),
    [
        (lambda raw: put(raw, SECOND_CUT + 16, "<i", 99), "radar.bad_cut_number"),
        (lambda raw: put(raw, SECOND_CUT + 10 * RADIAL + 20, "<f", -5.0), "radar.bad_angle"),
        (lambda raw: put(raw, SECOND_CUT + 10 * RADIAL + 36, "<i", 3), "radar.bad_radial"),
        (lambda raw: put(raw, SECOND_CUT + 10 * RADIAL + 64 + 12, "<h", 3), "radar.bad_moment"),
        (lambda raw: put(raw, SECOND_CUT + 10 * RADIAL + 64 + 8, "<i", 5), "radar.coding_changes"),
        (lambda raw: put(put(raw, 416 + 256 + 44, "<i", 0), 416 + 256 + 48, "<i", 40_000_000), "radar.no_gate_length"),
        (lambda raw: put(raw, SECOND_CUT + 10 * RADIAL + 16, "<i", 1), "radar.cut_unended"),
        (lambda raw: raw[:SECOND_CUT] + raw[FIRST:SECOND_CUT], "radar.cut_again"),
        (lambda raw: raw[:SECOND_CUT] + fmt.radial(1, 0.0, 0.5, [], state=0), "radar.cut_again"),
        (lambda raw: raw[:-1], "radar.cut_off"),
        (lambda raw: raw[: SECOND_CUT + 30], "radar.cut_off"),
    ],
)
def test_the_whole_cut_before_the_damage_is_kept(break_it: Callable[[bytes], bytes], code: str) -> None:
    volume = cma_base.decode(break_it(fmt.small_volume()), "broken.bin")
    assert isinstance(volume.error, DataError)
    assert volume.error.code == code
    assert not volume.complete
    assert volume.sweeps[0].moments["dBZ"].codes[35, 19] == 5 + 35 + 19
    assert [sweep.number for sweep in volume.sweeps] == [1]


def test_bytes_after_the_end_of_a_whole_volume_are_only_odd() -> None:
    whole = fmt.small_volume()
    volume = cma_base.decode(whole + b"\0" * 100, "padded.bin")
    assert volume.complete
    assert [str(odd) for odd in volume.oddities] == [f"100 bytes follow the end at byte {len(whole)} and were not read"]
    unended = cma_base.decode(put(whole, len(whole) - RADIAL, "<i", 1)[: len(whole)] + b"\0" * 100, "broken.bin")
    assert not unended.complete


@pytest.mark.parametrize("size", [12, 100, 415, 416, FIRST - 1])
def test_a_file_cut_in_its_headers_is_refused_with_its_length(size: int) -> None:
    error = refusal(fmt.small_volume()[:size])
    assert error.code == "radar.cut_off"
    assert error.facts["byte"] == size


def test_a_file_without_radials_says_so() -> None:
    assert refusal(fmt.small_volume()[:FIRST]).code == "radar.no_radials"


def test_a_position_that_was_never_set_is_no_place_and_is_said() -> None:
    raw = put(put(fmt.small_volume(), 72, "<f", 0.0), 76, "<f", 0.0)
    volume = cma_base.decode(raw, "a.bin")
    assert not volume.site.placed
    assert "never set; the radar register alone can place it" in str(volume.oddities[0])
    assert not cma_base.decode(put(fmt.small_volume(), 72, "<f", 0.0), "a.bin").oddities


def test_a_cut_without_readable_moments_or_time_is_no_cut() -> None:
    table = [fmt.cut_header(0.5)]
    strange = b"".join(
        fmt.radial(1, ray * 10.0, 0.5, [fmt.moment(99, (1, 0, 1, b"\1"))], state=2 * (ray == 35)) for ray in range(36)
    )
    assert refusal(fmt.head(table) + strange).code == "radar.no_moment"
    timeless = b"".join(
        fmt.radial(1, ray * 10.0, 0.5, [fmt.moment(2, (2, 66, 1, b"\x50"))], seconds=0, state=2 * (ray == 35))
        for ray in range(36)
    )
    assert refusal(fmt.head(table, started_s=0) + timeless).code == "radar.no_time"


def test_moments_that_run_out_of_their_radial_are_damage() -> None:
    moments = [fmt.moment(2, (2, 66, 1, b"\x50" * 60)), fmt.moment(3, (2, 129, 1, b"\x50" * 10))]
    raw = bytearray(fmt.head([fmt.cut_header(0.5)]) + fmt.radial(1, 0.0, 0.5, moments, state=3))
    struct.pack_into("<i", raw, 416 + 256 + 64 + 16, 90)
    assert refusal(bytes(raw)).code == "radar.moment_beyond_radial"


def test_too_many_gates_are_refused_before_anything_is_made_of_them() -> None:
    rays = b"".join(
        fmt.radial(1, ray * 10.0, 0.5, [fmt.moment(2, (2, 66, 1, bytes(9000)))], state=2 * (ray == 35))
        for ray in range(36)
    )
    assert refusal(fmt.head([fmt.cut_header(0.5)]) + rays).code == "radar.bad_moment"


def test_a_few_long_radials_among_many_short_ones_do_not_blow_up() -> None:
    rays = [
        fmt.radial(1, ray * 0.036, 0.5, [fmt.moment(2, (2, 66, 1, b"\x50" * (8000 if ray == 0 else 1)))])
        for ray in range(10_000)
    ]
    assert refusal(fmt.head([fmt.cut_header(0.5)]) + b"".join(rays)).code == "radar.too_uneven"


def test_too_many_radials_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cma_radials, "MOST_RADIALS", 50)
    volume = cma_base.decode(fmt.small_volume(), "broken.bin")
    assert isinstance(volume.error, DataError)
    assert volume.error.code == "radar.too_many_radials"


def test_too_many_changes_of_layout_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cma_radials, "MOST_FIELDS", 10)
    rays = b"".join(
        fmt.radial(1, ray * 10.0, 0.5, [fmt.moment(2, (2, 66, 1, b"\x50" * (ray + 1)))]) for ray in range(36)
    )
    assert refusal(fmt.head([fmt.cut_header(0.5)]) + rays).code == "radar.too_many_radials"


def test_recognition_needs_the_mark_and_the_kind() -> None:
    raw = fmt.small_volume()
    assert cma_base.recognizes(raw, len(raw))
    assert not cma_base.recognizes(fmt.head([], kind=2), 416)
    assert not cma_base.recognizes(b"RSTM", 4)
    assert isinstance(cma_base.decode(raw, "a"), Volume)

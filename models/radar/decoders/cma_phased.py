"""Standard base data of phased arrays, generic type 16: several beams of one pulse, a volume a minute.

Layout: ``32 generic | 128 site | 256 task | beams | n x 256 cuts | radials``, each
radial ``128 header, moments as in standard base data``. Beams take 640 bytes each,
in a younger form 1408. Several receive beams of one pulse are several cuts, whose
radials may take turns: they are told apart by the cut number, and put in order by
the radial number. Written from the published layout; no real file was at hand.
"""

from __future__ import annotations

import math
import struct
from dataclasses import replace

from models.errors import DataError
from models.radar.layouts.cma_header import (
    TASK_AT,
    CutHeader,
    Header,
    beam_width_of,
    calibration_of,
    cut_count,
    frequency_of,
    gate_m,
    need,
    scan_of,
    site_of,
    start_of,
    text,
)
from models.radar.layouts.cma_radials import MOMENT_BYTES, MOST_MOMENTS, PHASED
from models.radar.layouts.cma_volume import volume_of
from models.radar.oddity import Oddity
from models.radar.volume import Volume

NAME = "CMA standard base data of a phased array"

MOST_BEAMS = 256
FALLBACK_GATE_M = 30.0

_BEAMS_AT, _CUT_BYTES = 416, 256
_BEAM_BYTES = (640, 1408)
_SUB_PULSE_AT = 128


def recognizes(head: bytes, size: int) -> bool:
    """Return whether the file starts as standard base data of generic type 16."""
    return size >= 12 and head[:4] == b"RSTM" and struct.unpack_from("<i", head, 8)[0] == 16


def decode(data: bytes, name: str) -> Volume:
    """Return the volume in unpacked base data of a phased array; each receive beam is a cut.

    Parameters
    ----------
    data : bytes
        The whole unpacked file; codes but those of reflectivity are views on it.
    name : str
        What errors call it.

    Raises
    ------
    DataError
        ``radar.bad_site`` if the position is impossible, ``radar.bad_beam_count``;
        where not one cut is whole, what broke it: ``radar.cut_off`` and the like.
    """
    return volume_of(data, name, _header(data, name), PHASED)


def _header(data: bytes, name: str) -> Header:
    need(data, _BEAMS_AT, name)
    oddities: list[Oddity] = []
    site = site_of(data, name, oddities)
    (frequency,) = struct.unpack_from("<f", data, 88)
    scan, beams, announced, _ray_order, started_s = struct.unpack_from("<iiiiq", data, TASK_AT + 164)
    count = cut_count(announced, TASK_AT + 172, name)
    if not 0 <= beams <= MOST_BEAMS:
        raise DataError("radar.bad_beam_count", file=name, byte=TASK_AT + 168, beams=beams, limit=MOST_BEAMS)
    size = _beam_bytes(data, beams, count, oddities)
    cuts_at = _BEAMS_AT + beams * size
    data_at = cuts_at + count * _CUT_BYTES
    need(data, data_at, name)
    cuts = tuple(
        _gated(_cut(data, at), number, oddities)
        for number, at in enumerate(range(cuts_at, data_at, _CUT_BYTES), start=1)
    )
    # The receive width is what an echo is seen with, however wide the pulse went out.
    (receive_width,) = struct.unpack_from("<f", data, cuts_at + 12)
    beam_width, pulse_frequency, calibration = _first_beam(data, beams)
    return Header(
        format=NAME,
        layout="fmt.phased",
        site=site,
        task=text(data[TASK_AT : TASK_AT + 32]),
        scan=scan_of(scan, oddities),
        started_at=start_of(started_s, oddities),
        cuts=cuts,
        data_at=data_at,
        frequency_mhz=frequency_of(frequency) if math.isfinite(frequency_of(frequency)) else pulse_frequency,
        beam_width_deg=beam_width_of(receive_width, beam_width),
        calibration=calibration,
        oddities=tuple(oddities),
    )


def _beam_bytes(data: bytes, beams: int, cuts: int, oddities: list[Oddity]) -> int:
    """Return how many bytes a beam takes: that with which a radial follows the table of cuts."""
    for size in _BEAM_BYTES if beams else ():
        if _is_radial(data, _BEAMS_AT + beams * size + cuts * _CUT_BYTES, cuts):
            if size != _BEAM_BYTES[0]:
                oddities.append(Oddity("radar.odd.beam_table", beam_bytes=size))
            return size
    return _BEAM_BYTES[0]


def _is_radial(data: bytes, at: int, cuts: int) -> bool:
    """Whether a byte looks like the start of a radial with a moment in it."""
    if at + PHASED.bytes + MOMENT_BYTES > len(data):
        return False
    state, cut, azimuth, elevation = struct.unpack_from("<i12xiff", data, at)
    length, moments = struct.unpack_from("<ii", data, at + PHASED.length_at)
    kind, scale, _offset, width = struct.unpack_from("<iiih", data, at + PHASED.bytes)
    return (
        0 <= state <= 6
        and 1 <= cut <= cuts
        and -1 <= azimuth <= 361
        and (abs(elevation) <= 90 or 270 <= elevation <= 360)
        and 1 <= moments <= MOST_MOMENTS
        and moments * MOMENT_BYTES <= length <= len(data) - at
        and 0 < kind < 128
        and scale > 0
        and width in {1, 2}
    )


def _first_beam(data: bytes, beams: int) -> tuple[float, float, dict[str, float]]:
    """Return beam width, frequency and calibration of the first beam's first pulse, unknown where there is none."""
    if not beams:
        return math.nan, math.nan, calibration_of([math.nan] * 9)
    (width,) = struct.unpack_from("<f", data, _BEAMS_AT + 16)
    (frequency,) = struct.unpack_from("<f", data, _BEAMS_AT + _SUB_PULSE_AT + 8)
    said = struct.unpack_from("<9f", data, _BEAMS_AT + _SUB_PULSE_AT + 20)
    return width, frequency_of(frequency), calibration_of(said)


def _cut(data: bytes, at: int) -> CutHeader:
    (elevation,) = struct.unpack_from("<f", data, at + 4)
    azimuth, start, end = struct.unpack_from("<fff", data, at + 52)
    log_gate, doppler_gate, start_m = struct.unpack_from("<ff8xi", data, at + 72)
    (nyquist,) = struct.unpack_from("<f", data, at + 108)
    return CutHeader(
        azimuth_deg=azimuth,
        elevation_deg=elevation,
        start_deg=start,
        end_deg=end,
        log_gate_m=gate_m(log_gate),
        doppler_gate_m=gate_m(doppler_gate),
        start_m=start_m,
        nyquist_ms=nyquist,
        byte=at + 72,
        start_byte=at + 88,
    )


def _gated(cut: CutHeader, number: int, oddities: list[Oddity]) -> CutHeader:
    """Return a cut with the gates that such arrays have, where its header has none."""
    if cut.log_gate_m or cut.doppler_gate_m:
        return cut
    oddities.append(Oddity("radar.odd.gate_fallback", cut=number, gate_m=f"{FALLBACK_GATE_M:g}"))
    return replace(cut, log_gate_m=FALLBACK_GATE_M)

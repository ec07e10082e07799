"""Standard base data of the Chinese radars (FMT), generic type 1, little-endian.

Layout: ``32 generic | 128 site | 256 task | n x 256 cuts | radials``, each
radial ``64 header, moments { 32 header, codes }``. Written from the published
standard.
"""

from __future__ import annotations

import struct

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
from models.radar.layouts.cma_radials import BASE
from models.radar.layouts.cma_volume import volume_of
from models.radar.oddity import Oddity
from models.radar.volume import Volume

NAME = "CMA standard base data (FMT)"

_CUTS_AT, _CUT_BYTES = 416, 256


def recognizes(head: bytes, size: int) -> bool:
    """Return whether the file starts as standard base data of generic type 1."""
    return size >= 12 and head[:4] == b"RSTM" and struct.unpack_from("<i", head, 8)[0] == 1


def decode(data: bytes, name: str) -> Volume:
    """Return the volume in unpacked standard base data.

    Cuts are told apart by the cut number in their radials, never by a count of
    radials or by angles; they stay as recorded, split cuts too. Where the file
    breaks, the cuts that are whole are kept and ``error`` says byte and cause.

    Parameters
    ----------
    data : bytes
        The whole unpacked file; codes but those of reflectivity are views on it.
    name : str
        What errors call it.

    Raises
    ------
    DataError
        ``radar.bad_site`` if the position is impossible; where not one cut is
        whole, what broke it: ``radar.cut_off``, ``radar.bad_radial`` and the like.
    """
    return volume_of(data, name, _header(data, name), BASE)


def _header(data: bytes, name: str) -> Header:
    need(data, _CUTS_AT, name)
    oddities: list[Oddity] = []
    site = site_of(data, name, oddities)
    frequency, beam_width = struct.unpack_from("<ff", data, 88)
    scan, started_s, announced = struct.unpack_from("<i4xii", data, TASK_AT + 164)
    cuts = cut_count(announced, TASK_AT + 176, name)
    data_at = _CUTS_AT + cuts * _CUT_BYTES
    need(data, data_at, name)
    return Header(
        format=NAME,
        layout="fmt",
        site=site,
        task=text(data[TASK_AT : TASK_AT + 32]),
        scan=scan_of(scan, oddities),
        started_at=start_of(started_s, oddities),
        cuts=tuple(_cut(data, at) for at in range(_CUTS_AT, data_at, _CUT_BYTES)),
        data_at=data_at,
        frequency_mhz=frequency_of(frequency),
        beam_width_deg=beam_width_of(beam_width),
        calibration=calibration_of(struct.unpack_from("<9f", data, TASK_AT + 180)),
        oddities=tuple(oddities),
    )


def _cut(data: bytes, at: int) -> CutHeader:
    azimuth, elevation, start, end = struct.unpack_from("<4f", data, at + 20)
    log_gate, doppler_gate, start_m = struct.unpack_from("<ii8xi", data, at + 44)
    (nyquist,) = struct.unpack_from("<f", data, at + 80)
    return CutHeader(
        azimuth_deg=azimuth,
        elevation_deg=elevation,
        start_deg=start,
        end_deg=end,
        log_gate_m=gate_m(log_gate),
        doppler_gate_m=gate_m(doppler_gate),
        start_m=start_m,
        nyquist_ms=nyquist,
        byte=at + 44,
        start_byte=at + 60,
    )

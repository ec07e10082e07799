"""Records of an older X-band phased array (XAD) for tests, made byte by byte; shares nothing with the decoder."""

from __future__ import annotations

import struct

RECORD = 16_104
STARTED_S = 1_789_000_000


def record(
    ray: int,
    cut: int,
    *,
    rays: int = 36,
    cuts: int = 3,
    gates: int = 12,
    place: tuple[int, int] = (20_616, 4_278),
    seconds: int = STARTED_S,
    elevation_words: tuple[int, ...] = (54, 145, 236),
    codes: dict[int, bytes] | None = None,
) -> bytes:
    """Return one record: ray ``ray`` of elevation ``cut``, all codes 255 but those given by moment index."""
    out = bytearray(b"\xff" * RECORD)
    out[:100] = bytes(100)
    struct.pack_into("<Hhh", out, 0, 1, *place)
    struct.pack_into("<H", out, 8, 7_864)
    struct.pack_into("<I", out, 32, seconds + ray)
    struct.pack_into(
        "<HHHHHHHH", out, 42, round(ray * 65_535 / rays), rays, elevation_words[cut], cuts, ray, 0, 1_966, gates
    )
    for index, row in (codes or {}).items():
        out[100 + 2000 * index : 100 + 2000 * index + len(row)] = row
    out[-4:] = bytes(4)
    return bytes(out)


def volume(rays: int = 36, cuts: int = 3, gates: int = 12) -> bytes:
    """Return a whole file: dBZ (index 1) and V (index 2) of codes that grow with ray, cut and gate."""
    return b"".join(
        record(
            ray,
            cut,
            rays=rays,
            cuts=cuts,
            gates=gates,
            codes={
                1: bytes((ray + 40 * cut + gate) % 255 for gate in range(gates)),
                2: bytes((100 + ray + cut + gate) % 255 for gate in range(gates)),
            },
        )
        for ray in range(rays)
        for cut in range(cuts)
    )

"""Products of the Chinese standard format for tests, made byte by byte; shares nothing with the decoder."""

from __future__ import annotations

import struct
from collections.abc import Sequence

STARTED_S = 1_477_000_000
GARBAGE = b"\xcc\x5a\x01\x7f"
"""What reserved words hold in real files: whatever lay in memory."""


def head(
    kind: int,
    parameters: bytes = b"",
    *,
    name: bytes = b"default",
    announced: int | None = None,
    cuts: int = 2,
    announced_cuts: int | None = None,
    lat: float = 23.25,
    lon: float = 113.5,
    antenna: int = 130,
    task_s: int = STARTED_S,
    scan_s: int = STARTED_S,
    data_s: int = STARTED_S + 17,
    reach_m: int = 150_000,
) -> bytes:
    """Return everything before the data: generic, site, task, cuts, product header, parameters."""
    out = bytearray(416 + 256 * cuts)
    struct.pack_into("<4shhii", out, 0, b"RSTM", 1, 0, 2, kind if announced is None else announced)
    struct.pack_into("<8s32sffii", out, 32, b"Z9999", "南海".encode("gbk"), lat, lon, antenna, 0)
    struct.pack_into("<32s", out, 160, b"VCP21D")
    struct.pack_into("<ii", out, 332, task_s, cuts if announced_cuts is None else announced_cuts)
    for cut in range(cuts):
        struct.pack_into("<ii", out, 416 + 256 * cut + 52, reach_m, reach_m)
    times = struct.pack("<4i", STARTED_S + 300, scan_s, data_s, data_s + 16)
    product = struct.pack("<i32s", kind, name) + times + struct.pack("<3i", 2, 2, 0) + GARBAGE * 16
    return bytes(out) + product + parameters.ljust(64, b"\0")


def image_header(
    coded: tuple[int, int, int, int],
    geometry: tuple[int, int, int, int],
    *,
    maximum: int = 0,
) -> bytes:
    """Return the 64 bytes before rays or rows: coding is (data type, scale, offset, bytes a code)."""
    data_type, scale, offset, width = coded
    first = struct.pack("<iiihh", data_type, scale, offset, width, 26_502) + struct.pack("<4i", *geometry)
    return first + struct.pack("<iifiif", maximum, 7, 0.5, 5, 75, 0.5) + GARBAGE * 2


def ray(azimuth: float, codes: Sequence[int], *, wide: float = 1.0, width: int = 1, bins: int | None = None) -> bytes:
    """Return one ray: 32 bytes of header and its codes."""
    start = struct.pack("<ffi", azimuth, wide, len(codes) if bins is None else bins)
    return start + GARBAGE * 5 + struct.pack(f"<{len(codes)}{'B' if width == 1 else 'H'}", *codes)


def radial(
    rows: Sequence[Sequence[int]],
    coded: tuple[int, int, int, int] = (2, 2, 66, 1),
    *,
    gate: int = 75,
    start: int = 0,
    first_azimuth: float = 0.0,
    maximum: int | None = None,
    rays: int | None = None,
) -> bytes:
    """Return one radial layer whose rays go round in equal steps."""
    step = 360 / len(rows)
    highest = max(max(row) for row in rows) if maximum is None else maximum
    geometry = (gate, start, start + gate * len(rows[0]), len(rows) if rays is None else rays)
    layer = image_header(coded, geometry, maximum=highest)
    for index, row in enumerate(rows):
        layer += ray((first_azimuth + index * step) % 360, row, wide=step, width=coded[3])
    return layer


def raster(
    rows: Sequence[Sequence[int]],
    coded: tuple[int, int, int, int] = (2, 2, 66, 1),
    *,
    row_m: int = 1000,
    cell_m: int = 1000,
    maximum: int | None = None,
    shape: tuple[int, int] | None = None,
) -> bytes:
    """Return one raster, rows from the first on."""
    counts = (len(rows), len(rows[0])) if shape is None else shape
    highest = max(max(row) for row in rows) if maximum is None else maximum
    letter = "B" if coded[3] == 1 else "H"
    body = b"".join(struct.pack(f"<{len(row)}{letter}", *row) for row in rows)
    return image_header(coded, (row_m, cell_m, *counts), maximum=highest) + body


def words(form: str, *values: float) -> bytes:
    """Return 4-byte words, ``i`` and ``f``."""
    return struct.pack(f"<{form}", *values)


def tracks() -> bytes:
    """Return an STI of two storms and four components: 11 goes on, 12 is new; the first component is nobody's."""
    out = words("iiiff", 2, 1, 4, 12.5, 225.0)
    out += words("fiffii", 45.0, 40_000, 10.0, 225.0, 900, 500)
    out += words("fiffii", 60.0, 50_000, 12.5, 225.0, 0, 0)
    out += words("i", 2) + words("fii", 45.0, 49_000, STARTED_S + 900) + words("fii", 45.0, 58_000, STARTED_S + 1800)
    out += words("i", 0)
    out += words("i", 1) + words("fii", 45.0, 37_780, STARTED_S - 222)
    out += words("i", 0)
    out += words("iiifiififiiiiii", 11, 0, -77, 45.0, 40_000, 3000, 55.5, 2500, 8.25, 2, 2, 5000, 3, 900, 2)
    out += words("iiifiififiiiiii", 12, 1, -77, 60.0, 50_000, 2000, 41.0, 2000, 1.5, 1, 4, 2000, 4, 2000, 4)
    for height, dbz, ordinal in ((1500, 33.0, 1), (900, 50.0, 1), (2500, 55.5, 2), (2000, 41.0, 1)):
        out += words("ifi", height, dbz, ordinal)
    return out + words("ifiiffiiii", 225, 13.0, 20, 10, 30.0, 2.5, 20, 15, 4, 15)


def structure() -> bytes:
    """Return an SS of two storms, 21 with two moments of trend and 22 with one."""
    out = words("i", 2)
    out += words("ifiiiffi", 21, 121.5, 53_649, 1476, 3886, 4.5, 47.0, 3377)
    out += words("ifiiiffi", 22, 64.25, 37_443, 1181, 2091, 0.75, 36.0, 2091)
    out += words("ii", 21, 2)
    out += words("9i", STARTED_S, 2675, 1476, 3886, 4, 47, 3377, 30, 10)
    out += words("9i", STARTED_S - 222, 3396, 2134, 4016, 3, 44, 4016, 20, 0)
    out += words("ii", 22, 1) + words("9i", STARTED_S, 1700, 1181, 2091, 0, 36, 2091, 0, 0)
    return out + bytes(228)


def hail(*, size: float = 0.0) -> bytes:
    """Return an HI of one storm."""
    return words("i", 1) + words("ifiiifi", 184, 55.75, 63_698, 70, 20, size, 4) + words("ff", 4.25, 7.5) + bytes(100)


def mesocyclones() -> bytes:
    """Return an M of one mesocyclone and two features, whose unused words hold garbage."""
    out = words("iii", 9, 1, 2)
    out += words("iififfiiiffii", 1, 24, 177.25, 67_649, 4.25, 11.5, 5298, 3112, 3149, 212.3, 237.5, 5400, 4156)
    out += GARBAGE * 2 + words("ff", 3.25, 12.5)
    out += words(
        "iiififiiiffffii", 1, 24, 1, 177.25, 67_649, 4.25, 5298, 3112, 3149, 11.25, 11.5, 99.0, 98.0, 5400, 4156
    )
    out += words("fif", 3.0, 67_684, 3.25 * 57.29578)
    out += words("iiififiiiffffii", 2, 14, 3, 158.5, 78_390, 2.25, 3603, 3445, 1500, 9.0, 10.25, 97.0, 96.0, 3603, 2298)
    out += words("fif", 2.0, 76_744, 1.5 * 57.29578)
    return out + words("if11f", 10, 8.0, *([1.5] * 11))


def vortices(sure: int = 0, elevated: int = 0) -> bytes:
    """Return a TVS of so many signatures, all alike."""
    row = words("iififfffiiiifi", 1, 1, 200.5, 31_000, 0.5, 22.0, 25.0, 40.0, 900, 3000, 800, 3800, 45.0, 900)
    return words("ii", sure, elevated) + row * (sure + elevated) + words("ii", 0, 11) + bytes(112)


def winds(valid: Sequence[int]) -> bytes:
    """Return a VWP of one volume with a height for each flag."""
    out = words("fifff", 26.5, 1, 18.5, 235.0, 3000.0) + GARBAGE * 3
    for layer, flag in enumerate(valid):
        out += words("iiifff", STARTED_S, 1000 * (layer + 1), flag, 235.0, 10.0 + layer, 1.25) + GARBAGE * 2
    return out


def contours(levels: Sequence[float], lines: Sequence[int]) -> bytes:
    """Return a CONTOUR of echo tops: levels, and how many lines each has."""
    counts = words(f"i{len(lines)}i", len(lines), *lines)
    return words("i", 72) + words(f"i{len(levels)}f", len(levels), *levels) + counts

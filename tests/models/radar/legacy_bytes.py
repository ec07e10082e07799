"""Old Chinese base data for tests, made byte by byte; shares nothing with the decoders."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from typing import Any

DAY = 16_256  # 2014-07-04, as 1 = 1970-01-01
NOON_MS = 43_200_000


def record(
    cut: int,
    ray: int,
    *,
    state: int = 1,
    azimuth: float = 0.0,
    elevation: float = 0.5,
    z: bytes | None = b"",
    v: bytes | None = None,
    w: bytes | None = None,
    size: int = 2432,
    said: int | None = None,
    kind: int = 1,
    ms: int = NOON_MS,
    day: int = DAY,
    first: tuple[int, int] = (0, -375),
    gate: tuple[int, int] = (1000, 250),
    step: int = 2,
    vcp: int = 21,
    nyquist: int = 2802,
    gap: int = 0,
) -> bytes:
    """Return one record: Z, V and W behind each other, each after ``gap`` bytes; None is a pointer of 0."""
    out = bytearray(size)
    struct.pack_into("<H", out, 4, size if said is None else said)
    struct.pack_into("<HB", out, 12, 1208, kind)
    struct.pack_into("<IHHHHHHH", out, 28, ms, day, 2306, round(azimuth * 32768 / 180) & 0xFFFF, ray, state,
                     round(elevation * 32768 / 180) & 0xFFFF, cut)  # fmt: skip
    doppler = len(v if v is not None else w or b"")
    struct.pack_into("<hhHHHHHf", out, 46, *first, *gate, len(z or b""), doppler, 1, 16.9)
    struct.pack_into("<HH", out, 70, step, vcp)
    struct.pack_into("<H", out, 88, nyquist)
    at = 128
    for pointer, codes in ((64, z), (66, v), (68, w)):
        if codes is not None:
            at += gap
            struct.pack_into("<H", out, pointer, at - 28)
            out[at : at + len(codes)] = codes
            at += len(codes)
    return bytes(out)


def record_cut(number: int, *, rays: int = 36, last: bool = False, start: float = 200.0, **facts: Any) -> bytes:
    """Return one cut that goes round from ``start`` degrees; keywords are those of `record`."""
    out = []
    for ray in range(rays):
        state = 0 if ray == 0 else 1
        if ray == rays - 1:
            state = 4 if last else 2
        given: dict[str, Any] = {
            "state": state,
            "azimuth": (start + ray * 360 / rays) % 360,
            "ms": NOON_MS + number * 1000 + ray,
            **facts,
        }
        out.append(record(number, ray + 1, **given))
    return b"".join(out)


def record_volume(cuts: int = 3, **facts: Any) -> bytes:
    """Return a volume of some cuts; Z grows with the gate, V and W stand behind it."""
    codes: dict[str, Any] = {"z": bytes(range(60, 80)), "v": bytes(range(100, 180)), "w": bytes(range(129, 209))}
    return b"".join(
        record_cut(number, last=number == cuts, elevation=number * 1.0, **{**codes, **facts})
        for number in range(1, cuts + 1)
    )


def _text(value: str, length: int) -> bytes:
    return value.encode("gbk").ljust(length, b"\x00")[:length]


def sc_cd(
    cuts: Sequence[tuple[float, int, int]],
    codes: Callable[[int, int, int], bytes],
    *,
    scan: int | None = None,
    kind: str = "CINRAD/SC",
    lon: tuple[str, int] = ("113.36", 11336),
    lat: tuple[str, int] = ("23.00", 2300),
    height_mm: int = 180_400,
    gate_dm: int = 5000,
    range_10m: int = 0,
    nyquist: int = 2700,
    number: str = "9200",
    said: int | None = None,
    ended: tuple[int, ...] = (2014, 7, 4, 20, 6, 0),
    started: tuple[int, ...] = (2014, 7, 4, 20, 0, 0),
) -> bytes:
    """Return an SC/CD file of cuts (elevation, radials, gates); ``codes(cut, ray, gates)`` are 4 bytes a gate."""
    out = bytearray(1024)
    out[0:30], out[30:50], out[50:90] = _text("中国", 30), _text("广东", 20), _text("广州", 40)
    out[90:100], out[100:120], out[120:136], out[136:152] = (
        _text(number, 10),
        _text(kind, 20),
        _text(lon[0], 16),
        _text(lat[0], 16),
    )
    struct.pack_into("<iii", out, 152, lon[1], lat[1], height_mm)
    struct.pack_into("<i", out, 184, 53_000)
    out[201] = 100 + len(cuts) if scan is None else scan
    struct.pack_into("<H5BBI", out, 202, *started, 0, 250_000)
    struct.pack_into("<Hhh", out, 847, 9000, 50, 3050)
    struct.pack_into("<H5B", out, 853, *ended)
    body = []
    for index, (elevation, radials, gates) in enumerate(cuts):
        length = 8 + 4 * gates
        struct.pack_into("<BHHHHHHHHHh", out, 217 + 21 * index, 0, 0, 0, 0, 0, nyquist, range_10m, gate_dm,
                         length if said is None else said, radials, round(elevation * 100))  # fmt: skip
        for ray in range(radials):
            start, end = ray * 65536 // radials, (ray + 1) * 65536 // radials % 65536
            body.append(struct.pack("<4H", start, 0, end, 0) + codes(index, ray, gates))
    return bytes(out) + b"".join(body)


def cc(
    cuts: Sequence[tuple[float, int, int]],
    words: Callable[[int, int, int], Sequence[int]],
    *,
    scan: int | None = None,
    mark: bytes = b"CINRADC",
    gate: int = 150,
    lon: tuple[str, int] = ("", 407_700_000),
    lat: tuple[str, int] = ("", 82_800_000),
    data_at: int = 1024,
    started: tuple[int, ...] = (20, 14, 7, 4, 7, 30, 0),
) -> bytes:
    """Return a CC 1.0 file of cuts (elevation, radials, gates); ``words(cut, ray, gates)`` are Z, V, W in tenths."""
    out = bytearray(1024)
    out[0:16], out[66:106], out[106:116] = mark.ljust(16, b"\0"), _text("测站", 40), _text("Z9999", 10)
    out[116:136] = _text("CINRAD/CC", 20)
    out[136:152], out[152:168] = _text(lon[0], 16), _text(lat[0], 16)
    struct.pack_into("<iii", out, 168, lon[1], lat[1], 99_000)
    out[184:191] = bytes(started)
    out[192:199] = bytes((*started[:4], started[4], started[5] + 6, 0))
    out[199] = 100 + len(cuts) if scan is None else scan
    struct.pack_into("<Hhh", out, 204, 4500, 0, 3000)
    struct.pack_into("<i", out, 888, 53_000)
    struct.pack_into("<I", out, 1020, data_at)
    body = []
    for index, (elevation, radials, gates) in enumerate(cuts):
        struct.pack_into("<9HhBB", out, 218 + 22 * index, 1500, 0, gate, gates, radials, 0, 0, 0, 0,
                         round(elevation * 100), 0, 0)  # fmt: skip
        body += [struct.pack(f"<{3 * gates}h", *words(index, ray, gates)) for ray in range(radials)]
    return bytes(out) + bytes(max(0, data_at - 1024)) + b"".join(body)


def cc2(
    cuts: Sequence[tuple[float, int, tuple[int, int, int]]],
    codes: Callable[[int, int, tuple[int, int, int]], bytes],
    *,
    scan: int | None = None,
    form: int = 24,
    gates_dm: tuple[int, int, int] = (1500, 750, 750),
    nyquist: int = 1270,
    hour: int = 0,
    elevation_error: float = 0.1,
    started: tuple[int, ...] = (2014, 7, 4, 23, 59, 0),
) -> bytes:
    """Return an RD file; ``codes(cut, ray, gates)`` is what follows the 11 bytes of each record."""
    out = bytearray(2060)
    out[0:4] = b"RD\0\0"
    struct.pack_into("<fi", out, 4, 2.0, 2048)
    out[62:102], out[102:112], out[112:132] = _text("测站", 40), _text("Z9998", 10), _text("CINRAD/CCJ", 20)
    struct.pack_into("<iii", out, 164, 113_250, 23_000, 100_000)
    out[216] = 100 + len(cuts) if scan is None else scan
    struct.pack_into("<H5B", out, 217, *started)
    body = []
    for index, (elevation, radials, gates) in enumerate(cuts):
        struct.pack_into("<10x9HhB", out, 238 + 35 * index, nyquist, 0, *gates_dm, *gates, radials,
                         round(elevation * 100), form)  # fmt: skip
        for ray in range(radials):
            head = struct.pack(
                "<hHBBBI", round((elevation + elevation_error) * 100), ray * 36_000 // radials, hour, 0, 5, 0
            )
            body.append(head + codes(index, ray, gates))
    return bytes(out) + b"".join(body)

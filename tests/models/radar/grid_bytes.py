"""SWAN and MOC grids for tests, made byte by byte; share nothing with the decoders."""

from __future__ import annotations

import bz2
import gzip
import struct
from collections.abc import Callable, Sequence

PACKED: dict[int, Callable[[bytes], bytes]] = {0: bytes, 1: bz2.compress, 2: gzip.compress}


def swan(
    cells: bytes,
    *,
    columns: int = 4,
    rows: int = 3,
    layers: int = 1,
    kind: int = 0,
    mark: bytes = b"SWAN",
    at: tuple[int, ...] = (2026, 6, 17, 18, 30, 6),
    start: tuple[float, float] = (113.0, 25.0),
    middle: tuple[float, float] = (113.015, 24.99),
    step: tuple[float, float] = (0.01, 0.01),
    heights_km: Sequence[float] = (),
    stations: Sequence[tuple[str, bool]] = (("Z9200", True), ("Z9751", False), ("Z9763", True)),
) -> bytes:
    """Return a SWAN file; time is year, month, day, hour, minute, interval."""
    out = bytearray(1024)
    struct.pack_into("<12s38s8s8s", out, 0, "华南".encode("gbk"), "组合反射率".encode("gbk"), mark, b"1.0")
    struct.pack_into("<6H", out, 66, *at)
    struct.pack_into("<3Hi", out, 78, columns, rows, layers, len(stations))
    struct.pack_into("<6f", out, 88, *start, *middle, *step)
    struct.pack_into(f"<{len(heights_km)}f", out, 112, *heights_km)
    for number, (name, taken) in enumerate(stations):
        struct.pack_into("<16s", out, 272 + 16 * number, name.encode())
        out[832 + number] = taken
    struct.pack_into("<h", out, 852, kind)
    return bytes(out) + cells


def mosaic(
    values: Sequence[int],
    *,
    columns: int = 4,
    rows: int = 3,
    edges: tuple[int, int, int, int] = (24_000, 113_000, 24_030, 113_040),
    cell: tuple[int, int] = (100, 100),
    variable: bytes = b"CREF",
    unit: bytes = b"",
    scale: int = 10,
    packing: int = 0,
    zone_s: int = 28_800,
    at: tuple[int, ...] = (2026, 6, 18, 2, 30, 0),
    length: int | None = None,
    block: tuple[int, int] | None = None,
    height: int = 0,
) -> bytes:
    """Return a MOC mosaic; edges are south, west, north, east in 0.001 degrees."""
    data = PACKED.get(packing, bytes)(struct.pack(f"<{len(values)}h", *values))
    out = bytearray(256)
    struct.pack_into("<3s1x4sihH8s64s", out, 0, b"MOC", b"V3", 0, 1, 1, variable, "组合".encode("gbk"))
    struct.pack_into("<i", out, 8, 256 + len(data) if length is None else length)
    struct.pack_into("<3i", out, 88, *((256, len(data)) if block is None else block), zone_s)
    struct.pack_into("<6H", out, 100, *at)
    struct.pack_into("<4i", out, 124, *edges)
    struct.pack_into("<4i", out, 148, columns, rows, *cell)
    struct.pack_into("<HHii", out, 164, height, packing, 12, 2 * len(values))
    struct.pack_into("<H2x8s8s", out, 176, scale, "全国".encode("gbk"), unit)
    return bytes(out) + data


def block(
    values: Sequence[int],
    *,
    columns: int = 4,
    rows: int = 3,
    variable: bytes = b"CREF",
    edges: tuple[int, int, int, int] = (24_000, 113_000, 24_030, 113_040),
    height: int = 0,
    scale: int = 10,
) -> bytes:
    """Return one block of a station's file."""
    out = bytearray(132)
    struct.pack_into("<HH8s", out, 0, 1, 1, variable)
    struct.pack_into("<4i", out, 64, *edges)
    struct.pack_into("<6i", out, 80, 0, 0, rows, columns, 100, 100)
    struct.pack_into("<4Hii", out, 104, 230, 230, 230, height, 2 * len(values), 1)
    struct.pack_into("<H", out, 120, scale)
    return bytes(out) + struct.pack(f"<{len(values)}h", *values)


def station(
    blocks: bytes,
    *,
    count: int = 1,
    packing: int = 0,
    lat: int = 240_150,
    lon: int = 1_130_200,
    zone_s: int = 0,
    at: tuple[int, ...] = (2026, 6, 17, 18, 30, 0),
) -> bytes:
    """Return a MOC file of a single station; its place is in 0.0001 degrees."""
    out = bytearray(758)
    struct.pack_into("<3s1x4si8s20s20s12s", out, 0, b"MOC", b"V3", 0, b"Z9200", b"GUANGZHOU", b"", b"SAD")
    struct.pack_into("<4i", out, 72, lat, lon, 180, zone_s)
    struct.pack_into("<6H", out, 88, *at)
    struct.pack_into("<HH", out, 112, count, packing)
    struct.pack_into("<H", out, 756, 21)
    return bytes(out) + PACKED.get(packing, bytes)(blocks)

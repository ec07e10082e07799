"""Small files of every format on the shelf, from which mutants are made; add a line for a new format.

Real files where they are small, or a real file thinned to its first rays, else made
byte by byte. ``decoder`` is the module on the shelf that reads it.
"""

from __future__ import annotations

import bz2
import gzip
import struct
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from importlib.util import find_spec
from itertools import product
from pathlib import Path

from tests import data
from tests.models.radar import fmt_bytes, grid_bytes, legacy_bytes, phased_bytes, product_bytes, pup_bytes, xad_bytes


@dataclass(frozen=True)
class Seed:
    """One file to begin with.

    ``weight`` is its share of the mutants; ``packed`` ones go through the door for files.
    ``file`` is what the file is called, for formats that look at it; ``beside`` are files next to it.
    ``apart`` ones are parsed by libraries of others in C, which may die of them: only in a worker, and there it is named.
    """

    name: str
    decoder: str
    make: Callable[[], bytes]
    weight: float = 1.0
    packed: bool = False
    file: str = "mutant"
    beside: tuple[tuple[str, bytes], ...] = ()
    apart: bool = False


def real(pattern: str, room: str = "radar") -> bytes:
    """Return the smallest real file of a pattern, unpacked."""
    paths = [path for path in data.folder().glob(f"{room}/{pattern}") if path.is_file()]
    if not paths:
        raise FileNotFoundError(pattern)
    raw = min(paths, key=lambda path: (path.stat().st_size, path.name)).read_bytes()
    return bz2.decompress(raw) if raw[:3] == b"BZh" else gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw


def thin_fmt(pattern: str, rays: int) -> bytes:
    """Return a real volume of standard base data with the first rays of each cut only."""
    raw = real(pattern)
    at = 416 + 256 * int(struct.unpack_from("<i", raw, 336)[0])
    out, cut, taken, last = bytearray(raw[:at]), 0, 0, 0
    while at < len(raw):
        number, length = struct.unpack_from("<i16xi", raw, at + 16)
        cut, taken = number, (taken if number == cut else 0) + 1
        if taken <= rays:
            last = len(out)
            out += raw[at : at + 64 + length]
            struct.pack_into("<i", out, last, 2 if taken == rays else int(taken > 1))
        at += 64 + length
    return bytes(out)


def thin_records(pattern: str, rays: int, size: int = 2432) -> bytes:
    """Return a real volume of the old records with the first rays of each cut only."""
    raw = real(pattern)
    out, cut, taken = bytearray(), 0, 0
    for at in range(0, len(raw), size):
        number = int(struct.unpack_from("<H", raw, at + 44)[0])
        cut, taken = number, (taken if number == cut else 0) + 1
        if taken <= rays:
            out += raw[at : at + size]
            struct.pack_into("<H", out, len(out) - size + 40, 2 if taken == rays else int(taken > 1))
    return bytes(out)


def thin_radial_product(pattern: str, rays: int) -> bytes:
    """Return a real product of the standard format with the first rays of its one layer only."""
    raw = real(pattern)
    at = 416 + 256 * int(struct.unpack_from("<i", raw, 336)[0]) + 128 + 64
    width = int(struct.unpack_from("<h", raw, at + 12)[0])
    out, end = bytearray(raw[: at + 64]), at + 64
    for _ in range(rays):
        bins = int(struct.unpack_from("<i", raw, end + 8)[0])
        out += raw[end : end + 32 + bins * width]
        end += 32 + bins * width
    struct.pack_into("<i", out, at + 28, rays)
    return bytes(out)


def legacy(kind: str) -> bytes:
    """Return a small volume of one of the layouts that no real file proves: two cuts of 24 rays."""
    if kind == "sc_cd":
        return legacy_bytes.sc_cd([(0.5, 24, 10), (1.5, 24, 8)], lambda cut, ray, gates: bytes([ray + 70] * 4 * gates))
    if kind == "cc":
        return legacy_bytes.cc([(0.5, 24, 10), (1.5, 24, 8)], lambda cut, ray, gates: [ray * 10] * 3 * gates)
    cuts = [(0.5, 24, (10, 20, 20)), (1.5, 24, (8, 16, 16))]
    return legacy_bytes.cc2(cuts, lambda cut, ray, gates: bytes([ray + 70] * (gates[0] + sum(gates))))


def phased(order: int, size: int) -> bytes:
    """Return a volume of a phased array: two receive beams of one pulse, ray by ray or cut by cut."""
    cuts = [phased_bytes.cut_header(1.5 * number, log_gate=30.0) for number in (1, 2)]
    body = []
    for ray, cut in sorted(product(range(24), (1, 2)), key=lambda pair: pair if order == 0 else pair[::-1]):
        rays = [fmt_bytes.moment(kind, (2, 66, 1, bytes([60 + ray + cut] * 16))) for kind in (2, 3)]
        state = 0 if ray == 0 else 2 if ray == 23 else 1
        body.append(phased_bytes.radial(cut, ray + 1, ray * 15.0, 1.5 * cut, rays, state=state))
    return phased_bytes.head(cuts, beams=[phased_bytes.beam(size=size)], order=order) + b"".join(body)


def made_product(kind: int, data: bytes) -> Callable[[], bytes]:
    """Return how a product of the standard format is made."""
    return lambda: product_bytes.head(kind) + data


def thin_nexrad(pattern: str, rays: int, cuts: int = 2) -> bytes:
    """Return a real NEXRAD volume, its records unpacked, with its scan pattern and the first rays of its first cuts."""
    raw = real(pattern)
    body = raw[24:]
    if raw[28:31] == b"BZh":
        at, blocks = 24, []
        while at + 4 < len(raw):
            length = abs(int(struct.unpack_from(">i", raw, at)[0]))
            blocks.append(bz2.decompress(raw[at + 4 : at + 4 + length]))
            at += 4 + length
        body = b"".join(blocks)
    out, at, taken = bytearray(raw[:24]), 0, [0] * 256
    while at + 28 < len(body):
        halfwords, kind = struct.unpack_from(">HxB", body, at + 12)
        length = 2 * halfwords + 12 if kind == 31 else 2432
        message = bytearray(body[at : at + length])
        at += length
        if kind in {1, 31}:
            cut, status = (message[28 + 22], 28 + 21) if kind == 31 else (message[28 + 17], 28 + 13)
            taken[cut] += 1
            if cut > cuts or taken[cut] > rays:
                continue
            if taken[cut] == rays:
                message[status] = 4 if cut == cuts else 2
        elif kind != 5:
            continue
        out += message
    return bytes(out)


def _netcdf(kind: str) -> Callable[[], bytes]:
    """Return how a classic netCDF file is made, where the extra `formats` is installed."""

    def make() -> bytes:
        if find_spec("netCDF4") is None:
            raise FileNotFoundError(kind)
        from tests.models.radar import netcdf_bytes  # noqa: PLC0415 - the extra may not be there

        return netcdf_bytes.grid() if kind == "grid" else netcdf_bytes.sweep()

    return make


def _product(folder: str) -> Callable[[], bytes]:
    return lambda: real(f"cinrad_rstm_nanhai_products/{folder}/*")


def _pup(folder: str) -> Callable[[], bytes]:
    return lambda: real(f"cinrad_pup_z9200_20110916/{folder}/*")


def _coarse_pup() -> bytes:
    rows = [[(row + column) // 7 % 16 for column in range(116)] for row in range(116)]
    return pup_bytes.product(pup_bytes.raster(rows), code=41)


_CODES = [[(row * column) % 200 for column in range(21)] for row in range(21)]


def _rasters() -> bytes:
    """Return the three rasters of a MAX: from above, and two upright ones."""
    return product_bytes.raster(_CODES) + 2 * product_bytes.raster(_CODES, row_m=1000)


def _station(packing: int) -> bytes:
    """Return a station's grids: two layers of one variable."""
    blocks = b"".join(grid_bytes.block(range(-3, 9), height=height) for height in (1000, 2000))
    return grid_bytes.station(blocks, count=2, packing=packing)


FOREIGN = (
    ("ODIM composite", "hdf5", "radar", "odim_sweden*/composite_swe*", 0.5),
    ("ODIM volume", "hdf5", "radar", "odim_sweden*/pvol_seosu*", 0.06),
    ("BoM netCDF", "hdf5", "sequences", "bom_nc*/*.nc", 0.2),
    ("FMI GeoTIFF", "geotiff", "sequences", "fmi_geotiff*/*.tif", 0.1),
    ("FMI PGM", "fmi_pgm", "sequences", "fmi_pgm*/*.pgm.gz", 0.1),
    ("MRMS GRIB2", "grib", "sequences", "mrms*/*.grib2", 0.02),
    ("NEXRAD message 31", "nexrad", "radar", "nexrad/KLOT*", 0.02),
    ("NEXRAD message 1", "nexrad", "radar", "nexrad/KLIX*", 0.02),
)


SEEDS: tuple[Seed, ...] = (
    Seed("fmt made", "cma_base", fmt_bytes.small_volume, 3),
    Seed("fmt ZG170, thinned", "cma_base", lambda: thin_fmt("cinrad_base/*ZG170*", 3), 3),
    Seed("fmt ZS140, thinned", "cma_base", lambda: thin_fmt("fmt_converted_sweden/*ZS140*", 12), 3),
    Seed("SB Z9398, thinned", "sa_sb", lambda: thin_records("cinrad_base/*Z9398*", 4), 3),
    Seed("fmt ZG170, whole", "cma_base", lambda: real("cinrad_base/*ZG170*"), 0.05),
    Seed("SB Z9398, whole", "sa_sb", lambda: real("cinrad_base/*Z9398*"), 0.05),
    *(Seed(f"pup {name}", "pup", _pup(name)) for name in ("CR_37", "R_19", "R_20", "V_27")),
    *(Seed(f"pup {name}", "pup", _pup(name), 2) for name in ("ET_41", "VIL_57", "OHP_78", "VWP_48", "STI_58")),
    Seed("pup ET made", "pup", _coarse_pup),
    *(
        Seed(f"product {name}", "cma_product", _product(name), 2)
        for name in ("CONTOUR", "hi", "m", "spd", "ss", "sti", "tvs", "vad")
    ),
    *(
        Seed(f"records of {size} made", "sa_sb", partial(legacy_bytes.record_volume, 2, size=size), 1.5)
        for size in (2432, 4132, 3132, 1632)
    ),
    *(Seed(f"{kind} made", kind, partial(legacy, kind), 3) for kind in ("sc_cd", "cc", "cc2")),
    Seed("phased made", "cma_phased", partial(phased, 0, 640), 3),
    Seed("phased of long beams made", "cma_phased", partial(phased, 1, 1408), 2),
    Seed("xad made", "xad", partial(xad_bytes.volume, 8, 1), 2),
    Seed("swan made", "swan", lambda: grid_bytes.swan(bytes(range(60, 72))), 1.5),
    Seed(
        "swan of layers made",
        "swan",
        lambda: grid_bytes.swan(bytes(range(96)), columns=6, rows=4, layers=2, kind=3, heights_km=(1.0, 2.0)),
        1.5,
        file="Z_RADAMOSAIC_20260617183000.bin",
    ),
    *(
        Seed(f"moc mosaic {word} made", "moc", partial(grid_bytes.mosaic, range(-3, 9), packing=packing), 1.5)
        for packing, word in enumerate(("plain", "bz2", "gzip"))
    ),
    *(
        Seed(f"moc station {word} made", "moc", partial(_station, packing), 1.5)
        for packing, word in enumerate(("plain", "bz2", "gzip"))
    ),
    *(
        Seed(name, decoder, partial(real, pattern, room), weight, apart=decoder in {"hdf5", "geotiff", "grib"})
        for name, decoder, room, pattern, weight in FOREIGN
    ),
    Seed("netCDF grid made", "netcdf", _netcdf("grid"), 0.3, apart=True),
    Seed("CfRadial made", "netcdf", _netcdf("sweep"), 0.2, apart=True),
    Seed(
        "MeteoSwiss picture",
        "picture",
        lambda: real("mch_gif*/*.gif", "sequences"),
        0.3,
        packed=True,
        apart=True,
        file="201701310005.gif",
        beside=(("201701310005.gfw", b"0.01\n0\n0\n-0.01\n6.0\n48.0\n"),),
    ),
    Seed("NEXRAD message 31, thinned", "nexrad", lambda: thin_nexrad("nexrad/KLOT*", 8), 0.2),
    Seed("NEXRAD message 1, thinned", "nexrad", lambda: thin_nexrad("nexrad/KLIX*", 8), 0.2),
    Seed("product MAX made", "cma_product", made_product(4, _rasters()), 2),
    Seed("product VIL made", "cma_product", made_product(23, product_bytes.raster(_CODES, (73, 2, 5, 1)))),
    Seed("product VWP made", "cma_product", made_product(32, product_bytes.winds([1, 0, 1])), 2),
    Seed("product ppi, thinned", "cma_product", lambda: thin_radial_product("cinrad_rstm*/ppi/*PPI_02_Vc", 20), 2),
    Seed("product cappi, thinned", "cma_product", lambda: thin_radial_product("cinrad_rstm*/cappi/*", 20)),
    Seed("product hcl, thinned", "cma_product", lambda: thin_radial_product("cinrad_rstm*/hcl/*", 8)),
    Seed("fmt in bz2", "cma_base", lambda: bz2.compress(fmt_bytes.small_volume()), packed=True),
    Seed("fmt in two bz2", "cma_base", lambda: _in_two(bz2.compress, fmt_bytes.small_volume()), packed=True),
    Seed("fmt in gzip", "cma_base", lambda: gzip.compress(fmt_bytes.small_volume()), packed=True),
    Seed("pup in gzip", "pup", lambda: _in_two(gzip.compress, _coarse_pup()), packed=True),
)


def _in_two(pack: Callable[[bytes], bytes], raw: bytes) -> bytes:
    """Return two packed streams that follow each other."""
    return pack(raw[: len(raw) // 3]) + pack(raw[len(raw) // 3 :])


@cache
def there() -> tuple[Seed, ...]:
    """Return the seeds whose files are there; all of them where the shared data lies."""
    return tuple(seed for seed in SEEDS if content(seed))


@cache
def content(seed: Seed) -> bytes:
    """Return the bytes of a seed; empty where its real file is not there."""
    try:
        return seed.make()
    except FileNotFoundError:
        return b""


def shelf(folder: Path) -> set[str]:
    """Return the names of the modules on the shelf."""
    return {path.stem for path in folder.glob("*.py")} - {"__init__"}

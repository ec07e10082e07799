"""Legacy PUP products of the Chinese S- and C-band radars: 16 levels, big-endian.

The layout is ``18 message header | 102 description | symbology | graphic |
tabular``, close to the NIDS form it comes from. Nine products are proven on real
files; the others of that family are read by the same layouts and stand in
`models.radar.proven`. Of the several clocks in such a file only the volume time
is UTC everywhere; the others are local time in some files and are not looked at.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np

from models.errors import DataError
from models.radar.layouts.cma_radials import DamageError
from models.radar.layouts.pup_levels import digital_levels, levels_of, raster_codes, rays, thresholds
from models.radar.layouts.pup_packets import (
    DIGITAL_RADIAL,
    LARGEST_BYTES,
    LINES,
    RADIAL,
    RASTERS,
    Packet,
    graphic,
    symbology,
    tabular,
)
from models.radar.layouts.pup_tables import (
    STORM_PACKETS,
    TEXTS,
    cell_table,
    forecast_table,
    label_table,
    labels,
    mean_movement,
    page_table,
    storm_table,
    track_table,
)
from models.radar.layouts.pup_winds import BARB, KNOT_MS, wind_table
from models.radar.layouts.recognize import seems_pup
from models.radar.oddity import Oddity
from models.radar.product import Cell, Product, Radial, Raster, Role, Table
from models.radar.volume import Site

NAME = "legacy PUP product"

FOOT_M = 0.3048
KILOFOOT_KM = 0.3048
INCH_MM = 25.4

_HEADER_BYTES = 120
_CR, _VWP, _STI, _OHP = 37, 48, 58, 78


@dataclass(frozen=True, slots=True)
class _Kind:
    """A product: its name, role, unit and factor from the file's unit; cell or gate length and reach.

    ``cells`` is how many cells a raster has each way, 0 where it has none that is known.
    ``finest`` is the step of the maximum in the header, in the file's unit, 0 where none is stated.
    """

    name: str
    role: Role
    unit: str = ""
    factor: float = 1.0
    cell_m: float = 1000.0
    range_m: float = 230_000.0
    cells: int = 0
    finest: float = 1.0


def _sweep(name: str, cell_m: float, range_m: float) -> _Kind:
    if name == "R":
        return _Kind(name, Role.SWEEP, "dBZ", 1.0, cell_m, range_m)
    return _Kind(name, Role.SWEEP, "m/s", KNOT_MS, cell_m, range_m)


def _rain(name: str) -> _Kind:
    return _Kind(name, Role.RAIN, "mm", INCH_MM, 2000.0, 230_000.0, finest=0.1)


def _table(name: str) -> _Kind:
    return _Kind(name, Role.TABLE, finest=0.0)


_KINDS = {
    16: _sweep("R", 1000.0, 230_000.0),
    17: _sweep("R", 2000.0, 460_000.0),
    18: _sweep("R", 4000.0, 460_000.0),
    19: _sweep("R", 1000.0, 230_000.0),
    20: _sweep("R", 2000.0, 460_000.0),
    21: _sweep("R", 4000.0, 460_000.0),
    22: _sweep("V", 250.0, 60_000.0),
    23: _sweep("V", 500.0, 115_000.0),
    24: _sweep("V", 1000.0, 230_000.0),
    25: _sweep("V", 250.0, 60_000.0),
    26: _sweep("V", 500.0, 115_000.0),
    27: _sweep("V", 1000.0, 230_000.0),
    28: _sweep("SW", 250.0, 60_000.0),
    29: _sweep("SW", 500.0, 115_000.0),
    30: _sweep("SW", 1000.0, 230_000.0),
    _CR: _Kind("CR", Role.COMPOSITE, "dBZ", cells=464),
    38: _Kind("CR", Role.COMPOSITE, "dBZ", 1.0, 4000.0, 460_000.0, 232),
    41: _Kind("ET", Role.ECHO_TOP, "km", KILOFOOT_KM, 4000.0, cells=116),
    46: _Kind("SWS", Role.OTHER, finest=0.0),
    47: _table("SWP"),
    _VWP: _table("VWP"),
    57: _Kind("VIL", Role.VIL, "kg/m2", 1.0, 4000.0, cells=116),
    _STI: _table("STI"),
    59: _table("HI"),
    60: _table("M"),
    61: _table("TVS"),
    62: _table("SS"),
    _OHP: _rain("OHP"),
    79: _rain("THP"),
    80: _rain("STP"),
}


def recognizes(head: bytes, size: int) -> bool:
    """Return whether the product code stands twice, with the divider between."""
    return seems_pup(head) and size >= 32


def decode(data: bytes, name: str) -> Product:
    """Return the product in a legacy PUP file.

    Parameters
    ----------
    data : bytes
        The whole file.
    name : str
        What errors call it.

    Returns
    -------
    Product
        Rasters and rays in their levels, in dBZ, m/s, km, kg/m2 or mm; tables in km and
        m/s. Velocity whose range is folded is NaN. A velocity level stands for its
        threshold, which is the end nearer zero.

    Raises
    ------
    DataError
        ``radar.product_not_read`` for an unknown product code, ``radar.cut_off``,
        ``radar.bad_site``, ``radar.bad_time``, ``radar.bad_block`` and others that name
        the byte where the file contradicts its layout.
    """
    (code,) = struct.unpack_from(">h", data)
    (length,) = struct.unpack_from(">I", data, 8)
    if code not in _KINDS:
        raise DataError("radar.product_not_read", file=name, code=code)
    if length > LARGEST_BYTES:
        raise DataError("radar.product_too_long", file=name, byte=8, length=length, limit_mib=LARGEST_BYTES // 1024**2)
    if len(data) < max(length, _HEADER_BYTES):
        raise DataError("radar.cut_off", file=name, byte=len(data), expected=max(length, _HEADER_BYTES))
    try:
        product = _product(data[: max(length, _HEADER_BYTES)], code)
    except DamageError as broken:
        raise broken.error(name) from broken
    if len(data) == length:
        return product
    trailing = Oddity("radar.odd.trailing", byte=length, bytes=len(data) - length)
    return replace(product, oddities=(trailing, *product.oddities))


def _product(data: bytes, code: int) -> Product:
    kind = _KINDS[code]
    oddities: list[Oddity] = []
    site, started_at, elevation_deg = _site(data, oddities), _volume_time(data), _elevation(data)
    packets = symbology(data)
    rasters, radials = _pictures(data, packets, kind, elevation_deg)
    if not rasters and not radials and kind.role not in (Role.TABLE, Role.OTHER):
        raise DamageError("no_raster", int.from_bytes(data[108:112], "big") * 2)
    tables, said = _tables(data, packets, code, started_at, oddities)
    maximum, stated = _header_values(data, code, kind)
    digital = any(packet.code == DIGITAL_RADIAL for packet in packets)
    if kind.finest and kind.unit != "m/s" and not digital:
        oddities += _maximum_odd(rasters, radials, maximum, kind.finest * kind.factor / 2)
    return Product(
        format=NAME,
        layout="pup.digital" if digital else f"pup.{code}",
        site=site,
        started_at=started_at,
        code=code,
        name=kind.name,
        role=kind.role,
        unit=kind.unit,
        rasters=rasters,
        radials=radials,
        tables=tables,
        parameters=stated | said,
        range_m=kind.range_m if rasters or radials else math.nan,
        maximum=maximum,
        oddities=tuple(oddities),
    )


def _pictures(
    data: bytes, packets: Sequence[Packet], kind: _Kind, elevation_deg: float
) -> tuple[tuple[Raster, ...], tuple[Radial, ...]]:
    """Return the rasters and the radial layers among the packets."""
    rasters: list[Raster] = []
    radials: list[Radial] = []
    levels = levels_of(data, kind.factor)
    for packet in packets:
        if packet.code in RASTERS:
            codes = raster_codes(data, packet, kind.cells or len(packet.parts))
            rasters.append(Raster(kind.name, kind.unit, codes, levels, kind.cell_m, kind.cell_m))
        elif packet.code in (RADIAL, DIGITAL_RADIAL):
            found = rays(data, packet)
            radials.append(
                Radial(
                    name=kind.name,
                    unit=kind.unit,
                    codes=found.codes,
                    levels=levels if packet.code == RADIAL else digital_levels(data),
                    azimuth_deg=found.azimuth_deg,
                    width_deg=found.width_deg,
                    gate_m=kind.cell_m,
                    start_m=found.first * kind.cell_m,
                    elevation_deg=elevation_deg,
                )
            )
    return tuple(rasters), tuple(radials)


def _tables(
    data: bytes, packets: Sequence[Packet], code: int, started_at: datetime, oddities: list[Oddity]
) -> tuple[tuple[Table, ...], dict[str, Cell]]:
    """Return the tables, and what their pages say of the whole product."""
    drawn = [labels(data, page) for page in graphic(data)]
    pages = tabular(data)
    tables: list[Table] = []
    said: dict[str, Cell] = {}
    left_out = 0
    read = {RADIAL, DIGITAL_RADIAL, *RASTERS, *TEXTS, *LINES}
    if code == _STI:
        storms, strange = cell_table(drawn)
        forecast, left_out = forecast_table(pages)
        tables += [storms, forecast, track_table(data, packets)]
        said = mean_movement(pages)
        left_out += strange
        read |= STORM_PACKETS
    elif code == _VWP:
        winds, left_out = wind_table(data, packets, pages, thresholds(data), started_at)
        tables.append(winds)
        read.add(BARB)
    elif code == _CR and drawn:
        storms, left_out = storm_table(drawn)
        tables.append(storms)
    else:
        tables += [label_table("graphic", drawn)] if drawn else []
        texts = labels(data, packets)
        tables += [label_table("texts", [texts])] if texts else []
    if pages:
        tables.append(page_table(pages))
    if left_out:
        oddities.append(Oddity("radar.odd.table_lines", lines=left_out))
    unread = sorted({packet.code for packet in packets} - read)
    if unread:
        shown = ", ".join(str(number) for number in unread[:8])
        oddities.append(Oddity("radar.odd.packets", packets=shown))
    return tuple(tables), said


def _site(data: bytes, oddities: list[Oddity]) -> Site:
    (source,) = struct.unpack_from(">h", data, 12)
    lat, lon, height_ft = struct.unpack_from(">iih", data, 20)
    lat_deg, lon_deg = lat / 1000, lon / 1000
    if not (abs(lat_deg) <= 90 and abs(lon_deg) <= 180) or (lat == 0 and lon == 0):
        raise DamageError("bad_site", 20, lat=f"{lat_deg:g}", lon=f"{lon_deg:g}")
    code = f"Z9{source:03d}" if 0 < source < 1000 else str(source)
    altitude_m = round(height_ft * FOOT_M, 1)
    if not -500 <= altitude_m <= 9000:
        oddities.append(Oddity("radar.odd.height", height_m=round(altitude_m)))
        altitude_m = math.nan
    return Site(code, code, lon_deg, lat_deg, altitude_m)


def _volume_time(data: bytes) -> datetime:
    day, second = struct.unpack_from(">HI", data, 40)
    if day < 1 or second >= 86_400:
        raise DamageError("bad_time", 40, day=day, second=second)
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=day - 1, seconds=second)


def _elevation(data: bytes) -> float:
    """Return the elevation in degrees, NaN for a product of the whole volume."""
    index, tenths = struct.unpack_from(">hh", data, 56)
    if index == 0:
        return math.nan
    if not -100 <= tenths <= 900:
        raise DamageError("bad_product_elevation", 58, elevation_deg=f"{tenths / 10:g}")
    return float(tenths / 10)


def _header_values(data: bytes, code: int, kind: _Kind) -> tuple[float, dict[str, Cell]]:
    """Return the maximum in the product's unit (NaN where none is stated), and what else the header states."""
    vcp, _, volume = struct.unpack_from(">hhh", data, 34)
    first, second, third = struct.unpack_from(">hhh", data, 92)
    stated: dict[str, Cell] = {"vcp": vcp, "volume": volume}
    if code == _STI:
        stated["storms"] = first
    elif code == _VWP:
        stated |= {"max_speed_ms": round(first * KNOT_MS, 2), "max_direction_deg": second}
        stated["max_height_m"] = round(third * 10 * FOOT_M, 1)
    elif kind.name == "V":
        stated |= {"lowest_ms": round(first * kind.factor, 2), "highest_ms": round(second * kind.factor, 2)}
        return second * kind.factor, stated
    elif code == _OHP:
        stated |= {"gauge_bias": second / 100, "gauge_bias_error": third / 100}
    elif kind.unit == "dBZ":
        (calibration,) = struct.unpack_from(">f", data, 100)
        if math.isfinite(calibration):
            stated["calibration_db"] = round(calibration, 3)
    return (first * kind.finest * kind.factor if kind.finest else math.nan), stated


def _maximum_odd(rasters: Sequence[Raster], radials: Sequence[Radial], maximum: float, rounding: float) -> list[Oddity]:
    """Say so where a stated (rounded) maximum is not in the highest level that any cell shows."""
    layer = rasters[0] if rasters else radials[0]
    highest = int(layer.codes.max())
    if highest == 0 or layer.levels is None:
        return []
    ends = np.append(layer.levels[1:], np.float32(np.inf))
    lower, upper = float(layer.levels[highest]), float(ends[highest])
    if math.isnan(lower) or lower - rounding <= maximum <= (math.inf if math.isnan(upper) else upper) + rounding:
        return []
    return [Oddity("radar.odd.maximum", maximum=f"{maximum:g}", level=highest, threshold=f"{lower:g}")]

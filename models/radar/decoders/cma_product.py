"""Products of the Chinese standard format (generic type 2), little-endian.

Layout: ``32 generic | 128 site | 256 task | n x 256 cuts | 128 product | 64 parameters |
data``. The data are radial layers, rasters or tables, as the product's type says; what
they hold is what their own header says, whatever the product or the file is called.
Of types whose data nobody described, head and parameters are read.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from dataclasses import dataclass

from models.radar.layouts import cma_product_rotation, cma_product_storms, cma_product_winds
from models.radar.layouts.cma_product_header import ProductHeader, product_header
from models.radar.layouts.cma_product_images import MOST_CELLS, RadialLayer, RasterLayer, radial_layer, raster_layer
from models.radar.layouts.cma_product_kinds import name_meant
from models.radar.layouts.cma_product_words import Contents, Words
from models.radar.layouts.cma_radials import DamageError
from models.radar.oddity import Oddity
from models.radar.product import Product, Role

NAME = "CMA standard product"

MOST_LAYERS = 64
_RAIN_TAIL = {25: 192, 27: 192}

_TABLES: dict[str, Callable[[Words], Contents]] = {
    "sti": cma_product_storms.tracks,
    "ss": cma_product_storms.structure,
    "hi": cma_product_storms.hail,
    "swp": cma_product_storms.severe,
    "m": cma_product_rotation.mesocyclones,
    "tvs": cma_product_rotation.vortices,
    "vad": cma_product_winds.vad,
    "vwp": cma_product_winds.wind_profile,
    "contour": cma_product_winds.contours,
}


def recognizes(head: bytes, size: int) -> bool:
    """Return whether the file starts as a file of the standard format of generic type 2."""
    return size >= 12 and head[:4] == b"RSTM" and struct.unpack_from("<i", head, 8)[0] == 2


def decode(data: bytes, name: str) -> Product:
    """Return the product in an unpacked standard product file.

    Parameters
    ----------
    data : bytes
        The whole unpacked file.
    name : str
        What errors call it.

    Raises
    ------
    DataError
        ``radar.cut_off``, ``radar.bad_site``, ``radar.bad_cut_count``,
        ``radar.product_types_differ``, ``radar.standard_product_not_read`` for types nobody
        described, ``radar.product_no_time``; of the data ``radar.bad_coding``,
        ``radar.bad_image_size``, ``radar.bad_image_scale``, ``radar.bad_bins``,
        ``radar.bad_angle``, ``radar.too_many_cells``, ``radar.bad_layer_count``,
        ``radar.bad_table_count``, ``radar.bad_table_place``.
    """
    try:
        head = product_header(data, name)
        return _product(head, _content(data, head), len(data))
    except DamageError as broken:
        raise broken.error(name) from broken


@dataclass(frozen=True, slots=True)
class _Content:
    """What the data of a product are; ``end`` is the byte after what was understood, None if it is not known."""

    radials: tuple[RadialLayer, ...] = ()
    rasters: tuple[RasterLayer, ...] = ()
    contents: Contents | None = None
    end: int | None = None
    oddities: tuple[Oddity, ...] = ()
    unproven: str = ""


def _content(data: bytes, head: ProductHeader) -> _Content:
    """Read the data as the product's type says they lie."""
    reader, at = head.kind.reader, head.data_at
    if reader in {"radial", "rain"}:
        layer = radial_layer(data, at, elevation_deg=_elevation(head))
        if reader == "rain" and head.code not in _RAIN_TAIL:
            return _Content(radials=(layer,))
        end = layer.end + _RAIN_TAIL.get(head.code, 0)
        if len(data) < end:
            raise DamageError("cut_off", len(data), expected=end)
        return _Content(radials=(layer,), end=end)
    if reader == "layers":
        return _layers(data, head)
    if reader in {"raster", "section"}:
        raster = raster_layer(data, at, upright=reader == "section")
        return _Content(rasters=(raster,), end=raster.end)
    if reader == "maximum":
        return _maximum(data, at)
    if reader in _TABLES:
        contents = _TABLES[reader](Words(data, head))
        return _Content(contents=contents, end=contents.end, oddities=contents.oddities, unproven=contents.unproven)
    left = len(data) - at
    if reader == "spd":
        return _Content(oddities=(Oddity("radar.odd.not_understood", byte=at, bytes=left),))
    return _Content(oddities=(Oddity("radar.odd.data_not_read", byte=at, bytes=left, product=head.kind.name),))


def _elevation(head: ProductHeader) -> float:
    """Return the elevation among the parameters, NaN for products without one."""
    if ("f", "elevation_deg") not in head.kind.parameters:
        return math.nan
    elevation = head.parameters["elevation_deg"]
    if not isinstance(elevation, float) or not abs(elevation) <= 90:
        raise DamageError("bad_angle", head.parameters_at, value=f"{elevation}")
    return round(elevation, 4)


def _layers(data: bytes, head: ProductHeader) -> _Content:
    """Read a CAPPI: one radial layer per height. Only of a single layer the height is known."""
    count, top, bottom = (head.parameters[key] for key in ("layers", "top_m", "bottom_m"))
    if not isinstance(count, int) or not 1 <= count <= MOST_LAYERS:
        raise DamageError("bad_layer_count", head.parameters_at, layers=count, limit=MOST_LAYERS)
    height_m = float(top) if count == 1 and isinstance(top, int) and top == bottom else math.nan
    layers: list[RadialLayer] = []
    at, room = head.data_at, MOST_CELLS
    for _ in range(count):
        layers.append(radial_layer(data, at, height_m=height_m, room=room))
        at = layers[-1].end
        room -= layers[-1].radial.codes.size
    odd = () if math.isfinite(height_m) else (Oddity("radar.odd.layer_heights", layers=count, top=top, bottom=bottom),)
    return _Content(radials=tuple(layers), end=at, oddities=odd, unproven="layers" if odd else "")


def _maximum(data: bytes, at: int) -> _Content:
    """Read a MAX: the map, the section seen from the south, and the one whose columns nobody knows."""
    room, rasters = MOST_CELLS, []
    for upright in (False, True, True):
        rasters.append(raster_layer(data, at, upright=upright, room=room))
        at = rasters[-1].end
        room -= rasters[-1].raster.codes.size
    return _Content(rasters=tuple(rasters), end=at, oddities=(Oddity("radar.odd.section_order"),))


def _product(head: ProductHeader, content: _Content, size: int) -> Product:
    layers: tuple[RadialLayer | RasterLayer, ...] = (*content.radials, *content.rasters)
    coding = layers[0].coding if layers else None
    role, oddities = head.kind.role, [*head.oddities]
    if coding is not None:
        meant = name_meant(head.name)
        if meant not in {None, coding.name}:
            oddities.append(Oddity("radar.odd.product_name", name=head.name, data=coding.name))
        if head.kind.data_types and coding.data_type not in head.kind.data_types:
            oddities.append(Oddity("radar.odd.product_data", product=head.kind.name, data=coding.name))
            role = Role.OTHER
    oddities += [odd for layer in layers for odd in layer.oddities]
    oddities += content.oddities
    if content.end is not None and size > content.end:
        oddities.append(Oddity("radar.odd.trailing", byte=content.end, bytes=size - content.end))
    extra = {} if content.contents is None else content.contents.parameters
    tables = () if content.contents is None else content.contents.tables
    return Product(
        format=NAME,
        layout=f"standard.{head.code}" + (f".{content.unproven}" if content.unproven else ""),
        site=head.site,
        started_at=head.started_at,
        code=head.code,
        name=head.kind.name,
        role=role,
        unit="" if coding is None else coding.unit,
        rasters=tuple(layer.raster for layer in content.rasters),
        radials=tuple(layer.radial for layer in content.radials),
        tables=tables,
        parameters={**head.parameters, **extra},
        range_m=_range_m(head, content),
        maximum=math.nan if coding is None else coding.maximum,
        oddities=tuple(dict.fromkeys(oddities)),
    )


def _range_m(head: ProductHeader, content: _Content) -> float:
    """Return how far the product reaches: its rays, the corners of its raster within the beams' range, or as it says."""
    if content.radials:
        radial = content.radials[0].radial
        return float(radial.start_m + radial.codes.shape[1] * radial.gate_m)
    if content.rasters and not content.rasters[0].raster.upright:
        raster = content.rasters[0].raster
        rows, columns = raster.codes.shape
        corner_m = math.hypot(rows * raster.row_m, columns * raster.cell_m) / 2
        return corner_m if math.isnan(head.beam_range_m) else min(corner_m, head.beam_range_m)
    said = head.parameters.get("max_range_m")
    return float(said) if isinstance(said, int) and said > 0 else math.nan

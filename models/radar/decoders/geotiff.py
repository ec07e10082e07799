"""GeoTIFF mosaics, by rasterio: this house's own, the Finnish kind, and others that say their time.

The archived rain sums of this house are GeoTIFF too; the feed takes them by another door
(`models.rain.sum_grid`).
"""

from __future__ import annotations

import math
from typing import Any
from xml.etree.ElementTree import ParseError

import numpy as np
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from models.radar.layouts.grid_values import graded, role_of, unit_of
from models.radar.layouts.name_time import known_time, stated_time
from models.radar.layouts.odim_grid import number_of
from models.radar.layouts.raster_file import band, bounded, north_up, opened, place
from models.radar.oddity import Oddity
from models.radar.product import Cell, Grid, Role

NAME = "GeoTIFF"

_MAGIC = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
_MOST_QUALITY = 4
_ROLES = {"cr": Role.COMPOSITE, "hybrid": Role.COMPOSITE, "et": Role.ECHO_TOP, "vil": Role.VIL, "rain_sum": Role.RAIN}
_SHOWN = ("product", "sources", "missing", "minutes")


def recognizes(head: bytes, size: int) -> bool:
    """Return whether the file starts as TIFF or BigTIFF."""
    return size >= 4 and head[:4] in _MAGIC


def decode(data: bytes, name: str) -> Grid:
    """Return the grid in a GeoTIFF.

    The first band is the field; further bands of the same size come with it as quality fields,
    by their descriptions. Gain, offset, nodata and undetect are those of the tags, else of the band.

    Parameters
    ----------
    data : bytes
        The whole file.
    name : str
        What errors call it.

    Raises
    ------
    DataError
        ``radar.grid_unplaced``, ``radar.grid_no_time``, ``radar.grid_too_large``, ``radar.foreign_damaged``.
    """
    oddities: list[Oddity] = []
    with opened(data, "GTiff", name) as file:
        tags = _tags(file)
        bounded(file, name, bands=min(file.count, _MOST_QUALITY + 1), cell_bytes=1 if file.count == 1 else 4)
        crs, transform = place(file, name)
        at = known_time(_time(tags), name, oddities)
        stored = band(file, 1, name)
        gain, offset = number_of(tags.get("gain", "")), number_of(tags.get("offset", ""))
        undetect = number_of(tags.get("undetect", tags.get("no_echo", "")))
        nodata = number_of(tags.get("nodata", ""))
        unit, factor = unit_of(tags.get("unit", "") or str(file.units[0] or ""))
        codes, levels = graded(
            stored,
            gain=(float(file.scales[0]) if gain is None else gain) * factor,
            offset=(float(file.offsets[0]) if offset is None else offset) * factor,
            undetect=undetect,
            nodata=file.nodatavals[0] if nodata is None else nodata,
        )
        codes, turned = north_up(codes, transform)
        quality = {}
        for number in range(2, min(file.count, _MOST_QUALITY + 1) + 1):
            key = str(file.descriptions[number - 1] or f"band {number}")
            values = band(file, number, name).astype(np.float32)
            quality[key], _ = north_up(values, transform)
        if file.count > _MOST_QUALITY + 1:
            oddities.append(Oddity("radar.odd.other_fields", count=file.count - _MOST_QUALITY - 1))
    product = tags.get("product", "") or tags.get("quantity", "")
    height = number_of(product.removeprefix("cappi:")) if product.startswith("cappi:") else None
    return Grid(
        format=NAME,
        layout="geotiff",
        started_at=at,
        name=product,
        role=Role.CAPPI if height is not None else _ROLES.get(product, role_of(unit, product)),
        unit=unit,
        codes=codes[np.newaxis],
        levels=levels,
        crs=crs,
        transform=turned,
        heights_m=(math.nan if height is None else height,),
        quality=quality,
        parameters=_parameters(tags),
        oddities=tuple(oddities),
    )


def _tags(file: Any) -> dict[str, str]:
    """Return the tags by lower-case name: the plain ones, and the items of a GDAL_METADATA text among them."""
    plain = {str(key).lower(): str(value) for key, value in file.tags().items()}
    text = plain.pop("gdal_metadata", "")
    if text and len(text) < 100_000:
        try:
            items = list(fromstring(text.strip("\x00 \n")).iter("Item"))
        except (ParseError, DefusedXmlException, ValueError):
            items = []
        for item in items:
            key = str(item.get("name", "")).strip().lower()
            plain.setdefault(key, (item.text or "").strip())
            if item.get("unit"):
                plain.setdefault("unit", str(item.get("unit")).strip())
    return plain


def _time(tags: dict[str, str]) -> Any:
    for key in ("time", "observation time", "valid_time", "obstime"):
        at = stated_time(tags.get(key, ""))
        if at is not None:
            return at
    return None


def _parameters(tags: dict[str, str]) -> dict[str, Cell]:
    return {key: tags[key][:4000] for key in _SHOWN if tags.get(key)}

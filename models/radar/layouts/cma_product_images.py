"""Radial layers and rasters of standard products, each with the coding its own header names."""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.radar.layouts.cma_header import gate_m
from models.radar.layouts.cma_product_kinds import DATA_TYPES, HEIGHT, RAIN
from models.radar.layouts.cma_radials import DamageError
from models.radar.oddity import Oddity
from models.radar.product import Levels, Radial, Raster, linear_levels
from models.radar.volume import CodeArray

MOST_SIDE = 8192
MOST_RAYS = 100_000
MOST_CELLS = 25_000_000
"""Of all layers of one product; the largest known has 1.8 million in one."""

_HEADER_BYTES, _RAY_BYTES = 64, 32
_NOT_SCANNED, _FIRST_VALID = 2, 5
_TOP_FLAG = 255
_HUNDREDTHS = 32_768


@dataclass(frozen=True, slots=True)
class Coding:
    """What the codes of one layer mean: ``value = (code - offset) / scale``, codes below 5 are no value.

    ``maximum_code`` is the highest code the header states.
    """

    data_type: int
    scale: int
    offset: int
    width: int
    maximum_code: int
    byte: int

    @property
    def name(self) -> str:
        return DATA_TYPES.get(self.data_type, (f"type {self.data_type}", "?"))[0]

    @property
    def unit(self) -> str:
        return DATA_TYPES.get(self.data_type, ("", "?"))[1]

    @property
    def maximum(self) -> float:
        """The stated maximum in the unit, NaN where none is stated."""
        known = self.maximum_code >= _FIRST_VALID
        return (self.maximum_code - self.offset) / self.scale if known else math.nan

    def levels(self) -> Levels:
        """Return the value of every code: rain below 0 is missing, an echo top of 25.5 steps is a flag."""
        out = linear_levels(256 if self.width == 1 else 65_536, self.scale, self.offset, first_valid=_FIRST_VALID)
        if self.data_type == RAIN:
            out[_FIRST_VALID:][out[_FIRST_VALID:] < 0] = np.nan
        if self._has_flag:
            out[_TOP_FLAG] = np.nan
        return out

    def oddities(self, codes: CodeArray) -> list[Oddity]:
        """Say what is strange about the codes of a layer."""
        out: list[Oddity] = []
        if self.data_type not in DATA_TYPES:
            out.append(Oddity("radar.odd.data_type", byte=self.byte, kind=self.data_type))
        highest = int(codes.max())
        if self.maximum_code >= _FIRST_VALID and highest != self.maximum_code:
            shown = f"{(highest - self.offset) / self.scale:g}" if highest >= _FIRST_VALID else "-"
            out.append(Oddity("radar.odd.stated_maximum", maximum=f"{self.maximum:g}", shown=shown, unit=self.unit))
        if self._has_flag and highest == _TOP_FLAG:
            out.append(Oddity("radar.odd.top_flag", cells=int(np.count_nonzero(codes == _TOP_FLAG))))
        return out

    @property
    def _has_flag(self) -> bool:
        return self.data_type == HEIGHT and self.width == 1


@dataclass(frozen=True, slots=True, eq=False)
class RadialLayer:
    """One radial layer as read: ``end`` is the byte after it."""

    radial: Radial
    coding: Coding
    end: int
    oddities: tuple[Oddity, ...]


@dataclass(frozen=True, slots=True, eq=False)
class RasterLayer:
    """One raster as read: ``end`` is the byte after it."""

    raster: Raster
    coding: Coding
    end: int
    oddities: tuple[Oddity, ...]


def radial_layer(
    data: bytes, at: int, *, elevation_deg: float = math.nan, height_m: float = math.nan, room: int = MOST_CELLS
) -> RadialLayer:
    """Return the radial layer that starts at a byte.

    Parameters
    ----------
    data : bytes
        The whole file.
    at : int
        Byte of the layer's header.
    elevation_deg, height_m : float
        Of the layer, as the product's parameters say; NaN where they do not.
    room : int
        How many cells the product may still hold.

    Raises
    ------
    DamageError
        ``cut_off``, ``bad_coding``, ``bad_image_size``, ``bad_image_scale``, ``bad_bins``,
        ``bad_angle``, ``too_many_cells``.

    Notes
    -----
    Rays start at their azimuth and are as wide as they say; gate i reaches from
    ``start + i gate`` to ``start + (i + 1) gate``. Both were proven by the place of the
    minimum that the header states (exact in all 16 layers at hand). Of an uneven layer
    the missing gates are "not scanned".
    """
    coding = _coding(data, at)
    word, start_m, _reach, rays = struct.unpack_from("<4i", data, at + 16)
    if not 1 <= rays <= MOST_RAYS:
        raise DamageError("bad_image_size", at + 28, rows=rays, columns=0, limit=MOST_RAYS)
    length_m = gate_m(word)
    if not length_m:
        raise DamageError("bad_image_scale", at + 16, meters=word)
    if not -10_000 <= start_m <= 500_000:
        raise DamageError("bad_image_scale", at + 20, meters=start_m)
    azimuth, width, codes, end = _rays(data, at + _HEADER_BYTES, rays, coding.width, room)
    oddities = coding.oddities(codes)
    if word >= _HUNDREDTHS:
        oddities.append(Oddity("radar.odd.gate_hundredths", word=word, gate_m=f"{length_m:g}"))
    radial = Radial(
        name=coding.name,
        unit=coding.unit,
        codes=codes,
        levels=coding.levels(),
        azimuth_deg=np.mod(azimuth, np.float32(360)),
        width_deg=width,
        gate_m=length_m,
        start_m=float(start_m),
        elevation_deg=elevation_deg,
        height_m=height_m,
    )
    return RadialLayer(radial, coding, end, tuple(oddities))


def raster_layer(data: bytes, at: int, *, upright: bool = False, room: int = MOST_CELLS) -> RasterLayer:
    """Return the raster that starts at a byte: row 0 north or, of a section, the top.

    Parameters
    ----------
    data : bytes
        The whole file.
    at : int
        Byte of the raster's header.
    upright : bool
        Whether it is a section, whose rows are heights.
    room : int
        How many cells the product may still hold.

    Raises
    ------
    DamageError
        ``cut_off``, ``bad_coding``, ``bad_image_size``, ``bad_image_scale``, ``too_many_cells``.
    """
    coding = _coding(data, at)
    row_m, cell_m, rows, columns = struct.unpack_from("<4i", data, at + 16)
    if not (1 <= rows <= MOST_SIDE and 1 <= columns <= MOST_SIDE):
        raise DamageError("bad_image_size", at + 24, rows=rows, columns=columns, limit=MOST_SIDE)
    for where, meters in ((at + 16, row_m), (at + 20, cell_m)):
        if not 1 <= meters <= 100_000:
            raise DamageError("bad_image_scale", where, meters=meters)
    _fits(at + 24, rows * columns, room)
    begin = at + _HEADER_BYTES
    end = begin + rows * columns * coding.width
    if len(data) < end:
        raise DamageError("cut_off", len(data), expected=end)
    codes: Any = np.frombuffer(data, _dtype(coding.width), rows * columns, begin).reshape(rows, columns)
    codes = codes.astype(codes.dtype.newbyteorder("="))
    raster = Raster(
        coding.name, coding.unit, codes, coding.levels(), cell_m=float(cell_m), row_m=float(row_m), upright=upright
    )
    return RasterLayer(raster, coding, end, tuple(coding.oddities(codes)))


def _coding(data: bytes, at: int) -> Coding:
    if len(data) < at + _HEADER_BYTES:
        raise DamageError("cut_off", len(data), expected=at + _HEADER_BYTES)
    data_type, scale, offset, width = struct.unpack_from("<3ih", data, at)
    (maximum,) = struct.unpack_from("<i", data, at + 32)
    if scale <= 0 or width not in (1, 2):
        raise DamageError("bad_coding", at + 4, scale=scale, width=width)
    return Coding(data_type, scale, offset, width, maximum if maximum < 256**width else 0, at)


def _dtype(width: int) -> np.dtype[Any]:
    return np.dtype("<u1" if width == 1 else "<u2")


def _fits(byte: int, cells: int, room: int) -> None:
    if cells > room:
        raise DamageError("too_many_cells", byte, limit=MOST_CELLS)


def _rays(
    data: bytes, at: int, rays: int, width: int, room: int
) -> tuple[NDArray[np.float32], NDArray[np.float32], CodeArray, int]:
    """Return azimuths, widths, codes (rays, bins) and the byte after the last ray."""
    bins = _bins(data, at, width)
    stride = _RAY_BYTES + bins * width
    _fits(at, rays * bins, room)
    if len(data) >= at + rays * stride:
        table = np.ndarray((rays,), _ray(bins, width), data, at)
        if (table["bins"] == bins).all():
            _check_angles(table["azimuth"], table["width"], at + np.arange(rays) * stride)
            codes: Any = table["codes"]
            codes = codes.astype(codes.dtype.newbyteorder("="), order="C")
            return table["azimuth"].astype(np.float32), table["width"].astype(np.float32), codes, at + rays * stride
    return _uneven_rays(data, at, rays, width, room)


def _uneven_rays(
    data: bytes, at: int, rays: int, width: int, room: int
) -> tuple[NDArray[np.float32], NDArray[np.float32], CodeArray, int]:
    """Walk rays of different length, and fill the short ones up with "not scanned"."""
    starts, counts = [], []
    for _ in range(rays):
        starts.append(at)
        counts.append(_bins(data, at, width))
        at += _RAY_BYTES + counts[-1] * width
    _fits(starts[0], rays * max(counts), room)
    angles = np.array([struct.unpack_from("<2f", data, start) for start in starts], np.float32)
    _check_angles(angles[:, 0], angles[:, 1], starts)
    codes: Any = np.full((rays, max(counts)), _NOT_SCANNED, np.uint8 if width == 1 else np.uint16)
    for row, (start, count) in enumerate(zip(starts, counts, strict=True)):
        codes[row, :count] = np.frombuffer(data, _dtype(width), count, start + _RAY_BYTES)
    return angles[:, 0].copy(), angles[:, 1].copy(), codes, at


def _ray(bins: int, width: int) -> np.dtype[Any]:
    return np.dtype(
        {
            "names": ["azimuth", "width", "bins", "codes"],
            "formats": ["<f4", "<f4", "<i4", (_dtype(width), (bins,))],
            "offsets": [0, 4, 8, _RAY_BYTES],
            "itemsize": _RAY_BYTES + bins * width,
        }
    )


def _bins(data: bytes, at: int, width: int) -> int:
    """Return how many gates the ray at a byte has, all of them within the file."""
    if len(data) < at + _RAY_BYTES:
        raise DamageError("cut_off", len(data), expected=at + _RAY_BYTES)
    (bins,) = struct.unpack_from("<i", data, at + 8)
    if not 1 <= bins <= MOST_SIDE:
        raise DamageError("bad_bins", at + 8, bins=bins, limit=MOST_SIDE)
    if len(data) < at + _RAY_BYTES + bins * width:
        raise DamageError("cut_off", len(data), expected=at + _RAY_BYTES + bins * width)
    return int(bins)


def _check_angles(azimuth: NDArray[Any], width: NDArray[Any], starts: Sequence[int] | NDArray[np.intp]) -> None:
    """Refuse azimuths and widths that no ray has; NaN is none either."""
    for offset, values, good in (
        (0, azimuth, (azimuth >= -1) & (azimuth <= 361)),
        (4, width, (width > 0) & (width <= 360)),
    ):
        if not good.all():
            row = int(good.argmin())
            raise DamageError("bad_angle", int(starts[row]) + offset, value=f"{values[row]:g}")

"""A frame of the mosaic as a cloud-optimized GeoTIFF that QGIS opens with its colors, and the style that goes with it.

QGIS 3.22 matches a palette against values *after* scale and offset, so a file that has both
is painted wrong (tried: gaps and black). The band therefore keeps bare codes without
GDAL's scale and offset; what they mean stands in the tags and in the style.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import quoteattr

import numpy as np
from numpy.typing import NDArray
from rasterio.io import MemoryFile

from models.grid import GridArea
from models.radar.footprint import Source
from models.radar.mosaic import Absent, Mosaic
from models.radar.mosaic_file import missing_text, sources_text, transform_of, whole_file
from models.radar.quantity import FIRST_ECHO, NO_ECHO, NOT_SEEN, Quantity

BLOCK_CELLS = 256
UNSEEN_COLOR = (208, 208, 208)
"""For programs that do not know the file's "no data": not seen is not the same as no echo."""

_PAPER = (255, 255, 255)


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """What is kept of a mosaic: ``codes`` (rows, columns) uint8 of a quantity, from when, and of whom."""

    at: datetime
    area: GridArea
    quantity: Quantity
    codes: NDArray[np.uint8]
    sources: tuple[Source, ...]
    absent: tuple[Absent, ...]

    @classmethod
    def of(cls, mosaic: Mosaic) -> Frame:
        """Return a mosaic without its heights and sources per cell, which a frame does not keep."""
        return cls(mosaic.at, mosaic.area, mosaic.quantity, mosaic.codes, mosaic.sources, mosaic.absent)


def frame_bytes(frame: Frame, rgba: NDArray[np.uint8]) -> bytes:
    """Return a frame as a cloud-optimized GeoTIFF: one uint8 band of codes in Web Mercator (EPSG:3857).

    Tiles of 256 x 256 by deflate, overviews of every second cell (codes have no mean),
    "no data" is code 0, not seen. The color table has no opacity, as TIFF knows none:
    codes that the map leaves transparent are white. Tags: ``PRODUCT`` ``UNIT`` ``TIME``
    ``SOURCES`` ``MISSING`` as in a mosaic's file; ``VALUE_SCALE`` and ``VALUE_OFFSET``
    (value = scale x code + offset from code ``FIRST_CODE`` on), ``NO_ECHO_CODE``.

    Parameters
    ----------
    frame : Frame
        What to write.
    rgba : (256, 4) uint8
        Color and opacity of each code.

    Notes
    -----
    GDAL's driver holds Python's lock meanwhile (20 ms for a million cells): a job for a
    worker process, not for a thread beside a window.
    """
    rows, columns = frame.area.shape
    quantity = frame.quantity
    with MemoryFile() as memory:
        with memory.open(
            driver="COG",
            width=columns,
            height=rows,
            count=1,
            dtype="uint8",
            crs="EPSG:3857",
            transform=transform_of(frame.area),
            nodata=NOT_SEEN,
            compress="DEFLATE",
            blocksize=BLOCK_CELLS,
            overview_resampling="NEAREST",
            num_threads=1,
        ) as file:
            file.write(frame.codes, 1)
            file.write_colormap(1, palette(rgba))
            file.set_band_description(1, f"{quantity.word}, codes")
            file.update_tags(
                PRODUCT=quantity.word,
                UNIT=quantity.unit,
                TIME=frame.at.isoformat(),
                SOURCES=sources_text(frame.sources),
                MISSING=missing_text(frame.absent),
                VALUE_SCALE=str(quantity.step),
                VALUE_OFFSET=str(quantity.offset),
                FIRST_CODE=str(FIRST_ECHO),
                NO_ECHO_CODE=str(NO_ECHO),
            )
        return bytes(memory.getbuffer())


def write_frame(data: bytes, path: Path) -> None:
    """Write a frame's bytes, whole or not at all; returns once they are on the disk.

    Raises
    ------
    DataError
        ``radar.mosaic_not_written``.
    """
    with whole_file(path) as part:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(data)


def palette(rgba: NDArray[np.uint8]) -> dict[int, tuple[int, int, int, int]]:
    """Return (256, 4) uint8 colors as GDAL's color table: opaque, white where they are transparent."""
    colors = np.where(rgba[:, 3:] > 0, rgba[:, :3], np.array(_PAPER, np.uint8)).tolist()
    table = {code: (red, green, blue, 255) for code, (red, green, blue) in enumerate(colors)}
    return table | {NOT_SEEN: (*UNSEEN_COLOR, 0)}


def qgis_style(quantity: Quantity, rgba: NDArray[np.uint8]) -> str:
    """Return a style file of QGIS (``.qml``) for frames: the map's opacity, and a legend in the quantity's unit.

    Runs of codes with one color are one class, named by the value of its first code.
    """
    first = np.flatnonzero(np.any(np.diff(rgba, axis=0) != 0, axis=1)) + 1
    starts = [int(code) for code in first if code >= FIRST_ECHO and rgba[code, 3] > 0]
    ends = [*(int(code) for code in first), 256]
    items = []
    for start in starts:
        end = next(code for code in ends if code > start) - 1
        red, green, blue, alpha = (int(part) for part in rgba[start])
        label = f"{quantity.offset + quantity.step * start:g} {quantity.unit}"
        color = f"#{red:02x}{green:02x}{blue:02x}"
        items.append(f'<item value="{end}" label={quoteattr(label)} color="{color}" alpha="{alpha}"/>')
    if starts:
        items.insert(0, f'<item value="{starts[0] - 1}" label="" color="#ffffff" alpha="0"/>')
    return _QML.format(items="\n     ".join(items))


_QML = """<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22" styleCategories="Symbology">
 <pipe>
  <rasterrenderer type="singlebandpseudocolor" band="1" opacity="1" alphaBand="-1" classificationMin="0" classificationMax="255">
   <rastershader>
    <colorrampshader colorRampType="DISCRETE" classificationMode="1" clip="0">
     {items}
    </colorrampshader>
   </rastershader>
  </rasterrenderer>
 </pipe>
</qgis>
"""

"""What the radar picture says under the cursor, and what is to be known of the files it is made of."""

from __future__ import annotations

import math
from datetime import datetime

import numpy as np
from PySide6.QtCore import QCoreApplication

from app.radar.radar_desk import RadarDesk
from models.geodesy import to_mercator
from models.radar.called import called
from models.radar.footprint import HEIGHT_STEP_M, HEIGHT_UNKNOWN
from models.radar.mosaic import Mosaic
from models.radar.ppi import PpiSweep
from models.radar.proven import is_unproven
from models.radar.rain_rate import zr
from widgets import radar_words
from widgets.map.read_out import CursorFacts

MOST_NAMES = 6


def of_mosaic(mosaic: Mosaic | None, lon_deg: float, lat_deg: float, place: str, now: datetime) -> CursorFacts:
    """Return what a frame says of a place, read from its own cell."""
    if mosaic is None:
        return CursorFacts(lon_deg, lat_deg, place)
    what, unit = radar_words.value_of(mosaic.quantity), mosaic.quantity.unit
    x, y = to_mercator(np.array([lon_deg]), np.array([lat_deg]))
    row, column = (int(v[0]) for v in mosaic.area.cells_of(x, y))
    if row < 0:
        return CursorFacts(lon_deg, lat_deg, place, what=what, unit=unit)
    value = float(mosaic.quantity.decode(mosaic.codes[row : row + 1, column])[0])
    index, height = int(mosaic.source[row, column]), int(mosaic.heights[row, column])
    source = mosaic.sources[index - 1] if index else None
    at = source.at if source else mosaic.at
    return CursorFacts(
        lon_deg,
        lat_deg,
        place,
        value,
        _rain(value) if unit == "dBZ" else math.nan,
        called(source.name, source.code) if source else "",
        at,
        now - at,
        height_m=math.nan if height == HEIGHT_UNKNOWN else height * HEIGHT_STEP_M,
        radars=None if mosaic.count is None else int(mosaic.count[row, column]),
        what=what,
        unit=unit,
    )


def of_sweep(sweep: PpiSweep, lon_deg: float, lat_deg: float, place: str, now: datetime) -> CursorFacts:
    """Return what one sweep says of a place: the gate it lies in."""
    value, height_m = sweep.value_at(lon_deg, lat_deg)
    return CursorFacts(
        lon_deg,
        lat_deg,
        place,
        value,
        _rain(value) if sweep.unit == "dBZ" else math.nan,
        called(sweep.site.name, sweep.site.code),
        sweep.at,
        now - sweep.at,
        height_m=math.nan if math.isnan(value) else height_m,
        what=radar_words.moment(sweep.moment),
        unit=sweep.unit,
    )


def note_of_mosaic(radar: RadarDesk) -> str:
    """Return which radars of the frame on the map are incomplete or of an unproven layout, a line each."""
    lines = []
    if radar.incomplete:
        said = QCoreApplication.translate("RadarShowing", "Incomplete, only whole cuts are in the picture: {names}")
        lines.append(said.format(names=_some(radar.incomplete)))
    if radar.unproven:
        said = QCoreApplication.translate("RadarShowing", "Unproven layout, compare with another source: {names}")
        lines.append(said.format(names=_some(radar.unproven)))
    return "\n".join(lines)


def _some(names: tuple[str, ...]) -> str:
    """Return names in a row; of a whole network the first few, and how many they are."""
    row = QCoreApplication.translate("TitleCard", ", ").join(names[:MOST_NAMES])
    return row if len(names) <= MOST_NAMES else f"{row} … ({len(names)})"


def note_of_sweep(sweep: PpiSweep) -> str:
    """Return what is to be known of a single radar's sweep, empty if nothing is."""
    if not is_unproven(sweep.layout):
        return ""
    return QCoreApplication.translate("RadarShowing", "Unproven layout: no real file of this kind was ever at hand")


def _rain(dbz: float) -> float:
    return math.nan if math.isnan(dbz) else float(zr(np.array([dbz], np.float32))[0])

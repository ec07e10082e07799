"""The wind profile (VWP) of a legacy PUP product: barbs on a drawn grid of times and heights."""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence
from datetime import datetime, timedelta

from models.radar.layouts.cma_radials import DamageError
from models.radar.layouts.pup_packets import Label, Packet
from models.radar.layouts.pup_tables import labels
from models.radar.product import Cell, Levels, Table

BARB = 4
KNOT_MS = 1852 / 3600

_TIME_Y, _HEIGHT_X = 490, 21
_BARB_RIGHT, _BARB_UP, _NO_DATA_RIGHT = 14, 4, 7
_REACH = 4  # how far, in points of the drawing, a mark may stand from its place
_ROUNDING_M = 60
_MOST_PLACES = 128  # of either axis; real ones have 11 and 30
_CLASSES = range(1, 6)


def wind_table(
    data: bytes, packets: Sequence[Packet], pages: list[list[str]], classes: Levels, volume_at: datetime
) -> tuple[Table, int]:
    """Return the wind by time and height, and how many marks stand at no time or height.

    Parameters
    ----------
    data : bytes
        The product.
    packets : sequence of Packet
        Of its symbology block.
    pages : list of lists of lines
        Of its tabular block: the exact heights stand there.
    classes : (16,) float32
        Thresholds of the header, knots: the class of a barb's error is its color.
    volume_at : datetime
        The product's volume time; the times drawn are the last ones before it.

    Returns
    -------
    Table, int
        Rows of one time follow each other, the newest time first and the lowest height
        first; ``direction_deg`` is where the wind comes from, ``rms_from_ms`` the lower
        end of the error's class; the three are None where the radar had no data (``ND``).

    Raises
    ------
    DamageError
        ``bad_packet`` for a barb that is too short, ``bad_barb`` for an impossible wind.
    """
    texts = labels(data, packets)
    times = {text.x: _time(text.text, volume_at) for text in texts if text.y == _TIME_Y and _is_time(text.text)}
    heights = _heights([text for text in texts if text.x == _HEIGHT_X], pages)
    if max(len(times), len(heights)) > _MOST_PLACES:
        raise DamageError("bad_packet", packets[0].at)
    cells: dict[tuple[int, int], tuple[Cell, Cell, Cell]] = {}
    strange = 0
    for packet in packets:
        if packet.code != BARB:
            continue
        color, x, y, direction, speed = _barb(data, packet)
        place = _nearest(times, x - _BARB_RIGHT), _nearest(heights, y - _BARB_UP)
        if place[0] is None or place[1] is None:
            strange += 1
            continue
        rms = float(classes[color]) * KNOT_MS if color in _CLASSES else None
        cells[place[0], place[1]] = (direction, round(speed * KNOT_MS, 2), None if rms is None else round(rms, 2))
    for text in texts:
        if text.text.strip() != "ND":
            continue
        place = _nearest(times, text.x - _NO_DATA_RIGHT), _nearest(heights, text.y)
        if place[0] is None or place[1] is None:
            strange += 1
            continue
        cells.setdefault((place[0], place[1]), (None, None, None))
    order = sorted(cells, key=lambda place: (-times[place[0]].timestamp(), heights[place[1]]))
    rows = tuple((f"{times[x]:%Y-%m-%dT%H:%MZ}", heights[y], *cells[x, y]) for x, y in order)
    return Table("wind", ("at_utc", "height_m", "direction_deg", "speed_ms", "rms_from_ms"), rows), strange


def _barb(data: bytes, packet: Packet) -> tuple[int, int, int, int, int]:
    if packet.end - packet.at < 14:
        raise DamageError("bad_packet", packet.at)
    color, x, y, direction, speed = struct.unpack_from(">5h", data, packet.at + 4)
    if not (0 <= direction <= 360 and 0 <= speed <= 400):
        raise DamageError("bad_barb", packet.at, direction=direction, speed=speed)
    return color, x, y, direction, speed


def _is_time(text: str) -> bool:
    return re.fullmatch(r"\s*([01]\d|2[0-3])[0-5]\d\s*", text) is not None


def _time(text: str, volume_at: datetime) -> datetime:
    """Return the last moment of that hour and minute that is not after the volume (but for a minute's rounding)."""
    hour, minute = int(text.strip()[:2]), int(text.strip()[2:])
    at = volume_at.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return at if at <= volume_at + timedelta(minutes=1) else at - timedelta(days=1)


def _heights(texts: list[Label], pages: list[list[str]]) -> dict[int, float]:
    """Return the height in m of each drawn row: as drawn, in tenths of a km, or exactly where the pages list it."""
    drawn = {text.y: float(text.text) * 1000 for text in texts if re.fullmatch(r"\s*\d{1,2}\.\d\s*", text.text)}
    lines = [line for page in pages for line in page]
    heading = next((at for at, line in enumerate(lines) if "ALTITUDES SELECTED(M)" in line), len(lines))
    listed = [float(word) for line in lines[heading + 1 :] if re.fullmatch(r"[\d\s]+", line) for word in line.split()]
    ordered = sorted(drawn, key=lambda y: drawn[y])
    if len(listed) == len(ordered) and all(
        abs(exact - drawn[y]) <= _ROUNDING_M for exact, y in zip(listed, ordered, strict=True)
    ):
        return dict(zip(ordered, listed, strict=True))
    return {y: round(height, 1) for y, height in drawn.items()}


def _nearest(places: dict[int, datetime] | dict[int, float], at: int) -> int | None:
    found = min(places, key=lambda place: abs(place - at), default=None)
    return found if found is not None and abs(found - at) <= _REACH else None

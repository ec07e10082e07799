"""The tables of legacy PUP products: storms with their tracks and forecasts, and texts as they stand.

Tables are in km and m/s although the product's header is in knots and kilofeet. A line
that does not read as its neighbors do is left out and counted.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from models.radar.layouts.cma_radials import DamageError
from models.radar.layouts.pup_packets import Label, Packet, label, packets_between
from models.radar.product import Cell, Table

TEXTS = frozenset({1, 2, 8})
STORM_PACKETS = frozenset({2, 15, 23, 24})

_QUARTER_KM = 4
_AZ_RANGE = r"(\d{1,3})/\s*(\d{1,3})"
_MOVEMENT = rf"(NEW|{_AZ_RANGE})"
_STORM = re.compile(
    rf"\s*(\S{{1,3}})\s+{_AZ_RANGE}\s+(\S+)\s+(\S+)\s+(UNKNOWN|(\d{{1,3}})/\s*(\d{{1,3}})/\s*([<>]?\s*[\d.]+))"
    rf"\s+(\d{{1,4}})\s+(\d{{1,4}})\s+([\d.]+)\s+([\d.]+)\s+{_MOVEMENT}\s*"
)
_FORECAST = re.compile(
    rf"\s*(\S{{1,3}})\s+{_AZ_RANGE}\s+{_MOVEMENT}" + rf"\s+(?:NO DATA|{_AZ_RANGE})" * 4 + r"\s+([\d.]+)/\s*([\d.]+)\s*"
)
_FORECAST_HEADING = "15 MIN    30 MIN    45 MIN    60 MIN"
_MEAN_MOVEMENT = re.compile(r"AVG SPEED\s+([\d.]+)\s+MPS\s+AVG DIRECTION\s+([\d.]+)\s+DEG")
_STI_COLUMN, _STI_FIRST = 10, 10


def labels(data: bytes, packets: Sequence[Packet]) -> list[Label]:
    """Return the texts among some packets."""
    return [label(data, packet) for packet in packets if packet.code in TEXTS]


def page_table(pages: list[list[str]]) -> Table:
    """Return the lines of a tabular block as they stand, blank ones left out; pages and lines count from 1."""
    rows = tuple(
        (number, line, text.rstrip())
        for number, page in enumerate(pages, start=1)
        for line, text in enumerate(page, start=1)
        if text.strip()
    )
    return Table("pages", ("page", "line", "text"), rows)


def label_table(name: str, pages: list[list[Label]]) -> Table:
    """Return drawn texts as they stand, blank ones left out."""
    rows = tuple(
        (number, text.x, text.y, text.text.strip())
        for number, page in enumerate(pages, start=1)
        for text in page
        if text.text.strip()
    )
    return Table(name, ("page", "x", "y", "text"), rows)


def storm_table(pages: list[list[Label]]) -> tuple[Table, int]:
    """Return the storms in the graphic block of a composite, and how many lines could not be read.

    Hail size is a text: ``<1.27`` is less than the least size; None where it is unknown.
    A new storm has no movement. ``from_deg`` is where it comes from.
    """
    columns = (
        *("storm", "azimuth_deg", "range_km", "tvs", "meso", "posh_percent", "poh_percent", "hail_cm"),
        *("vil_kgm2", "max_dbz", "height_km", "top_km", "from_deg", "speed_ms"),
    )
    rows: list[tuple[Cell, ...]] = []
    left_out = 0
    for text in (one.text for page in pages for one in page):
        found = _STORM.fullmatch(text)
        if found is None:
            left_out += bool(text.strip()) and "STM ID" not in text
            continue
        (storm, azimuth, distance, tvs, meso, _, posh, poh, hail, vil, dbz, height, top, _, origin, speed) = (
            found.groups()
        )
        rows.append(
            (
                *(storm, _whole(azimuth), _whole(distance), tvs, meso),
                *(_whole(posh), _whole(poh), hail and hail.replace(" ", "")),
                *(_whole(vil), _whole(dbz), _number(height), _number(top), _whole(origin), _whole(speed)),
            )
        )
    return Table("storms", columns, tuple(rows)), left_out


def cell_table(pages: list[list[Label]]) -> tuple[Table, int]:
    """Return the storms in the graphic block of an STI product, and how many columns could not be read.

    A page holds five lines of which each ten characters belong to one storm.
    """
    columns = (
        *("storm", "azimuth_deg", "range_km", "from_deg", "speed_ms"),
        *("error_km", "mean_error_km", "max_dbz", "height_km"),
    )
    rows: list[tuple[Cell, ...]] = []
    left_out = 0
    for page in pages:
        by_title = {text.text[:_STI_FIRST].strip(): text.text[_STI_FIRST:] for text in page}
        ids = _columns(by_title.get("STORM ID", ""))
        lines = [_columns(by_title.get(title, "")) for title in ("AZ/RAN", "FCST MVT", "ERR/MEAN", "DBZM HGT")]
        for at, storm in enumerate(ids):
            place, movement, error, highest = (line[at] if at < len(line) else "" for line in lines)
            if not storm:
                continue
            numbers = (_pair(place), _pair(movement), _pair(error), _pair(highest.replace(" ", "/", 1)))
            if numbers[0] is None or (numbers[1] is None and movement != "NEW") or None in numbers[2:]:
                left_out += 1
                continue
            rows.append((storm, *(cell for pair in numbers for cell in pair or (None, None))))
    return Table("storms", columns, tuple(rows)), left_out


def forecast_table(pages: list[list[str]]) -> tuple[Table, int]:
    """Return the forecast positions in the tabular block of an STI product, and how many lines could not be read."""
    steps = (15, 30, 45, 60)
    columns = (
        *("storm", "azimuth_deg", "range_km", "from_deg", "speed_ms"),
        *(name for minutes in steps for name in (f"azimuth_{minutes}_min_deg", f"range_{minutes}_min_km")),
        *("error_km", "mean_error_km"),
    )
    rows: list[tuple[Cell, ...]] = []
    left_out = 0
    for page in pages:
        heading = next((line for line, text in enumerate(page) if _FORECAST_HEADING in text), len(page))
        for text in page[heading + 1 :]:
            found = _FORECAST.fullmatch(text)
            if found is None:
                left_out += bool(text.strip()) and "(DEG/KM)" not in text
                continue
            storm, azimuth, distance, _, origin, speed, *rest = found.groups()
            places = [_whole(value) for value in rest[:8]]
            rows.append(
                (
                    *(storm, _whole(azimuth), _whole(distance), _whole(origin), _whole(speed)),
                    *places,
                    *map(_number, rest[8:]),
                )
            )
    return Table("forecast", columns, tuple(rows)), left_out


def mean_movement(pages: list[list[str]]) -> dict[str, Cell]:
    """Return the mean speed and direction of all storms where an STI product's pages state it."""
    for text in (line for page in pages for line in page):
        found = _MEAN_MOVEMENT.search(text)
        if found:
            return {"mean_speed_ms": _number(found[1]), "mean_from_deg": _number(found[2])}
    return {}


def track_table(data: bytes, packets: Sequence[Packet]) -> Table:
    """Return where each storm is, was and may be, from the symbols of an STI product.

    ``step`` is 0 now, -1, -2 ... back in time (a volume each), 1, 2 ... ahead (a forecast
    step each); places are km east and north of the radar, and the same as azimuth and range.
    A storm that hardly moves has a circle (packet 25) round its place instead of a forecast,
    and so no step ahead.

    Raises
    ------
    DamageError
        ``bad_packet`` where a track stands before any storm, or holds what is no track.
    """
    columns = ("storm", "step", "x_km", "y_km", "azimuth_deg", "range_km")
    rows: list[tuple[Cell, ...]] = []
    storm = ""
    for packet in packets:
        if packet.code == 15:
            now = label(data, packet)
            storm = now.text.strip()
            rows.append((storm, 0, *_place(now)))
        elif packet.code in (23, 24):
            if not storm:
                raise DamageError("bad_packet", packet.at)
            sign = -1 if packet.code == 23 else 1
            marks = labels(data, packets_between(data, packet.at + 4, packet.end))
            rows += [(storm, sign * step, *_place(mark)) for step, mark in enumerate(marks, start=1)]
    return Table("tracks", columns, tuple(rows))


def _place(mark: Label) -> tuple[float, float, float, float]:
    """Return km east and north, azimuth in degrees and range in km of a mark in quarter kilometers."""
    east, north = mark.x / _QUARTER_KM, mark.y / _QUARTER_KM
    return east, north, round(math.degrees(math.atan2(east, north)) % 360, 1), round(math.hypot(east, north), 1)


def _columns(text: str) -> list[str]:
    return [text[at : at + _STI_COLUMN].strip() for at in range(0, len(text), _STI_COLUMN)]


def _pair(text: str) -> tuple[float, float] | None:
    found = re.fullmatch(r"\s*([\d.]+)\s*/\s*([\d.]+)\s*", text)
    if found is None:
        return None
    first, second = _number(found[1]), _number(found[2])
    return None if first is None or second is None else (first, second)


def _whole(text: str | None) -> int | None:
    return None if text is None else int(text)


def _number(text: str) -> float | None:
    """Return a number; None where several points stand in it."""
    return float(text) if re.fullmatch(r"\d+\.?\d*|\.\d+", text) else None

"""`fengsui radar section`: what several radars together see above a line, as a PNG and as a CSV."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

import numpy as np
import typer

from app.commands.radar_fields import stacks_of
from app.commands.radar_picture import make_ready, phrase, save, times
from layers.radar_chart import ChartFacts, chart_of_section
from models.geodesy import mercator_scale
from models.grid import GridArea
from models.radar.mosaic_file import whole_file
from models.radar.quantity import CR, NO_ECHO, NOT_SEEN
from models.radar.register import Register
from models.radar.section import Ground, Place, Section, nodes_between, place_on, section_of
from models.radar.sight.heights import heights_on
from models.radar.upright import Heights
from widgets import theme as look
from widgets.map.radar_sheet import SheetWords, sheet_of

STEP_M = 100.0
SHORTEST_M, LONGEST_M = 100.0, 2_000_000.0
_GROUND_CELL_M = 250.0
_MOST_GROUND_CELLS = 4_000_000
_BESIDE_DEG = 0.01


@dataclass(frozen=True, slots=True)
class SectionOrder:
    """What section is wanted: from place to place, up to ``top_m`` above sea level, and how it looks.

    ``dem`` are the heights of the ground, None or absent where nobody has them.
    """

    start: Place
    end: Place
    top_m: float = 15_000.0
    size: tuple[int, int] = (1200, 600)
    dark: bool = False
    language: str = "en"
    dem: Path | None = None


@dataclass(frozen=True, slots=True)
class SectionTold:
    """What to tell the operator; ``good`` is False where an input was broken or refused, or nothing is seen."""

    lines: tuple[str, ...]
    good: bool


def write_section(
    files: list[Path], order: SectionOrder, register: Register, out: Path, table: Path | None
) -> SectionTold:
    """Draw a section through the newest volume of each radar, and write its cells into a table.

    Raises
    ------
    DataError
        If no file can take part, or a file cannot be written.
    """
    taken = stacks_of(files, register)
    heights = Heights(STEP_M, max(1, round(order.top_m / STEP_M)))
    stacks = [one.stack for one in taken.current]
    section = section_of(stacks, order.start, order.end, heights=heights, ground=_ground(order))
    lines = [str(out)]
    make_ready(order.language)
    chart = chart_of_section(section, _facts(section, taken.at))
    save(
        sheet_of(
            chart,
            _words(section, chart.facts.highest, order.language),
            order.size,
            look.DARK if order.dark else look.LIGHT,
        ),
        out,
    )
    if table is not None:
        with whole_file(table) as part:
            part.write_text(table_of(section), encoding="utf-8")
        lines.append(str(table))
    lines += [phrase(order.language, "too_old", code=one.source.code, at=one.source.at) for one in taken.old]
    lines += taken.told(order.language)
    seen = bool((section.codes != NOT_SEEN).any())
    if not seen:
        lines.append(phrase(order.language, "nothing_seen"))
    return SectionTold(tuple(lines), good=seen and taken.whole)


def line_of(start: str, end: str) -> tuple[Place, Place]:
    """Return the ends of a line, each written ``LON,LAT``.

    Raises
    ------
    typer.BadParameter
        If one of them names no place, or they are nowhere near each other or the same place.
    """
    ends = _place(start, "--from"), _place(end, "--to")
    *_, length_m = nodes_between(*ends)
    if not SHORTEST_M <= length_m <= LONGEST_M:
        said = f"a line of {SHORTEST_M:g} m to {LONGEST_M / 1000:g} km"
        raise typer.BadParameter(said, param_hint="--to")
    return ends


def _place(text: str, option: str) -> Place:
    try:
        lon, lat = (float(part) for part in text.split(","))
    except ValueError as error:
        raise typer.BadParameter("two numbers LON,LAT in degrees", param_hint=option) from error
    if not (-180 <= lon <= 180 and -85 <= lat <= 85):
        raise typer.BadParameter("longitude within ±180, latitude within ±85 degrees", param_hint=option)
    return lon, lat


def table_of(section: Section) -> str:
    """Return a section as CSV, a row for each cell that some radar sees, from the start on and from below.

    Columns: ``distance_m`` from the start and ``height_m`` above sea level of the cell's middle,
    ``lon`` and ``lat`` of it, ``dbz`` (empty where the radar saw no echo) and ``radar``, whose value it is.
    A cell that is not in the table was not seen.
    """
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(("distance_m", "height_m", "lon", "lat", "dbz", "radar"))
    values, height_m = CR.decode(section.codes), section.heights.meters
    codes = [site.code for site, _ in section.radars]
    for column, away_m in enumerate(section.distance_m.tolist()):
        lon, lat = place_on(section.start, section.end, away_m / section.length_m)
        for row in np.flatnonzero(section.codes[:, column]).tolist():
            nothing = section.codes[row, column] == NO_ECHO
            dbz = "" if nothing else f"{values[row, column]:.1f}"
            radar = codes[section.source[row, column] - 1]
            rows.writerow((f"{away_m:.0f}", f"{height_m[row]:.0f}", f"{lon:.5f}", f"{lat:.5f}", dbz, radar))
    return out.getvalue()


def _ground(order: SectionOrder) -> Ground | None:
    """Return the ground round the line, None where there are no heights or the line is too long for them."""
    if order.dem is None or not order.dem.is_file():
        return None
    (lon_a, lat_a), (lon_b, lat_b) = order.start, order.end
    bounds = (min(lon_a, lon_b), min(lat_a, lat_b), max(lon_a, lon_b), max(lat_a, lat_b))
    wide = (bounds[0] - _BESIDE_DEG, bounds[1] - _BESIDE_DEG, bounds[2] + _BESIDE_DEG, bounds[3] + _BESIDE_DEG)
    area = GridArea.over(wide, _GROUND_CELL_M)
    while area.rows * area.columns > _MOST_GROUND_CELLS:
        area = GridArea.over(wide, 2 * area.cell_m / mercator_scale((wide[1] + wide[3]) / 2))
    return Ground(area, heights_on(order.dem, area))


def _facts(section: Section, at: datetime) -> ChartFacts:
    values = CR.decode(section.codes)
    real = values[np.isfinite(values)]
    return ChartFacts("", "", "", "", at, "", CR.unit, highest=float(real.max()) if real.size else math.nan)


def _words(section: Section, dbz: float, language: str) -> SheetWords:
    """Return what stands on the sheet: the ends, the length, the largest value, each radar with its time."""
    say = partial(phrase, language)
    highest = [say("highest", value=dbz, unit=CR.unit)] if math.isfinite(dbz) else []
    ends = {"start": _written(section.start), "end": _written(section.end)}
    at = max(at for _, at in section.radars)
    radars = "  ".join(say("radar_at", code=site.code, at=at) for site, at in section.radars)
    facts = (say("length", km=section.length_m / 1000), times(at, language), *highest)
    return SheetWords(say("section_title", **ends), facts, (radars,), say("unseen"), say("distance"), say("above_sea"))


def _written(place: Place) -> str:
    lon, lat = place
    return f"{abs(lon):.4f}°{'E' if lon >= 0 else 'W'} {abs(lat):.4f}°{'N' if lat >= 0 else 'S'}"

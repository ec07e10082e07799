"""`fengsui radar mosaic`: radar files into one GeoTIFF, without Qt and without an office."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import typer

import resources
from app.commands.bounds import bounds_of
from app.commands.radar_fields import MAX_AGE, FieldWish, RadarField, Taken, fields_of
from app.language import system_language
from app.radar.radar_frames import MOVED_FROM_S
from app.radar.radar_strips import Strip, motion_of, strips_of
from models.grid import GridArea
from models.radar.compose import Plane, compose, counts, hidden_km2, plane_of
from models.radar.footprint import Footprint, Source
from models.radar.mosaic import Absent, Mosaic, Rule
from models.radar.mosaic_file import write_strips
from models.radar.motion import Motion, moved
from models.radar.quantity import CR, Kind, Quantity
from models.radar.register import Register, shipped
from models.radar.sight.horizon_shelf import SiteBlockage
from models.radar.tables import make_table

MOST_CELLS = 25_000_000


@dataclass(frozen=True, slots=True)
class MosaicOrder:
    """What mosaic is wanted.

    ``bounds`` is ``W,S,E,N`` in degrees, ``resolution_m`` the ground length of a cell at the middle
    latitude. ``motion`` moves every radar's echoes to the time of the newest. ``blockage`` is what
    knows the ground, for the lowest free scan and for weights.
    """

    bounds: str
    resolution_m: float = 500.0
    quantity: Quantity = CR
    rule: Rule = Rule.MAXIMUM
    motion: bool = False
    register: Register | None = None
    blockage: SiteBlockage | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """What to tell the operator; ``good`` is False where an input was broken, refused, or saw nothing of the bounds."""

    lines: tuple[str, ...]
    good: bool


def write_composite(files: list[Path], order: MosaicOrder, out: Path) -> Written:
    """Compose radar files and write the mosaic.

    The newest file gives the mosaic's time; of several files of one radar the newest stands; radars
    whose file is more than `MAX_AGE` older than the mosaic are left out. A file that cannot take part
    is named and the others go on; of a volume that broke off the whole cuts are drawn. All of this
    stands in the answer, and what concerns radars in the file's tags too.

    Parameters
    ----------
    files : list of Path
        One or more files of any kind the shelf reads.
    order : MosaicOrder
        What is wanted of them.
    out : Path
        The GeoTIFF, written whole or not at all, strip by strip.

    Raises
    ------
    DataError
        If no file can take part, or the mosaic cannot be written.
    typer.BadParameter
        If bounds or resolution make no map.
    """
    area = area_of(order.bounds, order.resolution_m)
    wish = FieldWish(order.quantity, order.rule, order.register or shipped(), order.blockage, echo=order.motion)
    taken = fields_of(files, wish)
    at = taken.at
    motion = motion_of(taken, at, area) if order.motion else None
    seen = Sight()
    write_strips(_composed(taken, at, area, order.rule, motion, seen), area, out)
    return _told(taken, at, area, order, seen, motion, out)


@dataclass(slots=True)
class Sight:
    """Whether any radar saw any cell, and what the radars hide that were too old: known when all strips are made."""

    any_cell: bool = False
    absent: dict[Source, float] = field(default_factory=dict)


def _composed(
    taken: Taken[RadarField], at: datetime, area: GridArea, rule: Rule, motion: Motion | None, seen: Sight
) -> Iterator[Mosaic]:
    """Yield the mosaic in strips from north to south; the tables of one strip are all that is held of them."""
    current, old = ([one.footprint for one in radars] for radars in (taken.current, taken.old))
    seen.absent = {one.source: 0.0 for one in old}
    for strip in strips_of(area, motion, MAX_AGE):
        mosaic = _one_strip(strip, current, at, rule, motion)
        absent = tuple(Absent(one.source, hidden_km2(_plane(one, strip.area), mosaic)) for one in old)
        for one in absent:
            seen.absent[one.source] += one.hides_km2
        seen.any_cell |= bool(mosaic.codes.any())
        yield replace(mosaic, absent=absent)


def _one_strip(strip: Strip, current: list[Footprint], at: datetime, rule: Rule, motion: Motion | None) -> Mosaic:
    planes, shifted = [], False
    for footprint in current:
        plane = _plane(footprint, strip.wide)
        seconds = (at - footprint.source.at).total_seconds()
        if motion is not None and len(current) > 1 and seconds >= MOVED_FROM_S:
            plane, shifted = moved(plane, strip.part_of(motion), seconds), True
        planes.append(plane)
    whole = compose(tuple(planes), strip.wide, at=at, max_age=MAX_AGE, rule=rule)
    rows = strip.rows_in_wide
    return replace(
        whole,
        area=strip.area,
        codes=whole.codes[rows],
        heights=whole.heights[rows],
        source=whole.source[rows],
        count=counts(tuple(planes), strip.wide)[rows],
        moved=shifted,
    )


def _plane(footprint: Footprint, area: GridArea) -> Plane:
    return plane_of(footprint, make_table(footprint.geometry, area))


def _told(
    taken: Taken[RadarField],
    at: datetime,
    area: GridArea,
    order: MosaicOrder,
    seen: Sight,
    moved_by: Motion | None,
    out: Path,
) -> Written:
    """Say what was written, of whom, and who was left out and why."""
    language = system_language()
    codes = [one.source.code for one in taken.current]
    facts = {"file": out, "rows": area.rows, "columns": area.columns, "at": f"{at:%Y-%m-%d %H:%M:%S}"}
    lines = [_say("mosaic_written", **facts, product=order.quantity.word, radars=" ".join(codes))]
    lines += [
        _say("mosaic_missing", code=source.code, at=f"{source.at:%Y-%m-%d %H:%M}", km2=f"{km2:.0f}")
        for source, km2 in seen.absent.items()
    ]
    lines += taken.told(language)
    if order.motion and len(codes) > 1:
        lines.append(_say("mosaic_unmoved" if moved_by is None else "mosaic_moved"))
    if order.quantity.kind is Kind.HYBRID and (order.blockage is None or not order.blockage.dem.is_file()):
        lines.append(_say("mosaic_no_heights"))
    if not seen.any_cell:
        lines.append(_say("mosaic_nothing_seen"))
    return Written(tuple(lines), good=seen.any_cell and taken.whole)


def area_of(bounds: str, resolution_m: float) -> GridArea:
    """Return the raster that ``W,S,E,N`` and a resolution ask for.

    Raises
    ------
    typer.BadParameter
        If they are no numbers, lie outside the map, or ask for more than `MOST_CELLS`.
    """
    west, south, east, north = bounds_of(bounds)
    widest_m = 111_195 * max(east - west, north - south)
    if not widest_m / 20_000 <= resolution_m <= 2 * widest_m:
        raise typer.BadParameter("too fine or too coarse for these bounds", param_hint="--resolution-m")
    area = GridArea.over((west, south, east, north), resolution_m)
    if area.rows * area.columns > MOST_CELLS:
        raise typer.BadParameter(f"{area.rows} x {area.columns} cells are too many", param_hint="--resolution-m")
    return area


def _say(key: str, **facts: object) -> str:
    return resources.phrase("radar_info", key, system_language()).format_map(facts)

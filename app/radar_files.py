"""`fengsui radar mosaic`: radar files into one GeoTIFF, without Qt and without an office."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import typer

import resources
from app.language import system_language
from models.grid import GridArea
from models.radar.compose import compose, counts, plane_of
from models.radar.decoders import read
from models.radar.mosaic_file import write_mosaic
from models.radar.polar import footprint_of
from models.radar.quantity import Quantity
from models.radar.tables import pixel_table

MOST_CELLS = 25_000_000
MAX_AGE = timedelta(minutes=20)
STEP = timedelta(minutes=6)


def write_composite(files: list[Path], *, bounds: str, resolution_m: float, out: Path, product: str = "cr") -> str:
    """Compose radar files and write the mosaic; return what to tell the operator.

    The newest file gives the mosaic's time; radars whose file is more than
    `MAX_AGE` older are left out, named in the answer and in the file's tags.
    Of a volume that broke off the whole cuts are drawn, and the answer says so.

    Parameters
    ----------
    files : list of Path
        One or more files of any kind the shelf reads.
    bounds : str
        ``W,S,E,N`` in degrees.
    resolution_m : float, m
        Ground length of a cell at the middle latitude.
    out : Path
        The GeoTIFF, written whole or not at all.

    Raises
    ------
    DataError
        If a file cannot be read or holds no reflectivity, or the mosaic cannot be written.
    typer.BadParameter
        If bounds or resolution make no map.
    """
    area = area_of(bounds, resolution_m)
    quantity = Quantity.parse(product)
    planes, notes = [], []
    for path in files:
        reading = read(path)
        footprint = footprint_of(reading, step=STEP, quantity=quantity)
        planes.append(plane_of(footprint, pixel_table(footprint.geometry, area)))
        error = getattr(reading, "error", None)
        if error is not None:
            notes.append(_say("mosaic_partly", error=error.sentence(system_language())))
    at = max(plane.source.at for plane in planes)
    mosaic = compose(tuple(planes), area, at=at, max_age=MAX_AGE)
    write_mosaic(mosaic, out, count=counts(tuple(planes), area))
    notes += [
        _say("mosaic_missing", code=absent.source.code, at=f"{absent.source.at:%Y-%m-%d %H:%M}")
        for absent in mosaic.absent
    ]
    codes = " ".join(source.code for source in mosaic.sources)
    written = _say(
        "mosaic_written", file=out, rows=area.rows, columns=area.columns, at=f"{at:%Y-%m-%d %H:%M:%S}", radars=codes
    )
    return "\n".join([written, *notes])


def area_of(bounds: str, resolution_m: float) -> GridArea:
    """Return the raster that ``W,S,E,N`` and a resolution ask for.

    Raises
    ------
    typer.BadParameter
        If they are no numbers, lie outside the map, or ask for more than `MOST_CELLS`.
    """
    try:
        west, south, east, north = (float(part) for part in bounds.split(","))
    except ValueError as error:
        raise typer.BadParameter("four numbers W,S,E,N in degrees", param_hint="--bounds") from error
    if not (-180 <= west < east <= 180 and -85 <= south < north <= 85):
        raise typer.BadParameter("west < east within ±180, south < north within ±85", param_hint="--bounds")
    widest_m = 111_195 * max(east - west, north - south)
    if not widest_m / 20_000 <= resolution_m <= 2 * widest_m:
        raise typer.BadParameter("too fine or too coarse for these bounds", param_hint="--resolution-m")
    area = GridArea.over((west, south, east, north), resolution_m)
    if area.rows * area.columns > MOST_CELLS:
        raise typer.BadParameter(f"{area.rows} x {area.columns} cells are too many", param_hint="--resolution-m")
    return area


def _say(key: str, **facts: object) -> str:
    return resources.phrase("radar_info", key, system_language()).format_map(facts)

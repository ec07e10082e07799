"""`--bounds W,S,E,N`: read in one way by every command, and when it is written otherwise, what was probably meant."""

from __future__ import annotations

import typer

Bounds = tuple[float, float, float, float]
MOST_LAT_DEG = 85.0
_EXAMPLE = "106.3,28.5,107.0,29.1"
_HINT = "--bounds"


def bounds_of(written: str, *, most_lat_deg: float = MOST_LAT_DEG) -> Bounds:
    """Return west, south, east, north in degrees of ``106.3,28.5,107.0,29.1``.

    Raises
    ------
    typer.BadParameter
        If there are not four numbers, or they are no area within ``most_lat_deg`` of the equator; where another order
        of the same numbers is one, it is named.
    """
    parts = [part.strip() for part in written.replace("，", ",").split(",")]
    try:
        values = [float(part) for part in parts]
    except ValueError:
        odd = next(part for part in parts if not _is_number(part))
        said = f"'{odd}' is no number: west,south,east,north in degrees, such as {_EXAMPLE}"
        raise typer.BadParameter(said, param_hint=_HINT) from None
    if len(values) != 4:
        said = f"{len(values)} numbers, four are needed: west,south,east,north, such as {_EXAMPLE}"
        raise typer.BadParameter(said, param_hint=_HINT)
    a, b, c, d = values
    if _is_area((a, b, c, d), most_lat_deg):
        return a, b, c, d
    cause = _cause((a, b, c, d), most_lat_deg)
    orders = ((a, c, b, d), (b, a, d, c), (c, d, a, b), (c, b, a, d), (a, d, c, b), (d, c, b, a))
    meant = next((one for one in orders if _is_area(one, most_lat_deg)), None)
    more = f" Was {','.join(f'{value:g}' for value in meant)} meant?" if meant is not None else ""
    raise typer.BadParameter(f"{cause}; the order is west,south,east,north.{more}", param_hint=_HINT)


def _is_area(bounds: Bounds, most_lat_deg: float) -> bool:
    west, south, east, north = bounds
    return -180 <= west < east <= 180 and -most_lat_deg <= south < north <= most_lat_deg


def _cause(bounds: Bounds, most_lat_deg: float) -> str:
    west, south, east, north = bounds
    for name, value in (("south", south), ("north", north)):
        if not -most_lat_deg <= value <= most_lat_deg:
            return f"{name} is {value:g}, and the map ends at {most_lat_deg:g} degrees"
    for name, value in (("west", west), ("east", east)):
        if not -180 <= value <= 180:
            return f"{name} is {value:g}, and no longitude is beyond 180 degrees"
    if not west < east:
        return f"west {west:g} is not west of east {east:g}"
    return f"south {south:g} is not south of north {north:g}"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True

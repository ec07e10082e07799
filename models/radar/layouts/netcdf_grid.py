"""Fields on a grid in netCDF, by rasterio; scalar times by netCDF4 where the extra has it."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from models.errors import DataError
from models.radar.layouts.grid_values import role_of, unit_of, valued
from models.radar.layouts.name_time import known_time, stated_time
from models.radar.layouts.odim_grid import number_of
from models.radar.layouts.raster_file import MOST_BANDS, band, bounded, north_up, opened, opened_part, place
from models.radar.oddity import Oddity
from models.radar.product import Cell, Grid, Role

FORMAT = "netCDF"

_SINCE = re.compile(r"(second|sec|minute|min|hour|day)s?\s+since\s+(.+)", re.IGNORECASE)
_SECONDS = {"second": 1, "sec": 1, "minute": 60, "min": 60, "hour": 3600, "day": 86_400}
_NORTH = {"degrees_north", "degree_north", "degrees_n", "degree_n"}
_EAST = {"degrees_east", "degree_east", "degrees_e", "degree_e"}
_TIMES = ("valid_time", "time", "forecast_reference_time", "analysis_time")
_STARTS = ("start_time",)
_HEIGHTS = ("z", "height", "altitude", "level", "alt")


def decode_netcdf(data: bytes, name: str) -> Grid:
    """Return the field in a netCDF file: the first variable in dBZ, mm/h or mm, else the first there is.

    Of several times the last stands; levels with a height are layers.

    Parameters
    ----------
    data : bytes
        The whole file, classic or netCDF-4.
    name : str
        What errors call it.

    Raises
    ------
    DataError
        ``radar.grid_no_field``, ``radar.grid_unplaced``, ``radar.grid_no_time``, ``radar.grid_too_large``,
        ``radar.foreign_damaged``.
    """
    times = _scalar_times(data)
    with opened(data, "netCDF", name) as file:
        parts = list(file.subdatasets)
        if not parts:
            return _field(file, name, times, 0)
        ranked = sorted((_rank(part), number) for number, part in enumerate(parts[:MOST_BANDS]))
        if not ranked or ranked[0][0] > 1:
            raise DataError("radar.grid_no_field", file=name, format=FORMAT)
        with opened_part(parts[ranked[0][1]], "netCDF") as part:
            return _field(part, name, times, len(parts) - 1)


def _rank(part: str) -> int:
    """Return 0 for a field in a unit of radar, 1 for another field that has a place, 2 for none."""
    with opened_part(part, "netCDF") as file:
        if not file.count or file.transform.is_identity or (file.crs is None and not _in_degrees(file.tags())):
            return 2
        tags = file.tags(1)
        return int(role_of(unit_of(tags.get("units", ""))[0], _words(tags)) is Role.OTHER)


def _in_degrees(tags: dict[str, str]) -> bool:
    """Whether the axes are longitude and latitude, which CF needs no projection for."""
    units = {value.strip().lower() for key, value in tags.items() if key.endswith("#units")}
    return bool(units & _NORTH) and bool(units & _EAST)


def _words(tags: dict[str, str]) -> str:
    return " ".join(tags.get(key, "") for key in ("NETCDF_VARNAME", "standard_name", "long_name"))


def _field(file: Any, name: str, times: dict[str, datetime], others: int) -> Grid:
    if not file.count:
        raise DataError("radar.grid_no_field", file=name, format=FORMAT)
    tags, first = file.tags(), file.tags(1)
    crs, transform = place(file, name, degrees=_in_degrees(tags))
    oddities: list[Oddity] = []
    unit, factor = unit_of(first.get("units", ""))
    at, numbers, heights = _bands(file, tags)
    bounded(file, name, bands=len(numbers))
    layers, turned = [], transform
    for number in numbers:
        undetect = number_of(first.get("_Undetect", "")) if "_Undetect" in first else None
        stored = band(file, number, name).astype(np.float32)
        values = valued(
            stored,
            gain=float(file.scales[0]) * factor,
            offset=float(file.offsets[0]) * factor,
            undetect=undetect,
            nodata=file.nodatavals[0],
        )
        values, turned = north_up(values, transform)
        layers.append(values)
    if others:
        oddities.append(Oddity("radar.odd.other_fields", count=others))
    valid_at = at or next((times[key] for key in _TIMES if key in times), None)
    start = next((times[key] for key in _STARTS if key in times), None)
    parameters: dict[str, Cell] = {}
    if valid_at is not None and start is not None and valid_at > start:
        parameters["minutes"] = round((valid_at - start).total_seconds() / 60, 2)
    for key in ("title", "source", "station_id", "station_name"):
        if tags.get(f"NC_GLOBAL#{key}"):
            parameters[key] = tags[f"NC_GLOBAL#{key}"][:200]
    return Grid(
        format=FORMAT,
        layout="netcdf_grid",
        started_at=known_time(valid_at, name, oddities),
        name=first.get("NETCDF_VARNAME", "") or first.get("standard_name", ""),
        role=role_of(unit, _words(first)),
        unit=unit,
        codes=layers[0][np.newaxis] if len(layers) == 1 else np.stack(layers),
        levels=None,
        crs=crs,
        transform=turned,
        heights_m=heights,
        source=tags.get("NC_GLOBAL#institution", "")[:200],
        parameters=parameters,
        oddities=tuple(oddities),
    )


def _bands(file: Any, tags: dict[str, str]) -> tuple[datetime | None, list[int], tuple[float, ...]]:
    """Return the time, the bands to read and their heights: levels of the last time."""
    if file.count == 1:
        return _band_time(file.tags(1), tags), [1], (_band_height(file.tags(1)),)
    known = [(_band_time(file.tags(number), tags), number) for number in range(1, min(file.count, 4 * MOST_BANDS) + 1)]
    last = max((at for at, _ in known if at is not None), default=None)
    numbers = [number for at, number in known if at == last][:MOST_BANDS]
    heights = [_band_height(file.tags(number)) for number in numbers]
    if len(numbers) > 1 and not all(math.isfinite(height) for height in heights):
        numbers, heights = numbers[-1:], heights[-1:]
    return last, numbers, tuple(heights)


def _band_time(band_tags: dict[str, str], tags: dict[str, str]) -> datetime | None:
    for key in _TIMES:
        number, units = number_of(band_tags.get(f"NETCDF_DIM_{key}", "")), tags.get(f"{key}#units", "")
        if number is not None:
            return _since(number, units)
    return None


def _band_height(band_tags: dict[str, str]) -> float:
    for key in _HEIGHTS:
        number = number_of(band_tags.get(f"NETCDF_DIM_{key}", ""))
        if number is not None and 0 < number < 30_000:
            return number
    return math.nan


def _since(number: float, units: str) -> datetime | None:
    """Return the time that CF writes as a number of units since a moment."""
    found = _SINCE.fullmatch(units.strip())
    if found is None or not math.isfinite(number):
        return None
    text = re.sub(r"\s*(UTC|Z)$", "", found[2].strip())
    base = stated_time(text)
    if base is None:
        return None
    try:
        return (base + timedelta(seconds=number * _SECONDS[found[1].lower()])).astimezone(UTC)
    except OverflowError:
        return None


def _scalar_times(data: bytes) -> dict[str, datetime]:
    """Return the times that stand alone in the file, which GDAL does not tell; empty without netCDF4."""
    try:
        import netCDF4  # noqa: PLC0415 - of the extra
    except ImportError:
        return {}
    out: dict[str, datetime] = {}
    try:
        with netCDF4.Dataset("bytes", memory=data) as file:
            file.set_auto_mask(False)
            for key in (*_TIMES, *_STARTS):
                if key in file.variables and file.variables[key].size == 1:
                    variable = file.variables[key]
                    at = _since(float(np.asarray(variable[...]).reshape(-1)[0]), str(getattr(variable, "units", "")))
                    if at is not None:
                        out[key] = at
    except (OSError, RuntimeError, ValueError, TypeError, AttributeError, IndexError):
        return {}
    return out

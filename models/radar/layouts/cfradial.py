"""CfRadial volumes, version 1 and 2 (FM 301), by xradar."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.errors import DataError
from models.radar.layouts.foreign_formats import named, xarray_with_engines
from models.radar.layouts.from_xarray import MOST_GATES, MOST_RAYS, Notes, broken_off, scan_of, seconds_of, sweep_of
from models.radar.layouts.sweep_checks import odd_azimuths, odd_clock, odd_values
from models.radar.oddity import Oddity
from models.radar.volume import Site, Sweep, Volume

FORMAT_1 = "CfRadial 1"
FORMAT_2 = "CfRadial 2"

_MOST_SWEEPS = 256
_MOST_POINTS = 50_000_000
_MOST_VARIABLES = 512
_SAME_PLACE_DEG = 0.001


def decode_cfradial(data: bytes, name: str, version: int) -> Volume:
    """Return the volume in a CfRadial file.

    The format has one word for "below the threshold" and "not scanned", unless a field names
    ``_Undetect``: what is missing is taken as below, and an oddity says so. Values in floating
    point are coded by the step they lie on (`code_values`).

    Parameters
    ----------
    data : bytes
        The whole file, classic netCDF or netCDF-4.
    name : str
        What errors call it.
    version : int
        1 (one table of rays) or 2 (a group per sweep).

    Raises
    ------
    DataError
        ``radar.formats_missing`` without the extra, ``radar.moving_platform``, ``radar.foreign_*`` where it is
        damaged or no volume.
    """
    seems = FORMAT_1 if version == 1 else FORMAT_2
    xarray = xarray_with_engines(name, seems)
    notes = Notes()
    oddities = notes.oddities
    sweeps: list[Sweep] = []
    times: list[NDArray[np.float64]] = []
    scans: list[str] = []
    head, count = _looked_through(data, name, version)
    site = _site(head, name)
    error: DataError | None = None
    datasets = _each_of_1(xarray, data, name, count) if version == 1 else _each_of_2(data, name, count)
    for number, dataset in enumerate(datasets, start=1):
        if isinstance(dataset, DataError):
            error = error or dataset
            continue
        try:
            with named(name, "xradar"):
                sweep = sweep_of(dataset, number, file=name, notes=notes, nan_is_below=True)
                seconds, scan = seconds_of(dataset), scan_of(dataset)
        except DataError as damage:
            error = error or damage
            continue
        finally:
            dataset.close()
        sweeps.append(sweep)
        times.append(seconds)
        scans.append(scan)
        oddities += odd_azimuths(sweep, all_round=scan == "ppi")
    if not sweeps:
        raise error or DataError("radar.foreign_no_sweep", file=name, format=seems)
    if notes.broken:
        cut, fields = min(notes.broken.items())
        facts = {"cut": cut, "moments": ", ".join(fields), "byte": "?", "cause": notes.cause}
        error = error or DataError("radar.moments_unreadable", file=name, **facts)
    if notes.left:
        oddities.append(Oddity("radar.odd.moments_left", names=", ".join(sorted(notes.left))))
    oddities.append(Oddity("radar.odd.below_or_absent"))
    oddities += odd_clock(None, [sweep.number for sweep in sweeps], times, in_turn=False)
    oddities += odd_values(sweeps)
    if set(scans) == {"ppi"}:
        sweeps, short = broken_off(sweeps, name)
        error = error or short
    return Volume(
        format=seems,
        layout=f"cfradial.{version}",
        site=site,
        started_at=min(sweep.started_at for sweep in sweeps),
        sweeps=tuple(sweeps),
        announced=count,
        task=_text(head, "scan_name")[:80],
        frequency_mhz=_frequency_mhz(head),
        beam_width_deg=_known(head.get("radar_beam_width_h"), 0.05, 20),
        oddities=tuple(dict.fromkeys(oddities)),
        error=error,
        scan=scans[0] if set(scans) in ({"rhi"}, {"sector"}) else "volume" if count > 1 else "ppi",
    )


def _each_of_1(xarray: Any, data: bytes, name: str, count: int) -> Any:
    """Give the sweeps of version 1 one by one, or what went wrong with one."""
    for number in range(count):
        try:
            with named(name, "xradar"):
                yield xarray.open_dataset(
                    data,
                    engine="cfradial1",
                    group=f"sweep_{number}",
                    mask_and_scale=False,
                    first_dim="time",
                    decode_timedelta=False,
                )
        except DataError as damage:
            yield damage


def _each_of_2(data: bytes, name: str, count: int) -> Any:
    """Give the sweeps of version 2 one by one, or what went wrong with the file.

    Xradar closes the file before it hands the sweeps over, and each value opens it again: it must lie on a disk.
    """
    import xradar  # noqa: PLC0415 - of the extra

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "sweeps.nc"
        path.write_bytes(data)
        try:
            with named(name, "xradar"):
                tree = xradar.io.open_cfradial2_datatree(path, engine="netcdf4", mask_and_scale=False, first_dim="time")
                found = [tree[f"sweep_{number}"].to_dataset() for number in range(count)]
        except DataError as damage:
            yield damage
            return
        yield from found


def _looked_through(data: bytes, name: str, version: int) -> tuple[dict[str, Any], int]:
    """Return the small variables and attributes of the root, and how many sweeps there are, within bounds."""
    import netCDF4  # noqa: PLC0415 - of the extra

    with named(name, "netCDF4"), netCDF4.Dataset("bytes", memory=data) as file:
        file.set_auto_mask(False)
        groups = [group for key, group in file.groups.items() if key.startswith("sweep")] if version == 2 else []
        sizes = {key: len(size) for node in (file, *groups) for key, size in node.dimensions.items()}
        count = len(groups) if version == 2 else sizes.get("sweep", 0)
        points = max((sizes.get("time", 0) * sizes.get("range", 0), sizes.get("n_points", 0)))
        for what, found, limit in (
            ("sweeps", count, _MOST_SWEEPS),
            ("rays", sizes.get("time", 0), MOST_RAYS),
            ("gates", sizes.get("range", 0), MOST_GATES),
            ("values", points if sizes.get("n_points") else 0, _MOST_POINTS),
            ("fields", max(len(node.variables) for node in (file, *groups)), _MOST_VARIABLES),
        ):
            if found > limit:
                raise DataError("radar.foreign_bounds", file=name, what=what, found=found, limit=limit)
        if str(getattr(file, "platform_is_mobile", "false")).lower() == "true":
            raise DataError("radar.moving_platform", file=name)
        head: dict[str, Any] = {key: file.getncattr(key) for key in file.ncattrs()}
        for key, variable in file.variables.items():
            words = variable.ndim == 2 and variable.dtype == "S1"
            if variable.size <= MOST_RAYS and (variable.ndim < 2 or words) and variable.dtype is not str:
                head.setdefault(key, np.asarray(variable[...]))
        return head, count


def _site(head: dict[str, Any], name: str) -> Site:
    places = {}
    for key in ("longitude", "latitude", "altitude"):
        values = np.asarray(head.get(key, math.nan), np.float64).reshape(-1)
        values = values[np.isfinite(values)]
        if values.size and key != "altitude" and float(np.ptp(values)) > _SAME_PLACE_DEG:
            raise DataError("radar.moving_platform", file=name)
        places[key] = float(np.median(values)) if values.size else math.nan
    lon, lat, altitude = places["longitude"], places["latitude"], places["altitude"]
    place = _text(head, "site_name")
    code = _text(head, "instrument_name") or place
    place = "" if place == code else place
    if math.isnan(lon) and math.isnan(lat):
        return Site(code, place, math.nan, math.nan, math.nan)
    lon = lon - 360 if 180 < lon <= 360 else lon
    if not (abs(lon) <= 180 and abs(lat) <= 90) or (lon == 0 and lat == 0):
        raise DataError("radar.foreign_site", file=name, lat=f"{lat:g}", lon=f"{lon:g}")
    altitude = round(altitude, 2) if -500 <= altitude <= 9000 else math.nan
    return Site(code, place, round(lon, 6), round(lat, 6), altitude)


def _text(head: dict[str, Any], key: str) -> str:
    value = head.get(key, "")
    if isinstance(value, np.ndarray):
        value = value.tobytes() if value.dtype.kind == "S" else value.reshape(-1)[0] if value.size else ""
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    return "".join(letter for letter in text.split("\x00", 1)[0] if letter.isprintable()).strip()[:80]


def _frequency_mhz(head: dict[str, Any]) -> float:
    hertz = _known(head.get("frequency"), 1e8, 1e12)
    return round(hertz / 1e6, 3)


def _known(value: Any, low: float, high: float) -> float:
    """Return the first of some numbers if it is within bounds, else NaN."""
    try:
        number = float(np.asarray(value, np.float64).reshape(-1)[0])
    except (TypeError, ValueError, IndexError):
        return math.nan
    return number if low <= number <= high else math.nan

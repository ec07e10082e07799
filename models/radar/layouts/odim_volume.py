"""ODIM HDF5 volumes and single scans of one radar, by xradar.

The structure is looked through first, with h5py: how many sweeps and rays, what is out of
order, no data in other files. Then xradar gives the sweeps one by one, unscaled.
"""

from __future__ import annotations

import io
import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.errors import DataError
from models.radar.layouts.foreign_formats import named, xarray_with_engines
from models.radar.layouts.from_xarray import (
    MOST_GATES,
    MOST_MOMENTS,
    MOST_RAYS,
    Notes,
    broken_off,
    scan_of,
    seconds_of,
    sweep_of,
)
from models.radar.layouts.sweep_checks import odd_azimuths, odd_clock, odd_values
from models.radar.oddity import Oddity
from models.radar.volume import Site, Sweep, Volume

FORMAT = "ODIM HDF5"

_MOST_SWEEPS = 256
_DATASET = re.compile(r"dataset([1-9]\d{0,3})")
_FIELD = re.compile(r"(data|quality)[1-9]\d{0,3}")
_LIGHT_CM_MHZ = 29_979.2458


def decode_volume(data: bytes, name: str, kind: str) -> Volume:
    """Return the volume in an ODIM file of the object PVOL or SCAN.

    Sweeps stand in the order of their number, rays in their order in time. The stored numbers
    stay what they are but for a shift (`code_values`): ``undetect`` is below the threshold,
    ``nodata`` not scanned.

    Parameters
    ----------
    data : bytes
        The whole file.
    name : str
        What errors call it.
    kind : str
        The object.

    Raises
    ------
    DataError
        ``radar.formats_missing`` without the extra, ``radar.malfunction`` where the file says that
        the radar did not work, ``radar.odim_linked``, ``radar.foreign_*`` where it is damaged or no volume.
    """
    xarray = xarray_with_engines(name, FORMAT)
    notes = Notes()
    oddities = notes.oddities
    head = _looked_through(data, name, oddities)
    sweeps: list[Sweep] = []
    times: list[NDArray[np.float64]] = []
    error: DataError | None = None
    scans: list[str] = []
    for number in head.numbers:
        try:
            with (
                named(name, "xradar"),
                xarray.open_dataset(
                    io.BytesIO(data),
                    engine="odim",
                    group=f"sweep_{number - 1}",
                    mask_and_scale=False,
                    first_dim="time",
                ) as dataset,
            ):
                sweep = sweep_of(dataset, number, file=name, notes=notes)
                seconds, scan = seconds_of(dataset), scan_of(dataset)
        except DataError as damage:
            error = error or damage
            continue
        sweeps.append(sweep)
        times.append(seconds)
        scans.append(scan)
        oddities += odd_azimuths(sweep, all_round=scan == "ppi")
    if not sweeps:
        raise error or DataError("radar.foreign_no_sweep", file=name, format=FORMAT)
    if notes.broken:
        error = error or _broken(data, name, notes)
    if notes.left:
        oddities.append(Oddity("radar.odd.moments_left", names=", ".join(sorted(notes.left))))
    oddities += odd_clock(head.at, [sweep.number for sweep in sweeps], times, in_turn=False)
    oddities += odd_values(sweeps)
    if set(scans) == {"ppi"}:
        sweeps, short = broken_off(sweeps, name)
        error = error or short
    return Volume(
        format=FORMAT,
        layout=f"odim.{kind.lower()}",
        site=head.site,
        started_at=head.at or min(sweep.started_at for sweep in sweeps),
        sweeps=tuple(sweeps),
        announced=head.announced,
        task=head.task,
        frequency_mhz=head.frequency_mhz,
        beam_width_deg=head.beam_width_deg,
        oddities=tuple(dict.fromkeys(oddities)),
        error=error,
        scan="rhi" if set(scans) == {"rhi"} else "volume" if kind == "PVOL" else "ppi",
    )


def site_words(source: str) -> tuple[str, str]:
    """Return code and name of a radar from ODIM's ``what/source``: NOD before RAD before WMO, and PLC."""
    parts = dict(part.split(":", 1) for part in re.split(r"[,;]", source) if ":" in part)
    words = {key.strip().upper(): value.strip() for key, value in parts.items()}
    code = next((words[key] for key in ("NOD", "RAD", "WMO", "WIGOS") if words.get(key)), "")
    return code, words.get("PLC", "")


def _broken(data: bytes, name: str, notes: Notes) -> DataError:
    """Name the fields that could not be read, and the byte at which the first of them lies."""
    import h5py  # noqa: PLC0415 - of the extra, as xradar

    cut, fields = min(notes.broken.items())
    byte = -1
    with named(name, "h5py"), h5py.File(io.BytesIO(data), "r") as file:
        for group in file[f"dataset{cut}"].values():
            if "data" in group and str(_attributes(group, "what").get("quantity")) == fields[0]:
                array = group["data"].id
                chunk = array.get_chunk_info(0) if array.get_num_chunks() else None
                byte = int(chunk.byte_offset if chunk is not None else array.get_offset() or -1)
    return DataError(
        "radar.moments_unreadable",
        file=name,
        cut=cut,
        moments=", ".join(fields),
        byte=byte if byte >= 0 else "?",
        cause=notes.cause,
    )


@dataclass(frozen=True)
class _Head:
    """What stands beside the sweeps."""

    site: Site
    at: datetime | None
    numbers: tuple[int, ...]
    announced: int
    task: str
    frequency_mhz: float
    beam_width_deg: float


def _looked_through(data: bytes, name: str, oddities: list[Oddity]) -> _Head:
    """Look through groups and attributes, within bounds, and read no data."""
    import h5py  # noqa: PLC0415 - of the extra, as xradar

    with named(name, "h5py"), h5py.File(io.BytesIO(data), "r") as file:
        what, how = _attributes(file, "what"), _attributes(file, "how")
        if is_true(how.get("malfunc", "")):
            raise DataError("radar.malfunction", file=name, message=str(how.get("radar_msg", "malfunc")).strip()[:120])
        found = sorted(int(match[1]) for key in file if (match := _DATASET.fullmatch(key)))
        if len(found) > _MOST_SWEEPS:
            raise DataError("radar.foreign_bounds", file=name, what="sweeps", found=len(found), limit=_MOST_SWEEPS)
        numbers = []
        for number in found:
            group = _group(file, f"dataset{number}", name)
            if _usable(group, number, name):
                numbers.append(number)
            else:
                oddities.append(Oddity("radar.odd.malfunction", cut=number))
        first = _attributes(file[f"dataset{found[0]}"], "how") if found else {}
        hows = {**first, **how}
        code, place = site_words(str(what.get("source", "")))
        wavelength, width = _number(hows.get("wavelength")), _number(hows.get("beamwidth", hows.get("beamwH")))
        return _Head(
            site=_site(_attributes(file, "where"), code, place, name),
            at=_time(str(what.get("date", "")), str(what.get("time", ""))),
            numbers=tuple(numbers),
            announced=len(found),
            task=str(hows.get("task", "")).strip()[:80],
            frequency_mhz=round(_LIGHT_CM_MHZ / wavelength, 1) if 0.1 < wavelength < 100 else math.nan,
            beam_width_deg=round(width, 3) if 0.05 < width < 20 else math.nan,
        )


def _usable(group: Any, number: int, name: str) -> bool:
    """Check the size of a sweep; return whether it is in order by its own word."""
    where = _attributes(group, "where")
    rays, gates = _number(where.get("nrays")), _number(where.get("nbins"))
    for what, count, limit in (("rays", rays, MOST_RAYS), ("gates", gates, MOST_GATES)):
        if not 1 <= count <= limit:
            raise DataError("radar.foreign_bounds", file=name, what=what, found=f"{count:g}", limit=limit)
    fields = [key for key in group if _FIELD.fullmatch(key)]
    if len(fields) > 2 * MOST_MOMENTS:
        raise DataError("radar.foreign_bounds", file=name, what="moments", found=len(fields), limit=2 * MOST_MOMENTS)
    for key in fields:
        field = _group(group, key, name)
        if "data" not in field:
            continue
        array = _group(field, "data", name)
        if getattr(array, "external", None):
            raise DataError("radar.odim_linked", file=name, path=str(array.external[0][0]))
        if getattr(array, "shape", None) != (int(rays), int(gates)):
            raise DataError("radar.foreign_rays", file=name, cut=number)
    return not is_true(_attributes(group, "how").get("malfunc", ""))


def _group(parent: Any, key: str, name: str) -> Any:
    """Return a member that lies in this very file."""
    import h5py  # noqa: PLC0415 - of the extra, as xradar

    link = parent.get(key, getlink=True)
    if isinstance(link, h5py.ExternalLink):
        raise DataError("radar.odim_linked", file=name, path=str(link.filename))
    return parent[key]


def _attributes(parent: Any, key: str) -> dict[str, Any]:
    """Return the attributes of a member: text as text, a list of one as that one."""
    if key not in parent:
        return {}
    out: dict[str, Any] = {}
    for word, value in parent[key].attrs.items():
        flat = np.asarray(value).reshape(-1)
        one = flat[0] if flat.size else ""
        out[str(word)] = _text(one) if isinstance(one, bytes) else one
    return out


def _text(word: bytes) -> str:
    """Decode a word; writers of before 2010 put Latin-1 where UTF-8 is due."""
    try:
        return word.decode("utf-8")
    except UnicodeDecodeError:
        return word.decode("latin-1")


def is_true(value: Any) -> bool:
    """Return whether an attribute says yes."""
    return str(value).strip().lower() in {"true", "1", "t", "yes"}


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return math.nan


def _time(date: str, clock: str) -> datetime | None:
    try:
        return datetime.strptime(date[:8] + clock[:6], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def _site(where: dict[str, Any], code: str, place: str, name: str) -> Site:
    lon, lat, height = (_number(where.get(key)) for key in ("lon", "lat", "height"))
    if not (abs(lon) <= 180 and abs(lat) <= 90) or (lon == 0 and lat == 0):
        raise DataError("radar.foreign_site", file=name, lat=f"{lat:g}", lon=f"{lon:g}")
    altitude = height if -500 <= height <= 9000 else math.nan
    return Site(code, place, round(lon, 6), round(lat, 6), altitude)

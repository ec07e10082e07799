"""ODIM HDF5 files made in memory by h5py: volumes, scans and composites."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import h5py
import numpy as np
from pyproj import Proj

SITE = {"lon": 113.25, "lat": 23.5, "height": 120.0}
WHAT = {"object": "PVOL", "version": "H5rad 2.2", "date": "20260617", "time": "183000", "source": "NOD:cnzt1,PLC:Zhen"}
Words = Mapping[str, Any]


def sweep(
    fields: Sequence[tuple[str, Any, Words]],
    *,
    elevation: float = 0.5,
    first_ray: int = 0,
    start: str = "183000",
    end: str = "183036",
    where: Words | None = None,
    how: Words | None = None,
) -> dict[str, Any]:
    """Return one dataset: fields are (quantity, (rays, gates) array, further words of its ``what``)."""
    rays, gates = np.shape(fields[0][1])
    place = {"elangle": elevation, "nrays": rays, "nbins": gates, "rstart": 0.0, "rscale": 500.0, "a1gate": first_ray}
    return {
        "where": {**place, **(where or {})},
        "what": {"product": "SCAN", "startdate": "20260617", "starttime": start, "enddate": "20260617", "endtime": end},
        "how": dict(how or {}),
        "fields": fields,
    }


def volume(
    sweeps: Sequence[Mapping[str, Any]],
    *,
    what: Words | None = None,
    where: Words | None = None,
    how: Words | None = None,
    external: bool = False,
) -> bytes:
    """Return a PVOL, or what ``what`` makes of it."""
    held = io.BytesIO()
    with h5py.File(held, "w") as file:
        file.attrs["Conventions"] = np.bytes_("ODIM_H5/V2_2")
        _attributes(file, "what", {**WHAT, **(what or {})})
        _attributes(file, "where", SITE if where is None else where)
        if how:
            _attributes(file, "how", how)
        for number, one in enumerate(sweeps, start=1):
            group = file.create_group(f"dataset{number}")
            for key in ("what", "where", "how"):
                if one.get(key):
                    _attributes(group, key, one[key])
            for count, (quantity, values, words) in enumerate(one["fields"], start=1):
                inner = group.create_group(f"data{count}")
                _attributes(
                    inner,
                    "what",
                    {"quantity": quantity, "gain": 1.0, "offset": 0.0, "nodata": 255.0, "undetect": 0.0, **words},
                )
                inner.create_dataset("data", data=np.asarray(values), compression="gzip")
        if external:
            file["dataset99"] = h5py.ExternalLink("/etc/passwd", "/dataset1")
    return held.getvalue()


def composite(
    values: Any,
    *,
    what: Words | None = None,
    where: Words | None = None,
    field: Words | None = None,
    quality: Any = None,
    further: Sequence[tuple[str, Any]] = (),
) -> bytes:
    """Return a COMP over a plane of 2 km cells round 10 E 55 N, its corners true."""
    rows, columns = np.shape(values)
    plane = {
        "projdef": "+proj=laea +lat_0=55 +lon_0=10 +x_0=0 +y_0=0 +ellps=WGS84",
        "xscale": 2000.0, "yscale": 2000.0, "xsize": columns, "ysize": rows,
    }  # fmt: skip
    back = Proj(plane["projdef"])
    for corner, x, y in (("UL", 0, 0), ("UR", columns, 0), ("LL", 0, -rows), ("LR", columns, -rows)):
        plane[f"{corner}_lon"], plane[f"{corner}_lat"] = back(x * 2000.0, y * 2000.0, inverse=True)
    held = io.BytesIO()
    with h5py.File(held, "w") as file:
        file.attrs["Conventions"] = np.bytes_("ODIM_H5/V2_2")
        _attributes(file, "what", {**WHAT, "object": "COMP", "source": "ORG:247", **(what or {})})
        _attributes(file, "where", {**plane, **(where or {})})
        for number, (quantity, one) in enumerate([("DBZH", values), *further], start=1):
            group = file.create_group(f"dataset{number}")
            _attributes(group, "what", {"product": "COMP", "startdate": "20260617", "starttime": "182500",
                                        "enddate": "20260617", "endtime": "183000"})  # fmt: skip
            inner = group.create_group("data1")
            rule = {"quantity": quantity, "gain": 0.5, "offset": -32.0, "nodata": 255.0, "undetect": 0.0}
            _attributes(inner, "what", {**rule, **(field or {})} if number == 1 else {**rule, "gain": 1.0, "offset": 0})
            inner.create_dataset("data", data=np.asarray(one), compression="gzip")
            if quality is not None and number == 1:
                mark = inner.create_group("quality1")
                _attributes(mark, "what", {"gain": 1.0, "offset": 0.0})
                _attributes(mark, "how", {"task": "se.smhi.composite.index.radar"})
                mark.create_dataset("data", data=np.asarray(quality))
    return held.getvalue()


def _attributes(parent: Any, key: str, words: Words) -> None:
    group = parent.require_group(key)
    for word, value in words.items():
        group.attrs[word] = np.bytes_(value) if isinstance(value, str) else value

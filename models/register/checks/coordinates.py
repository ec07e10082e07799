"""Check: coordinates that are no numbers, out of bounds, swapped, mirrored, or in degrees and minutes; outside."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import shapely

from models.register.checks.ground import Ground
from models.register.description import GeometryType
from models.register.entries import Entries, degrees_in, in_wgs84
from models.register.finding import Finding
from models.register.surroundings import Surroundings

KINDS: tuple[str, ...] = ("swapped", "coordinates", "outside")
_BOUNDS = {"lon": 180.0, "lat": 90.0}
_PACKED = (1e4, 1e2)  # DDDMMSS, DDDMM
BORDER_M = 30.0
"""So near beyond a border nothing is outside: borders are no better."""


def find(entries: Entries, ground: Ground) -> list[Finding]:
    """Return coordinates that cannot be, or lie outside of the county, with what they were probably meant to be."""
    if entries.description.geometry is GeometryType.NONE:
        return []
    around = ground.surroundings
    found: list[Finding] = []
    has_columns = "lon" in entries.texts and "lat" in entries.texts and entries.shapes is None
    spoken: set[int] = set()
    if has_columns:
        unread = np.flatnonzero(np.isnan(entries.read_x) | np.isnan(entries.read_y))
        for row in unread:
            found += _unread(entries, int(row))
            spoken.add(int(row))
    lon, lat = entries.lon_deg, entries.lat_deg
    valid = np.isfinite(lon) & np.isfinite(lat)
    beyond = valid & ((np.abs(lon) > 180) | (np.abs(lat) > 90))
    outside = valid & ~beyond & ~around.inside_county(lon, lat) if around.county is not None else np.zeros_like(valid)
    if around.county is not None and entries.has_shape.any():
        # A line or an area is outside only as a whole.
        rows = np.flatnonzero(outside & entries.has_shape)
        outside[rows] = ~shapely.intersects(around.county, entries.shapes[rows])
    for row in np.flatnonzero(beyond | outside):
        meant = next(_meant(entries, int(row), around), None) if has_columns else None
        if meant is not None:
            code, gives = meant
            kind = "swapped" if code == "swapped" else "coordinates"
            found.append(
                Finding(kind, entries.line(int(row)), "lat" if code == "swapped" else "lon", code, _facts(entries, int(row)),
                        entries.place_text(int(row)), gives, mend=_MENDS[code])
            )  # fmt: skip
            spoken.add(int(row))
        elif beyond[row]:
            found.append(_out_of_bounds(entries, int(row)))
            spoken.add(int(row))
    rest = np.array([row for row in np.flatnonzero(outside) if row not in spoken], np.intp)
    if rest.size:
        far = around.beyond_border_m(lon[rest], lat[rest])
        for row, meters in zip(rest, far, strict=True):
            if meters <= BORDER_M:
                continue
            facts = {"km": f"{meters / 1000:.1f}"}
            found.append(
                Finding("outside", entries.line(int(row)), "lon", "outside", facts, entries.place_text(int(row)),
                        refuses=False)
            )  # fmt: skip
    return found


def missing(entries: Entries, ground: Ground) -> str:
    """Without the county's outline nothing is outside."""
    needs = entries.description.geometry is not GeometryType.NONE
    return "no_county" if needs and ground.surroundings.county is None else ""


_MENDS = {
    "swapped": "swap_coordinates",
    "sign": "flip_sign",
    "packed_degrees": "decimal_degrees",
    "packed_decimals": "decimal_degrees",
    "point_lost": "decimal_point",
}


def _unread(entries: Entries, row: int) -> Iterator[Finding]:
    """Say of each cell that is no number whether degrees and minutes are in it."""
    for name in ("lon", "lat"):
        text = entries.texts[name][row]
        if (entries.line(row), name) in entries.unread:
            continue
        if not text or not math.isnan((entries.read_x if name == "lon" else entries.read_y)[row]):
            continue
        degrees = degrees_in(text)
        if math.isnan(degrees) or abs(degrees) > _BOUNDS[name]:
            yield Finding("coordinates", entries.line(row), name, "number", {"value": text}, text)
        else:
            facts = {"value": text}
            yield Finding("coordinates", entries.line(row), name, "degrees_text", facts, text, f"{degrees:.7g}",
                          mend="decimal_degrees")  # fmt: skip


def _meant(entries: Entries, row: int, around: Surroundings) -> Iterator[tuple[str, str]]:
    """Yield what the coordinates of a row were probably meant to be: what lies in the county then."""
    x, y = float(entries.read_x[row]), float(entries.read_y[row])
    if around.county is None:
        if abs(y) > 90 and abs(y) <= 180 and abs(x) <= 90:
            yield "swapped", f"{y:.10g}, {x:.10g}"
        return
    tries = [("swapped", y, x)]
    tries += [("sign", sx * x, sy * y) for sx, sy in ((-1, 1), (1, -1), (-1, -1))]
    tries += [("sign", sy * y, sx * x) for sx, sy in ((-1, 1), (1, -1), (-1, -1))]
    tries += [("packed_degrees", unpacked(x, scale), unpacked(y, scale)) for scale in _PACKED]
    tries.append(("packed_decimals", unpacked(x * 1e4, 1e4), unpacked(y * 1e4, 1e4)))
    for code, one, other in tries:
        if lies_inside(entries, around, one, other):
            yield code, f"{one:.10g}, {other:.10g}"
    for tens in range(1, 9):
        for one, other in ((x / 10**tens, y), (x, y / 10**tens), (x / 10**tens, y / 10**tens)):
            if lies_inside(entries, around, one, other):
                yield "point_lost", f"{one:.10g}, {other:.10g}"


def unpacked(value: float, scale: float) -> float:
    """Return the degrees of ``DDDMMSS`` (scale 1e4) or ``DDDMM`` (1e2); NaN if minutes or seconds reach 60."""
    whole = abs(value)
    degrees, rest = divmod(whole, scale)
    if scale < 1e4:
        minutes, seconds = rest, 0.0
    else:
        minutes, seconds = divmod(rest, 100.0)
    if minutes >= 60 or seconds >= 60:
        return math.nan
    return math.copysign(round(degrees + minutes / 60 + seconds / 3600, 7), value)


def lies_inside(entries: Entries, around: Surroundings, x: float, y: float) -> bool:
    """Say whether coordinates as the file would have them lie in the county."""
    if not (math.isfinite(x) and math.isfinite(y)) or (abs(y) > 90 and not entries.crs):
        return False
    lon, lat, _ = in_wgs84(np.array([x]), np.array([y]), None, entries.crs)
    return bool(around.inside_county(lon, lat)[0])


def _facts(entries: Entries, row: int) -> dict[str, str | int]:
    return {"value": entries.text("lat", row), "least": "-90", "most": "90"}


def _out_of_bounds(entries: Entries, row: int) -> Finding:
    x, y = float(entries.lon_deg[row]), float(entries.lat_deg[row])
    name, value = ("lon", x) if abs(x) > 180 else ("lat", y)
    projected = abs(x) > 10_000 and abs(y) > 100_000
    facts = {"value": f"{value:.10g}", "least": f"{-_BOUNDS[name]:g}", "most": f"{_BOUNDS[name]:g}"}
    code = "projected" if projected else "range"
    return Finding("coordinates", entries.line(row), name, code, facts, entries.place_text(row))

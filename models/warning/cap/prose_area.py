"""What the standard's prose asks of an area: outlines that can be drawn, in the right order."""

from __future__ import annotations

import math
import re

from lxml import etree
from shapely.geometry import LinearRing

import resources
from models.warning.cap.names import tag
from models.warning.cap.prose_message import Findings, text_of
from models.warning.cap.report import CapFinding

Bounds = tuple[float, float, float, float]

_OID = re.compile(r"(?:^|[^\d.])2\.49\.0\.[01]\.(\d{1,3})\.")
_CHINESE_ID = re.compile(r"\d{14}_\d{14}(_\d)?")
_PAIR = re.compile(r"([-+]?\d+(?:\.\d*)?|[-+]?\.\d+),([-+]?\d+(?:\.\d*)?|[-+]?\.\d+)")
_MANY_VERTICES = 500
_LONG_AREA = 50


def country_bounds(root: etree._Element) -> Bounds | None:
    """Return where the message's country lies: west, south, east, north in degrees, None if it does not say.

    China by the form of its identifiers or by language, others by the country
    in their object identifier (2.49.0.1.<ISO numeric>).
    """
    identifier = text_of(root, "identifier")
    found = _OID.search(identifier)
    languages = {text_of(info, "language").lower() for info in root.findall(tag("info"))}
    code = found.group(1).zfill(3) if found else ""
    if not found and (_CHINESE_ID.fullmatch(identifier) or "zh-cn" in languages):
        code = "156"
    bounds = resources.table("cap/country_bounds")["bounds"].get(code)
    return tuple(bounds) if bounds else None


def check_area(area: etree._Element, where: str, bounds: Bounds | None, errors: Findings, warnings: Findings) -> None:
    """Check one area block; ``bounds`` is where the message's country lies, if that is known."""
    polygons, circles = area.findall(tag("polygon")), area.findall(tag("circle"))
    if not polygons and not circles and not area.findall(tag("geocode")):
        warnings.append(CapFinding("area.nowhere", where))
    if len(text_of(area, "areaDesc")) > _LONG_AREA:
        warnings.append(CapFinding("area.long", f"{where}/areaDesc", {"most": str(_LONG_AREA)}))
    for number, polygon in enumerate(polygons, 1):
        _check_polygon((polygon.text or "").strip(), f"{where}/polygon[{number}]", bounds, errors, warnings)
    for number, circle in enumerate(circles, 1):
        _check_circle((circle.text or "").strip(), f"{where}/circle[{number}]", bounds, errors, warnings)
    _check_heights(area, where, errors)


def _check_polygon(text: str, where: str, bounds: Bounds | None, errors: Findings, warnings: Findings) -> None:
    if not text:
        return  # an empty element has its own warning
    pairs = [_pair(item) for item in text.split()]
    if any(pair is None for pair in pairs):
        bad = next(item for item in text.split() if _pair(item) is None)
        errors.append(CapFinding("polygon.form", where, {"value": bad}))
        return
    places = [pair for pair in pairs if pair is not None]
    if len(places) < 4:
        errors.append(CapFinding("polygon.short", where, {"count": str(len(places))}))
    elif places[0] != places[-1]:
        errors.append(CapFinding("polygon.open", where))
    if not _check_places(places, where, bounds, errors) or len(places) < 4:
        return
    if places[0] == places[-1] and not _is_simple(places):
        errors.append(CapFinding("polygon.crosses", where))
    if len(places) > _MANY_VERTICES:
        warnings.append(CapFinding("polygon.many", where, {"count": str(len(places))}))


def _check_circle(text: str, where: str, bounds: Bounds | None, errors: Findings, warnings: Findings) -> None:
    if not text:
        return
    parts = text.split()
    place = _pair(parts[0])
    try:
        radius = float(parts[1]) if len(parts) == 2 else math.nan
    except ValueError:
        radius = math.nan
    if place is None or not math.isfinite(radius):
        errors.append(CapFinding("circle.form", where, {"value": text}))
        return
    _check_places([place], where, bounds, errors)
    if radius < 0:
        errors.append(CapFinding("circle.negative", where, {"value": parts[1]}))
    elif radius == 0:
        warnings.append(CapFinding("circle.zero", where))


def _check_places(places: list[tuple[float, float]], where: str, bounds: Bounds | None, errors: Findings) -> bool:
    """Check latitudes and longitudes, and doubt their order where only the other one lies in the country."""
    for lat, lon in places:
        if not -90 <= lat <= 90 or not -180 <= lon <= 180:
            errors.append(CapFinding("place.range", where, {"value": f"{lat:g},{lon:g}"}))
            return False
    if bounds is not None and not _inside(places, bounds) and _inside([(lon, lat) for lat, lon in places], bounds):
        errors.append(CapFinding("place.swapped", where, {"value": f"{places[0][0]:g},{places[0][1]:g}"}))
        return False
    return True


def _inside(places: list[tuple[float, float]], bounds: Bounds) -> bool:
    """Return whether all places (lat, lon) lie within bounds."""
    west, south, east, north = bounds
    return all(south <= lat <= north and west <= lon <= east for lat, lon in places)


def _check_heights(area: etree._Element, where: str, errors: Findings) -> None:
    altitude, ceiling = text_of(area, "altitude"), text_of(area, "ceiling")
    if not ceiling:
        return
    if not altitude:
        errors.append(CapFinding("ceiling.alone", f"{where}/ceiling"))
        return
    try:
        below = float(ceiling) < float(altitude)
    except ValueError:
        return  # the schema says that these are no numbers
    if below:
        errors.append(CapFinding("ceiling.below", f"{where}/ceiling"))


def _pair(text: str) -> tuple[float, float] | None:
    found = _PAIR.fullmatch(text)
    return (float(found.group(1)), float(found.group(2))) if found else None


def _is_simple(places: list[tuple[float, float]]) -> bool:
    """Return whether a closed ring crosses or touches itself nowhere; corners written twice do not count."""
    corners = [p for i, p in enumerate(places) if i == 0 or p != places[i - 1]]
    return len(corners) >= 4 and bool(LinearRing(corners).is_simple)

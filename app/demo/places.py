"""The base map of the exercise as the store keeps it."""

from __future__ import annotations

import shapely

from app.demo.county import build_county
from app.demo.lines import build_lines
from app.demo.scene import COUNTY_CODE, COUNTY_NAME
from models.hazard.register import Place


def places() -> tuple[Place, ...]:
    """Return county, towns, villages, rivers and roads as the store keeps them, WGS 84."""
    county = build_county()
    out = [Place(COUNTY_CODE, COUNTY_NAME, "county", "", shapely.to_wkb(county.border), county.population)]
    out += [Place(a.code, a.name, "town", a.parent, shapely.to_wkb(a.border), a.population) for a in county.towns]
    out += [Place(a.code, a.name, "village", a.parent, shapely.to_wkb(a.border), a.population) for a in county.villages]
    out += [Place(way.code, way.name, way.kind, COUNTY_CODE, shapely.to_wkb(way.line)) for way in build_lines()]
    return tuple(out)

"""The radar register: where radars stand, for files that do not say it, and to tell a stranger under a known code."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from typing import Any

import numpy as np

import resources
from models.errors import DataError
from models.geodesy import distance_m
from models.radar.called import called
from models.radar.oddity import Oddity
from models.radar.product import Grid, Product, Reading
from models.radar.volume import Site, Volume

MOVED_M = 1_000.0
ELSEWHERE_M = 10_000.0

_NAMES = (
    re.compile(r"^Z_RADR_[A-Z]_([A-Za-z0-9]{3,9})_", re.IGNORECASE),
    re.compile(r"^([A-Z][A-Z0-9]{3,4})_\d{14}"),
    re.compile(r"(?<![A-Za-z0-9])(Z[A-Za-z0-9]\d{3})(?![A-Za-z0-9])", re.IGNORECASE),
)


@dataclass(frozen=True, slots=True)
class RadarSite:
    """One radar as the register knows it.

    ``altitude_m`` is the antenna's height above sea level; it and ``beam_width_deg`` are NaN, ``band``
    and ``owner`` empty, ``step`` None where nothing is said. ``verified`` is whether the place stands in
    the radar's own files or was entered by the office; ``source`` is which list says it, ``evidence``
    what that list rests on.
    """

    code: str
    name: str
    lon_deg: float
    lat_deg: float
    altitude_m: float = math.nan
    band: str = ""
    beam_width_deg: float = math.nan
    owner: str = ""
    step: timedelta | None = None
    verified: bool = False
    source: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Register:
    """Radars by code; of two entries with one code the first holds.

    ``stand_in`` is where a file stands that no entry knows, whatever its code, or even
    without one: only for somebody who said so for this very file.
    """

    sites: tuple[RadarSite, ...] = ()
    stand_in: RadarSite | None = None

    def find(self, code: str) -> RadarSite | None:
        """Return the radar of this code, None if the register has none; upper and lower case are one."""
        wanted = code.upper()
        return next((site for site in self.sites if wanted and site.code.upper() == wanted), None)

    def named(self, reading: Reading) -> Reading:
        """Return a reading whose radar has the register's name, where the register knows one of its code."""
        if isinstance(reading, Grid):
            return reading
        known = self.find(reading.site.code)
        if known is None or not known.name or known.name == reading.site.name:
            return reading
        site = replace(reading.site, name=known.name)
        return replace(reading, site=site)

    def knowing(self, heard: Site) -> Register:
        """Return a register that also knows a radar as it was heard first, if it has none of this code.

        Another radar that comes under the same code is then a stranger, as for every other entry.
        """
        if not heard.code or not heard.placed or self.find(heard.code) is not None:
            return self
        first = RadarSite(heard.code, heard.name, heard.lon_deg, heard.lat_deg, heard.altitude_m, source="heard")
        return replace(self, sites=(*self.sites, first))

    def behind(self, first: Iterable[RadarSite]) -> Register:
        """Return a register in which other entries go before these, such as an office's own."""
        return replace(self, sites=(*first, *self.sites))


@cache
def shipped() -> Register:
    """Return the register that comes with the console, ``resources/radars/china.toml``."""
    return Register(tuple(_site(entry) for entry in resources.table("radars/china")["radar"]))


def _site(entry: dict[str, Any]) -> RadarSite:
    facts = dict(entry)
    minutes = facts.pop("step_min", None)
    step = timedelta(minutes=minutes) if minutes is not None else None
    return RadarSite(**facts, step=step, source="china.toml")


def site_from_name(filename: str) -> str:
    """Return the station code in a file's name, empty where there is none.

    Examples
    --------
    >>> site_from_name("Z_RADR_I_Z9398_20140704080600_O_DOR_SB_CAP.bin.bz2")
    'Z9398'
    >>> site_from_name("20110916.022400.01.27.200")
    ''
    """
    for pattern in _NAMES:
        found = pattern.search(filename)
        if found:
            return found[1].upper()
    return ""


def placed(reading: Reading, register: Register, filename: str) -> Reading:
    """Return a reading with the place that the register gives it, where its file gives none.

    The code is the file's own, else that in its name; a name that contradicts the file is
    said and not believed. What is strange about code or place is added to ``oddities``:
    ``radar.odd.placed`` and ``radar.odd.placed_unverified`` (place from the register), ``radar.odd.no_site`` (nobody knows it; it
    stays NaN), ``radar.odd.code_in_name``, ``radar.odd.moved`` (over 1 km from the register).
    """
    if isinstance(reading, Grid):
        return reading
    site, named = reading.site, site_from_name(filename)
    odd: list[Oddity] = []
    if named and site.code and named != site.code.upper():
        odd.append(Oddity("radar.odd.code_in_name", name_code=named, code=site.code))
    code = site.code or named
    known = register.find(code)
    if not site.placed:
        known = register.stand_in or known
        site = _given(site, code, known)
        odd.append(_said(code, known))
    elif known is not None:
        odd += _moved(site, known)
        if math.isnan(site.altitude_m) and away_m(site, known) <= MOVED_M:
            site = replace(site, altitude_m=known.altitude_m)
    oddities = tuple(dict.fromkeys((*reading.oddities, *odd)))
    if isinstance(reading, Product):
        return replace(reading, site=site, oddities=oddities)
    width = reading.beam_width_deg
    if math.isnan(width) and known is not None:
        width = known.beam_width_deg
    return replace(reading, site=site, oddities=oddities, beam_width_deg=width)


def _given(site: Site, code: str, known: RadarSite | None) -> Site:
    if known is None:
        return replace(site, code=code)
    altitude_m = known.altitude_m if math.isnan(site.altitude_m) else site.altitude_m
    return Site(code or known.code, site.name or known.name, known.lon_deg, known.lat_deg, altitude_m)


def _said(code: str, known: RadarSite | None) -> Oddity:
    if known is None:
        return Oddity("radar.odd.no_site", code=code or "?")
    place = {"lon": f"{known.lon_deg:.3f}", "lat": f"{known.lat_deg:.3f}"}
    sentence = "radar.odd.placed" if known.verified else "radar.odd.placed_unverified"
    return Oddity(sentence, code=code or "?", source=known.source, **place)


def away_m(site: Site, known: RadarSite) -> float:
    """Return how far a reading stands from where the register has its radar, m; NaN where it has no place."""
    return float(distance_m(np.array([site.lon_deg]), np.array([site.lat_deg]), known.lon_deg, known.lat_deg)[0])


def _moved(site: Site, known: RadarSite) -> list[Oddity]:
    away = away_m(site, known)
    return [Oddity("radar.odd.moved", **_both(site, known, away))] if away > MOVED_M else []


def _both(site: Site, known: RadarSite, away: float) -> dict[str, object]:
    """Both positions as sentences name them."""
    return {
        "radar": called(known.name or site.name, site.code),
        "lon": f"{site.lon_deg:.3f}",
        "lat": f"{site.lat_deg:.3f}",
        "known_lon": f"{known.lon_deg:.3f}",
        "known_lat": f"{known.lat_deg:.3f}",
        "away_km": f"{away / 1000:.1f}",
    }


def check_site(reading: Volume | Product, register: Register, filename: str) -> DataError | None:
    """Refuse a reading that must not lie on the map; see `check_place`."""
    return check_place(reading.site, register, filename)


def check_place(site: Site, register: Register, filename: str) -> DataError | None:
    """Refuse a place that must not lie on the map: none at all, or that of a stranger under a known code.

    A stranger would take the place of what the true radar saw. Within 10 km the reading's own
    place holds.

    Returns
    -------
    DataError or None
        What to tell of a reading that is taken: ``radar.wrong_code`` if the file's name says
        another station, ``radar.moved`` if it stands over 1 km from the register.

    Raises
    ------
    DataError
        ``radar.no_site`` if nobody knows the place, ``radar.elsewhere`` beyond 10 km of the register.
    """
    named = site_from_name(filename)
    if not site.placed:
        raise DataError("radar.no_site", radar=f"{site.code or '?'} ({filename})")
    known = register.find(site.code)
    away = 0.0 if known is None else away_m(site, known)
    if known is not None and away > ELSEWHERE_M:
        raise DataError("radar.elsewhere", file=filename, **_both(site, known, away))
    if named and named != site.code.upper():
        return DataError("radar.wrong_code", file=filename, named=named, code=site.code)
    if known is not None and away > MOVED_M:
        return DataError("radar.moved", file=filename, **_both(site, known, away))
    return None

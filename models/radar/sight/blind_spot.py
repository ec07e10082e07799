"""What the radars cannot see at a place, in one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

import resources
from models.geodesy import to_plane
from models.radar.beam import beam_height_above
from models.radar.called import called
from models.radar.sight.blockage import MOST_BLOCKED, UNKNOWN
from models.radar.sight.site_view import STORM_TOP_M, SiteView


@dataclass(frozen=True, slots=True)
class BeamAt:
    """One cut over a place: its center above sea level, and the percent of it that the ground takes (255 unknown)."""

    elevation_deg: float
    height_m: float
    percent: int


@dataclass(frozen=True, slots=True)
class RadarAt:
    """One radar as a place sees it: how far it stands, how far it reaches, and its cuts there from low to high.

    ``silent`` says that the place is near enough, but the transmitter is off that way or every cut passes far above.
    """

    code: str
    distance_m: float
    range_m: float
    beams: tuple[BeamAt, ...]
    silent: bool = False
    name: str = ""

    @property
    def said(self) -> str:
        """What the radar is called."""
        return called(self.name, self.code)

    @property
    def useful(self) -> tuple[BeamAt, ...]:
        """The cuts that are not above all storms."""
        return tuple(beam for beam in self.beams if not beam.height_m > STORM_TOP_M)

    @property
    def lowest(self) -> BeamAt | None:
        """The lowest useful cut that is known to be free."""
        return next((beam for beam in self.useful if beam.percent <= MOST_BLOCKED), None)

    @property
    def perhaps(self) -> BeamAt | None:
        """The lowest useful cut that is not known to be blocked."""
        return next((beam for beam in self.useful if beam.percent <= MOST_BLOCKED or beam.percent == UNKNOWN), None)


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence: its key in ``resources/phrases/blind_spot.toml``, and its facts.

    A fact that is a tuple of clauses is said as a list.
    """

    code: str
    facts: Mapping[str, Any]

    def said(self, language: str) -> str:
        """Return the clause in ``zh`` or ``en``."""
        between = resources.phrase("blind_spot", "between", language)
        facts = {
            name: between.join(part.said(language) for part in fact) if isinstance(fact, tuple) else fact
            for name, fact in self.facts.items()
        }
        return resources.phrase("blind_spot", self.code, language).format_map(facts)


@dataclass(frozen=True, slots=True)
class BlindSpot:
    """What the radars cannot see at a place: the radars there, the nearest first, and the sentence's clauses.

    ``ground_m`` is NaN where no height is known. The first clause says how low is seen, or why nothing is:
    ``free``, ``partly``, ``over``, ``blind``, ``unknown``, ``unknown_height``, ``too_high``, ``silent``, ``beyond`` or ``none``.
    """

    place: str
    ground_m: float
    radars: tuple[RadarAt, ...]
    clauses: tuple[Clause, ...]

    @property
    def code(self) -> str:
        return self.clauses[0].code

    @property
    def facts(self) -> Mapping[str, Any]:
        return self.clauses[0].facts

    def sentence(self, language: str = "en") -> str:
        """Return the sentence in ``zh`` or ``en``."""
        space = "" if language == "zh" else " "
        return space.join(clause.said(language) for clause in self.clauses)


def blind_spot(place: str, lon_deg: float, lat_deg: float, ground_m: float, views: tuple[SiteView, ...]) -> BlindSpot:
    """Return what the radars cannot see at a place.

    Parameters
    ----------
    place : str
        What it is called.
    lon_deg, lat_deg : float, degrees
        WGS 84.
    ground_m : float, m
        Height of the ground above sea level, NaN where unknown.
    views : tuple of SiteView
        All radars that might see it.

    Returns
    -------
    BlindSpot
        Of the beam centers that are known to be free the lowest counts; below it as good as nothing is seen.
    """
    radars = tuple(sorted((_radar_at(view, lon_deg, lat_deg) for view in views), key=lambda radar: radar.distance_m))
    near = tuple(radar for radar in radars if radar.beams)
    first, chosen = _first(place, ground_m, radars, near)
    clauses = [first]
    if (lower := _maybe_lower(first, near)) is not None:
        clauses.append(lower)
    others = tuple(_other(radar, ground_m) for radar in near if radar is not chosen)
    if others and chosen is not None:
        clauses.append(Clause("also", {"others": others}))
    if (top := _top(near)) is not None:
        clauses.append(top)
    return BlindSpot(place, ground_m, radars, tuple(clauses))


def _radar_at(view: SiteView, lon_deg: float, lat_deg: float) -> RadarAt:
    geometry = view.geometry
    east, north = to_plane(np.array([lon_deg]), np.array([lat_deg]), center=(geometry.lon_deg, geometry.lat_deg))
    distance = float(np.hypot(east, north)[0])
    cell = int(geometry.cells_at(east, north)[0])
    if cell < 0:
        return RadarAt(view.site.code, distance, view.range_m, (), name=view.site.name)
    row, column = divmod(cell, geometry.bins)
    beams = tuple(
        BeamAt(
            cut.elevation_deg,
            float(beam_height_above(np.array([distance]), cut.elevation_deg, antenna_height_m=view.site.altitude_m)[0]),
            int(view.percent[number, row, column]),
        )
        for number, cut in enumerate(view.cuts)
        if view.looks[number, row, column]
    )
    silent = not beams and distance <= view.range_m
    return RadarAt(view.site.code, distance, view.range_m, beams, silent, view.site.name)


def _first(
    place: str, ground_m: float, radars: tuple[RadarAt, ...], near: tuple[RadarAt, ...]
) -> tuple[Clause, RadarAt | None]:
    """Return the clause that says how low is seen, and the radar that sees so low."""
    if not radars:
        return Clause("none", {"place": place}), None
    if not near:
        silent = next((radar for radar in radars if radar.silent), None)
        if silent is not None:
            return Clause("silent", {"place": place, "radar": silent.said}), None
        closest = min(radars, key=lambda radar: radar.distance_m - radar.range_m)
        facts = {"radar": closest.said, "distance_km": closest.distance_m / 1000, "range_km": closest.range_m / 1000}
        return Clause("beyond", {"place": place, **facts}), None
    seen = [(beam.height_m, radar, beam) for radar in near if (beam := radar.lowest) is not None]
    if seen and np.isfinite(ground_m):
        height_m, radar, beam = min(seen, key=lambda found: found[0])
        facts = {
            "place": place,
            "radar": radar.said,
            "elevation": beam.elevation_deg,
            "height_km": max(0.0, height_m - ground_m) / 1000,
            "percent": beam.percent,
            "low": radar.beams[0].elevation_deg,
            "low_percent": radar.beams[0].percent,
        }
        hidden = beam is not radar.beams[0] and radar.perhaps is beam
        code = "over" if hidden else "partly" if beam.percent else "free"
        return Clause(code, facts), radar
    maybe = [(beam.height_m, radar, beam) for radar in near if (beam := radar.perhaps) is not None]
    if maybe:
        height_m, radar, beam = min(maybe, key=lambda found: found[0] if np.isfinite(found[0]) else np.inf)
        facts = {"place": place, "radar": radar.said, "elevation": beam.elevation_deg, "height_km": height_m / 1000}
        return Clause("unknown" if np.isfinite(height_m) else "unknown_height", facts), radar
    if high := [radar for radar in near if not radar.useful]:
        facts = {"place": place, "radar": high[0].said, "elevation": high[0].beams[0].elevation_deg}
        return Clause("too_high", {**facts, "height_km": high[0].beams[0].height_m / 1000}), None
    return Clause("blind", {"place": place, "radars": tuple(Clause("radar", {"radar": r.said}) for r in near)}), None


def _maybe_lower(first: Clause, near: tuple[RadarAt, ...]) -> Clause | None:
    """Return the beam that passes lower than the lowest known one, if nobody knows whether it is blocked."""
    if first.code not in {"free", "partly", "over"}:
        return None
    seen_m = min(beam.height_m for radar in near if (beam := radar.lowest) is not None)
    lower = [(beam.height_m, radar, beam) for radar in near if (beam := radar.perhaps) and beam.height_m < seen_m]
    if not lower:
        return None
    _, radar, beam = min(lower, key=lambda found: found[0])
    return Clause("maybe_lower", {"radar": radar.said, "elevation": beam.elevation_deg})


def _other(radar: RadarAt, ground_m: float) -> Clause:
    """Return what another radar in range has over the place."""
    if (beam := radar.lowest) is not None and np.isfinite(ground_m):
        height_km = max(0.0, beam.height_m - ground_m) / 1000
        return Clause("other_free", {"radar": radar.said, "height_km": height_km})
    return Clause("other_blocked" if radar.perhaps is None else "other_unknown", {"radar": radar.said})


def _top(near: tuple[RadarAt, ...]) -> Clause | None:
    """Return what is not seen above the highest beam of all, None where storms end below it."""
    beams = [(beam.height_m, radar, beam) for radar in near if radar.perhaps for beam in radar.beams[-1:]]
    known = [found for found in beams if np.isfinite(found[0])]
    if not known:
        return None
    height_m, radar, beam = max(known, key=lambda found: found[0])
    if height_m >= STORM_TOP_M:
        return None
    facts = {"radar": radar.said, "elevation": beam.elevation_deg, "height_km": height_m / 1000}
    return Clause("top", {**facts, "distance_km": radar.distance_m / 1000})

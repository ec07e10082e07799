"""Which town and village a place lies in, fast enough for the cursor."""

from __future__ import annotations

from collections.abc import Iterable

import shapely

from models.hazard.register import Place


class PlaceIndex:
    """Areas by where they lie.

    Parameters
    ----------
    places : Iterable[Place]
        Counties, towns, villages; lines are left out.
    """

    def __init__(self, places: Iterable[Place]) -> None:
        self._places = tuple(place for place in places if place.kind in {"county", "town", "village"})
        self._tree = shapely.STRtree(shapely.from_wkb([place.wkb for place in self._places]))

    def at(self, lon_deg: float, lat_deg: float) -> dict[str, Place]:
        """Return the area of each kind that covers a place: ``{"town": ..., "village": ...}``."""
        found = self._tree.query(shapely.Point(lon_deg, lat_deg), predicate="covered_by")
        return {self._places[i].kind: self._places[i] for i in sorted(found.tolist(), reverse=True)}

    def words_at(self, lon_deg: float, lat_deg: float) -> str:
        """Return ``town village`` of a place, the county where there are no towns, empty outside."""
        found = self.at(lon_deg, lat_deg)
        names = [found[kind].name for kind in ("town", "village") if kind in found]
        if not names and "county" in found:
            names = [found["county"].name]
        return " ".join(names)

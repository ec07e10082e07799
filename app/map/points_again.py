"""Hazard points that were changed while the console runs: judged, addressed and watched by the radars anew."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import QObject

from app.desks import Desks
from app.notices import Notices
from models.geodesy import FloatArray
from models.hazard.register import HazardPoint
from models.register.description import HAZARD_POINTS
from models.store import hazards
from models.store.database import Store

_Changed = tuple[tuple[HazardPoint, ...], FloatArray, FloatArray]


def _changed(store: Store, before: tuple[HazardPoint, ...]) -> _Changed | None:
    """Return the points with their longitudes and latitudes, None if they are as before; for a job."""
    points = store.read(hazards.points)
    if points == before:
        return None
    lon_deg = np.array([point.lon_deg for point in points], np.float64)
    return points, lon_deg, np.array([point.lat_deg for point in points], np.float64)


class PointsAgain(QObject):
    """Reads the points after their register was written; nobody has to start the console for a new threshold."""

    def __init__(self, desks: Desks, notices: Notices) -> None:
        super().__init__()
        self._desks, self._notices = desks, notices

    def read(self, register: str) -> None:
        """Read the points again if it was their register that changed."""
        if register == HAZARD_POINTS:
            work = partial(_changed, self._desks.store, self._desks.alarms.points)
            self._desks.jobs.start("points again", work, on_done=self._on_points, on_error=self._notices.tell)

    def _on_points(self, changed: _Changed | None) -> None:
        if changed is None:
            return
        desks, (points, lon_deg, lat_deg) = self._desks, changed
        desks.feed.show_points(lon_deg, lat_deg)
        desks.warnings.drafts.renew(points)
        desks.alarms.renew(points)
        desks.map.show_points(points, desks.alarms.verdicts)

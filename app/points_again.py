"""Hazard points that were changed while the console runs: judged, addressed and watched by the radars anew."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import QObject

from app.desks import Desks
from app.notices import Notices
from models.hazard.register import HazardPoint
from models.register.description import HAZARD_POINTS
from models.store import hazards


class PointsAgain(QObject):
    """Reads the points after their register was written; nobody has to start the console for a new threshold."""

    def __init__(self, desks: Desks, notices: Notices) -> None:
        super().__init__()
        self._desks, self._notices = desks, notices

    def read(self, register: str) -> None:
        """Read the points again if it was their register that changed."""
        if register == HAZARD_POINTS:
            work = partial(self._desks.store.read, hazards.points)
            self._desks.jobs.start("points again", work, on_done=self._on_points, on_error=self._notices.tell)

    def _on_points(self, points: tuple[HazardPoint, ...]) -> None:
        desks = self._desks
        if points == desks.alarms.points:
            return
        lon = np.array([point.lon_deg for point in points], np.float64)
        lat = np.array([point.lat_deg for point in points], np.float64)
        desks.feed.show_points(lon, lat)
        desks.warnings.drafts.renew(points)
        desks.alarms.renew(points)
        desks.map.show_points(points, desks.alarms.verdicts)

"""Hazard points that were changed while the console runs: judged, addressed and watched by the radars anew."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject

from app.desks import Desks
from app.notices import Notices
from models.hazard.point_table import PointTable
from models.hazard.register import HazardPoint
from models.register.description import HAZARD_POINTS
from models.store import hazards
from models.store.database import Store


def _changed(store: Store, before: tuple[HazardPoint, ...]) -> PointTable | None:
    """Return the points, None if they are as before; for a job."""
    points = store.read(hazards.points)
    return None if points == before else PointTable(points).made()


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

    def _on_points(self, table: PointTable | None) -> None:
        if table is None:
            return
        desks = self._desks
        desks.feed.show_points(table.lonlat[:, 0], table.lonlat[:, 1])
        desks.warnings.drafts.renew(table.points)
        desks.alarms.renew(table)
        desks.map.show_points(table.points, desks.alarms.verdicts)

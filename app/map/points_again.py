"""Hazard points that were changed while the console runs: judged, addressed and watched by the radars anew."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject

from app.desks import Desks
from app.notices import Notices
from app.warning.renewal import Renewal, renewal
from models.hazard.point_table import PointTable
from models.rain.observations import PointRates
from models.register.description import HAZARD_POINTS
from models.store import hazards
from models.store.database import Store


def _changed(store: Store, before: PointTable, rates: tuple[PointRates, ...]) -> Renewal | None:
    """Return what becomes of the points and their rain, None if they are as before; for a job."""
    points = store.read(hazards.points)
    return None if points == before.points else renewal(before, PointTable(points).made(), rates)


class PointsAgain(QObject):
    """Reads the points after their register was written; nobody has to start the console for a new threshold."""

    def __init__(self, desks: Desks, notices: Notices) -> None:
        super().__init__()
        self._desks, self._notices = desks, notices

    def read(self, register: str) -> None:
        """Read the points again if it was their register that changed."""
        if register == HAZARD_POINTS:
            self._read()

    def _read(self) -> None:
        alarms = self._desks.alarms
        work = partial(_changed, self._desks.store, alarms.table, alarms.rates)
        done = partial(self._on_points, alarms.table)
        self._desks.jobs.start("points again", work, on_done=done, on_error=self._notices.tell)

    def _on_points(self, before: PointTable, found: Renewal | None) -> None:
        desks = self._desks
        if before is not desks.alarms.table:
            self._read()  # another answer came in between: it is not these points that change now
        elif found is not None:
            table = found.table
            desks.feed.show_points(table.lonlat[:, 0], table.lonlat[:, 1])
            desks.warnings.drafts.renew(table.points)
            desks.alarms.renew(found)
            desks.map.show_points(table.points, desks.alarms.verdicts)

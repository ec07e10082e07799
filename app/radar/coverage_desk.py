"""What the radars can look at: coverage on the map, and what they cannot see at a place."""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.jobs import Jobs
from app.worker.worker import RadarTaken
from models.grid import GridArea
from models.radar.sight.blind_spot import BlindSpot, blind_spot
from models.radar.sight.coverage import Coverage, coverage_of
from models.radar.sight.heights import heights_at, heights_on
from models.radar.sight.horizon_shelf import SiteBlockage
from models.radar.sight.site_view import ScanCut, SiteView, view_of
from models.radar.volume import Site

_log = logging.getLogger(__name__)
BIN_M = 500.0

Views = tuple[SiteView, ...]


def look_round(
    scans: tuple[tuple[Site, tuple[ScanCut, ...]], ...], area: GridArea, dem: Path, blockage: SiteBlockage
) -> tuple[Coverage, Views]:
    """Return what all radars see together, and each by itself; a job's work.

    Raises
    ------
    DataError
        ``layers.unreadable`` or ``layers.no_crs`` if the heights cannot be read.
    """
    known = blockage if dem.is_file() else None
    views = tuple(view_of(site, cuts, known, bin_m=BIN_M) for site, cuts in scans)
    ground = heights_on(dem, area) if known is not None else np.full(area.shape, np.nan, np.float32)
    return coverage_of(views, area, ground), views


def unseen_at(place: str, lon_deg: float, lat_deg: float, views: Views, dem: Path) -> BlindSpot:
    """Return what the radars cannot see at a place; a job's work.

    Raises
    ------
    DataError
        If the heights cannot be read.
    """
    ground = np.array([np.nan], np.float32)
    if dem.is_file():
        ground = heights_at(dem, np.array([lon_deg]), np.array([lat_deg]))
    return blind_spot(place, lon_deg, lat_deg, float(ground[0]), views)


class CoverageDesk(QObject):
    """Leads what is known of the radars' sight; it is worked out anew when a radar scans in another way.

    Signals
    -------
    coverage_changed(Coverage)     how low the radars see
    unseen_said(str, BlindSpot)    what they cannot see at a point, by its id
    failed(Exception)              the heights could not be read
    """

    coverage_changed = Signal(object)
    unseen_said = Signal(str, object)
    failed = Signal(object)

    def __init__(self, jobs: Jobs, *, dem: Path, blockage: SiteBlockage) -> None:
        super().__init__()
        self._jobs, self._dem, self._blockage = jobs, dem, blockage
        self._area: GridArea | None = None
        self._scans: dict[str, tuple[Site, tuple[ScanCut, ...]]] = {}
        self._views: Views = ()
        self._asked: tuple[str, str, float, float] | None = None

    def open(self, area: GridArea) -> None:
        """Work over an area from now on."""
        self._area = area

    def hear(self, taken: RadarTaken) -> None:
        """Note how a radar scans; a scan as before changes nothing."""
        if self._area is None or not taken.scan or not taken.site.placed:
            return
        before = self._scans.get(taken.site.code)
        if before is not None and _same(before, (taken.site, taken.scan)):
            return
        self._scans[taken.site.code] = (taken.site, taken.scan)
        self._jobs.start(
            "coverage",
            partial(look_round, tuple(self._scans.values()), self._area, self._dem, self._blockage),
            on_done=self._on_looked,
            on_error=self._on_failed,
        )

    def ask(self, point_id: str, place: str, lon_deg: float, lat_deg: float) -> None:
        """Have it said what the radars cannot see at a point; again by itself when their sight changes."""
        self._asked = (point_id, place, lon_deg, lat_deg)
        if self._views:
            self._say()

    def _say(self) -> None:
        if self._asked is None:
            return
        point_id, place, lon_deg, lat_deg = self._asked
        self._jobs.start(
            "unseen",
            partial(unseen_at, place, lon_deg, lat_deg, self._views, self._dem),
            on_done=partial(self.unseen_said.emit, point_id),
            on_error=self._on_failed,
        )

    def _on_looked(self, answer: tuple[Coverage, Views]) -> None:
        coverage, self._views = answer
        self.coverage_changed.emit(coverage)
        self._say()

    def _on_failed(self, error: Exception) -> None:
        _log.warning("coverage: %s", error)
        self.failed.emit(error)


def _same(before: tuple[Site, tuple[ScanCut, ...]], after: tuple[Site, tuple[ScanCut, ...]]) -> bool:
    """Return whether a radar stands and scans as before; silent sectors may waver by a few rows."""
    site, cuts = before
    if site != after[0] or len(cuts) != len(after[1]):
        return False
    return all(
        abs(a.elevation_deg - b.elevation_deg) < 0.05
        and a.range_m == b.range_m
        and int(np.count_nonzero(a.looked != b.looked)) <= 8
        for a, b in zip(cuts, after[1], strict=True)
    )

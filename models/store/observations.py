"""Rain as it was observed: gauges, their reports, and what each radar frame said of every point."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
from sqlite_utils import Database

from models.errors import StoreError
from models.rain.observations import Gauge, GaugeReport, PointRates
from models.store.text_form import json_text, time_of, time_text


def replace_gauges(db: Database, gauges: tuple[Gauge, ...]) -> None:
    """Keep these gauges, and no others; their reports stay."""
    db.execute("DELETE FROM gauges")
    db.conn.executemany(
        "INSERT INTO gauges (id, name, lon_deg, lat_deg, town) VALUES (?, ?, ?, ?, ?)",
        [[g.id, g.name, g.lon_deg, g.lat_deg, g.town] for g in gauges],
    )


def gauges(db: Database) -> tuple[Gauge, ...]:
    """Return the gauges by id."""
    return tuple(Gauge(*row) for row in db.execute("SELECT id, name, lon_deg, lat_deg, town FROM gauges ORDER BY id"))


def add_reports(db: Database, reports: tuple[GaugeReport, ...]) -> int:
    """Keep reports and return how many were new; a repeat (gauge, time and minutes) is dropped."""
    before = db.conn.total_changes
    db.conn.executemany(
        "INSERT OR IGNORE INTO gauge_reports (gauge_id, at, minutes, rain_mm) VALUES (?, ?, ?, ?)",
        [[r.gauge_id, time_text(r.at), r.minutes, r.rain_mm] for r in reports],
    )
    return db.conn.total_changes - before


def reports(db: Database, since: datetime) -> tuple[GaugeReport, ...]:
    """Return the reports whose time is ``since`` or later, oldest first."""
    rows = db.execute(
        "SELECT gauge_id, at, minutes, rain_mm FROM gauge_reports WHERE at >= ? ORDER BY at, gauge_id, minutes",
        [time_text(since)],
    )
    return tuple(GaugeReport(gauge_id, time_of(at), minutes, rain_mm) for gauge_id, at, minutes, rain_mm in rows)


def reports_of(db: Database, gauge_ids: Sequence[str], since: datetime) -> tuple[GaugeReport, ...]:
    """Return the reports of some gauges whose time is ``since`` or later, oldest first."""
    marks = ", ".join("?" * len(gauge_ids))
    rows = db.execute(
        f"SELECT gauge_id, at, minutes, rain_mm FROM gauge_reports WHERE gauge_id IN ({marks}) AND at >= ?"
        " ORDER BY at, gauge_id, minutes",
        [*gauge_ids, time_text(since)],
    )
    return tuple(GaugeReport(gauge_id, time_of(at), minutes, rain_mm) for gauge_id, at, minutes, rain_mm in rows)


def add_rates(db: Database, rates: PointRates, point_ids: tuple[str, ...]) -> None:
    """Keep what a frame said of the points; the same radar and time again takes the place of the older.

    Raises
    ------
    StoreError
        ``rates.length`` if there is not one rate for each point.
    """
    if rates.rates.shape != (len(point_ids),):
        raise StoreError("rates.length", rates=rates.rates.size, points=len(point_ids))
    ids = json_text(point_ids)
    sha = hashlib.sha256(ids.encode()).hexdigest()
    db.execute("INSERT OR IGNORE INTO point_lists (sha, ids) VALUES (?, ?)", [sha, ids])
    db.execute(
        "INSERT INTO point_rates (at, radar, is_sum, step_s, list_sha, rates) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (at, radar, is_sum) DO UPDATE SET"
        " step_s = excluded.step_s, list_sha = excluded.list_sha, rates = excluded.rates",
        [
            *(time_text(rates.at), rates.radar, int(rates.is_sum), rates.step.total_seconds(), sha),
            rates.rates.astype("<f4").tobytes(),
        ],
    )


def rates(db: Database, since: datetime) -> tuple[tuple[PointRates, tuple[str, ...]], ...]:
    """Return the frames whose time is ``since`` or later with the ids of their points, oldest first.

    The rates are (points,) float32 in mm/h, NaN where the radar did not see the point.
    """
    lists: dict[str, tuple[str, ...]] = {
        sha: tuple(json.loads(ids)) for sha, ids in db.execute("SELECT sha, ids FROM point_lists")
    }
    rows = db.execute(
        "SELECT at, radar, is_sum, step_s, list_sha, rates FROM point_rates WHERE at >= ? ORDER BY at, radar, is_sum",
        [time_text(since)],
    )
    return tuple(
        (
            PointRates(
                *(radar, time_of(at), timedelta(seconds=step_s)),
                rates=np.frombuffer(blob, "<f4").astype(np.float32),
                is_sum=bool(is_sum),
            ),
            lists[sha],
        )
        for at, radar, is_sum, step_s, sha, blob in rows
    )


def forget_before(db: Database, at: datetime) -> int:
    """Drop reports and frames older than ``at`` and return how many: rain is kept in the archive, not here."""
    before = db.conn.total_changes
    db.execute("DELETE FROM gauge_reports WHERE at < ?", [time_text(at)])
    db.execute("DELETE FROM point_rates WHERE at < ?", [time_text(at)])
    gone = db.conn.total_changes - before
    db.execute("DELETE FROM point_lists WHERE sha NOT IN (SELECT list_sha FROM point_rates)")
    return gone

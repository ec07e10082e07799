"""The register of hazard points, and the alarms raised at them."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from models.act import JournalEntry
from models.errors import StoreError
from models.hazard.alarms import Alarm, AlarmState, RainSource
from models.hazard.level import Level
from models.hazard.register import HazardPoint, PointKind, Threshold
from models.store import journal
from models.store.text_form import json_text, time_of, time_text

_POINT = "id, name, kind, lon_deg, lat_deg, town, village, warn_unit, person, phone, attributes"
_ALARM = (
    "id, point_id, point_name, kind, town, lon_deg, lat_deg, level, window_h, rain_mm, threshold_mm, at_least,"
    " raised_at, source, source_id, state, evidence"
)


def replace_points(db: Database, points: tuple[HazardPoint, ...], *, actor: str, at: datetime) -> None:
    """Keep these points in the order given, and no others; the journal gets the counts and a SHA-256 of both lists.

    Raises
    ------
    StoreError
        ``store.refused`` if an id comes twice.
    """
    before = _summary(_point_rows(db), _threshold_rows(db))
    db.execute("DELETE FROM thresholds")
    db.execute("DELETE FROM points")
    db.conn.executemany(
        f"INSERT INTO points ({_POINT}, place_in_list) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            [
                *(p.id, p.name, p.kind.value, p.lon_deg, p.lat_deg, p.town, p.village),
                *(p.warn_unit, p.person, p.phone, json_text(p.attributes), number),
            ]
            for number, p in enumerate(points)
        ],
    )
    db.conn.executemany(
        "INSERT INTO thresholds (point_id, place_in_list, window_h, level, rain_mm, design) VALUES (?, ?, ?, ?, ?, ?)",
        [
            [p.id, number, t.window_h, t.level.value, t.rain_mm, int(t.design)]
            for p in points
            for number, t in enumerate(p.thresholds)
        ],
    )
    after = _summary(_point_rows(db), _threshold_rows(db))
    journal.append(db, JournalEntry(actor, "points.replaced", "points", at, before, after))


def points(db: Database) -> tuple[HazardPoint, ...]:
    """Return the register in the order it was handed in."""
    thresholds: dict[str, list[Threshold]] = {}
    for point_id, window_h, level, rain_mm, design in _threshold_rows(db):
        thresholds.setdefault(point_id, []).append(Threshold(window_h, Level(level), rain_mm, bool(design)))
    return tuple(_point(row, tuple(thresholds.get(row[0], ()))) for row in _point_rows(db))


def raise_alarms(db: Database, alarms: tuple[Alarm, ...], *, at: datetime) -> None:
    """Keep new alarms with their evidence, each with its journal line by ``system``.

    Raises
    ------
    StoreError
        ``alarms.exists`` if one was kept before.
    """
    for alarm in alarms:
        row = [
            *(alarm.id, alarm.point_id, alarm.point_name, alarm.kind, alarm.town, alarm.lon_deg, alarm.lat_deg),
            *(alarm.level.value, alarm.window_h, alarm.rain_mm, alarm.threshold_mm, int(alarm.at_least)),
            *(time_text(alarm.raised_at), alarm.source.value, alarm.source_id, alarm.state.value),
            json_text(alarm.evidence),
        ]
        db.execute(f"INSERT INTO alarms ({_ALARM}) VALUES ({', '.join('?' * len(row))})", row)
        after = {
            "point": alarm.point_id,
            "name": alarm.point_name,
            "level": alarm.level,
            "window_h": alarm.window_h,
            "rain_mm": alarm.rain_mm,
            "threshold_mm": alarm.threshold_mm,
            "at_least": alarm.at_least,
            "raised_at": alarm.raised_at,
            "source": alarm.source,
            "source_id": alarm.source_id,
            "evidence": alarm.evidence,
        }
        journal.append(db, JournalEntry("system", "alarm.raised", f"alarm:{alarm.id}", at, {}, after))


def note_let_go(db: Database, levels: Mapping[str, Level], *, at: datetime) -> None:
    """Write down that levels were let go, so that a restart does not take them up again: one line for all points."""
    after: dict[str, object] = {"count": len(levels), "points": dict(levels)}
    journal.append(db, JournalEntry("system", "alarm.let_go", "points", at, after=after))


def held_levels(db: Database, since: datetime) -> dict[str, Level]:
    """Return the level each point is held at, as the journal tells it since a moment."""
    held: dict[str, Level] = {}
    rows = db.execute(
        "SELECT json_extract(after, '$.point'), json_extract(after, '$.level'), json_extract(after, '$.points')"
        " FROM journal WHERE act IN ('alarm.raised', 'alarm.let_go') AND at >= ? ORDER BY number",
        [time_text(since)],
    )
    for point_id, level, fallen in rows:
        if fallen is not None:
            held |= {id_: Level(value) for id_, value in json.loads(fallen).items()}
        elif Level(level).rank > held.get(point_id, Level.NONE).rank:
            held[point_id] = Level(level)
    return {id_: level for id_, level in held.items() if level.is_alarm}


def set_alarm_state(db: Database, alarm_id: str, state: AlarmState, *, actor: str, at: datetime) -> None:
    """Move an alarm to a state, with its journal line; nothing is written where it stands there already.

    Raises
    ------
    StoreError
        ``alarms.unknown``.
    """
    found = db.execute("SELECT state FROM alarms WHERE id = ?", [alarm_id]).fetchone()
    if found is None:
        raise StoreError("alarms.unknown", alarm=alarm_id)
    if found[0] == state.value:
        return
    db.execute("UPDATE alarms SET state = ? WHERE id = ?", [state.value, alarm_id])
    entry = JournalEntry(actor, f"alarm.{state.value}", f"alarm:{alarm_id}", at, {"state": found[0]}, {"state": state})
    journal.append(db, entry)


def alarms(db: Database, *, since: datetime | None = None) -> tuple[Alarm, ...]:
    """Return the alarms raised at or after ``since`` (or all), oldest first."""
    after = "" if since is None else time_text(since)
    rows = db.execute(f"SELECT {_ALARM} FROM alarms WHERE raised_at >= ? ORDER BY raised_at, id", [after])
    return tuple(_alarm(row) for row in rows)


def _point_rows(db: Database) -> list[tuple[Any, ...]]:
    return db.execute(f"SELECT {_POINT} FROM points ORDER BY place_in_list").fetchall()


def _threshold_rows(db: Database) -> list[tuple[Any, ...]]:
    return db.execute(
        "SELECT point_id, window_h, level, rain_mm, design FROM thresholds ORDER BY point_id, place_in_list"
    ).fetchall()


def _summary(point_rows: list[tuple[Any, ...]], threshold_rows: list[tuple[Any, ...]]) -> dict[str, object]:
    body = json_text([sorted(point_rows), threshold_rows])
    return {
        "points": len(point_rows),
        "thresholds": len(threshold_rows),
        "sha256": hashlib.sha256(body.encode()).hexdigest(),
    }


def _point(row: tuple[Any, ...], thresholds: tuple[Threshold, ...]) -> HazardPoint:
    point_id, name, kind, lon, lat, town, village, warn_unit, person, phone, attributes = row
    return HazardPoint(
        *(point_id, name, PointKind(kind), lon, lat, town, village, warn_unit, person, phone),
        thresholds=thresholds,
        attributes=json.loads(attributes),
    )


def _alarm(row: tuple[Any, ...]) -> Alarm:
    (alarm_id, point_id, point_name, kind, town, lon, lat, level, window_h, rain_mm, threshold_mm, at_least) = row[:12]
    raised_at, source, source_id, state, evidence = row[12:]
    return Alarm(
        *(alarm_id, point_id, point_name, kind, town, lon, lat, Level(level), window_h),
        rain_mm=math.nan if rain_mm is None else rain_mm,
        threshold_mm=math.nan if threshold_mm is None else threshold_mm,
        at_least=bool(at_least),
        raised_at=time_of(raised_at),
        source=RainSource(source),
        source_id=source_id,
        state=AlarmState(state),
        evidence=json.loads(evidence),
    )

"""The register of hazard points, and the alarms raised at them."""

from __future__ import annotations

import contextlib
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
from models.hazard.register import HazardPoint, as_record, point_of
from models.register.description import HAZARD_POINTS
from models.store import journal, registers
from models.store.record_rows import AT_ONCE, Act, state
from models.store.text_form import json_text, time_of, time_text
from models.store.whole_rows import whole_rows

_ALARM = (
    "id, point_id, point_name, kind, town, lon_deg, lat_deg, level, window_h, rain_mm, threshold_mm, at_least,"
    " raised_at, source, source_id, state, evidence"
)


def replace_points(db: Database, points: tuple[HazardPoint, ...], *, actor: str, at: datetime) -> None:
    """Keep these points in the order given, and no others; the journal gets the counts and a SHA-256 of both lists.

    What the register knows of a point beyond `HazardPoint` stays: other fields, and the outline of a zone.

    Raises
    ------
    StoreError
        ``store.refused`` if an id comes twice.
    """
    before = _summary(db)
    known = {record.id: record for record in registers.records(db, HAZARD_POINTS)}
    handed_in = tuple(as_record(point, known.get(point.id)) for point in points)
    registers.replace_rows(db, HAZARD_POINTS, handed_in, Act(actor, at, "edit"))
    journal.append(db, JournalEntry(actor, "points.replaced", "points", at, before, _summary(db)))


def points(db: Database) -> tuple[HazardPoint, ...]:
    """Return the hazard points in the order of their register; an entry without a place cannot be judged and is not one.

    A damaged one is left out: who reads the registers names it, see `registers.one_by_one`.
    """
    rows = db.execute(
        "SELECT register, id, name, kind, lon_deg, lat_deg, town, village, \"values\", others, x'' FROM records"
        " WHERE register = ? AND lon_deg IS NOT NULL AND lat_deg IS NOT NULL ORDER BY place_in_list, key",
        [HAZARD_POINTS],
    ).fetchall()
    out: list[HazardPoint] = []
    for first in range(0, len(rows), AT_ONCE):
        for row, kept, attributes in whole_rows(rows[first : first + AT_ONCE]):
            with contextlib.suppress(AttributeError, KeyError, TypeError, ValueError):  # thresholds that are none
                out.append(point_of(*row[1:8], values=kept, others=attributes))
    return tuple(out)


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


def _summary(db: Database) -> dict[str, object]:
    kept = state(db, HAZARD_POINTS)
    rows = db.execute(
        'SELECT json_array_length("values", \'$.thresholds\') FROM records WHERE register = ? AND json_valid("values")',
        [HAZARD_POINTS],
    )
    return {"points": kept["records"], "thresholds": sum(row[0] or 0 for row in rows), "sha256": kept["sha256"]}


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

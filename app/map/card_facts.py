"""What a point's card says besides the verdict, worked out in a job: rain of the day, people, shelter, past."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication

from app.map.card_registers import PAST, PEOPLE, ROUTES, SHELTERS, UNITS, CardRegisters, links
from models.geodesy import FloatArray, distance_m
from models.hazard.near import length_m, walk_minutes
from models.hazard.register import HazardPoint
from models.rain.gauge_minutes import gauge_minutes
from models.rain.observations import Gauge, PointRates
from models.rain.radar_minutes import radar_minutes
from models.rain.windows import FULL, whole_minute
from models.register.description import HAZARD_POINTS, FieldDescription, FieldType
from models.register.record import Record
from models.store import observations, registers
from models.store.database import Database
from models.warning.signals import signal
from models.warning.warning import WeatherWarning
from widgets import language
from widgets.map.card_parts import on_day
from widgets.map.card_values import (
    AtRisk,
    GaugeLine,
    Inspection,
    PastLine,
    PersonLine,
    PointFacts,
    RainHours,
    ShelterLine,
    WarningLine,
)
from widgets.words import OFFICE_ZONE

HOURS = 24
GAUGES_SHOWN, GAUGE_REACH_M = 2, 10_000.0
RULED_BY_M = 3_000.0
SHELTER_REACH_M = 10_000.0
STALE_AFTER = timedelta(minutes=20)
PAST_SHOWN = 3
# Fields of the register that have their own place on the card.
_OWN_PLACE = frozenset(
    {"thresholds", "person", "phone", "people", "people_at_risk", "households", "to_be_carried", "inspected_on"}
    | {"finding", "inspected_by", "photo", "source", "confirmed_on", "shelter", "route", "warn_unit", "gauges"}
)
translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True, eq=False)
class CardWish:
    """One point to be described, with what the desks know of its rain; ``rates`` are of just this point.

    Rain is summed up to ``rain_at``, the moment of the verdict beside it, so that one gauge never shows two sums.
    """

    point: HazardPoint
    now: datetime
    gauges: tuple[Gauge, ...]
    rates: tuple[PointRates, ...]
    warnings: tuple[WeatherWarning, ...]
    rain_at: datetime


def wish_of(
    point: HazardPoint,
    index: int,
    now: datetime,
    gauges: Sequence[Gauge],
    rates: Iterable[PointRates],
    warnings: Iterable[WeatherWarning],
    rain_at: datetime | None = None,
) -> CardWish:
    """Return what a job needs about one point; ``index`` is its place in the frames, ``rain_at`` is now if None."""
    of_point = tuple(replace(frame, rates=frame.rates[index : index + 1]) for frame in rates)
    return CardWish(point, now, tuple(gauges), of_point, tuple(warnings), rain_at or now)


def point_facts(db: Database, wish: CardWish, known: CardRegisters) -> PointFacts:
    """Return everything that the card of a point says; reads the store, for a job."""
    point = wish.point
    today = wish.now.astimezone(OFFICE_ZONE).date()
    record = registers.record(db, HAZARD_POINTS, point.id) or Record(HAZARD_POINTS, point.id, point.name)
    near = near_gauges_of(wish.gauges, point)
    rain, lines = _rain(db, wish, near)
    unit, unit_link = _unit(record, point, known)
    return PointFacts(
        point_id=point.id,
        rain=rain,
        gauges=lines if wish.gauges else None,
        people=_people(record, point, known, today),
        at_risk=_at_risk(record),
        shelter=_shelter(record, point, known),
        has_shelters=SHELTERS in known.entered,
        past=_past(point, known) if PAST in known.entered else None,
        inspection=_inspection(record, known, today),
        warnings=_warnings(point, wish.warnings),
        unit=unit,
        unit_link=unit_link,
        details=_details(record, point, known, today),
        source=_source(record, today),
    )


# Rain


def near_gauges_of(gauges: Sequence[Gauge], point: HazardPoint) -> tuple[tuple[Gauge, float], ...]:
    """Return the nearest gauges with their distance in m, the nearest first."""
    if not gauges:
        return ()
    lon, lat = np.array([g.lon_deg for g in gauges]), np.array([g.lat_deg for g in gauges])
    far = distance_m(lon, lat, point.lon_deg, point.lat_deg)
    order = np.argsort(np.where(np.isfinite(far), far, np.inf), kind="stable")[: GAUGES_SHOWN + 1]
    return tuple((gauges[i], float(far[i])) for i in order.tolist() if far[i] <= GAUGE_REACH_M)


def hours_of(minutes_mm: NDArray[np.floating[Any]]) -> FloatArray:
    """Return (gauges, hours) rain of whole hours, oldest first, from (gauges, minutes) with the newest first.

    An hour of which less than 90 % has come in is NaN: the house's rule of a window.
    """
    rows, minutes = minutes_mm.shape
    by_hour = minutes_mm[:, : minutes // 60 * 60].reshape(rows, minutes // 60, 60)
    there = np.count_nonzero(~np.isnan(by_hour), axis=2)
    total = np.where(there >= FULL * 60 - 1e-9, np.nansum(by_hour, axis=2), np.nan)
    return np.asarray(total[:, ::-1], float)


def _rain(
    db: Database, wish: CardWish, near: tuple[tuple[Gauge, float], ...]
) -> tuple[RainHours | None, tuple[GaugeLine, ...]]:
    """Return the rain of the day at the point and at its gauges: of each hour the nearest gauge within 3 km, else radar."""
    end_at = whole_minute(wish.rain_at)
    gauges = tuple(gauge for gauge, _ in near)
    ids = tuple(gauge.id for gauge in gauges)
    since = end_at - timedelta(hours=HOURS + 1)
    reports = observations.reports_of(db, ids, since) if ids else ()
    hours = hours_of(gauge_minutes(gauges, reports, end_at, HOURS * 60).rain_mm)
    last = {id_: max((r.at for r in reports if r.gauge_id == id_), default=None) for id_ in ids}
    lines = tuple(
        GaugeLine(
            gauge.name,
            far,
            round(float(hours[i, -1]), 2),
            round(float(hours[i].sum()), 2),
            last[gauge.id],
            stale=(at := last[gauge.id]) is None or wish.now - at > STALE_AFTER,
            link=f"gauge:{gauge.id}",
        )
        for i, (gauge, far) in enumerate(near[:GAUGES_SHOWN])
    )
    by_radar = hours_of(radar_minutes(1, wish.rates, end_at, HOURS * 60).rates.T / 60.0)[0]
    rain, sources = by_radar.copy(), []
    if np.isfinite(by_radar).any():
        sources.append(translate("words", "radar"))
    for i in reversed([i for i, (_, far) in enumerate(near) if far <= RULED_BY_M]):
        there = np.isfinite(hours[i])
        rain[there] = hours[i][there]
        if there.any():
            sources.insert(0, gauges[i].name)
    limits = tuple((t.level, t.rain_mm) for t in wish.point.thresholds if t.window_h == HOURS)
    fallen = tuple(round(float(mm), 2) for mm in rain)
    shorter = tuple((t.window_h, t.level, t.rain_mm) for t in wish.point.thresholds if t.window_h < HOURS)
    return RainHours(end_at, 60, fallen, limits, translate("Cards", ", ").join(sources), shorter), lines


# People and places


def _people(record: Record, point: HazardPoint, known: CardRegisters, today: date) -> tuple[PersonLine, ...] | None:
    named = tuple(one for id_ in links(record.values.get("people")) if (one := known.find(PEOPLE, id_)))
    found = {r.id: r for r in (*named, *known.people_of.get(point.id, ()))}
    if not found:
        return (PersonLine("", point.person, point.phone),) if point.person else ()
    due = known.due_days(PEOPLE, "confirmed_on")
    return tuple(
        PersonLine(
            _text(r, "role"),
            r.name,
            _text(r, "phone") or _text(r, "phone_2") or _text(r, "landline"),
            on := day_of(r, "confirmed_on"),
            overdue_days(on, due, today),
            f"record:{PEOPLE}:{r.id}",
        )
        for r in found.values()
    )


def _at_risk(record: Record) -> AtRisk:
    return AtRisk(_whole(record, "households"), _whole(record, "people_at_risk"), _whole(record, "to_be_carried"))


def _shelter(record: Record, point: HazardPoint, known: CardRegisters) -> ShelterLine | None:
    """Return the shelter that the register names, with its route; else the nearest one."""
    route = next(
        (found for id_ in links(record.values.get("route")) if (found := known.find(ROUTES, id_))),
        known.route_of.get(point.id),
    )
    wanted = links(record.values.get("shelter")) or links(route.values.get("shelter") if route else None)
    shelter = next((found for id_ in wanted if (found := known.find(SHELTERS, id_))), None)
    straight = math.nan
    if shelter is None:
        nearest = known.shelters.near(point.lon_deg, point.lat_deg, within_m=SHELTER_REACH_M)
        if not nearest:
            return None
        shelter, straight, route = nearest[0].record, nearest[0].distance_m, None
    elif shelter.lon_deg is not None and shelter.lat_deg is not None:
        lon, lat = np.array([shelter.lon_deg]), np.array([shelter.lat_deg])
        straight = float(distance_m(lon, lat, point.lon_deg, point.lat_deg)[0])
    climb = _number(route, "climb_m") if route else math.nan
    meters = _number(route, "length_m") if route else math.nan
    if route is not None and math.isnan(meters) and route.wkb:
        meters = length_m(route.wkb)
    far = meters if math.isfinite(meters) else straight
    minutes = _number(route, "walk_min") if route else math.nan
    above = _number(shelter, "above_stream_m")
    return ShelterLine(
        shelter.name,
        far,
        minutes if math.isfinite(minutes) else walk_minutes(far, climb),
        by_route=math.isfinite(meters),
        places=_whole(shelter, "capacity"),
        above_m=above if math.isfinite(above) else climb,
        link=f"record:{SHELTERS}:{shelter.id}",
        route_link=f"record:{ROUTES}:{route.id}" if route is not None else "",
    )


def _unit(record: Record, point: HazardPoint, known: CardRegisters) -> tuple[str, str]:
    for id_ in links(record.values.get("warn_unit")):
        if known.find(UNITS, id_) is not None:
            return known.name_of(UNITS, id_), f"record:{UNITS}:{id_}"
    over = known.units.over(point.lon_deg, point.lat_deg)
    if over:
        return over[0].name, f"record:{UNITS}:{over[0].id}"
    return point.warn_unit, ""


def _past(point: HazardPoint, known: CardRegisters) -> tuple[PastLine, ...]:
    return tuple(
        PastLine(_text(r, "happened_on"), _rain_of(r), _text(r, "what") or r.name, f"record:{PAST}:{r.id}")
        for r in known.past_of.get(point.id, ())
    )


def _rain_of(event: Record) -> str:
    for key, window in (("rain_3h_mm", "3 h "), ("rain_1h_mm", "1 h "), ("rain_total_mm", "")):
        mm = _number(event, key)
        if math.isfinite(mm):
            return f"{window}{mm:g} mm"
    return ""


def _inspection(record: Record, known: CardRegisters, today: date) -> Inspection | None:
    on, confirmed_on = day_of(record, "inspected_on"), day_of(record, "confirmed_on")
    if on is None and confirmed_on is None:
        return None
    due, confirm = (known.due_days(HAZARD_POINTS, key) for key in ("inspected_on", "confirmed_on"))
    return Inspection(
        on,
        _text(record, "inspected_by"),
        _text(record, "finding"),
        on + timedelta(days=due) if on and due else None,
        overdue_days(on, due, today),
        1 if record.values.get("photo") else 0,
        confirmed_on,
        confirmed_on + timedelta(days=confirm) if confirmed_on and confirm else None,
        overdue_days(confirmed_on, confirm, today),
    )


def _warnings(point: HazardPoint, warnings: Iterable[WeatherWarning]) -> tuple[WarningLine, ...]:
    lines = [
        WarningLine(town.level, signal(w.signal_id).name(language.current()), w.expires_at, f"warning:{w.id}")
        for w in warnings
        for town in w.towns
        if town.name == point.town
    ]
    return tuple(sorted(lines, key=lambda line: -line.level.rank))


def _details(record: Record, point: HazardPoint, known: CardRegisters, today: date) -> tuple[tuple[str, str], ...]:
    """Return what else the register says, as word and value; an older import's own columns come last."""
    description = known.descriptions.get(HAZARD_POINTS)
    described = [
        (one.title.of(language.current()), field_text(one, record, known, today))
        for one in (description.fields if description is not None else ())
        if one.key not in _OWN_PLACE and record.values.get(one.key) not in (None, "")
    ]
    others = record.others or (point.attributes if not record.values else {})
    return (*described, *((key, str(value)) for key, value in others.items() if value))


def field_text(one: FieldDescription, record: Record, known: CardRegisters, today: date) -> str:
    """Return a field in one line of words."""
    value = record.values.get(one.key)
    if one.type is FieldType.YES_NO:
        return translate("Cards", "yes") if value else translate("Cards", "no")
    if one.type is FieldType.CHOICE:
        chosen = next((c for c in one.choices if c.key == value), None)
        return chosen.title.of(language.current()) if chosen is not None else str(value)
    if one.type is FieldType.LINK:
        return translate("Cards", ", ").join(known.name_of(one.to, id_) for id_ in links(value))
    if one.type is FieldType.DATE:
        on = day_of(record, one.key)
        return on_day(on, today) if on is not None else str(value)
    return f"{value} {one.unit_of(language.current())}".strip()


def _source(record: Record, today: date) -> str:
    parts = [_text(record, "source")]
    confirmed = day_of(record, "confirmed_on")
    if confirmed is not None:
        parts.append(translate("Cards", "checked on site {day}").format(day=on_day(confirmed, today)))
    return translate("Cards", ", ").join(part for part in parts if part)


# Values of a record


def day_of(record: Record, key: str) -> date | None:
    """Return the day that a date field holds, None where it is empty or none."""
    try:
        return datetime.strptime(str(record.values.get(key) or "")[:10], "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        return None


def overdue_days(on: date | None, due_days: int | None, today: date) -> int | None:
    """Return for how many days a date has been overdue, None while it is not."""
    if on is None or due_days is None:
        return None
    late = (today - on).days - due_days
    return late if late > 0 else None


def _text(record: Record, key: str) -> str:
    value = record.values.get(key)
    return "" if value is None else str(value)


def _number(record: Record, key: str) -> float:
    value = record.values.get(key)
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else math.nan


def _whole(record: Record, key: str) -> int | None:
    value = _number(record, key)
    return round(value) if math.isfinite(value) else None

"""Sections of a point's card about people: who answers, who is at risk, where they go, what is in force."""

from __future__ import annotations

import math
from datetime import date, datetime

from PySide6.QtCore import QCoreApplication, QRectF

from models.hazard.register import HazardPoint
from widgets import pieces, words
from widgets import theme as look
from widgets.map.card_links import LINK
from widgets.map.card_parts import (
    EDGE,
    LINE_PX,
    ROW_PX,
    CardRow,
    Layout,
    count,
    distance,
    figure,
    not_entered,
    on_day,
    overdue,
    quiet,
)
from widgets.map.card_values import AtRisk, PersonLine, PointFacts, ShelterLine, WarningLine
from widgets.pieces import Mark, Run

_ROLE_PX, _NAME_PX = 56.0, 58.0
_MARK_PX = 14.0
translate = QCoreApplication.translate


def lay_people(at: Layout, point: HazardPoint, people: tuple[PersonLine, ...] | None, today: date) -> None:
    """Lay who answers, each with role, number and when that was last confirmed."""
    if people is None:
        people = (PersonLine("", point.person, point.phone),) if point.person else ()
    title = [Run(translate("PointCard", "Who answers"), gap_px=8)]
    if not people:
        at.title(title)
        at.row(CardRow([Run(translate("PointCard", "nobody is named"), look.SECOND_PX, tag=True)]))
        at.rule()
        return
    title.append(Run(str(len(people)), tone="quiet"))
    confirmed = any(p.confirmed_on or p.overdue_days is not None for p in people)
    at.title(title, [quiet(translate("PointCard", "confirmed"))] if confirmed else ())
    roles = [pieces.width_of(p.role, look.SECOND_PX) for p in people if p.role]
    role_px = min(max(roles, default=-8.0) + 8, _ROLE_PX + 24) if roles else 0.0
    name_px = min(max(pieces.width_of(p.name) for p in people) + 10, _NAME_PX + 40)
    for person in people:
        _lay_person(at, person, today, role_px, name_px, dated=confirmed)
    at.rule()


def _lay_person(at: Layout, person: PersonLine, today: date, role_px: float, name_px: float, *, dated: bool) -> None:
    base = at.y + 16
    when = words.MISSING if person.confirmed_on is None else on_day(person.confirmed_on, today)
    right = [*overdue(person.overdue_days), quiet(when)] if dated else []
    placed = pieces.line(EDGE, at.right, base, right, align="right")
    at.laid += placed
    end = placed[0].rect.left() - 6 if placed else at.right
    left = EDGE
    if role_px:
        at.laid += pieces.line(left, left + role_px - 6, base, [quiet(person.role, elide=True)])
        left += role_px
    hit = f"{LINK}{person.link}" if person.link else ""
    at.laid += pieces.line(left, left + name_px - 6, base, [Run(person.name, elide=True, hit=hit)])
    left += name_px
    phone = Run(person.phone) if person.phone else Run(translate("PointCard", "no number"), look.SECOND_PX, tag=True)
    if left + pieces.total_width([phone]) <= end:
        at.laid += pieces.line(left, end, base, [phone])
        at.y += ROW_PX
    else:  # a narrow dock, a long role: the number is never cut
        at.y += LINE_PX
        at.laid += pieces.line(EDGE + role_px, at.right, at.y + 15, [phone])
        at.y += ROW_PX


def lay_at_risk(at: Layout, facts: PointFacts, *, shelter_first: bool = False) -> float:
    """Lay who lives under the hazard and where they go; return where the shelter ends, px."""
    if shelter_first:
        at.y += 5
    else:
        _lay_risk(at, facts.at_risk)
    _lay_shelter(at, facts.shelter, has_shelters=facts.has_shelters)
    end = at.y
    if shelter_first:
        at.y -= 5
        _lay_risk(at, facts.at_risk)
    at.rule()
    return end


def _lay_risk(at: Layout, risk: AtRisk | None) -> None:
    word = translate("PointCard", "At risk")
    at.y += 5
    if risk is None or (risk.households is None and risk.people is None):
        at.row(CardRow([not_entered()], word))
        return
    runs = []
    for number, unit in (
        (risk.households, translate("PointCard", "homes")),
        (risk.people, translate("PointCard", "people")),
    ):
        runs += [Run(count(number), look.FIGURE_PX, gap_px=3), quiet(unit, gap_px=9)]
    if risk.helped is not None:
        runs.append(quiet(translate("PointCard", "{n} to help").format(n=risk.helped), elide=True))
    at.row(CardRow(runs, word))


def _lay_shelter(at: Layout, shelter: ShelterLine | None, *, has_shelters: bool) -> None:
    word = translate("PointCard", "Shelter")
    if shelter is None:
        none = (
            Run(translate("PointCard", "none within 10 km"), look.SECOND_PX, tag=True)
            if has_shelters
            else not_entered()
        )
        at.row(CardRow([none], word))
        return
    hit = f"{LINK}{shelter.link}" if shelter.link else ""
    runs = [Run(shelter.name, elide=True, hit=hit, gap_px=8)]
    if shelter.places is not None:
        runs += [quiet(translate("PointCard", "room for"), gap_px=3), Run(count(shelter.places))]
    route = Run(translate("PointCard", "route"), look.SECOND_PX, "quiet", hit=f"{LINK}{shelter.route_link}")
    at.row(CardRow(runs, word, [route] if shelter.route_link else ()))
    far, unit = distance(shelter.distance_m)
    way = [
        *figure(far, unit),
        quiet(translate("PointCard", "{n} min walk").format(n=max(1, round(shelter.minutes)))),
    ]
    if math.isfinite(shelter.above_m):
        above = translate("PointCard", "{m} m up") if shelter.above_m >= 0 else translate("PointCard", "{m} m down")
        way.append(quiet(above.format(m=round(abs(shelter.above_m))), elide=True))
    at.row(CardRow(way, " "))
    if not shelter.by_route:
        at.row(
            CardRow(
                [
                    Run(
                        translate("PointCard", "straight line, no route is entered"),
                        look.SECOND_PX,
                        "quiet",
                        elide=True,
                    )
                ],
                " ",
            )
        )


def lay_warnings(at: Layout, warnings: tuple[WarningLine, ...] | None, now: datetime | None) -> None:
    """Lay what is in force over the point's town; that nothing is, is said too."""
    word = translate("PointCard", "In force here")
    at.y += 5
    if not warnings:
        none = translate("PointCard", "no warning") if warnings is not None else translate("PointCard", "not known")
        at.row(CardRow([quiet(none)], word))
    for i, warning in enumerate(warnings or ()):
        base = at.y + 16
        if i == 0:
            at.laid += pieces.line(EDGE, EDGE + 78, base, [quiet(word, elide=True)])
        left = EDGE + 84
        hit = f"{LINK}{warning.link}" if warning.link else ""
        at.laid.append(Mark(QRectF(left, base - 12, _MARK_PX, _MARK_PX), warning.level, tip=words.level(warning.level)))
        right = []
        if warning.until_at is not None and now is not None:
            right = [quiet(translate("PointCard", "{span} left").format(span=words.duration(warning.until_at - now)))]
        placed = pieces.line(left, at.right, base, right, align="right")
        at.laid += placed
        name = translate("PointCard", "{signal} {level}").format(
            signal=warning.signal, level=words.level_name(warning.level)
        )
        end = placed[0].rect.left() - 8 if placed else at.right
        at.laid += pieces.line(left + _MARK_PX + 6, end, base, [Run(name, elide=True, hit=hit)])
        at.y += ROW_PX
    at.rule()

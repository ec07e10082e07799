"""From what the desks hold to what the widgets are shown; plain functions, no state."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from app.feed.feed_items import FeedItem, FeedState, printable
from app.warning.warning_desk import WarningDesk
from models.hazard.alarms import Alarm
from models.hazard.level import Level
from models.hazard.register import Place
from models.radar.oddity_weight import SAID_BY, by_kind, matters
from models.reach.outbox import DeliveryState, OutboxMessage
from models.warning.difference import Part, differences
from models.warning.observed import TownRain
from models.warning.signals import signal
from models.warning.warning import MessageType, Person, WarningState, WeatherWarning
from widgets import language, words
from widgets.hazard.feed_list import FeedItem as FeedRow
from widgets.hazard.feed_list import FeedMark
from widgets.warning.sheet import Check, DifferenceLine, InForce, ReceiptRow, Sheet, TownRow

_SETTLED = {DeliveryState.DELIVERED, DeliveryState.FAILED}
TEXT_LIMIT = 70


def signal_name(warning: WeatherWarning) -> str:
    """Return the signal's name in the operator's language."""
    return signal(warning.signal_id).name(language.current())


def feed_rows(items: Iterable[FeedItem]) -> tuple[FeedRow, ...]:
    """Return the feed list's rows: what was taken, what was refused and why."""
    state_words = {
        FeedState.ARRIVING: QCoreApplication.translate("Showing", "arriving"),
        FeedState.READING: QCoreApplication.translate("Showing", "being read"),
        FeedState.TAKEN: QCoreApplication.translate("Showing", "taken"),
        FeedState.INCOMPLETE: QCoreApplication.translate("Showing", "incomplete"),
        FeedState.REFUSED: QCoreApplication.translate("Showing", "refused"),
        FeedState.LOCKED: QCoreApplication.translate("Showing", "locked by another program"),
    }
    return tuple(
        FeedRow(
            printable(item.name),
            item.at,
            " · ".join(word for word in (state_words[item.state], printable(item.radar)) if word),
            printable(words.error(item.error)) if item.error is not None else "",
            mark=_feed_mark(item),
            remarks=_remarks(item),
            unproven=item.unproven,
        )
        for item in items
    )


def _feed_mark(item: FeedItem) -> FeedMark:
    if item.state in (FeedState.REFUSED, FeedState.INCOMPLETE):
        return FeedMark(item.state.value)
    odd = item.state is FeedState.TAKEN and (item.error is not None or any(map(matters, item.oddities)))
    return FeedMark.ODD if odd else FeedMark.NONE


def _remarks(item: FeedItem) -> tuple[str, ...]:
    """Return what is strange about a file, each kind once, what matters first; less what its error says."""
    said = SAID_BY.get(getattr(item.error, "code", ""), "")
    lines = []
    for oddity, count in by_kind(o for o in item.oddities if o.code != said):
        text = oddity.sentence(language.current())
        if count > 1:
            text += QCoreApplication.translate("Showing", " ({n} of this kind)").format(n=count)
        lines.append(printable(text))
    if item.times > 1:
        said_often = QCoreApplication.translate("Showing", "The same content was refused {n} times.")
        lines.append(said_often.format(n=item.times))
    return tuple(lines)


def receipt_rows(messages: Iterable[OutboxMessage], answered_at: Mapping[str, datetime]) -> tuple[ReceiptRow, ...]:
    """Return one row a message: to whom, its state, since when."""
    return tuple(
        ReceiptRow(
            id=m.id,
            recipient=m.recipient,
            note=m.error or m.address,
            channel=m.channel,
            state=words.delivery(m.state),
            at=answered_at.get(m.id) or m.handed_over_at,
            done=m.state is DeliveryState.DELIVERED,
            failed=m.state in {DeliveryState.FAILED, DeliveryState.SILENT} or bool(m.error),
        )
        for m in messages
    )


def in_force_items(
    warnings: Iterable[WeatherWarning],
    messages: Iterable[OutboxMessage],
    alarms: Mapping[str, Alarm],
    *,
    may_act: bool,
) -> tuple[InForce, ...]:
    """Return the cards of what is in force; ``may_act`` says whether a draft may be begun now."""
    by_warning: dict[str, list[OutboxMessage]] = {}
    for message in messages:
        by_warning.setdefault(message.warning_id, []).append(message)
    return tuple(
        InForce(
            warning=w,
            signal=signal_name(w),
            alarmed_at=first_alarm_at(w, alarms),
            delivered=sum(m.state is DeliveryState.DELIVERED for m in by_warning.get(w.id, ())),
            recipients=len(by_warning.get(w.id, ())),
            acts=acts_open(w) if may_act else frozenset(),
        )
        for w in warnings
    )


def acts_open(warning: WeatherWarning) -> frozenset[str]:
    """Return what may follow a warning in force: raising ends at red, lowering at blue."""
    acts = {"continue", "lift"}
    if any(t.level is not Level.RED for t in warning.towns):
        acts.add("raise")
    if all(t.level is not Level.BLUE for t in warning.towns):
        acts.add("lower")
    return frozenset(acts)


def first_alarm_at(warning: WeatherWarning, alarms: Mapping[str, Alarm]) -> datetime | None:
    """Return when the first alarm behind a warning was raised."""
    return min((alarms[a].raised_at for a in warning.alarm_ids if a in alarms), default=None)


def sheet_of_draft(desk: WarningDesk, alarms: Mapping[str, Alarm], now: datetime) -> Sheet | None:
    """Return the author's sheet as the warning desk has it, None if nothing is being written."""
    draft = desk.drafts.draft
    if draft is None:
        return None
    w, products = draft.warning, desk.drafts.products
    texts: tuple[tuple[str, str], ...] = ()
    if products is not None:
        first = products.messages[0][1] if products.messages else ""
        texts = (
            (QCoreApplication.translate("Showing", "SMS"), first),
            (QCoreApplication.translate("Showing", "English"), products.text_en),
            ("CAP", products.cap_xml),
        )
    return Sheet(
        warning=w,
        signal=signal_name(w),
        now=now,
        previous=draft.previous,
        author=_name(desk.person(w.author_id)),
        signer=_name(desk.person(w.signer_id)),
        towns=town_rows(w, draft.previous, draft.observed, desk.drafts.towns if desk.drafts.is_open else ()),
        recipients=_by_town(desk),
        texts=texts,
        text_limit=TEXT_LIMIT,
        checks=_checks(desk),
        steps=frozenset(step.value for step in desk.steps()),
        can_undo=desk.drafts.can_undo,
        is_own=desk.drafts.is_own,
        alarmed_at=first_alarm_at(w, alarms),
    )


def sheet_of_issued(
    desk: WarningDesk,
    warning: WeatherWarning,
    receipts: tuple[ReceiptRow, ...],
    alarms: Mapping[str, Alarm],
    now: datetime,
) -> Sheet:
    """Return an issued warning as its card."""
    previous = desk.find(warning.previous_id)
    return Sheet(
        warning=warning,
        signal=signal_name(warning),
        now=now,
        previous=previous,
        author=_name(desk.person(warning.author_id)),
        signer=_name(desk.person(warning.signer_id)),
        towns=town_rows(warning, previous, ()),
        alarmed_at=first_alarm_at(warning, alarms),
        receipts=receipts,
    )


def town_rows(
    warning: WeatherWarning,
    previous: WeatherWarning | None,
    observed: tuple[TownRain, ...],
    others: tuple[Place, ...] = (),
) -> tuple[TownRow, ...]:
    """Return the towns of a sheet: in force, in the draft, and the rain of the last 3 h.

    ``others`` are the towns that could be added; they come last.
    """
    in_force = {t.code: t.level for t in previous.towns} if previous else {}
    rain = {r.code: r.rain_mm for r in observed if r.window_h == 3}
    lifting = warning.message_type is MessageType.CANCEL
    rows = [
        TownRow(
            t.code,
            t.name,
            in_force.get(t.code, Level.NONE),
            Level.NONE if lifting else t.level,
            rain.get(t.code, math.nan),
        )
        for t in warning.towns
    ]
    kept = {t.code for t in warning.towns}
    rows += [
        TownRow(t.code, t.name, t.level, Level.NONE, rain.get(t.code, math.nan))
        for t in (previous.towns if previous else ())
        if t.code not in kept
    ]
    listed = {row.code for row in rows}
    rows += [
        TownRow(p.code, p.name, Level.NONE, Level.NONE, rain.get(p.code, math.nan))
        for p in others
        if p.code not in listed
    ]
    return tuple(rows)


def difference_lines(desk: WarningDesk) -> tuple[DifferenceLine, ...]:
    """Return what the draft changes against the message in force, for the second person."""
    draft = desk.drafts.draft
    if draft is None:
        return ()
    lines = []
    for d in differences(draft.previous, draft.warning):
        if d.part is Part.TOWN:
            before, after = Level(d.before), Level(d.after)
            lines.append(DifferenceLine(d.subject, words.level(before), words.level(after), before, after))
        elif d.part is Part.VALID:
            lines.append(DifferenceLine(QCoreApplication.translate("Showing", "Valid, h"), d.before, d.after))
        else:
            what = (
                QCoreApplication.translate("Showing", "Text")
                if d.part is Part.TEXT
                else QCoreApplication.translate("Showing", "Guide")
            )
            lines.append(DifferenceLine(what, "", QCoreApplication.translate("Showing", "changed")))
    return tuple(lines)


def can_sign(people: Iterable[Person], warning: WeatherWarning | None) -> tuple[Person, ...]:
    """Return who may be asked to sign: active accounts with that right, the author left out."""
    author = warning.author_id if warning else ""
    return tuple(p for p in people if p.active and "signer" in p.roles and p.id != author)


def _name(person: Person | None) -> str:
    return person.name if person else ""


def _by_town(desk: WarningDesk) -> tuple[tuple[str, int], ...]:
    names = {p.code: p.name for p in desk.drafts.towns}
    counted = Counter(code for r in desk.drafts.recipients for code in r.town_codes[:1])
    return tuple((names.get(code, code), n) for code, n in counted.most_common())


def _checks(desk: WarningDesk) -> tuple[Check, ...]:
    products, error = desk.drafts.products, desk.drafts.product_error
    draft = desk.drafts.draft
    if products is None or draft is None:
        waiting = words.error(error) if error is not None else QCoreApplication.translate("Showing", "being made")
        return (Check("CAP", passed=False, detail=waiting),)
    long = [text for _, text in products.messages if len(text) > TEXT_LIMIT]
    return (
        Check(QCoreApplication.translate("Showing", "CAP valid"), passed=products.report.valid),
        Check(QCoreApplication.translate("Showing", "Length"), passed=not long),
        Check(QCoreApplication.translate("Showing", "Area"), passed=all(area.rings for area in products.areas)),
        Check(QCoreApplication.translate("Showing", "Recipients"), passed=bool(products.messages)),
        *(
            (Check(QCoreApplication.translate("Showing", "Signed"), passed=True),)
            if draft.warning.state is WarningState.SIGNED
            else ()
        ),
    )

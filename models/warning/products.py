"""Everything a warning is sent as, made and checked before it can be issued."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from models.errors import DataError
from models.hazard.register import Place
from models.warning.area import WarnedArea, areas_of
from models.warning.cap.checker import check
from models.warning.cap.report import CapReport
from models.warning.cap.writer import CapTexts, identifier_for, to_xml
from models.warning.issuing_office import IssuingOffice
from models.warning.observed import TownRain, by_window
from models.warning.plain_text import clean
from models.warning.recipient import Recipient
from models.warning.signals import signal
from models.warning.sms import text_message
from models.warning.warning import MessageType, WarningState, WeatherWarning
from models.warning.wording import drill, fill_times, signal_text


@dataclass(frozen=True, slots=True, eq=False)
class Products:
    """What `make` has made from ``made_from``, fit to be sent.

    ``issued`` is the warning as it will stand: state, number, identifier, times,
    and the text with its blanks filled. ``messages`` pairs each recipient with
    their text message.
    """

    made_from: WeatherWarning
    issued: WeatherWarning
    cap_xml: str
    text_zh: str
    text_en: str
    messages: tuple[tuple[Recipient, str], ...]
    areas: tuple[WarnedArea, ...]
    report: CapReport


def make(  # noqa: PLR0913 (everything a message is made of)
    warning: WeatherWarning,
    *,
    office: IssuingOffice,
    places: Sequence[Place],
    at: datetime,
    number: int,
    recipients: Sequence[Recipient] = (),
    previous: WeatherWarning | None = None,
    earlier: Sequence[WeatherWarning] = (),
    taken: Collection[str] = (),
    observed: Sequence[TownRain] = (),
) -> Products:
    """Make text, CAP and text messages as of ``at``, or say why it cannot be.

    Parameters
    ----------
    warning : WeatherWarning
        A draft (to look at), a submitted or a signed one (to issue).
    office, places
        Who issues; the towns, or the county where there are none.
    at : datetime
        The time of issue, cut to the second.
    number : int
        The legal number of the year; 0 while only looking.
    recipients : Sequence[Recipient]
        Who gets a text message.
    previous : WeatherWarning, optional
        The message that this one updates or lifts; needed for both.
    earlier : Sequence[WeatherWarning]
        Other messages of the chain; those still valid are referred to as well.
    taken : Collection[str]
        Identifiers already given out.
    observed : Sequence[TownRain]
        Rain of the towns, for the English text and for what counts as observed.

    Raises
    ------
    DataError
        ``products.bad_cap`` if the message would not be valid CAP, ``products.no_previous``
        for an update or lifting of nothing, and what the parts raise.
    """
    if warning.message_type is not MessageType.ALERT and previous is None:
        raise DataError("products.no_previous")
    at = at.replace(microsecond=0)
    issued = _as_issued(warning, office, at, number, taken)
    areas = areas_of(issued, places)
    text_en = clean(signal_text(issued, office, "en", previous=previous, observed=observed))
    texts = (CapTexts("zh", issued.text), CapTexts("en", text_en))
    xml = to_xml(
        issued,
        office,
        areas,
        texts,
        earlier=_still_valid(previous, earlier, at),
        observed_levels=_observed_levels(issued, observed),
    )
    report = check(xml)
    if not report.valid:
        first = report.errors[0]
        raise DataError("products.bad_cap", where=first.where, cause=first.message("zh"), cause_en=first.message("en"))
    messages = tuple((r, text_message(issued, office, r, previous=previous)) for r in recipients)
    return Products(warning, issued, xml.decode("utf-8"), issued.text, text_en, messages, areas, report)


def _as_issued(
    warning: WeatherWarning, office: IssuingOffice, at: datetime, number: int, taken: Collection[str]
) -> WeatherWarning:
    """Return the warning as it will stand once issued at ``at``."""
    expires_at = at + timedelta(hours=warning.valid_hours)
    text = clean(fill_times(warning.text, at, expires_at))
    mark = drill(warning, "zh")
    if mark and not text.startswith(mark):
        text = mark + text
    return replace(
        warning,
        state=WarningState.ISSUED,
        issued_at=at,
        expires_at=expires_at,
        number=number,
        identifier=identifier_for(office, at, taken),
        text=text,
    )


def _still_valid(
    previous: WeatherWarning | None, earlier: Sequence[WeatherWarning], at: datetime
) -> tuple[WeatherWarning, ...]:
    """Return the messages to refer to, oldest first: the one replaced, and all of the chain that still run."""
    if previous is None:
        return ()
    running = {w.id: w for w in earlier if w.issued_at and w.expires_at and w.expires_at > at}
    running[previous.id] = previous
    return tuple(sorted(running.values(), key=lambda w: w.issued_at or at))


def _observed_levels(warning: WeatherWarning, observed: Sequence[TownRain]) -> frozenset[str]:
    """Return the levels of which some town's observed rain has reached the criteria."""
    kind = signal(warning.signal_id)
    return frozenset(
        town.level.value
        for town in warning.towns
        if kind.proposed(by_window(observed, town.code)).rank >= town.level.rank
    )

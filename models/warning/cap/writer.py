"""Writes a warning as strict CAP 1.2.

One info block per level and language, so that towns of different levels keep
their own color, area and guide.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

import resources
from models.errors import DataError
from models.warning.area import WarnedArea
from models.warning.cap.names import (
    COLOR_PARAMETER,
    DIVISION_CODES,
    EVENT_CODES,
    LANGUAGES,
    NAMESPACE,
    tag,
)
from models.warning.issuing_office import BEIJING, IssuingOffice
from models.warning.plain_text import clean
from models.warning.signals import SignalLevel, level_words, signal
from models.warning.warning import MessageType, WeatherWarning
from models.warning.wording import headline

_MESSAGE_TYPES = {MessageType.ALERT: "Alert", MessageType.UPDATE: "Update", MessageType.CANCEL: "Cancel"}
_LONGEST_AREA = 50


@dataclass(frozen=True, slots=True)
class CapTexts:
    """What a CAP message says of the whole warning in one language (``zh`` or ``en``)."""

    language: str
    description: str


def to_xml(
    warning: WeatherWarning,
    office: IssuingOffice,
    areas: Sequence[WarnedArea],
    texts: Sequence[CapTexts],
    *,
    earlier: Sequence[WeatherWarning] = (),
    observed_levels: Collection[str] = (),
) -> bytes:
    """Return an issued warning as a CAP 1.2 message in UTF-8.

    Parameters
    ----------
    warning : WeatherWarning
        With its identifier, time of issue and end.
    office : IssuingOffice
        Who issues.
    areas : Sequence[WarnedArea]
        One per level, see `areas_of`.
    texts : Sequence[CapTexts]
        The description in each language, Chinese first.
    earlier : Sequence[WeatherWarning]
        The still valid earlier messages of the chain; an update and a lifting
        need at least one.
    observed_levels : Collection[str]
        Values of the levels whose criteria the observed rain has reached:
        those are urgent now and observed, the others expected and likely.

    Raises
    ------
    DataError
        ``cap.not_issued`` without identifier and times, ``cap.no_references``
        for an update or lifting that refers to nothing.
    """
    if warning.issued_at is None or warning.expires_at is None or not warning.identifier:
        raise DataError("cap.not_issued")
    references = " ".join(_reference(w, office) for w in earlier)
    if warning.message_type is not MessageType.ALERT and not references:
        raise DataError("cap.no_references")
    root = etree.fromstring(f'<alert xmlns="{NAMESPACE}"/>')
    _put(root, "identifier", warning.identifier)
    _put(root, "sender", office.cap_sender)
    _put(root, "sent", cap_time(warning.issued_at))
    _put(root, "status", "Exercise" if warning.exercise else "Actual")
    _put(root, "msgType", _MESSAGE_TYPES[warning.message_type])
    _put(root, "scope", "Public")
    if warning.exercise:
        _put(root, "note", resources.phrase("warning", "drill_note", "zh"))
    if references:
        _put(root, "references", references)
    for area in areas:
        for text in texts:
            _info(root, warning, office, area, text, observed=area.level.value in observed_levels)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def identifier_for(office: IssuingOffice, at: datetime, taken: Collection[str] = ()) -> str:
    """Return ``issuer_YYYYMMDDhhmmss`` in Beijing time, with ``_0`` to ``_9`` if that is taken.

    Raises
    ------
    DataError
        ``cap.no_identifier`` if more than eleven messages fall into one second.
    """
    first = f"{office.issuer_code}_{at.astimezone(BEIJING):%Y%m%d%H%M%S}"
    choices = [first, *(f"{first}_{n}" for n in range(10))]
    found = next((c for c in choices if c not in taken), None)
    if found is None:
        raise DataError("cap.no_identifier", identifier=first)
    return found


def cap_time(at: datetime) -> str:
    """Return Beijing time as CAP wants it: seconds, numeric offset, no fractions."""
    return at.astimezone(BEIJING).replace(microsecond=0).isoformat()


def division_code(code: str) -> str:
    """Return a division code with its twelve digits (area 6, town 3, village 3)."""
    return code.ljust(12, "0")


def _info(
    root: etree._Element,
    warning: WeatherWarning,
    office: IssuingOffice,
    area: WarnedArea,
    text: CapTexts,
    *,
    observed: bool,
) -> None:
    kind, words, language = signal(warning.signal_id), level_words(area.level), text.language
    detail = kind.at(area.level)
    info = etree.SubElement(root, tag("info"))
    _put(info, "language", LANGUAGES[language])
    _put(info, "category", kind.category)
    _put(info, "event", kind.name(language))
    for response in _responses(warning, detail):
        _put(info, "responseType", response)
    urgency, certainty = _urgency(warning, observed=observed)
    _put(info, "urgency", urgency)
    _put(info, "severity", words.cap_severity)
    _put(info, "certainty", certainty)
    if kind.event_code:
        _pair(info, "eventCode", EVENT_CODES, kind.event_code)
    assert warning.issued_at is not None  # noqa: S101 (to_xml has looked)
    assert warning.expires_at is not None  # noqa: S101
    _put(info, "effective", cap_time(warning.issued_at))
    _put(info, "expires", cap_time(warning.expires_at))
    _put(info, "senderName", office.named(language))
    _put(info, "headline", headline(warning, office, area.level, language))
    _put(info, "description", text.description)
    _put(info, "instruction", _instruction(warning, area, detail, language))
    _pair(info, "parameter", COLOR_PARAMETER, words.cap_color)
    place = etree.SubElement(info, tag("area"))
    _put(place, "areaDesc", _area_words(area, language))
    for ring in area.rings:
        _put(place, "polygon", " ".join(f"{lat:.5f},{lon:.5f}" for lon, lat in ring.tolist()))
    for town in area.towns:
        _pair(place, "geocode", DIVISION_CODES, division_code(town.code))


def _put(parent: etree._Element, name: str, text: str) -> None:
    """Append an element; an empty text leaves it out."""
    text = clean(text)
    if text:
        etree.SubElement(parent, tag(name)).text = text


def _pair(parent: etree._Element, name: str, value_name: str, value: str) -> None:
    element = etree.SubElement(parent, tag(name))
    etree.SubElement(element, tag("valueName")).text = value_name
    etree.SubElement(element, tag("value")).text = clean(value)


def _reference(warning: WeatherWarning, office: IssuingOffice) -> str:
    if warning.issued_at is None or not warning.identifier:
        raise DataError("cap.not_issued")
    return f"{office.cap_sender},{warning.identifier},{cap_time(warning.issued_at)}"


def _responses(warning: WeatherWarning, detail: SignalLevel) -> tuple[str, ...]:
    return ("AllClear",) if warning.message_type is MessageType.CANCEL else detail.response


def _urgency(warning: WeatherWarning, *, observed: bool) -> tuple[str, str]:
    """Return urgency and certainty; a warning that rests on alarms is about the next hour."""
    if warning.message_type is MessageType.CANCEL:
        return "Past", "Unlikely"
    if observed:
        return "Immediate", "Observed"
    return ("Expected" if warning.alarm_ids else "Future"), "Likely"


def _instruction(warning: WeatherWarning, area: WarnedArea, detail: SignalLevel, language: str) -> str:
    """Return the guide of the level; the operator's own lines stand for the worst level in Chinese."""
    if warning.message_type is MessageType.CANCEL:
        return ""
    own = language == "zh" and area.level is warning.level and warning.guide
    return "\n".join(own or detail.guide(language))


def _area_words(area: WarnedArea, language: str) -> str:
    """Return the towns' names; of too many the first ones and the count (the geocodes carry all)."""
    joint = resources.phrase("warning", "list", language)
    many = resources.phrase("warning", "area.many", language)
    names = [t.name for t in area.towns]
    choices = [joint.join(names)]
    choices += [many.format(first=joint.join(names[:n]), count=len(names)) for n in range(len(names) - 1, 0, -1)]
    return next((words for words in choices if len(words) <= _LONGEST_AREA), choices[-1])

"""Text messages: what one person is told, in at most 70 signs (one message)."""

from __future__ import annotations

from collections.abc import Sequence

import resources
from models.errors import DataError
from models.hazard.level import Level
from models.warning.issuing_office import IssuingOffice
from models.warning.plain_text import clean
from models.warning.recipient import Recipient
from models.warning.signals import level_words, signal
from models.warning.warning import MessageType, TownLevel, WeatherWarning
from models.warning.wording import change_of, drill, short_time

MOST_SIGNS = 70
_MOST_TOWNS = 2


def text_message(
    warning: WeatherWarning, office: IssuingOffice, recipient: Recipient, *, previous: WeatherWarning | None = None
) -> str:
    """Return the Chinese text message for one person, at most 70 signs (UTF-16 units).

    The person hears of the worst level among their towns. Whose towns are no
    longer warned hears that the warning is lifted. What does not fit is left
    out from the least important: points, act, office, amounts, towns.

    Raises
    ------
    DataError
        ``sms.nothing`` if the person answers for no town of the message,
        ``sms.too_long`` if not even the shortest text fits.
    """
    mine = [t for t in warning.towns if t.code in recipient.town_codes]
    lifted = warning.message_type is MessageType.CANCEL
    if not mine and previous is not None:
        mine = [t for t in previous.towns if t.code in recipient.town_codes]
        lifted = True
    if not mine:
        raise DataError("sms.nothing", person=recipient.name)
    kind = signal(warning.signal_id)
    facts = {"drill": drill(warning, "zh"), "office": office.name, "signal": kind.name_zh}
    if lifted:
        return _fitting("sms.lift", [{**facts, "towns": t} for t in _town_lists(mine)], recipient)
    level: Level = max((t.level for t in mine), key=lambda found: found.rank)
    detail = kind.at(level)
    until = short_time(warning.expires_at, "zh") if warning.expires_at else resources.phrase("warning", "blank", "zh")
    facts |= {
        "verb": resources.phrase("warning", f"sms.verb.{change_of(warning, previous)}", "zh"),
        "color": level_words(level).word_zh,
        "short": detail.short_zh,
        "call": detail.call_zh,
        "until": until,
        "points": _points(recipient),
    }
    at_level = [t for t in mine if t.level is level]
    return _fitting("sms.warn", [{**facts, "towns": t} for t in _town_lists(at_level)], recipient)


def signs(text: str) -> int:
    """Return the length as a text message counts it, in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def _fitting(key: str, choices: Sequence[dict[str, str]], recipient: Recipient) -> str:
    table = resources.table("phrases/warning")
    for part in key.split("."):
        table = table[part]
    for pattern in table["zh"]:
        for facts in choices:
            text = clean(str(pattern).format_map(facts))
            if signs(text) <= MOST_SIGNS:
                return text
    raise DataError("sms.too_long", person=recipient.name, most=MOST_SIGNS)


def _town_lists(towns: Sequence[TownLevel]) -> list[str]:
    """Return the towns in words, from the fullest to the shortest."""
    names = [t.name for t in towns]
    lists = ["、".join(names)] if len(names) <= _MOST_TOWNS else []
    if len(names) > 1:
        many = resources.phrase("warning", "sms.towns", "zh")
        lists += [many.format(first="、".join(names[:2]), count=len(names)) if len(names) > 2 else "、".join(names)]
        lists += [many.format(first=names[0], count=len(names))]
    return lists


def _points(recipient: Recipient) -> str:
    if not recipient.points:
        return ""
    if len(recipient.points) == 1:
        return recipient.points[0]
    many = resources.phrase("warning", "sms.points", "zh")
    return many.format(first=recipient.points[0], count=len(recipient.points))

"""The operator's words: every enum, ages, times and numbers.

English stands in the code, Chinese in ``resources/translations``. Missing is
"—", never 0. Times are those of the office, UTC+8.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from enum import StrEnum

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from models.act import COMMAND_LINE
from models.errors import ConsoleError
from models.hazard.alarms import AlarmState, RainSource
from models.hazard.level import Level
from models.hazard.register import PointKind
from models.reach.outbox import DeliveryState
from models.warning.warning import MessageType, WarningState
from widgets import language

MISSING = "—"
OFFICE_ZONE = timezone(timedelta(hours=8))
translate = QCoreApplication.translate

_LEVEL: Mapping[Level, object] = {
    Level.NONE: QT_TRANSLATE_NOOP("words", "none"),
    Level.BLUE: QT_TRANSLATE_NOOP("words", "blue"),
    Level.YELLOW: QT_TRANSLATE_NOOP("words", "yellow"),
    Level.ORANGE: QT_TRANSLATE_NOOP("words", "orange"),
    Level.RED: QT_TRANSLATE_NOOP("words", "red"),
    Level.NOT_JUDGED: QT_TRANSLATE_NOOP("words", "not judged"),
}
_LEVEL_NAME: Mapping[Level, object] = {
    Level.NONE: QT_TRANSLATE_NOOP("words", "No level"),
    Level.BLUE: QT_TRANSLATE_NOOP("words", "Blue"),
    Level.YELLOW: QT_TRANSLATE_NOOP("words", "Yellow"),
    Level.ORANGE: QT_TRANSLATE_NOOP("words", "Orange"),
    Level.RED: QT_TRANSLATE_NOOP("words", "Red"),
    Level.NOT_JUDGED: QT_TRANSLATE_NOOP("words", "Not judged"),
}
_KIND: Mapping[PointKind, object] = {
    PointKind.FLASH_FLOOD: QT_TRANSLATE_NOOP("words", "flash flood"),
    PointKind.LANDSLIDE: QT_TRANSLATE_NOOP("words", "landslide"),
    PointKind.COLLAPSE: QT_TRANSLATE_NOOP("words", "rockfall"),
    PointKind.DEBRIS_FLOW: QT_TRANSLATE_NOOP("words", "debris flow"),
    PointKind.WATERLOGGING: QT_TRANSLATE_NOOP("words", "waterlogging"),
    PointKind.PLACE: QT_TRANSLATE_NOOP("words", "hazard point"),
}
_ALARM_STATE: Mapping[AlarmState, object] = {
    AlarmState.OPEN: QT_TRANSLATE_NOOP("words", "open"),
    AlarmState.SEEN: QT_TRANSLATE_NOOP("words", "seen"),
    AlarmState.SHELVED: QT_TRANSLATE_NOOP("words", "shelved"),
    AlarmState.CLOSED: QT_TRANSLATE_NOOP("words", "closed"),
}
_WARNING_STATE: Mapping[WarningState, object] = {
    WarningState.DRAFT: QT_TRANSLATE_NOOP("words", "draft"),
    WarningState.SUBMITTED: QT_TRANSLATE_NOOP("words", "submitted"),
    WarningState.SIGNED: QT_TRANSLATE_NOOP("words", "signed"),
    WarningState.ISSUED: QT_TRANSLATE_NOOP("words", "in force"),
    WarningState.REPLACED: QT_TRANSLATE_NOOP("words", "replaced"),
    WarningState.LIFTED: QT_TRANSLATE_NOOP("words", "lifted"),
    WarningState.EXPIRED: QT_TRANSLATE_NOOP("words", "expired"),
    WarningState.WITHDRAWN: QT_TRANSLATE_NOOP("words", "withdrawn"),
}
_MESSAGE: Mapping[MessageType, object] = {
    MessageType.ALERT: QT_TRANSLATE_NOOP("words", "first issue"),
    MessageType.UPDATE: QT_TRANSLATE_NOOP("words", "update"),
    MessageType.CANCEL: QT_TRANSLATE_NOOP("words", "lifting"),
}
_DELIVERY: Mapping[DeliveryState, object] = {
    DeliveryState.QUEUED: QT_TRANSLATE_NOOP("words", "queued"),
    DeliveryState.HANDED_OVER: QT_TRANSLATE_NOOP("words", "handed over"),
    DeliveryState.DELIVERED: QT_TRANSLATE_NOOP("words", "delivered"),
    DeliveryState.FAILED: QT_TRANSLATE_NOOP("words", "failed"),
    DeliveryState.SILENT: QT_TRANSLATE_NOOP("words", "no receipt"),
}
_SOURCE: Mapping[RainSource, object] = {
    RainSource.GAUGE: QT_TRANSLATE_NOOP("words", "gauge"),
    RainSource.RADAR: QT_TRANSLATE_NOOP("words", "radar"),
    RainSource.NONE: QT_TRANSLATE_NOOP("words", "no source"),
}
_STEP: Mapping[str, object] = {
    "draft": QT_TRANSLATE_NOOP("words", "Draft"),
    "submit": QT_TRANSLATE_NOOP("words", "Submit"),
    "recall": QT_TRANSLATE_NOOP("words", "Recall"),
    "sign": QT_TRANSLATE_NOOP("words", "Sign"),
    "return": QT_TRANSLATE_NOOP("words", "Return"),
    "withdraw": QT_TRANSLATE_NOOP("words", "Withdraw"),
    "issue": QT_TRANSLATE_NOOP("words", "Issue"),
    "replace": QT_TRANSLATE_NOOP("words", "Replace"),
    "lift": QT_TRANSLATE_NOOP("words", "Lift"),
    "expire": QT_TRANSLATE_NOOP("words", "Expire"),
}
_ACT: Mapping[str, object] = {
    "warning.draft": QT_TRANSLATE_NOOP("words", "drafted a warning"),
    "warning.edit": QT_TRANSLATE_NOOP("words", "changed the draft"),
    "warning.submit": QT_TRANSLATE_NOOP("words", "submitted the draft"),
    "warning.recall": QT_TRANSLATE_NOOP("words", "recalled the draft"),
    "warning.return": QT_TRANSLATE_NOOP("words", "sent the draft back"),
    "warning.sign": QT_TRANSLATE_NOOP("words", "signed the warning"),
    "warning.issue": QT_TRANSLATE_NOOP("words", "issued the warning"),
    "warning.withdraw": QT_TRANSLATE_NOOP("words", "withdrew the draft"),
    "warning.replace": QT_TRANSLATE_NOOP("words", "replaced the warning"),
    "warning.lift": QT_TRANSLATE_NOOP("words", "lifted the warning"),
    "warning.expire": QT_TRANSLATE_NOOP("words", "the warning ran out"),
    "alarm.raised": QT_TRANSLATE_NOOP("words", "raised an alarm"),
    "alarm.seen": QT_TRANSLATE_NOOP("words", "saw the alarm"),
    "alarm.shelved": QT_TRANSLATE_NOOP("words", "shelved the alarm"),
    "alarm.closed": QT_TRANSLATE_NOOP("words", "closed the alarm"),
    "alarm.let_go": QT_TRANSLATE_NOOP("words", "levels let go after 30 dry minutes"),
    "message.handed_over": QT_TRANSLATE_NOOP("words", "a channel took a message"),
    "message.refused": QT_TRANSLATE_NOOP("words", "a channel refused a message"),
    "message.receipt": QT_TRANSLATE_NOOP("words", "a receipt came"),
    "feed.back": QT_TRANSLATE_NOOP("words", "a source speaks again"),
    "office.made": QT_TRANSLATE_NOOP("words", "made the office"),
    "store.restored": QT_TRANSLATE_NOOP("words", "restored the store"),
    "archive.rolled": QT_TRANSLATE_NOOP("words", "removed the oldest files of the archive"),
    "archive.mended": QT_TRANSLATE_NOOP("words", "mended the archive's index"),
    "feed.odd": QT_TRANSLATE_NOOP("words", "a radar's data are odd"),
    "feed.odd_over": QT_TRANSLATE_NOOP("words", "a radar's data are in order again"),
    "feed.refused": QT_TRANSLATE_NOOP("words", "refused a file"),
    "feed.silent": QT_TRANSLATE_NOOP("words", "a source fell silent"),
    "people.added": QT_TRANSLATE_NOOP("words", "added a person"),
    "people.changed": QT_TRANSLATE_NOOP("words", "changed a person"),
    "people.pin_set": QT_TRANSLATE_NOOP("words", "set a PIN"),
    "people.pin_wrong": QT_TRANSLATE_NOOP("words", "typed a wrong PIN"),
    "duty.signed_in": QT_TRANSLATE_NOOP("words", "took the duty"),
    "duty.signed_out": QT_TRANSLATE_NOOP("words", "left the duty"),
    "places.replaced": QT_TRANSLATE_NOOP("words", "replaced the places"),
    "places.vouched": QT_TRANSLATE_NOOP("words", "vouched for the places"),
    "points.replaced": QT_TRANSLATE_NOOP("words", "imported hazard points"),
    "register.put": QT_TRANSLATE_NOOP("words", "changed a register"),
    "register.removed": QT_TRANSLATE_NOOP("words", "took entries out of a register"),
    "register.replaced": QT_TRANSLATE_NOOP("words", "replaced a register"),
    "register.vouched": QT_TRANSLATE_NOOP("words", "vouched for a register"),
    "import.undone": QT_TRANSLATE_NOOP("words", "undid an import"),
}
_WEEKDAY = (
    QT_TRANSLATE_NOOP("words", "Mon"),
    QT_TRANSLATE_NOOP("words", "Tue"),
    QT_TRANSLATE_NOOP("words", "Wed"),
    QT_TRANSLATE_NOOP("words", "Thu"),
    QT_TRANSLATE_NOOP("words", "Fri"),
    QT_TRANSLATE_NOOP("words", "Sat"),
    QT_TRANSLATE_NOOP("words", "Sun"),
)


def _word(source: object) -> str:
    return translate("words", str(source))


def level(value: Level) -> str:
    """Return 蓝 / blue, as it stands beside a mark."""
    return _word(_LEVEL[value])


def level_name(value: Level) -> str:
    """Return 蓝色 / Blue, as it stands in a signal's name."""
    return _word(_LEVEL_NAME[value])


def point_kind(value: PointKind | str) -> str:
    """Return the word for a kind of hazard point; an unknown kind is returned as it is."""
    source = _KIND.get(PointKind(value)) if value in set(PointKind) else None
    return _word(source) if source is not None else str(value)


def alarm_state(value: AlarmState) -> str:
    """Return the word for an alarm's state."""
    return _word(_ALARM_STATE[value])


def warning_state(value: WarningState) -> str:
    """Return the word for a warning's state."""
    return _word(_WARNING_STATE[value])


def message_type(value: MessageType) -> str:
    """Return 首发, 变更 or 解除."""
    return _word(_MESSAGE[value])


def delivery(value: DeliveryState) -> str:
    """Return the word for how far a message has come."""
    return _word(_DELIVERY[value])


def rain_source(value: RainSource) -> str:
    """Return the word for where rain comes from."""
    return _word(_SOURCE[value])


def step(value: StrEnum | str) -> str:
    """Return the word for a step in a warning's life."""
    return _word(_STEP.get(str(value), str(value)))


def act(value: str) -> str:
    """Return the word for an act of the journal; an unknown one is returned as it is written."""
    if value.endswith("_refused"):
        return translate("words", "was refused: {act}").format(act=act(value.removesuffix("_refused")))
    return _word(_ACT[value]) if value in _ACT else value


def actor(value: str, names: Mapping[str, str]) -> str:
    """Return who acted: a person's name, the program, or the system's user at the command line."""
    if value == "system":
        return QCoreApplication.translate("words", "the program")
    if value.startswith(COMMAND_LINE):
        user = value.removeprefix(COMMAND_LINE)
        return QCoreApplication.translate("words", "command line, {user}").format(user=user)
    return names.get(value, value)


def error(problem: BaseException) -> str:
    """Return what an error means to the operator, in the console's language."""
    if isinstance(problem, ConsoleError):
        return problem.sentence(language.current())
    return translate("words", "A fault of the program itself: {fault}. It is in the log; alarms run on.").format(
        fault=type(problem).__name__
    )


def number(value: float, digits: int = 1) -> str:
    """Return a figure with so many digits after the point, "—" for NaN."""
    if not math.isfinite(value):
        return MISSING
    return f"{value:,.{digits}f}".replace(",", "\u2009")


def millimeters(value: float) -> str:
    """Return rain as "52.3", and a round threshold as "50"."""
    return number(value, 0 if math.isfinite(value) and value == round(value) else 1)


def clock(at: datetime | None) -> str:
    """Return HH:MM of the office, "—" for None."""
    return MISSING if at is None else at.astimezone(OFFICE_ZONE).strftime("%H:%M")


def clock_seconds(at: datetime | None) -> str:
    """Return HH:MM:SS of the office, "—" for None."""
    return MISSING if at is None else at.astimezone(OFFICE_ZONE).strftime("%H:%M:%S")


def day(at: datetime) -> str:
    """Return 6月18日 周四 / Thu 18 Jun."""
    local = at.astimezone(OFFICE_ZONE)
    weekday = _word(_WEEKDAY[local.weekday()])
    return translate("words", "{weekday} {day} {month}").format(
        weekday=weekday, day=local.day, month=local.month if language.current() == "zh" else _MONTHS[local.month - 1]
    )


_CLOCKS_MAY_DIFFER = timedelta(minutes=5)


def moment(at: datetime | None, now: datetime) -> str:
    """Return HH:MM, with the day before it when that is not today, and the year when that is another."""
    if at is None:
        return MISSING
    local, today = at.astimezone(OFFICE_ZONE), now.astimezone(OFFICE_ZONE)
    if local.year != today.year:
        return f"{local:%Y-%m-%d} {clock(at)}"
    return clock(at) if local.date() == today.date() else f"{local:%m-%d} {clock(at)}"


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def duration(span: timedelta) -> str:
    """Return 47 分钟 / 47 min, 2 小时 17 分 / 2 h 17 min; whole minutes, rounded down, never below 0."""
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes < 60:
        return translate("words", "{n} min").format(n=minutes)
    if minutes < 48 * 60 and minutes % 60 == 0:
        return translate("words", "{h} h").format(h=minutes // 60)
    if minutes < 48 * 60:
        return translate("words", "{h} h {m} min").format(h=minutes // 60, m=minutes % 60)
    return translate("words", "{n} days").format(n=minutes // 1440)


def age(span: timedelta) -> str:
    """Return 2 分钟前 / 2 min ago; 刚刚 / just now under a minute; what is of later than now says so."""
    if span < -_CLOCKS_MAY_DIFFER:
        return translate("words", "later than this clock")
    if span.total_seconds() < 60:
        return translate("words", "just now")
    return translate("words", "{span} ago").format(span=duration(span))


def no_data_for(span: timedelta | None) -> str:
    """Return 26 分钟无数 / no data for 26 min; 无数 / no data when it never spoke."""
    if span is None:
        return translate("words", "no data")
    return translate("words", "no data for {span}").format(span=duration(span))


def window(hours: float) -> str:
    """Return 3 h."""
    return f"{hours:g} h"

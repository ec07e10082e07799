"""Drafting: from alarms, as an update, as a lifting; each edit is a new draft, so undo is a tuple of drafts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from models.errors import DataError, IllegalStepError
from models.hazard.alarms import Alarm
from models.hazard.level import RISING, Level
from models.hazard.register import Place
from models.identity import new_id
from models.warning.area import TownFinder
from models.warning.issuing_office import IssuingOffice
from models.warning.lifecycle import is_in_force, state_words
from models.warning.observed import TownRain, by_window
from models.warning.signals import Signal, signal
from models.warning.warning import MessageType, Person, TownLevel, WarningState, WeatherWarning
from models.warning.wording import signal_text

LIFTING_HOURS = 1.0
LONGEST_HOURS = 48.0


@dataclass(frozen=True, slots=True)
class Draft:
    """A warning being written, with what its text is composed from.

    ``own_text`` says that the operator has written the text; edits of towns and
    hours then leave it alone until `with_composed_text`. ``own_guide`` likewise.
    """

    warning: WeatherWarning
    office: IssuingOffice
    previous: WeatherWarning | None = None
    observed: tuple[TownRain, ...] = ()
    own_text: bool = False
    own_guide: bool = False


def from_alarms(
    alarms: Sequence[Alarm],
    *,
    finder: TownFinder,
    observed: Sequence[TownRain],
    office: IssuingOffice,
    author: Person,
    at: datetime,
    signal_id: str = "rainstorm",
) -> Draft:
    """Return a first draft: the towns of the alarms, each with a level to start from.

    Parameters
    ----------
    alarms : Sequence[Alarm]
        What the draft rests on.
    finder : TownFinder
        The office's towns.
    observed : Sequence[TownRain]
        Rain of the towns in every window that is at hand, see `town_rains`.
    office, author, at
        Who issues, who drafts, when.
    signal_id : str
        Which signal.

    Notes
    -----
    A town's level is what the signal's own criteria give for the observed rain,
    and never less than the worst alarm there: the operator edits it.

    Raises
    ------
    DataError
        ``draft.not_ready`` for a signal that cannot be drafted yet, ``draft.no_town``
        if no alarm lies in a town of the office.
    """
    kind = _ready(signal_id)
    towns: dict[str, tuple[Place, Level]] = {}
    for alarm in alarms:
        place = finder.find(alarm.town, alarm.lon_deg, alarm.lat_deg)
        if place is None:
            continue
        by_rain = kind.proposed(by_window(observed, place.code))
        known = towns.get(place.code, (place, Level.NONE))[1]
        towns[place.code] = (place, max(known, by_rain, alarm.level, key=lambda level: level.rank))
    if not towns:
        raise DataError("draft.no_town", alarms=", ".join(a.point_name for a in alarms))
    listed = _sorted(TownLevel(p.code, p.name, level) for p, level in towns.values())
    alarm_ids = tuple(a.id for a in alarms)
    return _new(kind, MessageType.ALERT, listed, office, author, at, observed=tuple(observed), alarm_ids=alarm_ids)


def update_of(
    previous: WeatherWarning,
    *,
    office: IssuingOffice,
    author: Person,
    at: datetime,
    observed: Sequence[TownRain] = (),
    step: int = 0,
) -> Draft:
    """Return the draft of an update of a warning in force.

    ``step`` raises (1) or lowers (-1) every town by one level; 0 continues. A
    town cannot fall below blue here: take it out, or lift the warning.

    Raises
    ------
    IllegalStepError
        ``draft.not_in_force`` if the warning is not in force.
    """
    _check_in_force(previous, at)
    towns = _sorted(replace(t, level=_moved(t.level, step)) for t in previous.towns)
    draft = _new(
        _ready(previous.signal_id),
        MessageType.UPDATE,
        towns,
        office,
        author,
        at,
        observed=tuple(observed),
        previous=previous,
    )
    if step == 0:
        draft = replace(draft, warning=replace(draft.warning, guide=previous.guide), own_guide=True)
    return draft


def lift_of(previous: WeatherWarning, *, office: IssuingOffice, author: Person, at: datetime) -> Draft:
    """Return the draft of a lifting of a warning in force.

    Raises
    ------
    IllegalStepError
        ``draft.not_in_force`` if the warning is not in force.
    """
    _check_in_force(previous, at)
    kind = _ready(previous.signal_id)
    return _new(kind, MessageType.CANCEL, previous.towns, office, author, at, previous=previous)


def resume(
    warning: WeatherWarning,
    office: IssuingOffice,
    *,
    previous: WeatherWarning | None = None,
    observed: Sequence[TownRain] = (),
) -> Draft:
    """Return a stored draft to work on; text and guide that are not the composed ones count as written by hand."""
    draft = Draft(warning, office, previous, tuple(observed))
    return replace(
        draft,
        own_text=warning.text != _text(draft),
        own_guide=warning.guide != _guide(warning),
    )


def with_town(draft: Draft, place: Place, level: Level) -> Draft:
    """Return the draft with a town at a level; the town is added if it is not there.

    Raises
    ------
    DataError
        ``draft.no_level`` if the level is none that a warning can have.
    """
    if not level.is_alarm:
        raise DataError("draft.no_level", level=level.value)
    others = [t for t in draft.warning.towns if t.code != place.code]
    return _edited(draft, towns=_sorted([*others, TownLevel(place.code, place.name, level)]))


def without_town(draft: Draft, code: str) -> Draft:
    """Return the draft without a town.

    Raises
    ------
    DataError
        ``draft.last_town`` if no town would be left.
    """
    towns = tuple(t for t in draft.warning.towns if t.code != code)
    if not towns:
        raise DataError("draft.last_town")
    return _edited(draft, towns=towns)


def with_valid_hours(draft: Draft, hours: float) -> Draft:
    """Return the draft with another time of validity.

    Raises
    ------
    DataError
        ``draft.hours`` if it is not above 0 and at most 48 h.
    """
    if not 0 < hours <= LONGEST_HOURS:
        raise DataError("draft.hours", hours=hours, longest=f"{LONGEST_HOURS:g}")
    return _edited(draft, valid_hours=float(hours))


def with_text(draft: Draft, text: str) -> Draft:
    """Return the draft with a text written by hand."""
    _check_draft(draft.warning)
    return replace(draft, warning=replace(draft.warning, text=text), own_text=True)


def with_composed_text(draft: Draft) -> Draft:
    """Return the draft with the text that its towns and times give."""
    return _edited(replace(draft, own_text=False))


def with_guide(draft: Draft, lines: Sequence[str]) -> Draft:
    """Return the draft with guide lines written by hand; empty lines fall away."""
    _check_draft(draft.warning)
    kept = tuple(line.strip() for line in lines if line.strip())
    return replace(draft, warning=replace(draft.warning, guide=kept), own_guide=True)


def with_observed(draft: Draft, observed: Sequence[TownRain]) -> Draft:
    """Return the draft with newer rain; a composed text quotes it."""
    return _edited(replace(draft, observed=tuple(observed)))


def _new(  # noqa: PLR0913 (what a draft is made of)
    kind: Signal,
    message_type: MessageType,
    towns: tuple[TownLevel, ...],
    office: IssuingOffice,
    author: Person,
    at: datetime,
    *,
    previous: WeatherWarning | None = None,
    observed: tuple[TownRain, ...] = (),
    alarm_ids: tuple[str, ...] = (),
) -> Draft:
    id_ = new_id()
    lifting = message_type is MessageType.CANCEL
    worst = max((t.level for t in towns), key=lambda level: level.rank)
    warning = WeatherWarning(
        id=id_,
        chain_id=previous.chain_id if previous else id_,
        signal_id=kind.id,
        message_type=message_type,
        state=WarningState.DRAFT,
        towns=towns,
        text="",
        guide=(),
        valid_hours=LIFTING_HOURS if lifting else kind.at(worst).valid_hours,
        author_id=author.id,
        created_at=at,
        exercise=office.exercise,
        alarm_ids=alarm_ids or (previous.alarm_ids if previous else ()),
        previous_id=previous.id if previous else "",
    )
    return _edited(Draft(warning, office, previous, observed))


def _edited(draft: Draft, *, towns: tuple[TownLevel, ...] | None = None, valid_hours: float | None = None) -> Draft:
    """Return the draft after an edit, text and guide composed anew unless they are the operator's own."""
    _check_draft(draft.warning)
    warning = draft.warning
    if towns is not None:
        warning = replace(warning, towns=towns)
    if valid_hours is not None:
        warning = replace(warning, valid_hours=valid_hours)
    if not draft.own_guide:
        warning = replace(warning, guide=_guide(warning))
    draft = replace(draft, warning=warning)
    return draft if draft.own_text else replace(draft, warning=replace(warning, text=_text(draft)))


def _text(draft: Draft) -> str:
    return signal_text(draft.warning, draft.office, "zh", previous=draft.previous, observed=draft.observed)


def _guide(warning: WeatherWarning) -> tuple[str, ...]:
    if warning.message_type is MessageType.CANCEL:
        return ()
    return signal(warning.signal_id).at(warning.level).guide_zh


def _sorted(towns: Iterable[TownLevel]) -> tuple[TownLevel, ...]:
    return tuple(sorted(towns, key=lambda t: (-t.level.rank, t.code)))


def _moved(level: Level, step: int) -> Level:
    return RISING[min(max(RISING.index(level) + step, 0), len(RISING) - 1)]


def _ready(signal_id: str) -> Signal:
    kind = signal(signal_id)
    if not kind.ready:
        raise DataError("draft.not_ready", signal=kind.name_zh, signal_en=kind.name_en)
    return kind


def _check_draft(warning: WeatherWarning) -> None:
    if warning.state is not WarningState.DRAFT:
        raise IllegalStepError("draft.not_open", **state_words(warning.state))


def _check_in_force(previous: WeatherWarning, at: datetime) -> None:
    if not is_in_force(previous, at):
        raise IllegalStepError("draft.not_in_force")

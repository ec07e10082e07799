"""The life of a warning: one table of steps, and one function that takes them.

What is not in `STEPS` cannot happen. Every step gives a journal entry, and
what has been issued is never taken back: it is replaced, lifted, or it expires.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

import resources
from models.act import JournalEntry
from models.errors import IllegalStepError
from models.warning.persons import same_human
from models.warning.products import Products
from models.warning.warning import MessageType, Person, WarningState, WeatherWarning


class Step(StrEnum):
    """What can be done with a warning."""

    SUBMIT = "submit"
    RECALL = "recall"
    RETURN = "return"
    SIGN = "sign"
    ISSUE = "issue"
    WITHDRAW = "withdraw"
    REPLACE = "replace"
    LIFT = "lift"
    EXPIRE = "expire"


STEPS: dict[tuple[WarningState, Step], WarningState] = {
    (WarningState.DRAFT, Step.SUBMIT): WarningState.SUBMITTED,
    (WarningState.DRAFT, Step.WITHDRAW): WarningState.WITHDRAWN,
    (WarningState.SUBMITTED, Step.RECALL): WarningState.DRAFT,
    (WarningState.SUBMITTED, Step.RETURN): WarningState.DRAFT,
    (WarningState.SUBMITTED, Step.SIGN): WarningState.SIGNED,
    (WarningState.SUBMITTED, Step.WITHDRAW): WarningState.WITHDRAWN,
    (WarningState.SIGNED, Step.RECALL): WarningState.DRAFT,
    (WarningState.SIGNED, Step.RETURN): WarningState.DRAFT,
    (WarningState.SIGNED, Step.ISSUE): WarningState.ISSUED,
    (WarningState.SIGNED, Step.WITHDRAW): WarningState.WITHDRAWN,
    (WarningState.ISSUED, Step.REPLACE): WarningState.REPLACED,
    (WarningState.ISSUED, Step.LIFT): WarningState.LIFTED,
    (WarningState.ISSUED, Step.EXPIRE): WarningState.EXPIRED,
}

SYSTEM = Person("system", "system", "", roles=frozenset())
"""Who takes the steps that time or another message takes."""

PRODUCTS_HOLD = timedelta(minutes=5)
_BY_ITSELF = {Step.REPLACE, Step.LIFT, Step.EXPIRE}
_SECOND_PERSON = {Step.SIGN, Step.RETURN}
_AUTHOR_ONLY = {Step.SUBMIT, Step.RECALL}


def advance(
    warning: WeatherWarning,
    step: Step,
    actor: Person,
    at: datetime,
    *,
    author: Person,
    note: str = "",
    products: Products | None = None,
    successor: WeatherWarning | None = None,
) -> tuple[WeatherWarning, JournalEntry]:
    """Take one step, or refuse it.

    Parameters
    ----------
    warning : WeatherWarning
        As it stands.
    step : Step
        What is to be done.
    actor : Person
        Who does it; `SYSTEM` for what follows from time or from another message.
    at : datetime
        When.
    author : Person
        Who drafted the warning, so that the second person can be told from the first.
    note : str
        Why; needed to send a warning back.
    products : Products, optional
        Needed to issue: made and validated from exactly this warning.
    successor : WeatherWarning, optional
        Needed to replace or lift: the issued message that does it.

    Returns
    -------
    WeatherWarning, JournalEntry
        The warning after the step, and the line for the journal.

    Raises
    ------
    IllegalStepError
        If the state does not allow the step, this person may not take it, or
        something that it needs is missing. Codes ``step.*``.
    """
    target = STEPS.get((warning.state, step))
    if target is None:
        raise IllegalStepError("step.not_open", **_words(step), **state_words(warning.state))
    _check_actor(warning, step, actor, author)
    after = _taken(warning, step, target, actor, at, note=note, products=products, successor=successor)
    entry = JournalEntry(
        actor=actor.id,
        act=f"warning.{step.value}",
        subject=f"warning:{warning.id}",
        at=at,
        before={"state": warning.state.value},
        after=_facts(after, step, note, successor),
    )
    return after, entry


def steps_open_to(warning: WeatherWarning, actor: Person, author: Person) -> frozenset[Step]:
    """Return the steps that this person may take now; a button asks this before it shows itself."""
    return frozenset(step for state, step in STEPS if state is warning.state and _may(warning, step, actor, author))


def end_previous(previous: WeatherWarning, issued: WeatherWarning, at: datetime) -> tuple[WeatherWarning, JournalEntry]:
    """Return the earlier message as it ends by an issued update or lifting, with its journal entry."""
    step = Step.LIFT if issued.message_type is MessageType.CANCEL else Step.REPLACE
    return advance(previous, step, SYSTEM, at, author=_author_of(previous), successor=issued)


def expire(warning: WeatherWarning, at: datetime) -> tuple[WeatherWarning, JournalEntry]:
    """Return a warning whose time has run out as expired, with its journal entry."""
    return advance(warning, Step.EXPIRE, SYSTEM, at, author=_author_of(warning))


def is_in_force(warning: WeatherWarning, now: datetime) -> bool:
    """Return whether a warning holds now; a lifting is issued, but nothing is in force by it."""
    return (
        warning.state is WarningState.ISSUED
        and warning.message_type is not MessageType.CANCEL
        and warning.expires_at is not None
        and now < warning.expires_at
    )


def state_words(state: WarningState) -> dict[str, str]:
    """Return a state in words, as ``state_zh`` and ``state_en``."""
    return {f"state_{lang}": resources.phrase("warning", f"state.{state}", lang) for lang in ("zh", "en")}


def _words(step: Step) -> dict[str, str]:
    return {f"step_{lang}": resources.phrase("warning", f"step.{step}", lang) for lang in ("zh", "en")}


def _author_of(warning: WeatherWarning) -> Person:
    return Person(warning.author_id, warning.author_id, "")


def _may(warning: WeatherWarning, step: Step, actor: Person, author: Person) -> bool:
    try:
        _check_actor(warning, step, actor, author)
    except IllegalStepError:
        return False
    return step not in _BY_ITSELF


def _check_actor(warning: WeatherWarning, step: Step, actor: Person, author: Person) -> None:
    """Refuse a person who may not take the step."""
    if author.id != warning.author_id:
        raise IllegalStepError("step.wrong_author", author=author.id, expected=warning.author_id)
    if step in _BY_ITSELF:
        if actor.id != SYSTEM.id:
            raise IllegalStepError("step.by_itself", **_words(step))
        return
    if not actor.active or not actor.roles:
        raise IllegalStepError("step.no_account", person=actor.name)
    if step in _AUTHOR_ONLY and actor.id != author.id:
        raise IllegalStepError("step.author_only", **_words(step), author=author.name)
    if step in _SECOND_PERSON:
        if same_human(actor, author):
            raise IllegalStepError("step.same_person", person=actor.name)
        if "signer" not in actor.roles:
            raise IllegalStepError("step.no_signer", person=actor.name)


def _taken(
    warning: WeatherWarning,
    step: Step,
    target: WarningState,
    actor: Person,
    at: datetime,
    *,
    note: str,
    products: Products | None,
    successor: WeatherWarning | None,
) -> WeatherWarning:
    """Return the warning after a step that its state and its actor allow."""
    if step is Step.SUBMIT:
        _check_content(warning)
        return replace(warning, state=target, submitted_at=at, note="")
    if step in {Step.RECALL, Step.RETURN}:
        if step is Step.RETURN and not note.strip():
            raise IllegalStepError("step.no_reason")
        return replace(warning, state=target, note=note.strip(), signer_id="", signed_at=None, submitted_at=None)
    if step is Step.SIGN:
        return replace(warning, state=target, signer_id=actor.id, signed_at=at)
    if step is Step.ISSUE:
        return _issued(warning, at, products)
    if step is Step.WITHDRAW:
        return replace(warning, state=target, ended_at=at, note=note.strip())
    if step is Step.EXPIRE:
        if warning.expires_at is None or at < warning.expires_at:
            raise IllegalStepError("step.not_expired")
        return replace(warning, state=target, ended_at=warning.expires_at)
    _check_successor(warning, step, successor)
    return replace(warning, state=target, ended_at=at)


def _check_content(warning: WeatherWarning) -> None:
    if not warning.towns:
        raise IllegalStepError("step.no_towns")
    if not warning.text.strip():
        raise IllegalStepError("step.no_text")
    if not warning.valid_hours > 0:
        raise IllegalStepError("step.no_time")


def _issued(warning: WeatherWarning, at: datetime, products: Products | None) -> WeatherWarning:
    """Return the warning as issued, if its products were made from it and are fit."""
    if products is None:
        raise IllegalStepError("step.no_products")
    if products.made_from != warning:
        raise IllegalStepError("step.other_products")
    if not warning.signer_id or warning.signer_id == warning.author_id:
        raise IllegalStepError("step.not_signed")
    if products.issued.number < 1:
        raise IllegalStepError("step.no_number")
    sent_at = products.issued.issued_at
    if sent_at is None or not timedelta(seconds=-1) <= at - sent_at <= PRODUCTS_HOLD:
        raise IllegalStepError("step.old_products")
    return products.issued


def _check_successor(warning: WeatherWarning, step: Step, successor: WeatherWarning | None) -> None:
    wanted = MessageType.CANCEL if step is Step.LIFT else MessageType.UPDATE
    if (
        successor is None
        or successor.state is not WarningState.ISSUED
        or successor.previous_id != warning.id
        or successor.message_type is not wanted
    ):
        raise IllegalStepError("step.no_successor", **_words(step))


def _facts(after: WeatherWarning, step: Step, note: str, successor: WeatherWarning | None) -> dict[str, object]:
    """Return what the journal keeps of a step, as plain data."""
    facts: dict[str, object] = {"state": after.state.value}
    if note.strip():
        facts["note"] = note.strip()
    if step in {Step.SUBMIT, Step.SIGN, Step.ISSUE}:
        facts["signal"] = after.signal_id
        facts["message_type"] = after.message_type.value
        facts["towns"] = [{"code": t.code, "name": t.name, "level": t.level.value} for t in after.towns]
        facts["text"] = after.text
        facts["valid_hours"] = after.valid_hours
    if step is Step.SIGN:
        facts["signer"] = after.signer_id
    if step is Step.ISSUE:
        facts["number"] = after.number
        facts["identifier"] = after.identifier
        facts["expires_at"] = after.expires_at.isoformat() if after.expires_at else None
    if successor is not None:
        facts["by"] = successor.id
    return facts

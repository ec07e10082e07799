"""The one table of steps: what is in it can be walked, what is not cannot, and one person alone issues nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.errors import IllegalStepError
from models.warning import draft
from models.warning.lifecycle import (
    STEPS,
    SYSTEM,
    Step,
    advance,
    end_previous,
    expire,
    is_in_force,
    state_words,
    steps_open_to,
)
from models.warning.warning import MessageType, Person, WarningState, WeatherWarning
from tests.models.warning.scene import AUTHOR, NOW, OFFICE, SIGNER, after, first_draft, issued, products_of, signed


def standing(state: WarningState) -> WeatherWarning:
    """A warning in each state, brought there by the steps themselves."""
    written = first_draft().warning
    submitted, _ = advance(written, Step.SUBMIT, AUTHOR, NOW, author=AUTHOR)
    if state is WarningState.DRAFT:
        return written
    if state is WarningState.SUBMITTED:
        return submitted
    if state is WarningState.SIGNED:
        return signed(written)
    if state is WarningState.WITHDRAWN:
        return advance(written, Step.WITHDRAW, AUTHOR, NOW, author=AUTHOR)[0]
    out = issued(first_draft())
    if state is WarningState.ISSUED:
        return out
    if state is WarningState.EXPIRED:
        return expire(out, after(180))[0]
    return end_previous(
        out, successor(out, MessageType.UPDATE if state is WarningState.REPLACED else MessageType.CANCEL), NOW
    )[0]


def successor(previous: WeatherWarning, kind: MessageType) -> WeatherWarning:
    make_draft = draft.update_of if kind is MessageType.UPDATE else draft.lift_of
    return issued(make_draft(previous, office=OFFICE, author=AUTHOR, at=after(10)), at=after(10), number=4)


def take(warning: WeatherWarning, step: Step) -> WeatherWarning:
    """Take a step with everything it could need, by the right person."""
    actor = SYSTEM if step in {Step.REPLACE, Step.LIFT, Step.EXPIRE} else AUTHOR
    if step in {Step.SIGN, Step.RETURN}:
        actor = SIGNER
    products = products_of(warning) if warning.state is WarningState.SIGNED else None
    following = None
    if warning.state is WarningState.ISSUED and step in {Step.REPLACE, Step.LIFT}:
        following = successor(warning, MessageType.UPDATE if step is Step.REPLACE else MessageType.CANCEL)
    at = after(180) if step is Step.EXPIRE else NOW
    return advance(warning, step, actor, at, author=AUTHOR, note="算错了镇名", products=products, successor=following)[
        0
    ]


@pytest.mark.parametrize("state", WarningState)
@pytest.mark.parametrize("step", Step)
def test_every_pair_of_state_and_step_is_either_walked_or_refused(state: WarningState, step: Step) -> None:
    warning = standing(state)
    assert warning.state is state
    if (state, step) in STEPS:
        assert take(warning, step).state is STEPS[state, step]
    else:
        with pytest.raises(IllegalStepError) as caught:
            take(warning, step)
        assert caught.value.code == "step.not_open"
        assert "{" not in caught.value.sentence("zh") + caught.value.sentence("en")


def test_nothing_leads_out_of_an_end_and_every_state_can_be_reached() -> None:
    ends = set(WarningState) - {state for state, _ in STEPS}
    assert ends == {WarningState.REPLACED, WarningState.LIFTED, WarningState.EXPIRED, WarningState.WITHDRAWN}
    assert set(STEPS.values()) | {WarningState.DRAFT} == set(WarningState)


def test_each_step_gives_its_journal_line() -> None:
    written = first_draft().warning
    _, entry = advance(written, Step.SUBMIT, AUTHOR, NOW, author=AUTHOR)
    assert (entry.actor, entry.act, entry.subject, entry.at) == (
        AUTHOR.id,
        "warning.submit",
        f"warning:{written.id}",
        NOW,
    )
    assert entry.before == {"state": "draft"}
    assert entry.after["state"] == "submitted"
    assert entry.after["text"] == written.text


def test_the_journal_line_of_an_issue_says_number_identifier_and_end() -> None:
    ready = signed(first_draft().warning)
    _, entry = advance(ready, Step.ISSUE, AUTHOR, NOW, author=AUTHOR, products=products_of(ready))
    assert entry.after["number"] == 3
    assert entry.after["identifier"] == "99000141600000_20260618031240"
    assert entry.after["expires_at"] == "2026-06-17T22:12:40+00:00"


# Two people


def refused(warning: WeatherWarning, step: Step, actor: Person, **how: object) -> str:
    with pytest.raises(IllegalStepError) as caught:
        advance(warning, step, actor, NOW, author=AUTHOR, **how)  # type: ignore[arg-type]
    assert caught.value.sentence("zh")
    assert caught.value.sentence("en")
    return caught.value.code


def test_the_author_cannot_sign() -> None:
    assert refused(standing(WarningState.SUBMITTED), Step.SIGN, AUTHOR) == "step.same_person"


@pytest.mark.parametrize(
    "second_account",
    [
        Person("p-other", "周岚二", "1001", "000-9", frozenset({"signer"})),
        Person("p-other", "Zhou", " １００１ ", "", frozenset({"signer"})),
        Person("p-other", "周 岚", "2002", "+86 000-1001", frozenset({"signer"})),
        Person("p-zhou", "别名", "3003", "000-3", frozenset({"signer"})),
    ],
)
def test_the_author_cannot_sign_under_another_account(second_account: Person) -> None:
    submitted = standing(WarningState.SUBMITTED)
    assert refused(submitted, Step.SIGN, second_account) == "step.same_person"
    assert refused(submitted, Step.RETURN, second_account, note="x") == "step.same_person"
    assert Step.SIGN not in steps_open_to(submitted, second_account, AUTHOR)


def test_nobody_without_the_role_or_with_a_closed_account_signs() -> None:
    submitted = standing(WarningState.SUBMITTED)
    assert refused(submitted, Step.SIGN, replace(SIGNER, roles=frozenset({"forecaster"}))) == "step.no_signer"
    assert refused(submitted, Step.SIGN, replace(SIGNER, roles=frozenset({"leader"}))) == "step.no_signer"
    assert refused(submitted, Step.SIGN, replace(SIGNER, active=False)) == "step.no_account"
    assert refused(submitted, Step.SIGN, SYSTEM) == "step.no_account"


def test_another_author_than_the_one_on_record_cannot_be_named() -> None:
    with pytest.raises(IllegalStepError) as caught:
        advance(standing(WarningState.SUBMITTED), Step.SIGN, AUTHOR, NOW, author=SIGNER)
    assert caught.value.code == "step.wrong_author"


def test_only_the_author_submits_and_takes_back() -> None:
    assert refused(first_draft().warning, Step.SUBMIT, SIGNER) == "step.author_only"
    assert refused(standing(WarningState.SUBMITTED), Step.RECALL, SIGNER) == "step.author_only"


def test_nobody_replaces_lifts_or_expires_by_hand() -> None:
    out = standing(WarningState.ISSUED)
    for step in (Step.REPLACE, Step.LIFT, Step.EXPIRE):
        assert refused(out, step, SIGNER) == "step.by_itself"
    assert steps_open_to(out, SIGNER, AUTHOR) == frozenset()
    assert steps_open_to(out, SYSTEM, AUTHOR) == frozenset()


def test_a_forged_signature_of_the_author_issues_nothing() -> None:
    forged = replace(signed(first_draft().warning), signer_id=AUTHOR.id)
    assert refused(forged, Step.ISSUE, AUTHOR, products=products_of(forged)) == "step.not_signed"
    unsigned = replace(forged, signer_id="")
    assert refused(unsigned, Step.ISSUE, AUTHOR, products=products_of(unsigned)) == "step.not_signed"


def test_taking_back_and_sending_back_remove_the_signature() -> None:
    ready = signed(first_draft().warning)
    for back, _ in (
        advance(ready, Step.RECALL, AUTHOR, NOW, author=AUTHOR),
        advance(ready, Step.RETURN, SIGNER, NOW, author=AUTHOR, note=" 镇名 "),
    ):
        assert (back.signer_id, back.signed_at, back.submitted_at) == ("", None, None)
    assert back.note == "镇名"


def test_sending_back_needs_a_reason() -> None:
    assert refused(standing(WarningState.SUBMITTED), Step.RETURN, SIGNER, note="  ") == "step.no_reason"


def test_the_buttons_of_each_person_follow_the_table() -> None:
    submitted = standing(WarningState.SUBMITTED)
    assert steps_open_to(first_draft().warning, AUTHOR, AUTHOR) == {Step.SUBMIT, Step.WITHDRAW}
    assert steps_open_to(first_draft().warning, SIGNER, AUTHOR) == {Step.WITHDRAW}
    assert steps_open_to(submitted, AUTHOR, AUTHOR) == {Step.RECALL, Step.WITHDRAW}
    assert steps_open_to(submitted, SIGNER, AUTHOR) == {Step.SIGN, Step.RETURN, Step.WITHDRAW}
    assert steps_open_to(standing(WarningState.SIGNED), AUTHOR, AUTHOR) == {Step.ISSUE, Step.RECALL, Step.WITHDRAW}
    assert steps_open_to(standing(WarningState.SIGNED), SIGNER, AUTHOR) == {Step.ISSUE, Step.RETURN, Step.WITHDRAW}


# What an issue needs


def test_nothing_is_issued_before_its_products_are_made() -> None:
    assert refused(signed(first_draft().warning), Step.ISSUE, AUTHOR) == "step.no_products"


def test_products_of_another_text_do_not_fit() -> None:
    ready = signed(first_draft().warning)
    other = products_of(replace(ready, text=ready.text + "。"))
    assert refused(ready, Step.ISSUE, AUTHOR, products=other) == "step.other_products"
    of_the_draft = products_of(first_draft().warning)
    assert refused(ready, Step.ISSUE, AUTHOR, products=of_the_draft) == "step.other_products"


def test_products_only_looked_at_carry_no_number_and_old_ones_the_wrong_time() -> None:
    ready = signed(first_draft().warning)
    assert refused(ready, Step.ISSUE, AUTHOR, products=products_of(ready, number=0)) == "step.no_number"
    with pytest.raises(IllegalStepError) as caught:
        advance(ready, Step.ISSUE, AUTHOR, after(6), author=AUTHOR, products=products_of(ready))
    assert caught.value.code == "step.old_products"


def test_the_issued_warning_is_the_one_in_the_products() -> None:
    ready = signed(first_draft().warning)
    products = products_of(ready)
    out, _ = advance(ready, Step.ISSUE, SIGNER, NOW, author=AUTHOR, products=products)
    assert out == products.issued
    assert (out.signer_id, out.author_id, out.expires_at) == (SIGNER.id, AUTHOR.id, after(180))


@pytest.mark.parametrize(
    ("change", "code"),
    [({"towns": ()}, "step.no_towns"), ({"text": "  "}, "step.no_text"), ({"valid_hours": 0.0}, "step.no_time")],
)
def test_an_unfinished_draft_is_not_submitted(change: dict[str, object], code: str) -> None:
    unfinished = replace(first_draft().warning, **change)  # type: ignore[arg-type]
    assert refused(unfinished, Step.SUBMIT, AUTHOR) == code


# The end of a warning


def test_an_update_replaces_and_a_lifting_lifts() -> None:
    out = issued(first_draft())
    replaced, entry = end_previous(out, successor(out, MessageType.UPDATE), after(10))
    assert (replaced.state, replaced.ended_at, entry.actor) == (WarningState.REPLACED, after(10), "system")
    lifted, entry = end_previous(out, successor(out, MessageType.CANCEL), after(10))
    assert (lifted.state, entry.act) == (WarningState.LIFTED, "warning.lift")
    assert entry.after["by"]


def test_a_message_about_another_warning_ends_nothing() -> None:
    out, stranger = issued(first_draft()), issued(first_draft())
    for following in (successor(stranger, MessageType.UPDATE), None):
        with pytest.raises(IllegalStepError) as caught:
            advance(out, Step.REPLACE, SYSTEM, NOW, author=AUTHOR, successor=following)
        assert caught.value.code == "step.no_successor"
    with pytest.raises(IllegalStepError):
        advance(out, Step.LIFT, SYSTEM, NOW, author=AUTHOR, successor=successor(out, MessageType.UPDATE))
    unissued = draft.update_of(out, office=OFFICE, author=AUTHOR, at=after(1)).warning
    with pytest.raises(IllegalStepError):
        advance(out, Step.REPLACE, SYSTEM, NOW, author=AUTHOR, successor=unissued)


def test_a_warning_expires_at_its_time_and_not_before() -> None:
    out = issued(first_draft())
    assert refused_expiry(out, after(179)) == "step.not_expired"
    expired, entry = expire(out, after(200))
    assert (expired.state, expired.ended_at) == (WarningState.EXPIRED, after(180))
    assert entry.act == "warning.expire"


def refused_expiry(warning: WeatherWarning, at) -> str:  # type: ignore[no-untyped-def]
    with pytest.raises(IllegalStepError) as caught:
        expire(warning, at)
    return caught.value.code


def test_in_force_is_what_is_issued_runs_and_is_no_lifting() -> None:
    out = issued(first_draft())
    assert is_in_force(out, NOW)
    assert is_in_force(out, after(179.9))
    assert not is_in_force(out, after(180))
    assert not is_in_force(successor(out, MessageType.CANCEL), after(11))
    assert not is_in_force(signed(first_draft().warning), NOW)


def test_every_state_has_words_in_both_languages() -> None:
    for state in WarningState:
        assert set(state_words(state)) == {"state_zh", "state_en"}

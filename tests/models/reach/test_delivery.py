"""From a warning to messages: who, what, and never a real phone in an exercise."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest

from models.errors import DeliveryError
from models.hazard.level import Level
from models.hazard.register import HazardPoint, PointKind
from models.reach.audience import audience
from models.reach.delivery import RECEIPT_DUE_AFTER, check_drill_range, messages_for, overdue
from models.reach.outbox import DeliveryState
from models.warning import draft
from models.warning.area import TownFinder
from models.warning.issuing_office import IssuingOffice
from models.warning.products import Products
from models.warning.recipient import Recipient
from tests.models.warning.scene import (
    AUTHOR,
    COUNTY,
    FINDER,
    NAMES,
    NOW,
    OFFICE,
    REAL,
    TOWNS,
    ZHANG,
    after,
    alarm,
    first_draft,
    from_alarms,
    issued,
    products_of,
    signed,
)


def point(town: int, person: str, phone: str, name: str = "", *, named: bool = True) -> HazardPoint:
    return HazardPoint(
        name or f"P{town}{person}",
        name or f"点{town}",
        PointKind.LANDSLIDE,
        113.05 + town / 10,
        24.05,
        town=NAMES[town] if named else "",
        person=person,
        phone=phone,
    )


def test_the_responsible_persons_of_the_warned_towns_and_nobody_else() -> None:
    points = (point(0, "张三", "000-1"), point(1, "李四", "000-2", named=False), point(2, "王五", "000-3"))
    found = audience(first_draft().warning, points, FINDER)
    assert [(r.name, r.town_codes) for r in found.recipients] == [
        ("张三", (TOWNS[0].code,)),
        ("李四", (TOWNS[1].code,)),
    ]


def test_one_message_per_phone_however_the_number_is_written() -> None:
    points = (
        point(1, "张三", "+86 138-0000-0001", "甲"),
        point(0, "张三", "13800000001", "乙"),
        point(0, "张三", "１３８ ００００ ０００１", "丙"),
    )
    (person,) = audience(first_draft().warning, points, FINDER).recipients
    assert person.points == ("甲", "乙", "丙")
    assert set(person.town_codes) == {TOWNS[0].code, TOWNS[1].code}


def test_persons_stand_with_the_worst_level_first_then_by_name() -> None:
    points = (point(1, "A", "000-1"), point(0, "C", "000-2"), point(0, "B", "000-3"))
    assert [r.name for r in audience(first_draft().warning, points, FINDER).recipients] == ["B", "C", "A"]


def test_who_has_no_phone_is_named_and_not_forgotten() -> None:
    found = audience(first_draft().warning, (point(0, "张三", " - ", "石坑沟"),), FINDER)
    assert found.recipients == ()
    assert found.without_phone == ("石坑沟",)


def test_who_answers_for_a_dropped_town_is_told_too() -> None:
    out = issued(first_draft())
    update = draft.without_town(draft.update_of(out, office=OFFICE, author=AUTHOR, at=after(9)), TOWNS[0].code)
    points = (point(0, "张三", "000-1"), point(1, "李四", "000-2"), point(3, "王五", "000-3"))
    names = [r.name for r in audience(update.warning, points, FINDER, previous=out).recipients]
    assert names == ["李四", "张三"]


def test_a_county_without_towns_tells_everybody_in_it() -> None:
    finder = TownFinder([COUNTY])
    warning = from_alarms(alarm(Level.RED, 0), finder=finder).warning
    points = (point(0, "张三", "000-1"), point(3, "李四", "000-2"))
    assert len(audience(warning, points, finder).recipients) == 2


def products(*people: Recipient, office: IssuingOffice = OFFICE) -> Products:
    return products_of(signed(first_draft(office=office).warning), recipients=people, office=office)


LI = Recipient("李四", "000-2002", (TOWNS[1].code,), ("老鸦岭",))


def test_one_cap_message_and_one_text_per_person_on_each_channel() -> None:
    made = products(ZHANG, LI)
    out = messages_for(made, OFFICE, NOW, channels=("folder", "other"))
    assert [(m.channel, m.kind, m.recipient) for m in out] == [
        ("folder", "cap", "青岚县气象台"),
        ("folder", "text", "张三"),
        ("folder", "text", "李四"),
        ("other", "cap", "青岚县气象台"),
        ("other", "text", "张三"),
        ("other", "text", "李四"),
    ]
    assert out[0].body == made.cap_xml
    assert "石坑镇" in out[1].body
    assert {m.warning_id for m in out} == {made.issued.id}
    assert {m.state for m in out} == {DeliveryState.QUEUED}
    assert (out[1].address, out[0].address) == ("000-2001", OFFICE.cap_sender)


def test_every_message_has_a_version_7_id_of_its_own() -> None:
    ids = [m.id for m in messages_for(products(ZHANG, LI), OFFICE, NOW)]
    assert len(set(ids)) == 3
    assert {uuid.UUID(id_).version for id_ in ids} == {7}


@pytest.mark.parametrize("phone", ["13800000001", "+86 0001234", "1000-2001", "", "00-02001"])
def test_an_exercise_sends_to_no_phone_outside_the_drill_range(phone: str) -> None:
    stranger = Recipient("王五", phone, (TOWNS[0].code,), ())
    allowed = phone in {"+86 0001234", "00-02001"}
    if allowed:
        check_drill_range(OFFICE, (stranger,))
        return
    with pytest.raises(DeliveryError) as caught:
        messages_for(products(ZHANG, stranger), OFFICE, NOW)
    assert caught.value.code == "delivery.outside_drill"
    assert "王五" in caught.value.sentence("zh")
    assert "张三" not in caught.value.sentence("zh")


def test_an_exercise_without_declared_numbers_sends_to_nobody() -> None:
    for phones in ((), ("",), ("--",)):
        with pytest.raises(DeliveryError):
            check_drill_range(replace(OFFICE, drill_phones=phones), (ZHANG,))
    check_drill_range(replace(OFFICE, drill_phones=()), ())


def test_many_strangers_are_named_by_the_first_ones_and_counted() -> None:
    people = [Recipient(f"人{i}", f"138{i:08d}", (), ()) for i in range(30)]
    with pytest.raises(DeliveryError) as caught:
        check_drill_range(OFFICE, people)
    assert "30" in caught.value.sentence("en")
    assert "人4" in caught.value.sentence("en")
    assert "人5" not in caught.value.sentence("en")


def test_a_real_warning_goes_to_real_phones() -> None:
    real = replace(ZHANG, phone="13800000001")
    out = messages_for(products(real, office=REAL), REAL, NOW)
    assert out[1].address == "13800000001"
    assert "演练" not in out[1].body


def test_what_was_handed_over_and_never_answered_is_silent_after_its_time() -> None:
    queued, other = messages_for(products(ZHANG), OFFICE, NOW)
    handed = replace(queued, state=DeliveryState.HANDED_OVER, handed_over_at=NOW)
    delivered = replace(handed, id="d", state=DeliveryState.DELIVERED)
    early, late = NOW + RECEIPT_DUE_AFTER * 0.99, NOW + RECEIPT_DUE_AFTER
    assert overdue((handed, other, delivered), early) == ()
    assert overdue((handed, other, delivered), late) == (replace(handed, state=DeliveryState.SILENT),)
    unknown = replace(handed, handed_over_at=None)
    assert overdue((unknown,), late) == ()

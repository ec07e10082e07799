"""Our messages as CAP 1.2: valid by the schema and the prose, whatever stands in the names."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import etree

from models.errors import DataError
from models.hazard.level import Level
from models.warning import draft
from models.warning.area import TownFinder, areas_of
from models.warning.cap.checker import check
from models.warning.cap.names import tag
from models.warning.cap.writer import CapTexts, cap_time, division_code, identifier_for, to_xml
from models.warning.products import Products, make
from models.warning.signals import signal
from models.warning.warning import WarningState, WeatherWarning
from tests.data import need
from tests.models.warning.scene import (
    AUTHOR,
    COUNTY,
    NOW,
    OBSERVED,
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


def tree(products: Products) -> etree._Element:
    return etree.fromstring(products.cap_xml.encode())


def texts(root: etree._Element, *path: str) -> list[str]:
    return [e.text or "" for e in root.findall("/".join(tag(p) for p in path))]


def alert() -> Products:
    return products_of(signed(first_draft().warning))


def chain() -> tuple[WeatherWarning, Products, Products]:
    out = issued(first_draft())
    update = draft.with_town(draft.update_of(out, office=OFFICE, author=AUTHOR, at=after(30)), TOWNS[3], Level.RED)
    lifting = draft.lift_of(out, office=OFFICE, author=AUTHOR, at=after(40))
    return (
        out,
        products_of(signed(update.warning, after(30)), at=after(30), previous=out),
        products_of(signed(lifting.warning, after(40)), at=after(40), previous=out),
    )


def test_alert_update_and_cancel_are_valid_by_the_oasis_schema_and_the_prose() -> None:
    schema = etree.XMLSchema(etree.parse(str(need("cap/CAP-v1.2.xsd"))))
    _, update, lifting = chain()
    for products, kind in ((alert(), "Alert"), (update, "Update"), (lifting, "Cancel")):
        root = tree(products)
        schema.assertValid(root)
        assert texts(root, "msgType") == [kind]
        report = check(products.cap_xml.encode())
        assert report.valid
        assert report.warnings == ()


def test_the_head_of_a_message() -> None:
    root = tree(alert())
    assert texts(root, "identifier") == ["99000141600000_20260618031240"]
    assert texts(root, "sent") == ["2026-06-18T03:12:40+08:00"]
    assert texts(root, "status") == ["Exercise"]
    assert "演练" in texts(root, "note")[0]
    assert texts(root, "references") == []


def test_a_real_warning_is_actual_and_says_nothing_of_an_exercise() -> None:
    products = products_of(signed(first_draft(office=REAL).warning), office=REAL)
    root = tree(products)
    assert texts(root, "status") == ["Actual"]
    assert texts(root, "note") == []
    assert "演练" not in products.cap_xml
    assert "EXERCISE" not in products.cap_xml


def test_towns_of_different_levels_have_a_block_of_their_own_per_language() -> None:
    root = tree(alert())
    assert texts(root, "info", "language") == ["zh-CN", "en-US", "zh-CN", "en-US"]
    assert texts(root, "info", "severity") == ["Extreme", "Extreme", "Severe", "Severe"]
    assert texts(root, "info", "parameter", "valueName") == ["awareness_colour_cn"] * 4
    assert texts(root, "info", "parameter", "value") == ["Red", "Red", "Orange", "Orange"]
    assert texts(root, "info", "eventCode", "value") == ["11B03"] * 4
    assert texts(root, "info", "area", "areaDesc") == ["石坑镇", "石坑镇", "云台镇", "云台镇"]
    assert texts(root, "info", "area", "geocode", "value") == ["990001100000"] * 2 + ["990001101000"] * 2
    assert len(set(texts(root, "info", "headline"))) == 4
    assert texts(root, "info", "expires") == ["2026-06-18T06:12:40+08:00"] * 4


def test_polygons_are_latitude_first_and_closed() -> None:
    pairs = texts(tree(alert()), "info", "area", "polygon")[0].split()
    assert pairs[0] == pairs[-1]
    for pair in pairs:
        lat, lon = map(float, pair.split(","))
        assert (24 <= lat <= 24.1, 113 <= lon <= 113.1) == (True, True)


def test_what_the_rain_has_reached_is_observed_and_the_rest_expected() -> None:
    root = tree(alert())
    assert texts(root, "info", "certainty") == ["Observed"] * 4
    without = tree(products_of(signed(first_draft(observed=()).warning), observed=()))
    assert set(texts(without, "info", "certainty")) == {"Likely"}
    assert set(texts(without, "info", "urgency")) == {"Expected"}
    by_hand = replace(signed(first_draft(observed=()).warning), alarm_ids=())
    assert set(texts(tree(products_of(by_hand, observed=())), "info", "urgency")) == {"Future"}


def test_an_update_refers_to_the_message_before_it() -> None:
    out, update, _ = chain()
    assert texts(tree(update), "references") == [f"99000141600000,{out.identifier},2026-06-18T03:12:40+08:00"]


def test_a_lifting_is_an_all_clear() -> None:
    _, _, lifting = chain()
    root = tree(lifting)
    assert set(texts(root, "info", "responseType")) == {"AllClear"}
    assert set(texts(root, "info", "urgency")) == {"Past"}
    assert texts(root, "info", "instruction") == []


def test_every_earlier_message_that_still_runs_is_referred_to() -> None:
    first = issued(first_draft())
    second = issued(
        draft.with_valid_hours(draft.update_of(first, office=OFFICE, author=AUTHOR, at=after(10)), 6),
        at=after(10),
        number=4,
    )
    third = draft.update_of(second, office=OFFICE, author=AUTHOR, at=after(20)).warning
    soon = products_of(signed(third, after(20)), at=after(20), previous=second, earlier=(first, second))
    assert [r.split(",")[1] for r in texts(tree(soon), "references")[0].split()] == [
        first.identifier,
        second.identifier,
    ]
    late = draft.update_of(second, office=OFFICE, author=AUTHOR, at=after(200)).warning
    later = products_of(signed(late, after(200)), at=after(200), previous=second, earlier=(first, second))
    assert [r.split(",")[1] for r in texts(tree(later), "references")[0].split()] == [second.identifier]


def test_an_update_of_nothing_is_refused() -> None:
    out = issued(first_draft())
    update = draft.update_of(out, office=OFFICE, author=AUTHOR, at=after(30)).warning
    with pytest.raises(DataError) as caught:
        products_of(update, at=after(30))
    assert caught.value.code == "products.no_previous"
    with pytest.raises(DataError) as caught:
        to_xml(replace(update, issued_at=NOW, expires_at=after(60), identifier="x"), OFFICE, (), ())
    assert caught.value.code == "cap.no_references"
    with pytest.raises(DataError) as caught:
        to_xml(first_draft().warning, OFFICE, (), ())
    assert caught.value.code == "cap.not_issued"
    with pytest.raises(DataError):
        to_xml(out, OFFICE, (), (), earlier=(first_draft().warning,))


def test_identifiers_of_one_second_count_on() -> None:
    first = identifier_for(OFFICE, NOW)
    taken = {first}
    for n in range(10):
        following = identifier_for(OFFICE, NOW, taken)
        assert following == f"{first}_{n}"
        taken.add(following)
    with pytest.raises(DataError):
        identifier_for(OFFICE, NOW, taken)


def test_an_office_without_towns_sends_its_county() -> None:
    working = from_alarms(alarm(Level.RED, 0), finder=TownFinder([COUNTY]))
    products = make(signed(working.warning), office=OFFICE, places=(COUNTY,), at=NOW, number=1)
    root = tree(products)
    assert texts(root, "info", "area", "geocode", "value") == ["990001000000"] * 2
    assert products.report.valid


HOSTILE = (
    "<b>石坑</b>镇",
    "A&B &amp; 镇",
    "&#60;script&#62;",
    "\"'镇'\"",
    "坏\x00\x07\x1b\ufffe镇",
    "]]><!--镇-->",
    "𠮷镇\ud83d",
    "镇 镇,镇;%00",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_of_towns_and_texts_stay_text(name: str) -> None:
    working = first_draft()
    towns = tuple(replace(t, name=name) for t in working.warning.towns)
    warning = replace(working.warning, towns=towns, text=f"【演练】{name}", guide=(name, "第二条"))
    places = tuple(replace(p, name=name) for p in TOWNS)
    observed = tuple(replace(r, name=name) for r in OBSERVED)
    person = replace(ZHANG, name=name, points=(name,))
    products = make(
        signed(warning), office=OFFICE, places=places, at=NOW, number=1, recipients=(person,), observed=observed
    )
    root = tree(products)
    assert products.report.valid
    for element in root.iter():
        text = element.text or ""
        assert "<" not in text
        assert not any(ord(sign) < 32 and sign != "\n" for sign in text)
    products.cap_xml.encode("utf-8")
    for _, text in products.messages:
        text.encode("utf-8")
    assert len(root.findall(tag("info"))) == 4


def test_a_text_of_nothing_but_control_signs_leaves_no_empty_element() -> None:
    warning = replace(signed(first_draft().warning), guide=("\x01",))
    assert "<instruction/>" not in products_of(warning).cap_xml


def test_many_towns_are_named_by_the_first_ones() -> None:
    towns = tuple(
        replace(t, code=f"9900012{i:02d}", name=f"第{i}个名字很长的镇")
        for i, t in enumerate([first_draft().warning.towns[0]] * 21)
    )
    places = tuple(replace(TOWNS[0], code=t.code, name=t.name) for t in towns)
    out = replace(issued(first_draft()), towns=towns)
    xml = to_xml(out, OFFICE, areas_of(out, places), (CapTexts("zh", "文"), CapTexts("en", "text")))
    words = texts(etree.fromstring(xml), "info", "area", "areaDesc")
    assert words[0].endswith("等21个乡镇")
    assert len(words[0]) <= 50
    assert words[0].startswith("第0个名字很长的镇、第1个")
    assert [w.rule for w in check(xml).warnings] == []


def test_the_products_hold_the_warning_as_it_will_stand() -> None:
    products = alert()
    assert products.issued.state is WarningState.ISSUED
    assert products.issued.issued_at == NOW
    assert products.made_from.state is WarningState.SIGNED
    assert products.text_zh == products.issued.text
    assert products.messages[0][0] == ZHANG


def test_a_text_from_which_the_mark_of_exercise_was_struck_gets_it_back() -> None:
    struck = replace(signed(first_draft().warning), text="青岚县气象台发布暴雨红色预警。")
    assert products_of(struck).issued.text.startswith("【演练】青岚县")


def test_what_would_not_be_valid_cap_is_not_made() -> None:
    with pytest.raises(DataError) as caught:
        products_of(signed(first_draft().warning), office=replace(OFFICE, sender="two words"))
    assert caught.value.code == "products.bad_cap"
    assert "sender" in caught.value.sentence("zh")


def test_a_signal_without_an_event_code_writes_none(monkeypatch: pytest.MonkeyPatch) -> None:
    bare = replace(signal("rainstorm"), event_code="")
    monkeypatch.setattr("models.warning.cap.writer.signal", lambda _id: bare)
    products = alert()
    assert "eventCode" not in products.cap_xml
    assert products.report.valid


def test_small_words() -> None:
    assert cap_time(NOW.replace(microsecond=999_999)) == "2026-06-18T03:12:40+08:00"
    assert division_code("990001") == "990001000000"
    assert division_code("990001100001") == "990001100001"

"""The card of any record: laid out by its register's description alone."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from models.register.description import RegisterDescription, parse, shipped
from models.register.record import Record, RecordVersion
from tests.make import NOW, ago
from tests.widgets.conftest import Look
from tests.widgets.map.test_cards import assert_fits, said
from widgets import pieces
from widgets.register.record_card import RecordCard, RecordFacts, checks_of
from widgets.words import OFFICE_ZONE

RESERVOIRS = """
name = "reservoirs"
title = { zh = "水库", en = "Reservoirs" }
geometry = "point"
group = "hazards"
glyph = "reservoir"
active_until = "closed_on"
kind = [{ key = "small", title = { zh = "小型", en = "Small" } }]
field = [
  { key = "volume", type = "number", unit = "万m³", title = { zh = "库容", en = "Volume" } },
  { key = "gated", type = "yes_no", title = { zh = "有闸", en = "Gated" } },
  { key = "keeper", type = "text", required = true, title = { zh = "管护人", en = "Keeper" } },
  { key = "phone", type = "phone", title = { zh = "电话", en = "Phone" } },
  { key = "people", type = "link", to = "people", title = { zh = "谁来应", en = "Who answers" } },
  { key = "checked_on", type = "date", due_days = 30, title = { zh = "检查", en = "Checked" } },
  { key = "closed_on", type = "date", title = { zh = "停用", en = "Closed" } },
  { key = "picture", type = "photo", title = { zh = "照片", en = "Photo" } },
  { key = "state", type = "choice", title = { zh = "状态", en = "State" }, choice = [
    { key = "sound", title = { zh = "正常", en = "Sound" } } ] },
]
"""


def reservoirs() -> RegisterDescription:
    return parse(tomllib.loads(RESERVOIRS), "reservoirs.toml")


def longtan(**values: object) -> Record:
    known = {
        "volume": 82.5,
        "gated": True,
        "phone": "000-0000-0201",
        "people": ["1", "9"],
        "checked_on": "2026-03-28",
        "state": "sound",
    }
    return Record(
        "reservoirs",
        "R-1",
        "龙潭水库",
        "small",
        106.71,
        28.83,
        "龙潭镇",
        "龙潭村",
        {**known, **values},  # type: ignore[dict-item]
        {"旧编号": "330-12"},
    )


def card_of(qtbot: QtBot, record: Record, width: int = 352) -> RecordCard:
    card = RecordCard()
    qtbot.addWidget(card)
    card.resize(width, 100)
    history = (
        RecordVersion(record, 1, ago(60 * 24 * 9), "p-zhou", "import:1"),
        RecordVersion(record, 2, ago(90), "p-zhou", "edit"),
    )
    card.show_record(RecordFacts(reservoirs(), record, {("people", "1"): "覃立"}, history, {"p-zhou": "周岚"}), NOW)
    card.resize(width, card.sizeHint().height())
    return card


def test_a_register_of_one_toml_file_has_a_card(qtbot: QtBot) -> None:
    card = card_of(qtbot, longtan())
    for text in ("龙潭水库", "Small", "Reservoirs", "82.5", "万m³", "yes", "Sound", "000-0000-0201", "覃立", "330-12"):
        assert text in said(card), text
    assert card.shown == ("reservoirs", "R-1")
    assert card.sprite() == "point.none/reservoir"
    assert_fits(card)


def test_a_date_past_its_due_day_stands_on_a_tag_and_what_is_required_and_absent_is_said(qtbot: QtBot) -> None:
    texts = said(card_of(qtbot, longtan()))
    assert "overdue 52 d" in texts, "82 days old, 30 are allowed"
    assert "not entered" in texts, "the keeper is required"
    assert "not in the register" in texts, "nobody has the id 9"
    fresh = said(card_of(qtbot, longtan(checked_on="2026-06-12")))
    assert "12 Jul" in fresh
    assert not any("overdue" in text for text in fresh)


def test_the_history_says_who_did_what_and_when(qtbot: QtBot) -> None:
    texts = said(card_of(qtbot, longtan()))
    assert {"version 2", "edited", "imported", "周岚", "9 Jun"} <= set(texts)
    gone = card_of(qtbot, longtan())
    assert gone._facts is not None
    first = replace(gone._facts.history[-1], number=1)
    gone.show_record(replace(gone._facts, history=(first,)), NOW)
    assert "put in" in said(gone), "the word of the form's own list"
    assert "edited" not in said(gone)
    last = replace(gone._facts.history[-1], gone=True)
    gone.show_record(replace(gone._facts, history=(last,)), NOW)
    assert "taken out" in said(gone)


def test_a_record_out_of_its_period_is_inactive(qtbot: QtBot) -> None:
    assert "inactive" in said(card_of(qtbot, longtan(closed_on="2026-05-01")))
    assert "inactive" not in said(card_of(qtbot, longtan(closed_on="2027-05-01")))


def test_links_and_numbers_are_followed(qtbot: QtBot) -> None:
    card = card_of(qtbot, longtan())
    assert card.links() == [
        "tel:000-0000-0201",
        "record:people:1",
        "record:people:9",
        "history:reservoirs:R-1",
    ]
    name = next(p for p in card.pieces() if isinstance(p, pieces.Text) and p.text == "覃立")
    with qtbot.waitSignal(card.link_requested) as caught:
        QTest.mouseClick(card, Qt.MouseButton.LeftButton, pos=name.rect.center().toPoint())
    assert caught.args == ["record:people:1"]


def test_a_photo_is_named_until_it_is_read_and_then_shown(qtbot: QtBot) -> None:
    card = card_of(qtbot, longtan(picture="dam.jpg"))
    assert card.photo_name == "dam.jpg"
    assert "dam.jpg" in said(card)
    low = card.sizeHint().height()
    photo = QImage(400, 200, QImage.Format.Format_RGB32)
    photo.fill(QColor(12, 34, 56))
    card.show_photo(photo)
    card.resize(352, card.sizeHint().height())
    assert card.sizeHint().height() > low
    image = card.grab().toImage()
    assert any(image.pixelColor(100, y) == QColor(12, 34, 56) for y in range(image.height()))


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("spoken", ["zh", "en"])
@pytest.mark.parametrize("width", [320, 352])
def test_every_shipped_register_has_a_card_that_fits(
    qtbot: QtBot, put_on: Look, look: str, spoken: str, width: int
) -> None:
    put_on(look, spoken)
    for description in shipped():
        values = {f.key: _example(f.type.value, f.choices[0].key if f.choices else "") for f in description.fields}
        record = Record(description.name, "X-0001", "石坑沟", "", 106.7, 28.8, "石坑镇", "石坑村", values)  # type: ignore[arg-type]
        card = RecordCard()
        qtbot.addWidget(card)
        card.resize(width, 100)
        card.show_record(RecordFacts(description, record), NOW)
        card.resize(width, card.sizeHint().height())
        assert_fits(card)


def _example(kind: str, choice: str) -> object:
    examples: dict[str, object] = {
        "text": "沟口淤积，6月14日清完，路面已通",
        "integer": 126,
        "number": 14.5,
        "date": "2026-03-28",
        "yes_no": True,
        "choice": choice,
        "phone": "000-0000-0117",
        "link": ["B1"],
        "thresholds": [{"window_h": 1, "level": "red", "rain_mm": 105.5, "design": False}],
        "photo": "a.jpg",
    }
    return examples[kind]


def test_without_a_record_the_card_says_what_will_stand_there(qtbot: QtBot) -> None:
    card = RecordCard()
    qtbot.addWidget(card)
    card.resize(352, 62)
    assert said(card)[0].startswith("Choose an entry")
    assert card.shown == ("", "")
    assert card.photo_name == ""


def test_what_is_overdue_stands_under_the_head_the_inspection_first(qtbot: QtBot) -> None:
    units = next(one for one in shipped() if one.name == "key_units")
    days = {"inspected_on": "2026-06-04", "drilled_on": "2025-05-01", "lightning_tested_on": "2025-06-10"}
    made = Record("key_units", "K1", "石坑小学", values={**days, "certified_on": "2026-01-01"})
    today = NOW.astimezone(OFFICE_ZONE).date()
    assert [(key, line.overdue_days) for key, line in checks_of(units, made, today)] == [
        *(("inspected_on", None), ("drilled_on", 48), ("lightning_tested_on", 8)),
    ]
    card = RecordCard()
    qtbot.addWidget(card)
    card.show_record(RecordFacts(units, made), NOW)
    card.resize(320, card.sizeHint().height())
    texts = said(card)
    assert texts.index("overdue 48 d") < texts.index("Sensitive to") < texts.index("Certified on")
    assert texts.count("Drilled on") == 1
    assert_fits(card)


def test_of_what_has_no_inspection_the_next_day_that_is_due_stands_under_the_head() -> None:
    people = next(one for one in shipped() if one.name == "people")
    today = NOW.astimezone(OFFICE_ZONE).date()
    ((key, line),) = checks_of(people, Record("people", "P", "覃立", values={"confirmed_on": "2026-06-11"}), today)
    assert (key, line.next_on, line.overdue_days) == ("confirmed_on", date(2026, 7, 11), None)
    assert checks_of(people, Record("people", "P", "覃立"), today) == []
    points = next(one for one in shipped() if one.name == "hazard_points")
    seen = Record("hazard_points", "H", "石坑沟", values={"inspected_on": "2026-06-12", "inspected_by": "韦青山"})
    assert [line.by for _, line in checks_of(points, seen, today)] == ["韦青山"]

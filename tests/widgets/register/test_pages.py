"""The pages under the map: 六个一, the plan's numbers, contacts: ticks are ticks, gaps are dashed, rows lead on."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from models.register.completeness import plan_lines, six
from models.register.contacts import Fault, contacts
from models.register.description import shipped
from models.register.record import Record, Value
from tests.models.register.table_records import TODAY, days_ago
from tests.widgets import fit
from tests.widgets.hand import heard
from widgets.pieces import Frame, Text
from widgets.register.completeness_page import CompletenessPage
from widgets.register.contacts_page import ContactsPage
from widgets.register.plan_page import PlanPage
from widgets.row_list import RowList

BY_NAME = {one.name: one for one in shipped()}
VILLAGES = [("石坑镇", ""), ("石坑镇", "石坑村"), ("石坑镇", "枫坳村"), ("白水镇", ""), ("白水镇", "白水村")]


def entry(id_: str, village: str, **values: Value) -> Record:
    whole: dict[str, Value] = {"message": days_ago(9), "post": "P1", "receiver": True, "loudspeaker": "L1", "plan": days_ago(9),
             "drill": days_ago(9)}  # fmt: skip
    kind = "village" if village else "town"
    return Record("villages_six", id_, village or "石坑镇", kind, 106.7, 28.8, "石坑镇", village, {**whole, **values})


def six_page() -> CompletenessPage:
    page = CompletenessPage()
    records = (entry("V0", ""), entry("V1", "石坑村", drill=days_ago(400), receiver=False))
    page.show_six(six(BY_NAME["villages_six"], records, today=TODAY, villages=VILLAGES))
    return page


def plan_page() -> PlanPage:
    page = PlanPage()
    records = {"shelters": (Record("shelters", "S1", "a", "school", 106.7, 28.8, "石坑镇"),)}
    bases = {"town": 2.0, "village": 3.0, "road_100km": 0.5, "county": 1.0}
    page.show_lines(plan_lines(shipped(), records, bases, villages=VILLAGES))
    return page


def contacts_page() -> ContactsPage:
    def person(id_: str, name: str, phone: str, **values: object) -> Record:
        kept = {"role": "监测员", "phone": phone, "substitute": "P1" if id_ != "P1" else "P2", **values}
        return Record("people", id_, name, "village", None, None, "石坑镇", "石坑村", kept)  # type: ignore[arg-type]

    people = (
        person("P1", "韦青山", "000-0000-0117", confirmed_on=days_ago(81)),
        person("P2", "黄秀兰", "000-0000-0118", confirmed_on=days_ago(1), bounced_on=days_ago(1), bounce="空号"),
        person("P3", "梁国富", "000-0000-0118", confirmed_on=days_ago(2)),
    )
    page = ContactsPage()
    page.show_contacts(contacts(BY_NAME["people"], people, today=TODAY))
    return page


def put(qtbot: QtBot, page: QWidget, size: tuple[int, int] = (1248, 240)) -> None:
    page.resize(*size)
    qtbot.addWidget(page)
    page.show()
    assert QTest.qWaitForWindowActive(page)


def said(listed: RowList, row: str) -> list[str]:
    box = listed.row_rect(row)
    pieces = [one for one in listed.pieces() if isinstance(one, Text) and one.text and box.contains(one.rect.center())]
    return [one.text for one in pieces]


def frames(listed: RowList, row: str) -> list[Frame]:
    box = listed.row_rect(row)
    return [one for one in listed.pieces() if isinstance(one, Frame) and one.dashed and box.contains(one.rect)]


@pytest.mark.parametrize("spoken", ["zh", "en"])
@pytest.mark.parametrize("size", [(1248, 260), (774, 176)])
def test_every_text_of_the_pages_fits(
    qtbot: QtBot, put_on: Callable[[str, str], None], size: tuple[int, int], spoken: str
) -> None:
    put_on("light", spoken)
    for page in (six_page(), plan_page(), contacts_page()):
        put(qtbot, page, size)
        assert fit.faults(page) == []


def test_on_a_narrow_page_the_dashed_counts_stand_apart(qtbot: QtBot) -> None:
    page = six_page()
    put(qtbot, page, (774, 176))
    boxes = sorted((one.rect for one in frames(page.towns, "石坑镇")), key=lambda rect: rect.left())
    assert len(boxes) == 6
    gaps = [right.left() - left.right() for left, right in pairwise(boxes)]
    assert min(gaps) >= 6


def test_a_town_counts_what_its_villages_have_and_a_full_column_is_a_tick(qtbot: QtBot) -> None:
    page = six_page()
    put(qtbot, page)
    assert page.towns.row_ids == ("白水镇", "石坑镇")
    assert said(page.towns, "石坑镇") == ["石坑镇", "2/3", "2/3", "1/3", "2/3", "2/3", "1/3", "1/3"]
    assert len(frames(page.towns, "石坑镇")) == 6
    only = six(BY_NAME["villages_six"], (entry("V0", ""),), today=TODAY)
    page.show_six(only)
    assert said(page.towns, "石坑镇") == ["石坑镇", *["✓"] * 6, "1/1"]


def test_the_villages_of_the_chosen_town_have_ticks_tags_and_dashed_gaps(qtbot: QtBot) -> None:
    page = six_page()
    put(qtbot, page)
    page.towns.setFocus()
    QTest.keyClick(page.towns, Qt.Key.Key_Down)
    assert page.villages.row_ids == ("石坑镇/", "石坑镇/石坑村", "石坑镇/枫坳村")
    assert said(page.villages, "石坑镇/石坑村") == ["石坑村", "✓", "✓", "✓", "✓", "late"]
    assert len(frames(page.villages, "石坑镇/石坑村")) == 1
    assert said(page.villages, "石坑镇/枫坳村") == ["枫坳村", "no entry", *["—"] * 6]
    assert [run.text for run in page.title()] == ["all six 1 of 5", "missing 1", "overdue 1", "not written down 18"]


def test_a_village_leads_to_the_map(qtbot: QtBot) -> None:
    page = six_page()
    put(qtbot, page)
    page.towns.setFocus()
    QTest.keyClick(page.towns, Qt.Key.Key_Down)
    spy = QSignalSpy(page.village_selected)
    QTest.keyClick(page.towns, Qt.Key.Key_Return)
    assert page.villages.hasFocus()
    QTest.keyClick(page.villages, Qt.Key.Key_Down)
    QTest.keyClick(page.villages, Qt.Key.Key_Down)
    assert heard(spy) == [["石坑镇", "石坑村", "V1"], ["石坑镇", "枫坳村", ""]]


def test_the_plan_stands_with_most_missing_first_and_leads_to_the_register(qtbot: QtBot) -> None:
    page = plan_page()
    put(qtbot, page, (1248, 700))
    lines = {row.partition(":")[2]: said(page.list, row) for row in page.list.row_ids if row.endswith(":shelters")}
    assert lines["shelters"][2:] == ["—", "1", "—"]  # nobody knows how many people live there
    town = next(row for row in page.list.row_ids if said(page.list, row)[1:2] == ["2 in each town × 2"])
    assert said(page.list, town) == ["Shelters", "2 in each town × 2", "4", "1", "3", "石坑镇, 白水镇"]
    assert len(frames(page.list, town)) == 1
    page.list.show_selected(town)
    page.list.setFocus()
    with qtbot.waitSignal(page.register_requested) as got:
        QTest.keyClick(page.list, Qt.Key.Key_Return)
    assert got.args == ["shelters"]


def test_kinds_of_faults_stand_with_their_counts_and_their_entries_lead_on(qtbot: QtBot) -> None:
    page = contacts_page()
    put(qtbot, page)
    counts = {row: said(page.kinds, row)[1] for row in page.kinds.row_ids}
    assert counts == {
        "bounced": "1", "no_number": "0", "same_number": "2", "other_number": "0", "stale": "1", "never_confirmed": "0",
        "no_substitute": "0",
    }  # fmt: skip
    assert page.kinds.selected == Fault.BOUNCED
    assert said(page.list, "0") == ["黄秀兰", "000-0000-0118", "监测员", "石坑镇 石坑村", "yesterday 空号"]
    page.kinds.setFocus()
    QTest.keyClick(page.kinds, Qt.Key.Key_Down)
    assert page.list.row_ids == ()
    QTest.keyClick(page.kinds, Qt.Key.Key_Down)
    assert said(page.list, "0")[-1] == "also the number of 梁国富"
    spy = QSignalSpy(page.record_selected)
    QTest.keyClick(page.kinds, Qt.Key.Key_Return)
    QTest.keyClick(page.list, Qt.Key.Key_Down)
    assert heard(spy) == [["people", "P2"]]
    assert [run.text for run in page.title()] == ["3 people", "sound 0", "with a fault 3"]


def test_a_page_without_anything_says_what_to_do(qtbot: QtBot) -> None:
    page = CompletenessPage()
    put(qtbot, page)
    page.show_six(six(BY_NAME["villages_six"], (), today=TODAY))
    assert any("import" in text for text in fit.texts_of(page))
    plan = PlanPage()
    put(qtbot, plan)
    plan.show_lines(())
    assert any("plan_per" in text for text in fit.texts_of(plan))
    nobody = ContactsPage()
    put(qtbot, nobody)
    nobody.show_contacts(contacts(BY_NAME["people"], (), today=TODAY))
    assert "import" in nobody.title()[0].text

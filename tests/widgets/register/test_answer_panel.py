"""The answer to "what lies in here?": what it adds up to first, then every thing by name."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from models.hazard.area_totals import Figure, Totals
from models.hazard.level import Level
from models.register.ask import Answer, Inside
from models.register.description import shipped
from models.register.record import Record
from tests.widgets.conftest import Look
from tests.widgets.map.test_cards import said
from widgets import theme as look
from widgets.pieces import Mark, Text
from widgets.register.answer_panel import AnswerPanel

TOTALS = Totals(
    34,
    {Level.RED: 2, Level.ORANGE: 1, Level.YELLOW: 3, Level.BLUE: 7, Level.NONE: 1125, Level.NOT_JUDGED: 400},
    Figure(1234, 2),
    Figure(0, 34),
    5,
    3,
    Figure(860, 0),
    23.44,
)
POINT = Record("hazard_points", "P1", "石坑沟", "flash_flood", town="石坑镇", village="石坑村")
ANSWER = Answer(12.3, (Inside("hazard_points", (POINT,), {"people_at_risk": 1234.0}, {"people_at_risk": 2}),))


def shown(panel: AnswerPanel, width: float) -> tuple[list[str], list[Level]]:
    row = panel.list._rows[0]
    assert row.id == "totals"
    laid = row.lay(width)
    assert max(piece.rect.bottom() for piece in laid) <= row.height
    assert max(piece.rect.right() for piece in laid) <= width - look.EDGE_PX + 1
    return [one.text for one in laid if isinstance(one, Text)], [one.level for one in laid if isinstance(one, Mark)]


@pytest.mark.parametrize(("spoken", "width"), [("en", 320), ("en", 352), ("zh", 320)])
def test_the_totals_stand_on_top_with_what_nobody_knows(qtbot: QtBot, put_on: Look, spoken: str, width: int) -> None:
    put_on("light", spoken)
    panel = AnswerPanel()
    qtbot.addWidget(panel)
    panel.resize(width, 500)
    panel.show_answer(ANSWER, {one.name: one for one in shipped()}, TOTALS, "石坑镇")
    panel.show()
    said, levels = shown(panel, float(width))
    assert levels == list(TOTALS.levels)
    assert {"34", "5", "3", "860", "23.4 km", "1\u2009234", "—"} <= set(said)
    if spoken == "en":
        assert {"not known for 2", "not known for 34"} <= set(said)


def test_hazards_stand_first_the_worst_on_top_then_people_shelters_and_key_units(qtbot: QtBot) -> None:
    panel = AnswerPanel()
    qtbot.addWidget(panel)
    points = tuple(replace(POINT, id=f"P{n}", name=f"P{n}") for n in range(4))
    names = ("attractions", "key_units", "shelters", "basins", "people")
    others = tuple(Inside(name, (Record(name, "1", "x"),), {}, {}) for name in names)
    levels = {"P1": Level.BLUE, "P2": Level.RED, "P3": Level.NONE}
    answer = Answer(1.0, (*others, Inside("hazard_points", points * 400, {}, {})))
    panel.show_answer(answer, {}, levels=levels)
    rows = [row.id for row in panel.list._rows]
    heads = [row.removeprefix("head:") for row in rows if row.startswith("head:")]
    assert heads == ["hazard_points", "people", "shelters", "key_units", "attractions", "basins"]
    shown_points = [row.partition("\x1f")[2] for row in rows if row.startswith("hazard_points\x1f")]
    assert list(dict.fromkeys(shown_points)) == ["P2", "P1"], "500 rows, the worst of all first"
    first = panel.list._rows[1].lay(320.0)
    assert [piece.level for piece in first if isinstance(piece, Mark)] == [Level.RED]
    assert "1\u2009605 entries" in said(panel._head)


def test_without_roads_nobody_says_zero_kilometers(qtbot: QtBot) -> None:
    panel = AnswerPanel()
    qtbot.addWidget(panel)
    panel.show_answer(Answer(1.0, ()), {}, Totals(road_km=math.nan))
    said, levels = shown(panel, 352.0)
    assert "—" in said
    assert levels == []
    assert "not known for" not in " ".join(said)


def test_an_area_cut_by_the_edge_counts_whole_and_that_is_said(qtbot: QtBot) -> None:
    panel = AnswerPanel()
    qtbot.addWidget(panel)
    panel.show_answer(ANSWER, {one.name: one for one in shipped()}, TOTALS)
    cells = (Record("grid_cells", "G1", "甲"), Record("grid_cells", "G2", "乙"))
    cut = Inside("grid_cells", cells, {"population": 900.0}, {}, 0.0, frozenset({"G1"}))
    assert "at most 900 people" in panel.sums(cut)
    assert "about 900 people" in panel.sums(
        Inside("grid_cells", cells, {"population": 900.0}, {"population": 1}, 0.0, cut.cut)
    )
    assert "at least 1" in panel.sums(ANSWER.registers[0])

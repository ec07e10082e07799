"""距下一级: millimeters to go, the unjudged last, no number without a source."""

from __future__ import annotations

import math

import pytest
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from models.hazard.level import Level
from models.hazard.next_level import nearest_first, past_mm
from tests import make
from widgets import pieces
from widgets.hazard.feed_list import FeedItem, FeedList, FeedMark
from widgets.hazard.next_level_panel import NextLevelPanel


@pytest.fixture
def panel(qtbot: QtBot) -> NextLevelPanel:
    made = NextLevelPanel()
    made.resize(352, 900)
    qtbot.addWidget(made)
    made.show_verdicts(make.verdicts(), make.NOW, {"SH-0201": make.ago(26)})
    made.show()
    return made


def texts(panel: NextLevelPanel, row_id: str) -> list[str]:
    rect = panel.list.row_rect(row_id)
    return [p.text for p in panel.list.pieces() if isinstance(p, pieces.Text) and rect.contains(p.rect.center())]


def test_red_points_come_first_then_those_with_least_to_go(panel: NextLevelPanel) -> None:
    order = nearest_first(make.verdicts())
    assert [v.level for v in order[:2]] == [Level.RED, Level.RED]
    away = [v.next_mm for v in order[2:]]
    assert away == sorted(away)
    assert panel.list.row_ids[-1] == "SH-0201"


def test_a_row_says_value_next_threshold_and_millimeters_to_go(panel: NextLevelPanel) -> None:
    assert texts(panel, "SH-0044") == ["老鸦岭", "58.6 / 60 mm 3 h", "1.4"]


def test_past_red_says_by_how_much(panel: NextLevelPanel) -> None:
    assert texts(panel, "SH-0117") == ["石坑沟", "62.3 / 60 mm 3 h", "past red", "+2.3"]
    assert past_mm(make.unjudged(make.point())) != past_mm(make.unjudged(make.point()))  # NaN where nothing decides


def test_the_unjudged_point_says_which_window_and_how_long_nothing_came(panel: NextLevelPanel) -> None:
    assert texts(panel, "SH-0201") == ["马蹄", "3 h 6 h not judged", "no data for 26 min"]
    assert "silent" in panel.list.tip_at(panel.list.row_rect("SH-0201").center().toPoint())


def test_many_unjudged_points_take_one_row_with_their_count(panel: NextLevelPanel) -> None:
    panel.show_verdicts(tuple(make.unjudged(make.point(f"P{n:04d}", f"点{n}")) for n in range(1409)), make.NOW)
    assert len(panel.list.row_ids) == 3
    assert texts(panel, "unjudged") == ["1407 more not judged: 3 h 6 h lack data"]
    assert texts(panel, "P0000")[-1] == "no data"


def test_a_dry_point_with_a_low_threshold_is_not_near(panel: NextLevelPanel) -> None:
    dry = make.verdict(make.point("DRY"), Level.NONE, 0.0, 1, Level.BLUE, 20.0)
    panel.show_verdicts((dry,), make.NOW)
    assert panel.list.row_ids == ()
    assert not math.isnan(dry.next_mm)


def test_showing_emits_nothing(panel: NextLevelPanel) -> None:
    spy = QSignalSpy(panel.point_selected)
    panel.show_verdicts(make.verdicts(), make.NOW)
    panel.show_selected("SH-0044")
    assert spy.count() == 0


def test_a_refused_file_stands_with_its_reason(qtbot: QtBot) -> None:
    feeds = FeedList()
    feeds.resize(320, 300)
    qtbot.addWidget(feeds)
    feeds.show()
    feeds.show_items(
        (
            FeedItem("good.bin", make.ago(5), "radar Z9901"),
            FeedItem("cut.bin", make.ago(1), "", "cut off at byte 81920", FeedMark.REFUSED),
        ),
        make.NOW,
    )
    said = [p.text for p in feeds.list.pieces() if isinstance(p, pieces.Text)]
    assert said == ["refused", "cut.bin", "1 min ago", "cut off at byte 81920", "good.bin", "5 min ago", "radar Z9901"]
    assert "1 refused" in [p.text for p in feeds._head.pieces() if isinstance(p, pieces.Text)]

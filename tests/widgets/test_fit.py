"""No text of the console is cut, faint or under another, on both screens and in both languages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from models.hazard.alarms import AlarmState
from models.hazard.level import Level
from models.hazard.register import PointKind
from models.warning.warning import TownLevel, WarningState
from tests import make
from tests.widgets import fit
from tests.widgets.scene import Scene, evidence, sheet
from widgets.hazard.feed_list import FeedItem, FeedMark
from widgets.painted import Painted
from widgets.pieces import Fill, Piece, Text
from widgets.top_bar import TASKS
from widgets.warning.sheet import Check, DifferenceLine, InForce, ReceiptRow, SourceLine, TownRow

SIZES = ((1366, 768), (1920, 1080))
SCALED = (1280, 720)  # 1920x1080 at 150 %
PAGES = (
    ("watch", WarningState.DRAFT),
    ("issue", WarningState.DRAFT),
    ("issue", WarningState.SUBMITTED),
    ("issue", WarningState.SIGNED),
    ("issue", WarningState.ISSUED),
    ("call", WarningState.DRAFT),
    ("review", WarningState.DRAFT),
)


@pytest.mark.parametrize("spoken", ["zh", "en"])
@pytest.mark.parametrize("size", [*SIZES, SCALED])
@pytest.mark.parametrize("look", ["light", "dark"])
def test_every_text_of_the_window_fits_and_can_be_read(
    qtbot: QtBot, put_on: Callable[[str, str], None], size: tuple[int, int], spoken: str, look: str
) -> None:
    put_on(look, spoken)
    scene = Scene(size)
    qtbot.addWidget(scene.window)
    found: list[str] = []
    seen = 0
    for task, state in PAGES:
        scene.fill(state, card=state is WarningState.ISSUED)
        scene.show(task)
        assert QTest.qWaitForWindowExposed(scene.window)
        scene.settle()
        found += fit.faults(scene.window)
        seen += len(fit.texts_of(scene.window))
        if task == "issue" and scene.window.is_narrow:
            QTest.keyClick(scene.window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
            assert scene.sign.isVisible()
            scene.settle()
            found += fit.faults(scene.window)
    assert found == []
    assert seen > 300


class _Painting(Painted):
    def __init__(self, laid: list[Piece]) -> None:
        super().__init__(height_px=40)
        self._laid = laid

    def pieces(self) -> list[Piece]:
        return self._laid


def _walked(qtbot: QtBot, *children: QWidget) -> list[str]:
    window = QWidget()
    window.resize(300, 100)
    for child in children:
        child.setParent(window)
        child.move(0, 0)
    qtbot.addWidget(window)
    window.show()
    assert QTest.qWaitForWindowExposed(window)
    return fit.faults(window)


def test_the_walker_finds_a_text_wider_than_its_room(qtbot: QtBot) -> None:
    painted = _Painting([Text(QRectF(0, 0, 30, 20), "far too long for this")])
    assert any("needs" in fault for fault in _walked(qtbot, painted))


def test_the_walker_lets_an_elided_text_pass_only_with_its_tooltip(qtbot: QtBot) -> None:
    cut = QRectF(0, 0, 40, 20)
    with_tip = _Painting([Text(cut, "far too long for this", elide=True, tip="far too long for this")])
    without = _Painting([Text(cut, "far too long for this", elide=True)])
    assert _walked(qtbot, with_tip) == []
    assert _walked(qtbot, without) != []


def test_the_walker_finds_faint_text(qtbot: QtBot) -> None:
    painted = _Painting([Fill(QRectF(0, 0, 100, 30), "line"), Text(QRectF(0, 5, 90, 20), "faint", tone="edge")])
    assert any("contrast" in fault for fault in _walked(qtbot, painted))


def test_the_walker_finds_texts_on_each_other(qtbot: QtBot) -> None:
    painted = _Painting([Text(QRectF(0, 5, 90, 20), "one"), Text(QRectF(4, 7, 90, 20), "two")])
    assert any("lies on" in fault for fault in _walked(qtbot, painted))


def test_the_walker_finds_a_text_that_another_widget_half_covers(qtbot: QtBot) -> None:
    painted = _Painting([Text(QRectF(0, 5, 120, 20), "half of this is covered")])
    painted.resize(300, 40)
    cover = QWidget()
    cover.resize(40, 40)
    assert any("partly covered" in fault for fault in _walked(qtbot, painted, cover))


def test_the_walker_measures_labels_and_buttons(qtbot: QtBot) -> None:
    label, button = QLabel("far too long for this"), QPushButton("far too long for this as well")
    label.resize(40, 20)
    button.resize(40, 20)
    found = _walked(qtbot, label, button)
    assert any(f.startswith("QLabel") and "needs" in f for f in found)
    assert any(f.startswith("QPushButton") and "needs" in f for f in found)


def _stretch(scene: Scene) -> None:
    """Show the longest names and largest figures that a register may hold."""
    name, town = "石坑镇老鸦岭村三组后山高位隐患点", "岩口瑶族苗族自治镇"
    scene.window.show_office("Yunyang Mountain Autonomous County Meteorological Observatory", exercise=True)
    scene.window.top_bar.show_health((112, 1120), (10, 12), "多个站无数")
    scene.window.top_bar.show_people("阿不都热合曼·买买提江", "欧阳娜娜")
    long_alarm = make.alarm("L", name, "debris_flow", town, Level.RED, 1234.5, 1000.0, 24, 60 * 30, at_least=True)
    seen = replace(long_alarm, id="a-L2", state=AlarmState.SHELVED)
    scene.alarms.show_alarms((long_alarm, seen, *(make.alarm(f"N{n}") for n in range(400))), make.NOW)
    long_point = make.point("L", name, PointKind.DEBRIS_FLOW, town)
    scene.next_level.show_verdicts(
        (
            make.verdict(long_point, Level.RED, 1234.5, 24, None, float("nan")),
            make.verdict(replace(long_point, id="M"), Level.ORANGE, 187.62, 24, Level.RED, 29.9),
            make.unjudged(replace(long_point, id="U")),
        ),
        make.NOW,
        {"U": make.NOW - timedelta(hours=30)},
    )
    towns = tuple(TownLevel(str(n), f"{town}{n}", Level.RED if n < 12 else Level.BLUE) for n in range(21))
    warning = replace(make.issued(minutes_left=60 * 40), towns=towns)
    scene.in_force.show_warnings(
        (InForce(warning, "Thunderstorm gale", make.ago(14), 1190, 1200), InForce(make.issued(number=2), "雷雨大风")),
        make.NOW,
    )
    shown = sheet()
    scene.sheet.show_sheet(
        replace(
            shown,
            warning=replace(shown.warning, text=make.TEXT * 4, guide=make.GUIDE * 4, note="镇名写错，请改后再交" * 3),
            signal="Thunderstorm gale",
            author="阿不都热合曼·买买提江",
            towns=tuple(TownRow(t.code, t.name, Level.ORANGE, t.level, 1234.5, 24) for t in towns),
            recipients=tuple((t.name, 120) for t in towns),
            new_recipients=1180,
            texts=(("短信", make.TEXT), ("English", make.TEXT), ("CAP", "<alert/>" * 200)),
            checks=tuple(Check(f"检查项目{n}", n % 2 == 0, "第 3 行 areaDesc 与镇界不一致" * 2) for n in range(8)),
        )
    )
    evidence_now = evidence()
    sources = tuple(SourceLine("雨量来源", f"{name}站 1234.5 mm", make.ago(60 * 50)) for _ in range(5))
    scene.sign.show_evidence(
        replace(evidence_now, point_name=name, value_mm=1234.5, threshold_mm=1000.0, window_h=24, sources=sources),
        make.NOW,
    )
    scene.sign.show_differences(
        tuple(DifferenceLine(t.name, "橙色预警信号", "红色预警信号", Level.ORANGE, Level.RED) for t in towns),
        "第 103 号",
    )
    scene.sign.show_refusal("口令不对，还可以再试 3 次；五分钟内错五次，锁五分钟，期间请另一位签发人复核。")
    receipts = tuple(
        ReceiptRow(f"r{n}", name, town * 2, "folder", "no receipt within 10 minutes", make.ago(60 * 50), False, True)
        for n in range(60)
    )
    scene.receipts.show_receipts(receipts, make.NOW)
    scene.feeds.show_items(
        (
            FeedItem(
                "Z_RADR_I_Z9901_" * 5, make.ago(60 * 50), "", "文件在中间断开。" * 9, FeedMark.INCOMPLETE, unproven=True
            ),
        ),
        make.NOW,
    )


@pytest.mark.parametrize("spoken", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES)
def test_the_longest_names_and_largest_figures_fit(
    qtbot: QtBot, put_on: Callable[[str, str], None], size: tuple[int, int], spoken: str
) -> None:
    put_on("light", spoken)
    scene = Scene(size)
    qtbot.addWidget(scene.window)
    _stretch(scene)
    found: list[str] = []
    for task in TASKS:
        scene.show(task)
        assert QTest.qWaitForWindowExposed(scene.window)
        scene.settle()
        found += fit.faults(scene.window)
        if task == "issue" and scene.window.is_narrow:
            QTest.keyClick(scene.window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
            scene.settle()
            found += fit.faults(scene.window)
    assert found == []

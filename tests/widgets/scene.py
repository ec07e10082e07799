"""A whole window with the values of `tests.make`, and a gray stand-in where the map will be."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import QCoreApplication, QRect, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from models.hazard.level import Level
from models.warning.warning import WarningState
from tests import make
from widgets import theme
from widgets.duty.journal_panel import JournalPanel
from widgets.hazard.alarm_panel import AlarmPanel
from widgets.hazard.feed_list import FeedItem, FeedList, FeedMark
from widgets.hazard.next_level_panel import NextLevelPanel
from widgets.main_window import MainWindow
from widgets.reach.receipt_list import ReceiptList
from widgets.search_box import SearchEntry
from widgets.warning.draft_sheet import DraftSheet
from widgets.warning.in_force_panel import InForcePanel
from widgets.warning.sheet import (
    Check,
    DifferenceLine,
    Evidence,
    InForce,
    ReceiptRow,
    Sheet,
    SourceLine,
    TownRow,
)
from widgets.warning.sign_panel import SignPanel


class GrayMap(QWidget):
    """Stands where the map will be."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.current().color("paper"))
        painter.end()

    def sizeHint(self) -> QSize:
        return QSize(400, 100)


def evidence() -> Evidence:
    """Return three hours of rain at one point, with a gap."""
    count = 37
    times = tuple(make.NOW - timedelta(minutes=5 * (count - 1 - n)) for n in range(count))
    rain = tuple(float("nan") if 14 <= n <= 16 else 20 + 38.6 * (n / 36) ** 3 for n in range(count))
    bars = tuple(float("nan") if n == 7 else 0.4 + 6.5 * (n / 18) ** 2 for n in range(18))
    return Evidence(
        "老鸦岭",
        "landslide",
        Level.ORANGE,
        3,
        58.6,
        50.0,
        at_least=True,
        times=times,
        rain_mm=rain,
        thresholds=((Level.BLUE, 30.0), (Level.YELLOW, 40.0), (Level.ORANGE, 50.0), (Level.RED, 60.0)),
        bars_mm=bars,
        sources=(
            SourceLine("雨量", "老鸦岭站 58.6 mm", make.ago(2)),
            SourceLine("雷达", "拼图 57 dBZ", make.ago(3)),
            SourceLine("覆盖", "3 h 窗口 92 %", None),
        ),
        caution="组合反射率取各层最大值，雨量偏大，也可能是杂波。",
    )


SMS = "【演练】青岚县暴雨红色预警：石坑、云台、白水、老鸦岭镇未来3小时雨量超100毫米，山洪风险很高，立即转移。"


def sheet(state: WarningState = WarningState.DRAFT, *, card: bool = False) -> Sheet:
    """Return the author's sheet of the update no. 4, or the card of no. 3."""
    towns = tuple(
        TownRow(code, name, before, after, rain)
        for (code, name), before, after, rain in zip(
            make.TOWNS, make.LEVELS_BEFORE, make.LEVELS_AFTER, (96.2, 104.6, 82.4, 58.6, 61.4, 34.8, 27.5), strict=True
        )
    ) + tuple(TownRow(f"99000120{n}", f"镇{n}", Level.NONE, Level.NONE) for n in range(14))
    steps = {
        WarningState.DRAFT: {"submit", "withdraw"},
        WarningState.SUBMITTED: {"recall", "withdraw"},
        WarningState.SIGNED: {"recall", "issue", "withdraw"},
    }.get(state, set())
    receipts = tuple(
        ReceiptRow(f"m{n}", name, place, "folder", state_word, make.ago(n), done, failed)
        for n, (name, place, state_word, done, failed) in enumerate(
            (
                ("韦青山", "石坑镇", "已达", True, False),
                ("罗水生", "鹰嘴崖", "无回执", False, True),
                ("覃立", "石坑镇", "已交付", False, False),
                ("莫成林", "白水镇", "已达", True, False),
            )
        )
    )
    return Sheet(
        make.issued() if card else make.draft(state),
        "暴雨",
        make.NOW,
        previous=None if card else make.issued(),
        author="周岚",
        signer="沈知远",
        towns=towns,
        recipients=(("石坑镇", 9), ("云台镇", 6), ("白水镇", 6), ("老鸦岭镇", 8), ("沙田镇", 5)),
        new_recipients=13,
        texts=(("短信", SMS), ("CAP", "<alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'>…</alert>")),
        text_limit=70,
        checks=(Check("CAP", True), Check("字数", True), Check("区域", True), Check("通道 1/1", True)),
        steps=frozenset(steps),
        can_undo=True,
        alarmed_at=make.ago(14),
        receipts=receipts if card else (),
    )


class Scene:
    """A filled window; the panels are attributes."""

    def __init__(self, size: tuple[int, int], *, state: WarningState = WarningState.DRAFT, card: bool = False) -> None:
        self.window = MainWindow()
        self.window.resize(*size)
        self.alarms = AlarmPanel()
        self.next_level = NextLevelPanel()
        self.in_force = InForcePanel()
        self.sheet = DraftSheet()
        self.sign = SignPanel()
        self.journal = JournalPanel()
        self.receipts = ReceiptList()
        self.feeds = FeedList()
        window = self.window
        window.set_map(GrayMap())
        window.set_time_line(GrayMap())
        window.add_panel(self.alarms, "left", ("watch", "call"))
        window.add_panel(self.feeds, "left", ("review",))
        window.add_panel(self.next_level, "right", ("watch",))
        window.add_panel(self.in_force, "right", ("watch",), stretch=0)
        window.add_panel(self.sheet, "right", ("issue",))
        window.add_panel(self.receipts, "right", ("call",))
        window.add_panel(self.journal, "right", ("review",))
        window.set_second_person(self.sign)
        self.fill(state, card=card)

    def fill(self, state: WarningState, *, card: bool) -> None:
        """Show the values of the night."""
        window = self.window
        window.show_office("青岚县气象台", exercise=True)
        window.top_bar.show_health((11, 12), (1, 1), "马蹄 26 分钟无数")
        window.top_bar.show_people("周岚", "沈知远")
        window.top_bar.show_now(make.NOW)
        window.top_bar.search.show_entries((SearchEntry("point:SH-0117", "隐患点", "石坑沟", "山洪 石坑镇"),))
        self.alarms.show_alarms(make.alarms(), make.NOW)
        self.next_level.show_verdicts(make.verdicts(), make.NOW, {"SH-0201": make.ago(26)})
        self.in_force.show_warnings(
            (
                InForce(make.issued(), "暴雨", make.ago(14), 19, 21),
                InForce(
                    make.issued(levels=(Level.YELLOW,) * 7, number=2, minutes_left=137), "暴雨", make.ago(90), 3, 3
                ),
            ),
            make.NOW,
        )
        self.sheet.show_sheet(sheet(state, card=card))
        self.sign.show_evidence(evidence(), make.NOW)
        self.sign.show_differences(
            (
                DifferenceLine("老鸦岭镇", "橙", "红", Level.ORANGE, Level.RED),
                DifferenceLine("沙田镇", "黄", "橙", Level.YELLOW, Level.ORANGE),
                DifferenceLine("时效", "04:00", "06:00"),
                DifferenceLine("对象", "21 人", "34 人"),
            ),
            "第 3 号",
        )
        self.sign.show_signers((make.SIGNER, make.LEADER), "周岚")
        self.sign.show_open(state is WarningState.SUBMITTED)
        self.journal.show_lines(make.journal(), {make.AUTHOR.id: "周岚", make.SIGNER.id: "沈知远"}, make.NOW)
        self.receipts.show_receipts(sheet(card=True).receipts, make.NOW)
        self.feeds.show_items(
            (
                FeedItem("Z_RADR_I_Z9901_20260617190600.bin.bz2", make.ago(5), "雷达 Z9901, 9 层"),
                FeedItem(
                    "Z9902.bin",
                    make.ago(3),
                    "",
                    "文件在第 81920 字节处中断，本体扫不进拼图；请重传。",
                    FeedMark.REFUSED,
                ),
                FeedItem("gauges_0310.csv", make.ago(2), "120 站"),
            ),
            make.NOW,
        )

    def settle(self) -> None:
        """Let layouts that have asked for room get it."""
        for _ in range(4):
            QCoreApplication.sendPostedEvents()

    def show(self, task: str = "watch") -> QRect:
        """Show the window with a task open; returns the free room of the map."""
        self.window.show_task(task)
        self.window.show()
        return self.window.map_room()

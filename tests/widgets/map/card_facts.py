"""A point's card with everything on it: values of the exercise."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta

from models.hazard.level import Level
from models.hazard.register import HazardPoint, Threshold
from tests.make import NOW, ago, point
from widgets.map.card_values import (
    AtRisk,
    GaugeLine,
    Inspection,
    PastLine,
    PersonLine,
    PointFacts,
    RainHours,
    ShelterLine,
    WarningLine,
)

DAY = tuple(
    Threshold(24, level, mm)
    for level, mm in zip((Level.BLUE, Level.YELLOW, Level.ORANGE, Level.RED), (50, 65, 80, 100), strict=True)
)
RAIN_MM = tuple(round(max(0.0, 2.1 * math.sin((i - 3) / 4) ** 2) if 4 < i < 16 else 0.1, 1) for i in range(24))


def full_point() -> HazardPoint:
    """Return a point with a day's thresholds too."""
    return replace(point(), village="石坑村", warn_unit="石坑-03", thresholds=(*point().thresholds, *DAY))


def full_facts(point_id: str = "SH-0117") -> PointFacts:
    """Return everything that a card can say."""
    return PointFacts(
        point_id,
        rain=RainHours(NOW, 60, RAIN_MM, tuple((t.level, t.rain_mm) for t in DAY), "石坑站"),
        gauges=(
            GaugeLine("石坑站", 900, 0.2, 11.8, ago(2), link="gauge:Q0117"),
            GaugeLine("岭脚水库入库站", 2600, 0.1, 13.4, ago(26), stale=True, link="gauge:Q0118"),
        ),
        people=(
            PersonLine("镇包村", "覃立", "000-0000-0108", date(2026, 6, 11), link="record:people:1"),
            PersonLine("村主任", "韦振邦", "000-0000-0116", date(2026, 6, 9), link="record:people:2"),
            PersonLine("网格员", "韦青山", "000-0000-0117", date(2026, 6, 15), link="record:people:3"),
            PersonLine("监测员", "黄秀兰", "000-0000-0118", date(2026, 3, 28), 51, link="record:people:4"),
        ),
        at_risk=AtRisk(43, 126, 11),
        shelter=ShelterLine("石坑小学", 1230, 18, True, 260, 14.0, "record:shelters:B1", "record:routes:L1"),
        has_shelters=True,
        past=(
            PastLine("2024-06-19", "3 h 61 mm", "便桥冲毁，转移 118 人", "record:past_events:1"),
            PastLine("2019-06-10", "6 h 88 mm", "进水 17 户，无伤亡", "record:past_events:2"),
        ),
        inspection=Inspection(date(2026, 6, 12), "韦青山", "沟口淤积，6月14日清完", date(2026, 6, 19), photos=3),
        warnings=(WarningLine(Level.RED, "暴雨", NOW + timedelta(minutes=47), "warning:w-3"),),
        unit="石坑-03",
        unit_link="record:zones:3",
        source="2025 普查，4月2日现场核对",
    )

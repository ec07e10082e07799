"""Small true-to-life values for tests: one night in 青岚县, always the same."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from models.act import JournalEntry
from models.duty.log import JournalLine
from models.hazard.alarms import Alarm, AlarmState, PointVerdict, RainSource, WindowVerdict
from models.hazard.level import Level
from models.hazard.register import HazardPoint, PointKind, Threshold
from models.warning.warning import MessageType, Person, TownLevel, WarningState, WeatherWarning

NOW = datetime(2026, 6, 17, 19, 12, 40, tzinfo=UTC)
"""03:12:40 of 18 June in the office."""


def ago(minutes: float) -> datetime:
    """Return the moment so many minutes before `NOW`."""
    return NOW - timedelta(minutes=minutes)


AUTHOR = Person("p-zhou", "周岚", "QL-0012", "000-0000-0012")
SIGNER = Person("p-shen", "沈知远", "QL-0003", "000-0000-0003", frozenset({"forecaster", "signer"}))
LEADER = Person("p-ning", "宁海川", "QL-0001", "000-0000-0001", frozenset({"forecaster", "signer", "leader"}))

THRESHOLDS = tuple(
    Threshold(window_h, level, mm)
    for window_h, row in {1: (20, 25, 30, 40), 3: (30, 40, 50, 60), 6: (50, 60, 75, 90)}.items()
    for level, mm in zip((Level.BLUE, Level.YELLOW, Level.ORANGE, Level.RED), row, strict=True)
)


def point(
    point_id: str = "SH-0117",
    name: str = "石坑沟",
    kind: PointKind = PointKind.FLASH_FLOOD,
    town: str = "石坑镇",
    lon_deg: float = 106.71,
    lat_deg: float = 28.837,
) -> HazardPoint:
    """Return one hazard point with thresholds for 1, 3 and 6 h."""
    return HazardPoint(
        point_id, name, kind, lon_deg, lat_deg, town, person="韦青山", phone="000-0000-0117", thresholds=THRESHOLDS
    )


def alarm(  # noqa: PLR0917 - a row of the panel
    point_id: str = "SH-0117",
    name: str = "石坑沟",
    kind: str = "flash_flood",
    town: str = "石坑镇",
    level: Level = Level.RED,
    rain_mm: float = 62.3,
    threshold_mm: float = 60.0,
    window_h: int = 3,
    minutes_ago: float = 2,
    *,
    at_least: bool = False,
    state: AlarmState = AlarmState.OPEN,
) -> Alarm:
    """Return one alarm."""
    return Alarm(
        f"a-{point_id}", point_id, name, kind, town, 106.71, 28.837, level, window_h, rain_mm, threshold_mm, at_least,
        ago(minutes_ago), RainSource.GAUGE, "Q0117", state,
    )  # fmt: skip


def alarms() -> tuple[Alarm, ...]:
    """Return the twelve alarms of the night."""
    return (
        alarm(),
        alarm("SH-0021", "云台", "flash_flood", "云台镇", Level.RED, 104.6, 90, 6, 14, at_least=True),
        alarm("SH-0044", "老鸦岭", "landslide", "老鸦岭镇", Level.ORANGE, 58.6, 50, 3, 48),
        alarm("HP-0042", "鹰嘴崖", "landslide", "白水镇", Level.ORANGE, 33.1, 30, 1, 21),
        alarm("SH-0031", "白水桥", "flash_flood", "白水镇", Level.ORANGE, 77.6, 75, 6, 32, state=AlarmState.SEEN),
        alarm("SH-0033", "双河", "flash_flood", "双河镇", Level.ORANGE, 51.4, 50, 3, 39),
        alarm("SH-0052", "沙田", "collapse", "沙田镇", Level.YELLOW, 62.6, 60, 6, 60),
        alarm("XC-0003", "西门下穿", "waterlogging", "城关镇", Level.YELLOW, 26.2, 25, 1, 26),
        alarm("SH-0077", "竹溪沟", "flash_flood", "竹溪镇", Level.YELLOW, 43.0, 40, 3, 35),
        alarm("HP-0091", "大坪", "debris_flow", "大坪镇", Level.YELLOW, 41.2, 40, 3, 67),
        alarm("SH-0102", "龙潭水库下游", "flash_flood", "龙潭镇", Level.BLUE, 31.4, 30, 3, 101),
        alarm("SH-0110", "三渡", "flash_flood", "三渡镇", Level.BLUE, 51.2, 50, 6, 120, state=AlarmState.SHELVED),
    )


def window(
    window_h: int, rain_mm: float, level: Level, coverage: float = 1.0, *, at_least: bool = False
) -> WindowVerdict:
    """Return one judged window; coverage 0 has no source."""
    source = RainSource.GAUGE if coverage > 0 else RainSource.NONE
    return WindowVerdict(window_h, rain_mm, coverage, level, at_least, source, "Q0117" if coverage > 0 else "")


def verdict(
    at_point: HazardPoint, level: Level, rain_mm: float, window_h: int, next_level: Level | None, next_mm: float
) -> PointVerdict:
    """Return a point judged by one deciding window."""
    deciding = window(window_h, rain_mm, level)
    others = tuple(
        window(h, rain_mm * 0.6 if h < window_h else rain_mm * 1.1, Level.NONE) for h in (1, 3, 6) if h != window_h
    )
    windows = tuple(sorted((deciding, *others), key=lambda w: w.window_h))
    return PointVerdict(at_point, NOW, level, windows, deciding, next_level, next_mm, window_h if next_level else 0)


def unjudged(at_point: HazardPoint) -> PointVerdict:
    """Return a point whose longer windows have too little data."""
    windows = (
        window(1, 0.4, Level.NONE),
        window(3, 1.2, Level.NOT_JUDGED, 0.6),
        window(6, math.nan, Level.NOT_JUDGED, 0.0),
    )
    return PointVerdict(at_point, NOW, Level.NOT_JUDGED, windows, None, silent_gauge="Q0203")


def verdicts() -> tuple[PointVerdict, ...]:
    """Return the points of the night: past red, near a level, far from any, not judged."""
    near = (
        ("SH-0117", "石坑沟", "石坑镇", Level.RED, 62.3, 3, None, math.nan),
        ("SH-0021", "云台", "云台镇", Level.RED, 104.6, 6, None, math.nan),
        ("SH-0044", "老鸦岭", "老鸦岭镇", Level.ORANGE, 58.6, 3, Level.RED, 1.4),
        ("HP-0042", "鹰嘴崖", "白水镇", Level.ORANGE, 33.1, 1, Level.RED, 6.9),
        ("SH-0031", "白水桥", "白水镇", Level.ORANGE, 77.6, 6, Level.RED, 12.4),
        ("SH-0077", "竹溪沟", "竹溪镇", Level.YELLOW, 43.0, 3, Level.ORANGE, 7.0),
        ("SH-0052", "沙田", "沙田镇", Level.YELLOW, 62.6, 6, Level.ORANGE, 12.4),
        ("XC-0003", "西门下穿", "城关镇", Level.YELLOW, 26.2, 1, Level.ORANGE, 3.8),
        ("SH-0102", "龙潭水库下游", "龙潭镇", Level.BLUE, 31.4, 3, Level.YELLOW, 8.6),
    )
    judged = tuple(
        verdict(point(i, n, PointKind.FLASH_FLOOD, t), level, mm, h, following, away)
        for i, n, t, level, mm, h, following, away in near
    )
    far = tuple(
        verdict(
            point(f"FA-{n:04d}", f"远处{n}", PointKind.LANDSLIDE, "松柏镇"), Level.NONE, 0.0, 1, Level.BLUE, 20.0 + n
        )
        for n in range(20)
    )
    silent = (unjudged(point("SH-0201", "马蹄", PointKind.LANDSLIDE, "马蹄镇")),)
    return judged + far + silent


TOWNS = (
    ("990001101", "石坑镇"),
    ("990001102", "云台镇"),
    ("990001103", "白水镇"),
    ("990001104", "老鸦岭镇"),
    ("990001105", "双河镇"),
    ("990001106", "沙田镇"),
    ("990001107", "竹溪镇"),
)
LEVELS_BEFORE = (Level.RED, Level.RED, Level.RED, Level.ORANGE, Level.ORANGE, Level.YELLOW, Level.YELLOW)
LEVELS_AFTER = (Level.RED, Level.RED, Level.RED, Level.RED, Level.ORANGE, Level.ORANGE, Level.YELLOW)
TEXT = (
    "【演练】青岚县气象台6月18日03时12分升级发布暴雨红色预警信号：过去3小时云台镇已出现104.6毫米强降雨，"
    "预计未来3小时，石坑镇、云台镇、白水镇、老鸦岭镇累计雨量将达100毫米以上，双河镇、沙田镇将达50毫米以上，"
    "山洪和滑坡风险很高，请立即防范。"
)
GUIDE = ("山洪沟、隐患点受威胁人员立即转移。", "停课停业，低洼处人员就近到高处。", "封闭积水路段和下穿通道。")


def issued(*, levels: tuple[Level, ...] = LEVELS_BEFORE, number: int = 3, minutes_left: float = 47) -> WeatherWarning:
    """Return a warning in force."""
    towns = tuple(TownLevel(code, name, level) for (code, name), level in zip(TOWNS, levels, strict=False))
    return WeatherWarning(
        f"w-{number}", "w-3", "11B03", MessageType.ALERT, WarningState.ISSUED, towns, TEXT, GUIDE, 1.0, AUTHOR.id, ago(14),
        exercise=True, number=number, submitted_at=ago(10), signer_id=SIGNER.id, signed_at=ago(6), issued_at=ago(5),
        expires_at=NOW + timedelta(minutes=minutes_left), identifier="99000141600000_20260618030700",
    )  # fmt: skip


def draft(state: WarningState = WarningState.DRAFT) -> WeatherWarning:
    """Return an update of `issued` on its way, no. 4."""
    towns = tuple(TownLevel(code, name, level) for (code, name), level in zip(TOWNS, LEVELS_AFTER, strict=True))
    submitted = state is not WarningState.DRAFT
    return replace(
        issued(),
        id="w-4", message_type=MessageType.UPDATE, state=state, towns=towns, valid_hours=2.5, created_at=ago(1.5),
        previous_id="w-3", number=0, submitted_at=ago(0.6) if submitted else None,
        signer_id=SIGNER.id if state is WarningState.SIGNED else "",
        signed_at=ago(0.2) if state is WarningState.SIGNED else None,
        issued_at=None, expires_at=None, identifier="",
    )  # fmt: skip


def journal() -> tuple[JournalLine, ...]:
    """Return some lines of the journal of the night."""
    acts: tuple[tuple[str, str, str, dict[str, object]], ...] = (
        (
            "system",
            "alarm.raised",
            "alarm:a-SH-0117",
            {"name": "石坑沟", "level": "red", "rain_mm": 62.3, "threshold_mm": 60.0, "window_h": 3},
        ),
        (AUTHOR.id, "warning.draft", "warning:w-4", {"state": "draft", "towns": 7}),
        (AUTHOR.id, "warning.submit", "warning:w-4", {"state": "submitted"}),
        (SIGNER.id, "people.pin_wrong", f"people:{SIGNER.id}", {"tries": 1}),
        (SIGNER.id, "warning.sign", "warning:w-4", {"state": "signed", "signer": SIGNER.id}),
        (AUTHOR.id, "warning.issue", "warning:w-4", {"state": "issued", "number": 4}),
        ("system", "feed.refused", "feed:Z9901_20260617190600.bin.bz2", {"reason": "cut off at byte 81920"}),
    )
    return tuple(
        JournalLine(number, JournalEntry(actor, act, subject, ago(20 - 2 * number), {}, after), "0" * 64, "a" * 64)
        for number, (actor, act, subject, after) in enumerate(acts, 1)
    )

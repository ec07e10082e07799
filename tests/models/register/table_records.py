"""A small register and its records for the tests of tables and pages."""

from __future__ import annotations

from datetime import date, timedelta

from models.register.description import parse
from models.register.record import Record

TODAY = date(2026, 6, 17)
UNITS = parse(
    {
        "name": "units",
        "title": {"zh": "单位", "en": "Units"},
        "active_from": "from_on",
        "kind": [
            {"key": "mine", "title": {"zh": "矿山", "en": "Mine"}, "glyph": "unit"},
            {"key": "school", "title": {"zh": "学校", "en": "School"}},
        ],
        "field": [
            {"key": "thresholds", "type": "thresholds", "unit": "mm", "title": {"zh": "阈值", "en": "Limits"}},
            {"key": "people", "type": "integer", "unit": "人", "title": {"zh": "人数", "en": "People"}, "least": 0},
            {"key": "seen_on", "type": "date", "due_days": 10, "title": {"zh": "巡查", "en": "Inspected"}},
            {"key": "from_on", "type": "date", "title": {"zh": "开始", "en": "From"}, "in_table": False},
            {"key": "phone", "type": "phone", "title": {"zh": "电话", "en": "Phone"}},
            {"key": "rating", "type": "choice", "title": {"zh": "评级", "en": "Rating"}, "choice": [
                {"key": "good", "title": {"zh": "好", "en": "Good"}}, {"key": "poor", "title": {"zh": "差", "en": "Poor"}},
            ]},
            {"key": "focus", "type": "yes_no", "title": {"zh": "重点", "en": "Focus"}},
            {"key": "shelter", "type": "link", "to": "shelters", "title": {"zh": "避险", "en": "Shelter"}},
        ],
    },
    "units.toml",
)  # fmt: skip


def days_ago(days: int) -> str:
    """Return the day so many days before `TODAY`."""
    return (TODAY - timedelta(days=days)).isoformat()


def limits(*hours: int, red_mm: float) -> list[object]:
    """Return thresholds of some windows: red grows with the window, orange is 10 mm below."""
    return [
        {"window_h": hour, "level": level, "rain_mm": red_mm + 5 * hour - less, "design": False}
        for hour in hours
        for level, less in (("orange", 10.0), ("red", 0.0))
    ]


def units() -> tuple[Record, ...]:
    """Return five units: one far overdue, one without a place, one without anything, one not yet begun."""
    return (
        Record("units", "U1", "石坑矿", "mine", 106.7, 28.8, "石坑镇", "石坑村",
               {"people": 318, "seen_on": days_ago(61), "phone": "000-0000-0131", "rating": "poor", "focus": True,
                "shelter": ["S1", "S2"], "thresholds": limits(1, 3, red_mm=30.0)}),
        Record("units", "U2", "白水小学", "school", None, None, "白水镇", "白水村",
               {"people": 95, "seen_on": days_ago(10), "phone": "000-0000-0112", "rating": "good", "focus": False,
                "shelter": "S9"}),
        Record("units", "U3", "云台矿", "mine", 106.8, 28.9, "云台镇", "", {}),
        Record("units", "U4", "石坑小学", "school", 106.9, 28.9, "石坑镇", "枫坳村",
               {"people": 246, "seen_on": days_ago(11), "from_on": days_ago(-30), "thresholds": limits(1, red_mm=50.0)}),
        Record("units", "U5", "沙田矿", "mine", 106.6, 28.7, "沙田镇", "沙田村", {"people": 95, "seen_on": days_ago(0)}),
    )  # fmt: skip

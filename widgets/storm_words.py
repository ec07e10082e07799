"""The operator's words for storms that the radars' own products list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from models.radar.product import Cell
from models.radar.storms import Storm, StormKind, StormList
from widgets import words

_KIND: Mapping[StormKind, object] = {
    StormKind.TRACK: QT_TRANSLATE_NOOP("storm_words", "Storm"),
    StormKind.HAIL: QT_TRANSLATE_NOOP("storm_words", "Hail"),
    StormKind.MESOCYCLONE: QT_TRANSLATE_NOOP("storm_words", "Mesocyclone"),
    StormKind.VORTEX: QT_TRANSLATE_NOOP("storm_words", "Tornado vortex (TVS)"),
}
# What of a line is said, in this order: column, word, unit, what the column's number is divided by for it.
_FACTS: tuple[tuple[str, object, str, float], ...] = (
    ("hail_percent", QT_TRANSLATE_NOOP("storm_words", "Hail"), "%", 1),
    ("severe_hail_percent", QT_TRANSLATE_NOOP("storm_words", "Severe hail"), "%", 1),
    ("max_dbz", QT_TRANSLATE_NOOP("storm_words", "Strongest echo"), "dBZ", 1),
    ("speed_ms", QT_TRANSLATE_NOOP("storm_words", "Speed"), "m/s", 1),
    ("from_deg", QT_TRANSLATE_NOOP("storm_words", "Coming from"), "°", 1),
    ("vil_kg_m2", QT_TRANSLATE_NOOP("storm_words", "VIL"), "kg/m²", 1),
    ("max_shear_per_ks", QT_TRANSLATE_NOOP("storm_words", "Greatest shear"), "10⁻³/s", 1),
    ("max_difference_ms", QT_TRANSLATE_NOOP("storm_words", "Greatest difference"), "m/s", 1),
    ("base_m", QT_TRANSLATE_NOOP("storm_words", "Base"), "km", 1000),
    ("top_m", QT_TRANSLATE_NOOP("storm_words", "Top"), "km", 1000),
)
_MOST_FACTS = 5
translate = QCoreApplication.translate


def title(one: StormList, storm: Storm) -> str:
    """Return what stands over a storm's facts: its kind, its name in the product, and whether it is unproven."""
    kind = translate("storm_words", str(_KIND[one.kind]))
    return " ".join((kind, storm.name, *_unproven(one)))


def label(one: StormList, storm: Storm, now: datetime) -> str:
    """Return what stands beside a storm on the map: its name, the time of its product, and whether it is unproven."""
    return " ".join((storm.name, words.moment(one.at, now), *_unproven(one)))


def _unproven(one: StormList) -> tuple[str, ...]:
    return (translate("storm_words", "unproven"),) if one.unproven else ()


def rows(one: StormList, storm: Storm, now: datetime) -> tuple[tuple[str, str], ...]:
    """Return time and age of a storm's product, then what its line says, the weightiest first."""
    known: dict[str, Cell] = dict(storm.facts)
    said = [
        (translate("storm_words", str(word)), _figure(float(value) / by, unit))
        for column, word, unit, by in _FACTS
        if isinstance(value := known.get(column), (int, float))
    ]
    at = f"{words.moment(one.at, now)}  {words.age(now - one.at)}"
    return ((translate("storm_words", "Time"), at), *said[:_MOST_FACTS])


def _figure(value: float, unit: str) -> str:
    return f"{value:.0f}°" if unit == "°" else f"{words.number(value, 0 if unit == '%' else 1)} {unit}"

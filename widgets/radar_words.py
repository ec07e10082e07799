"""The operator's words for what a radar shows."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from models.radar.quantity import Kind, Quantity

_QUANTITY: Mapping[Kind, object] = {
    Kind.COMPOSITE: QT_TRANSLATE_NOOP("radar_words", "composite reflectivity"),
    Kind.HYBRID: QT_TRANSLATE_NOOP("radar_words", "lowest free beam"),
    Kind.CAPPI: QT_TRANSLATE_NOOP("radar_words", "CAPPI {km} km"),
    Kind.ECHO_TOP: QT_TRANSLATE_NOOP("radar_words", "echo top"),
    Kind.VIL: QT_TRANSLATE_NOOP("radar_words", "liquid water (VIL)"),
}
_SHORT: Mapping[Kind, object] = {
    Kind.ECHO_TOP: QT_TRANSLATE_NOOP("radar_words", "Echo top"),
    Kind.VIL: QT_TRANSLATE_NOOP("radar_words", "VIL"),
}
_MOMENT: Mapping[str, object] = {
    "dBZ": QT_TRANSLATE_NOOP("radar_words", "Reflectivity"),
    "Zc": QT_TRANSLATE_NOOP("radar_words", "Reflectivity, corrected"),
    "dBT": QT_TRANSLATE_NOOP("radar_words", "Reflectivity, unfiltered"),
    "V": QT_TRANSLATE_NOOP("radar_words", "Velocity"),
    "Vc": QT_TRANSLATE_NOOP("radar_words", "Velocity, unfolded"),
    "W": QT_TRANSLATE_NOOP("radar_words", "Spectrum width"),
    "ZDR": QT_TRANSLATE_NOOP("radar_words", "Differential reflectivity"),
    "CC": QT_TRANSLATE_NOOP("radar_words", "Correlation"),
    "PhiDP": QT_TRANSLATE_NOOP("radar_words", "Differential phase"),
    "KDP": QT_TRANSLATE_NOOP("radar_words", "Specific phase"),
    "SNRH": QT_TRANSLATE_NOOP("radar_words", "Signal to noise"),
    "SQI": QT_TRANSLATE_NOOP("radar_words", "Signal quality"),
    "CR": QT_TRANSLATE_NOOP("radar_words", "composite reflectivity"),
    "R": QT_TRANSLATE_NOOP("radar_words", "Reflectivity"),
    "ET": QT_TRANSLATE_NOOP("radar_words", "Echo top"),
    "OHP": QT_TRANSLATE_NOOP("radar_words", "Rain of 1 h"),
    "THP": QT_TRANSLATE_NOOP("radar_words", "Rain of 3 h"),
    "STP": QT_TRANSLATE_NOOP("radar_words", "Rain of the storm"),
    "HCL": QT_TRANSLATE_NOOP("radar_words", "Hydrometeor class"),
}


def quantity(shown: Quantity) -> str:
    """Return what a mosaic shows, such as ``composite reflectivity`` or ``CAPPI 3.0 km``."""
    said = QCoreApplication.translate("radar_words", str(_QUANTITY[shown.kind]))
    return said.format(km=f"{shown.height_m / 1000:.1f}") if shown.kind is Kind.CAPPI else said


def value_of(shown: Quantity) -> str:
    """Return the word of a value in a read-out."""
    source = _SHORT.get(shown.kind, _MOMENT["dBZ"])
    return QCoreApplication.translate("radar_words", str(source))


def moment(name: str) -> str:
    """Return the word of a moment; one that has none keeps its own name."""
    source = _MOMENT.get(name)
    return name if source is None else QCoreApplication.translate("radar_words", str(source))

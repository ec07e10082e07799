"""Numbers with a unit behind them, and phone numbers, as people write them into lists and as they are kept."""

from __future__ import annotations

import math
import re
import unicodedata
from functools import cache

_NUMBER = re.compile(r"([-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|[-+]?\.\d+)\s*(万|亿)?\s*(.*)", re.DOTALL)
_TIMES = {None: 1.0, "万": 1e4, "亿": 1e8}
_DIMENSIONS: tuple[dict[str, float], ...] = (
    {"mm": 1, "毫米": 1, "cm": 10, "厘米": 10, "m": 1e3, "米": 1e3, "km": 1e6, "公里": 1e6, "千米": 1e6},
    {"m2": 1, "平方米": 1, "平米": 1, "ha": 1e4, "公顷": 1e4, "km2": 1e6, "平方公里": 1e6, "平方千米": 1e6},
    {"m3": 1, "立方米": 1, "方": 1},
    {"m/s": 3.6, "米/秒": 3.6, "米每秒": 3.6, "km/h": 1, "公里/小时": 1, "千米/小时": 1, "公里/时": 1},
    {"m3/s": 1, "立方米/秒": 1, "立方米每秒": 1, "方/秒": 1},
    {"min": 1, "分": 1, "分钟": 1, "h": 60, "小时": 60, "d": 1440, "天": 1440},
    {"°c": 1, "c": 1, "度": 1, "摄氏度": 1},
    {"°": 1, "deg": 1, "度": 1},
    {"%": 1, "百分之": 1},
    {"kv/m": 1, "千伏/米": 1},
    {"kg": 1, "千克": 1, "公斤": 1, "t": 1e3, "吨": 1e3},
)
_SHOWN = ("mm", "cm", "m", "km", "m2", "ha", "km2", "m/s", "km/h", "min", "h", "d", "kg", "t")
_COUNTED = frozenset("人名口位户家个处座台套间栋幢辆艘条支只块部盏张件所") | {"人次", "person", "persons", "people"}
_DASHES = re.compile(r"\s*[-‐‑‒–—―−ー]+\s*")
_BETWEEN = re.compile(r"\s*[、/;,|\n]+\s*|\s{2,}|(?<=\d{7}) (?=1[3-9]\d)|(?<=\d{4}) (?=1[3-9]\d{9})")
_AREA_CODE = re.compile(r"\((\d{3,4})\)")
_COUNTRY = re.compile(r"(?:\+|00)86-?(?=[1-9])|(?<!\d)86-?(?=1[3-9]\d{9}(?!\d))")
_EXTENSION = re.compile(r"(?:转|ext\.?|x)(?=\d)", re.IGNORECASE)
_DECIMAL = re.compile(r"\d{5,15}\.0+")
_KEPT = re.compile(r"\d+(?:-\d+)*")


def in_unit(text: str, unit: str = "") -> float:
    """Return a number as it stands in a cell, in the unit of its field; NaN if it is none, or in another unit.

    Parameters
    ----------
    text : str
        In any width, with thousands marked or not, with 万 or 亿, with a unit or without.
    unit : str
        The field's. Without one only a word that counts, such as 人 or 处, may stand behind the number.

    Examples
    --------
    >>> in_unit("１，２００人", "人"), in_unit("1.2公里", "m"), in_unit("3.5万", "m3"), in_unit("35℃", "m")
    (1200.0, 1200.0, 35000.0, nan)
    """
    found = _NUMBER.fullmatch(_plain(text))
    if found is None:
        return math.nan
    factor = _factor(found[3].strip(), _plain(unit))
    return round(float(found[1].replace(",", "")) * _TIMES[found[2]] * factor, 9)


def phone_text(text: str) -> str:
    """Return a phone number in digits and hyphens, several with 、 between; what is none stays as it is written.

    Examples
    --------
    >>> phone_text("（０７５１）８８１２３４５转８００１"), phone_text("+86 138 0013 8000"), phone_text("办公室")
    ('0751-8812345-8001', '13800138000', '办公室')
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    parts = [_one_phone(part) for part in _BETWEEN.split(plain) if part.strip()]
    return "、".join(parts) if parts and all(_KEPT.fullmatch(part) for part in parts) else text.strip()


def without_decimal(text: str) -> str:
    """Return a phone number without the ``.0`` that a program put behind it when it took the column for numbers.

    Examples
    --------
    >>> without_decimal("13800138000.0"), without_decimal("1.50")
    ('13800138000', '1.50')
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    return plain.split(".")[0] if _DECIMAL.fullmatch(plain) else text


def _one_phone(text: str) -> str:
    digits = _AREA_CODE.sub(r"\1-", _DASHES.sub("-", without_decimal(text)))
    digits = _EXTENSION.sub("-", re.sub(r"\s+", "", digits))
    return re.sub(r"-+", "-", _COUNTRY.sub("", digits)).strip("-")


def factor(written: str, unit: str) -> float:
    """Return what a number in one unit is multiplied by to stand in another, NaN where that cannot be.

    Examples
    --------
    >>> factor("cm", "mm"), factor("公里", "m"), factor("℃", "m")
    (10.0, 1000.0, nan)
    """
    return _factor(_plain(written), _plain(unit))


def units_beside(unit: str) -> tuple[str, ...]:
    """Return the units a column may stand in where its field has this one: the field's own first, then the others.

    Examples
    --------
    >>> units_beside("mm"), units_beside("户")
    (('mm', 'cm', 'm', 'km'), ('户',))
    """
    own = _plain(unit)
    for dimension in _DIMENSIONS:
        if own in dimension:
            others = [one for one in _SHOWN if one in dimension and dimension[one] != dimension[own]]
            return (unit, *others)
    return (unit,) if unit else ()


@cache
def _factor(written: str, unit: str) -> float:
    """Return what a number in one unit is multiplied by to stand in the other, NaN where that cannot be."""
    if not written or written == unit:
        return 1.0
    if written in _COUNTED and (not unit or unit in _COUNTED):
        return 1.0
    for dimension in _DIMENSIONS:
        if written in dimension and unit in dimension:
            return dimension[written] / dimension[unit]
    return math.nan


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()

"""One record as texts that somebody writes, and back: what cannot be read is told by field."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

import resources
from models.register.description import FieldDescription, FieldType, GeometryType, RegisterDescription
from models.register.field_values import Fault, reader
from models.register.finding import Fact
from models.register.record import Record, Value

OWN = ("id", "name", "kind", "town", "village", "lon", "lat")
"""Keys of what every record has; a described field of that name keeps its own with ``field.`` before it."""
LEVELS = ("blue", "yellow", "orange", "red")
_WINDOW = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*(?:h|小时)?\s*[::]?\s*(.*)$", re.IGNORECASE)
_NAMES = re.compile(r"[、,，;；\n]+")
_NUMBER = re.compile(r"^(.*?)(\d+)$")
_SEPARATORS = re.compile(r"[\s\-+()（）转#]+")
_LEAST_DIGITS, _SHORT_NUMBERS = 7, (3, 5, 6)
_NONE = {"-", "—", ""}
Names = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class FormFault:
    """Why a field says nothing: a code under ``found`` of a book of phrases, with its facts."""

    key: str
    code: str
    facts: Mapping[str, Fact] = field(default_factory=dict)
    book: str = "record_form"

    def reason(self, language: str = "en") -> str:
        """Return the sentence in ``zh`` or ``en``."""
        return resources.phrase(self.book, f"found.{self.code}", language).format_map(self.facts)


def key_of(one: FieldDescription) -> str:
    """Return the key of a described field in the form."""
    return f"field.{one.key}" if one.key in OWN else one.key


def texts_of(record: Record, description: RegisterDescription, names: Names) -> dict[str, str]:
    """Return a record as texts by key; choices stand by their keys, links by names where those are known."""
    lon, lat = record.lon_deg, record.lat_deg
    texts = {
        "id": record.id,
        "name": record.name,
        "kind": record.kind,
        "town": record.town,
        "village": record.village,
        "lon": "" if lon is None else f"{lon:.7g}" if abs(lon) < 100 else f"{lon:.8g}",
        "lat": "" if lat is None else f"{lat:.7g}",
    }
    for one in description.fields:
        texts[key_of(one)] = text_of(record.values.get(one.key), one, names)
    return texts


def linked_ids(text: str, one: FieldDescription, names: Names) -> tuple[str, ...]:
    """Return the ids that the text of a link means; none where it cannot be read, or says nothing else than ids."""
    value = value_of(text.strip(), one, names)
    if value is None or isinstance(value, FormFault):
        return ()
    ids = tuple(str(each) for each in (value if isinstance(value, list) else [value]))
    return () if all(id_ in text for id_ in ids) else ids


def text_of(value: Value, one: FieldDescription, names: Names) -> str:
    """Return what a field holds as it is written into a form; `value_of` reads it back."""
    if value is None:
        return ""
    match one.type:
        case FieldType.THRESHOLDS:
            return thresholds_text(value)
        case FieldType.YES_NO:
            return "yes" if value else "no"
        case FieldType.LINK:
            known = names.get(one.to, {})
            ids = value if isinstance(value, list) else [value]
            return "、".join(_said(str(each), known) for each in ids)
        case FieldType.NUMBER | FieldType.INTEGER:
            return f"{value:.12g}" if isinstance(value, (int, float)) else str(value)
    return str(value)


def record_of(
    texts: Mapping[str, str],
    former: Record,
    description: RegisterDescription,
    *,
    names: Names | None = None,
    taken: Collection[str] = (),
) -> tuple[Record, tuple[FormFault, ...]]:
    """Return the record that texts say, and what in them cannot be read.

    Parameters
    ----------
    texts : mapping of str to str
        By key; what is not named stays as it was in ``former``.
    former : Record
        What stood there; a new record is one without an id.
    names : mapping
        Names of records by register and id, by which links are read. A link to a register
        that is not named is taken as it is written.
    taken : ids
        Ids that a new record may not have.
    """
    faults: list[FormFault] = []
    # What nobody touched is not read again: it keeps its digits, and what is odd in it hinders no other edit.
    stood = texts_of(former, description, names or {}) if former.id else {}
    read = {key: text.strip() for key, text in texts.items() if text.strip() != stood.get(key)}
    id_ = former.id or read.get("id", "")
    if not id_:
        faults.append(FormFault("id", "empty", {}, "register"))
    elif not former.id and id_ in taken:
        faults.append(FormFault("id", "id_taken", {"value": id_}))
    name = read.get("name", former.name)
    if not name:
        faults.append(FormFault("name", "empty", {}, "register"))
    kind = read.get("kind", former.kind)
    if description.kinds and not kind:
        faults.append(FormFault("kind", "empty", {}, "register"))
    lon, lat = _position(read, stood, former, description, faults)
    values = dict(former.values)
    for one in description.fields:
        key = key_of(one)
        if key not in read:
            continue
        value = value_of(read[key], one, names or {})
        if isinstance(value, FormFault):
            faults.append(replace(value, key=key))
        elif value is None:
            values.pop(one.key, None)
            if one.required:
                faults.append(FormFault(key, "empty", {}, "register"))
        else:
            values[one.key] = value
    made = replace(
        former,
        id=id_,
        name=name,
        kind=kind,
        lon_deg=lon,
        lat_deg=lat,
        town=read.get("town", former.town),
        village=read.get("village", former.village),
        values=values,
    )
    return made, tuple(faults)


def value_of(text: str, one: FieldDescription, names: Names) -> Value | FormFault:
    """Return what a text means in a field, None for nothing, or why it means nothing."""
    if not text:
        return None
    if one.type is FieldType.THRESHOLDS:
        return thresholds_of(text)
    if one.type is FieldType.LINK:
        return _link(text, one, names)
    if one.type is FieldType.PHONE and (fault := _undialable(text)) is not None:
        return FormFault(one.key, fault.code, fault.facts, "register")
    value = reader(one)(text)
    return FormFault(one.key, value.code, value.facts, "register") if isinstance(value, Fault) else value


def _undialable(text: str) -> Fault | None:
    """Return why a number cannot be dialed: it holds words, or too few digits for any but a short number."""
    bare = _SEPARATORS.sub("", text)
    if not bare.isascii() or not bare.isdigit():
        return Fault("phone_words", {"value": text})
    if len(bare) < _LEAST_DIGITS and len(bare) not in _SHORT_NUMBERS:
        return Fault("phone_short", {"count": len(bare), "needed": _LEAST_DIGITS})
    return None


def thresholds_text(value: Value) -> str:
    """Return thresholds as ``1h 15/20/24/30; 3h 25/32/40/50``: blue, yellow, orange, red, mm; ``-`` for none."""
    limits = [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
    windows: dict[float, dict[str, float]] = {}
    for one in limits:
        windows.setdefault(float(str(one["window_h"])), {})[str(one["level"])] = float(str(one["rain_mm"]))
    said = []
    for window_h in sorted(windows):
        levels = windows[window_h]
        said.append(f"{window_h:g}h " + "/".join(f"{levels[one]:g}" if one in levels else "-" for one in LEVELS))
    return "; ".join(said)


def thresholds_of(text: str) -> Value | FormFault:
    """Return the thresholds that a text says; they rise from blue to red in each window."""
    out: list[object] = []
    for part in (one for one in re.split(r"[;；\n]+", text) if one.strip()):
        found = _WINDOW.match(part)
        figures = [one.strip() for one in found[2].removesuffix("mm").split("/")] if found else []
        if found is None or len(figures) != len(LEVELS):
            return FormFault("thresholds", "thresholds", {"value": part.strip()})
        window_h, last = float(found[1]), 0.0
        for level, figure in zip(LEVELS, figures, strict=True):
            if figure in _NONE:
                continue
            try:
                rain_mm = float(figure)
            except ValueError:
                return FormFault("thresholds", "thresholds", {"value": part.strip()})
            if not math.isfinite(rain_mm) or rain_mm <= last:
                return FormFault("thresholds", "not_rising", {"value": part.strip()})
            last = rain_mm
            hours: int | float = int(window_h) if window_h.is_integer() else window_h
            out.append({"window_h": hours, "level": level, "rain_mm": rain_mm, "design": False})
    return out or None


def next_id(ids: Collection[str]) -> str:
    """Return an id that follows the highest of those there are: ``SH-0118`` after ``SH-0117``; ``1`` after none."""
    found = [(match[1], match[2]) for match in map(_NUMBER.match, ids) if match is not None]
    if not found:
        return "1"
    prefixes = [prefix for prefix, _ in found]
    usual = max(set(prefixes), key=lambda one: (prefixes.count(one), one))
    numbers = [number for prefix, number in found if prefix == usual]
    highest = max(numbers, key=int)
    return f"{usual}{int(highest) + 1:0{len(highest)}d}"


def _said(id_: str, known: Mapping[str, str]) -> str:
    """Return a name, with the id behind it where several have that name; the id alone where it has none to write."""
    name = known.get(id_, "")
    if not name or _NAMES.search(name) is not None:
        return id_
    return name if sum(each == name for each in known.values()) == 1 else f"{name} {id_}"


def _named(part: str, known: Mapping[str, str]) -> list[str]:
    """Return the ids that a name means; a name with its id behind it means that one."""
    name, _, id_ = part.rpartition(" ")
    if name and known.get(id_) == name.strip():
        return [id_]
    return [one for one, its in known.items() if its == part]


def _link(text: str, one: FieldDescription, names: Names) -> Value | FormFault:
    known = names.get(one.to)
    ids: list[object] = []
    for part in (each.strip() for each in _NAMES.split(text)):
        if not part:
            continue
        named = [] if known is None or part in known else _named(part, known)
        if len(named) > 1:
            return FormFault(one.key, "name_of_several", {"value": part, "count": len(named)})
        if known is not None and part not in known and not named:
            return FormFault(one.key, "unknown_link", {"value": part})
        ids.append(named[0] if named else part)
    return (str(ids[0]) if len(ids) == 1 else ids) if ids else None


def _position(
    read: Mapping[str, str],
    stood: Mapping[str, str],
    former: Record,
    description: RegisterDescription,
    faults: list[FormFault],
) -> tuple[float | None, float | None]:
    if ("lon" not in read and "lat" not in read) or former.wkb:
        return former.lon_deg, former.lat_deg
    texts = {key: read.get(key, stood.get(key, "")) for key in ("lon", "lat")}
    if not texts["lon"] and not texts["lat"]:
        if description.geometry is GeometryType.POINT:
            faults.append(FormFault("lon", "no_position"))
        return None, None
    degrees: list[float | None] = []
    for key, most in (("lon", 180.0), ("lat", 90.0)):
        try:
            value = float(texts[key])
        except ValueError:
            value = math.nan
        if not -most <= value <= most:
            faults.append(FormFault(key, "degrees", {"value": texts[key], "most": f"{most:g}"}))
        degrees.append(value)
    return degrees[0], degrees[1]

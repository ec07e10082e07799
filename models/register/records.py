"""Rows that pass, as records of a register."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import shapely

from models.register.description import FieldType
from models.register.entries import Entries
from models.register.record import Record, Value
from models.register.table import Table, as_text


def records_of(
    entries: Entries, table: Table, rows: Sequence[int], ids: Mapping[str, Mapping[str, str]] | None = None
) -> tuple[Record, ...]:
    """Return the records of rows, in their order; empty fields are left out of ``values``.

    ``ids`` are those of other registers by id and name: a link by name becomes one by id.
    """
    texts, kept = entries.texts, entries.mapping.kept
    columns = table.columns()
    others = {header: columns[index] for header, index in kept.items()}
    thresholds = next((f.key for f in entries.description.fields if f.type is FieldType.THRESHOLDS), "")
    limits = _thresholds(entries, texts.get("design")) if thresholds else []
    wkbs = _wkbs(entries)
    empty = [""] * entries.count
    own_ids, names = texts.get("id", empty), texts.get("name", empty)
    towns, villages = texts.get("town", empty), texts.get("village", empty)
    lon, lat = entries.lon_deg.tolist(), entries.lat_deg.tolist()
    values = [(key, _linked(entries, key, column, ids or {})) for key, column in entries.values.items()]
    out = []
    for row in rows:
        mine: dict[str, Value] = {key: column[row] for key, column in values if column[row] is not None}
        if thresholds and limits[row]:
            mine[thresholds] = list(limits[row])
        has_place = lon[row] == lon[row]
        out.append(
            Record(
                entries.description.name,
                own_ids[row],
                names[row],
                entries.kinds[row],
                lon[row] if has_place else None,
                lat[row] if has_place else None,
                towns[row],
                villages[row],
                mine,
                {header: text for header, column in others.items() if (text := as_text(column[row]))},
                wkbs[row] if wkbs else b"",
            )
        )
    return tuple(out)


def _linked(entries: Entries, key: str, column: list[Value], ids: Mapping[str, Mapping[str, str]]) -> list[Value]:
    one = entries.description.field(key)
    known = ids.get(one.to) if one is not None and one.type is FieldType.LINK else None
    if not known:
        return column
    return [
        [known.get(str(part), str(part)) for part in value]
        if isinstance(value, list)
        else known.get(str(value), value)
        if value is not None
        else None
        for value in column
    ]


def _thresholds(entries: Entries, design: list[str] | None) -> list[tuple[object, ...]]:
    """Return the thresholds of each row; rows with the same ones share them."""
    keys = list(entries.thresholds_mm)
    table = np.column_stack(list(entries.thresholds_mm.values())) if keys else np.empty((entries.count, 0))
    known: dict[tuple[bytes, str], tuple[object, ...]] = {}
    out = []
    for row in range(entries.count):
        marks = design[row] if design else ""
        key = table[row].tobytes(), marks
        if key not in known:
            marked = {word.strip() for word in marks.replace("，", ",").split(",") if word.strip()}
            known[key] = tuple(
                {
                    "window_h": window_h,
                    "level": level,
                    "rain_mm": float(mm),
                    "design": bool(marked & {"all", "全部", f"{level}_{window_h}h"}),
                }
                for (window_h, level), mm in zip(keys, table[row], strict=True)
                if not np.isnan(mm)
            )
        out.append(known[key])
    return out


def _wkbs(entries: Entries) -> list[bytes]:
    """Return the shape of each row in WGS 84, empty bytes for points; empty without shapes."""
    if entries.shapes is None:
        return []
    is_point = np.isin(shapely.get_type_id(entries.shapes), (0, 4))
    data = shapely.to_wkb(np.where(is_point, None, entries.shapes))
    return [one or b"" for one in data]

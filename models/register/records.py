"""Rows that pass, as records of a register."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

from models.register.description import FieldType
from models.register.entries import Entries
from models.register.record import Record, Value
from models.register.table import Table, as_text


def records_of(entries: Entries, table: Table, rows: Sequence[int]) -> tuple[Record, ...]:
    """Return the records of rows, in their order; empty fields are left out of ``values``."""
    texts, kept = entries.texts, entries.mapping.kept
    others = {header: table.column(index) for header, index in kept.items()}
    thresholds = next((f.key for f in entries.description.fields if f.type is FieldType.THRESHOLDS), "")
    design = texts.get("design")
    wkbs = _wkbs(entries)
    empty = [""] * entries.count
    ids, names = texts.get("id", empty), texts.get("name", empty)
    towns, villages = texts.get("town", empty), texts.get("village", empty)
    lon, lat = entries.lon_deg.tolist(), entries.lat_deg.tolist()
    values = list(entries.values.items())
    out = []
    for row in rows:
        mine: dict[str, Value] = {key: column[row] for key, column in values if column[row] is not None}
        if thresholds and (listed := _thresholds(entries, row, design[row] if design else "")):
            mine[thresholds] = listed
        has_place = lon[row] == lon[row]
        out.append(
            Record(
                entries.description.name,
                ids[row],
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


def _thresholds(entries: Entries, row: int, design: str) -> list[object]:
    marked = {word.strip() for word in design.replace("，", ",").split(",") if word.strip()}
    out: list[object] = []
    for (window_h, level), column in entries.thresholds_mm.items():
        if not np.isnan(column[row]):
            is_design = bool(marked & {"all", "全部", f"{level}_{window_h}h"})
            out.append({"window_h": window_h, "level": level, "rain_mm": float(column[row]), "design": is_design})
    return out


def _wkbs(entries: Entries) -> list[bytes]:
    """Return the shape of each row in WGS 84, empty bytes for points; empty without shapes."""
    if entries.shapes is None:
        return []
    is_point = np.isin(shapely.get_type_id(entries.shapes), (0, 4))
    data = shapely.to_wkb(np.where(is_point, None, entries.shapes))
    return [one or b"" for one in data]

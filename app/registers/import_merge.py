"""What a judged file becomes in its register: merged with what stands there now, and written whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from models.errors import DataError
from models.register.mapping import LEVELS
from models.register.quality import Quality
from models.register.record import Record, Value
from models.register.same_place import is_same_place, is_same_shape
from models.store import registers
from models.store.database import Database

MOST_NAMED = 5


def write_judged(
    db: Database, quality: Quality, known: Mapping[str, Record], *, file: Path, digest: str, actor: str, at: datetime
) -> tuple[str, int]:
    """Write what passes into the register, in the transaction that is open; return the import's id and how many rows.

    ``known`` are the records that the file was judged against, by id.

    Raises
    ------
    DataError
        ``import.changed_since`` if somebody changed one of these records after that.
    """
    name = quality.description.name
    touched = {one.id for one in quality.records}
    now = {one.id: one for one in registers.records(db, name) if one.id in touched}
    if others := sorted(id_ for id_ in touched if now.get(id_) != known.get(id_)):
        raise DataError("import.changed_since", ids=", ".join(others[:MOST_NAMED]), count=len(others))
    merged = merged_with(now, quality)
    import_id = registers.keep_import(db, name, file=file.name, sha256=digest, rows=len(merged), actor=actor, at=at)
    registers.put(db, merged, actor=actor, at=at, cause=f"import:{import_id}")
    registers.keep_column_map(db, name, source_of(file), quality.mapping.as_map())
    return import_id, len(merged)


def merged_with(known: Mapping[str, Record], quality: Quality) -> tuple[Record, ...]:
    """Return the records of a file with what the register knows in fields that the file has no column for.

    A place or a shape within a meter of the known one is the known one: a way through another datum is no change.
    """
    columns = {one.field for one in quality.mapping.columns if one.field}
    described_ = {one.key for one in quality.description.fields if one.key in columns}
    if quality.mapping.thresholds:
        described_ |= {one.key for one in quality.description.fields if one.type == "thresholds"}
    has_place = quality.entries.shapes is not None or "lon" in columns
    out = []
    for record in quality.records:
        before = known.get(record.id)
        if before is None:
            out.append(record)
            continue
        kept = {key: value for key, value in before.values.items() if key not in described_}
        values = {**kept, **record.values}
        if quality.mapping.thresholds:
            values = with_unnamed_thresholds(values, before, quality.mapping.thresholds)
        if quality.mapping.index("design") is None:
            values = with_design(values, before)
        others = {**before.others, **record.others}
        stays = is_same_place(before, record)
        place = before if stays or not has_place else record
        shape = before.wkb if stays and is_same_shape(before, record) else record.wkb
        out.append(
            replace(
                record,
                kind=record.kind or before.kind,
                town=record.town if "town" in columns else before.town,
                village=record.village if "village" in columns else before.village,
                values=values,
                others=others,
                lon_deg=place.lon_deg,
                lat_deg=place.lat_deg,
                wkb=shape or (before.wkb if place is before else b""),
            )
        )
    return tuple(out)


def with_unnamed_thresholds(
    values: dict[str, Value], before: Record, named: Collection[tuple[int, str]]
) -> dict[str, Value]:
    """Return values with the known thresholds of those windows and levels that the file has no column for."""
    given, known = values.get("thresholds") or [], before.values.get("thresholds")
    if not isinstance(given, list) or not isinstance(known, list):
        return values
    kept = [one for one in known if isinstance(one, Mapping) and (one.get("window_h"), one.get("level")) not in named]
    if not kept:
        return values
    both: list[Mapping[str, object]] = [one for one in (*given, *kept) if isinstance(one, Mapping)]
    rising: list[object] = [*sorted(both, key=_rank)]
    return {**values, "thresholds": rising}


def _rank(one: Mapping[str, object]) -> tuple[float, int]:
    return float(str(one.get("window_h"))), LEVELS.index(str(one.get("level")))


def with_design(values: dict[str, Value], before: Record) -> dict[str, Value]:
    """Return values whose thresholds are starter values where they were before: a file without that mark takes none off."""
    thresholds, known = values.get("thresholds"), before.values.get("thresholds")
    if not isinstance(thresholds, list) or not isinstance(known, list):
        return values
    marked = {_figures(one) for one in known if isinstance(one, Mapping) and one.get("design")}
    made: list[object] = [{**one, "design": _figures(one) in marked} for one in thresholds if isinstance(one, Mapping)]
    return {**values, "thresholds": made}


def _figures(one: Mapping[str, object]) -> tuple[object, ...]:
    return one.get("window_h"), one.get("level"), one.get("rain_mm")


def source_of(file: Path) -> str:
    """Return what the files of one sender have in common: their name without digits and dates."""
    return re.sub(r"[\d年月日._\-\s()（）]+", " ", file.stem).strip().casefold() or file.suffix

"""One entry of a register, and what it was before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

Value = str | int | float | bool | list[object] | None
"""What a field holds, as JSON knows it; an empty field is not in the mapping."""


@dataclass(frozen=True, slots=True)
class Record:
    """One entry. ``values`` holds the described fields by key; ``others`` columns of the source that nobody described.

    ``wkb`` is a line or an area in WGS 84, empty for a point and for what has no place; ``lon_deg`` and
    ``lat_deg`` are the point itself or one inside, None without a place.
    """

    register: str
    id: str
    name: str
    kind: str = ""
    lon_deg: float | None = None
    lat_deg: float | None = None
    town: str = ""
    village: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)
    others: Mapping[str, str] = field(default_factory=dict)
    wkb: bytes = b""


@dataclass(frozen=True, slots=True)
class RecordVersion:
    """A record as it once stood: ``number`` counts from 1, ``gone`` says that it was taken out then.

    ``cause`` is ``edit``, ``inspection:<what was found>``, ``import:<id>``, ``undo:<id>`` or ``migration``.
    """

    record: Record
    number: int
    at: datetime
    actor: str
    cause: str
    gone: bool = False

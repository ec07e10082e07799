"""What stands before the data of a product in the Chinese standard format: site, times, type, parameters."""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from models.radar.layouts.cma_header import TASK_AT, clock_is_set, cut_count, need, site_of, text
from models.radar.layouts.cma_product_kinds import KINDS, Kind
from models.radar.layouts.cma_radials import DamageError
from models.radar.oddity import Oddity
from models.radar.product import Cell
from models.radar.volume import Site

MOST_HEIGHTS = 30
"""Of a wind profile: as many as its parameters have room for."""

_CUTS_AT, _CUT_BYTES = 416, 256
_PRODUCT_BYTES, _PARAMETER_BYTES = 128, 64
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ProductHeader:
    """The head of a standard product.

    ``name`` is what the product calls itself, which may be wrong; ``beam_range_m`` the
    farthest range of the cuts it was made from, NaN if they say none; ``data_at`` the
    byte where the data start.
    """

    site: Site
    started_at: datetime
    kind: Kind
    code: int
    name: str
    parameters: dict[str, Cell]
    beam_range_m: float
    parameters_at: int
    data_at: int
    oddities: tuple[Oddity, ...]


def product_header(data: bytes, name: str) -> ProductHeader:
    """Return the head of a standard product.

    Parameters
    ----------
    data : bytes
        The whole file.
    name : str
        What errors call it.

    Raises
    ------
    DataError
        ``radar.cut_off``, ``radar.bad_site``, ``radar.bad_cut_count``.
    DamageError
        ``product_types_differ`` (two places name the type), ``product_no_time``,
        ``standard_product_not_read`` (a type nobody described).
    """
    need(data, _CUTS_AT, name)
    oddities: list[Oddity] = []
    site = site_of(data, name, oddities)
    cuts = cut_count(struct.unpack_from("<i", data, TASK_AT + 176)[0], TASK_AT + 176, name)
    at = _CUTS_AT + cuts * _CUT_BYTES
    data_at = at + _PRODUCT_BYTES + _PARAMETER_BYTES
    need(data, data_at, name)
    (announced,) = struct.unpack_from("<i", data, 12)
    code, raw_name, generated_s, scan_s, start_s, end_s = struct.unpack_from("<i32s4i", data, at)
    if announced > 0 and announced != code:
        raise DamageError("product_types_differ", at, product=code, announced=announced)
    kind = KINDS.get(code)
    if kind is None:
        raise DamageError("standard_product_not_read", at, product=code, name=text(raw_name))
    (task_s,) = struct.unpack_from("<i", data, TASK_AT + 172)
    started_s = next((second for second in (scan_s, task_s, start_s) if clock_is_set(second)), 0)
    if not started_s:
        raise DamageError("product_no_time", at + 40)
    parameters_at = at + _PRODUCT_BYTES
    times = {"data_from_utc": utc(start_s), "data_to_utc": utc(end_s), "generated_utc": utc(generated_s)}
    named: dict[str, Cell] = {"task": text(data[TASK_AT : TASK_AT + 32]), "product_name": text(raw_name)}
    return ProductHeader(
        site=site,
        started_at=_EPOCH + timedelta(seconds=started_s),
        kind=kind,
        code=code,
        name=text(raw_name),
        parameters={**named, **times, **_parameters(data, parameters_at, kind)},
        beam_range_m=_beam_range_m(data, cuts),
        parameters_at=parameters_at,
        data_at=data_at,
        oddities=tuple(oddities),
    )


def utc(second: int) -> str | None:
    """Return seconds since 1970 as ISO 8601 in UTC, None where there are none."""
    return (_EPOCH + timedelta(seconds=second)).isoformat().replace("+00:00", "Z") if clock_is_set(second) else None


def _parameters(data: bytes, at: int, kind: Kind) -> dict[str, Cell]:
    """Return the parameters of a kind: words one after the other, then texts or layer heights."""
    out: dict[str, Cell] = {}
    for index, (form, key) in enumerate(kind.parameters):
        (value,) = struct.unpack_from(f"<{form}", data, at + 4 * index)
        out[key] = None if isinstance(value, float) and not math.isfinite(value) else value
    rest = at + 4 * len(kind.parameters)
    if kind.reader in {"vad", "vwp"}:
        layers = out["layers"]
        count = layers if isinstance(layers, int) and 0 <= layers <= MOST_HEIGHTS else 0
        heights = struct.unpack_from(f"<{count}h", data, rest)
        out["heights_m"] = " ".join(str(height) for height in heights)
    for index in range(kind.texts):
        out[f"input_{index + 1}"] = text(data[rest + 16 * index : rest + 16 * index + 16])
    return out


def _beam_range_m(data: bytes, cuts: int) -> float:
    """Return the farthest range of the cuts, NaN where none says a range that a radar has."""
    ranges = [struct.unpack_from("<i", data, _CUTS_AT + cut * _CUT_BYTES + 52)[0] for cut in range(cuts)]
    return float(max((meters for meters in ranges if 0 < meters <= 1_000_000), default=math.nan))

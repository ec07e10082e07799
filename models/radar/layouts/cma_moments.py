"""The moments of a cut of standard base data, as codes of rays and gates."""

from __future__ import annotations

from typing import Any

import numpy as np

from models.radar.layouts.cma_cuts import Cut, Rows
from models.radar.layouts.cma_radials import Block, DamageError, Field
from models.radar.oddity import Oddity
from models.radar.volume import CodeArray

MOST_GATES = 8192
MOST_PADDING_BYTES = 64 * 1024 * 1024

NAMES = {
    1: "dBT", 2: "dBZ", 3: "V", 4: "W", 5: "SQI", 6: "CPA", 7: "ZDR", 8: "LDR", 9: "CC", 10: "PhiDP", 11: "KDP",
    12: "CP", 14: "HCL", 15: "CF", 16: "SNRH", 17: "SNRV", 19: "POTS", 21: "COP", 26: "VELSZ", 27: "DR",
    32: "Zc", 33: "Vc", 34: "Wc", 35: "ZDRc", 36: "PhiDPc", 37: "KDPc", 38: "CCc",
}  # fmt: skip
DOPPLER = frozenset({3, 4, 26, 33, 34})
_REFLECTIVITY = frozenset({1, 2, 32})
_NOT_SCANNED = 2

_Part = tuple[Block, Rows, Rows, Field]


class Moments:
    """Takes the moments out of cuts, one cut after the other, within one bound for all."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._padding = 0

    def of(self, cut: Cut, oddities: list[Oddity]) -> dict[int, tuple[CodeArray, float, float]]:
        """Return (codes (rays, gates), scale, offset) of each known moment by its type.

        Codes are views on the file's bytes where its radials lie evenly, reflectivity a
        contiguous copy (every mosaic reads it). Where radials differ in length, what one
        does not hold is *not scanned*.

        Raises
        ------
        DamageError
            ``bad_moment``, ``coding_changes`` or ``too_uneven``.
        """
        parts: dict[int, list[_Part]] = {}
        for block, local, rows in cut.parts():
            # The first of a type stands, should a radial name it twice.
            for kind, field in {field.kind: field for field in reversed(block.fields)}.items():
                parts.setdefault(kind, []).append((block, local, rows, field))
        out: dict[int, tuple[CodeArray, float, float]] = {}
        for kind, found in sorted(parts.items()):
            if kind not in NAMES:
                oddities.append(Oddity("radar.odd.moment", kind=kind))
                continue
            filled = [part for part in found if part[3].bytes]
            if not filled:
                oddities.append(Oddity("radar.odd.empty_moment", cut=cut.number, moment=NAMES[kind]))
                continue
            first = filled[0][3]
            for block, _, _, field in filled:
                _check(block, field, first, kind, cut.number)
            codes = self._joined(cut, filled)
            out[kind] = _contiguous(codes) if kind in _REFLECTIVITY else codes, float(first.scale), float(first.offset)
        return out

    def _joined(self, cut: Cut, filled: list[_Part]) -> CodeArray:
        block, local, rows, first = filled[0]
        rays = cut.rows.size
        if len(filled) == 1 and _rays_of(rows) == rays:
            return _taken(block.codes(self._data, first), local)
        gates = max(field.gates for *_, field in filled)
        held = sum(_rays_of(rows) * field.gates for *_, rows, field in filled)
        self._padding += (rays * gates - held) * first.width
        if self._padding > MOST_PADDING_BYTES:
            raise DamageError("too_uneven", cut.byte, cut=cut.number)
        joined: Any = np.full((rays, gates), _NOT_SCANNED, np.uint8 if first.width == 1 else np.uint16)
        for block, local, rows, field in filled:
            joined[rows, : field.gates] = _taken(block.codes(self._data, field), local)
        out: CodeArray = joined
        return out


def _taken(codes: CodeArray, rows: Rows) -> CodeArray:
    taken: Any = codes[rows]
    out: CodeArray = taken
    return out


def _contiguous(codes: CodeArray) -> CodeArray:
    copied: Any = np.ascontiguousarray(codes)
    out: CodeArray = copied
    return out


def _rays_of(rows: Rows) -> int:
    return len(range(rows.start, rows.stop, rows.step)) if isinstance(rows, slice) else rows.size


def _check(block: Block, field: Field, first: Field, kind: int, number: int) -> None:
    byte = block.byte + field.at - 32
    if field.width not in (1, 2) or field.scale <= 0 or field.bytes % field.width or field.gates > MOST_GATES:
        raise DamageError("bad_moment", byte, moment=NAMES[kind], cut=number)
    if field.coding != first.coding:
        raise DamageError("coding_changes", byte, moment=NAMES[kind], cut=number)

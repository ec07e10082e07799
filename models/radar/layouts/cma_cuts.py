"""Cuts of standard base data: which radials belong together, and whether they are all there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.radar.layouts.cma_radials import MOST_RADIALS, Block, DamageError, Radials

STARTS = (0, 3, 5)
ENDS = (2, 4, 6)

_MOST_SEGMENTS = 2048

Rows = slice | NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Span:
    """What a cut is to sweep: ``degrees`` of azimuth, or of elevation in an RHI; NaN if the header does not say."""

    degrees: float = 360.0
    upright: bool = False

    def covered(self, headers: NDArray[np.void]) -> bool:
        """Return whether the rays went over nearly all of it: 350 of 360 degrees."""
        needed = self.degrees - min(10.0, 0.05 * self.degrees)
        if self.upright:
            elevation = np.where(headers["elevation"] > 180, headers["elevation"] - 360, headers["elevation"])
            return bool(np.ptp(elevation) >= needed)
        steps = np.abs((np.diff(headers["azimuth"].astype(float)) + 180) % 360 - 180)
        return bool(steps.sum() >= needed)


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """One whole cut: its radials as rows (rays,) of the file's, in the order of the sweep."""

    number: int
    radials: Radials
    rows: NDArray[np.intp]

    @property
    def byte(self) -> int:
        return int(self.radials.byte[self.rows[0]])

    @property
    def headers(self) -> NDArray[np.void]:
        return self.radials.headers[self.rows]

    def parts(self) -> Iterator[tuple[Block, Rows, Rows]]:
        """Return the blocks it lies in: block, rows within the block, rows within the cut."""
        blocks = self.radials.block_of[self.rows]
        order = np.argsort(blocks, kind="stable")
        edges = np.flatnonzero(np.diff(blocks[order])) + 1
        for rows in np.split(order, edges):
            block = self.radials.blocks[int(blocks[rows[0]])]
            yield block, _even(self.rows[rows] - block.first), _even(rows)


def _even(rows: NDArray[np.intp]) -> Rows:
    """Return rows as a slice where they follow each other in even steps: then they need no copy."""
    first, last = int(rows[0]), int(rows[-1])
    step = max(1, (last - first) // max(1, rows.size - 1))
    if rows.size == (last - first) // step + 1 and (np.diff(rows) == step).all():
        return slice(first, last + 1, step)
    return rows


def whole_cuts(radials: Radials, spans: Sequence[Span]) -> tuple[list[Cut], list[DamageError]]:
    """Return the cuts that are wholly there, and what is wrong with the others, by byte.

    Parameters
    ----------
    radials : Radials
        As `walk` found them.
    spans : sequence of Span
        What each announced cut is to sweep; radials number theirs from 1 to how many there are.

    Notes
    -----
    Cuts are told apart by the number in their radials, never by a count of radials or by
    angles. A cut is whole when its last radial says that it ends, or when its rays cover
    its span. Interleaved cuts need not say that they end: a file that ends with the
    volume's end holds them all. A broken cut does not hide the whole ones after it.
    """
    cuts: list[Cut] = []
    damages: list[DamageError] = []
    finished: set[int] = set()
    sane = radials.sane()
    ended_well = radials.layout.interleaved and radials.damage is None and _last_state(radials) in ENDS
    segments = _segments(radials)
    beyond = segments[_MOST_SEGMENTS:]
    for rows in segments[:_MOST_SEGMENTS]:
        number = int(radials.headers["cut"][rows[0]])
        byte, end = int(radials.byte[rows[0]]), int(radials.byte[rows.max() + 1])
        if not 1 <= number <= len(spans):
            damages.append(DamageError("bad_cut_number", byte + 16, cut=number, announced=len(spans)))
        elif number in finished:
            damages.append(DamageError("cut_again", byte, cut=number))
        elif not sane[rows].all():
            damages.append(radials.bad_angle(int(rows[~sane[rows]].min())))
        elif ended_well or _whole(radials.headers[rows], spans[number - 1], begun=not damages):
            cuts.append(Cut(number, radials, rows))
            finished.add(number)
        elif radials.damage is None or not (radials.layout.interleaved or end == radials.byte[-1]):
            # What breaks the file off explains the cut it falls in, and where cuts take turns, all of them.
            damages.append(DamageError("cut_unended", end, cut=number))
    damages += [DamageError("too_many_radials", int(radials.byte[rows[0]]), limit=MOST_RADIALS) for rows in beyond]
    damages += [] if radials.damage is None else [radials.damage]
    return cuts, sorted(damages, key=lambda damage: damage.byte)


def _last_state(radials: Radials) -> int:
    return int(radials.headers["state"][-1]) if radials.headers.size else -1


def _segments(radials: Radials) -> list[NDArray[np.intp]]:
    """Return the radials that belong together: by number where cuts take turns, else as they follow each other."""
    cut, state = radials.headers["cut"], radials.headers["state"]
    rows = np.arange(cut.size)
    if not cut.size:
        return []
    if radials.layout.interleaved:
        rows = np.lexsort((rows, radials.headers["number"], cut))
        edges = np.flatnonzero(cut[rows][1:] != cut[rows][:-1]) + 1
    else:
        again = np.isin(state[:-1], ENDS) & np.isin(state[1:], STARTS)
        edges = np.flatnonzero((cut[1:] != cut[:-1]) | again) + 1
    return np.split(rows, edges[:_MOST_SEGMENTS])


def _whole(headers: NDArray[np.void], span: Span, *, begun: bool) -> bool:
    """Whether the last radial says "end" and the first was not lost with a broken part before, or all is covered."""
    ends = int(headers["state"][-1]) in ENDS and (begun or int(headers["state"][0]) in STARTS)
    return ends or span.covered(headers)

"""The messages of a NEXRAD level II volume: its cuts one by one, and where the file breaks off.

Layout: ``24 volume header | messages``, the messages plain or in records that bz2 packed
(``4 length | BZh..``). A message is ``12 | 16 header | body``: 2432 bytes, but for type 31,
which says its length. Big-endian. Written from the interface documents of the WSR-88D
(2620002, 2620010). The values are left to xradar; this walk knows which of them there are.
"""

from __future__ import annotations

import bz2
import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from models.radar.layouts.cma_radials import DamageError
from models.radar.layouts.unpack import LARGEST_BYTES

HEADER_BYTES = 24
RECORD_BYTES = 2432
MOST_CUTS, MOST_RADIALS, MOST_GATES = 256, 100_000, 8192
STARTS, ENDS, VOLUME_END = (0, 3, 5), (2, 4), 4
BODY_AT = 28

_DAY_MS = 86_400_000


class Block(NamedTuple):
    """One moment in a radial: name of the file, gates, center of the first (m), gate (m), bits, rule, byte of codes."""

    name: str
    gates: int
    first_m: float
    gate_m: float
    bits: int
    scale: float
    offset: float
    at: int


class Radial(NamedTuple):
    """One radial: its whole message and what its header says."""

    message: bytes
    kind: int
    cut: int
    status: int
    bad: bool
    azimuth_deg: float
    elevation_deg: float
    at_ms: float
    nyquist_ms: float
    blocks: tuple[Block, ...]
    byte: int


@dataclass(slots=True)
class Cut:
    """The radials of one cut.

    ``ended`` is whether the last one says so, ``torn`` whether a damaged record lies among them
    or before the first of them.
    """

    number: int
    radials: list[Radial]
    ended: bool = False
    torn: bool = False


@dataclass(slots=True)
class Walk:
    """What the walk found besides the cuts: the volume pattern, the site, and the damage.

    ``elevations`` are the pattern's cuts, degrees; ``closed`` is whether the last radial ends
    the volume; ``calibration`` is the radar's own.
    """

    data: bytes
    pattern: int = 0
    elevations: tuple[float, ...] = ()
    place: tuple[float, float, float] = (math.nan, math.nan, math.nan)
    calibration: dict[str, float] = field(default_factory=dict)
    closed: bool = False
    damage: DamageError | None = None
    torn: bool = False

    def cuts(self) -> Iterator[Cut]:
        """Give each cut as it is complete in memory, so that no more than one is kept.

        Behind a damaged record the walk goes on with the next one; ``damage`` is the first.
        """
        cut: Cut | None = None
        seen = radials = 0
        try:
            for radial in self._radials():
                radials += 1
                _within(radials, seen, radial.byte)
                torn, self.torn = self.torn, False
                if cut is not None:
                    cut.torn |= torn
                if cut is None or radial.cut != cut.number or (radial.status in STARTS and cut.radials):
                    if cut is not None:
                        yield cut
                    seen += 1
                    cut = Cut(radial.cut, [], torn=torn and radial.status not in STARTS)
                cut.radials.append(radial)
                cut.ended = radial.status in ENDS
                self.closed = radial.status == VOLUME_END
                if not self.elevations and not self.pattern and radial.kind == 1:
                    self.pattern = struct.unpack_from(">H", radial.message, BODY_AT + 44)[0]
        except DamageError as damage:
            self._note(damage)
        if cut is not None:
            cut.torn |= self.torn
            yield cut

    def _note(self, damage: DamageError) -> None:
        self.damage, self.torn = self.damage or damage, True

    def _radials(self) -> Iterator[Radial]:
        for begin, block in self._blocks():
            try:
                yield from self._radials_of(begin, block)
            except DamageError as damage:
                self._note(damage)

    def _radials_of(self, begin: int, block: bytes) -> Iterator[Radial]:
        at = 0
        while at + BODY_AT <= len(block):
            kind, length = _kind_and_length(block, at)
            byte = begin if self.packed else begin + at
            if at + length > len(block):
                if not any(block[at:]):
                    break
                raise DamageError("cut_off", byte if self.packed else len(self.data), expected=byte + length)
            if kind in {1, 31}:
                message = block[at : at + length]
                yield self._generic(message, byte) if kind == 31 else _old(message, byte)
            elif kind == 5 and not self.elevations:
                self._read_pattern(block[at : at + length])
            at += length

    @property
    def packed(self) -> bool:
        """Whether the messages lie in packed records."""
        return self.data[HEADER_BYTES + 4 : HEADER_BYTES + 7] == b"BZh"

    def _blocks(self) -> Iterator[tuple[int, bytes]]:
        """Give the bytes of messages with the byte of the file they start at, never more than the bound."""
        if not self.packed:
            yield HEADER_BYTES, self.data[HEADER_BYTES:]
            return
        at, total = HEADER_BYTES, 0
        while at + 4 <= len(self.data):
            length = abs(struct.unpack_from(">i", self.data, at)[0])
            packed = self.data[at + 4 : at + 4 + length]
            if not packed:
                return
            unpacker = bz2.BZ2Decompressor()
            try:
                block = unpacker.decompress(packed, LARGEST_BYTES + 1 - total)
            except OSError as error:
                self._note(DamageError("packing_damaged", at, packing="bz2", cause=str(error)))
                at += 4 + length
                continue
            total += len(block)
            if total > LARGEST_BYTES:
                raise DamageError("too_large", at, limit_mib=LARGEST_BYTES // 1024**2)
            yield at, block
            if not unpacker.eof:
                raise DamageError(
                    "packing_cut_off", min(at + 4 + length, len(self.data)), packing="bz2", unpacked=total
                )
            at += 4 + length

    def _read_pattern(self, message: bytes) -> None:
        """Take number and elevations of the volume pattern, message 5."""
        number, cuts = struct.unpack_from(">2H", message, BODY_AT + 4)
        if 1 <= cuts <= 51:  # 2432 bytes have room for no more
            angles = [struct.unpack_from(">H", message, BODY_AT + 22 + 46 * cut)[0] for cut in range(cuts)]
            self.pattern, self.elevations = number, tuple(_signed(angle) for angle in angles)

    def _generic(self, message: bytes, byte: int) -> Radial:
        """Read the headers of a radial of type 31."""
        try:
            ms, day, azimuth, status, cut, elevation, blanked, count = struct.unpack_from(
                ">4xIH2xf5xBBxfBxH", message, BODY_AT
            )
            pointers = struct.unpack_from(f">{min(count, 32)}I", message, BODY_AT + 32)
            nyquist, blocks = math.nan, []
            for pointer in pointers:
                at = BODY_AT + pointer
                name = message[at : at + 4]
                if name == b"RVOL":
                    self._read_volume(message, at)
                elif name == b"RRAD":
                    nyquist = struct.unpack_from(">h", message, at + 16)[0] / 100
                elif name[:1] == b"D":
                    blocks.append(_block(message, at, byte))
        except struct.error as error:
            raise DamageError("bad_radial", byte, length=len(message), moments=0) from error
        at_ms = (day - 1) * _DAY_MS + ms
        bad = bool(status & 0x80) or bool(blanked & 1)
        return _checked(
            Radial(message, 31, cut, status & 0x7F, bad, azimuth, elevation, float(at_ms), nyquist, tuple(blocks), byte)
        )

    def _read_volume(self, message: bytes, at: int) -> None:
        if not math.isnan(self.place[0]):
            return
        lat, lon, ground, feed, constant = struct.unpack_from(">8xffhHf", message, at)
        self.place = (lon, lat, float(ground + feed))
        if math.isfinite(constant):
            self.calibration = {"horizontal_db": round(constant, 4)}


def _within(radials: int, cuts: int, byte: int) -> None:
    """Refuse more than any volume has."""
    if radials > MOST_RADIALS:
        raise DamageError("too_many_radials", byte, limit=MOST_RADIALS)
    if cuts > MOST_CUTS:
        raise DamageError("bad_cut_count", byte, announced=cuts, limit=MOST_CUTS)


def _kind_and_length(block: bytes, at: int) -> tuple[int, int]:
    """Return type and length of the message at a byte, its 12 leading bytes included."""
    halfwords, kind = struct.unpack_from(">HxB", block, at + 12)
    if kind != 31:
        return kind, RECORD_BYTES
    if halfwords == 65_535:  # too long for the field: the segment fields hold it
        high, low = struct.unpack_from(">2H", block, at + 24)
        return kind, max((high << 16 | low) + 12, BODY_AT + 32)
    return kind, max(halfwords * 2 + 12, BODY_AT + 32)


def _block(message: bytes, at: int, byte: int) -> Block:
    name = message[at + 1 : at + 4].decode("ascii", "replace").strip()
    gates, first, gate, bits, scale, offset = struct.unpack_from(">8xHhh5xBff", message, at)
    codes_at = at + 28
    good = bits in {8, 16} and math.isfinite(scale) and scale > 0 and math.isfinite(offset)
    if gates and (not good or codes_at + gates * bits // 8 > len(message) or not 1 <= gate <= 10_000):
        raise DamageError("bad_foreign_moment", byte, moment=name)
    if gates > MOST_GATES:
        raise DamageError("bad_foreign_moment", byte, moment=name)
    return Block(name, gates, float(first), float(gate), bits, scale, offset, codes_at)


def _old(message: bytes, byte: int) -> Radial:
    """Read the header of a radial of type 1."""
    ms, day, azimuth, status, elevation, cut = struct.unpack_from(">IH2xH2xHHH", message, BODY_AT)
    long_first, short_first, long_gate, short_gate, long_gates, short_gates = struct.unpack_from(
        ">hhHHHH", message, BODY_AT + 18
    )
    pointers = struct.unpack_from(">3H", message, BODY_AT + 36)
    resolution, _, nyquist = struct.unpack_from(">HH14xh", message, BODY_AT + 42)
    blocks = []
    for name, pointer, gates, first, gate, scale, offset in (
        ("REF", pointers[0], long_gates, long_first, long_gate, 2.0, 66.0),
        ("VEL", pointers[1], short_gates, short_first, short_gate, 1.0 if resolution == 4 else 2.0, 129.0),
        ("SW", pointers[2], short_gates, short_first, short_gate, 2.0, 129.0),
    ):
        if not (pointer and gates):
            continue
        if BODY_AT + pointer + gates > len(message) or not 1 <= gate <= 10_000:
            raise DamageError("bad_foreign_moment", byte, moment=name)
        blocks.append(Block(name, gates, float(first), float(gate), 8, scale, offset, BODY_AT + pointer))
    return _checked(
        Radial(
            message,
            1,
            cut,
            status & 0x7F,
            bool(status & 0x80),
            azimuth * 180 / 32_768,
            _signed(elevation),
            float((day - 1) * _DAY_MS + ms),
            nyquist / 100 if nyquist else math.nan,
            tuple(blocks),
            byte,
        )
    )


def _checked(radial: Radial) -> Radial:
    """Refuse what no antenna does."""
    if not (0 <= radial.azimuth_deg <= 360 and -10 <= radial.elevation_deg <= 90):
        wrong = radial.azimuth_deg if not 0 <= radial.azimuth_deg <= 360 else radial.elevation_deg
        raise DamageError("bad_angle", radial.byte, value=f"{wrong:g}")
    if radial.status > 5:
        raise DamageError("bad_state", radial.byte, value=radial.status)
    if not 0 <= radial.at_ms < 4e12:
        raise DamageError("no_time", radial.byte)
    if not math.isfinite(radial.nyquist_ms) or radial.nyquist_ms <= 0:
        return radial._replace(nyquist_ms=math.nan)
    return radial


def _signed(angle: int) -> float:
    """Return a 16-bit angle in degrees, -180 to 180."""
    degrees = angle * 180 / 32_768
    return degrees - 360 if degrees > 180 else degrees

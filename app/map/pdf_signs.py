"""Which sign a glyph of a PDF stands for: Qt takes the lowest code of a glyph, which for 风 is a radical nobody types.

The fonts of Chinese draw a radical (U+2E80 to U+2FDF) and the ideograph of the same shape with one glyph. Qt's table
from glyphs back to signs keeps the first code it meets, so that a search for 风险 in the printed map finds nothing.
The tables are written anew behind the file, as an incremental update (ISO 32000-1, 7.5.6): not a byte of what Qt wrote
is changed.
"""

from __future__ import annotations

import re
import zlib
from functools import cache
from pathlib import Path

from PySide6.QtGui import QRawFont

from widgets import theme as look

_IDEOGRAPHS = range(0x4E00, 0xA000)
_OTHERS = (*range(0x2E80, 0x2FE0), 0x09, 0xA0)
_TRAILER = re.compile(rb"trailer\s*<<(.*)>>\s*startxref\s+(\d+)\s+%%EOF\s*$", re.DOTALL)
_SIZE = re.compile(rb"/Size (\d+)")
_ENTRY = re.compile(rb"(\d{10}) (\d{5}) n")
_OBJECT = re.compile(rb"(\d+) 0 obj\s*<<((?:(?!endobj).)*?)>>\s*stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_RANGE = re.compile(rb"<([0-9A-Fa-f]{4})> ?<([0-9A-Fa-f]{4})> ?(?:<([0-9A-Fa-f]{4})>|\[([^\]]*)\])")
_HEX = re.compile(rb"<([0-9A-Fa-f]+)>")


def mend_signs(path: Path) -> int:
    """Have every glyph of a PDF that Qt has written stand for the sign that people type; return how many tables changed.

    A file that is built otherwise than Qt builds it stays as it is.
    """
    data = path.read_bytes()
    trailer = _TRAILER.search(data)
    if trailer is None:
        return 0
    signs = _signs()
    made: list[tuple[int, bytes]] = []
    for number, offset in enumerate(_offsets(data, int(trailer[2]))):
        found = _OBJECT.match(data, offset) if offset else None
        stream = _inflated(found[3]) if found is not None else b""
        if b"beginbfrange" in stream or b"beginbfchar" in stream:
            new = _table(stream, signs)
            if new != stream:
                made.append((number, _packed(number, new)))
    if made:
        with path.open("ab") as file:
            file.write(_update(len(data), made, trailer))
    return len(made)


@cache
def _signs() -> dict[int, int]:
    """Return the sign to be named in place of another of the same glyph, by the code of that other."""
    font = QRawFont.fromFont(look.font())
    glyphs: dict[int, int] = {}
    for code, glyph in zip(_IDEOGRAPHS, font.glyphIndexesForString("".join(map(chr, _IDEOGRAPHS))), strict=True):
        glyphs.setdefault(glyph, code)
    glyphs.pop(0, None)
    others = zip(_OTHERS, font.glyphIndexesForString("".join(map(chr, _OTHERS))), strict=True)
    return {code: glyphs[glyph] for code, glyph in others if glyph in glyphs} | {0x09: 0x20, 0xA0: 0x20}


def _offsets(data: bytes, start: int) -> list[int]:
    """Return where each object begins, by number; 0 for those that are free."""
    section = data[start : data.index(b"trailer", start)]
    lines = section.split(b"\n")[2:]
    return [int(entry[1]) if (entry := _ENTRY.match(line)) else 0 for line in lines if line.strip()]


def _inflated(packed: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed)
    except zlib.error:
        return packed


def _table(stream: bytes, signs: dict[int, int]) -> bytes:
    """Return a table from glyphs to signs with other signs; a range that holds one is written glyph by glyph."""

    def range_of(found: re.Match[bytes]) -> bytes:
        first, last = int(found[1], 16), int(found[2], 16)
        if found[4] is not None:
            codes = [int(code, 16) for code in _HEX.findall(found[4])]
        else:
            codes = list(range(int(found[3], 16), int(found[3], 16) + last - first + 1))
        if not any(code in signs for code in codes):
            return found[0]
        listed = b" ".join(b"<%04X>" % signs.get(code, code) for code in codes)
        return b"<%04X> <%04X> [%s]" % (first, last, listed)

    def char_of(found: re.Match[bytes]) -> bytes:
        code = int(found[2], 16)
        return b"<%s> <%04X>" % (found[1], signs.get(code, code)) if code in signs else found[0]

    stream = re.sub(rb"beginbfrange.*?endbfrange", lambda part: _RANGE.sub(range_of, part[0]), stream, flags=re.DOTALL)
    pair = re.compile(rb"<([0-9A-Fa-f]+)> ?<([0-9A-Fa-f]{4})>")
    return re.sub(rb"beginbfchar.*?endbfchar", lambda part: pair.sub(char_of, part[0]), stream, flags=re.DOTALL)


def _packed(number: int, stream: bytes) -> bytes:
    packed = zlib.compress(stream)
    head = b"%d 0 obj\n<<\n/Length %d\n/Filter /FlateDecode\n>>\nstream\n" % (number, len(packed))
    return head + packed + b"\nendstream\nendobj\n"


def _update(size: int, made: list[tuple[int, bytes]], trailer: re.Match[bytes]) -> bytes:
    """Return what is written behind the file: the new objects, where they are, and where the former table stands."""
    body, table = b"\n", b"xref\n"
    for number, written in made:
        table += b"%d 1\n%010d 00000 n \n" % (number, size + len(body))
        body += written
    facts = _SIZE.sub(lambda found: found[0], trailer[1]).rstrip()
    start = size + len(body)
    return body + table + b"trailer\n<<%s\n/Prev %s\n>>\nstartxref\n%d\n%%%%EOF\n" % (facts, trailer[2], start)

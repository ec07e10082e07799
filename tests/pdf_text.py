"""Reads the text out of a PDF as Qt writes them: fonts with their tables from glyph to sign, and the strings shown."""

from __future__ import annotations

import re
import zlib

_OBJECT = re.compile(rb"(\d+) 0 obj\s*(.*?)endobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*)endstream", re.DOTALL)
_RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(?:<([0-9A-Fa-f]+)>|\[([^\]]*)\])")
_SHOWN = re.compile(rb"/(F\d+)\s+[\d.]+\s+Tf|<([0-9A-Fa-f]+)>")


def text_of(pdf: bytes) -> str:
    """Return the text of a PDF in the order in which it is written."""
    objects = {int(n): body for n, body in _OBJECT.findall(pdf)}
    signs: dict[int, str] = {}
    for body in objects.values():
        stream = _inflated(body)
        if b"beginbfrange" in stream or b"beginbfchar" in stream:
            signs |= _signs(stream)
    shown = (_inflated(body) for body in objects.values())
    return "\n".join(_written(stream, signs) for stream in shown if b" Tf" in stream)


def fonts_in(pdf: bytes) -> int:
    """Return how many fonts are embedded."""
    return len(re.findall(rb"/FontFile[23]?\b", pdf))


def _inflated(body: bytes) -> bytes:
    found = _STREAM.search(body)
    if found is None:
        return b""
    try:
        return zlib.decompressobj().decompress(found.group(1))
    except zlib.error:
        return found.group(1)


def _signs(stream: bytes) -> dict[int, str]:
    out: dict[int, str] = {}
    for part in re.findall(rb"beginbfrange(.*?)endbfrange", stream, re.DOTALL):
        for first, last, to, listed in _RANGE.findall(part):
            begin, end = int(first, 16), int(last, 16)
            if listed:
                words = re.findall(rb"<([0-9A-Fa-f]+)>", listed)
                out |= {begin + i: _utf16(word) for i, word in enumerate(words)}
            else:
                code = int(to, 16)
                out |= {glyph: chr(code + glyph - begin) for glyph in range(begin, end + 1)}
    for part in re.findall(rb"beginbfchar(.*?)endbfchar", stream, re.DOTALL):
        for glyph, to in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", part):
            out[int(glyph, 16)] = _utf16(to)
    return out


def _utf16(digits: bytes) -> str:
    return bytes.fromhex(digits.decode()).decode("utf-16-be")


def _written(stream: bytes, signs: dict[int, str]) -> str:
    """Return the strings of one stream, a line for each text."""
    lines = []
    for block in re.findall(rb"BT(.*?)ET", stream, re.DOTALL):
        glyphs = "".join(digits.decode() for _, digits in _SHOWN.findall(block) if digits)
        lines.append("".join(signs.get(int(glyphs[i : i + 4], 16), "?") for i in range(0, len(glyphs), 4)))
    return "\n".join(lines)

"""In which encoding a Shapefile's texts really are, whatever its ``.cpg`` says: one answer for imports and layers."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

import numpy as np

_LOOK_BYTES = 1 << 22
_CPG_BYTES = 64
_UTF8 = frozenset({"UTF8", "65001"})
# Pages of western letters: what QGIS and ArcGIS write when nobody chose, and never that of Chinese names.
_WESTERN = frozenset({
    *("1252", "CP1252", "WINDOWS1252", "ANSI1252", "88591", "ISO88591", "LATIN1", "L1", "885915", "ISO885915"),
    *("437", "CP437", "IBM437", "850", "CP850", "IBM850", "ASCII", "USASCII", "OEM", "ANSI", "SYSTEM"),
})  # fmt: skip
_CHINESE_BYTES, _CHINESE_SHARE = 1 << 18, 0.6
_FEW = 20  # one byte in so many may be half of a sign that was cut at the end of a field


def text_encoding(path: Path) -> tuple[str | None, bool]:
    """Return the encoding of the texts beside a ``.shp``, None where the file says it truly, and whether it is a guess.

    Texts that are no UTF-8 although they should be are GB18030; so are texts of western letters by their ``.cpg`` that
    are common Chinese signs as GB18030 (or as UTF-8). Without a table there are no texts: None.
    """
    beside = {found.suffix.casefold(): found for found in path.parent.iterdir() if found.stem == path.stem}
    if ".dbf" not in beside:
        return None, False
    said = _said(beside[".cpg"]) if ".cpg" in beside else ""
    words = _words(beside[".dbf"])
    if not said:
        found = "UTF-8" if _is_utf8(words) else "GB18030"
        return found, found != "UTF-8"
    if said in _UTF8:
        return (None, False) if _is_utf8(words) else ("GB18030", True)
    if said in _WESTERN and not words.isascii():
        if _is_utf8(words):
            return "UTF-8", True
        if _is_chinese(words):
            return "GB18030", True
    return None, False


def _said(cpg: Path) -> str:
    """Return the code page that stands in a ``.cpg``, in capitals without dashes; empty if nobody knows it."""
    with cpg.open("rb") as file:
        text = file.read(_CPG_BYTES).decode("ascii", "replace")
    said = re.sub(r"[^0-9A-Z]", "", text.upper())
    if said in _UTF8 or said in _WESTERN:
        return said
    for name in (text.strip().replace(" ", ""), said, f"CP{said}"):
        try:
            codecs.lookup(name)
        except (LookupError, ValueError):
            continue
        return said
    return ""


def _words(table: Path) -> bytes:
    """Return the titles and cells of a DBF table; other bytes of its head are no text."""
    with table.open("rb") as file:
        data = file.read(_LOOK_BYTES)
    start = int.from_bytes(data[8:10], "little")
    titles = [data[at : at + 11].split(b"\0")[0] for at in range(32, max(32, start - 1), 32)]
    return b"\n".join(titles) + data[start:-4]


def _is_utf8(data: bytes) -> bool:
    return data.decode("utf-8", errors="replace").count("\ufffd") * _FEW <= _beyond_ascii(data)


def _is_chinese(data: bytes) -> bool:
    """Return whether bytes beyond ASCII are signs of GB 2312, of which both bytes are: western letters come singly."""
    some = data[:_CHINESE_BYTES]
    text = some.decode("gb18030", errors="replace")
    common = sum(_in_gb2312(sign) for sign in text if "\u3000" <= sign <= "\u9fff")
    return text.count("\ufffd") * _FEW <= _beyond_ascii(some) and 2 * common >= _CHINESE_SHARE * _beyond_ascii(some)


def _in_gb2312(sign: str) -> bool:
    try:
        return len(sign.encode("gb2312")) == 2
    except UnicodeEncodeError:
        return False


def _beyond_ascii(data: bytes) -> int:
    return int((np.frombuffer(data, np.uint8) >= 128).sum())

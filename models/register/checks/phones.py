"""Check: numbers that nobody can dial: letters, words, digits lost, powers of ten."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from models.register.checks.ground import Ground
from models.register.description import FieldType
from models.register.entries import Entries
from models.register.finding import Fact, Finding
from models.register.values import phone_text, without_decimal

KINDS: tuple[str, ...] = ("phones",)
_POWER_OF_TEN = re.compile(r"\d[.\d]*[eE]\+?\d+")
_SEVERAL = re.compile(r"[、/;；,，|]+|\s{2,}|(?<=\d{7}) (?=1[3-9]\d)")
# Only what nobody doubts: a wrong digit would call a stranger.
_LOOKS_LIKE = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1"})
_VALID = re.compile(r"(?:86)?1[3-9]\d{9}|0[1-9]\d{1,2}[2-8]\d{6,7}(?:\d{1,4})?|400\d{7}|[2-8]\d{6,7}")
_DIGITS = (5, 15)  # E.164 has no more than 15; a short number of an office has 5
_SHORT = frozenset({"110", "119", "120", "122"})
_DECIMAL = "phone_decimal"
_LEAST_ROWS = 5
_USUAL = 0.8


def find(entries: Entries, ground: Ground) -> list[Finding]:
    """Return numbers that cannot be dialed; the mend gives that of the people list, or what the letters stand for."""
    found: list[Finding] = []
    for one in entries.description.fields:
        if one.type is FieldType.PHONE and one.key in entries.texts:
            found += _of_column(entries, ground, one.key)
    return found


def missing(entries: Entries, ground: Ground) -> str:
    """Nothing is needed besides the rows."""
    del entries, ground
    return ""


def impossible_rows(entries: Entries, key: str) -> frozenset[int]:
    """Return the rows whose number in a column nobody can dial."""
    return frozenset(row for row, (code, _, _) in _verdicts(entries, key).items() if code != _DECIMAL)


def _of_column(entries: Entries, ground: Ground, key: str) -> list[Finding]:
    found = []
    for row, (code, facts, mended) in _verdicts(entries, key).items():
        listed = ""
        if key == "phone" and code != _DECIMAL:
            listed = ground.number_of(entries.text("person", row), entries.text("village", row))
        gives = listed or mended
        mend = "number_from_people" if listed else "letters_to_digits" if mended else ""
        text = entries.texts[key][row]
        found.append(Finding("phones", entries.line(row), key, code, facts, text, gives, refuses=False, mend=mend))
    return found


def _verdicts(entries: Entries, key: str) -> dict[int, tuple[str, dict[str, Fact], str]]:
    """Return why the numbers of rows cannot be dialed, with what their letters stand for; equal cells are read once."""
    texts, cells = entries.texts[key], entries.cells[key]
    usual = _usual_digits([text for text in texts if text])
    known: dict[tuple[str, bool], tuple[str, dict[str, Fact], str] | None] = {}
    out = {}
    for row, text in enumerate(texts):
        if not text:
            continue
        asked = text, isinstance(cells[row], int | float)
        if asked not in known:
            known[asked] = _verdict(text, usual, as_number=asked[1])
        verdict = known[asked]
        if verdict is not None:
            out[row] = verdict
    return out


def _usual_digits(texts: list[str]) -> int:
    """Return how many digits nearly all numbers of the column have, 0 if they differ or are too few."""
    counts = Counter(len(re.sub(r"\D", "", without_decimal(text))) for text in texts)
    if len(texts) < _LEAST_ROWS:
        return 0
    digits, count = counts.most_common(1)[0]
    return digits if digits >= 7 and count >= _USUAL * len(texts) else 0


def _verdict(text: str, usual: int, *, as_number: bool) -> tuple[str, dict[str, Fact], str] | None:
    """Return why a number cannot be dialed, with what its letters stand for; None if it can."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if _POWER_OF_TEN.fullmatch(plain):
        return "mangled_phone", {"value": text}, ""
    whole = without_decimal(plain)
    if whole != plain:
        return _verdict(whole, usual, as_number=True) or (_DECIMAL, {"value": whole}, "")
    for part in filter(None, _SEVERAL.split(plain)):
        bare = re.sub(r"[\s\-‐-―()+.转#*]", "", part)
        if not re.search(r"\d", bare):
            return "phone_words", {"value": part}, ""
        if re.search(r"[^\d]", bare):
            read = bare.translate(_LOOKS_LIKE)
            if not read.isdigit():
                named = re.sub(r"[\u4e00-\u9fff:：（）]+", "", bare)
                if named.isdigit() and _VALID.fullmatch(named):
                    continue  # a number with a word beside it
                return "phone_words", {"value": part}, ""
            letter = next(sign for sign in bare if not sign.isdigit())
            return "phone_letter", {"letter": letter}, text.translate(_LOOKS_LIKE)
        if _VALID.fullmatch(bare) and not (usual and as_number and len(bare) < usual):
            continue
        if (wrong := _wrong_length(part, bare, usual, as_number=as_number)) is not None:
            return (*wrong, "")
    return None


def _wrong_length(part: str, bare: str, usual: int, *, as_number: bool) -> tuple[str, dict[str, Fact]] | None:
    """Return why a number of figures alone has too few or too many: for its column, or for any number at all."""
    if usual and len(bare) < usual:
        return "phone_zeros_lost" if as_number else "phone_short", {"count": len(bare), "needed": usual}
    if usual and len(bare) > usual:
        return "phone_long", {"count": len(bare), "needed": usual}
    count = len(re.sub(r"\D", "", phone_text(part)))
    if _DIGITS[0] <= count <= _DIGITS[1] or bare in _SHORT:
        return None
    return "phone_length", {"count": count, "least": _DIGITS[0], "most": _DIGITS[1]}

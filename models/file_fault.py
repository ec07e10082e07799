"""What is wrong with a file that a library cannot read, in our words: a library's own words go to the log.

GDAL and its relatives say it in English, and in terms of their insides (``TIFFReadEncodedTile() failed``).
"""

from __future__ import annotations

import logging
import re
import unicodedata
import zipfile
import zlib
from pathlib import Path

import resources
from models.errors import DataError, one_line

_log = logging.getLogger(__name__)
_KINDS = (
    ("no_layer", r"no layer|list index out of range"),
    ("no_kind", r"not recogni[sz]ed as|no such driver|unsupported|not a supported|unknown file format|no driver"),
    ("beside", r"\.(shx|dbf|prj)\b"),
    ("gone", r"no such file|does not exist|not exist in the file system|not found"),
    ("rights", r"permission denied|access is denied"),
    (
        "syntax",
        r"pars(e|ing)|not well-formed|syntax|invalid (json|xml|geojson|kml)|mismatched tag|unexpected character",
    ),
    ("cell", r"field larger than field limit"),
    ("letters", r"codec can't|decode byte|utf-?8"),
)
_WRITING = (
    ("space", r"no space left|disk full|disk is full|file too large|quota"),
    ("rights", r"permission denied|access is denied|read-only|readonly|operation not permitted|being used by"),
    ("gone", r"no such file|does not exist|not a directory|cannot find the path"),
    ("columns", r"\bfields?\b|column"),
    ("letters", r"codec can't|encode|utf-?8"),
)


def unreadable(path: Path, error: BaseException, code: str = "layers.unreadable") -> DataError:
    """Return the error for a file that cannot be read; what the library said stands in the log.

    ``code`` names a sentence with ``{file}``, ``{cause_zh}`` and ``{cause_en}``.
    """
    said = _logged(path.name, error)
    zh, en = in_our_words(error)
    return DataError(code, file=path.name, cause_zh=zh, cause_en=en, cause=said)


def unwritable(path: Path, error: BaseException) -> DataError:
    """Return ``layers.not_writable`` for a file that cannot be written; what the library said stands in the log."""
    said = _logged(path.name, error)
    kind = next((name for name, words in _WRITING if re.search(words, said, re.IGNORECASE)), "failed")
    zh, en = (resources.phrase("layers", f"writing.{kind}", language) for language in ("zh", "en"))
    return DataError("layers.not_writable", file=path, cause_zh=zh, cause_en=en, cause=said)


def in_our_words(error: BaseException) -> tuple[str, str]:
    """Return what is wrong with a file that is read, in Chinese and in English."""
    kind = _kind(error, _words_of(error))
    return resources.phrase("layers", f"fault.{kind}", "zh"), resources.phrase("layers", f"fault.{kind}", "en")


def _words_of(error: BaseException) -> str:
    said = (error.strerror if isinstance(error, OSError) else "") or str(error) or type(error).__name__
    return "".join(sign if unicodedata.category(sign) != "Cc" else " " for sign in said)[:400]


def _logged(name: str, error: BaseException) -> str:
    said = _words_of(error)
    _log.info("%s: %s", one_line(name), said)  # the operator is told by the sentence
    return said


def _kind(error: BaseException, said: str) -> str:
    known = (
        (FileNotFoundError, "gone"), (PermissionError, "rights"), (UnicodeError, "letters"),
        ((zipfile.BadZipFile, zlib.error, EOFError), "damaged"),
    )  # fmt: skip
    for kind, name in known:
        if isinstance(error, kind):
            return name
    return next((name for name, words in _KINDS if re.search(words, said, re.IGNORECASE)), "damaged")

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
from models.errors import DataError

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
    ("letters", r"codec can't|decode byte|utf-?8"),
)


def unreadable(path: Path, error: BaseException, code: str = "layers.unreadable") -> DataError:
    """Return the error for a file that cannot be read; what the library said stands in the log.

    ``code`` names a sentence with ``{file}``, ``{cause_zh}`` and ``{cause_en}``.
    """
    said = (error.strerror if isinstance(error, OSError) else "") or str(error) or type(error).__name__
    said = "".join(sign if unicodedata.category(sign) != "Cc" else " " for sign in said)[:400]
    _log.info("%s: %s", path.name, said)  # the operator is told by the sentence
    kind = _kind(error, said)
    zh, en = (resources.phrase("layers", f"fault.{kind}", language) for language in ("zh", "en"))
    return DataError(code, file=path.name, cause_zh=zh, cause_en=en, cause=said)


def _kind(error: BaseException, said: str) -> str:
    known = (
        (FileNotFoundError, "gone"), (PermissionError, "rights"), (UnicodeError, "letters"),
        ((zipfile.BadZipFile, zlib.error, EOFError), "damaged"),
    )  # fmt: skip
    for kind, name in known:
        if isinstance(error, kind):
            return name
    return next((name for name, words in _KINDS if re.search(words, said, re.IGNORECASE)), "damaged")

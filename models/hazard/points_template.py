"""An empty file for hazard points: the columns that an import takes, with one example line."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import resources
from models.hazard.level import RISING

_BOOK = "register_words/points_columns"
_EXAMPLE = {"zh": "示例-1", "en": "EXAMPLE-1"}


def template(language: str = "zh") -> bytes:
    """Return an empty points file with header and one example line, in UTF-8 that spreadsheets recognize."""
    is_chinese = language == "zh"
    example = [
        _EXAMPLE["zh" if is_chinese else "en"],
        *(("石坑沟", "山洪") if is_chinese else ("Shikeng gully", "flash_flood")),
        "113.2051",
        "24.1017",
        *(("石坑镇", "石坑村委会", "某某") if is_chinese else ("Shikeng", "village office", "N. N.")),
        "",
        *["35", "45", "60", "80", "55", "75", "100", "120", "70", "95", "120", "150"],
    ]
    out = io.StringIO(newline="")
    csv.writer(out).writerows([_header(language), example])
    return out.getvalue().encode("utf-8-sig")


def _header(language: str, windows_h: Sequence[int] = (1, 3, 6)) -> list[str]:
    book = resources.table(_BOOK)
    which = 1 if language == "zh" else 0
    fields = ("id", "name", "kind", "lon", "lat", "town", "warn_unit", "person", "phone")
    header = [str(book["column"][field]["own"][which]) for field in fields]
    return header + [f"{book['levels'][level.value][which]}_{w}h" for w in windows_h for level in RISING]

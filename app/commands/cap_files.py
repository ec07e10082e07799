"""`fengsui cap check`: files against CAP 1.2, each with what was found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import resources
from app.language import system_language
from models.errors import DataError, one_line
from models.warning.cap.checker import LARGEST_BYTES, check


def check_files(files: list[Path], language: str = "") -> list[dict[str, Any]]:
    """Return one document per file, in order: ``file``, ``valid``, ``errors``, ``warnings``.

    A file that cannot be read has ``error`` too, and the rule ``file``.
    """
    return [_check(path, language or system_language()) for path in files]


def findings_text(documents: list[dict[str, Any]], language: str = "") -> str:
    """Return the documents as lines for people."""
    language = language or system_language()

    def say(key: str, **facts: object) -> str:
        return resources.phrase("command_line", f"cap.{key}", language).format_map(facts)

    lines = []
    for document in documents:
        lines.append(say("valid" if document["valid"] else "not_valid", file=one_line(document["file"])))
        for title in ("errors", "warnings"):
            lines += [say(title, **finding).rstrip() for finding in document[title]]
    return "\n".join(lines)


def _check(path: Path, language: str) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        sentence = DataError("cap.unreadable", file=path, cause=error.strerror or str(error)).sentence(language)
        finding = {"rule": "file", "where": "", "message": sentence}
        return {"file": str(path), "error": sentence, "valid": False, "errors": [finding], "warnings": []}
    return {"file": str(path)} | check(data).as_json(language)

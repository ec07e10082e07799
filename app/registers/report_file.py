"""The report to whoever sent a register, as a file: whole or not at all, and never over the file it speaks of."""

from __future__ import annotations

from pathlib import Path

from models.errors import DataError
from models.register.owner_report import owner_report
from models.register.quality import Quality


def write_report(quality: Quality, out: Path, language: str, *, read_from: Path) -> None:
    """Write the rows in question as a workbook; what stood there before is replaced in one blow.

    Raises
    ------
    DataError
        ``export.over_source`` if ``out`` is the file that was read, ``export.unwritable`` with the cause.
    """
    draft = out.with_name(f".{out.name}.part")
    try:
        if out.exists() and out.samefile(read_from):
            raise DataError("export.over_source", file=out.name)
        draft.write_bytes(owner_report(quality, language))
        draft.replace(out)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise DataError("export.unwritable", file=out.name, cause=error.strerror or str(error)) from error

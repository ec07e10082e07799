"""What runs in the worker process for registers: a stranger's table, read within the worker's limits."""

from __future__ import annotations

import hashlib
from pathlib import Path

from models.register.table import Table
from models.register.table_file import read_table

READ_S = 60.0
"""How long a file may take: a view of a GeoPackage can join without end."""


def table_in(file: Path, sheet: str = "", usual: str = "") -> tuple[Table, str]:
    """Return a file's table and its SHA-256 as hex digits.

    Raises
    ------
    DataError
        What `read_table` says of a file that is none.
    """
    return read_table(file, sheet, usual), digest_of(file)


def digest_of(file: Path) -> str:
    """Return the SHA-256 of a file as hex digits."""
    with file.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()

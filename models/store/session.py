"""Who has the store open: sessions share it, a restoring wants it alone.

On Linux a file can be moved away under a program that has it open, which would
go on writing into the damaged store. Windows refuses that by itself.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from models.errors import StoreError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


def join(store: Path) -> IO[bytes] | None:
    """Take part in a store; close what comes back to leave. A killed process leaves by itself.

    Raises
    ------
    StoreError
        ``store.busy`` while somebody restores it.
    """
    if fcntl is None:
        return None
    file = _lock_file(store).open("ab")
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise StoreError("store.busy", path=store, cause=str(error)) from error
    return file


@contextlib.contextmanager
def alone(store: Path) -> Iterator[None]:
    """Hold a store that nobody else has open.

    Raises
    ------
    StoreError
        ``store.in_use``.
    """
    if fcntl is None:
        yield
        return
    with _lock_file(store).open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StoreError("store.in_use", path=store) from error
        yield


def _lock_file(store: Path) -> Path:
    return store.with_suffix(".lock")

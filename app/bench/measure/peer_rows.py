"""What other programs need for the same work, each in a process of its own on the same files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from app.bench.measure.fmt_files import Files
from app.bench.measure.rows import Row, Table


def peer_rows(table: Table, files: Sequence[Files], folder: Path) -> None:
    """Measure the peers that are installed."""
    del files, folder
    table.head("Peers")
    table.add(Row("peers", "s", (), note="not installed"))

"""The command of a bench: ``--quick`` does all of it small, to see that it runs; ``--json`` prints plain values instead."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Protocol


class Run(Protocol):
    """Measures everything and returns it as plain values."""

    def __call__(self, *, quick: bool, silent: bool) -> Mapping[str, object]:
        """Measure all of it, or all of it small; print nothing if ``silent``."""


def command(name: str, run: Run) -> int:
    """Read the words behind a bench's name, measure, print; return the exit code."""
    words = set(sys.argv[1:])
    unknown = words - {"--quick", "--json"}
    if unknown:
        sys.stderr.write(f"bench {name} takes --quick and --json, not {' '.join(sorted(unknown))}\n")
        return 2
    record = run(quick="--quick" in words, silent="--json" in words)
    if "--json" in words:
        print(json.dumps(record, indent=1))
    return 0

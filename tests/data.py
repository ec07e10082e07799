"""The real data that tests read, and how much of it.

The files lie beside the project, never in it: ``shared/data`` next to the
project's root, or wherever ``FENGSUI_DATA`` points.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def folder() -> Path:
    """Return where the shared data should lie; nobody promises that it does."""
    return Path(os.environ.get("FENGSUI_DATA") or ROOT.parent / "shared" / "data")


def need(relative: str) -> Path:
    """Return the path of a shared file or folder.

    Without it the calling test is skipped with a sentence; under ``CI=true`` it fails,
    so that nobody takes an empty run for a proof.
    """
    found = folder() / relative
    if not found.exists():
        sentence = f"shared data is missing: {relative} (put it beside the project, or set FENGSUI_DATA)"
        if os.environ.get("CI", "").lower() in {"1", "true"}:
            pytest.fail(sentence, pytrace=False)
        pytest.skip(sentence, allow_module_level=True)
    return found


def long_count(short: int, long: int) -> int:
    """Return ``long`` under ``dev.py test --long``, else ``short``."""
    return long if os.environ.get("FENGSUI_LONG") else short

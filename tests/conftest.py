"""What holds for every test: no screen, no stray word in a log, real parts."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator

# Before anything imports Qt; an empty value would abort the process.
if not os.environ.get("QT_QPA_PLATFORM"):
    os.environ["QT_QPA_PLATFORM"] = "offscreen"

import pytest


@pytest.fixture(autouse=True)
def _no_stray_log_records(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail a test that leaves a warning or an error in the log.

    A test that means to provoke one is marked ``@pytest.mark.logs``, or reads it and
    calls ``caplog.clear()``.
    """
    yield
    if request.node.get_closest_marker("logs"):
        return
    stray = [record for record in caplog.get_records("call") if record.levelno >= logging.WARNING]
    if stray:
        lines = "\n".join(f"{record.name} {record.levelname}: {record.getMessage()}" for record in stray)
        pytest.fail(f"stray log records:\n{lines}", pytrace=False)


@pytest.fixture(autouse=True)
def _no_button_left_down() -> Iterator[None]:
    """Fail a test that leaves a mouse button pressed: every later move of the pointer would be a drag of its widget."""
    yield
    widgets = sys.modules.get("PySide6.QtWidgets")
    if widgets is not None and widgets.QApplication.instance() is not None:
        left = widgets.QApplication.mouseButtons()
        if left.value:
            pytest.fail(f"a mouse button is still down: {left}", pytrace=False)


@pytest.fixture(autouse=True)
def _environment_as_it_was() -> Iterator[None]:
    """Put the environment back: what one test lets the program set must not reach another's process."""
    before = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    yield
    for name in set(os.environ) - set(before):
        if not name.startswith("PYTEST_"):
            del os.environ[name]
    os.environ.update(before)

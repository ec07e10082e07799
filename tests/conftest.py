"""What holds for every test: no screen, no stray word in a log, real parts."""

from __future__ import annotations

import logging
import os
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

"""What the log writes: one line for each message, so that no name of a file can forge another."""

from __future__ import annotations

import logging

from models.errors import one_line

_FORMAT = "%(levelname)s %(name)s: %(message)s"


class LogLine(logging.Formatter):
    """Writes a message on one line; only a traceback takes more."""

    def __init__(self) -> None:
        super().__init__(_FORMAT)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name
        """Return the line of a record, without its traceback."""
        return one_line(super().formatMessage(record))

"""Shows things once, soon: many changes in one moment are one drawing."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

AFTER_MS = 30


class Soon(QObject):
    """Calls what was asked for once after a moment, however often it was asked, in the order of first asking."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._due: dict[Callable[[], None], None] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(AFTER_MS)
        self._timer.timeout.connect(self._on_due)

    @property
    def idle(self) -> bool:
        """Whether nothing is due."""
        return not self._due

    def call(self, show: Callable[[], None]) -> None:
        """Call ``show`` soon."""
        self._due[show] = None
        if not self._timer.isActive():
            self._timer.start()

    def _on_due(self) -> None:
        due, self._due = tuple(self._due), {}
        for show in due:
            show()

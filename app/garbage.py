"""Python's search for garbage, led by the clock of the GUI thread: never in the middle of a job, never long."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

LOOK_MS = 500
MOST_LOOKED_AT = 5_000
"""So many new objects are looked through at once, in a millisecond or two; more came from a job and are kept as they are."""
_EVERY = 16  # looks at the new ones, before those are looked at that outlived some


class Garbage(QObject):
    """Looks for garbage in small turns instead of whenever somebody makes an object.

    Python looks through everything there is once a quarter more has come, in whatever thread that happens, and holds
    all threads meanwhile: 0.3 to 1 s with 50,000 records. What a job made in one go (records, points, verdicts) holds no
    rings of objects; it is set aside unseen (`gc.freeze` takes no time) and goes as soon as nobody names it any more.
    """

    def __init__(self) -> None:
        super().__init__()
        self._looks = 0
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)

    def open(self) -> None:
        """Begin; what there is now is the program itself."""
        gc.disable()
        gc.freeze()
        self._timer.start()

    def look(self) -> None:
        """Look through what is new, if it is little; set it aside if it is much."""
        self._looks += 1
        if gc.get_count()[0] > MOST_LOOKED_AT:
            gc.freeze()
        elif self._looks % _EVERY:
            gc.collect(0)
        elif len(gc.get_objects(1)) + len(gc.get_objects(2)) > MOST_LOOKED_AT:
            gc.freeze()
        else:
            gc.collect()

    def look_at_all(self) -> None:
        """Look through everything, what was set aside too: some 0.1 s, for the moment in which the desk changes hands."""
        gc.unfreeze()
        gc.collect()
        gc.freeze()

    def close(self) -> None:
        """Leave it to Python again, with all that was set aside."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

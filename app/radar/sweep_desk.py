"""One radar by itself: which volume, which elevation and which moment stand on the map."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.jobs import Jobs
from app.worker.worker import RadarTaken, sweep_in
from models.radar.ppi import PpiSweep
from models.radar.register import Register

_log = logging.getLogger(__name__)
KEPT_VOLUMES = 60
FIRST_MOMENT = "dBZ"

Sweeps = tuple[tuple[float, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """What is asked for: a file, one of its sweeps, a moment; ``code`` and ``at`` tell whose it is, if known."""

    path: Path
    sweep: int
    moment: str
    code: str = ""
    at: datetime | None = None


class SweepDesk(QObject):
    """Leads the picture of a single radar.

    Signals
    -------
    sweep_changed(PpiSweep | None)    one sweep was asked for and is here; None gives the map back to the mosaic
    failed(Exception)                 it could not be read
    """

    sweep_changed = Signal(object)
    failed = Signal(object)

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self._jobs = jobs
        self._register: Register | None = None
        self._volumes: dict[str, dict[datetime, tuple[Path, Sweeps]]] = {}
        self._choice: Choice | None = None
        self._shown: PpiSweep | None = None

    @property
    def shown(self) -> PpiSweep | None:
        """The sweep on the map, None while the mosaic is there."""
        return self._shown

    @property
    def looking_back_at(self) -> datetime | None:
        """When the volume began that is on the map, if its radar has sent a newer one; None if it is the newest."""
        choice = self._choice
        if self._shown is None or choice is None or choice.at is None:
            return None
        return choice.at if choice.at != max(self._volumes[choice.code]) else None

    @property
    def radars(self) -> tuple[str, ...]:
        """Codes of the radars of which there are volumes, in the order in which they were first heard."""
        return tuple(self._volumes)

    def open(self, register: Register) -> None:
        """Place radars by this register from now on."""
        self._register = register

    def hear(self, taken: RadarTaken) -> None:
        """Note a volume that was read; if the newest of this radar is on the map, go on with the new one."""
        if not taken.sweeps:
            return
        of_radar = self._volumes.setdefault(taken.site.code, {})
        newest = max(of_radar, default=None)
        of_radar[taken.started_at] = (taken.path, taken.sweeps)
        while len(of_radar) > KEPT_VOLUMES:
            del of_radar[min(of_radar)]
        choice = self._choice
        on_newest = choice is not None and choice.code == taken.site.code and choice.at == newest
        if on_newest and newest is not None and taken.started_at > newest:
            self._choose(self._like(choice, taken.site.code, max(of_radar)))

    def show_file(self, path: Path, sweep: int = 0, moment: str = FIRST_MOMENT) -> None:
        """Lay one sweep of any file on the map, round its own radar if that stands elsewhere."""
        self._choose(Choice(path, sweep, moment))

    def show_radar(self, code: str) -> None:
        """Lay the newest volume of a radar on the map, at the elevation and moment that were looked at last."""
        if code in self._volumes:
            self._choose(self._like(self._choice, code, max(self._volumes[code])))

    def next_radar(self) -> None:
        """Show the next radar by itself; after the last one the mosaic again."""
        codes = self.radars
        code = self._choice.code if self._choice is not None else ""
        after = codes[codes.index(code) + 1 :] if code in codes else codes
        if after:
            self.show_radar(after[0])
        else:
            self.hide()

    def step_elevation(self, by: int) -> None:
        """Show the next higher (1) or lower (-1) cut that has the moment."""
        sweeps, choice = self._sweeps(), self._choice
        if choice is None or not sweeps:
            return
        able = sorted((i for i, (_, moments) in enumerate(sweeps) if choice.moment in moments), key=lambda i: sweeps[i])
        if choice.sweep in able:
            index = min(max(able.index(choice.sweep) + by, 0), len(able) - 1)
            self._choose(replace(choice, sweep=able[index]))

    def step_moment(self, by: int) -> None:
        """Show the next moment, at the same elevation or the nearest that has it."""
        sweeps, choice = self._sweeps(), self._choice
        if choice is None or not sweeps:
            return
        moments = list(dict.fromkeys(moment for _, of_cut in sweeps for moment in of_cut))
        index = (moments.index(choice.moment) + by) % len(moments) if choice.moment in moments else 0
        self._choose(replace(choice, moment=moments[index], sweep=_nearest(sweeps, choice.sweep, moments[index])))

    def step(self, by: int) -> None:
        """Go ``by`` volumes of the same radar on or back."""
        choice = self._choice
        if choice is None or choice.at is None:
            return
        times = sorted(self._volumes[choice.code])
        index = min(max(times.index(choice.at) + by, 0), len(times) - 1) if choice.at in times else len(times) - 1
        self._choose(self._like(choice, choice.code, times[index]))

    def hide(self) -> None:
        """Give the map back to the mosaic."""
        self._choice = None
        if self._shown is not None:
            self._shown = None
            self.sweep_changed.emit(None)

    def _like(self, choice: Choice | None, code: str, at: datetime) -> Choice:
        """Return the choice of another volume with the elevation and moment of this one."""
        path, sweeps = self._volumes[code][at]
        moment = choice.moment if choice is not None else FIRST_MOMENT
        if not any(moment in moments for _, moments in sweeps):
            moment = sweeps[0][1][0]
        return Choice(path, _nearest(sweeps, choice.sweep if choice is not None else 0, moment), moment, code, at)

    def _sweeps(self) -> Sweeps:
        choice = self._choice
        if choice is None or choice.at is None:
            return ()
        return self._volumes.get(choice.code, {}).get(choice.at, (choice.path, ()))[1]

    def _choose(self, choice: Choice) -> None:
        self._choice = choice
        self._jobs.start(
            "sweep",
            partial(sweep_in, choice.path, choice.sweep, choice.moment, self._register),
            on_done=partial(self._on_sweep, choice),
            on_error=self._on_failed,
            where="process",
        )

    def _on_sweep(self, choice: Choice, sweep: PpiSweep) -> None:
        if self._choice is None:
            return  # the mosaic was asked for again meanwhile
        if choice.at is None and choice == self._choice:  # a file of the list: it may be one of the known volumes
            known = self._volumes.get(sweep.site.code, {})
            at = next((t for t, (path, _) in known.items() if path == choice.path), None)
            self._choice = replace(choice, code=sweep.site.code, at=at) if at is not None else choice
        self._shown = sweep
        self.sweep_changed.emit(sweep)

    def _on_failed(self, error: Exception) -> None:
        _log.warning("one radar: %s", error)
        self.failed.emit(error)


def _nearest(sweeps: Sweeps, wanted: int, moment: str) -> int:
    """Return the sweep that has a moment and is nearest to the wanted one's elevation."""
    elevation = sweeps[min(wanted, len(sweeps) - 1)][0]
    able = [i for i, (_, moments) in enumerate(sweeps) if moment in moments]
    return min(able, key=lambda i: (abs(sweeps[i][0] - elevation), i)) if able else 0

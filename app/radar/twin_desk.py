"""The second map's field: another quantity, another radar or the mosaic, of the time the first one shows."""

from __future__ import annotations

import logging
import math
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.desks import Desks
from app.radar.radar_frames import place
from app.worker.worker import RadarTaken, RadarWish, field_in, sweep_in
from layers import color_table
from layers.drawing import Drawings
from layers.grid_layer import GridLayer
from layers.map_view import MapView
from layers.ppi_layer import PpiLayer
from layers.stack import Layer, Stack, Storey, draw
from models.geodesy import to_mercator
from models.radar.called import called
from models.radar.compose import Plane, Spread, compose
from models.radar.footprint import Footprint, Source
from models.radar.mosaic import Mosaic
from models.radar.ppi import PpiSweep
from models.radar.quantity import CR, Kind, Quantity

_log = logging.getLogger(__name__)
KEPT_VOLUMES = 60
NAME = "twin"
QUANTITIES = (CR, Quantity(Kind.HYBRID), Quantity(Kind.CAPPI, 3000), Quantity(Kind.ECHO_TOP), Quantity(Kind.VIL))

Sweeps = tuple[tuple[float, tuple[str, ...]], ...]
Key = tuple[Quantity, str, datetime]


class TwinDesk(QObject):
    """Leads the second map; works only from `open` to `close`.

    Signals
    -------
    drawings_changed(Drawings)   what the second map shall show
    field_changed(object)        the Mosaic or PpiSweep that stands on it, None while there is none
    failed(Exception)            a file could not be read
    """

    drawings_changed = Signal(object)
    field_changed = Signal(object)
    failed = Signal(object)

    def __init__(self, desks: Desks, wish: RadarWish) -> None:
        super().__init__()
        self._desks, self._jobs, self._wish = desks, desks.jobs, wish
        self._volumes: dict[str, dict[datetime, tuple[Path, Sweeps]]] = {}
        self._names: dict[str, str] = {}
        self._is_open = False
        self._choice = ""
        self._layer: Layer | None = None
        self._view: MapView | None = None
        self._planes: dict[Key, Plane] = {}
        self._asked: set[Key] = set()
        self._lost: set[Key] = set()
        self._reading_sweep = False
        self._moment = ""
        self._elevation_deg: float | None = None
        self._quantity = CR
        desks.radar.mosaic_changed.connect(lambda _: self.refresh())
        desks.sweeps.sweep_changed.connect(lambda _: self.refresh())
        desks.map.layers_changed.connect(lambda _: self._redraw())

    def hear(self, taken: RadarTaken) -> None:
        """Note a volume that was read."""
        if taken.sweeps and taken.footprint is not None:
            self._names[taken.site.code] = taken.site.name
            of_radar = self._volumes.setdefault(taken.site.code, {})
            of_radar[taken.started_at] = (taken.path, taken.sweeps)
            while len(of_radar) > KEPT_VOLUMES:
                del of_radar[min(of_radar)]

    # What can be chosen

    @property
    def choice(self) -> str:
        """What stands on the second map: ``radar:CODE`` or ``mosaic:WORD``."""
        return self._choice

    @property
    def quantity(self) -> Quantity:
        """The mosaic that is shown, or was before a radar by itself."""
        return self._quantity

    @property
    def radars(self) -> tuple[str, ...]:
        """Codes of the radars that can be shown by themselves."""
        return tuple(sorted(self._volumes))

    def called(self, code: str) -> str:
        """Return what the operator calls one of the radars."""
        return called(self._names.get(code, ""), code)

    @property
    def reading(self) -> bool:
        """Whether a file that the field needs is still being read."""
        return bool(self._asked) or self._reading_sweep

    def first_choice(self) -> str:
        """Return what tells most beside the first map: a radar beside the mosaic, the mosaic beside a radar."""
        sweep = self._desks.sweeps.shown
        if sweep is not None:
            other = next((code for code in self.radars if code != sweep.site.code), "")
            return f"radar:{other}" if other else f"mosaic:{CR.word}"
        others = [quantity for quantity in QUANTITIES if quantity != self._desks.radar.quantity]
        return f"radar:{self.radars[0]}" if self.radars else f"mosaic:{others[0].word}"

    def open(self, choice: str) -> None:
        """Begin to show something."""
        self._is_open = True
        self.choose(choice)

    def close(self) -> None:
        """Let go of everything."""
        self._is_open = False
        self._layer = None
        self._planes.clear()
        self._asked.clear()
        self._lost.clear()
        self._reading_sweep = False
        self._moment, self._elevation_deg = "", None

    def choose(self, choice: str) -> None:
        """Show something else."""
        if choice != self._choice:
            self._choice, self._layer = choice, None
            kind, _, name = choice.partition(":")
            self._quantity = Quantity.parse(name) if kind == "mosaic" else self._quantity
            self.field_changed.emit(None)
            self._redraw()
        self.refresh()

    # By key

    @property
    def _radar(self) -> str:
        """Code of the radar that is shown by itself, empty while it is a mosaic."""
        kind, _, name = self._choice.partition(":")
        return name if kind == "radar" else ""

    def step_product(self, by: int) -> None:
        """Show the next mosaic; a single radar gives way to the one that stands after the first map's."""
        kinds = [quantity.kind for quantity in QUANTITIES]
        now = self._desks.radar.quantity if self._radar else self._quantity
        self.choose(f"mosaic:{QUANTITIES[(kinds.index(now.kind) + by) % len(QUANTITIES)].word}")

    def next_radar(self) -> None:
        """Show the next radar by itself; after the last one the mosaic again."""
        codes = self.radars
        after = codes[codes.index(self._radar) + 1 :] if self._radar in codes else codes
        self.choose(f"radar:{after[0]}" if after else f"mosaic:{self._quantity.word}")

    def step_moment(self, by: int) -> None:
        """Show the next moment of the radar, from now on whatever the first map shows."""
        volume = self._volume()
        if volume is not None:
            moments = list(dict.fromkeys(moment for _, of_cut in volume[1] for moment in of_cut))
            _, moment = self._sweep_of(volume[1])
            self._moment = moments[(moments.index(moment) + by) % len(moments)]
            self.refresh()

    def higher(self, by: int) -> None:
        """Go up or down: the radar's cuts that have the moment, or the height of a CAPPI."""
        volume = self._volume()
        if volume is not None:
            number, moment = self._sweep_of(volume[1])
            able = sorted({elevation for elevation, moments in volume[1] if moment in moments})
            index = able.index(volume[1][number][0]) + by
            self._elevation_deg = able[min(max(index, 0), len(able) - 1)]
            self.refresh()
        elif not self._radar:
            self.choose(f"mosaic:{self._quantity.higher(by).word}")

    def show_view(self, view: MapView) -> None:
        """Draw for another part of the map."""
        self._view = view
        self._redraw()

    def refresh(self) -> None:
        """Show the chosen field of the time that the first map shows."""
        if not self._is_open:
            return
        kind, _, name = self._choice.partition(":")
        if kind == "radar":
            self._show_radar()
        elif kind == "mosaic":
            self._show_mosaic(Quantity.parse(name))

    # One radar

    def _volume(self) -> tuple[Path, Sweeps] | None:
        """Return the volume of the radar shown that is nearest to the time of the first map."""
        of_radar, first = self._volumes.get(self._radar, {}), self._desks.sweeps.shown
        frame = self._desks.radar.shown
        at = first.at if first is not None else frame.at if frame is not None else max(of_radar, default=None)
        if not of_radar or at is None:
            return None
        return of_radar[min(of_radar, key=lambda t: abs(t - at))]

    def _sweep_of(self, sweeps: Sweeps) -> tuple[int, str]:
        """Return which cut and moment to show: those chosen by key here, else those of the first map."""
        first = self._desks.sweeps.shown
        moment = self._moment or (first.moment if first is not None else "dBZ")
        if not any(moment in moments for _, moments in sweeps):
            moment = sweeps[0][1][0]
        wanted = first.elevation_deg if first is not None else 0.0
        if self._elevation_deg is not None:
            wanted = self._elevation_deg
        able = [i for i, (_, moments) in enumerate(sweeps) if moment in moments]
        return min(able, key=lambda i: (abs(sweeps[i][0] - wanted), i)), moment

    def _show_radar(self) -> None:
        volume = self._volume()
        if volume is None:
            return
        path, sweeps = volume
        number, moment = self._sweep_of(sweeps)
        work = partial(sweep_in, path, number, moment, self._wish.register)
        done = partial(self._on_sweep, self._choice)
        self._reading_sweep = True
        self._jobs.start("twin sweep", work, on_done=done, on_error=self._on_no_sweep, where="process")

    def _on_sweep(self, choice: str, sweep: PpiSweep) -> None:
        self._reading_sweep = False
        if self._is_open and choice == self._choice:
            colors = color_table.load(color_table.of_moment(sweep.moment)).of_levels(sweep.levels)
            self._put(PpiLayer(NAME, sweep, colors), sweep)

    def _on_no_sweep(self, error: Exception) -> None:
        self._reading_sweep = False
        self._on_failed(error)
        self.field_changed.emit(None)

    # A mosaic

    def _show_mosaic(self, quantity: Quantity) -> None:
        frame = self._desks.radar.shown
        if frame is None:
            return
        if frame.quantity == quantity:
            self._put(GridLayer.of_mosaic(frame, name=NAME), frame)
            return
        wanted = {(quantity, source.code, source.at): source for source in frame.sources}
        self._planes = {key: plane for key, plane in self._planes.items() if key in wanted}
        missing = [key for key in wanted if key not in self._planes and key not in self._lost]
        for key in missing:
            known = self._volumes.get(key[1], {}).get(key[2])
            if known is not None and key not in self._asked:
                self._asked.add(key)
                self._jobs.start(
                    f"twin field:{known[0].name}",
                    partial(field_in, known[0], replace(self._wish, quantity=quantity)),
                    on_done=partial(self._on_field, key, frame),
                    on_error=partial(self._on_no_field, key),
                    where="process",
                )
        if self._planes and not self._asked & set(missing):
            self._compose(frame)

    def _on_field(self, key: Key, frame: Mosaic, footprint: Footprint | None) -> None:
        if footprint is None:
            self._lose(key)
        if not self._is_open or footprint is None:
            return
        named = next((source.name for source in frame.sources if source.code == key[1]), footprint.source.name)
        source = Source(key[1], named, footprint.source.at, footprint.source.step)
        work = partial(
            place, replace(footprint, source=source), frame.area, self._desks.office.cache, self._jobs.spread
        )
        name = f"twin plane:{key[1]}:{key[2].isoformat()}"
        self._jobs.start(name, work, on_done=partial(self._on_plane, key), on_error=partial(self._on_no_field, key))

    def _on_plane(self, key: Key, plane: Plane) -> None:
        self._asked.discard(key)
        if self._is_open:
            self._planes[key] = plane
            self.refresh()

    def _on_no_field(self, key: Key, error: Exception) -> None:
        self._on_failed(error)
        self._lose(key)

    def _lose(self, key: Key) -> None:
        """Go on without a radar's field; it is not asked for again as long as the pane is open."""
        self._asked.discard(key)
        if self._is_open:
            self._lost.add(key)
            self.refresh()
            if not self._planes:
                self.field_changed.emit(None)

    def _compose(self, frame: Mosaic) -> None:
        max_age = timedelta(minutes=self._desks.office.settings.mosaic.max_age_min)
        work = partial(_mosaic_of, tuple(self._planes.values()), frame, max_age, self._jobs.spread)
        done = partial(self._on_mosaic, self._choice)
        self._jobs.start("twin mosaic", work, on_done=done, on_error=self._on_failed)

    def _on_mosaic(self, choice: str, mosaic: Mosaic) -> None:
        if self._is_open and choice == self._choice:
            self._put(GridLayer.of_mosaic(mosaic, name=NAME), mosaic)

    # Drawing

    def _put(self, layer: Layer, field: Mosaic | PpiSweep) -> None:
        self._layer = layer
        self.field_changed.emit(field)
        self._redraw()

    def _redraw(self) -> None:
        if self._is_open and self._view is not None:
            work = partial(draw, beside(self._desks.map.stack, self._layer), self._view)
            self._jobs.start("twin draw", work, on_done=self._on_drawn, on_error=self._on_failed)

    def _on_drawn(self, drawings: Drawings) -> None:
        if self._is_open:
            self.drawings_changed.emit(drawings)

    def _on_failed(self, error: Exception) -> None:
        _log.warning("second map: %s", error)
        self.failed.emit(error)


def value_at(field: Mosaic | PpiSweep, lon_deg: float, lat_deg: float) -> float:
    """Return a field's value at a place; NaN where nothing is seen, -inf where there is no echo."""
    if isinstance(field, PpiSweep):
        return field.value_at(lon_deg, lat_deg)[0]
    x_m, y_m = to_mercator(np.array([lon_deg]), np.array([lat_deg]))
    row, column = field.area.cells_of(x_m, y_m)
    if row[0] < 0 or column[0] < 0:
        return math.nan
    return float(field.quantity.decode(field.codes[row, column])[0])


def beside(stack: Stack, layer: Layer | None) -> Stack:
    """Return the first map's layers with another field in place of its own."""
    items = tuple(item for item in stack.items if item.layer.storey is not Storey.FIELD)
    bare = replace(stack, items=items)
    return bare if layer is None else bare.put(layer)


def _mosaic_of(planes: tuple[Plane, ...], frame: Mosaic, max_age: timedelta, spread: Spread) -> Mosaic:
    return compose(planes, frame.area, at=frame.at, max_age=max_age, rule=frame.rule, spread=spread)

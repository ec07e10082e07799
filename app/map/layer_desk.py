"""Layers that the office or the operator adds: read in worker processes, watched, kept when confirmed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import shapely
from PySide6.QtCore import QObject, QTimer, Signal

from app.jobs import Jobs
from app.map import layer_reading, layer_settings
from app.map.layer_reading import LayerAnswer, Signature
from app.office import Office
from app.registers.import_merge import source_of
from layers.area_layer import AreaLayer
from layers.crs_question import CrsQuestion
from layers.ground_fit import NOTHING_KNOWN, KnownGround, NamedPlaces
from layers.line_layer import LineLayer
from layers.map_view import MapView
from layers.own_layer import LayerWish, OwnLayer, row_of
from layers.own_layer_hits import hit_of, hits
from layers.read_raster import Field
from layers.shape import Shape, rings_of
from layers.stack import Layer, Stack, draw
from models.errors import DataError
from models.hazard.register import Place
from models.register.surroundings import Areas

_log = logging.getLogger(__name__)
LOOK_MS = 2000
READ_LIMIT_S = 60.0
_KNOWN = ("county", "town", "road")


@dataclass(frozen=True, slots=True, eq=False)
class OfficeLayer:
    """One file on the map: its wish, what it became, and whether ``office.toml`` has it."""

    wish: LayerWish
    layers: tuple[OwnLayer, ...]
    signature: Signature
    kept: bool
    is_stale: bool = False


class LayerDesk(QObject):
    """Leads the layers from files.

    Signals
    -------
    layer_put(OwnLayer)          shall lie on the map, in place of the one of its name
    layer_taken(str)             shall lie there no longer
    layers_changed(tuple[OfficeLayer, ...])   what there is
    crs_asked(CrsQuestion)       somebody has to say in which coordinates a file is
    parts_asked(str, tuple[Field, ...])   which of the layers or fields of a file shall be taken
    compared(Drawings, Drawings) both readings of the open question, for a view
    added(OfficeLayer)           the operator's file is on the map, and could be kept
    kept(str)                    a layer stands in ``office.toml`` now
    vanished(str, Exception)     a layer's file is gone; came_back(str) undoes it
    things_found(tuple[Hit, ...])   what lies at the place that was asked about
    failed(Exception)            a file could not be read
    """

    layer_put = Signal(object)
    layer_taken = Signal(str)
    layers_changed = Signal(object)
    crs_asked = Signal(object)
    parts_asked = Signal(str, object)
    compared = Signal(object, object)
    added = Signal(object)
    kept = Signal(str)
    vanished = Signal(str, object)
    came_back = Signal(str)
    things_found = Signal(object)
    failed = Signal(object)

    def __init__(self, jobs: Jobs, office: Office, *, look_ms: int = LOOK_MS) -> None:
        super().__init__()
        self._jobs, self._office = jobs, office
        self._layers: dict[str, OfficeLayer] = {}
        self._seen: dict[Path, Signature] = {}
        self._known = NOTHING_KNOWN
        self._named: Callable[[], NamedPlaces] | None = None
        self._ground: tuple[Layer, ...] = ()
        self._near_deg = (105.0, 35.0)
        self._asked: tuple[LayerWish, CrsQuestion] | None = None
        self._waiting: list[tuple[LayerWish, CrsQuestion]] = []
        self._choosing: list[tuple[LayerWish, tuple[Field, ...]]] = []
        self._reading: set[str] = set()
        self._taken = {source_of(Path(one.path)): one.part for one in office.settings.layer if one.part}
        self._ranks = {section.name: number for number, section in enumerate(office.settings.layer, 1)}
        self._timer = QTimer(self)
        self._timer.setInterval(look_ms)
        self._timer.timeout.connect(self._look)

    @property
    def layers(self) -> tuple[OfficeLayer, ...]:
        """What lies on the map from files: what ``office.toml`` names in its order, then the rest as it came."""
        return tuple(self._layers[name] for name in sorted(self._layers, key=self.rank_of))

    def rank_of(self, name: str) -> int:
        """Return the place of a layer among all from files, whichever is read first; from 1."""
        return self._ranks.get(name, len(self._ranks) + 1)

    @property
    def busy(self) -> bool:
        """Whether a file is being read."""
        return bool(self._reading)

    def open(
        self,
        places: tuple[Place, ...],
        bounds_deg: tuple[float, float, float, float],
        named: Callable[[], NamedPlaces] | None = None,
    ) -> None:
        """Read what ``office.toml`` names and begin to watch.

        ``places`` are what readings are compared with; ``named`` tells in a job where the entries of registers lie.
        """
        self._named = named
        west, south, east, north = bounds_deg
        self._near_deg = ((west + east) / 2, (south + north) / 2)
        self._jobs.start(
            "layer_ground", partial(known_ground, places), on_done=self._on_ground, on_error=self.failed.emit
        )
        for section in self._office.settings.layer:
            self._read(layer_settings.wish_of(section, self._office.folder), kept=True)
        self._timer.start()

    def close(self) -> None:
        """Stop watching."""
        self._timer.stop()

    def add(self, path: Path, crs: str | None = None, *, part: str = "") -> None:
        """Put a file on the map; asks by `crs_asked` if it is not plain where it lies."""
        wish = LayerWish(self._free_name(path.stem), path.absolute(), crs=crs or "", part=part)
        self._start_adding(wish)

    def answer(self, crs: str) -> None:
        """Read the file of the open question in the coordinates that were chosen."""
        if self._asked is not None:
            wish, self._asked = self._asked[0], None
            self._start_adding(replace(wish, crs=crs))
            self._ask_next()

    def take_parts(self, parts: tuple[str, ...]) -> None:
        """Put these layers or fields of the file of the open choice on the map, none to leave the file alone."""
        if not self._choosing:
            return
        wish, known = self._choosing.pop(0)
        titles = {field.part: field.title or field.part for field in known}
        if len(parts) == 1:
            self._taken[source_of(wish.path)] = parts[0]
        for part in parts:
            self._start_adding(replace(wish, name=self._free_name(f"{wish.path.stem[:16]} {titles[part]}"), part=part))
        if self._choosing:
            self.parts_asked.emit(self._choosing[0][0].path.name, self._choosing[0][1])

    def cancel(self) -> None:
        """Leave the file of the open question alone."""
        self._asked = None
        self._ask_next()

    def compare(self, crs: str, left: MapView) -> None:
        """Draw both readings of the open question: the first one, and that of ``crs``."""
        if self._asked is None:
            return
        question, ground = self._asked[1], self._ground

        def work() -> tuple[object, object]:
            stacks = [_stack((*ground, *question.choice(one).layers)) for one in (question.choices[0].crs, crs)]
            return draw(stacks[0], left), draw(stacks[1], left)

        self._jobs.start("layer_compare", work, on_done=lambda two: self.compared.emit(*two), on_error=self.failed.emit)

    def ask_at(self, lon_deg: float, lat_deg: float, reach_deg: float, shown: frozenset[str]) -> None:
        """Find what lies at a place, in the layers whose names are in ``shown``; told by `things_found`."""
        layers = tuple(one for held in self._layers.values() for one in held.layers if one.name in shown)
        if not layers:
            self.things_found.emit(())
            return
        work = partial(hits, layers, lon_deg, lat_deg, reach_deg)
        self._jobs.start("layer_hits", work, on_done=self.things_found.emit, on_error=self.failed.emit)

    def ask_thing(self, symbol_id: str) -> None:
        """Find the thing of a symbol on the map, none if it is of no layer from a file; told by `things_found`."""
        found = row_of(symbol_id)
        layers = (one for held in self._layers.values() for one in held.layers)
        layer = next((one for one in layers if found is not None and one.name == found[0]), None)
        if layer is None or found is None:
            self.things_found.emit(())
            return
        work = partial(hit_of, layer, found[1])
        self._jobs.start(
            "layer_hits", work, on_done=lambda hit: self.things_found.emit((hit,)), on_error=self.failed.emit
        )

    def keep(self, name: str) -> None:
        """Write a layer into ``office.toml``, so that it is there tomorrow."""
        held = self._layers.get(name)
        if held is None or held.kept:
            return

        def done(_: None) -> None:
            if name in self._layers:
                self._layers[name] = replace(self._layers[name], kept=True)
                self._tell()
            self.kept.emit(name)

        work = partial(layer_settings.keep_layer, self._office.folder, held.wish)
        self._jobs.start(f"layer_keep:{name}", work, on_done=done, on_error=self.failed.emit)

    def remove(self, name: str) -> None:
        """Take a layer off the map; what ``office.toml`` names comes back with the next start."""
        held = self._layers.pop(name, None)
        if held is not None:
            for layer in held.layers:
                self.layer_taken.emit(layer.name)
            self._tell()

    def _start_adding(self, wish: LayerWish) -> None:
        self._ranks.setdefault(wish.name, len(self._ranks) + 1)
        self._reading.add(wish.name)
        if self._named is None or wish.crs:
            self._read_or_ask(wish, {})
            return
        self._jobs.start(
            f"layer_named:{wish.name}", self._named, on_done=partial(self._read_or_ask, wish),
            on_error=partial(self._on_failed, wish.name),
        )  # fmt: skip

    def _read_or_ask(self, wish: LayerWish, named: NamedPlaces) -> None:
        work = partial(layer_reading.read_or_ask, wish, self._near_deg, replace(self._known, named=named))
        self._jobs.start(
            f"layer:{wish.name}", work, on_done=self._on_added, on_error=partial(self._on_failed, wish.name),
            where="process", limit_s=READ_LIMIT_S,
        )  # fmt: skip

    def _read(self, wish: LayerWish, *, kept: bool) -> None:
        self._reading.add(wish.name)
        self._jobs.start(
            f"layer:{wish.name}", partial(layer_reading.read_wish, wish), on_done=partial(self._on_read, kept),
            on_error=partial(self._on_unread, wish, kept), where="process", limit_s=READ_LIMIT_S,
        )  # fmt: skip

    def _on_added(self, answer: LayerAnswer) -> None:
        if answer.parts:
            self._reading.discard(answer.wish.name)
            usual = self._taken.get(source_of(answer.wish.path), "")
            parts = tuple(replace(one, is_usual=one.part == usual) for one in answer.parts)
            self._choosing.append((answer.wish, parts))
            if len(self._choosing) == 1:
                self.parts_asked.emit(answer.wish.path.name, parts)
            return
        if answer.question is not None:
            self._reading.discard(answer.wish.name)
            self._waiting.append((answer.wish, answer.question))
            if self._asked is None:
                self._ask_next()
            return
        self._on_read(False, answer)
        self.added.emit(self._layers[answer.wish.name])

    def _on_read(self, kept: bool, answer: LayerAnswer) -> None:
        name = answer.wish.name
        self._reading.discard(name)
        if answer.error is not None:
            self._on_unread(answer.wish, kept, answer.error, answer.signature)
            return
        old = self._layers.get(name)
        new = OfficeLayer(answer.wish, answer.layers, answer.signature, kept)
        for gone in {one.name for one in old.layers} - {one.name for one in new.layers} if old else ():
            self.layer_taken.emit(gone)
        self._layers[name] = new
        self._seen[answer.wish.path] = answer.signature
        for layer in answer.layers:
            self.layer_put.emit(layer)
        if old is not None and old.is_stale:
            self.came_back.emit(name)
        self._tell()

    def _on_failed(self, name: str, error: Exception) -> None:
        self._reading.discard(name)
        self.failed.emit(error)

    def _on_unread(self, wish: LayerWish, kept: bool, error: Exception, signature: Signature = ()) -> None:
        """Tell once why a layer of the office cannot be read; it is tried again when its file changes."""
        self._reading.discard(wish.name)
        old = self._layers.get(wish.name)
        self._layers[wish.name] = OfficeLayer(wish, old.layers if old else (), signature, kept, is_stale=True)
        self._show_stale(wish.name)
        self.failed.emit(error)

    def _ask_next(self) -> None:
        if self._asked is None and self._waiting:
            self._asked = self._waiting.pop(0)
            self.crs_asked.emit(self._asked[1])

    def _look(self) -> None:
        paths = {held.wish.path for held in self._layers.values()}
        if paths:
            self._jobs.start(
                "layer_look", partial(layer_reading.look, paths), on_done=self._on_looked, on_error=self.failed.emit
            )

    def _on_looked(self, found: dict[Path, Signature]) -> None:
        before, self._seen = self._seen, {**self._seen, **found}
        for name, held in tuple(self._layers.items()):
            now = found.get(held.wish.path)
            if now is None or name in self._reading or now == held.signature:
                continue
            if not now and not held.is_stale:
                self._layers[name] = replace(held, signature=(), is_stale=True)
                self._show_stale(name)
                self.vanished.emit(name, DataError("layers.vanished", name=name, file=held.wish.path))
            elif now and before.get(held.wish.path) == now:  # still for two looks: whoever wrote it is done
                self._layers[name] = replace(held, signature=now)
                self._read(held.wish, kept=held.kept)

    def _show_stale(self, name: str) -> None:
        held = self._layers[name]
        layers = tuple(layer.stale(is_stale=True) for layer in held.layers)
        self._layers[name] = replace(held, layers=layers)
        for layer in layers:
            self.layer_put.emit(layer)
        self._tell()

    def _on_ground(self, ground: tuple[KnownGround, tuple[Layer, ...]]) -> None:
        self._known, self._ground = ground

    def _free_name(self, stem: str) -> str:
        plain = stem.replace(":", "·").strip()[:36] or "layer"
        taken = self._layers.keys() | self._reading | {wish.name for wish, _ in self._waiting}
        names = (plain, *(f"{plain} {n}" for n in range(2, 1000)))
        return next(name for name in names if name not in taken)

    def _tell(self) -> None:
        self.layers_changed.emit(self.layers)


def known_ground(places: tuple[Place, ...]) -> tuple[KnownGround, tuple[Layer, ...]]:
    """Return what readings are compared with, and the layers to see it by; runs in a job."""
    listed = [place for place in places if place.kind in _KNOWN]
    if not listed:
        return NOTHING_KNOWN, ()
    by_kind = {kind: [place for place in places if place.kind == kind] for kind in (*_KNOWN, "village", "river")}
    villages, roads = ([shapely.from_wkb(one.wkb) for one in by_kind[kind]] for kind in ("village", "road"))
    known = KnownGround(
        _lines(listed),
        _lines(by_kind["river"]),
        Areas(tuple(place.name for place in by_kind["village"]), tuple(villages)),
        tuple(roads),
    )
    layers: list[Layer] = [
        LineLayer.of_places(f"asked.{kind}", by_kind[kind], kind) for kind in ("road", "river") if by_kind[kind]
    ]
    for kind, label, priority in (("village", "village", 40), ("town", "town", 80), ("county", "", 80)):
        if found := by_kind[kind]:
            layers.append(AreaLayer.of_places(f"asked.{kind}", found, kind, label_style=label, label_priority=priority))
    return known, tuple(layers)


def _lines(places: Sequence[Place]) -> Shape:
    return rings_of(shapely.from_wkb([place.wkb for place in places]), [place.code for place in places])


def _stack(layers: tuple[Layer, ...]) -> Stack:
    stack = Stack()
    for layer in layers:
        stack = stack.put(layer)
    return stack

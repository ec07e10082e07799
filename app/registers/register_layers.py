"""Every register as a layer of the map: made in a job when the registers are read, one anew when it changes."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from functools import partial
from operator import is_

from PySide6.QtCore import QCoreApplication, QObject, Signal

from app.jobs import Jobs
from app.map.map_desk import LayerFacts, MapDesk
from app.registers.register_book import Book
from layers.arrangement import LayerSetting
from layers.record_state import states_of
from layers.register_layer import RegisterLayer
from models.register.description import HAZARD_POINTS, GeometryType, RegisterDescription
from models.register.record import Record
from widgets import language
from widgets.words import OFFICE_ZONE

DRAWN_OTHERWISE = (HAZARD_POINTS, "radars")
"""Registers that have a layer with more in it: levels, and what the settings say of the radars."""


def layer_of(
    description: RegisterDescription, records: tuple[Record, ...], passed: frozenset[str] | None, today: date
) -> RegisterLayer:
    """Return the layer of a register, of those that ``passed`` its filter if there is one; for a job."""
    if passed is not None:
        records = tuple(record for record in records if record.id in passed)
    return RegisterLayer.of_records(description, records, states_of(description, records, today))


class RegisterLayers(QObject):
    """Puts the registers on the map, and only what passes a filter while there is one.

    Signals
    -------
    failed(Exception)  a register could not be drawn
    """

    failed = Signal(object)

    def __init__(self, jobs: Jobs, on_map: MapDesk) -> None:
        super().__init__()
        self._jobs, self._map = jobs, on_map
        self._drawn: dict[str, tuple[tuple[Record, ...], frozenset[str] | None]] = {}
        self._filters: dict[str, frozenset[str]] = {}
        self._book, self._today = Book(), date.min

    def show_book(self, book: Book, today: date) -> None:
        """Draw the registers whose records are others than those drawn; equal ones are the same object, see `read_book`."""
        self._book, self._today = book, today
        wanted = {
            one.name: (book.records.get(one.name, ()), self._filters.get(one.name))
            for one in book.descriptions
            if _is_drawn(one)
        }
        none = None, None
        changed = [name for name, its in wanted.items() if not all(map(is_, its, self._drawn.get(name, none)))]
        for name in set(self._drawn) - set(wanted):
            self._map.take_layer(name)
        self._drawn = wanted
        self._start(changed)
        if HAZARD_POINTS in book.origins:
            self._map.describe("points", self._facts(HAZARD_POINTS))

    def show_filter(self, register: str, ids: frozenset[str] | None) -> None:
        """Draw of a register only these records; None draws all."""
        if ids is None:
            self._filters.pop(register, None)
        else:
            self._filters[register] = ids
        self.show_book(self._book, self._today)

    def _start(self, names: list[str]) -> None:
        for name in names:
            description = self._book.description(name)
            if description is not None:
                work = partial(layer_of, description, *self._drawn[name], self._today)
                self._jobs.start(
                    f"register layer {name}",
                    work,
                    on_done=partial(self._on_layer, description),
                    on_error=self.failed.emit,
                )

    def _on_layer(self, description: RegisterDescription, layer: RegisterLayer) -> None:
        title = description.title.of(language.current())
        facts = self._facts(description.name)
        self._map.describe(
            description.name, replace(facts, title=title, group=description.group, glyph=description.glyph)
        )
        most_m = math.inf if description.below_m is None else description.below_m
        names = [one.name for one in self._book.descriptions]  # whichever is drawn first, the order is that of the list
        place = names.index(description.name) if description.name in names else len(names)
        wanted = LayerSetting(description.name, visible=description.visible, most_m=most_m)
        self._map.put_layer(layer, wanted, rank=1 + place)

    def _facts(self, register: str) -> LayerFacts:
        """Return where a register comes from, and since when it is as it is."""
        origin = self._book.origins.get(register)
        if origin is None:
            return LayerFacts()
        source = origin.file or QCoreApplication.translate("LayerPanel", "register of this office")
        return LayerFacts(source=source, day=origin.at.astimezone(OFFICE_ZONE).date())


def _is_drawn(description: RegisterDescription) -> bool:
    return description.geometry is not GeometryType.NONE and description.name not in DRAWN_OTHERWISE

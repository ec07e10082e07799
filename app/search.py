"""What Ctrl+K finds: signals, tasks and commands here; records, places, people and warnings in the store."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Signal

from app.jobs import Jobs
from models.register.description import HAZARD_POINTS, RegisterDescription, with_own
from models.store import search
from models.store.database import Store
from models.store.search import Hit
from models.warning.signals import signals
from widgets import language
from widgets.map.layer_rows import LayerEntry, title_of
from widgets.search_box import SearchEntry, grouped

MOST = 12
translate = QCoreApplication.translate


def entries_of() -> tuple[SearchEntry, ...]:
    """Return what can be found without the store: signals, tasks, commands."""
    tasks = (
        ("watch", translate("Search", "Watch"), "F1"),
        ("issue", translate("Search", "Issue"), "F2"),
        ("call", translate("Search", "Call"), "F3"),
        ("review", translate("Search", "Review"), "F4"),
    )
    acts = (
        ("section", translate("Search", "Vertical section of the radars"), "C"),
        ("twin", translate("Search", "Two maps side by side"), "Ctrl+2"),
        ("ruler", translate("Search", "Ruler, bearing, length"), "R"),
        ("area", translate("Search", "What lies in an area"), "Q"),
        ("layers", translate("Search", "What lies in the areas of loaded layers"), "Shift+Q"),
        ("web_map", translate("Search", "Web map in a window of its own"), "Ctrl+M"),
        ("registers", translate("Search", "Registers as tables"), "T"),
        ("six", translate("Search", "The six of each village"), "Ctrl+6"),
        ("plan", translate("Search", "Registers against the plan"), "Ctrl+7"),
        ("contacts", translate("Search", "Contacts that may fail"), "Ctrl+8"),
        ("sign_out", translate("Search", "Leave the duty"), ""),
    )
    commands = translate("Search", "Tasks")
    kinds = translate("Search", "Signals")
    not_yet = translate("Search", "not yet: cannot be drafted here")
    spoken = language.current()
    return (
        *(SearchEntry(f"signal:{s.id}", kinds, s.name(spoken), "" if s.ready else not_yet) for s in signals()),
        *(SearchEntry(f"act:{act}", commands, name, key=key) for act, name, key in acts),
        *(SearchEntry(f"task:{task}", commands, name, key=key) for task, name, key in tasks),
    )


def more_entries(keys: Iterable[tuple[str, str]], layers: Iterable[LayerEntry]) -> tuple[SearchEntry, ...]:
    """Return what can be found just now: every key that acts, and every layer; to choose it shows or hides it."""
    commands, group = translate("Search", "Tasks"), translate("Search", "Layers")
    shown, hidden = (
        translate("Search", "on the map: Enter hides it"),
        translate("Search", "hidden: Enter shows it"),
    )
    known = {entry.key for entry in entries_of() if entry.key}
    return (
        *(SearchEntry(f"key:{key}", commands, said, key=key) for key, said in keys if said and key not in known),
        *(SearchEntry(f"layer:{one.name}", group, title_of(one), shown if one.visible else hidden) for one in layers),
    )


def entry_of(hit: Hit, registers: dict[str, RegisterDescription]) -> SearchEntry:
    """Return a hit of the store as the box shows it; its id says where it leads."""
    note = "  ".join(part for part in (hit.note, hit.number) if part)
    if hit.group == "places":
        return SearchEntry(f"place:{hit.key}", translate("Search", "Places"), hit.name, note, glyph=_of_place(hit.key))
    if hit.group == "staff":
        return SearchEntry(f"staff:{hit.key}", translate("Search", "On duty here"), hit.name, note, glyph="person")
    if hit.group == "warnings":
        return SearchEntry(f"warning:{hit.key}", translate("Search", "Warnings"), hit.name, note)
    known = registers.get(hit.group)
    title = known.title.of(language.current()) if known is not None else hit.group
    where = f"point:{hit.key}" if hit.group == HAZARD_POINTS else f"record:{hit.group}:{hit.key}"
    kind = known.kind(hit.kind) if known is not None else None
    glyph = (kind.glyph if kind is not None else "") or (known.glyph if known is not None else "")
    return SearchEntry(where, title, hit.name, note, glyph=glyph)


def _of_place(key: str) -> str:
    return "village" if key.startswith("village:") else "place"


class SearchDesk(QObject):
    """Looks up what is typed, in a job; a newer text drops the older one's answer.

    Signals
    -------
    found(str, object)  the typed text, and the tuple of SearchEntry for it
    failed(Exception)   the store could not be asked
    """

    found = Signal(str, object)
    failed = Signal(object)

    def __init__(self, jobs: Jobs, store: Store, own_registers: Path) -> None:
        """``own_registers`` is the office's folder of register descriptions."""
        super().__init__()
        self._jobs, self._store, self._folder = jobs, store, own_registers
        self._registers: dict[str, RegisterDescription] = {}

    def open(self) -> None:
        """Read how the registers are called, and what the first search needs."""

        def work() -> tuple[RegisterDescription, ...]:
            self._store.read(search.warm)
            return with_own(self._folder)

        self._jobs.start("search registers", work, on_done=self._on_registers, on_error=self.failed.emit)

    def find(self, typed: str) -> None:
        """Look a text up."""
        spoken, registers = language.current(), tuple(self._registers.values())

        def work() -> tuple[Hit, ...]:
            return self._store.read(lambda db: search.find(db, typed, MOST, spoken, registers))

        self._jobs.start("search", work, on_done=partial(self._on_done, typed), on_error=self.failed.emit)

    def _on_registers(self, registers: tuple[RegisterDescription, ...]) -> None:
        self._registers = {one.name: one for one in registers}

    def _on_done(self, typed: str, hits: tuple[Hit, ...]) -> None:
        self.found.emit(typed, grouped([entry_of(hit, self._registers) for hit in hits]))

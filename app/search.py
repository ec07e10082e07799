"""What Ctrl+K finds: hazard points, towns, signals, tasks."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.loading import Loaded
from models.warning.signals import signals
from widgets import language, words
from widgets.search_box import SearchEntry


def entries_of(loaded: Loaded) -> tuple[SearchEntry, ...]:
    """Return everything of an office that can be searched."""
    tasks = (
        ("watch", QCoreApplication.translate("Search", "Watch"), "F1"),
        ("issue", QCoreApplication.translate("Search", "Issue"), "F2"),
        ("call", QCoreApplication.translate("Search", "Call"), "F3"),
        ("review", QCoreApplication.translate("Search", "Review"), "F4"),
    )
    points = QCoreApplication.translate("Search", "Points")
    towns = QCoreApplication.translate("Search", "Towns")
    commands = QCoreApplication.translate("Search", "Tasks")
    kinds = QCoreApplication.translate("Search", "Signals")
    not_yet = QCoreApplication.translate("Search", "not yet: cannot be drafted here")
    spoken = language.current()
    return (
        *(
            SearchEntry(f"point:{p.id}", points, p.name, f"{words.point_kind(p.kind)}  {p.town}{p.village}")
            for p in loaded.points
        ),
        *(SearchEntry(f"town:{p.code}", towns, p.name) for p in loaded.places if p.kind == "town"),
        *(SearchEntry(f"signal:{s.id}", kinds, s.name(spoken), "" if s.ready else not_yet) for s in signals()),
        SearchEntry(
            "act:section", commands, QCoreApplication.translate("Search", "Vertical section of the radars"), key="C"
        ),
        SearchEntry("act:twin", commands, QCoreApplication.translate("Search", "Two maps side by side"), key="Ctrl+2"),
        SearchEntry("act:sign_out", commands, QCoreApplication.translate("Search", "Leave the duty")),
        *(SearchEntry(f"task:{task}", commands, name, key=key) for task, name, key in tasks),
    )

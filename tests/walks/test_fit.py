"""Every text of the console fits its room and can be read: both sizes, languages and themes, all tasks."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app import startup
from app.demo.people import EXERCISE_PINS, FORECASTER, SIGNER
from app.demo.scene import OPENING_AT
from app.office import open_office
from tests.data import long_count
from tests.walks.open_console import OpenConsole, open_console
from tests.widgets.fit import faults_and_texts
from widgets import theme as look

SIZES = ((1366, 768), (1920, 1080))
LEAST_TEXTS = 40
TASKS = ("watch", "issue", "call", "review")


def all_faults(opened: OpenConsole, state: str) -> list[str]:
    """Return every fault of the window in its tasks, at both sizes and in both themes; in short, each size in one."""
    console, found = opened.console, []
    window, application = console.rooms.window, QApplication.instance()
    assert isinstance(application, QApplication)
    themes = (look.LIGHT, look.DARK) if state in {"nobody on duty", "submitted"} else (look.DARK, look.LIGHT)
    pairs = list(product(themes, SIZES)) if long_count(0, 1) else list(zip(themes, SIZES, strict=True))
    for theme, size in pairs:
        look.apply(application, theme)
        for task in TASKS:
            window.resize(*size)
            console.views.go_to(task)
            opened.settle()
            application.processEvents()  # a layout that another asked for is one turn behind
            application.processEvents()
            window.grab()
            wrong, texts = faults_and_texts(window)
            assert len(texts) > LEAST_TEXTS, "the walk sees no texts"
            found += [f"{state} {task} {size[0]} {theme.name}: {fault}" for fault in wrong]
    return found


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_text_fits_and_can_be_read(demo_folder: Path, language: str) -> None:
    with open_console(open_office(demo_folder), OPENING_AT, language=language) as opened:
        console = opened.console
        opened.settle()
        found = all_faults(opened, "nobody on duty")
        console.duty.sign_in(FORECASTER.id, EXERCISE_PINS[FORECASTER.id])
        opened.settle()
        console.views.select_point(console.alarms.standing[0].point_id)
        worst = max(console.alarms.standing, key=lambda a: a.level.rank)
        console.draft_from(worst.id)
        assert startup.wait_until(lambda: console.warnings.drafts.products is not None, timeout_s=30)
        opened.settle()
        found += all_faults(opened, "draft")
        console.warnings.submit()
        opened.settle()
        found += all_faults(opened, "submitted")
        console.warnings.sign(SIGNER.id, EXERCISE_PINS[SIGNER.id])
        opened.settle()
        console.warnings.issue()
        assert startup.wait_until(lambda: bool(console.warnings.in_force()), timeout_s=30)
        opened.settle()
        found += all_faults(opened, "issued")
    assert not found, f"{len(found)} faults:\n" + "\n".join(sorted(set(found))[:60])

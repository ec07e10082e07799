"""No text of the console is cut, faint or under another, on both screens and in both languages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from models.warning.warning import WarningState
from tests.widgets import fit
from tests.widgets.scene import Scene
from widgets.painted import Painted
from widgets.pieces import Fill, Piece, Text

SIZES = ((1366, 768), (1920, 1080))
PAGES = (
    ("watch", WarningState.DRAFT),
    ("issue", WarningState.DRAFT),
    ("issue", WarningState.SUBMITTED),
    ("issue", WarningState.SIGNED),
    ("issue", WarningState.ISSUED),
    ("call", WarningState.DRAFT),
    ("review", WarningState.DRAFT),
)


@pytest.mark.parametrize("spoken", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("look", ["light", "dark"])
def test_every_text_of_the_window_fits_and_can_be_read(
    qtbot: QtBot, put_on: Callable[[str, str], None], size: tuple[int, int], spoken: str, look: str
) -> None:
    put_on(look, spoken)
    scene = Scene(size)
    qtbot.addWidget(scene.window)
    found: list[str] = []
    seen = 0
    for task, state in PAGES:
        scene.fill(state, card=state is WarningState.ISSUED)
        scene.show(task)
        assert QTest.qWaitForWindowExposed(scene.window)
        scene.settle()
        found += fit.faults(scene.window)
        seen += len(fit.texts_of(scene.window))
        if task == "issue" and scene.window.is_narrow:
            QTest.keyClick(scene.window, Qt.Key.Key_E)
            assert scene.sign.isVisible()
            scene.settle()
            found += fit.faults(scene.window)
    assert found == []
    assert seen > 300


class _Painting(Painted):
    def __init__(self, laid: list[Piece]) -> None:
        super().__init__(height_px=40)
        self._laid = laid

    def pieces(self) -> list[Piece]:
        return self._laid


def _walked(qtbot: QtBot, *children: QWidget) -> list[str]:
    window = QWidget()
    window.resize(300, 100)
    for child in children:
        child.setParent(window)
        child.move(0, 0)
    qtbot.addWidget(window)
    window.show()
    assert QTest.qWaitForWindowExposed(window)
    return fit.faults(window)


def test_the_walker_finds_a_text_wider_than_its_room(qtbot: QtBot) -> None:
    painted = _Painting([Text(QRectF(0, 0, 30, 20), "far too long for this")])
    assert any("needs" in fault for fault in _walked(qtbot, painted))


def test_the_walker_lets_an_elided_text_pass_only_with_its_tooltip(qtbot: QtBot) -> None:
    cut = QRectF(0, 0, 40, 20)
    with_tip = _Painting([Text(cut, "far too long for this", elide=True, tip="far too long for this")])
    without = _Painting([Text(cut, "far too long for this", elide=True)])
    assert _walked(qtbot, with_tip) == []
    assert _walked(qtbot, without) != []


def test_the_walker_finds_faint_text(qtbot: QtBot) -> None:
    painted = _Painting([Fill(QRectF(0, 0, 100, 30), "line"), Text(QRectF(0, 5, 90, 20), "faint", tone="edge")])
    assert any("contrast" in fault for fault in _walked(qtbot, painted))


def test_the_walker_finds_texts_on_each_other(qtbot: QtBot) -> None:
    painted = _Painting([Text(QRectF(0, 5, 90, 20), "one"), Text(QRectF(4, 7, 90, 20), "two")])
    assert any("lies on" in fault for fault in _walked(qtbot, painted))


def test_the_walker_finds_a_text_that_another_widget_half_covers(qtbot: QtBot) -> None:
    painted = _Painting([Text(QRectF(0, 5, 120, 20), "half of this is covered")])
    painted.resize(300, 40)
    cover = QWidget()
    cover.resize(40, 40)
    assert any("partly covered" in fault for fault in _walked(qtbot, painted, cover))


def test_the_walker_measures_labels_and_buttons(qtbot: QtBot) -> None:
    label, button = QLabel("far too long for this"), QPushButton("far too long for this as well")
    label.resize(40, 20)
    button.resize(40, 20)
    found = _walked(qtbot, label, button)
    assert any(f.startswith("QLabel") and "needs" in f for f in found)
    assert any(f.startswith("QPushButton") and "needs" in f for f in found)

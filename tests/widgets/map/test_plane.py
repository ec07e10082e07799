"""Planes are drawn in turns: the window lives on, and nothing half-drawn is ever seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from layers.drawing import Drawings, Group, Labels, Lines, Symbols
from layers.map_view import MapView
from layers.point_layer import POINT_SPRITES
from tests.widgets.map.drawn import GROUND, RED, VIEW, corners, line, points, rgb
from widgets import theme as look
from widgets.map import line_painter
from widgets.map import plane as plane_module
from widgets.map.canvas import MapCanvas
from widgets.map.frame import Frame
from widgets.map.ink import LineInk, ink_of
from widgets.map.plane import Plane

INK = ink_of(look.LIGHT)
NOW = 0.0  # a clock that is always up: one step a call


def crowd(count: int, *, side_m: float = 30_000.0) -> tuple[Lines, Symbols, Labels]:
    """Return lines, signs and names of as many places."""
    rng = np.random.default_rng(9)
    x, y = rng.uniform(-side_m / 2, side_m / 2, (2, count))
    state = np.sort(rng.integers(0, 2, count)).astype(np.uint8)
    ids = tuple(f"P{i}" for i in range(count))
    texts = tuple(f"石坑沟{i}" for i in range(count))
    walk = np.cumsum(rng.normal(0, 200, (count, 2)), axis=0) % side_m - side_m / 2
    starts = np.append(np.arange(0, count, 50), count).astype(np.int64)
    return (
        Lines("walk", walk, starts, ids[: len(starts) - 1], "town"),
        Symbols("points", x, y, state, POINT_SPRITES, ids),
        Labels("names", x, y, texts, rng.integers(0, 9, count), "point", dx_px=14),
    )


def steps(plane: Plane) -> int:
    """Return in how many steps what was begun comes to its end."""
    count = 1
    while not plane.advance(NOW):
        count += 1
    return count


def test_a_picture_is_exchanged_whole_when_its_last_step_is_done() -> None:
    plane = Plane([], opaque=False)
    plane.show_items((points((0, 0, 5)),))
    plane.begin(VIEW, 1.0, INK)
    assert not plane.advance(NOW)
    assert plane.at_work
    assert plane.is_empty
    assert not plane.fits(VIEW, 1.0)
    steps(plane)
    assert plane.fits(VIEW, 1.0)
    assert plane.redraws == 1


def test_many_places_are_drawn_in_many_short_steps(qapp: QApplication) -> None:
    del qapp
    plane = Plane([], opaque=False)
    plane.show_items(crowd(20_000))
    plane.begin(VIEW, 1.0, INK)
    assert steps(plane) > 30


def test_what_is_changed_meanwhile_is_begun_anew_and_its_picture_is_used_again() -> None:
    spares: list[QPixmap] = []
    plane = Plane(spares, opaque=True)
    plane.show_items(crowd(500))
    plane.begin(VIEW, 1.0, INK)
    plane.advance(NOW)
    plane.show_items((points((0, 0, 5)),))
    assert not plane.at_work
    assert len(spares) == 1
    plane.redraw(VIEW, 1.0, INK)
    assert not spares
    assert plane.redraws == 1
    plane.stale = True
    plane.redraw(VIEW, 1.0, INK)
    assert len(spares) == 1


def test_borders_are_not_drawn_again_when_only_signs_change(canvas: MapCanvas, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    real = line_painter.paint_lines

    def counted(painter: QPainter, lines: Lines, ink: LineInk, frame: Frame) -> Iterator[None]:
        drawn.append(lines.name)
        yield from real(painter, lines, ink, frame)

    monkeypatch.setattr(plane_module, "paint_lines", counted)
    border = line("selected", (-8000, 0), (8000, 0))
    canvas.show_view(VIEW)
    canvas.show_drawings(Drawings((border, points((0, 0, 0)))))
    canvas.grab()
    canvas.show_drawings(Drawings((border, points((0, 0, 5)))))
    image = canvas.grab().toImage()
    assert drawn == ["selected"]
    assert rgb(image, 200, 150) == (0xD7, 0x19, 0x1C)
    assert rgb(image, 150, 149) == (0x1C, 0x1C, 0x1A)
    other = line("selected", (-8000, 3000), (8000, 3000))
    canvas.show_drawings(Drawings((other, points((0, 0, 5)))))
    assert rgb(canvas.grab().toImage(), 150, 149) == GROUND
    canvas.show_view(replace(VIEW, meters_per_pixel=50.0))
    assert rgb(canvas.grab().toImage(), 150, 89) == (0x1C, 0x1C, 0x1A)
    assert len(drawn) == 3


def test_what_was_begun_for_another_scale_does_not_serve() -> None:
    plane = Plane([], opaque=True)
    plane.show_items(crowd(500))
    plane.begin(VIEW, 1.0, INK)
    plane.advance(NOW)
    assert plane.works_for(VIEW, 1.0)
    assert not plane.works_for(MapView(0.0, 0.0, 50.0, 400, 300), 1.0)
    assert not plane.works_for(VIEW, 1.5)
    plane.redraw(MapView(0.0, 0.0, 50.0, 400, 300), 1.0, INK)
    assert plane.fits(MapView(0.0, 0.0, 50.0, 400, 300), 1.0)


def test_new_drawings_show_the_former_picture_until_they_are_drawn(canvas: MapCanvas, qtbot: QtBot) -> None:
    canvas.show_drawings(Drawings((line("selected", (-8000, 0), (8000, 0)),)))
    canvas.show_view(VIEW)
    assert rgb(canvas.grab().toImage(), 200, 149) != GROUND
    redraws = [plane.redraws for plane in canvas.planes()]
    canvas.show_drawings(Drawings((*crowd(3000), points((0, 0, 5)))))
    canvas.repaint()
    assert [plane.redraws for plane in canvas.planes()] == redraws
    assert not canvas.is_sharp
    qtbot.waitUntil(lambda: canvas.is_sharp)
    assert rgb(canvas.grab().toImage(), 200, 150) == (0xD7, 0x19, 0x1C)


def test_no_turn_of_the_event_loop_is_long(canvas: MapCanvas) -> None:
    canvas.show_view(VIEW)
    canvas.grab()
    canvas.show_drawings(Drawings(crowd(20_000)))
    turns = 0
    while not canvas.is_sharp:
        QApplication.processEvents()
        turns += 1
        assert turns < 20_000
    assert turns > 4  # about 5 ms each; in one go it would take 150 ms


def test_a_radar_frame_comes_to_the_screen_while_a_plane_is_being_drawn(canvas: MapCanvas) -> None:
    canvas.show_view(VIEW)
    canvas.grab()
    many = crowd(20_000)
    canvas.show_drawings(Drawings((corners(), *many)))
    canvas.repaint()
    field = corners()
    canvas.show_drawings(
        Drawings((type(field)("field", field.area, np.roll(field.codes, 1, axis=1), field.colors), *many))
    )
    canvas.repaint()
    assert not canvas.is_sharp
    image = super(MapCanvas, canvas).grab().toImage()
    assert rgb(image, 180, 110) == RED[:3]


def test_a_click_on_a_cluster_goes_to_its_members(canvas: MapCanvas, qtbot: QtBot) -> None:
    group = Group(("A", "B", "C"), (-4000.0, -3000.0, 4000.0, 3000.0))
    signs = Symbols(
        "sites",
        np.array([0.0, 12_000.0]),
        np.array([0.0, 0.0]),
        np.array([0, 1]),
        ("cluster/3", "point.none/site"),
        ("cluster:sites:A", "sites/D"),
        groups={"cluster:sites:A": group},
    )
    canvas.show_drawings(Drawings((signs,)))
    canvas.show_view(VIEW)
    canvas.grab()
    with qtbot.assertNotEmitted(canvas.point_clicked), qtbot.waitSignal(canvas.cluster_clicked) as caught:
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(203, 148))
    assert caught.args == [group.ids]
    view = canvas.view()
    west, south, east, north = group.bounds_m
    x, y = view.to_pixels(np.array([west, east]), np.array([south, north]))
    assert 0 < x[0] < x[1] < 400
    assert 0 < y[1] < y[0] < 300
    assert view.meters_per_pixel <= VIEW.meters_per_pixel / 2
    with qtbot.waitSignal(canvas.view_changed, timeout=2000):
        pass


def test_a_cluster_is_hit_like_any_other_symbol(canvas: MapCanvas) -> None:
    signs = Symbols("sites", np.zeros(1), np.zeros(1), np.array([0]), ("cluster/12345",), ("cluster:sites:A",))
    canvas.show_drawings(Drawings((signs,)))
    canvas.show_view(VIEW)
    assert canvas.symbol_at(205, 150) == "cluster:sites:A"

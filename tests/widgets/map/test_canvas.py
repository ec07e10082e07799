"""The canvas as colors at pixels."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from layers.drawing import Drawings, Raster
from layers.map_view import MapView
from models.grid import GridArea
from models.hazard.level import Level
from tests.widgets.map.drawn import (
    BLUE,
    GREEN,
    GROUND,
    RED,
    VIEW,
    colors,
    corners,
    line,
    names,
    picture,
    points,
    rgb,
    square,
)
from widgets import theme as look
from widgets.map.canvas import MapCanvas
from widgets.map.ink import ink_of


@pytest.mark.parametrize("smooth", [False, True])
def test_north_is_up_and_east_is_right(canvas: MapCanvas, smooth: bool) -> None:
    image = picture(canvas, corners(smooth=smooth))
    blend = 8 if smooth else 0
    assert rgb(image, 140, 110) == pytest.approx(RED[:3], abs=blend)  # north-west
    assert rgb(image, 260, 110) == pytest.approx(GREEN[:3], abs=blend)  # north-east
    assert rgb(image, 140, 190) == pytest.approx(BLUE[:3], abs=blend)  # south-west
    assert rgb(image, 260, 190) == GROUND  # south-east: nothing


def test_a_field_keeps_its_cells_to_the_pixel(canvas: MapCanvas) -> None:
    image = picture(canvas, corners())
    assert (rgb(image, 119, 100), rgb(image, 120, 100)) == (GROUND, RED[:3])
    assert (rgb(image, 159, 100), rgb(image, 160, 100)) == (RED[:3], GROUND)
    assert (rgb(image, 130, 89), rgb(image, 130, 90)) == (GROUND, RED[:3])
    assert (rgb(image, 130, 129), rgb(image, 130, 130)) == (RED[:3], GROUND)


def test_a_field_keeps_its_place_when_only_a_part_of_it_is_seen(canvas: MapCanvas) -> None:
    near = MapView(-6000.0, 4000.0, 10.0, 400, 300)
    image = picture(canvas, corners(), view=near)
    assert rgb(image, 200, 150) == RED[:3]
    assert rgb(image, 399, 150) == RED[:3]
    moved = picture(canvas, corners(), view=MapView(-4000.0, 4000.0, 10.0, 400, 300))
    assert (rgb(moved, 199, 150), rgb(moved, 200, 150)) == (RED[:3], GROUND)


@pytest.mark.parametrize("meters_per_pixel", [2.0, 10.0, 25.0, 140.0])
def test_cells_do_not_drift_across_a_wide_screen(qtbot: QtBot, meters_per_pixel: float) -> None:
    canvas = MapCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(1900, 120)
    checks = np.indices((40, 400)).sum(axis=0).astype(np.uint8) % 2 + 1
    cell_m = 1000.0
    field = Raster("field", GridArea(-200_000.0, 20_000.0, cell_m, 40, 400), checks, colors((0, 0, 0, 0), RED, BLUE))
    image = picture(canvas, field, view=MapView(30.0, 10.0, meters_per_pixel, 1900, 120))
    row = 20 - math.ceil(((60 - 0.5) * meters_per_pixel + 10.0) / cell_m)
    for x in (*range(60), *range(1840, 1900)):
        east_m = 30.0 + (x + 0.5 - 950) * meters_per_pixel
        column = math.floor((east_m + 200_000.0) / cell_m)
        if abs(east_m / cell_m - round(east_m / cell_m)) * cell_m / meters_per_pixel > 0.6:
            assert rgb(image, x, 0) == (RED, BLUE)[checks[row, column] - 1][:3], x


@pytest.mark.parametrize("opacity", [0.3, 0.8])
def test_large_cells_have_the_color_of_small_ones(canvas: MapCanvas, opacity: float) -> None:
    small = rgb(picture(canvas, corners(opacity=opacity)), 140, 110)
    large = rgb(picture(canvas, corners(opacity=opacity), view=MapView(-6000.0, 4000.0, 5.0, 400, 300)), 200, 150)
    assert large == pytest.approx(small, abs=1)


def test_half_opacity_is_half_the_color(canvas: MapCanvas) -> None:
    red, green, _ = rgb(picture(canvas, corners(opacity=0.5)), 140, 110)
    assert red == pytest.approx((255 + GROUND[0]) / 2, abs=2)
    assert green == pytest.approx(GROUND[1] / 2, abs=2)


def test_lines_lie_over_the_field_and_points_over_lines(canvas: MapCanvas) -> None:
    image = picture(
        canvas, corners(), line("selected", (-8000, 4000), (8000, 4000)), points((-6000, 4000, 5), (6000, 4000, 0))
    )
    assert rgb(image, 150, 109) == (0x1C, 0x1C, 0x1A)  # the line over red cells
    assert rgb(image, 140, 110) == (0xD7, 0x19, 0x1C)  # the red mark over the line
    assert rgb(image, 260, 110) == (255, 255, 255)  # inside the hollow ring


def test_no_sign_of_another_layer_covers_an_alarm_nor_takes_its_click(canvas: MapCanvas) -> None:
    above = points((0, 0, 0))
    image = picture(canvas, points((0, 0, 5)), replace(above, name="above", ids=("Q0",)))
    assert rgb(image, 200, 150) == (0xD7, 0x19, 0x1C)
    assert canvas.symbol_at(200, 150) == "P0"
    assert canvas.symbol_at(204, 150) == "P0"


def test_a_level_mark_stands_on_a_ring_of_panel_color_with_an_edge(canvas: MapCanvas) -> None:
    image = picture(canvas, corners(), points((-6000, 4000, 5)))
    row = [rgb(image, x, 110) for x in range(124, 141)]
    assert row[0] == RED[:3]
    assert (255, 255, 255) in row[1:8]
    assert row[-1] == (0xD7, 0x19, 0x1C)
    edge = min(row[4:14], key=sum)
    assert sum(edge) < 200  # the 1 px edge in text color


def test_each_state_has_its_own_look(canvas: MapCanvas) -> None:
    seen = set()
    for sprite in range(6):
        image = picture(canvas, points((0, 0, sprite))).copy(186, 136, 28, 28)
        seen.add(bytes(image.convertToFormat(QImage.Format.Format_RGB32).constBits()))
    assert len(seen) == 6


def test_a_warning_is_an_outline_wider_with_its_level_and_never_a_fill(canvas: MapCanvas) -> None:
    widths = []
    for level in (Level.BLUE, Level.YELLOW, Level.ORANGE, Level.RED):
        image = picture(canvas, line(f"warning.{level.value}", (-5000, 0), (5000, 0), (5000, -5000)))
        fill = look.LIGHT.level_fill(level)
        column = [rgb(image, 200, y) for y in range(130, 170)]
        widths.append(
            sum(abs(r - fill.red()) + abs(g - fill.green()) + abs(b - fill.blue()) < 60 for r, g, b in column)
        )
        assert rgb(image, 220, 170) == GROUND
    assert widths == sorted(widths)
    assert widths[-1] > widths[0]


def test_the_veil_dims_all_but_its_hole(canvas: MapCanvas) -> None:
    h, far = 5000.0, 1e6
    ring = [(-h, -h), (h, -h), (h, h), (-h, h), (-h, -h)]
    world = [(x * far / h, y * far / h) for x, y in ring]
    veil = square(h, "outside")
    both = type(veil)("veil", np.array(world + ring), np.array([0, 5, 10]), ("o", "o"), "outside")
    image = picture(canvas, both)
    assert rgb(image, 200, 150) == GROUND
    assert rgb(image, 20, 20) != GROUND


def test_an_area_without_ink_paints_nothing_until_it_is_selected(canvas: MapCanvas) -> None:
    canvas.show_selected_area("A")
    assert rgb(picture(canvas, square(5000, "")), 150, 150) == (0x1C, 0x1C, 0x1A)
    canvas.show_selected_area("")
    assert rgb(picture(canvas, square(5000, "")), 150, 150) == GROUND


def test_the_selected_point_has_four_corners(canvas: MapCanvas) -> None:
    canvas.show_selected_point("P0")
    image = picture(canvas, points((0, 0, 0)))
    for x, y in ((185, 135), (215, 135), (185, 165), (215, 165)):
        assert sum(rgb(image, x, y)) < 150
    assert rgb(image, 200, 135) == GROUND
    canvas.show_selected_point("")
    assert rgb(picture(canvas, points((0, 0, 0))), 185, 135) == GROUND


def test_names_do_not_overlap_and_the_more_important_one_stays(canvas: MapCanvas) -> None:
    picture(canvas, names((0, 0, "石坑镇", 1), (1000, 200, "云台镇", 9), (9000, 200, "马蹄镇", 1)))
    plan = canvas.planes()[1].label_plan()
    assert plan is not None
    assert plan.texts == ("云台镇", "马蹄镇")


def test_names_stay_off_level_marks_and_change_sides_for_it(canvas: MapCanvas) -> None:
    picture(canvas, points((0, 0, 5), (3000, 0, 5)), names((0, 0, "石坑沟", 5), dx_px=12))
    plan = canvas.planes()[1].label_plan()
    assert plan is not None
    assert plan.texts == ("石坑沟",)
    assert plan.dx_px[0] < -12


def test_a_name_is_readable_on_its_halo(canvas: MapCanvas) -> None:
    image = picture(canvas, corners(), names((-6000, 4000, "石", 1)))
    box = [rgb(image, x, y) for x in range(132, 149) for y in range(102, 119)]
    halo = ink_of(look.LIGHT).label("point").halo
    assert any(sum(color) < 220 for color in box)
    assert sum(color == (halo.red(), halo.green(), halo.blue()) for color in box) > 10


def test_nothing_is_drawn_when_nothing_has_changed(canvas: MapCanvas, qtbot: QtBot) -> None:
    drawings = Drawings((corners(), points((0, 0, 0))))
    canvas.show_drawings(drawings)
    canvas.show_view(VIEW)
    with qtbot.waitSignal(canvas.view_changed, timeout=2000):
        canvas.resize(401, 300)
    qtbot.waitUntil(lambda: canvas.is_sharp)
    QApplication.processEvents()
    paints, redraws = canvas.paints, [plane.redraws for plane in canvas.planes()]
    canvas.show_drawings(Drawings(drawings.items))
    canvas.show_view(canvas.view())
    canvas.show_selected_point("")
    canvas.show_selected_area("")
    QApplication.processEvents()
    assert canvas.paints == paints
    canvas.repaint()
    assert [plane.redraws for plane in canvas.planes()] == redraws


def test_a_new_radar_frame_draws_no_plane_anew(canvas: MapCanvas) -> None:
    towns = line("town", (-5000, 0), (5000, 0))
    picture(canvas, corners(), towns)
    redraws = [plane.redraws for plane in canvas.planes()]
    other = corners()
    image = picture(canvas, type(other)("field", other.area, np.roll(other.codes, 1, axis=1), other.colors), towns)
    assert rgb(image, 180, 110) == RED[:3]
    assert [plane.redraws for plane in canvas.planes()] == redraws


def test_both_themes_have_their_own_ground_and_colors(canvas: MapCanvas) -> None:
    field = corners()
    table = colors((0, 0, 0, 0), RED, dark=((0, 0, 0, 0), BLUE))
    field = type(field)("field", field.area, field.codes, table)
    assert rgb(picture(canvas, field), 140, 110) == RED[:3]
    canvas.show_theme(look.DARK)
    image = canvas.grab().toImage()
    assert rgb(image, 140, 110) == BLUE[:3]
    assert sum(rgb(image, 300, 200)) < 120


def test_the_application_s_theme_is_taken_without_being_told(canvas: MapCanvas, qapp: QApplication) -> None:
    picture(canvas, corners())
    look.apply(qapp, look.DARK)
    assert sum(rgb(canvas.grab().toImage(), 300, 200)) < 120


class DenseCanvas(MapCanvas):
    """A canvas on a screen of 150 %."""

    def devicePixelRatioF(self) -> float:  # noqa: N802 - Qt calls it so
        return 1.5


def test_at_150_percent_everything_lies_where_it_belongs(qtbot: QtBot) -> None:
    canvas = DenseCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(400, 300)
    canvas.show_drawings(Drawings((corners(), line("link", (-20000, 10000), (20000, 10000)), points((6000, -4000, 5)))))
    canvas.show_view(VIEW)
    image = QImage(600, 450, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(1.5)
    canvas.render(image)
    assert (rgb(image, 119, 110), rgb(image, 121, 110)) == (GROUND, RED[:3])
    assert rgb(image, 260, 110) == GREEN[:3]
    assert rgb(image, 260, 190) == (0xD7, 0x19, 0x1C)
    dark = [y for y in range(60, 90) if QImage.pixelColor(image, 450, y).lightness() < 200]
    assert len(dark) in (1, 2)  # a hairline is one device pixel, spread over two at most
    assert all(abs((y + 0.5) / 1.5 - 50) <= 1 for y in dark)
    frame = canvas.planes()[1].label_plan()
    assert frame is not None

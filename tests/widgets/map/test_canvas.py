"""The canvas as colors at pixels, and what the hand does on it."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QImage, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from layers.drawing import Drawing, Drawings
from layers.map_view import MapView
from models.geodesy import to_lonlat, to_mercator
from models.hazard.level import Level
from tests.widgets.map.drawn import (
    BLUE,
    GREEN,
    RED,
    VIEW,
    colors,
    corners,
    ink_box,
    line,
    names,
    points,
    rgb,
    square,
)
from widgets import theme as look
from widgets.map.canvas import MapCanvas
from widgets.map.ink import ink_of

GROUND = (ink_of(look.LIGHT).ground.red(), ink_of(look.LIGHT).ground.green(), ink_of(look.LIGHT).ground.blue())


def picture(canvas: MapCanvas, *items: Drawing, view: MapView = VIEW) -> QImage:
    canvas.show_drawings(Drawings(items))
    canvas.show_view(view)
    return canvas.grab().toImage()


def wheel(canvas: MapCanvas, spot: QPointF, delta: int) -> None:
    event = QWheelEvent(
        spot, canvas.mapToGlobal(spot), QPoint(), QPoint(0, delta), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(canvas, event)


def drag(canvas: MapCanvas, start: QPoint, end: QPoint) -> None:
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
    for spot in (start + QPoint(8, 0), end):
        move = QMouseEvent(
            QEvent.Type.MouseMove, QPointF(spot), QPointF(canvas.mapToGlobal(spot)), Qt.MouseButton.NoButton,
            Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
        )  # fmt: skip
        QApplication.sendEvent(canvas, move)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=end)


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
    for x, y in ((183, 133), (217, 133), (183, 167), (217, 167)):
        assert sum(rgb(image, x, y)) < 150
    assert rgb(image, 200, 133) == GROUND
    canvas.show_selected_point("")
    assert rgb(picture(canvas, points((0, 0, 0))), 183, 133) == GROUND


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
    qtbot.waitUntil(lambda: all(plane.redraws for plane in canvas.planes()))
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


def test_dragging_keeps_the_place_under_the_cursor(canvas: MapCanvas, qtbot: QtBot) -> None:
    picture(canvas, corners(), points((-6000, 4000, 5)))
    before = canvas.view().to_map(140, 110)
    with qtbot.waitSignal(canvas.view_changing):
        drag(canvas, QPoint(140, 110), QPoint(203, 91))
    assert canvas.view().to_map(203, 91) == pytest.approx(before)
    moving = canvas.grab().toImage()
    assert rgb(moving, 203, 91) == (0xD7, 0x19, 0x1C)
    assert rgb(moving, 218, 91) == RED[:3]
    with qtbot.waitSignal(canvas.view_changed, timeout=2000) as caught:
        pass
    assert caught.args == [canvas.view()]
    assert rgb(canvas.grab().toImage(), 203, 91) == (0xD7, 0x19, 0x1C)


def test_a_drag_clicks_nothing(canvas: MapCanvas, qtbot: QtBot) -> None:
    picture(canvas, points((0, 0, 5)))
    with qtbot.assertNotEmitted(canvas.point_clicked), qtbot.assertNotEmitted(canvas.place_clicked):
        drag(canvas, QPoint(200, 150), QPoint(240, 150))


@pytest.mark.parametrize("delta", [120, -120, 360])
def test_the_wheel_zooms_about_the_cursor(canvas: MapCanvas, delta: int) -> None:
    picture(canvas, corners())
    before = canvas.view().to_map(313, 77)
    wheel(canvas, QPointF(313, 77), delta)
    assert canvas.view().to_map(313, 77) == pytest.approx(before)
    assert canvas.view().meters_per_pixel == pytest.approx(100 / 2 ** (delta / 240))


def test_while_zooming_the_old_picture_is_scaled_and_then_drawn_sharp(canvas: MapCanvas, qtbot: QtBot) -> None:
    picture(canvas, points((0, 0, 5)))
    redraws = canvas.planes()[1].redraws
    wheel(canvas, QPointF(200, 150), 480)
    scaled = canvas.grab().toImage()
    assert canvas.planes()[1].redraws == redraws
    qtbot.waitUntil(lambda: canvas.planes()[1].redraws > redraws, timeout=2000)
    sharp = canvas.grab().toImage()
    big, small = ink_box(scaled, GROUND), ink_box(sharp, GROUND)
    assert big is not None
    assert small is not None
    assert big[2] - big[0] > 2 * (small[2] - small[0])


def test_plus_and_minus_zoom_about_the_middle(canvas: MapCanvas) -> None:
    picture(canvas, corners())
    QTest.keyClick(canvas, Qt.Key.Key_Plus)
    assert canvas.view().meters_per_pixel == pytest.approx(100 / 2**0.5)
    assert canvas.view().to_map(200, 150) == pytest.approx((0, 0), abs=1e-6)
    QTest.keyClick(canvas, Qt.Key.Key_Minus)
    QTest.keyClick(canvas, Qt.Key.Key_Minus)
    assert canvas.view().meters_per_pixel == pytest.approx(100 * 2**0.5)


def test_a_double_click_zooms_in(canvas: MapCanvas) -> None:
    picture(canvas, corners())
    before = canvas.view().to_map(80, 60)
    QTest.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(80, 60))
    assert canvas.view().meters_per_pixel == pytest.approx(50)
    assert canvas.view().to_map(80, 60) == pytest.approx(before)


def test_a_click_gives_the_id_of_the_nearest_point(canvas: MapCanvas, qtbot: QtBot) -> None:
    picture(canvas, points((0, 0, 0), (1500, 0, 5), (9000, 0, 1)))
    with qtbot.waitSignal(canvas.point_clicked) as caught:
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(213, 152))
    assert caught.args == ["P1"]
    with qtbot.waitSignal(canvas.point_clicked) as caught:
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(203, 150))
    assert caught.args == ["P0"]


def test_of_points_on_one_spot_the_one_painted_last_is_hit(canvas: MapCanvas) -> None:
    picture(canvas, points((0, 0, 0), (0, 0, 5)))
    assert canvas.symbol_at(200, 150) == "P1"
    assert canvas.symbol_at(230, 150) == ""


def test_a_click_beside_all_points_gives_the_place(canvas: MapCanvas, qtbot: QtBot) -> None:
    picture(canvas, points((0, 0, 0)))
    with qtbot.waitSignal(canvas.place_clicked) as caught:
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(300, 50))
    lon, lat = to_lonlat(np.array([10_000.0]), np.array([10_000.0]))
    assert caught.args == pytest.approx([lon[0], lat[0]], abs=1e-3)


def test_the_cursor_is_followed_in_degrees(canvas: MapCanvas, qtbot: QtBot) -> None:
    picture(canvas, corners())
    with qtbot.waitSignal(canvas.cursor_moved) as caught:
        QTest.mouseMove(canvas, QPoint(100, 50))
    lon, lat = to_lonlat(np.array([-10_000.0]), np.array([10_000.0]))
    assert caught.args == pytest.approx([lon[0], lat[0]], abs=1e-6)
    with qtbot.waitSignal(canvas.cursor_left):
        QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))


def test_a_narrower_canvas_moves_nothing(canvas: MapCanvas) -> None:
    picture(canvas, corners())
    corner = canvas.view().to_map(0, 0)
    canvas.resize(250, 300)
    assert canvas.view().to_map(0, 0) == pytest.approx(corner)
    assert canvas.view().width == 250
    assert rgb(canvas.grab().toImage(), 140, 110) == RED[:3]


def test_an_extent_fits_with_a_margin(canvas: MapCanvas) -> None:
    canvas.show_extent(107.0, 29.0, 107.4, 29.1)
    view = canvas.view()
    west, _ = view.to_map(24, 0)
    lon, _ = to_lonlat(np.array([west]), np.array([0.0]))
    assert lon[0] == pytest.approx(107.0)


def test_an_extent_is_fitted_into_the_room_that_docks_leave(canvas: MapCanvas) -> None:
    canvas.show_room(QRect(100, 0, 200, 300))
    canvas.show_extent(107.0, 29.0, 107.4, 29.1, margin_px=10)
    x, y = to_mercator(np.array([107.0, 107.4]), np.array([29.0, 29.1]))
    left, top = canvas.view().to_pixels(x, y)
    assert left == pytest.approx([110, 290])
    assert float(top.mean()) == pytest.approx(150)
    middle = canvas.view().to_map(200, 150)
    canvas.zoom(2.0)
    assert canvas.view().to_map(200, 150) == pytest.approx(middle)


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


def test_edges_that_a_long_drag_lays_bare_are_filled_while_the_hand_still_moves(
    canvas: MapCanvas, qtbot: QtBot
) -> None:
    picture(canvas, line("selected", (-90000, 0), (90000, 0)))
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(10, 50))
    redraws = canvas.planes()[1].redraws
    for x in range(20, 400, 20):  # further than the margin of 25 %
        move = QMouseEvent(
            QEvent.Type.MouseMove, QPointF(x, 50), QPointF(canvas.mapToGlobal(QPoint(x, 50))), Qt.MouseButton.NoButton,
            Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
        )  # fmt: skip
        QApplication.sendEvent(canvas, move)
    bare = canvas.grab().toImage()
    assert rgb(bare, 5, 150) == GROUND
    qtbot.waitUntil(lambda: canvas.planes()[1].redraws > redraws, timeout=2000)
    assert rgb(canvas.grab().toImage(), 5, 150) == (0x1C, 0x1C, 0x1A)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(380, 50))

"""The two readings side by side: one hand moves both, and what is chosen is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from layers.crs_question import CrsChoice, CrsQuestion, Reason
from layers.ground_fit import Fit
from layers.line_layer import LineLayer
from layers.map_view import MapView
from layers.shape import rings_of
from layers.stack import Stack, Storey, draw
from models import datum
from models.geodesy import to_mercator
from widgets.map.crs_preview import Caption, CrsPreview, Figures, crs_word
from widgets.pieces import Text

FOCUS = (106.7, 28.9)


def choice(crs: str, moved_m: tuple[float, float]) -> CrsChoice:
    shifted = crs if crs in list(datum.Datum) else "wgs84"
    lon, lat = datum.to_wgs84(np.array([106.69, 106.71]), np.array([28.9, 28.9]), shifted)
    line = rings_of([shapely.linestrings(np.column_stack([lon, lat]))], ["0"])
    return CrsChoice(
        crs, (LineLayer("asked", "selected", line, storey=Storey.OVERLAY),), (106.6, 28.8, 106.8, 29.0), moved_m
    )


def question(*crs: str, reason: Reason = Reason.SUSPECTED, suggested: str = "gcj02") -> CrsQuestion:
    choices = tuple(choice(one, (0.0, 0.0) if n == 0 else (-375.0, 325.0 * n)) for n, one in enumerate(crs))
    return CrsQuestion(Path("/x/乡镇.geojson"), reason, choices, suggested, FOCUS)


@pytest.fixture
def preview(qtbot: QtBot) -> CrsPreview:
    made = CrsPreview()
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    qtbot.waitExposed(made)
    return made


def said(preview: CrsPreview) -> str:
    parts = [preview.head, *preview.findChildren(Caption)]
    return " ".join(piece.text for part in parts for piece in part.pieces() if isinstance(piece, Text))


def test_both_maps_stand_at_the_place_where_the_readings_differ(preview: CrsPreview) -> None:
    preview.show_question(question("wgs84", "gcj02", "bd09"))
    x_m, y_m = to_mercator(np.array([FOCUS[0]]), np.array([FOCUS[1]]))
    for canvas in preview.maps:
        view = canvas.view()
        assert (view.center_x_m, view.center_y_m) == (x_m[0], y_m[0])
        assert 500 / view.meters_per_pixel > 30  # a shift of 500 m is as wide as a fingertip
    assert "乡镇.geojson" in said(preview)
    assert "496" in said(preview)
    assert preview.right == "gcj02"


def test_a_shift_is_seen_in_the_pixels(preview: CrsPreview) -> None:
    asked = question("wgs84", "gcj02")
    preview.show_question(asked)
    view = preview.maps[0].view()
    stacks = [Stack().put(asked.choice(crs).layers[0]) for crs in ("wgs84", "gcj02")]
    preview.show_drawings(*(draw(stack, view) for stack in stacks))
    rows = []
    for canvas in preview.maps:
        image = canvas.grab().toImage()
        middle = image.width() // 2
        dark = [y for y in range(60, image.height()) if image.pixelColor(middle, y).lightness() < 120]
        assert dark
        rows.append(sum(dark) / len(dark))
    assert rows[0] - rows[1] > 20  # to the north by some 300 m


def test_a_key_or_a_button_chooses_a_side(preview: CrsPreview, qtbot: QtBot) -> None:
    chosen: list[str] = []
    preview.chosen.connect(chosen.append)
    preview.left_button.click()  # nothing is asked yet
    preview.show_question(question("wgs84", "gcj02", "bd09"))
    preview.left_button.click()
    preview.right_button.click()
    preview.setFocus()
    QTest.keyClick(preview, Qt.Key.Key_Return)
    assert chosen == ["wgs84", "gcj02", "gcj02"]
    with qtbot.waitSignal(preview.canceled):
        preview.cancel_button.click()


def test_another_reading_is_asked_for_and_showing_asks_for_nothing(preview: CrsPreview) -> None:
    wanted: list[tuple[str, MapView]] = []
    preview.compare_requested.connect(lambda crs, view: wanted.append((crs, view)))
    preview.show_question(question("EPSG:4524", "EPSG:4545", reason=Reason.MISSING, suggested="EPSG:4524"))
    assert wanted == []
    assert preview.right == "EPSG:4545"
    preview.show_question(question("wgs84", "gcj02", "bd09"))
    preview.box.setCurrentIndex(preview.box.findData("bd09"))
    preview.box.activated.emit(preview.box.currentIndex())
    assert [crs for crs, _ in wanted] == ["bd09"]
    assert preview.right == "bd09"


def test_one_hand_moves_both_maps(preview: CrsPreview, qtbot: QtBot) -> None:
    preview.show_question(question("wgs84", "gcj02"))
    with qtbot.waitSignal(preview.compare_requested, timeout=2000):
        preview.maps[1].zoom(2.0)
    left, right = (canvas.view() for canvas in preview.maps)
    assert left.meters_per_pixel == right.meters_per_pixel == 6.0
    assert (left.center_x_m, left.center_y_m) == pytest.approx((right.center_x_m, right.center_y_m))


def test_every_system_has_a_word() -> None:
    assert [crs_word(crs) for crs in ("gcj02", "EPSG:4524", "EPSG:32648")] == [
        "GCJ-02 (Amap, Tencent)", "CGCS2000, EPSG:4524", "EPSG:32648",
    ]  # fmt: skip


def test_each_map_says_in_figures_how_well_it_fits(preview: CrsPreview) -> None:
    asked = question("wgs84", "gcj02")
    fits = (Fit(438, 272, 40, 516.0), Fit(438, 438, 40, 0.4))
    asked = replace(asked, choices=tuple(replace(one, fit=fit) for one, fit in zip(asked.choices, fits, strict=True)))
    preview.show_question(asked)
    laid = [one.pieces() for one in preview.findChildren(Figures)]
    texts = [" ".join(piece.text for piece in one if isinstance(piece, Text)) for one in laid]
    assert "272 of 438" in texts[0]
    assert "516" in texts[0]
    assert "438 of 438" in texts[1]
    assert len({one.height() for one in preview.findChildren(Figures)}) == 1


def test_where_nothing_speaks_for_a_map_no_button_is_the_first(preview: CrsPreview) -> None:
    chosen: list[str] = []
    preview.chosen.connect(chosen.append)
    preview.show_question(question("wgs84", "gcj02", "bd09", reason=Reason.MISSING, suggested=""))
    assert not preview.left_button.is_primary
    assert not preview.right_button.is_primary
    QTest.keyClick(preview, Qt.Key.Key_Return)
    assert chosen == []
    preview.show_question(question("wgs84", "gcj02", "bd09"))
    assert preview.right_button.is_primary
    preview.box.setCurrentIndex(preview.box.findData("bd09"))
    preview.box.activated.emit(preview.box.currentIndex())
    assert not preview.right_button.is_primary

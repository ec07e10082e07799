"""The scale bar against the geodesic on the ellipsoid, which knows nothing of the map's projection."""

from __future__ import annotations

import numpy as np
import pytest
from pyproj import Geod
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from layers.map_view import MapView
from models.geodesy import to_lonlat, to_mercator
from widgets import theme as look
from widgets.map.scale_bar import ScaleBar


@pytest.mark.parametrize("lat_deg", [18.3, 29.2, 53.0])
@pytest.mark.parametrize("meters_per_pixel", [0.7, 6.0, 60.0, 700.0])
def test_the_bar_is_right_to_one_percent(qtbot: QtBot, lat_deg: float, meters_per_pixel: float) -> None:
    bar = ScaleBar()
    qtbot.addWidget(bar)
    x, y = to_mercator(np.array([107.0]), np.array([lat_deg]))
    view = MapView(float(x[0]), float(y[0]), meters_per_pixel, 1200, 800)
    bar.show_view(view)
    bar.show()
    number, unit = bar.words.split()
    said_m = float(number) * {"km": 1000.0, "m": 1.0}[unit]
    left, right = painted_ends(bar)
    ends = [view.to_map(600 + offset, 400) for offset in (-(right - left) / 2, (right - left) / 2)]
    lon, lat = to_lonlat(np.array([x for x, _ in ends]), np.array([y for _, y in ends]))
    _, _, true_m = Geod(ellps="WGS84").inv(lon[0], lat[0], lon[1], lat[1])
    # The bar is as long as it is said to be, but for a pixel at its ends where it is painted.
    assert true_m == pytest.approx(said_m, rel=0.01, abs=1.0 * meters_per_pixel)
    exact_px = bar._bar_px
    assert true_m * exact_px / (right - left) == pytest.approx(said_m, rel=0.01)


def painted_ends(bar: ScaleBar) -> tuple[float, float]:
    """Return the first and the last column that the bar's line covers, as painted."""
    image = bar.grab().toImage()
    text = look.current().color("text")
    row = [_like(image.pixelColor(x, 20), text) for x in range(image.width())]
    runs, start = [], None
    for x, inked in enumerate([*row, False]):
        if inked and start is None:
            start = x
        elif not inked and start is not None:
            runs.append((start, x))
            start = None
    return max(runs, key=lambda run: run[1] - run[0])


def _like(one: QColor, other: QColor) -> bool:
    return abs(one.lightness() - other.lightness()) < 40

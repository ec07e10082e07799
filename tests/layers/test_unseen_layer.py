"""What no radar sees is hatched and never looks like a place without echo."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from layers import color_table
from layers.drawing import Raster
from layers.map_view import MapView
from layers.ppi_layer import PpiLayer
from layers.unseen_layer import HATCH_PX, NAME, UnseenLayer, hatch, with_hatch
from models.geodesy import to_mercator
from models.grid import GridArea
from models.radar.ppi import ppi_of
from models.radar.quantity import NO_ECHO, NOT_SEEN
from tests.models.radar.scene import lopsided

AREA = GridArea(12_000_000.0, 2_700_000.0, 1000.0, 60, 80)
VIEW = MapView(12_040_000.0, 2_670_000.0, 100.0, 400, 300)
AT = datetime(2026, 6, 18, tzinfo=UTC)


def codes() -> np.ndarray:
    out = np.full(AREA.shape, 90, np.uint8)
    out[:, :40] = NOT_SEEN
    out[40:] = NO_ECHO
    return out


def test_only_what_is_not_seen_is_hatched() -> None:
    (raster,) = UnseenLayer.of_codes(AREA, codes()).draw(VIEW, 1.0)
    assert isinstance(raster, Raster)
    ink = raster.colors.rgba[raster.codes][..., 3] > 0
    x = raster.area.west_m + (np.arange(raster.area.columns) + 0.5) * raster.area.cell_m
    y = raster.area.north_m - (np.arange(raster.area.rows) + 0.5) * raster.area.cell_m
    unseen = (x < AREA.west_m + 40_000)[None, :] & (y > AREA.north_m - 40_000)[:, None]
    assert not ink[~unseen].any()
    assert 0.5 / HATCH_PX < ink[unseen].mean() < 2 / HATCH_PX
    assert raster.colors.name == NAME


def test_a_frame_that_sees_as_much_as_the_one_before_is_not_hatched_anew() -> None:
    first = UnseenLayer.of_codes(AREA, codes())
    louder = np.where(codes() == 90, np.uint8(140), codes())
    assert UnseenLayer.of_codes(AREA, louder, first) is first
    less = codes()
    less[0, 79] = NOT_SEEN
    assert UnseenLayer.of_codes(AREA, less, first) is not first
    everything = UnseenLayer.of_codes(AREA, np.full(AREA.shape, NO_ECHO, np.uint8))
    assert everything.draw(VIEW, 1.0) == ()


def test_the_hatching_of_a_sweep_stands_still_when_the_map_moves() -> None:
    field = np.full((40, 50), NOT_SEEN, np.uint8)
    field[:, 30:] = 120
    here, moved = hatch(field, 1000, -2000), hatch(field[3:, 5:], 1005, -1997)
    assert np.array_equal(here[3:, 5:], moved)
    assert (here[:, 30:] == 120).all()
    assert set(np.unique(here[:, :30])) == {NOT_SEEN, NO_ECHO}
    table = with_hatch(color_table.load("reflectivity"))
    assert table.rgba[NOT_SEEN, 3] > 0
    assert table.rgba[NO_ECHO, 3] == 0
    assert color_table.load("reflectivity").rgba[NOT_SEEN, 3] == 0


def test_a_silent_sector_of_a_sweep_is_hatched_and_its_echoes_stay() -> None:
    volume = lopsided()
    sweep = ppi_of(replace(volume, started_at=AT), 0, "dBZ")
    x, y = to_mercator(np.array([volume.site.lon_deg]), np.array([volume.site.lat_deg]))
    view = MapView(float(x[0]), float(y[0]), 200.0, 500, 500)
    (raster,) = PpiLayer("ppi", sweep, color_table.load("reflectivity")).draw(view, 1.0)
    assert isinstance(raster, Raster)
    whole = sweep.on(raster.area)
    assert np.array_equal(raster.codes[whole != NOT_SEEN], whole[whole != NOT_SEEN])
    lines = raster.codes[whole == NOT_SEEN] == NOT_SEEN
    assert 0.5 / HATCH_PX < lines.mean() < 2 / HATCH_PX

"""The coverage on the map: grays that grow, hatching of the screen's size, nothing where nothing is hidden."""

from __future__ import annotations

import numpy as np
import pytest

from layers.coverage_layer import LINE, CoverageLayer, colors, signs
from layers.drawing import Raster
from layers.map_view import MapView
from models.grid import GridArea
from models.radar.sight.coverage import Coverage, Sight

AREA = GridArea(12_000_000.0, 2_800_000.0, 1000.0, 90, 140)


def coverage(codes: np.ndarray) -> Coverage:
    nothing = np.full(AREA.shape, np.nan, np.float32)
    none = np.zeros(AREA.shape, np.uint8)
    return Coverage(AREA, codes.astype(np.uint8), nothing, nothing, none, none, none, ())


def lopsided() -> np.ndarray:
    """Return the seven classes as stripes of their own width, with one odd corner."""
    codes = np.repeat(np.arange(7, dtype=np.uint8), 20)[None, :].repeat(90, axis=0)
    codes[:7, :11] = Sight.BLOCKED
    return codes


def drawn(view: MapView, codes: np.ndarray | None = None) -> Raster:
    layer = CoverageLayer.of_coverage(coverage(lopsided() if codes is None else codes))
    (raster,) = layer.draw(view, 1.0)
    assert isinstance(raster, Raster)
    return raster


def view(meters_per_pixel: float, *, x: float = 12_070_000.0, y: float = 2_755_000.0, width: int = 300) -> MapView:
    return MapView(x, y, meters_per_pixel, width, 200)


@pytest.mark.parametrize("meters_per_pixel", [90.0, 370.0, 1000.0, 2310.0])
def test_each_pixel_has_the_class_of_the_cell_below_its_middle(meters_per_pixel: float) -> None:
    raster = drawn(view(meters_per_pixel))
    assert raster.area.cell_m == meters_per_pixel
    x = raster.area.west_m + (np.arange(raster.area.columns) + 0.5) * meters_per_pixel
    y = raster.area.north_m - (np.arange(raster.area.rows) + 0.5) * meters_per_pixel
    column, row = ((x - AREA.west_m) // 1000).astype(int), ((AREA.north_m - y) // 1000).astype(int)
    assert (raster.codes % LINE == lopsided()[np.ix_(row, column)]).all()


def test_the_view_is_filled_and_a_small_move_is_not_drawn_anew() -> None:
    layer = CoverageLayer.of_coverage(coverage(lopsided()))
    near = view(50.0, width=400)
    (raster,) = layer.draw(near, 1.0)
    assert isinstance(raster, Raster)
    assert raster.area.west_m <= near.west_m
    assert raster.area.east_m >= near.west_m + near.width * 50
    assert raster.area.north_m >= near.north_m
    assert raster.area.south_m <= near.north_m - near.height * 50
    (moved,) = layer.draw(MapView(near.center_x_m + 50, near.center_y_m - 50, 50.0, 400, 200), 1.0)
    assert moved is raster
    (fainter,) = layer.draw(near, 0.5)
    assert fainter is not raster
    assert fainter.opacity == 0.5


@pytest.mark.parametrize("meters_per_pixel", [60.0, 500.0])
@pytest.mark.parametrize("sight", list(Sight))
def test_only_what_no_beam_reaches_is_hatched_and_as_finely_at_every_zoom(
    sight: Sight, meters_per_pixel: float
) -> None:
    """Lines every 8 pixels; both ways they cross in 2 of 64 places."""
    codes = drawn(view(meters_per_pixel), np.full(AREA.shape, sight)).codes
    share = {Sight.BLOCKED: 14 / 64, Sight.UNKNOWN: 1 / 8}.get(sight, 0.0)
    assert (codes >= LINE).mean() == pytest.approx(share, abs=0.01)


def test_hatching_stays_where_it_is_on_the_map_when_the_view_moves() -> None:
    everywhere = np.full(AREA.shape, Sight.UNKNOWN)
    first, second = drawn(view(50.0), everywhere), drawn(view(50.0, x=12_070_000.0 + 50 * 700), everywhere)
    shift = round((second.area.west_m - first.area.west_m) / 50)
    shared = min(first.area.columns - shift, second.area.columns)
    assert shift > 0
    assert shared > 100
    assert (first.codes[:, shift : shift + shared] == second.codes[:, :shared]).all()


def test_beside_the_area_nothing_is_drawn() -> None:
    layer = CoverageLayer.of_coverage(coverage(lopsided()))
    assert layer.draw(view(50.0, x=13_000_000.0), 1.0) == ()
    assert layer.draw(view(50.0, y=2_000_000.0), 1.0) == ()


@pytest.mark.parametrize("dark", [False, True])
def test_the_less_is_seen_the_thicker_the_veil_and_all_of_it_is_gray(dark: bool) -> None:
    alpha = [sign.fill[3] for sign in signs(dark=dark)]
    seen = alpha[Sight.BELOW_1_KM : Sight.BLOCKED]
    assert seen[0] == 0
    assert seen == sorted(set(seen))
    assert alpha[Sight.OUT_OF_RANGE] > seen[-1]
    table = colors().on(dark=dark)[:32].astype(int)
    assert (table[:, :3].max(axis=1) - table[:, :3].min(axis=1)).max() <= 2
    hatched = {sign.sight: sign.hatch for sign in signs(dark=dark) if sign.hatch}
    assert hatched == {Sight.BLOCKED: "crossed", Sight.UNKNOWN: "rising"}
    assert all(sign.line[3] > 80 for sign in signs(dark=dark) if sign.hatch)


def test_the_legend_has_the_heights_and_every_class_has_its_word() -> None:
    for dark in (False, True):
        assert [value for value, _ in colors().steps_on(dark=dark)] == [0.0, 1.0, 2.0, 3.0]
    assert colors().unit == "km"
    assert len({sign.word("zh") for sign in signs(dark=False)}) == len(Sight)

"""Storms of the radars' own products: places, tracks and what is unproven."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QObject, Signal

from app.clock import DrillClock
from app.radar.storm_wires import KEPT, StormTool
from app.rooms import Rooms
from app.worker.worker import RadarWish, take_radar
from layers.drawing import Labels, Lines, Symbols
from layers.map_view import MapView
from layers.storm_layer import StormLayer, storms_of
from models.geodesy import leg
from models.radar.decoders import read
from models.radar.product import Product
from models.radar.register import shipped
from models.radar.storms import StormKind, StormList, storm_list
from tests import data
from tests.models.radar import product_bytes as made
from widgets import storm_words

VIEW = MapView(12_600_000.0, 2_690_000.0, 300.0, 800, 600)


class Feed(QObject):
    """What the storms hear of the feed."""

    radar_taken = Signal(object)
    radar_recalled = Signal(object)


def listed(path: Path) -> StormList:
    product = read(path, register=shipped())
    assert isinstance(product, Product)
    found = storm_list(product)
    assert found is not None
    return found


def written(folder: Path, kind: int, body: bytes) -> Path:
    path = folder / f"{kind}.bin"
    path.write_bytes(made.head(kind) + body)
    return path


def test_a_track_lies_where_azimuth_and_range_lead_and_has_past_and_forecast_places(tmp_path: Path) -> None:
    tracks = listed(written(tmp_path, 37, made.tracks()))
    assert (tracks.kind, tracks.unproven) == (StormKind.TRACK, False)
    first, second = tracks.storms
    here = (tracks.site.lon_deg, tracks.site.lat_deg)
    assert leg(here, first.place) == pytest.approx((40_000, 45.0), rel=1e-3)
    assert [minutes for _, minutes in first.ahead] == [15.0, 30.0]
    assert leg(here, first.ahead[1][0])[0] == pytest.approx(58_000, rel=1e-3)
    assert leg(here, first.past[0])[0] == pytest.approx(37_780, rel=1e-3)
    assert (second.past, second.ahead) == ((), ())


@pytest.mark.parametrize(
    ("code", "body", "kind", "unproven"),
    [
        (38, made.hail, StormKind.HAIL, False),
        (39, made.mesocyclones, StormKind.MESOCYCLONE, False),
        (40, lambda: made.vortices(1), StormKind.VORTEX, True),
    ],
)
def test_hail_and_rotation_have_a_sign_each_and_rows_that_no_real_file_proves_are_marked(
    tmp_path: Path, code: int, body: Callable[[], bytes], kind: StormKind, unproven: bool
) -> None:
    found = listed(written(tmp_path, code, body()))
    assert (found.kind, len(found.storms), found.unproven) == (kind, 1, unproven)
    now = found.at + timedelta(minutes=4)
    assert storm_words.title(found, found.storms[0]).endswith("unproven") is unproven
    assert storm_words.label(found, found.storms[0], now).endswith("unproven") is unproven
    said = storm_words.rows(found, found.storms[0], now)
    assert "4 min" in said[0][1]
    assert len(said) > 1
    layer = StormLayer((found,), ("x",))
    (symbols,) = [one for one in layer.draw(VIEW, 1.0) if isinstance(one, Symbols)]
    assert symbols.sprites[symbols.sprite[0]].endswith(f"/{kind.value}")
    assert symbols.ids == (f"storm:{kind.value}:{found.site.code}:0",)


def test_the_layer_draws_tracks_signs_names_and_minutes(tmp_path: Path) -> None:
    wish = RadarWish([], [], {}, timedelta(minutes=6))  # type: ignore[arg-type]
    taken = take_radar(written(tmp_path, 37, made.tracks()), wish)
    assert taken.storms is not None
    layer = StormLayer((taken.storms,), ("11", "12"))
    drawn = layer.draw(VIEW, 1.0)
    assert [one.style for one in drawn if isinstance(one, Lines)] == ["storm.past", "storm.ahead"]
    assert [one.texts for one in drawn if isinstance(one, Labels)] == [("11", "12"), ("+15", "+30")]
    assert [key for key, _, _ in storms_of((taken.storms,))] == ["storm:storm:Z9999:0", "storm:storm:Z9999:1"]
    assert StormLayer((), ()).draw(VIEW, 1.0) == ()


@pytest.mark.usefixtures("qapp")
def test_a_list_of_a_time_to_come_neither_stands_on_the_map_nor_keeps_the_true_one_away(tmp_path: Path) -> None:
    wish = RadarWish([], [], {}, timedelta(minutes=6))  # type: ignore[arg-type]
    taken = take_radar(written(tmp_path, 37, made.tracks()), wish)
    assert taken.storms is not None
    ahead = replace(taken, storms=replace(taken.storms, at=taken.storms.at + timedelta(days=9000)))
    clock = DrillClock(taken.storms.at + timedelta(minutes=5))
    shown: list[StormLayer] = []
    desk = SimpleNamespace(show_storms=lambda layer, at, radars: shown.append(layer))
    desks: Any = SimpleNamespace(clock=clock, feed=Feed(), map=desk)
    tool = StormTool(desks, Rooms())
    desks.feed.radar_taken.emit(ahead)
    assert not shown
    desks.feed.radar_recalled.emit(taken)
    assert tool.lists == (taken.storms,)
    assert shown[-1].lists == tool.lists
    clock.set(clock.now() + KEPT)
    tool.tick()
    assert not tool.lists
    assert not shown[-1].lists


def test_real_products_give_storms_within_the_radars_reach() -> None:
    counts = {}
    for folder in (
        "cinrad_rstm_nanhai_products/sti",
        "cinrad_rstm_nanhai_products/hi",
        "cinrad_rstm_nanhai_products/m",
        "cinrad_pup_z9200_20110916/STI_58",
    ):
        path = min(data.need(f"radar/{folder}").iterdir())
        found = listed(path)
        here = (found.site.lon_deg, found.site.lat_deg)
        places = [place for storm in found.storms for place in (storm.place, *storm.past)]
        assert all(leg(here, place)[0] < 460_000 for place in places)
        assert not found.unproven
        counts[folder.rpartition("/")[2]] = (len(found.storms), sum(len(storm.ahead) for storm in found.storms))
    assert counts["sti"][0] > 1
    assert counts["sti"][1] > 1
    assert counts["hi"][0] > 1
    assert counts["STI_58"][1] > 0

"""A register on the map."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
import shapely

from layers.drawing import Areas, Labels, Lines, Symbols
from layers.map_view import MapView
from layers.record_state import RecordState, states_of
from layers.register_layer import RegisterLayer, id_on_map, of_map
from layers.stack import Stack, draw
from models.geodesy import to_mercator
from models.hazard.level import Level
from models.register.description import Choice, RegisterDescription, Words, parse
from models.register.record import Record

DESCRIPTION = parse(
    {
        "name": "sites",
        "title": {"zh": "工地", "en": "Sites"},
        "geometry": "any",
        "glyph": "site",
        "active_from": "begins",
        "active_until": "ends",
        "kind": [{"key": "crane", "title": {"zh": "塔吊", "en": "Crane"}, "glyph": "unit"}],
        "field": [
            {"key": "begins", "type": "date", "title": {"zh": "开工", "en": "Begins"}},
            {"key": "ends", "type": "date", "title": {"zh": "完工", "en": "Ends"}},
            {"key": "inspected", "type": "date", "title": {"zh": "检查", "en": "Inspected"}, "due_days": 30},
        ],
    },
    "sites.toml",
)
TODAY = date(2026, 6, 17)


def view(meters_per_pixel: float) -> MapView:
    x, y = to_mercator(np.array([107.0]), np.array([29.0]))
    return MapView(float(x[0]), float(y[0]), meters_per_pixel, 800, 600)


def record(number: int, *, kind: str = "", lon: float | None = None, **values: str) -> Record:
    at = 107.0 + number * 1e-4 if lon is None else lon
    return Record("sites", f"S{number}", f"工地{number}", kind, at, 29.0, values=values)


def area(number: int, west: float) -> Record:
    wkb = shapely.to_wkb(shapely.box(west, 29.0, west + 0.01, 29.01))
    return replace(record(number, lon=west + 0.005), wkb=wkb)


def signs(layer: RegisterLayer, meters_per_pixel: float = 5.0) -> Symbols:
    """Return the one drawing of signs."""
    (found,) = (d for d in layer.draw(view(meters_per_pixel), 1.0) if isinstance(d, Symbols))
    return found


def keys(symbols: Symbols) -> dict[str, str]:
    """Return sprite keys by id."""
    return {i: symbols.sprites[k] for i, k in zip(symbols.ids, symbols.sprite.tolist(), strict=True)}


def test_kind_and_state_make_the_sign() -> None:
    records = [record(1), record(2, kind="crane"), record(3), record(4)]
    states = {"S2": RecordState(Level.RED), "S3": RecordState(Level.NOT_JUDGED, doubtful=True)}
    assert keys(signs(RegisterLayer.of_records(DESCRIPTION, records, states))) == {
        "sites/S1": "point.none/site",
        "sites/S2": "level.red/unit",
        "sites/S3": "point.not_judged+doubtful/site",
        "sites/S4": "point.none/site",
    }


def test_dates_say_what_is_overdue_and_what_is_out_of_its_period() -> None:
    records = [
        record(1, begins="2026-07-01"),
        record(2, begins="2026-01-01", ends="2026-06-17"),
        record(3, ends="2026-06-16"),
        record(4, inspected="2026-05-17"),
        record(5, inspected="2026-05-18"),
        record(6, inspected="soon", begins="2026-13-40"),
    ]
    states = states_of(DESCRIPTION, records, TODAY)
    assert [states[r.id].inactive for r in records] == [True, False, True, False, False, False]
    assert [states[r.id].overdue for r in records] == [False, False, False, True, False, False]
    assert {state.level for state in states.values()} == {Level.NONE}


def test_in_a_judged_register_what_has_no_verdict_is_not_judged() -> None:
    states = states_of(DESCRIPTION, [record(1), record(2)], TODAY, levels={"S1": Level.NONE})
    assert [states["S1"].level, states["S2"].level] == [Level.NONE, Level.NOT_JUDGED]


def test_a_record_without_a_place_is_not_on_the_map() -> None:
    nowhere = replace(record(2), lon_deg=None, lat_deg=None)
    assert RegisterLayer.of_records(DESCRIPTION, [record(1), nowhere]).ids == ("sites/S1",)
    assert RegisterLayer.of_records(DESCRIPTION, []).draw(view(5), 1.0)[0].name == "sites"


def test_from_afar_signs_become_a_cluster_that_counts_no_alarm_and_nothing_that_fell_silent() -> None:
    records = [record(i) for i in range(10)]
    states = {
        "S3": RecordState(Level.YELLOW),
        "S4": RecordState(Level.NOT_JUDGED, was_judged=True),
        "S5": RecordState(Level.NOT_JUDGED),
    }
    layer = RegisterLayer.of_records(DESCRIPTION, records, states)
    far = signs(layer, 200.0)
    (cluster_id,) = far.groups
    assert keys(far) == {
        cluster_id: "cluster+not_judged/8",
        "sites/S3": "level.yellow/site",
        "sites/S4": "point.not_judged/site",
    }
    assert set(far.groups[cluster_id].ids) == {f"sites/S{i}" for i in range(10)} - {"sites/S3", "sites/S4"}
    west, _, east, _ = far.groups[cluster_id].bounds_m
    x, _ = to_mercator(np.array([107.0, 107.0009]), np.array([29.0, 29.0]))
    assert (west, east) == pytest.approx((x[0], x[1]))
    assert len(signs(layer, 4.0).ids) == 10
    assert not signs(layer, 4.0).groups


def test_clusters_stay_while_the_map_is_moved_and_within_an_octave() -> None:
    rng = np.random.default_rng(8)
    records = [record(i, lon=107.0 + float(rng.uniform(0, 0.3))) for i in range(400)]
    layer = RegisterLayer.of_records(DESCRIPTION, records)
    one = signs(layer, 70.0)
    moved = layer.draw(replace(view(100.0), center_x_m=view(1).center_x_m + 12_345.0), 1.0)[0]
    assert moved is one
    assert sum(len(group.ids) for group in one.groups.values()) + len(one.ids) - len(one.groups) == 400


def test_names_of_what_is_in_a_cluster_are_not_shown() -> None:
    records = [*(record(i) for i in range(5)), record(9, lon=107.05)]
    drawn = RegisterLayer.of_records(DESCRIPTION, records, {"S1": RecordState(Level.RED)}).draw(view(10.0), 1.0)
    (names,) = (d for d in drawn if isinstance(d, Labels))
    assert set(names.texts) == {"工地1", "工地9"}
    assert names.priority[names.texts.index("工地1")] > names.priority[names.texts.index("工地9")]


def test_areas_are_outlines_by_state_and_their_rings_have_no_ink() -> None:
    records = [area(1, 107.0), area(2, 107.02), area(3, 107.04)]
    states = {"S2": RecordState(Level.RED), "S3": RecordState(inactive=True)}
    layer = RegisterLayer.of_records(DESCRIPTION, records, states)
    drawn = layer.draw(view(5.0), 1.0)
    assert [d.style for d in drawn if isinstance(d, Lines)] == ["area.inactive", "area", "area.red"]
    (rings,) = [d for d in drawn if isinstance(d, Areas)]
    assert rings.style == ""
    assert set(rings.ids) == {"sites/S1", "sites/S2", "sites/S3"}, "the map outlines the selected one by its id"
    assert set(signs(layer).ids) == {"sites/S1", "sites/S2", "sites/S3"}


def test_lines_are_stretches_and_a_broken_shape_draws_nothing() -> None:
    road = replace(record(1), wkb=shapely.to_wkb(shapely.LineString([(107.0, 29.0), (107.1, 29.0)])))
    broken = replace(record(2), wkb=b"no shape")
    drawn = RegisterLayer.of_records(DESCRIPTION, [road, broken]).draw(view(5.0), 1.0)
    assert [(d.style, d.ids) for d in drawn if isinstance(d, Lines)] == [("stretch", ("sites/S1",))]
    assert len(signs(RegisterLayer.of_records(DESCRIPTION, [road, broken])).ids) == 2


def test_ids_on_the_map_lead_back_to_the_record() -> None:
    names = ("hazard_points", "sites")
    for register, record_id in (("sites", "S/1"), ("hazard_points", "QL-7")):
        assert of_map(id_on_map(register, record_id), names) == (register, record_id)
    assert of_map("QL/7", names) == ("hazard_points", "QL/7")


def test_a_kind_without_a_glyph_takes_the_register_s() -> None:
    bare = replace(DESCRIPTION, kinds=(Choice("crane", Words("塔吊", "Crane")),))
    assert isinstance(bare, RegisterDescription)
    assert keys(signs(RegisterLayer.of_records(bare, [record(1, kind="crane")])))["sites/S1"] == "point.none/site"


def test_no_layer_s_signs_lie_over_an_alarm_of_a_layer_below() -> None:
    states = {"S2": RecordState(Level.RED)}
    below = RegisterLayer.of_records(DESCRIPTION, [record(1), record(2)], states, name="below")
    above = RegisterLayer.of_records(DESCRIPTION, [record(3), record(4)], name="above")
    drawn = [d for d in draw(Stack().put(below).put(above), view(5.0)).items if isinstance(d, Symbols)]
    assert [d.ids for d in drawn] == [("sites/S1",), ("sites/S3", "sites/S4"), ("sites/S2",)]
    again = [d for d in draw(Stack().put(below).put(above), view(5.0)).items if isinstance(d, Symbols)]
    assert all(one is other for one, other in zip(drawn, again, strict=True))
    alone = [d for d in draw(Stack().put(below), view(5.0)).items if isinstance(d, Symbols)]
    assert [d.ids for d in alone] == [("sites/S1", "sites/S2")]


def test_a_cluster_keeps_its_members_when_alarms_are_lifted() -> None:
    states = {"S3": RecordState(Level.RED)}
    crowd = RegisterLayer.of_records(DESCRIPTION, [record(i) for i in range(9)], states, name="crowd")
    other = RegisterLayer.of_records(DESCRIPTION, [record(20)], name="other")
    first, _, risen = (d for d in draw(Stack().put(crowd).put(other), view(200.0)).items if isinstance(d, Symbols))
    assert [len(group.ids) for group in first.groups.values()] == [8]
    assert (risen.ids, risen.groups) == (("sites/S3",), {})

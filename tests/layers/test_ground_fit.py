"""A file held against villages, names and lines: one that is shifted is asked about, a true one never."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely

from app.demo.places import places
from app.demo.registers import records
from app.map.layer_desk import known_ground
from layers import crs_question
from layers.crs_question import CrsQuestion
from layers.ground_fit import KnownGround, focus_of, named_places
from models import datum
from models.datum import Datum
from models.register.record import Record


@cache
def ground() -> KnownGround:
    """The villages, roads and rivers of the county, and nothing of its registers."""
    return known_ground(places())[0]


def frame(things: tuple[Record, ...], crs: Datum = Datum.WGS84) -> geopandas.GeoDataFrame:
    """Entries as a file tells of them: name, town and village, and the place in a datum."""
    shapes = [shapely.from_wkb(one.wkb) if one.wkb else shapely.Point(one.lon_deg, one.lat_deg) for one in things]
    moved = shapely.transform(shapes, lambda xy: np.column_stack(datum.convert(xy[:, 0], xy[:, 1], Datum.WGS84, crs)))
    texts = {"名称": [one.name for one in things], "所在地": [f"{one.town}{one.village}" for one in things]}
    return geopandas.GeoDataFrame(texts, geometry=list(moved), crs=4326)


def asked(folder: Path, made: geopandas.GeoDataFrame, known: KnownGround) -> CrsQuestion | None:
    made.to_file(folder / "a.geojson", engine="pyogrio")
    return crs_question.suspected(folder / "a.geojson", "", known)


@pytest.mark.parametrize("register", ["hazard_points", "shelters", "key_units", "road_stretches", "hazard_zones"])
def test_the_offices_own_things_are_asked_about_only_where_they_are_shifted(register: str, tmp_path: Path) -> None:
    things = tuple(one for one in records()[register] if one.lon_deg is not None)
    for crs in Datum:
        question = asked(tmp_path, frame(things, crs), ground())
        assert (question.suggested if question else Datum.WGS84) == crs, (register, crs)


def test_villages_in_a_column_give_a_shift_away_and_the_figures_are_told(tmp_path: Path) -> None:
    made = frame(records()["hazard_points"], Datum.GCJ02)
    table = tmp_path / "点.csv"
    pd.DataFrame({"村": made["所在地"], "经度": made.geometry.x, "纬度": made.geometry.y}).to_csv(table, index=False)
    question = crs_question.suspected(table, "", ground())
    assert question is not None
    raw, right = (question.choice(crs).fit for crs in ("wgs84", "gcj02"))
    assert raw.village_named == right.village_named == right.village_agrees == len(made)
    assert raw.village_agrees < 0.8 * len(made)


def test_a_few_things_with_names_of_the_offices_are_enough(tmp_path: Path) -> None:
    three = records()["attractions"][:3]
    named = named_places([(one.id, one.name, one.lon_deg or 0.0, one.lat_deg or 0.0) for one in three])
    known = KnownGround(named=named)
    question = asked(tmp_path, frame(three, Datum.GCJ02), known)
    assert question is not None
    fits = [question.choice(crs).fit for crs in ("wgs84", "gcj02")]
    assert [fit.named for fit in fits] == [3, 3]
    assert fits[0].named_m > 400
    assert fits[1].named_m < 1
    assert asked(tmp_path, frame(three), known) is None


def test_a_name_that_says_gcj_02_is_not_believed_against_the_ground(tmp_path: Path) -> None:
    frame(records()["shelters"]).to_file(tmp_path / "gcj02_转好.geojson", engine="pyogrio")
    assert crs_question.suspected(tmp_path / "gcj02_转好.geojson", "", ground()) is None
    assert crs_question.suspected(tmp_path / "gcj02_转好.geojson", "") is not None


def test_names_that_many_share_tell_nothing() -> None:
    shared = [(str(n), "村委会", 106.0, 28.0 + n) for n in range(9)]
    assert set(named_places(shared)) == {str(n) for n in range(9)}


def test_the_view_lies_where_things_and_known_lines_are_many() -> None:
    lines = ground().lines
    assert lines is not None
    west, south, east, north = shapely.total_bounds(shapely.from_wkb([one.wkb for one in places()]))
    alone = np.array([[west - 1.0, south - 1.0]] * 20)
    among = np.array([[one.lon_deg, one.lat_deg] for one in records()["hazard_points"]])
    lon, lat = focus_of(np.concatenate([alone, among]), lines)
    assert west < lon < east
    assert south < lat < north
    assert focus_of(alone, None) == pytest.approx((west - 1.0, south - 1.0))

"""Places: kept in order, found by a point."""

from __future__ import annotations

import pytest
import shapely

from models.errors import StoreError
from models.hazard.register import Place
from models.store import places
from models.store.database import Store
from tests.models.store.values import AT

OUTLINE = shapely.box(106.0, 28.0, 107.0, 29.0)
NOTCH = shapely.box(106.4, 28.4, 106.6, 28.6)


def place(code: str, kind: str, shape: shapely.Geometry, population: int | None = None) -> Place:
    return Place(code, f"名{code}", kind, "990001", shapely.to_wkb(shape), population)


COUNTY = place("990001", "county", OUTLINE)
WEST = place("990001101", "town", shapely.difference(shapely.box(106.0, 28.0, 106.5, 29.0), NOTCH), 21_000)
EAST = place("990001102", "town", shapely.difference(shapely.box(106.5, 28.0, 107.0, 29.0), NOTCH))
RIVER = place("r-1", "river", shapely.linestrings([(106.0, 28.5), (107.0, 28.6)]))


def test_places_come_back_by_kind_in_the_order_handed_in(store: Store) -> None:
    store.write_now(lambda db: places.replace(db, (RIVER, EAST, COUNTY, WEST), actor="system", at=AT))
    assert store.read(lambda db: places.of_kind(db, "town")) == (EAST, WEST)
    assert store.read(lambda db: places.of_kind(db, "river")) == (RIVER,)
    assert store.read(lambda db: places.of_kind(db, "village")) == ()
    store.write_now(lambda db: places.replace(db, (COUNTY,), actor="system", at=AT))
    assert store.read(lambda db: places.of_kind(db, "town")) == ()


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [
        (106.2, 28.2, "990001101"),
        (106.9, 28.9, "990001102"),
        (106.5, 28.2, "990001101"),  # on the border: the first handed in
        (106.45, 28.5, None),  # in the notch: inside the county and the box, in no town
        (108.0, 28.5, None),
        (106.0, 28.0, "990001101"),
    ],
)
def test_a_point_lies_in_a_town_by_its_outline_not_by_its_box(
    store: Store, lon: float, lat: float, code: str | None
) -> None:
    store.write_now(lambda db: places.replace(db, (COUNTY, WEST, EAST, RIVER), actor="system", at=AT))
    town = store.read(lambda db: places.town_at(db, lon, lat))
    assert (town.code if town else None) == code


def test_without_towns_the_county_is_the_one_area(store: Store) -> None:
    store.write_now(lambda db: places.replace(db, (COUNTY, RIVER), actor="system", at=AT))
    assert store.read(places.areas) == (COUNTY,)
    assert store.read(lambda db: places.town_at(db, 106.45, 28.5)) == COUNTY
    store.write_now(lambda db: places.replace(db, (COUNTY, WEST), actor="system", at=AT))
    assert store.read(places.areas) == (WEST,)


@pytest.mark.parametrize("wkb", [b"", b"nonsense", shapely.to_wkb(shapely.Polygon())])
def test_a_shape_that_cannot_be_read_leaves_all_as_it_was(store: Store, wkb: bytes) -> None:
    store.write_now(lambda db: places.replace(db, (COUNTY, WEST), actor="system", at=AT))
    with pytest.raises(StoreError) as refused:
        store.write_now(
            lambda db: places.replace(db, (COUNTY, Place("x", "坏镇", "town", "", wkb)), actor="system", at=AT)
        )
    assert refused.value.code == "places.no_shape"
    assert "坏镇" in refused.value.sentence("zh")
    assert store.read(places.areas) == (WEST,)


def test_a_code_twice_is_refused(store: Store) -> None:
    with pytest.raises(StoreError) as refused:
        store.write_now(lambda db: places.replace(db, (WEST, WEST), actor="system", at=AT))
    assert refused.value.code == "store.refused"

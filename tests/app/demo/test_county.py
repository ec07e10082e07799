"""The fictional county: counts, shared borders, names, water that runs downhill."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import shapely

from app.demo.county import County, build_county, write_geojson
from app.demo.lines import Way, build_lines
from app.demo.names import _REAL_COUNTIES
from app.demo.places import places
from app.demo.scene import to_km
from app.demo.terrain import build_terrain
from app.office_new import read_county, read_towns


@pytest.fixture(scope="module")
def county() -> County:
    return build_county()


def test_it_has_21_towns_and_381_villages(county: County) -> None:
    assert (len(county.towns), len(county.villages)) == (21, 381)
    assert min(Counter(v.parent for v in county.villages).values()) >= 8
    assert 1500 < county.border.area * 97.29 * 110.85 < 2400


def test_towns_part_the_county_without_gap_or_overlap(county: County) -> None:
    for parts, wholes in ((county.villages, county.towns), (county.towns, (county,))):
        assert all(p.border.is_valid and not p.border.is_empty for p in parts)
        joined = shapely.union_all([p.border for p in parts])
        assert joined.equals(shapely.union_all([w.border for w in wholes]))
        assert sum(p.border.area for p in parts) == pytest.approx(county.border.area, rel=1e-9)


def test_neighbors_share_their_border_vertex_for_vertex(county: County) -> None:
    seen = Counter(
        vertex for v in county.villages for vertex in set(map(tuple, shapely.get_coordinates(v.border).tolist()))
    )
    rim = set(map(tuple, shapely.get_coordinates(county.border).tolist()))
    assert all(count >= 2 or vertex in rim for vertex, count in seen.items())


def test_every_village_lies_in_exactly_one_town(county: County) -> None:
    towns = {t.code: t for t in county.towns}
    for village in county.villages:
        inside = [t.code for t in county.towns if t.border.contains(village.border.representative_point())]
        assert inside == [village.parent]
        assert village.border.difference(towns[village.parent].border).area < 1e-12
        assert village.border.contains(shapely.Point(village.seat_lon_deg, village.seat_lat_deg))


def test_codes_and_names_are_its_own(county: County) -> None:
    codes = [a.code for a in county.towns + county.villages]
    assert len(set(codes)) == len(codes)
    assert all(len(code) == 12 and code.startswith("990001") for code in codes)
    assert all(t.code.endswith("000") for t in county.towns)
    names = [v.name for v in county.villages]
    assert len(set(names)) == len(names)
    made_up = {v.name[:-1] for v in county.villages if v.name[:-1] not in {t.name[:-1] for t in county.towns}}
    assert not made_up & set(_REAL_COUNTIES.split())
    assert county.population == sum(v.population for v in county.villages)


def test_rivers_run_downhill_and_roads_join_all_towns(county: County) -> None:
    terrain, lines = build_terrain(), build_lines()
    falls = [_fall_m(way) for way in lines if way.kind == "river"]
    assert len(falls) > 60
    assert np.mean(np.array(falls) > -15) > 0.95
    assert terrain.height_m.min() > 100
    assert 700 < np.ptp(terrain.height_m) < 2200
    joined = {county.towns[0].name}
    ends = [_towns_at_ends(way, county) for way in lines if way.kind == "road"]
    for _ in county.towns:
        for pair in ends:
            if joined & pair:
                joined |= pair
    assert joined == {t.name for t in county.towns}


def test_places_hold_everything_once() -> None:
    kinds = Counter(p.kind for p in places())
    assert (kinds["county"], kinds["town"], kinds["village"]) == (1, 21, 381)
    assert kinds["river"] > 60
    assert kinds["road"] >= 24
    assert len({(p.kind, p.code) for p in places()}) == len(places())


def test_the_files_for_a_new_office_read_as_they_were_written(county: County, tmp_path: Path) -> None:
    boundary, towns = write_geojson(tmp_path)
    whole = read_county(boundary, "990001", "?")
    assert whole.name == "青岚县"
    found, left_out = read_towns(towns, whole)
    assert [t.name for t in found] == [t.name for t in county.towns]
    assert left_out == ()


def _fall_m(way: Way) -> float:
    lon, lat = np.array(way.line.coords).T
    height = build_terrain().height_at(*to_km(lon, lat))
    return float(height[0] - height[-1])


def _towns_at_ends(way: Way, county: County) -> set[str]:
    ends = [way.line.coords[0], way.line.coords[-1]]
    return {
        t.name for t in county.towns if any(abs(x - t.seat_lon_deg) + abs(y - t.seat_lat_deg) < 1e-5 for x, y in ends)
    }

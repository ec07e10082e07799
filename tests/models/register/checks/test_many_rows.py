"""Many rows are judged as few are: the same findings as row held against row, and no border measured out twice."""

from __future__ import annotations

import io
import math
from typing import Any

import numpy as np
import pytest
import shapely
from openpyxl import load_workbook

from models.register.export import Sheet, as_excel
from models.register.surroundings import Areas, Surroundings, plain_place
from models.register.table import Cell
from tests.models.register.given import HEADERS, VILLAGES, ground, look, row, table, told

M_PER_DEG = 111_195.0


def plain_doubles(spots: list[tuple[float, float]], days: list[str]) -> set[int]:
    """Which rows go, each held against every one before it: the older of two, the later of two of one day."""
    gone: set[int] = set()
    for n, (lon, lat) in enumerate(spots):
        near = []
        for before, (its_lon, its_lat) in enumerate(spots[:n]):
            east = (its_lon - lon) * np.cos(np.radians(lat))
            far_m = M_PER_DEG * float(np.hypot(east, its_lat - lat))
            if before not in gone and far_m <= 20.0:
                near.append((far_m, before))
        if near:
            other = min(near)[1]
            gone.add(other if days[n] > days[other] else n)
    return gone


@pytest.mark.parametrize("seed", range(4))
def test_doubles_in_a_crowd_of_one_name_are_those_of_row_against_row(seed: int) -> None:
    rng = np.random.default_rng(seed)
    count = 150
    lon = (113.025 + rng.uniform(0, 250, count) / 101_500).round(6).tolist()
    lat = (24.02 + rng.uniform(0, 250, count) / M_PER_DEG).round(6).tolist()
    days = [f"2026-05-{day:02d}" for day in rng.integers(1, 9, count)]
    rows = [
        [*row(n, 名称="坡", 经度=lon[n], 纬度=lat[n]), days[n]]
        for n in range(count)
    ]  # fmt: skip
    rows[7][3] = rows[7][4] = None  # without a place it is near nothing
    spots = [(math.nan, math.nan) if n == 7 else (lon[n], lat[n]) for n in range(count)]
    found = told(look(table(*rows, headers=(*HEADERS, "最近巡查"))), "duplicates")
    assert {line - 2 for line, _, _ in found} == plain_doubles(spots, days)
    assert 10 < len(found) < count - 10


def test_a_thousand_rows_at_one_place_leave_one() -> None:
    rows = [row(n, 名称="坡", 经度=113.025, 纬度=24.02) for n in range(1000)]
    assert len(told(look(table(*rows)), "duplicates")) == 999


def test_no_border_is_measured_out_twice_however_many_rows_name_another_village(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[int] = []
    in_plane = Surroundings.in_plane

    def counted(self: Surroundings, shapes: Any) -> Any:
        made.append(int(np.count_nonzero(shapely.get_type_id(shapes) >= 0)))
        return in_plane(self, shapes)

    monkeypatch.setattr(Surroundings, "in_plane", counted)
    rng = np.random.default_rng(1)
    rows: list[list[Cell]] = []
    for n in range(300):
        east = rng.uniform(113.001, 113.199)
        town, village = ("石坑镇", "桥头乡")[n % 2], VILLAGES[n % 4]
        rows.append(row(n, 经度=east, 纬度=rng.uniform(24.001, 24.099), 乡镇=town, 村=village))
    found = told(look(table(*rows), ground()))
    assert len(found) > 150
    assert {code for _, _, code in found} == {"other_town", "other_village"}
    assert sum(made) <= 2 + 4 + 4, "towns and villages once each, and the villages of the search for an offset"


def test_what_is_near_a_border_is_what_lies_within_that_distance() -> None:
    rng = np.random.default_rng(2)
    middle = rng.uniform((113, 24), (113.2, 24.2), (40, 2))
    shapes = tuple(shapely.buffer(shapely.points(middle), rng.uniform(0.002, 0.02, 40)))
    rank = Areas(tuple(f"{n}号村" for n in range(40)), shapes)
    around = Surroundings(villages=rank)
    index = rng.integers(0, 40, 3000).astype(np.intp)
    lon, lat = (middle[index] + rng.uniform(-0.03, 0.03, (3000, 2))).T
    meters = around.edge_m(rank, index, lon, lat)
    for reach_m in (50.0, 300.0, 2000.0):
        near = around.near_edge(rank, index, lon, lat, reach_m)
        assert near.tolist() == (meters <= reach_m).tolist()
        assert 0 < near.sum() < near.size


def test_areas_of_one_plain_name_are_found_by_it_in_their_order() -> None:
    names = ("石坑村", "桥头社区", "石坑社区", "竹溪")
    rank = Areas(names, tuple(shapely.box(n, 0, n + 1, 1) for n in range(4)))
    assert rank.by_name == {"石坑": (0, 2), "桥头": (1,), "竹溪": (3,)}
    assert rank.plain_names == tuple(map(plain_place, names))


def test_every_text_of_a_wrapped_sheet_is_wrapped_and_the_heads_alone_are_bold() -> None:
    rows = tuple((n, f"第 {n} 行\n两行", "=1+2", None, 0.1 + n) for n in range(50))
    book = load_workbook(io.BytesIO(as_excel(Sheet(("行", "话", "式", "空", "数"), rows), "表", wrapped=True)))
    page = book.worksheets[0]
    for line in page.iter_rows():
        for one in line:
            assert bool(one.alignment.wrap_text) == isinstance(one.value, str)
            assert bool(one.font.b) == (one.row == 1)
    assert [one.value for one in page[2]] == [0, "第 0 行\n两行", "=1+2", None, 0.1]
    assert page["C2"].data_type == "s"

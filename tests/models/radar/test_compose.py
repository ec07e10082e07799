"""Several radars in one mosaic."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest

from models.grid import GridArea
from models.radar.compose import Plane, PlaneTile, compose
from models.radar.footprint import Source, packed
from models.radar.quantity import CR, NOT_SEEN
from tests.models.radar.scene import AT, STEP


def plane(code: str, at: datetime, codes: list[int], area: GridArea) -> Plane:
    cells = packed(np.array([codes], np.uint8), 12)
    return Plane(Source(code, code, at, STEP), CR, area, (PlaneTile(0, 0, cells),))


ROW = GridArea(0.0, 0.0, 1000.0, 1, 5)


def test_the_mosaic_takes_the_maximum_and_knows_whose_it_is() -> None:
    first = plane("A", AT - timedelta(minutes=5), [0, 1, 80, 90, 0], ROW)
    second = plane("B", AT - timedelta(minutes=1), [1, 1, 90, 80, 0], ROW)
    mosaic = compose((first, second), ROW, at=AT, max_age=timedelta(minutes=10))
    assert mosaic.codes.tolist() == [[1, 1, 90, 90, 0]]
    assert mosaic.source.tolist() == [[2, 1, 2, 1, 0]]
    assert [source.code for source in mosaic.sources] == ["A", "B"]
    assert mosaic.absent == ()
    assert mosaic.heights.tolist() == [[12, 12, 12, 12, 255]]
    assert mosaic.age_minutes()[0, :4].tolist() == [1, 5, 1, 5]
    assert np.isnan(mosaic.age_minutes()[0, 4])


def test_a_radar_too_old_is_missing_and_not_drawn() -> None:
    old = plane("A", AT - timedelta(minutes=15, seconds=1), [200] * 5, ROW)
    just = plane("B", AT - timedelta(minutes=15), [80] * 5, ROW)
    mosaic = compose((old, just), ROW, at=AT, max_age=timedelta(minutes=15))
    assert mosaic.codes.max() == 80
    assert [absent.source.code for absent in mosaic.absent] == ["A"]
    assert mosaic.absent[0].hides_km2 == 0
    assert [source.code for source in mosaic.sources] == ["B"]
    nothing = compose((old,), ROW, at=AT, max_age=timedelta(minutes=15))
    assert nothing.codes.max() == NOT_SEEN
    assert nothing.absent[0].hides_km2 == pytest.approx(5.0)
    assert nothing.sources == ()


def test_of_one_radar_the_newest_plane_stands() -> None:
    older = plane("A", AT - timedelta(minutes=12), [200] * 5, ROW)
    newer = plane("A", AT - timedelta(minutes=6), [80] * 5, ROW)
    for order in ((older, newer), (newer, older)):
        mosaic = compose(order, ROW, at=AT, max_age=timedelta(minutes=15))
        assert mosaic.codes.max() == 80
        assert len(mosaic.sources) == 1


def test_planes_of_another_raster_are_our_own_fault() -> None:
    with pytest.raises(ValueError, match="another raster"):
        compose((plane("A", AT, [1] * 5, GridArea(1.0, 0.0, 1000.0, 1, 5)),), ROW, at=AT, max_age=STEP)

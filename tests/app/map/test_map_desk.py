"""The stack of layers as desks change it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from app.jobs import Jobs
from app.map.map_desk import MapDesk
from layers.point_layer import PointLayer
from layers.sign import sign_of
from models.hazard.alarms import PointVerdict
from models.hazard.level import Level
from tests import make


@pytest.fixture(name="jobs")
def _jobs(qtbot: QtBot) -> Iterator[Jobs]:
    jobs = Jobs()
    yield jobs
    jobs.close()


def judged(level: Level) -> tuple[PointVerdict, ...]:
    return tuple(replace(verdict, level=level) for verdict in make.verdicts())


def levels_on(desk: MapDesk) -> set[Level]:
    item = desk.stack.find("points")
    assert item is not None
    assert isinstance(item.layer, PointLayer)
    return {getattr(sign_of(item.layer.sprites[i]), "level", None) or Level.NONE for i in item.layer.sprite.tolist()}


@pytest.mark.parametrize("asked", list(itertools.product((Level.BLUE, Level.RED), repeat=3)))
def test_whatever_came_in_between_the_points_stand_as_they_were_judged_last(
    asked: tuple[Level, ...], jobs: Jobs, qtbot: QtBot
) -> None:
    """Levels are put on the map by jobs, of which those in the middle are dropped."""
    desk = MapDesk(jobs)
    points = tuple(verdict.point for verdict in make.verdicts())
    for level in asked:
        desk.show_points(points, judged(level))
    qtbot.waitUntil(jobs.is_idle_but)
    assert levels_on(desk) == {asked[-1]}
    layer = desk.stack.find("points")
    desk.show_points(points, judged(asked[-1]))
    qtbot.waitUntil(jobs.is_idle_but)
    assert desk.stack.find("points") is layer

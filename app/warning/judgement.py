"""One judging of all points: the verdicts, and all that is made of them before the GUI thread has them; for a job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from models.hazard.alarms import Alarm, PointVerdict
from models.hazard.level import Level
from models.hazard.next_level import NearestPoints, nearest_of
from models.hazard.point_table import PointTable
from models.hazard.raising import HeldLevel, hold, let_go, levels_of, new_alarms
from models.hazard.rules import judge
from models.rain.observations import Gauge, GaugeReport, PointRates
from models.rain.windows import rain_windows
from models.warning.area import TownFinder
from models.warning.observed import TownRain, town_rains

SIGNAL_WINDOWS_H = (3, 6, 12)


@dataclass(frozen=True, slots=True, eq=False)
class Judgement:
    """Everything that one judging brings: verdicts, what is held, what has gone up, what was let go.

    ``by_id`` has the verdicts by their points' ids, ``levels`` the words of their levels; ``nearest`` is what a list
    shows of them.
    """

    at: datetime
    verdicts: tuple[PointVerdict, ...]
    held: Mapping[str, HeldLevel]
    alarms: tuple[Alarm, ...]
    towns: tuple[TownRain, ...]
    fallen: Mapping[str, Level]
    by_id: dict[str, PointVerdict]
    levels: Mapping[str, str]
    nearest: NearestPoints


def judge_all(
    table: PointTable,
    rates: tuple[PointRates, ...],
    gauges: tuple[Gauge, ...],
    reports: tuple[GaugeReport, ...],
    held: Mapping[str, HeldLevel],
    finder: TownFinder,
    at: datetime,
) -> Judgement:
    """Judge every point at a moment, and say what rain the towns have had; a pure function for a job."""
    hours = tuple(sorted({*table.windows_h, *SIGNAL_WINDOWS_H}))
    windows = rain_windows(table.lonlat, hours, rates, gauges, reports, at)
    verdicts = judge(table, windows, at)
    after = hold(held, verdicts, at)
    words = {level: level.value for level in Level}
    return Judgement(
        at,
        verdicts,
        after,
        new_alarms(levels_of(held), verdicts, at),
        town_rains(table.points, windows, finder),
        let_go(held, after),
        dict(zip(table.ids, verdicts, strict=True)),
        {id_: words[verdict.level] for id_, verdict in zip(table.ids, verdicts, strict=True)},
        nearest_of(verdicts),
    )

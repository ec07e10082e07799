"""How fast the map moves: ``python3 dev.py bench map [--quick] [--json]``.

A scene from a seed (relief, 2,000 borders with 130,000 vertices, 1,000 names, a
radar of 1000 x 1000, and 600, 10,000 or 50,000 points in all states) on the canvas
at 1920 x 1080. Each act is measured beside its peer in the same minutes: pyqtgraph
with the points alone, geopandas for the file. Processor time is told too, as it
compares where others use the machine.
"""

from __future__ import annotations

import os
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

if not os.environ.get("QT_QPA_PLATFORM"):
    os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtWidgets import QApplication

from app.bench.measure.command import command
from app.bench.measure.console_rows import console_rows
from app.bench.measure.map_cost import HEAD, Cost, cost_of
from app.bench.measure.map_file_rows import file_rows
from app.bench.measure.map_rows import map_rows
from app.bench.measure.map_scene import HEIGHT, SEED, WIDTH
from app.bench.measure.rows import Aim, Clockwork, Row, Table
from widgets import theme as look

TURNS, QUICK_TURNS = 40, 3
SIZES, QUICK_SIZES = (600, 10_000, 50_000), (60, 300)
GROWTH, QUICK_GROWTH = (1_000, 10_000, 50_000, 100_000, 1_000_000), (100,)
MEMORY_POINTS, MOST_MB = 50_000, 450.0


def main() -> int:
    """Measure and print."""
    return command("map", run)


def run(*, quick: bool, silent: bool) -> dict[str, object]:
    """Measure everything; return it as plain values."""
    application = QApplication.instance() or QApplication([])
    if isinstance(application, QApplication):
        look.apply(application, look.LIGHT)
    clock, table = Clockwork(QUICK_TURNS if quick else TURNS), Table(silent=silent)
    table.say(f"map: {WIDTH} x {HEIGHT}, seed {SEED}; median, 95th percentile and least of {clock.turns} turns and more; "
              "cpu is the processor time of all threads; x base is to the peer in the same run")  # fmt: skip
    map_rows(table, clock, QUICK_SIZES if quick else SIZES)
    with tempfile.TemporaryDirectory(prefix="fengsui-bench-") as folder:
        file_rows(table, clock, Path(folder), QUICK_SIZES[-1] if quick else SIZES[-1])
        console_rows(table, clock, Path(folder) / "office", QUICK_SIZES[-1] if quick else SIZES[-1])
    table.say(f"\nGrowth, least of a few turns, each size in a process of its own\n{HEAD}")
    costs = []
    for points in QUICK_GROWTH if quick else GROWTH:
        costs.append(cost_of(points))
        table.say(costs[-1].line())
    table.head("Memory")
    for row in _memory(costs):
        table.add(row)
    rows, growth = table.record(), [asdict(cost) for cost in costs]
    return {"bench": "map", "seed": SEED, "quick": quick, "rows": rows, "growth": growth}


def _memory(costs: list[Cost]) -> list[Row]:
    return [
        Row(f"process with the map and {cost.points:,} points", "MB", (cost.memory_mb,), aim=Aim(MOST_MB))
        for cost in costs
        if cost.points == MEMORY_POINTS
    ]


if __name__ == "__main__":
    sys.exit(main())

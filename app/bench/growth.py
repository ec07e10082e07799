"""What more radars and larger maps cost: ``python3 dev.py bench growth [--quick] [--json]``.

3, 9, 30 and 100 S-band radars (nine geometries, repeated) on maps of 1, 4 and 9 million
pixels, each in a process of its own: time of a frame and of one new radar, and memory.
Then what a province would need, and the console's own job on a Dask cluster of this
machine, if Dask happens to be installed.
"""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from app.bench.measure.command import command
from app.bench.measure.dask_rows import dask_row, wish
from app.bench.measure.fmt_files import Files, write_files
from app.bench.measure.growth_cost import Cost, Task, cost_of, keep
from app.bench.measure.own_process import in_own_process
from app.bench.measure.rows import Table
from app.bench.measure.scene import volumes
from app.worker.worker import take_radar

RADARS, SIDES = (3, 9, 30, 100), (1000, 2000, 3000)
QUICK_RADARS, QUICK_SIDES = (2, 3), (200,)
FRAMES, STEP_S = 60, 360.0
_HEAD = (
    f"{'radars':>7}{'pixels M':>10}{'frame ms':>10}{'pixel stage':>13}{'one new ms':>12}{'table s':>9}{'loaded ms':>11}"
    f"{'tables MB':>11}{'planes MB':>11}{'peak MB':>9}"
)


def main() -> int:
    """Measure and print."""
    return command("growth", run)


def run(*, quick: bool, silent: bool) -> dict[str, object]:
    """Measure everything; return it as plain values."""
    table = Table(silent=silent)
    table.say("growth: S-band volumes of 11 cuts; frame = compose the planes that stand, pixel stage = gather all, then "
              "compose;\none new = gather and recompose its box; tables as so many different radars need them\n"
              + _HEAD)  # fmt: skip
    seen = volumes(2 if quick else 9)
    with tempfile.TemporaryDirectory(prefix="fengsui-bench-") as folder:
        shelf = keep(seen, Path(folder))
        costs = []
        for side in QUICK_SIDES if quick else SIDES:
            for radars in QUICK_RADARS if quick else RADARS:
                cost = in_own_process(cost_of, Task(shelf, radars, side, 2 if quick else 7))
                costs.append(cost)
                table.say(_line(cost))
        files = write_files(seen[: 2 if quick else 4], Path(folder))
        read_s = _read_s(files)
        for radars in QUICK_RADARS if quick else RADARS[1:]:
            table.say(needed(radars, [cost for cost in costs if cost.radars == radars], read_s))
        table.head("The console's own job elsewhere")
        row = table.add(dask_row(files))
    return {"bench": "growth", "rows": [asdict(cost) for cost in costs], "read_s": read_s, "dask": row.record()}


def needed(radars: int, costs: list[Cost], read_s: float) -> str:
    """Return one paragraph about an office of so many radars, each with a volume every six minutes."""
    lines = []
    for cost in costs:
        pixels = cost.side * cost.side
        frames_mb = FRAMES * pixels * 1.2 / 1e6  # codes, and a fifth for heights and sources packed
        work = read_s + cost.one_new_ms / 1000
        lines.append(
            f"{radars} radars, {pixels / 1e6:g} M pixels: a volume every {STEP_S / radars:.1f} s needs "
            f"{100 * work * radars / STEP_S:.1f} % of one core ({100 * cost.one_new_ms / 1000 * radars / STEP_S:.2f} % for the map) "
            f"and {(cost.tables_mb + cost.planes_mb + frames_mb) / 1000:.1f} GB for tables, newest planes and {FRAMES} frames"
        )
    return "\n".join(lines)


def _line(cost: Cost) -> str:
    return (
        f"{cost.radars:>7}{cost.side * cost.side / 1e6:>10.2f}{cost.frame_ms:>10.1f}{cost.pixels_ms:>13.1f}{cost.one_new_ms:>12.1f}"
        f"{cost.table_s:>9.2f}{cost.loaded_ms:>11.1f}{cost.tables_mb:>11.0f}{cost.planes_mb:>11.0f}{cost.peak_mb:>9.0f}"
    )


def _read_s(files: tuple[Files, ...]) -> float:
    """Return the least seconds of one volume from a bz2 file to its footprint."""
    seconds = []
    for one in files:
        start = time.perf_counter()
        take_radar(one.packed, wish())
        seconds.append(time.perf_counter() - start)
    return min(seconds)


if __name__ == "__main__":
    sys.exit(main())

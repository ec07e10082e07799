"""How fast the radar's picture is: ``python3 dev.py bench radar [--quick] [--json]``.

Nine S-band volumes of eleven cuts from a seed, read, composed and shown, each step
beside what it is compared with in the same run. ``--quick`` does all of it small, to
see that it runs. ``--json`` prints the figures for a release instead. Other programs
take part where they are installed, in this Python or in those that the environment
variable FENGSUI_PEERS names (paths, separated as in PATH).
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

if not os.environ.get("QT_QPA_PLATFORM"):
    os.environ["QT_QPA_PLATFORM"] = "offscreen"

import cv2
from PySide6.QtWidgets import QApplication

from app.bench.measure.command import command
from app.bench.measure.fmt_files import write_files
from app.bench.measure.machine import probe, traffic_line
from app.bench.measure.mosaic_rows import mosaic_rows
from app.bench.measure.peer_rows import peer_rows
from app.bench.measure.reading_rows import reading_rows
from app.bench.measure.rows import Clockwork, Table
from app.bench.measure.scene import ELEVATIONS, SEED, volumes
from app.bench.measure.screen_rows import screen_rows
from widgets import theme as look

TURNS, QUICK_TURNS = 31, 2


def main() -> int:
    """Measure and print."""
    return command("radar", run)


def run(*, quick: bool, silent: bool) -> dict[str, object]:
    """Measure everything; return it as plain values."""
    application = QApplication.instance() or QApplication([])
    if isinstance(application, QApplication):
        look.apply(application, look.LIGHT)
    cv2.setNumThreads(1)  # the bench has threads of its own
    clock = Clockwork(QUICK_TURNS if quick else TURNS)
    table = Table(silent=silent)
    table.say(f"radar: 9 S-band volumes x {len(ELEVATIONS)} cuts, seed {SEED}; median, 95th percentile and least of "
              f"{clock.turns} turns (fewer where slow); cpu is the processor time of all threads")  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="fengsui-bench-") as folder:
        files = write_files(volumes(2 if quick else 9), Path(folder))
        machine = probe(files[0].packed.read_bytes(), turns=clock.turns, copy_bytes=(16 if quick else 128) * 2**20)
        table.say(machine.line())
        desk = mosaic_rows(table, clock, (200,) if quick else (1000, 2400), 2 if quick else 9)
        whole = next(row for _, row in table.rows if row.name.startswith("composite"))
        table.say(traffic_line(desk, machine, whole.median))
        reading_rows(table, clock, files)
        screen_rows(table, clock, desk, frames=3 if quick else 60)
        if not quick:
            peer_rows(table, files[desk.middle], desk.volumes[desk.middle], Path(folder))
    return {"bench": "radar", "seed": SEED, "quick": quick, "machine": machine.record(), "rows": table.record()}


if __name__ == "__main__":
    sys.exit(main())

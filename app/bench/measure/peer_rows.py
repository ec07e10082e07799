"""What other programs need for the same work, each in a process of its own on the same volume."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from app.bench.measure import peer_adapters
from app.bench.measure.fmt_files import Files
from app.bench.measure.rows import Row, Table
from models.radar.volume import Volume

ROUNDS = 2
INTERPRETERS = "FENGSUI_PEERS"
MODULES = ("wradlib", "pycwr", "cinrad", "pyart")
_LIMIT_S = 240
_ROOT = Path(peer_adapters.__file__).resolve().parents[3]


@dataclass(frozen=True, slots=True)
class _Figures:
    """Seconds of all rounds."""

    version: str
    read: tuple[float, ...]
    composite: tuple[float, ...]


def peer_rows(table: Table, files: Files, volume: Volume, folder: Path, *, rounds: int = ROUNDS) -> None:
    """Measure each peer that some Python here has: one of ours, one of theirs, in turn, each a process anew."""
    table.head(f"Peers: one radar, 11 cuts, to 1000 x 1000; {rounds} rounds of ours and theirs in turn (base: ours)")
    sweeps = _kept(volume, folder / "sweeps.npz")
    for name in MODULES:
        python = _python_with(name)
        if python is None:
            table.add(Row(name, "s", (), note="not installed"))
            continue
        ours, theirs = [], []
        for _ in range(rounds):
            ours.append(_run(sys.executable, "fengsui", files.packed, sweeps))
            theirs.append(_run(python, name, files.packed, sweeps))
        if any(isinstance(one, str) for one in (*ours, *theirs)):
            table.add(Row(name, "s", (), note=next(one for one in (*theirs, *ours) if isinstance(one, str))))
            continue
        mine, other = _joined(ours), _joined(theirs)
        title = f"{name} {other.version}"
        if other.read:
            row = Row(f"{title}: bz2 file to moments", "s", other.read, base=(float(np.median(mine.read)),))
            table.add(row)
        table.add(Row(f"{title}: composite", "s", other.composite, base=(float(np.median(mine.composite)),)))
    table.say("    wradlib with its trees built before; Py-ART one level only; pycwr interpolates between gates; "
              "they give floats, ours are codes with height, source and age")  # fmt: skip


def interpreters() -> tuple[str, ...]:
    """Return the Pythons that peers are looked for in: this one, and those that `INTERPRETERS` names."""
    named = os.environ.get(INTERPRETERS, "").split(os.pathsep)
    return (sys.executable, *(path for path in named if path and Path(path).is_file()))


def _python_with(module: str) -> str | None:
    look = f"import importlib.util as u, sys; sys.exit(u.find_spec({module!r}) is None)"
    for python in interpreters():
        done = subprocess.run([python, "-c", look], capture_output=True, check=False, timeout=_LIMIT_S)  # noqa: S603
        if done.returncode == 0:
            return python
    return None


def _run(python: str, name: str, file: Path, sweeps: Path) -> dict[str, Any] | str:
    """Return what an adapter printed, or why it printed nothing."""
    command = [python, peer_adapters.__file__, name, str(file), str(sweeps)]
    try:
        done = subprocess.run(  # noqa: S603
            command,
            cwd=_ROOT,
            env={**os.environ, "PYTHONPATH": str(_ROOT) if name == "fengsui" else "", "PYTHONSAFEPATH": "1"},
            capture_output=True,
            text=True,
            check=False,
            timeout=_LIMIT_S,
        )
    except subprocess.TimeoutExpired:
        return f"took longer than {_LIMIT_S} s"
    try:
        figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    except (ValueError, IndexError):
        return f"broke off: {(done.stderr.strip().splitlines() or ['without a word'])[-1][:90]}"
    return figures


def _joined(rounds: Sequence[Any]) -> _Figures:
    read = tuple(value for one in rounds for value in one["read"])
    return _Figures(rounds[0]["version"], read, tuple(value for one in rounds for value in one["composite"]))


def _kept(volume: Volume, path: Path) -> Path:
    """Put a volume's reflectivity into a file that any numpy reads."""
    arrays: dict[str, Any] = {"cuts": len(volume.sweeps)}
    for index, sweep in enumerate(volume.sweeps):
        moment = sweep.moments["dBZ"]
        arrays |= {
            f"dbz{index}": moment.values(),
            f"azimuth{index}": sweep.azimuth_deg,
            f"elevation{index}": sweep.elevation_deg,
            f"gate_m{index}": moment.gate_m,
        }
    np.savez(path, **arrays)
    return path

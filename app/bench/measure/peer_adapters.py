"""One program's way through the same work, in a process of its own: ``python peer_adapters.py PEER FILE SWEEPS``.

Run by `app.bench.measure.peer_rows` with whatever Python has the peer. FILE is one volume as bz2, SWEEPS the
same cuts as arrays for those that read no such files. Prints JSON: version, seconds to read, seconds from
what was read to composite reflectivity on 1000 x 1000 cells of 1 km round the radar.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import sys
import time
import warnings
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

CELLS, HALF_M = 1000, 500_000.0
MOST_TURNS, LONG_S = 5, 2.0
AXIS = np.linspace(-HALF_M, HALF_M, CELLS)


def timed(act: Callable[[], object]) -> list[float]:
    """Return the seconds of some turns after one that does not count; of one alone where it is long."""
    out: list[float] = []
    while len(out) < MOST_TURNS + 1:
        start = time.perf_counter()
        act()
        out.append(time.perf_counter() - start)
        if out[-1] > LONG_S:
            break
    return out[1:] or out


def fengsui(file: str, _sweeps: str) -> dict[str, Any]:
    """Time ourselves: the table of the geometry is there, as it is in the console."""
    compose: Any = importlib.import_module("models.radar.compose")
    polar: Any = importlib.import_module("models.radar.polar")
    decoders: Any = importlib.import_module("models.radar.decoders")
    tables: Any = importlib.import_module("models.radar.tables")
    scene: Any = importlib.import_module("app.bench.measure.scene")
    area = scene.area_of(CELLS)
    volume = decoders.read(Path(file))

    def composite() -> object:
        footprint = polar.footprint_of(volume, step=scene.STEP)
        plane = compose.plane_of(footprint, tables.pixel_table(footprint.geometry, area))
        return compose.compose((plane,), area, at=volume.started_at, max_age=scene.STEP)

    return {"version": "", "read": timed(lambda: decoders.read(Path(file))), "composite": timed(composite)}


def pycwr(file: str, _sweeps: str) -> dict[str, Any]:
    """Time pycwr: every moment as floats; composite by its own polar interpolation."""
    peer: Any = importlib.import_module("pycwr.io")
    volume = peer.read_auto(file)
    read = timed(lambda: peer.read_auto(file))
    return {"version": version("pycwr"), "read": read, "composite": timed(lambda: volume.add_product_CR_xy(AXIS, AXIS))}


def cinrad(file: str, _sweeps: str) -> dict[str, Any]:
    """Time cinrad: every moment of every tilt as recorded; ``quick_cr`` of all tilts."""
    readers: Any = importlib.import_module("cinrad.io")
    calc: Any = importlib.import_module("cinrad.calc")

    def read() -> object:
        data = readers.StandardData(file)
        for tilt in range(len(data.el)):
            for product in data.available_product(tilt):
                if product in {"REF", "VEL", "SW", "ZDR", "RHO"}:
                    data.get_raw(tilt, 460, product)
        return data

    data: Any = read()
    tilts = [data.get_data(tilt, 460, "REF") for tilt in range(len(data.el))]
    return {
        "version": version("cinrad"),
        "read": timed(read),
        "composite": timed(lambda: calc.quick_cr(tilts, resolution=(CELLS, CELLS))),
    }


def wradlib(_file: str, sweeps: str) -> dict[str, Any]:
    """Time wradlib: nearest gate of each cut by trees that are built before, and their maximum."""
    ipol: Any = importlib.import_module("wradlib.ipol")
    x, y = np.meshgrid(AXIS, AXIS)
    target = np.column_stack([x.ravel(), y.ravel()])
    nearest, values = [], []
    for dbz, azimuth, elevation, gate_m in _cuts(sweeps):
        ground = (np.arange(dbz.shape[1]) + 0.5) * gate_m * np.cos(np.radians(elevation))
        turn = np.radians(azimuth)[:, None]
        nearest.append(
            ipol.Nearest(np.column_stack([(ground * np.sin(turn)).ravel(), (ground * np.cos(turn)).ravel()]), target)
        )
        values.append(dbz.ravel())

    def composite() -> object:
        return np.nanmax([near(value) for near, value in zip(nearest, values, strict=True)], axis=0)

    return {"version": version("wradlib"), "read": [], "composite": timed(composite)}


def pyart(_file: str, sweeps: str) -> dict[str, Any]:
    """Time Py-ART: all gates gridded at one level by the nearest one."""
    peer: Any = importlib.import_module("pyart")
    cuts = _cuts(sweeps)
    rays = np.array([azimuth.size for _, azimuth, _, _ in cuts])
    ends = np.cumsum(rays)
    data = {name: {"data": value} for name, value in {
        "time": np.arange(ends[-1]) * 0.05, "range": (np.arange(cuts[0][0].shape[1]) + 0.5) * cuts[0][3],
        "lat": np.array([26.7]), "lon": np.array([113.0]), "alt": np.array([200.0]), "number": np.arange(len(cuts)),
        "mode": np.array(["azimuth_surveillance"] * len(cuts)), "angle": np.array([cut[2] for cut in cuts]),
        "first": ends - rays, "last": ends - 1, "azimuth": np.concatenate([cut[1] for cut in cuts]),
        "elevation": np.repeat([cut[2] for cut in cuts], rays),
    }.items()}  # fmt: skip
    data["time"] |= {"units": "seconds since 2026-06-18T08:00:00Z"}
    field = {"reflectivity": {"data": np.ma.masked_invalid(np.concatenate([cut[0] for cut in cuts]))}}
    names = ("lat", "lon", "alt", "number", "mode", "angle", "first", "last", "azimuth", "elevation")
    radar = peer.core.Radar(data["time"], data["range"], field, {}, "ppi", *(data[name] for name in names))
    limits = ((3000.0, 3000.0), (-HALF_M, HALF_M), (-HALF_M, HALF_M))

    def composite() -> object:
        grid = peer.map.grid_from_radars
        return grid((radar,), (1, CELLS, CELLS), limits, fields=["reflectivity"], weighting_function="Nearest")

    return {"version": version("arm_pyart"), "read": [], "composite": timed(composite)}


def _cuts(sweeps: str) -> list[tuple[Any, Any, float, float]]:
    """Return (dbz (rays, gates) float32, azimuth (rays,), elevation, gate length m) of each cut."""
    with np.load(sweeps) as kept:
        count = int(kept["cuts"])
        return [
            (kept[f"dbz{i}"], kept[f"azimuth{i}"], float(kept[f"elevation{i}"]), float(kept[f"gate_m{i}"]))
            for i in range(count)
        ]


PEERS: dict[str, Callable[[str, str], dict[str, Any]]] = {
    "fengsui": fengsui, "pycwr": pycwr, "cinrad": cinrad, "wradlib": wradlib, "pyart": pyart,
}  # fmt: skip


def main() -> None:
    """Run one peer; what it prints itself is swallowed."""
    warnings.simplefilter("ignore")
    with contextlib.redirect_stdout(io.StringIO()):
        figures = PEERS[sys.argv[1]](sys.argv[2], sys.argv[3])
    print(json.dumps(figures))


if __name__ == "__main__":
    main()

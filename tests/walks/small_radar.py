"""A county with two radars and no more, and volumes for it that are read in a blink."""

from __future__ import annotations

import bz2
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import shapely

from app.office import Office
from app.office_new import make_office
from app.settings import ArchiveSection, DrillSection, OfficeSection, RadarSection, Settings
from models.geodesy import to_mercator
from models.radar.mosaic import Mosaic
from tests.models.radar import fmt_bytes

OPENED_AT = datetime(2026, 9, 10, 2, 0, tzinfo=UTC)
STEP = timedelta(minutes=6)
LAT_DEG = 23.5
HEALTHY, OTHER = "ZT001", "ZT002"
LON_DEG = {HEALTHY: 113.0, OTHER: 113.5}
DBZ = {HEALTHY: 30.0, OTHER: 40.0}
BESIDE = {HEALTHY: (112.8, LAT_DEG), OTHER: (113.7, LAT_DEG)}
"""A place 20 km off each radar that the other one does not reach."""

GATES, GATE_M = 40, 1000
ALL_ROUND = tuple(range(0, 360, 5))


def small_office(folder: Path) -> Office:
    """Make an office without towns, points and heights: an outline and two radars 51 km apart."""
    outline = folder.with_name(f"{folder.name}.geojson")
    shape = json.loads(shapely.to_geojson(shapely.box(112.7, 23.2, 113.8, 23.8)))
    outline.write_text(json.dumps({"type": "Feature", "properties": {}, "geometry": shape}), encoding="utf-8")
    settings = Settings(
        office=OfficeSection(name="试验县", adcode="990099", exercise=True),
        drill=DrillSection(adcodes=("990099",), phones=("000",)),
        archive=ArchiveSection(frames=False),
        radar=tuple(
            RadarSection(code=code, name=name, lon_deg=LON_DEG[code], lat_deg=LAT_DEG, altitude_m=120)
            for code, name in ((HEALTHY, "甲山"), (OTHER, "乙岭"))
        ),
    )
    return make_office(folder, settings, boundary=outline, now=OPENED_AT).office


def dbz(value: float, *, gates: int = GATES) -> bytes:
    """Return one ray's reflectivity, the same in every gate."""
    return fmt_bytes.moment(2, (2, 66, 1, bytes([round(2 * value + 66)]) * gates))


def cut(
    number: int,
    at: datetime,
    moments: Sequence[bytes],
    *,
    last: bool = False,
    azimuths: Sequence[float] = ALL_ROUND,
    late_s: Sequence[int] | None = None,
) -> bytes:
    """Return the rays of one cut; ``late_s`` is how long after ``at`` each of them was measured."""
    begun_s = int(at.timestamp())
    seconds = [begun_s + late for late in (late_s or [number] * len(azimuths))]
    return fmt_bytes.turn(number, 0.5 * number, moments, azimuths=azimuths, seconds=seconds, end=4 if last else 2)


def head(
    code: str,
    at: datetime,
    *,
    lon_deg: float | None = None,
    lat_deg: float = LAT_DEG,
    gates_m: Sequence[int] = (GATE_M, GATE_M),
    announced: int | None = None,
) -> bytes:
    """Return everything before the radials of a volume of as many cuts as there are lengths of gates."""
    cuts = [fmt_bytes.cut_header(0.5 * (n + 1), log_gate=m, doppler_gate=m) for n, m in enumerate(gates_m)]
    lon = LON_DEG.get(code, 113.25) if lon_deg is None else lon_deg
    place = {"lon": lon, "lat": lat_deg, "code": code.encode(), "name": code.encode()}
    return fmt_bytes.head(cuts, started_s=int(at.timestamp()), announced=announced, **place)  # type: ignore[arg-type]


def volume(code: str, at: datetime, *, lon_deg: float | None = None, lat_deg: float = LAT_DEG) -> bytes:
    """Return a good volume of two cuts: one value all round, out to 40 km."""
    rays = [dbz(DBZ.get(code, 20.0))]
    return head(code, at, lon_deg=lon_deg, lat_deg=lat_deg) + cut(1, at, rays) + cut(2, at, rays, last=True)


def name_of(code: str, at: datetime, ending: str = "bin.bz2") -> str:
    """Return the name under which a radar sends a volume."""
    return f"Z_RADR_I_{code}_{at:%Y%m%d%H%M%S}_O_DOR_SA_CAP_FMT.{ending}"


def packed(data: bytes) -> bytes:
    return bz2.compress(data)


def value_at(mosaic: Mosaic, lon_deg: float, lat_deg: float) -> float:
    """Return what a frame says of a place, NaN where nobody sees, -inf where nothing is."""
    x, y = to_mercator(np.array([lon_deg]), np.array([lat_deg]))
    row, column = (int(v[0]) for v in mosaic.area.cells_of(x, y))
    return float(mosaic.quantity.decode(mosaic.codes[row : row + 1, column])[0])

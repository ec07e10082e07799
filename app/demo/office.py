"""Makes the demo office: the fictional county in a folder, as ``office new`` makes one, with its first half hour."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from datetime import date
from itertools import chain
from pathlib import Path

import numpy as np

from app.demo import deliveries
from app.demo.base_map import write_base_map
from app.demo.county import write_geojson
from app.demo.gauges import gauges
from app.demo.geotiff import write_grid
from app.demo.people import EXERCISE_PINS, STAFF
from app.demo.photos import write_photos
from app.demo.places import places
from app.demo.radars import RADARS
from app.demo.register import SOIL_DATE
from app.demo.registers import records
from app.demo.scene import (
    COUNTY_CODE,
    HALF_HEIGHT_KM,
    HALF_WIDTH_KM,
    HISTORY_AT,
    KM_PER_LAT_DEG,
    KM_PER_LON_DEG,
    OFFICE_NAME,
    OFFICE_NAME_EN,
    OPENING_AT,
    SEED,
    to_lonlat,
)
from app.demo.terrain import build_terrain
from app.demo.zoning import write_zoning, zoning_layers
from app.office import Office, open_office
from app.office_new import make_office
from app.settings import BaseMapSection, DrillSection, GroundSection, OfficeSection, RadarSection, Settings, SoilSection
from models.store import observations, people, registers
from models.store import places as place_rows
from models.store.database import Database, Store

MARKER = "demo.json"
BASE_MAP = "maps/base-map.mbtiles"
EDITION = 3
_MARK = {"seed": SEED, "edition": EDITION, "opening_at": OPENING_AT.isoformat()}

Progress = Callable[[str, float], None]


def open_or_build(folder: Path, progress: Progress) -> Office:
    """Return the demo office in a folder: the one that lies there if it is of this edition, else a new one.

    Raises
    ------
    SettingsError
        ``office.not_empty`` or ``office.exists`` if something else lies there.
    """
    return open_office(folder) if is_demo_office(folder) else build_demo_office(folder, progress)


def is_demo_office(folder: Path) -> bool:
    """Say whether a whole demo office of this edition lies in a folder."""
    try:
        return bool(json.loads((folder / MARKER).read_text(encoding="utf-8")) == _MARK)
    except (OSError, ValueError):
        return False


def build_demo_office(folder: Path, progress: Progress) -> Office:
    """Make the demo office in a new or empty folder and return it.

    Parameters
    ----------
    folder : Path
        New or empty.
    progress : callable
        Called with a step (a key of ``phrases/demo.toml`` under ``step``) and the part done, 0 to 1.

    Notes
    -----
    In the inbox lies what came up to `OPENING_AT`: earlier rain as one gauge
    file and six archived hours, then volumes and reports of half an hour.
    """
    progress("ground", 0.0)
    build_terrain()
    progress("county", 0.4)
    all_places = places()
    progress("register", 0.5)
    all_records, all_gauges = records(), gauges()
    progress("office", 0.56)
    with tempfile.TemporaryDirectory() as aside:
        county, towns = write_geojson(Path(aside))
        dem = write_heights(Path(aside) / "dem.tif")
        office = make_office(
            folder, demo_settings(), boundary=county, towns=towns, dem=dem, now=HISTORY_AT, language="zh"
        ).office
        # Wider than the county needs, so that the base map has no edge on a wide screen.
        shutil.copyfile(dem, office.dem_path)
    (folder / BASE_MAP).parent.mkdir(exist_ok=True)
    write_base_map(folder / BASE_MAP)
    write_zoning(folder)
    write_photos(folder / "photos")

    def fill(db: Database) -> None:
        place_rows.replace(db, all_places, actor="system", at=HISTORY_AT)
        registers.put(db, chain.from_iterable(all_records.values()), actor="system", at=HISTORY_AT)
        observations.replace_gauges(db, all_gauges)
        for person in STAFF:
            people.add(db, person, EXERCISE_PINS[person.id], actor="system", at=HISTORY_AT)

    progress("people", 0.62)
    with Store.open(office.store_path) as store:
        store.write_now(fill)
    progress("rain", 0.7)
    files = deliveries.earlier() + deliveries.due(HISTORY_AT, OPENING_AT)
    for number, file in enumerate(files):
        file.write(office.inbox)
        progress("rain", 0.7 + 0.3 * (number + 1) / len(files))
    (folder / MARKER).write_text(json.dumps(_MARK), encoding="utf-8")
    return office


def demo_settings() -> Settings:
    """Return what ``office.toml`` of the demo office says: an exercise, with its drill range and wet soil."""
    return Settings(
        office=OfficeSection(name=OFFICE_NAME, name_en=OFFICE_NAME_EN, adcode=COUNTY_CODE, exercise=True),
        drill=DrillSection(adcodes=(COUNTY_CODE,), phones=("000",)),
        ground=GroundSection(source="演练资料，程序生成", on=date(2024, 12, 31)),
        soil=SoilSection(state="wet", on=date.fromisoformat(SOIL_DATE)),
        radar=tuple(
            RadarSection(
                code=r.code,
                name=r.name,
                lon_deg=r.lon_deg,
                lat_deg=r.lat_deg,
                altitude_m=float(r.antenna_m),
                band="S" if r.frequency_mhz < 4000 else "X",
                step_min=int(r.step.total_seconds() // 60),
            )
            for r in RADARS
        ),
        layer=zoning_layers(),
        base_map=(
            BaseMapSection(
                name="演练底图",
                name_en="Exercise map",
                file=BASE_MAP,
                attribution="演练数据",
                attribution_en="exercise data",
            ),
        ),
    )


def write_heights(path: Path) -> Path:
    """Write the ground as a GeoTIFF in m above the sea and return its path."""
    terrain = build_terrain()
    west, north = to_lonlat(-HALF_WIDTH_KM, HALF_HEIGHT_KM)
    cell = terrain.cell_km / KM_PER_LON_DEG, terrain.cell_km / KM_PER_LAT_DEG
    values = np.round(terrain.height_m, 1).astype(np.float32)
    return write_grid(
        path, values, west_deg=float(west), north_deg=float(north), cell_deg=cell, tags={"PRODUCT": "dem", "UNIT": "m"}
    )

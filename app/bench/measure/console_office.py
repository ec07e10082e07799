"""The office of the console's bench: the exercise's, without its rain, one register grown to so many records."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

from app.bench.measure.console_cost import REGISTER
from app.demo.office import build_demo_office
from app.demo.scene import HISTORY_AT, SEED
from models.store import registers
from models.store.database import Store

_AROUND_DEG = 0.05


def make_console_office(folder: Path, records: int) -> None:
    """Make the office; the register's records stand in it again and again, near by and under names of their own."""
    office = build_demo_office(folder, lambda _step, _done: None)
    for file in office.inbox.iterdir():
        file.unlink()
    rng = random.Random(SEED)
    with Store.open(office.store_path) as store:
        its = store.read(lambda db: registers.records(db, REGISTER))
        made = []
        for number in range(len(its), records):
            one = its[number % len(its)]
            lon_deg, lat_deg = (
                None if at is None else at + rng.uniform(-_AROUND_DEG, _AROUND_DEG) for at in (one.lon_deg, one.lat_deg)
            )
            id_, name = f"{one.id}-{number}", f"{one.name}{number}"
            made.append(replace(one, id=id_, name=name, lon_deg=lon_deg, lat_deg=lat_deg))
        store.write_now(lambda db: registers.put(db, made, actor="bench", at=HISTORY_AT))

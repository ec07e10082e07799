"""All registers of the exercise, as they are written into the store of the demo office."""

from __future__ import annotations

from functools import cache

from app.demo import (
    registers_exposed,
    registers_ground,
    registers_hazards,
    registers_people,
    registers_roads,
    registers_stations,
)
from models.register.record import Record


@cache
def records() -> dict[str, tuple[Record, ...]]:
    """Return the records of every register by its name; the same for every call.

    Positions lie inside the county, all but that of one radar. Numbers begin with
    000, the drill range, so that none can belong to anybody.
    """
    return {
        "hazard_points": registers_hazards.point_records(),
        "hazard_zones": registers_ground.hazard_zones(),
        "past_events": registers_hazards.past_events(),
        "shelters": registers_hazards.shelters(),
        "routes": registers_hazards.routes(),
        "warning_units": registers_ground.warning_units(),
        "grid_cells": registers_ground.grid_cells(),
        "basins": registers_ground.basins(),
        "people": registers_people.people(),
        "warning_terminals": registers_people.warning_terminals(),
        "village_stations": registers_people.village_stations(),
        "villages_six": registers_people.villages_six(),
        "key_units": registers_exposed.key_units(),
        "building_sites": registers_exposed.building_sites(),
        "scenic_areas": registers_exposed.scenic_areas(),
        "attractions": registers_exposed.attractions(),
        "road_stretches": registers_roads.road_stretches(),
        "stations": registers_stations.stations(),
        "radars": registers_stations.radars(),
        "sensors": registers_stations.sensors(),
        "rescue_teams": registers_stations.rescue_teams(),
        "stores": registers_stations.stores(),
    }

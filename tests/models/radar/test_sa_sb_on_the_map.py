"""The real SB volume round its radar: echoes lie above the gates that hold them, to half a kilometer."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from models.radar.beam import ground_range
from models.radar.decoders import read
from models.radar.footprint import PolarGeometry, codes_of
from models.radar.polar import footprint_of
from models.radar.quantity import CR
from models.radar.volume import Volume
from tests import data


def test_strong_gates_stand_in_the_footprint_where_the_file_has_their_centers() -> None:
    volume = read(next(data.need("radar/cinrad_base").glob("*Z9398*")))
    assert isinstance(volume, Volume)
    footprint = footprint_of(volume, step=timedelta(minutes=6))
    geometry = footprint.geometry
    assert isinstance(geometry, PolarGeometry)
    assert geometry.bin_m == 500.0
    codes = codes_of(footprint.cells).ravel()
    found = strong = 0
    for sweep in volume.sweeps[:3:2]:
        z = sweep.moments["dBZ"]
        values = z.values()
        rays, gates = np.nonzero(values > 45)
        ground = ground_range(np.asarray(z.start_m + (gates + 0.5) * z.gate_m, np.float64), sweep.elevation_deg)
        for nudge_m in (-200.0, 200.0):
            azimuth = np.radians(sweep.azimuth_deg[rays].astype(float))
            cells = geometry.cells_at((ground + nudge_m) * np.sin(azimuth), (ground + nudge_m) * np.cos(azimuth))
            found += int((codes[cells] >= CR.encode(values[rays, gates])).sum())
            strong += rays.size
    assert strong > 1000
    assert found / strong > 0.95, "but where two rays of one turn overlap"

"""What must hold of every reading, however odd its file was."""

from __future__ import annotations

import math
from datetime import UTC

import numpy as np

from models.radar.product import Grid, Product, Reading
from models.radar.volume import Site, Sweep, Volume

MOST_CUTS = 256
MOST_MOMENTS = 64
MOST_GATES = 8192
MOST_RADIALS = 100_000
MOST_CELLS = 100_000_000


def check(reading: Reading) -> None:
    """Raise AssertionError where a reading is beyond what any radar does."""
    assert reading.format
    assert reading.layout
    assert reading.started_at.tzinfo is UTC
    assert 1950 <= reading.started_at.year < 2200, reading.started_at
    if isinstance(reading, Grid):
        _check_grid(reading)
        return
    _check_site(reading.site)
    if isinstance(reading, Volume):
        _check_volume(reading)
    else:
        _check_product(reading)


def _check_site(site: Site) -> None:
    assert math.isnan(site.lat_deg) == math.isnan(site.lon_deg)
    assert math.isnan(site.lat_deg) or (abs(site.lat_deg) <= 90 and abs(site.lon_deg) <= 180), site
    assert not (site.lat_deg == 0 and site.lon_deg == 0), site
    assert math.isnan(site.altitude_m) or -1000 <= site.altitude_m <= 10_000, site


def _check_volume(volume: Volume) -> None:
    assert 0 < len(volume.sweeps) <= MOST_CUTS
    assert sum(sweep.azimuth_deg.size for sweep in volume.sweeps) <= MOST_RADIALS
    assert volume.error is not None or volume.announced >= 0
    for sweep in volume.sweeps:
        _check_sweep(sweep)


def _check_sweep(sweep: Sweep) -> None:
    rays = sweep.azimuth_deg.size
    assert rays > 0
    assert sweep.azimuth_deg.shape == sweep.ray_elevation_deg.shape == sweep.blanked.shape
    assert np.isfinite(sweep.azimuth_deg).all()
    assert np.isfinite(sweep.ray_elevation_deg).all()
    assert ((sweep.azimuth_deg >= 0) & (sweep.azimuth_deg <= 360)).all(), sweep.azimuth_deg
    assert (abs(sweep.ray_elevation_deg) <= 181).all(), sweep.ray_elevation_deg
    assert abs(sweep.elevation_deg) <= 181, sweep.elevation_deg
    assert sweep.started_at.tzinfo is UTC
    assert 0 < len(sweep.moments) <= MOST_MOMENTS
    for name, moment in sweep.moments.items():
        assert name == moment.name
        assert moment.codes.ndim == 2
        assert moment.codes.shape[0] == rays, name
        assert moment.codes.shape[1] <= MOST_GATES, name
        assert moment.codes.dtype in (np.uint8, np.uint16), name
        assert math.isfinite(moment.scale), name
        assert moment.scale != 0, name
        assert math.isfinite(moment.offset), name
        assert math.isfinite(moment.start_m), name
        assert 0 < moment.gate_m <= 10_000, (name, moment.gate_m)


def _check_product(product: Product) -> None:
    for raster in product.rasters:
        assert raster.codes.ndim == 2
        assert raster.codes.size <= MOST_CELLS
        assert 0 < raster.cell_m < 1e6
        assert 0 < raster.row_m < 1e6
    for radial in product.radials:
        rays = radial.azimuth_deg.size
        assert radial.codes.ndim == 2
        assert radial.codes.shape[0] == rays == radial.width_deg.size
        assert rays <= MOST_RADIALS
        assert radial.codes.size <= MOST_CELLS
        assert np.isfinite(radial.azimuth_deg).all()
        assert np.isfinite(radial.width_deg).all()
        assert 0 < radial.gate_m <= 100_000
    for table in product.tables:
        assert all(len(row) == len(table.columns) for row in table.rows), table.name


def _check_grid(grid: Grid) -> None:
    assert grid.codes.ndim == 3
    assert grid.codes.size <= MOST_CELLS
    assert len(grid.heights_m) == grid.codes.shape[0]
    assert all(math.isfinite(value) for value in grid.transform)
    assert all(field.shape[-2:] == grid.codes.shape[1:] for field in grid.quality.values())

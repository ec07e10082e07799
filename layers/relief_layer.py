"""Shaded relief under the map, gray so that it never speaks louder than a level."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from layers.color_table import ColorTable
from layers.grid_layer import GridLayer
from layers.stack import Storey
from models.geodesy import mercator_scale, to_lonlat
from models.grid import GridArea

# Codes of a relief: 0 nothing known, 1 full shadow .. 255 full light; flat ground is in between.
_FLAT = 180
_SUN_AZIMUTH_DEG = 315.0
_SUN_ALTITUDE_DEG = 45.0


def hillshade(elevation_m: NDArray[np.float32], area: GridArea, *, exaggeration: float = 3.0) -> NDArray[np.uint8]:
    """Return how light each cell lies with the sun in the north-west.

    Parameters
    ----------
    elevation_m : (rows, columns) float32, m
        Height of the ground, row 0 north; NaN where unknown.
    area : GridArea
        Where the raster lies.
    exaggeration : float
        Heights are multiplied by it, so that hills show at the scale of a county.

    Returns
    -------
    (rows, columns) uint8
        0 where unknown, else 1 (shadow) to 255 (light); flat ground is 180.

    Notes
    -----
    Source: Horn (1981), Hill shading and the reflectance map, Proc. IEEE 69, 14-47.
    """
    _, lat_deg = to_lonlat(np.array([area.west_m]), np.array([(area.north_m + area.south_m) / 2]))
    ground_m = area.cell_m / mercator_scale(float(lat_deg[0]))
    to_south, to_east = np.gradient(elevation_m.astype(np.float64) * exaggeration, ground_m)
    altitude, azimuth = np.radians(_SUN_ALTITUDE_DEG), np.radians(_SUN_AZIMUTH_DEG)
    # Sun's direction as (east, north, up); the surface normal is (-dz/dx, -dz/dy, 1).
    sun_east, sun_north, sun_up = (
        np.cos(altitude) * np.sin(azimuth),
        np.cos(altitude) * np.cos(azimuth),
        np.sin(altitude),
    )
    light = (-to_east * sun_east + to_south * sun_north + sun_up) / np.sqrt(1 + to_east**2 + to_south**2)
    codes = np.clip(np.round(_FLAT + (light - sun_up) * (255 - _FLAT) / (1 - sun_up)), 1, 255)
    return np.where(np.isnan(light), 0, codes).astype(np.uint8)


def relief_layer(elevation_m: NDArray[np.float32], area: GridArea, *, name: str = "relief") -> GridLayer:
    """Return the relief of a height model as a layer; see `hillshade` for the array."""
    return GridLayer(name, area, hillshade(elevation_m, area), RELIEF_COLORS, Storey.GROUND, smooth=True)


def _grays(shadow: float, flat: float, light: float) -> NDArray[np.uint8]:
    """Return 256 opaque grays: from shadow over flat ground to light."""
    code = np.arange(256)
    gray = np.interp(code, [1, _FLAT, 255], [shadow, flat, light])
    rgba = np.repeat(gray.round().astype(np.uint8)[:, None], 4, axis=1)
    rgba[:, 3] = 255
    rgba[0] = 0
    return rgba


RELIEF_COLORS = ColorTable("relief", "", _grays(150, 250, 255), (), _grays(6, 26, 104))

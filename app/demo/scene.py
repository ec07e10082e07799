"""Where and when the exercise plays: one place, one night, one seed.

Nothing here is taken from a real county: the frame only needs some ground to
stand on, and the shapes inside it are drawn from `SEED`.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import ArrayLike

from models.geodesy import FloatArray

SEED = 990001
COUNTY_CODE = "990001"
COUNTY_NAME = "青岚县"
OFFICE_NAME = "青岚县气象台"
OFFICE_NAME_EN = "Qinglan County Meteorological Office"

CENTER_LON_DEG = 107.0
CENTER_LAT_DEG = 29.2
KM_PER_LAT_DEG = 110.85
KM_PER_LON_DEG = 97.29

# The base map reaches this far round the center, west-east and south-north.
HALF_WIDTH_KM = 64.0
HALF_HEIGHT_KM = 48.0

# Beijing time is 8 hours ahead; the night of 18 June begins on the 17th in UTC.
EARLIER_RAIN_AT = datetime(2026, 6, 17, 12, 0, tzinfo=UTC)  # 20:00, earlier rain is archived from here on
HISTORY_AT = datetime(2026, 6, 17, 18, 0, tzinfo=UTC)  # 02:00, the first volumes
OPENING_AT = datetime(2026, 6, 17, 18, 30, tzinfo=UTC)  # 02:30, the drill clock starts here
CLOSING_AT = datetime(2026, 6, 17, 20, 15, tzinfo=UTC)  # 04:15, the storm is over
STORM_FROM_AT = CLOSING_AT - timedelta(hours=3)  # 01:15, the first cells


def to_km(lon_deg: ArrayLike, lat_deg: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return ``(east_km, north_km)`` from the middle of the county; equirectangular, NaN stays NaN."""
    lon, lat = np.asarray(lon_deg, np.float64), np.asarray(lat_deg, np.float64)
    return (lon - CENTER_LON_DEG) * KM_PER_LON_DEG, (lat - CENTER_LAT_DEG) * KM_PER_LAT_DEG


def to_lonlat(east_km: ArrayLike, north_km: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return ``(lon_deg, lat_deg)`` of km from the middle of the county; inverse of `to_km`."""
    east, north = np.asarray(east_km, np.float64), np.asarray(north_km, np.float64)
    return east / KM_PER_LON_DEG + CENTER_LON_DEG, north / KM_PER_LAT_DEG + CENTER_LAT_DEG

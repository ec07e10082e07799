"""The three radars of the exercise: where they stand and how they scan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod

from models.geodesy import FloatArray


@dataclass(frozen=True, slots=True)
class RadarSite:
    """A radar: its antenna, its scan, and what it cannot see.

    ``blanked_deg`` is a sector (from, to) in which the transmitter is off;
    ``noise_dbz_1km`` the weakest echo it sees at 1 km. ``delay`` is the time
    from the start of a volume until its file arrives.
    """

    code: str
    name: str
    lon_deg: float
    lat_deg: float
    antenna_m: int
    ground_m: int
    kind: int
    frequency_mhz: float
    beam_deg: float
    gain_cdb: int
    gate_m: int
    gates: int
    elevations_deg: tuple[float, ...]
    nyquist_ms: float
    prf_hz: float
    step: timedelta
    first_second: int
    cut_s: float
    noise_dbz_1km: float
    blanked_deg: tuple[float, float] | None = None

    @property
    def delay(self) -> timedelta:
        """Whole minutes until the volume lies in the inbox."""
        return timedelta(minutes=1 + int(self.first_second + self.cut_s * len(self.elevations_deg)) // 60)


S_BAND = RadarSite(
    "QLS01", "青岚山", 107.4284, 28.9789, 699, 674, kind=1, frequency_mhz=2885.0, beam_deg=0.96, gain_cdb=4480, gate_m=500, gates=460,
    elevations_deg=(0.5, 1.5, 2.4, 4.3), nyquist_ms=27.5, prf_hz=1014.0, step=timedelta(minutes=6), first_second=9, cut_s=24.0,
    noise_dbz_1km=-44.0, blanked_deg=(296.2, 301.4),
)  # fmt: skip
X_EAST = RadarSite(
    "QLX01", "柳塘", 107.1939, 29.1382, 641, 616, kind=65, frequency_mhz=9400.0, beam_deg=0.98, gain_cdb=4450, gate_m=150, gates=280,
    elevations_deg=(1.5, 3.6, 7.2), nyquist_ms=24.0, prf_hz=2000.0, step=timedelta(minutes=2), first_second=4, cut_s=18.0,
    noise_dbz_1km=-36.0,
)  # fmt: skip
X_SOUTH = RadarSite(
    "QLX02", "枫香", 106.8765, 29.0936, 623, 598, kind=65, frequency_mhz=9430.0, beam_deg=0.98, gain_cdb=4450, gate_m=150, gates=280,
    elevations_deg=(1.5, 3.6, 7.2), nyquist_ms=24.0, prf_hz=2000.0, step=timedelta(minutes=2), first_second=7, cut_s=18.0,
    noise_dbz_1km=-36.0, blanked_deg=(318.0, 344.0),
)  # fmt: skip
RADARS: tuple[RadarSite, ...] = (S_BAND, X_EAST, X_SOUTH)


def volume_starts(site: RadarSite, after: datetime, until: datetime) -> Iterator[datetime]:
    """Yield the starts of all volumes whose file arrives after ``after`` up to and with ``until``."""
    midnight = datetime(after.year, after.month, after.day, tzinfo=after.tzinfo)
    count = int((after - site.delay - midnight) / site.step) - 1
    while True:
        slot = midnight + count * site.step
        if slot + site.delay > until:
            return
        if slot + site.delay > after:
            yield slot + timedelta(seconds=site.first_second)
        count += 1


def seen_by(site: RadarSite, lon_deg: FloatArray, lat_deg: FloatArray) -> NDArray[np.bool_]:
    """Say which places lie in a radar's range and outside its blanked sector; shape of ``lon_deg``."""
    lon, lat = np.asarray(lon_deg, float), np.asarray(lat_deg, float)
    azimuth, _, distance = Geod(ellps="WGS84").inv(
        np.full_like(lon, site.lon_deg), np.full_like(lat, site.lat_deg), lon, lat
    )
    seen = np.asarray(distance) < site.gate_m * site.gates
    if site.blanked_deg is not None:
        low, high = site.blanked_deg
        turned = np.asarray(azimuth) % 360.0
        seen &= (turned < low - 0.5) | (turned > high + 0.5)
    return np.asarray(seen, np.bool_)

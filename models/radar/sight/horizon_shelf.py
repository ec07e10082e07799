"""Horizons kept on disk, one for each place of a radar and height model; and the blockage they give."""

from __future__ import annotations

import hashlib
import json
import math
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.radar.footprint import AZIMUTH_BINS, PolarGeometry
from models.radar.sight.blockage import WIDEST_BEAM_DEG, Horizon, blockage_of, horizon_of
from models.radar.sight.heights import heights_round
from models.radar.volume import Site

USUAL_BEAM_WIDTH_DEG = 1.0
"""Taken where neither the register nor the file says how wide a radar's beam is."""

MOST_FILES = 200
_MADE_BY = 1  # changes when a horizon is worked out in another way, so that old files are left alone
_DIGEST_BYTES = 32
_HEAD_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class SiteBlockage:
    """Says how much of a beam the ground takes, as `models.radar.polar` asks for it; goes to a worker as it is.

    ``folder`` is where horizons are kept; ``dem`` the office's heights, which need not be there;
    ``beam_width_deg`` by radar code, `USUAL_BEAM_WIDTH_DEG` for all others.
    """

    folder: Path
    dem: Path
    beam_width_deg: Mapping[str, float] = field(default_factory=dict)

    def __call__(self, site: Site, elevation_deg: float, geometry: PolarGeometry) -> NDArray[np.uint8] | None:
        """Return percent (AZIMUTH_BINS, bins) uint8 as `blockage_of`, None where nothing can be known of this radar.

        Raises
        ------
        DataError
            ``layers.unreadable`` or ``layers.no_crs`` if the heights are there and cannot be read.
        """
        horizon = self.horizon(site, geometry)
        if horizon is None:
            return None
        width = self.beam_width_deg.get(site.code, math.nan)
        return blockage_of(horizon, elevation_deg, width if 0 < width <= WIDEST_BEAM_DEG else USUAL_BEAM_WIDTH_DEG)

    def horizon(self, site: Site, geometry: PolarGeometry) -> Horizon | None:
        """Return a radar's horizon, None without heights or without the height of its antenna."""
        if not (site.placed and math.isfinite(site.altitude_m) and self.dem.is_file()):
            return None
        return kept_horizon(self.folder, self.dem, geometry, site.altitude_m)


def kept_horizon(folder: Path, dem: Path, geometry: PolarGeometry, antenna_m: float) -> Horizon:
    """Return a horizon from its file, or work it out and keep it.

    Parameters
    ----------
    folder : Path
        Where horizons are kept; made if it is not there. If it cannot be written, nothing is kept.
    dem : Path
        The heights. Another size, time or head makes another horizon.
    geometry : PolarGeometry
        The radar's place and bins.
    antenna_m : float
        Height of the antenna above sea level.

    Raises
    ------
    DataError
        ``layers.unreadable`` or ``layers.no_crs`` if the heights cannot be read.
    """
    return _horizon(folder, dem, geometry, antenna_m, _identity(dem))


@lru_cache(maxsize=12)
def _horizon(folder: Path, dem: Path, geometry: PolarGeometry, antenna_m: float, identity: str) -> Horizon:
    told = [_MADE_BY, geometry.lon_deg, geometry.lat_deg, geometry.bin_m, geometry.bins, antenna_m, identity]
    path = folder / f"{hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]}.horizon"
    kept = _load(path, geometry, antenna_m)
    if kept is not None:
        return kept
    horizon = horizon_of(heights_round(dem, geometry), antenna_m)
    with suppress(OSError):  # without room on the disk it is worked out again next time
        _keep(path, horizon)
    return horizon


def _identity(dem: Path) -> str:
    """Return what tells one height model from another without reading all of it."""
    try:
        told = dem.stat()
        with dem.open("rb") as file:
            head = hashlib.sha256(file.read(_HEAD_BYTES)).hexdigest()
    except OSError:  # reading the heights will say why
        return ""
    return f"{told.st_size} {told.st_mtime_ns} {head}"


def _load(path: Path, geometry: PolarGeometry, antenna_m: float) -> Horizon | None:
    """Return the horizon in a file, None if there is none, it is another radar's, or a byte of it is wrong."""
    cells = AZIMUTH_BINS * geometry.bins
    size = _DIGEST_BYTES + 4 * (cells + AZIMUTH_BINS)
    try:
        data = path.read_bytes() if path.stat().st_size == size else b""
    except OSError:
        return None
    if len(data) != size or _digest(path.name, data[_DIGEST_BYTES:]) != data[:_DIGEST_BYTES]:
        return None
    angle = np.frombuffer(data, "<f4", cells, _DIGEST_BYTES).reshape(AZIMUTH_BINS, geometry.bins)
    known = np.frombuffer(data, "<i4", AZIMUTH_BINS, _DIGEST_BYTES + 4 * cells)
    return Horizon(geometry, antenna_m, angle, known)


def _keep(path: Path, horizon: Horizon) -> None:
    """Write a horizon whole or not at all, and let the oldest files go when there are too many."""
    body = horizon.angle_deg.astype("<f4").tobytes() + horizon.known.astype("<i4").tobytes()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(_digest(path.name, body) + body)
        Path(part).replace(path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise
    files = sorted(path.parent.glob("*.horizon"), key=lambda file: file.stat().st_mtime_ns)
    for old in files[:-MOST_FILES]:
        old.unlink(missing_ok=True)


def _digest(name: str, body: bytes) -> bytes:
    """Return the digest of a file under its name, so that a horizon under another radar's name is seen."""
    return hashlib.sha256(name.encode() + body).digest()

"""A sweep as xradar gives it, made one of ours."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.errors import DataError
from models.radar.layouts.code_values import Place, Stored, coded
from models.radar.layouts.foreign_formats import named
from models.radar.oddity import Oddity
from models.radar.volume import Moment, Sweep

MOST_RAYS = 100_000
MOST_GATES = 8192
MOST_MOMENTS = 64
WIDEST_GAP_DEG = 10.0

NAMES = {
    "DBZH": "dBZ", "DBZ": "dBZ", "REF": "dBZ", "reflectivity": "dBZ", "TH": "dBT", "DBTH": "dBT", "DBT": "dBT",
    "VRADH": "V", "VRAD": "V", "VEL": "V", "VR": "V", "velocity": "V", "WRADH": "W", "WRAD": "W", "WIDTH": "W",
    "SW": "W", "spectrum_width": "W", "ZDR": "ZDR", "differential_reflectivity": "ZDR", "LDR": "LDR", "RHOHV": "CC",
    "RHO": "CC", "cross_correlation_ratio": "CC", "PHIDP": "PhiDP", "PHI": "PhiDP", "differential_phase": "PhiDP",
    "KDP": "KDP", "specific_differential_phase": "KDP", "SQIH": "SQI", "SQI": "SQI", "NCP": "SQI", "SNRH": "SNRH",
    "SNR": "SNRH", "SNRV": "SNRV",
}  # fmt: skip
"""What ODIM, CfRadial and NEXRAD call a moment, and what this house calls it."""

_FILL = ("_FillValue", "missing_value")


@dataclass(slots=True)
class Notes:
    """What is to be said of a volume's sweeps.

    ``left`` are fields that are no moments of this house, ``broken`` the fields of each cut that
    could not be read, with the reader's words for the first.
    """

    oddities: list[Oddity] = field(default_factory=list)
    left: set[str] = field(default_factory=set)
    broken: dict[int, list[str]] = field(default_factory=dict)
    cause: str = ""


def sweep_of(sweep: Any, number: int, *, file: str, notes: Notes, nan_is_below: bool = False) -> Sweep:
    """Return one of xradar's sweeps, read without masks and scales.

    Parameters
    ----------
    sweep : xarray.Dataset
        Of ``open_dataset(..., mask_and_scale=False, first_dim="time")``: rays in their order in time.
    number : int
        Of the cut, from 1.
    file : str
        What errors call the file.
    notes : Notes
        Takes what is strange, and which fields were not read.
    nan_is_below : bool
        Whether the format has one word for "below the threshold" and "not scanned".

    Raises
    ------
    DataError
        ``radar.foreign_bounds``, ``radar.foreign_rays``, ``radar.uneven_gates``, ``radar.foreign_time``,
        ``radar.moment_scale`` and ``radar.moment_span`` where the sweep is none, ``radar.foreign_no_moment``
        where none of its moments can be read.
    """
    azimuth, ray_elevation, at = _rays(sweep, file, number)
    gate_m, start_m = _gates(sweep, file, number)
    place = Place(file, number, "", gate_m, start_m)
    moments = _moments(sweep, azimuth.size, place, notes, nan_is_below=nan_is_below)
    if not moments and number in notes.broken:
        facts = {"moments": ", ".join(notes.broken[number]), "byte": "?", "cause": notes.cause}
        raise DataError("radar.moments_unreadable", file=file, cut=number, **facts)
    if not moments:
        raise DataError("radar.foreign_no_moment", file=file, cut=number)
    rhi = scan_of(sweep) == "rhi"
    fixed = _number(sweep, "sweep_fixed_angle")
    median = round(float(np.median(ray_elevation)), 4)
    if rhi:
        azimuth = np.full_like(azimuth, fixed % 360) if math.isfinite(fixed) else azimuth
    return Sweep(
        number=number,
        elevation_deg=median if rhi else agreed_elevation(fixed, median, number, notes.oddities),
        azimuth_deg=azimuth,
        ray_elevation_deg=ray_elevation,
        blanked=np.zeros(azimuth.size, bool),
        moments=moments,
        started_at=at,
        nyquist_ms=_nyquist(sweep),
    )


def scan_of(sweep: Any) -> str:
    """Return how the antenna moved: ``rhi``, ``sector`` or ``ppi``."""
    words = str(np.asarray(sweep["sweep_mode"].values).reshape(-1)[0]) if "sweep_mode" in sweep else ""
    return "rhi" if "rhi" in words.lower() or "elevation_surv" in words else "sector" if "sector" in words else "ppi"


def broken_off(sweeps: Sequence[Sweep], file: str) -> tuple[list[Sweep], DataError | None]:
    """Return the whole sweeps, and what is wrong where the radar's last one stops on its way round.

    It does where more than 10 degrees of azimuth are missing from it alone; a single sweep, or
    one among others with gaps, may be a sector that was meant.
    """
    if len(sweeps) < 2:
        return list(sweeps), None
    last = max(sweeps, key=lambda sweep: sweep.started_at)
    gaps = {id(sweep): gap_deg(sweep.azimuth_deg) for sweep in sweeps}
    if gaps[id(last)] <= WIDEST_GAP_DEG or max(gaps[id(s)] for s in sweeps if s is not last) > WIDEST_GAP_DEG:
        return list(sweeps), None
    error = DataError("radar.cut_short", file=file, cut=last.number, missing_deg=f"{gaps[id(last)]:.0f}")
    return [sweep for sweep in sweeps if sweep is not last], error


def gap_deg(azimuth_deg: NDArray[Any]) -> float:
    """Return the widest gap between azimuths, degrees."""
    azimuth = np.sort(azimuth_deg.astype(np.float64))
    return float(np.diff(np.append(azimuth, azimuth[0] + 360)).max())


def agreed_elevation(fixed: float, median: float, number: int, oddities: list[Oddity]) -> float:
    """Return a cut's own elevation unless its rays contradict it; degrees."""
    if not math.isfinite(fixed):
        return median
    if abs(fixed - median) <= 2:
        return round(fixed, 4)
    oddities.append(Oddity("radar.odd.elevation", cut=number, announced=f"{fixed:g}", rays=f"{median:.2f}"))
    return median


def seconds_of(sweep: Any) -> NDArray[np.float64]:
    """Return (rays,) float64 seconds since 1970 of the rays, NaN where a ray has no time."""
    times = np.asarray(sweep["time"].values)
    if times.dtype.kind != "M":
        return np.full(times.shape, np.nan)
    out = times.astype("datetime64[ns]").astype(np.int64) / 1e9
    out[np.isnat(times)] = np.nan
    return out


def _rays(sweep: Any, file: str, number: int) -> tuple[NDArray[np.float32], NDArray[np.float32], datetime]:
    """Return azimuth (rays,), elevation (rays,), and the time of the first ray."""
    azimuth = np.asarray(sweep["azimuth"].values, np.float32).reshape(-1)
    elevation = np.asarray(sweep["elevation"].values, np.float32).reshape(-1)
    if azimuth.size > MOST_RAYS:
        raise DataError("radar.foreign_bounds", file=file, what="rays", found=azimuth.size, limit=MOST_RAYS)
    with np.errstate(invalid="ignore"):
        good = (np.abs(azimuth) <= 720).all() and (np.abs(elevation) <= 180).all()
    if not azimuth.size or azimuth.shape != elevation.shape or not good:
        raise DataError("radar.foreign_rays", file=file, cut=number)
    seconds = seconds_of(sweep)
    known = seconds[np.isfinite(seconds)]
    if not known.size or not 0 < known[0] < 4e9:
        raise DataError("radar.foreign_time", file=file, cut=number)
    at = datetime.fromtimestamp(round(float(known[0]), 3), UTC)
    elevation = np.where(elevation > 180, elevation - np.float32(360), elevation)
    return np.mod(azimuth, np.float32(360)), elevation, at


def _gates(sweep: Any, file: str, number: int) -> tuple[float, float]:
    """Return the length of a gate and the near edge of the first, from the gates' centers, m."""
    centers = np.asarray(sweep["range"].values, np.float64).reshape(-1)
    if not 2 <= centers.size <= MOST_GATES:
        raise DataError("radar.foreign_bounds", file=file, what="gates", found=centers.size, limit=MOST_GATES)
    steps = np.diff(centers)
    gate_m = float((centers[-1] - centers[0]) / (centers.size - 1))
    with np.errstate(invalid="ignore"):
        even = (np.abs(steps - gate_m) <= 0.01 * gate_m + 0.05).all()
    if not (even and 1 <= gate_m <= 10_000 and -10_000 <= centers[0] <= 500_000):
        raise DataError("radar.uneven_gates", file=file, cut=number)
    return round(gate_m, 3), round(float(centers[0]) - gate_m / 2, 3)


def _moments(sweep: Any, rays: int, place: Place, notes: Notes, *, nan_is_below: bool) -> dict[str, Moment]:
    """Return the moments this house knows, by its names; the first of two that it calls the same stands."""
    out: dict[str, Moment] = {}
    fields = [name for name, held in sweep.data_vars.items() if held.ndim == 2 and held.dims[-1] == "range"]
    if len(fields) > MOST_MOMENTS:
        raise DataError("radar.foreign_bounds", file=place.file, what="moments", found=len(fields), limit=MOST_MOMENTS)
    for name in fields:
        known = NAMES.get(str(name))
        held = sweep[name]
        if known is None or known in out or held.dtype.kind not in "iuf" or held.shape[0] != rays:
            notes.left.add(str(name))
            continue
        try:
            with named(place.file, "xradar"):
                stored = np.asarray(held.values)
        except DataError as damage:
            notes.broken.setdefault(place.cut, []).append(str(name))
            notes.cause = notes.cause or str(damage.facts["cause"])
            continue
        how = _stored(held.attrs, nan_is_below=nan_is_below)
        out[known] = coded(stored, how, replace(place, moment=known), notes.oddities)
    return out


def _stored(attrs: dict[str, Any], *, nan_is_below: bool) -> Stored:
    """Return what the stored numbers of a field mean, from its attributes."""
    nodata = next((_scalar(attrs[key]) for key in _FILL if key in attrs and attrs[key] is not None), None)
    undetect = _scalar(attrs["_Undetect"]) if attrs.get("_Undetect") is not None else None
    return Stored(
        gain=_scalar(attrs.get("scale_factor", 1.0)),
        offset=_scalar(attrs.get("add_offset", 0.0)),
        undetect=undetect,
        nodata=nodata,
        nan_is_below=nan_is_below and undetect is None,
    )


def _scalar(value: Any) -> float:
    """Return one number of an attribute, NaN where it is none."""
    try:
        return float(np.asarray(value).reshape(-1)[0])
    except (TypeError, ValueError, IndexError):
        return math.nan


def _number(sweep: Any, name: str) -> float:
    return _scalar(sweep[name].values) if name in sweep else math.nan


def _nyquist(sweep: Any) -> float:
    """Return the Nyquist velocity in m/s, the median where each ray has its own; NaN where none is said."""
    if "nyquist_velocity" not in sweep:
        return math.nan
    try:
        speeds = np.asarray(sweep["nyquist_velocity"].values, np.float64).reshape(-1)
    except (TypeError, ValueError):
        return math.nan
    speeds = speeds[np.isfinite(speeds) & (speeds > 0) & (speeds < 1000)]
    return round(float(np.median(speeds)), 4) if speeds.size else math.nan

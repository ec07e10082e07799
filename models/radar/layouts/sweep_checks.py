"""What is strange about the rays of a volume: clock, azimuths, and values that no weather has."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.radar.oddity import Oddity
from models.radar.rays import REFLECTIVITY
from models.radar.volume import Moment, Site, Sweep, Volume

PLAUSIBLE: dict[str, tuple[float, float, str]] = {
    "dBT": (-45, 95, "dBZ"), "dBZ": (-45, 80, "dBZ"), "Zc": (-45, 80, "dBZ"), "V": (-120, 120, "m/s"),
    "Vc": (-120, 120, "m/s"), "W": (0, 60, "m/s"), "Wc": (0, 60, "m/s"), "SQI": (0, 1.05, ""), "ZDR": (-20, 20, "dB"),
    "ZDRc": (-20, 20, "dB"), "LDR": (-60, 30, "dB"), "CC": (0, 1.2, ""), "CCc": (0, 1.2, ""),
    "PhiDP": (-360, 360, "deg"), "PhiDPc": (-360, 720, "deg"), "KDP": (-30, 60, "deg/km"), "KDPc": (-30, 60, "deg/km"),
    "SNRH": (-60, 130, "dB"), "SNRV": (-60, 130, "dB"),
}  # fmt: skip
"""Lowest and highest value of a moment that can be believed, and its unit."""

_CLOCK_TOLERANCE_S = 1.0
_START_TOLERANCE_S = 3600.0
_NAME_TOLERANCE_S = 1800.0
_MOST_GAP_STEPS = 1.5
_SAME_AZIMUTH_DEG = 0.1
_WIDEST_STEP_DEG = 15.0
_NAME = re.compile(r"Z_RADR_I_([A-Z0-9]{4,5})_(\d{14})_")


def odd_azimuths(sweep: Sweep, *, all_round: bool) -> Iterator[Oddity]:
    """Say how many degrees of azimuth are missing from a sweep, and how many azimuths come twice.

    A gap is wider than 1.5 of the usual steps; the same azimuth is within 0.1 degrees. Where
    the antenna was not to go ``all_round`` the widest gap is no gap.
    """
    azimuth = np.sort(sweep.azimuth_deg.astype(float) % 360)
    steps = np.diff(np.append(azimuth, azimuth[0] + 360))
    apart = steps[steps >= _SAME_AZIMUTH_DEG]
    # Rays finer than that have steps of their own; a still antenna has none.
    usual = float(np.median(apart if apart.size >= azimuth.size / 10 else steps[steps > 0]))
    usual = usual if usual <= _WIDEST_STEP_DEG else 1.0
    twice = int((steps < min(_SAME_AZIMUTH_DEG, usual / 4)).sum())
    if twice:
        yield Oddity("radar.odd.azimuths_twice", cut=sweep.number, rays=twice, of=int(azimuth.size))
    widest = int(steps.argmax())
    if not all_round:
        steps[widest] = 0.0
        widest = int(steps.argmax())
    gaps = steps > _MOST_GAP_STEPS * usual
    if gaps.any():
        yield Oddity(
            "radar.odd.azimuths_missing",
            cut=sweep.number,
            missing_deg=f"{float((steps[gaps] - usual).sum()):.1f}",
            gaps=int(gaps.sum()),
            start_deg=f"{azimuth[widest]:.1f}",
            end_deg=f"{(azimuth[widest] + steps[widest]) % 360:.1f}",
        )


def odd_clock(
    started_at: datetime | None, cuts: Sequence[int], times_s: Sequence[NDArray[np.float64]], *, in_turn: bool
) -> Iterator[Oddity]:
    """Say where time goes back, and where the header's start is far from the rays.

    Parameters
    ----------
    started_at : datetime or None
        As the header has it.
    cuts : sequence of int
        The number of each cut.
    times_s : sequence of (rays,) float64, s since 1970
        Of each cut's rays in their order; NaN where a ray has no time.
    in_turn : bool
        Whether each cut starts after the one before it has ended.
    """
    back, most_s, where = 0, 0.0, 0
    before = math.nan
    for number, times in zip(cuts, times_s, strict=True):
        known = times[np.isfinite(times)]
        steps = np.diff(np.insert(known, 0, before)) if in_turn else np.diff(known)
        late = steps < -_CLOCK_TOLERANCE_S
        if late.any():
            back, where, most_s = back + int(late.sum()), where or number, max(most_s, float(-steps[late].min()))
        before = known[-1] if known.size else before
    if back:
        yield Oddity("radar.odd.clock_back", times=back, seconds=f"{most_s:.0f}", cut=where)
    first = next((float(times[0]) for times in times_s if times.size and math.isfinite(times[0])), math.nan)
    if started_at is not None and abs(first - started_at.timestamp()) > _START_TOLERANCE_S:
        radial = datetime.fromtimestamp(first, UTC)
        yield Oddity(
            "radar.odd.start_differs", header=f"{started_at:%Y-%m-%d %H:%M:%S}", ray=f"{radial:%Y-%m-%d %H:%M:%S}"
        )


def odd_name(name: str, site: Site, started_at: datetime) -> Iterator[Oddity]:
    """Say where a file's name gives another radar or another time than the file itself.

    Only names of the usual pattern ``Z_RADR_I_<site>_<time>_...`` are looked at; the file stands.
    """
    found = _NAME.search(name)
    if found is None:
        return
    if site.code and found[1] != site.code:
        yield Oddity("radar.odd.code_in_name", name_code=found[1], code=site.code)
    try:
        named_at = datetime.strptime(found[2], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return
    apart_s = (named_at - started_at).total_seconds()
    if abs(apart_s) > _NAME_TOLERANCE_S:
        yield Oddity("radar.odd.time_in_name", minutes=round(apart_s / 60), at=f"{started_at:%Y-%m-%d %H:%M}")


def odd_values(sweeps: Sequence[Sweep]) -> Iterator[Oddity]:
    """Say how many values of each moment lie outside what can be believed; they stay in the volume as recorded."""
    counts: dict[str, int] = {}
    for sweep in sweeps:
        for moment in sweep.moments.values():
            counts[moment.name] = counts.get(moment.name, 0) + unbelievable(moment)
    for name, count in counts.items():
        if count:
            low, high, unit = PLAUSIBLE[name]
            yield Oddity("radar.odd.values", moment=name, count=count, low=f"{low:g}", high=f"{high:g}", unit=unit)


def unbelievable(moment: Moment) -> int:
    """Return how many values of a moment lie outside `PLAUSIBLE`, 0 for a moment it does not list."""
    if moment.name not in PLAUSIBLE:
        return 0
    codes, first = moment.codes, moment.first_valid
    top = int(np.iinfo(codes.dtype).max)
    lowest, highest = _believable(moment)
    count = 0
    if highest < top:
        count += int(np.count_nonzero(codes > highest))
    if lowest > first:
        # One subtraction that wraps turns "from first to below lowest" into one comparison.
        shifted = np.subtract(codes, codes.dtype.type(first))
        count += int(np.count_nonzero(shifted < lowest - first))
    return count


def only_believable(volume: Volume) -> Volume:
    """Return a volume whose reflectivity holds no value that `odd_values` spoke of: there it was not seen.

    What picture and rain are made of; one wild gate would else be hail.
    """
    odd = {o.facts["moment"] for o in volume.oddities if isinstance(o, Oddity) and o.code == "radar.odd.values"}
    names = odd & set(REFLECTIVITY)
    if not names:
        return volume
    sweeps = tuple(
        replace(sweep, moments={n: _masked(m) if n in names else m for n, m in sweep.moments.items()})
        for sweep in volume.sweeps
    )
    return replace(volume, sweeps=sweeps)


def _masked(moment: Moment) -> Moment:
    lowest, highest = _believable(moment)
    codes: Any = moment.codes.copy()
    codes[(codes >= moment.first_valid) & ((codes < lowest) | (codes > highest))] = moment.first_valid - 1
    return replace(moment, codes=codes)


def _believable(moment: Moment) -> tuple[int, int]:
    """Return the lowest and highest code of a moment that can be believed; no code at all may be."""
    low, high, _ = PLAUSIBLE[moment.name]
    top = int(np.iinfo(moment.codes.dtype).max)
    lowest = min(math.ceil(low * moment.scale + moment.offset - 1e-6), top + 1)
    highest = max(math.floor(high * moment.scale + moment.offset + 1e-6), moment.first_valid - 1)
    return lowest, highest


def code_in(name: str) -> str:
    """Return the site code in a file's name of the usual pattern, empty where there is none."""
    found = _NAME.search(name)
    return found[1] if found else ""

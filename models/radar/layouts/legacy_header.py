"""What the headers of old SC, CD and CC base data have in common: Beijing time, and a place written twice."""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from models.errors import DataError
from models.radar.layouts.cma_radials import MOST_RADIALS, DamageError
from models.radar.oddity import Oddity
from models.radar.volume import Moment, Site, Sweep

BEIJING = timedelta(hours=8)
EARLIEST_YEAR, LATEST_YEAR = 1950, 2100

_NEAR_DEG = 0.02
_LONGEST = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class HeaderCut:
    """One cut as the header announces it: ``radials`` records of ``record_bytes`` each."""

    number: int
    elevation_deg: float
    nyquist_ms: float
    gate_m: float
    gates: int
    radials: int
    record_bytes: int

    @property
    def bytes(self) -> int:
        return self.radials * self.record_bytes


def text_of(field: bytes) -> str:
    """Return a fixed field, ASCII or GBK, padded with NUL or blanks."""
    text = field.split(b"\x00", 1)[0].decode("gbk", errors="replace")
    return "".join(letter for letter in text if letter.isprintable()).strip()


def utc_of(parts: Sequence[int], name: str, byte: int, *, micro: int = 0) -> datetime:
    """Return year, month, day, hour, minute, second of Beijing time as an aware UTC time.

    Raises
    ------
    DataError
        ``radar.bad_date`` if there is no such time, or no radar at that time.
    """
    year, month, day, hour, minute, second = parts[:6]
    written = "-".join(str(part) for part in parts[:6])
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise DataError("radar.bad_date", file=name, byte=byte, date=written)
    micro = micro if 0 <= micro < 1_000_000 else 0
    try:
        return datetime(year, month, day, hour, minute, second, micro, tzinfo=UTC) - BEIJING
    except (ValueError, OverflowError) as error:
        raise DataError("radar.bad_date", file=name, byte=byte, date=written) from error


def station_code(text: str) -> str:
    """Return a station's number as the radars are called: 9200 is Z9200.

    Examples
    --------
    >>> station_code("9200"), station_code("z9200"), station_code("57956")
    ('Z9200', 'Z9200', '57956')
    """
    code = text.upper()
    return f"Z{code}" if re.fullmatch(r"9\d{3}", code) else code


def place_of(
    lon: tuple[str, int], lat: tuple[str, int], units_per_deg: Sequence[int], oddities: list[Oddity]
) -> tuple[float, float]:
    """Return longitude and latitude that a header gives as text and as whole numbers.

    Parameters
    ----------
    lon, lat : (str, int)
        The text, and the number.
    units_per_deg : sequence of int
        What one degree may be in the numbers, the likeliest first; the text decides.
    oddities : list of Oddity
        Gets ``radar.odd.place_twice`` where text and numbers differ by more than 0.02
        degrees (the numbers stand), ``radar.odd.place_dropped`` where neither can be.

    Returns
    -------
    lon_deg, lat_deg : float
        NaN where neither text nor numbers give a place on earth, and at 0, 0.
    """
    written = _possible(_degrees(lon[0]), _degrees(lat[0]))
    numbers = [found for unit in units_per_deg if (found := _possible(lon[1] / unit, lat[1] / unit))]
    if written is None:
        if not numbers:
            oddities.append(Oddity("radar.odd.place_dropped", lon=lon[1], lat=lat[1]))
        return numbers[0] if numbers else (math.nan, math.nan)
    for place in numbers:
        if abs(place[0] - written[0]) <= _NEAR_DEG and abs(place[1] - written[1]) <= _NEAR_DEG:
            return _finer(written, place)
    if not numbers:
        return written
    facts = {"text": f"{lon[0]} {lat[0]}", "lon": f"{numbers[0][0]:.3f}", "lat": f"{numbers[0][1]:.3f}"}
    oddities.append(Oddity("radar.odd.place_twice", **facts))
    return numbers[0]


def _finer(written: tuple[float, float], number: tuple[float, float]) -> tuple[float, float]:
    """Take the text where it only refines numbers of 0.01 degrees, else the numbers."""
    refines = all(abs(a - b) <= 0.00501 and round(b, 2) == round(b, 6) for a, b in zip(written, number, strict=True))
    return written if refines else number


def _possible(lon_deg: float, lat_deg: float) -> tuple[float, float] | None:
    place = (round(lon_deg, 6), round(lat_deg, 6))
    return place if abs(lon_deg) <= 180 and abs(lat_deg) <= 90 and place != (0, 0) else None


def _degrees(text: str) -> float:
    """Return an angle written as 113.36, 113 21 18 or 113:21:18 with any marks; NaN where it is none."""
    parts = [float(part) for part in re.findall(r"\d+(?:\.\d+)?", text)]
    if not 1 <= len(parts) <= 3 or any(part >= 60 for part in parts[1:]):
        return math.nan
    value = math.fsum(part / 60.0**power for power, part in enumerate(parts))
    return -value if re.search(r"-|[wsWS西南]", text) else value


def site_of(code: str, name: str, place: tuple[float, float], height_mm: int, oddities: list[Oddity]) -> Site:
    """Return the site of a header; an impossible height is dropped and named."""
    altitude_m = round(height_mm / 1000, 1)
    if not -500 <= altitude_m <= 9000:
        oddities.append(Oddity("radar.odd.height", height_m=round(altitude_m)))
        altitude_m = math.nan
    return Site(station_code(code), name or code, *place, altitude_m)


def whole_header_cuts(
    cuts: Sequence[HeaderCut], start: int, size: int, *, most_mib: int = 128
) -> tuple[list[tuple[HeaderCut, int]], DamageError | None]:
    """Return the announced cuts that the file holds to their last byte, each with its first byte, and what is wrong.

    Raises
    ------
    DamageError
        If a cut announces no radial, or all of them more than a volume has: 100,000, or ``most_mib``.
    """
    out: list[tuple[HeaderCut, int]] = []
    at = start
    if sum(cut.radials for cut in cuts) > MOST_RADIALS:
        raise DamageError("too_many_radials", start, limit=MOST_RADIALS)
    if min(size - start, sum(cut.bytes for cut in cuts)) > most_mib * 1024**2:
        raise DamageError("too_large", start, limit_mib=most_mib)
    for cut in cuts:
        if cut.radials < 1:
            raise DamageError("no_radials", start)
        if at + cut.bytes > size:
            return out, DamageError("cut_unended", size, cut=cut.number)
        out.append((cut, at))
        at += cut.bytes
    return out, None


def sweep_of(
    cut: HeaderCut,
    angles: tuple[NDArray[np.float32], NDArray[np.float32]],
    moments: dict[str, Moment],
    started_at: datetime,
) -> Sweep:
    """Return a sweep of rays at ``angles``, azimuth and elevation (rays,); its elevation is their median."""
    azimuth, elevation = angles
    return Sweep(
        number=cut.number,
        elevation_deg=round(float(np.median(elevation)), 4),
        azimuth_deg=azimuth,
        ray_elevation_deg=elevation,
        blanked=np.zeros(cut.radials, np.bool_),
        moments=moments,
        started_at=started_at,
        nyquist_ms=cut.nyquist_ms or math.nan,
    )


def rhi_angles(data: bytes, at: int, rays: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return azimuth and elevation (rays,) of an RHI from the header's three words at ``at``, evenly from low to high.

    Raises
    ------
    DamageError
        If no antenna looks so high or so low.
    """
    fixed, low, high = struct.unpack_from("<Hhh", data, at)
    for word, byte in ((low, at + 2), (high, at + 4)):
        if abs(word) > 9000:
            raise DamageError("bad_angle", byte, value=f"{word / 100:g}")
    elevation = np.linspace(low / 100, high / 100, rays, dtype=np.float32)
    return np.full(rays, fixed / 100 % 360, np.float32), elevation


def spread_times(
    cuts: Sequence[HeaderCut], started_at: datetime, ended_at: datetime | None
) -> Iterator[tuple[int, datetime]]:
    """Yield (cut number, when it started): spread by radials from start to end, as the radials carry no time.

    All start with the volume where its end is unknown or cannot be.
    """
    whole = ended_at - started_at if ended_at is not None else timedelta(0)
    if not timedelta(0) < whole <= _LONGEST:
        whole = timedelta(0)
    total, done = sum(cut.radials for cut in cuts), 0
    for cut in cuts:
        yield cut.number, started_at + whole * (done / max(1, total))
        done += cut.radials

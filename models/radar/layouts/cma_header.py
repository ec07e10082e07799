"""What stands before the radials of standard base data, whichever kind of radar wrote it."""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from models.errors import DataError
from models.radar.layouts.cma_cuts import Span
from models.radar.oddity import Oddity
from models.radar.volume import Site

SITE_AT, TASK_AT = 32, 160
MOST_CUTS = 256
MISSING = -999_999.0

SCANS = {0: "volume", 1: "ppi", 2: "rhi", 3: "sector", 4: "sector", 5: "rhi", 6: "manual"}
ALL_ROUND = frozenset({"volume", "ppi"})
"""Scans that go round: what lacks there was not seen. Of the others nobody says where they should have looked."""

CALIBRATION = (
    "noise_horizontal_dbm", "noise_vertical_dbm", "horizontal_db", "vertical_db", "noise_temperature_horizontal_k",
    "noise_temperature_vertical_k", "zdr_db", "phidp_deg", "ldr_db",
)  # fmt: skip
LAST_S = 4_102_444_800
"""The end of this century in s since 1970; no file is from after it."""


@dataclass(frozen=True, slots=True)
class CutHeader:
    """What the table of cuts says of one; a gate length of 0 is unknown.

    ``byte`` is where its gate lengths stand, ``start_byte`` its start range.
    """

    azimuth_deg: float
    elevation_deg: float
    start_deg: float
    end_deg: float
    log_gate_m: float
    doppler_gate_m: float
    start_m: int
    nyquist_ms: float
    byte: int
    start_byte: int

    def gate_m(self, *, doppler: bool = False) -> float:
        """Return the gate length of a moment; where its own is not given, that of the others, else 0."""
        own_m, other_m = self.log_gate_m, self.doppler_gate_m
        return (other_m or own_m) if doppler else (own_m or other_m)

    def starts_at_center(self) -> bool:
        """Return whether the start range is that of the first gate's center, not of its near edge.

        The standard does not say which. Where it lies half a gate off the grid of gates, it is the
        center: proven on the converted Swedish volumes (1000 m with gates of 2000 m), whose ODIM
        originals start at 0. Where it lies on the grid it is the near edge, as 0 can be nothing else.
        """
        gate_m = self.gate_m()
        return gate_m > 0 and self.start_m % gate_m == gate_m / 2

    def span(self, scan: str) -> Span:
        """Return what the cut is to sweep in a scan of this kind."""
        if scan in ALL_ROUND:
            return Span()
        if not (abs(self.start_deg) <= 360 and abs(self.end_deg) <= 360):
            return Span(math.nan if scan == "rhi" else 360.0, upright=scan == "rhi")
        if scan == "rhi":
            return Span(abs(self.end_deg - self.start_deg) or math.nan, upright=True)
        return Span((self.end_deg - self.start_deg) % 360 or 360.0)


@dataclass(frozen=True, slots=True)
class Header:
    """Site, task and cuts of a volume file; ``data_at`` is the first radial's byte, ``layout`` its key."""

    format: str
    layout: str
    site: Site
    task: str
    scan: str
    started_at: datetime | None
    cuts: tuple[CutHeader, ...]
    data_at: int
    frequency_mhz: float = math.nan
    beam_width_deg: float = math.nan
    calibration: dict[str, float] = field(default_factory=dict)
    oddities: tuple[Oddity, ...] = ()


def need(data: bytes, size: int, name: str) -> None:
    """Refuse a file that ends before its headers do."""
    if len(data) < size:
        raise DataError("radar.cut_off", file=name, byte=len(data), expected=size)


def site_of(data: bytes, name: str, oddities: list[Oddity]) -> Site:
    """Return the site; a position of 0/0 was never set and is unknown, an impossible one is refused."""
    code, site_name, lat, lon, antenna = struct.unpack_from("<8s32sffi", data, SITE_AT)
    if not (abs(lat) <= 90 and abs(lon) <= 180):
        raise DataError("radar.bad_site", file=name, byte=SITE_AT + 40, lat=f"{lat:g}", lon=f"{lon:g}")
    if lat == 0 and lon == 0:
        oddities.append(Oddity("radar.odd.site_unset", byte=SITE_AT + 40))
        lat = lon = math.nan
    altitude = float(antenna)
    if not -500 <= antenna <= 9000:
        oddities.append(Oddity("radar.odd.height", height_m=antenna))
        altitude = math.nan
    return Site(text(code), text(site_name), lon, lat, altitude)


def scan_of(word: int, oddities: list[Oddity]) -> str:
    """Return how the antenna moved."""
    if word not in SCANS:
        oddities.append(Oddity("radar.odd.scan", scan=word))
    return SCANS.get(word, "unknown")


def cut_count(announced: int, byte: int, name: str) -> int:
    """Return the count of cuts, refused where no table of cuts is that long."""
    if not 1 <= announced <= MOST_CUTS:
        raise DataError("radar.bad_cut_count", file=name, byte=byte, announced=announced, limit=MOST_CUTS)
    return announced


def start_of(seconds: int, oddities: list[Oddity]) -> datetime | None:
    """Return the announced start, None where it was not set."""
    if clock_is_set(seconds):
        return datetime.fromtimestamp(seconds, UTC)
    oddities.append(Oddity("radar.odd.no_start"))
    return None


def clock_is_set(seconds: int) -> bool:
    """Return whether a count of seconds since 1970 is a time this century or the last."""
    return 0 < seconds < LAST_S


def frequency_of(mhz: float) -> float:
    """Return a frequency in MHz, NaN where no weather radar has it."""
    return mhz if 1000 <= mhz <= 100_000 else math.nan


def beam_width_of(*widths_deg: float) -> float:
    """Return the first beam width that can be one, NaN where none can."""
    return next((round(width, 4) for width in widths_deg if 0.05 <= width <= 20), math.nan)


def calibration_of(values: Sequence[float]) -> dict[str, float]:
    """Return what the file says of its calibration by name, NaN where it says nothing.

    Nine equal numbers are a writer's way to say nothing; a noise temperature is above 0 K.
    """
    known = [round(value, 4) if abs(value) < -MISSING / 10 else math.nan for value in values]
    if len(set(values)) == 1:
        known = [math.nan] * len(known)
    out = dict(zip(CALIBRATION, known, strict=True))
    return {name: math.nan if name.endswith("_k") and not value > 0 else value for name, value in out.items()}


def gate_m(word: float) -> float:
    """Return the meters of a gate: plain, or hundredths from 32768 on; 0 where no radar has such gates."""
    gate = word if word < 32_768 else (word - 32_768) / 100
    return gate if 1 <= gate <= 10_000 else 0.0


def text(raw: bytes) -> str:
    """Return a fixed field of text: ASCII or GBK, padded with NUL or blanks."""
    decoded = raw.split(b"\x00", 1)[0].decode("gbk", errors="replace")
    return "".join(letter for letter in decoded if letter.isprintable()).strip()

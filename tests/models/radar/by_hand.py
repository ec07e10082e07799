"""The mosaic by hand: one pixel, one radar, one cut after the other, in plain Python.

Nothing of the program's stages is used here, and no array arithmetic. Shared are the formulas of
the geometry alone: bins of half a degree and of the finest gate, the nearest ray, a 4/3 earth.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from pyproj import Geod

from models.grid import GridArea
from models.radar.mosaic import Rule
from models.radar.product import Product
from models.radar.quantity import Quantity
from models.radar.volume import Moment, Sweep, Volume

EARTH_M = 4 / 3 * 6_371_000.0
NOTHING, DRY = 0, 1
NO_HEIGHT = 255
EDGE_M = 0.2

Percent = Callable[[str, float, int, int], int | None]
"""Blocked percent of (radar, elevation, row, bin), 255 unknown; None where nothing is known of the radar."""


@dataclass(frozen=True)
class Look:
    """What one cut says above one bin: its code, where the gate lies, how much of the beam is blocked."""

    elevation_deg: float
    far_m: float
    code: int
    height_m: float | None
    blocked: int | None


@dataclass(frozen=True)
class Word:
    """What one radar says of one pixel: code, height in steps of 100 m, weight."""

    code: int
    height: int = NO_HEIGHT
    weight: int = 0


@dataclass
class Radar:
    """One radar's volume with what was already looked up in it."""

    volume: Volume
    percent: Percent | None = None
    rays: dict[tuple[int, int], int | None] = field(default_factory=dict)

    @property
    def cuts(self) -> list[tuple[Sweep, Moment]]:
        found = []
        for sweep in self.volume.sweeps:
            for name in ("dBZ", "Zc", "dBT"):
                if name in sweep.moments:
                    found.append((sweep, sweep.moments[name]))
                    break
        return sorted(found, key=lambda cut: cut[0].elevation_deg)

    @property
    def bin_m(self) -> float:
        """The finest gate; one of 1 km and more that begins half a gate off counts half."""
        fine = []
        for _, moment in self.cuts:
            half_off = abs(moment.start_m % moment.gate_m - moment.gate_m / 2) < 1 and moment.gate_m >= 1000
            fine.append(moment.gate_m / 2 if half_off else moment.gate_m)
        return max(30.0, min(fine))


def place(lon: float, lat: float, site_lon: float, site_lat: float) -> tuple[float, float]:
    """Return azimuth (degrees) and distance (m) of a place from a site."""
    azimuth, _, distance = Geod(ellps="WGS84").inv(site_lon, site_lat, lon, lat)
    return azimuth % 360, distance


def bin_of(radar: Radar, lon: float, lat: float) -> tuple[int, int, bool]:
    """Return row and bin of a place, and whether it lies at the edge of one."""
    site = radar.volume.site
    azimuth, distance = place(lon, lat, site.lon_deg, site.lat_deg)
    row, number = math.floor(azimuth * 2), math.floor(distance / radar.bin_m)
    along = abs(distance - round(distance / radar.bin_m) * radar.bin_m)
    across = distance * math.sin(math.radians(abs(azimuth * 2 - round(azimuth * 2)) / 2))
    return row, number, min(along, across) < EDGE_M


def nearest_ray(sweep: Sweep, azimuth: float) -> int | None:
    """Return the ray nearest to an azimuth, None if it is farther than three quarters of the usual step."""
    own = sorted(float(value) for value in sweep.azimuth_deg)
    steps = sorted(b - a for a, b in pairwise(own) if b > a)
    usual = min(steps[len(steps) // 2], 5.0) if steps else 1.0
    best, apart = None, 999.0
    for ray, value in enumerate(sweep.azimuth_deg):
        away = abs((float(value) - azimuth + 180) % 360 - 180)
        if away < apart:
            best, apart = ray, away
    return best if apart <= 0.75 * usual else None


def house_code(moment: Moment, raw: int) -> int:
    """Return a file's code in codes of half a dBZ from -32: 0 not seen, 1 below the threshold."""
    if raw == 0:
        return DRY
    if raw < moment.first_valid:
        return NOTHING
    value = (raw - moment.offset) / moment.scale
    return min(255, max(2, math.floor((value + 33.0) / 0.5 + 1e-4)))


def height_of(slant_m: float, elevation_deg: float, antenna_m: float) -> float:
    rise = 2 * slant_m * EARTH_M * math.sin(math.radians(elevation_deg))
    return math.sqrt(slant_m**2 + EARTH_M**2 + rise) - EARTH_M + antenna_m


def steps(height_m: float | None) -> int:
    """Return a height in steps of 100 m."""
    return NO_HEIGHT if height_m is None else min(254, max(0, round(height_m / 100)))


def looks(radar: Radar, row: int, number: int) -> list[Look]:
    """Return what each cut says above the middle of a bin, the lowest cut first."""
    out = []
    ground, azimuth = (number + 0.5) * radar.bin_m, (row + 0.5) / 2
    site = radar.volume.site
    antenna = 0.0 if math.isnan(site.altitude_m) else site.altitude_m
    for index, (sweep, moment) in enumerate(radar.cuts):
        if (index, row) not in radar.rays:
            radar.rays[index, row] = nearest_ray(sweep, azimuth)
        ray = radar.rays[index, row]
        gates = moment.codes.shape[1]
        far = moment.start_m + gates * moment.gate_m
        blocked = radar.percent(site.code, sweep.elevation_deg, row, number) if radar.percent else None
        angle, elevation = ground / EARTH_M, math.radians(sweep.elevation_deg)
        slant = EARTH_M * math.sin(angle) / math.cos(elevation + angle)
        gate = math.floor((slant - moment.start_m) / moment.gate_m)
        code, height = NOTHING, None
        if 0 <= gate < gates:
            middle = moment.start_m + (gate + 0.5) * moment.gate_m
            height = height_of(middle, sweep.elevation_deg, antenna)
            if height >= 20_000:
                height = None
            elif ray is not None and not sweep.blanked[ray]:
                code = house_code(moment, int(moment.codes[ray, gate]))
        out.append(Look(sweep.elevation_deg, far, code, height, blocked))
    return out


def weight_of(radar: Radar, number: int, column: list[Look]) -> int:
    """Return how far a radar is trusted: by its distance and its least blocked cut.

    In steps of 1.5 km of the distance at which the weight exp(-(d/100 km)²) of a free beam is the same.
    """
    known = [0 if look.blocked == 255 else look.blocked for look in column if look.blocked is not None]
    left = 1 - min(known, default=0) / 100
    if left <= 0:
        return 1
    away = math.sqrt(((number + 0.5) * radar.bin_m) ** 2 - 100_000**2 * math.log(left))
    return max(1, 255 - round(away / 1500))


def word_of(radar: Radar, number: int, column: list[Look], quantity: Quantity) -> Word:
    """Return what a radar says of one product above a bin."""
    made = {"cr": strongest, "hybrid": lowest_free, "et": echo_top, "vil": water}
    kind = quantity.kind.value
    if kind == "cappi":
        ground = (number + 0.5) * radar.bin_m
        code, height = at_height(of_each_elevation(column), float(quantity.height_m), ground)
    else:
        code, height = made[kind](column)
    return Word(code, height, weight_of(radar, number, column)) if code else Word(NOTHING)


def strongest(column: list[Look]) -> tuple[int, int]:
    best = (NOTHING, NO_HEIGHT)
    for look in column:
        if look.code > best[0] or (look.code == best[0] and look.code and steps(look.height_m) < best[1]):
            best = look.code, steps(look.height_m)
    return best


def lowest_free(column: list[Look]) -> tuple[int, int]:
    for look in column:
        if look.code and (look.blocked is None or look.blocked == 255 or look.blocked <= 50):
            return look.code, steps(look.height_m)
    return NOTHING, NO_HEIGHT


def of_each_elevation(column: list[Look]) -> list[Look]:
    """Return one cut of each elevation, of a split pair the farther one."""
    out: list[Look] = []
    for look in column:
        if out and look.elevation_deg - out[-1].elevation_deg < 0.2:
            if look.far_m > out[-1].far_m:
                out[-1] = look
        else:
            out.append(look)
    return out


def at_height(column: list[Look], height_m: float, ground_m: float) -> tuple[int, int]:
    below = above = None
    for look in column:
        if look.height_m is not None and look.height_m <= height_m:
            below = look
        if look.height_m is not None and look.height_m > height_m and above is None:
            above = look
    if below is not None and above is not None:
        assert below.height_m is not None
        assert above.height_m is not None
        share = (height_m - below.height_m) / (above.height_m - below.height_m)
        if below.code > DRY and above.code > DRY:
            weight = round(share * 256)
            return (below.code * (256 - weight) + above.code * weight + 128) // 256, steps(height_m)
        nearer, other = (below, above) if share < 0.5 else (above, below)
        return nearer.code or other.code, steps(height_m)
    only = below or above
    if only is None or only.height_m is None or abs(only.height_m - height_m) > math.radians(0.5) * ground_m:
        return NOTHING, NO_HEIGHT
    return only.code, steps(only.height_m)


def dbz(code: int) -> float:
    return -33.0 + 0.5 * code


def echo_top(column: list[Look]) -> tuple[int, int]:
    column = of_each_elevation(column)
    if not any(look.code for look in column):
        return NOTHING, NO_HEIGHT
    top = None
    for look, above in zip(column, [*column[1:], None], strict=True):
        if look.code <= DRY or dbz(look.code) < 18 or look.height_m is None:
            continue
        top = look.height_m
        if above is not None and above.code and above.height_m is not None:
            higher = dbz(above.code) if above.code > DRY else -33.0
            if higher < 18:
                top += (dbz(look.code) - 18) / (dbz(look.code) - higher) * (above.height_m - look.height_m)
    if top is None:
        return DRY, NO_HEIGHT
    return min(255, max(2, math.floor((top / 1000 + 0.2) / 0.1 + 1e-4))), steps(top)


def water(column: list[Look]) -> tuple[int, int]:
    column = of_each_elevation(column)
    seen = [look for look in column if look.code]
    if len(seen) < 2:
        return NOTHING, NO_HEIGHT
    if all(look.code == DRY for look in seen):
        return DRY, steps(seen[0].height_m)
    mass = 0.0
    for low, high in pairwise(seen):
        if low.height_m is not None and high.height_m is not None:
            z = [10 ** (min(dbz(one.code), 56) / 10) if one.code > DRY else 0.0 for one in (low, high)]
            mass += 3.44e-6 * (sum(z) / 2) ** (4 / 7) * (high.height_m - low.height_m)
    code = min(255, math.floor((mass + 1.0) / 0.5 + 1e-4))
    return code, steps(seen[0].height_m)


def word_of_product(product: Product, lon: float, lat: float) -> tuple[Word, bool]:
    """Return what a centered raster says of one pixel, and whether that lies at the edge of a cell."""
    raster = product.rasters[0]
    azimuth, distance = place(lon, lat, product.site.lon_deg, product.site.lat_deg)
    east, north = (distance * part(math.radians(azimuth)) for part in (math.sin, math.cos))
    rows, columns = raster.codes.shape
    down, across = rows / 2 - north / raster.cell_m, columns / 2 + east / raster.cell_m
    edge = min(abs(down - round(down)), abs(across - round(across))) * raster.cell_m < EDGE_M
    row, column = math.floor(down), math.floor(across)
    if not (0 <= row < rows and 0 <= column < columns):
        return Word(NOTHING), edge
    assert raster.levels is not None
    value = float(raster.levels[int(raster.codes[row, column])])
    if math.isnan(value):
        return Word(NOTHING), edge
    if value == -math.inf:
        middle = math.hypot(rows / 2 - row - 0.5, column + 0.5 - columns / 2) * raster.cell_m
        return Word(NOTHING if middle > product.range_m else DRY), edge
    return Word(min(255, max(2, math.floor((value + 33) / 0.5 + 1e-4)))), edge


def chosen(words: list[Word], rule: Rule) -> tuple[Word, int, int]:
    """Return whose word stands, 1 + its index (0 nobody's), and how many radars see."""
    best, whose = Word(NOTHING), 0
    for number, word in enumerate(words, start=1):
        if not word.code:
            continue
        wins = {
            Rule.MAXIMUM: (word.code, -word.height) > (best.code, -best.height),
            Rule.LOWEST: (-word.height, word.code) > (-best.height, best.code),
            Rule.WEIGHT: (word.weight, word.code) > (best.weight, best.code),
        }
        if not whose or wins[rule]:
            best, whose = word, number
    return best, whose, sum(1 for word in words if word.code)


def pixels(area: GridArea) -> list[tuple[int, int, float, float]]:
    """Return row, column, longitude and latitude of each cell of an area."""
    radius, out = 6_378_137.0, []
    for row in range(area.rows):
        north = area.north_m - (row + 0.5) * area.cell_m
        lat = math.degrees(2 * math.atan(math.exp(north / radius)) - math.pi / 2)
        for column in range(area.columns):
            lon = math.degrees((area.west_m + (column + 0.5) * area.cell_m) / radius)
            out.append((row, column, lon, lat))
    return out


def arrays(area: GridArea) -> dict[str, np.ndarray]:
    """Return empty bands to be filled pixel by pixel."""
    kinds = {"codes": np.uint8, "heights": np.uint8, "source": np.uint8, "count": np.uint8, "age": np.float64}
    return {name: np.zeros(area.shape, kind) for name, kind in kinds.items()}

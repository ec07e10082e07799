"""The mosaic in the field: the twelve Swedish radars against the two composites that another program made of them.

What those are was found out from outside, by asking which rule brings their values back: pseudo-CAPPIs at
1000 m, each cell the beam nearest to 1000 m of the nearest radar. That is our CAPPI where it reaches and the
lowest scan beyond, by ``Rule.WEIGHT``. Their way from a cell to a gate is over a flat earth (a degree of
longitude as long everywhere as at the radar), which takes the gate of another place: 2 km off at the median,
12 km at the far ends. So they are compared twice: cell by cell as they stand, and each cell of theirs
with our mosaic where the gate it took truly lies.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from pyproj import Geod, Transformer

from models.geodesy import FloatArray, to_mercator
from models.grid import GridArea
from models.radar.compose import compose, plane_of
from models.radar.decoders import read
from models.radar.mosaic import Mosaic, Rule
from models.radar.polar import footprint_of
from models.radar.ppi import ppi_of
from models.radar.product import Grid
from models.radar.quantity import CR, Quantity
from models.radar.tables import pixel_table
from models.radar.volume import Volume
from tests import data

FOLDER = "radar/odim_sweden_20090501T1200"
AREA = GridArea.over((8.0, 53.5, 30.0, 70.8), 2000.0)
AT = datetime(2009, 5, 1, 12, 0, tzinfo=UTC)
STEP = timedelta(minutes=15)

FLAT_RADIUS_M = 6_365_000.0
RAYS, GATE_M = 420, 2000.0
ROW_OFF, ROW_LONGER = {"gmap": 0.875, "index": 1.0}, {"gmap": 0.0014, "index": 0.0}
"""Where the middle of their row 0 lies below the upper left corner, in rows, and how much longer a row is than stated.

The corners in both files contradict their own number and size of cells (radar.odd.corners says so)."""


@lru_cache(maxsize=1)
def volumes() -> tuple[Volume, ...]:
    out = []
    for path in sorted(data.need(FOLDER).glob("pvol_*")):
        reading = read(path)
        assert isinstance(reading, Volume)
        out.append(reading)
    return tuple(out)


@lru_cache(maxsize=8)
def ours(word: str, rule: Rule) -> Mosaic:
    planes = []
    for volume in volumes():
        footprint = footprint_of(volume, step=STEP, quantity=Quantity.parse(word), with_weights=True)
        planes.append(plane_of(footprint, pixel_table(footprint.geometry, AREA)))
    return compose(tuple(planes), AREA, at=AT, max_age=STEP, rule=rule)


def composite(name: str) -> Grid:
    file = {"gmap": "composite_swe_gmap.h5", "index": "composite_with_radarindex.h5"}[name]
    grid = read(data.need(f"{FOLDER}/{file}"))
    assert isinstance(grid, Grid)
    assert (grid.unit, grid.parameters["product"], grid.parameters["prodpar"]) == ("dBZ", "PCAPPI", "1000")
    assert grid.started_at == AT
    return grid


def on_our_area(grid: Grid, field: NDArray[np.float32]) -> FloatArray:
    """Return a field of a composite on our area, each cell the one of theirs that its center lies in; NaN outside."""
    lon, lat = np.meshgrid(*AREA.centers_lonlat())
    x, y = Transformer.from_crs("EPSG:4326", grid.crs, always_xy=True).transform(lon, lat)
    across, _, west, _, down, north = grid.transform
    row = np.floor((np.asarray(y) - north) / down).astype(int)
    column = np.floor((np.asarray(x) - west) / across).astype(int)
    inside = (row >= 0) & (row < field.shape[0]) & (column >= 0) & (column < field.shape[1])
    out = np.full(AREA.shape, np.nan)
    out[inside] = field[row[inside], column[inside]]
    return out


@dataclass(frozen=True)
class Gates:
    """The gates that a composite took, one for each cell it sees: dBZ, which radar, our cell above it, how far off it is."""

    dbz: FloatArray
    radar: NDArray[np.int64]
    named: NDArray[np.float32] | None
    row: NDArray[np.intp]
    column: NDArray[np.intp]
    off_m: FloatArray


def gates_of(name: str) -> Gates:
    grid = composite(name)
    values = grid.values()
    row, column = np.nonzero(~np.isnan(values))
    across, _, west, _, down, north = grid.transform
    x, y = west + column * across, north + (row * (1 + ROW_LONGER[name]) + ROW_OFF[name]) * down
    lon, lat = (np.asarray(one) for one in Transformer.from_crs(grid.crs, "EPSG:4326", always_xy=True).transform(x, y))
    sites = [volume.site for volume in volumes()]
    east = [np.radians(lon - site.lon_deg) * np.cos(np.radians(site.lat_deg)) * FLAT_RADIUS_M for site in sites]
    up = [np.radians(lat - site.lat_deg) * FLAT_RADIUS_M for site in sites]
    far = np.hypot(east, up)
    nearest, one = far.argmin(axis=0), np.arange(row.size)
    ray = np.round(np.degrees(np.arctan2(east, up))[nearest, one] % 360 * RAYS / 360)
    gate = np.floor(far[nearest, one] / GATE_M)
    site_lon, site_lat = (np.array([getattr(site, key) for site in sites])[nearest] for key in ("lon_deg", "lat_deg"))
    true_lon, true_lat, _ = Geod(ellps="WGS84").fwd(site_lon, site_lat, (ray + 0.5) * 360 / RAYS, (gate + 0.5) * GATE_M)
    _, _, off_m = Geod(ellps="WGS84").inv(lon, lat, true_lon, true_lat)
    our_row, our_column = AREA.cells_of(*to_mercator(np.asarray(true_lon), np.asarray(true_lat)))
    assert our_row.min() >= 0
    named = grid.quality["quality1"].reshape(values.shape)[row, column] if name == "index" else None
    return Gates(values[row, column].astype(np.float64), nearest + 1, named, our_row, our_column, np.asarray(off_m))


def pseudo_cappi() -> FloatArray:
    """Return our CAPPI at 1000 m of the nearest radar, and its lowest scan where 1000 m is out of its beams."""
    at_height, lowest = (CR.decode(ours(word, Rule.WEIGHT).codes) for word in ("cappi:1000", "hybrid"))
    return np.where(np.isnan(at_height), lowest, at_height).astype(np.float64)


def mean_of(dbz: FloatArray, seen: np.ndarray, cells: int) -> FloatArray:
    """Return the mean over so many cells each way, no echo as -20 dBZ."""
    filled = np.where(seen, np.maximum(np.nan_to_num(dbz, nan=-20, neginf=-20), -20), 0.0)
    share = cv2.blur(seen.astype(np.float64), (cells, cells))
    return np.asarray(cv2.blur(filled, (cells, cells)) / np.maximum(share, 1e-6), np.float64)


def correlation(one: FloatArray, other: FloatArray, where: np.ndarray) -> float:
    return float(np.corrcoef(one[where], other[where])[0, 1])


def test_every_gate_lies_where_an_outside_program_puts_it() -> None:
    """Of 12 radars, up to 20 gates with echo each: value to the code, height above sea level to 10 m."""
    told = json.loads((Path("tests/reference/sweden_places_wradlib.json")).read_text(encoding="utf-8"))
    names = [path.name.split("_")[1] for path in sorted(data.need(FOLDER).glob("pvol_*"))]
    off, gates = 0.0, 0
    for name, volume in zip(names, volumes(), strict=True):
        for elevation, lon, lat, altitude, dbz in told["gates"][name]:
            sweep = min(range(10), key=lambda index: abs(volume.sweeps[index].elevation_deg - elevation))
            value, height = ppi_of(volume, sweep, "dBZ").value_at(lon, lat)
            assert value == pytest.approx(dbz, abs=0.01), (name, lon, lat)
            off, gates = max(off, abs(height - altitude)), gates + 1
    print(
        f"Sweden: {gates} gates of 12 radars, the same value at the place {told['reader']}; heights within {off:.1f} m"
    )
    assert gates >= 200
    assert off < 10


def whole_dbz(mine: FloatArray, name: str) -> FloatArray:
    """Return our values as the one composite keeps them: whole dBZ from 1 on, what was less is "no echo" there."""
    return np.where(mine < 1, -np.inf, mine) if name == "index" else mine


@pytest.mark.parametrize(("name", "least"), [("gmap", 0.65), ("index", 0.57)])
def test_the_composite_of_another_program_shows_the_same_as_ours(name: str, least: float) -> None:
    grid = composite(name)
    mine, other = whole_dbz(pseudo_cappi(), name), on_our_area(grid, grid.values())
    seen = ~np.isnan(mine) & ~np.isnan(other)
    either = ~np.isnan(mine) | ~np.isnan(other)
    echo = np.isfinite(mine) & np.isfinite(other)
    alike = float(np.mean((np.isfinite(mine) == np.isfinite(other))[seen]))
    wide = [mean_of(field, seen, 9) for field in (mine, other)]
    rain = seen & (np.maximum(*wide) > -19)
    single, blurred = correlation(mine, other, echo), correlation(wide[0], wide[1], rain)
    bias = float(np.mean(mine[echo] - other[echo]))
    only_ours, only_theirs = (
        100 * np.mean((~np.isnan(a) & np.isnan(b))[either]) for a, b in ((mine, other), (other, mine))
    )
    print(
        f"Sweden {name:5} as it stands: both see {100 * seen.sum() / either.sum():.2f} % (only ours {only_ours:.2f}, "
        f"only theirs {only_theirs:.2f}), echo or none alike {100 * alike:.1f} %, {np.count_nonzero(echo)} cells with "
        f"echo in both: r {single:.2f}, bias {bias:+.2f} dB; r of 18 km means {blurred:.2f}"
    )
    assert seen.sum() / either.sum() > 0.985
    assert alike > 0.965
    assert single > least
    assert abs(bias) < 1.0
    assert blurred > 0.84


@pytest.mark.parametrize(("name", "least", "close_db"), [("gmap", 0.9, 0.5), ("index", 0.93, 1.0)])
def test_each_of_its_gates_stands_in_our_mosaic_where_it_truly_lies(name: str, least: float, close_db: float) -> None:
    gates = gates_of(name)
    mine = whole_dbz(pseudo_cappi()[gates.row, gates.column], name)
    seen, echo = ~np.isnan(mine), np.isfinite(mine) & np.isfinite(gates.dbz)
    alike = float(np.mean((np.isfinite(mine) == np.isfinite(gates.dbz))[seen]))
    single, bias = correlation(mine, gates.dbz, echo), float(np.mean(mine[echo] - gates.dbz[echo]))
    close = float(np.mean(np.abs(mine[echo] - gates.dbz[echo]) <= close_db))
    same = float(np.mean(ours("hybrid", Rule.WEIGHT).source[gates.row, gates.column] == gates.radar))
    print(
        f"Sweden {name:5} by its gates: {gates.dbz.size} cells, of ours {100 * seen.mean():.2f} % see, echo or none alike "
        f"{100 * alike:.2f} %, {np.count_nonzero(echo)} cells with echo in both: r {single:.3f}, bias {bias:+.2f} dB, "
        f"{100 * close:.0f} % within {close_db} dB; the same radar in {100 * same:.2f} %; its gates lie off by "
        f"{np.median(gates.off_m) / 1000:.1f} km at the median, {np.percentile(gates.off_m, 99) / 1000:.0f} km at the far ends"
    )
    assert seen.mean() > 0.998
    assert alike > 0.99
    assert single > least
    assert abs(bias) < 0.5
    assert close > (0.6 if name == "gmap" else 0.85)
    assert same > 0.985
    if gates.named is not None:
        assert np.mean(gates.named == gates.radar) > 0.999  # over a flat earth the nearest radar is the one it names


@pytest.mark.parametrize(("rule", "least"), [(Rule.WEIGHT, 0.99), (Rule.LOWEST, 0.96), (Rule.MAXIMUM, 0.96)])
def test_the_radar_of_a_cell_is_the_one_that_their_index_names(rule: Rule, least: float) -> None:
    """The index counts the radars in the order of their files' names."""
    grid = composite("index")
    radar = on_our_area(grid, grid.quality["quality1"].reshape(grid.codes.shape[-2:]))
    mosaic = ours("hybrid", rule)
    assert [source.code for source in mosaic.sources] == [volume.site.code for volume in volumes()]
    named = (radar > 0) & (mosaic.source > 0)
    share = float(np.mean(mosaic.source[named] == radar[named]))
    print(
        f"Sweden index, rule {rule.value:8}: the same radar in {100 * share:.2f} % of {np.count_nonzero(named)} cells"
    )
    assert share > least
    assert set(np.unique(radar[named]).astype(int)) == set(range(1, 13))
    if rule is Rule.WEIGHT:  # what differs lies along the borders between two radars
        whose, kernel = np.nan_to_num(radar).astype(np.uint8), np.ones((7, 7), np.uint8)
        inner = named & (cv2.dilate(whose, kernel) == cv2.erode(whose, kernel))
        alike = float(np.mean(mosaic.source[inner] == radar[inner]))
        print(f"Sweden index: {100 * alike:.3f} % of {np.count_nonzero(inner)} cells over 6 km from a border of theirs")
        assert alike > 0.998

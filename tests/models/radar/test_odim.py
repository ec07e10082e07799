"""ODIM volumes and composites, made in memory: coding, order of rays, what is out of order, where a composite lies."""

from __future__ import annotations

import io
import math
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pyproj import CRS, Proj

from models.errors import DataError
from models.radar.decoders import hdf5, read
from models.radar.product import Grid, Role
from models.radar.volume import Volume
from tests.models.radar.said import said

pytest.importorskip("xradar", reason="the extra formats is not installed")
h5py = pytest.importorskip("h5py")
made = pytest.importorskip("tests.models.radar.odim_bytes")

CODES = np.tile(np.arange(16, dtype=np.uint8) * 17, (36, 1))  # 0, 17 ... 255


def floats(values: Any) -> NDArray[np.float32]:
    return np.array(values, np.float32)


def volume_of(raw: bytes) -> Volume:
    volume = hdf5.decode(raw, "odim.h5")
    assert isinstance(volume, Volume)
    return volume


def grid_of(raw: bytes) -> Grid:
    grid = hdf5.decode(raw, "odim.h5")
    assert isinstance(grid, Grid)
    return grid


def refusal(raw: bytes) -> DataError:
    with pytest.raises(DataError) as caught:
        hdf5.decode(raw, "odim.h5")
    assert "odim.h5" in caught.value.sentence("zh")
    assert "odim.h5" in caught.value.sentence("en")
    return caught.value


def test_undetect_is_below_and_nodata_is_not_scanned() -> None:
    volume = volume_of(made.volume([made.sweep([("DBZH", CODES, {"gain": 0.5, "offset": -32.0})])]))
    moment = volume.sweeps[0].moments["dBZ"]
    assert (moment.codes[0, 0], moment.codes[0, -1]) == (0, 2)
    np.testing.assert_array_equal(moment.values()[0, 1:-1], np.arange(1, 15) * 8.5 - 32)
    assert np.isnan(moment.values()[0, [0, -1]]).all()
    assert moment.codes.dtype == np.uint8
    assert (moment.start_m, moment.gate_m) == (0, 500)


def test_rays_stand_in_their_order_in_time_from_the_first_one_radiated() -> None:
    rays = np.tile(np.arange(36, dtype=np.uint8)[:, np.newaxis] + 10, (1, 4))
    volume = volume_of(made.volume([made.sweep([("DBZH", rays, {})], first_ray=30)]))
    sweep = volume.sweeps[0]
    assert sweep.azimuth_deg[:7].tolist() == [305, 315, 325, 335, 345, 355, 5]
    assert sweep.moments["dBZ"].values()[:7, 0].tolist() == [40, 41, 42, 43, 44, 45, 10]
    assert sweep.started_at == datetime(2026, 6, 17, 18, 30, 0, 500_000, UTC)


def test_site_time_and_what_the_radar_is() -> None:
    how = {"wavelength": 5.35, "beamwidth": 0.9, "task": "rain"}
    sweeps = [
        made.sweep([("TH", CODES, {}), ("VRADH", CODES, {})], elevation=0.5 + number, how={"NI": 24.0})
        for number in range(3)
    ]
    volume = volume_of(made.volume(sweeps, how=how))
    assert (volume.site.code, volume.site.name, volume.site.altitude_m) == ("cnzt1", "Zhen", 120)
    assert (volume.site.lon_deg, volume.site.lat_deg) == (113.25, 23.5)
    assert volume.started_at == datetime(2026, 6, 17, 18, 30, tzinfo=UTC)
    assert [sweep.elevation_deg for sweep in volume.sweeps] == [0.5, 1.5, 2.5]
    assert (volume.announced, volume.complete, volume.layout, volume.scan) == (3, True, "odim.pvol", "volume")
    assert set(volume.sweeps[0].moments) == {"dBT", "V"}
    assert volume.sweeps[1].nyquist_ms == 24
    assert volume.frequency_mhz == pytest.approx(5603.6, abs=0.1)
    assert (volume.beam_width_deg, volume.task) == (0.9, "rain")


@pytest.mark.parametrize(
    ("source", "code", "name"),
    [
        ("WMO:02606,RAD:SE50,PLC:Ängelholm", "SE50", "Ängelholm"),
        ("RAD:NL51;PLC:nldhl", "NL51", "nldhl"),
        ("WMO:59287", "59287", ""),
        ("", "", ""),
    ],
)
def test_a_radar_is_called_by_its_node_or_its_number(source: str, code: str, name: str) -> None:
    what = {"source": np.bytes_(source.encode("latin-1"))}
    site = volume_of(made.volume([made.sweep([("DBZH", CODES, {})])], what=what)).site
    assert (site.code, site.name) == (code, name)


def test_moments_of_other_names_and_quality_fields_are_left_and_said() -> None:
    fields: list[tuple[str, Any, dict[str, Any]]] = [("DBZH", CODES, {}), ("CCORH", CODES, {}), ("DBZH", CODES, {})]
    volume = volume_of(made.volume([made.sweep(fields)]))
    assert list(volume.sweeps[0].moments) == ["dBZ"]
    assert [odd for odd in volume.oddities if "CCORH" in odd]


def test_a_range_height_scan_keeps_its_azimuth_and_the_elevations_of_its_rays() -> None:
    rays = np.linspace(0.5, 30.0, 36)
    how = {"startelA": rays - 0.25, "stopelA": rays + 0.25, "startazA": np.full(36, 90.0), "stopazA": np.full(36, 90.0)}
    raw = made.volume([made.sweep([("DBZH", CODES, {})], where={"az_angle": 90.0}, how=how)], what={"object": "SCAN"})
    volume = volume_of(raw)
    assert (volume.scan, volume.layout) == ("rhi", "odim.scan")
    assert set(volume.sweeps[0].azimuth_deg.tolist()) == {90}
    assert volume.sweeps[0].ray_elevation_deg.tolist() == pytest.approx(rays.tolist(), abs=1e-4)


def test_a_radar_that_says_it_did_not_work_is_refused_with_its_words() -> None:
    raw = made.volume([made.sweep([("DBZH", CODES, {})])], how={"malfunc": "True", "radar_msg": "FFF aborted"})
    error = refusal(raw)
    assert error.code == "radar.malfunction"
    assert "FFF aborted" in str(error)


def test_a_sweep_out_of_order_is_left_out_and_said() -> None:
    good, bad = made.sweep([("DBZH", CODES, {})]), made.sweep([("DBZH", CODES, {})], how={"malfunc": "True"})
    volume = volume_of(made.volume([bad, good]))
    assert [sweep.number for sweep in volume.sweeps] == [2]
    assert "malfunction" in said(volume.oddities)


def test_a_moment_whose_bytes_are_damaged_costs_no_other() -> None:
    noise = np.random.default_rng(1).integers(1, 254, (36, 400), np.uint8)
    raw = bytearray(made.volume([made.sweep([("DBZH", noise, {}), ("TH", noise // 2, {})])]))
    with h5py.File(io.BytesIO(raw), "r") as file:
        chunk = file["dataset1/data2/data"].id.get_chunk_info(0)
    raw[chunk.byte_offset : chunk.byte_offset + chunk.size] = bytes(chunk.size)
    volume = volume_of(bytes(raw))
    assert list(volume.sweeps[0].moments) == ["dBZ"]
    assert isinstance(volume.error, DataError)
    assert volume.error.code == "radar.moments_unreadable"
    assert (volume.error.facts["moments"], volume.error.facts["byte"]) == ("TH", chunk.byte_offset)


def test_a_last_sweep_that_stops_on_its_way_round_is_left_out_and_said() -> None:
    edges = np.arange(36) * 5.0
    half = {"startazA": edges, "stopazA": edges + 5}
    whole = [made.sweep([("DBZH", CODES, {})], start=f"18300{n}", end=f"18303{n}") for n in range(2)]
    late = made.sweep([("DBZH", CODES, {})], start="183100", end="183136", how=half)
    volume = volume_of(made.volume([*whole, late]))
    assert [sweep.number for sweep in volume.sweeps] == [1, 2]
    assert isinstance(volume.error, DataError)
    assert (volume.error.code, volume.error.facts["cut"]) == ("radar.cut_short", 3)
    assert float(volume.error.facts["missing_deg"]) == pytest.approx(185, abs=1)
    assert volume_of(made.volume([late])).complete  # a sector that was meant


def test_a_sweep_that_cannot_be_read_costs_no_other() -> None:
    good = made.sweep([("DBZH", CODES, {})])
    bad = made.sweep([("DBZH", CODES, {})], start="bad!!!")
    volume = volume_of(made.volume([bad, good]))
    assert [sweep.number for sweep in volume.sweeps] == [2]
    assert isinstance(volume.error, DataError)
    assert volume.error.code == "radar.foreign_damaged"
    assert refusal(made.volume([bad])).code == "radar.foreign_damaged"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (made.volume([made.sweep([("DBZH", CODES, {})])], what={"object": "VP"}), "radar.odim_object"),
        (made.volume([]), "radar.foreign_no_sweep"),
        (made.volume([made.sweep([("CCORH", CODES, {})])]), "radar.foreign_no_moment"),
        (made.volume([made.sweep([("DBZH", CODES, {"gain": math.nan})])]), "radar.moment_scale"),
        (made.volume([made.sweep([("DBZH", CODES, {})], where={"nrays": 2**31})]), "radar.foreign_bounds"),
        (made.volume([made.sweep([("DBZH", CODES, {})], where={"nbins": 9000})]), "radar.foreign_bounds"),
        (made.volume([made.sweep([("DBZH", CODES, {})], where={"nbins": 15})]), "radar.foreign_rays"),
        (made.volume([made.sweep([("DBZH", CODES, {})], where={"rscale": 0.0})]), "radar.foreign_damaged"),
        (made.volume([made.sweep([("DBZH", CODES, {})], where={"rscale": 50_000.0})]), "radar.uneven_gates"),
        (made.volume([made.sweep([("DBZH", CODES, {})], where={"elangle": math.nan})]), "radar.foreign_rays"),
        (made.volume([made.sweep([("DBZH", CODES, {})])], where={"lon": 0.0, "lat": 0.0}), "radar.foreign_site"),
        (made.volume([made.sweep([("DBZH", CODES, {})])], where={"lon": 0.0, "lat": 95.0}), "radar.foreign_site"),
        (made.volume([made.sweep([("DBZH", CODES, {})])], where={"height": 10.0}), "radar.foreign_site"),
        (made.volume([made.sweep([("DBZH", CODES, {})])], external=True), "radar.odim_linked"),
    ],
)
def test_what_is_no_volume_is_named(raw: bytes, code: str) -> None:
    assert refusal(raw).code == code


def test_a_cut_file_says_where_it_ends_and_where_it_should() -> None:
    raw = made.volume([made.sweep([("DBZH", CODES, {})])])
    error = refusal(raw[: len(raw) // 2])
    assert (error.code, error.facts["byte"], error.facts["expected"]) == ("radar.cut_off", len(raw) // 2, len(raw))
    assert refusal(raw[:60]).code == "radar.cut_off"
    assert refusal(raw[:20]).code == "radar.foreign_damaged"


def test_without_the_extra_a_volume_is_named_and_a_composite_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("xradar", "h5py", "netCDF4", "h5netcdf"):
        monkeypatch.setitem(sys.modules, module, None)
    volume, composite = VOLUME_AND_COMPOSITE
    error = refusal(volume)
    assert (error.code, error.facts["format"]) == ("radar.formats_missing", "ODIM HDF5")
    assert grid_of(composite).name == "DBZH"


COMPOSITE = (np.arange(20, dtype=np.uint8).reshape(4, 5) * 13) + 8
VOLUME_AND_COMPOSITE = (made.volume([made.sweep([("DBZH", CODES, {})])]), made.composite(COMPOSITE))


def test_a_composite_lies_at_its_upper_left_corner_with_its_own_cells() -> None:
    cells = COMPOSITE.copy()
    cells[0, 0], cells[3, 4] = 0, 255
    grid = grid_of(made.composite(cells, quality=np.arange(20, dtype=np.uint8).reshape(4, 5)))
    assert grid.transform == pytest.approx((2000, 0, 0, 0, -2000, 0), abs=0.01)
    assert Proj(CRS(grid.crs))(10, 55) == pytest.approx((0, 0), abs=1e-6)
    values = grid.values()
    assert values[0, 0] == -np.inf
    assert np.isnan(values[3, 4])
    assert values[1, 2] == cells[1, 2] * 0.5 - 32
    assert grid.codes.dtype == np.uint8
    assert (grid.unit, grid.role, grid.source) == ("dBZ", Role.COMPOSITE, "ORG:247")
    assert grid.started_at == datetime(2026, 6, 17, 18, 30, tzinfo=UTC)
    assert grid.parameters["minutes"] == 5
    np.testing.assert_array_equal(grid.quality["quality1"], np.arange(20).reshape(4, 5))
    assert said(grid.oddities) == ["radar_index"]


def test_cells_of_its_own_beat_corners_that_do_not_fit() -> None:
    grid = grid_of(made.composite(COMPOSITE, where={"LL_lat": 54.8}))
    assert grid.transform[4] == -2000
    assert "corners" in said(grid.oddities)


def test_a_datum_that_contradicts_its_ellipsoid_is_dropped_where_the_corners_say_so() -> None:
    bessel = "+proj=laea +lat_0=55 +lon_0=10 +ellps=bessel"
    plane, many = Proj(bessel), np.full((900, 900), 100, np.uint8)
    corners = {}
    for corner, x, y in (("UL", 0, 0), ("UR", 900, 0), ("LL", 0, -900), ("LR", 900, -900)):
        corners[f"{corner}_lon"], corners[f"{corner}_lat"] = plane(x * 2000.0, y * 2000.0, inverse=True)
    grid = grid_of(made.composite(many, where={**corners, "projdef": f"{bessel} +datum=WGS84"}))
    assert said(grid.oddities) == ["datum_dropped"]
    ellipsoid = CRS(grid.crs).ellipsoid
    assert ellipsoid is not None
    assert ellipsoid.semi_major_metre == pytest.approx(6_377_397.155)


def test_rain_and_quality_in_one_file_are_field_and_quality() -> None:
    rain = np.array([[0.0, 1.5], [-8_888_000.0, -9_999_000.0]])
    raw = made.composite(
        rain,
        field={"quantity": "RATE", "gain": 1.0, "offset": 0.0, "undetect": -8_888_000.0, "nodata": -9_999_000.0},
        further=[("QIND", np.array([[1, 2], [3, 4]], np.uint8))],
    )
    grid = grid_of(raw)
    assert (grid.name, grid.unit, grid.role, grid.levels) == ("RATE", "mm/h", Role.RAIN, None)
    np.testing.assert_array_equal(grid.values(), floats([[0, 1.5], [-np.inf, np.nan]]))
    np.testing.assert_array_equal(grid.quality["QIND"], [[1, 2], [3, 4]])


def test_the_known_quantity_is_the_field_wherever_it_stands() -> None:
    raw = made.composite(COMPOSITE, field={"quantity": "QIND"}, further=[("DBZH", COMPOSITE)])
    grid = grid_of(raw)
    assert (grid.name, list(grid.quality)) == ("DBZH", ["QIND"])


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (made.composite(COMPOSITE, where={"projdef": ""}), "radar.grid_unplaced"),
        (made.composite(COMPOSITE, where={"xscale": 0.0}), "radar.grid_unplaced"),
        (made.composite(COMPOSITE, where={"UL_lat": math.nan}), "radar.grid_unplaced"),
        (made.composite(COMPOSITE, where={"projdef": "+proj=nothing"}), "radar.foreign_damaged"),
        (made.composite(COMPOSITE, what={"date": "", "time": ""}), "radar.grid_no_time"),
    ],
)
def test_a_composite_without_place_or_time_is_named(raw: bytes, code: str) -> None:
    assert refusal(raw).code == code


def test_a_composite_too_large_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.radar.layouts.raster_file.LARGEST_BYTES", 19)
    assert refusal(made.composite(COMPOSITE)).code == "radar.grid_too_large"


def test_the_door_takes_it_whatever_it_is_called(tmp_path: Path) -> None:
    path = tmp_path / "inbox.bin"
    path.write_bytes(VOLUME_AND_COMPOSITE[0])
    reading = read(path)
    assert isinstance(reading, Volume)
    assert reading.started_at == datetime(2026, 6, 17, 18, 30, tzinfo=UTC)

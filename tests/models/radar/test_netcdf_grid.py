"""Fields on a grid in netCDF: which variable, which time, what is missing, and files that were cut."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from models.errors import DataError
from models.radar.decoders import hdf5, netcdf
from models.radar.product import Grid, Role
from tests.models.radar.said import said

nc = pytest.importorskip("netCDF4", reason="the extra formats is not installed")
made = pytest.importorskip("tests.models.radar.cfradial_bytes")


def grid_bytes(
    *,
    times: int = 0,
    levels: int = 0,
    classic: bool = True,
    units: str = "dBZ",
    scalar_time: str = "valid_time",
    further: bool = False,
    south_up: bool = False,
) -> bytes:
    """Return a field of 4 x 5 cells on degrees, -999 missing, in int16 steps of 0.5."""
    file = nc.Dataset("made.nc", "w", format="NETCDF3_CLASSIC" if classic else "NETCDF4", memory=4096)
    sizes = {"time": times, "z": levels, "lat": 4, "lon": 5}
    held = {name: size for name, size in sizes.items() if size}
    for name, size in held.items():
        file.createDimension(name, size)
    lat = np.linspace(24.0, 23.7, 4)
    made.put(file, "lat", ("lat",), lat[::-1] if south_up else lat, units="degrees_north", standard_name="latitude")
    made.put(file, "lon", ("lon",), np.linspace(113.0, 113.4, 5), units="degrees_east", standard_name="longitude")
    if levels:
        made.put(file, "z", ("z",), np.arange(1, levels + 1) * 1000.0, units="m", standard_name="height")
    if times:
        made.put(file, "time", ("time",), np.arange(times) * 6.0, units="minutes since 2026-06-17 18:30:00 UTC")
    elif scalar_time:
        since = "seconds since 1970-01-01 00:00:00 UTC"
        seconds = int(datetime(2026, 6, 17, 18, 30, tzinfo=UTC).timestamp())
        made.put(file, scalar_time, (), np.array(seconds, np.int32), units=since)
        made.put(file, "start_time", (), np.array(seconds - 360, np.int32), units=since)
    cells = np.arange(int(np.prod(list(held.values()))), dtype=np.int16).reshape(list(held.values()))
    cells[..., 0, 0] = -999
    words: dict[str, Any] = {"scale_factor": 0.5, "add_offset": -10.0, "_FillValue": np.int16(-999)}
    if further:
        made.put(file, "first", tuple(held), cells, units="K", **words)
    made.put(file, "field", tuple(held), cells, units=units, long_name="Rain", **words)
    file.setncatts({"Conventions": "CF-1.7", "institution": "an office"})
    return bytes(made.trimmed(bytes(file.close())))


def decoded(raw: bytes, name: str = "mosaic") -> Grid:
    decoder = hdf5 if hdf5.recognizes(raw[:16], len(raw)) else netcdf
    grid = decoder.decode(raw, name)
    assert isinstance(grid, Grid)
    return grid


def refusal(raw: bytes) -> DataError:
    with pytest.raises(DataError) as caught:
        decoded(raw)
    assert "mosaic" in caught.value.sentence("zh")
    return caught.value


@pytest.mark.parametrize("classic", [True, False])
def test_a_field_its_place_and_its_time(classic: bool) -> None:
    grid = decoded(grid_bytes(classic=classic))
    assert (grid.name, grid.unit, grid.role, grid.source) == ("field", "dBZ", Role.COMPOSITE, "an office")
    assert grid.started_at == datetime(2026, 6, 17, 18, 30, tzinfo=UTC)
    assert grid.parameters["minutes"] == 6
    assert grid.transform == pytest.approx((0.1, 0, 112.95, 0, -0.1, 24.05))
    values = grid.values()
    assert np.isnan(values[0, 0])
    assert values[3].tolist() == [-2.5, -2, -1.5, -1, -0.5]


def test_a_field_with_the_south_on_top_is_turned() -> None:
    grid = decoded(grid_bytes(south_up=True))
    assert grid.transform == pytest.approx((0.1, 0, 112.95, 0, -0.1, 24.05))
    assert np.isnan(grid.values()[3, 0])


def test_the_last_of_several_times_and_all_its_levels() -> None:
    grid = decoded(grid_bytes(times=3, levels=2))
    assert grid.started_at == datetime(2026, 6, 17, 18, 42, tzinfo=UTC)
    assert (grid.heights_m, grid.codes.shape) == ((1000, 2000), (2, 4, 5))
    assert grid.values(0)[0, 1] == 81 * 0.5 - 10
    assert grid.values(1)[3, 4] == 119 * 0.5 - 10


def test_the_field_in_a_unit_of_radar_is_taken_and_the_other_one_said() -> None:
    grid = decoded(grid_bytes(further=True, units="mm h-1"))
    assert (grid.name, grid.unit, grid.role) == ("field", "mm/h", Role.RAIN)
    assert said(grid.oddities) == ["other_fields"]


def test_without_the_extra_the_name_gives_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    raw, of_times = grid_bytes(), grid_bytes(times=2)
    monkeypatch.setitem(sys.modules, "netCDF4", None)
    assert refusal(raw).code == "radar.grid_no_time"
    grid = decoded(raw, "2_20260617_183000.nc")
    assert grid.started_at == datetime(2026, 6, 17, 18, 30, tzinfo=UTC)
    assert "time_from_name" in said(grid.oddities)
    assert decoded(of_times).started_at == datetime(2026, 6, 17, 18, 36, tzinfo=UTC)


@pytest.mark.parametrize("classic", [True, False])
def test_a_cut_file_is_named_with_its_bytes(classic: bool) -> None:
    raw = grid_bytes(classic=classic)
    if classic:  # the library fills its memory up with anything
        last_row = np.arange(15, 20, dtype=">i2").tobytes()
        raw = raw[: raw.index(last_row) + len(last_row)]
    for part in (0.2, 0.6):
        error = refusal(raw[: int(len(raw) * part)])
        assert (error.code, error.facts["byte"]) == ("radar.cut_off", int(len(raw) * part))
        assert error.facts["expected"] > error.facts["byte"]
    assert refusal(raw[:-1]).code == "radar.cut_off"


def test_a_file_without_a_field_is_named() -> None:
    file = nc.Dataset("made.nc", "w", format="NETCDF3_CLASSIC", memory=4096)
    file.createDimension("x", 3)
    made.put(file, "x", ("x",), np.arange(3.0))
    assert refusal(bytes(file.close())).code in {"radar.foreign_damaged", "radar.grid_no_field"}


def test_a_field_too_large_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.radar.layouts.raster_file.LARGEST_BYTES", 79)
    assert refusal(grid_bytes()).code == "radar.grid_too_large"

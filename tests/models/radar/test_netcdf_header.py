"""Where a classic netCDF file must end: as the library wrote it, with and without records."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.errors import DataError
from models.radar.layouts.netcdf_header import check_whole

nc = pytest.importorskip("netCDF4", reason="the extra formats is not installed")


@pytest.mark.parametrize("form", ["NETCDF3_CLASSIC", "NETCDF3_64BIT_OFFSET", "NETCDF3_64BIT_DATA"])
@pytest.mark.parametrize("records", [None, 0, 1, 3])
@pytest.mark.parametrize("recorded", [1, 2])
def test_the_end_is_that_of_the_file_the_library_wrote(
    tmp_path: Path, form: str, records: int | None, recorded: int
) -> None:
    """A lone record variable is not filled up to four bytes, several are."""
    path = tmp_path / "made.nc"
    with nc.Dataset(path, "w", format=form) as file:
        file.createDimension("time", 5 if records is None else None)
        file.createDimension("x", 7)
        file.setncatts({"Conventions": "CF-1.7", "odd": np.arange(3, dtype=np.int16)})
        file.createVariable("fixed", "f4", ("x",))[:] = np.arange(7)
        for number in range(recorded):
            variable = file.createVariable(f"codes{number}", "i1", ("time", "x"))
            if records != 0:
                variable[: records or 5] = np.ones((records or 5, 7))
    raw = path.read_bytes()
    assert check_whole(raw, "made.nc") == "CF-1.7"
    for byte in (2, 20, len(raw) // 2, len(raw) - 4):
        with pytest.raises(DataError) as caught:
            check_whole(raw[:byte] if byte > 3 else raw[:4], "made.nc")
        assert caught.value.code == "radar.cut_off"
        assert caught.value.facts["byte"] < caught.value.facts["expected"] <= len(raw) + 8


def test_records_of_an_unlimited_dimension_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "made.nc"
    with nc.Dataset(path, "w", format="NETCDF3_CLASSIC") as file:
        file.createDimension("time", None)
        file.createDimension("x", 7)
        for name in ("a", "b"):
            file.createVariable(name, "i2", ("time", "x"))[:4] = np.ones((4, 7))
    raw = path.read_bytes()
    check_whole(raw, "made.nc")
    with pytest.raises(DataError) as caught:
        check_whole(raw[:-3], "made.nc")
    assert len(raw) - 3 < caught.value.facts["expected"] <= len(raw)


@pytest.mark.parametrize(("at", "value"), [(8, 0x63), (12, 0xFF), (7, 0xFF)])
def test_a_header_that_contradicts_itself_is_named(tmp_path: Path, at: int, value: int) -> None:
    path = tmp_path / "made.nc"
    with nc.Dataset(path, "w", format="NETCDF3_CLASSIC") as file:
        file.createDimension("x", 7)
        file.createVariable("a", "i2", ("x",))[:] = np.arange(7)
    raw = bytearray(path.read_bytes())
    raw[at] = value
    if at == 7:  # a count of records without a record is no contradiction
        check_whole(bytes(raw), "made.nc")
        return
    with pytest.raises(DataError) as caught:
        check_whole(bytes(raw), "made.nc")
    assert caught.value.code in {"radar.foreign_damaged", "radar.cut_off"}

"""Foreign volumes and grids against readers that nobody of this project wrote (figures in tests/reference)."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pyproj import CRS, Proj, Transformer

from models.radar.decoders import read
from models.radar.product import Grid
from models.radar.volume import Volume
from tests import data

pytest.importorskip("xradar", reason="the extra formats is not installed")

REFERENCE = Path(__file__).resolve().parents[2] / "reference"
FOLDERS = {
    "foreign_nexrad": "radar/nexrad",
    "foreign_odim": "radar/odim_single",
    "foreign_odim_sweden": "radar/odim_sweden_20090501T1200",
    "foreign_cfradial": "radar/jma_cfradial",
}
GRIDS = {
    "sweden": "radar/odim_sweden_20090501T1200",
    "opera": "sequences/opera_odim_20180824",
    "bom": "sequences/bom_nc_20180616",
    "tif": "sequences/fmi_geotiff_20160928",
    "pgm": "sequences/fmi_pgm_20160928",
    "mrms": "sequences/mrms_grib2_20190610",
}
SAME_RAY_DEG = 0.02
SHORT_FILES = 2


def figures(name: str) -> Any:
    return json.loads((REFERENCE / f"{name}.json").read_text(encoding="utf-8"))


VOLUMES = [(name, seen) for name in FOLDERS for seen in figures(name)["files"]]


def volume_of(path: Path) -> Volume:
    volume = read(path)
    assert isinstance(volume, Volume)
    return volume


def grid_of(path: Path) -> Grid:
    grid = read(path)
    assert isinstance(grid, Grid)
    return grid


@pytest.mark.parametrize(("name", "seen"), VOLUMES, ids=[seen["file"][:24] for _, seen in VOLUMES])
def test_volumes_are_as_the_outside_reader_saw_them(name: str, seen: dict[str, Any]) -> None:
    volume = volume_of(data.need(f"{FOLDERS[name]}/{seen['file']}"))
    if volume.site.placed:
        place = (volume.site.lat_deg, volume.site.lon_deg, volume.site.altitude_m)
        assert place == pytest.approx((seen["site"]["lat"], seen["site"]["lon"], seen["site"]["altitude"]), abs=1e-5)
    else:
        assert seen["site"]["lat"] == 0  # the old messages have no place
    assert len(volume.sweeps) == volume.announced == len(seen["cuts"])
    compared = 0
    for sweep, cut in zip(volume.sweeps, seen["cuts"], strict=True):
        assert sweep.elevation_deg == pytest.approx(cut["elevation_deg"], abs=0.1)
        assert sweep.azimuth_deg.size == cut["rays"]
        assert float(sweep.azimuth_deg.sum(dtype=float)) == pytest.approx(cut["azimuth_sum"], rel=1e-6)
        since = datetime.fromisoformat(cut["since"]).replace(tzinfo=UTC) + timedelta(seconds=cut["first_s"])
        assert abs((sweep.started_at - since).total_seconds()) < 0.5
        if cut["nyquist_ms"] and np.isfinite(sweep.nyquist_ms):
            assert sweep.nyquist_ms == pytest.approx(cut["nyquist_ms"], abs=0.01)
        assert set(sweep.moments) == set(cut["moments"])
        for moment, told in cut["moments"].items():
            held = sweep.moments[moment]
            assert (held.codes.shape[1], held.gate_m) == (told["gates"], told["gate_m"])
            assert held.start_m + held.gate_m / 2 == pytest.approx(told["first_m"], abs=0.01)
            values = held.values().astype(float)
            assert int(np.isfinite(values).sum()) == told["values"]
            assert np.nansum(values) == pytest.approx(told["sum"], rel=1e-6, abs=0.5)
            if told["values"]:
                assert np.nanmin(values) == pytest.approx(told["lowest"], abs=1e-3)
                assert np.nanmax(values) == pytest.approx(told["highest"], abs=1e-3)
            if "undetect" in told:
                assert (int((held.codes == 0).sum()), int((held.codes == 2).sum())) == (
                    told["undetect"],
                    told["nodata"],
                )
            compared += picked_agree(sweep.azimuth_deg, values, told["picked"])
    assert compared >= (14 if any(m["picked"] for cut in seen["cuts"] for m in cut["moments"].values()) else 0)


def picked_agree(azimuth: Any, values: Any, picked: list[list[Any]]) -> int:
    """Compare the picked gates on the ray of the same azimuth; return how many there were."""
    for at, gate, value in picked:
        apart = np.abs((azimuth.astype(float) - at + 180) % 360 - 180)
        rays = np.flatnonzero(apart < max(SAME_RAY_DEG, float(apart.min()) + 1e-6))
        held = [values[ray, gate] for ray in rays]  # a ray may come twice
        told = np.nan if value is None else value
        assert any(one == pytest.approx(told, abs=1e-3, nan_ok=True) for one in held)
    return len(picked)


def test_only_the_file_that_is_half_zeros_is_not_complete() -> None:
    broken = {
        seen["file"][:5]
        for name, seen in VOLUMES
        if name == "foreign_odim" and not volume_of(data.need(f"{FOLDERS[name]}/{seen['file']}")).complete
    }
    assert broken == {"sehem"}


@pytest.mark.parametrize("kind", GRIDS)
def test_grids_are_as_the_outside_reader_saw_them(kind: str) -> None:
    told = figures("foreign_grids")[kind]["files"]
    for seen in told[: data.long_count(SHORT_FILES, len(told))]:
        grid = grid_of(data.need(f"{GRIDS[kind]}/{seen['file']}"))
        values = grid.values()
        finite = np.isfinite(values)
        assert values.shape == (seen["rows"], seen["columns"])
        assert f"{grid.started_at:%Y%m%d%H%M}" == seen["at"]
        assert (int(finite.sum()), int(np.isneginf(values).sum())) == (seen["values"], seen["below"])
        assert float(values[finite].sum(dtype=float)) == pytest.approx(seen["sum"], rel=1e-6)
        assert float(values[finite].min()) == pytest.approx(seen["lowest"], abs=1e-3)
        assert float(values[finite].max()) == pytest.approx(seen["highest"], abs=1e-3)
        for row, column, value in seen.get("picked", ()):
            expected = -np.inf if value == "below" else np.nan if value is None else value
            assert values[row, column] == pytest.approx(expected, abs=1e-3, nan_ok=True)
        PLACES[kind](grid, seen["place"])


def corners(grid: Grid) -> tuple[float, float, float, float]:
    """Return x and y of the centers of the first and the last cell."""
    a, _, x, _, e, y = grid.transform
    rows, columns = grid.codes.shape[1:]
    return x + a / 2, y + e / 2, x + a * (columns - 0.5), y + e * (rows - 0.5)


def place_of_mrms(grid: Grid, told: dict[str, float]) -> None:
    expected = (told["first_lon"], told["first_lat"], told["last_lon"], told["last_lat"])
    assert corners(grid) == pytest.approx(expected, abs=1e-5)
    assert (grid.name, grid.unit, grid.role.value, grid.source) == ("PrecipRate", "mm/h", "rain", "US-OAR")


def place_of_bom(grid: Grid, told: dict[str, float]) -> None:
    assert corners(grid) == pytest.approx((told["first_x"], told["first_y"], told["last_x"], told["last_y"]), abs=0.1)
    assert (grid.unit, grid.role.value, grid.parameters["minutes"]) == ("mm", "rain", told["minutes"])
    lon, lat = Transformer.from_crs(CRS(grid.crs), "EPSG:4326", always_xy=True).transform(0, 0)
    assert (lon, lat) == pytest.approx((144.752, -37.852), abs=1e-6)  # the radar of Melbourne


def place_of_tif(grid: Grid, told: dict[str, float]) -> None:
    a, b, x, d, e, y = grid.transform
    assert (x, y, a, -e, b, d) == pytest.approx(
        (told["west"], told["north"], told["cell_x"], told["cell_y"], 0, 0), abs=1e-6
    )
    assert (grid.crs, grid.unit, grid.name) == ("EPSG:3067", "dBZ", "Corrected reflectivity")


def place_of_pgm(grid: Grid, told: dict[str, list[float]]) -> None:
    a, _, x, _, e, y = grid.transform
    rows, columns = grid.codes.shape[1:]
    back = Transformer.from_crs(CRS(grid.crs), CRS(grid.crs).geodetic_crs, always_xy=True)
    assert back.transform(x, y + e * rows) == pytest.approx(told["bottomleft"], abs=1e-4)
    assert back.transform(x + a * columns, y) == pytest.approx(told["topright"], abs=1e-4)
    assert (x, y + e * rows) == pytest.approx((-380886.310, -3395677.920), abs=0.2)  # as pysteps has them


def place_of_opera(grid: Grid, told: dict[str, Any]) -> None:
    plane = Proj(CRS(grid.crs))
    a, _, x, _, e, y = grid.transform
    rows, columns = grid.codes.shape[1:]
    assert plane(told["UL_lon"], told["UL_lat"]) == pytest.approx((x, y), abs=1)
    assert plane(told["LR_lon"], told["LR_lat"]) == pytest.approx((x + a * columns, y + e * rows), abs=1)
    (quality,) = grid.quality.values()
    assert list(grid.quality) == ["QIND"]
    assert int(np.isfinite(quality).sum()) == told["quality_known"]
    assert float(np.nansum(quality, dtype=float)) == pytest.approx(told["quality_sum"], rel=1e-5)
    assert (grid.unit, grid.role.value, grid.parameters["minutes"]) == ("mm/h", "rain", 15)
    assert "NOD:seang" in str(grid.parameters["nodes"])


def place_of_sweden(grid: Grid, told: dict[str, Any]) -> None:
    assert (grid.transform[0], -grid.transform[4]) == (told["xscale"], told["yscale"])
    assert (grid.unit, grid.role.value, grid.heights_m) == ("dBZ", "cappi", (1000,))
    if "quality_sum" in told:
        index = grid.quality["quality1"]
        assert float(index.sum(dtype=float)) == told["quality_sum"]
        assert np.unique(index).tolist() == list(range(13))
        assert grid.parameters["quality1_task"] == "se.smhi.composite.index.radar"


PLACES: dict[str, Any] = {
    "mrms": place_of_mrms,
    "bom": place_of_bom,
    "tif": place_of_tif,
    "pgm": place_of_pgm,
    "opera": place_of_opera,
    "sweden": place_of_sweden,
}


@pytest.mark.parametrize(
    ("name", "corner"),
    [
        ("composite_swe_gmap.h5", (-12.027999999986575, 35.5988893958045)),
        ("composite_with_radarindex.h5", (3.5236885365678647, 52.36670217829034)),
    ],
)
def test_the_rim_of_the_swedish_composites_is_240_km_from_the_radars(name: str, corner: tuple[float, float]) -> None:
    """Laid from the lower left corner of the file, or stretched between its corners, it would be less round."""
    folder = data.need("radar/odim_sweden_20090501T1200")
    sites = [volume_of(path).site for path in sorted(folder.glob("pvol_*.h5"))]
    grid = grid_of(folder / name)
    seen = ~np.isnan(grid.values())
    rim = seen & ~(np.roll(seen, 1, 0) & np.roll(seen, -1, 0) & np.roll(seen, 1, 1) & np.roll(seen, -1, 1))
    row, column = np.nonzero(rim)
    assert len(sites) == 12
    assert row.size > 1000
    plane = Proj(CRS(grid.crs))
    geod = CRS("EPSG:4326").get_geod()
    assert geod is not None

    def away_m(transform: tuple[float, ...]) -> Any:
        a, _, x, _, e, y = transform
        lon, lat = plane(x + (column + 0.5) * a, y + (row + 0.5) * e, inverse=True)
        each = [geod.inv(np.full_like(lon, s.lon_deg), np.full_like(lat, s.lat_deg), lon, lat)[2] for s in sites]
        return np.min(each, axis=0)

    ours = away_m(grid.transform)
    a, b, x, d, e, y = grid.transform
    bottom = plane(*corner)[1]
    rows = seen.shape[0]
    from_below = away_m((a, b, x, d, e, bottom - e * rows))
    stretched = away_m((a, b, x, d, (bottom - y) / rows, y))
    assert float(np.median(ours)) == pytest.approx(240_000, abs=1500)
    assert spread(ours) < 2600
    assert spread(from_below) > spread(ours) + 300
    assert spread(stretched) > spread(ours) + 100


def spread(away: Any) -> float:
    """Return the standard deviation of the distances of the rim, m, but for where circles meet."""
    return float(away[np.abs(away - np.median(away)) < 15_000].std())


def test_the_finnish_pgm_is_the_finnish_geotiff() -> None:
    """Two forms of one composite: their codes and places, read by two of our modules, agree."""
    fine = grid_of(data.need("sequences/fmi_geotiff_20160928/201609281445_FINUTM.tif"))
    (path,) = data.need("sequences/fmi_pgm_20160928").glob("201609281445*")
    coarse = grid_of(path)
    assert fine.started_at == coarse.started_at
    values, finer = coarse.values(), fine.values()
    row, column = np.mgrid[0 : values.shape[0], 0 : values.shape[1]]
    to_fine = Transformer.from_crs(CRS(coarse.crs), CRS(fine.crs), always_xy=True)

    def agreement(shift: float) -> float:
        a, _, x, _, e, y = coarse.transform
        px, py = to_fine.transform(x + (column + 0.5 + shift) * a, y + (row + 0.5 + shift) * e)
        a, _, x, _, e, y = fine.transform
        across = np.clip(np.floor((px - x) / a), 0, finer.shape[1] - 1).astype(int)
        down = np.clip(np.floor((py - y) / e), 0, finer.shape[0] - 1).astype(int)
        other = finer[down, across]
        both = np.isfinite(other) & np.isfinite(values)
        return float(np.corrcoef(other[both], values[both])[0, 1])

    assert agreement(0) > 0.98
    assert agreement(0) > agreement(1) + 0.03
    assert agreement(0) > agreement(-1) + 0.03


def test_every_intact_foreign_file_is_read_or_refused_for_a_named_reason() -> None:
    folders = ["radar/nexrad", "radar/jma_cfradial", "radar/odim_single", *(f"sequences/{p.name}" for p in sequences())]
    refused: dict[str, set[str]] = {}
    for folder in folders:
        paths = sorted(data.need(folder).iterdir())
        for path in paths[: data.long_count(1, len(paths))]:
            try:
                read(path)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is looked at below
                refused.setdefault(folder, set()).add(getattr(error, "code", repr(error)))
    assert refused == {
        "radar/odim_single": {"radar.malfunction"},
        "sequences/mch_gif_20170131": {"radar.picture_unplaced"},
    }


def sequences() -> list[Path]:
    return sorted(path for path in data.need("sequences").iterdir() if path.is_dir())

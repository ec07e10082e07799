"""`fengsui radar mosaic`: files in, one GeoTIFF out."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import typer
from numpy.typing import NDArray

from app.commands.radar_files import MosaicOrder, Written, area_of, write_composite
from app.demo.cma_writer import write_volume
from app.demo.radars import RADARS
from app.radar import radar_strips
from app.radar.radar_strips import strips_of
from models.errors import DataError
from models.grid import GridArea
from models.radar.decoders import read
from models.radar.mosaic import Rule
from models.radar.motion import Motion
from models.radar.quantity import Quantity
from models.radar.register import RadarSite, Register
from models.radar.volume import Volume
from tests import data
from tests.models.radar import fmt_bytes as fmt
from tests.models.radar import legacy_bytes, pup_bytes
from tests.models.radar.scene import AT, alone_on

BOUNDS = "113.0,23.3,113.5,23.7"
SWEDEN = "10,54,26,69"
DRILL = "106.8,28.75,107.6,29.45"
NOW = datetime(2026, 6, 17, 18, 48, 9, tzinfo=UTC)


def compose(files: list[Path], out: Path, bounds: str = BOUNDS, resolution_m: float = 500, **wish: Any) -> Written:
    return write_composite(files, MosaicOrder(bounds, resolution_m, **wish), out)


def volume(code: str, minutes: int = 0, lon: float | None = None) -> bytes:
    """The small volume of another radar, at another time or place."""
    raw = bytearray(fmt.small_volume())
    raw[32:40] = code.encode().ljust(8, b"\0")
    raw[332:336] = (fmt.STARTED_S + 60 * minutes).to_bytes(4, "little")
    if lon is not None:
        raw[76:80] = np.float32(lon).tobytes()
    return bytes(raw)


def bands(path: Path) -> dict[str, NDArray[np.float32]]:
    with rasterio.open(path) as file:
        return dict(zip(file.descriptions, file.read(), strict=True))


def tags(path: Path) -> dict[str, str]:
    with rasterio.open(path) as file:
        return dict(file.tags())


@pytest.mark.parametrize(
    ("product", "unit"), [("cr", "dBZ"), ("hybrid", "dBZ"), ("cappi:3000", "dBZ"), ("et", "km"), ("vil", "kg/m2")]
)
def test_swedish_radars_of_one_moment_become_one_mosaic_of_every_product(
    tmp_path: Path, product: str, unit: str
) -> None:
    files = sorted(data.need("radar/fmt_converted_sweden").iterdir())
    out = tmp_path / "se.tif"
    written = compose(files, out, SWEDEN, 4000, quantity=Quantity.parse(product))
    assert written.good
    assert all(f"ZS{number}" in written.lines[0] for number in range(140, 152))
    with rasterio.open(out) as file:
        assert file.descriptions == ("value", "age", "height", "source", "count")
        assert file.units[0] == unit
        assert file.crs.to_epsg() == 3857
    seen, told = bands(out), tags(out)
    assert (told["PRODUCT"], told["UNIT"], told["CRS"], told["MOVED"]) == (product, unit, "EPSG:3857", "no")
    assert told["TIME"].startswith("2009-05-01T12:00")
    assert [source["code"] for source in json.loads(told["SOURCES"])] == [f"ZS{n}" for n in range(140, 152)]
    assert all(source["at"].startswith("2009-05-01T12:00") for source in json.loads(told["SOURCES"]))
    none = seen["source"] == 0
    stands = set(np.unique(seen["source"]).tolist())
    assert stands == set(range(13)) - ({7} if product.startswith("cappi") else set()), "Hemse sends low cuts only"
    assert np.isnan(seen["value"][none]).all()
    assert not np.isnan(seen["value"][~none]).any()
    assert (seen["count"][none] == 0).all()
    assert (seen["count"][~none] >= 1).all()
    assert 0 <= np.nanmin(seen["age"]) <= np.nanmax(seen["age"]) < 1
    assert 0 <= np.nanmin(seen["height"]) < np.nanmax(seen["height"]) <= 20_000
    assert np.nanmax(seen["value"]) > {"dBZ": 30, "km": 3, "kg/m2": 0.4}[unit]


def test_a_lone_radars_mosaic_is_that_of_the_library_in_strips_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (path,) = data.need("radar/cinrad_base").glob("*ZG170*")
    reading = read(path)
    assert isinstance(reading, Volume)
    lon, lat = reading.site.lon_deg, reading.site.lat_deg
    bounds = f"{lon - 0.9},{lat - 0.8},{lon + 0.8},{lat + 0.8}"
    expected = alone_on(reading, area_of(bounds, 400))
    whole, strips = tmp_path / "whole.tif", tmp_path / "strips.tif"
    compose([path], whole, bounds, 400)
    np.testing.assert_array_equal(bands(whole)["source"], expected.source)
    monkeypatch.setattr(radar_strips, "STRIP_CELLS", 1)
    assert len(list(strips_of(expected.area, None, timedelta(minutes=20)))) == 2
    compose([path], strips, bounds, 400)
    one, other = bands(whole), bands(strips)
    for name, values in one.items():
        same = (values == other[name]) | (np.isnan(values) & np.isnan(other[name]))
        assert same.mean() > 0.9995, name  # places are interpolated anew in each strip: right to 0.2 m, not the same
    assert tags(whole) == tags(strips)


def test_broken_and_old_files_are_said(tmp_path: Path) -> None:
    (tmp_path / "cut.bin").write_bytes(fmt.small_volume()[:-1])
    (tmp_path / "later.bin").write_bytes(volume("ZT002", 60))
    written = compose([tmp_path / "cut.bin", tmp_path / "later.bin"], tmp_path / "out.tif")
    assert "ZT002" in written.lines[0]
    assert "ZT001" not in written.lines[0]
    assert "ZT001" in written.lines[1]
    assert "cut.bin" in written.lines[2]
    assert not written.good, "a broken input is said by the exit code too"
    (missing,) = json.loads(tags(tmp_path / "out.tif")["MISSING"])
    assert missing["code"] == "ZT001"
    assert f"{missing['hides_km2']} km²" in written.lines[1]


def test_files_that_take_no_part_are_named_and_the_others_go_on(tmp_path: Path) -> None:
    files = {
        "good.bin": volume("ZT001"),
        "text.csv": b"a,b\n",
        "nowhere.bin": legacy_bytes.record_volume(2),
        "product.bin": pup_bytes.product(pup_bytes.raster([[1] * 464] * 464)),
        "again.bin": volume("ZT001", 1, lon=114.0),
        "older.bin": volume("ZT001", -6),
    }
    for name, raw in files.items():
        (tmp_path / name).write_bytes(raw)
    paths = [tmp_path / name for name in files]
    written = compose(paths, tmp_path / "vil.tif", quantity=Quantity.parse("vil"))
    assert not written.good
    left_out = [line for line in written.lines if line.startswith("left out: ")]
    for name, line in zip(("text.csv", "nowhere.bin", "product.bin", "again.bin"), left_out, strict=True):
        assert name in line
    assert [line for line in written.lines if "ZT001: 1 earlier" in line]
    assert [source["code"] for source in json.loads(tags(tmp_path / "vil.tif")["SOURCES"])] == ["ZT001"]
    with pytest.raises(DataError) as caught:
        compose(paths[1:4], tmp_path / "none.tif", quantity=Quantity.parse("vil"))
    for language in ("zh", "en"):
        lines = caught.value.sentence(language).splitlines()
        assert len(lines) == 4
        assert all(path.name in line for path, line in zip(paths[1:4], lines, strict=False))
    assert not (tmp_path / "none.tif").exists()


def test_grids_and_other_products_are_named_as_what_they_are(tmp_path: Path) -> None:
    (grid,) = data.need("radar/odim_sweden_20090501T1200").glob("composite_swe*")
    sweep = data.need("radar/cinrad_pup_single/20160417.150000.02.19.200")
    for path, code in ((grid, "radar.no_one_radar"), (sweep, "radar.no_reflectivity")):
        with pytest.raises(DataError) as caught:
            compose([path], tmp_path / "out.tif")
        assert caught.value.code == code
        assert not (tmp_path / "out.tif").exists()


def test_the_newest_of_a_radar_stands_whatever_the_order(tmp_path: Path) -> None:
    names = ["new.bin", "old.bin"]
    for name, minutes in zip(names, (0, -6), strict=True):
        (tmp_path / name).write_bytes(volume("ZT001", minutes))
    for order in (names, names[::-1]):
        written = compose([tmp_path / name for name in order], tmp_path / "out.tif")
        assert written.good
        (source,) = json.loads(tags(tmp_path / "out.tif")["SOURCES"])
        assert source["at"] == read(tmp_path / "new.bin").started_at.isoformat()


def test_a_file_that_says_no_place_is_put_where_it_is_said_to_stand(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(legacy_bytes.record_volume(2))
    here = Register(stand_in=RadarSite("", "", 113.25, 23.5, 100.0))
    written = compose([path], tmp_path / "out.tif", register=here)
    assert written.good
    assert (bands(tmp_path / "out.tif")["source"] == 1).any()


def test_no_radar_within_the_bounds_is_said_and_no_success(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(volume("ZT001"))
    written = compose([tmp_path / "a.bin"], tmp_path / "out.tif", "100,40,101,41")
    assert not written.good
    assert "--bounds" in written.lines[-1]
    assert np.isnan(bands(tmp_path / "out.tif")["value"]).all()


@pytest.fixture(scope="module", name="drill")
def _drill(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The exercise storm: one radar now and 6 minutes ago, another now, 3 and 9 minutes ago."""
    folder = tmp_path_factory.mktemp("drill")
    wanted = {"S0": (0, 0), "S6": (0, 6), "X0": (1, 0), "X3": (1, 3), "X9": (1, 9)}
    return {
        name: write_volume(RADARS[radar], NOW - timedelta(minutes=minutes), folder)
        for name, (radar, minutes) in wanted.items()
    }


@pytest.mark.parametrize("rule", list(Rule))
def test_the_rule_says_whose_value_stands(tmp_path: Path, drill: dict[str, Path], rule: Rule) -> None:
    files = [drill["S0"], drill["X0"]]
    out, largest = tmp_path / "out.tif", tmp_path / "largest.tif"
    compose(files, out, DRILL, rule=rule)
    compose(files, largest, DRILL)
    seen, most = bands(out), bands(largest)
    assert tags(out)["RULE"] == rule.value
    both = seen["count"] == 2
    assert both.sum() > 5000
    assert (seen["value"][both] <= most["value"][both]).all()
    assert (seen["source"][both] != most["source"][both]).any() == (rule is not Rule.MAXIMUM)
    if rule is Rule.LOWEST:
        assert (seen["height"][both] <= most["height"][both]).all()


def test_motion_brings_a_late_radar_nearer_to_what_it_would_see_now(tmp_path: Path, drill: dict[str, Path]) -> None:
    ways = {"truth": ("S0", "X0"), "late": ("S0", "S6", "X3", "X9"), "moved": ("S0", "S6", "X3", "X9")}
    values = {}
    for way, names in ways.items():
        out = tmp_path / f"{way}.tif"
        written = compose([drill[name] for name in names], out, DRILL, 250, motion=way == "moved")
        assert written.good
        assert tags(out)["MOVED"] == ("yes" if way == "moved" else "no")
        seen = bands(out)
        values[way] = np.where(seen["source"] == 2, seen["value"], np.nan)
        assert np.nanmax(seen["age"]) == pytest.approx(0.0 if way == "truth" else 3.0, abs=0.1)
    errors = {way: np.abs(values[way] - values["truth"]) for way in ("late", "moved")}
    both = np.isfinite(errors["late"]) & np.isfinite(errors["moved"])
    assert both.sum() > 5000
    assert errors["moved"][both].mean() < 0.75 * errors["late"][both].mean()


def test_motion_over_strips_is_that_over_the_whole(
    tmp_path: Path, drill: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [drill[name] for name in ("S0", "S6", "X3", "X9")]
    compose(files, tmp_path / "whole.tif", DRILL, 250, motion=True)
    monkeypatch.setattr(radar_strips, "STRIP_CELLS", 1)
    compose(files, tmp_path / "strips.tif", DRILL, 250, motion=True)
    whole, strips = bands(tmp_path / "whole.tif"), bands(tmp_path / "strips.tif")
    for name, band in whole.items():
        same = (band == strips[name]) | (np.isnan(band) & np.isnan(strips[name]))
        assert same.mean() > 0.998, name


def test_without_two_volumes_nothing_is_moved_and_that_is_said(tmp_path: Path, drill: dict[str, Path]) -> None:
    written = compose([drill["S0"], drill["X3"]], tmp_path / "out.tif", DRILL, 500, motion=True)
    assert "not moved" in written.lines[-1]
    assert tags(tmp_path / "out.tif")["MOVED"] == "no"


@pytest.mark.parametrize(
    ("bounds", "resolution_m"),
    [
        ("113,23,114", 500.0),
        ("a,b,c,d", 500.0),
        ("114,23,113,24", 500.0),
        ("113,24,114,23", 500.0),
        ("nan,23,114,24", 500.0),
        ("113,23,114,91", 500.0),
        (BOUNDS, 0.0),
        (BOUNDS, -5.0),
        (BOUNDS, float("nan")),
        (BOUNDS, 1e9),
        ("-180,-85,180,85", 2001.0),
    ],
)
def test_bounds_that_make_no_map_are_wrong_use(bounds: str, resolution_m: float) -> None:
    with pytest.raises(typer.BadParameter):
        area_of(bounds, resolution_m)


def test_strips_fill_the_area_and_are_wider_by_what_moves_in() -> None:
    area = GridArea.over((100.0, 20.0, 110.0, 30.0), 500.0)
    motion = Motion(
        GridArea(area.west_m, area.north_m, area.cell_m * 4, 600, 600), AT, np.zeros((600, 600, 2), np.float32)
    )
    for moved in (None, motion):
        strips = list(strips_of(area, moved, timedelta(minutes=20)))
        assert len(strips) > 1
        assert sum(strip.area.rows for strip in strips) == area.rows
        top = area.north_m
        for strip in strips:
            assert strip.area.north_m == pytest.approx(top, abs=1e-3)
            top -= strip.area.rows * area.cell_m
            inside = strip.rows_in_wide
            assert inside.stop - inside.start == strip.area.rows
            assert strip.wide.north_m - inside.start * area.cell_m == pytest.approx(strip.area.north_m, abs=1e-3)
            beyond_m = (inside.start * area.cell_m, (strip.wide.rows - inside.stop) * area.cell_m)
            if moved is not None:
                ends = (strip is strips[0], strip is strips[-1])
                assert all(end or metres > 45.0 * 1200 for end, metres in zip(ends, beyond_m, strict=True))
                part = strip.part_of(motion)
                assert part.area.north_m == pytest.approx(strip.wide.north_m, abs=1e-3)
            else:
                assert beyond_m == (0, 0)

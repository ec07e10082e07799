"""A frame as a cloud-optimized GeoTIFF: layout byte by byte, codes and colors cell by cell, tags, style."""

from __future__ import annotations

import json
import os
import pickle
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import rasterio
from defusedxml import ElementTree
from rasterio.io import MemoryFile

from layers import color_table
from models.errors import DataError
from models.grid import GridArea
from models.radar.footprint import Source
from models.radar.frame_file import UNSEEN_COLOR, Frame, frame_bytes, palette, qgis_style, write_frame
from models.radar.mosaic import Absent, Mosaic
from models.radar.quantity import CR, Kind, Quantity
from tests.models.radar.tiff_layout import directories

AT = datetime(2026, 6, 17, 19, 6, tzinfo=UTC)
RADAR = Source("QLS01", "青岚山", AT - timedelta(minutes=2), timedelta(minutes=6))
LATE = Absent(Source("QLX02", "老鸦岭", AT - timedelta(hours=1), timedelta(minutes=2)), 321.6)
RGBA = color_table.load("reflectivity").rgba


def frame(rows: int = 1000, columns: int = 1000) -> Frame:
    """A lopsided storm: a core, a wide shield, no echo round it, not seen in the corners."""
    y, x = np.mgrid[0:rows, 0:columns]
    far = np.hypot((y - 0.4 * rows) / rows, (x - 0.3 * columns) / columns)
    noise = np.random.default_rng(7).normal(0, 1.0, (rows, columns))
    codes = CR.encode((62 - 260 * far + noise).astype(np.float32))
    codes[62 - 260 * far < 5] = 1
    codes[np.hypot(y - rows / 2, x - columns / 2) > 0.55 * rows] = 0
    return Frame(AT, GridArea(1.18e7, 3.4e6, 540.0, rows, columns), CR, codes, (RADAR,), (LATE,))


@pytest.fixture(scope="module")
def data() -> bytes:
    return frame_bytes(frame(), RGBA)


def test_the_directories_stand_before_every_tile_and_the_overviews_tiles_before_the_full_ones(data: bytes) -> None:
    """What makes a GeoTIFF cloud-optimized, read from the bytes: one request gives all directories."""
    images = directories(data)
    assert [image.shape for image in images] == [(1000, 1000), (500, 500), (250, 250)]
    assert all(image.offset > 0 and image.offset % 2 == 0 for image in images)
    assert [image.offset for image in images] == sorted(image.offset for image in images)
    first_tile = min(at for image in images for at, _ in image.tiles)
    assert max(image.end for image in images) <= first_tile
    spans = [(min(at for at, _ in image.tiles), max(at + size for at, size in image.tiles)) for image in images]
    assert spans[2][1] <= spans[1][0] < spans[1][1] <= spans[0][0], "the coarsest first"
    assert spans[0][1] <= len(data)
    for image in images:
        assert (image.number(322), image.number(323)) == (256, 256)
        assert image.number(259) == 8, "deflate"
        assert (image.number(258), image.number(277), image.number(262)) == (8, 1, 3), "one byte, by palette"
    assert [image.tags.get(254, (0,))[0] for image in images] == [0, 1, 1], "reduced images say that they are"
    assert b"LAYOUT=IFDS_BEFORE_DATA" in data[8:400]


def test_codes_come_back_and_the_overviews_hold_codes_that_are_there(data: bytes) -> None:
    codes = frame().codes
    with MemoryFile(data) as memory, memory.open() as file:
        np.testing.assert_array_equal(file.read(1), codes)
        assert file.overviews(1) == [2, 4]
        small = file.read(1, out_shape=(500, 500))
        assert (file.crs.to_epsg(), file.dtypes, file.nodata) == (3857, ("uint8",), 0)
        assert tuple(file.transform)[:6] == (540.0, 0.0, 1.18e7, 0.0, -540.0, 3.4e6)
    quarters = np.stack([codes[a::2, b::2] for a in (0, 1) for b in (0, 1)])
    assert (quarters == small).any(axis=0).all(), "each cell of an overview is one of the four below it"


def test_the_colors_are_those_of_the_map_and_nothing_scales_the_codes(data: bytes) -> None:
    """QGIS 3.22 looks a palette up by the scaled value, so a scale would paint every cell wrong (tried)."""
    with MemoryFile(data) as memory, memory.open() as file:
        colors, scales = file.colormap(1), (file.scales, file.offsets)
    assert scales == ((1.0,), (0.0,))
    assert colors[66 + 2 * 37][:3] == (0xFF, 0xFF, 0x00), "35 to 40 dBZ is yellow in the national table"
    assert colors[66 + 2 * 52][:3] == (0xFF, 0x00, 0x00)
    assert colors[1][:3] == colors[66 + 2 * 10][:3] == (255, 255, 255), "what the map leaves transparent is paper"
    assert colors[0] == (*UNSEEN_COLOR, 0), "not seen is no data, and not the color of no echo"
    shown = RGBA[:, 3] > 0
    assert [colors[code][:3] for code in np.flatnonzero(shown)] == [tuple(row) for row in RGBA[shown, :3].tolist()]


def test_the_tags_say_what_it_is_made_of_and_what_a_code_means(data: bytes) -> None:
    with MemoryFile(data) as memory, memory.open() as file:
        tags = file.tags()
    assert (tags["PRODUCT"], tags["UNIT"], tags["TIME"]) == ("cr", "dBZ", AT.isoformat())
    assert [(s["code"], s["at"]) for s in json.loads(tags["SOURCES"])] == [("QLS01", RADAR.at.isoformat())]
    assert [(s["name"], s["hides_km2"]) for s in json.loads(tags["MISSING"])] == [("老鸦岭", 322)]
    code = 66 + 2 * 42
    assert float(tags["VALUE_SCALE"]) * code + float(tags["VALUE_OFFSET"]) == 42.0
    assert (tags["FIRST_CODE"], tags["NO_ECHO_CODE"]) == ("2", "1")


def test_a_frame_of_a_million_cells_is_small(data: bytes) -> None:
    assert len(data) < 200_000


def test_a_frame_smaller_than_a_tile_has_no_overview_and_is_whole() -> None:
    small = frame(93, 128)
    data = frame_bytes(small, RGBA)
    assert [image.shape for image in directories(data)] == [(93, 128)]
    with MemoryFile(data) as memory, memory.open() as file:
        np.testing.assert_array_equal(file.read(1), small.codes)


def test_a_frame_goes_to_a_worker_process_without_what_it_does_not_keep() -> None:
    kept = frame(400, 300)
    unused = np.zeros((400, 300), np.uint8)
    mosaic = Mosaic(AT, kept.area, CR, kept.codes, unused, unused, (RADAR,), (LATE,))
    sent = pickle.dumps(Frame.of(mosaic))
    assert len(sent) < kept.codes.size + 2000
    assert frame_bytes(pickle.loads(sent), RGBA) == frame_bytes(kept, RGBA)


def test_a_frame_is_written_whole_or_not_at_all(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "frames" / "20260617" / "cr.tif"
    write_frame(b"older", path)
    write_frame(data, path)
    assert path.read_bytes() == data
    assert [p.name for p in path.parent.iterdir()] == ["cr.tif"]
    (path.parent / "taken.tif").mkdir()
    with pytest.raises(DataError) as caught:
        write_frame(data, path.parent / "taken.tif")
    assert caught.value.code == "radar.mosaic_not_written"
    assert sorted(p.name for p in path.parent.iterdir()) == ["cr.tif", "taken.tif"]
    with pytest.raises(DataError):
        write_frame(data, path / "below-a-file.tif")


@pytest.mark.skipif(os.name == "nt" or not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_leaves_the_older_frame(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "cr.tif"
    path.write_bytes(b"older")
    mine = f".cr.tif.{os.getpid()}-{threading.get_ident()}.part"  # each writer has its own
    (tmp_path / mine).symlink_to("/dev/full")
    with pytest.raises(DataError, match="No space left"):
        write_frame(data, path)
    assert path.read_bytes() == b"older"


def test_the_style_has_the_maps_opacity_and_a_legend_in_dbz() -> None:
    tree = ElementTree.fromstring(qgis_style(CR, RGBA).split("\n", 1)[1])
    found = [item.attrib for item in tree.iter("item")]
    items = [(int(item["value"]), item["label"], item["color"], int(item["alpha"])) for item in found]
    steps = color_table.load("reflectivity").steps
    assert items[0] == (66 + 2 * 15 - 1, "", "#ffffff", 0), "below the first step nothing is drawn"
    assert [label for _, label, _, _ in items[1:]] == [f"{value:g} dBZ" for value, _ in steps]
    colors = [("#{:02x}{:02x}{:02x}".format(*rgba[:3]), rgba[3]) for _, rgba in steps]
    assert [(color, alpha) for _, _, color, alpha in items[1:]] == colors
    ends = [value for value, *_ in items]
    assert ends == [66 + 2 * int(value) - 1 for value, _ in steps] + [255]


def test_a_style_of_another_quantity_speaks_in_its_unit() -> None:
    rgba = np.zeros((256, 4), np.uint8)
    rgba[50:] = (1, 2, 3, 255)
    style = qgis_style(Quantity(Kind.ECHO_TOP), rgba)
    assert 'value="49" label="" ' in style
    assert 'value="255" label="4.8 km" color="#010203" alpha="255"' in style


def test_a_table_without_any_color_gives_an_empty_style() -> None:
    assert "<item" not in qgis_style(CR, np.zeros((256, 4), np.uint8))
    assert palette(np.zeros((256, 4), np.uint8))[200] == (255, 255, 255, 255)


def test_rasterio_finds_a_cloud_optimized_layout(data: bytes, tmp_path: Path) -> None:
    """The other judge: GDAL's own reader."""
    write_frame(data, tmp_path / "cr.tif")
    with rasterio.open(tmp_path / "cr.tif") as file:
        assert file.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"

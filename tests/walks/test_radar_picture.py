"""The radar picture in the hand: products, single radars, what stands behind each cell, coverage, the archive."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
import rasterio

from app.clock import DrillClock
from app.demo.scene import OPENING_AT
from app.office import open_office
from app.radar import radar_wires
from app.worker.worker import RadarWish, take_radar
from layers.drawing import Symbols
from layers.facet_layer import Facet
from models.radar.quantity import Kind
from models.radar.sight.coverage import Sight
from models.store import archive
from models.store.archive import ArchiveKind
from tests.models.radar import product_bytes as made
from tests.walks.open_console import OpenConsole, open_console
from widgets import radar_words
from widgets.map.layer_rows import layer_name
from widgets.pieces import Text


@pytest.fixture
def morning(morning_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(morning_folder, tmp_path / "office"))


def test_products_single_radars_and_facets_come_by_key_and_the_mosaic_comes_back(morning: Path, tmp_path: Path) -> None:
    with open_console(open_office(morning), OPENING_AT) as desk:
        desks = desk.console.desks
        frames = desks.radar.frames
        tour = []
        for _ in radar_wires.QUANTITIES:
            radar_wires.next_quantity(desks, 1)
            desk.settle()
            shown = desks.radar.shown
            assert shown is not None
            tour.append(shown.quantity.kind)
            assert desks.radar.frames == frames, "every frame is made anew of the product"
            assert len(shown.sources) == 3
            assert (shown.codes > 1).any()
        assert tour == [Kind.HYBRID, Kind.CAPPI, Kind.ECHO_TOP, Kind.VIL, Kind.COMPOSITE]
        looking_back(desk)
        one_radar(desk)
        facets(desk)
        coverage(desk)
        storms(desk, tmp_path)


def looking_back(desk: OpenConsole) -> None:
    """An older frame says so in the title, as everything else on the screen is of now."""
    radar = desk.console.desks.radar
    radar.step(-2)
    assert radar.looking_back
    assert any(run.text == "回看" for run in desk.console.rooms.title._runs)
    radar.go_now()
    assert not any(run.text == "回看" for run in desk.console.rooms.title._runs)
    assert desk.console.desks.map.stack.find("unseen") is not None


def one_radar(desk: OpenConsole) -> None:
    """One radar after the other, its moments and elevations, then the mosaic again."""
    desks = desk.console.desks
    seen = []
    while True:
        desks.sweeps.next_radar()
        desk.settle()
        if desks.sweeps.shown is None:
            break
        seen.append(desks.sweeps.shown.site.code)
        assert desks.map.stack.find("ppi") is not None
    assert sorted(seen) == ["QLS01", "QLX01", "QLX02"]
    desks.sweeps.show_radar("QLS01")
    desk.settle()
    low = desks.sweeps.shown
    assert low is not None
    assert (low.moment, low.elevation_deg) == ("dBZ", 0.5)
    radar_wires.higher(desks, 1)
    desks.sweeps.step_moment(1)
    desk.settle()
    other = desks.sweeps.shown
    assert other is not None
    assert other.elevation_deg > low.elevation_deg
    assert other.moment != "dBZ"
    radar_wires.step(desks, -1)
    desk.settle()
    earlier = desks.sweeps.shown
    assert earlier is not None
    assert earlier.at < other.at
    assert (earlier.moment, earlier.elevation_deg) == (other.moment, other.elevation_deg)
    facts_of_sweep(desk)
    radar_wires.next_quantity(desks, 0)
    desk.settle()
    assert desks.sweeps.shown is None


def facts_of_sweep(desk: OpenConsole) -> None:
    desk.console.views.show_cursor(107.3, 29.0)
    facts = desk.console.rooms.read_out._facts
    assert facts is not None
    assert facts.unit == "m/s"
    assert facts.radar == "青岚山 QLS01"


def facets(desk: OpenConsole) -> None:
    """Age, height, radar and number of radars of each cell are layers that agree with the frame and the cursor."""
    desks = desk.console.desks
    shown = desks.radar.shown
    assert shown is not None
    assert shown.count is not None
    title = desk.console.rooms.title
    said = title.pieces()
    desks.map.set_visible("mosaic", False)
    assert len(title.pieces()) < len(said), "no time of a frame that nobody sees"
    desks.map.set_visible("mosaic", True)
    assert title.pieces() == said
    for facet in Facet:
        item = desks.map.stack.find(facet.value)
        assert item is not None
        assert not item.visible
        desks.map.set_visible(facet.value, True)
    desk.settle()
    names = {facet: layer_name(facet.value) for facet in Facet}
    legend = {piece.text for piece in desk.console.rooms.legend.pieces() if isinstance(piece, Text)}
    assert {names[Facet.AGE], names[Facet.HEIGHT], names[Facet.COUNT]} <= legend
    desks.map.set_visible("mosaic", False)
    for facet in (Facet.HEIGHT, Facet.SOURCE, Facet.COUNT):
        desks.map.set_visible(facet.value, False)
    alone = [piece.text for piece in title.pieces() if isinstance(piece, Text)]
    assert alone[0] == names[Facet.AGE]  # what is on the map is no reflectivity
    assert radar_words.quantity(shown.quantity) in [piece.text for piece in said if isinstance(piece, Text)]
    assert radar_words.quantity(shown.quantity) not in alone
    printed = desk.console.one_map.map_views.facts(desks.map.stack).sources
    assert names[Facet.AGE] in [source.title for source in printed]
    desks.map.set_visible("mosaic", True)
    seen = shown.codes > 0
    assert ((shown.source > 0) == seen).all()
    assert ((shown.count > 0) == seen).all()
    assert (shown.heights[seen] < 200).all()
    row, column = (int(v) for v in np.argwhere(shown.count == 3)[0])
    lon, lat = shown.area.centers_lonlat()
    desk.console.views.show_cursor(float(lon[column]), float(lat[row]))
    facts = desk.console.rooms.read_out._facts
    assert facts is not None
    assert facts.radars == 3
    assert facts.height_m == int(shown.heights[row, column]) * 100
    source = shown.sources[shown.source[row, column] - 1]
    assert facts.radar == f"{source.name} {source.code}"


def storms(desk: OpenConsole, folder: Path) -> None:
    """Storm tracks and rotation of the radars' products are a hidden layer; a click says what the product says."""
    tool, layers = desk.console.storms, desk.console.desks.map
    assert layers.stack.find("storms") is None
    wish = RadarWish(np.zeros(0), np.zeros(0), {}, timedelta(minutes=6))
    lists = []
    for code, body in ((37, made.tracks()), (40, made.vortices(1))):
        path = folder / f"{code}.bin"
        path.write_bytes(made.head(code, lat=28.95, lon=107.1) + body)
        taken = take_radar(path, wish)
        assert taken.storms is not None
        lists.append(replace(taken, storms=replace(taken.storms, at=OPENING_AT - timedelta(minutes=3))))
        tool.hear(lists[-1])
    item = layers.stack.find("storms")
    assert item is not None
    assert not item.visible
    layers.set_visible("storms", True)
    desk.settle()
    newest = lists[-1].storms
    assert newest is not None
    tool.hear(replace(lists[-1], storms=replace(newest, at=OPENING_AT - timedelta(minutes=9), storms=())))
    assert [len(one.storms) for one in tool.lists] == [2, 1]  # an older list takes nothing away
    assert any("storm:tvs:Z9999:0" in one.ids for one in desk.console.rooms.canvas._items if isinstance(one, Symbols))
    desk.console.rooms.canvas.point_clicked.emit("storm:storm:Z9999:0")
    (hit,) = tool.card.hits
    assert hit.source == "南海 Z9999"
    assert any(text.startswith("55.5") for _, text in hit.rows)
    desk.console.rooms.canvas.point_clicked.emit("storm:tvs:Z9999:0")
    assert tool.card.hits[0].layer.endswith(("unproven", "未经验证"))
    desk.console.rooms.canvas.place_clicked.emit(107.0, 29.0)
    assert tool.card.hits == ()
    layers.set_visible("storms", False)
    clock = desk.console.clock
    assert isinstance(clock, DrillClock)
    clock.set(OPENING_AT + timedelta(minutes=58))
    tool.tick()
    assert tool.lists == ()  # an hour old, and nothing newer came


def coverage(desk: OpenConsole) -> None:
    """How low the radars see is a layer, and a selected point says what they cannot see there."""
    desks = desk.console.desks
    item = desks.map.stack.find("coverage")
    assert item is not None
    assert Sight.BELOW_1_KM in np.unique(item.layer.codes)  # type: ignore[attr-defined]
    point = desks.alarms.points[5]
    desk.console.views.select_point(point.id)
    card = desk.console.rooms.point_card
    desk.until(lambda: card._unseen is not None and card._unseen[0] == point.id)
    assert card._unseen is not None
    said = card._unseen[1].sentence("zh")
    assert point.name in said
    assert "看不见" in said


def test_what_was_put_away_is_indexed_and_the_newest_frame_is_a_geotiff(morning: Path) -> None:
    office = open_office(morning)
    with open_console(office, OPENING_AT) as desk:
        source = max(office.archive.rglob("*QLX01*"))
        copy = office.folder / "fresh.bin.bz2"
        shutil.copyfile(source, copy)
        desk.feed(copy)
        desk.until(lambda: desk.console.desks.archive.settled)
        stock = desk.console.store.read(archive.stock)
        assert stock.files >= len(list(office.archive.rglob("Z_RADR*")))
        rows = desk.console.store.read(lambda db: archive.in_folder(db, f"archive/{source.parent.name}"))
        mine = next(row for path, row in rows.items() if path.endswith("fresh.bin.bz2"))
        assert (mine.kind, mine.radar, mine.layout, mine.complete) == (ArchiveKind.RADAR, "QLX01", "fmt", True)
        desk.until(lambda: list((office.archive / "frames").rglob("cr-*.tif")))
    frame = max((office.archive / "frames").rglob("cr-*.tif"))
    with rasterio.open(frame) as file:
        assert file.crs.to_epsg() == 3857
        assert file.read(1).max() > 100

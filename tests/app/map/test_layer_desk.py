"""The layer desk with real files, real jobs and a real office folder."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import geopandas
import numpy as np
import pytest
import rasterio
import shapely
from pytestqt.qtbot import QtBot

from app.jobs import Jobs
from app.map.layer_desk import LayerDesk
from app.map.layer_settings import keep_layer, section_of, wish_of
from app.office import create, open_office
from app.settings import LayerSection, OfficeSection, Settings, read_settings
from layers.crs_question import CrsQuestion, Reason
from layers.drawing import Drawings, Lines
from layers.map_view import MapView
from layers.own_layer import LayerWish, OwnLayer
from layers.read_own_layer import parts_in
from models import datum
from models.errors import ConsoleError, DataError
from models.geodesy import to_mercator
from tests.data import need
from tests.layers.places import COUNTY, TOWNS
from tests.models.register.workbooks import workbook

BOUNDS = (107.0, 29.0, 107.2, 29.2)
pytestmark = pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")


def towns_frame() -> geopandas.GeoDataFrame:
    """The four towns of the county, with a vertex every 200 m as real outlines have."""
    shapes = shapely.segmentize(shapely.from_wkb([town.wkb for town in TOWNS]), 0.002)
    return geopandas.GeoDataFrame({"name": [town.name for town in TOWNS]}, geometry=shapes, crs=4326)


def shifted(frame: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
    moved = shapely.transform(
        frame.geometry.values, lambda xy: np.column_stack(datum.wgs84_to_gcj02(xy[:, 0], xy[:, 1]))
    )
    return frame.set_geometry(moved).set_crs(4326, allow_override=True)


class Desk:
    """A desk with its ears; what it says last stands first in mind."""

    def __init__(self, qtbot: QtBot, folder: Path, *layers: LayerSection) -> None:
        settings = Settings(office=OfficeSection(name="青岚县气象台", adcode="990001", exercise=True), layer=layers)
        self.office = create(folder / "office", settings)
        self.jobs = Jobs(processes=1)
        self.desk = LayerDesk(self.jobs, self.office, look_ms=60)
        self.put: list[OwnLayer] = []
        self.gone: list[str] = []
        self.errors: list[ConsoleError] = []
        self.questions: list[CrsQuestion] = []
        self.said: list[str] = []
        self.desk.layer_put.connect(self.put.append)
        self.desk.layer_taken.connect(self.gone.append)
        self.desk.failed.connect(self.errors.append)
        self.desk.crs_asked.connect(self.questions.append)
        self.desk.vanished.connect(lambda name, error: self.said.append(f"vanished {name} {error.code}"))
        self.desk.came_back.connect(lambda name: self.said.append(f"back {name}"))
        self.desk.kept.connect(lambda name: self.said.append(f"kept {name}"))
        self.qtbot = qtbot

    def open(self) -> None:
        self.desk.open((COUNTY, *TOWNS), BOUNDS)
        self.qtbot.waitUntil(lambda: self.jobs.is_idle_but("layer_look") and not self.desk.busy, timeout=30_000)

    def until(self, done: object) -> None:
        assert callable(done)
        self.qtbot.waitUntil(lambda: bool(done()), timeout=30_000)


@pytest.fixture
def made(qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(qtbot, tmp_path)
    yield desk
    desk.desk.close()
    desk.jobs.close()


def test_a_file_that_is_dropped_lies_on_the_map_and_is_kept_when_confirmed(made: Desk, tmp_path: Path) -> None:
    made.open()
    file = tmp_path / "office" / "layers" / "乡镇.gpkg"
    file.parent.mkdir()
    towns_frame().to_file(file)
    comment = "# ours\n"
    toml = tmp_path / "office" / "office.toml"
    toml.write_text(comment + toml.read_text(encoding="utf-8"), encoding="utf-8")
    made.desk.add(file)
    made.until(lambda: made.put)
    assert (made.put[0].title, made.put[0].count, made.questions, made.errors) == ("乡镇", 4, [], [])
    assert not made.desk.layers[0].kept
    made.desk.keep("乡镇")
    made.until(lambda: made.said)
    assert made.said == ["kept 乡镇"]
    assert made.desk.layers[0].kept
    (section,) = read_settings(toml).layer
    assert (section.name, section.path, section.crs) == ("乡镇", "layers/乡镇.gpkg", "")
    assert toml.read_text(encoding="utf-8").startswith(comment)
    assert open_office(tmp_path / "office").settings.layer == (section,)


def test_a_second_file_of_one_name_gets_another_name(made: Desk, tmp_path: Path) -> None:
    made.open()
    towns_frame().to_file(tmp_path / "t.gpkg")
    made.desk.add(tmp_path / "t.gpkg")
    made.desk.add(tmp_path / "t.gpkg")
    made.until(lambda: len(made.put) == 2)
    assert sorted(layer.title for layer in made.put) == ["t", "t 2"]
    made.desk.remove("t")
    assert made.gone == ["own:t"]


def test_a_file_shifted_to_gcj_02_is_asked_about_and_read_as_answered(made: Desk, tmp_path: Path) -> None:
    made.open()
    file = tmp_path / "towns.geojson"
    shifted(towns_frame()).to_file(file)
    made.desk.add(file)
    made.until(lambda: made.questions)
    (question,) = made.questions
    assert (question.reason, question.suggested) == (Reason.SUSPECTED, "gcj02")
    east_m, north_m = question.choice("gcj02").moved_m
    assert 300 < np.hypot(east_m, north_m) < 700
    pictures: list[Drawings] = []
    made.desk.compared.connect(lambda left, right: pictures.extend((left, right)))
    x, y = to_mercator(np.array([107.1]), np.array([29.1]))
    made.desk.compare("gcj02", MapView(float(x[0]), float(y[0]), 30.0, 400, 300))
    made.until(lambda: pictures)
    asked = [item for one in pictures for item in one.items if isinstance(item, Lines) and item.name == "asked"]
    assert [item.style for item in asked] == ["selected", "selected"]
    assert asked[0].xy[0].tolist() != asked[1].xy[0].tolist()
    made.desk.answer("gcj02")
    made.until(lambda: made.put)
    assert made.put[0].bounds_deg == pytest.approx(BOUNDS, abs=1e-6)
    assert made.put[0].crs == "gcj02"
    made.desk.keep("towns")
    made.until(lambda: made.said)
    assert read_settings(tmp_path / "office" / "office.toml").layer[0].crs == "gcj02"


def test_a_true_file_raises_no_question(made: Desk, tmp_path: Path) -> None:
    made.open()
    towns_frame().to_file(tmp_path / "towns.geojson")
    made.desk.add(tmp_path / "towns.geojson")
    made.until(lambda: made.put)
    assert made.questions == []


def test_a_missing_prj_asks_with_the_likely_system_first(made: Desk, tmp_path: Path) -> None:
    made.open()
    towns_frame().to_crs(4524).to_file(tmp_path / "t.shp")
    (tmp_path / "t.prj").unlink()
    made.desk.add(tmp_path / "t.shp")
    made.until(lambda: made.questions)
    assert (made.questions[0].reason, made.questions[0].suggested) == (Reason.MISSING, "EPSG:4524")
    assert made.put == []
    made.desk.cancel()
    made.desk.answer("EPSG:4524")  # nobody asks any more
    made.desk.add(tmp_path / "t.shp", "EPSG:4524")
    made.until(lambda: made.put)
    assert made.put[0].bounds_deg == pytest.approx(BOUNDS, abs=1e-6)


def test_questions_come_one_after_the_other(made: Desk, tmp_path: Path) -> None:
    made.open()
    for name in ("a", "b"):
        shifted(towns_frame()).to_file(tmp_path / f"{name}.geojson")
        made.desk.add(tmp_path / f"{name}.geojson")
    made.until(lambda: not made.desk.busy and made.questions)
    assert len(made.questions) == 1
    made.desk.cancel()
    assert len(made.questions) == 2
    assert {question.path.stem for question in made.questions} == {"a", "b"}


def test_a_file_that_cannot_be_read_is_named_and_nothing_else_happens(made: Desk, tmp_path: Path) -> None:
    made.open()
    (tmp_path / "x.geojson").write_text("<html>", encoding="utf-8")
    made.desk.add(tmp_path / "x.geojson")
    made.until(lambda: made.errors)
    assert [error.code for error in made.errors] == ["layers.is_html"]
    assert made.desk.layers == ()


def test_the_offices_layers_are_read_watched_and_reloaded(qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "z.geojson"
    towns_frame().to_file(file)
    section = LayerSection(name="区划", path=str(file), style="zoning", field="name", source="局", visible=False)
    made = Desk(qtbot, tmp_path, section, LayerSection(name="没有", path="nowhere.gpkg"))
    try:
        made.open()
        made.until(lambda: made.errors)
        assert [(layer.title, layer.count, layer.is_stale) for layer in made.put] == [("区划", 4, False)]
        assert [error.code for error in made.errors] == ["layers.unreadable"]
        assert {held.wish.name: held.is_stale for held in made.desk.layers} == {"区划": False, "没有": True}
        towns_frame().iloc[:3].to_file(tmp_path / "next.geojson")
        (tmp_path / "next.geojson").replace(file)
        made.until(lambda: made.put[-1].count == 3)
        file.rename(tmp_path / "away")
        made.until(lambda: made.said == ["vanished 区划 layers.vanished"])
        assert (made.put[-1].is_stale, made.put[-1].count) == (True, 3)
        assert made.put[-1].members is made.put[-2].members  # nothing is drawn anew
        (tmp_path / "away").rename(file)
        made.until(lambda: made.said[-1] == "back 区划")
        assert not made.put[-1].is_stale
        file.write_text("{", encoding="utf-8")
        made.until(lambda: len(made.errors) == 2)
        assert made.put[-1].is_stale
        assert len(made.errors) == 2
        towns_frame().to_file(tmp_path / "office" / "nowhere.gpkg")
        made.until(lambda: any(layer.title == "没有" for layer in made.put))
        assert [made.desk.rank_of(name) for name in ("区划", "没有", "new")] == [1, 2, 3]
        assert [held.wish.name for held in made.desk.layers] == ["区划", "没有"]
    finally:
        made.desk.close()
        made.jobs.close()


def test_a_wish_is_kept_whole_once_and_read_back_as_it_was(tmp_path: Path) -> None:
    office = create(tmp_path / "o", Settings(office=OfficeSection(name="x", adcode="990001", exercise=True)))
    wish = LayerWish(
        "冰雹区划", tmp_path / "o" / "layers" / "h.tif", "zoning", "bd09", "2", "zoning", classes=("低", "高"), source="局",
        below_m=500.0, opacity=0.6, visible=False,
    )  # fmt: skip
    keep_layer(office.folder, wish)
    keep_layer(office.folder, LayerWish("b", Path("/elsewhere/b.gpkg")))
    first, second = read_settings(office.folder / "office.toml").layer
    assert (first.path, second.path) == ("layers/h.tif", "/elsewhere/b.gpkg")
    assert wish_of(first, office.folder) == wish
    assert section_of(wish, office.folder) == first
    with pytest.raises(DataError) as caught:
        keep_layer(office.folder, wish)
    assert caught.value.code == "layers.name_taken"
    assert len(read_settings(office.folder / "office.toml").layer) == 2
    assert not (office.folder / "office.toml.new").exists()


def test_a_raster_and_a_table_without_a_system_ask_too(made: Desk, tmp_path: Path) -> None:
    made.open()
    (tmp_path / "点.csv").write_text("名称,X,Y\n甲,36412000,3220000\n乙,36413000,3221000\n", encoding="utf-8")
    made.desk.add(tmp_path / "点.csv")
    made.until(lambda: made.questions)
    assert (made.questions[0].reason, made.questions[0].suggested) == (Reason.MISSING, "EPSG:4524")
    made.desk.answer("EPSG:4524")
    made.until(lambda: made.put)
    assert made.put[0].count == 2
    with rasterio.open(
        tmp_path / "h.tif", "w", driver="GTiff", width=20, height=20, count=1, dtype="uint8",
        transform=rasterio.Affine(1000, 0, 36_402_000, 0, -1000, 3_230_000),
    ) as file:  # fmt: skip
        file.write(np.ones((20, 20), np.uint8), 1)
    made.desk.add(tmp_path / "h.tif")
    made.until(lambda: len(made.questions) == 2)
    assert made.questions[1].suggested == "EPSG:4524"
    assert len(made.questions[1].choices[0].layers) == 1


def _holds(made: Desk, count: int) -> bool:
    return len(made.put) == count and not made.desk.busy


def test_a_file_with_several_layers_asks_which_and_takes_one_all_or_none(qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "county.gpkg"
    towns = towns_frame()
    towns.to_file(file, layer="towns", driver="GPKG")
    towns.head(1).to_file(file, layer="first", driver="GPKG")
    made = Desk(qtbot, tmp_path)
    asked: list[tuple[str, tuple[str, ...]]] = []
    made.desk.parts_asked.connect(lambda name, parts: asked.append((name, tuple(one.part for one in parts))))
    try:
        made.open()
        for wanted, count in ((("first",), 1), ((), 1), (("towns", "first"), 3)):
            asked.clear()
            made.desk.add(file)
            qtbot.waitUntil(lambda: bool(asked), timeout=30_000)
            assert asked == [("county.gpkg", ("towns", "first"))]
            made.desk.take_parts(wanted)
            qtbot.waitUntil(partial(_holds, made, count), timeout=30_000)
        assert [layer.wish.part for layer in made.put] == ["first", "towns", "first"]
        assert len({layer.name for layer in made.put}) == 3
        assert [layer.count for layer in made.put if layer.wish.part == "towns"] == [len(TOWNS)]
        made.desk.take_parts(("towns",))  # nothing is open
        assert not made.desk.busy
        asked.clear()
        usual: list[list[bool]] = []
        made.desk.parts_asked.connect(lambda _, parts: usual.append([one.is_usual for one in parts]))
        points: list[list[object]] = [["名称", "lon", "lat"], ["甲", 106.7, 28.9]]
        for count, year in ((4, 2026), (5, 2027)):
            book = workbook(tmp_path / f"避险点{year}.xlsx", {"甲镇": points, "乙镇": points, "空": []})
            made.desk.add(book)
            qtbot.waitUntil(lambda wanted=count: len(usual) == wanted - 3, timeout=30_000)  # type: ignore[misc]
            made.desk.take_parts(("乙镇",))
            qtbot.waitUntil(partial(_holds, made, count), timeout=30_000)
        assert asked == [("避险点2026.xlsx", ("甲镇", "乙镇", "空")), ("避险点2027.xlsx", ("甲镇", "乙镇", "空"))]
        assert usual == [[False] * 3, [False, True, False]]  # the sheet of the last file of this source
    finally:
        made.desk.close()
        made.jobs.close()


def test_of_a_netcdf_with_several_fields_one_is_chosen(tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text("lon,lat\n106.7,28.9\n", encoding="utf-8")
    assert parts_in(tmp_path / "points.csv") == ()
    file = tmp_path / "picture.tif"
    with rasterio.open(file, "w", driver="GTiff", height=4, width=4, count=3, dtype="uint8", crs="EPSG:4326") as out:
        out.write(np.ones((3, 4, 4), np.uint8))
    assert parts_in(file) == (), "the colors of a picture are no fields"
    grib = need("nwp/Z_NAFP_C_BABJ_20231207000000_P_CMA-GEPS-GLB-024.grib2")
    fields = parts_in(grib)
    assert len(fields) > 1
    assert len({one.part for one in fields}) == len(fields)

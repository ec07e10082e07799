"""Which base map is shown and how its tiles come: never read on the GUI thread, never more than is seen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.jobs import Jobs
from app.map import base_map_wires
from app.map.base_map_desk import BaseMapDesk, BaseNote
from app.map.base_map_list import NONE, RELIEF, BaseMap, base_maps_of
from app.map.tile_service import TileService
from app.map.tile_shelf import TileShelf
from app.map.tile_terms import Terms
from app.office import create
from app.settings import checked_settings
from layers.drawing import Tile
from layers.map_view import MapView
from layers.tile_layer import TileLayer
from layers.tiles.open_tiles import open_tiles
from layers.tiles.tile_grid import TileKey, corner_m, side_m
from models.errors import DataError
from tests.app.tile_server import tile_server
from tests.layers.tiles.drawn_tiles import mbtiles, picture
from widgets import language


def view_of(key: TileKey, width: int = 500, height: int = 300) -> MapView:
    west_m, north_m = corner_m(key)
    side = side_m(key.z)
    return MapView(west_m + side / 2, north_m - side / 2, side / 256, width, height)


class Seen:
    """What a desk gave to the map and said of it."""

    def __init__(self, desk: BaseMapDesk) -> None:
        self.layers: list[TileLayer | None] = []
        self.relief: list[bool] = []
        self.notes: list[BaseNote] = []
        self.errors: list[Exception] = []
        desk.base_changed.connect(self._on_base)
        desk.note_changed.connect(self.notes.append)
        desk.failed.connect(self.errors.append)

    def _on_base(self, layer: TileLayer | None, relief: bool) -> None:
        self.layers.append(layer)
        self.relief.append(relief)

    def gray_at(self, key: TileKey) -> int:
        layer = self.layers[-1]
        assert layer is not None
        return int(layer.tiles[key].pixels[128, 128])


@pytest.fixture(name="jobs")
def _jobs(qtbot: QtBot) -> Iterator[Jobs]:
    jobs = Jobs()
    yield jobs
    jobs.close()


def file_map(path: Path, **facts: object) -> BaseMap:
    return BaseMap(f"map:{path.stem}", path.stem, path.stem, open=lambda: open_tiles(path), **facts)  # type: ignore[arg-type]


def opened(jobs: Jobs, *maps: BaseMap, choice: Path | None = None) -> tuple[BaseMapDesk, Seen]:
    desk = BaseMapDesk(jobs, maps, choice=choice)
    seen = Seen(desk)
    desk.open()
    return desk, seen


def settle(qtbot: QtBot, desk: BaseMapDesk, jobs: Jobs) -> None:
    qtbot.waitUntil(lambda: jobs.idle and desk.settled, timeout=20_000)


def test_the_key_goes_round_all_maps_and_the_choice_is_kept(qtbot: QtBot, jobs: Jobs, tmp_path: Path) -> None:
    maps = BaseMap(RELIEF), file_map(mbtiles(tmp_path / "a.mbtiles")), BaseMap(NONE)
    choice = tmp_path / "cache" / "base_map.txt"
    desk, seen = opened(jobs, *maps, choice=choice)
    settle(qtbot, desk, jobs)
    assert (seen.layers[-1], seen.relief[-1]) == (None, True)
    desk.next_map()
    settle(qtbot, desk, jobs)
    assert seen.layers[-1] is not None
    assert seen.relief[-1] is False
    again, _ = opened(jobs, *maps, choice=choice)
    settle(qtbot, again, jobs)
    assert again.chosen.id == "map:a"
    desk.next_map()
    settle(qtbot, desk, jobs)
    assert (desk.chosen.id, seen.layers[-1:], seen.relief[-1]) == (NONE, [None], False)
    desk.next_map()
    assert desk.chosen.id == RELIEF
    settle(qtbot, desk, jobs)


def test_a_key_that_is_quicker_than_the_kept_choice_wins(qtbot: QtBot, jobs: Jobs, tmp_path: Path) -> None:
    (tmp_path / "base_map.txt").write_text(NONE, encoding="utf-8")
    desk, _ = opened(jobs, BaseMap(RELIEF), BaseMap("map:x"), BaseMap(NONE), choice=tmp_path / "base_map.txt")
    desk.next_map()
    settle(qtbot, desk, jobs)
    assert desk.chosen.id == "map:x"


def test_tiles_of_the_view_come_in_jobs_and_only_those(qtbot: QtBot, jobs: Jobs, tmp_path: Path) -> None:
    desk, seen = opened(jobs, file_map(mbtiles(tmp_path / "a.mbtiles", range(6))))
    key = TileKey(5, 20, 10)
    desk.show_view(view_of(key))
    settle(qtbot, desk, jobs)
    assert seen.gray_at(key) == int(picture(key)[128, 128, 0])
    layer = seen.layers[-1]
    assert layer is not None
    sharp = {one for one in layer.tiles if one.z == 5}
    assert sharp == set(layer.range.needed(view_of(key)))
    assert desk.reads_on_gui_thread == 0
    assert desk.reads < 40
    reads, given = desk.reads, desk.layers_given
    desk.show_view(view_of(key, 480, 280))  # nothing new in it
    settle(qtbot, desk, jobs)
    assert (desk.reads, desk.layers_given) == (reads, given)


def test_while_the_hand_moves_tiles_come_and_the_map_is_not_drawn(qtbot: QtBot, jobs: Jobs, tmp_path: Path) -> None:
    desk, seen = opened(jobs, file_map(mbtiles(tmp_path / "a.mbtiles", range(6))))
    desk.show_view(view_of(TileKey(5, 4, 4)))
    settle(qtbot, desk, jobs)
    given, key = desk.layers_given, TileKey(5, 20, 10)
    desk.look_ahead(view_of(key))
    settle(qtbot, desk, jobs)
    assert desk.layers_given == given
    reads = desk.reads
    desk.show_view(view_of(key))
    assert desk.layers_given == given + 1
    assert seen.gray_at(key) == int(picture(key)[128, 128, 0])
    settle(qtbot, desk, jobs)
    assert desk.reads == reads


def test_a_damaged_file_is_named_once_and_the_rest_is_shown(qtbot: QtBot, jobs: Jobs, tmp_path: Path) -> None:
    folder = tmp_path / "tiles" / "2"
    from tests.layers.tiles.drawn_tiles import folder as write_folder  # noqa: PLC0415

    write_folder(tmp_path / "tiles")
    for x in range(4):
        (folder / str(x) / "1.png").write_bytes(b"no picture")
    desk, seen = opened(jobs, file_map(tmp_path / "tiles"))
    desk.show_view(view_of(TileKey(2, 1, 1), 900, 900))
    settle(qtbot, desk, jobs)
    assert [error.code for error in seen.errors if isinstance(error, DataError)] == ["tiles.damaged"]
    assert seen.gray_at(TileKey(2, 1, 2)) > 0
    assert seen.notes[-1].fault is not None


@pytest.mark.parametrize("name", ["gone", "html"])
def test_a_map_that_cannot_be_opened_is_named_and_the_next_key_goes_on(
    qtbot: QtBot, jobs: Jobs, tmp_path: Path, name: str
) -> None:
    broken = tmp_path / f"{name}.mbtiles"
    if name == "html":
        broken.write_text("<html>", encoding="utf-8")
    desk, seen = opened(jobs, file_map(broken), BaseMap(RELIEF))
    settle(qtbot, desk, jobs)
    assert len(seen.errors) == 1
    assert broken.name in str(seen.errors[0])
    assert seen.layers[-1] is None
    assert seen.notes[-1].fault is not None
    desk.next_map()
    settle(qtbot, desk, jobs)
    assert seen.relief[-1] is True
    assert seen.notes[-1].fault is None


def test_colors_come_with_a_key_and_go_with_it(qtbot: QtBot, jobs: Jobs, tmp_path: Path) -> None:
    desk, seen = opened(jobs, file_map(mbtiles(tmp_path / "a.mbtiles")))
    desk.show_view(view_of(TileKey(2, 1, 1)))
    for shape in ((256, 256), (256, 256, 4), (256, 256)):
        settle(qtbot, desk, jobs)
        layer = seen.layers[-1]
        assert layer is not None
        assert {tile.pixels.shape for tile in layer.tiles.values()} == {shape}
        desk.toggle_color()
    settle(qtbot, desk, jobs)


def test_the_usual_gray_of_a_file_is_found_out(qtbot: QtBot, jobs: Jobs, tmp_path: Path) -> None:
    desk, seen = opened(jobs, file_map(mbtiles(tmp_path / "a.mbtiles", range(1))))
    settle(qtbot, desk, jobs)
    layer = seen.layers[-1]
    assert layer is not None
    assert layer.usual == int(picture(TileKey(0, 0, 0))[128, 128, 0])


def test_a_service_fills_the_view_and_a_slow_one_holds_up_nothing(
    qtbot: QtBot, jobs: Jobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with tile_server() as server:
        terms = Terms("service", (server.url,), "k", zooms=(0, 8))
        one = BaseMap("map:s", "s", "s", open=lambda: TileService(terms, tmp_path), over_line=True, usual=240)
        server.way = "slow"
        desk, seen = opened(jobs, one)
        for x in range(3, 12):  # the hand goes on; what was asked for the older views is not asked for any more
            desk.show_view(view_of(TileKey(5, x, 7), 200, 200))
        qtbot.waitUntil(lambda: len(server.asked) == 4, timeout=10_000)
        with qtbot.waitSignal(jobs.fell_idle, timeout=5000):  # the other jobs have their own threads
            jobs.start("other", lambda: 1, on_done=lambda _: None, on_error=lambda _: None)
        server.way = "right"
        server.go_on.set()
        settle(qtbot, desk, jobs)
        middle = TileKey(5, 11, 7)
        assert seen.gray_at(middle) == int(picture(middle)[128, 128, 0])
        asked = {path.split("?")[0] for path in server.asked}
        assert len(asked) <= 4 + 9
        assert server.most_at_once <= 4
        assert desk.reads_on_gui_thread == 0
        desk.close()


def test_a_cut_line_is_said_on_the_map_and_told_to_nobody(
    qtbot: QtBot, jobs: Jobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with tile_server() as server:
        url = server.url
    terms = Terms("service", (url,), "k", zooms=(0, 8))
    one = BaseMap("map:s", "s", "s", open=lambda: TileService(terms, tmp_path), over_line=True, usual=240)
    desk, seen = opened(jobs, one)
    desk.show_view(view_of(TileKey(5, 3, 7), 200, 200))
    qtbot.waitUntil(lambda: bool(seen.notes) and seen.notes[-1].fault is not None, timeout=10_000)
    settle(qtbot, desk, jobs)
    assert getattr(seen.notes[-1].fault, "code", "") == "tiles.service_silent"
    assert seen.errors == []
    desk.close()


def test_an_office_without_base_maps_has_none_to_open(tmp_path: Path) -> None:
    office = create(tmp_path / "o", checked_settings({"office": {"name": "n", "adcode": "510000"}}))
    assert [one.id for one in base_maps_of(office)] == [NONE]
    office.dem_path.write_bytes(b"")
    assert [one.id for one in base_maps_of(office)] == [RELIEF, NONE]


@pytest.mark.parametrize(
    ("section", "code"),
    [
        ({"name": "a"}, "tiles.nothing_named"),
        ({"name": "a", "preset": "tianditu_xyz"}, "tiles.no_preset"),
        ({"name": "a", "preset": "tianditu_img"}, "tiles.no_key"),
        ({"name": "a", "file": "maps/none.mbtiles"}, "tiles.gone"),
    ],
)
def test_a_setting_that_names_no_map_is_refused_when_the_map_is_chosen(
    tmp_path: Path, section: dict[str, str], code: str
) -> None:
    office = create(
        tmp_path / "o", checked_settings({"office": {"name": "n", "adcode": "510000"}, "base_map": [section]})
    )
    (made, _) = base_maps_of(office)
    assert made.open is not None
    with pytest.raises(DataError) as error:
        made.open()
    assert error.value.code == code


def test_a_preset_gives_what_the_office_does_not_say(tmp_path: Path) -> None:
    sections = [{"name": "影像", "preset": "tianditu_img", "key": "k1", "tiles_a_day": 9000, "color": True}]
    office = create(
        tmp_path / "o", checked_settings({"office": {"name": "n", "adcode": "510000"}, "base_map": sections})
    )
    (made, _) = base_maps_of(office)
    assert (made.color, made.over_line, made.usual) == (True, True, 96)
    assert made.open is not None
    service = made.open()
    assert isinstance(service, TileService)
    assert service.zooms == (1, 18)
    assert len(service.terms.urls) == 2
    assert service.terms.tiles_a_day == 9000
    assert "天地图" in service.attribution
    service.close()


def test_the_shelf_keeps_what_is_seen_and_of_the_rest_what_fits() -> None:
    shelf = TileShelf(most_bytes=10_000)
    keys = [TileKey(9, x, 0) for x in range(30)]
    for key in keys:
        shelf.put(key, Tile(np.zeros((32, 32), np.uint8)))  # 1,024 bytes each
    shelf.use(keys[:12])
    assert set(shelf.snapshot()) == set(keys[:12])  # more than fit, but all are seen
    shelf.use(keys[:2])
    assert shelf.size <= 10_000
    assert {keys[0], keys[1]} <= set(shelf.snapshot())
    shelf.put(keys[0], None)
    assert shelf.knows(keys[0])
    assert keys[0] not in shelf.snapshot()
    shelf.clear()
    assert (shelf.size, shelf.knows(keys[0])) == (0, False)


@pytest.mark.parametrize(
    ("spoken", "said"), [("zh", ("演练底图", "演练数据")), ("en", ("Exercise map", "exercise data"))]
)
def test_the_note_on_the_map_speaks_one_language(
    spoken: str, said: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(language, "current", lambda: spoken)
    demo = BaseMap(
        "map:a", "演练底图", "Exercise map", "演练数据", "exercise data", lambda: open_tiles(Path("nowhere"))
    )
    assert base_map_wires.words_of(BaseNote(demo, demo.attribution, color=False, opened=True))[:2] == said

"""``fengsui tiles``: says first what it will take, fetches, goes on, and never prints a key."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import app
from app.map import tile_prefetch
from app.office import create
from app.settings import checked_settings
from tests.app.tile_server import TileServer, tile_server

KEY = "geheim-4711"
AREA = ["--bounds", "106.9,29.1,107.1,29.3"]


def office(folder: Path, server: TileServer, **changed: object) -> Path:
    section = {"name": "影像", "url": server.url, "key": KEY, "prefetch": True, "max_zoom": 12, **changed}
    sections = [section, {"name": "本地", "file": "maps/a.mbtiles"}]
    create(folder, checked_settings({"office": {"name": "n", "adcode": "510000"}, "base_map": sections}))
    return folder


def run(*words: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["tiles", *map(str, words)])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert KEY not in done.output
    return done.exit_code, done.stdout


def test_an_area_is_fetched_and_the_second_time_there_is_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(tile_prefetch, "TILES_A_SECOND", 1e6)
    with tile_server() as server:
        folder = office(tmp_path / "o", server)
        fetch = ("fetch", "--map", "影像", *AREA, "--zoom", "8-10", "--office", folder)
        code, said = run(*fetch, "--dry-run", "--json")
        wanted = json.loads(said)
        assert (code, server.asked) == (0, [])
        assert wanted["all"] == wanted["wanted"] > 3
        assert wanted["mb"] > 0
        code, said = run(*fetch, "--yes")
        assert code == 0
        assert str(wanted["wanted"]) in said
        assert len(server.asked) == wanted["wanted"]
        code, said = run(*fetch, "--json")
        assert (code, json.loads(said)["wanted"], len(server.asked)) == (0, 0, wanted["wanted"])


def test_it_asks_before_it_begins_and_ends_with_one_at_the_terms(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(tile_prefetch, "TILES_A_SECOND", 1e6)
    with tile_server() as server:
        folder = office(tmp_path / "o", server, tiles_a_day=2)
        fetch = ("fetch", "--map", "影像", *AREA, "--zoom", "8-10", "--office", folder)
        assert run(*fetch)[0] == 1  # nobody there to say yes
        assert server.asked == []
        code, said = run(*fetch, "--json")
        document = json.loads(said)
        assert (code, document["done"], document["error"]) == (1, 2, "tiles.day_full")
        assert len(server.asked) == 2


def test_the_list_names_maps_and_hosts(tmp_path: Path) -> None:
    with tile_server() as server:
        folder = office(tmp_path / "o", server)
    code, said = run("list", "--office", folder, "--json")
    assert code == 0
    assert [(row["name"], row["kind"]) for row in json.loads(said)] == [("影像", "service"), ("本地", "file")]
    assert json.loads(said)[0]["source"] == "127.0.0.1"


@pytest.mark.parametrize(
    "wrong",
    [
        ["--bounds", "107,29,106,30", "--zoom", "8-9"],
        ["--bounds", "everything", "--zoom", "8-9"],
        ["--bounds", "106.9,29.1,107.1,29.3", "--zoom", "9-8"],
        ["--bounds", "106.9,29.1,107.1,29.3", "--zoom", "all"],
    ],
)
def test_what_is_written_wrong_is_wrong_use(tmp_path: Path, wrong: list[str]) -> None:
    assert run("fetch", "--map", "影像", *wrong, "--office", tmp_path)[0] == 2

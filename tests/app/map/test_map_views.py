"""Saved views and the last arrangement: kept whole, damaged files named and set aside."""

from __future__ import annotations

import math
import os
from pathlib import Path

import pytest

from app.map.map_views import (
    LAYERS_FILE,
    VIEWS_FILE,
    MapSession,
    SavedView,
    SavedViews,
    named,
    read_session,
    read_views,
    write_session,
    write_views,
)
from layers.arrangement import Arrangement, LayerSetting
from models.errors import DataError
from tests.make import NOW

LAYERS = Arrangement(
    (
        LayerSetting("relief", opacity=0.6),
        LayerSetting("mosaic", visible=False),
        LayerSetting('一层"带引号"', least_m=2.5, most_m=40.0),
    )
)
COUNTY = SavedView(1, "全县", (106.31, 28.52, 107.02, 29.11), LAYERS)
NIGHT = SavedView(7, "夜班 '7'", (106.5, 28.7, 106.8, 28.9), Arrangement(), NOW)


def test_views_go_round_through_their_file(tmp_path: Path) -> None:
    assert read_views(tmp_path) == SavedViews()
    views = SavedViews().put(NIGHT).put(COUNTY)
    write_views(tmp_path, views)
    assert read_views(tmp_path) == views
    assert [view.number for view in views.views] == [1, 7]
    assert [p.name for p in tmp_path.iterdir()] == [VIEWS_FILE]


def test_a_view_takes_the_place_of_the_one_under_its_number(tmp_path: Path) -> None:
    views = SavedViews((COUNTY,)).put(SavedView(1, "另一个", NIGHT.bounds_deg, LAYERS))
    assert [view.name for view in views.views] == ["另一个"]
    assert views.find(1) is views.views[0]
    assert views.find(2) is None
    assert views.without(1) == SavedViews()


def test_the_arrangement_goes_round_with_its_folds(tmp_path: Path) -> None:
    assert read_session(tmp_path) == MapSession()
    session = MapSession(LAYERS, frozenset({"people", "@夜班"}), {"own:a.b 路": "@夜班", "shelters": "hazards"})
    write_session(tmp_path, session)
    assert read_session(tmp_path) == session
    write_session(tmp_path, MapSession(LAYERS))
    assert read_session(tmp_path).folded is None, "nobody chose"


@pytest.mark.parametrize(
    "text",
    [
        "view = [",
        "[[view]]\nnumber = 1\nname = 'x'\n",
        "[[view]]\nnumber = 12\nname = 'x'\nbounds_deg = [1.0, 2.0, 3.0, 4.0]\n",
        "[[view]]\nnumber = 1\nname = 'x'\nbounds_deg = [9.0, 2.0, 3.0, 4.0]\n",
        "[[view]]\nnumber = 1\nname = 'x'\nbounds_deg = [nan, 2.0, 3.0, 4.0]\n",
        "[[view]]\nnumber = 1\nname = 'x'\nbounds_deg = [1, 2, 3, 4]\nat = 2026-06-17T19:12:40\n",
        "[[view]]\nnumber = 1\nname = 'x'\nbounds_deg = [1, 2, 3, 4]\n[[view.layer]]\nname = 'a'\nopacity = 7\n",
        "view = 3",
    ],
)
def test_a_damaged_file_is_named_and_set_aside_and_nothing_of_it_is_lost(tmp_path: Path, text: str) -> None:
    (tmp_path / VIEWS_FILE).write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_views(tmp_path)
    assert caught.value.code == "views.damaged"
    aside = tmp_path / str(caught.value.facts["aside"])
    assert aside.read_text(encoding="utf-8") == text
    assert read_views(tmp_path) == SavedViews()
    write_views(tmp_path, SavedViews((COUNTY,)))
    (tmp_path / VIEWS_FILE).write_bytes(b"\xff\xfe\x00bad")
    with pytest.raises(DataError):
        read_views(tmp_path)
    assert aside.read_text(encoding="utf-8") == text, "the second one takes another name"


def test_a_damaged_session_is_set_aside_too(tmp_path: Path) -> None:
    (tmp_path / LAYERS_FILE).write_text("[[layer]]\nvisible = true\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_session(tmp_path)
    assert caught.value.facts["file"] == LAYERS_FILE
    assert read_session(tmp_path) == MapSession()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="rights bind neither Windows folders nor root")
def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(DataError, match=VIEWS_FILE):
        write_views(tmp_path, SavedViews((COUNTY,)))


def test_a_file_in_the_place_of_the_folder_is_named_and_the_old_file_stays(tmp_path: Path) -> None:
    write_views(tmp_path, SavedViews((COUNTY,)))
    (tmp_path / f"{VIEWS_FILE}.new").mkdir()
    with pytest.raises(DataError) as caught:
        write_views(tmp_path, SavedViews((NIGHT,)))
    assert caught.value.code == "views.not_written"
    assert read_views(tmp_path) == SavedViews((COUNTY,))


def test_an_infinite_scale_is_left_out_of_the_file(tmp_path: Path) -> None:
    write_session(tmp_path, MapSession(Arrangement((LayerSetting("a", most_m=math.inf),))))
    assert "most_m" not in (tmp_path / LAYERS_FILE).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("typed", "number", "kept"),
    [("  石坑\n三镇 ", 2, "石坑 三镇"), ("", 1, "全县"), ("   ", 5, "5"), ("x" * 90, 3, "x" * 40)],
)
def test_names_are_one_line(typed: str, number: int, kept: str) -> None:
    assert named(typed, number, SavedViews((COUNTY,))) == kept


@pytest.mark.parametrize(
    "text",
    [
        "layer = 'abc'",
        "layer = [[]]",
        "layer = [{ name = 'a', visible = 'false' }]",
        "layer = [{ name = 'a', visible = 0 }]",
        "layer = [{ name = 'a', opacity = 1" + "0" * 400 + " }]",
        "layer = [{ name = 'a', opacity = 1" + "0" * 5000 + " }]",
        "layer = " + "[" * 5000 + "]" * 5000,
    ],
)
def test_hostile_content_is_damage(tmp_path: Path, text: str) -> None:
    (tmp_path / LAYERS_FILE).write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_session(tmp_path)
    assert caught.value.code == "views.damaged"
    assert read_session(tmp_path) == MapSession()


@pytest.mark.parametrize("degrees", ["1" + "0" * 400, "[" * 5000 + "]" * 5000, "'x'"])
def test_a_view_with_hostile_bounds_is_damage(tmp_path: Path, degrees: str) -> None:
    text = f"[[view]]\nnumber = 1\nname = 'x'\nbounds_deg = [1, 2, 3, {degrees}]\n"
    (tmp_path / VIEWS_FILE).write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_views(tmp_path)
    assert caught.value.code == "views.damaged"
    assert read_views(tmp_path) == SavedViews()

"""A console that is opened, drawn once and closed says which of its layers it could not have, and goes on."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app import startup
from app.office import Office


def test_a_smoke_test_says_why_a_layer_is_not_there(
    qtbot: QtBot, morning: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    path = morning.folder / "bad.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": 7}), encoding="utf-8")
    with (morning.folder / "office.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[layer]]\nname = "河道"\npath = "bad.geojson"\n')
    code = startup.run_console(morning.folder, language="zh", theme="light", smoke_test=True, timing=False)
    assert code == 0
    assert "bad.geojson" in capsys.readouterr().err


@pytest.mark.parametrize("others_done", [True, False])
def test_a_layer_that_is_never_read_is_named_and_not_waited_for(
    capsys: pytest.CaptureFixture[str], *, others_done: bool
) -> None:
    console: Any = SimpleNamespace(
        jobs=SimpleNamespace(at_work=("inbox", "layer:河道")),
        settled_but=lambda *jobs: others_done and jobs == ("layer:河道",),
        drawn=True,
    )
    assert startup.drawn_but_layers(console, "zh") == others_done
    assert "图层 河道 过了 30 秒还没有读完" in capsys.readouterr().err

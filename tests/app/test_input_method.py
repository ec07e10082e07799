"""Which input method Qt is told to try, and what the doctor says of it."""

from __future__ import annotations

import os
import sys

import pytest

from app import input_method
from app.commands.doctor import Finding, Health, input_method_of
from app.input_method import asked, of_desk, way_in

pytestmark = pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="the system brings the input method")
WHEELS = ("compose", "ibus")


def test_the_wheels_bring_ibus_and_no_fcitx() -> None:
    assert "ibus" in input_method.plugins()
    assert not any(name.startswith("fcitx") for name in input_method.plugins())


@pytest.mark.parametrize(
    ("environment", "way"),
    [
        ({}, ""),
        ({"QT_IM_MODULE": "ibus"}, ""),
        ({"QT_IM_MODULE": "fcitx"}, "fcitx;ibus"),
        ({"QT_IM_MODULE": "fcitx5"}, "fcitx5;ibus"),
        ({"XMODIFIERS": "@im=fcitx"}, "fcitx;ibus"),
        ({"XMODIFIERS": "@im=ibus"}, "ibus"),
        ({"XMODIFIERS": "@im=fcitx", "WAYLAND_DISPLAY": "wayland-0"}, ""),
        ({"QT_IM_MODULE": "fcitx", "WAYLAND_DISPLAY": "wayland-0"}, "fcitx;ibus"),
        ({"QT_IM_MODULES": "wayland;fcitx;ibus", "QT_IM_MODULE": "fcitx"}, ""),
        ({"QT_IM_MODULES": "wayland;fcitx"}, "wayland;fcitx;ibus"),
        ({"QT_IM_MODULE": "uim"}, ""),
    ],
)
def test_fcitx_is_reached_as_ibus_and_nothing_else_is_changed(environment: dict[str, str], way: str) -> None:
    assert way_in(environment, WHEELS) == way


def test_a_qt_that_has_the_fcitx_plugin_is_left_alone() -> None:
    assert way_in({"QT_IM_MODULE": "fcitx"}, (*WHEELS, "fcitx")) == ""


def test_the_list_of_qt_wins_over_the_single_name_and_wayland_over_the_x_desk() -> None:
    assert asked({"QT_IM_MODULES": "a;b", "QT_IM_MODULE": "c"}) == ("a", "b")
    assert asked({"QT_IM_MODULE": "c"}) == ("c",)
    assert of_desk({"XMODIFIERS": "@im=fcitx"}) == "fcitx"
    assert of_desk({"XMODIFIERS": "@im=fcitx", "WAYLAND_DISPLAY": "w"}) == ""


def test_the_way_is_opened_before_qt_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("QT_IM_MODULES", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("QT_IM_MODULE", "fcitx")
    input_method.prepare()
    assert os.environ["QT_IM_MODULES"] == "fcitx;ibus"


@pytest.mark.parametrize(
    ("environment", "fcitx5", "health", "code"),
    [
        ({"XMODIFIERS": "@im=fcitx"}, True, Health.GOOD, "input.fcitx5"),
        ({"QT_IM_MODULE": "fcitx"}, True, Health.GOOD, "input.fcitx5"),
        ({"QT_IM_MODULE": "fcitx"}, False, Health.BAD, "input.fcitx4"),
        ({"QT_IM_MODULE": "ibus"}, False, Health.GOOD, "input.good"),
        ({"QT_IM_MODULE": "uim"}, False, Health.BAD, "input.unknown"),
        ({}, True, Health.LIMITED, "input.unset"),
        ({"WAYLAND_DISPLAY": "w"}, True, Health.LIMITED, "input.wayland"),
    ],
)
def test_the_doctor_names_the_way_out(environment: dict[str, str], fcitx5: bool, health: Health, code: str) -> None:
    finding = input_method_of(environment, fcitx5=fcitx5)
    assert isinstance(finding, Finding)
    assert (finding.health, finding.code) == (health, code)
    for language in ("zh", "en"):
        assert "{" not in finding.sentence(language)
    if health is not Health.GOOD:
        assert "QT_IM_MODULE=ibus" in finding.sentence("zh")

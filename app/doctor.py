"""``fengsui doctor``: what this machine can do for the console, what it cannot, and the way out."""

from __future__ import annotations

import importlib.util
import os
import platform
import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import resources
from app import sound
from models.errors import ConsoleError
from models.hazard.level import Level


class Health(StrEnum):
    """How a thing stands: fine, works with a limit, or does not work."""

    GOOD = "good"
    LIMITED = "limited"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; ``code`` is its sentence in ``resources/phrases/doctor.toml``."""

    what: str
    health: Health
    code: str
    facts: dict[str, Any]

    def sentence(self, language: str) -> str:
        """Return what was found and what to do, in ``zh`` or ``en``."""
        return resources.phrase("doctor", self.code, language).format_map(self.facts)


def examine(office: Path | None, *, quiet: bool = False) -> tuple[Finding, ...]:
    """Look at everything once; ``quiet`` leaves the sound unplayed."""
    looks: tuple[Callable[[], Finding], ...] = (
        _python,
        _platform,
        _font,
        lambda: _sound(quiet=quiet),
        _input_method,
        lambda: _store(office),
    )
    return tuple(look() for look in looks)


def _python() -> Finding:
    facts = {"python": platform.python_version(), "system": platform.platform(terse=True)}
    return Finding("python", Health.GOOD, "python.good", facts)


def _platform() -> Finding:
    """Say which Qt platform opens, without opening a window of it in this process."""
    if importlib.util.find_spec("PySide6") is None:
        return Finding("platform", Health.BAD, "platform.no_qt", {})
    from PySide6 import __version__ as version  # noqa: PLC0415
    from PySide6.QtGui import QGuiApplication  # noqa: PLC0415

    has_display = sys.platform in {"win32", "darwin"} or any(os.environ.get(n) for n in ("DISPLAY", "WAYLAND_DISPLAY"))
    if not has_display:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QGuiApplication.instance() or QGuiApplication([])
    facts = {"qt": version, "platform": QGuiApplication.platformName()}
    del application
    if not has_display:
        return Finding("platform", Health.LIMITED, "platform.no_display", facts)
    return Finding("platform", Health.GOOD, "platform.good", facts)


def _font() -> Finding:
    spec = importlib.util.find_spec("noto_cjk_sans_otc")
    if spec is None:
        return Finding("font", Health.BAD, "font.missing", {})
    from widgets.theme import FAMILY, load_fonts  # noqa: PLC0415

    load_fonts()
    return Finding("font", Health.GOOD, "font.good", {"family": FAMILY})


def _sound(*, quiet: bool) -> Finding:
    player = sound.player()
    if player is None:
        return Finding("sound", Health.BAD, "sound.no_player", {"packages": sound.PLAYER_PACKAGES})
    facts = {"player": Path(player).name}
    if quiet:
        return Finding("sound", Health.GOOD, "sound.not_played", facts)
    if sound.play(Level.ORANGE, wait=True):
        return Finding("sound", Health.GOOD, "sound.good", facts)
    return Finding("sound", Health.BAD, "sound.failed", facts)


def _input_method() -> Finding:
    """Look for the plugin that the desk's input method needs; the wheels bring ibus and compose only."""
    if sys.platform in {"win32", "darwin"}:
        return Finding("input", Health.GOOD, "input.system", {})
    from PySide6.QtCore import QLibraryInfo  # noqa: PLC0415

    folder = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath)) / "platforminputcontexts"
    plugins = sorted(p.stem.removeprefix("lib").removesuffix("platforminputcontextplugin") for p in folder.glob("*.so"))
    wanted = os.environ.get("QT_IM_MODULE") or os.environ.get("XMODIFIERS", "").removeprefix("@im=")
    facts = {"wanted": wanted or "-", "plugins": ", ".join(plugins)}
    if wanted.startswith("fcitx") and not any(p.startswith("fcitx") for p in plugins):
        return Finding("input", Health.BAD, "input.fcitx", facts)
    if not wanted:
        return Finding("input", Health.LIMITED, "input.unset", facts)
    return Finding("input", Health.GOOD, "input.good", facts)


def _store(office: Path | None) -> Finding:
    from app.office import check, default_folder  # noqa: PLC0415

    folder = office or default_folder()
    if not (folder / "office.toml").exists():
        return Finding("store", Health.LIMITED, "store.no_office", {"folder": folder})
    try:
        findings = check(folder)
    except ConsoleError as error:
        return Finding("store", Health.BAD, "store.refused", {"folder": folder, "reason": str(error)})
    if findings:
        return Finding("store", Health.BAD, "store.findings", {"folder": folder, "count": len(findings)})
    return Finding("store", Health.GOOD, "store.good", {"folder": folder})

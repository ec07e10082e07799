"""``fengsui doctor``: what this machine can do for the console, what it cannot, and the way out."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import resources
from app import sound
from app.language import system_language
from models.errors import ConsoleError
from models.hazard.level import Level


class Health(StrEnum):
    """How a thing stands: fine, works with a limit, or does not work."""

    GOOD = "good"
    LIMITED = "limited"
    BAD = "bad"


MARKS = {Health.GOOD: "✓", Health.LIMITED: "!", Health.BAD: "✗"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; ``code`` is its sentence in ``resources/phrases/doctor.toml``."""

    what: str
    health: Health
    code: str
    facts: dict[str, Any]

    def sentence(self, language: str) -> str:
        """Return what was found and what to do, in ``zh`` or ``en``."""
        facts = {key: _in(language, value) for key, value in self.facts.items()}
        return resources.phrase("doctor", self.code, language).format_map(facts)


def examine(office: Path | None, *, quiet: bool = False) -> tuple[Finding, ...]:
    """Look at everything once; ``quiet`` leaves the sound unplayed."""
    looks: tuple[Callable[[], Finding], ...] = (
        _python,
        _platform,
        _font,
        lambda: _sound(quiet=quiet),
        lambda: input_method_of(os.environ),
        lambda: _store(office),
    )
    return tuple(look() for look in looks)


def as_text_of(findings: tuple[Finding, ...], language: str = "") -> str:
    """Return one line for each finding, its health in front."""
    language = language or system_language()
    return "\n".join(f"{MARKS[finding.health]} {finding.sentence(language)}" for finding in findings)


def as_json_of(findings: tuple[Finding, ...], language: str = "") -> list[dict[str, Any]]:
    """Return ``what``, ``health``, ``code``, ``sentence`` and ``facts`` of each finding."""
    language = language or system_language()
    return [
        {
            "what": finding.what,
            "health": finding.health.value,
            "code": finding.code,
            "sentence": finding.sentence(language),
            "facts": {key: str(_in(language, value)) for key, value in finding.facts.items()},
        }
        for finding in findings
    ]


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
    """Look whether the font that the console writes with has every character of GB 2312."""
    if importlib.util.find_spec("PySide6") is None:
        return Finding("font", Health.BAD, "font.not_looked", {})
    from PySide6.QtGui import QFont, QRawFont  # noqa: PLC0415

    from widgets.theme import FAMILY, load_fonts  # noqa: PLC0415

    family = load_fonts()
    raw = QRawFont.fromFont(QFont(family))
    missing = [sign for sign in _gb2312() if not raw.supportsCharacter(ord(sign))]
    facts = {"family": family, "missing": len(missing)}
    if family != FAMILY and importlib.util.find_spec("noto_cjk_sans_otc") is None:
        return Finding("font", Health.BAD, "font.missing", facts)
    return Finding("font", Health.BAD if missing else Health.GOOD, "font.gaps" if missing else "font.good", facts)


def _gb2312() -> str:
    """Return the Chinese characters of GB 2312."""
    pairs = (bytes((row, cell)) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF))
    return "".join(pair.decode("gb2312", errors="ignore") for pair in pairs)


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


def input_method_of(environment: Mapping[str, str], *, fcitx5: bool | None = None) -> Finding:
    """Say whether Chinese can be typed: which input method is asked for, and how Qt reaches it.

    Parameters
    ----------
    environment : mapping
        Variables of the desk.
    fcitx5 : bool, optional
        Whether fcitx5 is installed; by default it is looked for.
    """
    if sys.platform in {"win32", "darwin"}:
        return Finding("input", Health.GOOD, "input.system", {})
    if importlib.util.find_spec("PySide6") is None:
        return Finding("input", Health.BAD, "input.not_looked", {})
    from app import input_method  # noqa: PLC0415

    there = input_method.plugins()
    names = input_method.asked(environment) or tuple(n for n in (input_method.of_desk(environment),) if n)
    way = input_method.way_in(environment, there)
    facts = {"wanted": ";".join(names) or "-", "plugins": ", ".join(there), "way": way}
    if not names:
        on_wayland = bool(environment.get("WAYLAND_DISPLAY"))
        return Finding("input", Health.LIMITED, "input.wayland" if on_wayland else "input.unset", facts)
    if not way and not any(name in there for name in names):
        return Finding("input", Health.BAD, "input.unknown", facts)
    if any(name.startswith("fcitx") for name in names):
        found = shutil.which("fcitx5") is not None if fcitx5 is None else fcitx5
        return Finding(
            "input", Health.GOOD if found else Health.BAD, "input.fcitx5" if found else "input.fcitx4", facts
        )
    return Finding("input", Health.GOOD, "input.good", facts)


def _store(office: Path | None) -> Finding:
    from app.office import check, default_folder  # noqa: PLC0415

    folder = office or default_folder()
    if not (folder / "office.toml").exists():
        health = Health.LIMITED if office is None else Health.BAD
        return Finding("store", health, "store.no_office", {"folder": folder})
    try:
        findings = check(folder)
    except ConsoleError as error:
        return Finding("store", Health.BAD, "store.refused", {"folder": folder, "reason": error})
    if findings:
        facts = {"folder": folder, "count": len(findings), "first": findings[0]}
        return Finding("store", Health.BAD, "store.findings", facts)
    return Finding("store", Health.GOOD, "store.good", {"folder": folder})


def _in(language: str, value: Any) -> Any:
    return value.sentence(language) if isinstance(value, ConsoleError) else value

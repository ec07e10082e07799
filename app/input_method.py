"""How Qt reaches the desk's input method: its wheels speak ibus, and fcitx5 answers as ibus too."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Mapping
from pathlib import Path

from PySide6.QtCore import QLibraryInfo

LIST, SINGLE = "QT_IM_MODULES", "QT_IM_MODULE"


def plugins() -> tuple[str, ...]:
    """Return the input methods that this Qt has a plugin for, by the names it is asked for them."""
    folder = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath)) / "platforminputcontexts"
    found = (path.stem.removeprefix("lib").removesuffix("plugin") for path in folder.glob("*platforminputcontext*"))
    return tuple(sorted(name.removesuffix("platforminputcontext") for name in found))


def asked(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return the input methods that Qt is asked to try, the first one first; the list wins over the single name."""
    return tuple(name for name in environment.get(LIST, "").split(";") if name) or tuple(
        name for name in (environment.get(SINGLE, ""),) if name
    )


def of_desk(environment: Mapping[str, str]) -> str:
    """Return the input method of an X desk by its own name, such as ``fcitx``; empty if none is set or Wayland has it."""
    if environment.get("WAYLAND_DISPLAY"):
        return ""
    return environment.get("XMODIFIERS", "").removeprefix("@im=").strip()


def way_in(environment: Mapping[str, str], there: Collection[str]) -> str:
    """Return what `LIST` must be so that the desk's input method is reached; empty if nothing needs to change.

    Notes
    -----
    Tried on Debian 12 under Xvfb with PySide6 6.9.3 by typing pinyin into a
    QLineEdit: fcitx5 5.0.21 asked for as ``fcitx`` gives plain letters, as
    ``fcitx;ibus`` or ``ibus`` it gives Chinese; so does ibus 1.5.27 with
    ibus-libpinyin. The system's own plugin (fcitx5-frontend-qt6, made for Qt
    6.4) is not loaded by the Qt of the wheels.
    """
    names = asked(environment)
    if any(name in there for name in names):
        return ""
    names = names or tuple(name for name in (of_desk(environment),) if name)
    if not any(name == "ibus" or name.startswith("fcitx") for name in names):
        return ""
    return ";".join(dict.fromkeys((*names, "ibus")))


def prepare() -> None:
    """Open the way for Qt in this process; to be called before the application is made."""
    if sys.platform in {"win32", "darwin"}:
        return
    way = way_in(os.environ, plugins())
    if way:
        os.environ[LIST] = way

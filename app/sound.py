"""The sound of a level going up, without Qt's multimedia: the system's own player is asked."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import resources
from models.hazard.level import Level

PLAYERS = ("pw-play", "paplay", "aplay", "afplay")
PLAYER_PACKAGES = "pipewire-bin, pulseaudio-utils, alsa-utils"


def sound_of(level: Level) -> Path:
    """Return the sound of a level: one double tone for blue, four for red."""
    return resources.path(f"sounds/level_{level.value}.wav")


def player() -> str | None:
    """Return the program that plays sound here, None if there is none."""
    if sys.platform == "win32":
        return "winsound"
    return next((found for name in PLAYERS if (found := shutil.which(name))), None)


def play(level: Level, *, wait: bool = False) -> bool:
    """Play the sound of a level; returns whether a player took it.

    Without ``wait`` it returns at once; with it, False also means that the
    player ended with an error (no sound card, no sound server).
    """
    name, path = player(), sound_of(level)
    if name is None:
        return False
    if sys.platform == "win32":
        import winsound  # noqa: PLC0415

        flags = winsound.SND_FILENAME | (0 if wait else winsound.SND_ASYNC)
        winsound.PlaySound(str(path), flags)
        return True
    quiet = subprocess.DEVNULL
    process = subprocess.Popen([name, str(path)], stdin=quiet, stdout=quiet, stderr=quiet)  # noqa: S603
    if not wait:
        return True
    try:
        return process.wait(timeout=10) == 0
    except subprocess.TimeoutExpired:
        process.kill()
        return False

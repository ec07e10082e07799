"""A key as it is drawn: a small cap with the key's name."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QRectF

from widgets import pieces
from widgets import theme as look

HEIGHT_PX = 18
_PAD_PX = 5

translate = QCoreApplication.translate


def key_name(sequence: str) -> str:
    """Return how a key sequence such as ``Ctrl+Return`` is written on its cap."""
    named = {
        "Return": "Enter",
        "Shift": "⇧",
        "Up": "↑",
        "Down": "↓",
        "Left": "←",
        "Right": "→",
        "Escape": "Esc",
        "Space": translate("KeyCap", "Space"),
        "Delete": "Del",
    }
    rest, plus = (sequence[:-1].rstrip("+"), ["+"]) if sequence.endswith("+") else (sequence, [])
    parts = [part for part in rest.split("+") if part] + plus
    return " ".join(named.get(part, part) for part in parts).replace("⇧ ", "⇧")


def key_width(sequence: str) -> float:
    """Return the width of a cap, logical px."""
    return max(float(HEIGHT_PX), pieces.width_of(key_name(sequence), look.KEY_PX) + 2 * _PAD_PX)


def key_piece(left: float, middle: float, sequence: str, *, tone: str = "quiet", edge: str = "edge") -> pieces.Key:
    """Return a cap whose left edge and vertical middle are given."""
    return pieces.Key(
        QRectF(left, middle - HEIGHT_PX / 2, key_width(sequence), HEIGHT_PX), key_name(sequence), tone, edge
    )

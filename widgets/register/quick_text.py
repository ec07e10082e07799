"""Paints many plain texts quickly: one font and one pen for all of a size and tone, few of them measured."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtGui import QPainter

from widgets import pieces
from widgets.pieces import Piece, Text
from widgets.theme import Theme


def paint(painter: QPainter, laid: Iterable[Piece], theme: Theme) -> None:
    """Paint pieces; plain texts together, after everything else."""
    plain: dict[tuple[int, str], list[Text]] = {}
    others: list[Piece] = []
    for piece in laid:
        if isinstance(piece, Text) and not piece.ground and not piece.italic and not piece.underline:
            if piece.text:
                plain.setdefault((piece.px, piece.tone), []).append(piece)
        else:
            others.append(piece)
    pieces.paint(painter, others, theme)
    for (size_px, tone), texts in plain.items():
        painter.setFont(pieces.font_of(size_px))
        painter.setPen(pieces.ink_of(tone, theme))
        for text in texts:
            # No sign is wider than its size: most texts fit without being measured.
            fits = len(text.text) * size_px <= text.rect.width()
            painter.drawText(text.rect, pieces.FLAGS[text.align], text.text if fits else pieces.shown_text(text))

"""Ctrl+K: points, towns and commands by a part of their name."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout, QWidget
from shiboken6 import isValid

from layers.sign import Sign
from models.register import letters
from widgets import pieces
from widgets import theme as look
from widgets.key_cap import key_piece, key_width
from widgets.map.symbol_painter import paint_sprite
from widgets.pieces import Piece, Run
from widgets.row_list import Row, RowList

_MOST = 10
_SIGN_X, _NAME_X = 104, 132
_LEAST_OWN = 2
"""So many commands stand under what was found, if any fit."""


@dataclass(frozen=True, slots=True)
class SearchEntry:
    """Something that can be found.

    ``id`` is what is emitted, such as ``point:SH-0117`` or ``command:issue``;
    ``group`` the word before the first of its kind; ``note`` stands quiet behind the name;
    ``glyph`` is that of its sign on the map.
    """

    id: str
    group: str
    name: str
    note: str = ""
    key: str = ""
    glyph: str = ""


def found(entries: tuple[SearchEntry, ...], typed: str, most: int = _MOST) -> tuple[SearchEntry, ...]:
    """Return the entries whose name or id has every typed word; names that begin with it first.

    Chinese names are found by pinyin and by initials as well.
    """
    parts = typed.casefold().split()
    if not parts:
        return ()
    ranked = [
        (place, entry)
        for entry in entries
        if (place := letters.rank(typed, entry.name)) is not None
        or (place := 3 if all(p in f"{entry.name} {_said(entry)}".casefold() for p in parts) else None)
    ]
    best = [entry for _, entry in sorted(ranked, key=lambda one: (one[0], len(one[1].name)))[:most]]
    return grouped(best)


def _said(entry: SearchEntry) -> str:
    """Return what an id says besides its kind, such as a key or a signal's name in English; ``task`` is no word of it."""
    return entry.id.partition(":")[2]


def grouped(entries: list[SearchEntry]) -> tuple[SearchEntry, ...]:
    """Return entries with those of one group together, groups in the order of their first."""
    groups = list(dict.fromkeys(e.group for e in entries))
    return tuple(sorted(entries, key=lambda e: groups.index(e.group)))


class SearchBox(QLineEdit):
    """One field for anything.

    Signals
    -------
    chosen(str)       the id of the entry that the operator chose
    find_requested(str)  what the operator typed is to be looked up; the answer comes by `show_found`
    """

    chosen = Signal(str)
    find_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[SearchEntry, ...] = ()
        self._shown: tuple[SearchEntry, ...] = ()
        self._found: tuple[SearchEntry, ...] = ()
        self._more: tuple[SearchEntry, ...] = ()
        self._asks = self._waits = self._enter = False
        self.setPlaceholderText(self.tr("Search or command"))
        self.setTextMargins(0, 0, round(key_width("Ctrl+K")) + 4, 0)
        self.setAccessibleName(self.tr("Search or command"))
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._came_from: QWidget | None = None
        self._results: QFrame | None = None
        self._list: RowList | None = None
        self.textEdited.connect(self._on_typed)

    def show_entries(self, entries: tuple[SearchEntry, ...], *, asks: bool = False) -> None:
        """Take what can be found here; with ``asks`` somebody else looks up what is typed as well."""
        self._entries, self._asks = entries, asks
        if self.hasFocus() and self.text():
            self._on_typed(self.text())

    def show_more(self, entries: tuple[SearchEntry, ...]) -> None:
        """Take what else can be found just now: keys that act, layers; what stands in the list stays."""
        self._more = entries

    def show_found(self, typed: str, entries: tuple[SearchEntry, ...]) -> None:
        """Take what was found elsewhere for a typed text; an answer to something typed before is passed over."""
        if typed != self.text():
            return
        self._found, self._waits = entries, False
        self._fill()
        if self._enter and self._shown:
            self._choose(self._shown[0].id)
        self._enter = False

    @property
    def results(self) -> tuple[SearchEntry, ...]:
        """What is found by what is typed now."""
        return self._shown

    def begin(self) -> None:
        """Put the cursor here; Escape gives it back to where it was."""
        window: QWidget | None = self.window()
        focus: QWidget | None = window.focusWidget() if window is not None else None
        self._came_from = focus if focus is not self else self._came_from
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        listed = self._list
        if key == Qt.Key.Key_Escape:
            self._close()
            self.clear()
            self._give_back()
        elif listed is not None and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            listed.keyPressEvent(event)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._waits:  # what stands there answers something typed before
                self._enter = True
            elif listed is not None and self._shown:
                self._choose(listed.selected or self._shown[0].id)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._close()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        key = "Escape" if self.hasFocus() else "Ctrl+K"
        painter = QPainter(self)
        cap = key_piece(self.width() - key_width(key) - 6, self.height() / 2, key)
        pieces.paint(painter, [cap], look.current())
        painter.end()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Close the results when the window moves or changes."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Hide):
            self._close()
        return False

    def _on_typed(self, typed: str) -> None:
        self._enter = False
        self._waits = self._asks and bool(typed.strip())
        if self._waits:
            self.find_requested.emit(typed)
            return
        self._found = ()
        self._fill()

    def _fill(self) -> None:
        own = found((*self._entries, *self._more), self.text())
        if self._found:
            own = own[: max(_LEAST_OWN, _MOST - len(self._found))]
        self._shown = (*self._found[: _MOST - len(own)], *own)
        if not self.text().strip():
            self._close()
            return
        listed, frame = self._results_list()
        groups: set[str] = set()
        signs = any(entry.glyph for entry in self._shown)
        rows: list[Row] = []
        for entry in self._shown:
            rows.append(self._row(entry, first=entry.group not in groups, signs=signs))
            groups.add(entry.group)
        listed.show_rows((*rows, self._foot()) if rows else ())
        if rows:
            listed.show_selected(rows[0].id)
        height = max(40, listed.content_height()) + 4  # the frame's line, above and below, and a pixel beside it
        top_left = self.mapTo(self.window(), QPoint(0, self.height() + 4))
        width = max(self.width(), 416)
        x = min(top_left.x(), self.window().width() - width - 8)
        frame.setGeometry(x, top_left.y(), width, height)
        frame.show()
        frame.raise_()

    def _results_list(self) -> tuple[RowList, QFrame]:
        if self._results is None or self._list is None:
            window = self.window()
            frame = QFrame(window)
            frame.setObjectName("searchResults")
            listed = RowList(frame, empty=self.tr("Nothing of that name."), lines=False)
            listed.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            column = QVBoxLayout(frame)
            column.setContentsMargins(1, 1, 1, 1)
            column.addWidget(listed)
            listed.part_clicked.connect(lambda row_id, _part: self._choose(row_id))
            window.installEventFilter(self)
            self._results, self._list = frame, listed
        ink = look.current()
        self._results.setStyleSheet(
            f"QFrame#searchResults {{ border: 1px solid {ink.text}; border-radius: 4px; background: {ink.panel}; }}"
        )
        return self._list, self._results

    def _row(self, entry: SearchEntry, *, first: bool, signs: bool) -> Row:
        def lay(width: float) -> list[Piece]:
            laid: list[Piece] = [pieces.Fill(QRectF(0, 0, width, look.ROW_PX), "panel", hit="row")]
            right, left = width - 12, _NAME_X if signs else _SIGN_X
            if entry.key:
                right -= key_width(entry.key)
                laid.append(key_piece(right, look.ROW_PX / 2, entry.key))
                right -= 8
            if first:
                laid += pieces.line(12, _SIGN_X - 4, 19, [Run(entry.group, look.SECOND_PX, "quiet", elide=True)])
            name = Run(entry.name, elide=True, gap_px=12)
            note = Run(entry.note, look.SECOND_PX, "quiet", elide=True)
            return laid + list(pieces.line(left, right, 19, [name, note]))

        def paint_sign(painter: QPainter, y: float) -> None:
            place = QPointF(_SIGN_X + 10, y + look.ROW_PX / 2)
            paint_sprite(painter, Sign(entry.glyph).key, place, look.current())

        return Row(entry.id, look.ROW_PX, lay, paint_over=paint_sign if entry.glyph else None)

    def _foot(self) -> Row:
        """Return the row that says which keys act here."""
        acts = (("Up", ""), ("Down", self.tr("choose")), ("Return", self.tr("open")), ("Escape", self.tr("leave")))

        def lay(width: float) -> list[Piece]:
            laid: list[Piece] = [pieces.Fill(QRectF(0, 0, width, 1), "line")]
            x = 12.0
            for key, word in acts:
                laid.append(key_piece(x, look.ROW_PX / 2, key))
                x += key_width(key) + 4
                if word:
                    laid += pieces.line(x + 2, width - 12, 19, [Run(word, look.SECOND_PX, "quiet")])
                    x += pieces.width_of(word, look.SECOND_PX) + 18
            return laid

        return Row("", look.ROW_PX, lay, selectable=False)

    def _choose(self, entry_id: str) -> None:
        self._close()
        self.clear()
        self._give_back()
        self.chosen.emit(entry_id)

    def _give_back(self) -> None:
        came_from = self._came_from
        back = came_from if came_from is not None and isValid(came_from) and came_from.isVisible() else self.window()
        if back is not None:
            back.setFocus(Qt.FocusReason.OtherFocusReason)

    def _close(self) -> None:
        if self._results is not None:
            self._results.hide()

"""The saved views under the layer panel: a tile for each number key."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from widgets import pieces
from widgets import theme as look
from widgets.brief_field import BriefField
from widgets.key_cap import key_piece, key_width
from widgets.painted import Painted
from widgets.pieces import Frame, Piece, Run, Text

TILES = 9
_ACROSS = 3
_HEAD_PX, _TILE_PX, _GAP_PX = 34.0, 28.0, 6.0
_SMALL_GAP_PX = 3.0
_FOOT_PX = 12.0
_NAME_MOST = 40
_SAID_MS = 5000


class ViewShelf(Painted):
    """Nine tiles, each a view or empty; a name is asked for in the tile itself.

    Signals
    -------
    view_requested(int)       show the view of this number
    save_requested(int, str)  keep the present view under this number and name
    remove_requested(int)     take the view of this number away
    """

    view_requested = Signal(int)
    save_requested = Signal(int, str)
    remove_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, height_px=_high(TILES // _ACROSS))
        self._compact = False
        self._names: Mapping[int, str] = {}
        self._shown = 0
        self._at = 1
        self._saving = 0
        self._missed = 0
        self._said = QTimer(self)
        self._said.setSingleShot(True)
        self._said.setInterval(_SAID_MS)
        self._said.timeout.connect(lambda: self.show_empty(0))
        self._field = BriefField(self)
        self._field.setMaxLength(_NAME_MOST)
        self._field.hide()
        self._field.returnPressed.connect(self._on_named)
        self._field.left.connect(self._on_left)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("own_keys", ("Return", "Left", "Right", "Up", "Down", "Del"))

    def show_views(self, names: Mapping[int, str], shown: int = 0) -> None:
        """Show names by number; ``shown`` is the one on the map now, 0 for none."""
        self._names, self._shown = dict(names), shown
        self.update()

    def show_compact(self, *, compact: bool) -> None:
        """Show one row of numbers in a low window, three rows of names in others."""
        self._compact = compact
        self.show_height(_high(1 if compact else TILES // _ACROSS))
        self._place_field()
        self.update()

    def height_at(self, width: int) -> int:
        """Return the height of head and tiles, px."""
        del width
        return _high(1 if self._compact else TILES // _ACROSS)

    def show_empty(self, number: int) -> None:
        """Say for a moment that nothing is kept under a number, and how to keep it; 0 for nothing to say."""
        self._missed = number
        if number:
            self._said.start()
        self.update()

    def ask_name(self, number: int) -> None:
        """Ask for the name under which the present view is kept; Enter keeps it, Esc leaves it."""
        self._saving = number
        self.show_empty(0)
        self._field.setPlaceholderText(self.tr("name of view {n}").format(n=number))
        self._field.setAccessibleName(self._field.placeholderText())
        self._field.setText(self._names.get(number, ""))
        self._field.selectAll()
        self._place_field()
        self._field.show()
        self._field.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def asking(self) -> int:
        """The number whose name is being asked for, 0 for none."""
        return self._saving

    def tile(self, number: int) -> QRectF:
        """Return where the tile of a number stands."""
        room = self.width() - 2 * look.EDGE_PX
        across, gap = (TILES, _SMALL_GAP_PX) if self._compact else (_ACROSS, _GAP_PX)
        wide = (room - (across - 1) * gap) / across
        row, column = divmod(number - 1, across)
        left = look.EDGE_PX + column * (wide + gap)
        return QRectF(round(left), _HEAD_PX + row * (_TILE_PX + _GAP_PX), round(wide), _TILE_PX)

    def pieces(self) -> list[Piece]:
        """Return what is painted."""
        width = float(self.width())
        laid: list[Piece] = [pieces.Fill(QRectF(0, 0, width, 1), "line"), *self._head(width)]
        for number in range(1, TILES + 1):
            laid += self._tile(number)
        if self.hasFocus():
            laid.append(Frame(self.tile(self._at).adjusted(-2, -2, 2, 2), "outline", 2.0, look.RADIUS_PX))
        return laid

    def _head(self, width: float) -> list[Piece]:
        word = ""
        if self._saving:
            word = self.tr("Name of view {n}: Enter keeps, Esc leaves").format(n=self._saving)
        elif self._missed and self._missed not in self._names:
            word = self.tr("{n} is empty: Shift+{n} keeps the present").format(n=self._missed)
        if word:
            run = Run(word, look.SECOND_PX, elide=True, tip=word)
            return list(pieces.line(look.EDGE_PX, width - look.EDGE_PX, 22, [run]))
        laid: list[Piece] = []
        said = pieces.line(
            0,
            width - look.EDGE_PX,
            22,
            [Run(self.tr("+ number keeps the present"), look.SECOND_PX, "quiet")],
            align="right",
        )
        cap = key_width("Shift+")
        title = Run(self.tr("Saved views"), elide=True)
        end = width - look.EDGE_PX
        if said[0].rect.left() - cap - 16 - look.EDGE_PX > pieces.width_of(title.text):
            laid += said
            end = said[0].rect.left() - cap - 5
            laid.append(key_piece(end, 18, "Shift"))
        laid += pieces.line(look.EDGE_PX, end - 8, 22, [title])
        return laid

    def _tile(self, number: int) -> list[Piece]:
        room, name = self.tile(number), self._names.get(number)
        if number == self._saving or (self._saving and self._compact):
            return []
        is_shown = number == self._shown and name is not None
        laid: list[Piece] = [
            Frame(
                room, "outline" if is_shown else "edge", 2.0 if is_shown else 1.0, look.RADIUS_PX, dashed=name is None
            )
        ]
        tip = name if name is not None else self.tr("Shift and {n} keep the present view here").format(n=number)
        laid.append(Text(room, "", hit=f"view:{number}", tip=tip))
        if self._compact:
            tone = "quiet" if name is None else "text"
            return [*laid, Text(room, str(number), look.SECOND_PX, tone, "center")]
        runs = [Run(str(number), look.SECOND_PX, "quiet", gap_px=6)]
        word = name if name is not None else self.tr("empty")
        runs.append(Run(word, tone="quiet" if name is None else "text", elide=True))
        laid += pieces.line(room.left() + 8, room.right() - 6, room.top() + 19, runs)
        return laid

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = next((n for n in range(1, TILES + 1) if self.tile(n).contains(event.position())), 0)
        if number and event.button() == Qt.MouseButton.LeftButton:
            self._at = number
            self._go(number, keep=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        else:
            super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        down = TILES if self._compact else _ACROSS
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -down, Qt.Key.Key_Down: down}
        key = Qt.Key(event.key())
        if key in steps:
            at = self._at + steps[key]
            self._at = at if 1 <= at <= TILES else self._at
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go(self._at, keep=False)
        elif key == Qt.Key.Key_Delete and self._at in self._names:
            self.remove_requested.emit(self._at)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_field()

    def _go(self, number: int, *, keep: bool) -> None:
        if keep or number not in self._names:
            self.ask_name(number)
        else:
            self.view_requested.emit(number)

    def _place_field(self) -> None:
        if self._saving:
            room = self.tile(1).united(self.tile(TILES)) if self._compact else self.tile(self._saving)
            self._field.setGeometry(room.toRect())

    def _on_named(self) -> None:
        number, name = self._saving, self._field.text()
        self._close()
        self.save_requested.emit(number, name)

    def _on_left(self) -> None:
        self._close()

    def _close(self) -> None:
        self._saving = 0
        self._field.hide()
        window = self.window()
        window.setFocus(Qt.FocusReason.OtherFocusReason)
        self.update()


def _high(rows: int) -> int:
    return round(_HEAD_PX + rows * (_TILE_PX + _GAP_PX) + _FOOT_PX)

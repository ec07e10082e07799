"""The top of every window: office, tasks, search, health, who is on duty, the clock, 演练."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets import pieces, words
from widgets import theme as look
from widgets.key_cap import key_piece, key_width
from widgets.painted import Painted
from widgets.pieces import Fill, Frame, Piece, Run, Text
from widgets.search_box import SearchBox

HEIGHT_PX = 48
STRIP_PX = 4
TASKS = ("watch", "issue", "call", "review")
NARROW_PX = 1600
_GROUP_PX = 150.0


class ExerciseStrip(QWidget):
    """A hatched strip along the top edge of a window: what is seen is an exercise."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def sizeHint(self) -> QSize:
        return QSize(100, STRIP_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = look.current()
        painter = QPainter(self)
        paint_strip(painter, self.rect(), theme.color("text"), theme.color("panel"))
        painter.end()


def paint_strip(painter: QPainter, rect: QRect, ink: QColor, ground: QColor) -> None:
    """Paint slanted hatching into a strip."""
    painter.save()
    painter.setClipRect(rect)
    painter.fillRect(rect, ground)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(ink, 3.4, c=Qt.PenCapStyle.FlatCap))
    for x in range(rect.left() - 8, rect.right() + 16, 9):
        painter.drawLine(x, rect.bottom() + 2, x + 6, rect.top() - 1)
    painter.restore()


class TopBar(Painted):
    """Name, tasks, search, health and time.

    Signals
    -------
    task_requested(str)  ``watch``, ``issue``, ``call`` or ``review``
    health_requested()   the operator wants to see what came in and what did not
    """

    task_requested = Signal(str)
    health_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, height_px=HEIGHT_PX)
        self._office = ""
        self._task = TASKS[0]
        self._data: tuple[int, int] | None = None
        self._channels: tuple[int, int] | None = None
        self._health_tip = ""
        self._duty = ""
        self._lead = ""
        self._now: datetime | None = None
        self._exercise = False
        self._names = {
            "watch": self.tr("Watch"),
            "issue": self.tr("Issue"),
            "call": self.tr("Call"),
            "review": self.tr("Review"),
        }
        self._strip = ExerciseStrip(self)
        self._strip.hide()
        self.search = SearchBox(self)
        self.part_clicked.connect(self._on_part)

    # values in

    def show_office(self, name: str, *, exercise: bool) -> None:
        """Show the office's name, and whether all here is an exercise."""
        self._office = name
        self._exercise = exercise
        self._strip.setVisible(exercise)
        self._place_search()
        self.update()

    def show_task(self, task: str) -> None:
        """Underline the open task."""
        self._task = task
        self.update()

    def show_health(self, data: tuple[int, int], channels: tuple[int, int], tip: str = "") -> None:
        """Show how many feeds speak of how many there are, and how many channels work."""
        self._data, self._channels, self._health_tip = data, channels, tip
        self.update()

    def show_people(self, duty: str, lead: str = "") -> None:
        """Show who is on duty, and who leads the shift."""
        self._duty, self._lead = duty, lead
        self.update()

    def show_now(self, now: datetime) -> None:
        """Show the time; a second later only what stands at the right of the search is painted."""
        same_day = self._now is not None and words.day(self._now) == words.day(now)
        self._now = now
        if same_day and not self.search.isHidden():
            left = self.search.geometry().right() + 1
            self.update(QRect(left, STRIP_PX, self.width() - left, self.height() - STRIP_PX))
        else:
            self.update()

    # painting

    def pieces(self) -> list[Piece]:
        """Return what is painted."""
        width, middle = float(self.width()), (HEIGHT_PX + STRIP_PX) / 2
        laid: list[Piece] = [Fill(QRectF(0, HEIGHT_PX - 1, width, 1), "line")]
        laid += self._left_pieces(middle)
        laid += self._right_pieces(middle, width)
        return laid

    def _left_pieces(self, middle: float) -> list[Piece]:
        baseline = middle + 5
        narrow = self.width() < NARROW_PX
        laid: list[Piece] = list(
            pieces.line(
                look.EDGE_PX, look.EDGE_PX + (140 if narrow else 300), baseline + 1, [Run(self._office, 15, elide=True)]
            )
        )
        x = max(176.0, laid[0].rect.right() + 24) if laid else 176.0
        for number, task in enumerate(TASKS, 1):
            name = self._names[task]
            key = f"F{number}"
            chosen = task == self._task
            text_width = pieces.width_of(name, 14)
            whole = text_width + 8 + key_width(key)
            top = STRIP_PX if self._exercise else 0
            laid.append(Fill(QRectF(x - 14, top, whole + 28, HEIGHT_PX - 1 - top), "panel", hit=f"task.{task}"))
            laid += pieces.line(x, x + text_width + 1, baseline, [Run(name, 14, "text" if chosen else "quiet")])
            laid.append(key_piece(x + text_width + 8, middle, key))
            if chosen:
                laid.append(Fill(QRectF(x - 14, HEIGHT_PX - 3, whole + 28, 2), "text"))
            x += whole + 28
        return laid

    def left_end(self) -> float:
        """Return where the tasks end, px."""
        return max((p.rect.right() for p in self._left_pieces(0.0)), default=0.0)

    def right_begin(self) -> float:
        """Return where health begins, px."""
        return min((p.rect.left() for p in self._right_pieces(0.0, float(self.width()))), default=float(self.width()))

    def _right_pieces(self, middle: float, width: float) -> list[Piece]:
        baseline = middle + 5
        right = width - look.EDGE_PX
        laid: list[Piece] = []
        gap = 20.0 if self.width() >= NARROW_PX else 12.0
        if self._exercise:
            name = self.tr("Exercise")
            box = pieces.width_of(name) + 16
            rect = QRectF(right - box, middle - 12, box, 24)
            laid.append(Frame(rect, "text", 1.5, 3.0))
            laid.append(Text(rect, name, align="center"))
            right = rect.left() - gap
        clock = words.clock_seconds(self._now)
        laid += pieces.line(0, right, middle + 8, [Run(clock, look.CLOCK_PX)], align="right")
        right = min(p.rect.left() for p in laid) - gap
        if self._now is not None and self.width() >= NARROW_PX:
            laid += pieces.line(0, right, baseline, [Run(words.day(self._now), tone="quiet")], align="right")
            right = min(p.rect.left() for p in laid) - gap
        runs = self._people_runs() + self._health_runs()
        for group in runs:
            laid += pieces.line(right - _GROUP_PX, right, baseline, group, align="right")
            right = min(p.rect.left() for p in laid) - gap
        return laid

    def _people_runs(self) -> list[list[Run]]:
        narrow = self.width() < NARROW_PX
        groups: list[list[Run]] = []
        if self._lead and not narrow:
            groups.append([Run(self.tr("lead"), tone="quiet"), Run(self._lead, elide=True)])
        if self._duty:
            tip = self.tr("On duty: {name}").format(name=self._duty)
            label = [] if narrow else [Run(self.tr("on duty"), tone="quiet")]
            groups.append([*label, Run(self._duty, tip=tip, elide=True)])
        return groups

    def _health_runs(self) -> list[list[Run]]:
        groups: list[list[Run]] = []
        for word, counts in ((self.tr("channels"), self._channels), (self.tr("data"), self._data)):
            if counts is None:
                continue
            short = counts[0] < counts[1]
            figure = Run(f"{counts[0]}/{counts[1]}", tag=short, tip=self._health_tip, hit="health")
            groups.append([Run(word, tone="quiet", tip=self._health_tip, hit="health"), figure])
        return groups

    def _on_part(self, part: str) -> None:
        if part == "health":
            self.health_requested.emit()
        elif part.startswith("task."):
            self.task_requested.emit(part.removeprefix("task."))

    def _place_search(self) -> None:
        self._strip.setGeometry(0, 0, self.width(), STRIP_PX)
        left, right = self.left_end() + 24, self.right_begin() - 24
        wide = min(320.0, right - left)
        if wide < 120:
            self.search.hide()
            return
        self.search.show()
        middle = self.width() / 2
        x = min(max(left, middle - wide / 2), right - wide)
        self.search.setGeometry(round(x), (HEIGHT_PX + STRIP_PX) // 2 - 14, round(wide), 28)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_search()

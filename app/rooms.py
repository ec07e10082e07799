"""The console's widgets, made and put into the window; what they are told is wired in `console`."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from widgets.duty.journal_panel import JournalPanel
from widgets.duty.sign_in import SignIn
from widgets.hazard.alarm_panel import AlarmPanel
from widgets.hazard.feed_list import FeedList
from widgets.hazard.next_level_panel import NextLevelPanel
from widgets.main_window import MainWindow
from widgets.map.canvas import MapCanvas
from widgets.map.card_foot import CardFoot
from widgets.map.layer_head import LayerHead
from widgets.map.layer_panel import LayerPanel
from widgets.map.legend import Legend
from widgets.map.point_card import PointCard
from widgets.map.read_out import ReadOut
from widgets.map.scale_bar import ScaleBar
from widgets.map.time_line import TimeLine
from widgets.map.title_card import TitleCard
from widgets.map.view_shelf import ViewShelf
from widgets.reach.receipt_list import ReceiptList
from widgets.warning.draft_sheet import DraftSheet
from widgets.warning.in_force_panel import InForcePanel
from widgets.warning.sign_panel import SignPanel


class Rooms:
    """Every widget of the console by name, laid out for the four tasks."""

    def __init__(self) -> None:
        self.window = MainWindow()
        self.canvas = MapCanvas()
        self.title = TitleCard(self.window)
        self.scale = ScaleBar(self.window)
        self.legend = Legend(self.window)
        self.read_out = ReadOut(self.window)
        self.sign_in = SignIn(self.window)
        self.alarms = AlarmPanel()
        self.layers = LayerPanel()
        self.layers_head = LayerHead()
        self.view_shelf = ViewShelf()
        self.next_level = NextLevelPanel()
        self.point_card = PointCard()
        self.point_foot = CardFoot()
        self.in_force = InForcePanel()
        self.sheet = DraftSheet()
        self.sign = SignPanel()
        self.receipts = ReceiptList()
        self.journal = JournalPanel()
        self.feed = FeedList()
        self.time_line = TimeLine()
        self._right = QStackedWidget()
        self._pages: dict[str, QWidget] = {}
        self._lay_out()

    def _lay_out(self) -> None:
        window = self.window
        window.set_map(self.canvas)
        window.add_overlay(self.title, "top_left")
        window.add_overlay(self.scale, "top_right")
        window.add_overlay(self.legend, "bottom_left", ("watch", "issue"))
        window.add_overlay(self.read_out, "bottom_right")
        window.add_overlay(self.sign_in, "top_left")
        window.add_panel(self.alarms, "left", ("watch", "call"), stretch=3)
        window.add_panel(self.layers_head, "left", ("watch",), stretch=0)
        window.add_panel(_scrolled(self.layers), "left", ("watch",), stretch=2)
        window.add_panel(self.view_shelf, "left", ("watch",), stretch=0)
        window.add_panel(self.feed, "left", ("review",))
        self.add_right("next", self.next_level)
        self.add_right("point", self.point_card, scrolled=True, foot=self.point_foot)
        window.add_panel(self._right, "right", ("watch",), stretch=1)
        window.add_panel(self.in_force, "right", ("watch",), stretch=0)
        window.add_panel(self.sheet, "right", ("issue",))
        window.add_panel(self.receipts, "right", ("call",))
        window.add_panel(self.journal, "right", ("review",))
        window.set_second_person(self.sign)
        window.set_time_line(self.time_line)
        window.map_room_changed.connect(lambda: self.canvas.show_room(window.map_room("watch")))
        self.canvas.view_changing.connect(self.scale.show_view)
        self.canvas.view_changed.connect(self.scale.show_view)
        self.canvas.view_changed.connect(self.legend.show_view)
        self.canvas.cursor_left.connect(lambda: self.read_out.show_facts(None))

    def show_point_card(self, *, shown: bool) -> None:
        """Put the point's card in place of the list of points, or take it away."""
        self.show_right("point" if shown else "next")

    def add_right(self, name: str, panel: QWidget, *, scrolled: bool = False, foot: QWidget | None = None) -> None:
        """Give the right dock of the watch another panel; it stands there while `show_right` shows it.

        ``foot`` stands under it and is not scrolled with it.
        """
        page = _scrolled(panel) if scrolled else panel
        self._pages[name] = page if foot is None else _above(page, foot)
        self._right.addWidget(self._pages[name])

    def show_right(self, name: str) -> None:
        """Show one panel of the right dock of the watch: ``next``, ``point``, or one that was added."""
        self._right.setCurrentWidget(self._pages[name])
        self.in_force.show_brief(name != "next")

    @property
    def right(self) -> str:
        """Which panel the right dock of the watch shows."""
        return next(name for name, page in self._pages.items() if page is self._right.currentWidget())


class _Seen(QObject):
    """Tells a card how much of it is seen in the area that scrolls it."""

    def __init__(self, card: PointCard) -> None:
        super().__init__(card)
        self._card = card

    def eventFilter(self, _area: QObject, event: QEvent) -> bool:
        """Take note of each new height."""
        if isinstance(event, QResizeEvent):
            self._card.show_seen(event.size().height())
        return False


def _above(page: QWidget, foot: QWidget) -> QWidget:
    both = QWidget()
    column = QVBoxLayout(both)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(page, 1)
    column.addWidget(foot)
    return both


def _scrolled(widget: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(widget)
    if isinstance(widget, PointCard):
        area.viewport().installEventFilter(_Seen(widget))
    return area

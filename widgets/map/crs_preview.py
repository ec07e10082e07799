"""In which coordinates a file is: its readings side by side over roads and borders, so that a shift cannot be missed."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QCoreApplication, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from layers.crs_question import CrsQuestion, Reason
from layers.drawing import Drawings
from layers.ground_fit import Fit
from layers.map_view import MapView
from layers.point_layer import PointLayer
from models.geodesy import to_mercator
from widgets import pieces, words
from widgets import theme as look
from widgets.action_button import ActionButton
from widgets.button_bar import ButtonBar
from widgets.choice_box import ChoiceBox
from widgets.map.canvas import MapCanvas
from widgets.map.scale_bar import ScaleBar
from widgets.painted import Painted
from widgets.pieces import Piece, Run
from widgets.row_list import wrap

_METERS_PER_PIXEL = 12.0
_MARGIN_PX = 12
_LINE_PX = 20
_CAPTION_PX = 32
_BOX_PX = 230


def crs_word(crs: str) -> str:
    """Return what the operator calls a system of coordinates."""
    said = {
        "wgs84": QCoreApplication.translate("CrsPreview", "WGS 84 or CGCS2000, degrees"),
        "gcj02": QCoreApplication.translate("CrsPreview", "GCJ-02 (Amap, Tencent)"),
        "bd09": QCoreApplication.translate("CrsPreview", "BD-09 (Baidu)"),
        "EPSG:3857": QCoreApplication.translate("CrsPreview", "Web Mercator, meters"),
    }
    return said.get(crs, f"CGCS2000, {crs}" if crs.startswith("EPSG:4") else crs)


class Question(Painted):
    """Which file it is, and why somebody is asked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, height_px=3 * _LINE_PX + 12)
        self._file, self._why = "", ""

    def show_question(self, file: str, why: str) -> None:
        """Show file and reason."""
        self._file, self._why = file, why
        self.mend_height()

    def height_at(self, width: int) -> int:
        """Return the height that the reason needs."""
        return _LINE_PX * (1 + len(self._lines(width))) + 14

    def pieces(self) -> list[Piece]:
        """Return file and reason, as many lines as they need."""
        left, right = look.EDGE_PX, self.width() - look.EDGE_PX
        laid: list[Piece] = list(pieces.line(left, right, 22, [Run(self._file, elide=True)]))
        for number, text in enumerate(self._lines(self.width()), 1):
            laid += pieces.line(left, right, 22 + number * _LINE_PX, [Run(text, look.SECOND_PX, "quiet")])
        return laid

    def _lines(self, width: int) -> list[str]:
        return wrap(self._why, width - 2 * look.EDGE_PX, look.SECOND_PX) if self._why else []


def fit_words(fit: Fit) -> str:
    """Return how well a reading fits, in figures; empty where nothing is known."""
    said = []
    if fit.village_named:
        text = QCoreApplication.translate("CrsPreview", "in the village it names: {agrees} of {named}")
        said.append(text.format(agrees=words.number(fit.village_agrees, 0), named=words.number(fit.village_named, 0)))
    if fit.named:
        text = QCoreApplication.translate("CrsPreview", "{named} of the register's names: {meters} m off")
        said.append(text.format(named=words.number(fit.named, 0), meters=words.number(fit.named_m, 0)))
    if math.isfinite(fit.line_m):
        text = QCoreApplication.translate("CrsPreview", "roads and borders: {meters} m off")
        said.append(text.format(meters=words.number(fit.line_m, 0)))
    return QCoreApplication.translate("CrsPreview", "; ").join(said)


class Caption(Painted):
    """What a map shows: the reading, and how far it moves the file."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, height_px=_CAPTION_PX)
        self._runs: tuple[Run, ...] = ()

    def show_reading(self, crs: str, moved_m: tuple[float, float]) -> None:
        """Name the reading, if ``crs`` is not empty; ``moved_m`` is how far it lies from the other map's, m."""
        far_m = math.hypot(*moved_m)
        unmoved = self.tr("as it stands in the file")
        moved = self.tr("moved by {meters} m").format(meters=words.number(far_m, 0)) if far_m >= 1 else unmoved
        name = (Run(crs_word(crs), elide=True, gap_px=10),) if crs else ()
        self._runs = (*name, Run(moved, look.SECOND_PX, "quiet", elide=not crs))
        self.update()

    def pieces(self) -> list[Piece]:
        """Return the one line."""
        return list(pieces.line(look.EDGE_PX, self.width() - look.EDGE_PX, 21, self._runs))


class Figures(Painted):
    """How well a reading fits, in figures; as high as those of the map beside it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, height_px=0)
        self._text, self._beside = "", ""

    def show_fit(self, fit: Fit, beside: Fit) -> None:
        """Show the figures of a reading; ``beside`` are those of the other map."""
        self._text, self._beside = fit_words(fit), fit_words(beside)
        self.mend_height()
        self.update()

    def height_at(self, width: int) -> int:
        """Return the height that the longer of both texts needs."""
        lines = max(len(_wrapped(self._text, width)), len(_wrapped(self._beside, width)))
        return _LINE_PX * lines + (6 if lines else 0)

    def pieces(self) -> list[Piece]:
        """Return the figures, as many lines as they need."""
        left, right = look.EDGE_PX, self.width() - look.EDGE_PX
        laid: list[Piece] = []
        for number, text in enumerate(_wrapped(self._text, self.width())):
            laid += pieces.line(left, right, 15 + number * _LINE_PX, [Run(text, look.SECOND_PX)])
        return laid


def _wrapped(text: str, width: int) -> list[str]:
    return wrap(text, width - 2 * look.EDGE_PX, look.SECOND_PX) if text else []


class CrsPreview(QFrame):
    """Two maps of one place: left the file as read, right as converted; the operator says which is right.

    Signals
    -------
    chosen(str)                      the file is in these coordinates
    canceled()                       the file is left alone
    compare_requested(str, object)   the right map shall show these coordinates, both this MapView
    """

    chosen = Signal(str)
    canceled = Signal()
    compare_requested = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._question: CrsQuestion | None = None
        self._left, self._right = "", ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.head = Question(self)
        self.maps = (MapCanvas(self), MapCanvas(self))
        self._captions = (Caption(self), Caption(self))
        self._figures = (Figures(self), Figures(self))
        self._scales = tuple(ScaleBar(canvas) for canvas in self.maps)
        self.box = ChoiceBox(self)
        self.box.setFixedWidth(_BOX_PX)
        self.box.setAccessibleName(self.tr("Coordinates of the right map"))
        self.box.activated.connect(self._on_activated)
        self.left_button = ActionButton(self.tr("The left one is right"), "1", self, scope=self)
        self.right_button = ActionButton(self.tr("The right one is right"), "2", self, primary=True, scope=self)
        self.cancel_button = ActionButton(self.tr("Leave the file alone"), "Escape", self, scope=self)
        self.left_button.clicked.connect(lambda: self._choose(self._left))
        self.right_button.clicked.connect(lambda: self._choose(self._right))
        self.cancel_button.clicked.connect(self.canceled)
        self._lay_out()
        for canvas, other in (self.maps, self.maps[::-1]):
            canvas.view_changing.connect(other.follow_view)
            canvas.view_changed.connect(self._on_view)
        self.hide()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self.head)
        row = QHBoxLayout()
        row.setSpacing(1)
        for number, (canvas, caption) in enumerate(zip(self.maps, self._captions, strict=True)):
            side = QVBoxLayout()
            side.setSpacing(0)
            top = QHBoxLayout()
            top.setContentsMargins(0, 0, 8, 0)
            top.addWidget(caption, 1)
            if number:
                top.addWidget(self.box)
            side.addLayout(top)
            side.addWidget(self._figures[number])
            side.addWidget(canvas, 1)
            row.addLayout(side, 1)
        column.addLayout(row, 1)
        column.addWidget(ButtonBar(self, left=(self.cancel_button,), right=(self.left_button, self.right_button)))

    # What is shown

    def show_question(self, question: CrsQuestion) -> None:
        """Show the readings of a file; the maps stay empty until `show_drawings`."""
        self._question = question
        first, others = question.choices[0].crs, [one.crs for one in question.choices[1:]]
        self._left = first
        self._right = question.suggested if question.suggested not in {"", first} or not others else others[0]
        if question.reason is Reason.MISSING:
            why = self.tr(
                "It does not say in which coordinates it is. Choose the map on which it fits roads and borders."
            )
        else:
            why = self.tr(
                "It is read as WGS 84, but seems to be in {crs}: compare with roads and borders, and choose the map that fits."
            ).format(crs=crs_word(question.suggested))
        if not question.suggested:
            nothing = self.tr("Nothing that is known here speaks for one of them.")
            why = f"{why} {nothing}"
        signs = self.tr("Thick: the file. Thin: the office's own roads and borders.")
        if all(isinstance(layer, PointLayer) for layer in question.choices[0].layers):
            signs = self.tr("Crosses: the file. Lines and names: the office's own villages, roads and borders.")
        self.head.show_question(question.path.name, f"{why} {signs}")
        self.box.clear()
        for crs in others or [first]:
            self.box.addItem(crs_word(crs), crs)
        self.box.setCurrentIndex(max(0, self.box.findData(self._right)))
        x_m, y_m = to_mercator(*(np.array([value]) for value in question.focus_deg))
        for canvas in self.maps:
            canvas.show_view(MapView(float(x_m[0]), float(y_m[0]), _METERS_PER_PIXEL, canvas.width(), canvas.height()))
            canvas.show_drawings(Drawings(()))
        self._show_captions()
        self._place_scales()

    def show_drawings(self, left: Drawings, right: Drawings) -> None:
        """Show both readings."""
        for canvas, drawings in zip(self.maps, (left, right), strict=True):
            canvas.show_drawings(drawings)

    @property
    def right(self) -> str:
        """The coordinates that the right map shows."""
        return self._right

    def _show_captions(self) -> None:
        """Say what both maps show; the button of the suggested one is the first, if one is suggested."""
        if self._question is None:
            return
        left, right = self._question.choice(self._left), self._question.choice(self._right)
        self._captions[0].show_reading(self._left, left.moved_m)
        self._captions[1].show_reading("", right.moved_m)
        self._figures[0].show_fit(left.fit, right.fit)
        self._figures[1].show_fit(right.fit, left.fit)
        self.left_button.show_primary(self._question.suggested == self._left)
        self.right_button.show_primary(self._question.suggested == self._right != self._left)

    def _place_scales(self) -> None:
        for canvas, scale in zip(self.maps, self._scales, strict=True):
            scale.show_view(canvas.view())
            scale.move(canvas.width() - scale.width() - _MARGIN_PX, _MARGIN_PX)

    # The hand

    def _choose(self, crs: str) -> None:
        if self._question is not None:
            self.chosen.emit(crs)

    def _on_activated(self, index: int) -> None:
        self._right = str(self.box.itemData(index))
        self._show_captions()
        self.compare_requested.emit(self._right, self.maps[0].view())

    def _on_view(self, view: MapView) -> None:
        self._place_scales()
        if self._question is not None and self.isVisible():
            self.compare_requested.emit(self._right, view)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._question is not None:
            if self._question.suggested:
                self.chosen.emit(self._left if self._question.suggested == self._left else self._right)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_scales()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = look.current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("panel"))
        painter.setPen(theme.color("outline"))
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

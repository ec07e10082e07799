"""The peer of the map's bench: the same points in pyqtgraph's ScatterPlotItem, in the same run."""

from __future__ import annotations

import numpy as np
import pyqtgraph
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication

from app.bench.measure.map_scene import HEIGHT, WIDTH
from layers.drawing import Symbols
from models.geodesy import FloatArray

_COLORS = ("#FFFFFF", "#888888", "#1E32CD", "#FAE600", "#F09614", "#D7191C")
_SIZE_PX = 12


class Scatter:
    """A plot with so many points and nothing else: no relief, borders, radar or names."""

    def __init__(self, x_m: FloatArray, y_m: FloatArray) -> None:
        self._x_m, self._y_m = x_m, y_m
        self._plot = pyqtgraph.PlotWidget()
        self._plot.resize(WIDTH, HEIGHT)
        self._plot.hideAxis("left")
        self._plot.hideAxis("bottom")
        self._brushes = np.array([pyqtgraph.mkBrush(color) for color in _COLORS])
        self._item = pyqtgraph.ScatterPlotItem(size=_SIZE_PX, pen=None)
        self._plot.addItem(self._item)
        self.change_states(0)
        self._plot.disableAutoRange()
        self._plot.show()
        QApplication.processEvents()
        self._step_m = float(x_m.max() - x_m.min()) / WIDTH * 8

    @classmethod
    def of(cls, symbols: Symbols) -> Scatter:
        """Return the peer of a drawing."""
        return cls(symbols.x_m, symbols.y_m)

    def pan(self, step: int) -> None:
        """Move by eight pixels to and fro, and paint."""
        self._plot.getViewBox().translateBy(x=self._step_m if step % 40 < 20 else -self._step_m)
        self._plot.viewport().repaint()

    def change_states(self, step: int) -> None:
        """Give every point another color, and paint."""
        state = (np.arange(len(self._x_m)) + step) % len(self._brushes)
        self._item.setData(x=self._x_m, y=self._y_m, brush=self._brushes[state])
        self._plot.viewport().repaint()

    def hit(self, step: int) -> None:
        """Ask which points lie at a place."""
        spot = QPointF(float(self._x_m[step % len(self._x_m)]), float(self._y_m[step % len(self._y_m)]))
        self._item.pointsAt(spot)

    def close(self) -> None:
        """Take the plot away."""
        self._plot.close()

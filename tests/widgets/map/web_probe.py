"""Shows a known scene in the real web map and prints what the page says: run by the test in a process of its own."""

from __future__ import annotations

import json
import os
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from tests.widgets.map.web_scene import HEIGHT, HOSTILE, WIDTH, drawings, places, view_of
from widgets import theme as look
from widgets.map.ink import ink_of
from widgets.map.web_map import WebMap
from widgets.map.web_painter import scene_of

ASKED = """[typeof window.PWNED, document.querySelectorAll("#labels *:not(span), #labels script").length,
document.getElementById("title").textContent,
Array.from(document.querySelectorAll("#labels span")).map(function (e) { return e.textContent; })]"""


def main() -> int:
    """Print one JSON document: pixels by Leaflet, what the page holds, and colors of its picture under the symbols."""
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    application = QApplication(sys.argv[:1])
    look.load_fonts()
    look.apply(application, look.LIGHT)
    out: dict[str, object] = {}
    window = WebMap()
    window.resize(WIDTH, HEIGHT + 60)
    window.show_scene(scene_of(drawings(), view_of(WIDTH, HEIGHT), ink_of(look.LIGHT), title=HOSTILE))
    window.show()

    def asked() -> None:
        lon, lat = places()
        window.ask_places(list(zip(lat.tolist(), lon.tolist(), strict=True)), told)

    def told(spots: list[list[float]]) -> None:
        out["size"], out["places"] = window.canvas_size(), spots
        window.ask(ASKED, page)

    def page(answer: list[object]) -> None:
        out["pwned"], out["elements"], out["title"], out["labels"] = answer
        QTimer.singleShot(700, picture)

    def picture() -> None:
        image = window.picture().toImage()
        spots = np.array(out["places"])
        out["colors"] = [
            image.pixelColor(round(x), round(y)).name() if image.rect().contains(round(x), round(y)) else ""
            for x, y in spots.tolist()
        ]
        application.quit()

    window.ready.connect(asked)
    window.failed.connect(lambda error: (print(error, file=sys.stderr), application.exit(3)))
    QTimer.singleShot(40_000, lambda: application.exit(4))
    code = application.exec()
    print(json.dumps(out))
    return code


if __name__ == "__main__":
    sys.exit(main())

"""The web map as one file: Leaflet, the painter and the scene in a page that needs nothing else."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import resources
from widgets.map.web_painter import Scene, as_json

_PICTURES = re.compile(r"url\([^)]*\)")
_SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)

_PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; \
script-src {hashes}">
<title>{title}</title>
<style>{leaflet_css}</style>
<style>{css}</style>
</head>
<body>
<div id="map"></div>
<script type="application/json" id="scene">{scene}</script>
<script>{leaflet}</script>
<script>{painter}</script>
<script>{start}</script>
</body>
</html>
"""
_START = """
var scene = JSON.parse(document.getElementById("scene").textContent);
var map = L.map("map", { zoomSnap: 0, zoomDelta: 0.5, attributionControl: false });
map.setView(scene.center, scene.zoom, { animate: false });
fengsui.begin(map, scene);
"""


def page_of(scene: Scene, leaflet: Path, *, language: str = "zh") -> str:
    """Return a scene as one HTML document.

    Parameters
    ----------
    scene : dict
        From `widgets.map.web_painter.scene_of`.
    leaflet : Path
        The folder with ``leaflet.js`` and ``leaflet.css``.
    language : str
        ``zh`` or ``en``, for whoever reads the page aloud.

    Notes
    -----
    Nothing is fetched and nothing but the three scripts above runs: the page's policy names
    them by SHA-256, so a text in the scene stays a text even where this code should err.
    """
    library = _SOURCE_MAP.sub("", (leaflet / "leaflet.js").read_text(encoding="utf-8"))
    scripts = (library, resources.path("web/map.js").read_text(encoding="utf-8"), _START)
    return _PAGE.format(
        language=language,
        hashes=" ".join(_hash(script) for script in scripts),
        title=_escaped(str(scene["title"])),
        leaflet_css=_PICTURES.sub("none", (leaflet / "leaflet.css").read_text(encoding="utf-8")),
        css=resources.path("web/map.css").read_text(encoding="utf-8"),
        scene=as_json(scene),
        leaflet=scripts[0],
        painter=scripts[1],
        start=scripts[2],
    )


def _hash(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode('ascii')}'"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

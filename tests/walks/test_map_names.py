"""Names on the demo county's map: none over another at three scales."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from app.demo.scene import OPENING_AT
from app.office import open_office
from tests.walks.open_console import open_console
from tests.widgets.map.test_labels import boxes, overlaps

SCALES_M = (None, 20.0, 6.0)
"""The county as it opens, a few towns, one town; map meters a pixel."""


def test_no_two_names_overlap_at_three_scales_of_the_demo_county(demo_folder: Path) -> None:
    with open_console(open_office(demo_folder), OPENING_AT) as opened:
        opened.console.rooms.window.resize(1920, 1080)
        opened.settle()
        canvas = opened.console.rooms.canvas
        shown = []
        for scale in SCALES_M:
            if scale is not None:
                canvas.show_view(replace(canvas.view(), meters_per_pixel=scale))
                opened.console.map.show_view(canvas.view())
                opened.settle()
            canvas.finish()
            plan = canvas.planes()[1].label_plan()
            assert plan is not None
            assert overlaps(boxes(plan, canvas.view().meters_per_pixel)) == 0
            shown.append(set(plan.texts))
        assert all(len(texts) >= 10 for texts in shown)
        towns = {place.name for place in opened.console.map._towns}
        assert towns & shown[0]
        assert len(shown[2] - shown[0]) > 10

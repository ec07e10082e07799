"""The panel of upright pictures: colors, hatching, gaps, read-out, and that its texts fit."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from layers import color_table
from models.radar.profile import Profile
from models.radar.section import Section
from models.radar.upright import Heights
from models.radar.volume import Site
from tests.make import NOW, ago
from tests.widgets.fit import faults, texts_of
from tests.widgets.hand import heard, move, press
from tests.widgets.map.drawn import rgb
from widgets import theme as look
from widgets.map.section_panel import HEIGHT_PX, SectionPanel

SITES = tuple(Site(f"QLX{n:02d}", f"青岚{n}", 106.7 + n / 10, 28.8, 500.0) for n in range(7))
HEIGHTS = Heights(100.0, 180)
DBZ_50 = 2 * 50 + 66


def section(radars: int = 3, seen_rows: int = 60) -> Section:
    """Return 40 km: nothing seen under row 10, 50 dBZ up to ``seen_rows`` at the left, no echo at the right."""
    codes = np.zeros((180, 600), np.uint8)
    codes[10:seen_rows, :300] = DBZ_50
    codes[10:seen_rows, 300:] = 1
    source = (codes > 0).astype(np.uint8)
    distance_m = (np.arange(600) + 0.5) / 600 * 40_000
    ground = np.linspace(200, 900, 600).astype(np.float32)
    known = tuple((site, ago(2 + i)) for i, site in enumerate(SITES[:radars]))
    return Section((106.5, 28.7), (106.9, 28.8), codes, source, distance_m, HEIGHTS, ground, known)


def profile() -> Profile:
    codes = np.full((180, 10), 110, np.uint8)
    present = np.ones(10, bool)
    present[4:7] = False
    codes[:, ~present] = 0
    codes[100:] = 0
    times = tuple(ago(60 - 6 * i) for i in range(10) if present[i])
    return Profile(SITES[0], 8200.0, codes, present, HEIGHTS, ago(60), timedelta(minutes=6), times)


@pytest.fixture
def panel(qtbot: QtBot) -> SectionPanel:
    made = SectionPanel()
    qtbot.addWidget(made)
    made.resize(774, HEIGHT_PX)
    with qtbot.waitExposed(made):
        made.show()
    made.show_mode("section")
    return made


def at(panel: SectionPanel, across: float, up: float) -> QPoint:
    """Return a place on the picture by shares of its width and height, from the lower left."""
    plot = panel.plot.plot()
    return QPoint(round(plot.left() + across * plot.width()), round(plot.bottom() - up * plot.height()))


def test_seen_without_echo_is_plain_and_not_seen_is_hatched(panel: SectionPanel) -> None:
    panel.show_section(section(), NOW)
    image = panel.plot.grab().toImage()
    paper = tuple(int(look.LIGHT.paper[i : i + 2], 16) for i in (1, 3, 5))
    plain = at(panel, 0.75, 0.4)
    assert {rgb(image, plain.x() + i, plain.y()) for i in range(20)} == {paper}
    unseen = at(panel, 0.75, 0.9)
    assert len({rgb(image, unseen.x() + i, unseen.y()) for i in range(20)}) > 1
    r, g, b, a = color_table.load("reflectivity").rgba[DBZ_50].astype(float)
    mixed = [round(v * a / 255 + p * (1 - a / 255)) for v, p in zip((r, g, b), paper, strict=True)]
    echo = at(panel, 0.25, 0.4)
    assert rgb(image, echo.x(), echo.y()) == pytest.approx(mixed, abs=1)


def test_the_axis_grows_with_what_is_seen_and_keeps_its_top_while_the_line_moves(panel: SectionPanel) -> None:
    panel.show_section(section(seen_rows=60), NOW)
    assert {"0", "3", "9"} <= set(texts_of(panel))
    assert "10" in texts_of(panel)  # km across
    panel.show_section(section(seen_rows=140), NOW)
    assert "15" in texts_of(panel)
    panel.show_section(section(seen_rows=60), NOW)
    assert "15" in texts_of(panel)
    panel.show_empty("")
    panel.show_section(section(seen_rows=60), NOW)
    assert "15" not in texts_of(panel)


def test_the_cursor_reads_distance_height_echo_and_radar(panel: SectionPanel) -> None:
    panel.show_section(section(), NOW)
    pointed = QSignalSpy(panel.share_pointed)
    move(panel.plot, at(panel, 0.25, 0.5))
    said = texts_of(panel)
    assert {"50.0", "青岚0 QLX00"} <= set(said)
    assert heard(pointed)[-1][0] == pytest.approx(0.25, abs=0.01)
    move(panel.plot, at(panel, 0.75, 0.5))
    assert "none" in texts_of(panel)
    move(panel.plot, at(panel, 0.75, 0.95))
    assert "not seen" in texts_of(panel)
    move(panel.plot, QPoint(5, 5))
    assert heard(pointed)[-1] == [None]
    assert "not seen" not in texts_of(panel)


def test_over_time_a_missing_volume_is_a_gap_and_not_unseen(panel: SectionPanel) -> None:
    panel.show_mode("profile")
    panel.show_profile(profile())
    image = panel.plot.grab().toImage()
    ground = tuple(int(look.LIGHT.panel[i : i + 2], 16) for i in (1, 3, 5))
    gap = at(panel, 0.45, 0.85)
    assert {rgb(image, gap.x() + i, gap.y()) for i in range(20)} == {ground}
    move(panel.plot, at(panel, 0.25, 0.5))
    assert {"22.0", "02:24"} <= set(texts_of(panel))
    move(panel.plot, at(panel, 0.55, 0.5))
    assert "22.0" not in texts_of(panel)


def test_buttons_ask_and_change_nothing_by_themselves(panel: SectionPanel) -> None:
    asked, again, gone = (QSignalSpy(s) for s in (panel.mode_requested, panel.again_requested, panel.close_requested))
    panel.modes[2].click()
    assert heard(asked) == [["profile"]]
    assert panel.mode == "section"
    assert [button.isChecked() for button in panel.modes] == [True, False, False]
    panel.again.click()
    panel.close_button.click()
    assert (again.count(), gone.count()) == (1, 1)
    assert [b.key for b in (*panel.modes, panel.again, panel.close_button)] == [
        "Alt+1",
        "Alt+2",
        "Alt+3",
        "C",
        "Escape",
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [774, 1248])
def test_every_text_fits(
    panel: SectionPanel, put_on: Callable[[str, str], None], qtbot: QtBot, language: str, theme: str, width: int
) -> None:
    put_on(theme, language)
    panel = SectionPanel()
    qtbot.addWidget(panel)
    panel.resize(width, HEIGHT_PX)
    panel.show()
    found = []
    for mode in ("section", "rhi", "profile"):
        panel.show_mode(mode)
        panel.show_empty("在地图上点两下，或者把已有的线拖到别处去看那里的回波有多高")
        found += faults(panel)
        if mode == "profile":
            panel.show_profile(profile())
        else:
            panel.show_section(section(radars=7 if mode == "section" else 1, seen_rows=170), NOW)
        panel.show_title("128.4 km", timedelta(minutes=47), timedelta(minutes=12))
        for across, up in ((0.2, 0.5), (0.9, 0.97)):
            move(panel.plot, at(panel, across, up))
            found += faults(panel)
        panel.show_title("128.4 km  02:18 – 02:22", timedelta(minutes=47), timedelta(minutes=12), back=True)
        found += faults(panel)
        assert "02:18 – 02:22" in texts_of(panel)  # its time is the last that gives way
    assert not found, "\n".join(sorted(set(found)))
    assert panel.plot.width() > width * 0.6


def test_a_section_of_no_length_and_an_empty_one_are_drawn(panel: SectionPanel) -> None:
    none = section()
    point = Section(
        none.start, none.start, none.codes, none.source, np.zeros(600), HEIGHTS,
        np.full(600, np.nan, np.float32), none.radars,
    )  # fmt: skip
    panel.show_section(point, NOW)
    panel.grab()
    move(panel.plot, at(panel, 0.5, 0.5))
    assert math.isfinite(point.length_m)
    panel.show_empty("hint")
    assert "hint" in texts_of(panel)
    press(panel, Qt.Key.Key_Tab)

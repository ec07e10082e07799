"""The panel of upright pictures over the lower part of the map: section, RHI, time and height."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QRectF, QSize, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from layers import color_table
from models.radar.called import called
from models.radar.profile import Profile
from models.radar.quantity import CR
from models.radar.section import Section
from models.radar.upright import Heights
from widgets import pieces, words
from widgets import theme as look
from widgets.action_button import ActionButton
from widgets.map.upright_plot import Upright, UprightPlot, hatch
from widgets.painted import Painted
from widgets.pieces import Piece, Run, Text

HEIGHT_PX = 260
MODES = ("section", "rhi", "profile")
_HEAD_PX, _FACTS_PX, _ROW_PX = 40, 176, 20.0
_BAR_PX = 8.0
_RADAR_ROW = 3
_RADARS, _RADAR_PX = 4, 17.0
_TOPS_M = (9_000.0, 12_000.0, 15_000.0, 18_000.0)


@dataclass(frozen=True, slots=True)
class UnderCursor:
    """What the picture says under the cursor; ``across`` is a distance or a time, in words."""

    across: str
    height_m: float
    dbz: float
    radar: str
    ground_m: float = math.nan


class PictureHead(Painted):
    """What the picture is, which radars stand in it and from when, and how old it is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, height_px=_HEAD_PX)
        self._runs: tuple[Run, ...] = ()
        self._spare: tuple[Run, ...] = ()

    def show_runs(self, runs: tuple[Run, ...], spare: tuple[Run, ...] = ()) -> None:
        """Show a title, its facts and its age; where room lacks the ``spare`` ones give way, the first first."""
        if (runs, spare) != (self._runs, self._spare):
            self._runs, self._spare = runs, spare
            self.update()

    def pieces(self) -> list[Piece]:
        """Return the one line; what had to give way stands in its tooltip."""
        runs, room = list(self._runs), self.width() - 8 - look.EDGE_PX
        for run in self._spare:
            if len(runs) > 1 and pieces.total_width(runs) > room:
                runs.remove(run)
        if len(runs) < len(self._runs):
            runs[-1] = replace(runs[-1], tip="  ".join(run.text for run in self._runs))
        return list(pieces.line(look.EDGE_PX, self.width() - 8, _HEAD_PX / 2 + 5, runs))


class PictureFacts(Painted):
    """The cursor's read-out in fixed rows, the colors, and what hatching means."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, height_px=int(8 * _ROW_PX))
        self.setFixedWidth(_FACTS_PX)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self._radars: tuple[tuple[str, str], ...] = ()
        self._facts: UnderCursor | None = None
        self._over_time = False

    def show_facts(self, facts: UnderCursor | None, *, over_time: bool = False) -> None:
        """Show what lies under the cursor; None when it is elsewhere."""
        if (facts, over_time) != (self._facts, self._over_time):
            self._facts, self._over_time = facts, over_time
            self.update()

    def show_radars(self, radars: tuple[tuple[str, str], ...]) -> None:
        """Show which radars stand in the picture: what they are called, and from when; the nearest first."""
        if radars != self._radars:
            self._radars = radars
            self.update()

    def pieces(self) -> list[Piece]:
        """Return the rows, the ticks of the colors, and the radars; the colors are painted over them."""
        laid: list[Piece] = []
        right = _FACTS_PX - look.EDGE_PX
        for number, (word, figure, unit) in enumerate(self._rows()):
            base = 6 + number * _ROW_PX + 14
            laid += pieces.line(0, 64, base, [Run(word, look.SECOND_PX, "quiet")])
            left, end = (60, right - 30) if number < _RADAR_ROW else (40, right)
            laid += pieces.line(left, end, base, [Run(figure, elide=True)], align="right")
            laid += pieces.line(right - 26, right + 8, base, [Run(unit, look.SECOND_PX, "quiet")])
        steps = color_table.load("reflectivity").steps
        top, wide = self._bar_top(), self._bar_step(len(steps))
        for number in range(1, len(steps), 3):
            value = f"{steps[number][0]:g}"
            room = QRectF(number * wide - 12, top + _BAR_PX + 1, 24, 14)
            laid.append(Text(room, value, look.KEY_PX, "quiet", "center"))
        laid += pieces.line(
            26, right, top + 42, [Run(self.tr("not seen by these"), look.SECOND_PX, "quiet", elide=True)]
        )
        shown = self._radars if len(self._radars) <= _RADARS else self._radars[: _RADARS - 1]
        base = top + 42
        for name, said in shown:
            base += _RADAR_PX
            laid += pieces.line(0, 100, base, [Run(name, look.SECOND_PX, elide=True)])
            laid += pieces.line(60, right, base, [Run(said, look.SECOND_PX, "quiet")], align="right")
        if len(shown) < len(self._radars):
            more = self.tr("and {n} more").format(n=len(self._radars) - len(shown))
            tip = "\n".join(f"{name}  {said}" for name, said in self._radars)
            laid += pieces.line(0, right, base + _RADAR_PX, [Run(more, look.SECOND_PX, "quiet", tip=tip)])
        return laid

    def _rows(self) -> tuple[tuple[str, str, str], ...]:
        facts = self._facts
        across = (self.tr("Time"), "") if self._over_time else (self.tr("Distance"), "km")
        if facts is None:
            missing = words.MISSING
            return (
                (across[0], missing, across[1]),
                (self.tr("Height"), missing, "km"),
                (self.tr("Echo"), missing, "dBZ"),
                (self.tr("Radar"), missing, ""),
            )
        if math.isnan(facts.dbz):
            echo = self.tr("not seen")
        else:
            echo = self.tr("none") if math.isinf(facts.dbz) else words.number(facts.dbz)
        return (
            (across[0], facts.across, across[1]),
            (self.tr("Height"), words.number(facts.height_m / 1000), "km"),
            (self.tr("Echo"), echo, "dBZ" if math.isfinite(facts.dbz) else ""),
            (self.tr("Radar"), facts.radar or words.MISSING, ""),
        )

    def _bar_top(self) -> float:
        return 6 + 4 * _ROW_PX + 14

    def _bar_step(self, steps: int) -> float:
        return (_FACTS_PX - look.EDGE_PX) / steps

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        theme = look.current()
        painter = QPainter(self)
        steps = color_table.load("reflectivity").steps_on(dark=theme.is_dark)
        top, wide = self._bar_top(), self._bar_step(len(steps))
        for number, (_, rgba) in enumerate(steps):
            painter.fillRect(QRectF(number * wide, top, wide, _BAR_PX), QColor(*rgba))
        sample = QRectF(0, top + 31, 20, 13)
        painter.fillRect(sample, hatch(theme))
        painter.setPen(QPen(theme.color("edge"), 1.0))
        painter.drawRect(sample)
        painter.end()


class SectionPanel(QFrame):
    """Head, picture, read-out.

    Signals
    -------
    mode_requested(str)     another picture is wanted: "section", "rhi" or "profile"
    again_requested()       a new line or place shall be picked
    close_requested()       the panel shall go
    share_pointed(object)   where on the line the cursor stands, 0..1; None when it has left
    """

    mode_requested = Signal(str)
    again_requested = Signal()
    close_requested = Signal()
    share_pointed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mode = "section"
        self._section: Section | None = None
        self._profile: Profile | None = None
        self._top_m = 0.0
        self.head = PictureHead(self)
        self.plot = UprightPlot(self)
        self.facts = PictureFacts(self)
        said = (self.tr("Section"), "RHI", self.tr("Over time"))
        self.modes = tuple(ActionButton(word, f"Alt+{number}", self) for number, word in enumerate(said, 1))
        for mode, button in zip(MODES, self.modes, strict=True):
            button.setCheckable(True)
            button.clicked.connect(partial(self._on_mode, mode))
        self.again = ActionButton(self.tr("New line"), "C", self)
        self.again.clicked.connect(self.again_requested)
        self.close_button = ActionButton(self.tr("Close"), "Escape", self)
        self.close_button.clicked.connect(self.close_requested)
        self.plot.cursor_moved.connect(self._on_cursor)
        self.plot.cursor_left.connect(self._on_left)
        self._lay_out()
        self.hide()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, look.EDGE_PX, 0)
        head.setSpacing(6)
        head.addWidget(self.head, 1)
        for button in (*self.modes, self.again, self.close_button):
            head.addWidget(button)
        body = QHBoxLayout()
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(8)
        body.addWidget(self.plot, 1)
        body.addWidget(self.facts)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 1, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(body, 1)

    def sizeHint(self) -> QSize:
        return QSize(480, HEIGHT_PX)

    # What is shown

    @property
    def mode(self) -> str:
        """Which picture is shown."""
        return self._mode

    def show_mode(self, mode: str) -> None:
        """Show that this picture is chosen."""
        self._mode = mode
        for name, button in zip(MODES, self.modes, strict=True):
            button.setChecked(name == mode)
        self.again.setText(self.tr("New place") if mode == "profile" else self.tr("New line"))
        self.again.setVisible(mode != "rhi")
        self.again.updateGeometry()

    def show_empty(self, hint: str) -> None:
        """Say what will stand here and how to come to it."""
        self._section, self._profile = None, None
        self._top_m = 0.0
        self.plot.show_picture(None, hint)
        self.facts.show_radars(())
        self.facts.show_facts(None, over_time=self._mode == "profile")
        self.show_title("", None, None)

    def show_section(self, section: Section, now: datetime) -> None:
        """Show a section, or an RHI; the axis upward grows with what is seen and keeps its top while a line moves."""
        self._section, self._profile = section, None
        rhi = self._mode == "rhi"
        self.plot.show_picture(
            Upright(
                *self._cut_off(section.codes, section.heights),
                section.length_m / 1000,
                ground_m=section.ground_m,
                left="" if rhi else "A",
                right="" if rhi else "B",
            )
        )

        self.facts.show_radars(tuple((called(s.name, s.code), words.moment(at, now)) for s, at in section.radars))

    def _cut_off(self, codes: NDArray[np.uint8], heights: Heights) -> tuple[NDArray[np.uint8], Heights]:
        """Return a picture without the empty heights above what is seen, down to the least top of the axis."""
        rows = np.flatnonzero(codes.any(axis=1))
        seen_m = (int(rows[-1]) + 1) * heights.step_m if rows.size else 0.0
        self._top_m = max(self._top_m, next((top for top in _TOPS_M if seen_m <= top), heights.top_m))
        kept = Heights(heights.step_m, min(heights.rows, round(self._top_m / heights.step_m)))
        return codes[: kept.rows], kept

    def show_profile(self, profile: Profile) -> None:
        """Show what one radar saw above a place over time."""
        self._section, self._profile = None, profile
        minutes = profile.present.size * profile.step.total_seconds() / 60
        self.plot.show_picture(
            Upright(
                *self._cut_off(profile.codes, profile.heights),
                minutes,
                unit="",
                tick=lambda minute: words.clock(profile.first_at + timedelta(minutes=minute)),
                tick_step=_time_step(minutes),
                missing=~profile.present,
            )
        )
        self.facts.show_radars(
            ((called(profile.site.name, profile.site.code), self.tr("{n} volumes").format(n=len(profile.times))),)
        )

    def show_title(
        self, facts: str, age: timedelta | None, stale_after: timedelta | None, *, back: bool = False
    ) -> None:
        """Name the picture, its extent and time (facts are told apart by two blanks), and its age; too old is tagged.

        ``back`` says that it is of the past frame that stands on the map, though newer volumes are known.
        """
        names = {"section": self.tr("Section"), "rhi": "RHI", "profile": self.tr("Over time")}
        runs = [Run(names[self._mode], gap_px=8)]
        if back:
            runs.append(Run(QCoreApplication.translate("TitleCard", "looking back"), tag=True, gap_px=10))
        runs += [Run(fact, tone="quiet", elide=True, gap_px=10) for fact in facts.split("  ") if fact]
        if age is not None:
            stale = stale_after is not None and age > stale_after
            runs.append(Run(words.age(age), tone="text" if stale else "quiet", tag=stale))
        first = 2 if back else 1  # the button that is held in says what the picture is, the time how old it is
        self.head.show_runs(tuple(runs), (runs[0], *runs[first : first + 1], *(runs[-1:] if back else ())))

    # The hand

    def _on_mode(self, mode: str) -> None:
        self.show_mode(self._mode)  # a click turns a button by itself; what is shown is told from outside
        self.mode_requested.emit(mode)

    def _on_cursor(self, across: float, height_m: float) -> None:
        if self._section is not None:
            dbz, code = self._section.value_at(across * 1000, height_m)
            radar = next((called(s.name, s.code) for s, _ in self._section.radars if code and s.code == code), "")
            self.facts.show_facts(UnderCursor(words.number(across), height_m, dbz, radar))
            self.share_pointed.emit(across * 1000 / self._section.length_m if self._section.length_m > 0 else 0.0)
        elif self._profile is not None:
            self.facts.show_facts(_in_profile(self._profile, across, height_m), over_time=True)

    def _on_left(self) -> None:
        self.facts.show_facts(None, over_time=self._mode == "profile")
        self.share_pointed.emit(None)

    # Qt's calls

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = look.current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("panel"))
        painter.fillRect(QRectF(0, 0, self.width(), 1), theme.color("line"))
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.plot.update()


def _in_profile(profile: Profile, minutes: float, height_m: float) -> UnderCursor:
    slot = min(int(minutes * 60 / profile.step.total_seconds()), profile.present.size - 1)
    row = min(int(height_m / profile.heights.step_m), profile.heights.rows - 1)
    dbz = float(CR.decode(profile.codes[row : row + 1, slot : slot + 1])[0, 0])
    at = profile.first_at + slot * profile.step
    near = [time for time in profile.times if abs(time - at) <= profile.step / 2] if profile.present[slot] else []
    radar = called(profile.site.name, profile.site.code) if near else ""
    return UnderCursor(words.clock(near[0]) if near else words.MISSING, height_m, dbz, radar)


def _time_step(minutes: float) -> float:
    """Return a round number of minutes that divides a span into about six parts."""
    return next((float(step) for step in (1, 2, 5, 10, 15, 30, 60, 120, 180, 360) if minutes / step <= 6), 720.0)

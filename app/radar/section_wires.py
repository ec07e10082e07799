"""The section tool: its desk, its panel and its line on the map, wired to keys, inbox and clock."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import QObject, QTimer

from app.desks import Desks
from app.notices import Notices
from app.radar.radar_register import register_of
from app.radar.section_desk import Line, SectionDesk
from app.rooms import Rooms
from models.radar.called import called
from models.radar.mosaic import Mosaic
from models.radar.profile import Profile
from models.radar.section import Place, Section
from widgets import words
from widgets.map.section_line import SectionLine
from widgets.map.section_panel import SectionPanel

TICK_MS = 5000
REST_MS = 250
"""A frame that has stood so long on the map is followed: the loop runs past, and the section waits for its end."""
STALE_STEPS = 2


class SectionTool(QObject):
    """Opens on ``C``, closes on Esc; between the two it holds the picture that was asked for."""

    def __init__(self, desks: Desks, rooms: Rooms, notices: Notices) -> None:
        super().__init__()
        self._desks, self._rooms = desks, rooms
        settings = desks.office.settings
        max_age = timedelta(minutes=settings.mosaic.max_age_min)
        register = register_of(settings.radar)
        self.desk = SectionDesk(desks.jobs, register, desks.office.dem_path, clock=desks.clock, max_age=max_age)
        self.panel = SectionPanel(rooms.window)
        self.line = SectionLine(rooms.canvas)
        self._kept_line: Line | None = None
        self._section: Section | None = None
        self._profile: tuple[Profile, int] | None = None
        self._rhi = 0
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._follower = QTimer(self)
        self._follower.setSingleShot(True)
        self._follower.setInterval(REST_MS)
        self._follower.timeout.connect(self._follow)
        rooms.window.set_over_map(lower=self.panel)
        self._wire(notices)

    def _wire(self, notices: Notices) -> None:
        desk, panel, line, window = self.desk, self.panel, self.line, self._rooms.window
        for heard in (self._desks.feed.radar_taken, self._desks.feed.radar_recalled):
            heard.connect(desk.hear)
        self._desks.radar.mosaic_changed.connect(self._on_mosaic)
        self._desks.sweeps.sweep_changed.connect(lambda _: self._follow_soon())
        window.keys.add("C", self.tr("Vertical section by two clicks"), self.begin)
        window.top_bar.search.chosen.connect(self._on_chosen)
        self._rooms.feed.list.row_activated.connect(self._on_row)
        line.line_changing.connect(desk.show_line)
        line.line_set.connect(self._on_line)
        line.place_picked.connect(self._on_place)
        desk.section_changed.connect(self._on_section)
        desk.profile_changed.connect(self._on_profile)
        desk.volumes_changed.connect(self._on_volumes)
        desk.failed.connect(notices.tell)
        panel.mode_requested.connect(self.show_mode)
        panel.again_requested.connect(self.begin)
        panel.close_requested.connect(self.close)
        panel.share_pointed.connect(line.show_share)

    @property
    def is_open(self) -> bool:
        """Whether the panel is there."""
        return not self.panel.isHidden()

    def begin(self) -> None:
        """Open the panel and ask for a line; where a place is shown, for another place."""
        mode = self.panel.mode if self.is_open and self.panel.mode != "rhi" else "section"
        self._open()
        self._kept_line = None
        self.show_mode(mode)

    def close(self) -> None:
        """Take panel and line away and let go of the cuts."""
        self._timer.stop()
        self.line.ask("")
        self.line.show_line(None)
        self.line.show_place(None)
        self.line.show_share(None)
        self._section = self._profile = self._kept_line = None
        self.desk.close()
        self._rooms.window.show_over_map(self.panel, shown=False)

    def show_mode(self, mode: str) -> None:
        """Show the section, an RHI, or the column over time; RHI again shows the next one."""
        self._rhi = self._rhi + 1 if mode == self.panel.mode == "rhi" and self._section is not None else 0
        self._open()
        self.panel.show_mode(mode)
        self._section = self._profile = None
        self.desk.forget()
        self.line.show_line(None)
        self.line.show_place(None)
        self.line.ask("")
        if mode == "rhi":
            self._begin_rhi()
        elif mode == "profile":
            self.line.ask("place")
            self.panel.show_empty(self.tr("Click on the map: the echoes above that place, volume by volume."))
        elif self._kept_line is not None:
            self.line.show_line(self._kept_line)
            self.desk.show_line(self._kept_line)
        else:
            self.line.ask("line")
            self.panel.show_empty(self.tr("Click twice on the map, at A and at B. Then drag an end or the line."))

    def _open(self) -> None:
        if not self.is_open:
            self._follow()
            self.desk.open()
            self._rooms.window.show_over_map(self.panel, shown=True)
            self._timer.start()

    def _begin_rhi(self) -> None:
        if self.desk.rhis:
            self.desk.show_rhi(self._rhi)
        else:
            self.panel.show_empty(self.tr("No RHI has come in. The newest one will stand here as soon as it does."))

    # What came

    def _on_mosaic(self, mosaic: Mosaic | None) -> None:
        if mosaic is not None:
            self.desk.show_area(mosaic.area)
            self._follow_soon()

    def _follow_soon(self) -> None:
        if self.is_open:
            self._follower.start()

    def _follow(self) -> None:
        """Take the volumes of the frame that is on the map; those of now where nobody looks back."""
        radar, sweeps = self._desks.radar, self._desks.sweeps
        shown = radar.shown if radar.looking_back and sweeps.shown is None else None
        self.desk.show_time(sweeps.looking_back_at if shown is None else shown.at)

    def _on_line(self, line: Line) -> None:
        self._kept_line = line
        self.desk.show_line(line)

    def _on_place(self, place: Place) -> None:
        self._profile = None
        self.line.show_place(place)
        if self.desk.covers(place):
            self.panel.show_empty(self.tr("Reading the volumes, the newest first."))
        else:
            self.panel.show_empty(self.tr("No radar reaches this place. Click on another one."))
        self.desk.show_place(place)

    def _on_volumes(self) -> None:
        if self.panel.mode == "rhi" and self._section is None:
            self._begin_rhi()

    def _on_section(self, section: Section) -> None:
        if self.panel.mode == "profile":
            return
        self._section = section
        if section.radars:
            self.panel.show_section(section, self._desks.clock.now())
        elif self.desk.reading:
            self.panel.show_empty(self.tr("Reading the volumes of the radars near the line."))
        else:
            self.panel.show_empty(
                self.tr("No radar near this line has spoken lately. A volume that comes in is drawn here.")
            )
        if self.panel.mode == "rhi":
            self.line.show_line((section.start, section.end), fixed=True)
        self._show_title()

    def _on_profile(self, profile: Profile, left: int) -> None:
        if self.panel.mode == "profile":
            self._profile = (profile, left)
            self.panel.show_profile(profile)
            self._show_title()

    def _tick(self) -> None:
        self.desk.tick()
        self._show_title()

    def _show_title(self) -> None:
        now = self._desks.clock.now()
        if self._section is not None and self._section.radars:
            length = f"{words.number(self._section.length_m / 1000)} km"
            oldest, newest = (pick(at for _, at in self._section.radars) for pick in (min, max))
            said = " – ".join(dict.fromkeys(words.moment(at, now) for at in (oldest, newest)))
            back = self.panel.mode == "section" and self.desk.at is not None
            self.panel.show_title(f"{length}  {said}", now - oldest, STALE_STEPS * self.desk.step, back=back)
        elif self._profile is not None:
            profile, left = self._profile
            away = self.tr("{code}, {km} km away").format(
                code=called(profile.site.name, profile.site.code), km=words.number(profile.distance_m / 1000)
            )
            more = self.tr("{n} still to be read").format(n=left) if left else ""
            facts = " · ".join(word for word in (away, more) if word)
            self.panel.show_title(facts, now - profile.times[-1], STALE_STEPS * profile.step)

    def _on_row(self, row_id: str) -> None:
        """Show the RHI that was chosen in the list of files."""
        name = row_id.partition(" ")[2]
        number = next((i for i, (volume, _) in enumerate(self.desk.rhis) if volume.path.name == name), None)
        if number is not None:
            self.show_mode("rhi")
            self._rhi = number
            self._begin_rhi()

    def _on_chosen(self, entry_id: str) -> None:
        if entry_id == "act:section":
            self.begin()

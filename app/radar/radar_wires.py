"""Wires of the radar picture: files to fields, fields to the map and the archive, and its keys."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from app.console_views import ConsoleViews
from app.desks import Desks
from app.rooms import Rooms
from models.radar.mosaic import Mosaic
from models.radar.quantity import CR, Kind, Quantity

QUANTITIES = (CR, Quantity(Kind.HYBRID), Quantity(Kind.CAPPI, 3000), Quantity(Kind.ECHO_TOP), Quantity(Kind.VIL))
FRESH = timedelta(minutes=7)


def wire_radar(desks: Desks, rooms: Rooms, views: ConsoleViews, *, looks_only: bool) -> None:
    """Connect the inbox, the radar picture, the map and the archive."""
    feed, radar, sweeps = desks.feed, desks.radar, desks.sweeps
    for signal in (feed.radar_taken, feed.radar_recalled):
        signal.connect(radar.take)
        signal.connect(sweeps.hear)
        signal.connect(desks.coverage.hear)
        signal.connect(lambda taken: desks.sources.hear(taken.site.code, (taken.started_at,), taken.site.name))
    feed.radar_taken.connect(desks.oddities.hear)
    feed.radar_recalled.connect(desks.oddities.hear_again)
    radar.mosaic_changed.connect(desks.map.show_mosaic)
    radar.mosaic_changed.connect(views.show_mosaic)
    radar.frames_changed.connect(lambda _: views.show_time_line())
    radar.quantity_changed.connect(feed.show_quantity)
    sweeps.sweep_changed.connect(desks.map.show_ppi)
    sweeps.sweep_changed.connect(views.show_ppi)
    desks.coverage.coverage_changed.connect(desks.map.show_coverage)
    desks.coverage.unseen_said.connect(rooms.point_card.show_unseen)
    if not looks_only:
        feed.put_away.connect(desks.archive.take)
        radar.newest_made.connect(partial(_keep_newest, desks))
    time_line = rooms.time_line
    time_line.step_requested.connect(partial(step, desks))
    time_line.frame_requested.connect(radar.go_to)
    time_line.now_requested.connect(radar.go_now)
    time_line.now_requested.connect(sweeps.hide)
    time_line.play_requested.connect(lambda _: radar.play_or_pause())
    for key, words, act in keys_of(desks):
        rooms.window.keys.add(key, words, act)


def keys_of(desks: Desks) -> tuple[tuple[str, str, Callable[[], None]], ...]:
    """Return the keys of the radar picture: key, words for the list of keys, act."""
    sweeps, translated = desks.sweeps, QCoreApplication.translate
    acts = (
        (QT_TRANSLATE_NOOP("RadarKeys", "Next radar product"), "P", lambda: next_quantity(desks, 1)),
        (QT_TRANSLATE_NOOP("RadarKeys", "Previous radar product"), "Shift+P", lambda: next_quantity(desks, -1)),
        (
            QT_TRANSLATE_NOOP("RadarKeys", "One radar, the next, the mosaic"),
            "O",
            sweeps.next_radar,
        ),
        (QT_TRANSLATE_NOOP("RadarKeys", "Next moment of this radar"), "E", lambda: sweeps.step_moment(1)),
        (QT_TRANSLATE_NOOP("RadarKeys", "Previous moment of this radar"), "Shift+E", lambda: sweeps.step_moment(-1)),
        (QT_TRANSLATE_NOOP("RadarKeys", "Loop faster"), ".", lambda: desks.radar.change_speed(1)),
        (QT_TRANSLATE_NOOP("RadarKeys", "Loop slower"), ",", lambda: desks.radar.change_speed(-1)),
        (QT_TRANSLATE_NOOP("RadarKeys", "Next cut up, or CAPPI 500 m up"), "PgUp", lambda: higher(desks, 1)),
        (QT_TRANSLATE_NOOP("RadarKeys", "Next cut down, or CAPPI 500 m down"), "PgDown", lambda: higher(desks, -1)),
    )
    return tuple((key, translated("RadarKeys", str(words)), act) for words, key, act in acts)


def next_quantity(desks: Desks, by: int) -> None:
    """Let the mosaic show the next product; a single radar gives way to it."""
    desks.sweeps.hide()
    kinds = [quantity.kind for quantity in QUANTITIES]
    desks.radar.show_quantity(QUANTITIES[(kinds.index(desks.radar.quantity.kind) + by) % len(QUANTITIES)])


def higher(desks: Desks, by: int) -> None:
    """Go up or down: the elevation of a single radar, or the height of a CAPPI."""
    if desks.sweeps.shown is not None:
        desks.sweeps.step_elevation(by)
    else:
        desks.radar.show_quantity(desks.radar.quantity.higher(by))


def step(desks: Desks, by: int) -> None:
    """Go on or back: volumes of a single radar, or frames of the loop."""
    if desks.sweeps.shown is not None:
        desks.sweeps.step(by)
    else:
        desks.radar.step(by)


def _keep_newest(desks: Desks, mosaic: Mosaic) -> None:
    """Keep the newest frame in the archive, whichever is looked at."""
    if desks.clock.now() - mosaic.at <= FRESH:  # after a start the loop comes back; its frames lie there already
        desks.archive.take_frame(mosaic)

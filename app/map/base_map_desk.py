"""Which base map lies under the county, and its tiles: read in jobs, kept in memory, given to the map as they come."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from app.jobs import Jobs
from app.map.base_map_list import RELIEF, TILES, BaseMap
from app.map.tile_shelf import TileShelf
from app.map.tile_terms import OverLine
from layers.drawing import Tile
from layers.map_view import MapView
from layers.tile_layer import MARGIN, TileLayer, TileRange
from layers.tiles.tile_grid import TileKey, tiles_over
from layers.tiles.tile_picture import kept, usual_gray
from layers.tiles.tile_source import Picture, TileSource
from models.errors import ConsoleError, DataError

# A job reads tiles for so long, then hands over what it has.
TURN_S = 0.08
# While the hand moves, the next tiles are asked for at most so often; those of a service come to the map so often.
AHEAD_MS, GATHER_MS = 60, 60
# What a service did not give is asked for again after so long.
AGAIN_MS = 15_000
AT_ONCE = 4
_FIRST_TILES = 4


@dataclass(frozen=True, slots=True)
class BaseNote:
    """What is said of the base map in its corner: ``fault`` is why it is not whole, None if it is."""

    map: BaseMap
    attribution: str
    color: bool
    opened: bool
    fault: ConsoleError | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """A base map that is open, with its first tiles and the gray that most of it has."""

    map: BaseMap
    source: TileSource
    first: tuple[Arrived, ...]
    usual: int


@dataclass(frozen=True, slots=True, eq=False)
class Arrived:
    """A tile that was read: None if the map has none; ``error`` says that it could not be read."""

    key: TileKey
    tile: Tile | None
    error: DataError | None = None
    on_gui_thread: bool = False


def read_tiles(source: TileSource, keys: tuple[TileKey, ...], *, color: bool, most_s: float) -> tuple[Arrived, ...]:
    """Read tiles one after the other until the time is over, at least one; runs in a job."""
    until, out = time.perf_counter() + most_s, []
    on_gui_thread = threading.current_thread() is threading.main_thread()
    for key in keys:
        try:
            picture = source.tile(key)
        except DataError as error:
            out.append(Arrived(key, None, error, on_gui_thread))
        else:
            out.append(Arrived(key, None if picture is None else kept(picture, color=color), None, on_gui_thread))
        if time.perf_counter() > until:
            break
    return tuple(out)


def open_map(chosen: BaseMap, *, color: bool) -> Opened:
    """Open a base map; of a file its coarsest tiles are read, which stand in for finer ones; runs in a job."""
    if chosen.open is None:
        raise ValueError(chosen.id)
    source = chosen.open()
    if chosen.over_line:
        return Opened(chosen, source, (), chosen.usual)
    keys: tuple[TileKey, ...] = ()
    for z in range(source.zooms[0], source.zooms[1] + 1):
        columns, rows = tiles_over(source.bounds_m, z)
        if len(columns) * len(rows) > _FIRST_TILES and keys:
            break
        keys = tuple(TileKey(z, x, y) for y in rows[:_FIRST_TILES] for x in columns[:_FIRST_TILES])
    usual = chosen.usual
    if not usual:
        pictures = [picture for key in keys if (picture := _read(source, key)) is not None]
        usual = usual_gray(pictures)
    return Opened(chosen, source, read_tiles(source, keys, color=color, most_s=1.0), usual)


def _read(source: TileSource, key: TileKey) -> Picture | None:
    try:
        return source.tile(key)
    except DataError:
        return None


class BaseMapDesk(QObject):
    """Leads the base maps.

    Signals
    -------
    base_changed(object, bool)    the TileLayer to show, None for none; whether the hillshade shows
    note_changed(BaseNote)        what is to be said of it on the map
    failed(Exception)             a base map could not be opened, or not all of it
    """

    base_changed = Signal(object, bool)
    note_changed = Signal(object)
    failed = Signal(object)

    def __init__(self, jobs: Jobs, maps: tuple[BaseMap, ...], *, choice: Path | None = None) -> None:
        """``choice`` is the file that keeps which one was chosen last."""
        super().__init__()
        self._jobs, self.maps, self._choice = jobs, maps, choice
        self._chosen = maps[0]
        self._line: Jobs | None = None
        self._opened: Opened | None = None
        self._view: MapView | None = None
        self._ahead: MapView | None = None
        self._shelf = TileShelf()
        self._asked: set[TileKey] = set()
        self._failed_keys: set[TileKey] = set()
        self._said: set[str] = set()
        self._colors = {one.id: one.color for one in maps}
        self._unseen = self._touched = False
        self._fault: ConsoleError | None = None
        self.reads, self.reads_on_gui_thread, self.layers_given = 0, 0, 0
        self._gather, self._look, self._again = (self._timer(ms) for ms in (GATHER_MS, AHEAD_MS, AGAIN_MS))
        self._gather.timeout.connect(self._give)
        self._look.timeout.connect(self._ask)
        self._again.timeout.connect(self._on_again)

    @property
    def chosen(self) -> BaseMap:
        """The base map that is shown, or being opened."""
        return self._chosen

    @property
    def settled(self) -> bool:
        """Whether all tiles of the view are here, or known not to come now."""
        if self._gather.isActive() or self._look.isActive() or self._asked:
            return False
        return self._chosen.open is None or self._opened is not None or self._fault is not None

    def open(self) -> None:
        """Show the base map that was chosen last."""
        self._jobs.start("base-map:choice", self._last_choice, on_done=self._on_last, on_error=self.failed.emit)

    def close(self) -> None:
        """Ask for nothing more."""
        for timer in (self._gather, self._look, self._again):
            timer.stop()
        if self._line is not None:
            self._line.close()
        self._let_go()

    def next_map(self) -> None:
        """Show the next base map, the first after the last."""
        ids = [one.id for one in self.maps]
        self.choose(self.maps[(ids.index(self._chosen.id) + 1) % len(ids)].id)

    def choose(self, map_id: str) -> None:
        """Show a base map by its id; an unknown id is the first one."""
        self._chosen, self._touched = next((one for one in self.maps if one.id == map_id), self.maps[0]), True
        if self._choice is not None:
            work = partial(_keep_choice, self._choice, self._chosen.id)
            self._jobs.start("base-map:keep", work, on_done=lambda _: None, on_error=self.failed.emit)
        self._show_chosen()

    def toggle_color(self) -> None:
        """Show the base map in its own colors, or in grays again."""
        if self._chosen.open is not None:
            self._colors[self._chosen.id] = not self._colors[self._chosen.id]
            self._show_chosen()

    def show_view(self, view: MapView) -> None:
        """Get the tiles of another part of the map; what was asked for an older one is not asked for any more."""
        if view == self._view and self._ahead is None and not self._unseen:
            return
        self._view, self._ahead = view, None
        if self._unseen:
            self._give()
        self._ask()

    def look_ahead(self, view: MapView) -> None:
        """Get tiles while the hand still moves; the map is drawn with them when it rests."""
        self._ahead = view
        if not self._look.isActive():
            self._look.start()

    def _show_chosen(self) -> None:
        self._let_go()
        self._shelf.clear()
        for keys in (self._asked, self._failed_keys, self._said):
            keys.clear()
        self._fault, self._unseen = None, False
        chosen, color = self._chosen, self._colors[self._chosen.id]
        if chosen.open is None:
            self._give()
        else:
            work = partial(open_map, chosen, color=color)
            self._jobs.start("base-map:open", work, on_done=self._on_opened, on_error=partial(self._on_refused, chosen))
        self._tell()

    def _on_opened(self, opened: Opened) -> None:
        if opened.map is not self._chosen:
            return
        self._opened = opened
        self._take(opened, opened.first)
        self._give()
        self._tell()
        self._ask()

    def _on_refused(self, chosen: BaseMap, error: Exception) -> None:
        if chosen is self._chosen:
            self._fault = error if isinstance(error, ConsoleError) else None
            self._give()
            self._tell()
        self.failed.emit(error)

    def _ask(self) -> None:
        """Start reading what the view needs and nobody reads yet, the middle first."""
        opened, view = self._opened, self._ahead or self._view
        if opened is None or view is None:
            return
        needed = _range(opened).needed(view, MARGIN)
        self._shelf.use(needed)
        wanted = [k for k in needed if not (self._shelf.knows(k) or k in self._asked or k in self._failed_keys)]
        color = self._colors[opened.map.id]
        if opened.map.over_line:
            for key in wanted[: AT_ONCE - len(self._asked)]:
                self._start(self._lines(), f"tile:{key}", opened, (key,), color=color)
        elif wanted and not self._asked:
            self._start(self._jobs, "tiles", opened, tuple(wanted), color=color)

    def _start(self, jobs: Jobs, name: str, opened: Opened, keys: tuple[TileKey, ...], *, color: bool) -> None:
        self._asked.update(keys)
        work = partial(read_tiles, opened.source, keys, color=color, most_s=TURN_S)
        on_done, on_error = partial(self._on_arrived, opened, keys), partial(self._on_broken, opened, keys)
        jobs.start(name, work, on_done=on_done, on_error=on_error)

    def _on_arrived(self, opened: Opened, asked: tuple[TileKey, ...], arrived: tuple[Arrived, ...]) -> None:
        if opened is not self._opened:
            return
        self._asked.difference_update(asked)
        self._take(opened, arrived)
        if self._unseen and self._ahead is None:  # while the hand moves nothing is drawn anew
            if not opened.map.over_line:
                self._give()
            elif not self._gather.isActive():
                self._gather.start()
        self._ask()

    def _on_broken(self, opened: Opened, asked: tuple[TileKey, ...], error: Exception) -> None:
        if opened is self._opened:  # else a line that was let go of in the middle of an answer
            self._asked.difference_update(asked)
            self._failed_keys.update(asked)
            self.failed.emit(error)

    def _take(self, opened: Opened, arrived: tuple[Arrived, ...]) -> None:
        """Keep tiles that came; note whether there is something to be seen, and what went wrong."""
        self.reads += len(arrived)
        self.reads_on_gui_thread += sum(one.on_gui_thread for one in arrived)
        for one in arrived:
            if one.error is not None and opened.map.over_line:
                self._failed_keys.add(one.key)
                self._again.start()
            else:
                self._shelf.put(one.key, one.tile)
            self._unseen |= one.tile is not None
        errors = [one.error for one in arrived if one.error is not None]
        source = opened.source
        fault: ConsoleError | None = source.fault if isinstance(source, OverLine) else None
        fault = fault or (errors[0] if errors else None)
        if fault is None and not opened.map.over_line:
            fault = self._fault  # a damaged file stays so
        for error in errors:
            # A cut line is told on the map alone: it mends itself, and what is kept serves on.
            if error.code not in self._said and error.code != "tiles.service_silent":
                self._said.add(error.code)
                self.failed.emit(error)
        if (fault and fault.code) != (self._fault and self._fault.code):
            self._fault = fault
            self._tell()

    def _give(self) -> None:
        """Give the map what is here."""
        self._gather.stop()
        self._unseen = False
        opened, layer = self._opened, None
        if opened is not None:
            layer = TileLayer(TILES, self._shelf.snapshot(), _range(opened), opened.usual, opened.map.inverted)
            self.layers_given += 1
        self.base_changed.emit(layer, self._chosen.id == RELIEF)

    def _tell(self) -> None:
        own = self._opened.source.attribution if self._opened is not None else ""
        said, color = self._chosen.attribution or own, self._colors[self._chosen.id]
        self.note_changed.emit(BaseNote(self._chosen, said, color, self._opened is not None, self._fault))

    def _on_again(self) -> None:
        self._failed_keys.clear()
        self._ask()

    def _let_go(self) -> None:
        opened, self._opened = self._opened, None
        if opened is not None and isinstance(opened.source, OverLine):
            opened.source.close()

    def _lines(self) -> Jobs:
        """Return the threads that wait for a service: apart, so that a slow one holds up nothing else."""
        if self._line is None:
            self._line = Jobs(threads=AT_ONCE)
        return self._line

    def _last_choice(self) -> str:
        try:
            return self._choice.read_text(encoding="utf-8").strip() if self._choice is not None else ""
        except (OSError, UnicodeDecodeError):
            return ""

    def _on_last(self, map_id: str) -> None:
        if not self._touched:  # else the operator was quicker
            self._chosen = next((one for one in self.maps if one.id == map_id), self.maps[0])
            self._show_chosen()

    def _timer(self, wait_ms: int) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(wait_ms)
        return timer


def _range(opened: Opened) -> TileRange:
    return TileRange(opened.source.zooms, opened.source.bounds_m, opened.source.tile_px)


def _keep_choice(path: Path, map_id: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.new")
    part.write_text(map_id, encoding="utf-8")
    part.replace(path)

"""A file on its way into a register: read, judged, mended, judged anew, and written whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path

import numpy as np
import shapely
from PySide6.QtCore import QObject, Signal

from app.clock import Clock
from app.jobs import Jobs
from app.points_import import ImportChoices, changed_fields, digest_of, examine, merged_with, source_of
from app.register_ground import ground_of
from layers import shape as shapes
from layers.drawing import Drawing, Drawings, Labels, Lines, Symbols
from layers.map_view import MapView
from models.datum import Datum, convert
from models.errors import DataError
from models.geodesy import FloatArray, to_mercator
from models.register.checks.ground import Ground
from models.register.description import RegisterDescription
from models.register.owner_report import owner_report
from models.register.quality import Quality
from models.register.record import Record
from models.register.shift import PositionCheck
from models.register.surroundings import Surroundings
from models.register.table import Table
from models.register.table_file import read_table
from models.store import registers
from models.store.database import Database, Store
from widgets.register.import_page import ImportState
from widgets.words import OFFICE_ZONE

READ_S = 60.0
MOST_NAMED = 5
_PREVIEW_M = 2500.0
_MOST_SHOWN = 3000


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """A file that was read, and what it is held against."""

    file: Path
    description: RegisterDescription
    table: Table
    ground: Ground
    known: Mapping[str, Record]
    digest: str
    remembered: Mapping[str, str] = field(default_factory=dict)


def read_file(file: Path) -> tuple[Table, str]:
    """Return a file's table and its SHA-256; for a worker process, as the file is a stranger's.

    Raises
    ------
    DataError
        What `read_table` says of a file that is none.
    """
    return read_table(file), digest_of(file)


def held_of(store: Store, file: Path, read: tuple[Table, str], description: RegisterDescription, today: date) -> Held:
    """Return a file that was read with all that it is held against; for a job."""

    def known(db: Database) -> tuple[dict[str, Record], Ground, dict[str, str]]:
        records = {one.id: one for one in registers.records(db, description.name)}
        return records, ground_of(db, today), registers.column_map(db, description.name, source_of(file))

    records, ground, remembered = store.read(known)
    return Held(file, description, read[0], ground, records, read[1], remembered)


def judged(held: Held, choices: ImportChoices) -> ImportState:
    """Judge a file after the mends that were chosen; for a job."""
    quality, mended = examine(held.table, held.description, held.ground, choices, remembered=held.remembered)
    merged = merged_with(held.known, quality)
    added = sum(record.id not in held.known for record in merged)
    changed = sum(record.id in held.known and bool(changed_fields(held.known[record.id], record)) for record in merged)
    before, after = _drawings(held, quality)
    return ImportState(
        held.file.name, held.description, quality, mended, tuple(choices.mended), added, changed, before, after,
        _view(quality, held.ground.surroundings),
    )  # fmt: skip


def _view(quality: Quality, ground: Surroundings) -> MapView | None:
    """Return a view of some kilometers round the row that lies nearest to a road: there is something to compare."""
    lon, lat = _placed(quality.entries.lon_deg, quality.entries.lat_deg)
    if not np.isfinite(lon).any():
        return None
    way_m = ground.road_or_house_m(lon, lat)
    off = way_m if np.isfinite(way_m).any() else np.hypot(lon - np.nanmedian(lon), lat - np.nanmedian(lat))
    row = int(np.nanargmin(off))
    x, y = to_mercator(lon[row : row + 1], lat[row : row + 1])
    return MapView(float(x[0]), float(y[0]), _PREVIEW_M / 300, 300, 300)


def _drawings(held: Held, quality: Quality) -> tuple[Drawings, Drawings]:
    """Return roads, villages and the rows: as they stand in the file, and as they are taken."""
    lon, lat = _placed(quality.entries.lon_deg, quality.entries.lat_deg)
    position, is_converted = quality.position, quality.entries.crs.casefold() in {"gcj02", "bd09"}
    datum = position.suspected if position is not None else None
    if is_converted:
        raw = convert(lon, lat, Datum.WGS84, Datum(quality.entries.crs.casefold()))
        read, taken = raw, (lon, lat)
    elif datum is not None:
        read, taken = (lon, lat), convert(lon, lat, datum, Datum.WGS84)
    else:
        read = taken = (lon, lat)
    ground = held.ground.surroundings
    base: list[Drawing] = []
    for name, style, things in (("villages", "village", ground.villages.shapes), ("roads", "road", ground.roads),
                                ("rivers", "river", ground.waters)):  # fmt: skip
        if things:
            made = shapes.rings_of([_geometry(one) for one in things], [str(n) for n in range(len(things))])
            base.append(Lines(f"import.{name}", made.xy, made.starts, made.ids, style))
    if ground.villages.shapes:
        base.append(_village_names(ground))
    return Drawings((*base, _points(*read))), Drawings((*base, *_arrows(read, taken), _points(*taken)))


def _village_names(ground: Surroundings) -> Labels:
    """Return the names of the villages, each in the middle of its area."""
    middle = shapely.point_on_surface(np.array([_geometry(one) for one in ground.villages.shapes], dtype=object))
    x, y = to_mercator(shapely.get_x(middle), shapely.get_y(middle))
    return Labels("import.names", x, y, ground.villages.names, np.zeros(len(x), np.int64), "village")


def _placed(lon: FloatArray, lat: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return places that a map can show, NaN for the others."""
    shown = np.isfinite(lon) & np.isfinite(lat) & (np.abs(lon) <= 180) & (np.abs(lat) <= 85)
    return np.where(shown, lon, np.nan), np.where(shown, lat, np.nan)


def _geometry(one: object) -> shapely.Geometry:
    return shapely.from_wkb(one) if isinstance(one, bytes) else one


def _points(lon: FloatArray, lat: FloatArray) -> Symbols:
    x, y = to_mercator(lon[:_MOST_SHOWN], lat[:_MOST_SHOWN])
    ids = tuple(str(n) for n in range(len(x)))
    return Symbols("import.points", x, y, np.zeros(len(x), np.uint8), ("point.none",), ids)


def _arrows(read: tuple[FloatArray, FloatArray], taken: tuple[FloatArray, FloatArray]) -> tuple[Drawing, ...]:
    """Return a thin line from where each row stood to where it is taken to stand."""
    if read[0] is taken[0]:
        return ()
    first, last = (np.column_stack(to_mercator(one[0][:_MOST_SHOWN], one[1][:_MOST_SHOWN])) for one in (read, taken))
    known = np.isfinite(first).all(axis=1) & np.isfinite(last).all(axis=1)
    xy = np.stack([first[known], last[known]], axis=1).reshape(-1, 2)
    starts = np.arange(0, len(xy) + 1, 2, dtype=np.int64)
    return (Lines("import.moved", xy, starts, tuple(str(n) for n in range(len(starts) - 1)), "link"),)


def written(store: Store, held: Held, quality: Quality, actor: str, at: datetime) -> tuple[str, int]:
    """Write what passes into the register, and return the import's id and how many rows; for a job.

    Raises
    ------
    DataError
        ``import.changed_since`` if somebody changed one of these records after the file was judged.
    """
    name = held.description.name

    def transact(db: Database) -> tuple[str, int]:
        touched = {one.id for one in quality.records}
        known = {one.id: one for one in registers.records(db, name) if one.id in touched}
        if others := sorted(id_ for id_ in touched if known.get(id_) != held.known.get(id_)):
            raise DataError("import.changed_since", ids=", ".join(others[:MOST_NAMED]), count=len(others))
        merged = merged_with(known, quality)
        import_id = registers.keep_import(
            db, name, file=held.file.name, sha256=held.digest, rows=len(merged), actor=actor, at=at
        )
        registers.put(db, merged, actor=actor, at=at, cause=f"import:{import_id}")
        registers.keep_column_map(db, name, source_of(held.file), quality.mapping.as_map())
        return import_id, len(merged)

    return store.write_now(transact)


class ImportDesk(QObject):
    """Leads the import of one file.

    Signals
    -------
    state_changed(object)   the ImportState to show, None when nothing is imported
    imported(str, str, int) register, id of the import, and how many rows
    failed(Exception)       a file could not be read, or the store refused
    """

    state_changed = Signal(object)
    imported = Signal(str, str, int)
    failed = Signal(object)

    def __init__(self, jobs: Jobs, store: Store, clock: Clock) -> None:
        super().__init__()
        self._jobs, self._store, self._clock = jobs, store, clock
        self._held: Held | None = None
        self._choices = ImportChoices()
        self._state: ImportState | None = None
        self._first: PositionCheck | None = None
        self._busy = False

    @property
    def state(self) -> ImportState | None:
        """What is shown; None while no file is on its way."""
        return self._state

    def begin(self, file: Path, description: RegisterDescription) -> None:
        """Read a file for a register and judge it."""
        self._choices = ImportChoices(register=description.name)
        self._read(file, description)

    def mend(self, name: str) -> None:
        """Make a mend, or take it back if it was made."""
        made = self._choices.mended
        wanted = tuple(one for one in made if one != name) if name in made else (*made, name)
        self._judge(replace(self._choices, mended=wanted))

    def leave_out(self, *, left: bool) -> None:
        """Leave the rows out that do not pass, or take them back in."""
        self._judge(replace(self._choices, leave_out_refused=left))

    def again(self) -> None:
        """Read the file once more, as its owner may have mended it; what was chosen stays."""
        if self._held is not None:
            self._read(self._held.file, self._held.description)

    def write(self, actor: str) -> None:
        """Write every row that passes into the register, all of them or none."""
        held, state = self._held, self._state
        if held is None or state is None or self._busy or not state.quality.importable:
            return
        self._busy = True
        at, store, quality = self._clock.now(), self._store, state.quality

        work = partial(written, store, held, quality, actor, at)
        self._jobs.start("import write", work, on_done=self._on_written, on_error=self._on_failed)

    def report(self, path: Path, language: str) -> None:
        """Write the rows in question as a workbook for whoever sent the file."""
        if self._state is not None:
            work = partial(_write_report, self._state.quality, path, language)
            self._jobs.start("import report", work, on_done=lambda _: None, on_error=self.failed.emit)

    def close(self) -> None:
        """Let go of the file."""
        self._held, self._state, self._busy = None, None, False
        self.state_changed.emit(None)

    def _read(self, file: Path, description: RegisterDescription) -> None:
        self._jobs.start(
            "import read",
            partial(read_file, file),
            where="process",
            limit_s=READ_S,
            on_done=partial(self._on_file, file, description),
            on_error=self.failed.emit,
        )

    def _on_file(self, file: Path, description: RegisterDescription, read: tuple[Table, str]) -> None:
        today = self._clock.now().astimezone(OFFICE_ZONE).date()
        store, choices = self._store, self._choices

        def work() -> tuple[Held, ImportState]:
            held = held_of(store, file, read, description, today)
            return held, judged(held, choices)

        self._jobs.start("import hold", work, on_done=self._on_read, on_error=self.failed.emit)

    def _judge(self, choices: ImportChoices) -> None:
        if self._held is not None:
            self._choices = choices
            work = partial(judged, self._held, choices)
            self._jobs.start("import judge", work, on_done=self._on_judged, on_error=self.failed.emit)

    def _on_read(self, made: tuple[Held, ImportState]) -> None:
        self._held = made[0]
        if not self._choices.mended:
            self._first = made[1].quality.position
        self._on_judged(made[1])

    def _on_judged(self, state: ImportState) -> None:
        self._state = replace(state, leaves_out=self._choices.leave_out_refused, first=self._first)
        self.state_changed.emit(self._state)

    def _on_written(self, done: tuple[str, int]) -> None:
        register = self._choices.register
        self.close()
        self.imported.emit(register, *done)

    def _on_failed(self, error: Exception) -> None:
        self._busy = False
        self.failed.emit(error)


def _write_report(quality: Quality, path: Path, language: str) -> None:
    """Write the owner's report; for a job.

    Raises
    ------
    DataError
        ``export.unwritable`` with the cause.
    """
    try:
        path.write_bytes(owner_report(quality, language))
    except OSError as error:
        raise DataError("export.unwritable", file=path.name, cause=error.strerror or str(error)) from error

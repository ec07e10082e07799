"""What the cards show: everything round a point, any record, and where their links lead."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage, QImageReader

from app.console_views import ConsoleViews
from app.desks import Desks
from app.map.card_facts import point_facts, wish_of
from app.map.card_numbers import numbers_of, take_number
from app.map.card_registers import CardRegisters, linked_names, registers_of
from app.notices import Notices
from app.registers.register_book import Book
from app.rooms import Rooms
from layers.register_layer import id_on_map
from models.hazard.near import length_m
from models.register.description import HAZARD_POINTS
from models.register.record import Record
from models.store import registers
from models.store.database import Database
from widgets.map.card_foot import CardFoot
from widgets.map.card_values import PersonLine, PointFacts
from widgets.register.record_card import RecordCard, RecordFacts

RECORD = "record"
PHOTO_MOST_PX = 800
REACH_DEG = 0.01
WARM_MS = 10


class CardViews(QObject):
    """Shows cards, and follows their links.

    Signals
    -------
    record_shown(str, str)       register and id of the record whose card is open, both empty for none
    history_requested(str, str)  the operator wants the former versions of a record
    shown_changed()              another thing is on a card, or more is known of it
    """

    record_shown = Signal(str, str)
    history_requested = Signal(str, str)
    shown_changed = Signal()

    def __init__(self, desks: Desks, rooms: Rooms, views: ConsoleViews, notices: Notices) -> None:
        super().__init__()
        self._desks, self._rooms, self._views, self._notices = desks, rooms, views, notices
        self._known: CardRegisters | None = None
        self._warmed = False
        self._point_id = ""
        self._facts: PointFacts | None = None
        self._record: RecordFacts | None = None
        self.record_card, self.record_foot = RecordCard(), CardFoot()
        rooms.add_right(RECORD, self.record_card, scrolled=True, foot=self.record_foot)

    @property
    def point_id(self) -> str:
        """Id of the point whose card is open, empty for none."""
        return self._point_id

    def numbers(self, thing: tuple[str, str]) -> tuple[PersonLine, ...]:
        """Return the numbers that the card of a thing can ring, by register and id; none while it is not open."""
        if thing[0] == HAZARD_POINTS and self._facts is not None and self._facts.point_id == thing[1]:
            return tuple(line for line in self._facts.people or () if line.phone)
        if self._record is not None and self.record_card.shown == thing:
            return self._record.numbers
        return ()

    def warm(self) -> None:
        """Get ready what the first card would wait for: the library of curves."""
        if not self._warmed:
            self._warmed = True
            self._desks.jobs.start("curves", _load_curves, on_done=self._on_curves, on_error=self._notices.tell)

    def show_book(self, book: Book) -> None:
        """Take the registers as they stand now: when they are read, and after one of them changed."""
        work = partial(registers_of, book.descriptions, book.records, self._known)
        self._desks.jobs.start("card registers", work, on_done=self._on_registers, on_error=self._notices.tell)

    def show_point(self, point_id: str) -> None:
        """Work out what the card of a point says; an empty id closes what is open."""
        if point_id != self._point_id:
            self._point_id = point_id
            self._close_record()
            self.shown_changed.emit()
        self.refresh()

    def refresh(self) -> None:
        """Work the open card out anew, as rain and warnings change."""
        point_id, known = self._point_id, self._known
        points = self._desks.alarms.points
        index = next((i for i, p in enumerate(points) if p.id == point_id), -1)
        if index < 0 or known is None:
            return
        wish = wish_of(
            points[index],
            index,
            self._desks.clock.now(),
            self._desks.alarms.gauges,
            self._desks.alarms.rates,
            self._desks.warnings.in_force(),
            verdict.at if (verdict := self._desks.alarms.verdict(point_id)) is not None else None,
        )
        store = self._desks.store

        def work() -> PointFacts:
            return store.read(partial(point_facts, wish=wish, known=known))

        self._desks.jobs.start("card", work, on_done=self._on_facts, on_error=self._notices.tell)

    def show_record(self, register: str, record_id: str) -> None:
        """Open the card of a record; a hazard point has its own."""
        if register == HAZARD_POINTS and any(p.id == record_id for p in self._desks.alarms.points):
            self._close_record()
            self._views.select_point(record_id)
            return
        self._read_record(register, record_id)

    def _read_record(self, register: str, record_id: str, *, again: bool = False) -> None:
        """Read what the card of a record says; ``again`` changes what the open card says, and nothing else."""
        known = self._known
        if known is None:
            return
        actors = {p.id: p.name for p in self._desks.duty.people}
        store = self._desks.store

        def work() -> RecordFacts | None:
            return store.read(
                partial(_record_facts, register=register, record_id=record_id, known=known, actors=actors)
            )

        done = self._on_record_again if again else self._on_record
        self._desks.jobs.start("record card", work, on_done=done, on_error=self._notices.tell)

    def follow(self, link: str) -> None:
        """Go where a link of a card leads."""
        kind, _, rest = link.partition(":")
        register, _, record_id = rest.partition(":")
        if kind == "record":
            self.show_record(register, record_id)
        elif kind == "gauge":
            gauge = next((g for g in self._desks.alarms.gauges if g.id == rest), None)
            if gauge is not None:
                self._desks.map.set_visible("gauges", True)
                self._rooms.canvas.show_selected_point(gauge.id)
                self._go_to(gauge.lon_deg, gauge.lat_deg)
        elif kind == "warning":
            self._views.sheet.show_card(rest)
        elif kind == "history":
            self.history_requested.emit(register, record_id)
        elif kind == "tel":
            line = next((one for one in self.numbers(self.record_card.shown) if one.phone == rest), None)
            take_number(self._notices, line or PersonLine("", "", rest))

    def close_record(self, part: str = "close") -> None:
        """Take the card of a record away."""
        del part
        self._close_record()

    def _close_record(self) -> None:
        if self.record_card.shown != ("", ""):
            self._record = None
            self.record_card.show_record(None, None)
            self.shown_changed.emit()
            self.record_shown.emit("", "")
        if self._rooms.right == RECORD:
            self._rooms.show_point_card(shown=bool(self._point_id))

    def _go_to(self, lon_deg: float, lat_deg: float) -> None:
        self._views.show_on_map(lon_deg - REACH_DEG, lat_deg - REACH_DEG, lon_deg + REACH_DEG, lat_deg + REACH_DEG)

    def _on_registers(self, known: CardRegisters) -> None:
        gone = [self._known]
        self._known = known
        self._desks.jobs.let_go(gone)
        self.refresh()
        if self.record_card.shown != ("", ""):
            self._read_record(*self.record_card.shown, again=True)

    def _on_curves(self, _: None) -> None:
        """Make the plot of the first card, a part in each turn of the event loop."""
        curve = self._rooms.point_card.curve
        if not curve.warm_some():
            QTimer.singleShot(
                WARM_MS, curve, lambda: self._on_curves(None)
            )  # the curve's: not after its window is gone

    def _on_facts(self, facts: PointFacts) -> None:
        if facts.point_id == self._point_id:
            self._facts = facts
            self._rooms.point_card.show_facts(facts)
            self.shown_changed.emit()

    def _on_record(self, facts: RecordFacts | None) -> None:
        if facts is None:
            return
        record = facts.record
        self._show_facts(facts)
        self._rooms.show_right(RECORD)
        self.record_shown.emit(record.register, record.id)
        if record.lon_deg is not None and record.lat_deg is not None:
            self._rooms.canvas.show_selected_point(id_on_map(record.register, record.id))
            if not self._rooms.canvas.sees(record.lon_deg, record.lat_deg):
                self._go_to(record.lon_deg, record.lat_deg)

    def _on_record_again(self, facts: RecordFacts | None) -> None:
        """Say what a record says now; one that was taken out leaves no card."""
        if facts is None:
            self._close_record()
        elif (facts.record.register, facts.record.id) == self.record_card.shown:
            self._show_facts(facts)

    def _show_facts(self, facts: RecordFacts) -> None:
        card = self.record_card
        self._record = facts
        card.show_record(facts, self._desks.clock.now())
        self.shown_changed.emit()
        if card.photo_name:
            path = self._desks.office.folder / "photos" / Path(card.photo_name).name
            work = partial(read_photo, path)
            self._desks.jobs.start("photo", work, on_done=self._on_photo, on_error=self._notices.tell)

    def _on_photo(self, photo: QImage | None) -> None:
        self.record_card.show_photo(photo)


def read_photo(path: Path) -> QImage | None:
    """Read a photo no larger than a card shows it; None where it is absent or no picture. For a job."""
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid() and max(size.width(), size.height()) > PHOTO_MOST_PX:
        scale = PHOTO_MOST_PX / max(size.width(), size.height())
        reader.setScaledSize(size * scale)
    photo = reader.read()
    return None if photo.isNull() else photo


def record_facts(record: Record, db: Database, known: CardRegisters, actors: dict[str, str]) -> RecordFacts | None:
    """Return what the card of a record says; reads the store, for a job. None if nobody describes its register."""
    description = known.descriptions.get(record.register)
    if description is None:
        return None
    return RecordFacts(
        description,
        record,
        linked_names(known, record),
        registers.history(db, record.register, record.id),
        actors,
        length_m(record.wkb) if record.wkb else 0.0,
        numbers_of(record, known),
    )


def _record_facts(
    db: Database, register: str, record_id: str, known: CardRegisters, actors: dict[str, str]
) -> RecordFacts | None:
    record = registers.record(db, register, record_id)
    return record_facts(record, db, known, actors) if record is not None else None


def _load_curves() -> None:
    import pyqtgraph  # noqa: F401, PLC0415 - a third of a second, off the GUI thread

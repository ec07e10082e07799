"""The card of any register's record: laid out by the register's description, so that a new register needs no code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from PySide6.QtCore import QCoreApplication, QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from layers.sign import Sign
from models.hazard.level import RISING, Level
from models.register.description import FieldDescription, FieldType, RegisterDescription
from models.register.record import Record, RecordVersion, Value
from widgets import language, pieces, words
from widgets import theme as look
from widgets.key_cap import key_piece, key_width
from widgets.map.card_checks import CheckLine, lay_checks
from widgets.map.card_links import LINK, NAME_LEFT_PX, Laid, LinkedCard
from widgets.map.card_parts import (
    EDGE,
    CardRow,
    Layout,
    days_ago,
    distance,
    not_entered,
    on_day,
    overdue,
    quiet,
)
from widgets.map.card_values import PersonLine
from widgets.pieces import Fill, Mark, Run, Text

_HEAD_PX = 62.0
_FACTS = frozenset(
    {FieldType.TEXT, FieldType.INTEGER, FieldType.NUMBER, FieldType.YES_NO, FieldType.CHOICE, FieldType.THRESHOLDS}
)
_REACHED = frozenset({FieldType.PHONE, FieldType.LINK})
_LINKS_SHOWN, _CHECKS_SHOWN = 12, 3
translate = QCoreApplication.translate
_VERSIONS_SHOWN = 4
_FIGURE_PX, _MARK_PX = 44.0, 10.0
_PHOTO_MOST_PX = 240.0


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """A record with what its card says of it.

    ``names`` are the names of linked records by register and id, ``actors`` those of people by account;
    ``history`` every version, the first one first; ``length_m`` how long a line is, 0 for what is none;
    ``numbers`` whom it can be asked about.
    """

    description: RegisterDescription
    record: Record
    names: Mapping[tuple[str, str], str] = field(default_factory=dict)
    history: tuple[RecordVersion, ...] = ()
    actors: Mapping[str, str] = field(default_factory=dict)
    length_m: float = 0.0
    numbers: tuple[PersonLine, ...] = ()


class RecordCard(LinkedCard):
    """The card of one record.

    Signals
    -------
    part_clicked(str)    ``close`` when the card's Esc cap is clicked
    link_requested(str)  ``record:REGISTER:ID``, ``tel:NUMBER``, ``history:REGISTER:ID``
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, height_px=int(_HEAD_PX))
        self._facts: RecordFacts | None = None
        self._now: datetime | None = None
        self._photo: QImage | None = None

    def show_record(self, facts: RecordFacts | None, now: datetime | None) -> None:
        """Show a record; None shows what will stand here."""
        self._facts, self._now, self._photo = facts, now, None
        self.changed()

    def show_photo(self, photo: QImage | None) -> None:
        """Show the record's photo, once it is read; None where it cannot be."""
        self._photo = photo
        self.changed()

    @property
    def shown(self) -> tuple[str, str]:
        """Register and id of the record on the card, empty if there is none."""
        record = self._facts.record if self._facts else None
        return (record.register, record.id) if record else ("", "")

    @property
    def photo_name(self) -> str:
        """The file name of the record's photo, empty if it has none."""
        facts = self._facts
        for one in facts.description.fields if facts else ():
            if facts and one.type is FieldType.PHOTO and facts.record.values.get(one.key):
                return str(facts.record.values[one.key])
        return ""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        room = self.laid.room
        if self._photo is None or room.isEmpty():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        size = QSizeF(self._photo.size()).scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        painter.drawImage(QRectF(room.topLeft(), size), self._photo)
        painter.end()

    def lay_out(self, width: float) -> Laid:
        """Return the record by its description; the photo has its room."""
        facts = self._facts
        if facts is None:
            said = self.tr("Choose an entry on the map or in a table: what is known of it stands here.")
            return Laid(list(pieces.line(EDGE, width - EDGE, 24, [quiet(said, elide=True)])), _HEAD_PX)
        at = Layout(width, label_px=_label_px(facts.description, width))
        self._head(at, facts)
        kinds = facts.description.fields
        checks = checks_of(facts.description, facts.record, self._today())
        lay_checks(at, [check for _, check in checks], self._today())
        above = {key for key, _ in checks}
        self._section(at, facts, [one for one in kinds if one.type in _FACTS], first=True)
        self._section(at, facts, [one for one in kinds if one.type in _REACHED])
        self._section(at, facts, [one for one in kinds if one.type is FieldType.DATE and one.key not in above])
        photo = self._picture(at)
        self._others(at, facts)
        self._history(at, facts)
        return Laid(at.laid, at.y + 8, photo)

    def _head(self, at: Layout, facts: RecordFacts) -> None:
        record, description = facts.record, facts.description
        key_left = at.right - key_width("Escape")
        at.laid.append(key_piece(key_left, 22, "Escape"))
        tip = self.tr("close the card")
        at.laid.append(Text(QRectF(key_left, 12, at.width - key_left, 20), "", hit="close", tip=tip))
        kind = description.kind(record.kind)
        name = record.name or record.id
        runs = [Run(name, look.TITLE_PX, elide=True, gap_px=8)]
        runs.append(quiet(kind.title.of(language.current()) if kind else record.kind, elide=True))
        if self._inactive(facts):
            runs.append(Run(self.tr("inactive"), look.SECOND_PX, tag=True, gap_px=8))
        if record.id != name:
            runs.append(quiet(record.id, elide=True))
        at.laid += pieces.line(NAME_LEFT_PX, key_left - 8, 28, runs)
        where = [quiet(description.title.of(language.current()), gap_px=10), quiet(record.town, gap_px=10)]
        where.append(quiet(record.village, gap_px=10))
        if facts.length_m > 0:
            far, unit = distance(facts.length_m)
            where.append(quiet(f"{far} {unit}"))
        at.laid += pieces.line(NAME_LEFT_PX, at.right, 48, where)
        at.laid.append(Fill(QRectF(0, _HEAD_PX - 1, at.width, 1), "line"))
        at.y = _HEAD_PX

    def sprite(self) -> str:
        """Return the record's sign: its kind's glyph, or its register's."""
        if self._facts is None:
            return ""
        kind = self._facts.description.kind(self._facts.record.kind)
        glyph = (kind.glyph if kind else "") or self._facts.description.glyph
        return Sign(glyph, inactive=self._inactive(self._facts)).key

    def _inactive(self, facts: RecordFacts) -> bool:
        """Return whether the record's period has not begun or is over."""
        today, values = self._today(), facts.record.values
        begins, ends = (
            _day(values.get(key)) for key in (facts.description.active_from, facts.description.active_until)
        )
        return (begins is not None and today < begins) or (ends is not None and today > ends)

    def _section(self, at: Layout, facts: RecordFacts, fields: list[FieldDescription], *, first: bool = False) -> None:
        """Lay fields; an empty one is said where the table has a column for it."""
        values = facts.record.values
        shown = [one for one in fields if one.in_table or values.get(one.key) not in (None, "", [])]
        if not shown and not first:
            return
        at.y += 5
        for one in shown:
            self._field(at, facts, one, values.get(one.key))
        if first:
            self._position(at, facts.record)
        at.rule()

    def _field(self, at: Layout, facts: RecordFacts, one: FieldDescription, value: Value) -> None:
        word = one.title.of(language.current())
        if value is None or value in ("", []):
            at.row(CardRow([not_entered() if one.required else quiet(words.MISSING)], word))
        elif one.type is FieldType.THRESHOLDS and isinstance(value, list):
            self._thresholds(at, word, value)
        elif one.type is FieldType.LINK:
            self._links(at, facts, one, value)
        elif one.type is FieldType.DATE:
            self._date(at, one, value)
        elif one.type is FieldType.PHONE:
            at.row(CardRow([Run(str(value), hit=f"{LINK}tel:{value}")], word))
        elif one.type is FieldType.TEXT and pieces.width_of(str(value)) > at.right - EDGE - at.label_px:
            at.row(CardRow((), word))
            at.said(str(value))
        else:
            at.row(CardRow(self._plain(one, value), word))

    def _plain(self, one: FieldDescription, value: Value) -> list[Run]:
        if one.type is FieldType.YES_NO:
            return [Run(self.tr("yes") if value else self.tr("no"))]
        if one.type is FieldType.CHOICE:
            chosen = next((c for c in one.choices if c.key == value), None)
            return [Run(chosen.title.of(language.current()) if chosen else str(value), elide=True)]
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            digits = 0 if float(value).is_integer() else 1
            return [Run(words.number(float(value), digits), gap_px=3), quiet(one.unit_of(language.current()))]
        return [Run(str(value), elide=True, gap_px=3), quiet(one.unit_of(language.current()))]

    def _links(self, at: Layout, facts: RecordFacts, one: FieldDescription, value: Value) -> None:
        ids = [str(id_) for id_ in value] if isinstance(value, list) else [str(value)]
        word = one.title.of(language.current())
        for n, id_ in enumerate(ids[:_LINKS_SHOWN]):
            name = facts.names.get((one.to, id_), "")
            runs = [Run(name or id_, elide=True, hit=f"{LINK}record:{one.to}:{id_}", gap_px=8)]
            if not name:
                runs.append(Run(self.tr("not in the register"), look.SECOND_PX, tag=True))
            at.row(CardRow(runs, word if n == 0 else " "))
        if len(ids) > _LINKS_SHOWN:
            at.row(CardRow([quiet(self.tr("{n} more").format(n=len(ids) - _LINKS_SHOWN))], " "))

    def _date(self, at: Layout, one: FieldDescription, value: Value) -> None:
        word, day, today = one.title.of(language.current()), _day(value), self._today()
        if day is None:
            at.row(CardRow([Run(str(value), elide=True)], word))
            return
        runs = [Run(on_day(day, today), gap_px=8)]
        right: list[Run] = []
        if one.due_days is not None:
            late = (today - day).days - one.due_days
            if late > 0:
                right = overdue(late)
            elif one.due_days:
                due = on_day(day + timedelta(days=one.due_days), today)
                right = [quiet(self.tr("next"), gap_px=4), Run(due, look.SECOND_PX)]
        wide = pieces.total_width(runs) + pieces.total_width(right) + at.label_px + 100 < at.right - EDGE
        if day <= today and (wide or not right):
            runs.append(quiet(days_ago(day, today)))
        at.row(CardRow(runs, word, right))

    def _thresholds(self, at: Layout, word: str, value: list[object]) -> None:
        """Lay a row for each window: its levels with their millimeters."""
        rows: dict[float, dict[str, float]] = {}
        for entry in value:
            if isinstance(entry, Mapping):
                rows.setdefault(float(entry["window_h"]), {})[str(entry["level"])] = float(entry["rain_mm"])
        at.row(CardRow([quiet("mm")], word))
        for window_h in sorted(rows):
            base, right = at.y + 16, at.right
            at.laid += pieces.line(EDGE, EDGE + 60, base, [quiet(words.window(window_h))])
            for level in reversed(RISING):
                mm = rows[window_h].get(level.value)
                text = words.MISSING if mm is None else words.millimeters(mm)
                figures = pieces.line(0, right, base, [Run(text)], align="right")
                at.laid += figures
                mark = QRectF(right - _FIGURE_PX, base - 10, _MARK_PX, _MARK_PX)
                at.laid.append(Mark(mark, Level(level), tip=words.level(level)))
                right -= _FIGURE_PX + 14
            at.y += 22

    def _position(self, at: Layout, record: Record) -> None:
        if record.lon_deg is not None and record.lat_deg is not None:
            position = f"{record.lon_deg:.5f}  {record.lat_deg:.5f}"
            at.row(CardRow([Run(position, look.SECOND_PX, gap_px=8), quiet("WGS 84")], self.tr("Lon, lat")))
        elif self._facts is not None and self._facts.description.geometry != "none":
            at.row(CardRow([Run(self.tr("no position"), look.SECOND_PX, tag=True)], self.tr("Lon, lat")))

    def _picture(self, at: Layout) -> QRectF:
        """Lay the photo, or its name as long as it is not read; return where it stands."""
        name = self.photo_name
        if not name:
            return QRectF()
        at.y += 5
        if self._photo is None:
            at.row(CardRow([quiet(name, elide=True)], self.tr("Photo")))
            at.rule()
            return QRectF()
        wide = at.right - EDGE
        high = min(_PHOTO_MOST_PX, wide * self._photo.height() / max(1, self._photo.width()))
        room = QRectF(EDGE, at.y + 4, wide, high)
        at.y += high + 8
        at.rule()
        return room

    def _others(self, at: Layout, facts: RecordFacts) -> None:
        """Lay columns of the source that the register has no field for."""
        others = [(key, value) for key, value in facts.record.others.items() if value]
        if not others:
            return
        at.title([Run(self.tr("Other columns of the file"))])
        for key, value in others:
            at.row(CardRow([Run(value, look.SECOND_PX, elide=True)], key))
        at.rule()

    def _history(self, at: Layout, facts: RecordFacts) -> None:
        title = [Run(self.tr("History"), gap_px=8)]
        if not facts.history:
            at.title([*title, quiet(self.tr("no version is kept"))])
            return
        record = facts.record
        count = self.tr("version {n}").format(n=facts.history[-1].number)
        at.title([*title, Run(count, look.SECOND_PX, "quiet", hit=f"{LINK}history:{record.register}:{record.id}")])
        gone_before = {one.number + 1 for one in facts.history if one.gone}
        for version in reversed(facts.history[-_VERSIONS_SHOWN:]):
            day = on_day(version.at.astimezone(words.OFFICE_ZONE).date(), self._today())
            runs = [Run(day, look.SECOND_PX, gap_px=8), quiet(words.clock(version.at))]
            runs += [Run(self._actor(facts, version.actor), look.SECOND_PX, elide=True, gap_px=8)]
            at.row(CardRow(runs, right=[quiet(self._cause(version, is_first=version.number in {1, *gone_before}))]))

    def _actor(self, facts: RecordFacts, actor: str) -> str:
        return self.tr("the program") if actor == "system" else words.actor(actor, facts.actors)

    def _cause(self, version: RecordVersion, *, is_first: bool) -> str:
        """Return what a version came by; the first one was put in, in the words of the form's own list."""
        cause = version.cause.partition(":")[0]
        if version.gone:
            return self.tr("taken out")
        if is_first and cause == "edit":
            return translate("VersionList", "put in")
        return {
            "edit": self.tr("edited"),
            "inspection": self.tr("inspected"),
            "import": self.tr("imported"),
            "undo": self.tr("import undone"),
            "migration": self.tr("taken over"),
        }.get(cause, cause)

    def _today(self) -> date:
        return self._now.astimezone(words.OFFICE_ZONE).date() if self._now is not None else date.max


def checks_of(description: RegisterDescription, record: Record, today: date) -> list[tuple[str, CheckLine]]:
    """Return what stands under the head, by field: the inspection, and what is overdue or, if nothing is, due next."""
    dated = [one for one in description.fields if one.type is FieldType.DATE and one.due_days is not None]
    lines = {one.key: _check(one, _day(record.values.get(one.key)), today) for one in dated}
    late = sorted(
        (key for key, line in lines.items() if line.overdue_days), key=lambda key: -(lines[key].overdue_days or 0)
    )
    due = sorted((key for key, line in lines.items() if line.next_on), key=lambda key: lines[key].next_on or today)
    first = [description.inspected_on] if description.inspected_on in lines else []
    by = str(record.values.get(description.inspected_by) or "") if description.inspected_by else ""
    lines |= {key: replace(lines[key], by=by) for key in first}
    chosen = dict.fromkeys([*first, *(late or ([] if first else due[:1]))])
    return [(key, lines[key]) for key in chosen][:_CHECKS_SHOWN]


def _check(one: FieldDescription, day: date | None, today: date) -> CheckLine:
    word = one.title.of(language.current())
    if day is None or one.due_days is None:
        return CheckLine(word, day)
    due = day + timedelta(days=one.due_days)
    return CheckLine(word, day, due, (today - due).days if today > due else None)


def _label_px(description: RegisterDescription, width: float) -> float:
    """Return the room for the words of all fields, two fifths of the card at most."""
    titles = (pieces.width_of(one.title.of(language.current()), look.SECOND_PX) for one in description.fields)
    return min(max(titles, default=0.0) + 12, width * 0.4)


def _day(value: Value) -> date | None:
    try:
        return datetime.strptime(str(value or "")[:10], "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        return None

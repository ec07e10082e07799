"""The rows of a register's table as arrays: sorted and filtered in a job, read by the row on the GUI thread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from models.register.description import FieldType, GeometryType, RegisterDescription
from models.register.record import Record, Value
from models.register.row_filter import Asked, Condition
from models.register.table_columns import KIND, NAME, STATE, TOWN, VILLAGE, Column, columns_of, limit_mm

FloatArray = NDArray[np.float64]
Order = NDArray[np.intp]
_AT_ONCE = 4_000
_KEY_BYTES = 48
_SEEN = 400
_LEVELS = ("", "none", "not_judged", "blue", "yellow", "orange", "red")
INACTIVE, OVERDUE, NO_PLACE = "inactive", "overdue", "no_place"
ENGLISH = {
    "none": "no level",
    "not_judged": "not judged",
    INACTIVE: "inactive",
    OVERDUE: "overdue",
    NO_PLACE: "no position",
}
"""Words of states in English; the console gives its own."""


@dataclass(frozen=True, slots=True)
class RowState:
    """What stands in the state column. ``level`` is the value of a level, empty where nothing is judged."""

    level: str = ""
    inactive: bool = False
    overdue_days: int = 0
    no_place: bool = False


class Rows:
    """Records of one register by column.

    Arrays are made when a job first asks for them and kept. Single cells cost
    nothing but a look into the record. ``widths`` are those of the columns in ems, ``longest`` those of the longest of
    the first cells.
    """

    def __init__(
        self,
        description: RegisterDescription,
        records: Iterable[Record],
        *,
        today: date,
        language: str = "zh",
        names: Mapping[str, Mapping[str, str]] | None = None,
        words: Mapping[str, str] | None = None,
        levels: Mapping[str, str] | None = None,
    ) -> None:
        """Take records in the register's order.

        ``names`` are those of the records that links lead to, by register and id; ``words`` those of
        states; ``levels`` the values of the levels that points stand at, by id, where the register
        is judged: one that is lacking there is not judged. None if it never is.
        """
        self.description = description
        self.records = tuple(records)
        self.today = today
        self.language = language
        self.columns = columns_of(description, self.records)
        self.names = names or {}
        self.levels = levels
        self._words = ENGLISH | dict(words or {})
        self._choices = {
            column.key: {one.key: one.title.of(language) for one in column.field.choices}
            for column in self.columns
            if column.field is not None and column.type is FieldType.CHOICE
        }
        self._choices[KIND] = {one.key: one.title.of(language) for one in description.kinds}
        self._place = {record.id: number for number, record in enumerate(self.records)}
        self._texts: dict[str, list[str]] = {}
        self._ranks: dict[str, FloatArray] = {}
        self._figures: dict[str, FloatArray] = {}
        self.longest: dict[str, float] = {}
        self.widths = {column.key: self.wide(column) for column in self.columns}

    def __len__(self) -> int:
        return len(self.records)

    def row_of(self, record_id: str) -> int:
        """Return the row of a record in the register's own order, -1 if there is none."""
        return self._place.get(record_id, -1)

    def column(self, key: str) -> Column | None:
        """Return the column of a key, None if there is none."""
        return next((one for one in self.columns if one.key == key), None)

    # one cell

    def value(self, row: int, column: Column) -> Value:
        """Return what a cell holds as the record keeps it; the red threshold in mm of a window's column."""
        record = self.records[row]
        match column.key:
            case "name":
                return record.name
            case "kind":
                return record.kind
            case "town":
                return record.town
            case "village":
                return record.village
            case "state":
                return self.text(row, column)
        if column.type is FieldType.THRESHOLDS:
            return limit_mm(record, column)
        return record.values.get(column.key)

    def text(self, row: int, column: Column) -> str:
        """Return what a cell says, empty for an empty one; dates stand as ``YYYY-MM-DD``."""
        if column.key == STATE:
            return self._state_text(self.state(row))
        value = self.value(row, column)
        if value is None or value == "":
            return ""
        if column.type is FieldType.CHOICE:
            return self._choices[column.key].get(str(value), str(value))
        if column.type is FieldType.LINK:
            return self._linked(value, column)
        if isinstance(value, bool):
            return "✓" if value else "✗"
        if isinstance(value, float):
            return f"{value:.10g}"
        if isinstance(value, list):
            return "、".join(str(one) for one in value)
        return str(value)

    def overdue_days(self, row: int, column: Column) -> int:
        """Return by how many days a date is overdue; 0 if it is not, or is not known."""
        if column.due_days is None or column.type is not FieldType.DATE:
            return 0
        day = _ordinal(self.value(row, column))
        return 0 if np.isnan(day) else max(0, self.today.toordinal() - int(day) - column.due_days)

    def age_days(self, row: int, column: Column) -> int | None:
        """Return how many days ago a date was, None if there is none; below 0 if it is still to come."""
        day = _ordinal(self.value(row, column))
        return None if np.isnan(day) else self.today.toordinal() - int(day)

    def state(self, row: int) -> RowState:
        """Return the state of a record."""
        record = self.records[row]
        placeless = self.description.geometry is not GeometryType.NONE and record.lon_deg is None
        overdue = max((self.overdue_days(row, column) for column in self._dated()), default=0)
        return RowState(self._level(record), self._is_inactive(record), overdue, placeless)

    def wide(self, column: Column) -> float:
        """Return how wide the cells of a column are in ems: nine of ten of the first rows fit into it."""
        title = column.title.of(self.language)
        sizes = sorted(ems(self.text(row, column)) for row in range(min(_SEEN, len(self.records))))
        self.longest[column.key] = max(ems(title), sizes[-1] if sizes else 0.0)
        return max(ems(title), sizes[len(sizes) * 9 // 10] if sizes else 0.0)

    # whole columns; for jobs

    def shown(
        self, sort: str = "", *, descending: bool = False, filters: Mapping[str, Condition | None] | None = None
    ) -> Order:
        """Return the rows that pass all filters, in order.

        Parameters
        ----------
        sort : str
            Key of the column that orders them; the register's own order if empty.
        descending : bool
            The largest first. Empty cells stand last either way.
        filters : mapping of str to Condition
            By the ``group`` of columns: one of the group's columns must pass.

        Returns
        -------
        (n,) intp
            Row numbers of the register's own order.
        """
        keep = np.ones(len(self.records), bool)
        for group, asked in (filters or {}).items():
            columns = [column for column in self.columns if column.group == group]
            if asked is not None and columns:
                keep &= np.logical_or.reduce([self._passes(column, asked) for column in columns])
        rows = np.flatnonzero(keep)
        column = self.column(sort)
        if column is None:
            return rows
        ranks = self.ranks(column)[rows]
        # NaN sorts last in either direction, as it has no sign.
        return rows[np.argsort(-ranks if descending else ranks, kind="stable")]

    def ranks(self, column: Column) -> FloatArray:
        """Return (n,) what orders a column; NaN for empty cells. Texts stand in the order of GB 18030, by sound."""
        kept = self._ranks.get(column.key)
        if kept is not None:
            return kept
        if column.key == STATE:
            made = self._weights()
        elif column.type in {FieldType.DATE, FieldType.YES_NO} or column.is_figure:
            made = self.figures(column)
        else:
            made = _text_ranks(self.texts(column))
        self._ranks[column.key] = made
        return made

    def figures(self, column: Column) -> FloatArray:
        """Return (n,) the figures of a column; a date's ordinal, 1 and 0 for yes and no, NaN where there is none."""
        kept = self._figures.get(column.key)
        if kept is None:
            values = (self.value(row, column) for row in range(len(self.records)))
            read = _ordinal if column.type is FieldType.DATE else _figure
            kept = np.fromiter((read(value) for value in values), np.float64, len(self.records))
            self._figures[column.key] = kept
        return kept

    def texts(self, column: Column) -> list[str]:
        """Return what the cells of a column say."""
        kept = self._texts.get(column.key)
        if kept is None:
            kept = [self.text(row, column) for row in range(len(self.records))]
            self._texts[column.key] = kept
        return kept

    def overdue(self, column: Column) -> FloatArray:
        """Return (n,) by how many days the dates of a column are overdue; 0 if they are not."""
        if column.due_days is None or column.type is not FieldType.DATE:
            return np.zeros(len(self.records))
        late = self.today.toordinal() - self.figures(column) - column.due_days
        return np.where(np.isnan(late), 0.0, np.maximum(late, 0.0))

    def _passes(self, column: Column, asked: Condition) -> NDArray[np.bool_]:
        match asked.asked:
            case Asked.EMPTY:
                return np.array([not text for text in self.texts(column)], bool)
            case Asked.FILLED:
                return np.array([bool(text) for text in self.texts(column)], bool)
            case Asked.OVERDUE:
                if column.key == STATE:
                    late = [self.overdue(dated) > 0 for dated in self._dated()]
                    return np.logical_or.reduce(late) if late else np.zeros(len(self.records), bool)
                return self.overdue(column) > 0
            case Asked.RANGE | Asked.DAYS:
                return self._between(column, asked)
        return self._has_words(column, asked.words)

    def _between(self, column: Column, asked: Condition) -> NDArray[np.bool_]:
        if not (column.is_figure or column.type is FieldType.DATE):
            return np.zeros(len(self.records), bool)
        figures = self.figures(column)
        if asked.asked is Asked.RANGE and column.type is FieldType.DATE:
            figures = self.today.toordinal() - figures
        with np.errstate(invalid="ignore"):
            return (figures >= asked.least) & (figures <= asked.most)

    def _has_words(self, column: Column, words: tuple[str, ...]) -> NDArray[np.bool_]:
        texts = self.texts(column)
        if column.key == NAME:
            texts = [f"{record.name}\n{record.id}" for record in self.records]
        plain = (lambda text: text.replace("-", "")) if column.type is FieldType.PHONE else str
        asked = [plain(word) for word in words]

        def has_one(text: str) -> bool:
            small = plain(text).casefold()
            return any(word in small for word in asked)

        has = {text: has_one(text) for text in set(texts)}  # a town stands in thousands of rows
        return np.array([has[text] for text in texts], bool)

    def _weights(self) -> FloatArray:
        """Order states: the level first, then a missing position, inactive, days overdue; NaN for none of it."""
        count = len(self.records)
        levels = (self._level(record) for record in self.records)
        level = np.fromiter((_LEVELS.index(one) if one in _LEVELS else 0 for one in levels), np.float64, count)
        placed = self.description.geometry is not GeometryType.NONE
        placeless = np.fromiter((placed and record.lon_deg is None for record in self.records), bool, count)
        inactive = np.fromiter((self._is_inactive(record) for record in self.records), bool, count)
        late = np.zeros(count)
        for column in self._dated():
            late = np.maximum(late, self.overdue(column))
        weight = level * 1e8 + placeless * 4e7 + inactive * 2e7 + np.minimum(late, 1e7)
        weight[weight == 0] = np.nan
        return weight

    def _linked(self, value: Value, column: Column) -> str:
        names = self.names.get(column.field.to if column.field is not None else "", {})
        ids = value if isinstance(value, list) else [value]
        return "、".join(names.get(str(one), str(one)) for one in ids)

    def _dated(self) -> list[Column]:
        return [column for column in self.columns if column.due_days is not None]

    def _level(self, record: Record) -> str:
        return "" if self.levels is None else self.levels.get(record.id, "not_judged")

    def _is_inactive(self, record: Record) -> bool:
        if not self.description.active_from and not self.description.active_until:
            return False
        begins = _ordinal(record.values.get(self.description.active_from))
        ends = _ordinal(record.values.get(self.description.active_until))
        today = self.today.toordinal()
        return begins > today or ends < today

    def _state_text(self, state: RowState) -> str:
        said = [self._words.get(state.level, state.level)] if state.level else []
        facts = ((state.inactive, INACTIVE), (state.overdue_days > 0, OVERDUE), (state.no_place, NO_PLACE))
        return " ".join([*said, *(self._words[word] for is_so, word in facts if is_so)])


def ems(text: str) -> float:
    """Return the width of a text in ems: a Chinese sign has one, a letter or a figure 0.56."""
    return sum(1.0 if sign > "\u2e80" else 0.56 for sign in text)


def _figure(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else float("nan")


def _ordinal(value: object) -> float:
    """Return the ordinal of ``YYYY-MM-DD``, NaN if it is no day."""
    if not isinstance(value, str) or not value:
        return float("nan")
    try:
        return float(date.fromisoformat(value[:10]).toordinal())
    except ValueError:
        return float("nan")


def _text_ranks(texts: list[str]) -> FloatArray:
    """Number texts in their order; equal ones share a number, empty ones have none."""
    parts = [np.zeros(0, f"S{_KEY_BYTES}")]
    for first in range(0, len(texts), _AT_ONCE):  # in parts: one long call would hold every other thread
        some = [text.casefold().encode("gb18030", "replace") for text in texts[first : first + _AT_ONCE]]
        parts.append(np.array(some, f"S{_KEY_BYTES}"))
    keys = np.concatenate(parts)
    order = np.argsort(keys, kind="stable")
    ranked = keys[order]
    ranks = np.empty(len(texts), np.float64)
    ranks[order] = np.concatenate(([0.0], np.cumsum(ranked[1:] != ranked[:-1]))) if len(texts) else []
    ranks[keys == b""] = np.nan
    return ranks


__all__ = ["KIND", "NAME", "STATE", "TOWN", "VILLAGE", "Order", "RowState", "Rows", "ems"]

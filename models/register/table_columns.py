"""The columns of a register's table: what every record has, its described fields, and its state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from models.register.description import FieldDescription, FieldType, GeometryType, RegisterDescription, Words
from models.register.record import Record

NAME, KIND, TOWN, VILLAGE, STATE = "name", "kind", "town", "village", "state"
_TITLES = {
    NAME: Words("名称", "Name"),
    KIND: Words("类别", "Kind"),
    TOWN: Words("镇", "Town"),
    VILLAGE: Words("村", "Village"),
    STATE: Words("状态", "State"),
}
RED = "red"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``group`` is what is filtered together: the key itself, or the field whose windows stand apart.

    ``window_h`` is the window of a threshold's column, 0 for every other; ``field`` is None for what every record has.
    """

    key: str
    title: Words
    type: FieldType
    group: str
    field: FieldDescription | None = None
    window_h: float = 0.0

    def unit_of(self, language: str) -> str:
        """Return the unit of its figures in ``zh`` or ``en``, empty if it has none."""
        return self.field.unit_of(language) if self.field is not None else ""

    @property
    def due_days(self) -> int | None:
        """After how many days a date is overdue, None if it never is."""
        return self.field.due_days if self.field is not None else None

    @property
    def is_figure(self) -> bool:
        """Whether its cells are figures, which stand at the right."""
        return self.type in {FieldType.INTEGER, FieldType.NUMBER, FieldType.THRESHOLDS}


def columns_of(description: RegisterDescription, records: Iterable[Record] = ()) -> tuple[Column, ...]:
    """Return the columns of a register's table.

    ``records`` say which windows their thresholds have: each window of a field of thresholds is a column.
    What the description wants first stands behind the name. Kind, town and village are left out where the register has no kinds, or no places.
    """
    records = tuple(records)
    columns: list[Column] = []
    if description.kinds:
        columns.append(_own(KIND, FieldType.CHOICE))
    if description.geometry is not GeometryType.NONE or any(record.town for record in records):
        columns += [_own(TOWN), _own(VILLAGE)]
    for one in description.fields:
        if not one.in_table:
            continue
        if one.type is FieldType.THRESHOLDS:
            columns += [
                Column(f"{one.key}:{hours:g}", Words(f"{hours:g} h", f"{hours:g} h"), one.type, one.key, one, hours)
                for hours in _windows(one.key, records)
            ]
        else:
            columns.append(Column(one.key, one.title, one.type, one.key, one))
    first = {key: number for number, key in enumerate(description.first)}
    columns.sort(key=lambda column: first.get(column.group, len(first)))
    return (_own(NAME), *columns, _own(STATE))


def limit_mm(record: Record, column: Column) -> float | None:
    """Return the red threshold of a column's window, mm; None where the record has none."""
    for limit in _limits(record, column.group):
        if limit.get("level") == RED and float(str(limit.get("window_h", 0))) == column.window_h:
            return float(str(limit["rain_mm"]))
    return None


def _own(key: str, type_: FieldType = FieldType.TEXT) -> Column:
    return Column(key, _TITLES[key], type_, key)


def _windows(key: str, records: tuple[Record, ...]) -> list[float]:
    return sorted({float(str(limit.get("window_h", 0))) for record in records for limit in _limits(record, key)})


def _limits(record: Record, key: str) -> list[dict[str, object]]:
    value = record.values.get(key)
    return [limit for limit in value if isinstance(limit, dict)] if isinstance(value, list) else []

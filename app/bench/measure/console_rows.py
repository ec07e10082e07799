"""How long one waits for search, cards and print in a whole console with so many records, and what it weighs."""

from __future__ import annotations

from pathlib import Path

from app.bench.measure.console_cost import ConsoleCost, console_cost
from app.bench.measure.console_office import make_console_office
from app.bench.measure.own_process import in_own_process
from app.bench.measure.rows import Aim, Clockwork, Row, Table

MOST_MB = 450.0
SCAN = "LIKE over the table"


def console_rows(table: Table, clock: Clockwork, folder: Path, records: int) -> None:
    """Measure a console on the demo office, all its borders and registers, and so many records more."""
    table.head(f"A whole console: the demo office without its rain, {records:,} records in one register")
    in_own_process(make_console_office, folder, records)
    for row in rows_of(in_own_process(console_cost, folder, records, clock.turns)):
        table.add(row)


def rows_of(cost: ConsoleCost) -> tuple[Row, ...]:
    """Return the rows of what was measured."""
    most = Aim(50)
    return (
        *(
            Row(f"search in the store, {typed}", "ms", times, base=cost.scan_ms[typed], base_name=SCAN, aim=most)
            for typed, times in cost.find_ms.items()
        ),
        Row("typed to the list on the screen", "ms", cost.typed_ms, aim=most),
        Row("card of a point, click to everything painted", "ms", cost.card_ms, aim=most),
        Row("longest hold of the GUI thread while it opens", "ms", cost.card_held_ms, aim=Aim(8)),
        Row("longest hold while all records are read anew", "ms", cost.read_held_ms, cost.read_worked_ms, aim=Aim(8)),
        Row("map printed: A3 as PDF, 300 dpi, to the file", "ms", cost.print_ms),
        Row(f"the whole console with {cost.records:,} records", "MB", (cost.memory_mb,), aim=Aim(MOST_MB)),
    )

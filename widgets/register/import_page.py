"""The page of an import: columns at the left, findings by kind with their mends in the middle, the position at the right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from layers.drawing import Drawings
from layers.map_view import MapView
from models.hazard.level import Level
from models.register.description import RegisterDescription
from models.register.finding import Finding, kind_title, mend_title
from models.register.mapping import Column, How, threshold_of_key
from models.register.quality import Group, Quality
from models.register.shift import PositionCheck
from models.register.table import as_text
from widgets import language, pieces, words
from widgets import theme as look
from widgets.key_cap import key_piece, key_width
from widgets.panel_head import PanelHead
from widgets.pieces import Fill, Frame, Piece, Run, Text
from widgets.register.import_foot import ImportFoot
from widgets.register.position_panel import PositionPanel
from widgets.row_list import Row, RowList

SHOWN_OF_A_KIND = 3
_HEADING_PX = 40
_LINE_PX = 44.0


@dataclass(frozen=True, slots=True, eq=False)
class ImportState:
    """A file as it stands: its report after the mends made so far, and its rows on the ground before and after.

    ``chosen`` are the mends that were made, ``mended`` how many rows each changed. ``added`` and ``changed`` count
    what the import would do to the register. ``first`` is how the rows fitted the ground before any mend.
    """

    file: str
    description: RegisterDescription
    quality: Quality
    mended: Mapping[str, int]
    chosen: tuple[str, ...]
    added: int
    changed: int
    as_read: Drawings
    as_taken: Drawings
    view: MapView | None = None
    leaves_out: bool = False
    first: PositionCheck | None = None


class ImportPage(QWidget):
    """The report of a file that is to become part of a register; nothing is imported until every row passes.

    Signals
    -------
    mend_requested(str)      make this mend, or take it back
    leave_out_requested(bool)  leave the rows out that do not pass, or take them back in
    again_requested()        read the file once more
    report_requested()       write the report for the file's owner
    import_requested()       write what passes into the register
    close_requested()        leave the register as it is
    """

    mend_requested = Signal(str)
    leave_out_requested = Signal(bool)
    again_requested = Signal()
    report_requested = Signal()
    import_requested = Signal()
    close_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAutoFillBackground(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._state: ImportState | None = None
        self._mends: tuple[str, ...] = ()
        self._open: set[str] = set()
        self._names: dict[int, str] = {}
        self._title = PanelHead(self.tr("Import"), self)
        self._columns_head = PanelHead(self.tr("Columns"), self)
        self.columns = RowList(self, empty=self.tr("The columns of the file stand here."))
        self._findings_head = PanelHead(self.tr("Findings"), self)
        self.findings = RowList(self, empty=self.tr("Nothing is wrong with this file: every row passes."), lines=False)
        self._position_head = PanelHead(self.tr("Position check"), self)
        self.position = PositionPanel(self)
        self.foot = ImportFoot(self)
        self._lay_out()
        self.findings.part_clicked.connect(self._on_part)
        self.findings.row_activated.connect(self._on_row)
        self.foot.leave.clicked.connect(self.close_requested)
        self.foot.again.clicked.connect(self.again_requested)
        self.foot.report.clicked.connect(self.report_requested)
        self.foot.leave_out.clicked.connect(self._on_leave_out)
        self.foot.write.clicked.connect(self.import_requested)
        keys = tuple(str(n) for n in range(1, 10))
        for widget in (self, self.columns, self.findings):
            widget.setProperty("own_keys", keys)

    def _lay_out(self) -> None:
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(self._title)
        row = QHBoxLayout()
        row.setSpacing(1)
        for head, panel, stretch in (
            (self._columns_head, self.columns, 24),
            (self._findings_head, self.findings, 46),
            (self._position_head, self.position, 30),
        ):
            column = QVBoxLayout()
            column.setSpacing(0)
            column.addWidget(head)
            column.addWidget(panel, 1)
            row.addLayout(column, stretch)
        page.addLayout(row, 1)
        page.addWidget(self.foot)

    @property
    def mends(self) -> tuple[str, ...]:
        """The mends that keys 1 to 9 make, in their order."""
        return self._mends

    def show_state(self, state: ImportState) -> None:
        """Show where a file stands."""
        if self._state is None or self._state.file != state.file:
            self._open.clear()
        self._state = state
        quality, spoken = state.quality, language.current()
        self._names = dict(zip(quality.entries.lines.tolist(), quality.entries.texts.get("name", ()), strict=False))
        self._title.show_title(self.tr("Import into {register}").format(register=state.description.title.of(spoken)))
        facts = self.tr("{file}   sheet {sheet}   {rows} rows   {columns} columns").format(
            file=state.file,
            sheet=quality.table.sheet or "—",
            rows=quality.rows_read,
            columns=len(quality.table.headers),
        )
        self._title.show_note(facts)
        mapped = sum(one.field != "" for one in quality.mapping.columns)
        self._columns_head.show_count(len(quality.mapping.columns))
        self._columns_head.show_note(
            self.tr("{n} mapped, {left} kept as they are").format(n=mapped, left=len(quality.mapping.columns) - mapped)
        )
        self.columns.show_rows(tuple(self._column_row(column) for column in quality.mapping.columns))
        self._show_findings(state)
        self.position.show_state(state.first, state.as_read, state.as_taken, state.view, quality)
        self.foot.show_state(quality, added=state.added, changed=state.changed, leaves_out=state.leaves_out)

    # columns

    def _column_row(self, column: Column) -> Row:
        state = self._state
        cell = ""
        if state is not None and state.quality.table.rows and column.index < len(state.quality.table.rows[0]):
            cell = as_text(state.quality.table.rows[0][column.index])
        how = {
            How.BY_NAME: self.tr("by name"),
            How.REMEMBERED: self.tr("remembered"),
            How.BY_HAND: self.tr("by hand"),
            How.KEPT: self.tr("kept"),
            How.LEFT_OUT: self.tr("left out"),
        }[column.how]
        title = self._field_title(column.field)

        def lay(width: float) -> list[Piece]:
            edge, part = float(look.EDGE_PX), (width - 2 * look.EDGE_PX) / 100
            tone = "text" if column.field else "quiet"
            laid: list[Piece] = list(
                pieces.line(edge, edge + part * 32, 19, [Run(column.header or "—", tone=tone, elide=True)])
            )
            laid += pieces.line(edge + part * 34, edge + part * 62, 19, [Run(title or "—", tone=tone, elide=True)])
            laid += pieces.line(
                edge + part * 63, edge + part * 84, 19, [Run(cell or "—", look.SECOND_PX, elide=True)], align="right"
            )
            laid += pieces.line(
                edge + part * 85, width - edge, 19, [Run(how, look.SECOND_PX, "quiet", elide=True)], align="right"
            )
            return laid

        return Row(f"column:{column.index}", look.ROW_PX, lay, selectable=False)

    def _field_title(self, key: str) -> str:
        if self._state is None or not key:
            return ""
        base = {
            "id": self.tr("Id"), "name": self.tr("Name"), "kind": self.tr("Kind"), "lon": self.tr("Longitude"),
            "lat": self.tr("Latitude"), "town": self.tr("Town"), "village": self.tr("Village"),
        }  # fmt: skip
        window = threshold_of_key(key)
        if window is not None:
            return f"{words.level(Level(window[1]))} {window[0]} h"
        field = self._state.description.field(key)
        return base.get(key) or (field.title.of(language.current()) if field is not None else key)

    # findings

    def _show_findings(self, state: ImportState) -> None:
        groups = state.quality.groups
        made = [one for one in state.chosen if not any(one in group.mends for group in groups)]
        self._mends = (*made, *dict.fromkeys(mend for group in groups for mend in group.mends))[:9]
        self._findings_head.show_count(self.tr("{n} kinds").format(n=len(groups)) if groups else "")
        self._findings_head.show_note(
            self.tr("{n} rows refused").format(n=len(state.quality.refused_lines)) if state.quality.refused else ""
        )
        rows: list[Row] = [self._made_row(mend, state.mended.get(mend, 0)) for mend in made]
        for group in groups:
            rows.append(self._heading(group))
            shown = group.findings if group.kind in self._open else group.findings[:SHOWN_OF_A_KIND]
            rows += [self._finding_row(group, n, one) for n, one in enumerate(shown)]
            if len(shown) < len(group.findings):
                rows.append(self._more_row(group, shown))
        self.findings.show_rows(tuple(rows))

    def _mend_pieces(self, mend: str, words: str, width: float, middle: float) -> list[Piece]:
        """Return the button of a mend at the right end of its line."""
        key = str(self._mends.index(mend) + 1) if mend in self._mends else ""
        cap = key_width(key) + 8 if key else 0.0
        wide = pieces.width_of(words) + cap + 20
        left = width - look.EDGE_PX - wide
        laid: list[Piece] = [
            Fill(QRectF(left, middle - 14, wide, 28), "hover", look.RADIUS_PX, hit=f"mend:{mend}"),
            Frame(QRectF(left, middle - 14, wide, 28), "edge", radius=look.RADIUS_PX),
            Text(QRectF(left + 10, middle - 12, wide - cap - 18, 24), words, hit=f"mend:{mend}"),
        ]
        if key:
            laid.append(key_piece(left + wide - key_width(key) - 6, middle, key))
        return laid

    def _made_row(self, mend: str, rows: int) -> Row:
        said = mend_title(mend, language.current())
        count = self.tr("done for {n} rows; again takes it back").format(n=rows)

        def lay(width: float) -> list[Piece]:
            laid = list(pieces.line(look.EDGE_PX, width * 0.55, 25, [Run(count, look.SECOND_PX, "quiet", elide=True)]))
            line = Fill(QRectF(0, 0, width, 1), "line")
            return [line, *laid, *self._mend_pieces(mend, f"✓ {said}", width, 20)]

        return Row(f"made:{mend}", _HEADING_PX, lay, selectable=False)

    def _heading(self, group: Group) -> Row:
        spoken = language.current()
        title = kind_title(group.kind, spoken)
        count = str(group.rows) if any(one.line for one in group.findings) else self.tr("file")
        warns = "" if group.refuses else self.tr("odd, not refused")
        mend = next(iter(group.mends), "")

        def lay(width: float) -> list[Piece]:
            edge = float(look.EDGE_PX)
            runs = [Run(count, look.FIGURE_PX), Run(title, gap_px=12), Run(warns, look.SECOND_PX, "quiet", gap_px=10)]
            laid: list[Piece] = [Fill(QRectF(0, 0, width, 1), "line")]
            laid += pieces.line(edge, width - edge, 26, runs)
            if mend:
                words = mend_title(mend, spoken)
                if group.mends[mend] < group.rows:
                    words += " " + self.tr("({n} of {all})").format(n=group.mends[mend], all=group.rows)
                laid += self._mend_pieces(mend, words, width, 20)
            return laid

        return Row(f"kind:{group.kind}", _HEADING_PX, lay, selectable=False)

    def _finding_row(self, group: Group, number: int, one: Finding) -> Row:
        reason, name = one.reason(language.current()), self._names.get(one.line, "")
        gives = self._gives(one)

        def lay(width: float) -> list[Piece]:
            edge = float(look.EDGE_PX)
            first = edge + _LINE_PX
            room = (width - first - edge) / 100
            quiet = "quiet"
            line = str(one.line) if one.line else self.tr("all")
            laid: list[Piece] = list(pieces.line(edge, first - 6, 19, [Run(line, look.SECOND_PX, quiet)]))
            laid += pieces.line(first, first + room * 16, 19, [Run(name, elide=True, tip=name)])
            laid += pieces.line(
                first + room * 17, first + room * 37, 19, [Run(one.in_file, elide=True, tip=one.in_file)]
            )
            laid += pieces.line(
                first + room * 38, first + room * 76, 19, [Run(reason, look.SECOND_PX, quiet, elide=True, tip=reason)]
            )
            tone = "text" if one.gives else quiet
            laid += pieces.line(first + room * 77, width - edge, 19, [Run(gives, tone=tone, elide=True, tip=gives)])
            return laid

        return Row(f"{group.kind}\x1f{number}", look.ROW_PX, lay, tip=reason)

    def _gives(self, one: Finding) -> str:
        stays, goes, line = one.gives.partition(">")
        if one.mend == "keep_newer" and goes:
            return self.tr("{stays} stays, {goes} goes").format(stays=stays.strip(), goes=line.strip())
        return one.gives or self.tr("ask the owner")

    def _more_row(self, group: Group, shown: tuple[Finding, ...]) -> Row:
        rest = group.findings[len(shown) :]
        lines = ", ".join(str(one.line) for one in rest[:12]) + (" …" if len(rest) > 12 else "")
        said = self.tr("{n} more, lines {lines}").format(n=len(rest), lines=lines)

        def lay(width: float) -> list[Piece]:
            left = look.EDGE_PX + _LINE_PX
            return list(pieces.line(left, width - look.EDGE_PX, 19, [Run(said, look.SECOND_PX, "quiet", elide=True)]))

        return Row(f"more:{group.kind}", look.ROW_PX, lay)

    # acts

    def keyPressEvent(self, event: QKeyEvent) -> None:
        number = event.key() - Qt.Key.Key_1
        if event.modifiers() == Qt.KeyboardModifier.NoModifier and 0 <= number < len(self._mends):
            self.mend_requested.emit(self._mends[number])
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.position.setMinimumWidth(min(420, self.width() // 3))

    def _on_part(self, _row_id: str, part: str) -> None:
        kind, _, name = part.partition(":")
        if kind == "mend":
            self.mend_requested.emit(name)

    def _on_row(self, row_id: str) -> None:
        if row_id.startswith("more:") and self._state is not None:
            self._open.add(row_id.removeprefix("more:"))
            self._show_findings(self._state)

    def _on_leave_out(self) -> None:
        if self._state is not None:
            self.leave_out_requested.emit(not self._state.leaves_out)

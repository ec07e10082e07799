"""Rows of an import's page: columns with their fields, findings with their reasons; and the heads over both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QCoreApplication, QRectF
from PySide6.QtWidgets import QWidget

from models.register.description import RegisterDescription
from models.register.finding import Finding, kind_title, mend_title
from models.register.mapping import Column, How, column_words
from models.register.quality import Group
from widgets import language, pieces
from widgets import theme as look
from widgets.key_cap import key_piece, key_width
from widgets.painted import Painted
from widgets.pieces import Fill, Frame, Piece, Run, Text
from widgets.row_list import Row, wrap

translate = QCoreApplication.translate
HEADS_PX = 26
_HEADING_PX = 40
_LINE_PX = 44.0
_REASON_PX = 17
_NARROW_PX = 860.0
"""Below this width a finding's reason stands under its row, not in it."""
_BASE = 19.0
Side = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a column of a list stands, px, and what it is called."""

    left: float
    right: float
    title: str
    align: Side = "left"


class Heads(Painted):
    """Names over the columns of a list."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, height_px=HEADS_PX)
        self._places: tuple[Place, ...] = ()

    def show_places(self, places: tuple[Place, ...]) -> None:
        """Lay the names where their columns stand."""
        self._places = places
        self.update()

    def pieces(self) -> list[Piece]:
        """Return what is painted."""
        laid: list[Piece] = [Fill(QRectF(0, HEADS_PX - 1, self.width(), 1), "line")]
        for one in self._places:
            run = Run(one.title, look.SECOND_PX, "quiet", elide=True, tip=one.title)
            laid += pieces.line(one.left, one.right, 18, [run], align=one.align)
        return laid


def column_places(width: float) -> tuple[Place, ...]:
    """Return where header, field, first cell and way stand in the list of columns."""
    edge = float(look.EDGE_PX)
    part = (width - 2 * edge) / 100
    way = max(part * 16, pieces.width_of(translate("ImportPage", "as before"), look.SECOND_PX) + 4)
    right = width - edge
    return (
        Place(edge, edge + part * 32, translate("ImportPage", "In the file")),
        Place(edge + part * 34, edge + part * 60, translate("ImportPage", "Field")),
        Place(edge + part * 61, right - way - 6, translate("ImportPage", "First"), "right"),
        Place(right - way, right, translate("ImportPage", "Mapped"), "right"),
    )


def finding_places(width: float) -> tuple[Place, ...]:
    """Return where line, name, cell, reason and what a mend gives stand; without the reason where it stands below."""
    edge = float(look.EDGE_PX)
    first = edge + _LINE_PX
    room = (width - first - edge) / 100
    line, right = Place(edge, first - 6, translate("ImportPage", "Line")), width - edge
    if width < _NARROW_PX:
        return (
            line,
            Place(first, first + room * 29, translate("ImportPage", "Point, reason below")),
            Place(first + room * 31, first + room * 64, translate("ImportPage", "In the file")),
            Place(first + room * 66, right, translate("ImportPage", "Mend gives")),
        )
    return (
        line,
        Place(first, first + room * 15, translate("ImportPage", "Point")),
        Place(first + room * 16, first + room * 36, translate("ImportPage", "In the file")),
        Place(first + room * 37, first + room * 74, translate("ImportPage", "Why it does not pass")),
        Place(first + room * 75, right, translate("ImportPage", "Mend gives")),
    )


def column_row(column: Column, cell: str, description: RegisterDescription) -> Row:
    """Return the row of a column of the file; ``cell`` is what stands in it first."""
    how = {
        How.BY_NAME: translate("ImportPage", "by name"),
        How.REMEMBERED: translate("ImportPage", "as before"),
        How.BY_HAND: translate("ImportPage", "by hand"),
        How.KEPT: translate("ImportPage", "kept"),
        How.LEFT_OUT: translate("ImportPage", "left out"),
    }[column.how]
    title = column_title(column, description)

    def lay(width: float) -> list[Piece]:
        places = column_places(width)
        tone = "text" if column.field else "quiet"
        runs = (
            Run(column.header or "—", tone=tone, elide=True, tip=column.header),
            Run(title or "—", tone=tone, elide=True, tip=title),
            Run(cell or "—", look.SECOND_PX, elide=True, tip=cell),
            Run(how, look.SECOND_PX, "quiet", elide=True, tip=how),
        )
        return _laid(places, runs)

    return Row(f"column:{column.index}", look.ROW_PX, lay)


def column_title(column: Column, description: RegisterDescription) -> str:
    """Return the field of a column in words, with the unit it is read in where that is not the field's own."""
    if not column.field:
        return ""
    zh, en = column_words(column.field, description)
    title = zh if language.current() == "zh" else en
    return f"{title}, {column.unit}" if column.unit else title


def heading_row(group: Group, keys: Sequence[str]) -> Row:
    """Return the row over the findings of a kind; ``keys`` are the mends that keys 1 to 9 make."""
    spoken = language.current()
    title = kind_title(group.kind, spoken)
    count = str(group.rows) if any(one.line for one in group.findings) else translate("ImportPage", "file")
    warns = "" if group.refuses else translate("ImportPage", "odd, not refused")
    mend = next(iter(group.mends), "")

    def lay(width: float) -> list[Piece]:
        edge = float(look.EDGE_PX)
        laid: list[Piece] = [Fill(QRectF(0, 0, width, 1), "line")]
        right = width - edge
        if mend:
            said = mend_title(mend, spoken)
            if group.mends[mend] < group.rows:
                said += " " + translate("ImportPage", "({n} of {all})").format(n=group.mends[mend], all=group.rows)
            button = _mend_pieces(mend, said, width, keys)
            laid += button
            right = width - edge - _mend_width(mend, said, keys) - 8
        runs = [
            Run(count, look.FIGURE_PX),
            Run(title, gap_px=12, elide=True, tip=title),
            Run(warns, look.SECOND_PX, "quiet", gap_px=10, elide=True, tip=warns),
        ]
        laid += pieces.line(edge, right, 26, runs)
        return laid

    return Row(f"kind:{group.kind}", _HEADING_PX, lay, selectable=False)


def made_row(mend: str, rows: int, keys: Sequence[str]) -> Row:
    """Return the row of a mend that was made."""
    said = f"✓ {mend_title(mend, language.current())}"
    count = translate("ImportPage", "done for {n} rows; again takes it back").format(n=rows)

    def lay(width: float) -> list[Piece]:
        right = width - look.EDGE_PX - _mend_width(mend, said, keys) - 8
        run = Run(count, look.SECOND_PX, "quiet", elide=True, tip=count)
        line = Fill(QRectF(0, 0, width, 1), "line")
        return [line, *pieces.line(look.EDGE_PX, right, 25, [run]), *_mend_pieces(mend, said, width, keys)]

    return Row(f"made:{mend}", _HEADING_PX, lay, selectable=False)


def finding_row(group: Group, number: int, one: Finding, names: Mapping[int, str], width: float) -> Row:
    """Return the row of a finding, as high as its reason needs at this width."""
    reason, name, gives = one.reason(language.current()), names.get(one.line, ""), _gives(one)
    places = finding_places(width)
    below = width < _NARROW_PX
    room = (places[-1].right - places[1].left) if below else (places[3].right - places[3].left)
    lines = wrap(reason, room, look.SECOND_PX)
    height = look.ROW_PX + _REASON_PX * (len(lines) if below else len(lines) - 1)

    def lay(width: float) -> list[Piece]:
        places = finding_places(width)
        laid = _laid(
            (places[0], *places[1:3], places[-1]),
            (
                Run(str(one.line) if one.line else translate("ImportPage", "all"), look.SECOND_PX, "quiet"),
                Run(name, elide=True, tip=name),
                Run(one.in_file, elide=True, tip=one.in_file),
                Run(gives, tone="text" if one.gives else "quiet", elide=True, tip=gives),
            ),
        )
        at = places[1] if below else places[3]
        top = _BASE + _REASON_PX if below else _BASE
        for step, said in enumerate(lines):
            run = Run(said, look.SECOND_PX, "quiet", elide=True, tip=reason)
            right = places[-1].right if below else at.right
            laid += pieces.line(at.left, right, top + step * _REASON_PX, [run])
        return laid

    return Row(f"{group.kind}\x1f{number}", height, lay, tip=reason)


def more_row(group: Group, rest: Sequence[Finding]) -> Row:
    """Return the row that stands for the findings of a kind that are not shown yet."""
    lines = ", ".join(str(one.line) for one in rest[:12]) + (" …" if len(rest) > 12 else "")
    said = translate("ImportPage", "{n} more, lines {lines}").format(n=len(rest), lines=lines)

    def lay(width: float) -> list[Piece]:
        run = Run(said, look.SECOND_PX, "quiet", elide=True, tip=said)
        return list(pieces.line(look.EDGE_PX + _LINE_PX, width - look.EDGE_PX, _BASE, [run]))

    return Row(f"more:{group.kind}", look.ROW_PX, lay)


def _laid(places: Sequence[Place], runs: Sequence[Run]) -> list[Piece]:
    laid: list[Piece] = []
    for place, run in zip(places, runs, strict=True):
        laid += pieces.line(place.left, place.right, _BASE, [run], align=place.align)
    return laid


def _mend_width(mend: str, said: str, keys: Sequence[str]) -> float:
    key = str(keys.index(mend) + 1) if mend in keys else ""
    return pieces.width_of(said) + (key_width(key) + 8 if key else 0.0) + 20


def _mend_pieces(mend: str, said: str, width: float, keys: Sequence[str]) -> list[Piece]:
    """Return the button of a mend at the right end of its line."""
    key = str(keys.index(mend) + 1) if mend in keys else ""
    cap = key_width(key) + 8 if key else 0.0
    wide, middle = _mend_width(mend, said, keys), _HEADING_PX / 2
    left = width - look.EDGE_PX - wide
    laid: list[Piece] = [
        Fill(QRectF(left, middle - 14, wide, 28), "hover", look.RADIUS_PX, hit=f"mend:{mend}"),
        Frame(QRectF(left, middle - 14, wide, 28), "edge", radius=look.RADIUS_PX),
        Text(QRectF(left + 10, middle - 12, wide - cap - 18, 24), said, hit=f"mend:{mend}"),
    ]
    if key:
        laid.append(key_piece(left + wide - key_width(key) - 6, middle, key))
    return laid


def _gives(one: Finding) -> str:
    stays, goes, line = one.gives.partition(">")
    if one.mend == "keep_newer" and goes:
        return translate("ImportPage", "{stays} stays, {goes} goes").format(stays=stays.strip(), goes=line.strip())
    return one.gives or ("" if one.mend else translate("ImportPage", "ask the owner"))

"""What a record was before: each version with who, when and what it changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from PySide6.QtCore import QCoreApplication, QRectF
from PySide6.QtWidgets import QVBoxLayout, QWidget

from models.register.description import RegisterDescription
from models.register.record import Record, RecordVersion
from widgets import language, pieces, words
from widgets import theme as look
from widgets.panel_head import PanelHead
from widgets.pieces import Piece, Run, Text
from widgets.row_list import Row, RowList

translate = QCoreApplication.translate


class VersionList(QWidget):
    """The versions of one record, the newest first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._head = PanelHead(self.tr("Versions"), self)
        self.list = RowList(
            self, empty=self.tr("Nothing was kept yet: the first version stands here once it is saved.")
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self.list, 1)

    def show_versions(
        self,
        versions: tuple[RecordVersion, ...],
        description: RegisterDescription | None,
        names: Mapping[str, str],
        now: datetime | None,
    ) -> None:
        """Show versions, the first one first; ``names`` are those of people by id."""
        self._head.show_count(len(versions))
        rows = []
        for number, version in enumerate(versions):
            before = versions[number - 1] if number else None
            rows.append(self._row(version, before, description, names, now))
        self.list.show_rows(tuple(reversed(rows)))

    def _row(
        self,
        version: RecordVersion,
        before: RecordVersion | None,
        description: RegisterDescription | None,
        names: Mapping[str, str],
        now: datetime | None,
    ) -> Row:
        did = self.did(version, before, description)
        program = translate("RecordCard", "the program")
        who = program if version.actor == "system" else words.actor(version.actor, names)

        def lay(width: float) -> list[Piece]:
            right = width - 12
            at = Run(words.moment(version.at, now or version.at), look.SECOND_PX, "quiet")
            top: list[Text] = pieces.line(0, right, 19, [at], align="right")
            head = [Run(str(version.number), tone="quiet", gap_px=10), Run(who, elide=True)]
            name = pieces.line(look.EDGE_PX, top[0].rect.left() - 8, 19, head)
            low = pieces.line(look.EDGE_PX, right, 36, [Run(did, look.SECOND_PX, "quiet", elide=True)])
            return [Text(QRectF(0, 0, width, look.TWO_LINE_ROW_PX), "", tip=did), *name, *top, *low]

        return Row(f"v{version.number}", look.TWO_LINE_ROW_PX, lay, tip=did)

    def did(self, version: RecordVersion, before: RecordVersion | None, description: RegisterDescription | None) -> str:
        """Return what a version did: the fields it changed, by name."""
        cause, _, more = version.cause.partition(":")
        if version.gone:
            said = self.tr("taken out") + (f": {more}" if more and cause == "edit" else "")
        elif before is None or before.gone:
            said = self.tr("put in")
        elif cause == "inspection":
            said = self.tr("inspected") + (f": {more}" if more else "")
        else:
            said = self.tr("changed") + " " + ", ".join(_changed(version.record, before.record, description))
        said = said.strip()
        source = {
            "import": self.tr("by an import"),
            "undo": self.tr("by an undo"),
            "migration": self.tr("from the old register"),
        }.get(cause, "")
        return f"{said} ({source})" if source else said


def _changed(now: Record, before: Record, description: RegisterDescription | None) -> list[str]:
    moved = (now.lon_deg, now.lat_deg, now.wkb) != (before.lon_deg, before.lat_deg, before.wkb)
    own = (
        (now.name != before.name, translate("VersionList", "name")),
        (now.kind != before.kind, translate("VersionList", "kind")),
        (moved, translate("VersionList", "position")),
        ((now.town, now.village) != (before.town, before.village), translate("VersionList", "town and village")),
    )
    said = [word for is_so, word in own if is_so]
    fields = description.fields if description is not None else ()
    said += [
        one.title.of(language.current()) for one in fields if now.values.get(one.key) != before.values.get(one.key)
    ]
    if now.others != before.others:
        said.append(translate("VersionList", "other columns"))
    return said

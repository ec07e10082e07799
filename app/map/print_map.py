"""The map as a PDF or a picture: drawn for paper in a job, painted in a worker process, so that the window never waits."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QCoreApplication, QMarginsF, QObject, QRectF, QSizeF, Signal
from PySide6.QtGui import QImage, QImageWriter, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtWidgets import QApplication

from app.jobs import Jobs
from app.map.pdf_signs import mend_signs
from app.map.print_sources import PrintSource, signs_of, source_lines
from layers.stack import Stack, parts, together
from models.errors import DataError
from models.geodesy import to_mercator
from widgets import language, words
from widgets import theme as look
from widgets.map.print_sheet import MM, PAGES_MM, PrintSheet, foot_of, paint_print, view_of

DPI = 300
LIMIT_S = 120.0
Bounds = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, eq=False)
class PrintWish:
    """A sheet with the file that it goes into, by its suffix a PDF or a PNG."""

    sheet: PrintSheet
    path: Path
    language: str


@dataclass(frozen=True, slots=True)
class PrintFacts:
    """What stands round the map: title, whose it is, where the data of its layers come from, and when it was made."""

    title: str
    office: str
    sources: tuple[PrintSource, ...]
    data_at: datetime | None
    made_at: datetime
    exercise: bool


def sheet_of(stack: Stack, bounds_deg: Bounds, facts: PrintFacts, page: str = "A3") -> PrintSheet:
    """Draw a stack for paper; for a job on a thread."""
    west, south, east, north = bounds_deg
    x, y = to_mercator(np.array([west, east]), np.array([south, north]))
    bounds_m = float(x[0]), float(y[0]), float(x[1]), float(y[1])
    drawn = parts(stack, view_of(*bounds_m, page))
    lines = source_lines(facts.sources, drawn, facts.made_at)
    foot_px = foot_of(lines, page)
    view = view_of(*bounds_m, page, foot_px)
    drawn = parts(stack, view)
    return PrintSheet(
        facts.title,
        facts.office,
        (made_of(facts),),
        together(drawn, stack.texts),
        view,
        facts.exercise,
        page,
        lines,
        signs_of(facts.sources, drawn),
        foot_px,
    )


def made_of(facts: PrintFacts) -> str:
    """Return of when the radar on a map is, when the map was made, and in which system it is drawn."""
    data_at = facts.data_at.astimezone(words.OFFICE_ZONE).strftime("%Y-%m-%d %H:%M") if facts.data_at else words.MISSING
    made_at = facts.made_at.astimezone(words.OFFICE_ZONE).strftime("%Y-%m-%d %H:%M")
    return QCoreApplication.translate("PrintMap", "Radar of {data_at}; printed {made_at}; WGS 84, Web Mercator").format(
        data_at=data_at, made_at=made_at
    )


def print_to(wish: PrintWish) -> Path:
    """Paint a sheet into its file, whole or not at all; in a worker process, which has no window.

    Raises
    ------
    DataError
        ``print.not_written``.
    """
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    application = QApplication.instance() or QApplication(["print"])
    if isinstance(application, QApplication) and language.current() != wish.language:
        language.use(application, wish.language)
    return write_sheet(wish.sheet, wish.path)


def write_sheet(sheet: PrintSheet, path: Path) -> Path:
    """Paint a sheet into a file with the application that is there.

    Raises
    ------
    DataError
        ``print.not_written``.
    """
    look.load_fonts()
    draft = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.open("wb").close()  # says in the system's words why it cannot be written; Qt only says that it cannot
        done = _write_pdf(sheet, draft) if path.suffix.lower() == ".pdf" else _write_png(sheet, draft)
        if done:
            draft.replace(path)
    except OSError as error:
        raise DataError("print.not_written", file=path, cause=error.strerror or str(error)) from error
    if not done:
        with suppress(OSError):
            draft.unlink()
        raise DataError("print.not_written", file=path, cause="Qt")
    return path


def _write_pdf(sheet: PrintSheet, path: Path) -> bool:
    writer = QPdfWriter(str(path))
    writer.setResolution(DPI)
    writer.setTitle(sheet.title)
    writer.setCreator("Fengsui")
    width, height = PAGES_MM[sheet.page]
    size = QPageSize(QSizeF(width, height), QPageSize.Unit.Millimeter, sheet.page, QPageSize.SizeMatchPolicy.ExactMatch)
    writer.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0)))
    painter = QPainter()
    if not painter.begin(writer):
        return False
    try:
        paint_print(painter, sheet, DPI)
    finally:
        painter.end()
    if path.stat().st_size == 0:
        return False
    mend_signs(path)
    return True


def _write_png(sheet: PrintSheet, path: Path) -> bool:
    width, height = (round(side * MM * DPI / 96.0) for side in PAGES_MM[sheet.page])
    image = QImage(width, height, QImage.Format.Format_RGB32)
    dots = round(DPI / 0.0254)
    image.setDotsPerMeterX(dots)
    image.setDotsPerMeterY(dots)
    image.fill(look.LIGHT.color("panel"))
    painter = QPainter(image)
    try:
        painter.fillRect(QRectF(image.rect()), look.LIGHT.color("panel"))
        paint_print(painter, sheet, DPI)
    finally:
        painter.end()
    return bool(QImageWriter(str(path), b"png").write(image))


class MapPrinter(QObject):
    """Leads the printing of the map.

    Signals
    -------
    printed(Path)       the file is there
    failed(Exception)   it is not
    """

    printed = Signal(object)
    failed = Signal(object)

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self._jobs = jobs

    def print_map(self, stack: Stack, bounds_deg: Bounds, facts: PrintFacts, path: Path, page: str = "A3") -> None:
        """Draw the map for paper and paint it into a file; the window goes on."""
        spoken = language.current()

        def paint(sheet: PrintSheet) -> None:
            wish = PrintWish(sheet, path, spoken)
            self._jobs.start(
                f"print:{path.name}",
                partial(print_to, wish),
                on_done=self.printed.emit,
                on_error=self.failed.emit,
                where="process",
                limit_s=LIMIT_S,
            )

        self._jobs.start(
            "print sheet", partial(sheet_of, stack, bounds_deg, facts, page), on_done=paint, on_error=self.failed.emit
        )

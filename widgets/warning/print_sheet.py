"""A warning on paper: one page with everything that the sheet says."""

from __future__ import annotations

from html import escape
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QMarginsF, QSizeF
from PySide6.QtGui import QPageLayout, QPageSize, QTextDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QWidget

from models.hazard.level import Level
from widgets import theme as look
from widgets import words
from widgets.warning.sheet import Sheet

translate = QCoreApplication.translate
_SIGNS = {Level.BLUE: "●", Level.YELLOW: "▲", Level.ORANGE: "◆", Level.RED: "■"}


def page_of(sheet: Sheet, office: str) -> QTextDocument:
    """Return the page of a warning as a document, black on white."""
    warning = sheet.warning
    document = QTextDocument()
    document.setDefaultFont(look.font(12))
    level = words.level_name(warning.level)
    number = translate("PrintSheet", "No. {n}").format(n=warning.number) if warning.number else ""
    mark = translate("PrintSheet", "EXERCISE")
    exercise = f"<p><b>{mark}</b></p>" if warning.exercise else ""
    head = f"{escape(office)} {escape(sheet.signal)} {level} {number}"
    parts = [
        f"{exercise}<h2>{head}</h2>",
        f"<p>{words.warning_state(warning.state)}, {words.message_type(warning.message_type)}</p>",
        _towns(sheet),
        _block(translate("PrintSheet", "Text"), f"<p>{escape(warning.text)}</p>"),
        _block(
            translate("PrintSheet", "Guide"), "<ol>" + "".join(f"<li>{escape(g)}</li>" for g in warning.guide) + "</ol>"
        ),
        _block(translate("PrintSheet", "Times"), _times(sheet)),
        _receipts(sheet),
    ]
    document.setHtml("".join(parts))
    return document


def _block(title: str, body: str) -> str:
    return f"<h4>{title}</h4>{body}"


def _towns(sheet: Sheet) -> str:
    rows = []
    for level in sheet.warning.levels:
        names = "　".join(escape(town.name) for town in sheet.warning.towns_at(level))
        rows.append(f"<tr><td>{_SIGNS[level]} {words.level_name(level)}</td><td>{names}</td></tr>")
    return f"<table cellpadding='4'>{''.join(rows)}</table>"


def _times(sheet: Sheet) -> str:
    warning = sheet.warning
    lines = (
        (translate("PrintSheet", "Drafted"), words.clock(warning.created_at), sheet.author),
        (translate("PrintSheet", "Signed"), words.clock(warning.signed_at), sheet.signer),
        (translate("PrintSheet", "Issued"), words.clock(warning.issued_at), warning.identifier),
        (translate("PrintSheet", "Until"), words.clock(warning.expires_at), ""),
    )
    rows = "".join(f"<tr><td>{name}</td><td>{at}</td><td>{escape(who)}</td></tr>" for name, at, who in lines)
    return f"<table cellpadding='4'>{rows}</table>"


def _receipts(sheet: Sheet) -> str:
    if not sheet.receipts:
        return ""
    rows = "".join(
        f"<tr><td>{escape(r.recipient)}</td><td>{escape(r.note)}</td><td>{escape(r.state)}</td>"
        f"<td>{words.clock(r.at)}</td></tr>"
        for r in sheet.receipts
    )
    return _block(translate("PrintSheet", "Receipts"), f"<table cellpadding='4'>{rows}</table>")


def _printer() -> QPrinter:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    page = QPageSize(QPageSize.PageSizeId.A4)
    printer.setPageLayout(
        QPageLayout(page, QPageLayout.Orientation.Portrait, QMarginsF(18, 16, 18, 16), QPageLayout.Unit.Millimeter)
    )
    return printer


def print_to(sheet: Sheet, office: str, printer: QPrinter) -> None:
    """Print a warning; the printer is set up by the caller."""
    document = page_of(sheet, office)
    document.documentLayout().setPaintDevice(printer)
    document.setPageSize(QSizeF(printer.pageRect(QPrinter.Unit.DevicePixel).size()))
    document.print_(printer)


def print_pdf(sheet: Sheet, office: str, file: Path) -> None:
    """Write a warning's page as PDF."""
    printer = _printer()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(file))
    print_to(sheet, office, printer)


def print_with_dialog(sheet: Sheet, office: str, parent: QWidget) -> bool:
    """Let the operator choose a printer and print; False if they left."""
    printer = _printer()
    dialog = QPrintDialog(printer, parent)
    if dialog.exec() != QDialog.DialogCode.Accepted:
        return False
    print_to(sheet, office, printer)
    return True

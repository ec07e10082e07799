"""`fengsui radar picture`: one cut, product or grid of a file as a PNG, without an office and without a screen."""

from __future__ import annotations

import math
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

import resources
from app.commands.radar_reading import each_of
from layers.radar_chart import Chart, ChartFacts, ChartWish, UprightChart, chart_of
from models.errors import ConsoleError, DataError
from models.radar.decoders import read
from models.radar.describe_text import format_words
from models.radar.proven import is_unproven
from models.radar.quantity import Quantity
from models.radar.register import Register
from widgets import language as spoken
from widgets import radar_words
from widgets import theme as look
from widgets.map.radar_sheet import SheetWords, room_of, sheet_of
from widgets.words import OFFICE_ZONE

LIMIT_S = 60.0


@dataclass(frozen=True, slots=True)
class PictureOrder:
    """What picture is wanted: which cut or layer (0: the first that fits), moment or product, and how it looks."""

    number: int = 0
    moment: str = ""
    quantity: Quantity | None = None
    size: tuple[int, int] = (1200, 900)
    dark: bool = False
    language: str = "en"


def write_picture(file: Path, order: PictureOrder, register: Register, out: Path) -> tuple[str, ...]:
    """Draw one file into a PNG and return what to tell besides: what is broken in it.

    Raises
    ------
    DataError
        If the file cannot be read or holds no such picture, or ``screenshot.not_written``.
    """
    _, _, width, height = room_of(order.size)
    wish = ChartWish(width, height, order.number, order.moment, order.quantity)
    (answer,) = each_of([file], partial(chart_in, wish=wish, register=register), limit_s=LIMIT_S)
    chart = answer.result()
    make_ready(order.language)
    words = words_of(chart, file.name, order.language)
    save(sheet_of(chart, words, order.size, look.DARK if order.dark else look.LIGHT), out)
    error = chart.facts.error
    return () if error is None else (sentence_of(error, order.language),)


def chart_in(path: Path, wish: ChartWish, register: Register) -> Chart:
    """Return the chart of a file; a worker's work."""
    return chart_of(read(path, register=register), wish, file=path.name)


def make_ready(language: str) -> None:
    """Let Qt draw without a screen, in the house font and a language."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    existing = QApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication(["fengsui"])
    look.load_fonts()
    spoken.use(application, language)


def save(image: QImage, out: Path) -> None:
    """Write a picture, and the folder it stands in.

    Raises
    ------
    DataError
        ``screenshot.not_written``.
    """
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError("screenshot.not_written", file=out) from error
    if not image.save(str(out)):
        raise DataError("screenshot.not_written", file=out)


def words_of(chart: Chart, file: str, language: str) -> SheetWords:
    """Return what stands on the sheet of a file."""
    facts = chart.facts
    say = partial(phrase, language)
    what = radar_words.quantity(facts.quantity) if facts.quantity is not None else _named(facts.what)
    form = format_words(facts.format, language)
    radar = " ".join(dict.fromkeys(word for word in (facts.code, facts.name) if word))
    title = say("title", radar=radar, what=what) if facts.code else say("grid_title", what=what, format=form)
    notes = [say("file", file=file, format=form)]
    if not facts.code and facts.name:
        notes.append(facts.name)
    if is_unproven(facts.layout):
        notes.append(say("unproven"))
    if facts.error is not None:
        notes.append(say("incomplete", error=sentence_of(facts.error, language)))
    axes = (say("distance"), say("above_sea")) if isinstance(chart, UprightChart) else ("", "")
    return SheetWords(title, _facts(facts, language), tuple(notes), say("unseen"), *axes)


def times(at: datetime, language: str) -> str:
    """Return a time in UTC and in that of the office."""
    return phrase(language, "time", utc=at, local=at.astimezone(OFFICE_ZONE))


def phrase(language: str, key: str, **facts: object) -> str:
    """Return a phrase of a picture."""
    return resources.phrase("radar_picture", key, language).format_map(facts)


def sentence_of(error: Exception, language: str) -> str:
    """Return an error as a sentence."""
    return error.sentence(language) if isinstance(error, ConsoleError) else str(error)


def _named(what: str) -> str:
    """Return the words of a moment or of a mosaic of ours, with its own name where a moment's words are others."""
    with suppress(DataError):
        return radar_words.quantity(Quantity.parse(what))
    words = radar_words.moment(what)
    return what if words == what else f"{words} {what}"


def _facts(facts: ChartFacts, language: str) -> tuple[str, ...]:
    say = partial(phrase, language)
    told = []
    if facts.cut:
        told.append(say("cut", number=facts.cut))
    elif facts.layers > 1:
        told.append(say("layer", number=facts.layer, layers=facts.layers))
    if math.isfinite(facts.elevation_deg):
        told.append(say("elevation", deg=facts.elevation_deg))
    if math.isfinite(facts.azimuth_deg):
        told.append(say("azimuth", deg=facts.azimuth_deg))
    if math.isfinite(facts.height_m):
        told.append(say("height", km=facts.height_m / 1000))
    told.append(times(facts.at, language))
    if math.isfinite(facts.highest):
        told.append(say("highest", value=facts.highest, unit=facts.unit))
    if math.isfinite(facts.nyquist_ms) and facts.unit == "m/s":
        told.append(say("nyquist", ms=facts.nyquist_ms))
    return tuple(told)

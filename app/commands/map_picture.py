"""`fengsui screenshot --view map`: the map alone as a PNG, or on paper as a PDF, without a window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from app.console import Console
from app.map.map_views import Bounds
from app.map.print_map import PrintFacts, made_of, sheet_of, write_sheet
from app.map.print_sources import source_lines
from app.office import default_folder, open_office
from app.startup import clock_of, make_application, open_console, wait_until
from layers.drawing import Drawings
from layers.own_layer import OWN
from layers.stack import Stack, parts, together
from models.errors import DataError
from widgets import theme as look
from widgets.map.canvas import MapCanvas
from widgets.map.layer_rows import layer_names
from widgets.map.legend import Legend
from widgets.map.print_sheet import SourceLine
from widgets.map.scale_bar import ScaleBar
from widgets.map.source_card import SourceCard
from widgets.map.title_card import TitleCard
from widgets.over_map import MARGIN_PX
from widgets.top_bar import STRIP_PX, ExerciseStrip

TIMEOUT_S = 60
LEGEND_PX = 560.0


def take_map_picture(
    folder: Path | None,
    *,
    out: Path,
    size: tuple[int, int],
    bounds: Bounds | None,
    layers: Sequence[str],
    language: str,
    theme: str,
) -> None:
    """Draw an office's map as it stands, with title, scale and legend: so many pixels into a PNG, or A3 into a PDF.

    ``bounds`` are west, south, east, north in degrees, the county if None; ``layers`` are those to be shown, by name
    or by their words in Chinese or English; what the operator last had if there are none.

    Raises
    ------
    DataError
        ``screenshot.no_layer``, ``screenshot.not_written``, ``print.not_written``.
    """
    office = open_office(folder or default_folder())
    make_application(language=language or office.settings.office.language, theme=theme, offscreen=True)
    console = open_console(office, clock_of(office), loud=False, looks_only=True)
    try:
        console.rooms.window.show()  # it is not seen; what is drawn waits for a window
        wait_until(lambda: console.settled and console.drawn, timeout_s=TIMEOUT_S)
        shown = only(console.map.stack, layers, names_of(console))
        tool = console.one_map.map_views
        area = bounds or console.views.county
        facts = tool.facts(shown)
        if out.suffix.lower() == ".pdf":
            write_sheet(sheet_of(shown, area, facts), out)
        else:
            _draw(shown, area, facts, out, size)
    finally:
        console.close()


def names_of(console: Console) -> dict[str, tuple[str, ...]]:
    """Return what each layer of the map may be called, in Chinese and in English, by its name in the stack."""
    titles = {one.name: (one.title.zh, one.title.en) for one in console.one_map.registers.desk.book.descriptions}
    rows = {row.name: row.title for row in console.views.layers}
    return {
        item.layer.name: tuple(
            dict.fromkeys(
                filter(None, (rows.get(name, ""), *titles.get(name, ()), *layer_names(name), name.removeprefix(OWN)))
            )
        )
        for item in console.map.stack.items
        if (name := item.layer.name)
    }


def only(stack: Stack, names: Sequence[str], called: Mapping[str, tuple[str, ...]] | None = None) -> Stack:
    """Return a stack that shows these layers and no others; the same stack if none are named.

    ``called`` are words for a layer besides its name in the stack; capitals, spaces and underscores do not matter.

    Raises
    ------
    DataError
        ``screenshot.no_layer`` with those there are.
    """
    if not names:
        return stack
    there = {item.layer.name: (called or {}).get(item.layer.name, ()) for item in stack.items}
    known = {_plain(word): name for name, words in there.items() for word in words}
    known |= {_plain(name): name for name in there}
    wanted = set()
    for said in names:
        if _plain(said) not in known:
            listed = sorted({" / ".join(dict.fromkeys((*words[:2], name))) for name, words in there.items()})
            raise DataError("screenshot.no_layer", layer=said, layers="; ".join(listed))
        wanted.add(known[_plain(said)])
    for name in there:
        stack = stack.with_visible(name, visible=name in wanted)
    return stack


def _plain(name: str) -> str:
    return name.casefold().replace("_", "").replace(" ", "")


def _draw(stack: Stack, bounds: Bounds, facts: PrintFacts, out: Path, size: tuple[int, int]) -> None:
    canvas = MapCanvas()
    canvas.resize(*size)
    canvas.show()
    canvas.show_theme(look.current())
    canvas.show_extent(*bounds, margin_px=0)
    drawn = parts(stack, canvas.view())
    drawings = together(drawn, stack.texts)
    canvas.show_drawings(drawings)
    _put_cards(canvas, drawings, facts, source_lines(facts.sources, drawn, facts.made_at))
    canvas.finish()
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError("screenshot.not_written", file=out) from error
    done = canvas.grab().save(str(out))
    canvas.close()
    if not done:
        raise DataError("screenshot.not_written", file=out)


def _put_cards(canvas: MapCanvas, drawings: Drawings, facts: PrintFacts, sources: tuple[SourceLine, ...]) -> None:
    """Put title, scale, legend and sources over the map, and hatch its edges in exercises: it may be mailed by itself."""
    title, scale, legend, source = TitleCard(canvas), ScaleBar(canvas), Legend(canvas), SourceCard(canvas)
    wide, high = canvas.width(), canvas.height()
    edge = STRIP_PX if facts.exercise else 0
    for top in (0, high - STRIP_PX) if facts.exercise else ():
        strip = ExerciseStrip(canvas)
        strip.setGeometry(0, top, wide, STRIP_PX)
        strip.show()
    title.show_map(facts.title, facts.office, made_of(facts), exercise=facts.exercise)
    scale.show_view(canvas.view())
    legend.show_drawings(drawings)
    legend.show_view(canvas.view())
    inset = MARGIN_PX + edge
    room = max(1, wide - 2 * MARGIN_PX)
    title.setGeometry(MARGIN_PX, inset, min(title.sizeHint().width(), room), title.sizeHint().height())
    beside = title.geometry().right() + MARGIN_PX + scale.width() <= wide - MARGIN_PX
    scale_top = inset if beside else title.geometry().bottom() + 9
    scale.move(wide - MARGIN_PX - scale.width(), scale_top)
    source.show_sources(sources, float(room))
    source.move(MARGIN_PX, high - inset - source.height())
    foot = high - inset - (source.height() + 9 if source.height() else 0)
    free = foot - scale.geometry().bottom() - 9
    legend.show_width(min(LEGEND_PX, float(room)))
    if legend.height() > free:
        legend.show_room(float(room), float(free))
    legend.move(MARGIN_PX, foot - legend.height())
    for card in (title, scale, legend, source):
        card.setVisible(not card.size().isEmpty() and (card is not legend or card.height() <= free))

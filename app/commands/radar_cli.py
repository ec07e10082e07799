"""The radar commands: what files hold, mosaics, pictures and sections of them."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import FilesArgument, JsonOption, LanguageOption, Theme, ThemeOption, pixels, print_json
from app.commands.command_language import Spoken

if TYPE_CHECKING:  # loaded when they are needed: help must not wait for numpy
    from models.radar.describe import Document
    from models.radar.quantity import Quantity
    from models.radar.sight.horizon_shelf import SiteBlockage

app = Spoken(help="Read radar files, compose them, draw them.", no_args_is_help=True, add_completion=False)

SiteOption = Annotated[
    str | None, typer.Option("--site", metavar="LON,LAT[,HEIGHT_M]", help="Where a file stands that does not say.")
]
OfficeOption = Annotated[Path | None, typer.Option("--office", metavar="DIR", help="Office whose radars place files.")]
SizeOption = Annotated[str, typer.Option("--size", metavar="WxH", help="Pixels of the picture.")]
MOST_PIXELS = 4096
PRODUCT_HELP = "cr (composite reflectivity), hybrid (lowest free scan), cappi:HEIGHT (m), et (echo top), vil."


class Rule(StrEnum):
    """Which radar stands where several see."""

    MAXIMUM = "maximum"
    LOWEST = "lowest"
    WEIGHT = "weight"


@app.command("info")
def radar_info(
    files: FilesArgument, as_json: JsonOption = False, site: SiteOption = None, office: OfficeOption = None
) -> None:
    """Print what radar files hold; a broken one is named with the byte, and stops no other."""
    from app.commands.radar_reading import descriptions  # noqa: PLC0415
    from app.language import system_language  # noqa: PLC0415
    from app.radar.radar_register import register_for  # noqa: PLC0415
    from models.radar.describe_text import as_text  # noqa: PLC0415

    language = system_language()
    documents: list[Document] = []
    for document in descriptions(files, register=register_for(office, site), language=language):
        if not as_json:
            typer.echo(("\n" if documents else "") + as_text(document, language=language))
        documents.append(document)
    if as_json:
        print_json(documents)
    raise SystemExit(1 if any("error" in d for d in documents) else 0)


@app.command("mosaic")
def radar_mosaic(
    files: FilesArgument,
    bounds: Annotated[str, typer.Option("--bounds", metavar="W,S,E,N", help="Frame in degrees.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="GeoTIFF to write.")],
    resolution_m: Annotated[float, typer.Option("--resolution-m", help="Ground meters a cell.")] = 500.0,
    product: Annotated[str, typer.Option("--product", help=PRODUCT_HELP)] = "cr",
    rule: Annotated[
        Rule, typer.Option("--rule", help="Whose value stands: largest, lowest beam, or nearest and least blocked.")
    ] = Rule.MAXIMUM,
    motion: Annotated[
        bool, typer.Option("--motion", help="Move echoes to one time; give two files of each radar.")
    ] = False,
    site: SiteOption = None,
    office: Annotated[
        Path | None, typer.Option("--office", metavar="DIR", help="Office whose radars and heights are used.")
    ] = None,
) -> None:
    """Compose radar files into one GeoTIFF: value, age, beam height, source and number of radars of every cell."""
    from app.commands.radar_files import MosaicOrder, write_composite  # noqa: PLC0415
    from app.radar.radar_register import register_for  # noqa: PLC0415
    from models.radar import mosaic  # noqa: PLC0415

    order = MosaicOrder(
        bounds,
        resolution_m,
        quantity_of(product),
        mosaic.Rule(rule.value),
        motion=motion,
        register=register_for(office, site),
        blockage=blockage_of(office),
    )
    written = write_composite(files, order, out)
    typer.echo("\n".join(written.lines))
    raise SystemExit(0 if written.good else 1)


@app.command("picture")
def radar_picture(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A volume, product or grid.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="PNG to write.")],
    sweep: Annotated[
        int | None,
        typer.Option("--sweep", min=1, help="Cut of a volume as info numbers it; layer of a product or grid."),
    ] = None,
    moment: Annotated[str, typer.Option("--moment", help="dBZ, V, W, ZDR ...; default: reflectivity.")] = "",
    product: Annotated[str, typer.Option("--product", help=f"Instead of one cut: {PRODUCT_HELP}")] = "",
    size: SizeOption = "1200x900",
    theme: ThemeOption = Theme.LIGHT,
    language: LanguageOption = None,
    site: SiteOption = None,
    office: OfficeOption = None,
) -> None:
    """Draw one cut, a product of all cuts, or a product or grid file into a PNG, with its colors, rings and times."""
    from app.commands.radar_picture import PictureOrder, write_picture  # noqa: PLC0415
    from app.language import system_language  # noqa: PLC0415
    from app.radar.radar_register import register_for  # noqa: PLC0415

    quantity = quantity_of(product) if product else None
    speaks = language.value if language else system_language()
    order = PictureOrder(
        sweep or 0, moment, quantity, pixels(size, most=MOST_PIXELS), dark=theme is Theme.DARK, language=speaks
    )
    broken = write_picture(file, order, register_for(office, site), out)
    typer.echo("\n".join((str(out), *broken)))
    raise SystemExit(1 if broken else 0)


@app.command("section")
def radar_section(
    files: FilesArgument,
    start: Annotated[str, typer.Option("--from", metavar="LON,LAT", help="Left end, degrees.")],
    end: Annotated[str, typer.Option("--to", metavar="LON,LAT", help="Right end, degrees.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="PNG to write.")],
    csv: Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Table of the cells to write.")] = None,
    top_m: Annotated[
        float, typer.Option("--top-m", min=500, max=30_000, help="Height of the upper edge above sea level.")
    ] = 15_000.0,
    size: SizeOption = "1200x600",
    theme: ThemeOption = Theme.LIGHT,
    language: LanguageOption = None,
    site: SiteOption = None,
    office: Annotated[
        Path | None, typer.Option("--office", metavar="DIR", help="Office whose radars and heights are used.")
    ] = None,
) -> None:
    """Draw the vertical section of the newest volume of each radar above a line: reflectivity by height."""
    from app.commands.radar_section import SectionOrder, line_of, write_section  # noqa: PLC0415
    from app.language import system_language  # noqa: PLC0415
    from app.radar.radar_register import register_for  # noqa: PLC0415

    blockage = blockage_of(office)
    order = SectionOrder(
        *line_of(start, end),
        top_m,
        pixels(size, most=MOST_PIXELS),
        dark=theme is Theme.DARK,
        language=language.value if language else system_language(),
        dem=None if blockage is None else blockage.dem,
    )
    told = write_section(files, order, register_for(office, site), out, csv)
    typer.echo("\n".join(told.lines))
    raise SystemExit(0 if told.good else 1)


def quantity_of(product: str) -> Quantity:
    """Return the product that a word asks for.

    Raises
    ------
    typer.BadParameter
        If there is none of that name; the sentence lists all.
    """
    from app.language import system_language  # noqa: PLC0415
    from models.errors import DataError  # noqa: PLC0415
    from models.radar.quantity import Quantity  # noqa: PLC0415

    try:
        return Quantity.parse(product)
    except DataError as error:
        raise typer.BadParameter(error.sentence(system_language()), param_hint="--product") from error


def blockage_of(folder: Path | None) -> SiteBlockage | None:
    """Return what knows the ground round an office's radars, None without an office."""
    from app.office import open_office  # noqa: PLC0415
    from models.radar.sight.horizon_shelf import SiteBlockage  # noqa: PLC0415

    if folder is None:
        return None
    office = open_office(folder)
    beams = {radar.code: radar.beam_width_deg for radar in office.settings.radar}
    return SiteBlockage(office.cache, office.dem_path, beams)

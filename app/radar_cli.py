"""The radar commands: what files hold, mosaics, pictures and sections of them."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import FilesArgument, JsonOption, print_json

if TYPE_CHECKING:  # loaded when they are needed: help must not wait for numpy
    from models.radar.describe import Document
    from models.radar.horizon_shelf import SiteBlockage
    from models.radar.quantity import Quantity

app = typer.Typer(help="Read radar files, compose them, draw them.", no_args_is_help=True, add_completion=False)

SiteOption = Annotated[
    str | None, typer.Option("--site", metavar="LON,LAT[,HEIGHT_M]", help="Where a file stands that does not say.")
]
OfficeOption = Annotated[
    Path | None, typer.Option("--office", metavar="DIR", help="Office whose [[radar]] entries place files.")
]
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
    from app.language import system_language  # noqa: PLC0415
    from app.radar_reading import descriptions  # noqa: PLC0415
    from app.radar_register import register_for  # noqa: PLC0415
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
    from app.radar_files import MosaicOrder, write_composite  # noqa: PLC0415
    from app.radar_register import register_for  # noqa: PLC0415
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
    from models.radar.horizon_shelf import SiteBlockage  # noqa: PLC0415

    if folder is None:
        return None
    office = open_office(folder)
    beams = {radar.code: radar.beam_width_deg for radar in office.settings.radar}
    return SiteBlockage(office.cache, office.dem_path, beams)

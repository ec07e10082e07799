"""The base-map commands: which there are, and fetching an area of a service ahead."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer

import resources
from app.cli import JsonOption, print_json
from app.commands.bounds import bounds_of
from app.commands.command_language import Spoken
from app.language import system_language
from app.office import default_folder, open_office

app = Spoken(help="Base maps of the office.", no_args_is_help=True, add_completion=False)

OfficeOption = Annotated[
    Path | None, typer.Option("--office", metavar="DIR", help="Folder of the office; default: the user's data folder.")
]
_EACH = 25


@app.command("list")
def tiles_list(office: OfficeOption = None, as_json: JsonOption = False) -> None:
    """List the base maps that office.toml names; no key is printed."""
    from app.map.base_map_list import terms_of  # noqa: PLC0415

    documents = []
    for section in open_office(office or default_folder()).settings.base_map:
        terms = terms_of(section)
        host = "" if terms is None else urlsplit(terms.urls[0]).hostname or ""
        kind = "file" if terms is None else "service"
        documents.append({"name": section.name, "kind": kind, "source": section.file or host})
    if as_json:
        print_json(documents)
        return
    for row in documents:
        typer.echo(say("row", **{**row, "kind": say(f"kind.{row['kind']}")}))
    if not documents:
        typer.echo(say("none"))


@app.command("fetch")
def tiles_fetch(
    name: Annotated[str, typer.Option("--map", metavar="NAME", help="Name of the base map in office.toml.")],
    bounds: Annotated[str, typer.Option("--bounds", metavar="W,S,E,N", help="Area in degrees.")],
    zoom: Annotated[str, typer.Option("--zoom", metavar="A-B", help="Zooms, coarse to fine, such as 8-14.")],
    yes: Annotated[bool, typer.Option("--yes", help="Begin without asking.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say how many and how large, fetch nothing.")] = False,
    office: OfficeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Fetch an area of a service into the cache, within its terms; the same command goes on where it ended."""
    from app.clock import SystemClock  # noqa: PLC0415
    from app.map.base_map_list import section_named, service_of  # noqa: PLC0415
    from app.map.tile_prefetch import TILES_A_SECOND, Fetched, fetch, mean_bytes, plan  # noqa: PLC0415

    area, zooms = bounds_of(bounds, most_lat_deg=85.06), zooms_of(zoom)
    at = open_office(office or default_folder())
    service = service_of(at, section_named(at, name))
    made = plan(service, area, zooms, SystemClock().now())
    said: dict[str, Any] = {
        "map": name,
        "all": len(made.keys) + made.there,
        "there": made.there,
        "wanted": len(made.keys),
        "mb": round(made.megabytes(mean_bytes(service)), 1),
        "minutes": max(1, round(made.pictures / TILES_A_SECOND / 60)) if made.keys else 0,
    }
    if not as_json:
        typer.echo(say("plan", **said))
        if made.left_today is not None:
            typer.echo(say("today", a_day=service.terms.tiles_a_day, left=made.left_today))
    if dry_run or not made.keys:
        print_json(said) if as_json else typer.echo("" if dry_run else say("nothing"), nl=not dry_run)
        return
    if not (yes or as_json):
        typer.confirm(say("ask"), abort=True)
    last = Fetched(0, len(made.keys))
    for last in fetch(service, made, pause=time.sleep):
        if not as_json and last.done % _EACH == 0 and last.done:
            typer.echo(say("step", done=last.done, left=last.left), err=True)
    service.close()
    why = last.error.sentence(system_language()) if last.error is not None else ""
    if as_json:
        print_json({**said, "done": last.done, "left": last.left, "error": last.error.code if last.error else ""})
    elif last.left:
        typer.echo(say("ended", done=last.done, left=last.left, why=why))
    else:
        typer.echo(say("done", done=last.done))
    raise SystemExit(1 if last.left else 0)


def zooms_of(written: str) -> tuple[int, int]:
    """Return ``8-14`` as the coarsest and the finest zoom.

    Raises
    ------
    typer.BadParameter
        If it is written otherwise, or out of 0 to 24.
    """
    found = re.fullmatch(r"(\d{1,2})(?:-(\d{1,2}))?", written.strip())
    zooms = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
    if not 0 <= zooms[0] <= zooms[1] <= 24:
        raise typer.BadParameter("write it as 8-14, from 0 to 24", param_hint="--zoom")
    return zooms


def say(key: str, **facts: Any) -> str:
    """Return a sentence in the system's language."""
    return resources.phrase("tiles_cli", key, system_language()).format_map(facts)

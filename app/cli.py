"""The command line. Exit codes: 0 good, 1 bad input, 2 wrong use; logs go to stderr."""

from __future__ import annotations

import importlib
import json
import logging
import multiprocessing
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from app.commands.command_language import Spoken, SpokenGroup
from app.log_line import LogLine
from models.errors import ConsoleError


class Language(StrEnum):
    """Languages the console speaks."""

    ZH = "zh"
    EN = "en"


class Theme(StrEnum):
    """Looks of the console."""

    LIGHT = "light"
    DARK = "dark"


class Task(StrEnum):
    """Task layouts of the console, F1 to F4."""

    WATCH = "watch"
    ISSUE = "issue"
    CALL = "call"
    REVIEW = "review"


class Commands(SpokenGroup):
    """All commands; `office` and `radar` are loaded when they are called: the store's libraries take half a second."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Put the real `office` or `radar` in the place of its name."""
        if args and args[0] in BEHIND:
            behind = importlib.import_module(BEHIND[args[0]])
            self.commands[args[0]] = typer.main.get_command(behind.app)
        return super().resolve_command(ctx, args)


OFFICE_HELP = "The office: its folder, its people, its backups."
RADAR_HELP = "Read radar files, compose them, draw them."
TILES_HELP = "Base maps of the office; fetch an area of a service ahead."
BEHIND = {"office": "app.commands.office_cli", "radar": "app.commands.radar_cli", "tiles": "app.commands.tiles_cli"}
app = Spoken(
    name="fengsui",
    cls=Commands,
    help="Fengsui (烽燧): from radar pixel to the answered phone, on one desk. Without a command it opens the console.",
    epilog="Exit codes: 0 good, 1 bad input, 2 wrong use. --json prints one JSON document on stdout; logs go to stderr.",
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
points_app = Spoken(
    help="Registers of the office: hazard points, and with --register each of the others.", no_args_is_help=True
)
cap_app = Spoken(help="CAP messages.", no_args_is_help=True)
warning_app = Spoken(help="Warnings of the office.", no_args_is_help=True)
app.add_typer(Spoken(help=OFFICE_HELP), name="office")
app.add_typer(Spoken(help=RADAR_HELP), name="radar")
app.add_typer(Spoken(help=TILES_HELP), name="tiles")
app.add_typer(points_app, name="points")
app.add_typer(cap_app, name="cap")
app.add_typer(warning_app, name="warning")

OfficeOption = Annotated[
    Path | None, typer.Option("--office", metavar="DIR", help="Folder of the office; default: the user's data folder.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
LanguageOption = Annotated[Language | None, typer.Option("--language", help="Default: the office's or the system's.")]
ThemeOption = Annotated[Theme, typer.Option("--theme", help="Look of the console.")]
FilesArgument = Annotated[list[Path], typer.Argument(metavar="FILE...", help="One or more files.")]


def main() -> None:
    """Run the command line; errors that somebody can mend end in one sentence."""
    multiprocessing.freeze_support()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a console without a character shows a mark, and goes on
    try:
        app(prog_name="fengsui")
    except ConsoleError as error:
        fail(error)


def fail(error: ConsoleError, *, code: int = 1) -> NoReturn:
    """End with the sentence of an error, in the system's language."""
    from app.language import system_language  # noqa: PLC0415

    sys.stderr.write(error.sentence(system_language()) + "\n")
    raise SystemExit(code)


def pixels(size: str, *, most: int = 16_384) -> tuple[int, int]:
    """Return width and height of ``1920x1080``, each ``most`` at most.

    Raises
    ------
    typer.BadParameter
        If it is written otherwise, or out of bounds.
    """
    try:
        width, height = (int(part) for part in size.lower().split("x"))
    except ValueError:
        raise typer.BadParameter("write it as 1920x1080", param_hint="--size") from None
    if not (320 <= width <= most and 240 <= height <= most):
        raise typer.BadParameter(f"320x240 to {most}x{most}", param_hint="--size")
    return width, height


def print_json(document: Any) -> None:
    """Print one JSON document on stdout, in UTF-8 whatever the terminal speaks."""
    print_bytes((json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode())


def say(document: Any, text: str, *, as_json: bool) -> None:
    """Print what came of a command: a JSON document for programs, or lines for people."""
    if as_json:
        print_json(document)
    else:
        typer.echo(text)


def print_bytes(data: bytes) -> None:
    """Print bytes on stdout as they are."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


@app.callback(invoke_without_command=True)
def console(
    context: typer.Context,
    office: OfficeOption = None,
    language: LanguageOption = None,
    theme: ThemeOption = Theme.LIGHT,
    smoke_test: Annotated[bool, typer.Option("--smoke-test", help="Open, draw once, close.")] = False,
    timing: Annotated[bool, typer.Option("--timing", help="With --smoke-test: print the cold start.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Log more, on stderr.")] = False,
) -> None:
    """Open the console on the office."""
    lines = logging.StreamHandler(sys.stderr)
    lines.setFormatter(LogLine())
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, handlers=[lines])
    if context.invoked_subcommand is not None:
        if office is not None:
            raise typer.BadParameter("put --office after the command's name")
        return
    from app.startup import run_console  # noqa: PLC0415

    raise SystemExit(
        run_console(office, language=language or "", theme=theme.value, smoke_test=smoke_test, timing=timing)
    )


@app.command()
def demo(
    headless: Annotated[bool, typer.Option("--headless", help="Play without a window and leave pictures.")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Folder for pictures, messages and the journal.")
    ] = None,
    speed: Annotated[
        float, typer.Option("--speed", min=0, help="Drill minutes a minute; 0: headless as fast as it goes, else 1.")
    ] = 0.0,
    office: Annotated[
        Path | None, typer.Option("--office", metavar="DIR", help="Where the demo office stands or is built.")
    ] = None,
    language: LanguageOption = None,
    theme: ThemeOption = Theme.LIGHT,
    minutes: Annotated[int, typer.Option("--minutes", hidden=True, min=1, max=100)] = 70,
    silent_gateway: Annotated[bool, typer.Option("--silent-gateway", hidden=True)] = False,
) -> None:
    """Play the exercise of the fictional county 青岚县."""
    if headless:
        from app.demo.headless import play_headless  # noqa: PLC0415

        raise SystemExit(
            play_headless(
                out or Path("fengsui-demo"),
                office=office,
                speed=speed,
                language=language or "",
                theme=theme.value,
                silent_gateway=silent_gateway,
                minutes=minutes,
            )
        )
    from app.demo.window import play_in_window  # noqa: PLC0415

    raise SystemExit(play_in_window(office=office, speed=speed or 1.0, language=language or "", theme=theme.value))


@app.command()
def doctor(
    office: OfficeOption = None,
    as_json: JsonOption = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Do not play the sound.")] = False,
) -> None:
    """Look at fonts, Qt, sound, input method and store, and say what to do."""
    from app.commands.doctor import Health, as_json_of, as_text_of, examine  # noqa: PLC0415

    findings = examine(office, quiet=quiet)
    say(as_json_of(findings), as_text_of(findings), as_json=as_json)
    raise SystemExit(1 if any(f.health is Health.BAD for f in findings) else 0)


PersonOption = Annotated[str, typer.Option("--as", metavar="PERSON", help="Staff number, name or id; asks the PIN.")]
RegisterOption = Annotated[
    str, typer.Option("--register", metavar="NAME", help="Register, such as shelters; a wrong name lists all.")
]


@points_app.command("import")
def points_import(  # noqa: PLR0913, PLR0917 - options of a command are its arguments
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="Excel, WPS, CSV, GeoPackage, Shapefile, GeoJSON, KML.")
    ] = None,
    office: OfficeOption = None,
    kind: Annotated[str, typer.Option("--kind", help="Kind of all points, where the file has no such column.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check, import nothing.")] = False,
    template: Annotated[bool, typer.Option("--template", help="Print an empty file with the columns.")] = False,
    as_json: JsonOption = False,
    register: RegisterOption = "hazard_points",
    crs: Annotated[
        str,
        typer.Option("--crs", metavar="CRS", help="wgs84, gcj02, bd09 or EPSG:n, where the file says nothing else."),
    ] = "",
    sheet: Annotated[
        str, typer.Option("--sheet", metavar="NAME", help="Sheet or layer, where a file has several.")
    ] = "",
    column: Annotated[
        list[str] | None,
        typer.Option("--column", metavar="HEADER=FIELD", help="A column by hand; HEADER=- leaves it out."),
    ] = None,
    mend: Annotated[
        list[str] | None, typer.Option("--mend", metavar="KIND", help="Mend what can be; more than once, or all.")
    ] = None,
    leave_out_refused: Annotated[
        bool, typer.Option("--leave-out-refused", help="Import the rows that pass without the others.")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="What only warns refuses its row too.")] = False,
    owner_report: Annotated[
        Path | None, typer.Option("--owner-report", metavar="XLSX", help="Write the rows in question for their owner.")
    ] = None,
    person: PersonOption = "",
) -> None:
    """Import a register: all or nothing, with line and reason for each refused row."""
    from app.commands.points_import import ImportChoices, import_points, template_text  # noqa: PLC0415

    if template:
        print_bytes(template_text().encode())
        return
    if file is None:
        raise typer.BadParameter("name the file, or ask for --template", param_hint="FILE")
    by_hand = dict(one.rpartition("=")[::2] for one in column or ())
    choices = ImportChoices(
        register=register, crs=crs, sheet=sheet, columns=by_hand, mended=tuple(mend or ()),
        leave_out_refused=leave_out_refused, strict=strict,
    )  # fmt: skip
    report = import_points(file, office=office, kind=kind, dry_run=dry_run, choices=choices, person=person)
    if owner_report is not None:
        from app.commands.points_export import write_owner_report  # noqa: PLC0415

        write_owner_report(report, owner_report)
    say(report.as_json(), report.as_text(), as_json=as_json)
    raise SystemExit(1 if report.refused else 0)


@points_app.command("export")
def points_export(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="File to write: .gpkg, .xlsx, .csv or .geojson.")],
    office: OfficeOption = None,
    register: RegisterOption = "hazard_points",
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a register to a file that `import` reads back the same."""
    from app.commands.points_export import export_points  # noqa: PLC0415

    done = export_points(out, office=office, register=register, language=language or "")
    say(done.as_json(), done.as_text(), as_json=as_json)


@points_app.command("undo")
def points_undo(
    import_id: Annotated[str, typer.Argument(metavar="IMPORT", help="Default: the newest of the register.")] = "",
    office: OfficeOption = None,
    register: RegisterOption = "hazard_points",
    person: PersonOption = "",
    as_json: JsonOption = False,
) -> None:
    """Take an import back: every entry is what it was before."""
    from app.commands.points_export import undo_import  # noqa: PLC0415

    done = undo_import(import_id, office=office, register=register, person=person)
    say(done.as_json(), done.as_text(), as_json=as_json)


@app.command()
def convert(
    source: Annotated[Path, typer.Argument(metavar="IN", help="Vector file, or CSV or Excel with coordinates.")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="File to write; its ending says the kind.")],
    from_: Annotated[str, typer.Option("--from", metavar="CRS", help="gcj02, bd09, wgs84 or EPSG:n.")],
    to: Annotated[str, typer.Option("--to", metavar="CRS", help="wgs84, gcj02, bd09 or EPSG:n.")] = "wgs84",
    sheet: Annotated[str, typer.Option("--sheet", metavar="NAME", help="Sheet of a workbook with several.")] = "",
    force: Annotated[bool, typer.Option("--force", help="Write over OUT.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Convert a file between WGS 84, GCJ-02, BD-09 and other systems, and say how far things moved."""
    from app.commands.convert_cli import convert_file  # noqa: PLC0415
    from app.language import system_language  # noqa: PLC0415

    done = convert_file(source, target, from_, to, sheet=sheet, force=force)
    say(done.as_json(), done.as_text(system_language()), as_json=as_json)


@cap_app.command("check")
def cap_check(files: FilesArgument, as_json: JsonOption = False) -> None:
    """Check CAP 1.2 messages against the OASIS schema and the standard's prose."""
    from app.commands.cap_files import check_files, findings_text  # noqa: PLC0415

    documents = check_files(files)
    say(documents, findings_text(documents), as_json=as_json)
    raise SystemExit(0 if all(d["valid"] for d in documents) else 1)


@warning_app.command("list")
def warning_list(office: OfficeOption = None, as_json: JsonOption = False) -> None:
    """List the warnings of the office, newest first."""
    from app.commands.warning_files import list_text, list_warnings  # noqa: PLC0415

    documents = list_warnings(office)
    say(documents, list_text(documents), as_json=as_json)


@warning_app.command("show")
def warning_show(
    warning_id: Annotated[str, typer.Argument(metavar="WARNING", help="Id, CAP identifier or legal number.")],
    office: OfficeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show one warning with its journal and its messages."""
    from app.commands.warning_files import show_warning, warning_text  # noqa: PLC0415

    document = show_warning(office, warning_id)
    say(document, warning_text(document), as_json=as_json)


@app.command()
def screenshot(  # noqa: PLR0913, PLR0917 - options of a command are its arguments
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="PNG to write.")],
    view: Annotated[str, typer.Option("--view", help="console or map; a map as .pdf is a sheet of A3.")] = "console",
    bounds: Annotated[str, typer.Option("--bounds", metavar="W,S,E,N", help="Part of the map, degrees.")] = "",
    layers: Annotated[str, typer.Option("--layers", metavar="A,B", help="Layers by name: 雷达拼图, Shelters.")] = "",
    size: Annotated[str, typer.Option("--size", metavar="WxH", help="Pixels of the picture.")] = "1920x1080",
    task: Annotated[Task, typer.Option("--task", help="Task layout.")] = Task.WATCH,
    language: LanguageOption = None,
    theme: ThemeOption = Theme.LIGHT,
    office: OfficeOption = None,
) -> None:
    """Open the console offscreen and draw it into a picture; nothing is taken from the inbox."""
    from app import startup  # noqa: PLC0415
    from app.commands import map_picture  # noqa: PLC0415
    from app.commands.bounds import bounds_of  # noqa: PLC0415

    look: dict[str, Any] = {"out": out, "size": pixels(size), "language": language or "", "theme": theme.value}
    if view == "map":
        area = bounds_of(bounds) if bounds else None
        names = [name.strip() for name in layers.split(",") if name.strip()]
        map_picture.take_map_picture(office, bounds=area, layers=names, **look)
    elif view == "console" and not bounds and not layers:
        startup.take_screenshot(office, task=task.value, **look)
    elif view == "console":
        raise typer.BadParameter("only a map has it: add --view map", param_hint="--bounds" if bounds else "--layers")
    else:
        raise typer.BadParameter(f"{view} is no view: console or map", param_hint="--view")
    typer.echo(out)

"""The office commands: make an office, its people, look it over, back it up, bring it back."""

from __future__ import annotations

import getpass
import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

import resources
from app.clock import SystemClock
from app.commands.cli_person import actor_of, find
from app.commands.command_language import Spoken
from app.language import system_language
from app.office import STORE, Office, check, default_folder, open_office
from app.settings import checked_settings
from models.errors import SettingsError
from models.identity import new_id
from models.register.description import faults_of
from models.store import audit, backup, journal, people, places, registers, search_index
from models.store.database import Database, Store
from models.store.restore import RestoreReport, restore
from models.warning.pin import LEAST, MOST, normed, see_new
from models.warning.warning import Person

OWN_REGISTERS = "registers"

app = Spoken(help="The office: its folder, its people, its backups.", no_args_is_help=True, add_completion=False)
people_app = Spoken(help="People with an account at this office.", no_args_is_help=True)
app.add_typer(people_app, name="people")

OfficeOption = Annotated[
    Path | None, typer.Option("--office", help="Folder of the office; default: the user's data folder.")
]
PersonOption = Annotated[
    str, typer.Option("--as", metavar="PERSON", help="Who does it, by staff number, name or id; asks their PIN first.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


@app.command("new")
def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="New or empty folder.")],
    name: Annotated[str, typer.Option("--name", help="Name of the office.")] = "",
    adcode: Annotated[str, typer.Option("--adcode", help="Six-digit code of the county.")] = "",
    boundary: Annotated[Path | None, typer.Option("--boundary", help="Outline of the county, any vector file.")] = None,
    towns: Annotated[Path | None, typer.Option("--towns", help="Outlines of the towns.")] = None,
    dem: Annotated[Path | None, typer.Option("--dem", help="Heights, any raster file.")] = None,
    exercise: Annotated[bool, typer.Option("--exercise", help="Everything of this office is an exercise.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Make an office from the files that the county has."""
    from app.office_new import area_of, make_office  # noqa: PLC0415 (reads geodata: slow to import)

    given = {"--name": name, "--adcode": adcode, "--boundary": str(boundary or "")}
    missing = [option for option, value in given.items() if not value]
    if missing and not sys.stdin.isatty():
        raise typer.BadParameter(say("missing", options=", ".join(missing)))
    name = name or typer.prompt(say("ask.name"))
    adcode = adcode or typer.prompt(say("ask.adcode"))
    boundary = boundary or Path(typer.prompt(say("ask.boundary")))
    settings = checked_settings({"office": {"name": name, "adcode": adcode, "exercise": exercise}})
    for file in (boundary, towns, dem):
        if file is not None and not file.exists():
            raise SettingsError("office.no_such_file", file=file)
    made = make_office(
        folder,
        settings,
        boundary=boundary,
        towns=towns,
        dem=dem,
        now=SystemClock().now(),
        language=system_language(),
    )
    km2 = round(area_of(made.county))
    if as_json:
        print_json(
            {
                "folder": str(folder),
                "county": {"name": made.county.name, "adcode": made.county.code, "km2": km2},
                "towns": [{"name": town.name, "code": town.code} for town in made.towns],
                "left_out": made.left_out,
            }
        )
        return
    facts = {"folder": folder, "county": made.county.name, "adcode": adcode, "km2": km2, "towns": len(made.towns)}
    typer.echo(say("made", **facts))
    if not made.towns:
        typer.echo(say("made_one_area"))
    if made.left_out:
        typer.echo(say("made_left_out", names=", ".join(made.left_out)))
    typer.echo(say("made_next", folder=folder))


@people_app.command("add")
def people_add(
    office: OfficeOption = None,
    name: Annotated[str, typer.Option("--name")] = "",
    staff_no: Annotated[str, typer.Option("--staff-no", help="Names the human being: never given twice.")] = "",
    phone: Annotated[str, typer.Option("--phone")] = "",
    role: Annotated[
        list[str] | None, typer.Option("--role", help="forecaster, signer or leader; more than one is possible.")
    ] = None,
    by: PersonOption = "",
    as_json: JsonOption = False,
) -> None:
    """Give somebody an account; the PIN is asked for, never an argument."""
    roles = frozenset(role or ["forecaster"])
    if not roles <= {"forecaster", "signer", "leader"}:
        raise typer.BadParameter("forecaster, signer, leader", param_hint="--role")
    at = opened(office)
    missing = [option for option, value in {"--name": name, "--staff-no": staff_no}.items() if not value]
    if missing and not sys.stdin.isatty():
        raise typer.BadParameter(say("missing", options=", ".join(missing)))
    name = name or typer.prompt(say("ask.person_name"))
    staff_no = staff_no or typer.prompt(say("ask.staff_no"))
    person = Person(new_id(), name, staff_no, phone, roles)
    with Store.open(at.store_path) as store:
        actor = actor_of(store, by)
        pin, now = ask_pin(), SystemClock().now()
        store.write_now(lambda db: people.add(db, person, pin, actor=actor, at=now))
    if as_json:
        print_json(_person(person))
    else:
        typer.echo(say("added", name=name, staff_no=staff_no))


@people_app.command("pin")
def people_pin(
    who: Annotated[str, typer.Argument(metavar="PERSON", help="Staff number, name or id.")],
    office: OfficeOption = None,
    by: PersonOption = "",
) -> None:
    """Give somebody a new PIN; it is asked for, never an argument."""
    at = opened(office)
    with Store.open(at.store_path) as store:
        person = find(store.read(people.everybody), who)
        actor = actor_of(store, by)
        pin, now = ask_pin(), SystemClock().now()
        store.write_now(lambda db: people.set_pin(db, person.id, pin, actor=actor, at=now))
    typer.echo(say("pin_set", name=person.name))


@people_app.command("list")
def people_list(office: OfficeOption = None, as_json: JsonOption = False) -> None:
    """List everybody with an account."""
    with Store.open(opened(office).store_path) as store:
        everybody = store.read(people.everybody)
    if as_json:
        print_json([_person(person) for person in everybody])
        return
    for p in everybody:
        ended = "" if p.active else say("ended")
        roles = " ".join(map(_role, sorted(p.roles)))
        typer.echo("  ".join(part for part in (p.staff_no, p.name, roles, p.phone, ended) if part))
    if not everybody:
        typer.echo(say("nobody"))


@app.command("check")
def check_office(office: OfficeOption = None, as_json: JsonOption = False) -> None:
    """Look the office over without changing anything: settings, store, journal, backups, people, places, registers."""
    folder = office or default_folder()
    findings = (*check(folder), *faults_of(folder / OWN_REGISTERS))
    if as_json:
        print_json(
            {
                "office": str(folder),
                "good": not findings,
                "findings": [{"code": f.code, "sentence": f.sentence(system_language())} for f in findings],
            }
        )
    elif findings:
        for finding in findings:
            typer.echo(finding.sentence(system_language()))
    else:
        backups = len(backup.all_of(folder / "backup"))
        typer.echo(say("check_good", folder=folder, number=audit.last_number(folder / STORE), backups=backups))
    raise SystemExit(1 if findings else 0)


@app.command("vouch")
def vouch(by: PersonOption, office: OfficeOption = None) -> None:
    """Write into the journal, in somebody's name, that places and unproven registers are right as they stand."""
    at = opened(office)
    with Store.open(at.store_path) as store:
        actor, now = actor_of(store, by), SystemClock().now()
        unproven = store.read(audit.unproven_registers)

        def work(db: Database) -> None:
            places.vouch(db, actor=actor, at=now)
            for register in unproven:
                registers.vouch(db, register, actor=actor, at=now)

        store.write_now(work)
        count = store.read(places.state)["places"]
    typer.echo(say("vouched", count=count))
    for register in unproven:
        typer.echo(say("vouched_register", register=register))


@app.command("reindex")
def reindex(office: OfficeOption = None) -> None:
    """Make the index of the search anew from what the store holds."""
    with Store.open(opened(office).store_path) as store:
        store.write_now(search_index.rebuild)
    typer.echo(say("reindexed"))


@app.command("backup")
def backup_office(office: OfficeOption = None, as_json: JsonOption = False) -> None:
    """Make a backup now."""
    at = opened(office)
    with Store.open(at.store_path) as store:
        made = backup.make(store, at.backup, SystemClock().now())
    number = backup.examine(made).number
    if as_json:
        print_json({"file": str(made), "number": number})
    else:
        typer.echo(say("backup_made", file=made, number=number))


@app.command("restore")
def restore_office(
    office: OfficeOption = None,
    force: Annotated[bool, typer.Option("--force", help="Restore although nothing is wrong.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Bring the newest good backup back; the damaged store is kept, and what is missing since is said."""
    folder = office or default_folder()
    report = restore(folder, SystemClock().now(), even_if_good=force)
    if as_json:
        print_json(_report(report))
    else:
        typer.echo("\n".join(report_lines(report, system_language())))


def report_lines(report: RestoreReport, language: str) -> list[str]:
    """Return what a restoring did and what is missing, in sentences of ``zh`` or ``en``."""

    def tell(key: str, **facts: object) -> str:
        return resources.phrase("office_cli", key, language).format_map(facts)

    made_at = f"{report.made_at:%Y-%m-%d %H:%M:%SZ}"
    lines = [tell("restored", made_at=made_at, file=report.restored_from.name, number=report.number)]
    if report.kept_as is not None:
        lines.append(tell("restored_kept", kept_as=report.kept_as.name))
    if report.lost_count is None:
        lines.append(tell("restored_unknown_lost"))
    elif report.lost_count == 0:
        lines.append(tell("restored_nothing_lost"))
    else:
        last = report.number + report.lost_count
        lines.append(tell("restored_lost", count=report.lost_count, first=report.number + 1, last=last))
        lines += [
            tell(
                "restored_line",
                number=line.number,
                at=f"{line.entry.at:%Y-%m-%d %H:%M:%SZ}",
                act=line.entry.act,
                subject=line.entry.subject,
            )
            for line in report.lost_lines
        ] or ["  —"]
    if report.unknown_messages:
        names = ", ".join(report.unknown_messages)
        lines.append(tell("restored_messages", count=len(report.unknown_messages), names=names))
    return lines


def opened(folder: Path | None) -> Office:
    """Return the office that a command works on."""
    return open_office(folder or default_folder())


def ask_pin() -> str:
    """Return a new PIN typed twice and not shown; from a pipe, its first line.

    Raises
    ------
    SettingsError
        ``office.pins_differ``.
    DataError
        ``people.pin_rule``, before it is asked for again.
    """
    if not sys.stdin.isatty():
        return see_new(sys.stdin.readline())
    pin = see_new(getpass.getpass(say("ask.pin", least=LEAST, most=MOST) + ": "))
    if normed(getpass.getpass(say("ask.pin_again") + ": ")) != pin:
        raise SettingsError("office.pins_differ")
    return pin


def say(key: str, **facts: object) -> str:
    """Return a sentence of this command line in the system's language."""
    return resources.phrase("office_cli", key, system_language()).format_map(facts)


def print_json(document: Any) -> None:
    """Print one JSON document on stdout."""
    typer.echo(json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False))


def _role(role: str) -> str:
    """Return the word for a role; one that nobody gave at this desk, but a hand in the file, stays as it is."""
    try:
        return resources.phrase("command_line", f"role.{role}", system_language())
    except (KeyError, TypeError):
        return role


def _person(person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.name,
        "staff_no": person.staff_no,
        "phone": person.phone,
        "roles": sorted(person.roles),
        "active": person.active,
    }


def _report(report: RestoreReport) -> dict[str, Any]:
    return {
        "restored_from": str(report.restored_from),
        "made_at": report.made_at.isoformat(),
        "kept_as": str(report.kept_as) if report.kept_as else None,
        "number": report.number,
        "lost_number": report.lost_number,
        "lost_count": report.lost_count,
        "lost_lines": [json.loads(journal.json_line(line)) for line in report.lost_lines],
        "unknown_messages": list(report.unknown_messages),
    }

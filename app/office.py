"""An office: a folder with its settings, its store, and what comes in and goes out."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.settings import FILE_NAME, Settings, read_settings
from app.settings_writer import write_settings
from models.errors import ConsoleError, SettingsError, StoreError
from models.store import audit, backup
from models.warning.issuing_office import IssuingOffice

STORE = "store.sqlite"
SHELF = "set-aside.jsonl"
FOLDERS = ("inbox", "outbox", "archive", "backup", "logs")


@dataclass(frozen=True, slots=True)
class Office:
    """Where an office keeps its things, and how it is set."""

    folder: Path
    settings: Settings

    @property
    def store_path(self) -> Path:
        return self.folder / STORE

    @property
    def inbox(self) -> Path:
        return self.folder / "inbox"

    @property
    def outbox(self) -> Path:
        return self.folder / "outbox"

    @property
    def archive(self) -> Path:
        return self.folder / "archive"

    @property
    def backup(self) -> Path:
        return self.folder / "backup"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def registers(self) -> Path:
        """Where the office describes registers of its own."""
        return self.folder / "registers"

    @property
    def cache(self) -> Path:
        """What can be made again at any time: tables from radar to map, horizons."""
        return self.folder / "cache"

    @property
    def shelf(self) -> Path:
        """The list of contents that were set aside after two tries."""
        return self.folder / SHELF

    @property
    def dem_path(self) -> Path:
        """Where the heights of the county lie, if the office has them."""
        return self.archive / "dem.tif"

    @property
    def exercise(self) -> bool:
        """Whether everything of this office is an exercise."""
        return self.settings.office.exercise

    @property
    def issuing(self) -> IssuingOffice:
        """What every message says of its issuer."""
        s = self.settings
        return IssuingOffice(
            name=s.issuer.name or s.office.name,
            name_en=s.office.name_en,
            adcode=s.office.adcode,
            exercise=s.office.exercise,
            issuer=s.issuer.code,
            sender=s.issuer.sender,
            drill_phones=s.drill.phones,
        )


def default_folder(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path:
    """Return where an office lies if nobody says: the user's data folder by the platform's rule."""
    home = Path(environment.get("USERPROFILE" if platform == "win32" else "HOME") or Path.home())
    if platform == "win32":
        return Path(environment.get("LOCALAPPDATA") or home / "AppData" / "Local") / "Fengsui"
    if platform == "darwin":
        return home / "Library" / "Application Support" / "Fengsui"
    data = environment.get("XDG_DATA_HOME", "")
    # The XDG rule: a relative path there is to be ignored.
    return (Path(data) if Path(data).is_absolute() else home / ".local" / "share") / "fengsui"


def create(folder: Path, settings: Settings, *, language: str = "zh") -> Office:
    """Make the folders and ``office.toml`` of a new office; its store is made at the first opening.

    Raises
    ------
    SettingsError
        ``office.exists`` if an office lies there, ``office.not_empty`` if something else does,
        ``office.not_writable``.
    """
    if (folder / FILE_NAME).exists() or (folder / STORE).exists():
        raise SettingsError("office.exists", folder=folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise SettingsError("office.not_empty", folder=folder)
        _make_folders(folder)
        write_settings(folder, settings, language)
    except OSError as error:
        raise SettingsError("office.not_writable", folder=folder, cause=str(error)) from error
    return Office(folder, settings)


def open_office(folder: Path) -> Office:
    """Return the office in a folder, with the folders it needs.

    Raises
    ------
    SettingsError
        As `read_settings` does, or ``office.not_writable``.
    """
    settings = read_settings(folder / FILE_NAME)
    try:
        _make_folders(folder)
    except OSError as error:
        raise SettingsError("office.not_writable", folder=folder, cause=str(error)) from error
    return Office(folder, settings)


def check(folder: Path) -> tuple[ConsoleError, ...]:
    """Look over an office without changing anything, and return what is wrong with it.

    Settings, folders, the store with its laws, the journal's chain against its
    head, registers, accounts, places and the search against the journal, and the newest backup.
    """
    findings: list[ConsoleError] = []
    try:
        read_settings(folder / FILE_NAME)
    except SettingsError as error:
        if not (folder / STORE).exists() and error.code == "settings.no_office":
            return (error,)
        findings.append(error)
    findings += [
        SettingsError("office.no_folder", folder=folder / name) for name in FOLDERS if not (folder / name).is_dir()
    ]
    of_store = audit.check(folder / STORE, folder / "backup")
    findings += of_store or audit.check_contents(folder / STORE)
    newest = backup.all_of(folder / "backup")[:1]
    for file in newest:
        try:
            backup.examine(file)
        except StoreError as error:
            findings.append(StoreError("backup.bad", path=file, cause=error.code))
    return tuple(findings)


def _make_folders(folder: Path) -> None:
    for name in FOLDERS:
        (folder / name).mkdir(exist_ok=True)

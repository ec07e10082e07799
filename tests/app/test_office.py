"""An office: its folder, and the look over it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.office import FOLDERS, check, create, default_folder, open_office
from app.settings import OfficeSection, Settings
from models.errors import SettingsError
from models.store import backup
from models.store.database import Store

SETTINGS = Settings(office=OfficeSection(name="青岚县气象台", adcode="990001", exercise=True))


def test_a_new_office_has_its_folders_and_opens_again(tmp_path: Path) -> None:
    office = create(tmp_path / "qinglan", SETTINGS)
    assert open_office(tmp_path / "qinglan") == office
    assert sorted(p.name for p in office.folder.iterdir()) == sorted([*FOLDERS, "office.toml"])
    assert office.exercise
    assert (office.issuing.issuer_code, office.issuing.drill_phones) == ("99000141600000", ("000",))
    with Store.open(office.store_path):
        assert check(office.folder) == ()


def test_an_office_is_never_made_over_something_else(tmp_path: Path) -> None:
    create(tmp_path / "a", SETTINGS)
    before = (tmp_path / "a" / "office.toml").read_bytes()
    with pytest.raises(SettingsError) as exists:
        create(tmp_path / "a", SETTINGS)
    assert exists.value.code == "office.exists"
    assert (tmp_path / "a" / "office.toml").read_bytes() == before
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "thesis.doc").touch()
    with pytest.raises(SettingsError) as other:
        create(tmp_path / "b", SETTINGS)
    assert other.value.code == "office.not_empty"
    assert [p.name for p in (tmp_path / "b").iterdir()] == ["thesis.doc"]
    (tmp_path / "c").touch()
    with pytest.raises(SettingsError) as blocked:
        create(tmp_path / "c", SETTINGS)
    assert blocked.value.code == "office.not_writable"


def test_a_missing_folder_is_told_and_made_anew_at_the_next_opening(tmp_path: Path) -> None:
    office = create(tmp_path / "a", SETTINGS)
    Store.open(office.store_path).close()
    office.inbox.rmdir()
    assert [finding.code for finding in check(office.folder)] == ["office.no_folder"]
    open_office(office.folder)
    assert check(office.folder) == ()


def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    office = create(tmp_path / "a", SETTINGS)
    Store.open(office.store_path).close()
    office.logs.rmdir()
    (office.folder / "office.toml").write_text("[ofice]")
    office.store_path.write_bytes(b"x" * 5000)
    assert [finding.code for finding in check(office.folder)] == [
        "settings.unknown_key_near",
        "office.no_folder",
        "store.damaged",
    ]


def test_where_there_is_no_office_that_alone_is_told(tmp_path: Path) -> None:
    assert [finding.code for finding in check(tmp_path / "nowhere")] == ["settings.no_office"]


def test_a_newest_backup_that_is_no_good_is_told(tmp_path: Path) -> None:
    office = create(tmp_path / "a", SETTINGS)
    with Store.open(office.store_path) as store:
        made = backup.make(store, office.backup, datetime(2026, 6, 1, tzinfo=UTC))
    assert check(office.folder) == ()
    made.write_bytes(made.read_bytes()[:9000])
    (finding,) = check(office.folder)
    assert (finding.code, finding.facts["path"]) == ("backup.bad", made)


def test_looking_over_an_office_changes_nothing(tmp_path: Path) -> None:
    office = create(tmp_path / "a", SETTINGS)
    Store.open(office.store_path).close()
    before = {p: p.read_bytes() for p in office.folder.rglob("*") if p.is_file()}
    assert check(office.folder) == ()
    assert {p: p.read_bytes() for p in office.folder.rglob("*") if p.is_file()} == before


@pytest.mark.parametrize(
    ("platform", "environment", "folder"),
    [
        ("linux", {"HOME": "/h/zhou"}, "/h/zhou/.local/share/fengsui"),
        ("linux", {"HOME": "/h/zhou", "XDG_DATA_HOME": "/data"}, "/data/fengsui"),
        ("linux", {"HOME": "/h/zhou", "XDG_DATA_HOME": "data"}, "/h/zhou/.local/share/fengsui"),
        ("darwin", {"HOME": "/u/zhou"}, "/u/zhou/Library/Application Support/Fengsui"),
        ("win32", {"USERPROFILE": "/u/zhou", "LOCALAPPDATA": "/u/zhou/AL"}, "/u/zhou/AL/Fengsui"),
        ("win32", {"USERPROFILE": "/u/zhou"}, "/u/zhou/AppData/Local/Fengsui"),
    ],
)
def test_the_default_folder_follows_the_platform(platform: str, environment: dict[str, str], folder: str) -> None:
    assert default_folder(environment, platform) == Path(folder)

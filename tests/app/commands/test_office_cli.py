"""The office commands, run as an operator runs them."""

from __future__ import annotations

import io
import json
import os
import pty
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from app.office import create
from app.settings import OfficeSection, Settings
from models.register.record import Record
from models.store import backup, journal, people, registers
from models.store.database import Store
from tests.app.conftest import Fengsui
from tests.data import ROOT
from tests.make import NOW

RUN = [sys.executable, "-c", "from app.cli import main; main()", "office"]
PIN = "180601"


def run(*words: str, typed: str = "", language: str = "en_US.UTF-8") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*RUN, *words],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "LC_ALL": language, "COLUMNS": "200"},
        input=typed,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def boundary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("files") / "county.geojson"
    ring = [[106.0, 28.0], [106.5, 28.0], [106.5, 28.5], [106.0, 28.5], [106.0, 28.0]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": {"adcode": 990001, "name": "青岚县"}, "geometry": shape}
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def made_office(tmp_path_factory: pytest.TempPathFactory, boundary: Path) -> Path:
    """An office made on the command line, with an author and a signer. Nobody writes here."""
    folder = tmp_path_factory.mktemp("made") / "qinglan"
    options = ("--name", "青岚县气象台", "--adcode", "990001", "--boundary", str(boundary), "--exercise")
    made = run("new", str(folder), *options)
    assert made.returncode == 0, made.stderr
    assert "one area" in made.stdout
    for name, staff_no, role in (("周岚", "QL-1", "forecaster"), ("沈知远", "QL-2", "signer")):
        added = run(
            *("people", "add", "--office", str(folder), "--name", name, "--staff-no", staff_no, "--role", role),
            typed=PIN + "\n",
        )
        assert added.returncode == 0, added.stderr
    return folder


@pytest.fixture
def office(made_office: Path, tmp_path: Path) -> Path:
    """A copy of that office."""
    return Path(shutil.copytree(made_office, tmp_path / "qinglan"))


def test_an_office_is_made_looked_over_backed_up_and_brought_back(office: Path) -> None:
    assert run("check", "--office", str(office)).returncode == 0
    made = run("backup", "--office", str(office), "--json")
    assert json.loads(made.stdout)["number"] == 4
    assert run("people", "pin", "QL-2", "--office", str(office), typed="999000\n").returncode == 0
    (office / "store.sqlite").write_bytes(b"damaged" * 1000)

    looked = run("check", "--office", str(office), "--json")
    assert looked.returncode == 1
    assert [finding["code"] for finding in json.loads(looked.stdout)["findings"]] == ["store.damaged"]

    restored = run("restore", "--office", str(office), language="zh_CN.UTF-8")
    assert restored.returncode == 0, restored.stderr
    assert "1 行日志不在库中（第 5 到 5 行）" in restored.stdout
    assert "store.damaged-" in restored.stdout
    assert run("check", "--office", str(office)).returncode == 0
    again = run("restore", "--office", str(office))
    assert (again.returncode, again.stdout) == (1, "")
    assert "Nothing is wrong" in again.stderr
    assert len(backup.all_of(office / "backup")) == 1


def test_people_are_listed_and_nobody_comes_in_twice(office: Path) -> None:
    listed = json.loads(run("people", "list", "--office", str(office), "--json").stdout)
    assert {(p["name"], p["staff_no"], *p["roles"]) for p in listed} == {
        ("周岚", "QL-1", "forecaster"),
        ("沈知远", "QL-2", "signer"),
    }
    assert "周岚  预报员" in run("people", "list", "--office", str(office), language="zh_CN.UTF-8").stdout
    twice = run("people", "add", "--office", str(office), "--name", "周二", "--staff-no", "ql-1", typed=PIN + "\n")
    assert twice.returncode == 1
    assert "one human being, one account" in twice.stderr
    with Store.open(office / "store.sqlite") as store:
        assert len(store.read(people.everybody)) == 2


def test_the_journal_says_who_gave_an_account_and_a_pin(office: Path) -> None:
    add = ("people", "add", "--office", str(office), "--name", "林", "--staff-no", "QL-3", "--as", "QL-1")
    wrong = run(*add, typed=f"999999\n{PIN}\n")
    assert wrong.returncode == 1
    assert run(*add, typed=f"{PIN}\n999000\n").returncode == 0
    assert run("people", "pin", "QL-3", "--office", str(office), typed="999001\n").returncode == 0
    with Store.open(office / "store.sqlite") as store:
        author = next(one for one in store.read(people.everybody) if one.staff_no == "QL-1")
        actors = [line.entry.actor for line in store.read(lambda db: journal.newest(db, limit=9))]
    assert actors[0].startswith("cli:")
    assert actors[1] == author.id
    assert actors[-3].startswith("cli:"), "the first account is given by the system's user"


def test_a_pin_is_no_argument_and_stands_nowhere(office: Path) -> None:
    refused = run("people", "add", "--office", str(office), "--name", "x", "--staff-no", "3", "--pin", PIN)
    assert refused.returncode == 2
    helped = run("people", "add", "--help")
    assert "--pin" not in helped.stdout
    for file in office.rglob("*"):
        assert not file.is_file() or PIN.encode() not in file.read_bytes()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals")
def test_at_a_terminal_the_pin_is_asked_twice_and_not_shown(office: Path) -> None:
    def typed(*answers: str) -> tuple[int, str]:
        """Run at a real terminal, answering each prompt as it comes."""
        leader, follower = pty.openpty()
        command = [*RUN, "people", "pin", "QL-2", "--office", str(office)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "LC_ALL": "en_US.UTF-8"}
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=follower,
            stdout=follower,
            stderr=follower,
            start_new_session=True,  # no terminal but this one
        )
        os.close(follower)
        shown, waiting = "", list(answers)
        while True:
            try:
                shown += os.read(leader, 4096).decode()
            except OSError:  # the other side has closed
                break
            if waiting and shown.rstrip(" ").endswith(":"):
                time.sleep(0.05)  # the prompt comes a moment before the echo goes off
                os.write(leader, waiting.pop(0).encode() + b"\n")
        os.close(leader)
        return process.wait(timeout=60), shown

    code, shown = typed("654321", "654322")
    assert code == 1
    assert "The two PINs differ" in shown
    code, shown = typed("654321", "654321")
    assert code == 0, shown
    assert "6543" not in shown
    assert shown.count("New PIN (4 to 12 digits):") == 1
    assert "The PIN again:" in shown
    code, shown = typed("65a4")
    assert (code, "A new PIN has 4 to 12 digits" in shown, "again" in shown) == (1, True, False)


def test_what_is_missing_is_said_and_ends_with_2(tmp_path: Path, boundary: Path) -> None:
    refused = run("new", str(tmp_path / "a"), "--name", "x")
    assert refused.returncode == 2
    assert "--adcode, --boundary" in refused.stderr
    assert run("people", "add", "--office", str(tmp_path)).returncode == 1  # there is no office
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--adcode", "4418", "--boundary", "B"), 'office.adcode cannot be "4418"'),
        (("--adcode", "990001", "--boundary", "B"), "a county code of the drill range must be true"),
        (("--adcode", "441881", "--boundary", "B"), "has no area with the code 441881. There are: 990001."),
        (("--adcode", "441881", "--boundary", "/no/such.shp"), "There is no file /no/such.shp"),
    ],
)
def test_bad_input_ends_with_1_and_a_sentence(
    tmp_path: Path, boundary: Path, options: tuple[str, ...], sentence: str
) -> None:
    words = [str(boundary) if word == "B" else word for word in options]
    refused = run("new", str(tmp_path / "a"), "--name", "x", *words)
    assert refused.returncode == 1
    assert sentence in refused.stderr
    assert "Traceback" not in refused.stderr
    assert refused.stdout == ""
    assert not (tmp_path / "a").exists()


def test_a_register_that_cannot_be_read_is_named_by_the_check(office: Path) -> None:
    (office / "registers").mkdir(exist_ok=True)
    (office / "registers" / "mine.toml").write_text("name =", encoding="utf-8")
    looked = run("check", "--office", str(office))
    assert (looked.returncode, "mine.toml" in looked.stdout) == (1, True)


def test_what_the_check_finds_amiss_in_people_places_and_search_can_be_mended(
    fengsui: Fengsui, office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect(office / "store.sqlite", isolation_level=None)) as db:
        db.execute("UPDATE people SET roles = 'leader signer' WHERE staff_no = 'QL-1'")
        db.execute("UPDATE places SET population = 7")
        db.execute("DELETE FROM search")
    told = fengsui("office", "check", "--office", office, "--json")
    codes = [one["code"] for one in told.json["findings"]]
    assert (told.code, codes) == (1, ["people.other_account", "places.other_sum", "search.other_index"])
    with closing(sqlite3.connect(office / "store.sqlite", isolation_level=None)) as db:
        db.execute("UPDATE people SET roles = 'chief signer.zh' WHERE staff_no = 'QL-1'")
    assert "chief signer.zh" in fengsui("office", "people", "list", "--office", office).out
    assert "绕过主控台" in fengsui("office", "check", "--office", office, language="zh_CN.UTF-8").out
    assert fengsui("office", "vouch", "--office", office).code == 2, "nobody vouches without a name"
    monkeypatch.setattr(sys, "stdin", io.StringIO("000000\n"))
    assert fengsui("office", "vouch", "--office", office, "--as", "QL-1").code == 1, "nor with a wrong PIN"
    monkeypatch.setattr(sys, "stdin", io.StringIO(PIN + "\n"))
    assert "places were looked at" in fengsui("office", "vouch", "--office", office, "--as", "QL-1").out
    assert fengsui("office", "reindex", "--office", office).code == 0
    left = fengsui("office", "check", "--office", office, "--json").json["findings"]
    assert [one["code"] for one in left] == ["people.other_account"]


def test_a_record_changed_past_the_console_is_named_by_the_check(fengsui: Fengsui, tmp_path: Path) -> None:
    office = create(tmp_path / "o", Settings(office=OfficeSection(name="青岚县气象台", adcode="990001", exercise=True)))
    record = Record("people", "RY-1", "张3", values={"phone": "000-0000-0333"})
    with Store.open(office.store_path) as store:
        store.write_now(lambda db: registers.put(db, [record], actor="system", at=NOW))
    assert fengsui("office", "check", "--office", office.folder).code == 0
    with closing(sqlite3.connect(office.store_path, isolation_level=None)) as db:
        db.execute("UPDATE records SET \"values\" = '{' WHERE id = 'RY-1'")
    told = fengsui("office", "check", "--office", office.folder, "--json")
    assert told.code == 1
    codes = {one["code"] for one in told.json["findings"]}
    assert {"register.damaged", "register.other_sum", "register.other_than_version"} <= codes

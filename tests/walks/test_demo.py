"""``fengsui demo --headless`` plays the whole chain, and names the step that does not happen."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from app.demo.people import FORECASTER
from app.demo.scene import OPENING_AT
from models.store import people
from models.store.database import Database, Store
from models.warning.cap.checker import check
from tests.data import ROOT, long_count

LONG_ONLY = pytest.mark.skipif(not long_count(0, 1), reason="a whole play of 15 s: dev.py test --long")
STEPS = (
    "county stands",
    "console open",
    "earlier rain came as one gauge file and archived hourly radar sums",
    "on duty",
    "alarms",
    "draft from the alarms",
    "submitted",
    "signed by the second person",
    "issued",
    "channel took",
    "receipts are in",
    "storm peak",
    "draft of the update",
    "draft of the lifting",
    "journal",
)
SHORT = 3  # drill minutes; the first message is begun a minute after the opening
AT_ONCE = 1  # the first message is begun at the opening


def play(office: Path, out: Path, *options: str, minutes: int = AT_ONCE) -> subprocess.CompletedProcess[str]:
    """Run the command as a person would, in English."""
    command = [sys.executable, "-m", "app", "demo", "--headless", "--language", "en", "--minutes", str(minutes)]
    return subprocess.run(
        [*command, "--out", str(out), "--office", str(office), *options],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


@pytest.fixture(scope="module")
def played(
    built_office: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """One whole exercise, played in few drill minutes."""
    folder = tmp_path_factory.mktemp("demo")
    shutil.copytree(built_office, folder / "office")
    return folder / "out", play(folder / "office", folder / "out", minutes=SHORT)


Played = tuple[Path, subprocess.CompletedProcess[str]]


@pytest.mark.xdist_group("demo")
class TestTheExercise:
    def test_every_step_happens_and_the_command_ends_well(self, played: Played) -> None:
        _, ran = played
        assert ran.returncode == 0, ran.stdout + ran.stderr
        assert ran.stderr == ""

    def test_each_step_is_printed_with_its_time_and_the_drills(self, played: Played) -> None:
        _, ran = played
        lines = ran.stdout.splitlines()
        taken = [re.fullmatch(r" *(\d+\.\d) s  (\d\d:\d\d)  (\S.*)", line) for line in lines]
        assert all(taken), lines
        seconds = [float(found[1]) for found in taken if found]
        assert seconds == sorted(seconds)
        said = iter([found[3] for found in taken if found])
        for step in STEPS:
            assert any(words.startswith(step) for words in said), f"{step}: missing or out of order in {lines}"

    @pytest.mark.parametrize("name", ["console-draft.png", "console-issued.png", "console-peak.png"])
    def test_the_pictures_show_a_console(self, played: Played, name: str) -> None:
        out, _ = played
        picture = QImage(str(out / name))
        assert (picture.width(), picture.height()) == (1920, 1080)
        seen = {picture.pixel(x, y) for x in range(0, 1920, 7) for y in range(0, 1080, 7)}
        assert len(seen) > 100

    def test_the_pictures_differ_from_each_other(self, played: Played) -> None:
        out, _ = played
        assert len({hashlib.sha256(path.read_bytes()).digest() for path in out.glob("*.png")}) == 3

    def test_the_cap_files_are_valid_alert_update_and_cancel_of_one_chain(self, played: Played) -> None:
        out, _ = played
        reports = {path.stem.rpartition("-")[2]: check(path.read_bytes()) for path in (out / "cap").glob("*.xml")}
        assert reports.keys() == {"alert", "update", "cancel"}
        for report in reports.values():
            assert report.valid, [finding.message("en") for finding in report.errors]

    def test_every_message_went_out_and_was_answered(self, played: Played) -> None:
        out, _ = played
        sent = {json.loads(path.read_text("utf-8"))["message"] for path in (out / "messages").glob("*.json")}
        answered = [json.loads(path.read_text("utf-8")) for path in (out / "receipts").glob("*.json")]
        assert len(sent) > 100
        assert {receipt["message"] for receipt in answered} == sent
        assert {receipt["state"] for receipt in answered} == {"delivered", "failed"}

    def test_everything_that_went_out_says_that_it_is_an_exercise(self, played: Played) -> None:
        out, _ = played
        for path in (out / "messages").glob("*.json"):
            message = json.loads(path.read_text("utf-8"))
            assert "演练" in message["body"]
            assert message["kind"] != "sms" or message["address"].startswith("000")
        for path in (out / "cap").glob("*.xml"):
            assert "<status>Exercise</status>" in path.read_text("utf-8")

    def test_the_journal_holds_every_step_in_one_chain(self, played: Played) -> None:
        out, _ = played
        lines = [json.loads(line) for line in (out / "journal.jsonl").read_text("utf-8").splitlines()]
        sha = lines[0]["before_sha"]
        for number, line in enumerate(lines, 1):
            texts = [
                line["at"],
                line["actor"],
                line["act"],
                line["subject"],
                dense(line["before"]),
                dense(line["after"]),
            ]
            assert line["number"] == number
            assert line["before_sha"] == sha
            sha = hashlib.sha256(f"{sha}\n{dense([number, *texts])}".encode()).hexdigest()
            assert line["sha"] == sha
        steps = [line["act"] for line in lines if line["act"].startswith("warning.")]
        assert steps.count("warning.issue") == 3
        for act in ("warning.submit", "warning.sign"):
            assert steps.count(act) == 3
        signed = [line["actor"] for line in lines if line["act"] == "warning.sign"]
        assert FORECASTER.id not in signed


def dense(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@pytest.fixture
def scant_folder(lean_folder: Path) -> Path:
    """An office in whose inbox one volume lies: enough for a play that ends soon."""
    for volume in sorted((lean_folder / "inbox").glob("Z_RADR*"))[:-1]:
        volume.unlink()
    return lean_folder


def failed_at(step: str, ran: subprocess.CompletedProcess[str]) -> str:
    """See that the play ended badly at a step, and return what it said of it."""
    assert ran.returncode != 0, ran.stdout
    assert "Traceback" not in ran.stderr
    assert step in ran.stderr
    return ran.stderr


def test_a_cut_volume_ends_the_play_at_the_inbox(scant_folder: Path, tmp_path: Path) -> None:
    whole = min((scant_folder / "inbox").glob("Z_RADR_I_QLS01*"))
    cut = scant_folder / "inbox" / whole.name.replace("QLS01", "QLS01_CUT")
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    ran = play(scant_folder, tmp_path / "out")
    assert cut.name in failed_at("inbox", ran)


def test_without_a_second_person_the_play_ends_at_the_signature(scant_folder: Path, tmp_path: Path) -> None:
    def end_their_service(db: Database) -> None:
        for person in people.everybody(db):
            if "signer" in person.roles:
                ended = type(person)(person.id, person.name, person.staff_no, person.phone, person.roles, active=False)
                people.change(db, ended, actor="test", at=OPENING_AT)

    with Store.open(scant_folder / "store.sqlite") as store:
        store.write_now(end_their_service)
    assert "second person" in failed_at("sign", play(scant_folder, tmp_path / "out"))


def test_an_outbox_that_is_no_folder_ends_the_play_at_once(scant_folder: Path, tmp_path: Path) -> None:
    (scant_folder / "outbox").rmdir()
    (scant_folder / "outbox").write_bytes(b"")
    assert "outbox" in failed_at("county", play(scant_folder, tmp_path / "out"))


@LONG_ONLY
@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder that even root cannot write to: /proc")
def test_an_outbox_that_cannot_be_written_ends_the_play_at_the_delivery(lean_folder: Path, tmp_path: Path) -> None:
    (lean_folder / "outbox").rmdir()
    (lean_folder / "outbox").symlink_to("/proc")
    ran = play(lean_folder, tmp_path / "out", minutes=SHORT)
    assert "outbox" in failed_at("deliver", ran)
    assert "issued" in ran.stdout


@LONG_ONLY
def test_a_gateway_that_stays_silent_ends_the_play_at_the_receipts(lean_folder: Path, tmp_path: Path) -> None:
    ran = play(lean_folder, tmp_path / "out", "--silent-gateway", minutes=SHORT)
    assert "without a receipt" in failed_at("receipts", ran)
    assert "channel took" in ran.stdout

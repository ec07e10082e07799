"""The one command: what it says when something is missing, and that it is quick when nothing is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import dev
from tests.data import ROOT


def test_a_second_start_starts_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stamp = tmp_path / "stamp"
    stamp.write_text(dev.stamp_of("core"))
    monkeypatch.setattr(dev, "STAMP", stamp)
    monkeypatch.setattr(dev, "PYTHON", Path(sys.executable))

    def started(*words: str) -> None:
        raise AssertionError(words)

    monkeypatch.setattr(dev, "quiet", started)
    dev.set_up(web=False)
    with pytest.raises(AssertionError):
        dev.set_up(web=True)


def test_a_changed_lock_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = dev.stamp_of("core")
    other = tmp_path / "requirements.lock"
    other.write_text("# another\n")
    monkeypatch.setitem(dev.LOCKS, "core", other)
    assert dev.stamp_of("core") != before


def test_a_python_without_venv_ends_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "ensurepip.py").write_text("raise ImportError")
    shutil.copy(ROOT / "dev.py", tmp_path)
    (tmp_path / "requirements.lock").write_text("")
    done = subprocess.run(
        [sys.executable, str(tmp_path / "dev.py"), "check"],
        env={**os.environ, "PYTHONPATH": str(tmp_path), "PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "install the package python3-venv" in done.stderr


def test_an_old_python_is_told_which_one_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 8, 18))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SystemExit, match=r"needs Python 3\.11, 3\.12 or 3\.13; this is 3\.8"):
        dev.fitting_python()


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        ("OSError: [Errno 28] No space left on device", "the disk is full"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "differs from the lock"),
        ("something new", "something new"),
    ],
)
def test_a_failed_step_names_its_cause(
    printed: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dev, "LOG", tmp_path / "setup.log")
    with pytest.raises(SystemExit, match=said):
        dev.step(sys.executable, "-c", f"print({printed!r}); raise SystemExit(1)")
    assert printed in (tmp_path / "setup.log").read_text(encoding="utf-8")


def test_no_network_ends_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "LOG", tmp_path / "setup.log")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS"):
        monkeypatch.delenv(name, raising=False)
    nowhere = "http://127.0.0.1:9/simple"
    with pytest.raises(SystemExit, match="the package registry was not reached"):
        dev.step(
            *(sys.executable, "-m", "pip", "install", "--retries", "0", "--index-url", nowhere),
            *("--target", str(tmp_path / "none"), "no-such-package"),
        )
    assert not (tmp_path / "none").exists()


def test_system_packages_are_asked_for_in_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    if not shutil.which("dpkg-query"):
        pytest.skip("not a Debian-like system")
    missing = dev.missing_packages(sys.executable, web=False)
    assert set(missing) <= set(dev.SYSTEM_PACKAGES.split()) | {f"python3.{sys.version_info.minor}-venv"}
    monkeypatch.setattr(dev, "SYSTEM_PACKAGES", "dpkg no-such-package-here")
    assert dev.missing_packages(sys.executable, web=False) == ["no-such-package-here"]

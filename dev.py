#!/usr/bin/env python3
"""The one command of a developer: sets the house up, then runs, tests, checks or measures it.

python3 dev.py run [ARGS]      open the console on the demo office; ARGS go to ``fengsui`` as they are
python3 dev.py test [--long]   every test, offscreen; further words go to pytest
python3 dev.py check           format, lint, types, contracts
python3 dev.py bench NAME      one measurement of app/bench
python3 dev.py translate       words of the console into resources/translations
python3 dev.py lock            make the locks anew from pyproject.toml
python3 dev.py build           make the folder that runs without Python, and start it where no Python is
Before the verb: --web         with the second map (QtWebEngine, 175 MB more)

Only the standard library, in words that Python 3.8 can read, so that it can say which Python is needed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Dict, List, Optional, Sequence, Tuple

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "fengsui.stamp"
LOG = VENV / "setup.log"
LOCKS = {"core": ROOT / "requirements.lock", "web": ROOT / "requirements-web.lock"}
TRANSLATIONS = ROOT / "resources" / "translations"
PYTHONS = ((3, 13), (3, 12), (3, 11))

# What Qt and venv need from a bare Debian or Ubuntu (found by loading every library in a bare chroot).
SYSTEM_PACKAGES = """
python3-venv libgl1 libegl1 libglib2.0-0 libdbus-1-3 libfontconfig1 libxkbcommon0
libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0
libxcb-sync1 libxcb-xfixes0 libxcb-xkb1 libxkbcommon-x11-0 libx11-xcb1
"""
WEB_PACKAGES = """
libnss3 libnspr4 libasound2 libxcomposite1 libxdamage1 libxrandr2 libxtst6 libxkbfile1 libgbm1 libxcb-dri3-0
libbrotli1
"""

# What PyInstaller needs: objdump, and Python as a shared library.
BUILD_PACKAGES = ("binutils", "libpython%d.%d")

# What the last lines of pip or venv mean; the first that fits is said.
CAUSES = (
    ("No space left on device", "the disk is full: make about 1.5 GB of room and start again"),
    ("ensurepip is not available", "this Python has no venv: install the package python3-venv and start again"),
    ("DO NOT MATCH THE HASHES", "a package differs from the lock: do not use it, look at the package mirror"),
    ("No matching distribution", "the package registry was not reached, or lacks a locked version (pip's settings?)"),
    ("Max retries exceeded", "the package registry was not reached: look at the network and at pip's settings"),
    ("Permission denied", "this folder can't be written to: give yourself the right, or clone to another place"),
)


def stop(sentence: str) -> None:
    """End with one plain sentence."""
    sys.exit("dev.py: " + sentence)


def quiet(*words: str) -> Tuple[int, str]:
    """Run a command; return its exit code and all it wrote."""
    try:
        done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    except OSError as error:
        return 127, str(error)
    return done.returncode, done.stdout


def fitting_python() -> str:
    """Return an interpreter of a version that the lock is made for: this one, else the newest on the path."""
    if sys.version_info[:2] in PYTHONS:
        return sys.executable
    for major, minor in PYTHONS:
        found = shutil.which("python%d.%d" % (major, minor))
        if found and quiet(found, "-c", "")[0] == 0:
            return found
    stop("Fengsui needs Python 3.11, 3.12 or 3.13; this is %d.%d and no other was found." % sys.version_info[:2])
    return ""


def missing_packages(python: str, web: bool) -> List[str]:
    """Return the Debian packages that are not there; none on a system without dpkg."""
    if not shutil.which("dpkg-query"):
        return []
    wanted = (SYSTEM_PACKAGES + (WEB_PACKAGES if web else "")).split()
    version = quiet(python, "-c", "import sys; print('python%d.%d' % sys.version_info[:2])")[1].strip()
    if os.path.realpath(python).startswith("/usr/bin/"):
        wanted = [name.replace("python3-venv", version + "-venv") for name in wanted]
    else:
        wanted = [name for name in wanted if name != "python3-venv"]
    # Newer Debian and Ubuntu name some libraries ...t64, and answer to the old name at install.
    names = [word for name in wanted for word in (name, name + "t64")]
    lines = quiet("dpkg-query", "-W", "-f", "${db:Status-Abbrev} ${Package}\n", *names)[1].splitlines()
    there = {line.split()[-1] for line in lines if line.startswith("ii")}
    return [name for name in wanted if name not in there and name + "t64" not in there]


def install_packages(missing: Sequence[str]) -> None:
    """Install system packages as root; else, or if that fails, say how."""
    command = "apt-get install -y --no-install-recommends " + " ".join(missing)
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        print("dev.py: installing system packages: " + " ".join(missing), flush=True)
        os.environ.setdefault("DEBIAN_FRONTEND", "noninteractive")
        if quiet(*command.split())[0] == 0:
            return
        quiet("apt-get", "update")
        code, text = quiet(*command.split())
        if code == 0:
            return
        print("\n".join(text.splitlines()[-5:]), file=sys.stderr)
    print("dev.py: system packages are missing; as root: " + command, file=sys.stderr, flush=True)


def set_up(web: bool) -> None:
    """Make ``.venv`` hold exactly what the lock says; a matching stamp ends this at once."""
    stamps = {kind: stamp_of(kind) for kind in LOCKS}
    there = STAMP.read_text() if STAMP.is_file() and PYTHON.exists() else ""
    if there and there in ((stamps["web"],) if web else stamps.values()):
        return
    python = fitting_python()
    missing = missing_packages(python, web)
    if missing:
        install_packages(missing)
    if quiet(python, "-c", "import ensurepip, venv")[0]:
        stop("this Python (%s) has no venv: install the package python3-venv and start again." % python)
    print("dev.py: setting up .venv from the lock; the first time takes a few minutes", flush=True)
    kinds = ["core", "web"] if web else ["core"]
    installing = [str(PYTHON), "-m", "pip", "--no-input", "--disable-pip-version-check", "install"]
    step(python, "-m", "venv", "--clear", str(VENV))
    for kind in kinds:
        step(*installing, "--require-hashes", "--no-deps", "-r", str(LOCKS[kind]))
    step(*installing, "--no-deps", "--no-build-isolation", "--config-settings=editable_mode=compat", "-e", str(ROOT))
    code, text = quiet(str(PYTHON), "-c", "import PySide6.QtWidgets")
    if code:
        stop("Qt does not load here: %s (missing system packages?)" % text.strip().splitlines()[-1])
    STAMP.write_text(stamps[kinds[-1]])


def stamp_of(kind: str) -> str:
    """Return the mark of what ``.venv`` should hold: the locks, where they lie, and the Python it is for."""
    digest = hashlib.sha256(str((kind, str(ROOT))).encode())
    for path in LOCKS.values() if kind == "web" else (LOCKS["core"],):
        digest.update(path.read_bytes() if path.is_file() else b"")
    version = sys.version_info[:2] if sys.version_info[:2] in PYTHONS else "from the path"
    return "%s %s" % (version, digest.hexdigest())


def step(*words: str) -> None:
    """Run one step of the set-up; stop with the cause if it fails."""
    code, text = quiet(*words)
    try:
        with LOG.open("a", encoding="utf-8") as log:
            log.write("$ " + " ".join(words) + "\n" + text + "\n")
    except OSError:
        pass  # the folder itself may be what failed; the sentence below says it
    if code:
        known = [sentence for mark, sentence in CAUSES if mark in text]
        last = (text.strip().splitlines() or ["exit code %d" % code])[-1]
        stop("setting up failed: " + (known[0] if known else "%s (all of it: %s)" % (last, LOG)))


def call(words: Sequence[str], **environment: str) -> int:
    """Run a command of the house in its root and return its exit code."""
    try:
        return subprocess.call(list(words), cwd=str(ROOT), env={**os.environ, **environment})
    except KeyboardInterrupt:
        return 130


def tool(name: str, *words: str) -> List[str]:
    """Return the command line of a program in ``.venv``."""
    return [str(BIN / name) + (".exe" if os.name == "nt" else ""), *words]


def run(words: List[str]) -> int:
    """Open the console on the demo office, or play the demo where there is no display."""
    if words:
        return call(tool("fengsui", *words))
    if os.name == "nt" or sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        return call(tool("fengsui", "demo"))
    out = ROOT / "demo-out"
    shutil.rmtree(str(out), ignore_errors=True)
    print("dev.py: no display here, so the demo is played offscreen", flush=True)
    code = call(tool("fengsui", "demo", "--headless", "--out", str(out)), QT_QPA_PLATFORM="offscreen")
    print("dev.py: the pictures and all that was sent are in %s" % out if code == 0 else "dev.py: the demo failed")
    return code


def test(words: List[str]) -> int:
    """Run every test, offscreen, on two processes; each skip is printed with its reason."""
    environment: Dict[str, str] = {"QT_QPA_PLATFORM": "offscreen"}
    if "--long" in words:
        words = [word for word in words if word != "--long"]
        environment["FENGSUI_LONG"] = "1"
    # A module stays whole, and they go out in the order of the folders: tests/widgets, all short, fill up the end.
    shared = ["-n", "2", "--dist", "loadscope", "--no-loadscope-reorder"]
    return call([str(PYTHON), "-m", "pytest", "-rs", *shared, *words], **environment)


def check(_words: List[str]) -> int:
    """Format, lint, types, contracts; all of them are run, whatever the first says."""
    worst = 0
    for words in (["ruff", "format", "--check", "-q"], ["ruff", "check"], ["mypy"], ["lint-imports", "--no-logo"]):
        print("dev.py: " + " ".join(words), flush=True)
        worst = max(worst, call(tool(*words)))
    return worst


def bench(words: List[str]) -> int:
    """Run one measurement."""
    names = sorted(path.stem for path in (ROOT / "app" / "bench").glob("*.py") if path.stem != "__init__")
    if not words or words[0] not in names:
        stop("bench needs one of these names: " + ", ".join(names))
    return call([str(PYTHON), "-m", "app.bench." + words[0], *words[1:]])


def translate(_words: List[str]) -> int:
    """Collect the words of the console into every .ts file, and make the .qm files that ship."""
    paths = sorted(path for room in ("app", "widgets") for path in (ROOT / room).rglob("*.py"))
    sources = [str(path.relative_to(ROOT)) for path in paths]
    TRANSLATIONS.mkdir(exist_ok=True)
    for book in sorted({TRANSLATIONS / "zh_CN.ts", *TRANSLATIONS.glob("*.ts")}):
        update = tool("pyside6-lupdate", *sources, "-no-obsolete", "-locations", "none", "-ts", str(book))
        if call(update) or call(tool("pyside6-lrelease", str(book), "-qm", str(book.with_suffix(".qm")))):
            stop("%s was not made: see the lines above." % book.name)
    return 0


def lock(_words: List[str]) -> int:
    """Make both locks from pyproject.toml, with hashes, for every Python and system at once."""
    environment = {"UV_DEFAULT_INDEX": quiet(str(PYTHON), "-m", "pip", "config", "get", "global.index-url")[1].strip()}
    if not environment["UV_DEFAULT_INDEX"].startswith("http"):
        environment = {}  # pip's own default; local extra indexes know too few hashes for other machines
    code, text = quiet(str(PYTHON), "-m", "pip", "config", "get", "global.cert")
    if code == 0:
        environment["SSL_CERT_FILE"] = text.strip()
    with tempfile.TemporaryDirectory() as folder:
        code, text = quiet(str(PYTHON), "-m", "pip", "install", "-q", "--target", folder, "uv")
        if code:
            stop("uv, which makes the lock, was not installed: " + text.strip().splitlines()[-1])
        environment["PYTHONPATH"] = folder
        base = [str(PYTHON), "-m", "uv", "pip", "compile", "pyproject.toml", "--universal", "--generate-hashes", "-q"]
        base += ["--python-version", "3.11", "--no-annotate", "--no-header", "--upgrade"]
        pins = Path(folder) / "pins.txt"
        for kind, extras in (("core", ["dev", "build", "formats"]), ("web", ["web"])):
            made = Path(folder) / (kind + ".lock")
            words = [word for extra in extras for word in ("--extra", extra)]
            words += ["-c", str(pins)] if pins.exists() else []
            if call([*base, *words, "-o", str(made)], **environment):
                stop("the %s lock was not made: see the lines above." % kind)
            text = made.read_text(encoding="utf-8")
            if kind == "core":
                pins.write_text("".join(line.rstrip(" \\") + "\n" for line in text.splitlines() if "==" in line))
            head = "# Made by `python3 dev.py lock` from pyproject.toml; do not edit.\n"
            LOCKS[kind].write_text(head + text, encoding="utf-8")
    return 0


def build(_words: List[str]) -> int:
    """Make ``dist/fengsui`` and start it with --smoke-test where no Python package is."""
    missing = missing_for_build()
    if missing:
        install_packages(missing)
    made, office = ROOT / "dist" / "fengsui", ROOT / "build" / "office"
    words = ["--noconfirm", "--log-level", "WARN", "--distpath", str(ROOT / "dist"), "--workpath", str(ROOT / "build")]
    if call([str(PYTHON), "-m", "PyInstaller", *words, str(ROOT / "build.spec")]):
        stop("the folder was not made: see the lines above.")
    size = sum(path.stat().st_size for path in made.rglob("*") if path.is_file() and not path.is_symlink())
    print("dev.py: %s, %d MB" % (made, size // 2**20), flush=True)
    shutil.rmtree(str(office), ignore_errors=True)
    code = "import sys; from pathlib import Path; from app.demo.office import build_demo_office"
    code += "; build_demo_office(Path(sys.argv[1]), lambda *_: None)"
    if call([str(PYTHON), "-c", code, str(office)]):
        stop("no demo office was made to open: see the lines above.")
    return start_built(made, office)


def missing_for_build() -> List[str]:
    """Return the Debian packages that PyInstaller needs and that are not there."""
    asked = "import sys, sysconfig as s; print(sys.version_info[0], sys.version_info[1], s.get_config_var('LIBDIR'), "
    asked += "s.get_config_var('INSTSONAME'), s.get_config_var('Py_ENABLE_SHARED'))"
    major, minor, folder, name, shared = quiet(str(PYTHON), "-c", asked)[1].split()
    if not shutil.which("dpkg-query"):
        return []
    there = shared == "1" and any(Path(folder, *more, name).exists() for more in ((), ("x86_64-linux-gnu",)))
    wanted = [] if there or not os.path.realpath(str(PYTHON)).startswith("/usr/bin/") else [BUILD_PACKAGES[1]]
    if not shutil.which("objdump"):
        wanted.append(BUILD_PACKAGES[0])
    return [package % (int(major), int(minor)) if "%" in package else package for package in wanted]


def start_built(made: Path, office: Path) -> int:
    """Start the built program: in a bare system of its own where that can be made, else here without an environment."""
    smoke = ["--office", "/office", "--language", "zh", "--smoke-test", "--timing"]
    bare = bare_root()
    if bare is None:
        print("dev.py: started here, with an empty environment, for want of a bare system", flush=True)
        smoke[1] = str(office)
        clean = ["env", "-i", "HOME=" + tempfile.gettempdir(), "LANG=C.UTF-8", "QT_QPA_PLATFORM=offscreen"]
        return call([*([] if os.name == "nt" else clean), str(made / "fengsui"), *smoke])
    for source, name in ((made, "fengsui"), (office, "office")):
        shutil.rmtree(str(bare / name), ignore_errors=True)
        shutil.copytree(str(source), str(bare / name), symlinks=True)
    inside = ["chroot", str(bare), "/usr/bin/env", "-i", "HOME=/root", "LANG=C.UTF-8", "QT_QPA_PLATFORM=offscreen"]
    found = quiet("chroot", str(bare), "/usr/bin/env", "python3", "--version")[1].strip()
    print("dev.py: started in %s, where Python is: %s" % (bare, found or "absent"), flush=True)
    return call([*inside, "/fengsui/fengsui", *smoke])


def bare_root() -> Optional[Path]:
    """Return a bare Debian with nothing but what Qt needs of the system, made once by debootstrap; None without root."""
    named = os.environ.get("FENGSUI_BARE", "")
    if named:
        return Path(named)
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or not shutil.which("debootstrap"):
        return None
    bare = ROOT / "build" / "bare"
    if not (bare / "bare.done").exists():
        shutil.rmtree(str(bare), ignore_errors=True)
        libraries = [name for name in SYSTEM_PACKAGES.split() if name != "python3-venv"]
        release = quiet("sh", "-c", ". /etc/os-release; echo $VERSION_CODENAME")[1].strip() or "stable"
        print("dev.py: making a bare system; the first time takes a minute", flush=True)
        code, text = quiet("debootstrap", "--variant=minbase", "--include=" + ",".join(libraries), release, str(bare))
        if code:
            print("dev.py: no bare system: " + (text.strip().splitlines() or ["debootstrap failed"])[-1], flush=True)
            return None
        (bare / "bare.done").touch()
    return bare


VERBS = {"run": run, "test": test, "check": check, "bench": bench, "translate": translate, "lock": lock, "build": build}


def main(words: Optional[List[str]] = None) -> int:
    """Set up and do what the verb says."""
    words = sys.argv[1:] if words is None else words
    web = "--web" in words[:1]
    words = words[1:] if web else words
    if not words or words[0] not in VERBS:
        print(__doc__)
        return 0 if words[:1] in ([], ["-h"], ["--help"]) else 2
    if sys.version_info < (3, 8):
        stop("Fengsui needs Python 3.11, 3.12 or 3.13.")
    set_up(web)
    return VERBS[words[0]](words[1:])


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        sys.exit("dev.py: %s" % error)

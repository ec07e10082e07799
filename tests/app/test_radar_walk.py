"""Every intact radar file that lies beside the project is read, or is named in README with the reason why not."""

from __future__ import annotations

import fnmatch
import importlib.util
import json
import re
import time
from collections import Counter

import pytest

from app.commands.radar_reading import descriptions
from models.radar.proven import UNPROVEN
from models.radar.register import shipped
from tests.data import ROOT, folder, need

README = (ROOT / "README.md").read_text(encoding="utf-8")
READ = {
    "cfradial.1": 2, "fmi_pgm": 25, "fmt": 14, "geotiff": 2, "grib": 10, "netcdf_grid": 30, "nexrad.1": 1, "nexrad.31": 1,
    "odim.comp": 6, "odim.pvol": 14, "pup.19": 28, "pup.20": 25, "pup.27": 27, "pup.37": 25, "pup.41": 25, "pup.48": 25,
    "pup.57": 25, "pup.58": 25, "pup.78": 25, "sa_sb": 1, "standard.1": 12, "standard.23": 1, "standard.27": 2,
    "standard.3": 1, "standard.30": 1, "standard.31": 1, "standard.37": 3, "standard.38": 1, "standard.39": 8,
    "standard.4": 1, "standard.40": 2, "standard.41": 2, "standard.49": 1, "standard.51": 1,
}  # fmt: skip
NEEDS_THE_EXTRA = ("cfradial.", "nexrad.", "odim.pvol")


def section(title: str) -> str:
    """One section of README, from its heading to the next of the same or a higher rank."""
    (found,) = re.findall(rf"^(#+) {re.escape(title)}\n(.*?)(?=^#{{1,3}} |\Z)", README, re.MULTILINE | re.DOTALL)
    return str(found[1])


def table_of(title: str) -> list[list[str]]:
    """The rows of the first table of a section, without its head."""
    lines = [line for line in section(title).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


@pytest.mark.skipif(not importlib.util.find_spec("xradar"), reason="the extra formats is not installed")
def test_every_intact_file_is_read_or_named_with_its_reason() -> None:
    paths = [p for part in ("radar", "sequences") for p in sorted(need(part).rglob("*")) if p.is_file()]
    paths = [path for path in paths if "damaged" not in path.parts]
    started = time.monotonic()
    documents = list(descriptions(paths, register=shipped(), language="en"))
    taken_s = time.monotonic() - started
    read = Counter(document["layout"] for document in documents if "layout" in document)
    assert read == READ
    assert [document["file"] for document in documents] == [str(path) for path in paths]
    named = [(re.findall(r"`([^`]+)`", row[0]), int(row[1])) for row in table_of("Files that are not read")]
    left: Counter[int] = Counter()
    for path, document in zip(paths, documents, strict=True):
        if "error" not in document:
            assert not document["unproven"], f"{path} proves {document['layout']}: take it off the list"
            continue
        relative = path.relative_to(folder()).as_posix()
        rows = [n for n, (patterns, _) in enumerate(named) if any(fnmatch.fnmatch(relative, p) for p in patterns)]
        assert len(rows) == 1, f"README names {relative} {len(rows)} times: {document['error']}"
        left[rows[0]] += 1
    assert [left[number] for number in range(len(named))] == [count for _, count in named]
    print(f"{len(paths)} files in {taken_s:.1f} s: {dict(read)}")
    assert sum(READ.values()) == int(re.findall(r"(\d+) of the (\d+) files", section("Radar"))[0][0])


def test_readme_lists_as_unproven_exactly_what_the_code_does() -> None:
    (listed,) = re.findall(r"<summary>[^<]*</summary>\n\n(.*?)\n\n</details>", section("What is read"), re.DOTALL)
    names = [name.strip() for name in listed.replace("\n", " ").rstrip(".").split(";")]
    assert sorted(names) == sorted(UNPROVEN.values())
    assert f"{len(UNPROVEN)} layouts" in section("What is read")


def test_every_layout_that_is_read_stands_in_the_table_of_formats() -> None:
    keys = {key for row in table_of("What is read") for key in re.findall(r"`([^`]+)`", row[1])}
    wanted = set(READ) | set(UNPROVEN)
    missing = {key for key in wanted if not any(fnmatch.fnmatch(key, pattern) for pattern in keys)}
    assert not missing
    idle = {pattern for pattern in keys if not any(fnmatch.fnmatch(key, pattern) for key in wanted)}
    assert not idle


def test_the_outside_readers_are_named_with_their_versions_and_their_test() -> None:
    told = section("Compared with other readers")
    for path in sorted((ROOT / "tests" / "reference").glob("*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        for part in document if isinstance(document, list) else [document, *_parts(document)]:
            if "reader" in part and "version" in part and not path.stem.startswith(("demo", "blockage", "sweden")):
                assert f"{part['reader']} {part['version']}" in told, path.name
    for test in re.findall(r"`(tests/[\w/]+\.py)`", told):
        assert (ROOT / test).is_file()


def _parts(document: dict[str, object]) -> list[dict[str, object]]:
    """The entries of a file of figures that may name a reader of their own."""
    lists = [value for value in document.values() if isinstance(value, (list, dict))]
    found = [value for part in lists for value in (part.values() if isinstance(part, dict) else part)]
    return [value for value in found if isinstance(value, dict)]


def test_every_radar_command_is_in_readme_and_every_key_there_is_one_of_the_console() -> None:
    for command in ("info", "mosaic", "picture", "section"):
        assert f"radar {command}" in section("Without a screen")
    rooms = [*(ROOT / "app").rglob("*wires.py"), *(ROOT / "widgets" / "map").glob("*.py")]
    code = "".join(path.read_text(encoding="utf-8") for path in rooms)
    told = [key for row in table_of("On the screen") for key in re.findall(r"`([^`]+)`", row[0])]
    assert len(told) >= 15
    assert not [key for key in told if f'"{key}"' not in code]
    (acts,) = re.findall(r"def keys_of.*?return tuple", code, re.DOTALL)
    own = re.findall(r'"((?:Shift\+)?[A-Z]|PgUp|PgDown|[.,])"', acts)
    assert len(own) >= 7
    assert set(own) <= set(told)

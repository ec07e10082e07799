"""Contents that were given up: known by their hash under any name, in a list that people can mend."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.feed import set_aside as shelf_of
from app.feed.inbox_look import seen
from app.feed.set_aside import set_aside, unless_set_aside
from models.errors import DataError

AT = datetime(2026, 6, 8, 3, 5, tzinfo=UTC)
DIED = DataError("jobs.worker_died", job="take:night.bin")


@pytest.fixture(name="shelf")
def _shelf(tmp_path: Path) -> Path:
    return tmp_path / "set-aside.jsonl"


def written(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def refused(shelf: Path, path: Path) -> DataError:
    def never() -> None:
        pytest.fail("it was read")

    with pytest.raises(DataError) as caught:
        unless_set_aside(shelf, path, never)
    return caught.value


@pytest.mark.parametrize("reason", sorted(shelf_of.REASONS))
def test_the_same_bytes_are_known_again_under_another_name(tmp_path: Path, shelf: Path, reason: str) -> None:
    bad = written(tmp_path, "night.bin", b"bad bytes")
    first = set_aside(shelf, bad, DataError(f"jobs.{reason}", job="take:night.bin"), AT)
    assert first.code == f"feed.set_aside.{reason}"
    again = refused(shelf, written(tmp_path, "morning.bin", b"bad bytes"))
    assert again.code == first.code
    for language in ("zh", "en"):
        said = again.sentence(language)
        assert "morning.bin" in said
        assert "night.bin" in said
        assert "2026-06-08 03:05 UTC" in said
        assert shelf.name in said


def test_other_bytes_of_the_same_length_or_name_are_read(tmp_path: Path, shelf: Path) -> None:
    bad = written(tmp_path, "night.bin", b"bad bytes")
    set_aside(shelf, bad, DIED, AT)
    assert unless_set_aside(shelf, written(tmp_path, "other.bin", b"Bad bytes"), lambda: 7) == 7
    assert unless_set_aside(shelf, written(tmp_path, "night.bin", b"good bytes"), lambda: 8) == 8


def test_without_a_list_everything_is_read_and_none_is_made(tmp_path: Path, shelf: Path) -> None:
    assert unless_set_aside(shelf, tmp_path / "absent.bin", lambda: 7) == 7
    assert not shelf.exists()


def test_a_file_that_another_took_the_place_of_is_not_set_aside(tmp_path: Path, shelf: Path) -> None:
    bad = written(tmp_path, "night.bin", b"bad bytes")
    as_seen = seen(bad.stat())
    assert set_aside(shelf, bad, DIED, AT, as_seen=as_seen).code == "feed.set_aside.worker_died"
    shelf.unlink()
    bad.write_bytes(b"good bytes")
    assert set_aside(shelf, bad, DIED, AT, as_seen=as_seen) is DIED
    assert not shelf.exists()


def test_a_line_that_was_taken_out_gives_another_chance(tmp_path: Path, shelf: Path) -> None:
    paths = [written(tmp_path, f"{number}.bin", bytes([number]) * 9) for number in range(3)]
    for path in paths:
        set_aside(shelf, path, DIED, AT)
    lines = shelf.read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["name"] for line in lines] == ["0.bin", "1.bin", "2.bin"]
    shelf.write_text("\n".join([lines[0], lines[2]]), encoding="utf-8")
    assert unless_set_aside(shelf, paths[1], lambda: 7) == 7
    assert refused(shelf, paths[2]).facts["first"] == "2.bin"
    assert unless_set_aside(shelf, paths[1], lambda: 7) == 7


def test_lines_that_nobody_understands_are_left_alone(tmp_path: Path, shelf: Path) -> None:
    strange = ["# by hand", "[]", "{}", '{"sha256": 7}', json.dumps({"sha256": "a", "bytes": "b", "name": 1})]
    shelf.write_text("\n".join(strange), encoding="utf-8")
    path = written(tmp_path, "night.bin", b"bad bytes")
    assert unless_set_aside(shelf, path, lambda: 7) == 7
    set_aside(shelf, path, DIED, AT)
    assert shelf.read_text(encoding="utf-8").splitlines()[:-1] == strange
    assert refused(shelf, path).code == "feed.set_aside.worker_died"


def test_a_content_stands_in_the_list_once_and_the_list_does_not_grow_for_ever(
    tmp_path: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf_of, "MOST_LINES", 3)
    for number in (1, 2, 2, 3, 4):
        set_aside(shelf, written(tmp_path, f"{number}.bin", bytes([number])), DIED, AT)
    assert [item.name for item in shelf_of.read(shelf)] == ["2.bin", "3.bin", "4.bin"]


def test_a_name_that_is_no_text_is_kept(tmp_path: Path, shelf: Path) -> None:
    name = "\udcff\udcfe \u2028 雷\n.bin"
    path = written(tmp_path, "night.bin", b"bad bytes")
    item = shelf_of.SetAside("0" * 64, 9, name, "too_long", "")
    set_aside(shelf, path, DIED, AT)
    shelf_of._write(shelf, [*shelf_of._lines(shelf), json.dumps(asdict(item))])
    assert shelf_of.read(shelf)[-1] == item


def test_a_list_that_cannot_be_written_is_told_and_the_old_one_stands(tmp_path: Path, shelf: Path) -> None:
    set_aside(shelf, written(tmp_path, "1.bin", b"1"), DIED, AT)
    before = shelf.read_bytes()
    shelf.with_name(f"{shelf.name}.new").mkdir()
    with pytest.raises(OSError, match="irectory"):
        set_aside(shelf, written(tmp_path, "2.bin", b"2"), DIED, AT)
    assert shelf.read_bytes() == before

"""The settings: what is wrong is said with file, line, key and what is allowed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import resources
from app.settings import (
    SECTIONS,
    ChannelSection,
    GroundSection,
    OfficeSection,
    RadarSection,
    Settings,
    SoilSection,
    checked_settings,
    read_settings,
)
from app.settings_lines import lines_of_keys
from app.settings_writer import toml_text, write_settings
from models.errors import SettingsError

FULL = Settings(
    office=OfficeSection(name="青岚县气象台", name_en="Qinglan", adcode="990001", language="zh", exercise=True),
    ground=GroundSection(source="测绘院", on=date(2024, 1, 1)),
    soil=SoilSection(state="wet", on=date(2026, 6, 1)),
    radar=(
        RadarSection(code="Z9901", name="青岚", lon_deg=106.7, lat_deg=28.8, altitude_m=912.0, band="S", step_min=6),
        RadarSection(code="X9902", name="老鸦岭", lon_deg=106.5, lat_deg=28.6, altitude_m=640.0, band="X", step_min=2),
    ),
    channel=(ChannelSection(kind="folder", name="folder"),),
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write_settings(tmp_path, FULL, "zh")


def wrong(file: Path, old: str, new: str) -> SettingsError:
    """Return what is said after one edit of the file."""
    text = file.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SettingsError) as refused:
        read_settings(file)
    return refused.value


def line_of(file: Path, start: str) -> int:
    lines = file.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if line.startswith(start))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_office_without_radars_is_shown_how_to_enter_one(tmp_path: Path, language: str) -> None:
    file = write_settings(tmp_path, FULL.model_copy(update={"radar": ()}), language)
    assert read_settings(file).radar == ()
    text = file.read_text(encoding="utf-8")
    sample = text[text.index("# [[radar]]") :]
    entered = "\n".join(line.removeprefix("# ") for line in sample.splitlines()[:8])
    file.write_text(text.replace("\n".join(sample.splitlines()[:8]), entered), encoding="utf-8")
    (radar,) = read_settings(file).radar
    assert (radar.code, radar.step_min) == ("Z9999", 6)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_settings_come_back_as_written(tmp_path: Path, language: str) -> None:
    assert read_settings(write_settings(tmp_path, FULL, language)) == FULL
    assert sorted(p.name for p in tmp_path.iterdir()) == ["office.toml"]


def test_a_file_with_the_office_alone_has_good_defaults(tmp_path: Path) -> None:
    file = tmp_path / "office.toml"
    file.write_text('\ufeff[office]\r\nname = "x"\r\nadcode = "441881"\r\n', encoding="utf-8")  # as Notepad saves it
    settings = read_settings(file)
    assert (settings.office.exercise, settings.rain.zr_a, settings.rain.zr_b, settings.rain.cap_dbz) == (
        False,
        300.0,
        1.4,
        53.0,
    )
    assert settings.channel[0].kind == "folder"
    assert (settings.archive.cap_gb, settings.archive.frames, settings.archive.keep_days) == (20.0, True, 0)


def test_every_key_has_its_comment_in_both_languages() -> None:
    for section, model in SECTIONS.items():
        for language in ("zh", "en"):
            assert resources.phrase("settings", f"section.{section}", language)
            for name in model.model_fields:
                assert resources.phrase("settings", f"{section}.{name}", language) in toml_text(FULL, language)


def test_an_unknown_key_is_told_with_line_and_suggestion(file: Path) -> None:
    error = wrong(file, "look_s =", "looks_s =")
    assert error.code == "settings.unknown_key_near"
    assert error.facts["line"] == line_of(file, "looks_s")
    assert "是不是 look_s？" in error.sentence("zh")
    assert str(error).startswith(f"{file}, line {error.facts['line']}: there is no setting inbox.looks_s.")


def test_a_key_like_no_other_is_told_with_all_there_are(file: Path) -> None:
    error = wrong(file, "zr_a =", "wind =")
    assert error.code == "settings.unknown_key"
    assert error.facts["allowed"] == "cap_dbz, zr_a, zr_b"


def test_an_unknown_section_is_told(file: Path) -> None:
    error = wrong(file, "[reach]", "[raech]")
    assert (error.code, error.facts["suggestion"]) == ("settings.unknown_key_near", "reach")
    assert error.facts["line"] == line_of(file, "[raech]")


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("look_s = 2.0", "look_s = 0", "inbox.look_s"),
        ("look_s = 2.0", 'look_s = "2"', "inbox.look_s"),
        ("exercise = true", 'exercise = "yes"', "office.exercise"),
        ("exercise = true", "exercise = false", "office.exercise"),
        ('adcode = "990001"', "adcode = 990001", "office.adcode"),
        ('adcode = "990001"', 'adcode = "99000"', "office.adcode"),
        ('band = "X"', 'band = "K"', "radar.band"),
        ("lat_deg = 28.6", "lat_deg = 239.0", "radar.lat_deg"),
        ('state = "wet"', 'state = "湿"', "soil.state"),
        ("on = 2026-06-01", 'on = "yesterday"', "soil.on"),
        ("on = 2024-01-01", "on = 2024", "ground.on"),
        ("receipt_wait_min = 10", "receipt_wait_min = 1.5", "reach.receipt_wait_min"),
        ('code = ""', 'code = "123"', "issuer.code"),
        ('sender = ""', 'sender = "a b"', "issuer.sender"),
        ("cap_gb = 20.0", "cap_gb = 0", "archive.cap_gb"),
        ("frames = true", "frames = 1", "archive.frames"),
        ("keep_days = 0", "keep_days = -1", "archive.keep_days"),
        ('kind = "folder"', 'kind = "pigeon"', "channel.kind"),
    ],
)
def test_a_wrong_value_is_told_with_line_key_and_what_is_allowed(file: Path, old: str, new: str, key: str) -> None:
    error = wrong(file, old, new)
    assert (error.code, error.facts["key"]) == ("settings.wrong_value", key)
    assert error.facts["line"] == line_of(file, new)
    for language in ("zh", "en"):
        assert resources.phrase("settings", key, language) in error.sentence(language)


def test_a_missing_key_points_at_its_section(file: Path) -> None:
    error = wrong(file, 'adcode = "990001"\n', "")
    assert (error.code, error.facts["key"], error.facts["line"]) == (
        "settings.missing_key",
        "office.adcode",
        line_of(file, "[office]"),
    )


def test_a_radar_twice_is_told_at_the_second(file: Path) -> None:
    error = wrong(file, 'code = "X9902"', 'code = "Z9901"')
    assert (error.code, error.facts["value"]) == ("settings.twice", "Z9901")
    assert error.facts["line"] > line_of(file, 'code = "Z9901"')


def test_of_two_mistakes_the_first_in_the_file_is_told(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("step_min = 2", "step_min = 0").replace("zr_b = 1.4", "zr_b = 9.0"), encoding="utf-8")
    with pytest.raises(SettingsError, match=r"rain\.zr_b"):
        read_settings(file)


def test_what_is_no_toml_or_no_text_or_not_there_is_told(tmp_path: Path, file: Path) -> None:
    assert wrong(file, "[inbox]", "[inbox").code == "settings.not_toml"
    assert "line" in str(wrong(file, "[inbox", "[inbox = 3"))
    assert wrong(file, "[inbox = 3", "a = " + "[" * 9000).code == "settings.not_toml"
    file.write_bytes("[office]\nname = '青岚'".encode("gb18030"))
    with pytest.raises(SettingsError) as unreadable:
        read_settings(file)
    assert unreadable.value.code == "settings.unreadable"
    with pytest.raises(SettingsError, match="office new") as absent:
        read_settings(tmp_path / "nowhere" / "office.toml")
    assert absent.value.code == "settings.no_office"


def test_typed_values_are_told_without_a_file() -> None:
    with pytest.raises(SettingsError, match=r"office\.adcode cannot be \"4418\"\. Allowed: the six digits") as refused:
        checked_settings({"office": {"name": "x", "adcode": "4418"}})
    assert refused.value.code == "settings.wrong_option"


def test_lines_are_found_through_strings_of_many_lines_and_dotted_keys() -> None:
    text = '''a = """
[not.a.table]
b = 1
"""
[x."y z"]
c.d = 1 # [e]
[[r]]
k = [
  1,
]
[[r]]
k = 2
[r.inner]
m = 3
'''
    found = lines_of_keys(text)
    assert found[("a",)] == 1
    assert ("b",) not in found
    assert found[("x", "y z", "c", "d")] == 6
    assert (found[("r", 0, "k")], found[("r", 1)], found[("r", 1, "k")]) == (8, 11, 12)

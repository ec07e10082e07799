"""The office's radars go before the shipped ones; ``radar info`` places files by both, or by --site."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
import typer

from app.commands.radar_cli import radar_info
from app.radar.radar_register import register_for, register_of
from app.settings import OfficeSection, RadarSection, Settings, read_settings
from app.settings_writer import write_settings
from models.radar.register import shipped
from tests.models.radar import legacy_bytes

RADAR = RadarSection(
    code="Z9001", name="青岚", lon_deg=106.9, lat_deg=29.1, altitude_m=700.0, beam_width_deg=0.9, owner="县局"
)


@pytest.fixture(name="office")
def _office(tmp_path: Path) -> Path:
    folder = tmp_path / "office"
    folder.mkdir()
    settings = Settings(office=OfficeSection(name="青岚县", adcode="990001", exercise=True), radar=(RADAR,))
    write_settings(folder, settings, "zh")
    return folder


def info(capsys: pytest.CaptureFixture[str], *files: Path, **options: Any) -> list[dict[str, Any]]:
    with pytest.raises(SystemExit):
        radar_info(list(files), as_json=True, **options)
    documents: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return documents


def test_width_and_owner_are_kept_in_the_settings_file(office: Path) -> None:
    assert read_settings(office / "office.toml").radar == (RADAR,)
    assert "beam_width_deg = 0.9" in (office / "office.toml").read_text(encoding="utf-8")
    plain = RadarSection(code="Z9001", name="青岚", lon_deg=106.9, lat_deg=29.1)
    assert (plain.beam_width_deg, plain.owner) == (1.0, "")


def test_the_offices_radars_stand_in_its_register_before_the_shipped_ones() -> None:
    register = register_of([RADAR, RADAR.model_copy(update={"code": "Z9398"})])
    own = register.find("Z9001")
    assert own is not None
    assert (own.lon_deg, own.lat_deg, own.altitude_m, own.beam_width_deg, own.owner) == (
        106.9,
        29.1,
        700.0,
        0.9,
        "县局",
    )
    assert (own.verified, own.source, own.step is not None and own.step.seconds) == (True, "office.toml", 360)
    moved = register.find("Z9398")
    assert moved is not None
    assert moved.lon_deg == 106.9
    assert register.find("Z9200") == shipped().find("Z9200")


def test_info_places_a_file_by_the_office_or_by_site(
    tmp_path: Path, office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    named, nameless = tmp_path / "Z_RADR_I_Z9001_20140704080600_O_DOR_SB_CAP.bin", tmp_path / "a.bin"
    for path in (named, nameless):
        path.write_bytes(legacy_bytes.record_volume(2))
    places = [document["site"]["lon_deg"] for document in info(capsys, named, nameless)]
    assert places == [None, None]
    places = [document["site"]["lon_deg"] for document in info(capsys, named, nameless, office=office)]
    assert places == [106.9, None]
    (told,) = info(capsys, nameless, site="107.5,29.5,812")
    assert told["site"] == {"code": "", "name": "", "lon_deg": 107.5, "lat_deg": 29.5, "altitude_m": 812.0}
    assert any("--site" in oddity for oddity in told["oddities"])


@pytest.mark.parametrize(
    "site", ["107", "107,29,1,2", "east,north", "0,0", "200,10", "10,86", "107,29,99999", "nan,nan"]
)
def test_a_site_that_is_no_place_is_wrong_use(site: str) -> None:
    with pytest.raises(typer.BadParameter):
        register_for(None, site)


def test_a_height_may_be_left_out() -> None:
    stand_in = register_for(None, "107.5,29.5").stand_in
    assert stand_in is not None
    assert math.isnan(stand_in.altitude_m)

"""Where radars stand: the register, codes in names, and what happens to a file that does not say."""

from __future__ import annotations

import math
import pickle
import tomllib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

import resources
from models.errors import DataError
from models.radar.called import called
from models.radar.decoders import read, sa_sb
from models.radar.oddity import Oddity
from models.radar.product import Product, Reading
from models.radar.register import RadarSite, Register, check_site, placed, shipped, site_from_name
from models.radar.volume import Site, Volume
from tests import data
from tests.models.radar import fmt_bytes, legacy_bytes

OURS = RadarSite(
    "ZT001", "青岚", 113.25, 23.5, 130.0, "S", 0.95, "台里", timedelta(minutes=6), verified=True, source="office.toml"
)
REGISTER = Register((OURS,))
NAMED = "Z_RADR_I_ZT001_20140704080600_O_DOR_SB_CAP.bin"


def codes_of(reading: Reading) -> list[str]:
    return [odd.code for odd in reading.oddities if isinstance(odd, Oddity)]


def without_place() -> Volume:
    return sa_sb.decode(legacy_bytes.record_volume(2, vcp=0), "a.bin")


def standing(lon_deg: float, lat_deg: float, *, code: str = "ZT001") -> Volume:
    return replace(without_place(), site=Site(code, "", lon_deg, lat_deg, math.nan))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        (NAMED, "ZT001"),
        ("z_radr_i_z9398_20140704080600_o_dor_sb_cap.bin.bz2", "Z9398"),
        ("Z_RADR_C_BABJ_20140704080600_P.bin", "BABJ"),
        ("Z9757_20161011024145Z_VAD_00_default", "Z9757"),
        ("FSNH_20150831000348Z_HCL_01_default", "FSNH"),
        ("volume-Z9200-2011.bin", "Z9200"),
        ("20110916.022400.01.27.200", ""),
        ("noname.bin.bz2", ""),
        ("demo_volume.bin.bz2", ""),
        ("XZ9200X.bin", ""),
        ("seang_20090501T120000Z.h5", ""),
        ("KLIX20050828_180149.gz", ""),
    ],
)
def test_the_code_is_taken_out_of_the_usual_names_only(name: str, code: str) -> None:
    assert site_from_name(name) == code


def test_a_file_that_does_not_say_is_placed_by_the_code_in_its_name() -> None:
    volume = placed(without_place(), REGISTER, NAMED)
    assert isinstance(volume, Volume)
    assert volume.site == Site("ZT001", "青岚", 113.25, 23.5, 130.0)
    assert volume.beam_width_deg == 0.95
    assert codes_of(volume)[-1] == "radar.odd.placed"
    unsure = placed(without_place(), Register((replace(OURS, verified=False),)), NAMED.lower())
    assert codes_of(unsure)[-1] == "radar.odd.placed_unverified"
    last = unsure.oddities[-1]
    assert isinstance(last, Oddity)
    assert last.sentence("zh").count("office.toml") == 2


def test_nobody_is_put_anywhere_by_default() -> None:
    for register, name, code in ((REGISTER, "a.bin", ""), (Register(), NAMED, "ZT001")):
        volume = placed(without_place(), register, name)
        assert isinstance(volume, Volume)
        assert not volume.site.placed
        assert volume.site.code == code
        assert codes_of(volume)[-1] == "radar.odd.no_site"
        with pytest.raises(DataError) as refused:
            check_site(volume, register, name)
        assert (refused.value.code, refused.value.facts["radar"]) == ("radar.no_site", f"{code or '?'} ({name})")
        assert "[[radar]]" in refused.value.sentence("zh")


def test_a_stand_in_holds_for_files_that_do_not_say_only() -> None:
    register = replace(REGISTER, stand_in=RadarSite("", "", 100.0, 30.0, verified=True, source="--site"))
    volume = placed(without_place(), register, "a.bin")
    assert isinstance(volume, Volume)
    assert (volume.site.lon_deg, volume.site.lat_deg, volume.site.code) == (100.0, 30.0, "")
    known = placed(without_place(), register, NAMED)
    assert isinstance(known, Volume)
    assert known.site.lon_deg == 100.0, "it was said for this very file"
    told = placed(standing(113.25, 23.5), register, NAMED)
    assert isinstance(told, Volume)
    assert told.site.lon_deg == 113.25


def test_the_files_own_code_goes_before_its_name_and_the_contradiction_is_named() -> None:
    name = NAMED.replace("ZT001", "Z9999")
    volume = placed(standing(113.25, 23.5), REGISTER, name)
    assert isinstance(volume, Volume)
    assert volume.site.code == "ZT001"
    (odd,) = [odd for odd in volume.oddities if isinstance(odd, Oddity)]
    assert (odd.code, odd.facts) == ("radar.odd.code_in_name", {"name_code": "Z9999", "code": "ZT001"})
    notice = check_site(volume, REGISTER, name)
    assert notice is not None
    assert (notice.code, notice.facts["named"], notice.facts["code"]) == ("radar.wrong_code", "Z9999", "ZT001")


@pytest.mark.parametrize(
    ("away_deg", "outcome"),
    [(0.0, ""), (0.005, ""), (0.03, "moved"), (0.085, "moved"), (0.1, "refused"), (30.0, "refused")],
)
def test_a_radar_that_moved_is_named_and_a_stranger_refused(away_deg: float, outcome: str) -> None:
    volume = placed(standing(113.25, 23.5 + away_deg), REGISTER, NAMED)
    assert isinstance(volume, Volume)
    assert codes_of(volume) == (["radar.odd.moved"] if outcome else [])
    assert volume.site.lat_deg == 23.5 + away_deg, "its own place holds"
    assert math.isnan(volume.site.altitude_m) == bool(outcome), "the register's height is that of its place"
    if outcome == "refused":
        with pytest.raises(DataError) as refused:
            check_site(volume, REGISTER, NAMED)
        assert refused.value.code == "radar.elsewhere"
        assert {"23.500", f"{23.5 + away_deg:.3f}"} <= {refused.value.facts["known_lat"], refused.value.facts["lat"]}
        assert "ZT001" in refused.value.sentence("zh")
    else:
        notice = check_site(volume, REGISTER, NAMED)
        assert ("" if notice is None else notice.code) == ("radar.moved" if outcome else "")


def test_a_radar_that_nobody_registered_stands_where_it_says() -> None:
    volume = placed(standing(10.0, 50.0, code="QX123"), REGISTER, "a.bin")
    assert codes_of(volume) == []
    assert isinstance(volume, Volume)
    assert check_site(volume, REGISTER, "a.bin") is None


def test_the_offices_entry_goes_before_the_shipped_one() -> None:
    mine = RadarSite("z9200", "新址", 113.4, 23.1)
    register = shipped().behind([mine])
    assert register.find("Z9200") is mine
    assert register.find("z9398") is shipped().find("Z9398")
    assert register.find("") is None
    assert register.find("Z0000") is None


def test_the_shipped_register_holds_attested_radars_only() -> None:
    entries = tomllib.loads(resources.path("radars/china.toml").read_text(encoding="utf-8"))["radar"]
    assert [site.code for site in shipped().sites] == [entry["code"] for entry in entries]
    assert len({entry["code"] for entry in entries}) == len(entries)
    for entry in entries:
        assert entry["evidence"]
        assert 73 < entry["lon_deg"] < 136
        assert 3 < entry["lat_deg"] < 54
    sanmenxia = shipped().find("Z9398")
    assert sanmenxia is not None
    assert (sanmenxia.lon_deg, sanmenxia.lat_deg, sanmenxia.altitude_m, sanmenxia.verified) == (
        111.13,
        34.68,
        755.0,
        False,
    )
    assert repr(pickle.loads(pickle.dumps(shipped()))) == repr(shipped())


def test_real_files_stand_where_the_register_has_them() -> None:
    seen = set()
    for path in sorted(data.need("radar").rglob("*")):
        known = path.name.startswith(("Z_RADR_I_Z9", "Z_RADR_I_ZG")) or path.suffix == ".200"
        if (
            not path.is_file()
            or not known
            or "damaged" in path.parts
            or path.parent.name not in {"cinrad_base", "CR_37"}
        ):
            continue
        reading = read(path)
        assert isinstance(reading, Volume | Product)
        assert check_site(reading, shipped(), path.name) is None
        assert not {"radar.odd.moved", "radar.odd.code_in_name"} & set(codes_of(reading))
        seen.add(reading.site.code)
    assert seen == {"Z9398", "Z9200", "ZG170"}


def test_the_real_sb_volume_is_placed_by_its_name_and_nowhere_without(tmp_path: Path) -> None:
    path = next(data.need("radar/cinrad_base").glob("*Z9398*"))
    volume = read(path)
    assert isinstance(volume, Volume)
    assert volume.site == Site("Z9398", "三门峡", 111.13, 34.68, 755.0)
    assert "radar.odd.placed_unverified" in codes_of(volume)
    nameless = tmp_path / "volume.bz2"
    nameless.symlink_to(path)
    unknown = read(nameless)
    assert isinstance(unknown, Volume)
    assert not unknown.site.placed
    assert codes_of(unknown) == ["radar.odd.no_site"]
    office = read(nameless, register=replace(REGISTER, stand_in=OURS))
    assert isinstance(office, Volume)
    assert office.site.lon_deg == 113.25


def test_read_takes_the_register_it_is_given(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(fmt_bytes.small_volume())
    assert codes_of(read(path, register=Register((replace(OURS, lat_deg=23.53),)))) == ["radar.odd.moved"]
    assert codes_of(read(path)) == []


def test_a_radar_that_nobody_entered_holds_its_code_from_its_first_file_on() -> None:
    first = Site("ZX999", "甲", 113.0, 24.0, 100.0)
    register = shipped().knowing(first)
    assert register.find("zx999") is not None
    assert register.knowing(Site("ZX999", "乙", 118.0, 30.0, 100.0)) == register
    assert shipped().knowing(Site("", "", 113.0, 24.0, 0.0)) == shipped()
    assert shipped().knowing(Site("ZX999", "", math.nan, math.nan, 0.0)) == shipped()


def test_a_reading_has_the_registers_name_and_keeps_its_own_where_the_register_has_none() -> None:
    volume = replace(without_place(), site=Site("ZT001", "QINGLAN", 113.25, 23.5, math.nan))
    assert REGISTER.named(volume).site.name == "青岚"  # type: ignore[union-attr]
    stranger = replace(volume, site=Site("ZZ009", "Elsewhere", 113.25, 23.5, math.nan))
    assert REGISTER.named(stranger) is stranger
    assert [called(*pair) for pair in (("青岚", "ZT001"), ("", "ZT001"), ("ZT001", "ZT001"), ("青岚", ""))] == [
        "青岚 ZT001",
        "ZT001",
        "ZT001",
        "青岚",
    ]
    assert called("青岚", "ZT001", brief=True) == "青岚"

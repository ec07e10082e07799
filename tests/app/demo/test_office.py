"""The demo office as it lies in its folder."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
import rasterio

import resources
from app.demo import deliveries
from app.demo.office import is_demo_office, open_or_build
from app.demo.people import EXERCISE_PINS, FORECASTER, SIGNER
from app.demo.scene import HISTORY_AT, OPENING_AT
from app.feed.inbox_look import kind_of
from app.office import Office, check, open_office
from app.settings import RadarSection
from models.errors import SettingsError
from models.hazard.register import PointKind
from models.store import hazards, observations, people, places
from models.store.database import Database, Store
from tests.demo_office import built_office, said_at_building

__all__ = ["built_office"]


@pytest.fixture(scope="module")
def built(built_office: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Office, list[tuple[str, float]]]:
    folder = Path(shutil.copytree(built_office, tmp_path_factory.mktemp("demo") / "office"))
    return open_office(folder), said_at_building(built_office)


def test_it_is_an_exercise_with_its_drill_range_and_soil(built: tuple[Office, list[tuple[str, float]]]) -> None:
    settings = built[0].settings
    assert settings.office.exercise
    assert settings.office.adcode == "990001"
    assert (settings.drill.adcodes, settings.drill.phones) == (("990001",), ("000",))
    assert (settings.soil.state, str(settings.soil.on)) == ("wet", "2026-06-17")
    radars: dict[str, RadarSection] = {r.code: r for r in settings.radar}
    assert {code: (r.band, r.step_min) for code, r in radars.items()} == {
        "QLS01": ("S", 6),
        "QLX01": ("X", 2),
        "QLX02": ("X", 2),
    }
    assert check(built[0].folder) == ()


def test_the_store_holds_the_county_its_points_gauges_and_people(built: tuple[Office, list[tuple[str, float]]]) -> None:
    with Store.open(built[0].store_path) as store:

        def look(db: Database) -> None:
            assert sum(p.kind is PointKind.FLASH_FLOOD for p in hazards.points(db)) == 160
            assert len(hazards.points(db)) == 438
            assert len(observations.gauges(db)) == 120
            assert (len(places.of_kind(db, "town")), len(places.of_kind(db, "village"))) == (21, 381)
            assert len(places.of_kind(db, "river")) > 60
            assert {p.name for p in people.everybody(db)} == {"周岚", "沈知远", "林若溪", "高正阳"}
            for point in hazards.points(db)[::40]:
                found = places.town_at(db, point.lon_deg, point.lat_deg)
                assert found is not None
                assert found.name == point.town

        store.read(look)

        def sign_in(db: Database) -> tuple[bool, bool]:
            right = people.check_pin(db, SIGNER.id, EXERCISE_PINS[SIGNER.id], at=OPENING_AT)
            return right, people.check_pin(db, FORECASTER.id, EXERCISE_PINS[SIGNER.id], at=OPENING_AT)

        assert store.write_now(sign_in) == (True, False)


def test_the_inbox_holds_earlier_rain_and_the_first_half_hour(built: tuple[Office, list[tuple[str, float]]]) -> None:
    office = built[0]
    wanted = deliveries.earlier() + deliveries.due(HISTORY_AT, OPENING_AT)
    assert {p.name for p in office.inbox.iterdir()} == {d.name for d in wanted}
    kinds = Counter(kind_of(p) for p in office.inbox.iterdir())
    assert kinds == {"radar": 35, "rain_sum": 6, "gauges": 6}
    size = sum(p.stat().st_size for p in office.folder.rglob("*") if p.is_file())
    assert size < 60_000_000
    assert max(d.at for d in wanted) <= OPENING_AT < max(d.at for d in wanted) + timedelta(minutes=2)


def test_its_heights_reach_beyond_the_county(built: tuple[Office, list[tuple[str, float]]]) -> None:
    with rasterio.open(built[0].dem_path) as file:
        west, south, east, north = file.bounds
        heights = file.read(1)
    assert (west, east) == (pytest.approx(106.342, abs=0.01), pytest.approx(107.658, abs=0.01))
    assert (south, north) == (pytest.approx(28.767, abs=0.01), pytest.approx(29.633, abs=0.01))
    assert 100 < heights.min() < heights.max() < 2500


def test_progress_goes_from_nothing_to_all(built: tuple[Office, list[tuple[str, float]]]) -> None:
    said = built[1]
    parts = [part for _, part in said]
    assert parts == sorted(parts)
    assert (parts[0], parts[-1]) == (0.0, 1.0)
    for step in dict(said):
        assert resources.phrase("demo", f"step.{step}", "zh")
        assert resources.phrase("demo", f"step.{step}", "en")


def test_a_demo_office_is_used_again_and_another_folder_is_left_alone(
    built: tuple[Office, list[tuple[str, float]]], tmp_path: Path
) -> None:
    folder = built[0].folder
    assert is_demo_office(folder)
    said: list[str] = []
    assert open_or_build(folder, lambda step, _: said.append(step)).folder == folder
    assert said == []
    (tmp_path / "mine.txt").write_text("not a demo", encoding="utf-8")
    assert not is_demo_office(tmp_path)
    with pytest.raises(SettingsError):
        open_or_build(tmp_path, lambda *_: None)
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]

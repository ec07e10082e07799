"""Volumes of the exercise: as the layout says, as others read them, and true to the storm."""

from __future__ import annotations

import bz2
import hashlib
import json
import struct
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from pyproj import Geod

from app.demo.cma_writer import volume_bytes, write_volume
from app.demo.gauge_writer import reports_csv
from app.demo.places import places
from app.demo.radars import RADARS, S_BAND, X_EAST, RadarSite, seen_by
from app.demo.register import hazard_points
from app.demo.scene import HISTORY_AT, OPENING_AT
from app.demo.storm import dbz
from models.radar.decoders import read
from models.radar.volume import Volume

ROOT = Path(__file__).resolve().parents[3]
REFERENCE = ROOT / "tests" / "reference"
PEAK_AT = HISTORY_AT + timedelta(minutes=48)


def started(site: RadarSite) -> datetime:
    return PEAK_AT + timedelta(seconds=site.first_second)


def volume_of(site: RadarSite, folder: Path) -> Volume:
    volume = read(write_volume(site, started(site), folder))
    assert isinstance(volume, Volume)
    return volume


@pytest.mark.parametrize("site", RADARS, ids=lambda site: site.code)
def test_the_decoder_reads_what_was_written(site: RadarSite, tmp_path: Path) -> None:
    volume = volume_of(site, tmp_path)
    assert volume.complete
    assert (volume.site.code, volume.site.name) == (site.code, site.name)
    assert volume.site.lon_deg == pytest.approx(site.lon_deg, abs=1e-5)
    assert volume.site.lat_deg == pytest.approx(site.lat_deg, abs=1e-5)
    assert volume.site.altitude_m == site.antenna_m
    assert volume.started_at == started(site)
    assert volume.announced == len(volume.sweeps) == len(site.elevations_deg)
    for sweep, elevation in zip(volume.sweeps, site.elevations_deg, strict=True):
        assert sweep.elevation_deg == pytest.approx(elevation)
        assert set(sweep.moments) == {"dBZ", "V"}
        assert sweep.moments["dBZ"].codes.shape == (360, site.gates)
        assert sweep.moments["dBZ"].gate_m == site.gate_m
        assert sweep.nyquist_ms == pytest.approx(site.nyquist_ms)
        speed = sweep.moments["V"].values()
        assert np.nanmax(np.abs(speed)) <= site.nyquist_ms + 0.5
        assert np.array_equal(np.isnan(speed), np.isnan(sweep.moments["dBZ"].values()))
        assert np.nanstd(speed) > 2
    assert [p.name for p in tmp_path.iterdir()] == [p.name for p in tmp_path.glob("Z_RADR_I_*_FMT.bin.bz2")]


@pytest.mark.parametrize("site", RADARS, ids=lambda site: site.code)
def test_every_gate_holds_the_storm_above_it(site: RadarSite, tmp_path: Path) -> None:
    volume = volume_of(site, tmp_path)
    differences = []
    for sweep in volume.sweeps:
        rays, gates = np.meshgrid(np.arange(0, 360, 7), np.arange(20, site.gates, 9), indexing="ij")
        slant = (gates + 0.5) * site.gate_m
        height = site.antenna_m + slant * np.sin(np.radians(sweep.elevation_deg)) + slant**2 / (2 * 8_494_666)
        ground = slant * np.cos(np.radians(sweep.elevation_deg))
        bearing = sweep.azimuth_deg[rays].astype(float)
        lon0, lat0 = np.full(slant.shape, site.lon_deg), np.full(slant.shape, site.lat_deg)
        lon, lat, _ = Geod(ellps="WGS84").fwd(lon0, lat0, bearing, ground)
        true = dbz(np.asarray(lon), np.asarray(lat), height, volume.started_at)
        seen = sweep.moments["dBZ"].values()[rays, gates]
        both = np.isfinite(seen) & (true > 10) & ~sweep.blanked[rays]
        differences.append((seen - true)[both])
        assert np.isfinite(seen[(true > 30) & ~sweep.blanked[rays]]).mean() > 0.97
    found = np.concatenate(differences)
    assert found.size > 600
    assert abs(np.median(found)) < 0.3
    assert np.percentile(np.abs(found), 90) < 4


@pytest.mark.parametrize("site", [s for s in RADARS if s.blanked_deg], ids=lambda site: site.code)
def test_a_blanked_sector_is_not_scanned(site: RadarSite, tmp_path: Path) -> None:
    assert site.blanked_deg is not None
    low, high = site.blanked_deg
    for sweep in volume_of(site, tmp_path).sweeps:
        off = (sweep.azimuth_deg >= low) & (sweep.azimuth_deg <= high)
        assert off.any()
        assert np.array_equal(sweep.blanked, off)
        assert np.isnan(sweep.moments["dBZ"].values()[off]).all()
    lon, lat, _ = Geod(ellps="WGS84").fwd(site.lon_deg, site.lat_deg, (low + high) / 2, 20_000)
    assert not seen_by(site, np.array([lon]), np.array([lat]))[0]


def test_the_file_is_laid_out_as_the_paper_says() -> None:
    """Walk the bytes by the offsets of the layout, without decoder and writer."""
    data = volume_bytes(X_EAST, started(X_EAST))
    assert data[:4] == b"RSTM"
    assert struct.unpack_from("<i", data, 8) == (1,)
    assert data[32:40].rstrip(b"\0") == b"QLX01"
    assert data[40:72].rstrip(b"\0").decode("gbk") == X_EAST.name
    lat, lon, antenna, ground, frequency = struct.unpack_from("<ffiif", data, 72)
    assert (lat, lon) == (pytest.approx(X_EAST.lat_deg), pytest.approx(X_EAST.lon_deg))
    assert (antenna, ground, frequency) == (X_EAST.antenna_m, X_EAST.ground_m, pytest.approx(9400))
    assert struct.unpack_from("<h", data, 104) == (65,)
    began, cuts = struct.unpack_from("<ii", data, 332)
    assert (began, cuts) == (int(started(X_EAST).timestamp()), 3)
    for cut in range(cuts):
        at = 416 + 256 * cut
        assert struct.unpack_from("<f", data, at + 24)[0] == pytest.approx(X_EAST.elevations_deg[cut])
        assert struct.unpack_from("<ii", data, at + 44) == (150, 150)
        assert struct.unpack_from("<ii", data, at + 52) == (42_000, 42_000)
        assert struct.unpack_from("<f", data, at + 80)[0] == pytest.approx(X_EAST.nyquist_ms)
        assert struct.unpack_from("<qq", data, at + 84) == (1 << 2 | 1 << 3, 0)
    at, states, last = 416 + 256 * cuts, [], began
    while at < len(data):
        head = struct.unpack_from("<5i2f4i", data, at)
        states.append(head[0])
        assert head[2] == len(states)
        assert head[3:5] == ((len(states) - 1) % 360 + 1, (len(states) - 1) // 360 + 1)
        assert last <= head[7] + head[8] / 1e6 < began + 60
        last = head[7]
        assert head[10] == 2
        inside = at + 64
        for kind, offset in ((2, 66), (3, 129)):
            assert struct.unpack_from("<iiihhi", data, inside) == (kind, 2, offset, 1, -32768, 280)
            inside += 32 + 280
        assert inside - at - 64 == head[9]
        at = inside
    assert at == len(data)
    assert [states[0], states[359], states[360], states[719], states[720], states[-1]] == [3, 2, 0, 2, 0, 4]
    assert set(states[1:359]) == {1}


@pytest.mark.parametrize("site", [S_BAND, X_EAST], ids=lambda site: site.code)
@pytest.mark.parametrize("reader", ["cinrad", "pycwr"])
def test_outside_readers_read_the_same(site: RadarSite, reader: str, tmp_path: Path) -> None:
    """Compare with slack for the last bit of another machine's arithmetic."""
    figures = json.loads((REFERENCE / f"demo_{site.code.lower()}_{reader}.json").read_text(encoding="utf-8"))
    volume = volume_of(site, tmp_path)
    assert figures["reader"] == reader
    assert figures["file"] == next(tmp_path.iterdir()).name
    assert volume.site.lat_deg == pytest.approx(figures["site"]["lat"], abs=1e-5)
    assert volume.site.lon_deg == pytest.approx(figures["site"]["lon"], abs=1e-5)
    assert len(volume.sweeps) == len(figures["cuts"])
    for sweep, cut in zip(volume.sweeps, figures["cuts"], strict=True):
        assert sweep.elevation_deg == pytest.approx(cut["elevation_deg"], abs=1e-3)
        assert sweep.azimuth_deg.size == cut["rays"]
        assert float(sweep.azimuth_deg[0]) == pytest.approx(cut["first_azimuth_deg"], abs=1e-2)
        assert set(sweep.moments) == set(cut["moments"])
        for name, seen in cut["moments"].items():
            values = sweep.moments[name].values().astype(float)
            assert np.isfinite(values).sum() == pytest.approx(seen["values"], rel=1e-3)
            assert np.nansum(values) == pytest.approx(seen["sum"], rel=2e-3, abs=200)
            assert np.nanmax(values) == pytest.approx(seen["highest"], abs=0.5)
            picked = [(values[ray, gate], value) for ray, gate, value in seen["picked"]]
            same = [np.isnan(ours) if value is None else abs(ours - value) <= 0.5 for ours, value in picked]
            assert sum(same) >= len(picked) - 1


def fingerprint() -> str:
    """Return the digest of one volume, the points, the places and one gauge report."""
    text = repr((hazard_points(), places(), reports_csv([OPENING_AT]))).encode()
    return hashlib.sha256(volume_bytes(X_EAST, started(X_EAST)) + text).hexdigest()


def test_the_same_seed_gives_the_same_bytes_in_another_process() -> None:
    code = "from tests.app.demo.test_volumes import fingerprint; print(fingerprint())"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == fingerprint()


def test_a_written_file_is_the_volume_packed_and_small(tmp_path: Path) -> None:
    path = write_volume(S_BAND, started(S_BAND), tmp_path)
    raw = volume_bytes(S_BAND, started(S_BAND))
    assert hashlib.sha256(bz2.decompress(path.read_bytes())).digest() == hashlib.sha256(raw).digest()
    assert path.stat().st_size < 400_000

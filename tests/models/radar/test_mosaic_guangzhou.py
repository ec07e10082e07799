"""The Guangzhou sequence as frames of a loop: 25 composites of one radar, six minutes apart."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from itertools import pairwise

import numpy as np

from models.geodesy import FloatArray
from models.grid import GridArea
from models.radar.compose import Plane, compose, plane_of
from models.radar.decoders import read
from models.radar.mosaic import Mosaic
from models.radar.motion import motion_between, moved
from models.radar.polar import footprint_of
from models.radar.product import Product
from models.radar.quantity import CR, NOT_SEEN
from models.radar.tables import pixel_table
from tests import data

AREA = GridArea.over((111.0, 21.0, 115.6, 25.2), 1000.0)
STEP = timedelta(minutes=6)


@lru_cache(maxsize=1)
def products() -> tuple[Product, ...]:
    out = []
    for path in sorted(data.need("radar/cinrad_pup_z9200_20110916/CR_37").iterdir()):
        reading = read(path)
        assert isinstance(reading, Product)
        out.append(reading)
    return tuple(out)


@lru_cache(maxsize=1)
def loop() -> tuple[tuple[Plane, Mosaic], ...]:
    out = []
    for product in products():
        footprint = footprint_of(product, step=STEP)
        plane = plane_of(footprint, pixel_table(footprint.geometry, AREA))
        out.append((plane, compose((plane,), AREA, at=product.started_at, max_age=STEP)))
    return tuple(out)


def rain(mosaic: Mosaic) -> FloatArray:
    return np.maximum(np.nan_to_num(CR.decode(mosaic.codes), nan=0.0, neginf=0.0), 0.0).astype(np.float64)


def test_every_frame_is_its_product_and_none_is_missing() -> None:
    frames = [mosaic for _, mosaic in loop()]
    assert len(frames) == 25
    gaps = [(b.at - a.at).total_seconds() for a, b in pairwise(frames)]
    assert min(gaps) >= 359
    assert max(gaps) <= 361
    for product, mosaic in zip(products(), frames, strict=True):
        raster = product.rasters[0].values()
        values = CR.decode(mosaic.codes)
        seen = mosaic.codes != NOT_SEEN
        assert 0.5 < seen.mean() < 0.8  # a circle of 230 km
        assert set(np.unique(mosaic.source[seen])) == {1}
        assert np.nanmax(mosaic.age_minutes()) == 0
        assert set(np.unique(values[np.isfinite(values)])) <= set(np.unique(raster[np.isfinite(raster)]))
        for level in (20.0, 35.0, 50.0):  # one cell of a kilometer is one cell of the map, of slightly another size
            shown, made = np.count_nonzero(values >= level), np.count_nonzero(raster >= level)
            assert abs(shown - made) <= 0.06 * made + 12


def test_echoes_go_on_from_frame_to_frame_and_motion_tells_the_next_frame_better_than_standing_still() -> None:
    frames = loop()
    alike = [float(np.corrcoef(rain(a).ravel(), rain(b).ravel())[0, 1]) for (_, a), (_, b) in pairwise(frames)]
    assert min(alike) > 0.8
    for lead in (1, 3):
        still: list[float] = []
        shifted: list[float] = []
        for index in range(1, len(frames) - lead, 1 if data.long_count(0, 1) else 3):
            (_, before), (plane, here), (_, later) = frames[index - 1], frames[index], frames[index + lead]
            motion = motion_between(before, here)
            assert motion is not None
            seconds = (later.at - here.at).total_seconds()
            told = compose((moved(plane, motion, seconds),), AREA, at=here.at, max_age=STEP)
            true = rain(later)
            for shown, errors in ((here, still), (told, shifted)):
                wet = np.maximum(rain(shown), true) >= 15
                errors.append(float(np.sqrt(np.mean((rain(shown)[wet] - true[wet]) ** 2))))
        print(
            f"Guangzhou: {len(frames)} frames, correlation of neighbors {min(alike):.3f} at least; after {6 * lead} min "
            f"error standing still {np.mean(still):.2f} dB, moved {np.mean(shifted):.2f} dB ({len(still)} times)"
        )
        assert np.mean(shifted) < np.mean(still)

"""Rotation as standard products list it: mesocyclones and their features (M), tornado vortex signatures (TVS)."""

from __future__ import annotations

import math

from models.radar.layouts.cma_product_words import Contents, Row, Words
from models.radar.product import Cell, Table

_M_TAIL, _TVS_TAIL = 52, 120
_FEATURE_KINDS = {1: "mesocyclone", 2: "correlated", 3: "uncorrelated"}
_DEGREES_ONCE_MORE = 180 / math.pi


def mesocyclones(words: Words) -> Contents:
    """Return mesocyclones, and the features they were made of (M).

    Parameters
    ----------
    words : Words
        At the first table.

    Raises
    ------
    DamageError
        ``cut_off``, ``bad_table_count``, ``bad_table_place``.

    Notes
    -----
    Heights are above the antenna: ``r sin e + r^2 / 2R`` of slant range and elevation with
    R of 4/3 earth, cut to the meter (195 rows at hand). A feature's azimuth at its base
    stands in radians and its elevation there in degrees times 57.3; both come out in
    degrees. Two words called rotation speeds elsewhere depend on the elevation alone, so
    they are not shown.
    """
    at = words.at
    storms, mesos, features = words.one("iii")
    wholes = words.rows("iiarffiiixxiixxff", mesos, at + 4, "mesocyclones")
    parts = words.rows("iiiarfiiiffxxiifrf", features, at + 8, "features")
    words.skip(_M_TAIL)
    return Contents(
        (
            Table(
                "mesocyclones",
                (
                    *("id", "storm_id", "azimuth_deg", "range_m", "elevation_deg", "shear_per_ks", "height_m"),
                    *("azimuth_diameter_m", "radial_diameter_m", "top_m", "base_m"),
                    *("base_elevation_deg", "max_shear_per_ks"),
                ),
                tuple(wholes),
            ),
            Table(
                "features",
                (
                    *("id", "storm_id", "kind", "azimuth_deg", "range_m", "elevation_deg", "height_m"),
                    *("azimuth_diameter_m", "radial_diameter_m", "shear_per_ks", "max_shear_per_ks", "top_m", "base_m"),
                    *("base_azimuth_deg", "base_range_m", "base_elevation_deg"),
                ),
                tuple(_feature(row) for row in parts),
            ),
        ),
        words.at,
        {"storms": storms, "mesocyclones": mesos, "features": features},
    )


def _feature(row: Row) -> tuple[Cell, ...]:
    name, storm, kind, *rest, azimuth_rad, base_range, elevation_twice = row
    azimuth = None if azimuth_rad is None else round(math.degrees(azimuth_rad) % 360, 3)
    elevation = None if elevation_twice is None else round(elevation_twice / _DEGREES_ONCE_MORE, 3)
    return (name, storm, _FEATURE_KINDS.get(kind, f"kind {kind}"), *rest, azimuth, base_range, elevation)


def vortices(words: Words) -> Contents:
    """Return tornado vortex signatures (TVS); their rows were never seen in a real file.

    Parameters and errors are those of `mesocyclones`.
    """
    at = words.at
    sure, elevated = words.one("ii")
    words.check(sure, at, "tvs", 56)
    words.check(elevated, at + 4, "tvs", 56)
    rows = words.rows("iiarffffiiiifi", sure + elevated, at, "tvs")
    words.skip(_TVS_TAIL)
    return Contents(
        (
            Table(
                "tvs",
                (
                    *("id", "kind", "azimuth_deg", "range_m", "elevation_deg", "low_difference_ms"),
                    *("mean_difference_ms", "max_difference_ms", "max_difference_height_m", "depth_m"),
                    *("base_m", "top_m", "max_shear_per_ks", "max_shear_height_m"),
                ),
                tuple(rows),
            ),
        ),
        words.at,
        {"tvs": sure, "etvs": elevated},
        unproven="rows" if rows else "",
    )

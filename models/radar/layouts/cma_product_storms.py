"""Storms as standard products list them: tracks (STI), structure (SS), hail (HI), severe probability (SWP)."""

from __future__ import annotations

from models.radar.layouts.cma_product_words import Contents, Row, Words
from models.radar.oddity import Oddity
from models.radar.product import Cell, Table

_STI_TAIL, _HI_TAIL, _SS_TAIL = 40, 108, 228
_NEW = 1
_TRACK_KINDS = {0: "continuing", _NEW: "new"}


def tracks(words: Words) -> Contents:
    """Return storm tracks (STI): storms, their forecast and past places, and their components.

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
    The third count of the head is that of the components, not of the storms. Directions
    are where a storm comes from. A new storm carries the mean motion of all, and the 0 in
    place of its forecast errors means that it had no forecast: None here. Components of
    storms that are not in the list have no id.
    """
    at = words.at
    storms, continuing, components, speed, direction = words.one("iiiff")
    motion = words.rows("arffii", storms, at, "storms")
    ahead = _track(words, storms, "forecast")
    past = _track(words, storms, "past")
    about = words.rows("iixarififiiiiii", storms, at, "attributes")
    parts = words.rows("ifi", components, at + 8, "components")
    words.skip(_STI_TAIL)
    ids = [row[0] for row in about]
    owner: list[Cell] = [None] * components
    for row in about:
        first, count = row[9] - 1, row[8]
        if 0 <= first <= first + count <= components:
            owner[first : first + count] = [row[0]] * count
    return Contents(
        (
            Table(
                "storms",
                (
                    *("id", "kind", "azimuth_deg", "range_m", "speed_ms", "from_deg"),
                    *("forecast_error_m", "mean_error_m", "height_m", "max_dbz", "max_dbz_height_m"),
                    *("vil_kg_m2", "components", "top_m", "base_m"),
                ),
                tuple(_storm(moving, row) for moving, row in zip(motion, about, strict=True)),
            ),
            _places("forecast", ids, ahead),
            _places("past", ids, past),
            Table(
                "components",
                ("id", "ordinal", "height_m", "dbz"),
                tuple((name, ordinal, height, dbz) for name, (height, dbz, ordinal) in zip(owner, parts, strict=True)),
            ),
        ),
        words.at,
        {"storms": storms, "continuing": continuing, "mean_speed_ms": speed, "mean_from_deg": direction},
    )


def _storm(moving: Row, row: Row) -> tuple[Cell, ...]:
    azimuth, distance, speed, direction, error, mean_error = moving
    name, kind, _azimuth, _range, height, dbz, dbz_height, vil, parts, _first, top, _top_at, base, _base_at = row
    said = _TRACK_KINDS.get(kind, f"kind {kind}")
    errors = (None, None) if kind == _NEW else (error, mean_error)
    return (name, said, azimuth, distance, speed, direction, *errors, height, dbz, dbz_height, vil, parts, top, base)


def _track(words: Words, storms: int, table: str) -> list[list[tuple[Cell, ...]]]:
    """Return the places of each storm: time, minutes after the volume, azimuth, range."""
    out: list[list[tuple[Cell, ...]]] = []
    for _ in range(storms):
        byte = words.at
        (count,) = words.one("i")
        found = words.rows("art", count, byte, table)
        out.append([(when, words.minutes(when), azimuth, distance) for azimuth, distance, when in found])
    return out


def _places(name: str, ids: list[Cell], tracks: list[list[tuple[Cell, ...]]]) -> Table:
    rows = tuple((storm, *place) for storm, track in zip(ids, tracks, strict=True) for place in track)
    return Table(name, ("id", "time_utc", "after_min", "azimuth_deg", "range_m"), rows)


def structure(words: Words) -> Contents:
    """Return the structure of storms (SS): storms as they are, and each one's trend, the newest first.

    Parameters and errors are those of `tracks`.
    """
    at = words.at
    (storms,) = words.one("i")
    now = words.rows("iariiffi", storms, at, "storms")
    trend: list[tuple[Cell, ...]] = []
    for _ in range(storms):
        name, byte = words.one("i")[0], words.at
        (count,) = words.one("i")
        for when, *rest in words.rows("tiiiiiiii", count, byte, "trend"):
            trend.append((name, when, words.minutes(when), *rest))
    words.skip(_SS_TAIL)
    return Contents(
        (
            Table(
                "storms",
                ("id", "azimuth_deg", "range_m", "base_m", "top_m", "vil_kg_m2", "max_dbz", "max_dbz_height_m"),
                tuple(now),
            ),
            Table(
                "trend",
                (
                    *("id", "time_utc", "after_min", "height_m", "base_m", "top_m", "vil_kg_m2", "max_dbz"),
                    *("max_dbz_height_m", "hail_percent", "severe_hail_percent"),
                ),
                tuple(trend),
            ),
        ),
        words.at,
        {"storms": storms},
    )


def hail(words: Words) -> Contents:
    """Return the hail of each storm (HI), and the heights of 0 and -20 degrees that it was judged with.

    Parameters and errors are those of `tracks`. The unit of the size is not established:
    all sizes in the file at hand are 0.
    """
    at = words.at
    (storms,) = words.one("i")
    rows = words.rows("iariifi", storms, at, "hail")
    freezing_km, cold_km = words.one("ff")
    words.skip(_HI_TAIL - 8)
    sized = sum(1 for row in rows if row[5])
    return Contents(
        (
            Table(
                "hail",
                ("id", "azimuth_deg", "range_m", "hail_percent", "severe_hail_percent", "size_unit_unknown", "rcm"),
                tuple(rows),
            ),
        ),
        words.at,
        {
            "storms": storms,
            "freezing_height_m": None if freezing_km is None else round(1000 * freezing_km),
            "minus_20_height_m": None if cold_km is None else round(1000 * cold_km),
        },
        (Oddity("radar.odd.hail_size", storms=sized),) if sized else (),
    )


def severe(words: Words) -> Contents:
    """Return the probability of severe weather (SWP). Parameters and errors are those of `tracks`."""
    at = words.at
    (storms,) = words.one("i")
    rows = words.rows("rai", storms, at, "severe")
    placed = tuple((azimuth, distance, percent) for distance, azimuth, percent in rows)
    return Contents((Table("severe", ("azimuth_deg", "range_m", "severe_percent"), placed),), words.at)

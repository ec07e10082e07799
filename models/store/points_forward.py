"""How the hazard points of a store from before the registers became records of one."""

from __future__ import annotations

from sqlite_utils import Database

from models.store.text_form import json_text

_REGISTER = "hazard_points"  # written out: what has shipped does not follow later names
_UNKNOWN_AT = "1970-01-01T00:00:00.000000Z"


def bring(db: Database) -> None:
    """Copy ``points`` and ``thresholds`` into ``records``, each with a first version of cause ``migration``.

    The version's time is that of the last journal line that replaced the
    points: since then they stood as they do.
    """
    thresholds: dict[str, list[dict[str, object]]] = {}
    for point_id, window_h, level, rain_mm, design in db.execute(
        "SELECT point_id, window_h, level, rain_mm, design FROM thresholds ORDER BY point_id, place_in_list"
    ):
        one = {"window_h": window_h, "level": level, "rain_mm": rain_mm, "design": bool(design)}
        thresholds.setdefault(point_id, []).append(one)
    rows = []
    for row in db.execute(
        "SELECT id, name, kind, lon_deg, lat_deg, town, village, attributes, place_in_list, warn_unit, person, phone"
        " FROM points ORDER BY place_in_list"
    ):
        values = {key: text for key, text in zip(("warn_unit", "person", "phone"), row[9:], strict=True) if text}
        rises = {"thresholds": thresholds[row[0]]} if row[0] in thresholds else {}
        rows.append([*row[:9], json_text(values | rises)])
    db.conn.executemany(
        "INSERT INTO records (register, id, name, kind, lon_deg, lat_deg, town, village, others, place_in_list,"
        f" \"values\", wkb, version) VALUES ('{_REGISTER}', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, x'', 1)",
        rows,
    )
    db.execute("INSERT INTO records_box SELECT key, lon_deg, lon_deg, lat_deg, lat_deg FROM records")
    found = db.execute("SELECT at FROM journal WHERE act = 'points.replaced' ORDER BY number DESC LIMIT 1").fetchone()
    db.execute(
        "INSERT INTO record_versions (register, id, number, at, actor, cause, gone, place_in_list, name, kind,"
        ' lon_deg, lat_deg, town, village, "values", others, wkb)'
        " SELECT register, id, 1, ?, 'system', 'migration', 0, place_in_list, name, kind, lon_deg, lat_deg, town,"
        ' village, "values", others, wkb FROM records',
        [found[0] if found else _UNKNOWN_AT],
    )

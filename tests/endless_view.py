"""A GeoPackage with a view that joins its rows with themselves for ever, for those who must put an end to it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import geopandas
import numpy as np
import shapely


def write_endless(path: Path) -> Path:
    """Write layer ``a`` of 2,000 rows, and a view of it joined with itself twice that finds nothing."""
    made = geopandas.GeoDataFrame({"n": range(2000)}, geometry=shapely.points(np.full((2000, 2), 29.0)), crs=4326)
    made.to_file(path, layer="a")
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE VIEW seen AS SELECT a.fid, a.geom FROM a, a AS b, a AS c WHERE a.n + b.n + c.n < 0")
        db.execute("INSERT INTO gpkg_contents VALUES ('seen', 'features', 'seen', '', '2026-01-01', 0, 0, 0, 0, 4326)")
        db.execute("INSERT INTO gpkg_geometry_columns VALUES ('seen', 'geom', 'POINT', 4326, 0, 0)")
    return path

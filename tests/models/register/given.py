"""Small registers as somebody hands them in, and the ground they lie on: two towns with two villages each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import shapely

from models.register.checks.ground import Ground
from models.register.description import RegisterDescription, shipped
from models.register.finding import Finding
from models.register.mapping import map_columns
from models.register.quality import Quality, judge
from models.register.surroundings import Areas, Surroundings
from models.register.table import Cell, Table

HEADERS = ("编号", "名称", "类型", "经度", "纬度", "乡镇", "村", "责任人", "电话")
TODAY = date(2026, 6, 18)
VILLAGES = ("石坑村", "云台村", "桥头村", "竹溪村")


def points() -> RegisterDescription:
    """The register of hazard points as it ships."""
    return next(one for one in shipped() if one.name == "hazard_points")


def ground(*, numbers: Mapping[tuple[str, str], str] | None = None, **more: Any) -> Ground:
    """A county of 0.2 by 0.1 degrees: the west is 石坑镇 with 石坑村 and 云台村, the east 桥头乡 with the others."""
    villages = [shapely.box(113 + 0.05 * n, 24, 113.05 + 0.05 * n, 24.1) for n in range(4)]
    towns = [shapely.union_all(villages[:2]), shapely.union_all(villages[2:])]
    around = Surroundings(
        county=shapely.union_all(towns),
        towns=Areas(("石坑镇", "桥头乡"), tuple(towns)),
        villages=Areas(VILLAGES, tuple(villages), ("石坑镇", "石坑镇", "桥头乡", "桥头乡")),
        **more,
    )
    return Ground(around, TODAY, numbers or {})


def row(number: int = 1, **cells: Cell) -> list[Cell]:
    """A sound row; rows lie 1 km apart in 石坑村, and each has its own number."""
    sound: dict[str, Cell] = {
        "编号": f"P{number}",
        "名称": f"{number}号坡",
        "类型": "滑坡",
        "经度": 113.025,
        "纬度": round(24.0 + 0.009 * (1 + number % 10), 5),
        "乡镇": "石坑镇",
        "村": "石坑村",
        "责任人": f"张{number}",
        "电话": f"000-0000-{number:04d}",
    }
    return list((sound | cells).values())


def table(*rows: list[Cell], headers: tuple[str, ...] = HEADERS, **more: Any) -> Table:
    """The rows as a file has them, the header in line 1."""
    return Table("points.xlsx", headers, tuple(map(tuple, rows)), tuple(range(2, len(rows) + 2)), **more)


def look(given: Table, on: Ground | None = None, description: RegisterDescription | None = None, **how: Any) -> Quality:
    """Judge a file with its columns by name."""
    description = description or points()
    return judge(given, map_columns(given, description), description, on or ground(), **how)


def told(quality: Quality, kind: str = "") -> list[tuple[int, str, str]]:
    """Line, field and reason of what was found in rows, of one kind if it is said."""
    return [(one.line, one.field, one.code) for one in quality.findings if one.line > 1 and kind in {"", one.kind}]


def only(quality: Quality, code: str) -> Finding:
    """The one finding of that reason."""
    (found,) = [one for one in quality.findings if one.code == code]
    return found

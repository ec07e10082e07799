"""Reads the register of hazard points from CSV: all of it or nothing, with a reason for every line refused."""

from __future__ import annotations

import csv
import io
import itertools
import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import shapely
from shapely.geometry import Point

from models.errors import DataError
from models.hazard.level import RISING, Level
from models.hazard.points_columns import Columns, kind_of, kind_words, plain_word, recognize, template_header
from models.hazard.points_report import Finding, PointsReport
from models.hazard.register import HazardPoint, PointKind, Threshold

LARGEST_BYTES = 50_000_000
_MOST_RAIN_MM = 2_000.0
_BOUNDS = {"lon": 180.0, "lat": 90.0}
_EXAMPLE = {"zh": "示例-1", "en": "EXAMPLE-1"}
_POWER_OF_TEN = re.compile(r"\d[.\d]*[eE]\+?\d+")
_COLORS = {Level.BLUE: "蓝", Level.YELLOW: "黄", Level.ORANGE: "橙", Level.RED: "红"}


@dataclass(slots=True)
class _Findings:
    """What is found on the way through the file."""

    refused: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)


def read_points(
    data: bytes, *, kind: PointKind | None = None, area: bytes | None = None, dry_run: bool = False
) -> PointsReport:
    """Read a points file.

    Parameters
    ----------
    data : bytes
        UTF-8 (with or without mark) or GB18030; cells separated by comma,
        semicolon or tab; Chinese or English headers.
    kind : PointKind, optional
        The kind of every point of a file without a kind column; a column wins.
    area : bytes, optional
        The office's outline as WKB (WGS 84); points outside get a warning.
    dry_run : bool
        Look only: the kind may be missing.

    Returns
    -------
    PointsReport
        Every refused line has its number, the field and the reason.

    Raises
    ------
    DataError
        ``points_csv.*`` if the file cannot be read as a table at all.
    """
    text, guesses = _text(data)
    rows, separator = _rows(text)
    if separator != ",":
        guesses.append(Finding(1, "", "guessed.separator", {"separator": "Tab" if separator == "\t" else separator}))
    header_line, header = next(rows, (1, []))
    if not any(cell.strip() for cell in header):
        raise DataError("points_csv.empty")
    columns = recognize(header)
    found = _Findings(list(columns.refused))
    has_kind = "kind" in columns.fields or kind is not None
    if not has_kind:
        where = found.warnings if dry_run else found.refused
        where.append(Finding(header_line, "kind", "warned.no_kind" if dry_run else "refused.no_kind"))
    file_refused = bool(found.refused)
    shape = shapely.from_wkb(area) if area else None
    points: list[HazardPoint] = []
    lines: dict[str, int] = {}
    rows_read = 0
    for line, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        rows_read += 1
        point = None if columns.refused else _point(line, cells, len(header), columns, kind, lines, found)
        if point is not None:
            points.append(point)
            _warn(line, point, shape, found)
    if not rows_read:
        found.refused.append(Finding(header_line, "", "refused.no_rows"))
    accepted = 0 if file_refused else len(points)
    kept = tuple(points) if has_kind and accepted else ()
    guesses += columns.guesses
    kept_lines = tuple(lines[point.id] for point in kept)
    findings = tuple(found.refused), tuple(found.warnings), tuple(guesses)
    return PointsReport(rows_read, accepted, kept, *findings, kept_lines)


def template(language: str = "zh") -> bytes:
    """Return an empty points file with header and one example line, in UTF-8 that spreadsheets recognize."""
    header = template_header(language)
    is_chinese = language == "zh"
    example = [
        _EXAMPLE["zh" if is_chinese else "en"],
        *(("石坑沟", "山洪") if is_chinese else ("Shikeng gully", "flash_flood")),
        "113.2051",
        "24.1017",
        *(("石坑镇", "石坑村委会", "某某") if is_chinese else ("Shikeng", "village office", "N. N.")),
        "",
        *["35", "45", "60", "80", "55", "75", "100", "120", "70", "95", "120", "150"],
    ]
    out = io.StringIO(newline="")
    csv.writer(out).writerows([header, example])
    return out.getvalue().encode("utf-8-sig")


def _text(data: bytes) -> tuple[str, list[Finding]]:
    if len(data) > LARGEST_BYTES:
        raise DataError("points_csv.too_large", most=LARGEST_BYTES)
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("gb18030"), [Finding(1, "", "guessed.encoding")]
    except UnicodeDecodeError as broken:
        raise DataError("points_csv.encoding") from broken


def _rows(text: str) -> tuple[Iterator[tuple[int, list[str]]], str]:
    """Return the rows, each with the line it begins in, and the separator the header shows."""
    head = text.lstrip("\r\n").split("\n", 1)[0]
    separator = max(",;\t", key=lambda sign: (head.count(sign), sign == ","))

    def numbered() -> Iterator[tuple[int, list[str]]]:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)
        before = 0
        try:
            for cells in reader:
                begins, before = before + 1, reader.line_num
                if cells or begins == 1:
                    yield begins, cells
        except csv.Error as broken:
            raise DataError("points_csv.broken", line=before + 1, cause=str(broken)) from broken

    return numbered(), separator


def _point(
    line: int,
    cells: Sequence[str],
    width: int,
    columns: Columns,
    kind: PointKind | None,
    lines: dict[str, int],
    found: _Findings,
) -> HazardPoint | None:
    """Return the point of a row, or None with what is wrong among the findings."""
    bad: list[Finding] = []
    if len(cells) > width and any(cell.strip() for cell in cells[width:]):
        bad.append(Finding(line, "", "refused.too_many", {"count": len(cells), "columns": width}))

    def cell(index: int | None) -> str:
        return cells[index].strip() if index is not None and index < len(cells) else ""

    text = {name: cell(index) for name, index in columns.fields.items()}
    bad += _check_names(line, text, lines)
    lon, lat = (_coordinate(line, name, text, bad) for name in ("lon", "lat"))
    point_kind = kind
    if "kind" in columns.fields:
        point_kind = kind_of(text["kind"])
        if point_kind is None:
            code, facts = ("refused.kind", {"value": text["kind"], "allowed": kind_words()})
            bad.append(Finding(line, "kind", code, facts) if text["kind"] else Finding(line, "kind", "refused.empty"))
    thresholds = _thresholds(line, {key: cell(i) for key, i in columns.thresholds.items()}, bad)
    if bad:
        found.refused += bad
        return None
    return HazardPoint(
        id=text["id"],
        name=text["name"],
        kind=point_kind or PointKind.LANDSLIDE,  # without a kind the points are counted, never kept
        lon_deg=lon,
        lat_deg=lat,
        town=text.get("town", ""),
        village=text.get("village", ""),
        warn_unit=text.get("warn_unit", ""),
        person=text.get("person", ""),
        phone=text.get("phone", ""),
        thresholds=thresholds,
        attributes={title: cell(index) for title, index in columns.others.items() if cell(index)},
    )


def _check_names(line: int, text: dict[str, str], lines: dict[str, int]) -> list[Finding]:
    """Check id and name; remember where an id was first seen."""
    bad = [Finding(line, name, "refused.empty") for name in ("id", "name") if not text[name]]
    id_ = text["id"]
    if id_ in _EXAMPLE.values():
        bad.append(Finding(line, "id", "refused.example"))
    if id_ and id_ in lines:
        bad.append(Finding(line, "id", "refused.doubled", {"value": id_, "line": lines[id_]}))
    lines.setdefault(id_, line)
    return bad


def _coordinate(line: int, name: str, text: dict[str, str], bad: list[Finding]) -> float:
    """Return a longitude or latitude; a latitude that only fits a longitude is said to be the wrong way round."""
    value = _number(line, name, text[name], bad)
    most = _BOUNDS[name]
    if math.isnan(value) or -most <= value <= most:
        return value
    facts: dict[str, str | int] = {"value": f"{value:g}", "least": f"{-most:g}", "most": f"{most:g}"}
    other = _plain_number(text["lon"])
    swapped = name == "lat" and abs(value) <= 180 and not math.isnan(other) and abs(other) <= 90
    bad.append(Finding(line, name, "refused.swapped" if swapped else "refused.range", facts))
    return math.nan


def _number(line: int, name: str, text: str, bad: list[Finding]) -> float:
    if not text:
        bad.append(Finding(line, name, "refused.empty"))
        return math.nan
    value = _plain_number(text)
    if math.isnan(value):
        bad.append(Finding(line, name, "refused.number", {"value": text}))
    return value


def _plain_number(text: str) -> float:
    """Return a finite number written in any width, NaN if it is none."""
    try:
        value = float(unicodedata.normalize("NFKC", text).strip())
    except ValueError:
        return math.nan
    return value if math.isfinite(value) and "_" not in text else math.nan


def _thresholds(line: int, cells: dict[tuple[int, Level], str], bad: list[Finding]) -> tuple[Threshold, ...]:
    """Return the thresholds; an empty cell is no threshold, and in each window they must rise with the level."""
    out: list[Threshold] = []
    for window_h, level in sorted(cells, key=lambda key: (key[0], key[1].rank)):
        text = re.sub(r"(mm|毫米)$", "", plain_word(cells[window_h, level]))
        if not text or text in {"-", "—", "/"}:
            continue
        name = f"{level.value}_{window_h}h"
        value = _number(line, name, text, bad)
        if math.isnan(value):
            continue
        if not 0 < value <= _MOST_RAIN_MM:
            facts = {"value": f"{value:g}", "least": "0.1", "most": f"{_MOST_RAIN_MM:g}"}
            bad.append(Finding(line, name, "refused.range", facts))
            continue
        lower = out[-1] if out and out[-1].window_h == window_h else None
        if lower is not None and value <= lower.rain_mm:
            facts = {
                "window_h": str(window_h),
                "lower": _COLORS[lower.level],
                "higher": _COLORS[level],
                "lower_en": lower.level.value,
                "higher_en": level.value,
                "lower_mm": f"{lower.rain_mm:g}",
                "higher_mm": f"{value:g}",
            }
            bad.append(Finding(line, name, "refused.not_rising", facts))
        out.append(Threshold(window_h, level, value))
    return tuple(out)


def _warn(line: int, point: HazardPoint, shape: shapely.Geometry | None, found: _Findings) -> None:
    """Note what is odd but no reason to refuse."""
    if not point.thresholds:
        found.warnings.append(Finding(line, "", "warned.no_thresholds"))
    if point.person and not point.phone:
        found.warnings.append(Finding(line, "phone", "warned.no_phone", {"person": point.person}))
    if _POWER_OF_TEN.fullmatch(point.phone):
        found.warnings.append(Finding(line, "phone", "warned.mangled_phone", {"value": point.phone}))
    if shape is not None and not shape.intersects(Point(point.lon_deg, point.lat_deg)):
        found.warnings.append(Finding(line, "lon", "warned.outside"))
    for level in RISING:
        of_level = sorted((t for t in point.thresholds if t.level is level), key=lambda t: t.window_h)
        for short, long in itertools.pairwise(of_level):
            if short.rain_mm > long.rain_mm:
                facts = {
                    "color": _COLORS[level],
                    "color_en": level.value,
                    "short_h": str(short.window_h),
                    "short_mm": f"{short.rain_mm:g}",
                    "long_h": str(long.window_h),
                    "long_mm": f"{long.rain_mm:g}",
                }
                found.warnings.append(Finding(line, f"{level.value}_{short.window_h}h", "warned.shorter_higher", facts))

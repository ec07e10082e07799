"""What is in a radar file, in lines for people, Chinese or English."""

from __future__ import annotations

from typing import Any

import resources
from models.radar.describe import Document

_SHOWN_ROWS = 12


def as_text(document: Document, *, language: str = "en") -> str:
    """Return a document of `describe` as lines for people, ``zh`` or ``en``."""

    def say(key: str, **facts: Any) -> str:
        return resources.phrase("radar_info", key, language).format_map(facts)

    lines = [document["file"]]
    if "format" not in document:
        return "\n".join([*lines, say("error", error=document["error"])])
    mark = say("unproven") if document["unproven"] else ""
    lines.append(say("kind", format=format_words(document["format"], language), kind=say(document["kind"]), mark=mark))
    if document["site"] is not None:
        lines.append(_site_line(document["site"], say))
    lines.append(say("started", at=document["started_at"].replace("T", " ")[:19]))
    lines += {"product": _product_lines, "grid": _grid_lines, "volume": _volume_lines}[document["kind"]](document, say)
    return "\n".join([*lines, *(say("oddity", oddity=oddity) for oddity in document["oddities"])])


def format_words(name: str, language: str) -> str:
    """Return what a format is called in ``zh`` or ``en``; one that is called the same everywhere keeps its name."""
    entry = resources.table("phrases/radar_info")["format"].get(name)
    return name if entry is None else str(entry[language])


def _volume_lines(document: Document, say: Any) -> list[str]:
    frequency = document["frequency_mhz"]
    lines = [
        say(
            "task",
            task=document["task"],
            frequency=say("frequency_unknown") if frequency is None else say("frequency", mhz=frequency),
            scan=say(f"scan.{document['scan']}"),
        )
    ]
    found, announced = len(document["sweeps"]), document["announced"]
    if "error" in document:
        lines.append(say("incomplete", found=found, announced=announced, error=document["error"]))
    else:
        lines.append(say("complete" if found == announced else "found", found=found, announced=announced))
    known = {name: value for name, value in document["calibration"].items() if value is not None}
    if known:
        lines.append(say("calibration", facts=_facts(known)))
    for sweep in document["sweeps"]:
        moments = "; ".join(say("moment", name=name, **moment) for name, moment in sweep["moments"].items())
        lines.append(
            say("sweep", number=sweep["number"], elevation=sweep["elevation_deg"], rays=sweep["rays"], moments=moments)
        )
    return lines


def _site_line(site: Document, say: Any) -> str:
    altitude = site["altitude_m"]
    height = say("altitude_unknown") if altitude is None else say("altitude", m=altitude)
    if site["lon_deg"] is None:
        return str(say("site_unknown", code=site["code"] or "?"))
    radar = " ".join(dict.fromkeys(word for word in (site["code"], site["name"]) if word))
    return str(say("site", radar=radar, lon=site["lon_deg"], lat=site["lat_deg"], altitude=height))


def _product_lines(document: Document, say: Any) -> list[str]:
    product = document["product"]
    lines = []
    for layer in product["layers"]:
        named = {**layer, "code": product["code"], "levels": layer["levels"] or "-"}
        lines.append(say("radial" if "gate_m" in layer else "raster", **named))
        if "thresholds" in layer:
            shown = " ".join("-" if value is None else f"{value:g}" for value in layer["thresholds"])
            lines.append(say("levels", thresholds=shown))
    if not lines:
        lines.append(say("bare", **product))
    if product["maximum"] is not None:
        lines.append(say("maximum", **product))
    if product["parameters"]:
        lines.append(say("parameters", parameters=_facts(product["parameters"])))
    for table in product["tables"]:
        lines.append(say("table", name=table["name"], rows=len(table["rows"])))
        if table["rows"]:
            lines.append("  " + "  ".join(table["columns"]))
            lines += ["  " + "  ".join(_cell(cell) for cell in row) for row in table["rows"][:_SHOWN_ROWS]]
        if len(table["rows"]) > _SHOWN_ROWS:
            lines.append(say("more_rows", rows=len(table["rows"]) - _SHOWN_ROWS))
    return lines


def _grid_lines(document: Document, say: Any) -> list[str]:
    grid = document["grid"]
    crs = grid["crs"] if len(grid["crs"]) <= 40 else grid["crs"].split('"')[1] if '"' in grid["crs"] else "?"
    lines = [say("grid_of", **{**grid, "crs": crs, "source": grid["source"] or say("source_unknown")})]
    if grid["parameters"]:
        lines.append(say("parameters", parameters=_facts(grid["parameters"])))
    return lines


def _facts(facts: dict[str, Any]) -> str:
    return ", ".join(f"{name} {_cell(value)}" for name, value in facts.items())


def _cell(value: Any) -> str:
    return "-" if value is None else f"{value:g}" if isinstance(value, float) else str(value)

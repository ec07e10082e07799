"""What is in a radar file, for other programs and for people."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import resources
from models.errors import ConsoleError
from models.radar.oddity import Oddity
from models.radar.volume import Product, Reading, Site, Sweep, Volume

Document = dict[str, Any]


def describe(reading: Reading | Exception, file: Path | str, *, language: str = "en") -> Document:
    """Return what ``radar info --json`` prints of one file.

    Parameters
    ----------
    reading : Volume, Product or Exception
        What the file held, or why it could not be read.
    file : Path or str
        As it was handed in.
    language : str
        Of the sentences in ``error`` and ``oddities``: ``zh`` or ``en``.

    Returns
    -------
    dict
        ``file``, and where nothing was read ``error`` alone. Else ``format``,
        ``kind`` (``volume`` or ``product``), ``complete``, ``started_at``
        (volume time, ISO 8601 UTC), ``site``, ``sweeps`` (as recorded, empty
        for products), ``product`` (products only), and ``error`` where whole
        cuts were kept of a broken volume. What is unknown is None, never NaN.
    """
    if isinstance(reading, Exception):
        return {"file": str(file), "error": _sentence(reading, language)}
    out: Document = {
        "file": str(file),
        "format": reading.format,
        "kind": "volume" if isinstance(reading, Volume) else "product",
        "complete": not isinstance(reading, Volume) or reading.complete,
        "started_at": reading.started_at.isoformat().replace("+00:00", "Z"),
        "site": _site(reading.site),
        "sweeps": [_sweep(sweep) for sweep in reading.sweeps] if isinstance(reading, Volume) else [],
    }
    if isinstance(reading, Volume):
        out |= {
            "announced": reading.announced,
            "task": reading.task,
            "scan": reading.scan,
            "frequency_mhz": _known(reading.frequency_mhz),
        }
        if reading.error is not None:
            out["error"] = _sentence(reading.error, language)
    else:
        out["product"] = _product(reading)
    out["oddities"] = [odd.sentence(language) if isinstance(odd, Oddity) else odd for odd in reading.oddities]
    return out


def as_text(document: Document, *, language: str = "en") -> str:
    """Return a document of `describe` as lines for people, ``zh`` or ``en``."""

    def say(key: str, **facts: Any) -> str:
        return resources.phrase("radar_info", key, language).format_map(facts)

    lines = [document["file"]]
    if "format" not in document:
        return "\n".join([*lines, say("error", error=document["error"])])
    site = document["site"]
    altitude = site["altitude_m"]
    height = say("altitude_unknown") if altitude is None else say("altitude", m=altitude)
    lines += [
        f"{document['format']}, {say(document['kind'])}",
        say("site", code=site["code"], name=site["name"], lon=site["lon_deg"], lat=site["lat_deg"], altitude=height),
        say("started", at=document["started_at"].replace("T", " ").removesuffix("Z")),
    ]
    if document["kind"] == "product":
        product = document["product"]
        shown = " ".join("-" if value is None else f"{value:g}" for value in product["thresholds"])
        lines += [say("raster", **product), say("levels", thresholds=shown)]
        if product["maximum"] is not None:
            lines.append(say("maximum", **product))
    else:
        lines += _volume_lines(document, say)
    return "\n".join([*lines, *(say("oddity", oddity=oddity) for oddity in document["oddities"])])


def _volume_lines(document: Document, say: Any) -> list[str]:
    frequency = document["frequency_mhz"]
    lines = [
        say(
            "task",
            task=document["task"],
            frequency="?" if frequency is None else f"{frequency:g}",
            scan=say(f"scan.{document['scan']}"),
        )
    ]
    found, announced = len(document["sweeps"]), document["announced"]
    if "error" in document:
        lines.append(say("incomplete", found=found, announced=announced, error=document["error"]))
    else:
        lines.append(say("complete" if found == announced else "found", found=found, announced=announced))
    for sweep in document["sweeps"]:
        moments = "; ".join(say("moment", name=name, **moment) for name, moment in sweep["moments"].items())
        lines.append(
            say("sweep", number=sweep["number"], elevation=sweep["elevation_deg"], rays=sweep["rays"], moments=moments)
        )
    return lines


def _sentence(error: Exception, language: str) -> str:
    return error.sentence(language) if isinstance(error, ConsoleError) else f"{type(error).__name__}: {error}"


def _site(site: Site) -> Document:
    return {
        "code": site.code,
        "name": site.name,
        "lon_deg": round(site.lon_deg, 6),
        "lat_deg": round(site.lat_deg, 6),
        "altitude_m": _known(site.altitude_m),
    }


def _sweep(sweep: Sweep) -> Document:
    return {
        "number": sweep.number,
        "elevation_deg": sweep.elevation_deg,
        "rays": int(sweep.azimuth_deg.size),
        "blanked_rays": int(sweep.blanked.sum()),
        "started_at": sweep.started_at.isoformat().replace("+00:00", "Z"),
        "nyquist_ms": _known(sweep.nyquist_ms),
        "moments": {
            name: {
                "gates": int(moment.codes.shape[1]),
                "gate_m": moment.gate_m,
                "start_m": moment.start_m,
                "scale": moment.scale,
                "offset": moment.offset,
            }
            for name, moment in sweep.moments.items()
        },
    }


def _product(product: Product) -> Document:
    rows, columns = product.levels.shape
    return {
        "code": product.code,
        "name": product.name,
        "unit": product.unit,
        "levels": int(product.thresholds.size),
        "cell_m": product.cell_m,
        "rows": int(rows),
        "columns": int(columns),
        "thresholds": [_known(float(value)) for value in product.thresholds],
        "maximum": _known(product.maximum),
    }


def _known(value: float) -> float | None:
    """Return a number as JSON can say it: None where it is not finite, without the tail of single precision."""
    return round(float(value), 4) if math.isfinite(value) else None

"""What is in a radar file, for other programs; `describe_text` says it for people."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from models.errors import ConsoleError
from models.radar.oddity import Oddity
from models.radar.product import Grid, Product, Radial, Raster, Reading
from models.radar.proven import is_unproven
from models.radar.volume import Site, Sweep, Volume

Document = dict[str, Any]

_PRINTED_LEVELS = 32


def describe(reading: Reading | Exception, file: Path | str, *, language: str = "en") -> Document:
    """Return what ``radar info --json`` prints of one file.

    Parameters
    ----------
    reading : Volume, Product, Grid or Exception
        What the file held, or why it could not be read.
    file : Path or str
        As it was handed in.
    language : str
        Of the sentences in ``error`` and ``oddities``: ``zh`` or ``en``.

    Returns
    -------
    dict
        ``file``, and where nothing was read ``error`` alone. Else ``format``, ``layout``,
        ``unproven`` (no real file of this layout was at hand), ``kind`` (``volume``,
        ``product`` or ``grid``), ``complete``, ``started_at`` (volume time, ISO 8601 UTC),
        ``site`` (None for grids), ``sweeps`` (as recorded, empty but for volumes), ``product``
        or ``grid``, and ``error`` where whole cuts were kept of a broken volume. What is
        unknown is None, never NaN.
    """
    if isinstance(reading, Exception):
        return {"file": str(file), "error": _sentence(reading, language)}
    out: Document = {
        "file": str(file),
        "format": reading.format,
        "layout": reading.layout,
        "unproven": is_unproven(reading.layout),
        "kind": {Volume: "volume", Product: "product", Grid: "grid"}[type(reading)],
        "complete": not isinstance(reading, Volume) or reading.complete,
        "started_at": reading.started_at.isoformat().replace("+00:00", "Z"),
        "site": None if isinstance(reading, Grid) else _site(reading.site),
        "sweeps": [_sweep(sweep) for sweep in reading.sweeps] if isinstance(reading, Volume) else [],
    }
    if isinstance(reading, Volume):
        out |= {
            "announced": reading.announced,
            "task": reading.task,
            "scan": reading.scan,
            "frequency_mhz": _known(reading.frequency_mhz),
            "beam_width_deg": _known(reading.beam_width_deg),
            "calibration": {name: _known(value) for name, value in reading.calibration.items()},
        }
        if reading.error is not None:
            out["error"] = _sentence(reading.error, language)
    elif isinstance(reading, Product):
        out["product"] = _product(reading)
    else:
        out["grid"] = _grid(reading)
    out["oddities"] = [odd.sentence(language) if isinstance(odd, Oddity) else odd for odd in reading.oddities]
    return out


def _sentence(error: Exception, language: str) -> str:
    return error.sentence(language) if isinstance(error, ConsoleError) else f"{type(error).__name__}: {error}"


def _site(site: Site) -> Document:
    return {
        "code": site.code,
        "name": site.name,
        "lon_deg": _known(site.lon_deg, 6),
        "lat_deg": _known(site.lat_deg, 6),
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
    """Return the product; the fields of its first raster or radial layer stand at the top too."""
    layers = [_raster(raster) for raster in product.rasters] + [_radial(radial) for radial in product.radials]
    first = layers[0] if layers else {}
    return {
        "code": product.code,
        "name": product.name,
        "role": product.role.value,
        "unit": product.unit,
        **{key: value for key, value in first.items() if key not in {"name", "unit"}},
        "maximum": _known(product.maximum),
        "range_m": _known(product.range_m),
        "parameters": {name: _cell(value) for name, value in product.parameters.items()},
        "layers": layers,
        "tables": [
            {"name": t.name, "columns": list(t.columns), "rows": [[_cell(cell) for cell in row] for row in t.rows]}
            for t in product.tables
        ],
    }


def _raster(raster: Raster) -> Document:
    rows, columns = raster.codes.shape
    return {
        "name": raster.name,
        "unit": raster.unit,
        "rows": int(rows),
        "columns": int(columns),
        "cell_m": raster.cell_m,
        "row_m": raster.row_m,
        **_levels(raster),
    }


def _radial(radial: Radial) -> Document:
    rays, bins = radial.codes.shape
    return {
        "name": radial.name,
        "unit": radial.unit,
        "rows": int(rays),
        "columns": int(bins),
        "gate_m": radial.gate_m,
        "elevation_deg": _known(radial.elevation_deg),
        "height_m": _known(radial.height_m),
        **_levels(radial),
    }


def _levels(layer: Raster | Radial) -> Document:
    """Return how many levels there are, and where they are few, the lower end of each."""
    if layer.levels is None:
        return {"levels": None}
    few = layer.levels.size <= _PRINTED_LEVELS
    return {
        "levels": int(layer.levels.size),
        **({"thresholds": [_known(float(value)) for value in layer.levels]} if few else {}),
    }


def _grid(grid: Grid) -> Document:
    layers, rows, columns = grid.codes.shape
    return {
        "name": grid.name,
        "role": grid.role.value,
        "unit": grid.unit,
        "source": grid.source,
        "layers": int(layers),
        "rows": int(rows),
        "columns": int(columns),
        "heights_m": [_known(height) for height in grid.heights_m],
        "crs": grid.crs,
        "transform": [float(value) for value in grid.transform],
        "quality": sorted(grid.quality),
        "parameters": {name: _cell(value) for name, value in grid.parameters.items()},
    }


def _cell(value: float | str | None) -> float | int | str | None:
    return _known(value) if isinstance(value, float) else value


def _known(value: float, digits: int = 4) -> float | None:
    """Return a number as JSON can say it: None where it is not finite, without the tail of single precision."""
    return round(float(value), digits) if math.isfinite(value) else None

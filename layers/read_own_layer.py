"""From a wish of the office to layers: one for each kind of drawing that the file holds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from layers import color_table, own_grid, zoning
from layers.area_layer import AreaLayer
from layers.line_layer import LineLayer
from layers.mended import some
from layers.note import Note
from layers.own_layer import ID_SIGN, OWN, Drawn, LayerWish, OwnLayer, Things
from layers.own_layer_shape import ForDrawing, for_drawing
from layers.point_layer import PointLayer
from layers.read_raster import Field, fields_of, read_raster
from layers.read_table import TABLES
from layers.read_vector import parts_of, read_vector
from layers.relief_layer import relief_layer
from layers.shape import Shape, rings_of
from layers.stack import Layer, Storey
from layers.vector_table import NAMES, Kind, VectorTable
from models.errors import DataError
from models.geodesy import to_lonlat, to_mercator
from models.register.table import Sheet
from models.register.table_file import sheets_in
from models.register.workbook_sheets import tables_among

RASTERS = frozenset(
    {".tif", ".tiff", ".nc", ".nc4", ".grib", ".grb", ".grib2", ".grb2", ".hgt", ".asc", ".img", ".dem", ".bil"}
)
"""Suffixes of files that are read as rasters."""
_FIELDS = frozenset({".nc", ".nc4", ".grib", ".grb", ".grib2", ".grb2"})
ZONING, RELIEF = "zoning", "relief"
_MOST_CLASSES = 32
_KIND_WORDS = {Kind.AREA: "面", Kind.LINE: "线", Kind.POINT: "点"}
_DRAWN = {Kind.AREA: Drawn.AREA, Kind.LINE: Drawn.LINE, Kind.POINT: Drawn.POINT}
_LABELS_BELOW_M = 60.0


def read_layers(wish: LayerWish) -> tuple[OwnLayer, ...]:
    """Return what a wish becomes: one layer, or one for each kind where a file mixes them.

    Raises
    ------
    DataError
        As `read_vector` and `read_raster` do, ``layers.no_kind`` if the file holds nothing that can be drawn,
        ``layers.no_field`` if the column with the classes is not there, ``layers.too_many_classes``.
    """
    if wish.path.suffix.casefold() in RASTERS:
        return (_grid(wish),)
    table = read_vector(wish.path, crs=wish.crs, part=wish.part)
    kinds = table.kinds()
    if not kinds:
        raise DataError("layers.no_kind", file=wish.path.name)
    return tuple(_vector(wish, table.of_kind(kind), kind, alone=len(kinds) == 1) for kind in kinds)


def parts_in(path: Path) -> tuple[Field, ...]:
    """Return what a file with several layers or fields holds, to choose from; none where it is one layer.

    The bands of a picture are no layers: only the kinds of file that hold field beside field are asked.

    Raises
    ------
    DataError
        ``layers.unreadable``, ``layers.cut_off``, ``layers.is_html``; of a workbook ``table.*``.
    """
    suffix = path.suffix.casefold()
    if suffix in TABLES:
        sheets = sheets_in(path)
        return sheet_parts(sheets) if len(tables_among(sheets)) > 1 else ()
    if suffix in _FIELDS:
        found = fields_of(path)
    else:
        found = () if suffix in RASTERS else tuple(Field(name, name) for name in parts_of(path))
    return found if len(found) > 1 else ()


def sheet_parts(sheets: tuple[Sheet, ...]) -> tuple[Field, ...]:
    """Return the sheets of a workbook to choose from, the hidden and the empty ones too."""
    return tuple(
        Field(one.name, one.name, rows=one.rows, columns=one.columns, is_hidden=one.is_hidden) for one in sheets
    )


def files_of(path: Path) -> tuple[Path, ...]:
    """Return the files that a layer is made of: of a Shapefile its parts, else the one."""
    if path.suffix.casefold() != ".shp":
        return (path,)
    parts = {".shp", ".shx", ".dbf", ".prj", ".cpg"}
    return (
        path,
        *sorted(one for one in path.parent.glob(f"{path.stem}.*") if one.suffix.casefold() in parts - {".shp"}),
    )


def _vector(wish: LayerWish, table: VectorTable, kind: Kind, *, alone: bool) -> OwnLayer:
    name = OWN + (wish.name if alone else f"{wish.name} · {_KIND_WORDS[kind]}")
    notes = list(table.notes)
    legend: tuple[tuple[str, str], ...] = ()
    if wish.field and wish.field not in table.columns:
        raise DataError(
            "layers.no_field", file=wish.path.name, field=wish.field, fields=", ".join(table.columns) or "—"
        )
    members: tuple[Layer, ...]
    storey = Storey.BORDERS
    if kind is Kind.POINT:
        members, storey = (_points(name, table, wish.label),), Storey.STATIONS
    else:
        ids = tuple(f"{ID_SIGN}{name}:{row}" for row in range(len(table.geometry)))
        shape = rings_of(table.geometry, ids)
        drawn = for_drawing(shape)
        if drawn.count:
            notes.append(_simplified(drawn, table, len(ID_SIGN) + len(name) + 1))
        field = wish.field or (_class_column(table) if wish.style == ZONING else "")
        if kind is Kind.LINE:
            members = (LineLayer(name, "own", drawn.shape),)
        elif field:
            members, legend = _zones(
                name, drawn.shape, table.columns[field], wish.classes, len(ID_SIGN) + len(name) + 1
            )
            storey = Storey.WATER
        else:
            members, storey = (_plain(name, drawn.shape, table, wish.label),), Storey.WATER
    things = Things.of(table.geometry, table.columns)
    bounds = shapely.total_bounds(list(table.geometry))
    return OwnLayer(
        name,
        wish,
        _DRAWN[kind],
        members,
        len(table.geometry),
        tuple(notes),
        legend,
        things,
        table.crs,
        storey=storey,
        bounds_deg=tuple(map(float, bounds)),  # type: ignore[arg-type]
    )


def _simplified(drawn: ForDrawing, table: VectorTable, prefix: int) -> Note:
    """Say which things are drawn with fewer vertices, how many, and how far off."""
    rows = np.array([int(thing[prefix:]) for thing in drawn.ids], np.intp)
    names = table.names() if any(head.casefold() in NAMES for head in table.columns) else ()
    called = tuple(names[row] for row in rows.tolist()) if names else ()
    facts: dict[str, str | int | float] = {
        "count": len(rows),
        "rows": some(rows + 1, called),
        "vertices": drawn.vertices,
        "left": drawn.left,
    }
    return Note("simplified", {**facts, "error_m": round(max(drawn.error_m, 0.1), 1)})


def _points(name: str, table: VectorTable, label: str) -> PointLayer:
    lon_deg, lat_deg = table.lonlat()
    ids = tuple(f"{ID_SIGN}{name}:{row}" for row in range(len(table.geometry)))
    return PointLayer.of_places(name, lon_deg, lat_deg, table.names(label), ids)


def _plain(name: str, shape: Shape, table: VectorTable, label: str) -> AreaLayer:
    """Return areas as outlines with a breath of gray, with names if a column is said to hold them."""
    if not label:
        return AreaLayer(name, "own", shape, storey=Storey.WATER)
    lon_deg, lat_deg = table.lonlat()
    anchors = np.column_stack(to_mercator(lon_deg, lat_deg))
    return AreaLayer(
        name, "own", shape, None, anchors, table.names(label), "station", 15, _LABELS_BELOW_M, storey=Storey.WATER
    )


def _zones(
    name: str, shape: Shape, words: tuple[str, ...], rising: tuple[str, ...], prefix: int
) -> tuple[tuple[Layer, ...], tuple[tuple[str, str], ...]]:
    """Return one area layer for each class, the least first, and their legend; rings know their row by their id."""
    rows = np.array([int(thing[prefix:]) for thing in shape.ids], np.intp)
    found = tuple(dict.fromkeys(word for word in words if word))
    if len(found) > _MOST_CLASSES:
        raise DataError("layers.too_many_classes", name=name.removeprefix(OWN), count=len(found), most=_MOST_CLASSES)
    array = np.array(words, object)
    classes = zoning.classes_of(found, rising)
    members = tuple(
        AreaLayer(
            f"{name}.{one.word}",
            one.style,
            _some(shape, array[rows] == one.word),
            storey=Storey.WATER,
            word=one.word,
            heading=name.removeprefix(OWN),
        )
        for one in classes
    )
    return members, tuple((one.style, one.word) for one in classes)


def _some(shape: Shape, keep: NDArray[np.bool_]) -> Shape:
    """Return the rings of a shape that are to be kept."""
    counts = np.diff(shape.starts)
    starts = np.concatenate([[0], np.cumsum(counts[keep])]).astype(np.int64)
    ids = tuple(thing for thing, kept in zip(shape.ids, keep.tolist(), strict=True) if kept)
    return Shape(shape.xy[np.repeat(keep, counts)], starts, ids)


def _class_column(table: VectorTable) -> str:
    """Return the one column whose words all name a class of danger; empty if none or several do."""
    found = [
        head
        for head, values in table.columns.items()
        if (words := {value for value in values if value}) and all(zoning.rank_of(word) is not None for word in words)
    ]
    return found[0] if len(found) == 1 else ""


def _grid(wish: LayerWish) -> OwnLayer:
    name = OWN + wish.name
    classes = wish.style == ZONING or bool(wish.classes)
    table = read_raster(wish.path, crs=wish.crs, part=wish.part, classes=classes)
    legend: tuple[tuple[str, str], ...] = ()
    members: tuple[Layer, ...]
    if classes:
        areas = own_grid.class_areas(table.area, table.values, wish.name, wish.classes, most=_MOST_CLASSES)
        members = tuple(
            AreaLayer(f"{name}.{one.word}", one.style, shape, storey=Storey.WATER, word=one.word, heading=wish.name)
            for one, shape in areas
        )
        legend = tuple((one.style, one.word) for one, _ in areas)
    elif wish.style == RELIEF:
        members = (relief_layer(table.values, table.area, name=name),)
    else:
        colors = color_table.load(wish.style) if wish.style else None
        members = (own_grid.grid_layer(table.area, table.values, name, table.unit, colors),)
    return OwnLayer(
        name,
        wish,
        Drawn.GRID,
        members,
        int(np.isfinite(table.values).sum()),
        table.notes,
        legend,
        None,
        table.crs,
        table.valid_at,
        storey=Storey.GROUND if wish.style == RELIEF else Storey.WATER,
        bounds_deg=_degrees(table.area.west_m, table.area.south_m, table.area.east_m, table.area.north_m),
    )


def _degrees(west_m: float, south_m: float, east_m: float, north_m: float) -> tuple[float, float, float, float]:
    lon, lat = to_lonlat(np.array([west_m, east_m]), np.array([south_m, north_m]))
    return float(lon[0]), float(lat[0]), float(lon[1]), float(lat[1])

"""Opens a base map by what lies at its path: MBTiles, GeoPackage, GeoTIFF, or a folder of tiles."""

from __future__ import annotations

from pathlib import Path

from layers.read_raster import open_raster
from layers.read_vector import refuse_pointers
from layers.tiles.mbtiles import MbTiles
from layers.tiles.raster_tiles import BROKEN, RasterTiles
from layers.tiles.tile_folder import TileFolder
from layers.tiles.tile_source import TileSource
from models.errors import DataError

_PMTILES = b"PMTiles"
_PMTILES_KIND_AT = 99
_PMTILES_VECTOR = 1


def open_tiles(path: Path, *, tms: bool | None = None, table: str = "") -> TileSource:
    """Return the base map at a path; runs in a job.

    Parameters
    ----------
    path : Path
        A folder of ``z/x/y`` pictures, ``.mbtiles``, ``.gpkg`` (``table`` says which, if it has several),
        or any raster that GDAL reads.
    tms : bool or None
        Whether the rows of a folder are counted from the south; found out if None.

    Raises
    ------
    DataError
        ``tiles.gone``, ``tiles.vector``, ``tiles.pmtiles``, ``tiles.empty_folder``, ``tiles.no_pictures``,
        ``tiles.unreadable``, ``layers.no_crs``, ``layers.no_ordinary_file`` or ``layers.pointer``, each with the file.
    """
    if not path.exists():
        raise DataError("tiles.gone", file=path.name)
    if path.is_dir():
        return TileFolder(path, tms=tms)
    refuse_pointers(path)
    _refuse_pmtiles(path)
    if path.suffix.lower() == ".mbtiles":
        return MbTiles(path)
    try:
        return RasterTiles(path, table=table or _first_table(path))
    except DataError as error:
        if error.code == "tiles.unreadable" and path.suffix.lower() == ".gpkg" and _has_vectors(path):
            raise DataError("tiles.no_pictures", file=path.name) from error
        raise


def _refuse_pmtiles(path: Path) -> None:
    with path.open("rb") as file:
        head = file.read(_PMTILES_KIND_AT + 1)
    if head.startswith(_PMTILES) and len(head) > _PMTILES_KIND_AT:
        vector = head[_PMTILES_KIND_AT] == _PMTILES_VECTOR
        raise DataError("tiles.vector" if vector else "tiles.pmtiles", file=path.name)


def _first_table(path: Path) -> str:
    """Return the first table of pictures of a GeoPackage that has several, empty if the file opens as one."""
    if path.suffix.lower() != ".gpkg":
        return ""
    try:
        with open_raster(path) as file:
            names = file.subdatasets
    except BROKEN:
        return ""
    return str(names[0]).rsplit(":", 1)[-1] if names else ""


def _has_vectors(path: Path) -> bool:
    import pyogrio  # noqa: PLC0415  60 MB with the pandas that it loads, for a file that is no base map

    try:
        return len(pyogrio.list_layers(path)) > 0
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, OSError):
        return False

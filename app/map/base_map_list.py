"""Which base maps an office has: its hillshade, those of its settings, and none."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import resources
from app.map.tile_terms import Terms
from app.office import Office
from app.settings import BaseMapSection
from layers.tiles.open_tiles import open_tiles
from layers.tiles.tile_source import TileSource
from models.errors import DataError

if TYPE_CHECKING:
    from app.map.tile_service import TileService

RELIEF, NONE = "relief", "none"
TILES = "base_map"
_ROWS = {"auto": None, "from_north": False, "from_south": True}


@dataclass(frozen=True, slots=True)
class BaseMap:
    """One base map to choose; ``open`` makes its source, in a job. Hillshade and none have no source.

    ``usual`` is the gray that most of it has, 0 if that is to be found out.
    """

    id: str
    zh: str = ""
    en: str = ""
    attribution: str = ""
    attribution_en: str = ""
    open: Callable[[], TileSource] | None = field(default=None, repr=False)
    over_line: bool = False
    color: bool = False
    inverted: bool = False
    usual: int = 0

    def title(self, language: str) -> str:
        """Return its name as the operator reads it."""
        return self.zh if language == "zh" else self.en


def base_maps_of(office: Office) -> tuple[BaseMap, ...]:
    """Return the base maps of an office in the order of the key that switches them.

    Nothing is opened and nothing is asked over the network.
    """
    relief = (BaseMap(RELIEF),) if office.dem_path.exists() else ()
    return (*relief, *(_of_section(office, section) for section in office.settings.base_map), BaseMap(NONE))


def terms_of(section: BaseMapSection) -> Terms | None:
    """Return the service that a setting names, None if it names a file.

    Raises
    ------
    DataError
        ``tiles.no_preset`` if no preset of that name ships, ``tiles.nothing_named``.
    """
    preset = _preset(section)
    url, over_url = section.url or preset.get("url", ""), section.over_url or preset.get("over_url", "")
    if section.file:
        return None
    if not url:
        raise DataError("tiles.nothing_named", map=section.name)
    own_zooms = {"min_zoom", "max_zoom"} & section.model_fields_set
    zooms = (
        (section.min_zoom, section.max_zoom) if own_zooms or not preset else (preset["min_zoom"], preset["max_zoom"])
    )
    return Terms(
        name=section.name,
        urls=(url, over_url) if over_url else (url,),
        key=section.key,
        subdomains=section.subdomains or preset.get("subdomains", ""),
        zooms=(min(zooms), max(zooms)),
        attribution=section.attribution or preset.get("attribution", ""),
        prefetch=section.prefetch,
        tiles_a_day=section.tiles_a_day,
        cache_mb=section.cache_mb,
        keep_days=section.keep_days,
    )


def service_of(office: Office, section: BaseMapSection) -> TileService:
    """Return the service that a setting names, with its cache in the office's folder; raises as `terms_of` does."""
    terms = terms_of(section)
    if terms is None:
        raise DataError("tiles.no_service", map=section.name)
    # Not of the key: a new key finds the tiles of the old one.
    mark = hashlib.sha256("\n".join(terms.urls).encode()).hexdigest()[:8]
    name = re.sub(r"[^\w-]+", "_", section.name)[:24]
    from app.map.tile_service import TileService  # noqa: PLC0415 - 20 MB and 0.1 s that most offices never need

    return TileService(terms, office.cache / "tiles" / f"{name}-{mark}", now=lambda: datetime.now(UTC))


def _of_section(office: Office, section: BaseMapSection) -> BaseMap:
    preset = _preset(section, strict=False)
    path = office.folder / section.file

    def open_file() -> TileSource:
        return open_tiles(path, tms=_ROWS[section.rows], table=section.table)

    return BaseMap(
        id=f"map:{section.name}",
        zh=section.name,
        en=section.name_en or section.name,
        attribution=section.attribution or str(preset.get("attribution", "")),
        attribution_en=section.attribution_en,
        open=open_file if section.file else lambda: service_of(office, section),
        over_line=not section.file,
        color=section.color,
        inverted=section.print or bool(preset.get("print", False)),
        usual=int(preset.get("usual", 0 if section.file else 240)),
    )


def _preset(section: BaseMapSection, *, strict: bool = True) -> dict[str, Any]:
    if not section.preset:
        return {}
    shipped = resources.table("base_maps")
    if section.preset not in shipped and strict:
        raise DataError("tiles.no_preset", map=section.name, preset=section.preset, shipped=", ".join(shipped))
    found: dict[str, Any] = shipped.get(section.preset, {})
    return found


def section_named(office: Office, name: str) -> BaseMapSection:
    """Return the setting of a base map by its name.

    Raises
    ------
    DataError
        ``tiles.no_such_map`` with the name and those there are.
    """
    for section in office.settings.base_map:
        if section.name == name:
            return section
    names = ", ".join(section.name for section in office.settings.base_map) or "-"
    raise DataError("tiles.no_such_map", map=name, names=names)

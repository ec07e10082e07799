"""A base map of tiles: the sharp ones that are there, and coarser or finer ones in the place of those that are not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from layers.drawing import Drawing, PlacedTile, Tile, Tiles
from layers.map_view import MapView
from layers.stack import Storey
from layers.tiles.tile_grid import Bounds, TileKey, bounds_of, corner_m, shared, sharp_zoom, side_m, tiles_over

# A canvas keeps its picture a quarter larger than the view, on each side.
MARGIN = 0.25
_MOST_TILES = 1200
_FARTHEST_UP = 8


@dataclass(frozen=True, slots=True)
class TileRange:
    """Which tiles a base map has: zooms from coarse to fine, bounds in map meters, pixels along a tile."""

    zooms: tuple[int, int]
    bounds_m: Bounds
    tile_px: int

    def needed(self, view: MapView, margin: float = MARGIN) -> tuple[TileKey, ...]:
        """Return the tiles that show a view sharp, from its middle outwards; none where it would be too many."""
        z = sharp_zoom(view.meters_per_pixel, *self.zooms, self.tile_px)
        columns, rows = tiles_over(shared(bounds_of(view, margin), self.bounds_m), z)
        if len(columns) * len(rows) > _MOST_TILES:
            return ()
        side = side_m(z)

        def far(key: TileKey) -> float:
            west_m, north_m = corner_m(key)
            return abs(west_m + side / 2 - view.center_x_m) + abs(north_m - side / 2 - view.center_y_m)

        return tuple(sorted((TileKey(z, x, y) for y in rows for x in columns), key=far))


@dataclass(frozen=True, slots=True, eq=False)
class TileLayer:
    """The tiles of a base map that are in memory, by key; a tile that came is a new layer.

    ``drawn`` remembers the last drawing: as long as it shows what a view needs it is given again, so
    that a canvas draws nothing anew.
    """

    name: str
    tiles: Mapping[TileKey, Tile]
    range: TileRange
    usual: int = 240
    inverted: bool = False
    storey: Storey = Storey.BASE
    drawn: dict[float, Tiles] = field(default_factory=dict)

    def draw(self, view: MapView, opacity: float) -> tuple[Drawing, ...]:
        """Return the tiles of a view and a margin round it."""
        placed = tuple(part for key in self.range.needed(view) for part in self._placed(key))
        old = self.drawn.get(opacity)
        if old is not None and set(placed) <= set(old.tiles):
            return (old,)
        self.drawn.clear()
        self.drawn[opacity] = Tiles(self.name, placed, self.usual, self.inverted, opacity)
        return (self.drawn[opacity],)

    def _placed(self, key: TileKey) -> Iterator[PlacedTile]:
        tile = self.tiles.get(key)
        if tile is not None:
            yield _whole(key, tile)
            return
        finer = [(child, self.tiles.get(child)) for child in key.children]
        if any(tile is None for _, tile in finer):
            # Under what there is of the finer ones lies the part of the nearest coarser one.
            for up in range(1, min(_FARTHEST_UP, key.z) + 1):
                coarse = self.tiles.get(key.ancestor(up))
                if coarse is not None:
                    yield _part(key, up, coarse)
                    break
        yield from (_whole(child, tile) for child, tile in finer if tile is not None)


def _whole(key: TileKey, tile: Tile) -> PlacedTile:
    return PlacedTile(tile, *corner_m(key), side_m(key.z), 0.0, 0.0, float(tile.pixels.shape[0]))


def _part(key: TileKey, up: int, tile: Tile) -> PlacedTile:
    side_px = tile.pixels.shape[0] / 2**up
    left, top = (key.x - (key.x >> up << up)) * side_px, (key.y - (key.y >> up << up)) * side_px
    return PlacedTile(tile, *corner_m(key), side_m(key.z), left, top, side_px)

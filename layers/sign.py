"""Signs of points: what kind of thing, in what state, and the sprite key that says both.

A key is ``<state>[+<flag>...][/<glyph>]``: ``point.none/landslide``,
``level.red/flash_flood``, ``point.none+overdue/unit``, ``cluster+not_judged/12``.
Without a glyph the key is a bare mark, as for level marks in lists.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from models.hazard.level import Level

_LEVEL_KEYS = {f"level.{level.value}": level for level in Level if level.is_alarm} | {
    "point.none": Level.NONE,
    "point.not_judged": Level.NOT_JUDGED,
}
_KEYS = {level: key for key, level in _LEVEL_KEYS.items()}
_CLUSTER = "cluster"
_FLAGS = ("doubtful", "overdue", "inactive", "not_judged")


@dataclass(frozen=True, slots=True)
class Sign:
    """One point's sign.

    ``doubtful``: its position may be wrong; ``overdue``: something about it is past its due date;
    ``inactive``: out of its period. A level shows all the same: nothing hides an alarm.
    """

    glyph: str = ""
    level: Level = Level.NONE
    doubtful: bool = False
    overdue: bool = False
    inactive: bool = False

    @property
    def key(self) -> str:
        """Return the sprite key."""
        flags = [flag for flag in ("doubtful", "overdue", "inactive") if getattr(self, flag)]
        head = "+".join([_KEYS[self.level], *flags])
        return f"{head}/{self.glyph}" if self.glyph else head


@dataclass(frozen=True, slots=True)
class ClusterSign:
    """A ring with the count of its members; ``not_judged`` if any of them could not be judged."""

    count: int
    not_judged: bool = False

    @property
    def key(self) -> str:
        """Return the sprite key."""
        return f"{_CLUSTER}+not_judged/{self.count}" if self.not_judged else f"{_CLUSTER}/{self.count}"


@lru_cache(maxsize=4096)
def sign_of(key: str) -> Sign | ClusterSign | None:
    """Return the sign that a sprite key stands for; None for other sprites, such as ``gauge``.

    Examples
    --------
    >>> sign_of("level.red+doubtful/landslide")
    Sign(glyph='landslide', level=<Level.RED: 'red'>, doubtful=True, overdue=False, inactive=False)
    >>> sign_of("cluster/12")
    ClusterSign(count=12, not_judged=False)
    """
    head, _, glyph = key.partition("/")
    state, *flags = head.split("+")
    if not set(flags) <= set(_FLAGS):
        return None
    if state == _CLUSTER:
        return ClusterSign(int(glyph), "not_judged" in flags) if glyph.isdigit() else None
    level = _LEVEL_KEYS.get(state)
    return (
        None if level is None else Sign(glyph, level, *(flag in flags for flag in ("doubtful", "overdue", "inactive")))
    )


def is_alarm(key: str) -> bool:
    """Return whether a sprite stands for a level: nothing may cover it."""
    return key.startswith("level.")

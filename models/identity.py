"""Names for things that stay unique across desks."""

from __future__ import annotations

import uuid6


def new_id() -> str:
    """Return a fresh UUIDv7 as text: unique across desks, and later ones sort after earlier ones."""
    return str(uuid6.uuid7())

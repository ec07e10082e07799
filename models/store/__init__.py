"""The store: one SQLite file per office, and the only room that knows SQL."""

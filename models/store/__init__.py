"""The store: the one door to SQLite."""

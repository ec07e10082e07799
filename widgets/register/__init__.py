"""Registers as tables: rows under the map, the form of one entry, completeness, contacts."""

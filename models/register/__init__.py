"""Registers: what an office knows of places, people and things, each described by one file of data."""

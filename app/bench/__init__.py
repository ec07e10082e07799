"""Measurements, run by ``dev.py bench NAME``."""

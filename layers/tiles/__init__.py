"""Readers of base maps: each gives pictures by zoom, column and row of the Web Mercator tile grid."""

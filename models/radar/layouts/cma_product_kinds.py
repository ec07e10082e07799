"""The products of the Chinese standard format by type, and the quantities that their codes stand for."""

from __future__ import annotations

from dataclasses import dataclass

from models.radar.product import Role

REFLECTIVITY = frozenset({2, 32})


@dataclass(frozen=True, slots=True)
class Kind:
    """One type of product: its name, what it is to us, what reads it, and its parameters.

    ``reader`` says how the data lie: ``radial``, ``layers`` (a radial layer per height),
    ``rain`` (radial, constants after it), ``raster``, ``section`` (raster, row 0 the top),
    ``maximum`` (map and two sections), a table by name, or ``none`` where nobody knows.
    ``parameters`` are (``i`` or ``f``, name) of the words in their order; ``texts`` of 16
    bytes follow them. ``role`` holds if the data are one of ``data_types``, where given.
    """

    name: str
    reader: str
    role: Role = Role.OTHER
    parameters: tuple[tuple[str, str], ...] = ()
    data_types: frozenset[int] = frozenset()
    texts: int = 0


def _words(*names: str) -> tuple[tuple[str, str], ...]:
    """Return (form, name) of ``f:elevation_deg`` or plain ``top_m``, which is an integer."""
    return tuple(("f", name[2:]) if name.startswith("f:") else ("i", name) for name in names)


_ELEVATION = _words("f:elevation_deg")
_LAYER = _words("top_m", "bottom_m")
_ABOVE = _words("f:threshold_dbz")
_REACH = _words("max_range_m")
_RAIN = _words("base_product", "cappi_height_m", "fill", "gauge")

KINDS: dict[int, Kind] = {
    1: Kind("PPI", "radial", Role.SWEEP, _ELEVATION),
    2: Kind("RHI", "section", Role.SECTION, _words("f:azimuth_deg", "top_m", "bottom_m")),
    3: Kind("CAPPI", "layers", Role.CAPPI, _words("layers", "top_m", "bottom_m", "fill")),
    4: Kind("MAX", "maximum", Role.COMPOSITE, _LAYER, REFLECTIVITY),
    5: Kind("RAW", "radial", Role.SWEEP, _ELEVATION),
    6: Kind("ET", "raster", Role.ECHO_TOP, _ABOVE, frozenset({72})),
    7: Kind("BEAM", "radial"),
    8: Kind(
        "VCS",
        "section",
        Role.SECTION,
        _words("f:azimuth_1_deg", "range_1_m", "f:azimuth_2_deg", "range_2_m", "top_m", "bottom_m"),
    ),
    9: Kind("LRA", "raster", parameters=_LAYER),
    10: Kind("LRM", "raster", parameters=_LAYER),
    13: Kind(
        "SRR",
        "radial",
        parameters=_words("f:elevation_deg", "range_m", "f:azimuth_deg", "side_m", "f:speed_ms", "f:direction_deg"),
    ),
    14: Kind("SRM", "radial", parameters=_words("f:elevation_deg", "f:speed_ms", "f:direction_deg")),
    15: Kind("SWA", "radial", parameters=_ELEVATION),
    18: Kind("CR", "raster", Role.COMPOSITE, (), REFLECTIVITY),
    20: Kind("WER", "none", parameters=_words("range_m", "f:azimuth_deg", "side_m", "levels")),
    23: Kind("VIL", "raster", Role.VIL, (), frozenset({73})),
    24: Kind("HSR", "radial"),
    25: Kind("OHP", "rain", Role.RAIN, _RAIN, frozenset({75})),
    26: Kind("THP", "rain", Role.RAIN, _RAIN, frozenset({75})),
    27: Kind("STP", "rain", Role.RAIN, _RAIN, frozenset({75})),
    28: Kind("USP", "rain", Role.RAIN, (*_RAIN, ("i", "hours")), frozenset({75})),
    29: Kind("CATCH", "none"),
    30: Kind("SPD", "spd", parameters=(*_RAIN, ("i", "max_range_m"))),
    31: Kind("VAD", "vad", Role.TABLE, _words("layers")),
    32: Kind("VWP", "vwp", Role.TABLE, _words("layers")),
    33: Kind("WIND", "none"),
    34: Kind("SHEAR", "raster", parameters=_words("f:elevation_deg", "flag_1", "flag_2", "flag_3")),
    36: Kind("SWP", "swp", Role.TABLE, _REACH),
    37: Kind("STI", "sti", Role.TABLE, _REACH),
    38: Kind("HI", "hi", Role.TABLE, _REACH),
    39: Kind("M", "m", Role.TABLE, _REACH),
    40: Kind("TVS", "tvs", Role.TABLE, _REACH),
    41: Kind("SS", "ss", Role.TABLE, _REACH),
    44: Kind(
        "UAM",
        "none",
        parameters=_words(
            *("range_m", "base_1", "type_1", "base_2", "type_2", "base_3", "type_3", "f:area", "time", "logic")
        ),
    ),
    45: Kind("FTM", "none"),
    46: Kind("HMAX", "raster", parameters=_ABOVE),
    47: Kind("EB", "raster", parameters=_ABOVE),
    48: Kind("GAGE", "none"),
    49: Kind(
        "CONTOUR",
        "contour",
        Role.TABLE,
        _words("range_m", "base_product", "levels", "f:first_level", "f:level_step"),
    ),
    50: Kind("ML", "none"),
    51: Kind("HCL", "radial", Role.CLASSES, _ELEVATION, frozenset({14})),
    52: Kind("QPE", "radial"),
    91: Kind("USER", "raster", parameters=_words("algorithm"), texts=3),
}
"""Product type to what is known of it."""

DATA_TYPES: dict[int, tuple[str, str]] = {
    1: ("dBT", "dBZ"), 2: ("dBZ", "dBZ"), 3: ("V", "m/s"), 4: ("W", "m/s"), 5: ("SQI", "1"), 6: ("CPA", "1"),
    7: ("ZDR", "dB"), 8: ("LDR", "dB"), 9: ("CC", "1"), 10: ("PhiDP", "deg"), 11: ("KDP", "deg/km"), 12: ("CP", "1"),
    14: ("HCL", "class"), 15: ("CF", "1"), 16: ("SNRH", "dB"), 17: ("SNRV", "dB"), 32: ("Zc", "dBZ"), 33: ("Vc", "m/s"),
    34: ("Wc", "m/s"), 35: ("ZDRc", "dB"), 36: ("PhiDPc", "deg"), 37: ("KDPc", "deg/km"), 38: ("CCc", "1"),
    71: ("RR", "mm/h"), 72: ("HGT", "km"), 73: ("VIL", "kg/m2"), 74: ("SHR", "?"), 75: ("RAIN", "mm"), 76: ("RMS", "?"),
    77: ("CTR", "?"),
}  # fmt: skip
"""Data type to name and unit; ``?`` where no paper says the unit."""

HEIGHT, RAIN = 72, 75

_ALSO_CALLED = {"rhohv": "CC", "rhv": "CC", "z": "dBZ", "ref": "dBZ", "vel": "V", "sw": "W"}


def name_meant(product_name: str) -> str | None:
    """Return the quantity that a product's own name claims, None where it claims none (``default``)."""
    known = {name.lower(): name for name, _ in DATA_TYPES.values()} | _ALSO_CALLED
    return known.get(product_name.lower())

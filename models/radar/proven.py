"""Which byte layouts were checked on real files: the one list of what is *unproven*."""

from __future__ import annotations

UNPROVEN: dict[str, str] = {
    "fmt.phased": "standard phased array (generic type 16)",
    "xad": "older X-band phased array (XAD, DXK)",
    "ca_cb": "legacy CA, CB (4132-byte records)",
    "sc_cd_records": "legacy SC, CD (3132-byte records)",
    "cc_records": "legacy CC (1632-byte records)",
    "sc_cd": "legacy SC, CD (1024-byte header)",
    "cc": "legacy CC 1.0",
    "cc2": "legacy CC 2.0 (RD)",
    "swan": "SWAN grid",
    "moc": "mosaic V3 (MOC)",
}
"""Layout keys that no real file proves, each with its name; `radar info`, the console and README mark them."""


def is_unproven(layout: str) -> bool:
    """Return whether a layout, or the family it stands in (``pup`` of ``pup.59``), is on the list."""
    return layout in UNPROVEN or layout.split(".", maxsplit=1)[0] in UNPROVEN

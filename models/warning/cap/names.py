"""Names and words of CAP 1.2.

Source: OASIS, *Common Alerting Protocol Version 1.2* (2010), section 3.2.
"""

from __future__ import annotations

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
EVENT_CODES = "GB/T 35561-2017"
DIVISION_CODES = "CN-ADCODE12"
COLOR_PARAMETER = "awareness_colour_cn"
LANGUAGES = {"zh": "zh-CN", "en": "en-US"}


def tag(name: str) -> str:
    """Return a CAP element's name as lxml writes it."""
    return f"{{{NAMESPACE}}}{name}"

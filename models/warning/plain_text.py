"""Texts without what no reader can take: control characters, tags, character entities."""

from __future__ import annotations

import re

_NOT_XML = re.compile(r"[^\t\n\r\u0020-\u007e\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ENTITY = re.compile(r"&(?=#?\w+;)")


def clean(text: str) -> str:
    """Return a text that XML, CAP and a phone can carry.

    Control characters fall away; angle brackets and the & of an entity become
    their full-width signs, so that no reader takes them for markup.
    """
    text = _NOT_XML.sub("", text).replace("<", "＜").replace(">", "＞")
    return _ENTITY.sub("＆", text).strip()

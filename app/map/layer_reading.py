"""Reading a layer's file in a worker process: the layers, or the question that has to be answered first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from layers import crs_question
from layers.crs_question import CrsQuestion
from layers.ground_fit import NOTHING_KNOWN, KnownGround
from layers.own_layer import LayerWish, OwnLayer
from layers.read_own_layer import files_of, parts_in, read_layers
from layers.read_raster import Field
from models.errors import DataError

Signature = tuple[tuple[str, int, int], ...]
"""Name, time of change in ns and size of each file of a layer; empty where the file is gone."""


@dataclass(frozen=True, slots=True, eq=False)
class LayerAnswer:
    """What came of a file: ``layers``, a ``question``, ``parts`` to choose from, or an ``error``.

    ``signature`` is what the file was when it was read.
    """

    wish: LayerWish
    signature: Signature
    layers: tuple[OwnLayer, ...] = ()
    question: CrsQuestion | None = None
    error: DataError | None = None
    parts: tuple[Field, ...] = ()


def read_or_ask(wish: LayerWish, near_deg: tuple[float, float], ground: KnownGround = NOTHING_KNOWN) -> LayerAnswer:
    """Read a file that somebody adds; ask which of its layers where it has several, and where it does not say in which coordinates it is, or seems to be wrong there.

    Raises
    ------
    DataError
        As `read_layers`.
    """
    signature = signature_of(wish.path)
    if not wish.part and (parts := parts_in(wish.path)):
        return LayerAnswer(wish, signature, parts=parts)
    if not wish.crs:
        try:
            question = crs_question.suspected(wish.path, wish.part, ground)
        except DataError as error:
            if error.code not in {"layers.no_crs", "layers.no_place"}:
                raise
            question = None
        if question is not None:
            return LayerAnswer(wish, signature, question=question)
    try:
        return LayerAnswer(wish, signature, read_layers(wish))
    except DataError as error:
        if error.code != "layers.no_crs" or wish.crs:
            raise
    return LayerAnswer(wish, signature, question=crs_question.missing(wish.path, wish.part, near_deg, ground))


def read_wish(wish: LayerWish) -> LayerAnswer:
    """Read a file that the office has set, as it says; what is wrong with it is part of the answer."""
    signature = signature_of(wish.path)
    try:
        return LayerAnswer(wish, signature, read_layers(wish))
    except DataError as error:
        return LayerAnswer(wish, signature, error=error)


def signature_of(path: Path) -> Signature:
    """Return what shows that a layer's files have changed; empty if the file is not there."""
    found = []
    try:
        for one in files_of(path):
            facts = one.stat()
            found.append((one.name, facts.st_mtime_ns, facts.st_size))
    except OSError:
        return ()
    return tuple(found)


def look(paths: Iterable[Path]) -> dict[Path, Signature]:
    """Return the signature of each layer's files; for the watch."""
    return {path: signature_of(path) for path in paths}

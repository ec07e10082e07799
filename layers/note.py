"""What was done to a file on its way to the map, as a fact with a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import resources


@dataclass(frozen=True, slots=True)
class Note:
    """A code of ``phrases/layers.toml`` under ``note``, with what its sentence names."""

    code: str
    facts: Mapping[str, str | int | float] = field(default_factory=dict)

    def sentence(self, language: str = "en") -> str:
        """Return the sentence in ``zh`` or ``en``."""
        return resources.phrase("layers", f"note.{self.code}", language).format_map(self.facts)

"""What a mosaic can show: its products, each with unit and the codes it is kept in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import numpy as np
from numpy.typing import NDArray

from models.errors import DataError

NOT_SEEN = 0
NO_ECHO = 1
FIRST_ECHO = 2

LOWEST_CAPPI_M, HIGHEST_CAPPI_M = 250, 20_000
CAPPI_STEP_M = 500


class Kind(StrEnum):
    """Products of the column above a place."""

    COMPOSITE = "cr"
    HYBRID = "hybrid"
    CAPPI = "cappi"
    ECHO_TOP = "et"
    VIL = "vil"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A product: composite reflectivity, lowest unblocked scan, CAPPI, echo top or VIL.

    ``height_m`` is above sea level, and only a CAPPI has it.
    """

    kind: Kind
    height_m: int = 0

    @classmethod
    def parse(cls, word: str) -> Quantity:
        """Return the product that ``cr``, ``hybrid``, ``et``, ``vil`` or ``cappi:HEIGHT`` (m) asks for.

        Raises
        ------
        DataError
            ``radar.no_such_product`` for any other word.
        """
        if word in {Kind.COMPOSITE, Kind.HYBRID, Kind.ECHO_TOP, Kind.VIL}:
            return cls(Kind(word))
        found = re.fullmatch(r"cappi:(\d{1,5})", word)
        if found and LOWEST_CAPPI_M <= int(found[1]) <= HIGHEST_CAPPI_M:
            return cls(Kind.CAPPI, int(found[1]))
        raise DataError("radar.no_such_product", product=word, lowest=LOWEST_CAPPI_M, highest=HIGHEST_CAPPI_M)

    @property
    def word(self) -> str:
        """The word that `parse` takes."""
        return f"cappi:{self.height_m}" if self.kind is Kind.CAPPI else self.kind.value

    def higher(self, steps: int) -> Quantity:
        """Return the CAPPI so many steps of 500 m up, within its bounds; any other product is itself."""
        if self.kind is not Kind.CAPPI:
            return self
        height_m = self.height_m + steps * CAPPI_STEP_M
        return Quantity(Kind.CAPPI, min(max(height_m, LOWEST_CAPPI_M), HIGHEST_CAPPI_M))

    @property
    def unit(self) -> str:
        return {Kind.ECHO_TOP: "km", Kind.VIL: "kg/m2"}.get(self.kind, "dBZ")

    @property
    def step(self) -> float:
        """What one code more means, in the unit: 0.5 dBZ, 0.1 km, 0.5 kg/m2."""
        return 0.1 if self.kind is Kind.ECHO_TOP else 0.5

    @property
    def offset(self) -> float:
        """The value of code 0 if it were one: ``value = offset + step * code``."""
        return -33.0 if self.unit == "dBZ" else -FIRST_ECHO * self.step

    def encode(self, values: NDArray[np.float32]) -> NDArray[np.uint8]:
        """Return codes of values in the unit: rounded down, 0 where NaN, 1 where -inf."""
        scaled = np.floor((np.clip(values, -1e4, 1e4) - self.offset) / self.step + 1e-4)
        code: NDArray[np.uint8] = np.nan_to_num(np.clip(scaled, FIRST_ECHO, 255)).astype(np.uint8)
        code[np.isnan(values)] = NOT_SEEN
        code[np.isneginf(values)] = NO_ECHO
        return code

    def decode(self, codes: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return values float32 of codes: NaN where not seen, -inf where seen without echo."""
        return _values(self).take(codes, mode="clip")


@cache
def _values(quantity: Quantity) -> NDArray[np.float32]:
    out = (quantity.offset + quantity.step * np.arange(256)).astype(np.float32)
    out[NOT_SEEN], out[NO_ECHO] = np.nan, -np.inf
    out.flags.writeable = False
    return out


CR = Quantity(Kind.COMPOSITE)

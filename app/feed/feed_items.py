"""Files of the inbox as the feed list shows them, and the small ones read whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from models.radar.oddity import Oddity
from models.rain.gauge_csv import LARGEST_BYTES as LARGEST_REPORTS
from models.rain.gauge_csv import read_gauges
from models.rain.observations import GaugeReport
from models.reach.outbox import Receipt
from models.reach.receipts import LARGEST_BYTES, read_receipt


class FeedState(StrEnum):
    """What became of a file in the inbox."""

    ARRIVING = "arriving"
    READING = "reading"
    TAKEN = "taken"
    INCOMPLETE = "incomplete"
    REFUSED = "refused"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One file of the inbox as the feed list shows it.

    ``error`` says why it was refused, what it lacks, or what to know of a file that was taken;
    ``oddities`` are what is strange about a radar file, ``unproven`` whether its layout is, ``radar`` what the
    operator calls its radar. ``times`` is how often a refused content has come since the opening.
    """

    name: str
    state: FeedState
    at: datetime
    error: Exception | None = None
    path: Path | None = None
    oddities: tuple[Oddity, ...] = ()
    unproven: bool = False
    radar: str = ""
    times: int = 1


def printable(text: str) -> str:
    r"""Return a text that every store and screen takes; bytes of a file name that are no text become ``\\udcff``."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def receipt_in(path: Path) -> Receipt:
    """Read a receipt's file, no more of it than a receipt can have."""
    with path.open("rb") as file:
        return read_receipt(file.read(LARGEST_BYTES + 1))


def reports_in(path: Path) -> tuple[GaugeReport, ...]:
    """Read a file of gauge reports, no more of it than one can have."""
    with path.open("rb") as file:
        return read_gauges(file.read(LARGEST_REPORTS + 1))

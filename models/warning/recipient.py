"""One person who is to be told, and why."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Recipient:
    """A responsible person: one per phone.

    ``town_codes`` are the warned towns this person answers for, ``points`` the
    names of the hazard points there, in the order of the register.
    """

    name: str
    phone: str
    town_codes: tuple[str, ...]
    points: tuple[str, ...]

"""Who is the same human being, whatever account they use."""

from __future__ import annotations

import re
import unicodedata

from models.warning.warning import Person

_MOBILE_DIGITS = 11


def same_human(one: Person, other: Person) -> bool:
    """Return whether two accounts belong to one person.

    They do if they share the account, the staff number, or name and phone;
    letter case, full-width signs, spaces and a country code make no difference.
    """
    if one.id == other.id:
        return True
    staff = plain(one.staff_no)
    if staff and staff == plain(other.staff_no):
        return True
    phone = plain_phone(one.phone)
    return bool(phone) and phone == plain_phone(other.phone) and plain(one.name) == plain(other.name)


def plain(text: str) -> str:
    """Return a name or number without spaces, in one width and one case."""
    return re.sub(r"[\s\u200b-\u200f\ufeff]+", "", unicodedata.normalize("NFKC", text)).casefold()


def plain_phone(text: str) -> str:
    """Return the digits of a phone number without the Chinese country code."""
    written = unicodedata.normalize("NFKC", text).strip()
    digits = re.sub(r"\D", "", written)
    if written.startswith("+86"):
        return digits[2:]
    for code in ("0086", "86"):
        if digits.startswith(code) and len(digits) - len(code) >= _MOBILE_DIGITS:
            return digits[len(code) :]
    return digits

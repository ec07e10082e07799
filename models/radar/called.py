"""How a radar is called wherever an operator reads of it."""

from __future__ import annotations


def called(name: str, code: str, *, brief: bool = False) -> str:
    """Return a radar's name with its code in the second place.

    Parameters
    ----------
    name : str
        From the radar register, else from the radar's own file; empty where neither has one.
    code : str
        Its station code; stands alone where there is no name.
    brief : bool
        Whether there is no room for a code beside a name.

    Examples
    --------
    >>> called("柳塘", "QLX01")
    '柳塘 QLX01'
    >>> called("柳塘", "QLX01", brief=True)
    '柳塘'
    >>> called("", "QLX01", brief=True)
    'QLX01'
    """
    if not name or name == code:
        return code
    return name if brief or not code else f"{name} {code}"

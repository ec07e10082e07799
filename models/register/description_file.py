"""A register's description as its file says it: read key by key, and what is wrong is refused with where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from models.errors import DataError

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_MOST = 1e300  # what is no finite float
_NEEDED = {
    str: ("文字", "a text"),
    bool: ("true 或 false", "true or false"),
    int: ("整数", "a whole number"),
    float: ("数", "a number"),
    list: ("列表", "a list"),
    dict: ("表", "a table"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One table of a file; ``where`` names it, such as ``field households``."""

    file: str
    where: str
    table: Mapping[str, Any]

    def only(self, known: Iterable[str]) -> None:
        """Refuse keys that are none of these.

        Raises
        ------
        DataError
            ``register.unknown_key``.
        """
        allowed = list(known)
        for key in self.table:
            if key not in allowed:
                near = get_close_matches(key, allowed, n=1) or allowed
                facts = {"file": self.file, "entry": self.where, "key": key, "allowed": ", ".join(near)}
                raise DataError("register.unknown_key", **facts)

    def text(self, key: str, default: str = "") -> str:
        """Return a text."""
        return str(self._of(key, str, default))

    def yes(self, key: str, *, default: bool) -> bool:
        """Return true or false."""
        return bool(self._of(key, bool, default))

    def number(self, key: str) -> float | None:
        """Return a number as it is written, None where there is none."""
        value = self._of(key, float, None)
        return None if value is None else value

    def count(self, key: str) -> int | None:
        """Return a whole number of 0 or more, None where there is none."""
        value = self._of(key, int, None)
        if value is not None and value < 0:
            raise self._wrong(key, int)
        return None if value is None else int(value)

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts."""
        values = self._of(key, list, [])
        if any(not isinstance(value, str) for value in values):
            raise self._wrong(key, str)
        return tuple(values)

    def lists(self, key: str, allowed: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Return a table of lists of texts, whose names are some of these."""
        inner = Entry(self.file, self._inner(key), self._of(key, dict, {}))
        inner.only(allowed)
        return {name: inner.texts(name) for name in inner.table}

    def name(self, key: str) -> str:
        """Return a name of small letters, digits and _.

        Raises
        ------
        DataError
            ``register.bad_key``.
        """
        value = self.text(key)
        if not _NAME.fullmatch(value):
            raise DataError("register.bad_key", file=self.file, entry=self.where, key=key, value=value)
        return value

    def words(self, key: str) -> tuple[str, str]:
        """Return a word in Chinese and in English.

        Raises
        ------
        DataError
            ``register.no_words``.
        """
        value = self.table.get(key)
        pair = (value.get("zh"), value.get("en")) if isinstance(value, Mapping) else (None, None)
        if all(isinstance(word, str) and word.strip() for word in pair):
            return str(pair[0]), str(pair[1])
        raise DataError("register.no_words", file=self.file, entry=self.where, key=key)

    def one_of(self, key: str, allowed: Iterable[str], default: str) -> str:
        """Return a text that is one of several.

        Raises
        ------
        DataError
            ``register.not_allowed``.
        """
        value, choice = self.text(key, default), list(allowed)
        if value in choice:
            return value
        facts = {"file": self.file, "entry": self.where, "key": key, "value": value, "allowed": ", ".join(choice)}
        raise DataError("register.not_allowed", **facts)

    def tables(self, key: str) -> list[Entry]:
        """Return the tables of a list, each named by its key; no key comes twice.

        Raises
        ------
        DataError
            ``register.twice``.
        """
        out: list[Entry] = []
        for number, value in enumerate(self._of(key, list, []), start=1):
            if not isinstance(value, Mapping):
                raise self._wrong(key, dict)
            out.append(Entry(self.file, self._inner(f"{key} {value.get('key', number)}"), value))
        keys = [one.table.get("key") for one in out]
        for one in out:
            if keys.count(one.table.get("key")) > 1:
                raise DataError("register.twice", file=self.file, entry=one.where)
        return out

    def numbers(self, key: str) -> dict[str, float]:
        """Return a table of finite numbers of 0 or more."""
        values = self._of(key, dict, {})
        inner = Entry(self.file, self._inner(key), values)
        out = {name: inner.number(name) for name in values}
        for name, value in out.items():
            if value is None or value < 0:
                raise inner._wrong(name, float)
        return {name: float(value) for name, value in out.items() if value is not None}

    def _inner(self, name: str) -> str:
        return f"{self.where} {name}" if self.where else name

    def _of(self, key: str, kind: type, default: Any) -> Any:
        value = self.table.get(key, default)
        if value is None and default is None:
            return None
        kinds = (int, float) if kind is float else (kind,)
        if not isinstance(value, kinds) or (isinstance(value, bool) and kind is not bool):
            raise self._wrong(key, kind)
        if isinstance(value, int | float) and not -_MOST < value < _MOST:
            raise self._wrong(key, kind)
        return value

    def _wrong(self, key: str, kind: type) -> DataError:
        zh, en = _NEEDED[kind]
        return DataError("register.wrong_type", file=self.file, entry=self._inner(key), needed=zh, needed_en=en)

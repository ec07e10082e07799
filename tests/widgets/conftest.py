"""Every test of a widget has the look and the language it asks for, and leaves the defaults behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication

from widgets import language, theme

Look = Callable[[str, str], None]


@pytest.fixture
def put_on(qapp: QApplication) -> Iterator[Look]:
    """Return ``put_on(theme, language)``."""

    def put(theme_name: str = "light", spoken: str = "en") -> None:
        language.use(qapp, spoken)
        theme.apply(qapp, theme.THEMES[theme_name])

    yield put
    put()


@pytest.fixture(autouse=True)
def _look(put_on: Look) -> None:
    put_on("light", "en")

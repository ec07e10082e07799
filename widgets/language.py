"""Which language the console speaks: Chinese by default on a Chinese system, else English."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

import resources

LANGUAGES = ("zh", "en")

_current = "en"
_translators: list[QTranslator] = []
_books: list[bytes] = []


def current() -> str:
    """Return ``zh`` or ``en``."""
    return _current


def of_system() -> str:
    """Return ``zh`` on a Chinese system, else ``en``."""
    return "zh" if QLocale.system().language() == QLocale.Language.Chinese else "en"


def use(app: QCoreApplication, language: str) -> None:
    """Let everything that is built from now on speak ``zh`` or ``en``."""
    global _current  # noqa: PLW0603 - one language for the whole application
    for old in _translators:
        app.removeTranslator(old)
    _translators.clear()
    _current = language
    QLocale.setDefault(QLocale(QLocale.Language.Chinese if language == "zh" else QLocale.Language.English))
    if language != "zh":
        return
    own = QTranslator(app)
    # Qt would map the file: a program that is updated while it runs would lose the ground under its words.
    if not _books:
        _books.append(resources.path("translations/zh_CN.qm").read_bytes())
    if own.load(_books[0]):
        app.installTranslator(own)
        _translators.append(own)
    qt = QTranslator(app)
    if qt.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(qt)
        _translators.append(qt)


def in_chinese(context: str, source: str) -> str:
    """Return the Chinese word for an English one whatever is spoken now; the same word if there is none."""
    own = QTranslator()
    if not _books:
        _books.append(resources.path("translations/zh_CN.qm").read_bytes())
    return (own.translate(context, source) if own.load(_books[0]) else "") or source

"""Which language this machine speaks, found without Qt."""

from __future__ import annotations

import locale
import os
import sys


def system_language() -> str:
    """Return ``zh`` on a Chinese system, else ``en``."""
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415

        name = locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")
        return "zh" if name.startswith("zh") else "en"
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(variable):
            return "zh" if value.startswith("zh") else "en"
    return "en"

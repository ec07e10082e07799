"""The store: one SQLite file per office, and the only room that knows SQL."""

import sys

# WORKAROUND: sqlite-utils loads pandas where it is installed (30 MB, 0.3 s), only to know a table of pandas when it is
# handed one, which nobody does here.
if "pandas" not in sys.modules:
    sys.modules["pandas"] = None  # type: ignore[assignment]
    import sqlite_utils  # noqa: F401

    del sys.modules["pandas"]

"""A full disk: the operator is told, and nothing that was confirmed is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from models.errors import StoreError
from models.store import journal
from models.store.database import Database, Store
from tests.data import ROOT
from tests.models.store.values import entry


def test_a_store_that_may_not_grow_says_full_and_keeps_what_it_confirmed(store: Store) -> None:
    def no_more_room(db: Database) -> None:
        pages = db.execute("PRAGMA page_count").fetchone()[0]
        db.execute(f"PRAGMA max_page_count = {pages + 3}").fetchone()

    store.write_now(no_more_room)
    futures = [store.write(lambda db: journal.append(db, entry("line", text="雨" * 900))) for _ in range(40)]
    confirmed = [future.result().number for future in futures if future.exception() is None][-1]
    errors = [error for future in futures if (error := future.exception()) is not None]
    assert errors
    for error in errors:
        assert isinstance(error, StoreError)
        assert error.code == "store.full"
        assert "腾出空间" in error.sentence("zh")
    assert store.read(journal.head).number == confirmed
    store.write_now(lambda db: db.execute("PRAGMA max_page_count = 1000000").fetchone())
    assert store.write_now(lambda db: journal.append(db, entry("room again"))).number == confirmed + 1
    assert store.read(lambda db: journal.check(db, store.head_path)) == ()


_WRITES_UNTIL_FULL = """
import resource, sys
from pathlib import Path
from models.errors import StoreError
from models.store import journal
from models.store.database import Store
from tests.models.store.values import entry

path = Path(sys.argv[1])
store = Store.open(path)
store.write_now(lambda db: journal.append(db, entry("before")))
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
confirmed = 0
try:
    for _ in range(3000):
        confirmed = store.write_now(lambda db: journal.append(db, entry("line", text="x" * 2000))).number
except StoreError as error:
    print(error.code, confirmed)
    code = error.code
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print(store.write_now(lambda db: journal.append(db, entry("room again"))).number)
sys.stdout.flush()
import os
os._exit(0)  # no tidy end: what was confirmed must stand without one
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no RLIMIT_FSIZE")
@pytest.mark.parametrize("limit", [300_000, 1_000_000, 4_500_000])
def test_a_file_that_may_not_grow_says_full_and_the_process_goes_on(tmp_path: Path, limit: int) -> None:
    path = tmp_path / "store.sqlite"
    ran = subprocess.run(
        [sys.executable, "-c", _WRITES_UNTIL_FULL, str(path), str(limit)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    told, after = ran.stdout.splitlines()
    code, confirmed = told.split()
    assert code == "store.full"
    assert int(after) == int(confirmed) + 1
    with Store.open(path) as again:
        assert again.read(journal.head).number == int(after)
        assert again.read(lambda db: journal.check(db, again.head_path)) == ()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no RLIMIT_FSIZE")
def test_a_store_for_which_there_is_no_room_at_all_is_not_begun(tmp_path: Path) -> None:
    script = (
        "import resource, sys; from pathlib import Path; from models.errors import StoreError;"
        "from models.store.database import Store;"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20000, resource.RLIM_INFINITY))\n"
        "try: Store.open(Path(sys.argv[1]))\n"
        "except StoreError as error: print(error.code)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "store.sqlite")],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert ran.stdout.strip() == "store.full"
    with Store.open(tmp_path / "store.sqlite") as store:
        assert store.read(journal.head).number == 0

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.store.database import Store
from tests.models.store.values import add_people


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed store in which author and signer have accounts; PINs take long to hash, so once is enough."""
    folder = tmp_path_factory.mktemp("begun")
    with Store.open(folder / "store.sqlite") as store:
        store.write_now(add_people)
    return folder


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.sqlite"


@pytest.fixture
def store(path: Path, begun: Path) -> Iterator[Store]:
    """A store of one's own in which author and signer have accounts."""
    for name in ("store.sqlite", "journal.head"):
        shutil.copyfile(begun / name, path.with_name(name))
    with Store.open(path) as opened:
        yield opened

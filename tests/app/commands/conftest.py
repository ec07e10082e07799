"""One warm worker for all imports of these tests: each import of the command line starts one of its own."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

from app.commands import points_import
from app.worker import worker_table
from app.worker.process_pool import ProcessPool


@pytest.fixture(scope="session")
def warm_pool() -> Iterator[ProcessPool]:
    """A worker process that lives as long as the tests."""
    with ProcessPool(1, imports=(worker_table.__name__,)) as pool:
        yield pool


@pytest.fixture(autouse=True)
def _one_worker(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    def pool(*_: object, **__: object) -> contextlib.AbstractContextManager[ProcessPool]:
        return contextlib.nullcontext(request.getfixturevalue("warm_pool"))

    monkeypatch.setattr(points_import, "ProcessPool", pool)
